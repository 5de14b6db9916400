"""Real servers, each test with its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from servers import RedisServer, postgresql_database


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that keeps everything in memory."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def postgresql() -> AsyncIterator[str]:
    """The URL of an empty database."""
    async with postgresql_database() as url:
        yield url
