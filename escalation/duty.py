"""Duty: who is there to answer now, so that a waiting child is told the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.bell import QUEUE, Bell
from escalation.ledger import Ledger, duty, unbroken, utc_now

LEASE = timedelta(seconds=90)  # two missed beats of 30 s are forgiven


class Duty:
    """Counsellors sign on and off; an open console beats, a closed browser goes off duty by itself after the lease."""

    def __init__(self, ledger: Ledger, bell: Bell, clock: Callable[[], datetime] = utc_now) -> None:
        self._ledger = ledger
        self._bell = bell
        self._clock = clock

    @unbroken
    async def on(self, staff_id: int) -> None:
        """Sign on, for the length of the lease."""
        if not await self.beat(staff_id):
            try:
                async with self._ledger.begin() as connection:
                    await connection.execute(duty.insert().values(staff_id=staff_id, until=self._clock() + LEASE))
            except IntegrityError:  # another window of theirs was quicker
                await self.beat(staff_id)
        self._bell.ring(QUEUE)

    @unbroken
    async def off(self, staff_id: int) -> None:
        """Sign off at once; their cases stay theirs."""
        async with self._ledger.begin() as connection:
            await connection.execute(duty.delete().where(duty.c.staff_id == staff_id))
        self._bell.ring(QUEUE)

    @unbroken
    async def beat(self, staff_id: int) -> bool:
        """Renew the lease of somebody who signed on, also after a sleep; False, and nothing else, if they did not."""
        async with self._ledger.begin() as connection:
            renewed = await connection.execute(
                duty.update().where(duty.c.staff_id == staff_id).values(until=self._clock() + LEASE)
            )
            return bool(renewed.rowcount)

    @unbroken
    async def is_on(self, staff_id: int) -> bool:
        """Whether this person is on duty now."""
        async with self._ledger.read() as connection:
            until = await connection.scalar(sa.select(duty.c.until).where(duty.c.staff_id == staff_id))
            return until is not None and until > self._clock()

    @unbroken
    async def count(self) -> int:
        """How many are on duty now."""
        async with self._ledger.read() as connection:
            return await on_duty(connection, self._clock())


async def on_duty(connection: AsyncConnection, now: datetime) -> int:
    """How many leases run at this moment, within a transaction of the caller's."""
    return int(await connection.scalar(sa.select(sa.func.count()).select_from(duty).where(duty.c.until > now)) or 0)
