"""How much is taken of everybody at once: as much as a child types, however fast, and a flood waits its turn (all channels).

In memory only, and no address of anybody is a key here: sessions are told apart by digests under a key that ends with the process (promise 2).
What is refused is said to be refused: nothing is dropped (promise 1).
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Rate:
    """How many in a second, and how many may come at once after a pause."""

    per_second: float
    at_once: float


ONE_SESSION = Rate(5, 5)
"""Messages of one child. Faster than anybody types or taps; a reload or a trembling finger comes in threes."""

MESSAGES_PER_SECOND = 80
"""Messages of all children together: three quarters of what two cores answer (110, docs/measurements.md), so that a flood makes everybody
wait a little instead of making everything slow."""

SESSIONS_PER_MINUTE = 120
"""New sessions of a channel that begin without more ado. Two every second, for minutes, is no school class any more."""

PATIENCE = 5.0
"""Seconds that a message may wait for its turn before its page is told "slow"; by then the answer would seem lost."""

MOMENT = 0.001
"""A shorter wait, in seconds, is none."""

MOST_SESSIONS = 50_000
"""Sessions whose pace is remembered; about 200 bytes each, forgotten as soon as they have paused."""


class Bucket:
    """A leaky bucket."""

    def __init__(self, rate: Rate, clock: Clock = time.monotonic) -> None:
        self._each = 1 / rate.per_second
        self._slack = rate.at_once / rate.per_second
        self._clock = clock
        self._next = -math.inf

    @property
    def wait(self) -> float:
        """Seconds until the next one would have its turn; 0 while it would have it at once."""
        seconds = self._after() - self._clock()
        return seconds if seconds > MOMENT else 0.0

    @property
    def is_empty(self) -> bool:
        """Whether it is as if nobody had ever come."""
        return self._next <= self._clock() - self._slack

    def take(self) -> float:
        """Book the next turn; seconds until it comes."""
        seconds = self.wait
        self._next = self._after()
        return seconds

    def _after(self) -> float:
        return max(self._next, self._clock() - self._slack) + self._each


class Crowd:
    """Everybody who writes now, over whichever channel."""

    def __init__(
        self,
        messages_per_second: float = MESSAGES_PER_SECOND,
        sessions_per_minute: float = SESSIONS_PER_MINUTE,
        clock: Clock = time.monotonic,
    ) -> None:
        self.clock = clock
        self._sessions_per_minute = sessions_per_minute
        self._everybody = Bucket(Rate(messages_per_second, 2 * messages_per_second), clock)
        self._sessions: OrderedDict[bytes, Bucket] = OrderedDict()
        self._key = secrets.token_bytes(32)

    def newcomers(self) -> Bucket:
        """A bucket for the sessions that begin on one channel; it takes a minute's worth at once."""
        return Bucket(Rate(self._sessions_per_minute / 60, self._sessions_per_minute), self.clock)

    @property
    def is_dense(self) -> bool:
        """Whether one more message, whoever writes it, would have to wait longer than PATIENCE."""
        return self._everybody.wait > PATIENCE

    async def turn(self, session: str, patience: float = math.inf) -> bool:
        """Return when the next message of this session may be handled; False, at once, if that took longer than `patience`."""
        bucket = self._bucket(session)
        if max(bucket.wait, self._everybody.wait) > patience:
            return False
        seconds = max(bucket.take(), self._everybody.take())
        if seconds:
            await asyncio.sleep(seconds)
        return True

    def _bucket(self, session: str) -> Bucket:
        name = hashlib.blake2b(session.encode(), key=self._key, digest_size=16).digest()
        bucket = self._sessions.setdefault(name, Bucket(ONE_SESSION, self.clock))
        self._sessions.move_to_end(name)
        while len(self._sessions) > 1:
            oldest = next(iter(self._sessions.values()))
            if not oldest.is_empty and len(self._sessions) <= MOST_SESSIONS:
                break
            self._sessions.popitem(last=False)
        return bucket
