"""`helpline nlu`: what the helpline learns from, looked over, carried out, and learned beside a helpline that runs."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.content import OnLedger
from bot.settings import ROOT, Settings

if TYPE_CHECKING:
    from bot.assembly import Escalation


def commands(on_ledger: OnLedger, settings: Callable[[], Settings]) -> click.Group:
    """The group of commands."""

    @click.group()
    def nlu() -> None:
        """What the helpline learns from: example lines and glossaries."""

    @nlu.command(name="check")
    @click.option(
        "--effect",
        is_flag=True,
        help="Also what the changes since the last training do on the test sets (takes minutes).",
    )
    def check_nlu(*, effect: bool) -> None:
        """Look for duplicates, contradictions and broken entries; one line each. The exit code is 1 where something is wrong."""
        from nlu import checking, effects, examples
        from nlu.weighing import Weigher

        tests = ROOT / "tests" / "judgement"
        findings = checking.check(tests=tests)
        for finding in findings:
            click.echo(finding)
        click.echo(f"{len(findings)} finding(s)")
        if effect:
            models = settings().models
            learned = effects.Material(models / "learned", models / "taught")
            try:
                now = effects.Material(examples.FOLDER, models / "taught")
                found = effects.effect(Weigher.load(models / "disclosure"), learned, now, tests, click.echo)
            except (OSError, KeyError, ValueError) as error:
                raise click.ClickException(f"nothing to compare with ({error}); run 'helpline train' first") from None
            for line in (*found.changed, *found.judged, *found.marks()):
                click.echo(line)
            click.echo(
                f"{len(found.changed)} change(s) since the last training, {len(found.judged)} test line(s) judged otherwise"
            )
        sys.exit(1 if findings else 0)

    @nlu.command()
    @click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
    def export(folder: Path) -> None:
        """Write what was taught and approved in the console into FOLDER, in the files of nlu/, to be taken over there."""
        on_ledger(lambda side: _carry_out(side, folder))

    @nlu.command()
    def learn() -> None:
        """Learn what was approved in the console, and take the new models over when they measure no worse (some minutes).

        A helpline that runs meanwhile goes on answering and takes them over by itself.
        """
        chosen = settings()
        on_ledger(lambda side: _study(side, chosen))

    @nlu.command(hidden=True)
    def candidate() -> None:
        """Train and measure what a running helpline has laid out: its own process calls this."""
        from bot import learning

        _compute(settings(), learning.learn)

    @nlu.command(name="effect", hidden=True)
    def effect_of_drafts() -> None:
        """Measure what drafts would change: a running helpline's own process calls this."""
        from bot import learning

        _compute(settings(), learning.effect)

    return nlu


async def _carry_out(side: Escalation, folder: Path) -> None:
    from bot.teaching import taught
    from escalation.teachings import Stand
    from nlu.taught import write

    approved = taught(one.lesson for one in await side.teachings.standing(Stand.APPROVED))
    write(approved, folder)
    click.echo(f"{sum(map(len, approved.words.values()))} word(s) and {len(approved.lines)} example(s) in {folder}")


async def _study(side: Escalation, settings: Settings) -> None:
    from bot.learning import Learning
    from escalation.lessons import Wish

    request = await side.lessons.ask(Wish.LEARNING, None)
    learning, said = Learning(settings, side.lessons, side.teachings, side.bell), ""
    working = asyncio.create_task(learning.run())
    try:
        while request.under_way:
            await asyncio.sleep(1)
            request = await side.lessons.get(request.id) or request
            if request.step and request.step != said:
                click.echo(said := request.step)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    for mark, before, now in request.result.get("marks", ()):
        click.echo(f"{mark}: {before} → {now}")
    for line in request.result.get("worse", ()):
        click.echo(f"worse: {line}")
    if not request.result.get("taken_over"):
        raise click.ClickException("not taken over; the models of before are in use")
    click.echo("taken over")


def _compute(settings: Settings, what: Callable[[Settings, Callable[[str], None]], dict[str, Any]]) -> None:
    """Compute, saying each step at once, and leave the result for the process that waits for it."""
    from bot import learning, rasa

    try:
        learning.keep_result(settings, what(settings, lambda line: print(line, flush=True)))  # noqa: T201
    except (OSError, KeyError, ValueError) as error:
        raise click.ClickException(
            f"something is missing or damaged ({type(error).__name__}); see 'helpline doctor'"
        ) from None
    except (rasa.RasaIsNotInstalled, rasa.TrainingFailed) as error:
        raise click.ClickException(str(error).splitlines()[-1]) from None
