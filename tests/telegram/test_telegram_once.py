"""Everything is heard once: not twice, and never not at all."""

from __future__ import annotations

import asyncio
import time

import pytest
from bot_api import BotApi, Child
from telegram_talk import Talk, bubble

from bot.messages import Bubble, Incoming, Kind
from bot.telegram.channel import TelegramChannel

pytestmark = pytest.mark.usefixtures("channel")


async def test_a_repeated_update_is_heard_once(api: BotApi, child: Child, talk: Talk) -> None:
    update = child.writes("only once")
    await api.message()
    api.repeat(update)
    child.writes("next")
    assert (await api.message()).text == "heard: next"
    await api.quiet()
    assert talk.acts == [(Kind.TEXT, "only once"), (Kind.TEXT, "next")]


async def test_an_edited_text_is_heard_like_a_new_one(api: BotApi, child: Child) -> None:
    update = child.writes("im fine")
    await api.message()
    child.edits(update, text="im not fine he locks me in")
    assert (await api.message()).text == "heard: im not fine he locks me in"


async def test_an_edit_that_changes_no_word_is_not_heard(api: BotApi, child: Child) -> None:
    update = child.writes("look at https://example.org")
    await api.message()
    child.edits(update, link_preview_options={"is_disabled": True})
    child.edits(update, text="look at this")
    assert (await api.message()).text == "heard: look at this"
    child.edits(update, text="look at this")
    await api.quiet()


async def test_an_edited_caption_is_heard(api: BotApi, child: Child) -> None:
    update = child.sends(photo=[{"file_id": "x"}])
    await api.message()
    child.edits(update, caption="this is the man")
    assert (await api.message()).text == "heard: this is the man"


async def test_a_live_location_is_answered_once(api: BotApi, child: Child) -> None:
    update = child.sends(location={"latitude": 1.0, "longitude": 2.0, "live_period": 900})
    await api.message()
    for step in range(3):
        child.edits(update, location={"latitude": 1.0 + step, "longitude": 2.0, "live_period": 900})
    await api.quiet()


async def test_an_edit_of_what_was_written_before_a_restart_is_heard_unless_it_is_old(
    api: BotApi, child: Child
) -> None:
    child.edits({"message": child.message(text="hi", date=int(time.time()) - 60 * 60 * 24)}, text="hi, old")
    child.edits({"message": child.message(text="hi")}, text="hi, there is more")
    assert (await api.message()).text == "heard: hi, there is more"
    await api.quiet()


async def test_one_turn_that_hangs_does_not_silence_the_others(api: BotApi, child: Child, talk: Talk) -> None:
    async def hang_on_one(incoming: Incoming) -> list[Bubble]:
        if incoming.text == "hang":
            await asyncio.Event().wait()
        return [bubble("heard")]

    talk.answer = hang_on_one
    child.writes("hang")
    await api.until(lambda: bool(talk.heard))
    Child(api, id=7_770_009_999).writes("hi")
    assert (await api.message()).chat == 7_770_009_999


async def test_a_crash_of_the_conversation_says_nothing_twice_and_stops_nothing(
    api: BotApi, child: Child, talk: Talk
) -> None:
    async def crash_once(incoming: Incoming) -> list[Bubble]:
        if incoming.text == "crash":
            raise RuntimeError("quotes the message: crash")
        return [bubble("well")]

    talk.answer = crash_once
    child.writes("crash")
    child.writes("hi")
    assert (await api.message()).text == "well"
    await api.quiet()
    assert [act for _, act in talk.acts] == ["crash", "hi"]


async def test_an_update_that_cannot_be_read_does_not_hide_the_others(api: BotApi, child: Child) -> None:
    """aiogram's own models fail the whole poll for any of these, again and again, for 24 hours."""
    api.happens(message={"message_id": "not a number", "chat": "nor a chat", "text": "x"})
    child.sends(text="forwarded", forward_origin={"type": "hidden_user", "date": 1422450181})
    child.sends(text="a reply", external_reply={"story": {}})
    child.sends(text="new kinds", forward_origin={"type": "not_invented_yet"}, entities=[{"type": 1}])
    assert [(await api.message()).text for _ in range(3)] == ["heard: forwarded", "heard: a reply", "heard: new kinds"]
    await api.quiet()


async def test_a_chat_is_forgotten_when_its_turn_is_over(api: BotApi, child: Child, channel: TelegramChannel) -> None:
    child.writes("hi")
    await api.message()
    await api.quiet()
    assert len(channel._turns._wires) == 0
