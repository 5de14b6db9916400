"""Webhook mode: Telegram brings updates to our web server, and nobody else can."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from bot_api import TOKEN, BotApi, Child, bad_gateway
from starlette.applications import Starlette
from telegram_talk import QUICK, Talk

from bot.messages import Kind
from bot.settings import SettingIsWrong
from bot.telegram.channel import TelegramChannel
from bot.telegram.updates import ALLOWED

SECRET = "a-secret-of-the-tests"
HEADER = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@pytest.fixture
async def hooked(api: BotApi, talk: Talk) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(
        TOKEN, talk.converse, api=api.url, webhook="https://chat.example.org/", secret=SECRET, pace=QUICK
    )
    yield channel
    await channel.close()


@pytest.fixture
async def door(hooked: TelegramChannel) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[hooked.webhook_route()])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://chat.test") as client:
        yield client


async def test_telegram_is_told_where_to_bring_updates(api: BotApi, hooked: TelegramChannel) -> None:
    api.fail("setWebhook", bad_gateway)
    await hooked.set_webhook()
    assert api.webhook == {
        "url": "https://chat.example.org/telegram",
        "secret_token": SECRET,
        "allowed_updates": ALLOWED,
        "drop_pending_updates": "false",
    }
    assert api.called("setMyCommands")


async def test_an_update_with_the_secret_is_heard_and_answered(
    api: BotApi, door: httpx.AsyncClient, child: Child, talk: Talk
) -> None:
    response = await door.post("/telegram", json=child.writes("hi"), headers=HEADER)
    assert response.status_code == 200
    assert talk.acts == [(Kind.TEXT, "hi")], "it was heard before Telegram may forget it"
    assert (await api.message()).text == "heard: hi"


@pytest.mark.parametrize(
    "headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}, {"X-Telegram-Bot-Api-Secret-Token": ""}]
)
async def test_nobody_is_heard_without_the_secret(
    door: httpx.AsyncClient, child: Child, talk: Talk, headers: dict[str, str]
) -> None:
    response = await door.post("/telegram", json=child.writes("hi"), headers=headers)
    assert (response.status_code, response.content) == (403, b"")
    assert talk.heard == []


async def test_a_secret_in_strange_letters_is_only_wrong(door: httpx.AsyncClient) -> None:
    strange = [(b"X-Telegram-Bot-Api-Secret-Token", b"\xff\xc3\xa9")]
    assert (await door.post("/telegram", json={}, headers=strange)).status_code == 403


async def test_a_repeated_update_is_heard_once(api: BotApi, door: httpx.AsyncClient, child: Child, talk: Talk) -> None:
    update = child.writes("hi")
    for _ in range(3):
        assert (await door.post("/telegram", json=update, headers=HEADER)).status_code == 200
    await api.message()
    assert talk.acts == [(Kind.TEXT, "hi")]


async def test_what_is_too_large_is_not_read(door: httpx.AsyncClient, child: Child, talk: Talk) -> None:
    huge = child.writes("x" * 1_000_000)
    assert (await door.post("/telegram", json=huge, headers=HEADER)).status_code == 413
    assert talk.heard == []


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00binary", b"{", b"[" * 100_000])
async def test_what_is_no_json_is_refused(door: httpx.AsyncClient, body: bytes) -> None:
    assert (await door.post("/telegram", content=body, headers=HEADER)).status_code == 400


@pytest.mark.parametrize("update", [{}, [], None, 7, {"update_id": 1, "message": {"text": "x"}}])
async def test_what_is_no_update_is_taken_and_ignored(door: httpx.AsyncClient, talk: Talk, update: object) -> None:
    """With another answer Telegram would bring it again and again."""
    response = await door.post("/telegram", content=json.dumps(update), headers=HEADER)
    assert response.status_code == 200
    assert talk.heard == []


async def test_an_edit_from_the_end_of_time_is_an_edit(door: httpx.AsyncClient, child: Child, talk: Talk) -> None:
    edited = {**child.message(text="hi"), "date": 10**400}
    response = await door.post("/telegram", json={"update_id": 1, "edited_message": edited}, headers=HEADER)
    assert response.status_code == 200
    assert talk.acts == [(Kind.TEXT, "hi")]


async def test_it_can_only_be_posted_to(door: httpx.AsyncClient) -> None:
    assert (await door.get("/telegram", headers=HEADER)).status_code == 405


def test_a_webhook_without_a_secret_does_not_start(talk: Talk) -> None:
    with pytest.raises(SettingIsWrong, match="HELPLINE_TELEGRAM_SECRET"):
        TelegramChannel(TOKEN, talk.converse, webhook="https://chat.example.org")


async def test_a_channel_without_a_secret_has_no_door(talk: Talk) -> None:
    with pytest.raises(SettingIsWrong, match="HELPLINE_TELEGRAM_SECRET"):
        TelegramChannel(TOKEN, talk.converse).webhook_route()


def test_a_wrong_token_does_not_start_and_is_not_repeated(talk: Talk) -> None:
    with pytest.raises(SettingIsWrong, match="HELPLINE_TELEGRAM_TOKEN") as caught:
        TelegramChannel("secret-but-no-token", talk.converse)
    assert "secret-but" not in str(caught.value)
