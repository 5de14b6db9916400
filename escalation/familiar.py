"""Familiar: who has signed in here before with the same password passes by the wait that others' guessing has caused.

Without it, whoever knows a counsellor's name could fail at it again and again, and keep them from the children who wait
(promise 1). The memory is this process's own: of each password two bytes of a keyed digest, enough to tell a stranger's
guess in all but one of 65,536 cases, and by far too little to lead back to the password; and the second factor, so that the
six digits are judged before Argon2id costs anything. A restart forgets it, as it forgets the failures.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from nacl.encoding import RawEncoder
from nacl.hash import blake2b

from escalation.second_factor import SecondFactor

BYTES = 2


@dataclass(frozen=True, slots=True)
class _Known:
    password: bytes = field(repr=False)
    wrapped_key: bytes = field(repr=False)  # as the ledger held it then: with a changed password this memory is none
    sealed_factor: bytes = field(repr=False)
    factor: SecondFactor = field(repr=False)


class Familiar:
    """Remembers the sign-ins that succeeded, and knows such a one again."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._known: dict[int, _Known] = {}

    def remember(
        self, staff_id: int, password: str, wrapped_key: bytes, sealed_factor: bytes, factor: SecondFactor
    ) -> None:
        """This password and this factor have opened this account, as the ledger holds it now."""
        self._known[staff_id] = _Known(self._digest(password), wrapped_key, sealed_factor, factor)

    def recognises(self, row: Any | None, password: str) -> bool:
        """Whether this looks like the password that opened the account last."""
        known = self._known.get(row.id) if row is not None else None
        if row is None or known is None:
            return False
        same = known.wrapped_key == row.wrapped_key and known.sealed_factor == row.second_factor
        return hmac.compare_digest(known.password, self._digest(password)) and same

    def check(self, row: Any, code: str, now: datetime) -> int:
        """The time step of the right six digits of somebody recognised; raises WrongCode."""
        return replace(self._known[row.id].factor, used=row.second_factor_step).check(code, now)

    def _digest(self, password: str) -> bytes:
        whole = blake2b(password.encode(), digest_size=32, key=self._key, encoder=RawEncoder)
        return bytes(whole)[:BYTES]
