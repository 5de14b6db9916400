"""A child writes and taps on Telegram, and is answered there."""

from __future__ import annotations

import asyncio

import pytest
from bot_api import BotApi, Child, bad_request
from telegram_talk import Talk, bubble, sender

from bot.messages import Bubble, Incoming, Kind, Speaker
from bot.telegram.channel import TelegramChannel

pytestmark = pytest.mark.usefixtures("channel")


async def test_text_is_heard_and_answered(api: BotApi, child: Child, talk: Talk) -> None:
    child.writes("a po më dëgjon dikush")
    answer = await api.message()
    assert (answer.chat, answer.text) == (child.id, "heard: a po më dëgjon dikush")
    assert talk.heard == [Incoming(sender(child), Kind.TEXT, "a po më dëgjon dikush", hint="sq")]


async def test_answers_are_plain_text_without_previews(api: BotApi, child: Child) -> None:
    child.writes("<b>hi</b> *there* https://example.org")
    parameters = (await api.message()).parameters
    assert parameters["text"] == "heard: <b>hi</b> *there* https://example.org"
    assert parameters["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in parameters
    assert parameters.get("protect_content", "false") == "false"


COMMANDS = {
    "/start": (Kind.START, ""),
    "/start from_a_poster_in_School-7": (Kind.PILOT, "from_a_poster_in_School-7"),
    "/start@helpline_of_the_tests_bot": (Kind.START, ""),
    "/help": (Kind.HELP, ""),
    "/LANGUAGE ": (Kind.LANGUAGE, ""),
    "/exit": (Kind.EXIT, ""),
    "/stop": (Kind.EXIT, ""),
    "/help he hits me": (Kind.TEXT, "/help he hits me"),
    "/start he hits me": (Kind.TEXT, "/start he hits me"),
    "/stop him": (Kind.TEXT, "/stop him"),
    "/something": (Kind.TEXT, "/something"),
    "/": (Kind.TEXT, "/"),
    "start": (Kind.TEXT, "start"),
}


async def test_a_command_counts_where_it_stands_alone(api: BotApi, child: Child, talk: Talk) -> None:
    for typed in COMMANDS:
        child.writes(typed)
        await api.message()
    assert dict(zip(COMMANDS, talk.acts, strict=True)) == COMMANDS


VERBATIM = {
    "emoji only": "😭💔👨\u200d👩\u200d👧🇽🇰",
    "zero width": "he\u200blp\u200d me\u2060\ufeff",
    "nothing but zero width": "\u200b\u200d\u2060",
    "right to left": "\u200fهل يمكنك مساعدتي؟\u200f 112 \u202eabc",
    "html": "<script>alert('x')</script> &amp; <b>",
    "markdown": "*a* _b_ [c](tg://user?id=1) `d`",
    "sql": "'; DROP TABLE cases; --",
    "control characters": "a\x00b\x07c\u2028d",
    "many lines": "one\n\n\ntwo\tthree",
    "format braces": "{0} {token} %s %(id)s",
    "like json": '{"chat_id": 1}',
}


async def test_every_kind_of_text_passes_both_ways_as_it_is(api: BotApi, child: Child, talk: Talk) -> None:
    for text in VERBATIM.values():
        talk.answers = [bubble(text)]
        child.writes(text)
        assert (await api.message()).text == text
    assert talk.acts == [(Kind.TEXT, text) for text in VERBATIM.values()]


async def test_text_of_4000_characters_is_heard_and_more_is_not(api: BotApi, child: Child, talk: Talk) -> None:
    child.writes("a" * 4000)
    child.writes("a" * 4001)
    child.writes("b" * 1_000_000)
    await api.until(lambda: len(talk.heard) == 3)
    assert talk.acts == [(Kind.TEXT, "a" * 4000), (Kind.TOO_LONG, ""), (Kind.TOO_LONG, "")]


async def test_an_empty_bubble_is_not_sent_and_the_next_one_is(api: BotApi, child: Child, talk: Talk) -> None:
    talk.answers = [bubble(""), bubble(" \n"), bubble("then this")]
    child.writes("hi")
    assert (await api.message()).text == "then this"
    await api.quiet()


async def test_a_bubble_that_telegram_refuses_does_not_take_the_next_one_with_it(
    api: BotApi, child: Child, talk: Talk
) -> None:
    api.fail("sendMessage", bad_request)
    talk.answers = [bubble("refused"), bubble("then this")]
    child.writes("hi")
    assert (await api.message()).text == "then this"


async def test_a_broken_character_does_not_stop_the_channel(api: BotApi, child: Child, talk: Talk) -> None:
    talk.answers = [bubble("half an emoji \ud83d"), bubble("then this")]
    child.writes("hi")
    assert (await api.message()).text == "then this"


async def test_long_answers_come_in_pieces_cut_between_paragraphs_with_buttons_below_the_last(
    api: BotApi, child: Child, talk: Talk
) -> None:
    paragraphs = [f"{n}. " + "You have rights. " * 140 for n in range(3)]
    talk.answers = [bubble("\n\n".join(paragraphs), ("Talk to a human", "/talk_to_human"))]
    child.writes("my rights")
    first, second, third = [await api.message() for _ in range(3)]
    assert [first.text, second.text, third.text] == paragraphs
    assert (first.buttons, second.buttons) == ([], [])
    assert third.buttons == [[("Talk to a human", "/talk_to_human")]]


async def test_long_text_without_any_place_to_cut_arrives_whole(api: BotApi, child: Child, talk: Talk) -> None:
    talk.answers = [bubble("😭" * 5000)]
    child.writes("hi")
    arrived = ""
    while len(arrived) < 5000:
        arrived += (await api.message()).text
    assert arrived == "😭" * 5000


async def test_buttons_come_two_in_a_row_where_labels_are_short(api: BotApi, child: Child, talk: Talk) -> None:
    talk.answers = [
        bubble(
            "Choose",
            ("Shqip", "language:sq"),
            ("Srpski", "language:sr-Latn"),
            ("I would like to talk to a human", "h"),
            ("No", "n"),
        )
    ]
    child.writes("hi")
    assert (await api.message()).buttons == [
        [("Shqip", "language:sq"), ("Srpski", "language:sr-Latn")],
        [("I would like to talk to a human", "h")],
        [("No", "n")],
    ]


async def test_telephone_numbers_are_written_out_instead_of_buttons(api: BotApi, child: Child, talk: Talk) -> None:
    talk.answers = [
        bubble("You can call:", ("Police", "tel:112"), ("Child line 116 111", "tel:116111"), ("Menu", "menu"))
    ]
    child.writes("numbers")
    answer = await api.message()
    assert answer.text == "You can call:\nPolice: 112\nChild line 116 111"
    assert answer.buttons == [[("Menu", "menu")]]


async def test_a_button_that_telegram_would_refuse_does_not_cost_the_words(
    api: BotApi, child: Child, talk: Talk
) -> None:
    talk.answers = [bubble("The words", ("Too long", "x" * 65), ("Good", "y"))]
    child.writes("hi")
    answer = await api.message()
    assert (answer.text, answer.buttons) == ("The words", [[("Good", "y")]])


async def test_a_tap_ends_the_spinner_takes_the_buttons_away_and_is_heard(
    api: BotApi, child: Child, talk: Talk
) -> None:
    update = child.taps("/my_rights", message_id=42)
    assert (await api.message()).text == "heard: /my_rights"
    await api.until(lambda: bool(api.called("editMessageReplyMarkup")))
    assert talk.heard == [Incoming(sender(child), Kind.TAP, "/my_rights", hint="sq")]
    (spinner,), (keyboard,) = api.called("answerCallbackQuery"), api.called("editMessageReplyMarkup")
    assert spinner.parameters["callback_query_id"] == update["callback_query"]["id"]
    assert (keyboard.chat, keyboard.parameters["message_id"]) == (child.id, "42")
    assert "reply_markup" not in keyboard.parameters


async def test_a_tap_on_something_old_is_heard_all_the_same(api: BotApi, child: Child) -> None:
    api.fail("answerCallbackQuery", bad_request)
    api.fail("editMessageReplyMarkup", bad_request)
    api.knows(child.id)
    too_old = {"message_id": 3, "chat": child.chat, "date": 0}
    api.happens(
        callback_query={
            "id": "1",
            "from": child.person,
            "chat_instance": "1",
            "message": too_old,
            "data": "/talk_to_human",
        }
    )
    assert (await api.message()).text == "heard: /talk_to_human"


async def test_a_double_tap_is_heard_once_and_its_spinner_ends_twice(api: BotApi, child: Child, talk: Talk) -> None:
    child.taps("yes")
    child.taps("yes")
    await api.message()
    await api.until(lambda: len(api.called("answerCallbackQuery")) == 2)
    await api.quiet()
    assert talk.acts == [(Kind.TAP, "yes")]


async def test_a_tap_without_data_or_chat_is_harmless(api: BotApi, child: Child, talk: Talk) -> None:
    tap = {"id": "1", "from": child.person, "chat_instance": "1"}
    api.happens(callback_query={**tap, "inline_message_id": "x", "data": "yes"})
    api.happens(
        callback_query={**tap, "message": {"message_id": 3, "chat": child.chat, "date": 0}, "game_short_name": "g"}
    )
    child.writes("hi")
    await api.message()
    assert talk.acts == [(Kind.TEXT, "hi")]


async def test_messages_of_one_child_are_heard_and_answered_in_their_order(
    api: BotApi, child: Child, talk: Talk
) -> None:
    async def slower_at_first(incoming: Incoming) -> list[Bubble]:
        await asyncio.sleep(0.05 / len(talk.heard))
        return [bubble(f"{incoming.text}, first"), bubble(f"{incoming.text}, second")]

    talk.answer = slower_at_first
    for number in range(5):
        child.writes(str(number))
    arrived = [(await api.message()).text for _ in range(10)]
    assert arrived == [f"{number}, {which}" for number in range(5) for which in ("first", "second")]


async def test_children_do_not_wait_for_each_other(api: BotApi, child: Child, talk: Talk) -> None:
    other_was_answered = asyncio.Event()

    async def wait_for_the_other(incoming: Incoming) -> list[Bubble]:
        if incoming.text == "slow":
            await other_was_answered.wait()
        return [bubble(f"heard: {incoming.text}")]

    talk.answer = wait_for_the_other
    child.writes("slow")
    Child(api, id=7_770_009_999).writes("quick")
    assert (await api.message()).text == "heard: quick"
    other_was_answered.set()
    assert (await api.message()).text == "heard: slow"


async def test_a_child_who_waits_sees_typing_and_one_who_is_not_answered_does_not(
    api: BotApi, child: Child, talk: Talk
) -> None:
    async def think(incoming: Incoming) -> list[Bubble]:
        await asyncio.sleep(0.3 if incoming.text == "hard" else 0)
        return [bubble("done")] if incoming.text == "hard" else []

    talk.answer = think
    child.writes("to the counsellor")
    await api.quiet()
    assert not api.called("sendChatAction")
    child.writes("hard")
    await api.message()
    (typing,) = api.called("sendChatAction")
    assert (typing.chat, typing.parameters["action"]) == (child.id, "typing")
    assert typing.at < api.messages[-1].at


async def test_what_a_counsellor_wrote_is_delivered(api: BotApi, child: Child, channel: TelegramChannel) -> None:
    api.knows(child.id)
    delivery = await channel.deliver(sender(child), [bubble("I am here.", speaker=Speaker.COUNSELLOR)])
    assert delivery.arrived
    assert (await api.message()).text == "I am here."


async def test_nobody_is_written_to_first(api: BotApi, child: Child) -> None:
    child.unblocks()
    await api.quiet()
    assert {call.method for call in api.calls} <= {"deleteWebhook", "setMyCommands"}


async def test_the_childs_own_words_are_not_sent_back(api: BotApi, child: Child, talk: Talk) -> None:
    talk.answers = [bubble("hi", speaker=Speaker.CHILD), bubble("Hello")]
    child.writes("hi")
    assert (await api.message()).text == "Hello"


async def test_telegram_lists_four_commands(api: BotApi) -> None:
    await api.until(lambda: bool(api.called("setMyCommands")))
    (call,) = api.called("setMyCommands")
    assert [command["command"] for command in call.parameters["commands"]] == ["start", "help", "language", "exit"]
