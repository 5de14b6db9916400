"""One child, one counsellor: claiming, handing back, and who may act in a case."""

import asyncio

import pytest

from escalation.audit import Audit
from escalation.cases import Author, CaseState, Outcome, Presence, Urgency
from escalation.counsel import (
    AlreadyClaimed,
    CaseIsClosed,
    ChildHasGone,
    EmptyReply,
    NoSuchCase,
    NotOnTheTeam,
    NotYourCase,
    ReplyTooLong,
)


async def test_of_two_counsellors_who_claim_at_once_exactly_one_wins_fifty_times_over(room):
    ana, besa = await room.person("Ana"), await room.person("Besa")
    for _ in range(50):
        case = await room.open()
        answers = await asyncio.gather(
            room.counsel.claim(case, ana, room.team), room.counsel.claim(case, besa, room.team), return_exceptions=True
        )
        won = [answer for answer in answers if not isinstance(answer, BaseException)]
        lost = [answer for answer in answers if isinstance(answer, AlreadyClaimed)]
        assert (len(won), len(lost)) == (1, 1)
        assert won[0].counsellor == (await room.counsel.case(case, room.team)).counsellor
    assert len(await room.counsel.mine(ana, room.team)) + len(await room.counsel.mine(besa, room.team)) == 50
    assert await room.rows("letters") == 50


async def test_two_processes_on_one_ledger_also_have_one_winner(room):
    other = type(room)(type(room.ledger).open(room.url), room.url, room.clock, team=room.team)
    ana, besa = await room.person("Ana"), await room.person("Besa")
    for _ in range(20):
        case = await room.open()
        answers = await asyncio.gather(
            room.counsel.claim(case, ana, room.team),
            other.counsel.claim(case, besa, other.team),
            return_exceptions=True,
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyClaimed", "Case"]
    await other.ledger.close()


async def test_the_thread_begins_with_what_was_told_and_goes_on_in_order(room):
    ana = await room.person("Ana")
    case = await room.open(Urgency.URGENT, "he keeps my papers", "i cannot go")
    await room.counsel.claim(case, ana, room.team)
    await room.counsel.reply(case, ana, room.team, "  I am here now. ")
    await room.intake.add(room.opened(case), room.child("ok"))
    said = await room.counsel.thread(case, room.team)
    assert [line.text for line in said] == ["he keeps my papers", "i cannot go", "I am here now.", "ok"]
    assert said[2].author is Author.COUNSELLOR
    assert said[0].at == room.clock()


async def test_only_the_one_who_claimed_acts_in_a_case(room):
    ana, besa = await room.person("Ana"), await room.person("Besa")
    case = await room.open()
    for act in (
        room.counsel.reply(case, ana, room.team, "hello"),
        room.counsel.close(case, ana, Outcome.SUPPORTED),
        room.counsel.hand_back(case, ana),
    ):
        with pytest.raises(NotYourCase):
            await act
    await room.counsel.claim(case, ana, room.team)
    with pytest.raises(NotYourCase):
        await room.counsel.reply(case, besa, room.team, "hello")


async def test_a_reply_has_words_and_fits_into_one_message(room):
    ana = await room.person("Ana")
    case = await room.open()
    await room.counsel.claim(case, ana, room.team)
    with pytest.raises(EmptyReply):
        await room.counsel.reply(case, ana, room.team, " \n ")
    with pytest.raises(ReplyTooLong):
        await room.counsel.reply(case, ana, room.team, "a" * 4001)
    assert len((await room.counsel.reply(case, ana, room.team, "a" * 4000)).text) == 4000


async def test_nobody_writes_to_a_child_who_has_gone_but_the_case_can_be_read_and_closed(room):
    ana = await room.person("Ana")
    case = await room.open(Urgency.URGENT, "help")
    await room.intake.presence(case, Presence.GONE)
    await room.counsel.claim(case, ana, room.team)
    with pytest.raises(ChildHasGone):
        await room.counsel.reply(case, ana, room.team, "hello")
    await room.counsel.close(case, ana, Outcome.CHILD_LEFT)
    assert await room.rows("letters") == 0


async def test_a_closed_case_stays_closed(room):
    ana = await room.person("Ana")
    case = await room.open()
    await room.counsel.claim(case, ana, room.team)
    await room.counsel.close(case, ana, Outcome.REFERRED)
    closed = await room.counsel.case(case, room.team)
    assert (closed.state, closed.outcome, closed.closed_at) == (CaseState.CLOSED, Outcome.REFERRED, room.clock())
    for act in (
        room.counsel.claim(case, ana, room.team),
        room.counsel.reply(case, ana, room.team, "hello"),
        room.counsel.close(case, ana, Outcome.SUPPORTED),
        room.counsel.hand_back(case, ana),
        room.intake.add(room.opened(case), room.child("hello?")),
        room.intake.worsen(room.opened(case), closed.facts),
    ):
        with pytest.raises(CaseIsClosed):
            await act


async def test_a_case_handed_back_waits_again_and_somebody_else_can_take_it(room):
    ana, besa = await room.person("Ana"), await room.person("Besa")
    case = await room.open()
    await room.counsel.claim(case, ana, room.team)
    await room.counsel.hand_back(case, ana)
    waiting = await room.counsel.case(case, room.team)
    assert (waiting.state, waiting.counsellor, waiting.claimed_at) == (CaseState.WAITING, None, None)
    assert (await room.counsel.claim(case, besa, room.team)).counsellor == "Besa"


async def test_a_case_that_is_not_there_says_so(room):
    ana = await room.person("Ana")
    for act in (
        room.counsel.case("0" * 32, room.team),
        room.counsel.thread("0" * 32, room.team),
        room.counsel.claim("0" * 32, ana, room.team),
        room.counsel.reply("0" * 32, ana, room.team, "hello"),
        room.intake.standing("0" * 32),
    ):
        with pytest.raises(NoSuchCase):
            await act
    assert await room.intake.state("0" * 32) is None
    await room.intake.presence("0" * 32, Presence.GONE)


async def test_an_account_that_is_unknown_or_disabled_takes_no_case(room):
    ana = await room.person("Ana")
    case = await room.open()
    await room.staff.disable(ana)
    for staff_id in (ana, 999):
        with pytest.raises(NotOnTheTeam):
            await room.counsel.claim(case, staff_id, room.team)
    assert await room.intake.state(case) is CaseState.WAITING


async def test_disabling_an_account_gives_its_cases_back_and_takes_it_off_duty(room):
    ana = await room.person("Ana")
    case, done = await room.open(), await room.open()
    for taken in (case, done):
        await room.counsel.claim(taken, ana, room.team)
    await room.counsel.close(done, ana, Outcome.SUPPORTED)
    await room.duty.on(ana)
    await room.staff.disable(ana)
    assert [waiting.id for waiting in await room.counsel.queue(room.team)] == [case]
    assert await room.intake.state(done) is CaseState.CLOSED
    assert await room.duty.count() == 0


async def test_taking_handing_back_and_closing_are_written_down_without_the_case_and_by_the_hour(room):
    ana = await room.person("Ana")
    room.clock.pass_by(minutes=17)
    case = await room.open()
    await room.counsel.claim(case, ana, room.team)
    await room.counsel.hand_back(case, ana)
    await room.counsel.claim(case, ana, room.team)
    await room.counsel.close(case, ana, Outcome.SUPPORTED)
    entries = await Audit(room.ledger).latest()
    assert [entry.act for entry in entries] == ["case closed", "case taken", "case handed back", "case taken"]
    assert {(entry.by, entry.about, entry.at.minute) for entry in entries} == {(ana, None, 0)}
