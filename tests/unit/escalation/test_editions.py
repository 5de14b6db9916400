"""Editions, pilots and what comes back, on SQLite and on PostgreSQL. All texts are invented."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.texts import NothingIsPublished, published_locales
from escalation.echo import Echo, What
from escalation.editions import Editions, Name, NotInThisState, NotYourOwn, SomebodyWasQuicker, State
from escalation.pilots import Pilots
from locales import catalogue

WELCOME = Name("ro", "welcome")


@pytest.fixture
def editions(room):
    return Editions(room.ledger, room.bell, room.clock)


async def people(room):
    return [await room.person(name) for name in ("Vlad", "Ina")]


async def test_a_text_is_drafted_reviewed_published_and_rolled_back(room, editions):
    vlad, ina = await people(room)
    first = await editions.draft(WELCOME, "Unu", vlad, 0)
    with pytest.raises(NotYourOwn):
        await editions.review(first.id, vlad)
    await editions.review(first.id, ina)
    await editions.publish(first.id, vlad)
    second = await editions.draft(WELCOME, "Doi", ina, first.id)
    await editions.review(second.id, vlad)
    assert await editions.publish_reviewed([second.id], vlad) == 1
    with pytest.raises(SomebodyWasQuicker):
        await editions.roll_back(WELCOME, first.id, vlad, first.id)
    back = await editions.roll_back(WELCOME, first.id, vlad, second.id)
    assert (back.text, back.state, back.writer) == ("Unu", State.PUBLISHED, "Vlad")
    assert await editions.roll_back(WELCOME, 0, vlad, back.id) is None
    assert await editions.current() == []
    with pytest.raises(NotInThisState):
        await editions.roll_back(WELCOME, 0, vlad, (await editions.history(WELCOME))[0].id)


async def test_what_was_sent_back_waits_with_its_reason_until_it_is_written_again_or_left(room, editions):
    vlad, ina = await people(room)
    first = await editions.draft(WELCOME, "Unu", vlad, 0)
    await editions.send_back(first.id, ina, "Prea lung.")
    (returned,) = await editions.current()
    assert (returned.state, returned.writer, returned.reviewer, returned.reason) == (
        State.RETURNED,
        "Vlad",
        "Ina",
        "Prea lung.",
    )
    second = await editions.draft(WELCOME, "Doi", vlad, first.id)
    assert await editions.current() == [second]
    await editions.send_back(second.id, ina)
    await editions.leave(second.id)
    assert await editions.current() == []
    assert [(one.state, one.reason) for one in await editions.history(WELCOME)] == [
        (State.LEFT, ""), (State.RETURNED, "Prea lung."),
    ]  # fmt: skip
    with pytest.raises(NotInThisState):
        await editions.leave(first.id)


async def test_whatever_may_change_what_children_read_changes_the_revision(room, editions):
    vlad, ina = await people(room)
    seen = [await editions.revision()]
    edition = await editions.draft(WELCOME, "Unu", vlad, 0)
    seen.append(await editions.revision())
    room.clock.pass_by(seconds=1)
    await editions.review(edition.id, ina)
    seen.append(await editions.revision())
    room.clock.pass_by(seconds=1)
    await editions.publish(edition.id, ina)
    seen.append(await editions.revision())
    assert len(set(seen)) == len(seen)


async def test_a_language_is_offered_without_drafts_when_every_text_of_the_chat_is_published(room, editions):
    vlad, _ = await people(room)
    with pytest.raises(NothingIsPublished):
        await published_locales(editions)
    texts = {
        name: entry.text
        for name, entry in catalogue.entries("sr-Latn").items()
        if not name[0].startswith("card.")  # those are printed, and not waited for
    }
    await editions.approve_shipped([(Name("sr-Latn", *name), text) for name, text in texts.items()], vlad)
    numbers = [edition.id for edition in await editions.current()]
    assert await editions.publish_reviewed(numbers[1:], vlad) == len(texts) - 1
    with pytest.raises(NothingIsPublished):
        await published_locales(editions)
    assert await editions.publish_reviewed(numbers, vlad) == 1
    assert await published_locales(editions) == ["sr-Latn", "sr-Cyrl"]


async def test_counts_add_up_and_notes_end(room):
    echo = Echo(room.ledger, room.clock)
    await echo.add(Counter({(WELCOME, What.SHOWN): 6}))
    await echo.add(Counter({(WELCOME, What.SHOWN): 6, (WELCOME, What.HELPED): 9}))
    assert await echo.counts("ro") == {WELCOME: {What.SHOWN: 12, What.HELPED: None}}
    await echo.note(WELCOME, "mai scurt")
    room.clock.pass_by(days=89)
    await echo.sweep()
    assert [note.text for note in await echo.notes(WELCOME)] == ["mai scurt"]
    room.clock.pass_by(days=2)
    await echo.sweep()
    assert await echo.notes(WELCOME) == []


async def test_a_pilots_link_ends_by_itself(room):
    pilots = Pilots(room.ledger, room.clock)
    code = await pilots.make("An invented group")
    assert await pilots.is_running(code)
    room.clock.pass_by(days=31)
    assert not await pilots.is_running(code)
    assert await pilots.running() == []
