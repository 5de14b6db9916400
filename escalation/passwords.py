"""Passwords: kept nowhere, and right when they open the key that they wrapped. Trying one takes time and memory on purpose."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable

from escalation.sealing import unwrap_with_password, wrap_with_password
from escalation.slowing import SlowDown

SHORTEST_PASSWORD = 10
UNWRAPPING_AT_ONCE = 2  # so that a flood of sign-ins takes 128 MiB at most
MOST_IN_LINE = 40  # passwords that wait to be tried, about two seconds of work; more are refused at once


class PasswordTooShort(Exception):
    """The password is too short to withstand guessing."""

    def __init__(self) -> None:
        super().__init__(f"A password has at least {SHORTEST_PASSWORD} characters.")


class Passwords:
    """Wraps and unwraps keys, a few at once, so that a flood can neither fill the memory nor make everybody wait for ever."""

    def __init__(self) -> None:
        self._in_line = 0
        self._unwrapping = asyncio.Semaphore(UNWRAPPING_AT_ONCE)

    async def wrap(self, secret: bytes, password: str) -> bytes:
        """A key that only this password opens. Raises SlowDown when too many wait for theirs already."""
        return await self._in_a_thread(wrap_with_password, secret, normal(password))

    async def unwrap(self, wrapped: bytes, password: str) -> bytes:
        """The key; raises SealIsBroken for another password, and SlowDown when too many wait for theirs already."""
        return await self._in_a_thread(unwrap_with_password, wrapped, normal(password))

    async def _in_a_thread(self, work: Callable[[bytes, str], bytes], secret: bytes, password: str) -> bytes:
        if self._in_line >= MOST_IN_LINE:
            raise SlowDown(1)
        self._in_line += 1
        try:
            async with self._unwrapping:
                return await asyncio.to_thread(work, secret, password)
        finally:
            self._in_line -= 1


def long_enough(password: str) -> None:
    """Raises PasswordTooShort."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort


def normal(password: str) -> str:
    """The password as every keyboard means it."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()
