"""Numbers the placeholders of one conversation, so that the same name is "[name 1]" every time and another one "[name 2]".

A counsellor can follow who is who, and nothing is kept that says who they are: what was said is remembered only as a digest, keyed with a random
key. The key lies beside the digests, so both live in the vault with the session and end with it (promise 2).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from nlu.folding import fold

MOST = 2000
"""How many pieces are recognised again in one conversation: more than any child says, and a bound for the vault. Later ones get new numbers."""

_NUMBERED = re.compile(r"\[([a-z]{2,12}) (\d{1,4})\]")
_LARGEST = 9999
_KEY_BYTES, _DIGEST_BYTES = 16, 16


class Placeholders:
    """The numbers that were given in one conversation, per kind. `to_dict` and `from_dict` carry it through the vault."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(_KEY_BYTES)
        self._numbers: dict[str, int] = {}
        self._largest: dict[str, int] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Placeholders) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._largest})"

    def of(self, kind: str, said: str) -> str:
        """The placeholder for a piece: the one it had before, or the next one."""
        digest = self._digest(kind, said)
        number = self._numbers.get(digest)
        if number is None:
            number = self._largest[kind] = min(self._largest.get(kind, 0) + 1, _LARGEST)
            if len(self._numbers) < MOST:
                self._numbers[digest] = number
        return f"[{kind} {number}]"

    def continue_from(self, texts: Iterable[str]) -> None:
        """Go on after the largest numbers in what was redacted before: a child came back with a code, and nobody knows any more who
        "[name 1]" was, so that nobody else may be called so."""
        for text in texts:
            for kind, number in _NUMBERED.findall(text):
                self._largest[kind] = max(self._largest.get(kind, 0), int(number))

    def to_dict(self) -> dict[str, Any]:
        """All of it in plain values, for the session in the vault."""
        return {"key": self._key.hex(), "numbers": dict(self._numbers), "largest": dict(self._largest)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Placeholders:
        """What `to_dict` gave."""
        placeholders = cls()
        placeholders._key = bytes.fromhex(stored["key"])
        placeholders._numbers = {str(digest): int(number) for digest, number in stored["numbers"].items()}
        placeholders._largest = {str(kind): int(number) for kind, number in stored["largest"].items()}
        return placeholders

    def _digest(self, kind: str, said: str) -> str:
        return blake2b(
            f"{kind}\0{_same(said)}".encode(errors="replace"), key=self._key, digest_size=_DIGEST_BYTES
        ).hexdigest()


def _same(said: str) -> str:
    """What two ways of saying the same piece have in common: the digits of a number, the letters of a word."""
    folded = fold(said)
    return "".join(letter for letter in folded if letter.isalnum()) or folded
