"""The team's key: what every case key is sealed to, so that whoever of the team takes a case can read it, and nobody else.

The private key exists in four sealed forms and no other: to each member's own key, in an invitation under way (wrapped by the
invitation's token), to the printed recovery key, and, only until the first administrator has joined, in the clear: a child may
write to a helpline that nobody has set up yet, and must not be lost (promise 1 before promise 2; `helpline doctor` says so).
"""

from __future__ import annotations

import base64
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.ledger import cases, invitations, staff, team
from escalation.sealing import CaseKey, Pair, SealIsBroken, seal_to

GROUP = 4


class RecoveryKeyIsWrong(Exception):
    """What was typed is not the recovery key that was printed."""

    def __init__(self) -> None:
        super().__init__("This is not the recovery key of this helpline.")


async def seal_case_key(connection: AsyncConnection, key: CaseKey) -> bytes:
    """Seal a new case's key to the team, in the transaction that opens the case: no rotation can come in between."""
    public = await connection.scalar(sa.select(team.c.public_key).with_for_update(read=True))
    return seal_to(public or b"", key.secret)


async def hold(connection: AsyncConnection) -> Any:
    """The team's row, kept unchanged by others until the transaction ends.

    Whoever changes keys takes it first of all, then staff, then cases: on PostgreSQL, where several write at once, nobody joins or is
    disabled in the middle of a rotation, and no two wait for each other.
    """
    return (await connection.execute(sa.select(team).with_for_update())).one()


async def founding(connection: AsyncConnection) -> Pair | None:
    """The key pair of a helpline that nobody has joined yet; None afterwards."""
    secret = await connection.scalar(sa.select(team.c.founding_secret))
    return Pair(secret) if secret else None


async def rotate(connection: AsyncConnection, old: Pair) -> Pair:
    """Give the team a new key: every open case is sealed to it, every member and the recovery key receive it.

    Whoever kept the old one opens nothing that comes after. Invitations under way carry the old key and end.
    """
    row = await hold(connection)
    new = Pair.fresh()
    holders = sa.select(staff).where(staff.c.team_key.is_not(None)).order_by(staff.c.id).with_for_update(key_share=True)
    members = (await connection.execute(holders)).all()
    sealed_keys = sa.select(cases.c.id, cases.c.sealed_key).order_by(cases.c.id).with_for_update()
    for case in (await connection.execute(sealed_keys)).all():
        if case.sealed_key:
            sealed = seal_to(new.public, old.open(case.sealed_key))
            await connection.execute(cases.update().where(cases.c.id == case.id).values(sealed_key=sealed))
    for member in members:
        await connection.execute(
            staff.update()
            .where(staff.c.id == member.id)
            .values(team_key=seal_to(member.public_key, new.secret) if member.disabled_at is None else None)
        )
    await connection.execute(invitations.delete().where(invitations.c.team_key.is_not(None)))
    await connection.execute(
        team.update().values(
            public_key=new.public,
            founding_secret=None,
            recovery_sealed=seal_to(row.recovery_public, new.secret) if row.recovery_public else None,
        )
    )
    return new


async def print_recovery_key(connection: AsyncConnection, current: Pair) -> str:
    """Make a recovery key in place of an older one, to be shown once and printed: 256 random bits in groups of four letters."""
    recovery = Pair.fresh()
    await connection.execute(
        team.update().values(recovery_public=recovery.public, recovery_sealed=seal_to(recovery.public, current.secret))
    )
    letters = base64.b32encode(recovery.secret).decode().rstrip("=")
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


async def recover(connection: AsyncConnection, typed: str) -> Pair:
    """The team's key pair for whoever has the printed recovery key; raises RecoveryKeyIsWrong."""
    sealed: Any = await connection.scalar(sa.select(team.c.recovery_sealed))
    letters = "".join(typed.split()).replace("-", "").upper()
    try:
        recovery = Pair(base64.b32decode(letters + "=" * (-len(letters) % 8)))
        return Pair(recovery.open(sealed or b""))
    except (ValueError, TypeError, SealIsBroken):
        raise RecoveryKeyIsWrong from None
