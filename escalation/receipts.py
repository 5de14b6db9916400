"""Return codes: with 16 digits a child finds its case again, on any channel, and what a counsellor wrote meanwhile.

The code is offered, never forced, and lies nowhere: the ledger holds one half of an Argon2id of it to find the case by, and the
case key wrapped by the other half. The salt is the ledger's own, so a case is found without trying every one; whoever steals the
ledger pays 64 MiB and a tenth of a second for each of 10^16 guesses.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from escalation.bell import QUEUE, Bell, case_topic
from escalation.casefile import LetterState, lines, read_facts
from escalation.cases import CaseState, Facts, Opened, Presence, Said
from escalation.ledger import Ledger, cases, letters, team, unbroken, utc_now
from escalation.sealing import CaseKey, keys_of_code, unwrap_with_key, wrap_with_key

DIGITS = 16
AT_ONCE = 2
"""Codes that are computed at the same time: 128 MiB at most, however many are typed."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What a right code brings back: the case, how it stands, its facts, and everything said in it."""

    case: Opened
    state: CaseState
    facts: Facts
    thread: tuple[Said, ...]


class CaseIsNotOpen(Exception):
    """A code can be had for a case that is open."""

    def __init__(self) -> None:
        super().__init__("There is no open case to come back to.")


class Receipts:
    """Gives return codes and knows them again."""

    def __init__(self, ledger: Ledger, bell: Bell, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._bell = bell
        self._clock = clock
        self._computing = asyncio.Semaphore(AT_ONCE)

    @unbroken
    async def give(self, case: Opened) -> str:
        """A new code for an open case, in place of an older one: 16 digits, told once. Raises CaseIsNotOpen."""
        code = "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))
        digest, key = await self._keys(code)
        async with self._ledger.begin() as connection:
            given = await connection.execute(
                cases.update()
                .where(cases.c.id == case.id, cases.c.state != CaseState.CLOSED)
                .values(code_digest=digest, code_key=wrap_with_key(case.key.secret, key))
            )
        if not given.rowcount:
            raise CaseIsNotOpen
        self._bell.ring(case_topic(case.id))
        return code

    @unbroken
    async def come_back(self, code: str) -> Returned | None:
        """The case of a code, with the child here again; None for a code that is wrong, or whose case has been deleted.

        Letters that were queued or undeliverable count as delivered: the child reads them in the thread.
        """
        digest, key = await self._keys(code)
        async with self._ledger.begin() as connection:
            row = (
                await connection.execute(sa.select(cases).where(cases.c.code_digest == digest).with_for_update())
            ).one_or_none()
            if row is None:
                return None
            opened = Opened(row.id, CaseKey(unwrap_with_key(row.code_key, key)))
            thread = tuple(await lines(connection, row.id, opened.key))
            await connection.execute(cases.update().where(cases.c.id == row.id).values(presence=Presence.HERE.value))
            await connection.execute(
                letters.update()
                .where(letters.c.case_id == row.id, letters.c.state != LetterState.DELIVERED)
                .values(state=LetterState.DELIVERED.value)
            )
        for topic in (QUEUE, case_topic(row.id)):
            self._bell.ring(topic)
        return Returned(opened, CaseState(row.state), read_facts(row), thread)

    async def _keys(self, code: str) -> tuple[bytes, bytes]:
        async with self._ledger.read() as connection:
            salt = await connection.scalar(sa.select(team.c.code_salt))
        async with self._computing:
            return await asyncio.to_thread(keys_of_code, code, salt or b"")
