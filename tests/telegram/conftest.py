"""A channel on a Bot API server of our own, a child who writes, and a conversation that the test decides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from bot_api import TOKEN, BotApi, Child
from telegram_talk import QUICK, Listening, Talk

from bot.telegram.channel import TelegramChannel


@pytest.fixture(autouse=True)
def _no_waiting_for_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """On closing, aiogram waits a quarter of a second for TLS connections to end. There are none here, and many tests."""
    quick = SimpleNamespace(TimeoutError=TimeoutError, sleep=lambda _: asyncio.sleep(0))
    monkeypatch.setattr("aiogram.client.session.aiohttp.asyncio", quick)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def child(api: BotApi) -> Child:
    return Child(api)


@pytest.fixture
def listening(api: BotApi, talk: Talk) -> Listening:
    """A channel that polls while the test is inside; may be entered again, as after a restart."""

    @asynccontextmanager
    async def listen(**options: Any) -> AsyncIterator[TelegramChannel]:
        channel = TelegramChannel(TOKEN, talk.converse, api=api.url, **{"pace": QUICK, **options})
        async with _running(channel.run()):
            yield channel
        await channel.close()

    return listen


@pytest.fixture
async def channel(listening: Listening) -> AsyncIterator[TelegramChannel]:
    async with listening() as channel:
        yield channel


@asynccontextmanager
async def _running(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
        assert not task.done(), "the channel must never stop by itself"
    finally:
        task.cancel()
        await asyncio.wait([task])
