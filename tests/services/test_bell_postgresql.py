"""The bell across processes, over a real PostgreSQL: two helplines on one ledger hear each other, also after it was away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from servers import end_connections

from escalation.bell import QUEUE, case_topic
from escalation.bell_postgres import CHANNEL, PostgresBell


@pytest.fixture
async def bells(postgresql: str) -> AsyncIterator[tuple[PostgresBell, PostgresBell]]:
    """Those of two processes, connected."""
    pair = PostgresBell(postgresql), PostgresBell(postgresql)
    running = []
    for bell in pair:
        with bell.subscribe() as ear:
            running.append(asyncio.create_task(bell.run()))
            assert await ear.wait(5) == {""}
    yield pair
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def test_what_rings_in_one_process_is_heard_in_the_other_within_a_second(bells):
    here, there = bells
    with there.subscribe() as ear:
        here.ring(QUEUE)
        assert await ear.wait(1) == {QUEUE}


async def test_it_rings_here_at_once_and_once(bells):
    here, _ = bells
    with here.subscribe() as ear:
        here.ring(QUEUE)
        assert await ear.wait(0) == {QUEUE}
        assert await ear.wait(0.3) == set()


async def test_many_topics_at_once_are_all_heard(bells):
    here, there = bells
    topics = {case_topic(f"{number:032x}") for number in range(200)}
    heard: set[str] = set()
    with there.subscribe() as ear:
        for topic in topics:
            here.ring(topic)
        async with asyncio.timeout(5):
            while heard != topics:
                heard |= await ear.wait(1)


async def test_after_postgresql_was_away_everybody_looks_again_and_then_hears_the_others(bells, postgresql):
    here, there = bells
    with there.subscribe() as ear, here.subscribe() as own:
        assert await end_connections(postgresql) >= 2
        async with asyncio.timeout(10):
            while "" not in await ear.wait(1):
                pass
            while "" not in await own.wait(1):
                pass
        here.ring("case:1")
        assert await ear.wait(5) == {"case:1"}


async def test_what_rings_while_postgresql_is_away_is_passed_on_when_it_is_back(bells, postgresql):
    _, there = bells
    lonely = PostgresBell(postgresql)
    with there.subscribe() as ear:
        lonely.ring(QUEUE)  # it has no connection yet
        assert await ear.wait(0.3) == set()
        running = asyncio.create_task(lonely.run())
        assert await ear.wait(5) == {QUEUE}
    running.cancel()


async def test_a_command_that_ends_has_rung_before(bells, postgresql):
    _, there = bells
    command = PostgresBell(postgresql)
    with there.subscribe() as ear:
        command.ring(QUEUE)
        await command.close()
        assert await ear.wait(1) == {QUEUE}


async def test_only_names_of_topics_travel(bells, postgresql):
    here, _ = bells
    listener = await asyncpg.connect(postgresql)
    travelled: asyncio.Queue[str] = asyncio.Queue()
    await listener.add_listener(CHANNEL, lambda *heard: travelled.put_nowait(heard[3]))
    here.ring(QUEUE)
    assert await asyncio.wait_for(travelled.get(), 2) == QUEUE
    await listener.close()
