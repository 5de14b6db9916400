"""What is not text is answered kindly and never downloaded; what was typed with it is heard."""

from __future__ import annotations

from typing import Any

import pytest
from bot_api import BotApi, Child
from telegram_talk import Talk

from bot.messages import Kind

pytestmark = pytest.mark.usefixtures("channel")

FILE = {"file_id": "a-file-nobody-wants", "file_unique_id": "u", "file_size": 10}
PLACE = {"latitude": 41.3275, "longitude": 19.8187}

CONTENTS: dict[str, dict[str, Any]] = {
    "photo": {"photo": [{**FILE, "width": 90, "height": 90}]},
    "voice": {"voice": {**FILE, "duration": 3}},
    "video": {"video": {**FILE, "width": 1, "height": 1, "duration": 3}},
    "video note": {"video_note": {**FILE, "length": 240, "duration": 3}},
    "audio": {"audio": {**FILE, "duration": 3}},
    "animation": {"animation": {**FILE, "width": 1, "height": 1, "duration": 1}, "document": FILE},
    "document": {"document": FILE},
    "sticker": {
        "sticker": {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
    },
    "contact": {"contact": {"phone_number": "+355690000000", "first_name": "Kanarina"}},
    "location": {"location": PLACE},
    "venue": {"venue": {"location": PLACE, "title": "A school", "address": "A street"}, "location": PLACE},
    "poll": {"poll": {"id": "1", "question": "?", "options": []}},
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
    "story": {"story": {"chat": {"id": 1, "type": "private"}, "id": 1}},
    "something Telegram has not invented yet": {"hologram": {"file_id": "x"}},
}


async def test_what_is_not_text_is_answered_and_not_downloaded(api: BotApi, child: Child, talk: Talk) -> None:
    for name, content in CONTENTS.items():
        child.sends(**content)
        assert (await api.message()).text == "heard: not_text", name
    assert {(incoming.kind, incoming.text) for incoming in talk.heard} == {(Kind.NOT_TEXT, "")}
    assert not {"getFile", "download"} & {call.method for call in api.calls}


async def test_what_was_typed_below_a_photo_is_heard(api: BotApi, child: Child, talk: Talk) -> None:
    child.sends(**CONTENTS["photo"], caption="he took this of me")
    assert (await api.message()).text == "heard: he took this of me"
    assert talk.acts == [(Kind.TEXT, "he took this of me")]


async def test_an_album_is_answered_once_and_its_caption_is_heard_wherever_it_stands(
    api: BotApi, child: Child, talk: Talk
) -> None:
    for caption in ({}, {}, {"caption": "please look"}, {}):
        child.sends(**CONTENTS["photo"], media_group_id="13", **caption)
    await api.confirmed()
    assert talk.acts == [(Kind.NOT_TEXT, ""), (Kind.TEXT, "please look")]


async def test_a_child_who_sets_messages_to_vanish_is_not_commented_on(api: BotApi, child: Child, talk: Talk) -> None:
    child.sends(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})
    child.sends(pinned_message={"message_id": 3, "chat": child.chat, "date": 1, "text": "x"})
    await api.quiet()
    assert talk.heard == []
