"""A child takes a code, goes, and comes back with it: on the same channel or another. All messages are invented."""

from __future__ import annotations

import re

from world import World, child

from bot.messages import Channel, Kind, Speaker
from escalation.cases import Outcome, Presence

TROUBLE = "they want to sell me tonight"


def words(bubbles):
    return "\n".join(bubble.text for bubble in bubbles)


def taps(bubbles):
    return [button.tap for bubble in bubbles for button in bubble.buttons]


async def code_of(world: World, who) -> str:
    answer = await world.write(who, "code:give", Kind.TAP)
    found = re.search(r"\d{4} \d{4} \d{4} \d{4}", words(answer))
    assert found
    return found.group()


async def test_a_code_is_offered_when_a_case_is_opened_and_when_somebody_wants_to_stop(world: World):
    who = child()
    assert "code:give" in taps(await world.write(who, TROUBLE))
    assert "code:give" in taps(await world.write(who, "/stop", Kind.TAP))


async def test_on_another_channel_the_code_brings_back_the_case_and_what_was_written_meanwhile(
    world_without_rasa: World,
):
    world = world_without_rasa
    there, here = child(), child(Channel.TELEGRAM)
    await world.write(there, TROUBLE)
    code = await code_of(world, there)
    await world.write(there, "", Kind.EXIT)
    ana = await world.counsellor()
    (case,) = await world.side.counsel.queue(world.team)
    assert (case.presence, case.can_return) == (Presence.GONE, True)
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.side.counsel.reply(case.id, ana, world.team, "I am here when you come back.")
    await world.relay.deliver_due()
    assert world.arrived == {}
    answer = await world.write(here, code)
    assert [b.text for b in answer if b.speaker is Speaker.COUNSELLOR] == ["I am here when you come back."]
    assert await world.write(here, "i am back") == []
    thread = [said.text for said in await world.side.counsel.thread(case.id, world.team)]
    assert thread[-1] == "i am back"
    assert code not in " ".join(thread)
    await world.side.counsel.reply(case.id, ana, world.team, "Good.")
    await world.relay.deliver_due()
    assert world.arrived[here.key][-1].text == "Good."


async def test_a_wrong_code_tells_nothing_and_slows_down(world_without_rasa: World):
    world, who = world_without_rasa, child()
    first = await world.write(who, "1234 5678 1234 5678")
    assert words(first) == world.chat.catalogue.say("code.wrong", "en")
    second = await world.write(who, "1234 5678 1234 5679")
    assert "seconds" in words(second)
    assert "/talk_to_human" in taps(second)


async def test_a_child_who_pastes_its_code_into_the_chat_is_told_to_keep_it(world_without_rasa: World):
    world, who = world_without_rasa, child()
    await world.write(who, TROUBLE)
    code = await code_of(world, who)
    answer = await world.write(who, code)
    assert world.chat.catalogue.say("code.keep", "en") in words(answer)
    (case,) = await world.side.counsel.queue(world.team)
    thread = " ".join(said.text for said in await world.side.counsel.thread(case.id, world.team))
    screen = words((await world.chat.sessions.of(who)).screen())
    for everything in (thread, screen):
        assert code not in everything
        assert code.replace(" ", "") not in everything


async def test_the_code_of_a_closed_case_shows_the_last_words_and_the_way_to_a_human(world_without_rasa: World):
    world, who = world_without_rasa, child()
    await world.write(who, TROUBLE)
    code = await code_of(world, who)
    await world.write(who, "", Kind.EXIT)
    ana = await world.counsellor()
    (case,) = await world.side.counsel.queue(world.team)
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.side.counsel.reply(case.id, ana, world.team, "You are not alone.")
    await world.side.counsel.close(case.id, ana, Outcome.SUPPORTED)
    answer = await world.write(child(), code)
    assert "You are not alone." in words(answer)
    assert "/talk_to_human" in taps(answer)


async def test_whoever_comes_back_elsewhere_is_no_longer_in_the_case_here(world_without_rasa: World):
    world, here, there = world_without_rasa, child(), child(Channel.TELEGRAM)
    await world.write(here, TROUBLE)
    code = await code_of(world, here)
    await world.write(there, code)
    (case,) = await world.side.counsel.queue(world.team)
    assert (await world.chat.sessions.of_case(case.id)).sender == there
    assert await world.chat.sessions.of(here) is None
    assert case.presence is Presence.HERE


async def test_after_a_power_cut_nobody_is_reached_but_who_has_the_code_comes_back(world_without_rasa: World):
    """The vault is gone: nothing in the ledger leads to the child, the counsellors see it, and the child has the way back."""
    world, who = world_without_rasa, child(Channel.TELEGRAM)
    await world.write(who, TROUBLE)
    code = await code_of(world, who)
    session = await world.chat.sessions.of(who)
    await world.chat.sessions.end(session)  # as a power cut ends every entry of the vault
    await world.relay.notice_gone()
    await world.relay.notice_gone()
    (case,) = await world.side.counsel.queue(world.team)
    assert (case.presence, case.can_return) == (Presence.GONE, True)
    on_disk = b"".join(file.read_bytes() for file in world.settings.state.iterdir() if file.is_file())
    assert who.key.encode() not in on_disk
    await world.write(who, code)
    (case,) = await world.side.counsel.queue(world.team)
    assert case.presence is Presence.HERE
    assert (await world.chat.sessions.of_case(case.id)).sender == who
