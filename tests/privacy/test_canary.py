"""A child who can be known by everything goes through both channels, an alarm, a counsellor and the end, and every stage breaks once.

Then every file that the program, its PostgreSQL and its Redis have written is searched for the child, in every form. Everything that
identifies here is invented.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import websockets
from bot_api import TOKEN, BotApi, Child
from canaries import hits
from members import PASSWORD, found, join
from servers import RedisServer, postgresql_database
from world import Program, start_program, stop

from bot.settings import Settings
from escalation.ledger import Ledger

BREAKING = Path(__file__).parent / "breaking.py"
CHILD = {
    "name": "Kanarinka Testovska",
    "telephone": "064 555 0199",
    "mail": "kanarinka.probna@example.com",
    "street": "Kanarinska ulica 77",
    "address on the network": "203.0.113.77",
    "browser": "KanarinkaBrowser/77.7",
    "user name": "kanarinka_telegramska",
}
OPENED = "I have asked a counsellor"


@dataclass
class Helpline:
    """The program on its stores, and where all of them keep files."""

    settings: Settings
    places: list[Path]
    vault: list[Path] = field(default_factory=list)
    since: float = field(default_factory=time.time)


@pytest.fixture
def embedded(settings: Settings, rasa_port: int, tmp_path: Path) -> Helpline:
    assert isinstance(settings.vault, Path)
    return Helpline(replace(settings, rasa_port=rasa_port), [tmp_path], [settings.vault.parent])


@pytest.fixture
async def scaled(settings: Settings, rasa_port: int, tmp_path: Path) -> Any:
    server = RedisServer(tmp_path)
    server.start()
    async with postgresql_database() as url:
        connection = await asyncpg.connect(url)
        data = Path(await connection.fetchval("SHOW data_directory"))
        await connection.close()
        assert data.is_dir(), "the data folder of PostgreSQL has to be readable here"
        yield Helpline(replace(settings, rasa_port=rasa_port, ledger=url, vault=server.url), [tmp_path, data])
        server.stop()


@pytest.mark.timeout(400)
async def test_a_child_leaves_no_trace_in_one_process(embedded: Helpline, tmp_path: Path):
    await _leaves_no_trace(embedded, tmp_path)


@pytest.mark.timeout(400)
async def test_a_child_leaves_no_trace_on_postgresql_and_redis(scaled: Helpline, tmp_path: Path):
    await _leaves_no_trace(scaled, tmp_path)


async def _leaves_no_trace(helpline: Helpline, tmp_path: Path) -> None:
    settings = helpline.settings
    temporary, broken = tmp_path / "temporary", tmp_path / "broken"
    temporary.mkdir()
    ledger = Ledger.open(settings.ledger)
    await ledger.migrate()
    ana = await join(ledger, await found(ledger), "Test Ana")
    await ledger.close()
    async with BotApi() as api:
        program = await asyncio.to_thread(
            start_program,
            settings,
            "people",
            (sys.executable, str(BREAKING), str(broken)),
            TMPDIR=str(temporary),
            PYTHONPATH=".",
            HELPLINE_LOG_LEVEL="debug",
            HELPLINE_TELEGRAM_TOKEN=TOKEN,
            HELPLINE_TELEGRAM_API=api.url,
        )
        try:
            assert _core_size(program.process.pid) == "0"
            web, telegram = WebChild(program), TelegramChild(api)
            canaries = {*CHILD.values(), str(telegram.child.id), web.token}
            async with web, _console(program, ana.code) as console:
                for child in (web, telegram):
                    await child.says(
                        f"my name is {CHILD['name']}, my number is {CHILD['telephone']}, {CHILD['mail']}, {CHILD['street']}"
                    )
                    await child.says_until("they want to sell me tonight", OPENED)
                canaries.add((await web.code()).replace(" ", ""))
                canaries.add(await web.code())
                for case in await console.waiting(2):
                    await console.insists("POST", f"/api/cases/{case}/claim")
                    await console.insists("GET", f"/api/cases/{case}")
                    await console.insists("POST", f"/api/cases/{case}/replies", json={"text": "I am here with you."})
                for child in (web, telegram):
                    await child.reads("I am here with you.")
                    await child.says(f"i am at {CHILD['street']}, call {CHILD['telephone']}")
                assert hits(helpline.places, canaries, helpline.since) == []
                for case in console.cases:
                    await console.insists("POST", f"/api/cases/{case}/close", json={"outcome": "supported"})
                for child in (web, telegram):
                    await child.reads("has ended")
                    await child.leaves()
        finally:
            await asyncio.to_thread(stop, program.process)
    await _purged(settings)
    missing = set(_stages()) - set(broken.read_text().split())
    assert not missing, "these stages were never reached, so they did not break"
    assert hits([*helpline.places, *helpline.vault], canaries, helpline.since) == []


def _stages() -> Iterator[str]:
    import breaking

    for owner, name in breaking.STAGES:
        yield f"{getattr(owner, '__name__', owner)}.{name}"


def _core_size(pid: int) -> str:
    limits = Path(f"/proc/{pid}/limits").read_text()
    return re.search(r"Max core file size\s+(\S+)", limits).group(1)  # type: ignore[union-attr]


async def _purged(settings: Settings) -> None:
    """As the operator does it who does not wait for the retention time."""
    import os

    environment = os.environ | {"HELPLINE_STATE": str(settings.state), "HELPLINE_LEDGER": settings.ledger}
    purge = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "purge", "--now", env=environment)
    assert await purge.wait() == 0


class WebChild:
    """The child on the page, with everything that a browser gives away."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.token = secrets.token_urlsafe(32)
        self._read: list[str] = []

    async def __aenter__(self) -> WebChild:
        self._socket = await self._opened()
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.cancel()
        await self._socket.close()

    async def says(self, text: str) -> None:
        await self._socket.send(json.dumps({"kind": "text", "text": text}))
        await asyncio.sleep(0.5)

    async def says_until(self, text: str, words: str) -> None:
        await _until(lambda: self.says(text), lambda: any(words in frame for frame in self._read))

    async def code(self) -> str:
        """A return code, as it is shown once."""

        def shown() -> list[str]:
            return re.findall(r"\d{4} \d{4} \d{4} \d{4}", " ".join(self._read))

        before = len(shown())
        await _until(lambda: self._tap("code:give"), lambda: len(shown()) > before)
        return shown()[-1]

    async def reads(self, words: str) -> None:
        await _until(lambda: asyncio.sleep(0.2), lambda: any(words in frame for frame in self._read))

    async def leaves(self) -> None:
        await self._socket.send(json.dumps({"kind": "exit"}))
        await asyncio.sleep(0.5)

    async def _tap(self, tap: str) -> None:
        await self._socket.send(json.dumps({"kind": "tap", "tap": tap}))
        await asyncio.sleep(0.5)

    async def _opened(self) -> websockets.ClientConnection:
        socket = await websockets.connect(
            f"ws://{self._program.chat.removeprefix('http://')}/talk",
            origin=self._program.chat,  # type: ignore[arg-type]
            additional_headers={"X-Forwarded-For": CHILD["address on the network"]},
            user_agent_header=CHILD["browser"],
            proxy=None,
        )
        await socket.send(json.dumps({"token": self.token, "locale": "en"}))
        return socket

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(websockets.ConnectionClosed):
                async for frame in self._socket:
                    self._read.append(str(frame))
            return


