"""Slowing: guessing a password takes longer with every failure, for that name alone.

Kept in memory: a restart forgives. Names that nobody has are slowed like real ones, so the answer tells nothing. Nobody is
ever locked out: the wait ends after half a minute at most, and whoever is familiar does not even wait (escalation.familiar).
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LONGEST_WAIT = 30  # seconds
FORGET_AFTER = timedelta(minutes=15)
MOST_IN_LINE = 4  # attempts with one name that wait for each other; more are refused at once
MOST_NAMES = 10_000  # a flood of names costs memory up to here; each of them costs the sender an Argon2id


class SlowDown(Exception):
    """Too many failures with this name; try again after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts; try again in {seconds} seconds.")
        self.seconds = seconds


class WrongCredentials(Exception):
    """Name, password and digits do not belong together; says nothing about which of them is wrong."""

    def __init__(self) -> None:
        super().__init__("The name, the password or the six digits are wrong.")


@dataclass(slots=True)
class _Attempts:
    failures: int = 0
    until: datetime | None = None
    in_line: int = 0
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)


class Slowing:
    """Waits of 1, 2, 4, ... 30 seconds after each failure; forgotten after a success or a quarter of an hour."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._names: dict[str, _Attempts] = {}

    @asynccontextmanager
    async def attempt(self, name: str) -> AsyncIterator[None]:
        """One attempt with this name: raises SlowDown before it, counts WrongCredentials raised within it.

        Attempts with one name go one after the other, so that a hundred at once are not a hundred free guesses.
        """
        self._forget_old()
        attempts = self._names.setdefault(name, _Attempts())
        self._not_yet(attempts)
        if attempts.in_line >= MOST_IN_LINE:
            raise SlowDown(1)
        attempts.in_line += 1
        try:
            async with attempts.one_at_a_time:
                self._not_yet(attempts)
                try:
                    yield
                except WrongCredentials:
                    attempts.failures += 1
                    wait = min(2 ** min(attempts.failures - 1, 10), LONGEST_WAIT)
                    attempts.until = self._clock() + timedelta(seconds=wait)
                    raise
                attempts.failures, attempts.until = 0, None
        finally:
            attempts.in_line -= 1

    def _not_yet(self, attempts: _Attempts) -> None:
        """Raise SlowDown while a wait runs."""
        now = self._clock()
        if attempts.until is not None and attempts.until > now:
            raise SlowDown(math.ceil((attempts.until - now).total_seconds()))

    def _forget_old(self) -> None:
        now = self._clock()
        full = len(self._names) >= MOST_NAMES
        for name, attempts in list(self._names.items()) if full or len(self._names) % 100 == 0 else ():
            idle = attempts.until is None or now - attempts.until > (timedelta(0) if full else FORGET_AFTER)
            if idle and not attempts.in_line:
                del self._names[name]
