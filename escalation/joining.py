"""Joining: an account begins with an invitation that works once, and carries the team's key to those who will hold it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.audit import Act, note
from escalation.ledger import Ledger, invitations, staff, unbroken, utc_now
from escalation.passwords import Passwords, long_enough
from escalation.people import HOLD_THE_TEAM_KEY, Role, Signed, current_key, digest_of, fold_name, readable
from escalation.sealing import Pair, seal_to, unwrap_with_token, wrap_with_token
from escalation.team import founding, hold, print_recovery_key, recover, rotate

SHORTEST_NAME, LONGEST_NAME = 2, 40


@dataclass(frozen=True, slots=True)
class Joined:
    """A new member; the first one is shown the recovery key, once."""

    id: int
    recovery_key: str | None = field(default=None, repr=False)


class InvitationNotValid(Exception):
    """The invitation is unknown, used, replaced or too old."""

    def __init__(self) -> None:
        super().__init__("This invitation is not valid (any more); ask for a new one.")


class NameNotValid(Exception):
    """The name is too short, too long, or holds characters that cannot be seen."""

    def __init__(self) -> None:
        super().__init__(f"A name has {SHORTEST_NAME} to {LONGEST_NAME} characters.")


class NameTaken(Exception):
    """Somebody has this name, in capital or small letters."""

    def __init__(self) -> None:
        super().__init__("Somebody has this name already.")


class Joining:
    """Invite, and join with an invitation."""

    def __init__(
        self, ledger: Ledger, passwords: Passwords | None = None, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._ledger = ledger
        self._passwords = passwords or Passwords()
        self._clock = clock

    @unbroken
    async def invite(self, by: Signed, roles: Iterable[Role], days: float = 1) -> str:
        """A token that lets one person join with these roles, for `days`; it is shown once and stored nowhere.

        It carries the team's key, wrapped by itself, to those who will hold it: so only somebody who holds it makes one. Raises NoTeamKey.
        """
        async with self._ledger.begin() as connection:
            team_pair = await current_key(connection, by)
            return await self._invite(connection, frozenset(roles), days, team_pair, by=by.person.id)

    @unbroken
    async def first_invitation(self) -> str | None:
        """The invitation for the first administrator, in place of an older one; None when somebody has joined already."""
        async with self._ledger.begin() as connection:
            if await founding(connection) is None:
                return None
            await connection.execute(invitations.delete().where(invitations.c.first))
            return await self._invite(connection, frozenset(Role), 1, None, first=True)

    @unbroken
    async def recover(self, recovery_key: str) -> str:
        """An administrator's invitation for whoever has the printed recovery key (which nobody guesses). Raises RecoveryKeyIsWrong."""
        async with self._ledger.begin() as connection:
            team_pair = await recover(connection, recovery_key)
            await note(connection, Act.RECOVERY_KEY_USED, self._clock())
            return await self._invite(connection, frozenset(Role), 1, team_pair)

    @unbroken
    async def accept(self, token: str, name: str, password: str) -> Joined:
        """Join with an invitation, which is used up by it. The first to join founds the team's key and is shown the recovery key.

        Raises InvitationNotValid, NameNotValid, PasswordTooShort or NameTaken; after the last three it still works.
        """
        invitation = sa.and_(invitations.c.token_digest == digest_of(token), invitations.c.expires_at > self._clock())
        async with self._ledger.read() as connection:
            if (await connection.execute(sa.select(invitations.c.roles).where(invitation))).one_or_none() is None:
                raise InvitationNotValid
        name = readable(name)
        if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or not name.isprintable():
            raise NameNotValid
        long_enough(password)
        pair = Pair.fresh()
        wrapped = await self._passwords.wrap(pair.secret, password)
        try:
            async with self._ledger.begin() as connection:
                await hold(connection)
                used = (
                    await connection.execute(
                        invitations.delete()
                        .where(invitation)
                        .returning(invitations.c.roles, invitations.c.first, invitations.c.team_key)
                    )
                ).one_or_none()
                if used is None:
                    raise InvitationNotValid
                joined = staff.insert().values(
                    name=name,
                    name_folded=fold_name(name),
                    roles=used.roles,
                    public_key=pair.public,
                    wrapped_key=wrapped,
                    joined_at=self._clock(),
                )
                number = int((await connection.scalars(joined.returning(staff.c.id))).one())
                recovery_key = None
                if used.first:
                    team_pair, recovery_key = await self._found(connection)
                    await _hand_over(connection, number, pair.public, team_pair)
                elif used.team_key:
                    await _hand_over(connection, number, pair.public, Pair(unwrap_with_token(used.team_key, token)))
                await note(connection, Act.JOINED, self._clock(), about=number)
        except IntegrityError:
            raise NameTaken from None
        if recovery_key:
            await self._ledger.scrub()  # the founding key lay in the clear until now
        return Joined(number, recovery_key)

    async def _found(self, connection: AsyncConnection) -> tuple[Pair, str]:
        """The first member: the founding key, which lay in the clear, is replaced by one that never does."""
        old = await founding(connection)
        if old is None:
            raise InvitationNotValid
        new = await rotate(connection, old)
        return new, await print_recovery_key(connection, new)

    async def _invite(
        self,
        connection: AsyncConnection,
        roles: frozenset[Role],
        days: float,
        team_pair: Pair | None,
        *,
        first: bool = False,
        by: int | None = None,
    ) -> str:
        token, now = secrets.token_urlsafe(32), self._clock()
        await connection.execute(invitations.delete().where(invitations.c.expires_at <= now))
        await connection.execute(
            invitations.insert().values(
                token_digest=digest_of(token),
                roles=sorted(roles),
                first=first,
                team_key=wrap_with_token(team_pair.secret, token) if team_pair and roles & HOLD_THE_TEAM_KEY else None,
                expires_at=now + timedelta(days=days),
            )
        )
        if not first:
            await note(connection, Act.INVITED, now, by=by)
        return token


async def _hand_over(connection: AsyncConnection, number: int, public: bytes, team_pair: Pair) -> None:
    await connection.execute(
        staff.update().where(staff.c.id == number).values(team_key=seal_to(public, team_pair.secret))
    )
