"""Guides in a whole conversation: tapped and typed, interrupted and gone on with; what is answered there is the child's alone."""

from __future__ import annotations

from world import World, child

from bot.messages import Bubble, Kind, Sender
from bot.session import Age


def taps(bubbles: list[Bubble]) -> list[str]:
    return [button.tap for bubble in bubbles for button in bubble.buttons]


def words(bubbles: list[Bubble]) -> str:
    return "\n".join(bubble.text for bubble in bubbles)


def next_tap(bubbles: list[Bubble], ending: str) -> str:
    return next(tap for tap in taps(bubbles) if tap.endswith(ending))


async def tap(world: World, who: Sender, what: str) -> list[Bubble]:
    return await world.write(who, what, Kind.TAP)


async def check(world: World, who: Sender, answers: dict[str, str], *, typed: bool = False) -> list[Bubble]:
    """Walk through the self-check; screens that `answers` does not name are skipped."""
    shown = await tap(world, who, "/self_check")
    shown = await tap(world, who, "age:skip")
    for _ in range(30):
        step = next((one for one in taps(shown) if one.startswith("go:")), "")
        if not step:
            return shown
        screen = step.removeprefix("go:").partition("/")[0]
        answer = answers.get(screen.partition(".")[2], "skip")
        if step.endswith("/next"):
            shown = await tap(world, who, step)
        elif typed and answer in {"yes", "no"}:
            shown = await world.write(who, answer)
        else:
            shown = await tap(world, who, f"go:{screen}/{answer}")
    raise AssertionError("the check does not end")


async def test_a_check_with_few_signs_ends_in_choices(world: World) -> None:
    shown = await check(world, child(), {"go_out": "yes"})
    assert words(shown) == world.chat.catalogue.say("self_check.few", "en")
    assert {"/talk_to_human", "/phone_number", "/menu"} <= set(taps(shown))


async def test_a_check_in_which_everything_was_skipped_says_nothing_of_how_things_are(world: World) -> None:
    shown = await check(world, child(), {})
    assert words(shown) == world.chat.catalogue.say("self_check.none", "en")


async def test_a_question_stays_open_over_a_detour_and_is_asked_again_in_another_language(world: World) -> None:
    who = child()
    shown = await tap(world, who, "/self_check")
    await tap(world, who, "age:skip")
    shown = await tap(world, who, next_tap(shown, "/next"))
    first = world.chat.catalogue.say("self_check.go_out", "en")
    assert words(shown) == first
    await world.write(who, "qwrt plmk zzxv")
    answered = await world.write(who, "no")
    assert words(answered) == world.chat.catalogue.say("self_check.call", "en")
    switched = await tap(world, who, "language:ro")
    assert world.chat.catalogue.say("self_check.call", "ro") in words(switched)
    assert words(await world.write(who, "da")) == world.chat.catalogue.say("self_check.papers", "ro")


async def test_country_age_and_quiz_can_be_typed(world: World) -> None:
    who = child()
    await tap(world, who, "/find_help")
    assert "need:children" in taps(await world.write(who, "romania"))
    other = child()
    await world.write(other, "what are my rights")
    again = await world.write(other, "im 11")
    assert world.chat.catalogue.say("topic.my_rights", "en", younger=True) in words(again)
    third = child()
    shown = await tap(world, third, "/quiz")
    await tap(world, third, next_tap(shown, "/next"))
    assert world.chat.catalogue.say("quiz.1.why", "en") in words(await world.write(third, "no"))


async def test_back_is_one_screen_back_and_answers_may_be_loose(world: World) -> None:
    who, say = child(), world.chat.catalogue.say
    shown = await tap(world, who, "/self_check")
    await tap(world, who, "age:skip")
    await tap(world, who, next_tap(shown, "/next"))
    assert words(await world.write(who, "sometimes")) == say("self_check.call", "en")
    assert words(await world.write(who, "pass")) == say("self_check.papers", "en")
    assert words(await world.write(who, "go back")) == say("self_check.call", "en")
    assert words(await world.write(who, "back")) == say("self_check.go_out", "en")
    assert words(await world.write(who, "previous")) == say("self_check.start", "en")
    assert words(await world.write(who, "next")) == say("self_check.go_out", "en")
    assert words(await world.write(who, "not really")) == say("self_check.call", "en")
    assert words(await world.write(who, "yeah")) == say("self_check.papers", "en")
    assert say("topic.my_rights", "en") in words(await world.write(who, "what are my rights"))
    assert words(await world.write(who, "back")) == say("self_check.papers", "en")  # after a detour


