"""Staff: the accounts of those who answer, from the first sign-in to the last. Joining is escalation/joining.py.

Nothing that opens anything lies in the ledger as it is: a member's private key is wrapped by their password, the team's key is
sealed to the member, and a session keeps the member's key wrapped by the cookie's own token. So a stolen disk opens nothing,
a restart signs nobody out in the middle of a chat, and a request opens the keys for its own length only.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from escalation.audit import Act, note
from escalation.bell import OUTBOX, QUEUE, Bell, case_topic
from escalation.casefile import LetterKind, post
from escalation.counsel import back_to_waiting
from escalation.familiar import Familiar
from escalation.ledger import Ledger, cases, duty, sessions, staff, unbroken, utc_now
from escalation.passwords import Passwords, long_enough, normal
from escalation.people import NoSuchAccount, Person, Signed, current_key, digest_of, fold_name, read_person, readable
from escalation.sealing import (
    Pair,
    SealIsBroken,
    seal_to,
    unwrap_with_password,
    unwrap_with_token,
    wrap_with_password,
    wrap_with_token,
)
from escalation.second_factor import SecondFactor, WrongCode
from escalation.slowing import SlowDown, Slowing, WrongCredentials
from escalation.team import founding, hold, print_recovery_key, rotate

IDLE = timedelta(minutes=30)
TOUCH = timedelta(seconds=30)  # a session's last sign of life is written this often, not at every request


class SecondFactorIsSet(Exception):
    """A second factor that was confirmed is changed by resetting it, never by a session that has not given it."""

    def __init__(self) -> None:
        super().__init__("The second factor of this account is set already; sign in with its six digits.")


class Staff:
    """Sign in and out, set a second factor, change a password, disable, rotate."""

    def __init__(
        self,
        ledger: Ledger,
        bell: Bell,
        clock: Callable[[], datetime] = utc_now,
        passwords: Passwords | None = None,
    ) -> None:
        self._ledger = ledger
        self._passwords = passwords or Passwords()
        self._bell = bell
        self._clock = clock
        self._slowing = Slowing(clock)
        self._slowing_known = Slowing(clock)  # of those whose password was right before, and of those who are signed in
        self._familiar = Familiar()
        self._nobody: bytes | None = None

    @unbroken
    async def cases_in_the_clear(self) -> int | None:
        """How many cases the founding key, which lies beside them, opens for anybody; None once somebody has joined."""
        async with self._ledger.read() as connection:
            if await founding(connection) is None:
                return None
            return int(await connection.scalar(sa.select(sa.func.count()).select_from(cases)) or 0)

    @unbroken
    async def sign_in(self, name: str, password: str, code: str = "") -> str:
        """Begin a session; returns its token (256 bits). Raises WrongCredentials or SlowDown.

        Name, password and code are judged together, so that nobody learns which of them was wrong. Without a second factor yet
        the session is good for setting one, and for nothing else. Whoever signed in here before is not kept out by what
        others fail at with their name (escalation.familiar).
        """
        folded, password = fold_name(readable(name)), normal(password)
        async with self._ledger.read() as connection:
            found = sa.select(staff).where(staff.c.name_folded == folded, staff.c.disabled_at.is_(None))
            row = (await connection.execute(found)).one_or_none()
        if self._familiar.recognises(row, password):
            try:
                return await self._sign_in_again(row, folded, password, code)
            except (WrongCredentials, SlowDown):
                pass  # answered below, like anybody's: nobody may learn that the password was right
        async with self._slowing.attempt(folded):
            try:
                pair = Pair(await self._passwords.unwrap(await self._wrapped(row), password))
                if row is None:
                    raise WrongCredentials
                factor = SecondFactor.of(row, pair)
                step = factor.check(code, self._clock()) if factor and factor.confirmed else None
            except (SealIsBroken, WrongCode, WrongCredentials):
                await self._failed(row)
                raise WrongCredentials from None
            token = await self._begin(row, pair, step)
        if factor and factor.confirmed:
            self._familiar.remember(row.id, password, row.wrapped_key, row.second_factor, factor)
        return token

    async def _sign_in_again(self, row: Any, folded: str, password: str, code: str) -> str:
        """For somebody familiar: the digits first, then the password itself, past the line of everybody else."""
        async with self._slowing_known.attempt(folded):
            step = self._familiar.check(row, code, self._clock())
            try:
                pair = Pair(await asyncio.to_thread(unwrap_with_password, row.wrapped_key, password))
            except SealIsBroken:
                raise WrongCredentials from None
            return await self._begin(row, pair, step)

    async def _begin(self, row: Any, pair: Pair, step: int | None) -> str:
        """The session itself; a code that somebody used meanwhile is refused here, in the transaction that remembers it."""
        token, now = secrets.token_urlsafe(32), self._clock()
        async with self._ledger.begin() as connection:
            if step is not None:
                fresh = await connection.execute(
                    staff.update()
                    .where(staff.c.id == row.id, staff.c.second_factor_step < step)
                    .values(second_factor_step=step)
                )
                if not fresh.rowcount:
                    raise WrongCredentials
            await connection.execute(sessions.delete().where(sessions.c.seen_at <= now - IDLE))
            await connection.execute(
                sessions.insert().values(
                    token_digest=digest_of(token),
                    staff_id=row.id,
                    wrapped_key=wrap_with_token(pair.secret, token),
                    confirmed=step is not None,
                    seen_at=now,
                )
            )
            await note(connection, Act.SIGNED_IN, now, by=row.id)
        return token

    @unbroken
    async def who(self, token: str) -> Signed | None:
        """Whose session this is, with its keys, and a sign of life for it; None after 30 minutes without one."""
        now, mine = self._clock(), sessions.c.token_digest == digest_of(token)
        async with self._ledger.read() as connection:
            found = (
                sa.select(staff, sessions.c.seen_at, sessions.c.confirmed, sessions.c.wrapped_key.label("of_session"))
                .join(sessions, sessions.c.staff_id == staff.c.id)
                .where(mine, sessions.c.seen_at > now - IDLE, staff.c.disabled_at.is_(None))
            )
            row = (await connection.execute(found)).one_or_none()
        if row is None:
            return None
        if now - row.seen_at >= TOUCH:
            async with self._ledger.begin() as connection:
                await connection.execute(sessions.update().where(mine).values(seen_at=now))
        try:
            pair = Pair(unwrap_with_token(row.of_session, token))
            team_pair = Pair(pair.open(row.team_key)) if row.team_key and row.confirmed else None
        except SealIsBroken:
            return None
        return Signed(read_person(row), pair, team_pair, row.confirmed)

    @unbroken
    async def sign_out(self, token: str) -> None:
        """End the session."""
        async with self._ledger.begin() as connection:
            ended = await connection.scalar(
                sessions.delete().where(sessions.c.token_digest == digest_of(token)).returning(sessions.c.staff_id)
            )
            if ended is not None:
                await note(connection, Act.SIGNED_OUT, self._clock(), by=ended)

    @unbroken
    async def new_second_factor(self, by: Signed) -> SecondFactor:
        """What the person's authenticator has to learn; the same until it is confirmed, so that a reloaded page shows no other.

        Raises SecondFactorIsSet.
        """
        async with self._ledger.begin() as connection:
            row = (await connection.execute(sa.select(staff).where(staff.c.id == by.person.id).with_for_update())).one()
            factor = SecondFactor.of(row, by.key)
            if factor is not None and factor.confirmed:
                raise SecondFactorIsSet
            if factor is None:
                factor = SecondFactor.fresh(by.person.name)
                sealed = seal_to(by.key.public, factor.secret.encode())
                await connection.execute(staff.update().where(staff.c.id == by.person.id).values(second_factor=sealed))
            return factor

    @unbroken
    async def confirm_second_factor(self, by: Signed, token: str, code: str) -> None:
        """Switch the second factor on and make this session a full one; raises WrongCode, SecondFactorIsSet or SlowDown."""
        async with self._slowing_known.attempt(fold_name(by.person.name)):
            factor = await self.new_second_factor(by)
            now = self._clock()
            step = factor.check(code, now)
            async with self._ledger.begin() as connection:
                confirmed = await connection.execute(
                    staff.update()
                    .where(staff.c.id == by.person.id, staff.c.second_factor_step.is_(None))
                    .values(second_factor_step=step)
                )
                if not confirmed.rowcount:  # another window was quicker
                    raise SecondFactorIsSet
                await connection.execute(
                    sessions.update().where(sessions.c.token_digest == digest_of(token)).values(confirmed=True)
                )
                await note(connection, Act.SECOND_FACTOR_SET, now, by=by.person.id)

    @unbroken
    async def reset_second_factor(self, by: Signed, staff_id: int) -> None:
        """For somebody who has lost their telephone: they set another one when they sign in next, with their password. Raises NoSuchAccount."""
        async with self._ledger.begin() as connection:
            reset = await connection.execute(
                staff.update()
                .where(staff.c.id == staff_id, staff.c.disabled_at.is_(None))
                .values(second_factor=None, second_factor_step=None)
            )
            if not reset.rowcount:
                raise NoSuchAccount
            await connection.execute(sessions.delete().where(sessions.c.staff_id == staff_id))
            await note(connection, Act.SECOND_FACTOR_RESET, self._clock(), by=by.person.id, about=staff_id)

    @unbroken
    async def change_password(self, by: Signed, token: str, old: str, new: str) -> None:
        """Wrap the person's key anew; every other session of theirs ends. Raises WrongCredentials, PasswordTooShort or SlowDown."""
        long_enough(new)
        old, new = normal(old), normal(new)
        async with self._slowing_known.attempt(fold_name(by.person.name)):
            async with self._ledger.read() as connection:
                row = (await connection.execute(sa.select(staff).where(staff.c.id == by.person.id))).one()
            try:
                await self._passwords.unwrap(row.wrapped_key or b"", old)
            except SealIsBroken:
                raise WrongCredentials from None
        wrapped = await self._passwords.wrap(by.key.secret, new)
        async with self._ledger.begin() as connection:
            changed = await connection.execute(
                staff.update()
                .where(staff.c.id == row.id, staff.c.wrapped_key == row.wrapped_key)
                .values(wrapped_key=wrapped)
            )
            if not changed.rowcount:  # changed in another window, or disabled meanwhile
                raise WrongCredentials
            others = sa.and_(sessions.c.staff_id == row.id, sessions.c.token_digest != digest_of(token))
            await connection.execute(sessions.delete().where(others))
            await note(connection, Act.PASSWORD_CHANGED, self._clock(), by=row.id)
        factor = SecondFactor.of(row, by.key)
        if factor and factor.confirmed:
            self._familiar.remember(row.id, new, wrapped, row.second_factor, factor)
        await self._ledger.scrub()  # the old wrapping must not stay for whoever learns the old password

    @unbroken
    async def list(self) -> tuple[Person, ...]:
        """Everybody who ever joined, by name; those disabled are not active."""
        async with self._ledger.read() as connection:
            rows = await connection.execute(sa.select(staff).order_by(staff.c.name_folded))
            return tuple(read_person(row) for row in rows)

    @unbroken
    async def disable(self, staff_id: int, by: Signed | None = None) -> bool:
        """Shut the account: sessions end, keys go, claimed cases return to the queue. True when the team's key was rotated too.

        Without somebody who holds the team's key (the command line) it is not rotated: do it in the console afterwards.
        Raises NoSuchAccount or NoTeamKey.
        """
        now = self._clock()
        async with self._ledger.begin() as connection:
            await hold(connection)
            team_pair = await current_key(connection, by) if by else None
            shut = await connection.execute(
                staff.update()
                .where(staff.c.id == staff_id, staff.c.disabled_at.is_(None))
                .values(
                    disabled_at=now,
                    wrapped_key=None,
                    team_key=None,
                    second_factor=None,
                    second_factor_step=None,
                )
            )
            if not shut.rowcount:
                raise NoSuchAccount
            await connection.execute(sessions.delete().where(sessions.c.staff_id == staff_id))
            await connection.execute(duty.delete().where(duty.c.staff_id == staff_id))
            given = await back_to_waiting(connection, cases.c.staff_id == staff_id)
            for case in given:
                await post(connection, case, LetterKind.RETURNED, now)
            actor = by.person.id if by else None
            if team_pair:
                await rotate(connection, team_pair)
            # Last of all, as everywhere: whoever writes to the log holds its end until the transaction is over.
            await note(connection, Act.DISABLED, now, by=actor, about=staff_id)
            if team_pair:
                await note(connection, Act.TEAM_KEY_ROTATED, now, by=actor)
        for topic in (QUEUE, OUTBOX, *map(case_topic, given)):
            self._bell.ring(topic)
        await self._ledger.scrub()  # the keys that were taken away must not stay in free pages
        return team_pair is not None

    @unbroken
    async def rotate(self, by: Signed) -> None:
        """Give the team a new key, for instance when an old copy of it may be abroad. Raises NoTeamKey."""
        async with self._ledger.begin() as connection:
            await rotate(connection, await current_key(connection, by))
            await note(connection, Act.TEAM_KEY_ROTATED, self._clock(), by=by.person.id)
        await self._ledger.scrub()

    @unbroken
    async def print_recovery_key(self, by: Signed) -> str:
        """A new recovery key in place of the one that was printed before; it is shown once. Raises NoTeamKey."""
        async with self._ledger.begin() as connection:
            team_pair = await current_key(connection, by)
            recovery_key = await print_recovery_key(connection, team_pair)
            await note(connection, Act.RECOVERY_KEY_PRINTED, self._clock(), by=by.person.id)
            return recovery_key

    async def _wrapped(self, row: Any | None) -> bytes:
        """A wrapped key to try: the person's own, or nobody's, so that the answer takes the same time."""
        if row is not None:
            return bytes(row.wrapped_key)
        if self._nobody is None:
            self._nobody = await asyncio.to_thread(wrap_with_password, Pair.fresh().secret, secrets.token_urlsafe())
        return self._nobody

    async def _failed(self, row: Any | None) -> None:
        """Write down a failure for a name that somebody has; what was typed in place of a name is not kept."""
        if row is not None:
            async with self._ledger.begin() as connection:
                await note(connection, Act.SIGN_IN_FAILED, self._clock(), about=row.id)
