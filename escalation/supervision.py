"""Supervision: who is there, who answers whom, and taking a chat back for the queue; without a word of what was said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from escalation.audit import Act, note
from escalation.bell import OUTBOX, QUEUE, Bell, case_topic
from escalation.casefile import CaseIsClosed, LetterKind, find, post, read_case, with_counsellor
from escalation.cases import Case, CaseState
from escalation.counsel import back_to_waiting
from escalation.ledger import Ledger, cases, duty, staff, unbroken, utc_now


class NobodyHasIt(Exception):
    """The chat waits in the queue already."""

    def __init__(self) -> None:
        super().__init__("Nobody has this chat; it waits in the queue.")


class Supervision:
    """The supervisor's view. It never needs the team's key: what a child has said is read by whoever answers (promise 2)."""

    def __init__(self, ledger: Ledger, bell: Bell, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._bell = bell
        self._clock = clock

    @unbroken
    async def on_duty(self) -> list[str]:
        """The names of those who are available now."""
        async with self._ledger.read() as connection:
            names = await connection.scalars(
                sa.select(staff.c.name)
                .join(duty, duty.c.staff_id == staff.c.id)
                .where(duty.c.until > self._clock())
                .order_by(staff.c.name_folded)
            )
            return list(names)

    @unbroken
    async def taken(self) -> list[Case]:
        """The chats that somebody has, the longest held first."""
        async with self._ledger.read() as connection:
            rows = await connection.execute(
                with_counsellor().where(cases.c.state == CaseState.CLAIMED).order_by(cases.c.claimed_at, cases.c.id)
            )
            return [read_case(row) for row in rows]

    @unbroken
    async def take_back(self, case: str, by: int) -> None:
        """Put somebody's chat back into the queue, where it keeps its place; the child is told.

        Raises NobodyHasIt, CaseIsClosed or NoSuchCase.
        """
        now = self._clock()
        async with self._ledger.begin() as connection:
            if not await back_to_waiting(connection, cases.c.id == case):
                row = await find(connection, case)
                raise CaseIsClosed if row.state == CaseState.CLOSED else NobodyHasIt
            await post(connection, case, LetterKind.RETURNED, now)
            await note(connection, Act.HANDED_BACK, now, by=by)
        for topic in (case_topic(case), QUEUE, OUTBOX):
            self._bell.ring(topic)
