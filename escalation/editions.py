"""Editions: how a text of the helpline becomes another. One person drafts, a second one reviews, then it is published; it can be rolled back.

What ships in locales/ is the first edition of every text, a draft that nobody has reviewed. Editions lie beside it, so that an update of the
program never overwrites an NGO's words (promise 5). Every edition is kept: the history of a text is its rows. An entry of the directory of
services is such a text too (escalation/listings.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.audit import Act, note
from escalation.bell import TEXTS, Bell
from escalation.ledger import Ledger, Utc, metadata, staff, unbroken, utc_now

SHIPPED = 0
"""The number of the edition that ships; it has no row."""

SERVICES = "services"
"""What stands in place of a locale in the name of an entry of the directory of services."""

AS_SHIPPED = "shipped"
"""How a text stands that nobody has touched: a draft that came with the program."""

LONGEST = 2000
"""Characters of a text: more than a Telegram message would be cut."""

LONGEST_REASON = 300
"""Characters of why a draft was sent back."""

editions = sa.Table(
    "editions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("locale", sa.String(20), nullable=False),
    sa.Column("key", sa.String(80), nullable=False),
    sa.Column("version", sa.String(10), nullable=False),  # "" or "9-12"
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("writer_id", sa.ForeignKey("staff.id")),  # none: it came from a file, by the command line
    sa.Column("written_at", Utc, nullable=False),
    sa.Column("reviewer_id", sa.ForeignKey("staff.id")),
    sa.Column("reviewed_at", Utc),
    sa.Column("published_at", Utc),
    sa.Column("reason", sa.String(LONGEST_REASON)),  # why it was sent back, where its reviewer said so
    sa.Index("ix_editions_locale_key_version", "locale", "key", "version"),
    sqlite_autoincrement=True,
)


class State(StrEnum):
    """How an edition stands. Of one text at most one is open (DRAFT or REVIEWED), and at most one PUBLISHED.

    RETURNED is what was sent back; it waits until somebody writes anew, or says that the text stays as it was (LEFT).
    """

    DRAFT = "draft"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    RETURNED = "returned"
    LEFT = "left"
    REPLACED = "replaced"


OPEN = (State.DRAFT, State.REVIEWED)


@dataclass(frozen=True, slots=True)
class Name:
    """Which text: its locale, its key, and "9-12" for the version for younger children, else ""; or which service, by its id."""

    locale: str
    key: str
    version: str = ""

    @property
    def is_service(self) -> bool:
        """Whether it is an entry of the directory of services."""
        return self.locale == SERVICES


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a text. Names of people are those of their accounts; None for what came from a file."""

    id: int
    name: Name
    text: str
    state: State
    writer: str | None
    written_at: datetime
    reviewer: str | None = None
    reviewed_at: datetime | None = None
    published_at: datetime | None = None
    reason: str = ""


def standing(published: Edition | None, unfinished: Edition | None) -> str:
    """How far a text has come: an edition that is open or came back counts, because it wants somebody's hand."""
    if unfinished:
        return unfinished.state.value
    return State.PUBLISHED.value if published else AS_SHIPPED


class SomebodyWasQuicker(Exception):
    """The text has changed since the editor opened it; `newest` is what it is now, so that both can be seen."""

    def __init__(self, newest: Edition) -> None:
        what = "service" if newest.name.is_service else "text"
        super().__init__(
            f"{newest.writer or 'Somebody'} has changed this {what} meanwhile. Keep a copy of yours, and load the page again to see theirs."
        )
        self.newest = newest


class NotYourOwn(Exception):
    """Nobody reviews what they wrote themselves."""

    def __init__(self) -> None:
        super().__init__("You wrote this; a second person has to review it.")


class NotInThisState(Exception):
    """The edition is not there, or has gone another way meanwhile."""

    def __init__(self) -> None:
        super().__init__("This edition is not there any more, or somebody has decided about it meanwhile.")


