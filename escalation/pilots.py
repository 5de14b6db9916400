"""Pilots: links with which a group tries out drafts before they are published (mission M20). A link says nothing about who opens it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from escalation.ledger import Ledger, Utc, metadata, unbroken, utc_now
from escalation.people import digest_of

LASTS = timedelta(days=30)
"""How long a link works: a pilot is an afternoon or a few weeks."""

pilots = sa.Table(
    "pilots",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code_digest", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(80), nullable=False),  # what editors call it: "Grade 7, spring"
    sa.Column("until", Utc, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Pilot:
    """One link, as editors know it."""

    id: int
    name: str
    until: datetime


class Pilots:
    """The links that work now."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._clock = clock

    @unbroken
    async def make(self, name: str) -> str:
        """Make a link's code. It is told once; the ledger has its digest only."""
        code = secrets.token_urlsafe(12)
        async with self._ledger.begin() as connection:
            made = pilots.insert().values(code_digest=digest_of(code), name=name, until=self._clock() + LASTS)
            await connection.execute(made)
        return code

    @unbroken
    async def running(self) -> list[Pilot]:
        """The links that work now, the youngest first."""
        async with self._ledger.read() as connection:
            rows = await connection.execute(
                sa.select(pilots).where(pilots.c.until > self._clock()).order_by(pilots.c.id.desc())
            )
            return [Pilot(row.id, row.name, row.until) for row in rows]

    @unbroken
    async def end(self, pilot: int) -> None:
        """Let a link work no longer. Chats that were opened with it go on as they are."""
        async with self._ledger.begin() as connection:
            await connection.execute(pilots.update().where(pilots.c.id == pilot).values(until=self._clock()))

    @unbroken
    async def is_running(self, code: str) -> bool:
        """Whether a code is one of a link that works now."""
        async with self._ledger.read() as connection:
            found = sa.select(pilots.c.id).where(
                pilots.c.code_digest == digest_of(code), pilots.c.until > self._clock()
            )
            return (await connection.execute(found)).first() is not None
