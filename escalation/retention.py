"""Retention: what was told ends. Some time after a case is closed only counts remain (promise 2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from escalation.cases import CaseState
from escalation.counts import count_in
from escalation.ledger import Ledger, cases, unbroken, utc_now

log = structlog.get_logger(__name__)

KEEP = timedelta(hours=24)


class Retention:
    """Deletes closed cases with all their lines and letters. A case nobody has closed stays, also of a child who left:

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
