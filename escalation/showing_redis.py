"""Pieces that are shown once, where chat and console are several processes: in a Redis that saves nothing to a disk.

They lie there sealed with the case key, so that Redis itself learns nothing either.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

from escalation.showing import KEPT_SECONDS, PiecesAreAway


class InRedis:
    """Pieces in the Redis of the vault; its client (bot.vault_redis) speaks with none that saves to a disk."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, case: str, placeholder: str, sealed: bytes) -> None:
        """Keep a piece, in place of one with the same placeholder."""
        async with _or_away(), self._redis.pipeline(transaction=True) as together:
            together.hset(_key(case), placeholder, base64.b64encode(sealed).decode())
            together.expire(_key(case), KEPT_SECONDS)
            await together.execute()

    async def names(self, case: str) -> list[str]:
        """The placeholders that wait for this case."""
        async with _or_away():
            return sorted(_text(name) for name in await self._redis.hkeys(_key(case)))

    async def take(self, case: str, placeholder: str) -> bytes | None:
        """The piece, which is gone by that; None when there is none."""
        async with _or_away(), self._redis.pipeline(transaction=True) as together:
            together.hget(_key(case), placeholder)
            together.hdel(_key(case), placeholder)
            held, _ = await together.execute()
        return None if held is None else base64.b64decode(held)

    async def close(self) -> None:
        """Close the connections; what waits goes on waiting until its end."""
        await self._redis.aclose()


@asynccontextmanager
async def _or_away() -> AsyncIterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise PiecesAreAway from error


def _key(case: str) -> str:
    return f"helpline:shown:{case}"


def _text(name: bytes | str) -> str:
    return name.decode() if isinstance(name, bytes) else name
