"""Words and examples, and what is computed of them, on SQLite and on PostgreSQL. All of it is invented."""

from __future__ import annotations

import pytest

from escalation.audit import Audit
from escalation.editions import NotYourOwn
from escalation.lessons import ENDED_IN_THE_MIDDLE, Lessons, Progress, Wish
from escalation.teachings import DecidedMeanwhile, Kind, Lesson, Stand, Teachings

WORD = Lesson(Kind.WORD, "sq", "zbrrlim", "beating")
LINE = Lesson(Kind.DISCLOSURE, "sq", "zbrrlimi i tij", "", "violence_at_home", "urgent", "self")


@pytest.fixture
def teachings(room):
    return Teachings(room.ledger, room.bell, room.clock)


@pytest.fixture
def lessons(room):
    return Lessons(room.ledger, room.bell, room.clock)


async def people(room):
    return [await room.person(name) for name in ("Vlad", "Ina")]


async def test_a_word_is_written_approved_by_a_second_person_and_retired(room, teachings):
    vlad, ina = await people(room)
    word = await teachings.write(WORD, vlad)
    assert (word.lesson, word.stand, word.writer) == (WORD, Stand.DRAFT, "Vlad")
    with pytest.raises(NotYourOwn):
        await teachings.approve(word.id, vlad)
    approved = await teachings.approve(word.id, ina)
    assert (approved.stand, approved.reviewer) == (Stand.APPROVED, "Ina")
    with pytest.raises(DecidedMeanwhile):
        await teachings.approve(word.id, ina)
    assert (await teachings.retire(word.id, vlad)).stand is Stand.RETIRED
    for act in (teachings.retire, teachings.approve):
        with pytest.raises(DecidedMeanwhile):
            await act(word.id, ina)
    assert await teachings.standing(Stand.APPROVED) == []
    assert [one.act for one in await Audit(room.ledger).latest()] == ["teaching retired", "teaching approved"]


async def test_whatever_changes_what_is_read_changes_the_revision(room, teachings):
    vlad, ina = await people(room)
    seen = [await teachings.revision()]
    word = await teachings.write(WORD, vlad)
    assert await teachings.revision() == seen[0]
    await teachings.approve(word.id, ina)
    seen.append(await teachings.revision())
    room.clock.pass_by(seconds=1)
    await teachings.retire(word.id, ina)
    seen.append(await teachings.revision())
    assert len(set(seen)) == len(seen)


async def test_what_the_models_have_not_learned_or_forgotten_yet_is_counted(room, teachings, lessons):
    vlad, ina = await people(room)
    word, line = [await teachings.write(one, vlad) for one in (WORD, LINE)]
    await teachings.approve(word.id, ina)
    assert await teachings.changed_since(await lessons.learned_at()) == 1
    room.clock.pass_by(seconds=1)
    await learned(lessons, vlad, taken_over=True)
    assert await teachings.changed_since(await lessons.learned_at()) == 0
    room.clock.pass_by(seconds=1)
    await teachings.approve(line.id, ina)
    await teachings.retire(word.id, ina)
    await learned(lessons, vlad, taken_over=False)
    assert await teachings.changed_since(await lessons.learned_at()) == 2


async def learned(lessons, by, taken_over):
    await lessons.ask(Wish.LEARNING, by)
    request = await lessons.begin()
    await lessons.end(request.id, {"taken_over": taken_over})


async def test_one_request_is_worked_on_at_a_time_in_the_order_in_which_they_came(room, lessons):
    vlad, ina = await people(room)
    first = await lessons.ask(Wish.EFFECT, vlad, "sq")
    assert (await lessons.ask(Wish.EFFECT, ina, "sq")).id == first.id
    second = await lessons.ask(Wish.LEARNING, ina)
    assert (await lessons.begin()).id == first.id
    assert await lessons.begin() is None
    assert await lessons.say(first.id, "reading")
    assert (await lessons.get(first.id)).step == "reading"
    await lessons.end(first.id, {"changed": 1})
    assert (await lessons.latest(Wish.EFFECT, "sq")).result == {"changed": 1}
    assert (await lessons.begin()).id == second.id
    assert (await lessons.ask(Wish.EFFECT, vlad, "sq")).id != first.id


async def test_what_has_fallen_silent_is_given_up_and_says_so(room, lessons):
    (vlad, _) = await people(room)
    asked = await lessons.ask(Wish.LEARNING, vlad)
    await lessons.begin()
    room.clock.pass_by(seconds=50)
    await lessons.say(asked.id, "still there")
    room.clock.pass_by(seconds=50)
    assert await lessons.begin() is None
    assert (await lessons.get(asked.id)).progress is Progress.RUNNING
    room.clock.pass_by(seconds=11)
    await lessons.ask(Wish.LEARNING, None)
    given_up = await lessons.get(asked.id)
    assert (given_up.progress, given_up.step) == (Progress.FAILED, ENDED_IN_THE_MIDDLE)
    assert not await lessons.say(asked.id, "back again")
    assert (await lessons.begin()).asked_by is None
