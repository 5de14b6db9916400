"""What editors ask for and has to be computed for a while: what some drafts would change, or learning everything anew.

A request is a row, because the console that asks and the process that computes may be two. One is worked on at a time, everywhere; whoever
works says so every few seconds, and what has fallen silent is given up: nothing of it is in use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.audit import Act, note
from escalation.bell import LESSONS, Bell
from escalation.ledger import Ledger, Utc, metadata, staff, unbroken, utc_now

SILENT = timedelta(seconds=60)
"""Whoever works says so every few seconds; after so long it is gone."""

ENDED_IN_THE_MIDDLE = "The program ended in the middle; ask again."

requests = sa.Table(
    "lessons",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("locale", sa.String(20), nullable=False),  # of an effect; else ""
    sa.Column("asked_by", sa.ForeignKey("staff.id")),  # none: at the command line
    sa.Column("asked_at", Utc, nullable=False),
    sa.Column("state", sa.String(10), nullable=False, index=True),
    sa.Column("step", sa.String(200), nullable=False),
    sa.Column("begun_at", Utc),
    sa.Column("heard_at", Utc),
    sa.Column("ended_at", Utc),
    sa.Column("result", sa.JSON),
    sqlite_autoincrement=True,
)


class Wish(StrEnum):
    """What is asked for: what the drafts of a locale would change (EFFECT), or learning and taking over (LEARNING)."""

    EFFECT = "effect"
    LEARNING = "learning"


class Progress(StrEnum):
    """How a request stands. FAILED says why in its step."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNDER_WAY = (Progress.WAITING, Progress.RUNNING)


@dataclass(frozen=True, slots=True)
class Request:
    """A request, its latest step in a sentence, and its result when it is done."""

    id: int
    wish: Wish
    locale: str
    asked_by: str | None
    asked_at: datetime
    progress: Progress
    step: str
    begun_at: datetime | None
    ended_at: datetime | None
    result: Mapping[str, Any]

    @property
    def under_way(self) -> bool:
        """Whether it waits or is being worked on."""
        return self.progress in UNDER_WAY


class Lessons:
    """All requests."""

    def __init__(self, ledger: Ledger, bell: Bell, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._bell = bell
        self._clock = clock

    @unbroken
    async def ask(self, wish: Wish, by: int | None, locale: str = "") -> Request:
        """Ask for something; who asks for what is under way already gets that."""
        same = sa.and_(requests.c.kind == wish, requests.c.locale == locale)
        now = self._clock()
        async with self._ledger.begin() as connection:
            await _give_up(connection, now)
            if under_way := await _read(connection, sa.and_(same, requests.c.state.in_(UNDER_WAY))):
                return under_way[0]
            made = requests.insert().values(
                kind=wish, locale=locale, asked_by=by, asked_at=now, state=Progress.WAITING, step="waits for its turn"
            )
            number = (await connection.execute(made.returning(requests.c.id))).scalar_one()
            if wish is Wish.LEARNING:
                await note(connection, Act.LEARNING_ASKED, now, by=by)
            (asked,) = await _read(connection, requests.c.id == number)
        self._bell.ring(LESSONS)
        return asked

    @unbroken
    async def latest(self, wish: Wish, locale: str = "") -> Request | None:
        """The newest request of this kind."""
        async with self._ledger.read() as connection:
            found = await _read(connection, sa.and_(requests.c.kind == wish, requests.c.locale == locale), most=1)
            return found[0] if found else None

    @unbroken
    async def get(self, number: int) -> Request | None:
        """One request."""
        async with self._ledger.read() as connection:
            found = await _read(connection, requests.c.id == number)
            return found[0] if found else None

    @unbroken
    async def learned_at(self) -> datetime | None:
        """When the learning began whose models were taken over last: what was approved later is not in them."""
        async with self._ledger.read() as connection:
            done = sa.and_(requests.c.kind == Wish.LEARNING, requests.c.state == Progress.DONE)
            for request in await _read(connection, done):
                if request.result.get("taken_over"):
                    return request.begun_at
        return None

    @unbroken
    async def begin(self) -> Request | None:
        """Take the oldest request that waits; None while there is none, or another one is being worked on anywhere. Gives up what is silent."""
        now = self._clock()
        async with self._ledger.read() as connection:  # asked every second or two: usually there is nothing to write
            if not await _read(connection, requests.c.state.in_(UNDER_WAY)):
                return None
        async with self._ledger.begin() as connection:
            await _alone(connection)
            await _give_up(connection, now)
            if await _read(connection, requests.c.state == Progress.RUNNING):
                return None
            oldest = sa.select(sa.func.min(requests.c.id)).where(requests.c.state == Progress.WAITING)
            number = await connection.scalar(oldest)
            if number is None:
                return None
            begun = requests.update().where(requests.c.id == number)
            await connection.execute(begun.values(state=Progress.RUNNING, step="begins", begun_at=now, heard_at=now))
            (taken,) = await _read(connection, requests.c.id == number)
        self._bell.ring(LESSONS)
        return taken

    @unbroken
    async def say(self, number: int, step: str) -> bool:
        """Whoever works on it says how far it is; also a sign of life. False when it was given up meanwhile."""
        async with self._ledger.begin() as connection:
            running = requests.update().where(requests.c.id == number, requests.c.state == Progress.RUNNING)
            said = await connection.execute(running.values(step=step[:200], heard_at=self._clock()))
            return bool(said.rowcount)

    @unbroken
    async def end(self, number: int, result: Mapping[str, Any] | None, step: str = "") -> None:
        """It is done, with this result; or, without one, has failed for the reason in `step`."""
        state = Progress.FAILED if result is None else Progress.DONE
        async with self._ledger.begin() as connection:
            ended = requests.update().where(requests.c.id == number)
            await connection.execute(
                ended.values(state=state, step=step[:200], result=dict(result or {}), ended_at=self._clock())
            )
        self._bell.ring(LESSONS)


async def _alone(connection: AsyncConnection) -> None:
    """Two processes never begin at once. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.text("LOCK TABLE lessons IN SHARE ROW EXCLUSIVE MODE"))


async def _give_up(connection: AsyncConnection, now: datetime) -> None:
    silent = requests.update().where(requests.c.state == Progress.RUNNING, requests.c.heard_at < now - SILENT)
    await connection.execute(silent.values(state=Progress.FAILED, step=ENDED_IN_THE_MIDDLE, ended_at=now))


async def _read(connection: AsyncConnection, which: sa.ColumnElement[bool], most: int | None = None) -> list[Request]:
    rows = await connection.execute(
        sa.select(requests, staff.c.name.label("name"))
        .join(staff, staff.c.id == requests.c.asked_by, isouter=True)
        .where(which)
        .order_by(requests.c.id.desc())
        .limit(most)
    )
    return [
        Request(
            row.id,
            Wish(row.kind),
            row.locale,
            row.name,
            row.asked_at,
            Progress(row.state),
            row.step,
            row.begun_at,
            row.ended_at,
            row.result or {},
        )
        for row in rows
    ]
