"""Accounts: invitations that work once, sign-in that slows guessing, sessions that end."""

import asyncio
import hashlib

import pytest

from escalation.staff import (
    InvitationNotValid,
    NameNotValid,
    NameTaken,
    PasswordTooShort,
    Person,
    Role,
    SlowDown,
    WrongCredentials,
)

PASSWORD = "an invented password"


async def join(room, name="Ana", role=Role.COUNSELLOR):
    return await room.staff.accept(await room.staff.invite(role), name, PASSWORD)


async def test_an_invitation_works_once(room):
    token = await room.staff.invite(Role.COUNSELLOR)
    await room.staff.accept(token, "Ana", PASSWORD)
    with pytest.raises(InvitationNotValid):
        await room.staff.accept(token, "Besa", PASSWORD)


async def test_an_invitation_used_twice_at_once_lets_one_in(room):
    token = await room.staff.invite(Role.COUNSELLOR)
    answers = await asyncio.gather(
        *(room.staff.accept(token, name, PASSWORD) for name in ("Ana", "Besa")), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["InvitationNotValid", "int"]


async def test_an_invitation_ends_after_a_day(room):
    token = await room.staff.invite(Role.COUNSELLOR)
    room.clock.pass_by(hours=24)
    with pytest.raises(InvitationNotValid):
        await room.staff.accept(token, "Ana", PASSWORD)


async def test_a_mistake_does_not_use_the_invitation_up(room):
    await join(room, "Ana")
    token = await room.staff.invite(Role.COUNSELLOR)
    for name in ("A", "a" * 41, "An\u200bna"):
        with pytest.raises(NameNotValid):
            await room.staff.accept(token, name, PASSWORD)
    with pytest.raises(PasswordTooShort):
        await room.staff.accept(token, "Besa", "too short")
    with pytest.raises(NameTaken):
        await room.staff.accept(token, " aNA ", PASSWORD)
    assert await room.staff.accept(token, "Besa", PASSWORD)


async def test_the_first_invitation_makes_an_administrator_and_is_offered_until_there_is_one(room):
    older = await room.staff.first_invitation()
    newer = await room.staff.first_invitation()
    with pytest.raises(InvitationNotValid):
        await room.staff.accept(older, "Ana", PASSWORD)
    ana = await room.staff.accept(newer, "Ana", PASSWORD)
    assert await room.staff.first_invitation() is None
    assert await room.staff.list() == (Person(ana, "Ana", Role.ADMINISTRATOR),)


@pytest.mark.in_a_file
async def test_neither_token_nor_password_is_in_the_ledger(room):
    ana = await join(room)
    invitation = await room.staff.invite(Role.COUNSELLOR)
    session = await room.staff.sign_in("Ana", PASSWORD)
    on_disk = b"".join(file.read_bytes() for file in room.file.parent.iterdir())
    for secret in (PASSWORD, invitation, session):
        assert secret.encode() not in on_disk
    assert hashlib.sha256(session.encode()).hexdigest().encode() in on_disk
    assert b"$argon2id$v=19$m=65536" in on_disk
    assert (await room.staff.who(session)) == Person(ana, "Ana", Role.COUNSELLOR)


async def test_a_session_ends_half_an_hour_after_its_last_sign_of_life(room):
    await join(room)
    token = await room.staff.sign_in("ANA", PASSWORD)
    for _ in range(3):
        room.clock.pass_by(minutes=29)
        assert await room.staff.who(token)
    room.clock.pass_by(minutes=30)
    assert await room.staff.who(token) is None


async def test_signing_out_ends_the_session_and_a_made_up_token_is_nobody(room):
    await join(room)
    token = await room.staff.sign_in("Ana", PASSWORD)
    await room.staff.sign_out(token)
    for nobody in (token, "", "made up", "\ud800"):
        assert await room.staff.who(nobody) is None


async def test_disabling_ends_sessions_and_the_account_cannot_sign_in(room):
    ana = await join(room)
    token = await room.staff.sign_in("Ana", PASSWORD)
    await room.staff.disable(ana)
    assert await room.staff.who(token) is None
    with pytest.raises(WrongCredentials):
        await room.staff.sign_in("Ana", PASSWORD)
    assert [person.active for person in await room.staff.list()] == [False]


@pytest.mark.parametrize("name", ["Ana", "Nobody"])
async def test_guessing_gets_slower_for_real_names_and_for_others_alike(room, name):
    await join(room, "Ana")
    for wait in (1, 2, 4, 8, 16, 30, 30):
        with pytest.raises(WrongCredentials):
            await room.staff.sign_in(name, "a wrong password")
        with pytest.raises(SlowDown) as slowed:
            await room.staff.sign_in(name, PASSWORD)
        assert slowed.value.seconds == wait
        room.clock.pass_by(seconds=wait)


async def test_a_slowed_name_blocks_no_other_and_is_forgiven_after_a_success(room):
    await join(room, "Ana")
    await join(room, "Besa")
    with pytest.raises(WrongCredentials):
        await room.staff.sign_in("Ana", "a wrong password")
    assert await room.staff.sign_in("Besa", PASSWORD)
    room.clock.pass_by(seconds=1)
    assert await room.staff.sign_in("ana", PASSWORD)
    with pytest.raises(WrongCredentials):
        await room.staff.sign_in("Ana", "a wrong password")
    with pytest.raises(SlowDown) as slowed:
        await room.staff.sign_in("Ana", PASSWORD)
    assert slowed.value.seconds == 1


async def test_ten_guesses_at_once_are_one_guess(room):
    await join(room)
    answers = await asyncio.gather(
        *(room.staff.sign_in("Ana", f"wrong password {n}") for n in range(10)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["SlowDown"] * 9 + ["WrongCredentials"]
