"""Children write, through the real pipeline with the real model. All messages are invented."""

from __future__ import annotations

from world import World, child

from bot.messages import Channel, Incoming, Kind
from escalation.cases import CaseState, Outcome, Presence, Urgency


def taps(bubbles):
    return [button.tap for bubble in bubbles for button in bubble.buttons]


def words(bubbles):
    return "\n".join(bubble.text for bubble in bubbles)


async def test_a_question_gets_its_answer_in_the_childs_language(world: World):
    for text, locale in (
        ("what are my rights", "en"),
        ("cilat jane te drejtat e mia", "sq"),
        ("koja su moja prava", "sr-Latn"),
        ("која су моја права", "sr-Cyrl"),
    ):
        who = child()
        answer = await world.write(who, text)
        assert answer[0].text == world.chat.catalogue.say("topic.my_rights", locale)
        assert (await world.chat.sessions.of(who)).locale == locale


async def test_who_is_not_understood_gets_suggestions_then_the_menu_and_a_human(world: World):
    who = child()
    first, second = await world.write(who, "asdf qwer"), await world.write(who, "blah zzz blah")
    assert words(first) == world.chat.catalogue.say("unknown.rephrase", "en")
    assert "/talk_to_human" in taps(first)
    assert words(second) == world.chat.catalogue.say("unknown.menu", "en")
    assert "/talk_to_human" in taps(second)


async def test_an_unclear_language_is_asked_and_what_was_written_is_answered_then(world: World):
    from bot.messages import Incoming

    who = child()
    asked = await world.chat.conversation.converse(Incoming(who, Kind.TEXT, "hm"))
    assert "language:sq" in taps(asked)
    answered = await world.write(who, "language:sq", Kind.TAP)
    assert answered[0].text == world.chat.catalogue.say("language.changed", "sq")
    assert len(answered) > 1


async def test_an_emergency_opens_a_case_before_it_is_told(world: World):
    who = child()
    answer = await world.write(who, "they want to sell me tonight")
    (case,) = await world.side.counsel.queue(world.team)
    assert case.facts.urgency is Urgency.EMERGENCY
    assert world.chat.catalogue.say("human.opened", "en") in words(answer)
    assert "tel:112" in taps(answer)
    thread = [said.text for said in await world.side.counsel.thread(case.id, world.team)]
    assert thread[0] == "they want to sell me tonight"
    assert thread[1:] == [bubble.text for bubble in answer]


async def test_nobody_comes_for_an_urgent_message_before_the_child_says_yes(world: World):
    who = child()
    answer = await world.write(who, "my stepdad touches me")
    assert taps(answer)[-4:] == ["person:yes", "person:no", "person:not_meant", "person:unsure"]
    assert await world.side.counsel.queue(world.team) == []
    answer = await world.write(who, "yes")
    assert len(await world.side.counsel.queue(world.team)) == 1
    assert world.chat.catalogue.say("human.opened", "en") in words(answer)


async def test_the_turn_after_an_alarm_is_answered_in_its_context(world: World):
    for said, key in (
        ("i dont know", "after.unsure"),
        ("what should i do", "after.what_now"),
        ("forget it", "after.forget"),
        ("no", "after.not_now"),
        ("thats not what i meant", "after.not_meant"),
        ("purple", "after.other"),
    ):
        who = child()
        await world.write(who, "my dad hits me every day")
        assert world.chat.catalogue.say(key, "en") in words(await world.write(who, said)), said
        assert await world.side.counsel.queue(world.team) == [], said


async def test_words_alone_never_withdraw_a_case_but_a_tap_does(world: World):
    who = child()
    await world.write(who, "they want to sell me tonight")
    await world.write(who, "i was joking")
    assert len(await world.side.counsel.queue(world.team)) == 1
    await world.write(who, "person:not_meant", Kind.TAP)
    assert await world.side.counsel.queue(world.team) == []


async def test_a_child_can_ask_for_a_human_at_any_time(world: World):
    who = child()
    assert "person:yes" in taps(await world.write(who, "can i talk to a real person"))
    await world.write(who, "person:yes", Kind.TAP)
    assert len(await world.side.counsel.queue(world.team)) == 1


