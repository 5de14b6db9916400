"""The echo of texts: how often one was shown, whether it helped, and how children would say it better (mission M20, M21).

Counts and notes belong to a text, never to a chat. Small counts are withheld, because few children could be recognised by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from escalation.editions import Name
from escalation.ledger import Ledger, metadata, unbroken, utc_now

SMALLEST = 10
"""Counts below it are not told (design: what is held, where, how long)."""

NOTES = 50
"""Notes of a text that are shown; the newest."""

LONGEST_NOTE = 500

KEPT = timedelta(days=90)
"""How long a note is kept: long enough for editors to mend a text, and then it ends, like everything that a child wrote (promise 2)."""

text_counts = sa.Table(
    "text_counts",
    metadata,
    sa.Column("locale", sa.String(20), primary_key=True),
    sa.Column("key", sa.String(80), primary_key=True),
    sa.Column("version", sa.String(10), primary_key=True),
    sa.Column("what", sa.String(10), primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)

text_notes = sa.Table(
    "text_notes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("locale", sa.String(20), nullable=False),
    sa.Column("key", sa.String(80), nullable=False),
    sa.Column("version", sa.String(10), nullable=False),
    sa.Column("note", sa.Text, nullable=False),  # redacted before it gets here
    sa.Column("on", sa.Date, nullable=False),  # the day alone: a finer time could point at a chat
    sa.Index("ix_text_notes_locale_key", "locale", "key"),
)


class What(StrEnum):
    """What is counted of a text."""

    SHOWN = "shown"
    HELPED = "helped"
    NOT_HELPED = "not helped"


@dataclass(frozen=True, slots=True)
class Note:
    """How somebody would say a text better, and on which day they wrote so."""

    text: str
    on: date


Counts = Mapping[What, int | None]
"""Each count; None where it is too small to be told."""


class Echo:
    """What comes back from those who read the texts."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._clock = clock

    @unbroken
    async def add(self, counted: Counter[tuple[Name, What]]) -> None:
        """Add counts that were collected for a while."""
        async with self._ledger.begin() as connection:
            for (name, what), n in counted.items():
                which = {"locale": name.locale, "key": name.key, "version": name.version, "what": what.value}
                more = text_counts.update().where(*(text_counts.c[column] == value for column, value in which.items()))
                if not (await connection.execute(more.values(n=text_counts.c.n + n))).rowcount:
                    await connection.execute(text_counts.insert().values(**which, n=n))

    @unbroken
    async def note(self, name: Name, text: str) -> None:
        """Keep how somebody would say it, already redacted."""
        async with self._ledger.begin() as connection:
            kept = text_notes.insert().values(
                locale=name.locale,
                key=name.key,
                version=name.version,
                note=text[:LONGEST_NOTE],
                on=self._clock().date(),
            )
            await connection.execute(kept)

    @unbroken
    async def sweep(self) -> None:
        """Delete the notes that have been kept long enough."""
        async with self._ledger.begin() as connection:
            await connection.execute(text_notes.delete().where(text_notes.c.on < (self._clock() - KEPT).date()))

    @unbroken
    async def counts(self, locale: str) -> dict[Name, Counts]:
        """The counts of the texts of a locale, those that are too small left out."""
        async with self._ledger.read() as connection:
            rows = await connection.execute(sa.select(text_counts).where(text_counts.c.locale == locale))
            found: dict[Name, dict[What, int | None]] = {}
            for row in rows:
                told = row.n if row.n >= SMALLEST else None
                found.setdefault(Name(row.locale, row.key, row.version), {})[What(row.what)] = told
        return dict(found)

    @unbroken
    async def notes(self, name: Name) -> list[Note]:
        """How children would say a text, the newest first."""
        async with self._ledger.read() as connection:
            rows = await connection.execute(
                sa.select(text_notes)
                .where(
                    text_notes.c.locale == name.locale,
                    text_notes.c.key == name.key,
                    text_notes.c.version == name.version,
                )
                .order_by(text_notes.c.id.desc())
                .limit(NOTES)
            )
            return [Note(row.note, row.on) for row in rows]
