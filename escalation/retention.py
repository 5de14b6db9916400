"""Retention: what was told ends. Some time after a case is closed its key and its rows are destroyed, and only counts remain.

Until then a closed case keeps no time finer than the hour: the moment at which somebody wrote could point at them (promise 2).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.cases import CaseState
from escalation.counts import count_in
from escalation.ledger import Ledger, cases, letters, messages, unbroken, utc_now

log = structlog.get_logger(__name__)

KEEP = timedelta(hours=24)


class Retention:
    """Deletes closed cases with their keys, lines and letters. A case nobody has closed stays, also of a child who left:

    somebody must have read it first (promise 1 before promise 2).
    """

    def __init__(self, ledger: Ledger, keep: timedelta = KEEP, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._keep = keep
        self._clock = clock
        self._to_scrub = True  # the process may have ended last time between a deletion and its scrub

    @unbroken
    async def sweep(self) -> int:
        """Delete what has been closed for longer than the retention time; returns how many cases."""
        return await self._delete(cases.c.closed_at <= self._clock() - self._keep)

    @unbroken
    async def purge_now(self) -> int:
        """Delete every closed case at once; returns how many."""
        return await self._delete(sa.true())

    async def _delete(self, which: sa.ColumnElement[bool]) -> int:
        async with self._ledger.begin() as connection:
            # Counting what this very statement deleted: two sweeps at once never count a case twice. Messages and
            # letters go with their case (ON DELETE CASCADE).
            deleted = await connection.execute(
                cases.delete()
                .where(cases.c.state == CaseState.CLOSED, which)
                .returning(cases.c.opened_at, cases.c.locale, cases.c.categories, cases.c.urgency, cases.c.outcome)
            )
            gone = deleted.all()
            await count_in(connection, gone)
        self._to_scrub = self._to_scrub or bool(gone)
        if self._to_scrub:
            self._to_scrub = not await self._ledger.scrub()
        if self._to_scrub:
            log.warning("retention.scrub_postponed")
        if gone:
            log.info("retention.deleted", cases=len(gone))
        return len(gone)


async def to_the_hour(connection: AsyncConnection, case: str) -> None:
    """Round every time of a case that is being closed down to the hour, in the transaction that closes it.

    Down, not up: the case ends up to an hour early rather than late.
    """
    row = (await connection.execute(sa.select(cases).where(cases.c.id == case))).one()
    times = {
        column.name: _hour(getattr(row, column.name))
        for column in (cases.c.turn, cases.c.opened_at, cases.c.claimed_at, cases.c.closed_at)
        if getattr(row, column.name) is not None
    }
    await connection.execute(cases.update().where(cases.c.id == case).values(times))
    for table, column in ((messages, messages.c.at), (letters, letters.c.not_before)):
        rows = await connection.execute(sa.select(table.c.id, column).where(table.c.case_id == case))
        for line, moment in rows.all():
            await connection.execute(table.update().where(table.c.id == line).values({column.name: _hour(moment)}))


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