async def test_the_bot_is_silent_while_a_human_has_the_chat_and_comes_back_after(world: World):
    who, ana = child(), await world.counsellor()
    await world.write(who, "they want to sell me tonight")
    (case,) = await world.side.counsel.queue(world.team)
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.relay.deliver_due()
    assert await world.write(who, "are you a person") == []
    await world.side.counsel.reply(case.id, ana, world.team, "Yes, I am.")
    await world.relay.deliver_due()
    assert [bubble.text for bubble in world.arrived[who.key]] == [
        world.chat.catalogue.say("human.joined", "en"),
        "Yes, I am.",
    ]
    from escalation.cases import Outcome

    await world.side.counsel.close(case.id, ana, Outcome.SUPPORTED)
    await world.relay.deliver_due()
    assert world.arrived[who.key][-1].text == world.chat.catalogue.say("human.closed", "en")
    answer = await world.write(who, "what are my rights")
    assert answer[0].text == world.chat.catalogue.say("topic.my_rights", "en")


async def test_the_bot_stays_with_a_waiting_child_and_says_its_place_honestly(world: World):
    await world.counsellor()
    first, second = child(), child()
    await world.write(first, "they want to sell me tonight")
    answer = await world.write(second, "they want to sell me tonight")
    assert world.chat.catalogue.say_many("human.place", 1, "en") in words(answer)
    assert world.chat.catalogue.say("human.waiting", "en") in words(await world.write(second, "hello?"))


async def test_a_waiting_child_hears_the_long_text_once(world: World):
    await world.counsellor()
    who, say = child(), world.chat.catalogue.say
    await world.write(who, "they want to sell me tonight")
    first, second = await world.write(who, "hello?"), await world.write(who, "the walls are blue")
    assert say("human.waiting", "en") in words(first)
    assert words(second) == say("human.passed_on", "en")
    assert "person:cancel" in taps(second)
    (case,) = await world.side.counsel.queue(world.team)
    assert "the walls are blue" in [said.text for said in await world.side.counsel.thread(case.id, world.team)]


async def test_forget_it_while_waiting_is_told_how_and_the_counsellor_reads_it_too(world: World):
    who = child()
    await world.write(who, "they want to sell me tonight")
    for said in ("nvm", "stop", "never mind", "forget it"):
        answer = await world.write(who, said)
        assert words(answer) == world.chat.catalogue.say("after.forget.waiting", "en"), said
        assert "person:cancel" in taps(answer)
    (case,) = await world.side.counsel.queue(world.team)
    thread = [said.text for said in await world.side.counsel.thread(case.id, world.team)]
    assert {"nvm", "stop", "never mind", "forget it"} <= set(thread)  # somebody else may be typing
    await world.side.counsel.claim(case.id, await world.counsellor(), world.team)
    await world.write(who, "stop")  # to a human it is a word like any other
    assert "stop" in [said.text for said in await world.side.counsel.thread(case.id, world.team)]


async def test_what_answers_a_guide_while_waiting_stays_in_the_guide(world: World):
    who = child()
    await world.write(who, "they want to sell me tonight")
    shown = await world.write(who, "/self_check", Kind.TAP)
    shown = await world.write(who, next(tap for tap in taps(shown) if tap.endswith("/next")), Kind.TAP)
    assert words(shown) == world.chat.catalogue.say("self_check.go_out", "en")
    assert words(await world.write(who, "no")) == world.chat.catalogue.say("self_check.call", "en")
    (case,) = await world.side.counsel.queue(world.team)
    assert "no" not in [said.text for said in await world.side.counsel.thread(case.id, world.team)]
    await world.write(who, "he has my passport")
    await world.write(who, "yes")  # what was asked last was no question of the guide
    assert "yes" in [said.text for said in await world.side.counsel.thread(case.id, world.team)]


async def test_what_there_is_to_learn_and_to_find_is_shown_while_waiting(world: World):
    who = child()
    await world.write(who, "they want to sell me tonight")
    assert "go:course" in taps(await world.write(who, "more", Kind.TAP))
    await world.write(who, "country:RO", Kind.TAP)
    assert any(tap.startswith("tel:") for tap in taps(await world.write(who, "need:children", Kind.TAP)))


async def test_nobody_on_duty_is_said_plainly_with_numbers(world: World):
    answer = await world.write(child(), "they want to sell me tonight")
    assert world.chat.catalogue.say("human.nobody", "en").split("{")[0].strip() in words(answer)
    assert "tel:112" in taps(answer)


