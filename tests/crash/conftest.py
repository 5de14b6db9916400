"""Where the tests of crashes keep what must survive: on SQLite and tmpfs, and on PostgreSQL and Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from servers import RedisServer, postgresql_database

from bot.settings import Settings


@pytest.fixture(params=["sqlite", "servers"])
async def stores(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings with fresh stores, of both sizes one after the other."""
    if request.param == "sqlite":
        yield settings
        return
    async with AsyncExitStack() as stack:
        redis = RedisServer(tmp_path)
        redis.start()
        stack.callback(redis.stop)
        ledger = await stack.enter_async_context(postgresql_database())
        yield replace(settings, ledger=ledger, vault=redis.url)
