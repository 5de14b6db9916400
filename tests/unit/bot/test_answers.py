"""What is said to one child: texts, buttons and numbers. The services of these tests are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from bot.answers import (
    AGES,
    ASK_SOFTLY,
    MAIN_TOPICS,
    MORE,
    MOST_NUMBERS,
    OFFER,
    STOP,
    WAITING,
    Answers,
)
from bot.dialogue import GO, Reply
from bot.messages import Bubble, Channel, Sender
from bot.session import Session
from bot.settings import ROOT
from locales import catalogue
from locales.catalogue import Catalogue
from locales.service_entries import load
from locales.services import COUNTRIES, NEEDS, Directory, Service

TELEGRAM_BYTES = 48


def service(number: str, need: str, *countries: str, free: bool | None = None, verified: date | None = None) -> Service:
    return Service(
        name=f"Invented {number}", label=f"service.{need}", need=need, number=number, countries=countries,
        free=free, hours="", source="https://example.org", seen=date(2026, 1, 1), verified=verified,
    )  # fmt: skip


DIRECTORY = Directory(
    (
        service("000 1", "emergency", "RS"),
        service("000 2", "children", "RS", free=True, verified=date(2026, 1, 2)),
        service("000 3", "trafficking", "RS"),
        service("000 4", "police", "RS"),
        service("000 5", "missing", "RS"),
        service("000 6", "emergency", "AL", "RO"),
        service("000 7", "children", "HU"),
    )
)


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return catalogue.load()


@pytest.fixture
def answers(words: Catalogue) -> Answers:
    return Answers(words, DIRECTORY)


def session(locale: str = "en", country: str | None = None) -> Session:
    return Session(id="0" * 32, sender=Sender(Channel.WEB, "an-invented-token"), locale=locale, country=country)


def numbers_in(bubble: Bubble) -> list[str]:
    return [button.tap for button in bubble.buttons if button.tap.startswith("tel:")]


def test_the_numbers_of_the_childs_country_are_named_with_those_for_right_now_first(answers: Answers) -> None:
    bubble = answers.say(session(country="RS"), "alarm.numbers")
    assert numbers_in(bubble) == ["tel:0001", "tel:0002", "tel:0004"]
    assert all(number in bubble.text for number in ("000 1", "000 2", "000 4"))
    assert "{" not in bubble.text


def test_the_childs_own_country_goes_before_the_operators(words: Catalogue) -> None:
    answers = Answers(words, DIRECTORY, "RS")
    assert numbers_in(answers.say(session(country="HU"), "alarm.numbers")) == ["tel:0007"]
    assert numbers_in(answers.say(session(), "alarm.numbers"))[0] == "tel:0001"


def test_without_a_country_the_numbers_of_several_countries_are_named_and_it_is_said_that_they_are(
    answers: Answers, words: Catalogue
) -> None:
    bubble = answers.say(session(), "alarm.numbers")
    assert numbers_in(bubble) == ["tel:0006"]
    assert words.say("numbers.most_countries", "en") in bubble.text


def test_a_country_without_services_gets_those_of_the_region(answers: Answers) -> None:
    assert numbers_in(answers.say(session(country="MD"), "alarm.numbers")) == ["tel:0006"]


def test_a_long_list_is_no_help(answers: Answers) -> None:
    assert len(numbers_in(answers.say(session(country="RS"), "topic.find_help"))) == MOST_NUMBERS


def test_what_nobody_confirmed_is_said_to_be_so_and_what_is_free_too(answers: Answers, words: Catalogue) -> None:
    lines = answers.say(session(country="RS"), "alarm.numbers").text.splitlines()
    first, second = (next(line for line in lines if number in line) for number in ("000 1", "000 2"))
    assert words.say("numbers.unverified", "en") in first
    assert words.say("numbers.free", "en") not in first
    assert words.say("numbers.unverified", "en") not in second
    assert words.say("numbers.free", "en") in second


def test_every_service_of_the_real_directory_can_be_said_in_every_locale(words: Catalogue) -> None:
    for locale in words.locales:
        for country in (None, *COUNTRIES):
            bubble = Answers(words, load()).say(session(locale.code, country), "topic.find_help")
            assert numbers_in(bubble)
            assert "{" not in bubble.text


def every_tap(answers: Answers) -> set[str]:
    """Every tap that the child's side can put below a bubble."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    topics = {f"/{intent}" for intent in domain["intents"] if isinstance(intent, str)}
    begun = {
        tap
        for replies in domain["responses"].values()
        for reply in replies
        for tap in reply["custom"].get("buttons", ())
        if tap.startswith(GO)
    }
    needs = {f"need:{need}" for need in NEEDS}
    codes = {f"language:{code}" for code in answers.codes}
    countries = {f"country:{code}" for code in COUNTRIES}
    return {
        *MAIN_TOPICS,
        *MORE,
        *AGES,
        *begun,
        *needs,
        "find",
        *OFFER,
        *STOP,
        *ASK_SOFTLY,
        *WAITING,
        *topics - {"/menu"},
        *codes,
        *countries,
        "menu",
    }


@pytest.mark.parametrize("locale", list(catalogue.NAMES))
def test_every_tap_has_a_label_and_fits_into_telegram(answers: Answers, locale: str) -> None:
    unlabelled = {tap for tap in every_tap(answers) if not answers.label(session(locale), tap)}
    assert not unlabelled
    assert all(len(tap.encode()) <= TELEGRAM_BYTES for tap in every_tap(answers))


@pytest.mark.parametrize(
    "tap",
    ["", "person:", "country:XX", "language:xx", "/no_such_topic", "tel:112", "person:yes;--", "/", ":", "x" * 999],
)
def test_a_tap_that_no_button_has_is_not_known(answers: Answers, tap: str) -> None:
    assert answers.label(session(), tap) is None


def test_the_menu_offers_a_human_last(answers: Answers) -> None:
    assert answers.menu(session()).buttons[-1].tap == "/talk_to_human"


@pytest.mark.parametrize(
    ("key", "taps"),
    [
        ("menu", (*MAIN_TOPICS[:-1], "code:enter", MAIN_TOPICS[-1])),
        ("stop", STOP),
        ("human.ask", ("person:yes", "person:no")),
    ],
)
def test_a_reply_of_the_dialogue_brings_its_own_buttons(answers: Answers, key: str, taps: tuple[str, ...]) -> None:
    assert tuple(button.tap for button in answers.reply(session(), Reply(key, ())).buttons) == taps


def test_asking_for_the_language_offers_each_by_its_own_name(answers: Answers, words: Catalogue) -> None:
    buttons = answers.reply(session(), Reply("topic.change_language", ())).buttons
    assert [(button.label, button.tap) for button in buttons] == [
        (locale.name, f"language:{locale.code}") for locale in words.locales
    ]


def test_without_the_dialogue_a_tapped_topic_is_answered_and_an_unknown_one_gets_the_menu(answers: Answers) -> None:
    assert answers.topic_without_dialogue(session(), "/my_rights").buttons[-1].tap == "/talk_to_human"
    assert tuple(b.tap for b in answers.topic_without_dialogue(session(), "/talk_to_human").buttons) == OFFER
    assert answers.topic_without_dialogue(session(), "/nothing").buttons[-1].tap == "/talk_to_human"


def test_everything_that_is_said_carries_the_childs_locale(answers: Answers) -> None:
    bubbles: list[Any] = [
        answers.menu(session("sq")),
        answers.languages(session("sq")),
        answers.countries(session("sq")),
    ]
    assert {bubble.locale for bubble in bubbles} == {"sq"}