async def test_where_a_child_is_can_be_said_without_being_asked(world: World) -> None:
    say = world.chat.catalogue.say
    for text in ("im in romania", "I am in Serbia now", "romania"):
        who = child()
        answer = await world.write(who, text)
        session = await world.chat.sessions.of(who)
        assert session is not None
        assert session.country in {"RO", "RS"}, text
        assert say("language.ask", "en") not in words(answer), text
        assert "need:children" in taps(answer), text


async def test_a_country_without_numbers_gets_no_others(world: World) -> None:
    who = child()
    answer = await world.write(who, "number in italy")
    assert words(answer) == world.chat.catalogue.say("numbers.no_country", "en")
    assert not any(one.startswith("tel:") for one in taps(answer))
    assert "country:RO" in taps(answer)
    assert "need:children" in taps(await world.write(who, "romania"))


async def test_where_a_waiting_child_is_reaches_the_counsellor(world: World) -> None:
    who = child()
    await world.write(who, "they want to sell me tonight")
    await world.write(who, "im in serbia")
    (case,) = await world.side.counsel.queue(world.team)
    assert case.facts.country == "RS"
    assert "im in serbia" in [said.text for said in await world.side.counsel.thread(case.id, world.team)]


async def test_a_language_can_be_typed_where_it_is_asked(world: World) -> None:
    from bot.messages import Incoming

    who = child()
    asked = await world.chat.conversation.converse(Incoming(who, Kind.TEXT, "hm"))
    assert "language:sq" in taps(asked)
    answered = await world.chat.conversation.converse(Incoming(who, Kind.TEXT, "shqip"))
    assert world.chat.catalogue.say("language.changed", "sq") in words(answered)


async def test_latin_letters_are_answered_in_latin_where_a_browser_only_suggested_cyrillic(world: World) -> None:
    from bot.messages import Incoming

    who = child()
    answer = await world.chat.conversation.converse(Incoming(who, Kind.TEXT, "koja su moja prava", hint="sr-Cyrl"))
    assert answer[0].text == world.chat.catalogue.say("topic.my_rights", "sr-Latn")


async def test_a_check_with_many_signs_names_them_and_leads_to_a_human(world: World) -> None:
    who = child()
    shown = await check(world, who, {"papers": "yes", "hurt": "yes", "go_out": "no"})
    say = world.chat.catalogue.say
    for key in ("sign.papers", "sign.hurt", "sign.confined", "many"):
        assert say(f"self_check.{key}", "en") in words(shown)
    assert say("human.ask", "en") in words(shown)
    opened = await tap(world, who, "person:yes")
    assert say("human.opened", "en") in words(opened)


async def test_what_was_answered_in_a_check_reaches_no_counsellor(world: World) -> None:
    who = child()
    await world.write(who, "what are my rights")
    await check(world, who, {"papers": "yes", "debt": "yes"})
    await tap(world, who, "person:yes")
    (case,) = await world.side.counsel.queue(world.team)
    thread = "\n".join(said.text for said in await world.side.counsel.thread(case.id, world.team))
    assert "what are my rights" in thread
    assert world.chat.catalogue.say("self_check.papers", "en") not in thread
    assert world.chat.catalogue.say("self_check.sign.papers", "en") not in thread


async def test_answers_can_be_typed(world: World) -> None:
    shown = await check(world, child(), {"papers": "yes", "debt": "yes"}, typed=True)
    assert world.chat.catalogue.say("self_check.many", "en") in words(shown)


async def test_a_disclosure_in_the_middle_of_a_guide_goes_first(world: World) -> None:
    who = child()
    shown = await tap(world, who, "go:offer_check")
    await tap(world, who, next_tap(shown, "/next"))
    alarm = await world.write(who, "they want to sell me tonight")
    assert world.chat.catalogue.say("human.opened", "en") in words(alarm)


async def test_a_question_in_the_middle_is_answered_and_the_way_back_stays(world: World) -> None:
    who = child()
    shown = await tap(world, who, "go:offer_check")
    shown = await tap(world, who, next_tap(shown, "/next"))
    answered = await world.write(who, "what are my rights")
    assert world.chat.catalogue.say("topic.my_rights", "en") in words(answered)
    back = await tap(world, who, next_tap(answered, "go:offer_check.exists"))
    assert words(back) == world.chat.catalogue.say("offer_check.exists", "en")
    stopped = await tap(world, who, "/stop")
    assert words(stopped) == world.chat.catalogue.say("stop", "en")


async def test_a_younger_child_is_told_it_again_in_simpler_words(world: World) -> None:
    who = child()
    asked = await world.write(who, "what are my rights")
    assert {"age:younger", "age:older", "age:skip"} <= set(taps(asked))
    again = await tap(world, who, "age:younger")
    say = world.chat.catalogue.say
    assert words(again) == "\n".join([say("age.younger", "en"), say("topic.my_rights", "en", younger=True)])
    session = await world.chat.sessions.of(who)
    assert session is not None
    assert session.age is Age.YOUNGER
    later = await world.write(who, "how can i protect myself")
    assert words(later) == say("topic.protect_myself", "en", younger=True)


