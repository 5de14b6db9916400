"""A child asks for numbers while editors change the directory, from another process: what is published is told within two seconds, mid-chat."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

import pytest
from world import World, child

from bot import numbers, redaction, texts
from bot.messages import Bubble, Kind, Sender
from escalation.bell import Bell
from escalation.editions import Editions
from escalation.ledger import Ledger, LedgerIsAway
from escalation.listings import name_of, text_of
from locales import service_entries
from locales.services import Service

SERVICE = next(service for service in service_entries.shipped() if service.id == "RS-trafficking")


@pytest.fixture
async def editors(world_without_rasa: World) -> AsyncIterator[Editions]:
    """Editors in a process of their own: their bell rings for nobody here, so that the chat has to look."""
    ledger = Ledger.open(world_without_rasa.settings.ledger)
    side = world_without_rasa.side
    chat = world_without_rasa.chat
    following = asyncio.create_task(texts.follow(chat.catalogue, chat.directory, side.editions, side.bell))
    yield Editions(ledger, Bell())
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
    await ledger.close()
    numbers.know(())


async def publish(world: World, editors: Editions, service: Service) -> None:
    """One drafts, a second one reviews, it is published."""
    people = [await world.counsellor(f"{name} {service.number} {service.retired}") for name in ("Vlad", "Ina")]
    edition = await editors.draft_all([(name_of(service.id), text_of(service), None)], people[0])
    await editors.review(edition[0].id, people[1])
    await editors.publish(edition[0].id, people[0])


def told(bubbles: list[Bubble]) -> set[str]:
    return {button.tap for bubble in bubbles for button in bubble.buttons if button.tap.startswith("tel:")}


async def asks(world: World, who: Sender) -> set[str]:
    return told(await world.write(who, "need:trafficking", Kind.TAP))


async def within_two_seconds(world: World, who: Sender, wanted: set[str]) -> bool:
    end = time.monotonic() + 2
    while time.monotonic() < end:
        if await asks(world, who) == wanted:
            return True
        await asyncio.sleep(0.1)
    return False


async def test_a_changed_an_added_and_a_retired_number_reach_a_child_in_the_middle_of_a_chat(
    world_without_rasa: World, editors: Editions
) -> None:
    world, who = world_without_rasa, child()
    await world.write(who, "country:RS", Kind.TAP)
    shipped = f"tel:{SERVICE.number.replace(' ', '')}"
    assert await asks(world, who) == {shipped}
    (draft,) = await editors.draft_all(
        [(name_of(SERVICE.id), text_of(replace(SERVICE, number="000 0009")), None)], None
    )
    await asyncio.sleep(1.5)
    assert await asks(world, who) == {shipped}, "a draft is told to nobody"
    await editors.send_back(draft.id, await world.counsellor("Somebody"))

    await publish(world, editors, replace(SERVICE, number="000 0001"))
    assert await within_two_seconds(world, who, {"tel:0000001"})
    assert "000 0001" in redaction.redact("i called 000 0001 and nobody answered").text
    await publish(world, editors, replace(SERVICE, id="RS-invented", number="000 0002"))
    assert await within_two_seconds(world, who, {"tel:0000001", "tel:0000002"})
    await publish(world, editors, replace(SERVICE, number="000 0001", retired=True))
    assert await within_two_seconds(world, who, {"tel:0000002"})
    assert "tel:0000001" not in told(await world.write(who, "numbers", Kind.TAP))
    back = (await editors.history(name_of(SERVICE.id)))[0].id
    await editors.roll_back(name_of(SERVICE.id), 0, await world.counsellor("Somebody else"), back)
    assert await within_two_seconds(world, who, {shipped, "tel:0000002"})


async def test_what_was_taken_stays_when_the_ledger_is_away(world_without_rasa: World, editors: Editions) -> None:
    world, who = world_without_rasa, child()
    await world.write(who, "country:RS", Kind.TAP)
    await publish(world, editors, replace(SERVICE, number="000 0001"))
    assert await within_two_seconds(world, who, {"tel:0000001"})

    class Away(Editions):
        async def revision(self) -> tuple[int, None, None]:
            raise LedgerIsAway

    away = Away(world.side.ledger, Bell())
    assert await texts.take(world.chat.catalogue, world.chat.directory, away, "known") == "known"
    assert await asks(world, who) == {"tel:0000001"}