async def test_a_child_who_leaves_is_shown_as_gone_and_never_written_to(world: World):
    who, ana = child(), await world.counsellor()
    await world.write(who, "they want to sell me tonight")
    (case,) = await world.side.counsel.queue(world.team)
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.write(who, "", Kind.EXIT)
    await world.relay.deliver_due()
    assert (await world.side.counsel.case(case.id, world.team)).presence is Presence.GONE
    assert who.key not in world.arrived
    assert await world.chat.sessions.of(who) is None


async def test_a_session_that_ends_by_itself_is_noticed(world: World):
    who = child()
    await world.write(who, "they want to sell me tonight")
    await world.chat.sessions.end(await world.chat.sessions.of(who))
    await world.relay.notice_gone()
    assert [case.presence for case in await world.side.counsel.queue(world.team)] == [Presence.HERE]
    await world.relay.notice_gone()
    assert [case.presence for case in await world.side.counsel.queue(world.team)] == [Presence.GONE]


async def test_somebody_who_waits_with_the_page_open_is_not_idle(world: World):
    who = child()
    await world.write(who, "they want to sell me tonight")
    before = await world.chat.vault.get(f"session:{(await world.chat.sessions.of(who)).id}")
    world.page_is_open = True
    await world.relay.notice_gone()
    assert await world.chat.vault.get(f"session:{(await world.chat.sessions.of(who)).id}") == before
    assert [case.presence for case in await world.side.counsel.queue(world.team)] == [Presence.HERE]


async def test_a_disclosure_after_the_case_was_closed_is_noticed_anew(world: World):
    from escalation.cases import Outcome

    who, ana = child(), await world.counsellor()
    await world.write(who, "they want to sell me tonight")
    (case,) = await world.side.counsel.queue(world.team)
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.side.counsel.close(case.id, ana, Outcome.SUPPORTED)
    answer = await world.write(who, "they want to sell me tonight")  # before the relay could tell that it was closed
    assert world.chat.catalogue.say("human.opened", "en") in words(answer)
    assert len(await world.side.counsel.queue(world.team)) == 1


async def test_a_telephone_that_cannot_be_reached_is_not_tried_for_ever(world: World):
    who, ana = child(Channel.TELEGRAM), await world.counsellor()
    await world.write(who, "they want to sell me tonight")
    (case,) = await world.side.counsel.queue(world.team)
    world.reachable = False
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.relay.deliver_due()
    assert (await world.side.counsel.case(case.id, world.team)).presence is Presence.GONE
    assert await world.side.outbox.due() == []


async def test_a_letter_waits_when_its_channel_is_not_running(world: World):
    who, ana = child(Channel.TELEGRAM), await world.counsellor()
    await world.write(who, "they want to sell me tonight")
    (case,) = await world.side.counsel.queue(world.team)
    world.relay._channels = {}
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.relay.deliver_due()
    assert await world.side.counsel.undelivered(case.id) == set()
    assert (await world.side.counsel.case(case.id, world.team)).presence is Presence.HERE


async def test_what_identifies_is_redacted_before_it_is_stored(world: World):
    who = child()
    await world.write(who, "my name is Testa, call me on +381 64 000 0000, they want to sell me tonight")
    (case,) = await world.side.counsel.queue(world.team)
    thread = " ".join(said.text for said in await world.side.counsel.thread(case.id, world.team))
    assert "Testa" not in thread
    assert "64 000" not in thread
    assert "[phone 1]" in thread


async def test_a_page_that_comes_back_shows_the_whole_dialogue(world: World):
    who = child()
    await world.write(who, "what are my rights")
    screen = await world.write(who, "", Kind.BACK)
    assert [bubble.text for bubble in screen] == [
        "what are my rights",
        world.chat.catalogue.say("topic.my_rights", "en"),
        world.chat.catalogue.say("age.ask", "en"),
    ]


async def test_three_small_signs_in_a_row_are_one_alarm(world: World):
    who = child()
    noticed = False
    for text in ("he buys me everything", "now he says i owe him", "i cant tell anyone about it"):
        await world.write(who, text)
        session = await world.chat.sessions.of(who)
        noticed = noticed or session.alarm is not None or session.case is not None
    assert noticed


