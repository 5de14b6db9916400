"""Letters arrive once, in order, and never at a child who has left."""

import pytest

from escalation.bell import OUTBOX
from escalation.cases import Outcome, Presence


@pytest.fixture
async def talk(room):
    """A claimed case, the counsellor, and a function that replies."""
    ana = await room.person("Ana")
    case = await room.open()
    await room.counsel.claim(case, ana, room.team)

    async def reply(text):
        await room.counsel.reply(case, ana, room.team, text)

    return case, ana, reply


async def test_everything_arrives_in_the_order_it_was_written(room, talk):
    case, ana, reply = talk
    for text in ("one", "two", "three"):
        await reply(text)
    await room.counsel.close(case, ana, Outcome.SUPPORTED)
    assert await room.deliver_all() == ["joined", "one", "two", "three", "closed"]
    assert await room.counsel.undelivered(case) == set()


async def test_a_letter_with_many_lines_in_its_case_is_due_once(room, talk):
    case, _, reply = talk
    for text in ("a", "b", "c"):
        await room.intake.add(room.opened(case), room.child(text))
    await room.deliver_all()
    await reply("one")
    assert [room.text_of(letter) for letter in await room.outbox.due()] == ["one"]


async def test_a_postponed_letter_is_not_overtaken_in_its_case_and_holds_no_other_case_up(room, talk):
    _, ana, reply = talk
    await reply("one")
    other = await room.open()
    await room.counsel.claim(other, ana, room.team)
    first, *_ = await room.outbox.due()
    await room.outbox.postponed(first.id, 30)
    assert [letter.case for letter in await room.outbox.due()] == [other]
    assert await room.deliver_all() == ["joined"]
    room.clock.pass_by(seconds=30)
    assert await room.deliver_all() == ["joined", "one"]


async def test_the_bell_rings_for_the_next_letter_of_a_case(room, talk):
    _, _, reply = talk
    await reply("one")
    (joined,) = await room.outbox.due()
    with room.bell.subscribe() as ringing:
        await room.outbox.delivered(joined.id)
        assert OUTBOX in await ringing.wait(1)
        (one,) = await room.outbox.due()
        await room.outbox.delivered(one.id)
        assert OUTBOX not in await ringing.wait(1)


async def test_nothing_is_due_for_a_child_who_has_gone_and_the_counsellor_sees_it(room, talk):
    case, _, reply = talk
    await room.intake.add(room.opened(case), room.child("bye"))
    await reply("are you there?")
    await room.intake.presence(case, Presence.GONE)
    assert await room.outbox.due() == []
    assert await room.counsel.undelivered(case) == {1}


async def test_a_letter_given_up_is_shown_and_the_next_one_follows(room, talk):
    case, _, reply = talk
    await room.deliver_all()
    await reply("one")
    await reply("two")
    (one,) = await room.outbox.due()
    await room.outbox.undeliverable(one.id)
    assert await room.deliver_all() == ["two"]
    assert await room.counsel.undelivered(case) == {0}


async def test_a_letter_settled_after_its_case_was_deleted_is_nobodys(room, talk):
    case, ana, _ = talk
    (joined,) = await room.outbox.due()
    await room.counsel.close(case, ana, Outcome.SUPPORTED)
    await room.retention.purge_now()
    another = await room.open()
    await room.counsel.claim(another, ana, room.team)
    await room.outbox.delivered(joined.id)
    await room.outbox.postponed(joined.id, 5)
    assert await room.kinds_due() == ["joined"]


async def test_many_letters_are_due_in_portions_oldest_first(room):
    ana = await room.person("Ana")
    cases = [await room.open() for _ in range(5)]
    for case in cases:
        await room.counsel.claim(case, ana, room.team)
    assert [letter.case for letter in await room.outbox.due(limit=3)] == cases[:3]
