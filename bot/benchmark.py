"""`helpline bench`: how fast it is, measured side by side in one run, because machines are noisy and ratios are not.

The messages are the invented ones of the test set in tests/judgement; nothing here speaks to another machine.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import random
import re
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import websockets

from bot import assembly, rasa
from bot.dialogue import Dialogue, Turn
from bot.messages import Channel, Incoming, Kind, Sender
from bot.settings import ROOT, Settings, read
from bot.vault import is_tmpfs
from locales import catalogue

SOCKETS = 60
"""Children who write at the same time over the web channel; each waits for its answer before the next message."""

Say = Callable[[str], object]


async def run(settings: Settings, count: int, say: Say) -> None:
    """Print every figure with its unit. Starts what it measures on ports and in folders of its own, and ends it again."""
    messages = _messages(count)
    with tempfile.TemporaryDirectory(prefix="helpline-bench-") as folder:
        own = _own_settings(settings, Path(folder))
        try:
            await _measure(own, Path(folder), messages, say)
        finally:
            shutil.rmtree(_memory(own), ignore_errors=True)


async def _measure(own: Settings, folder: Path, messages: Sequence[str], say: Say) -> None:
    files = [path for path in own.models.rglob("*") if path.is_file() and "learned" not in path.parts]
    say(f"model files, MB: {sum(path.stat().st_size for path in files) / 1e6:.1f}")
    _weighing(own, messages, say)
    async with _rasa(own, folder) as rasa_pid:
        await _overhead(own, messages, say)
        straight = await _straight(own, messages)
        async with _program(own) as program_pid:
            web = await _web(own, messages, say)
            say(f"resident after it, MB: application {_resident(program_pid):.0f}, Rasa {_resident(rasa_pid):.0f}")
        again = await _straight(own, messages)
    say(
        f"messages/s, {SOCKETS} at a time: web channel {web:.0f}, "
        f"Rasa's REST channel alone {straight:.0f} before and {again:.0f} after"
    )
    say(f"web channel / Rasa alone: {web / max(straight, again):.2f}")


def _weighing(settings: Settings, messages: Sequence[str], say: Say) -> None:
    understanding = assembly.understanding(settings, catalogue.load())
    for message in messages[:50]:
        understanding.of(message)
    whole, weighed, heard = [], [], []
    for message in messages:
        began = time.perf_counter()
        understood = understanding.of(message)
        whole.append(time.perf_counter() - began)
        began = time.perf_counter()
        understanding.weigh(understood.text, understood.read_as)
        weighed.append(time.perf_counter() - began)
        began = time.perf_counter()
        understanding.languages(understood.text)
        heard.append(time.perf_counter() - began)
    say(f"language, ms: {_quantiles(heard)}")
    say(f"weighing for disclosure, ms: {_quantiles(weighed)}")
    say(f"redaction, language and weighing together, ms: {_quantiles(whole)}")


async def _overhead(settings: Settings, messages: Sequence[str], say: Say) -> None:
    """Whole turns through the conversation with the real Rasa; its own time is taken off."""
    side = assembly.escalation(settings)
    await side.ledger.migrate()
    chat = await assembly.chat(settings, side)
    spent = _Timed(chat.dialogue)
    chat.conversation._guidance._dialogue = spent  # a stopwatch around the real one
    turns, overheads, topics = [], [], []
    for message in messages:
        spent.seconds = 0.0
        began = time.perf_counter()
        await chat.conversation.converse(
            Incoming(Sender(Channel.WEB, secrets.token_urlsafe(32)), Kind.TEXT, message, hint="en")
        )
        turns.append(time.perf_counter() - began)
        overheads.append(turns[-1] - spent.seconds)
        if spent.seconds:
            topics.append(spent.seconds)
    say(f"application overhead per turn, Rasa's time taken off, ms: {_quantiles(overheads)}")
    say(f"topic and dialogue, Rasa's time over HTTP, ms: {_quantiles(topics)}")
    say(f"whole turn, ms: {_quantiles(turns)}")
    await chat.dialogue.close()
    await chat.vault.close()
    await side.ledger.close()


class _Timed(Dialogue):
    """The dialogue with a stopwatch."""

    def __init__(self, inner: Dialogue) -> None:
        self._inner = inner
        self.seconds = 0.0

    async def turn(self, session: str, text: str, locale: str) -> Turn:
        began = time.perf_counter()
        try:
            return await self._inner.turn(session, text, locale)
        finally:
            self.seconds += time.perf_counter() - began


async def _straight(settings: Settings, messages: Sequence[str]) -> float:
    """The same messages to Rasa's own REST channel."""
    async with httpx.AsyncClient(timeout=60, trust_env=False, limits=httpx.Limits(max_connections=SOCKETS)) as client:

        async def one(message: str) -> None:
            body = {"sender": secrets.token_hex(16), "message": message, "metadata": {"locale": "en"}}
            (
                await client.post(f"http://127.0.0.1:{settings.rasa_port}/webhooks/rest/webhook", json=body)
            ).raise_for_status()

        return await _rate(messages, one)