async def test_a_plan_is_put_together_from_taps(world: World) -> None:
    who = child()
    shown = await tap(world, who, "go:safety_plan")
    await tap(world, who, "age:skip")
    picked: list[str] = []
    while steps := [one for one in taps(shown) if one.startswith("go:safety_plan")]:
        picked.append(steps[0])
        shown = await tap(world, who, steps[0])
    lines = [world.chat.catalogue.say(one.removeprefix("go:").replace("/", "."), "en") for one in picked[1:]]
    assert all(f"• {line}" in words(shown) for line in lines)


async def test_a_tap_of_a_guide_that_there_is_no_longer_shows_the_menu(world: World) -> None:
    assert "/talk_to_human" in taps(await tap(world, child(), "go:no_such_guide"))
    assert "/talk_to_human" in taps(await tap(world, child(), "go:self_check.papers/no_such_choice"))


async def test_help_is_found_by_country_and_need(world: World) -> None:
    who = child()
    countries = await tap(world, who, "/find_help")
    assert "country:RO" in taps(countries)
    needs = await tap(world, who, "country:RO")
    assert "need:children" in taps(needs)
    services = await tap(world, who, "need:children")
    assert any(one.startswith("tel:") for one in taps(services))
    assert "find" in taps(services)


async def test_a_text_that_did_not_help_is_said_better_and_nobody_can_tell_by_whom(world: World) -> None:
    from escalation.editions import Name

    who = child()
    answer = await world.write(who, "what are my rights")
    asked = await tap(world, who, next_tap(answer, "not_helped:topic.my_rights"))
    assert words(asked) == world.chat.catalogue.say("feedback.better", "en")
    await world.write(who, "make it shorter please, zamzam@example.org")
    (note,) = await world.side.echo.notes(Name("en", "topic.my_rights"))
    assert "shorter" in note.text
    assert "zamzam" not in note.text
    await world.chat.reception.flush()
    assert (await world.side.echo.counts("en"))[Name("en", "topic.my_rights")]


async def test_who_tells_something_instead_of_saying_it_better_is_heard(world: World) -> None:
    who = child()
    answer = await world.write(who, "what are my rights")
    await tap(world, who, next_tap(answer, "not_helped:topic.my_rights"))
    alarm = await world.write(who, "they want to sell me tonight")
    assert world.chat.catalogue.say("human.opened", "en") in words(alarm)


async def test_a_pilots_link_shows_drafts_to_its_own_chat_alone(world: World) -> None:
    from bot.texts import take
    from escalation.editions import Name

    code = await world.side.pilots.make("An invented group")
    await world.side.editions.draft(Name("en", "topic.my_rights"), "You have rights. This is a draft.", None, 0)
    await take(world.chat.catalogue, world.chat.directory, world.side.editions)
    pilot, other, stranger = child(), child(), child()
    opened = await world.write(pilot, code, Kind.PILOT)
    assert world.chat.catalogue.say("pilot.on", "en") in words(opened)
    assert world.chat.catalogue.say("pilot.on", "en") not in words(await world.write(stranger, "no-code", Kind.PILOT))
    assert "This is a draft" in words(await world.write(pilot, "what are my rights"))
    assert "This is a draft" not in words(await world.write(other, "what are my rights"))


async def test_only_the_very_next_words_are_about_the_text(world: World) -> None:
    from escalation.editions import Name

    who = child()
    answer = await world.write(who, "what are my rights")
    await tap(world, who, next_tap(answer, "not_helped:topic.my_rights"))
    await world.write(who, "can a child ask for a lawyer?")
    await world.write(who, "tell me about my papers")
    assert await world.side.echo.notes(Name("en", "topic.my_rights")) == []


async def test_a_code_that_no_pilot_has_begins_no_session_on_the_page(world: World) -> None:
    stranger = child()
    shown = await world.write(stranger, "no-code", Kind.PILOT)
    assert world.chat.catalogue.say("welcome", "en") in words(shown)
    assert await world.chat.sessions.of(stranger) is None


async def test_an_old_choice_is_silent_while_a_human_has_the_chat(world: World) -> None:
    who = child()
    await world.write(who, "they want to sell me tonight")
    (case,) = await world.side.counsel.queue(world.team)
    await world.side.counsel.claim(case.id, await world.counsellor(), world.team)
    await world.relay.deliver_due()
    for old in ("age:younger", "go:self_check", "need:children", "helped:topic.my_rights", "more"):
        assert await tap(world, who, old) == []
