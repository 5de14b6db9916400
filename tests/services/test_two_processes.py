"""The chat and the console as two processes, on PostgreSQL and Redis: what one side writes is on the other's screen within a second."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import httpx
import pytest
import websockets
from members import PASSWORD, found, join
from servers import RedisServer, end_connections
from world import Program, start_program, stop

from bot.settings import Settings
from escalation.ledger import Ledger

DISCLOSURE = "they want to sell me tonight"
OPENED = "I have asked a counsellor"


@dataclass
class Scene:
    """Two programs, a counsellor who is signed in to one of them, and what the other shows a child."""

    chat: Program
    console: Program
    ledger: str
    counsellor: httpx.AsyncClient

    async def page(self, stack: AsyncExitStack) -> websockets.ClientConnection:
        """A child's page."""
        socket = await stack.enter_async_context(
            websockets.connect(
                f"ws://{self.chat.chat.removeprefix('http://')}/talk",
                origin=self.chat.chat,  # type: ignore[arg-type]
                proxy=None,
            )
        )
        await socket.send(json.dumps({"token": secrets.token_urlsafe(32), "locale": "en"}))
        return socket

    async def live(self, stack: AsyncExitStack) -> websockets.ClientConnection:
        """The console's own line, which says what has changed."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.counsellor.cookies.items())
        return await stack.enter_async_context(
            websockets.connect(
                f"ws://{self.console.console.removeprefix('http://')}/live",
                origin=self.console.console,  # type: ignore[arg-type]
                additional_headers={"Cookie": cookies},
                proxy=None,
            )
        )

    async def waiting(self) -> list[str]:
        """The cases in the queue."""
        return [case["id"] for case in (await self.counsellor.get("/api/queue")).json()["waiting"]]


@pytest.fixture
async def scene(settings: Settings, postgresql: str, redis_server: RedisServer) -> AsyncIterator[Scene]:
    ledger = Ledger.open(postgresql)
    await ledger.migrate()
    ana = await join(ledger, await found(ledger), "Test Ana")
    await ledger.close()
    settings = replace(settings, ledger=postgresql, vault=redis_server.url)
    programs = await asyncio.gather(
        *(asyncio.to_thread(start_program, settings, part) for part in ("chat", "console")), return_exceptions=True
    )
    try:
        chat, console = programs
        assert isinstance(chat, Program), chat
        assert isinstance(console, Program), console
        async with httpx.AsyncClient(base_url=console.console, trust_env=False) as browser:
            browser.headers["Origin"] = console.console
            signed = await browser.post(
                "/sign-in", data={"name": "Test Ana", "password": PASSWORD, "code": ana.code(datetime.now(UTC))}
            )
            assert signed.status_code == 303
            browser.headers["X-Helpline-Token"] = (await browser.get("/api/me")).json()["page_token"]
            yield Scene(chat, console, postgresql, browser)
    finally:
        for program in programs:
            if isinstance(program, Program):
                stop(program.process)


async def seconds_until(socket: websockets.ClientConnection, words: str, most: float = 20) -> float:
    """How long until this line says the words."""
    began = time.monotonic()
    async with asyncio.timeout(most):
        while words not in await socket.recv():
            pass
    return time.monotonic() - began


async def test_each_side_is_on_the_others_screen_within_a_second(scene: Scene):
    async with AsyncExitStack() as stack:
        page, live = await scene.page(stack), await scene.live(stack)
        await page.send(json.dumps({"kind": "text", "text": DISCLOSURE}))
        await asyncio.gather(seconds_until(page, OPENED), seconds_until(live, "queue"))
        (case,) = await scene.waiting()
        assert (await scene.counsellor.post(f"/api/cases/{case}/claim")).status_code == 200
        await seconds_until(page, "counsellor")
        for number in range(5):
            there, back = f"I am here with you {number}", f"thank you {number}"
            sent = await scene.counsellor.post(f"/api/cases/{case}/replies", json={"text": there})
            assert sent.status_code == 201
            assert await seconds_until(page, there) < 1
            await asyncio.sleep(0.2)
            while True:  # what this line has said until now
                try:
                    await asyncio.wait_for(live.recv(), 0.2)
                except TimeoutError:
                    break
            await page.send(json.dumps({"kind": "text", "text": back}))
            assert await seconds_until(live, f"case:{case}") < 1
            said = (await scene.counsellor.get(f"/api/cases/{case}")).json()["lines"]
            assert back in ["".join(piece["text"] for piece in line["pieces"]) for line in said]


async def test_after_postgresql_was_restarted_both_processes_go_on_and_hear_each_other(scene: Scene):
    async with AsyncExitStack() as stack:
        page, live = await scene.page(stack), await scene.live(stack)
        assert await end_connections(scene.ledger) >= 2
        await asyncio.sleep(2)
        await page.send(json.dumps({"kind": "text", "text": DISCLOSURE}))
        await asyncio.gather(seconds_until(page, OPENED), seconds_until(live, "queue", 5))
        assert len(await scene.waiting()) == 1
