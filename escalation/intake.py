"""Intake: the child's side of a case, from the alarm until the child has left.

What is told here is committed when the call returns, so that nobody is told that somebody will come unless the
ledger knows it (promise 1). Storing may fail loudly; ringing the bell afterwards cannot undo it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.bell import OUTBOX, QUEUE, Bell, case_topic
from escalation.casefile import (
    CaseIsClosed,
    LetterState,
    NoSuchCase,
    append,
    find,
    lines,
    lock,
    read_because,
    read_facts,
    write_facts,
)
from escalation.cases import CaseState, Facts, Opened, Outcome, Perspective, Presence, Said, Standing
from escalation.duty import on_duty
from escalation.ledger import Ledger, cases, letters, messages, unbroken, utc_now
from escalation.retention import to_the_hour
from escalation.team import seal_case_key
from escalation.waitlist import Waitlist, turn

__all__ = ["CaseIsClosed", "Intake", "NoSuchCase"]


class Intake:
    """Opens cases, adds to them, and says honestly how they stand. Texts must be redacted before they come here."""

    def __init__(self, ledger: Ledger, bell: Bell, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._bell = bell
        self._clock = clock

    @unbroken
    async def open(self, facts: Facts, told: Sequence[Said], case: Opened | None = None) -> Opened:
        """Open a case with what was told so far; committed durably when it returns.

        With a `case` whoever does not know whether it was opened (the process was killed, the line to the ledger broke) asks again and gets
        the same one, with what is new of `told`. Raises CaseIsClosed when that has been closed since.
        """
        case = case or Opened.fresh()
        async with self._ledger.begin() as connection:
            row = await lock(connection, case.id)
            if row is None:
                await self._insert(connection, case, facts)
                new = told
            elif row.state == CaseState.CLOSED:
                raise CaseIsClosed
            else:
                await _learn(connection, row, case, facts)
                known = set(await lines(connection, case.id, case.key))
                new = [said for said in told if said not in known]
            await append(connection, case.id, new, case.key)
        self._bell.ring(QUEUE)
        self._bell.ring(case_topic(case.id))
        return case

    async def _insert(self, connection: AsyncConnection, case: Opened, facts: Facts) -> None:
        now = self._clock()
        await connection.execute(
            cases.insert().values(
                id=case.id,
                state=CaseState.WAITING.value,
                turn=turn(facts.urgency, now),
                presence=Presence.HERE.value,
                opened_at=now,
                sealed_key=await seal_case_key(connection, case.key),
                **write_facts(case.id, facts, case.key),
            )
        )

    @unbroken
    async def add(self, case: Opened, *said: Said) -> None:
        """Add lines of the child's or the helpline's; raises CaseIsClosed when the case is closed or deleted."""
        async with self._ledger.begin() as connection:
            await _lock_open(connection, case.id)
            await append(connection, case.id, said, case.key)
        self._bell.ring(case_topic(case.id))

    @unbroken
    async def worsen(self, case: Opened, facts: Facts) -> None:
        """Take in what has been learned since: see `merge`. Committed when it returns; raises CaseIsClosed."""
        async with self._ledger.begin() as connection:
            await _learn(connection, await _lock_open(connection, case.id), case, facts)
        self._bell.ring(QUEUE)
        self._bell.ring(case_topic(case.id))

    @unbroken
    async def presence(self, case: str, presence: Presence) -> None:
        """Note whether the child is here. GONE is final, but for a return code (escalation.receipts).

        Without one, what is still queued for them becomes undeliverable; with one it waits for them. A case that retention has
        already deleted is no mistake: children leave late.
        """
        async with self._ledger.begin() as connection:
            changed = await connection.execute(
                cases.update()
                .where(cases.c.id == case, cases.c.presence.not_in([Presence.GONE.value, presence.value]))
                .values(presence=presence.value)
                .returning(cases.c.code_digest)
            )
            gone = changed.all()
            if gone and presence is Presence.GONE and gone[0].code_digest is None:
                await connection.execute(
                    letters.update()
                    .where(letters.c.case_id == case, letters.c.state == LetterState.QUEUED)
                    .values(state=LetterState.UNDELIVERABLE.value)
                )
        if gone:
            for topic in (QUEUE, case_topic(case), OUTBOX):
                self._bell.ring(topic)

    @unbroken
    async def withdraw(self, case: str) -> None:
        """The child taps that nobody is to come: a waiting case is closed and its words and key are destroyed at once (promise 3).

        It was noticed, stored and offered (promise 1); what is taken back by the child's own tap is not lost. A case that a
        counsellor has already read is theirs to close; the child is gone for it and is not written to.
        """
        async with self._ledger.begin() as connection:
            closed = await connection.execute(
                cases.update()
                .where(cases.c.id == case, cases.c.state == CaseState.WAITING.value)
                .values(
                    state=CaseState.CLOSED.value,
                    outcome=Outcome.WITHDRAWN.value,
                    presence=Presence.GONE.value,
                    closed_at=self._clock(),
                    sealed_key=b"",
                    because=b"",
                    code_digest=None,
                    code_key=None,
                )
            )
            if closed.rowcount:
                await to_the_hour(connection, case)
                await connection.execute(letters.delete().where(letters.c.case_id == case))
                await connection.execute(messages.delete().where(messages.c.case_id == case))
        if closed.rowcount:
            await self._ledger.scrub()  # "taken back" is said to the child: not a word of it stays in the files
        else:
            await self.presence(case, Presence.GONE)
        self._bell.ring(QUEUE)
        self._bell.ring(case_topic(case))

    @unbroken
    async def standing(self, case: str) -> Standing:
        """What the child may be told about its wait; raises NoSuchCase."""
        now = self._clock()
        async with self._ledger.read() as connection:
            row = (await connection.execute(sa.select(cases).where(cases.c.id == case))).one_or_none()
            if row is None:
                raise NoSuchCase
            state = CaseState(row.state)
            return Standing(
                state=state,
                place=await Waitlist.place(connection, row) if state is CaseState.WAITING else None,
                on_duty=await on_duty(connection, now),
                typical_wait_minutes=await Waitlist.typical_wait(connection, now),
            )

    @unbroken
    async def open_cases(self) -> list[str]:
        """The cases that are not closed and whose child is not known to have gone, for the relay to look after them."""
        async with self._ledger.read() as connection:
            rows = await connection.scalars(
                sa.select(cases.c.id).where(cases.c.state != CaseState.CLOSED, cases.c.presence != Presence.GONE)
            )
            return list(rows)

    @unbroken
    async def state(self, case: str) -> CaseState | None:
        """The case's state, or None when it no longer exists (retention)."""
        async with self._ledger.read() as connection:
            try:
                return CaseState((await find(connection, case)).state)
            except NoSuchCase:
                return None


