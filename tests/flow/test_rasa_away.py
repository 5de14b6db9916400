"""Rasa is slow, dead, or dies in the middle: the child is still answered, noticed and brought to a human."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import replace

from world import World, assembled, child, free_port, rasa_process, stop, wait_until

from bot.messages import Kind
from bot.settings import Settings


def taps(bubbles):
    return [button.tap for bubble in bubbles for button in bubble.buttons]


async def test_without_rasa_the_child_gets_the_menu_safety_texts_and_a_human(world_without_rasa: World):
    world, who = world_without_rasa, child()
    answer = await world.write(who, "what are my rights")
    assert [bubble.text for bubble in answer] == [world.chat.catalogue.say("trouble", "en")]
    assert "/talk_to_human" in taps(answer)
    answer = await world.write(who, "/online_safety", Kind.TAP)
    assert answer[0].text == world.chat.catalogue.say("topic.online_safety", "en")
    await world.write(who, "they want to sell me tonight")
    assert len(await world.side.counsel.queue(world.team)) == 1


async def test_without_rasa_a_tap_still_brings_a_human(world_without_rasa: World):
    world, who = world_without_rasa, child()
    answer = await world.write(who, "/talk_to_human", Kind.TAP)
    assert "person:yes" in taps(answer)
    await world.write(who, "person:yes", Kind.TAP)
    assert len(await world.side.counsel.queue(world.team)) == 1


async def test_a_rasa_that_hangs_is_not_waited_for_longer_than_two_seconds(settings: Settings):
    async def never(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with assembled(replace(settings, rasa_port=port)) as world:
        began = time.monotonic()
        answer = await world.write(child(), "what are my rights")
        assert time.monotonic() - began < 3
        assert answer[0].text == world.chat.catalogue.say("trouble", "en")
    server.close()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_rasa_killed_in_the_middle_of_a_chat_loses_nothing(settings: Settings):
    settings = replace(settings, rasa_port=free_port())
    process = await asyncio.to_thread(rasa_process, settings)
    try:
        async with assembled(settings) as world:
            who = child()
            assert (await world.write(who, "what are my rights"))[0].text == world.chat.catalogue.say(
                "topic.my_rights", "en"
            )
            process.kill()
            process.wait()
            # What it had started ends a moment after it.
            await asyncio.to_thread(wait_until, lambda: not listens(settings.rasa_port), 5)
            assert (await world.write(who, "what are my rights"))[0].text == world.chat.catalogue.say("trouble", "en")
            await world.write(who, "they want to sell me tonight")
            assert len(await world.side.counsel.queue(world.team)) == 1
    finally:
        stop(process)
