"""The second factor: six digits of an authenticator app beside the password (TOTP, RFC 6238), each good once."""

from __future__ import annotations

import hmac
import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import pyotp
import segno

from escalation.sealing import Pair
from escalation.slowing import WrongCredentials

ISSUER = "Helpline"
STEP = 30
"""Seconds that a code lasts (RFC 6238, section 5.2)."""

DRIFT = 1
"""Steps before and after the present one that are accepted, for telephones whose clock is wrong (same section)."""


class WrongCode(WrongCredentials):
    """The six digits are not those of now, or were used already."""

    def __init__(self) -> None:
        Exception.__init__(self, "These are not the six digits of now; wait for the next ones.")


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """One person's TOTP secret, opened. `used` is the time step whose code was used last; None until one was confirmed."""

    name: str
    secret: str = field(repr=False)
    used: int | None = None

    @classmethod
    def fresh(cls, name: str) -> Self:
        """A new secret of 160 bits, as authenticator apps expect it."""
        return cls(name, pyotp.random_base32())

    @classmethod
    def of(cls, row: Any, pair: Pair) -> Self | None:
        """The factor of a row of staff, opened with the person's own key; None while there is none."""
        if row.second_factor is None:
            return None
        return cls(row.name, pair.open(row.second_factor).decode(), row.second_factor_step)

    @property
    def confirmed(self) -> bool:
        """Whether a code of it was given once: only then it is asked for."""
        return self.used is not None

    @property
    def address(self) -> str:
        """What the QR code says to the app."""
        return pyotp.TOTP(self.secret).provisioning_uri(name=self.name, issuer_name=ISSUER)

    def drawn(self) -> bytes:
        """The QR code as an SVG picture without styles of its own, black on white whatever is around it."""
        picture = io.BytesIO()
        segno.make(self.address, micro=False).save(picture, kind="svg", scale=5, border=4, light="#fff")
        return picture.getvalue()

    def groups(self) -> str:
        """The secret in groups of four, for whoever has to type it."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))

    def check(self, code: str, now: datetime) -> int:
        """The time step of a right code; raises WrongCode for another, and for one that was used already."""
        digits = "".join(letter for letter in code if letter.isdecimal())
        digits = "".join(str(int(digit)) for digit in digits)  # digits of any script
        present = int(now.timestamp()) // STEP
        right = None
        for step in range(present - DRIFT, present + DRIFT + 1):
            if hmac.compare_digest(pyotp.TOTP(self.secret).at(step * STEP), digits):
                right = step
        if right is None or (self.used is not None and right <= self.used):
            raise WrongCode
        return right
