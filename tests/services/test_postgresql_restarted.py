"""PostgreSQL itself is stopped and started, as an operator does it and as a power cut does: nothing told is lost, nothing untrue is said."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from servers import PostgresServer
from world import assembled, child, eventually

from bot.messages import Channel
from bot.settings import Settings

DISCLOSURE = "they want to sell me tonight"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(tmp_path)
    server.start()
    yield server
    with contextlib.suppress(Exception):  # it may be stopped already
        server.stop("immediate")


@pytest.mark.parametrize("how", ["fast", "immediate"])
async def test_a_postgresql_that_stops_and_starts_again_loses_nobody(
    settings: Settings, server: PostgresServer, how: str
):
    async with assembled(replace(settings, ledger=server.url)) as world:
        running = [asyncio.create_task(task) for task in (world.relay.run(), world.side.bell.run())]
        opened, unsaved = (world.chat.catalogue.say(key, "en") for key in ("human.opened", "human.unsaved"))
        before, meanwhile = child(Channel.TELEGRAM), child(Channel.TELEGRAM)
        assert opened in [bubble.text for bubble in await world.write(before, DISCLOSURE)]
        ana = await world.counsellor()
        (case,) = await world.side.counsel.queue(world.team)
        await world.side.counsel.claim(case.id, ana, world.team)
        await asyncio.to_thread(server.stop, how)

        told = [bubble.text for bubble in await world.write(meanwhile, DISCLOSURE)]
        assert opened not in told
        assert any(text.startswith(unsaved.partition("{")[0]) for text in told)

        await asyncio.to_thread(server.start)
        await world.side.counsel.reply(case.id, ana, world.team, "I am here with you.")
        await eventually(lambda: "I am here with you." in [b.text for b in world.arrived.get(before.key, [])], 20)
        assert opened in [bubble.text for bubble in await world.write(meanwhile, DISCLOSURE)]
        (waiting,) = await world.side.counsel.queue(world.team)
        assert (await world.side.counsel.thread(case.id, world.team))[0].text == DISCLOSURE
        assert waiting.id != case.id
        assert not any(task.done() for task in running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
