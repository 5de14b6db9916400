"""Staff: the accounts of those who answer. An account begins with an invitation that works once.

Of passwords only an Argon2id digest is stored, of invitations and sessions only a SHA-256: those are 256 random bits,
which no table can be made of.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.exc import IntegrityError

from escalation.bell import QUEUE, Bell, case_topic
from escalation.counsel import back_to_waiting
from escalation.ledger import Ledger, cases, duty, invitations, sessions, staff, unbroken, utc_now
from escalation.slowing import SlowDown, Slowing, WrongCredentials

__all__ = [
    "InvitationNotValid",
    "NameNotValid",
    "NameTaken",
    "PasswordTooShort",
    "Person",
    "Role",
    "SlowDown",
    "Staff",
    "WrongCredentials",
]

IDLE = timedelta(minutes=30)
TOUCH = timedelta(seconds=30)  # a session's last sign of life is written this often, not at every request
SHORTEST_NAME, LONGEST_NAME = 2, 40
SHORTEST_PASSWORD = 10
ARGON2ID = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)  # 64 MiB, RFC 9106's second choice
HASHING_AT_ONCE = 2  # so that a flood of sign-ins takes 128 MiB at most


class Role(StrEnum):
    """What a person may do. Supervisors and editors will follow."""

    COUNSELLOR = "counsellor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the team."""

    id: int
    name: str
    role: Role
    active: bool = True


class InvitationNotValid(Exception):
    """The invitation is unknown, used, replaced or too old."""

    def __init__(self) -> None:
        super().__init__("This invitation is not valid (any more); ask for a new one.")


class NameNotValid(Exception):
    """The name is too short, too long, or holds characters that cannot be seen."""

    def __init__(self) -> None:
        super().__init__(f"A name has {SHORTEST_NAME} to {LONGEST_NAME} characters.")


class NameTaken(Exception):
    """Somebody has this name, in capital or small letters."""

    def __init__(self) -> None:
        super().__init__("Somebody has this name already.")


class PasswordTooShort(Exception):
    """The password is too short to withstand guessing."""

    def __init__(self) -> None:
        super().__init__(f"A password has at least {SHORTEST_PASSWORD} characters.")


