"""The program is killed as an operator runs it, and started again: who waited is still known. Kills at random moments are in tests/crash."""

from __future__ import annotations

import asyncio
import json
import secrets

import websockets
from members import found, join
from world import answers, start_program, stop, wait_until

from bot.settings import Settings
from escalation.bell import Bell
from escalation.counsel import Counsel
from escalation.ledger import Ledger

OPENED = "I have asked a counsellor"


async def test_a_child_who_waits_is_still_known_after_a_kill_and_gets_the_answer(settings: Settings):
    """The vault survives the program: the page reconnects with its token and hears what the counsellor wrote meanwhile."""
    token = secrets.token_urlsafe(32)
    program = await asyncio.to_thread(start_program, settings)
    async with _page(program.chat, token) as socket:
        await socket.send(json.dumps({"kind": "text", "text": "they want to sell me tonight"}))
        async with asyncio.timeout(20):
            while OPENED not in await socket.recv():
                pass
    program.process.kill()
    program.process.wait()
    ledger, bell = Ledger.open(settings.ledger), Bell()
    counsel = Counsel(ledger, bell)
    team = await found(ledger)
    ana = await join(ledger, team, "Test Ana")
    (case,) = await counsel.queue(team)
    await counsel.claim(case.id, ana.id, team)
    await counsel.reply(case.id, ana.id, team, "I am here with you.")
    await ledger.close()
    program = await asyncio.to_thread(start_program, settings)
    try:
        wait_until(lambda: answers(f"{program.chat}/health"), 10)
        async with _page(program.chat, token) as socket, asyncio.timeout(20):
            while "I am here with you." not in await socket.recv():
                pass
    finally:
        stop(program.process)


class _page:  # noqa: N801 - read as a noun
    """A page of a session, opened over the socket."""

    def __init__(self, chat: str, token: str) -> None:
        self._connect = websockets.connect(f"ws://{chat.removeprefix('http://')}/talk", origin=chat, proxy=None)  # type: ignore[arg-type]
        self._token = token

    async def __aenter__(self):
        socket = await self._connect.__aenter__()
        await socket.send(json.dumps({"token": self._token, "locale": "en"}))
        return socket

    async def __aexit__(self, *error):
        await self._connect.__aexit__(*error)
