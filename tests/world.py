"""What the flow tests are made of: the parts put together on fresh stores, the program as an operator starts it, and children who write."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from bot import assembly, rasa
from bot.messages import Bubble, Channel, Incoming, Kind, Sender
from bot.relay import Delivery, Relay
from bot.settings import ROOT, Settings
from bot.wait import Wait
from escalation.ledger import staff
from escalation.sealing import Pair
from escalation.team import founding

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rasa_process(settings: Settings) -> subprocess.Popen[bytes]:
    """Start `helpline run rasa` and wait until it answers."""
    environment = os.environ | {"HELPLINE_RASA_PORT": str(settings.rasa_port), "HELPLINE_STATE": str(settings.state)}
    process = subprocess.Popen([sys.executable, "-m", "bot", "run", "rasa"], cwd=ROOT, env=environment)
    wait_until(
        lambda: answers(f"http://127.0.0.1:{settings.rasa_port}/webhooks/helpline/", rasa.token(settings)), 120, process
    )
    return process


def answers(url: str, token: str = "") -> bool:
    """Whether something answers there with success."""
    try:
        return httpx.get(
            url, headers={"Authorization": f"Bearer {token}"} if token else {}, trust_env=False, timeout=2
        ).is_success
    except httpx.HTTPError:
        return False


def wait_until(what: object, seconds: float, process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait for a condition; fails when it does not come, or when the process has ended."""
    assert callable(what)
    end = time.monotonic() + seconds
    while not what():
        assert process is None or process.poll() is None, "the process has ended"
        assert time.monotonic() < end, f"not within {seconds} seconds"
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that a test started, and wait for it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class World:
    """The helpline put together without its web servers, and what arrived at the children."""

    settings: Settings
    side: assembly.Escalation
    chat: assembly.Chat
    relay: Relay
    arrived: dict[str, list[Bubble]]
    team: Pair
    reachable: bool = True
    page_is_open: bool = False

    async def write(self, child: Sender, text: str, kind: Kind = Kind.TEXT) -> list[Bubble]:
        """A child writes (or taps, or leaves); what is answered."""
        return await self.chat.conversation.converse(Incoming(child, kind, text, hint="en"))

    async def counsellor(self, name: str = "Test Counsellor") -> int:
        """A counsellor on duty, without password and keys (`team` opens the cases); their number."""
        async with self.side.ledger.begin() as connection:
            joined = staff.insert().values(
                name=name, name_folded=name.lower(), roles=["counsellor"], joined_at=datetime.now(UTC)
            )
            number = int((await connection.scalars(joined.returning(staff.c.id))).one())
        await self.side.duty.on(number)
        return number


def child(channel: Channel = Channel.WEB) -> Sender:
    """Somebody who writes for the first time. The chat ids are invented."""
    return Sender(channel, secrets.token_urlsafe(32) if channel is Channel.WEB else str(secrets.randbelow(10**9)))


class assembled:  # noqa: N801 - read as a verb
    """The parts, opened and closed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def __aenter__(self) -> World:
        side = assembly.escalation(self._settings)
        await side.ledger.migrate()
        chat = await assembly.chat(self._settings, side)
        arrived: dict[str, list[Bubble]] = {}

        async def deliver(sender: Sender, bubbles: object) -> Delivery:
            if not self._world.reachable:
                return Delivery(arrived=False)
            arrived.setdefault(sender.key, []).extend(bubbles)  # type: ignore[arg-type]
            return Delivery(arrived=True)

        relay = Relay(
            side.outbox, side.intake, side.bell, chat.sessions, chat.answers, chat.conversation.turn_of,
            {Channel.WEB: deliver, Channel.TELEGRAM: deliver}, lambda _sender: self._world.page_is_open,
            Wait(chat.answers, side.intake), chat.show_once,
        )  # fmt: skip
        async with side.ledger.read() as connection:
            team = await founding(connection)
        assert team
        self._world = World(self._settings, side, chat, relay, arrived, team)
        return self._world

    async def __aexit__(self, *_: object) -> None:
        await self._world.chat.dialogue.close()
        await self._world.chat.vault.close()
        await self._world.side.ledger.close()


@dataclass
class Program:
    """The helpline as an operator starts it, in a process of its own."""

    process: subprocess.Popen[bytes]
    settings: Settings
    lines: list[str]

    @property
    def chat(self) -> str:
        """The address of the child's page."""
        return f"http://127.0.0.1:{self.settings.chat_port}"

    @property
    def console(self) -> str:
        """The address of the console."""
        return f"http://127.0.0.1:{self.settings.console_port}"

    @property
    def invitation(self) -> str:
        """The one-time link of the first administrator."""
        return next(line.split()[-1] for line in self.lines if "/invitation/" in line)


BOT = (sys.executable, "-m", "bot")


def start_program(settings: Settings, part: str = "people", command: Sequence[str] = BOT, **more: str) -> Program:
    """Start chat and console ("people"; Rasa runs beside them), or one of the two, and wait until what was started answers."""
    environment = os.environ | {
        "HELPLINE_STATE": str(settings.state),
        "HELPLINE_VAULT": str(settings.vault),
        "HELPLINE_LEDGER": settings.ledger,
        "HELPLINE_CHAT_PORT": str(settings.chat_port),
        "HELPLINE_CONSOLE_PORT": str(settings.console_port),
        "HELPLINE_RASA_PORT": str(settings.rasa_port),
        **more,
    }
    output = settings.state / f"output-{part}-{settings.chat_port}"
    with output.open("wb") as file:
        process = subprocess.Popen([*command, "run", part], cwd=ROOT, env=environment, stdout=file, stderr=file)
    program = Program(process, settings, [])
    try:
        lines, address = {
            "people": (3, f"{program.chat}/health"),
            "chat": (1, f"{program.chat}/health"),
            "console": (2, f"{program.console}/sign-in"),
        }[part]
        wait_until(lambda: len(output.read_text().splitlines()) >= lines and answers(address), 60, process)
    except AssertionError:
        stop(process)
        raise AssertionError(f"the program did not start: {output.read_text()}") from None
    program.lines = output.read_text().splitlines()
    return program


async def eventually(what: object, seconds: float = 5.0) -> None:
    """Wait, inside a test's event loop, for a condition."""
    assert callable(what)
    async with asyncio.timeout(seconds):
        while not what():
            await asyncio.sleep(0.02)
