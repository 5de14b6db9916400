"""Counts: all that remains of a case, and only shown where enough cases hide each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.ledger import Ledger, daily_counts, unbroken

EVERY = "every"
SMALLEST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases of one day, locale, category, urgency and outcome; category "every" counts each case once."""

    day: date
    locale: str
    category: str
    urgency: str
    outcome: str
    n: int


class Counts:
    """The statistics that may be seen."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @unbroken
    async def shown(self) -> list[Count]:
        """The cells with at least ten cases, by day; smaller ones could point at a child and stay hidden."""
        async with self._ledger.read() as connection:
            rows = await connection.execute(
                sa.select(daily_counts)
                .where(daily_counts.c.n >= SMALLEST_SHOWN)
                .order_by(*daily_counts.primary_key.columns)
            )
            return [Count(row.day, row.locale, row.category, row.urgency, row.outcome, row.n) for row in rows]


async def count_in(connection: AsyncConnection, closed: Iterable[Any]) -> None:
    """Add rows of closed cases to the counts of the day they were opened, in the transaction that deletes them.

    A case counts once in each of its categories, and once in "every".
    """
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name]
    key = list(daily_counts.primary_key.columns)
    for row in closed:
        for category in (EVERY, *row.categories):
            cell = insert(daily_counts).values(
                day=row.opened_at.date(),
                locale=row.locale,
                category=category,
                urgency=row.urgency,
                outcome=row.outcome,
                n=1,
            )
            await connection.execute(cell.on_conflict_do_update(index_elements=key, set_={"n": daily_counts.c.n + 1}))