async def test_a_disclosure_in_a_claimed_chat_makes_the_case_more_urgent(world: World):
    who, ana = child(), await world.counsellor()
    await world.write(who, "can i talk to a real person")
    await world.write(who, "yes")
    (case,) = await world.side.counsel.queue(world.team)
    assert case.facts.urgency is Urgency.CONCERN
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.write(who, "they want to sell me tonight")
    case = await world.side.counsel.case(case.id, world.team)
    assert (case.state, case.facts.urgency) == (CaseState.CLAIMED, Urgency.EMERGENCY)


async def test_last_words_arrive_although_the_child_writes_before_them_to_a_case_that_was_just_closed(
    world_without_rasa: World,
):
    world, who = world_without_rasa, child(Channel.TELEGRAM)
    ana = await world.counsellor()
    await world.write(who, "they want to sell me tonight")
    (case,) = await world.side.counsel.queue(world.team)
    await world.side.counsel.claim(case.id, ana, world.team)
    await world.relay.deliver_due()
    await world.side.counsel.reply(case.id, ana, world.team, "You are not alone.")
    await world.side.counsel.close(case.id, ana, Outcome.SUPPORTED)
    await world.write(who, "thank you")
    await world.relay.deliver_due()
    arrived = [bubble.text for bubble in world.arrived[who.key]]
    assert arrived[-2:] == ["You are not alone.", world.chat.catalogue.say("human.closed", "en")]
    await world.write(who, "they want to sell me tonight")
    assert len(await world.side.counsel.queue(world.team)) == 1


async def test_what_a_reloaded_page_sends_again_is_heard_once(world_without_rasa: World):
    world, who = world_without_rasa, child()
    for _ in range(2):
        await world.chat.conversation.converse(
            Incoming(who, Kind.TEXT, "they want to sell me tonight", hint="en", act="one")
        )
    await world.chat.conversation.converse(Incoming(who, Kind.TEXT, "please come", hint="en", act="two"))
    await world.chat.conversation.converse(
        Incoming(who, Kind.TEXT, "they want to sell me tonight", hint="en", act="one")
    )
    (case,) = await world.side.counsel.queue(world.team)
    thread = [said.text for said in await world.side.counsel.thread(case.id, world.team)]
    assert [text for text in thread if text in {"they want to sell me tonight", "please come"}] == [
        "they want to sell me tonight",
        "please come",
    ]


async def test_what_telegram_brings_twice_is_heard_once_and_answered_again(world_without_rasa: World):
    world, who = world_without_rasa, child(Channel.TELEGRAM)
    incoming = Incoming(who, Kind.TEXT, "they want to sell me tonight", hint="en", number=7)
    first = await world.chat.conversation.converse(incoming)
    again = await world.chat.conversation.converse(incoming)
    assert [bubble.text for bubble in again] == [bubble.text for bubble in first]
    (case,) = await world.side.counsel.queue(world.team)
    thread = [said.text for said in await world.side.counsel.thread(case.id, world.team)]
    assert thread.count("they want to sell me tonight") == 1
    assert await world.chat.conversation.converse(Incoming(who, Kind.TEXT, "please", number=6)) == []


async def test_half_a_sentence_is_listened_to_and_opens_nothing(world: World):
    who = child()
    say = world.chat.catalogue.say
    assert words(await world.write(who, "there is this man who")) == say("listening", "en")
    again = await world.write(who, "something happened")
    assert words(again) == say("listening.again", "en")
    assert "/talk_to_human" in taps(again)
    assert await world.side.counsel.queue(world.team) == []
    assert (await world.chat.sessions.of(who)).alarm is None


async def test_a_second_half_sentence_that_may_be_a_sign_is_asked_about(world: World):
    who = child()
    assert words(await world.write(who, "my dad")) == world.chat.catalogue.say("listening", "en")
    await world.write(who, "my dad")
    alarm = (await world.chat.sessions.of(who)).alarm
    assert alarm is None or alarm.soft


async def test_what_finishes_half_a_sentence_is_weighed_with_it(world: World):
    who = child()
    await world.write(who, "my stepfather")
    await world.write(who, "hits me with a belt")
    assert (await world.chat.sessions.of(who)).alarm.facts.urgency is not Urgency.NONE


async def test_who_wants_no_person_is_not_offered_one(world: World):
    answer = await world.write(child(), "i dont want to talk to a person")
    assert words(answer) == world.chat.catalogue.say("human.not_wanted", "en")
    assert taps(answer) == ["exit", "menu"]
