"""Teachings: words that children use, with their plain English, and invented example lines. One person writes, a second one approves.

They lie beside what ships in nlu/, as editions lie beside texts. An approved word is read at once in every process; an approved line is learned
from when somebody asks for it (escalation/lessons.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.audit import Act, note
from escalation.bell import TEACHINGS, Bell
from escalation.editions import NotYourOwn
from escalation.ledger import Ledger, Utc, metadata, staff, unbroken, utc_now

teachings = sa.Table(
    "teachings",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column(
        "locale", sa.String(20), nullable=False
    ),  # of a word: its language ("hbs" for Bosnian, Croatian and Serbian)
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("gloss", sa.String(120), nullable=False),  # of a word; else ""
    sa.Column("category", sa.String(40), nullable=False),  # of a disclosure, or the topic; else "none"
    sa.Column("urgency", sa.String(10), nullable=False),
    sa.Column("perspective", sa.String(10), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("writer_id", sa.ForeignKey("staff.id"), nullable=False),
    sa.Column("written_at", Utc, nullable=False),
    sa.Column("reviewer_id", sa.ForeignKey("staff.id")),
    sa.Column("approved_at", Utc),
    sa.Column("retired_at", Utc),
    sa.Index("ix_teachings_locale_state", "locale", "state"),
    sqlite_autoincrement=True,
)


class Kind(StrEnum):
    """What is taught: a word, or an example line of one of three kinds."""

    WORD = "word"
    TOPIC = "topic"
    DISCLOSURE = "disclosure"
    HARMLESS = "harmless"


class Stand(StrEnum):
    """How a teaching stands: DRAFT, then APPROVED by a second person; RETIRED from either."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be taught, without who wrote it: a word has a gloss, a topic line its topic as category, a disclosure all its labels."""

    kind: Kind
    locale: str
    text: str
    gloss: str = ""
    category: str = "none"
    urgency: str = "none"
    perspective: str = "none"


@dataclass(frozen=True, slots=True)
class Teaching:
    """Something that was written down to be taught, and how it stands."""

    id: int
    lesson: Lesson
    stand: Stand
    writer: str
    written_at: datetime
    reviewer: str | None = None
    approved_at: datetime | None = None
    retired_at: datetime | None = None


class DecidedMeanwhile(Exception):
    """The teaching is not there, or has gone another way meanwhile."""

    def __init__(self) -> None:
        super().__init__("This word or line is not there any more, or somebody has decided about it meanwhile.")


class Teachings:
    """Everything that was taught."""

    def __init__(self, ledger: Ledger, bell: Bell, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._bell = bell
        self._clock = clock

    @unbroken
    async def of(self, locales: Iterable[str]) -> list[Teaching]:
        """Everything of some locales and languages, the newest first."""
        async with self._ledger.read() as connection:
            return await _read(connection, teachings.c.locale.in_(tuple(locales)))

    @unbroken
    async def standing(self, *stands: Stand) -> list[Teaching]:
        """Everything that stands so, the newest first."""
        async with self._ledger.read() as connection:
            return await _read(connection, teachings.c.state.in_(stands))

    @unbroken
    async def revision(self) -> tuple[datetime | None, datetime | None]:
        """Something that changes whenever what is approved may have changed; cheap enough to be asked every second."""
        async with self._ledger.read() as connection:
            latest = sa.select(sa.func.max(teachings.c.approved_at), sa.func.max(teachings.c.retired_at))
            approved, retired = (await connection.execute(latest)).one()
            return approved, retired

    @unbroken
    async def changed_since(self, moment: datetime | None) -> int:
        """How many were approved or, after that, retired since a moment: what the models have not learned yet, or not forgotten."""
        seen = moment or datetime(1970, 1, 1, tzinfo=UTC)
        live = sa.and_(teachings.c.state == Stand.APPROVED, teachings.c.approved_at > seen)
        gone = sa.and_(
            teachings.c.state == Stand.RETIRED, teachings.c.retired_at > seen, teachings.c.approved_at <= seen
        )
        async with self._ledger.read() as connection:
            count = sa.select(sa.func.count()).select_from(teachings).where(sa.or_(live, gone))
            return int(await connection.scalar(count) or 0)

    @unbroken
    async def write(self, lesson: Lesson, by: int) -> Teaching:
        """Write something down; it teaches nothing before a second person approves it."""
        async with self._ledger.begin() as connection:
            made = teachings.insert().values(
                kind=lesson.kind, locale=lesson.locale, text=lesson.text, gloss=lesson.gloss, category=lesson.category,
                urgency=lesson.urgency, perspective=lesson.perspective, state=Stand.DRAFT, writer_id=by, written_at=self._clock(),
            )  # fmt: skip
            number = (await connection.execute(made.returning(teachings.c.id))).scalar_one()
            (written,) = await _read(connection, teachings.c.id == number)
        return written

    @unbroken
    async def approve(self, number: int, by: int) -> Teaching:
        """Say that it is right: a word is live at once. Raises NotYourOwn or DecidedMeanwhile."""
        now = self._clock()
        async with self._ledger.begin() as connection:
            writer = await connection.scalar(
                sa.select(teachings.c.writer_id).where(teachings.c.id == number, teachings.c.state == Stand.DRAFT)
            )
            if writer is None:
                raise DecidedMeanwhile
            if writer == by:
                raise NotYourOwn
            approved = teachings.update().where(teachings.c.id == number, teachings.c.state == Stand.DRAFT)
            await connection.execute(approved.values(state=Stand.APPROVED, reviewer_id=by, approved_at=now))
            await note(connection, Act.TEACHING_APPROVED, now, by=by)
            (after,) = await _read(connection, teachings.c.id == number)
        self._bell.ring(TEACHINGS)
        return after

    @unbroken
    async def retire(self, number: int, by: int) -> Teaching:
        """Take it back, draft or approved: a word is gone at once, a line when the models learn the next time. Raises DecidedMeanwhile."""
        now = self._clock()
        async with self._ledger.begin() as connection:
            found = await _read(connection, sa.and_(teachings.c.id == number, teachings.c.state != Stand.RETIRED))
            if not found:
                raise DecidedMeanwhile
            retired = teachings.update().where(teachings.c.id == number)
            await connection.execute(retired.values(state=Stand.RETIRED, retired_at=now))
            if found[0].stand is Stand.APPROVED:
                await note(connection, Act.TEACHING_RETIRED, now, by=by)
            (after,) = await _read(connection, teachings.c.id == number)
        self._bell.ring(TEACHINGS)
        return after


async def _read(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> list[Teaching]:
    writer, reviewer = staff.alias("writer"), staff.alias("reviewer")
    rows = await connection.execute(
        sa.select(teachings, writer.c.name.label("writer"), reviewer.c.name.label("reviewer"))
        .join(writer, writer.c.id == teachings.c.writer_id)
        .join(reviewer, reviewer.c.id == teachings.c.reviewer_id, isouter=True)
        .where(which)
        .order_by(teachings.c.id.desc())
    )
    return [
        Teaching(
            row.id,
            Lesson(Kind(row.kind), row.locale, row.text, row.gloss, row.category, row.urgency, row.perspective),
            Stand(row.state),
            row.writer,
            row.written_at,
            row.reviewer,
            row.approved_at,
            row.retired_at,
        )
        for row in rows
    ]
