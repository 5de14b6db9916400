"""The process is killed (SIGKILL) at random moments of an escalation, 100 times: no child who was told that somebody will come is lost.

The child writes over the real socket to the real program; what it was told before the kill is compared with what the ledger knows after.
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
from dataclasses import replace

import pytest
import websockets
from members import found, join
from world import Program, answers, free_port, start_program, stop, wait_until

from bot.settings import Settings
from escalation.bell import Bell
from escalation.counsel import Counsel
from escalation.ledger import Ledger

ROUNDS = 100
AT_ONCE = 2
"""Children who write at the same time in each life of the program, each at a moment of their own."""

OPENED = "I have asked a counsellor"


@pytest.mark.timeout(1200)
async def test_no_child_who_was_told_is_lost_when_the_process_is_killed_a_hundred_times(settings: Settings):
    moments = random.Random(20261122)  # noqa: S311 - moments, not secrets
    told: set[str] = set()
    coming = _start(settings)
    for life in range(ROUNDS):
        program = await coming
        if life + 1 < ROUNDS:
            coming = _start(settings)  # the next life comes up, on the same stores, while this one is used
        try:
            children = [asyncio.create_task(_escalate(program.chat, told)) for _ in range(AT_ONCE)]
            await asyncio.sleep(moments.uniform(0.0, 0.4))
            program.process.kill()
            await asyncio.gather(*children, return_exceptions=True)
        finally:
            stop(program.process)
    assert told, "no child was ever told: the kills came too early to mean anything"
    ledger = Ledger.open(settings.ledger)
    stored = {
        said.text
        for case in await Counsel(ledger, Bell()).queue()
        for said in await Counsel(ledger, Bell()).thread(case.id)
    }
    await ledger.close()
    assert told <= stored


def _start(settings: Settings) -> asyncio.Task[Program]:
    """Start the program on ports of its own. Nobody listens on Rasa's: a disclosure does not need it."""
    own = replace(settings, chat_port=free_port(), console_port=free_port(), rasa_port=free_port())
    return asyncio.create_task(asyncio.to_thread(start_program, own))


async def _escalate(chat: str, told: set[str]) -> None:
    """One child: writes, and remembers its words if it was told that a counsellor was asked."""
    words = f"they want to sell me tonight at {random.choice('abcdefgh')}{secrets.token_hex(2)}"  # noqa: S311
    address = chat.removeprefix("http://")
    async with websockets.connect(f"ws://{address}/talk", origin=chat, proxy=None) as socket:  # type: ignore[arg-type]
        await socket.send(json.dumps({"token": secrets.token_urlsafe(32), "locale": "en"}))
        await socket.send(json.dumps({"kind": "text", "text": words}))
        while True:
            if OPENED in await socket.recv():
                told.add(words)
                return


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
