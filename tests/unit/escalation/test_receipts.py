"""With its code a child comes back to the same case, on any channel, also after it had gone."""

import pytest

from escalation.cases import CaseState, Outcome, Presence, Urgency
from escalation.counsel import ChildHasGone
from escalation.receipts import CaseIsNotOpen


async def test_the_code_brings_back_the_case_and_what_the_counsellor_wrote_meanwhile(room):
    ana = await room.person("Ana")
    case = await room.open(Urgency.URGENT, "he keeps my papers")
    code = await room.receipts.give(room.opened(case))
    await room.intake.presence(case, Presence.GONE)
    await room.counsel.claim(case, ana, room.team)
    await room.counsel.reply(case, ana, room.team, "I am here when you come back.")
    assert await room.outbox.due() == []
    returned = await room.receipts.come_back(code)
    assert (returned.case.id, returned.state) == (case, CaseState.CLAIMED)
    assert [said.text for said in returned.thread] == ["he keeps my papers", "I am here when you come back."]
    assert (await room.counsel.case(case, room.team)).presence is Presence.HERE
    assert await room.outbox.due() == []
    assert await room.counsel.undelivered(case) == set()
    await room.intake.add(returned.case, room.child("i am back"))
    assert (await room.counsel.thread(case, room.team))[-1].text == "i am back"


async def test_without_a_code_nobody_writes_to_a_child_who_has_gone(room):
    ana = await room.person("Ana")
    case = await room.open()
    await room.intake.presence(case, Presence.GONE)
    await room.counsel.claim(case, ana, room.team)
    with pytest.raises(ChildHasGone):
        await room.counsel.reply(case, ana, room.team, "hello")


async def test_a_code_has_sixteen_digits_and_no_two_are_alike(room):
    case = await room.open()
    codes = {await room.receipts.give(room.opened(case)) for _ in range(3)}
    assert len(codes) == 3
    assert all(len(code) == 16 and code.isdecimal() for code in codes)


async def test_only_the_latest_code_of_a_case_is_good(room):
    case = await room.open()
    old, new = [await room.receipts.give(room.opened(case)) for _ in range(2)]
    assert await room.receipts.come_back(old) is None
    assert (await room.receipts.come_back(new)).case.id == case


async def test_a_wrong_code_and_the_code_of_a_deleted_case_are_answered_alike(room):
    ana = await room.person("Ana")
    case = await room.open()
    code = await room.receipts.give(room.opened(case))
    await room.counsel.claim(case, ana, room.team)
    await room.counsel.close(case, ana, Outcome.SUPPORTED)
    assert (await room.receipts.come_back(code)).state is CaseState.CLOSED
    await room.retention.purge_now()
    assert await room.receipts.come_back(code) is None
    assert await room.receipts.come_back("0" * 16) is None


async def test_a_closed_case_gives_no_code(room):
    ana = await room.person("Ana")
    case = await room.open()
    await room.counsel.claim(case, ana, room.team)
    await room.counsel.close(case, ana, Outcome.SUPPORTED)
    with pytest.raises(CaseIsNotOpen):
        await room.receipts.give(room.opened(case))


async def test_a_case_that_was_taken_back_is_not_to_be_found_by_its_code(room):
    case = await room.open()
    code = await room.receipts.give(room.opened(case))
    await room.intake.withdraw(case)
    assert await room.receipts.come_back(code) is None


@pytest.mark.in_a_file
async def test_the_code_is_nowhere_in_the_ledger(room):
    case = await room.open()
    code = await room.receipts.give(room.opened(case))
    on_disk = b"".join(file.read_bytes() for file in room.file.parent.iterdir())
    grouped = " ".join(code[at : at + 4] for at in range(0, 16, 4))
    for form in (code, grouped, grouped.replace(" ", "-")):
        assert form.encode() not in on_disk
        assert form.encode("utf-16-le") not in on_disk
