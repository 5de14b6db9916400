"""Accounts: invitations that work once, sign-in that slows guessing and keeps nobody out, sessions that end."""

import asyncio
import hashlib

import pyotp
import pytest
from members import PASSWORD, found, join

from escalation.joining import InvitationNotValid, NameNotValid, NameTaken
from escalation.passwords import PasswordTooShort
from escalation.people import NoSuchAccount, NoTeamKey, Role
from escalation.second_factor import WrongCode
from escalation.slowing import SlowDown, WrongCredentials
from escalation.staff import SecondFactorIsSet


@pytest.fixture
async def team(room):
    return await found(room.ledger)


@pytest.fixture
async def ada(room, team):
    """The administrator."""
    return await join(room.ledger, team, "Ada", [Role.ADMINISTRATOR])


async def sign_in(room, member, **other):
    typed = {"name": member.name, "password": PASSWORD, "code": member.code(room.clock())} | other
    return await room.staff.sign_in(**typed)


async def test_an_invitation_works_once(room, ada):
    token = await room.joining.invite(ada.signed, [Role.COUNSELLOR])
    await room.joining.accept(token, "Ana", PASSWORD)
    with pytest.raises(InvitationNotValid):
        await room.joining.accept(token, "Besa", PASSWORD)


async def test_an_invitation_used_twice_at_once_lets_one_in(room, ada):
    token = await room.joining.invite(ada.signed, [Role.COUNSELLOR])
    answers = await asyncio.gather(
        *(room.joining.accept(token, name, PASSWORD) for name in ("Ana", "Besa")), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["InvitationNotValid", "Joined"]


async def test_an_invitation_ends_after_a_day_and_with_a_rotation(room, ada):
    token = await room.joining.invite(ada.signed, [Role.COUNSELLOR])
    room.clock.pass_by(hours=24)
    with pytest.raises(InvitationNotValid):
        await room.joining.accept(token, "Ana", PASSWORD)
    token = await room.joining.invite(ada.signed, [Role.COUNSELLOR])
    await room.staff.rotate(ada.signed)
    with pytest.raises(InvitationNotValid):
        await room.joining.accept(token, "Ana", PASSWORD)


async def test_an_old_copy_of_the_team_key_invites_rotates_and_prints_nothing(room, ada):
    await room.staff.rotate(ada.signed)
    with pytest.raises(NoTeamKey):
        await room.joining.invite(ada.signed, [Role.COUNSELLOR])
    with pytest.raises(NoTeamKey):
        await room.staff.rotate(ada.signed)
    with pytest.raises(NoTeamKey):
        await room.staff.print_recovery_key(ada.signed)
    besa = await join(room.ledger, room.team, "Besa")
    with pytest.raises(NoTeamKey):
        await room.staff.disable(besa.id, ada.signed)
    assert all(person.active for person in await room.staff.list())


async def test_an_editor_neither_holds_the_team_key_nor_carries_it_in_the_invitation(room, team, ada):
    token = await room.joining.invite(ada.signed, [Role.EDITOR])
    async with room.ledger.read() as connection:
        assert (await connection.exec_driver_sql("SELECT team_key FROM invitations")).scalar() is None
    await room.joining.accept(token, "Eda", PASSWORD)
    eda = await join(room.ledger, team, "Ema", [Role.EDITOR])
    signed = await room.staff.who(await sign_in(room, eda))
    assert (signed.confirmed, signed.team) == (True, None)


async def test_a_mistake_does_not_use_the_invitation_up(room, ada):
    token = await room.joining.invite(ada.signed, [Role.COUNSELLOR])
    for name in ("A", "a" * 41, "An\u200bna"):
        with pytest.raises(NameNotValid):
            await room.joining.accept(token, name, PASSWORD)
    with pytest.raises(PasswordTooShort):
        await room.joining.accept(token, "Besa", "too short")
    with pytest.raises(NameTaken):
        await room.joining.accept(token, " aDA ", PASSWORD)
    assert await room.joining.accept(token, "Besa", PASSWORD)


async def test_the_first_invitation_makes_a_member_with_every_role_and_is_offered_until_there_is_one(room):
    older = await room.joining.first_invitation()
    newer = await room.joining.first_invitation()
    with pytest.raises(InvitationNotValid):
        await room.joining.accept(older, "Ana", PASSWORD)
    ana = await room.joining.accept(newer, "Ana", PASSWORD)
    assert await room.joining.first_invitation() is None
    (person,) = await room.staff.list()
    assert (person.id, person.roles, person.second_factor) == (ana.id, frozenset(Role), False)
    assert await room.staff.cases_in_the_clear() is None


async def test_until_somebody_has_joined_the_cases_lie_in_the_clear_and_are_counted(room):
    assert await room.staff.cases_in_the_clear() == 0
    await room.open()
    assert await room.staff.cases_in_the_clear() == 1


@pytest.mark.in_a_file
async def test_neither_token_nor_password_nor_key_is_in_the_ledger(room, team, ada):
    invitation = await room.joining.invite(ada.signed, [Role.COUNSELLOR])
    session = await sign_in(room, ada)
    on_disk = b"".join(file.read_bytes() for file in room.file.parent.iterdir())
    for secret in (PASSWORD.encode(), invitation.encode(), session.encode(), ada.secret.encode(), ada.pair.secret):
        assert secret not in on_disk
    assert team.secret not in on_disk
    assert hashlib.sha256(session.encode()).hexdigest().encode() in on_disk
    signed = await room.staff.who(session)
    assert (signed.person.name, signed.key, signed.team, signed.confirmed) == ("Ada", ada.pair, team, True)


async def test_a_session_ends_half_an_hour_after_its_last_sign_of_life(room, ada):
    token = await sign_in(room, ada, name="ADA")
    for _ in range(3):
        room.clock.pass_by(minutes=29)
        assert await room.staff.who(token)
    room.clock.pass_by(minutes=30)
    assert await room.staff.who(token) is None


async def test_signing_out_ends_the_session_and_a_made_up_token_is_nobody(room, ada):
    token = await sign_in(room, ada)
    await room.staff.sign_out(token)
    for nobody in (token, "", "made up", "\ud800"):
        assert await room.staff.who(nobody) is None


async def test_disabling_ends_sessions_and_the_account_cannot_sign_in(room, team, ada):
    ana = await join(room.ledger, team, "Ana")
    token = await sign_in(room, ana)
    assert await room.staff.disable(ana.id, ada.signed)
    assert await room.staff.who(token) is None
    with pytest.raises(WrongCredentials):
        await sign_in(room, ana)
    assert [person.active for person in await room.staff.list()] == [True, False]
    for number in (ana.id, 77):
        with pytest.raises(NoSuchAccount):
            await room.staff.disable(number)
        with pytest.raises(NoSuchAccount):
            await room.staff.reset_second_factor(ada.signed, number)


async def test_a_second_factor_is_set_once_with_a_right_code_and_opens_the_session(room, team):
    ana = await join(room.ledger, team, "Ana", second_factor=False)
    token, other = await sign_in(room, ana), await sign_in(room, ana)
    signed = await room.staff.who(token)
    assert (signed.confirmed, signed.team) == (False, None)
    factor = await room.staff.new_second_factor(signed)
    assert (await room.staff.new_second_factor(signed)).secret == factor.secret
    with pytest.raises(WrongCode):
        await room.staff.confirm_second_factor(signed, token, "not digits")
    room.clock.pass_by(seconds=1)
    await room.staff.confirm_second_factor(signed, token, pyotp.TOTP(factor.secret).at(room.clock()))
    assert (await room.staff.who(token)).team == team
    half = await room.staff.who(other)
    assert not half.confirmed
    with pytest.raises(SecondFactorIsSet):
        await room.staff.new_second_factor(half)
    with pytest.raises(SecondFactorIsSet):
        await room.staff.confirm_second_factor(half, other, pyotp.TOTP(factor.secret).at(room.clock()))


async def test_digits_are_asked_for_and_are_good_once(room, ada):
    code = ada.code(room.clock())
    for wrong in ("", "000000" if code != "000000" else "111111"):
        with pytest.raises(WrongCredentials):
            await room.staff.sign_in("Ada", PASSWORD, wrong)
        room.clock.pass_by(seconds=2)
    assert await room.staff.sign_in("Ada", PASSWORD, code)
    with pytest.raises(WrongCredentials):
        await room.staff.sign_in("Ada", PASSWORD, code)


async def test_of_two_sign_ins_with_one_code_at_once_one_wins(room, ada):
    code = ada.code(room.clock())
    answers = await asyncio.gather(
        *(room.staff.sign_in("Ada", PASSWORD, code) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["WrongCredentials", "str"]


async def test_a_new_password_opens_the_same_keys_and_the_old_one_nothing(room, team, ada):
    token, other = await sign_in(room, ada), None
    room.clock.pass_by(seconds=30)
    other = await sign_in(room, ada)
    signed = await room.staff.who(token)
    with pytest.raises(WrongCredentials):
        await room.staff.change_password(signed, token, "not the old one", "four new words here")
    room.clock.pass_by(seconds=1)
    await room.staff.change_password(signed, token, PASSWORD, "four new words here")
    assert await room.staff.who(token)
    assert await room.staff.who(other) is None
    room.clock.pass_by(seconds=30)
    with pytest.raises(WrongCredentials):
        await sign_in(room, ada)
    room.clock.pass_by(seconds=30)
    again = await room.staff.who(await sign_in(room, ada, password="four new words here"))
    assert (again.key, again.team) == (ada.pair, team)


@pytest.mark.parametrize("name", ["Ada", "Nobody"])
@pytest.mark.usefixtures("ada")
async def test_guessing_gets_slower_for_real_names_and_for_others_alike(room, name):
    for wait in (1, 2, 4, 8, 16, 30, 30):
        with pytest.raises(WrongCredentials):
            await room.staff.sign_in(name, "a wrong password")
        with pytest.raises(SlowDown) as slowed:
            await room.staff.sign_in(name, PASSWORD, "123456")
        assert slowed.value.seconds == wait
        room.clock.pass_by(seconds=wait)


async def test_a_slowed_name_blocks_no_other_and_is_forgiven_after_a_success(room, team, ada):
    besa = await join(room.ledger, team, "Besa")
    with pytest.raises(WrongCredentials):
        await room.staff.sign_in("Ada", "a wrong password")
    assert await sign_in(room, besa)
    room.clock.pass_by(seconds=1)
    assert await sign_in(room, ada, name="ada")
    with pytest.raises(WrongCredentials):
        await room.staff.sign_in("Ada", "a wrong password")
    with pytest.raises(SlowDown) as slowed:
        await room.staff.sign_in("Ada", "a wrong password")
    assert slowed.value.seconds == 1


async def test_whoever_knows_a_name_cannot_keep_its_owner_out(room, ada):
    await sign_in(room, ada)
    for _ in range(7):
        room.clock.pass_by(seconds=30)
        with pytest.raises(WrongCredentials):
            await room.staff.sign_in("Ada", "a wrong password", "123456")
        assert await sign_in(room, ada)
    guesses = [asyncio.create_task(room.staff.sign_in("Ada", f"wrong password {n}")) for n in range(50)]
    room.clock.pass_by(seconds=30)
    assert await sign_in(room, ada)
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert {type(answer) for answer in answers} <= {SlowDown, WrongCredentials}


async def test_after_a_restart_the_owner_is_heard_when_the_longest_wait_is_over(room, ada):
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            await room.staff.sign_in("Ada", "a wrong password")
        room.clock.pass_by(seconds=30)
    assert await sign_in(room, ada)


async def test_while_a_name_is_slowed_a_right_password_with_wrong_digits_sounds_like_a_wrong_one(room, ada):
    await sign_in(room, ada)
    for _ in range(6):
        with pytest.raises(WrongCredentials):
            await room.staff.sign_in("Ada", "a wrong password", "123456")
        room.clock.pass_by(seconds=30)
    with pytest.raises(WrongCredentials):
        await room.staff.sign_in("Ada", "a wrong password", "123456")
    told = []
    for password in ("a wrong password", PASSWORD, PASSWORD, PASSWORD):
        with pytest.raises(SlowDown) as slowed:
            await room.staff.sign_in("Ada", password, "123456")
        told.append(str(slowed.value))
    assert set(told) == {"Too many attempts; try again in 30 seconds."}


async def test_digits_are_not_guessed_by_whoever_has_the_password(room, ada):
    await sign_in(room, ada)
    judged = 0
    check = ada.secret

    class Counted(pyotp.TOTP):
        def at(self, *given, **named):
            nonlocal judged
            judged += self.secret == check
            return super().at(*given, **named)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pyotp, "TOTP", Counted)
        for number in range(200):
            with pytest.raises((WrongCredentials, SlowDown)):
                await room.staff.sign_in("Ada", PASSWORD, f"{number:06}")
    assert judged <= 6  # two codes, each against three time steps


@pytest.mark.usefixtures("ada")
async def test_ten_guesses_at_once_are_one_guess(room):
    answers = await asyncio.gather(
        *(room.staff.sign_in("Ada", f"wrong password {n}") for n in range(10)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["SlowDown"] * 9 + ["WrongCredentials"]


async def test_a_flood_of_names_does_not_keep_somebody_familiar_waiting(room, ada, monkeypatch):
    monkeypatch.setattr("escalation.passwords.MOST_IN_LINE", 6)
    await sign_in(room, ada)
    room.clock.pass_by(seconds=30)
    busy = room.staff._passwords._unwrapping
    async with busy, busy:  # the flood's first two take as long as they like
        flood = [asyncio.create_task(room.staff.sign_in(f"nobody {n}", "a wrong password")) for n in range(20)]
        refused, _ = await asyncio.wait(flood, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        assert all(isinstance(attempt.exception(), SlowDown) for attempt in refused)
        assert await asyncio.wait_for(sign_in(room, ada), 60)
    answers = await asyncio.gather(*flood, return_exceptions=True)
    assert sum(isinstance(answer, SlowDown) for answer in answers) >= 10


@pytest.mark.in_a_file
async def test_failures_are_noted_for_names_that_there_are_and_nothing_that_was_typed_is_kept(room, ada):
    for name in ("Ada", "a word typed by mistake"):
        with pytest.raises(WrongCredentials):
            await room.staff.sign_in(name, "a wrong password")
    assert await room.rows("audit") == 1
    assert b"typed by mistake" not in b"".join(file.read_bytes() for file in room.file.parent.iterdir())
    assert ada
