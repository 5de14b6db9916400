"""Counsel: what a counsellor does with a case, from the queue to the goodbye.

Whatever the child is to see (somebody came, a reply, the end) is queued in the same transaction as what it tells, so
neither can exist without the other. `team` is the team's key pair, which only the session of a signed-in person opens
(escalation.staff); without it nothing here can be read or written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.audit import Act, note
from escalation.bell import OUTBOX, QUEUE, Bell, case_topic
from escalation.casefile import (
    CaseIsClosed,
    LetterKind,
    LetterState,
    NoSuchCase,
    append,
    find,
    key_of,
    lines,
    lock,
    post,
    read_case,
    with_counsellor,
)
from escalation.cases import Author, Case, CaseState, Outcome, Presence, Said
from escalation.ledger import Ledger, cases, letters, messages, sessions, staff, unbroken, utc_now
from escalation.retention import to_the_hour
from escalation.sealing import Pair
from escalation.waitlist import Waitlist

__all__ = [
    "AlreadyClaimed",
    "CaseIsClosed",
    "ChildHasGone",
    "Counsel",
    "EmptyReply",
    "NoSuchCase",
    "NotOnTheTeam",
    "NotYourCase",
    "ReplyTooLong",
]

ABANDONED = timedelta(minutes=30)  # without an open console: as long as an idle sign-in lasts
LONGEST_REPLY = 4000  # characters; Telegram takes 4096 in one message


class AlreadyClaimed(Exception):
    """Somebody has this case already."""

    def __init__(self) -> None:
        super().__init__("Somebody has taken this case already.")


class NotYourCase(Exception):
    """Only the counsellor who has claimed a case acts in it."""

    def __init__(self) -> None:
        super().__init__("This case is not yours; take it from the queue first.")


class NotOnTheTeam(Exception):
    """The account is unknown or was disabled; a case claimed by it would be lost from sight."""

    def __init__(self) -> None:
        super().__init__("This account cannot take cases.")


class ChildHasGone(Exception):
    """The child has left and is never written to again (promise 3)."""

    def __init__(self) -> None:
        super().__init__("The child has left and cannot be written to any more.")


class EmptyReply(Exception):
    """A reply without words."""

    def __init__(self) -> None:
        super().__init__("The reply is empty.")


class ReplyTooLong(Exception):
    """A reply that would not fit into one message."""

    def __init__(self) -> None:
        super().__init__(f"The reply is longer than {LONGEST_REPLY} characters; send it in parts.")


class Counsel:
    """The counsellor's verbs. `staff_id` is the person signed in; whether their roles allow it, the console asks."""

    def __init__(self, ledger: Ledger, bell: Bell, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._bell = bell
        self._clock = clock
        self._waitlist = Waitlist(ledger)

    async def queue(self, team: Pair | None) -> list[Case]:
        """The waiting cases in the order in which they should be taken; without the team's key they give no reasons."""
        return await self._waitlist.waiting(team)

    @unbroken
    async def mine(self, staff_id: int, team: Pair) -> list[Case]:
        """The cases that this person has claimed and not closed, the longest held first."""
        async with self._ledger.read() as connection:
            rows = await connection.execute(
                with_counsellor()
                .where(cases.c.staff_id == staff_id, cases.c.state == CaseState.CLAIMED)
                .order_by(cases.c.claimed_at, cases.c.id)
            )
            return [read_case(row, team) for row in rows]

    @unbroken
    async def thread(self, case: str, team: Pair) -> list[Said]:
        """Everything said in the case, in order; a line's index is its position. Raises NoSuchCase."""
        async with self._ledger.read() as connection:
            row = await find(connection, case)
            return await lines(connection, case, key_of(row, team)) if row.sealed_key else []

    @unbroken
    async def undelivered(self, case: str) -> set[int]:
        """The positions in the thread of replies that could not reach the child; those on their way are not in it."""
        async with self._ledger.read() as connection:
            rows = await connection.scalars(
                sa.select(messages.c.position)
                .join(letters, letters.c.message_id == messages.c.id)
                .where(letters.c.case_id == case, letters.c.state == LetterState.UNDELIVERABLE)
            )
            return set(rows)

    @unbroken
    async def case(self, case: str, team: Pair | None) -> Case:
        """The case as it is now; raises NoSuchCase."""
        async with self._ledger.read() as connection:
            return read_case(await find(connection, case), team)

    @unbroken
    async def claim(self, case: str, staff_id: int, team: Pair) -> Case:
        """Take a waiting case; of all who try, one gets it. The child is told that somebody has come.

        Raises AlreadyClaimed, CaseIsClosed, NoSuchCase or NotOnTheTeam.
        """
        now = self._clock()
        async with self._ledger.begin() as connection:
            await _on_the_team(connection, staff_id)
            won = await connection.execute(
                cases.update()
                .where(cases.c.id == case, cases.c.state == CaseState.WAITING)
                .values(state=CaseState.CLAIMED.value, staff_id=staff_id, claimed_at=now)
            )
            claimed = read_case(await find(connection, case), team)
            if not won.rowcount:
                raise CaseIsClosed if claimed.state is CaseState.CLOSED else AlreadyClaimed
            # Only the first claim ends the wait: a case that was handed back does not lengthen what others are told.
            await connection.execute(
                cases.update()
                .where(cases.c.id == case, cases.c.waited_seconds.is_(None))
                .values(waited_seconds=max(0, int((now - claimed.opened_at).total_seconds())))
            )
            if claimed.presence is not Presence.GONE or claimed.can_return:
                await post(connection, case, LetterKind.JOINED, now)
            await note(connection, Act.CLAIMED, now, by=staff_id)
        self._ring(case, QUEUE, OUTBOX)
        return claimed

    @unbroken
    async def reply(self, case: str, staff_id: int, team: Pair, text: str) -> Said:
        """Write to the child; the line and its letter are one transaction. To a child who left with a code it waits for their return.

        Raises EmptyReply, ReplyTooLong, NotYourCase, CaseIsClosed, NoSuchCase or ChildHasGone.
        """
        text = text.encode(errors="ignore").decode().strip()  # half a character cannot be stored
        if not text:
            raise EmptyReply
        if len(text) > LONGEST_REPLY:
            raise ReplyTooLong
        said = Said(Author.COUNSELLOR, text, self._clock())
        async with self._ledger.begin() as connection:
            row = await _lock_mine(connection, case, staff_id)
            if row.presence == Presence.GONE and row.code_digest is None:
                raise ChildHasGone
            (message_id,) = await append(connection, case, [said], key_of(row, team))
            await post(connection, case, LetterKind.REPLY, said.at, message_id)
        self._ring(case, OUTBOX)
        return said

    @unbroken
    async def close(self, case: str, staff_id: int, outcome: Outcome) -> None:
        """End the case; retention counts from now. A child who is still there is told.

        Raises NotYourCase, CaseIsClosed or NoSuchCase.
        """
        now = self._clock()
        async with self._ledger.begin() as connection:
            row = await _lock_mine(connection, case, staff_id)
            await connection.execute(
                cases.update()
                .where(cases.c.id == case)
                .values(state=CaseState.CLOSED.value, closed_at=now, outcome=outcome.value)
            )
            if row.presence != Presence.GONE or row.code_digest is not None:
                await post(connection, case, LetterKind.CLOSED, now)
            await to_the_hour(connection, case)
            await note(connection, Act.CLOSED, now, by=staff_id)
        self._ring(case, QUEUE, OUTBOX)

    @unbroken
    async def hand_back(self, case: str, staff_id: int) -> None:
        """Put the case back into the queue, where it keeps the place of its whole waiting time.

        Raises NotYourCase, CaseIsClosed or NoSuchCase.
        """
        async with self._ledger.begin() as connection:
            await _lock_mine(connection, case, staff_id)
            await back_to_waiting(connection, cases.c.id == case)
            await post(connection, case, LetterKind.RETURNED, self._clock())
            await note(connection, Act.HANDED_BACK, self._clock(), by=staff_id)
        self._ring(case, QUEUE, OUTBOX)

    @unbroken
    async def return_abandoned(self) -> int:
        """Put chats back into the queue whose counsellor has had no console open for half an hour; how many (promise 1).

        While a chat is claimed the bot is silent: without this a child could write into nothing for ever.
        """
        now = self._clock()
        present = sa.select(sessions.c.staff_id).where(sessions.c.seen_at > now - ABANDONED)
        async with self._ledger.begin() as connection:
            returned = await back_to_waiting(
                connection, cases.c.staff_id.not_in(present) & (cases.c.claimed_at < now - ABANDONED)
            )
            for case in returned:
                await post(connection, case, LetterKind.RETURNED, now)
        for case in returned:
            self._ring(case, QUEUE, OUTBOX)
        return len(returned)

    def _ring(self, case: str, *topics: str) -> None:
        for topic in (case_topic(case), *topics):
            self._bell.ring(topic)


async def back_to_waiting(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> list[str]:
    """Give claimed cases back to the queue; returns their ids."""
    given = await connection.execute(
        cases.update()
        .where(which, cases.c.state == CaseState.CLAIMED)
        .values(state=CaseState.WAITING.value, staff_id=None, claimed_at=None)
        .returning(cases.c.id)
    )
    return list(given.scalars())


async def _lock_mine(connection: AsyncConnection, case: str, staff_id: int) -> Any:
    row = await lock(connection, case)
    if row is None:
        raise NoSuchCase
    if row.state == CaseState.CLOSED:
        raise CaseIsClosed
    if row.state != CaseState.CLAIMED or row.staff_id != staff_id:
        raise NotYourCase
    return row


async def _on_the_team(connection: AsyncConnection, staff_id: int) -> None:
    active = sa.select(staff.c.id).where(staff.c.id == staff_id, staff.c.disabled_at.is_(None))
    if await connection.scalar(active.with_for_update(key_share=True)) is None:  # what names this person need not wait
        raise NotOnTheTeam
