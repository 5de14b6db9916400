"""Somebody of the team, with a password and a second factor, as the console makes them. All of it is invented."""

from __future__ import annotations

from datetime import UTC, datetime

import pyotp

from escalation.sealing import Pair
from escalation.staff import Role, Signed, Staff

PASSWORD = "a long password"


class Member:
    """A signed-in member of the team."""

    def __init__(self, staff: Staff, number: int, token: str) -> None:
        self._staff = staff
        self.number = number
        self._token = token

    @classmethod
    async def join(cls, staff: Staff, name: str, invited_by: Member | None = None) -> Member:
        """Accept an invitation, sign in and set the second factor."""
        invitation = (
            await staff.invite(await invited_by.signed(), [Role.COUNSELLOR])
            if invited_by
            else await staff.first_invitation()
        )
        assert invitation
        number = (await staff.accept(invitation, name, PASSWORD)).id
        member = cls(staff, number, await staff.sign_in(name, PASSWORD))
        factor = await staff.new_second_factor(await member.signed())
        await staff.confirm_second_factor(
            await member.signed(), member._token, pyotp.TOTP(factor.secret).at(datetime.now(UTC))
        )
        return member

    async def signed(self) -> Signed:
        """What a request of this member's works with."""
        signed = await self._staff.who(self._token)
        assert signed
        return signed

    async def team(self) -> Pair:
        """The team's key, as this member's session opens it."""
        team = (await self.signed()).team
        assert team
        return team