class Editions:
    """All editions of all texts."""

    def __init__(self, ledger: Ledger, bell: Bell, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._bell = bell
        self._clock = clock

    @unbroken
    async def history(self, name: Name) -> list[Edition]:
        """Every edition of a text, the newest first; the one that ships is not among them."""
        async with self._ledger.read() as connection:
            return await _read(connection, _of(name))

    @unbroken
    async def current(self) -> list[Edition]:
        """What is published, what is open, and what was sent back and not written again, of all texts."""
        newest = sa.select(sa.func.max(editions.c.id)).group_by(editions.c.locale, editions.c.key, editions.c.version)
        waits = sa.and_(editions.c.state == State.RETURNED, editions.c.id.in_(newest))
        async with self._ledger.read() as connection:
            return await _read(connection, sa.or_(editions.c.state.in_((State.PUBLISHED, *OPEN)), waits))

    @unbroken
    async def revision(self) -> tuple[int, datetime | None, datetime | None]:
        """Something that changes whenever what children read may have changed; cheap enough to be asked twice a second."""
        async with self._ledger.read() as connection:
            latest = sa.select(
                sa.func.max(editions.c.id), sa.func.max(editions.c.published_at), sa.func.max(editions.c.reviewed_at)
            )
            newest, published, reviewed = (await connection.execute(latest)).one()
            return newest or SHIPPED, published, reviewed

    @unbroken
    async def draft(self, name: Name, text: str, by: int | None, seen: int) -> Edition:
        """Write a draft. `seen` is the newest edition that its writer saw. Raises SomebodyWasQuicker.

        A draft of before that is still open is replaced by it, and so is a review that was given to that.
        """
        (edition,) = await self.draft_all([(name, text, seen)], by)
        return edition

    @unbroken
    async def draft_all(self, drafts: Iterable[tuple[Name, str, int | None]], by: int | None) -> list[Edition]:
        """Write many drafts or none. Where what was seen is None nobody looked: a file was imported."""
        now = self._clock()
        written = []
        async with self._ledger.begin() as connection:
            for name, text, seen in drafts:
                await _as_seen(connection, name, seen)
                await _close(connection, name, OPEN)
                made = editions.insert().values(
                    locale=name.locale, key=name.key, version=name.version, text=text, state=State.DRAFT,
                    writer_id=by, written_at=now,
                )  # fmt: skip
                number = (await connection.execute(made.returning(editions.c.id))).scalar_one()
                written += await _read(connection, editions.c.id == number)
        self._bell.ring(TEXTS)
        return written

    @unbroken
    async def review(self, edition: int, by: int) -> Edition:
        """Say that a draft is right. Raises NotYourOwn or NotInThisState."""
        return await self._decide(edition, by, State.REVIEWED)

    @unbroken
    async def approve_shipped(self, texts: Iterable[tuple[Name, str]], by: int) -> int:
        """Say that texts are right as they ship: nobody of the team wrote them, so one reviewer is the second person. How many were."""
        now, approved = self._clock(), 0
        async with self._ledger.begin() as connection:
            for name, text in texts:
                begun = sa.select(editions.c.id).where(_of(name), editions.c.state.in_((State.PUBLISHED, *OPEN)))
                if (await connection.execute(begun)).first():
                    continue  # somebody has begun on it meanwhile
                await connection.execute(
                    editions.insert().values(
                        locale=name.locale, key=name.key, version=name.version, text=text, state=State.REVIEWED,
                        written_at=now, reviewer_id=by, reviewed_at=now,
                    )
                )  # fmt: skip
                approved += 1
            if approved:
                await note(connection, Act.TEXT_REVIEWED, now, by=by)
        self._bell.ring(TEXTS)
        return approved

    @unbroken
    async def publish_reviewed(self, numbers: Sequence[int], by: int) -> int:
        """Let children read those of the editions that are reviewed (still); how many texts those are."""
        now = self._clock()
        async with self._ledger.begin() as connection:
            reviewed = await _read(connection, sa.and_(editions.c.id.in_(numbers), editions.c.state == State.REVIEWED))
            for edition in reviewed:
                await _close(connection, edition.name, (State.PUBLISHED,))
                shown = editions.update().where(editions.c.id == edition.id)
                await connection.execute(shown.values(state=State.PUBLISHED, published_at=now))
            for kind in {edition.name.is_service: edition for edition in reviewed}.values():
                await _note(connection, Act.TEXT_PUBLISHED, kind.name, now, by)
        self._bell.ring(TEXTS)
        return len(reviewed)

    @unbroken
    async def send_back(self, edition: int, by: int, reason: str = "") -> Edition:
        """Say that a draft is not right, and why; what was published before stays. Raises NotInThisState."""
        return await self._decide(edition, by, State.RETURNED, reason)

    @unbroken
    async def leave(self, edition: int) -> None:
        """Leave a text as it was before a draft that was sent back. Raises NotInThisState."""
        async with self._ledger.begin() as connection:
            found = await _find(connection, edition)
            if found.state is not State.RETURNED or found != await _newest(connection, found.name):
                raise NotInThisState
            closed = editions.update().where(editions.c.id == edition)
            await connection.execute(closed.values(state=State.LEFT))
        self._bell.ring(TEXTS)

    @unbroken
    async def publish(self, edition: int, by: int) -> Edition:
        """Let children read what was reviewed. Raises NotInThisState."""
        now = self._clock()
        async with self._ledger.begin() as connection:
            found = await _find(connection, edition)
            if found.state is not State.REVIEWED:
                raise NotInThisState
            published = await self._put(connection, found, by, now)
        self._bell.ring(TEXTS)
        return published

    @unbroken
    async def roll_back(self, name: Name, to: int, by: int, seen: int) -> Edition | None:
        """Publish again what was published before, or (SHIPPED) what ships: live at once. An open draft ends with it.

        Raises SomebodyWasQuicker, or NotInThisState when `to` was never published, or nothing is published instead of what ships.
        """
        now = self._clock()
        async with self._ledger.begin() as connection:
            await _as_seen(connection, name, seen)
            if to == SHIPPED and not await _read(connection, sa.and_(_of(name), editions.c.state == State.PUBLISHED)):
                raise NotInThisState
            await _close(connection, name, OPEN)
            if to == SHIPPED:
                await _close(connection, name, (State.PUBLISHED,))
                await connection.execute(
                    editions.insert().values(
                        locale=name.locale, key=name.key, version=name.version, text="", state=State.REPLACED,
                        writer_id=by, written_at=now, published_at=now,
                    )
                )  # fmt: skip
                await _note(connection, Act.TEXT_ROLLED_BACK, name, now, by)
                back = None
            else:
                found = await _find(connection, to)
                if found.name != name or found.published_at is None or not found.text:
                    raise NotInThisState
                again = editions.insert().from_select(
                    ["locale", "key", "version", "text", "state", "writer_id", "written_at", "reviewer_id", "reviewed_at"],
                    sa.select(
                        editions.c.locale, editions.c.key, editions.c.version, editions.c.text, sa.literal(State.REVIEWED.value),
                        editions.c.writer_id, sa.literal(now, Utc), editions.c.reviewer_id, editions.c.reviewed_at,
                    ).where(editions.c.id == to),
                )  # fmt: skip
                await connection.execute(again)
                newest = await _newest(connection, name)
                assert newest is not None  # noqa: S101 - just written
                back = await self._put(connection, newest, by, now, Act.TEXT_ROLLED_BACK)
        self._bell.ring(TEXTS)
        return back

    async def _decide(self, edition: int, by: int, state: State, reason: str = "") -> Edition:
        now = self._clock()
        async with self._ledger.begin() as connection:
            found = await _find(connection, edition)
            if found.state not in OPEN or (state is State.REVIEWED and found.state is State.REVIEWED):
                raise NotInThisState
            writer = await connection.scalar(sa.select(editions.c.writer_id).where(editions.c.id == edition))
            if state is State.REVIEWED and writer == by:
                raise NotYourOwn
            decided = editions.update().where(editions.c.id == edition)
            await connection.execute(
                decided.values(state=state, reviewer_id=by, reviewed_at=now, reason=reason or None)
            )
            if state is State.REVIEWED:
                await _note(connection, Act.TEXT_REVIEWED, found.name, now, by)
            (after,) = await _read(connection, editions.c.id == edition)
        self._bell.ring(TEXTS)
        return after

    async def _put(
        self, connection: AsyncConnection, found: Edition, by: int, now: datetime, act: Act = Act.TEXT_PUBLISHED
    ) -> Edition:
        await _close(connection, found.name, (State.PUBLISHED,))
        shown = editions.update().where(editions.c.id == found.id)
        await connection.execute(shown.values(state=State.PUBLISHED, published_at=now))
        await _note(connection, act, found.name, now, by)
        (published,) = await _read(connection, editions.c.id == found.id)
        return published


_OF_A_SERVICE = {
    Act.TEXT_REVIEWED: Act.SERVICE_REVIEWED,
    Act.TEXT_PUBLISHED: Act.SERVICE_PUBLISHED,
    Act.TEXT_ROLLED_BACK: Act.SERVICE_ROLLED_BACK,
}


async def _note(connection: AsyncConnection, act: Act, name: Name, at: datetime, by: int) -> None:
    await note(connection, _OF_A_SERVICE[act] if name.is_service else act, at, by=by)


def _of(name: Name) -> sa.ColumnElement[bool]:
    return sa.and_(editions.c.locale == name.locale, editions.c.key == name.key, editions.c.version == name.version)


async def _read(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> list[Edition]:
    writer, reviewer = staff.alias("writer"), staff.alias("reviewer")
    rows = await connection.execute(
        sa.select(editions, writer.c.name.label("writer"), reviewer.c.name.label("reviewer"))
        .join(writer, writer.c.id == editions.c.writer_id, isouter=True)
        .join(reviewer, reviewer.c.id == editions.c.reviewer_id, isouter=True)
        .where(which)
        .order_by(editions.c.id.desc())
    )
    return [
        Edition(
            row.id,
            Name(row.locale, row.key, row.version),
            row.text,
            State(row.state),
            row.writer,
            row.written_at,
            row.reviewer,
            row.reviewed_at,
            row.published_at,
            row.reason or "",
        )
        for row in rows
    ]


async def _newest(connection: AsyncConnection, name: Name) -> Edition | None:
    newest = sa.select(sa.func.max(editions.c.id)).where(_of(name)).scalar_subquery()
    found: Sequence[Edition] = await _read(connection, editions.c.id == newest)
    return found[0] if found else None


async def _as_seen(connection: AsyncConnection, name: Name, seen: int | None) -> None:
    """The text is still as its editor saw it, where one looked at all. Raises SomebodyWasQuicker or NotInThisState."""
    newest = await _newest(connection, name)
    if seen is None or seen == (newest.id if newest else SHIPPED):
        return
    raise SomebodyWasQuicker(newest) if newest else NotInThisState


async def _find(connection: AsyncConnection, edition: int) -> Edition:
    found = await _read(connection, editions.c.id == edition)
    if not found:
        raise NotInThisState
    return found[0]


async def _close(connection: AsyncConnection, name: Name, states: Iterable[State]) -> None:
    closed = editions.update().where(_of(name), editions.c.state.in_(tuple(states)))
    await connection.execute(closed.values(state=State.REPLACED))
