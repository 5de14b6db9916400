"""Members of the team for tests: a founded helpline and people with keys, a password and a second factor, without the seconds that these cost.

What they have is real; only the slow wrapping of a key by the password is done once for a whole run, not once for each person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

import pyotp

from escalation.ledger import Ledger, staff, utc_now
from escalation.people import HOLD_THE_TEAM_KEY, Person, Role, Signed
from escalation.sealing import Pair, seal_to, wrap_with_password
from escalation.second_factor import STEP
from escalation.team import founding, rotate

PASSWORD = "correct horse battery staple"


@dataclass
class Member:
    """Somebody of the team, as their own memory and telephone know them."""

    id: int
    name: str
    roles: frozenset[Role]
    pair: Pair
    team: Pair | None
    secret: str
    used: int = field(default=0)

    def code(self, now: datetime | None = None) -> str:
        """Six digits that were not used yet: the present ones, or once in a half minute the next."""
        present = int((now or utc_now()).timestamp()) // STEP
        self.used = max(present, self.used + 1)
        assert self.used <= present + 1, "no code is left in this half minute"
        return pyotp.TOTP(self.secret).at(self.used * STEP)

    @property
    def signed(self) -> Signed:
        """This person as somebody who is signed in, with their keys."""
        return Signed(Person(self.id, self.name, self.roles, True, True), self.pair, self.team, True)


@cache
def _wrapped() -> tuple[Pair, bytes]:
    pair = Pair.fresh()
    return pair, wrap_with_password(pair.secret, PASSWORD)


async def found(ledger: Ledger) -> Pair:
    """Found the helpline, as the first who joins does it; the team's key."""
    async with ledger.begin() as connection:
        old = await founding(connection)
        assert old, "the helpline was founded before"
        return await rotate(connection, old)


async def join(
    ledger: Ledger, team: Pair, name: str, roles: Iterable[Role] = (Role.COUNSELLOR,), *, second_factor: bool = True
) -> Member:
    """Somebody joins with these roles, the password above and a second factor that is set (unless they are to set it)."""
    pair, wrapped = _wrapped()
    secret, roles = pyotp.random_base32(), frozenset(roles)
    holds = bool(roles & HOLD_THE_TEAM_KEY)
    async with ledger.begin() as connection:
        joined = staff.insert().values(
            name=name,
            name_folded=name.casefold(),
            roles=sorted(roles),
            public_key=pair.public,
            wrapped_key=wrapped,
            team_key=seal_to(pair.public, team.secret) if holds else None,
            second_factor=seal_to(pair.public, secret.encode()) if second_factor else None,
            second_factor_step=0 if second_factor else None,
            joined_at=utc_now(),
        )
        number = int((await connection.scalars(joined.returning(staff.c.id))).one())
    return Member(number, name, roles, pair, team if holds else None, secret)
