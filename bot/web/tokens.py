"""The session token: all that ties a page to a conversation, and it lives in the page alone (promise 2).

It is no cookie and stands in no address: whoever takes the telephone afterwards finds nothing to come back with.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import TypeGuard

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

REMEMBERED = 10_000
"""How many tokens are remembered, of children who left, or who came in; 32 bytes each."""


def new_token() -> str:
    """A token of 256 random bits, 43 characters, safe in a form and in JSON."""
    return secrets.token_urlsafe(32)


def is_token(value: object) -> TypeGuard[str]:
    """Whether a value has the form of our tokens; everything else is refused by giving a new one."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


class Remembered:
    """Tokens of children who left, so that "back" and "send again" in the browser bring nothing back (promise 3); or of those who came in.

    Only digests, only in memory: a digest of 256 random bits identifies nobody. The oldest are forgotten.
    """

    def __init__(self) -> None:
        self._digests: dict[bytes, None] = {}

    def add(self, token: str) -> None:
        """From now on this token is known."""
        self._digests[_digest(token)] = None
        if len(self._digests) > REMEMBERED:
            del self._digests[next(iter(self._digests))]

    def __contains__(self, token: str) -> bool:
        return _digest(token) in self._digests


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
