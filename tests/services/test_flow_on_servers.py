"""A child writes and a counsellor answers, on PostgreSQL and Redis; and what a child hears while one of them is away."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from servers import RedisServer, end_connections, refuse_connections
from world import World, assembled, child, eventually

from bot.messages import Channel, Kind
from bot.settings import Settings
from escalation.cases import Outcome, Presence

DISCLOSURE = "they want to sell me tonight"


@pytest.fixture
async def world(settings: Settings, postgresql: str, redis_server: RedisServer) -> AsyncIterator[World]:
    """Everything together on the two servers, with the relay and the bell running; nobody listens on Rasa's port."""
    async with assembled(replace(settings, ledger=postgresql, vault=redis_server.url)) as built:
        running = [asyncio.create_task(task) for task in (built.relay.run(), built.side.bell.run())]
        yield built
        ended = [task for task in running if task.done()]
        assert not ended, f"the relay or the bell has ended: {ended}"
        for task in running:
            task.cancel()
        async with asyncio.timeout(20):
            await asyncio.gather(*running, return_exceptions=True)


def texts(bubbles) -> list[str]:
    return [bubble.text for bubble in bubbles]


def says(world: World, key: str) -> str:
    """The beginning of a text, up to what is filled in."""
    return world.chat.catalogue.say(key, "en").partition("{")[0]


def numbers(bubbles) -> list[str]:
    return [button.tap for bubble in bubbles for button in bubble.buttons if button.tap.startswith("tel:")]


async def test_a_child_writes_and_a_counsellor_answers(world: World):
    who, ana = child(Channel.TELEGRAM), await world.counsellor()
    answer = await world.write(who, DISCLOSURE)
    assert says(world, "human.opened") in texts(answer)
    (case,) = await world.side.counsel.queue(world.team)
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.side.counsel.reply(case.id, ana, world.team, "I am here with you.")
    await eventually(lambda: "I am here with you." in texts(world.arrived.get(who.key, [])))
    assert await world.write(who, "thank you") == []
    assert "thank you" in [said.text for said in await world.side.counsel.thread(case.id, world.team)]
    await world.side.counsel.close(case.id, ana, Outcome.SUPPORTED)
    await eventually(lambda: says(world, "human.closed") in texts(world.arrived[who.key]))
    await world.write(who, "", Kind.EXIT)
    assert await world.chat.sessions.of(who) is None
    assert await world.side.retention.purge_now() == 1


async def test_while_redis_is_away_the_child_gets_numbers_and_no_promise(world: World, redis_server: RedisServer):
    who = child()
    redis_server.kill()
    for _ in range(2):
        answer = await world.write(who, DISCLOSURE)
        assert texts(answer)[0].startswith(says(world, "human.unsaved"))
        assert "tel:112" in numbers(answer)
        assert says(world, "human.opened") not in texts(answer)
    assert await world.side.counsel.queue(world.team) == []
    redis_server.start()
    answer = await world.write(who, DISCLOSURE)
    assert says(world, "human.opened") in texts(answer)
    assert len(await world.side.counsel.queue(world.team)) == 1


async def test_a_redis_that_goes_in_the_middle_of_a_turn_leaves_no_promise(world: World, redis_server: RedisServer):
    """The case is stored, but whoever answers would not find the child: it is not told that somebody comes."""
    who = child()
    opening = world.side.intake.open

    async def then_redis_goes(*told):
        opened = await opening(*told)
        redis_server.kill()
        return opened

    world.chat.conversation._aftermath._intake.open = then_redis_goes  # a moment that cannot be had otherwise
    answer = await world.write(who, DISCLOSURE)
    assert texts(answer)[0].startswith(says(world, "human.unsaved"))
    assert says(world, "human.opened") not in texts(answer)
    assert len(await world.side.counsel.queue(world.team)) == 1


async def test_a_reply_waits_for_a_redis_that_hangs_and_nobody_is_called_gone(world: World, redis_server: RedisServer):
    who, ana = child(Channel.TELEGRAM), await world.counsellor()
    await world.write(who, DISCLOSURE)
    (case,) = await world.side.counsel.queue(world.team)
    await world.side.counsel.claim(case.id, ana, world.team)
    await eventually(lambda: says(world, "human.joined") in texts(world.arrived.get(who.key, [])))
    redis_server.hang()
    await world.side.counsel.reply(case.id, ana, world.team, "I am here with you.")
    answer = await world.write(who, "hello?")
    assert texts(answer)[0].startswith(says(world, "human.unsaved"))
    await asyncio.sleep(1.5)
    assert (await world.side.counsel.case(case.id, world.team)).presence is not Presence.GONE
    assert await world.side.counsel.undelivered(case.id) == set()
    redis_server.go_on()
    await eventually(lambda: "I am here with you." in texts(world.arrived[who.key]), 10)
    assert await world.write(who, "yes") == []


async def test_after_the_vault_was_lost_the_counsellor_sees_it_and_the_child_begins_anew(
    world: World, redis_server: RedisServer
):
    who, ana = child(Channel.TELEGRAM), await world.counsellor()
    await world.write(who, DISCLOSURE)
    (case,) = await world.side.counsel.queue(world.team)
    await world.side.counsel.claim(case.id, ana, world.team)
    redis_server.kill()
    redis_server.start()
    await world.side.counsel.reply(case.id, ana, world.team, "I am here with you.")

    async def gone() -> None:
        while (await world.side.counsel.case(case.id, world.team)).presence is not Presence.GONE:
            await asyncio.sleep(0.05)

    await asyncio.wait_for(gone(), 5)
    assert "I am here with you." not in texts(world.arrived.get(who.key, []))
    assert await world.write(who, "hello") != []


async def test_without_the_ledger_nobody_is_told_that_somebody_comes_and_then_everything_goes_on(
    world: World, postgresql: str
):
    who = child()
    await refuse_connections(postgresql, True)
    answer = await world.write(who, DISCLOSURE)
    assert says(world, "human.opened") not in texts(answer)
    assert any(text.startswith(says(world, "human.unsaved")) for text in texts(answer))
    assert "tel:112" in numbers(answer)
    await refuse_connections(postgresql, False)
    answer = await world.write(who, "yes")
    assert says(world, "human.opened") in texts(answer)


async def test_a_postgresql_that_is_restarted_again_and_again_loses_no_reply(world: World, postgresql: str):
    who, ana = child(Channel.TELEGRAM), await world.counsellor()
    await world.write(who, DISCLOSURE)
    (case,) = await world.side.counsel.queue(world.team)
    await world.side.counsel.claim(case.id, ana, world.team)
    sent = []
    for number in range(15):
        await end_connections(postgresql)
        with contextlib.suppress(Exception):
            await world.side.counsel.reply(case.id, ana, world.team, f"reply {number}")
            sent.append(f"reply {number}")
    assert len(sent) > 10
    await eventually(lambda: sent[-1] in texts(world.arrived[who.key]), 20)
    arrived = [text for text in texts(world.arrived[who.key]) if text.startswith("reply")]
    assert list(dict.fromkeys(arrived)) == sent
