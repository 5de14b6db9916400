"""The waitlist: in which order waiting children are answered.

Urgency first, then waiting time, with ageing so that nobody waits for ever.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.casefile import read_case, with_counsellor
from escalation.cases import Case, CaseState, Presence, Urgency
from escalation.ledger import Ledger, cases, unbroken
from escalation.sealing import Pair

HEAD_START = {
    # Two days: however long the night without a counsellor was, a life at stake now is answered first. It yields only
    # to an urgent case that has waited 44 hours longer, or to a concern that has waited 47 hours longer.
    Urgency.EMERGENCY: timedelta(hours=48),
    # Longer than a shift's peak: an urgent case overtakes concerns, but not one that was there three hours before it.
    Urgency.URGENT: timedelta(hours=4),
    Urgency.CONCERN: timedelta(hours=1),
    # A child who asked for a human without an alarm.
    Urgency.NONE: timedelta(0),
}

RECENT_CLAIMS = 20
CLAIMS_TO_SAY = 3
RECENT = timedelta(hours=24)


def priority(urgency: Urgency, waited: timedelta) -> float:
    """How much a case should be taken next; the higher one is taken. The unit is minutes of waiting.

    Every case ages alike, one point a minute, and urgency is a head start. So two waiting cases never change places,
    a child is never told a worse place by mere time, and whoever waits is overtaken only by cases that come within the
    difference of the head starts after it.
    """
    return (HEAD_START[urgency] + waited) / timedelta(minutes=1)


def turn(urgency: Urgency, opened_at: datetime) -> datetime:
    """The same rule as a fixed moment, so that the database can order by it: the earlier turn is taken first.

    priority(urgency, now - opened_at) is the number of minutes from the turn until now, whatever the time is.
    """
    return opened_at - HEAD_START[urgency]


class Waitlist:
    """Those who wait, in order. Children who have gone come last: a counsellor can still read and close their case."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @unbroken
    async def waiting(self, team: Pair | None = None, limit: int = 200) -> list[Case]:
        """The waiting cases in the order in which they should be taken, at most `limit`; with their reasons for the team's key."""
        async with self._ledger.read() as connection:
            rows = await connection.execute(
                with_counsellor()
                .where(cases.c.state == CaseState.WAITING)
                .order_by(_gone(), cases.c.turn, cases.c.id)
                .limit(limit)
            )
            return [read_case(row, team) for row in rows]

    @staticmethod
    async def place(connection: AsyncConnection, case: Any) -> int:
        """The place of a waiting case's row: 1 is next. Children who have gone hold nobody up."""
        before = sa.or_(cases.c.turn < case.turn, sa.and_(cases.c.turn == case.turn, cases.c.id < case.id))
        ahead = sa.and_(cases.c.state == CaseState.WAITING, cases.c.presence != Presence.GONE, before)
        count = await connection.scalar(sa.select(sa.func.count()).select_from(cases).where(ahead))
        return int(count or 0) + 1

    @staticmethod
    async def typical_wait(connection: AsyncConnection, now: datetime) -> int | None:
        """The median of up to 20 waits that ended in the last 24 hours, in minutes, rounded up; None below three."""
        rows = await connection.scalars(
            sa.select(cases.c.waited_seconds)
            .where(cases.c.waited_seconds.is_not(None), cases.c.claimed_at > now - RECENT)
            .order_by(cases.c.claimed_at.desc())
            .limit(RECENT_CLAIMS)
        )
        waits = sorted(rows)
        if len(waits) < CLAIMS_TO_SAY:
            return None
        middle = (waits[(len(waits) - 1) // 2] + waits[len(waits) // 2]) / 2
        return int(-(-middle // 60))


def _gone() -> sa.ColumnElement[int]:
    return sa.case((cases.c.presence == Presence.GONE, 1), else_=0)