class Staff:
    """Invite, join, sign in and out, disable."""

    def __init__(self, ledger: Ledger, bell: Bell, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._bell = bell
        self._clock = clock
        self._slowing = Slowing(clock)
        self._hashing = asyncio.Semaphore(HASHING_AT_ONCE)
        # Compared with when nobody has the name, so that the answer takes the same time.
        self._nobody = ARGON2ID.hash(secrets.token_urlsafe())

    @unbroken
    async def invite(self, role: Role, days: float = 1) -> str:
        """A token that lets one person join with this role, for `days`; it is shown once and stored nowhere."""
        return await self._invite(role, days, first=False)

    @unbroken
    async def first_invitation(self) -> str | None:
        """The invitation for the first administrator, in place of an older one; None when there is one already."""
        async with self._ledger.read() as connection:
            there = sa.select(staff.c.id).where(staff.c.role == Role.ADMINISTRATOR, staff.c.disabled_at.is_(None))
            if await connection.scalar(there.limit(1)) is not None:
                return None
        return await self._invite(Role.ADMINISTRATOR, 1, first=True)

    @unbroken
    async def accept(self, token: str, name: str, password: str) -> int:
        """Join with an invitation, which is used up by it; returns the new person's id.

        Raises InvitationNotValid, NameNotValid, PasswordTooShort or NameTaken; after the last three it still works.
        """
        invitation = sa.and_(invitations.c.token_digest == _digest(token), invitations.c.expires_at > self._clock())
        async with self._ledger.read() as connection:
            if await connection.scalar(sa.select(invitations.c.role).where(invitation)) is None:
                raise InvitationNotValid
        name = _readable(name)
        if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or not name.isprintable():
            raise NameNotValid
        if len(password) < SHORTEST_PASSWORD:
            raise PasswordTooShort
        digest = await self._hash(password)
        try:
            async with self._ledger.begin() as connection:
                role = await connection.scalar(invitations.delete().where(invitation).returning(invitations.c.role))
                if role is None:
                    raise InvitationNotValid
                if role == Role.ADMINISTRATOR:
                    await connection.execute(invitations.delete().where(invitations.c.first))
                joined = staff.insert().values(
                    name=name, name_folded=_fold(name), role=role, password=digest, joined_at=self._clock()
                )
                return int((await connection.scalars(joined.returning(staff.c.id))).one())
        except IntegrityError:
            raise NameTaken from None

    @unbroken
    async def sign_in(self, name: str, password: str) -> str:
        """Begin a session; returns its token (256 bits). Raises WrongCredentials or SlowDown."""
        folded = _fold(_readable(name))
        async with self._slowing.attempt(folded):
            async with self._ledger.read() as connection:
                found = sa.select(staff.c.id, staff.c.password).where(
                    staff.c.name_folded == folded, staff.c.disabled_at.is_(None)
                )
                row = (await connection.execute(found)).one_or_none()
            right = await self._verify(row.password if row else self._nobody, password)
            if row is None or not right:
                raise WrongCredentials
        token, now = secrets.token_urlsafe(32), self._clock()
        async with self._ledger.begin() as connection:
            await connection.execute(sessions.delete().where(sessions.c.seen_at <= now - IDLE))
            await connection.execute(
                sessions.insert().values(token_digest=_digest(token), staff_id=row.id, seen_at=now)
            )
        return token

    @unbroken
    async def who(self, token: str) -> Person | None:
        """Whose session this is, and a sign of life for it; None after 30 minutes without one."""
        now, mine = self._clock(), sessions.c.token_digest == _digest(token)
        async with self._ledger.read() as connection:
            found = (
                sa.select(staff.c.id, staff.c.name, staff.c.role, sessions.c.seen_at)
                .join(sessions, sessions.c.staff_id == staff.c.id)
                .where(mine, sessions.c.seen_at > now - IDLE, staff.c.disabled_at.is_(None))
            )
            row = (await connection.execute(found)).one_or_none()
        if row is None:
            return None
        if now - row.seen_at >= TOUCH:
            async with self._ledger.begin() as connection:
                await connection.execute(sessions.update().where(mine).values(seen_at=now))
        return Person(row.id, row.name, Role(row.role))

    @unbroken
    async def sign_out(self, token: str) -> None:
        """End the session."""
        async with self._ledger.begin() as connection:
            await connection.execute(sessions.delete().where(sessions.c.token_digest == _digest(token)))

    @unbroken
    async def list(self) -> tuple[Person, ...]:
        """Everybody who ever joined, by name; those disabled are not active."""
        async with self._ledger.read() as connection:
            rows = await connection.execute(sa.select(staff).order_by(staff.c.name_folded))
            return tuple(Person(row.id, row.name, Role(row.role), row.disabled_at is None) for row in rows)

    @unbroken
    async def disable(self, staff_id: int) -> None:
        """Shut the account: their sessions end, they are off duty, and their claimed cases go back to the queue."""
        async with self._ledger.begin() as connection:
            await connection.execute(
                staff.update()
                .where(staff.c.id == staff_id, staff.c.disabled_at.is_(None))
                .values(disabled_at=self._clock())
            )
            await connection.execute(sessions.delete().where(sessions.c.staff_id == staff_id))
            await connection.execute(duty.delete().where(duty.c.staff_id == staff_id))
            given = await back_to_waiting(connection, cases.c.staff_id == staff_id)
        for topic in (QUEUE, *map(case_topic, given)):
            self._bell.ring(topic)

    async def _invite(self, role: Role, days: float, *, first: bool) -> str:
        token, now = secrets.token_urlsafe(32), self._clock()
        async with self._ledger.begin() as connection:
            stale = invitations.c.expires_at <= now
            await connection.execute(invitations.delete().where(stale | invitations.c.first if first else stale))
            await connection.execute(
                invitations.insert().values(
                    token_digest=_digest(token), role=role.value, first=first, expires_at=now + timedelta(days=days)
                )
            )
        return token

    async def _hash(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(ARGON2ID.hash, unicodedata.normalize("NFKC", password))

    async def _verify(self, digest: str, password: str) -> bool:
        async with self._hashing:
            try:
                return await asyncio.to_thread(ARGON2ID.verify, digest, unicodedata.normalize("NFKC", password))
            except VerifyMismatchError:
                return False


def _readable(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split())


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name.casefold())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
