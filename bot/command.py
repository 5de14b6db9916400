"""`helpline`: the one command line of the operator, with a word for each thing to do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import click

from bot import cards, content, lessons_command, logs, memory
from bot.settings import ROOT, SettingIsWrong, Settings, alike, read

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

    from bot import assembly, models, training
    from escalation.ledger import LedgerIsAway, LedgerIsNewer

    settings = _settings()
    memory.keep_off_disk()
    models.recover(settings)
    if part in {"all", "rasa"} and not training.is_current(settings):
        click.echo("What the helpline learns from has changed: training (about two minutes).")
        # In a process of its own: what training needs of memory must not stay with the one that serves.
        if subprocess.run(
            [sys.executable, "-m", "bot", "train"], cwd=ROOT, env=os.environ | alike(settings), check=False
        ).returncode:
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
    except* (OSError, RuntimeError, LedgerIsAway, LedgerIsNewer) as errors:
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
        invitation = await side.joining.first_invitation()
        await side.bell.close()
        await side.ledger.close()
        if invitation:
            click.echo(f"First member (this link works once, within 24 hours): {console}/invitation/{invitation}")
        else:
            click.echo("Team: somebody has joined already; invite others in the console or with 'helpline staff add'")
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
    from bot import models, training

    settings = _settings()
    models.recover(settings)
    if if_needed and training.is_current(settings):
        click.echo("The models are up to date.")
        return
    training.train(settings, click.echo)


@helpline.command()
@click.option("--explain", is_flag=True, help="Write what each step saw, to be read by people.")
def classify(*, explain: bool) -> None:
    """Read one message per line on standard input; write one JSON object per line, in order."""
    from bot import classifying

    asyncio.run(classifying.classify(_settings(), sys.stdin, sys.stdout, explained=explain))


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
    """Measure understanding per locale, write docs/evaluation.md; the exit code is 1 where it is worse than in the last commit."""
    from bot import evaluation

    worse = asyncio.run(evaluation.run(_settings(), click.echo))
    for line in worse:
        click.echo(f"worse: {line}")
    sys.exit(1 if worse else 0)


@helpline.command()
@click.option("--now", is_flag=True, help="Also the closed cases whose time has not come yet.")
def purge(now: bool) -> None:
    """Delete closed cases whose retention time is over; only counts stay."""

    async def sweep(side: Escalation) -> None:
        gone = await (side.retention.purge_now() if now else side.retention.sweep())
        click.echo(f"{gone} case(s) deleted")

    _on_ledger(sweep)


@helpline.group()
def staff() -> None:
    """The people of the team: counsellors, supervisors, editors, administrators."""


@staff.command()
@click.option(
    "--role",
    "roles",
    type=click.Choice(["counsellor", "supervisor", "editor", "administrator"]),
    multiple=True,
    default=["counsellor"],
    show_default=True,
    help="What they will do; may be given several times.",
)
@click.option("--recovery", is_flag=True, help="With the printed recovery key: an invitation with every role.")
def add(roles: tuple[str, ...], recovery: bool) -> None:
    """Make a one-time invitation, valid for 24 hours. Asks an administrator to sign in, or for the recovery key.

    Without one of them nobody can be invited: the invitation carries the team's key, which nothing else opens.
    """
    from escalation.team import RecoveryKeyIsWrong

    settings = _settings()

    async def invite(side: Escalation) -> None:
        token = await side.joining.first_invitation()
        if token:
            click.echo("Nobody has joined yet: this is the invitation of the first member, with every role.", err=True)
        elif recovery:
            try:
                token = await side.joining.recover(click.prompt("Recovery key", hide_input=True, err=True))
            except RecoveryKeyIsWrong as wrong:
                raise click.ClickException(str(wrong)) from None
        else:
            token = await _invite(side, roles)
        scheme = "https" if settings.console_https else "http"
        click.echo(f"{scheme}://{settings.console_host}:{settings.console_port}/invitation/{token}")

    _on_ledger(invite)


async def _invite(side: Escalation, roles: tuple[str, ...]) -> str:
    """An administrator signs in for the length of one invitation."""
    from escalation.people import NoTeamKey, Role
    from escalation.slowing import SlowDown, WrongCredentials

    click.echo("An administrator has to sign in.", err=True)
    name = click.prompt("Name", err=True)
    password = click.prompt("Password", hide_input=True, err=True)
    code = click.prompt("Six digits", hide_input=True, err=True)
    try:
        session = await side.staff.sign_in(name, password, code)
        signed = await side.staff.who(session)
        try:
            if signed is None or Role.ADMINISTRATOR not in signed.person.roles:
                raise click.ClickException("Only administrators invite.")
            return await side.joining.invite(signed, [Role(role) for role in roles])
        finally:
            await side.staff.sign_out(session)
    except NoTeamKey:
        raise click.ClickException("Sign in to the console first and set your second factor.") from None
    except (WrongCredentials, SlowDown) as refusal:
        raise click.ClickException(str(refusal)) from None


@staff.command(name="list")
def list_staff() -> None:
    """Who is on the team: number, roles, name, and what is missing."""
    from escalation.people import Role

    async def show(side: Escalation) -> None:
        for person in await side.staff.list():
            roles = ",".join(role for role in Role if role in person.roles)
            state = "disabled" if not person.active else "" if person.second_factor else "no second factor yet"
            click.echo(f"{person.id}\t{roles}\t{person.name}\t{state}".rstrip())

    _on_ledger(show)


@staff.command()
@click.argument("number", type=int)
def disable(number: int) -> None:
    """Close an account; its open chats go back to the queue. Give the team a new key in the console afterwards."""
    from escalation.people import NoSuchAccount

    async def close(side: Escalation) -> None:
        try:
            await side.staff.disable(number)
        except NoSuchAccount as refusal:
            raise click.ClickException(str(refusal)) from None
        click.echo(f"{number} can no longer sign in")
        click.echo(
            "Now give the team a new key: sign in to the console as an administrator, Keys. (Disabling there does both.)"
        )

    _on_ledger(close)


def _on_ledger(work: Callable[[Escalation], Awaitable[None]]) -> None:
    from bot import assembly
    from escalation.ledger import LedgerIsAway, LedgerIsNewer

    async def once() -> None:
        side = assembly.escalation(_settings())
        try:
            await side.ledger.migrate()
            await work(side)
        finally:
            await side.bell.close()
            await side.ledger.close()

    try:
        asyncio.run(once())
    except (LedgerIsAway, LedgerIsNewer) as error:
        raise click.ClickException(str(error)) from None


words = content.commands(_on_ledger)
words.add_command(cards.command(_on_ledger, _settings))
helpline.add_command(words)
helpline.add_command(lessons_command.commands(_on_ledger, _settings))
