"""Nothing that could lead to a child is logged or printed, at whatever level and whatever goes wrong."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from bot_api import TOKEN, BotApi, Child, bad_gateway, bad_request, blocked, deactivated, flood, hang_up, unauthorized
from telegram_talk import Listening, Talk, bubble

from bot.messages import Bubble, Channel, Incoming, Sender
from bot.telegram.updates import read

SAID = "my secret which only the helpline may know"


@pytest.fixture
def traces(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that any logger or the program itself says, from DEBUG up, with all fields and tracebacks."""
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    monkeypatch.setattr(sys, "stdout", said)
    handler = logging.StreamHandler(said)
    root = logging.getLogger()
    root.addHandler(handler)
    caplog.set_level(logging.DEBUG)
    for name in ("aiogram", "aiogram.dispatcher", "aiogram.event", "asyncio", "aiohttp", "aiohttp.client"):
        caplog.set_level(logging.DEBUG, logger=name)
    before = structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(said),
    )
    yield said
    structlog.configure(**before)
    root.removeHandler(handler)


async def test_nothing_of_a_child_is_logged_whatever_happens(
    api: BotApi, child: Child, talk: Talk, listening: Listening, traces: io.StringIO
) -> None:
    async def crash_sometimes(incoming: Incoming) -> list[Bubble]:
        if incoming.text.startswith("crash"):
            raise RuntimeError(incoming.text, incoming.sender.key)
        return [bubble(f"{incoming.text} {SAID}", ("Yes", "yes"))]

    talk.answer = crash_sometimes
    asyncio.get_running_loop().set_debug(True)
    async with listening() as channel:
        await api.until(lambda: bool(api.polls))
        api.fail("getUpdates", bad_gateway, hang_up, flood(1), unauthorized)
        update = child.writes(SAID)
        api.repeat(update)
        api.happens(message={**child.message(text=SAID), "message_id": "unreadable"})
        child.edits(update, text=SAID + "!")
        child.writes(f"crash {SAID}")
        child.sends(contact={"phone_number": "+355690000000", "first_name": child.first_name})
        child.taps("yes")
        child.adds_bot_to_group()
        for failure in (bad_request, bad_gateway, hang_up, flood(1), blocked):
            api.fail("sendMessage", failure)
        api.fail("answerCallbackQuery", hang_up)
        await api.confirmed()
        child.blocks()
        await api.confirmed()
        api.fail("sendMessage", flood(9), bad_gateway, bad_request, deactivated)
        for _ in range(4):
            await channel.deliver(Sender(Channel.TELEGRAM, str(child.id)), [bubble(SAID)])
        await asyncio.sleep(1.2)
        await api.go_away()
        await channel.deliver(Sender(Channel.TELEGRAM, str(child.id)), [bubble(SAID)])
        await api.come_back()
        child.writes(SAID)
        await api.confirmed()
    logged = traces.getvalue()
    assert "telegram_turn_failed" in logged, "the log was looked at"
    assert "telegram_is_away" in logged
    assert "telegram_refuses_the_token" in logged
    canaries = [
        str(child.id), child.first_name, child.last_name, child.username, SAID, "+355690000000", TOKEN, TOKEN.split(":")[1], "Sender(telegram, "
    ]  # fmt: skip
    assert [canary for canary in canaries if canary in logged] == []


def test_an_update_shows_nothing_of_itself(child_without_server: Child) -> None:
    update = read({"update_id": 1, "message": child_without_server.message(text=SAID)})
    assert update is not None
    assert update.message is not None
    shown = f"{update!r} {update} {update.message!r} {update.message.chat} {update.message.incoming()!r}"
    assert SAID not in shown
    assert str(child_without_server.id) not in shown


def test_names_are_not_even_read(child_without_server: Child) -> None:
    content = {"text": SAID, "contact": {"phone_number": "+355690000000"}, "photo": [{"file_id": "a-file"}]}
    update = read({"update_id": 1, "message": child_without_server.message(**content)})
    assert update is not None
    held = update.model_dump_json()
    unread = [
        child_without_server.first_name,
        child_without_server.last_name,
        child_without_server.username,
        "+355",
        "a-file",
    ]
    assert [name for name in unread if name in held] == []


@pytest.fixture
async def child_without_server() -> Child:
    return Child(BotApi())
