"""The vault on a Redis server, for a helpline of several processes: in memory there too, or the start is refused (promise 2)."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable
from typing import Any, Self, TypeVar

import structlog
from redis import asyncio as redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import NoPermissionError, RedisError, ResponseError

from bot.vault import VaultIsAway, VaultIsOnDisk

R = TypeVar("R")

PREFIX = "helpline:"
"""Before every key, so that a Redis may be shared. The same for everybody: it says nothing of anybody."""

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 1.0
"""Longer than any healthy Redis takes, and short enough that a child is not left without a word while it is away."""

MOST_CONNECTIONS = 50

IN_MEMORY = {"save": "", "appendonly": "no"}
"""What `CONFIG GET` says of a Redis that writes neither snapshots nor a log of its commands."""

SAVES = "the Redis of HELPLINE_VAULT saves to disk; start it with --save '' --appendonly no"
HIDES = (
    "the Redis of HELPLINE_VAULT does not say whether it saves to disk; permit CONFIG GET to the user in HELPLINE_VAULT"
)

log = structlog.get_logger("vault")


class _SavesToDisk(RedisError):
    """A connection that must not be used. Redis's own kind of error, so that its client closes the connection."""


class RedisVault:
    """The vault of the larger size. Redis ends every entry by itself; lost connections are made anew by the next call.

    Whether the server saves to disk is asked on every new connection: one that was restarted with another configuration, or replaced by
    another server, is not told a word.
    """

    def __init__(self, reached: redis.Redis) -> None:
        self._redis = reached

    @classmethod
    async def open(cls, url: str, *, may_be_on_disk: bool = False) -> Self:
        """Reach the server. Raises VaultIsOnDisk for one that saves or does not say whether it does, and VaultIsAway."""
        reached = client(url, may_be_on_disk=may_be_on_disk)
        try:
            await reached.ping()
        except _SavesToDisk as refusal:
            await reached.aclose()
            raise VaultIsOnDisk(str(refusal)) from None
        except (RedisError, OSError) as error:
            await reached.aclose()
            raise VaultIsAway from error
        return cls(reached)

    async def get(self, key: str) -> Any | None:
        """The value, or None when there is none or it has ended."""
        return _read(await _or_away(self._redis.get(PREFIX + key)))

    async def put(self, key: str, value: Any, seconds: float) -> None:
        """Keep a JSON value for so many seconds from now."""
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        await _or_away(self._redis.set(PREFIX + key, written, px=max(1, math.ceil(seconds * 1000))))

    async def take(self, key: str) -> Any | None:
        """The value, which is forgotten at once: of several who take, one gets it and the others None."""
        return _read(await _or_away(self._redis.getdel(PREFIX + key)))

    async def delete(self, key: str) -> None:
        """Forget a key; nothing happens when it is not there."""
        await _or_away(self._redis.delete(PREFIX + key))

    async def sweep(self) -> int:
        """Redis removes what has ended by itself; here the idle connections end, so that the next ones ask anew whether it saves."""
        await self._redis.connection_pool.disconnect(inuse_connections=False)
        await _or_away(self._redis.ping())
        return 0

    async def close(self) -> None:
        """Close every connection; what Redis holds stays for the next start."""
        await self._redis.aclose()


def client(url: str, *, may_be_on_disk: bool = False) -> redis.Redis:
    """A client that speaks with a Redis only if it keeps everything in memory: also for what else must never be on a disk.

    It connects with its first command, and raises Redis's own errors.
    """
    pool = redis.BlockingConnectionPool.from_url(
        url,
        max_connections=MOST_CONNECTIONS,
        timeout=ANSWER_SECONDS,
        decode_responses=True,
        protocol=2,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        # Once more for a connection that a restart has cut; never after a time-out, the command may have been carried out.
        retry=Retry(NoBackoff(), 1, supported_errors=(NoConnection,)),
        redis_connect_func=None if may_be_on_disk else _in_memory_only,
    )
    return redis.Redis.from_pool(pool)  # which closes the pool with itself


async def _in_memory_only(connection: AbstractConnection) -> None:
    await connection.on_connect()
    for name, wanted in IN_MEMORY.items():
        await connection.send_command("CONFIG", "GET", name)
        try:
            answer = await connection.read_response()
        except (NoPermissionError, ResponseError):
            raise _SavesToDisk(HIDES) from None
        if answer != [name, wanted]:
            raise _SavesToDisk(SAVES if answer else HIDES)


async def _or_away(asked: Awaitable[R]) -> R:
    try:
        return await asked
    except _SavesToDisk as refusal:  # since the start; nothing is written to it
        log.error("vault_is_on_disk")
        raise VaultIsAway from refusal
    except (RedisError, OSError) as error:
        raise VaultIsAway from error


def _read(written: str | bytes | None) -> Any | None:
    return None if written is None else json.loads(written)
