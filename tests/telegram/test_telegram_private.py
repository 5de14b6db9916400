"""Only private chats: whatever happens where others read along is ignored."""

from __future__ import annotations

from typing import Any

import pytest
from bot_api import GROUP, BotApi, Child
from telegram_talk import Talk

from bot.telegram.updates import ALLOWED

pytestmark = pytest.mark.usefixtures("channel")

SILENT = {"deleteWebhook", "setMyCommands"}


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_a_message_where_others_read_along_is_ignored(api: BotApi, child: Child, talk: Talk, kind: str) -> None:
    child.writes_in_group("/start", kind)
    update = child.writes_in_group("hello?", kind)
    child.edits(update, text="hello!")
    await api.quiet()
    assert talk.heard == []
    assert {call.method for call in api.calls} <= SILENT


async def test_a_button_tapped_in_a_group_is_ignored(api: BotApi, child: Child, talk: Talk) -> None:
    below = {"message_id": 1, "chat": {"id": GROUP, "type": "group", "title": "A class"}, "date": 1}
    api.happens(callback_query={"id": "1", "from": child.person, "chat_instance": "1", "message": below, "data": "yes"})
    await api.quiet()
    assert talk.heard == []
    assert {call.method for call in api.calls} <= SILENT


async def test_a_group_that_it_is_added_to_is_left_without_a_word(api: BotApi, child: Child, talk: Talk) -> None:
    child.adds_bot_to_group()
    await api.until(lambda: bool(api.called("leaveChat")))
    await api.quiet()
    assert [call.chat for call in api.called("leaveChat")] == [GROUP]
    assert talk.heard == []
    assert api.messages == []


@pytest.mark.parametrize(
    "update",
    [
        {"channel_post": {"message_id": 1, "chat": {"id": GROUP, "type": "channel"}, "date": 1, "text": "x"}},
        {"business_message": {"message_id": 1, "chat": {"id": 7, "type": "private"}, "date": 1, "text": "x"}},
        {
            "inline_query": {
                "id": "1",
                "query": "x",
                "offset": "",
                "from": {"id": 1, "is_bot": False, "first_name": "x"},
            }
        },
        {"something_new": {"text": "x"}},
        {},
    ],
    ids=lambda update: next(iter(update), "nothing"),
)
async def test_other_updates_are_ignored(api: BotApi, talk: Talk, update: dict[str, Any]) -> None:
    api.happens(**update)
    await api.quiet()
    assert talk.heard == []
    assert {call.method for call in api.calls} <= SILENT


async def test_telegram_is_asked_only_for_what_is_read(api: BotApi) -> None:
    await api.until(lambda: bool(api.polls))
    assert (
        api.polls[0]["allowed_updates"] == ALLOWED == ["message", "edited_message", "callback_query", "my_chat_member"]
    )
