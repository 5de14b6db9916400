"""The outbox: what counsellors have for children and has not arrived yet.

A letter is written in the transaction of what it tells and leaves when the relay says so; a crash in between sends it
again rather than never.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from escalation.bell import OUTBOX, Bell, case_topic
from escalation.casefile import LetterState
from escalation.cases import Letter, Presence
from escalation.ledger import Ledger, cases, letters, messages, unbroken, utc_now


class Outbox:
    """The relay's side of the ledger."""

    def __init__(self, ledger: Ledger, bell: Bell, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._bell = bell
        self._clock = clock

    @unbroken
    async def due(self, limit: int = 50) -> list[Letter]:
        """The letters to deliver now, oldest first: of each case only its oldest, so that none overtakes another.

        When one is settled the bell rings "outbox" if the case has more. Children who have gone get nothing
        (promise 3). Only a reply has words; what "joined" and "closed" say belongs to the locales.
        """
        earlier = letters.alias()
        first_of_case = ~sa.exists().where(
            earlier.c.case_id == letters.c.case_id,
            earlier.c.state == LetterState.QUEUED,
            earlier.c.id < letters.c.id,
        )
        async with self._ledger.read() as connection:
            rows = await connection.execute(
                sa.select(letters.c.id, letters.c.case_id, letters.c.kind, messages.c.position, messages.c.sealed)
                .join_from(letters, cases, cases.c.id == letters.c.case_id)
                .outerjoin(messages, messages.c.id == letters.c.message_id)
                .where(
                    letters.c.state == LetterState.QUEUED,
                    letters.c.not_before <= self._clock(),
                    cases.c.presence != Presence.GONE,
                    first_of_case,
                )
                .order_by(letters.c.id)
                .limit(limit)
            )
            return [Letter(row.id, row.case_id, row.kind, row.position, row.sealed or b"") for row in rows]

    @unbroken
    async def delivered(self, letter: int) -> None:
        """The child has it. Nothing happens when the case was deleted meanwhile."""
        await self._settle(letter, LetterState.DELIVERED)

    @unbroken
    async def undeliverable(self, letter: int) -> None:
        """The child cannot be reached; the counsellor sees it in the thread (`Counsel.undelivered`)."""
        await self._settle(letter, LetterState.UNDELIVERABLE)

    @unbroken
    async def postponed(self, letter: int, seconds: float) -> None:
        """Try again after `seconds` (flood control, network loss); what follows in the same case waits behind it."""
        async with self._ledger.begin() as connection:
            await connection.execute(
                letters.update()
                .where(letters.c.id == letter, letters.c.state == LetterState.QUEUED)
                .values(not_before=self._clock() + timedelta(seconds=seconds))
            )

    async def _settle(self, letter: int, state: LetterState) -> None:
        async with self._ledger.begin() as connection:
            case = await connection.scalar(
                letters.update()
                .where(letters.c.id == letter, letters.c.state == LetterState.QUEUED)
                .values(state=state.value)
                .returning(letters.c.case_id)
            )
            more = await connection.scalar(
                sa.select(letters.c.id).where(letters.c.case_id == case, letters.c.state == LetterState.QUEUED).limit(1)
            )
        if case is not None:
            self._bell.ring(case_topic(case))
        if more is not None:
            self._bell.ring(OUTBOX)
