"""The door to a new chat: open, unless very many come at once; then a little work is asked for, or a little waiting (docs/web-protocol.md).

It holds nothing about a visitor before the work is done: challenges and tickets are signed with a key in memory, and only those that have
opened the door once are remembered, until they expire. Whoever is in a conversation is never asked.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from dataclasses import dataclass

from bot.crowd import Crowd
from bot.web.tokens import Remembered

LEAST_BITS, MOST_BITS = 9, 12
"""Zero bits that a proof's SHA-256 begins with: 512 tries on average at the beginning of a flood, 4,096 at its height. Measured with
bot/web/static/work.js in Chromium slowed down six times, as for a telephone of the cheapest kind: 4,000 to 6,000 tries in a second, so at
the most 1 second on average and about 2 in nine of ten cases. (A real old telephone has not been measured.)"""

SECONDS_PER_BIT = 60.0
"""One bit more for each minute's worth of newcomers that is too many."""

LONGEST_FLOOD = 240.0
"""Seconds for which work is still asked after the last of a flood came, at the most."""

LEAST_SECONDS, MOST_SECONDS = 10, 60
"""What whoever cannot work (no script, or http) is asked to wait before they try again."""

LIVES = 300.0
"""Seconds until a challenge or ticket expires."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is asked: a proof for the challenge, or waiting that many seconds and coming back with it."""

    challenge: str
    bits: int
    seconds: int


class Door:
    """Lets newcomers of the web channel in."""

    def __init__(self, crowd: Crowd) -> None:
        self._clock = crowd.clock
        self._began = crowd.clock()
        self._newcomers = crowd.newcomers()
        self._waiting = crowd.newcomers()
        self._inside = Remembered()
        self._spent: dict[str, float] = {}
        self._key = secrets.token_bytes(32)

    def knock(self, token: str) -> Work | None:
        """Somebody comes. None: come in. Work: that first, unless they are in a conversation already (then say `let_in`)."""
        if token in self._inside:
            return None
        if not self._newcomers.wait:
            self._newcomers.take()
            self.let_in(token)
            return None
        if self._newcomers.wait < LONGEST_FLOOD:
            self._newcomers.take()
        return self.work(token)

    def let_in(self, token: str) -> None:
        """From now on this token is not asked."""
        self._inside.add(token)

    def work(self, token: str) -> Work:
        """A challenge for this token alone."""
        bits = min(MOST_BITS, LEAST_BITS + int(self._newcomers.wait / SECONDS_PER_BIT))
        seconds = min(MOST_SECONDS, max(LEAST_SECONDS, math.ceil(self._waiting.wait)))
        now = self._now()
        stated = f"{secrets.token_hex(16)}.{now + seconds * 1000}.{now + int(LIVES * 1000)}.{bits}"
        return Work(f"{stated}.{self._signature(token, stated)}", bits, seconds)

    def opens(self, token: str, challenge: str, proof: str | None = None) -> bool:
        """Whether the work is done, or, without a proof, the waiting is over and it is their turn. Each challenge opens once."""
        stated, _, signature = challenge.rpartition(".")
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), self._signature(token, stated).encode()):
            return False
        number, patient_at, expires, bits = stated.split(".")
        now = self._now()
        self._forget(now)
        if number in self._spent or now > int(expires):
            return False
        if proof is None:
            if now < int(patient_at) or self._waiting.wait:
                return False
            self._waiting.take()
        elif not is_proof(challenge, proof, int(bits)):
            return False
        self._spent[number] = int(expires)
        self.let_in(token)
        return True

    def _forget(self, now: int) -> None:
        """The oldest expire first, nearly: they all live equally long."""
        while self._spent and self._spent[first := next(iter(self._spent))] < now:
            del self._spent[first]

    def _signature(self, token: str, stated: str) -> str:
        return hmac.digest(self._key, f"{token}:{stated}".encode("utf-8", "replace"), "sha256").hex()

    def _now(self) -> int:
        """Milliseconds since the door was hung; no clock of anybody else's."""
        return int((self._clock() - self._began) * 1000)


def is_proof(challenge: str, proof: str, bits: int) -> bool:
    """Whether SHA-256 of the challenge, a colon and the proof begins with that many zero bits."""
    digest = hashlib.sha256(f"{challenge}:{proof}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest, "big") >> (len(digest) * 8 - bits) == 0
