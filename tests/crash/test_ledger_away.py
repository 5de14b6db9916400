"""The ledger cannot grow, or somebody holds it locked: the child is told so, with the numbers, never that somebody comes. Then everything goes on."""

from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from people import OPENED, OnTheWeb, says
from world import Program, World, child, start_program, stop

from bot.messages import Kind
from bot.settings import Settings

DISCLOSURE = "they want to sell me tonight"
UNSAVED = says("human.unsaved")
NO_LIMIT = resource.RLIM_INFINITY


class Page(OnTheWeb):
    """A page on which a test writes one thing after the other."""

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Page]:
        async with self._line() as self._socket:
            await self._socket.send(json.dumps({"token": self.key, "locale": "en"}))
            yield self

    async def hears(self, text: str) -> str:
        """Write; everything that is answered."""
        self._n += 1
        await self._socket.send(json.dumps({"kind": "text", "text": text, "n": self._n}))
        answer = []
        async with asyncio.timeout(90):
            while (frame := json.loads(await self._socket.recv())).get("n") != self._n:
                answer += [bubble["text"] for bubble in frame.get("bubbles", [])]
        return "\n".join(answer)


def page(program: Program) -> Page:
    import random

    return Page(program.chat, random.Random(1), wants_code=False)  # noqa: S311


def no_byte_more(program: Program, settings: Settings) -> None:
    """No file of the program grows any more beyond what the ledger's log has, as on a full disk; the vault is far smaller."""
    log = Path(settings.ledger.partition("///")[2] + "-wal").stat().st_size
    resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (log, NO_LIMIT))


async def test_on_a_full_disk_nobody_is_promised_and_with_space_everything_goes_on(settings: Settings):
    program = await asyncio.to_thread(start_program, settings)
    try:
        async with page(program).opened() as somebody:
            no_byte_more(program, settings)
            for words in (DISCLOSURE, "please"):
                answer = await somebody.hears(words)
                assert OPENED not in answer
                assert UNSAVED in answer
                assert "112" in answer
            resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (NO_LIMIT, NO_LIMIT))
            assert OPENED in await somebody.hears(DISCLOSURE)
    finally:
        stop(program.process)


async def test_a_ledger_that_is_locked_for_too_long_promises_nobody_and_goes_on_when_it_is_free(settings: Settings):
    program = await asyncio.to_thread(start_program, settings)
    try:
        async with page(program).opened() as somebody:
            holder = sqlite3.connect(settings.ledger.partition("///")[2], isolation_level=None)
            holder.execute("BEGIN EXCLUSIVE")
            answer = await somebody.hears(DISCLOSURE)
            assert OPENED not in answer
            assert UNSAVED in answer
            holder.execute("ROLLBACK")
            holder.close()
            assert OPENED in await somebody.hears("please")
    finally:
        stop(program.process)


async def test_what_cannot_be_taken_back_now_is_not_said_to_be_taken_back(world_without_rasa: World):
    world, who = world_without_rasa, child()
    await world.write(who, DISCLOSURE)
    holder = sqlite3.connect(world.settings.ledger.partition("///")[2], isolation_level=None)
    add = world.side.intake.add

    async def then_somebody_locks(*told):
        await add(*told)
        holder.execute("BEGIN EXCLUSIVE")

    world.side.intake.add = then_somebody_locks  # type: ignore[method-assign]  # a moment that cannot be had otherwise
    answer = " ".join(bubble.text for bubble in await world.write(who, "person:cancel", Kind.TAP))
    world.side.intake.add = add  # type: ignore[method-assign]
    holder.execute("ROLLBACK")
    holder.close()
    assert says("human.cancelled") not in answer
    assert UNSAVED in answer
    assert len(await world.side.counsel.queue(world.team)) == 1
    answer = " ".join(bubble.text for bubble in await world.write(who, "person:cancel", Kind.TAP))
    assert says("human.cancelled") in answer
    assert await world.side.counsel.queue(world.team) == []


async def test_a_case_that_was_stored_just_before_the_vault_went_is_the_childs_when_it_is_back(
    world_without_rasa: World,
):
    """The child hears that nobody could be reached. Asking again, or opening the page again, leads to the same case."""
    from bot.vault import VaultIsAway

    world, who = world_without_rasa, child()
    keep, opening = world.chat.sessions.keep, world.side.intake.open

    async def away(_session):
        raise VaultIsAway

    async def then_the_vault_goes(*told):
        opened = await opening(*told)
        world.chat.sessions.keep = away  # type: ignore[method-assign]  # a moment that cannot be had otherwise
        return opened

    world.side.intake.open = then_the_vault_goes  # type: ignore[method-assign]
    answer = " ".join(bubble.text for bubble in await world.write(who, DISCLOSURE))
    assert OPENED not in answer
    assert UNSAVED in answer
    world.chat.sessions.keep = keep  # type: ignore[method-assign]
    world.side.intake.open = opening  # type: ignore[method-assign]
    screen = [bubble.text for bubble in await world.write(who, "", Kind.BACK)]
    assert any(text.startswith(OPENED) for text in screen)
    (case,) = await world.side.counsel.queue(world.team)
    ana = await world.counsellor()
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.side.counsel.reply(case.id, ana, world.team, "I am here with you.")
    await world.relay.deliver_due()
    assert world.arrived[who.key][-1].text == "I am here with you."
    thread = [said.text for said in await world.side.counsel.thread(case.id, world.team)]
    assert thread.count(DISCLOSURE) == 1
