"""In an emergency a child may let the counsellor see what was hidden: exactly this, once. All messages are invented."""

from __future__ import annotations

from world import World, child

from bot.messages import Kind

TROUBLE = "they want to sell me tonight, call 064 000 0000"
HIDDEN = "064 000 0000"


def words(bubbles):
    return "\n".join(bubble.text for bubble in bubbles)


def taps(bubbles):
    return [button.tap for bubble in bubbles for button in bubble.buttons]


async def with_a_counsellor(world: World, who, said: str = TROUBLE):
    await world.write(who, said)
    ana = await world.counsellor()
    (case,) = await world.side.counsel.queue(world.team)
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.relay.deliver_due()
    return case.id, world.arrived[who.key]


async def test_when_the_counsellor_comes_the_child_is_asked_about_exactly_what_was_hidden(world_without_rasa: World):
    world, who = world_without_rasa, child()
    case, arrived = await with_a_counsellor(world, who)
    assert HIDDEN in words(arrived)
    assert taps(arrived)[-2:] == ["show:[phone 1]", "hide:[phone 1]"]
    assert await world.side.showings.waiting(case) == []


async def test_after_a_yes_it_is_shown_once_and_lies_nowhere(world_without_rasa: World):
    world, who = world_without_rasa, child()
    case, _ = await with_a_counsellor(world, who)
    await world.write(who, "show:[phone 1]", Kind.TAP)
    assert await world.side.showings.take(case, "[phone 1]", world.team) == HIDDEN
    assert await world.side.showings.take(case, "[phone 1]", world.team) is None
    assert await world.write(who, "show:[phone 1]", Kind.TAP)
    assert await world.side.showings.waiting(case) == []
    assert HIDDEN not in words((await world.chat.sessions.of(who)).screen())
    thread = " ".join(said.text for said in await world.side.counsel.thread(case, world.team))
    assert HIDDEN not in thread
    stored = [world.settings.vault, *world.settings.state.rglob("*")]
    assert not any(
        HIDDEN.encode() in path.read_bytes() for path in stored if path.is_file() and "models" not in path.parts
    )


async def test_after_a_no_it_stays_hidden(world_without_rasa: World):
    world, who = world_without_rasa, child()
    case, _ = await with_a_counsellor(world, who)
    answer = await world.write(who, "hide:[phone 1]", Kind.TAP)
    assert words(answer) == world.chat.catalogue.say("show.hidden", "en")
    assert await world.side.showings.waiting(case) == []


async def test_what_is_written_while_the_counsellor_is_there_is_asked_about_at_once(world_without_rasa: World):
    world, who = world_without_rasa, child()
    await with_a_counsellor(world, who, "they want to sell me tonight")
    answer = await world.write(who, f"my number is {HIDDEN}")
    assert HIDDEN in words(answer)


async def test_outside_an_emergency_nobody_is_asked(world_without_rasa: World):
    world, who = world_without_rasa, child()
    await world.write(who, "my stepdad touches me")
    await world.write(who, "yes")
    ana = await world.counsellor()
    (case,) = await world.side.counsel.queue(world.team)
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.relay.deliver_due()
    assert await world.write(who, f"my number is {HIDDEN}") == []


async def test_a_forged_tap_shows_nothing(world_without_rasa: World):
    world, who = world_without_rasa, child()
    case, _ = await with_a_counsellor(world, who)
    for tap in ("show:[phone 2]", "show:", "show:[name 1]", "show:<b>", "hide:[phone 9999999]"):
        await world.write(who, tap, Kind.TAP)
    assert await world.side.showings.waiting(case) == []
