"""Blocked, slowed down, cut off: the channel keeps its promises, and comes back by itself."""

from __future__ import annotations

import asyncio
import time

import pytest
from bot_api import (
    BotApi,
    Child,
    Failure,
    bad_gateway,
    blocked,
    deactivated,
    flood,
    hang_up,
    no_chat,
    unauthorized,
)
from telegram_talk import QUICK, Talk, bubble, sender

from bot.messages import Kind
from bot.telegram.channel import TelegramChannel

pytestmark = pytest.mark.usefixtures("channel")


@pytest.mark.parametrize("failure", [blocked, deactivated, no_chat])
async def test_who_blocks_while_being_answered_has_left(
    api: BotApi, child: Child, talk: Talk, failure: Failure
) -> None:
    talk.answers = [bubble("one"), bubble("two")]
    api.fail("sendMessage", failure)
    child.writes("hi")
    await api.until(lambda: bool(api.called("sendMessage")))
    await api.quiet()
    assert [kind for kind, _ in talk.acts] == [Kind.TEXT, Kind.EXIT]
    assert len(api.called("sendMessage")) == 1


async def test_who_blocks_has_left_and_gets_no_farewell(api: BotApi, child: Child, talk: Talk) -> None:
    child.writes("hi")
    await api.message()
    child.blocks()
    await api.quiet()
    assert [kind for kind, _ in talk.acts] == [Kind.TEXT, Kind.EXIT]


async def test_who_unblocks_and_writes_is_heard_again(api: BotApi, child: Child) -> None:
    child.blocks()
    child.unblocks()
    child.writes("/start")
    assert (await api.message()).text == "heard: start"


async def test_a_slowed_down_answer_comes_later_whole_and_in_order(api: BotApi, child: Child, talk: Talk) -> None:
    api.fail("sendMessage", flood(1))
    talk.answers = [bubble("one"), bubble("two")]
    began = time.monotonic()
    child.writes("hi")
    assert [(await api.message()).text for _ in range(2)] == ["one", "two"]
    assert time.monotonic() - began >= 1


async def test_a_child_is_heard_while_its_answers_are_slowed_down(api: BotApi, child: Child, talk: Talk) -> None:
    api.fail("sendMessage", flood(1))
    child.writes("one")
    await api.until(lambda: bool(api.called("sendMessage")))
    child.writes("he is back")
    await api.until(lambda: len(talk.heard) == 2, seconds=0.5)
    assert api.messages == []
    assert [(await api.message()).text for _ in range(2)] == ["heard: one", "heard: he is back"]


async def test_an_answer_is_not_tried_for_ever(api: BotApi, child: Child) -> None:
    api.fail("sendMessage", flood(86_400))
    child.writes("one")
    child.writes("two")
    assert (await api.message()).text == "heard: two"


@pytest.mark.parametrize("failure", [bad_gateway, hang_up])
async def test_an_answer_survives_a_bad_network(api: BotApi, child: Child, failure: Failure) -> None:
    api.fail("sendMessage", *[failure] * 3)
    child.writes("hi")
    assert (await api.message()).text == "heard: hi"
    await api.quiet()


@pytest.mark.parametrize("failure", [bad_gateway, hang_up, flood(1), unauthorized])
async def test_listening_survives_everything_that_telegram_says(api: BotApi, child: Child, failure: Failure) -> None:
    await api.until(lambda: bool(api.polls))
    api.fail("getUpdates", failure, failure)
    child.writes("first")  # ends the poll under way; the next two fail
    child.writes("second")
    assert [(await api.message()).text for _ in range(2)] == ["heard: first", "heard: second"]
    await api.confirmed()
    await api.quiet()


async def test_the_network_is_lost_and_comes_back(api: BotApi, child: Child, talk: Talk) -> None:
    child.writes("before")
    await api.message()
    await api.go_away()
    child.writes("meanwhile")
    await asyncio.sleep(0.3)
    assert len(talk.heard) == 1
    await api.come_back()
    assert (await api.message()).text == "heard: meanwhile"
    await api.quiet()


@pytest.mark.parametrize("failure", [blocked, deactivated, no_chat])
async def test_a_delivery_says_that_nobody_is_there(
    api: BotApi, child: Child, channel: TelegramChannel, failure: Failure
) -> None:
    api.fail("sendMessage", failure)
    delivery = await channel.deliver(sender(child), [bubble("hi")])
    assert (delivery.arrived, delivery.again_after) == (False, None)


async def test_a_delivery_says_when_to_try_again(api: BotApi, child: Child, channel: TelegramChannel) -> None:
    api.knows(child.id)
    api.fail("sendMessage", flood(17), bad_gateway, hang_up)
    found = [await channel.deliver(sender(child), [bubble("hi")]) for _ in range(3)]
    await api.go_away()
    found.append(await channel.deliver(sender(child), [bubble("hi")]))
    assert [(delivery.arrived, delivery.again_after) for delivery in found] == [
        (False, 17),
        (False, QUICK.later),
        (False, QUICK.later),
        (False, QUICK.later),
    ]
    assert api.messages == []


async def test_a_delivery_waits_behind_an_answer_but_not_for_long(
    api: BotApi, child: Child, channel: TelegramChannel
) -> None:
    api.fail("sendMessage", flood(1))
    child.writes("hi")
    await api.until(lambda: bool(api.called("sendMessage")))
    assert (await channel.deliver(sender(child), [bubble("human")])).again_after == QUICK.later
    assert (await api.message()).text == "heard: hi"
    assert (await channel.deliver(sender(child), [bubble("human")])).arrived
    assert (await api.message()).text == "human"