def merge(known: Facts, learned: Facts) -> Facts:
    """What is known after more was learned.

    Urgency only rises. Categories and reasons are kept and added to. A child who spoke of a friend first and then of
    itself speaks of itself. The language and the country are the latest that the child used or gave.
    """
    return replace(
        known,
        urgency=max(known.urgency, learned.urgency, key=lambda urgency: urgency.rank),
        categories=tuple(dict.fromkeys(known.categories + learned.categories)),
        because=tuple(dict.fromkeys(known.because + learned.because)),
        perspective=learned.perspective if known.perspective is Perspective.OTHER else known.perspective,
        locale=learned.locale,
        country=learned.country or known.country,
    )


async def _learn(connection: AsyncConnection, row: Any, case: Opened, facts: Facts) -> None:
    """Merge what was learned into a locked case."""
    merged = merge(replace(read_facts(row), because=read_because(row, case.key)), facts)
    await connection.execute(
        cases.update()
        .where(cases.c.id == case.id)
        .values(turn=turn(merged.urgency, row.opened_at), **write_facts(case.id, merged, case.key))
    )


async def _lock_open(connection: AsyncConnection, case: str) -> Any:
    row = await lock(connection, case)
    if row is None or row.state == CaseState.CLOSED:
        raise CaseIsClosed
    return row
