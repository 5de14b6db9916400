"""`helpline`: the one command line of the operator, with a word for each thing to do."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import click

from bot import logs, memory
from bot.settings import ROOT, SettingIsWrong, Settings, read

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.assembly import Escalation


PARTS = {"all": frozenset({"chat", "console", "rasa"}), "people": frozenset({"chat", "console"})}


def _settings() -> Settings:
    try:
        settings = read()
    except SettingIsWrong as error:
        raise click.ClickException(str(error)) from None
    logs.configure(settings.log_level)
    return settings


@click.group()
def helpline() -> None:
    """An anonymous helpline that children can write to. Start it with `helpline run`."""
    logs.configure()


@helpline.command()
@click.argument("part", type=click.Choice(["all", "people", "chat", "console", "rasa"]), default="all")
def run(part: str) -> None:
    """Run everything, or one part ("people": chat and console, with Rasa elsewhere). Trains first when it has to."""
    import uvloop

    from bot import assembly, training

    settings = _settings()
    memory.keep_off_disk()
    if part in {"all", "rasa"} and not training.is_current(settings):
        click.echo("What the helpline learns from has changed: training (about two minutes).")
        # In a process of its own: what training needs of memory must not stay with the one that serves.
        if subprocess.run([sys.executable, "-m", "bot", "train"], cwd=ROOT, check=False).returncode:
            raise click.ClickException("training failed; see above")
    parts = PARTS.get(part, frozenset({part}))
    _ports_are_free(settings, parts)

    async def serve() -> None:
        ready = asyncio.Event()
        serving = asyncio.create_task(assembly.run(settings, parts, ready))
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, serving.cancel)
        announced = asyncio.create_task(_announce(settings, parts, ready))
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        announced.cancel()

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve())
    except* (OSError, RuntimeError) as errors:
        raise click.ClickException("; ".join(str(error) for error in errors.exceptions)) from None


def _ports_are_free(settings: Settings, parts: frozenset[str]) -> None:
    """Say by name which port is taken, before anything is started."""
    wanted = {
        "chat": (settings.chat_host, settings.chat_port, "HELPLINE_CHAT_PORT"),
        "console": (settings.console_host, settings.console_port, "HELPLINE_CONSOLE_PORT"),
        "rasa": ("127.0.0.1", settings.rasa_port, "HELPLINE_RASA_PORT"),
    }
    for part in sorted(parts):
        host, port, name = wanted[part]
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise click.ClickException(
                    f"port {port} cannot be used ({error.strerror}); is a helpline running? Else set {name}"
                ) from None


async def _announce(settings: Settings, parts: frozenset[str], ready: asyncio.Event) -> None:
    from bot import assembly
    from bot.dialogue import Dialogue
    from bot.rasa import token

    if not parts & {"chat", "console"}:
        return
    await ready.wait()
    scheme = "https" if settings.console_https else "http"
    console = f"{scheme}://{settings.console_host}:{settings.console_port}"
    if "chat" in parts:
        click.echo(f"Chat:    http://{settings.chat_host}:{settings.chat_port}/")
    if "console" in parts:
        click.echo(f"Console: {console}/")
        side = assembly.escalation(settings)
        invitation = await side.staff.first_invitation()
        await side.ledger.close()
        if invitation:
            click.echo(f"First administrator (once, within 24 hours): {console}/invitation/{invitation}")
        else:
            click.echo("Administrators: there is one; invite others in the console or with 'helpline staff add'")
    if "rasa" in parts:
        dialogue = Dialogue(settings.rasa_port, token(settings), 2)
        while not await dialogue.is_ready():
            await asyncio.sleep(0.5)
        await dialogue.close()
        click.echo("The dialogue is ready too. Ctrl-C ends everything.", err=True)


@helpline.command()
@click.option("--if-needed", is_flag=True, help="Only when what it learns from has changed.")
def train(if_needed: bool) -> None:
    """Train the models from nlu/ and stories/."""
    from bot import training

    settings = _settings()
    if if_needed and training.is_current(settings):
        click.echo("The models are up to date.")
        return
    training.train(settings, click.echo)


@helpline.command()
def classify() -> None:
    """Read one message per line on standard input; write one JSON object per line, in order."""
    from bot import classifying

    asyncio.run(classifying.classify(_settings(), sys.stdin, sys.stdout))


@helpline.command()
def doctor() -> None:
    """Say in one line each what is well and what is not; the exit code is 1 where something is wrong."""
    from bot import checkup

    sys.exit(asyncio.run(checkup.report(_settings(), click.echo)))


@helpline.command()
@click.option("--messages", default=400, show_default=True, help="How many messages are sent.")
def bench(messages: int) -> None:
    """Measure speed: turns, weighing, and the web channel beside Rasa alone."""
    from bot import benchmark

    asyncio.run(benchmark.run(_settings(), messages, click.echo))


@helpline.command(name="eval")
def evaluate() -> None:
    """Measure understanding: topics, languages, disclosures, false alarms, per locale."""
    from bot import evaluation

    asyncio.run(evaluation.run(_settings(), click.echo))


@helpline.command()
@click.option("--now", is_flag=True, help="Also the closed cases whose time has not come yet.")
def purge(now: bool) -> None:
    """Delete closed cases whose retention time is over; only counts stay."""

    async def sweep(side: Escalation) -> None:
        gone = await (side.retention.purge_now() if now else side.retention.sweep())
        click.echo(f"{gone} case(s) deleted")

    _on_ledger(sweep)


@helpline.group()
def content() -> None:
    """The words of the helpline."""


@content.command()
def check() -> None:
    """Look for missing, unused and broken texts; one line each. The exit code is 1 where something is wrong."""
    from locales import checker

    findings = checker.check()
    for finding in findings:
        click.echo(finding)
    click.echo(f"{len(findings)} finding(s)")
    sys.exit(1 if findings else 0)


@content.command(name="compile")
def compile_content() -> None:
    """Compile the catalogues of all locales."""
    from locales import catalogue

    click.echo("compiled: " + " ".join(catalogue.compile_all()))


@helpline.group()
def staff() -> None:
    """Counsellors and administrators."""


@staff.command()
@click.option("--role", type=click.Choice(["counsellor", "administrator"]), default="counsellor")
def add(role: str) -> None:
    """Make a one-time invitation, valid for 24 hours."""
    from escalation.staff import Role

    settings = _settings()

    async def invite(side: Escalation) -> None:
        scheme = "https" if settings.console_https else "http"
        click.echo(
            f"{scheme}://{settings.console_host}:{settings.console_port}/invitation/{await side.staff.invite(Role(role))}"
        )

    _on_ledger(invite)


@staff.command(name="list")
def list_staff() -> None:
    """Who may sign in."""

    async def show(side: Escalation) -> None:
        for person in await side.staff.list():
            click.echo(f"{person.id}\t{person.role.value}\t{person.name}")

    _on_ledger(show)


@staff.command()
@click.argument("number", type=int)
def disable(number: int) -> None:
    """Close an account; its open chats go back to the queue."""

    async def close(side: Escalation) -> None:
        await side.staff.disable(number)
        click.echo(f"{number} can no longer sign in")

    _on_ledger(close)


def _on_ledger(work: Callable[[Escalation], Awaitable[None]]) -> None:
    from bot import assembly

    async def once() -> None:
        side = assembly.escalation(_settings())
        try:
            await side.ledger.migrate()
            await work(side)
            await side.bell.close()
        finally:
            await side.ledger.close()

    asyncio.run(once())