async def _web(settings: Settings, messages: Sequence[str], say: Say) -> float:
    address = f"127.0.0.1:{settings.chat_port}"
    page = httpx.get(f"http://{address}/", trust_env=False).text
    if not re.search(r'name="token"', page):
        raise RuntimeError("the page has no session token")
    waits: list[float] = []

    async def one(message: str) -> None:
        token = secrets.token_urlsafe(32)
        async with websockets.connect(f"ws://{address}/talk", origin=f"http://{address}", proxy=None) as socket:  # type: ignore[arg-type]
            await socket.send(json.dumps({"token": token, "locale": "en"}))
            await _bubbles(socket)
            began = time.perf_counter()
            await socket.send(json.dumps({"kind": "text", "text": message}))
            await _bubbles(socket)
            waits.append(time.perf_counter() - began)

    rate = await _rate(messages, one)
    say(f"answer over the web channel with {SOCKETS} children at once, ms: {_quantiles(waits)}")
    return rate


async def _bubbles(socket: websockets.ClientConnection) -> None:
    while True:
        frame = json.loads(await asyncio.wait_for(socket.recv(), 30))
        if "bubbles" in frame or "screen" in frame:
            return


async def _rate(messages: Sequence[str], one: Callable[[str], object]) -> float:
    gate = asyncio.Semaphore(SOCKETS)

    async def gated(message: str) -> None:
        async with gate:
            await one(message)  # type: ignore[misc]

    began = time.perf_counter()
    await asyncio.gather(*(gated(message) for message in messages))
    return len(messages) / (time.perf_counter() - began)


@asynccontextmanager
async def _rasa(settings: Settings, folder: Path) -> AsyncIterator[int]:
    """A Rasa that also has its own REST channel open, only for this measurement."""
    credentials = folder / "credentials.yml"
    credentials.write_text((ROOT / "credentials.yml").read_text(encoding="utf-8") + "\nrest: {}\n", encoding="utf-8")
    process = rasa.RasaProcess(settings, credentials=credentials)
    await process.start()
    dialogue = Dialogue(settings.rasa_port, rasa.token(settings), 2)
    try:
        while not await dialogue.is_ready():
            await asyncio.sleep(0.2)
        yield process.pid or 0
    finally:
        await dialogue.close()
        await process.stop()


@asynccontextmanager
async def _program(settings: Settings) -> AsyncIterator[int]:
    """The program itself, as an operator starts it, in a process of its own."""
    environment = os.environ | {
        "HELPLINE_STATE": str(settings.state),
        "HELPLINE_VAULT": str(settings.vault),
        "HELPLINE_VAULT_MAY_BE_ON_DISK": "no" if is_tmpfs(_memory(settings)) else "yes",
        "HELPLINE_CHAT_PORT": str(settings.chat_port),
        "HELPLINE_RASA_PORT": str(settings.rasa_port),
        "HELPLINE_RASA_SECONDS": "30",
        "HELPLINE_MESSAGES_PER_SECOND": "100000",  # what is measured is the speed, not the limit
        "HELPLINE_SESSIONS_PER_MINUTE": "1000000",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "chat", cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        await asyncio.wait_for(process.stdout.readline(), 60)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


def _own_settings(settings: Settings, folder: Path) -> Settings:
    (folder / "models").symlink_to(settings.models)
    vault = Path(tempfile.mkdtemp(prefix="helpline-bench-", dir=_memory(settings).parent)) / "vault.sqlite3"
    return read(
        {
            "HELPLINE_STATE": str(folder),
            "HELPLINE_VAULT": str(vault),
            "HELPLINE_CHAT_PORT": "18000",
            "HELPLINE_RASA_PORT": "15005",
            "HELPLINE_RASA_SECONDS": "30",
            "HELPLINE_VAULT_MAY_BE_ON_DISK": "yes" if settings.vault_may_be_on_disk else "no",
        }
    )


def _memory(settings: Settings) -> Path:
    """The folder of the vault's file; where the vault is a Redis, one in memory that nobody uses."""
    return settings.vault.parent if isinstance(settings.vault, Path) else Path("/dev/shm/helpline")  # noqa: S108


def _messages(count: int) -> list[str]:
    lines = [
        row["text"]
        for path in sorted((ROOT / "tests" / "judgement").glob("*.tsv"))
        for row in csv.DictReader(path.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE)
    ]
    random.Random(1).shuffle(lines)  # noqa: S311 - all locales in turn, always the same
    return (lines * (count // max(1, len(lines)) + 1))[:count]


def _resident(pid: int) -> float:
    """The memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def _quantiles(seconds: Sequence[float]) -> str:
    cuts = statistics.quantiles(seconds, n=100)
    return f"p50 {cuts[49] * 1000:.2f}, p95 {cuts[94] * 1000:.2f}, p99 {cuts[98] * 1000:.2f}"
