"""Who is next, and what a waiting child is told about it."""

from datetime import timedelta

import pytest

from escalation.cases import CaseState, Presence, Urgency
from escalation.waitlist import priority, turn


def test_of_two_who_come_together_the_more_urgent_is_first():
    now = [priority(urgency, timedelta(minutes=5)) for urgency in Urgency]
    assert now == sorted(now)
    assert len(set(now)) == len(now)


def test_of_two_equally_urgent_the_one_who_waited_longer_is_first():
    for urgency in Urgency:
        assert priority(urgency, timedelta(minutes=9)) > priority(urgency, timedelta(minutes=8))


@pytest.mark.parametrize("urgency", [Urgency.NONE, Urgency.CONCERN, Urgency.URGENT])
def test_a_fresh_emergency_is_before_whatever_has_waited_less_than_44_hours(urgency):
    assert priority(Urgency.EMERGENCY, timedelta(0)) > priority(urgency, timedelta(hours=43, minutes=59))


def test_nobody_waits_for_ever():
    fresh = priority(Urgency.EMERGENCY, timedelta(0))
    assert priority(Urgency.NONE, timedelta(hours=48, minutes=1)) > fresh
    assert priority(Urgency.CONCERN, timedelta(hours=3, minutes=1)) > priority(Urgency.URGENT, timedelta(0))
    assert priority(Urgency.CONCERN, timedelta(hours=2, minutes=59)) < priority(Urgency.URGENT, timedelta(0))


def test_the_turn_that_the_database_orders_by_is_the_same_rule(room):
    now = room.clock()
    for urgency in Urgency:
        waited = timedelta(minutes=37)
        assert (now - turn(urgency, now - waited)) / timedelta(minutes=1) == priority(urgency, waited)


async def test_the_queue_is_in_the_order_of_the_rule_and_those_who_have_gone_come_last(room):
    gone = await room.open(Urgency.EMERGENCY)
    await room.intake.presence(gone, Presence.GONE)
    old_concern = await room.open(Urgency.CONCERN)
    room.clock.pass_by(hours=4)
    asked = await room.open(Urgency.NONE)
    urgent = await room.open(Urgency.URGENT)
    emergency = await room.open(Urgency.EMERGENCY)
    in_order = [emergency, old_concern, urgent, asked, gone]
    assert [case.id for case in await room.counsel.queue(room.team)] == in_order
    assert [(await room.intake.standing(case)).place for case in in_order[:4]] == [1, 2, 3, 4]


async def test_a_case_that_worsens_moves_up_and_never_down(room, facts):
    first, second = await room.open(Urgency.URGENT), await room.open(Urgency.CONCERN)
    await room.intake.worsen(room.opened(second), facts(Urgency.EMERGENCY))
    assert [case.id for case in await room.waitlist.waiting()] == [second, first]
    await room.intake.worsen(room.opened(second), facts(Urgency.NONE))
    assert (await room.intake.standing(second)).place == 1


async def test_a_child_is_told_its_place_who_is_there_and_how_long_it_took_lately(room):
    ana = await room.person("Ana")
    await room.duty.on(ana)
    for minutes in (4, 20, 6):
        case = await room.open()
        room.clock.pass_by(minutes=minutes, seconds=-30)
        assert (await room.intake.standing(case)).typical_wait_minutes is None
        await room.counsel.claim(case, ana, room.team)
    taken = await room.intake.standing(case)
    assert (taken.state, taken.place) == (CaseState.CLAIMED, None)
    await room.duty.on(ana)
    waiting = await room.intake.standing(await room.open())
    assert (waiting.place, waiting.on_duty, waiting.typical_wait_minutes) == (1, 1, 6)


async def test_waits_of_yesterday_say_nothing_about_today(room):
    ana = await room.person("Ana")
    for _ in range(3):
        await room.counsel.claim(await room.open(), ana, room.team)
    room.clock.pass_by(hours=25)
    assert (await room.intake.standing(await room.open())).typical_wait_minutes is None


async def test_handing_a_case_back_does_not_lengthen_what_others_are_told(room):
    ana = await room.person("Ana")
    cases = [await room.open() for _ in range(3)]
    room.clock.pass_by(minutes=2)
    for case in cases:
        await room.counsel.claim(case, ana, room.team)
    room.clock.pass_by(hours=2)
    for case in cases:
        await room.counsel.hand_back(case, ana)
        await room.counsel.claim(case, ana, room.team)
    assert (await room.intake.standing(await room.open())).typical_wait_minutes == 2
