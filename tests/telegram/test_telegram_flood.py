"""Very many write on Telegram: messages wait for their turn, and none vanishes."""

from __future__ import annotations

import asyncio

import pytest
from bot_api import BotApi, Child
from telegram_talk import Listening, Talk

from bot.crowd import Crowd
from bot.messages import Kind
from bot.telegram import turns


async def test_one_child_who_writes_very_much_is_heard_in_order_and_keeps_nobody_waiting(
    api: BotApi, child: Child, talk: Talk, listening: Listening
) -> None:
    async with listening():
        for number in range(12):
            child.writes(f"{number}")
        other = Child(api, id=child.id + 1)
        other.writes("here")
        async with asyncio.timeout(5):
            while len(talk.heard) < 13:
                await asyncio.sleep(0.02)
    texts = [incoming.text for incoming in talk.heard]
    assert texts.index("here") < 8
    assert [text for text in texts if text != "here"] == [f"{number}" for number in range(12)]


async def test_new_children_wait_for_their_turn_and_those_who_are_known_do_not(
    api: BotApi, child: Child, talk: Talk, listening: Listening
) -> None:
    async with listening(crowd=Crowd(sessions_per_minute=120)):
        child.writes("first")
        await api.message()
        children = [Child(api, id=child.id + number) for number in range(1, 123)]
        for one in children:
            one.writes("new")
        child.writes("again")
        async with asyncio.timeout(8):
            while sum(incoming.text == "new" for incoming in talk.heard) < 122:
                await asyncio.sleep(0.02)
    texts = [incoming.text for incoming in talk.heard]
    assert texts.count("new") == 122
    assert texts.index("again") < len(texts) - 1


async def test_who_leaves_does_not_wait(api: BotApi, child: Child, talk: Talk, listening: Listening) -> None:
    async with listening(crowd=Crowd(sessions_per_minute=1)):
        child.writes("hello")
        await api.message()
        other = Child(api, id=child.id + 1)
        other.writes("/exit")
        async with asyncio.timeout(2):
            while Kind.EXIT not in [incoming.kind for incoming in talk.heard]:
                await asyncio.sleep(0.02)


async def test_what_is_too_much_stays_with_telegram_until_there_is_room(
    api: BotApi, child: Child, talk: Talk, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "MOST_UNDER_WAY", 5)
    gate = asyncio.Event()

    async def waits(_: object) -> list[object]:
        await gate.wait()
        return []

    talk.answer = waits  # type: ignore[assignment]
    async with listening():
        for number in range(6):
            Child(api, id=child.id + number).writes("one")
        async with asyncio.timeout(3):
            while len(talk.heard) < 6:
                await asyncio.sleep(0.02)
        await asyncio.sleep(1.2)  # longer than one batch is waited for
        child.writes("later")
        await asyncio.sleep(0.5)
        assert len(talk.heard) == 6
        gate.set()
        async with asyncio.timeout(3):
            while len(talk.heard) < 7:
                await asyncio.sleep(0.02)
