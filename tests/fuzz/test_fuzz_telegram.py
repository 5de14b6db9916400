"""Telegram's updates with anything at all in them: read or left alone, and the next message of a child is still answered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from bot_api import TOKEN, BotApi
from hypothesis import given
from hypothesis import strategies as st
from inputs import TALLY, counted, in_time, tried
from starlette.applications import Starlette
from strange import any_text, json_values, numbers, taps, texts
from telegram_talk import QUICK
from world import World

from bot import crowd
from bot.crowd import Crowd, Rate
from bot.telegram.channel import TelegramChannel
from bot.telegram.updates import ALLOWED, read

SECRET = "invented"
CHATS = (7_770_000_001, 7_770_000_002, -100_222_333)


def sometimes(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly what Telegram sends there, now and then anything."""
    return st.one_of(*[usual] * 9, json_values, numbers)


chats = st.fixed_dictionaries(
    {
        "id": sometimes(st.sampled_from(CHATS)),
        "type": sometimes(st.sampled_from(["private", "private", "supergroup", "channel"])),
    },
    optional={"first_name": any_text, "username": any_text},
)
people = st.fixed_dictionaries(
    {},
    optional={"id": numbers, "language_code": sometimes(st.sampled_from(["sq", "en", "sr"])), "first_name": any_text},
)
messages = st.fixed_dictionaries(
    {"message_id": sometimes(st.integers(1, 9)), "chat": sometimes(chats), "date": sometimes(st.just(int(time.time())))},
    optional={
        "from": sometimes(people), "text": sometimes(texts), "caption": sometimes(texts), "media_group_id": any_text, "edit_date": numbers,
        "photo": json_values, "pinned_message": json_values, "contact": json_values, "location": json_values,
    },
)  # fmt: skip
callbacks = st.fixed_dictionaries(
    {"id": sometimes(any_text)},
    optional={
        "from": sometimes(people),
        "message": sometimes(messages),
        "data": sometimes(taps),
        "chat_instance": any_text,
    },
)
memberships = st.fixed_dictionaries(
    {
        "chat": sometimes(chats),
        "new_chat_member": sometimes(
            st.fixed_dictionaries({"status": sometimes(st.sampled_from(["member", "kicked", "left"]))})
        ),
    }
)
updates: st.SearchStrategy[Any] = st.one_of(
    json_values,
    *[
        st.fixed_dictionaries({"update_id": sometimes(st.integers(1, 10**9))}, optional={name: sometimes(content)})
        for name, content in [*zip(ALLOWED, (messages, messages, callbacks, memberships), strict=True)] * 3
    ],
)


@tried(short=150, long=16_000)
@given(update=updates)
def test_any_update_is_read_or_is_none(update: Any) -> None:
    with TALLY.one("telegram reading", 1.0):
        found = read(update)
        assert "Testa" not in repr(found)
        for message in filter(None, (found.message, found.edited_message) if found else ()):
            message.incoming()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        for chat in CHATS:
            server.knows(chat)
        yield server


@pytest.fixture
async def hook(
    api: BotApi,
    world_without_rasa: World,
    mistakes: list[str],  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[httpx.AsyncClient]:
    """Telegram's door to the real conversation, at a quick pace."""
    monkeypatch.setattr(crowd, "ONE_SESSION", Rate(1e6, 1e6))
    monkeypatch.setattr(
        "aiogram.client.session.aiohttp.asyncio",
        SimpleNamespace(TimeoutError=TimeoutError, sleep=lambda _: asyncio.sleep(0)),
    )
    channel = TelegramChannel(
        TOKEN, world_without_rasa.chat.conversation.converse, api=api.url, webhook="https://chat.example.org", secret=SECRET, pace=QUICK,
        crowd=Crowd(1e6, 1e9),
    )  # fmt: skip
    transport = httpx.ASGITransport(Starlette(routes=[channel.webhook_route()]))
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test", headers=headers) as client:
        yield client
    await channel.close()


_ids = iter(range(2 * 10**9, 3 * 10**9))


@tried(short=20, long=1_000)
@given(sent=st.lists(updates, min_size=1, max_size=6))
async def test_after_any_updates_the_next_message_is_answered(
    api: BotApi, hook: httpx.AsyncClient, sent: list[Any]
) -> None:
    with counted("telegram updates", len(sent) + 1):
        async with in_time():
            for update in sent:
                answer = await hook.post("/telegram", content=written(update))
                assert answer.status_code in {200, 400, 413}
            chat = {"id": CHATS[0], "type": "private"}
            last = next(_ids)
            before = len(api.messages)
            hello = {
                "update_id": last,
                "message": {"message_id": last, "chat": chat, "date": int(time.time()), "text": "/help"},
            }
            assert (await hook.post("/telegram", json=hello)).status_code == 200
            await api.until(lambda: any(call.chat == CHATS[0] for call in api.messages[before:]), 20)
    api.messages.clear()
    api.calls.clear()


def written(update: Any) -> bytes:
    try:
        return json.dumps(update).encode()
    except ValueError:  # a number that is too long even for Python to write
        return b"{}"
