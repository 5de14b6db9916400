"""Starting, stopping and starting again: what was written in between is heard."""

from __future__ import annotations

import asyncio
import dataclasses
import time

from bot_api import BotApi, Child, flood
from telegram_talk import QUICK, Listening, Talk, bubble, sender

from bot.messages import Bubble, Incoming


async def test_what_was_written_while_nobody_listened_is_heard_in_its_order(
    api: BotApi, child: Child, listening: Listening
) -> None:
    yesterday = int(time.time()) - 60 * 60 * 23
    child.sends(text="is somebody there", date=yesterday)
    child.writes("hello??")
    async with listening():
        assert [(await api.message()).text for _ in range(2)] == ["heard: is somebody there", "heard: hello??"]


async def test_a_message_is_confirmed_only_when_it_was_heard(
    api: BotApi, child: Child, talk: Talk, listening: Listening
) -> None:
    """The program is killed while it hears a message: Telegram still has it, and the next start hears it."""

    async def never(_: Incoming) -> list[Bubble]:
        await asyncio.Event().wait()
        return []

    talk.answer = never
    child.writes("he is coming back at six")
    async with listening():
        await api.until(lambda: bool(api.polls) and bool(talk.heard))
    assert [poll.get("offset") for poll in api.polls] == [None]
    talk.answer = None
    async with listening():
        assert (await api.message()).text == "heard: he is coming back at six"
        await api.confirmed()
        await api.quiet()


async def test_it_starts_without_a_network_and_listens_when_there_is_one(
    api: BotApi, child: Child, listening: Listening
) -> None:
    await api.go_away()
    async with listening():
        await asyncio.sleep(0.2)
        await api.come_back()
        child.writes("hi")
        assert (await api.message()).text == "heard: hi"


async def test_it_polls_also_where_a_webhook_was_left_behind(api: BotApi, child: Child, listening: Listening) -> None:
    api.webhook = {"url": "https://old.example.org"}
    child.writes("written while the webhook was broken")
    async with listening():
        assert (await api.message()).text == "heard: written while the webhook was broken"


async def test_closing_lets_an_answer_arrive_and_waits_no_longer(
    api: BotApi, child: Child, listening: Listening
) -> None:
    api.fail("sendMessage", flood(60))
    async with listening():
        child.writes("hi")
        await api.until(lambda: bool(api.called("sendMessage")))
        began = time.monotonic()
    assert time.monotonic() - began < 1.5


async def test_a_telegram_that_does_not_answer_is_not_waited_for(
    api: BotApi, child: Child, listening: Listening
) -> None:
    async def ever(_: object) -> bool:
        await asyncio.sleep(3)
        return True

    api.knows(child.id)
    async with listening(pace=dataclasses.replace(QUICK, request=1)) as channel:
        api._sendMessage = ever  # type: ignore[method-assign]
        began = time.monotonic()
        delivery = await channel.deliver(sender(child), [bubble("hi")])
    assert delivery.again_after == QUICK.later
    assert time.monotonic() - began < 2.5