class TelegramChild:
    """The child on Telegram."""

    def __init__(self, api: BotApi) -> None:
        self.child = Child(api, language="en", username=CHILD["user name"])
        self._api = api

    async def says(self, text: str) -> None:
        self.child.writes(text)
        await asyncio.sleep(0.5)

    async def says_until(self, text: str, words: str) -> None:
        await _until(lambda: self.says(text), lambda: self._has_read(words))

    async def reads(self, words: str) -> None:
        await _until(lambda: asyncio.sleep(0.2), lambda: self._has_read(words))

    async def leaves(self) -> None:
        await _until(lambda: self.says("/exit"), lambda: self._has_read("The chat has ended"))

    def _has_read(self, words: str) -> bool:
        return any(words in call.text for call in self._api.called("sendMessage"))


class Console:
    """A counsellor's browser."""

    def __init__(self, browser: httpx.AsyncClient) -> None:
        self._browser = browser
        self.cases: list[str] = []

    async def insists(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask until it is granted: what breaks once is tried again, as people do."""
        answers: list[int] = []
        for _ in range(8):
            answer = await self._browser.request(method, path, **more)
            answers.append(answer.status_code)
            if answer.is_success or answer.status_code == 409:
                return answer
            await asyncio.sleep(0.2)
        raise AssertionError(f"{method} {path.split('/')[2]} was never granted: {answers}")

    async def waiting(self, count: int) -> list[str]:
        async with asyncio.timeout(20):
            while len(self.cases) < count:
                answer = await self.insists("GET", "/api/queue")
                self.cases = [case["id"] for case in answer.json()["waiting"]]
                await asyncio.sleep(0.2)
        return self.cases


@contextlib.asynccontextmanager
async def _console(program: Program, code: Any) -> Any:
    from datetime import UTC, datetime

    async with httpx.AsyncClient(base_url=program.console, trust_env=False, timeout=30) as browser:
        browser.headers["Origin"] = program.console
        form = {"name": "Test Ana", "password": PASSWORD, "code": code(datetime.now(UTC))}
        assert (await browser.post("/sign-in", data=form)).status_code == 303
        browser.headers["X-Helpline-Token"] = (await browser.get("/api/me")).json()["page_token"]
        yield Console(browser)


async def _until(act: Any, is_so: Any) -> None:
    """Do it, and again where the stage that was to carry it has just broken."""
    async with asyncio.timeout(60):
        while not is_so():
            await act()
            end = time.monotonic() + 2
            while not is_so() and time.monotonic() < end:
                await asyncio.sleep(0.05)
