"""The team's key goes to those who join, and to nobody who has gone."""

import pytest

from escalation.cases import Urgency
from escalation.people import Role, Signed
from escalation.sealing import Pair, SealIsBroken
from escalation.team import RecoveryKeyIsWrong, founding, print_recovery_key, recover, rotate

PASSWORD = "four invented words here"


@pytest.mark.in_a_file
async def test_a_case_from_before_anybody_joined_is_read_by_the_first_who_joins(room):
    case = await room.open(Urgency.EMERGENCY, "help")
    joined = await room.joining.accept(await room.joining.first_invitation(), "Ada", PASSWORD)
    assert joined.recovery_key
    async with room.ledger.read() as connection:
        assert await founding(connection) is None
        team = await recover(connection, joined.recovery_key)
    assert [said.text for said in await room.counsel.thread(case, team)] == ["help"]
    with pytest.raises(SealIsBroken):
        await room.counsel.thread(case, room.team)
    assert room.team.secret not in b"".join(file.read_bytes() for file in room.file.parent.iterdir())


async def test_after_a_rotation_the_old_key_opens_nothing_and_the_new_one_everything(room):
    before = await room.open(Urgency.URGENT, "one")
    async with room.ledger.begin() as connection:
        new = await rotate(connection, room.team)
    after = await room.open(Urgency.URGENT, "two")
    for case, text in ((before, "one"), (after, "two")):
        assert (await room.counsel.thread(case, new))[0].text == text
        with pytest.raises(SealIsBroken):
            await room.counsel.thread(case, room.team)


async def test_the_child_goes_on_writing_through_a_rotation(room):
    case = await room.open(Urgency.URGENT, "one")
    async with room.ledger.begin() as connection:
        new = await rotate(connection, room.team)
    await room.intake.add(room.opened(case), room.child("two"))
    assert [said.text for said in await room.counsel.thread(case, new)] == ["one", "two"]


async def test_the_recovery_key_opens_the_team_key_however_it_is_typed_and_follows_a_rotation(room):
    async with room.ledger.begin() as connection:
        printed = await print_recovery_key(connection, room.team)
        new = await rotate(connection, room.team)
        for typed in (printed, printed.lower(), printed.replace("-", " "), f" {printed}\n"):
            assert (await recover(connection, typed)).secret == new.secret
        for wrong in ("", "AAAA-AAAA", ("B" if printed[0] == "A" else "A") + printed[1:], "1" * 52, "å" * 52):
            with pytest.raises(RecoveryKeyIsWrong):
                await recover(connection, wrong)


async def test_disabling_somebody_takes_their_keys_and_rotates_the_teams(room):
    case = await room.open(Urgency.URGENT, "one")
    ada = await _member(room, await room.joining.first_invitation(), "Ada")
    besa = await _member(room, await room.joining.invite(ada, [Role.COUNSELLOR]), "Besa")
    assert besa.team
    assert (await room.counsel.thread(case, besa.team))[0].text == "one"
    assert await room.staff.disable(besa.person.id, ada)
    later = await room.open(Urgency.URGENT, "two")
    for known in (case, later):
        with pytest.raises(SealIsBroken):
            await room.counsel.thread(known, besa.team)


async def test_an_editor_never_holds_the_team_key(room):
    ada = await _member(room, await room.joining.first_invitation(), "Ada")
    eda = await _member(room, await room.joining.invite(ada, [Role.EDITOR]), "Eda")
    assert eda.team is None


async def _member(room, invitation: str, name: str) -> Signed:
    """Join and sign in with a second factor, as somebody does on the first day."""
    await room.joining.accept(invitation, name, PASSWORD)
    token = await room.staff.sign_in(name, PASSWORD)
    signed = await room.staff.who(token)
    factor = await room.staff.new_second_factor(signed)
    import pyotp

    await room.staff.confirm_second_factor(signed, token, pyotp.TOTP(factor.secret).at(room.clock()))
    signed = await room.staff.who(token)
    assert isinstance(signed, Signed)
    assert signed.team is None or isinstance(signed.team, Pair)
    return signed
