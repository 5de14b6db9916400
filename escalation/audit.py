"""The audit log: who did what to the accounts, the keys and the cases; never what was said (promise 2).

Each entry's digest covers the entry before it, so that none can be changed, taken out or put in between without the chain
breaking; `helpline doctor` verifies it. Cut off at its end, a chain still holds: note its last number and digest elsewhere.
A case is not named, and acts on cases carry the hour only: a finer time could point at a child who wrote then.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.ledger import Ledger, audit, unbroken, utc_now

CHAIN_LOCK = 0x48454C50
"""The number of PostgreSQL's advisory lock for the end of the chain; on SQLite there is one writer anyway."""

FIRST = "0" * 64


class Act(StrEnum):
    """What is written down. `by` did it, `about` is whose account it was done to."""

    JOINED = "joined"
    INVITED = "invited"
    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "sign-in failed"
    SIGNED_OUT = "signed out"
    PASSWORD_CHANGED = "password changed"  # noqa: S105 - the name of an act
    SECOND_FACTOR_SET = "second factor set"
    SECOND_FACTOR_RESET = "second factor reset"
    DISABLED = "disabled"
    TEAM_KEY_ROTATED = "team key rotated"
    RECOVERY_KEY_PRINTED = "recovery key printed"
    RECOVERY_KEY_USED = "recovery key used"
    CLAIMED = "case taken"
    CLOSED = "case closed"
    HANDED_BACK = "case handed back"
    PIECE_SHOWN = "piece shown"
    LOG_READ = "audit log read"
    TEXT_REVIEWED = "text reviewed"
    TEXT_PUBLISHED = "text published"
    TEXT_ROLLED_BACK = "text rolled back"
    SERVICE_REVIEWED = "service reviewed"
    SERVICE_PUBLISHED = "service published"
    SERVICE_ROLLED_BACK = "service rolled back"
    TEACHING_APPROVED = "teaching approved"
    TEACHING_RETIRED = "teaching retired"
    LEARNING_ASKED = "learning asked for"


ABOUT_CASES = frozenset({Act.CLAIMED, Act.CLOSED, Act.HANDED_BACK, Act.PIECE_SHOWN})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log: an Act, unless somebody has tampered with it; `by` and `about` are the numbers of accounts."""

    id: int
    at: datetime
    act: str
    by: int | None
    about: int | None


@dataclass(frozen=True, slots=True)
class Chain:
    """How the chain was found: its length, its last digest, and the first entry that does not fit (None when all do)."""

    entries: int
    last: str
    broken_at: int | None


class Audit:
    """Reads and verifies the log; writing is part of what is written about (`note`)."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @unbroken
    async def latest(self, most: int = 200) -> list[Entry]:
        """The newest entries, newest first."""
        async with self._ledger.read() as connection:
            rows = await connection.execute(sa.select(audit).order_by(audit.c.id.desc()).limit(most))
            return [Entry(row.id, row.at, row.act, row.by, row.about) for row in rows]

    @unbroken
    async def note(self, act: Act, by: int) -> None:
        """Write down what happens in memory only, so that it has no transaction of its own."""
        async with self._ledger.begin() as connection:
            await note(connection, act, utc_now(), by=by)

    @unbroken
    async def verify(self) -> Chain:
        """Follow the chain from its beginning."""
        last, count = FIRST, 0
        async with self._ledger.read() as connection:
            for row in await connection.execute(sa.select(audit).order_by(audit.c.id)):
                count += 1
                last = _digest(last, row.id, row.at, row.act, row.by, row.about)
                if row.id != count or row.digest != last:
                    return Chain(count, row.digest, row.id)
        return Chain(count, last, None)


async def note(
    connection: AsyncConnection, act: Act, at: datetime, *, by: int | None = None, about: int | None = None
) -> None:
    """Write an entry in the transaction of what it tells, so that neither exists without the other."""
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))
    newest = (await connection.execute(sa.select(audit).order_by(audit.c.id.desc()).limit(1))).one_or_none()
    number, before = (newest.id + 1, newest.digest) if newest else (1, FIRST)
    at = at.replace(minute=0, second=0, microsecond=0) if act in ABOUT_CASES else at.replace(microsecond=0)
    await connection.execute(
        audit.insert().values(
            id=number,
            at=at,
            act=act.value,
            by=by,
            about=about,
            digest=_digest(before, number, at, act.value, by, about),
        )
    )


def _digest(before: str, number: int, at: datetime, act: str, by: int | None, about: int | None) -> str:
    content = json.dumps([before, number, at.timestamp(), act, by, about], separators=(",", ":"))
    return hashlib.blake2b(content.encode(), digest_size=32).hexdigest()
