"""Finding help: country, need, services with what is known of them. Services and numbers are invented."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.answers import Answers
from bot.finding import Finding
from bot.messages import Bubble, Channel, Sender
from bot.session import Session
from locales import catalogue
from locales.hours import opening, readable, reading
from locales.services import Directory, Service

LINE = Service(
    "Invented line", "service.children", "children", "000 1", ("RO",), True, "Mo-Fr 09:00-17:00", "an invented source",
    date(2026, 11, 29), None, ("ro", "hu"), True,
)  # fmt: skip
POLICE = replace(
    LINE,
    name="Invented police",
    label="service.police",
    need="police",
    number="000 2",
    hours="24/7",
    languages=(),
    anonymous=False,
)
UNKNOWN = replace(LINE, number="000 3", hours="", languages=(), anonymous=None)
MONDAY = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)  # half past ten in Bucharest


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(catalogue.load(), Directory((LINE, POLICE, UNKNOWN)))


def finding(answers: Answers, *services: Service, now: datetime = MONDAY, country: str = "") -> Finding:
    return Finding(answers, Directory(services or (LINE, POLICE)), country, lambda: now)


def session(country: str | None = "RO", locale: str = "en") -> Session:
    return Session(id="0" * 32, sender=Sender(Channel.WEB, "an-invented-token"), locale=locale, country=country)


def taps(bubble: Bubble) -> list[str]:
    return [button.tap for button in bubble.buttons]


def test_the_country_is_asked_first_and_the_need_then(answers: Answers) -> None:
    assert "country:RO" in taps(finding(answers).begin(session(None)))
    assert taps(finding(answers).begin(session()))[:2] == ["need:children", "need:police"]
    assert taps(finding(answers, country="RO").begin(session(None)))[0] == "need:children"


def test_a_service_is_told_with_all_that_is_known_of_it(answers: Answers) -> None:
    card, after = finding(answers).services(session(), "children")
    assert taps(card) == ["tel:0001"]
    for said in (
        "000 1",
        "Open now, until 5:00",
        "Languages: Romanian, Hungarian.",
        "You need not say your name there",
        "somebody listens",
    ):
        assert said in card.text.replace("\u202f", " ")
    assert taps(after) == ["find", "/talk_to_human", "menu"]


def test_hours_that_open_too_far_ahead_for_a_day_of_the_week_are_not_told_and_keep_nobody_waiting() -> None:
    for hours in ("Feb 29 Mo[1-3] +1 day", "Jan", "2020 Mo 10:00-12:00"):
        before = time.monotonic()
        assert reading(hours, "RO", MONDAY, "en") is None
        assert time.monotonic() - before < 0.1


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (datetime(2026, 11, 30, 20, tzinfo=UTC), "Closed now. Opens on Tuesday"),
        (datetime(2026, 11, 28, 12, tzinfo=UTC), "Opens on Monday"),
    ],
)
def test_a_service_that_is_closed_says_when_it_opens(answers: Answers, now: datetime, says: str) -> None:
    assert says in finding(answers, now=now).services(session(), "children")[0].text


def test_what_is_always_open_what_asks_for_a_name_and_what_nobody_knows(answers: Answers) -> None:
    police = finding(answers).services(session(), "police")[0].text
    assert "Open day and night" in police
    assert "may see your number" in police
    unknown = finding(answers, UNKNOWN).services(session(), "children")[0].text
    assert "I do not know when it is open" in unknown
    assert "name there" not in unknown


def test_without_a_service_the_numbers_that_there_are_are_told(answers: Answers) -> None:
    assert "{" not in finding(answers).services(session("HU"), "missing")[0].text


@pytest.mark.parametrize("locale", list(catalogue.NAMES))
def test_every_locale_can_say_it(answers: Answers, locale: str) -> None:
    for now in (MONDAY, datetime(2026, 11, 28, 12, tzinfo=UTC)):
        card = finding(answers, now=now).services(session(locale=locale), "children")[0]
        assert "{" not in card.text


def test_hours_are_read_on_the_clock_and_with_the_holidays_of_the_country() -> None:
    christmas = datetime(2026, 12, 25, 12, tzinfo=UTC)
    assert readable("Mo-Fr 09:00-17:00; PH off")
    assert not readable("from nine to five")
    closed = opening("Mo-Fr 09:00-17:00; PH off", "RO", christmas)
    assert closed is not None
    assert not closed.is_open
    open_there = opening("Mo-Fr 09:00-17:00; PH off", "XK", christmas)
    assert open_there is not None
    assert open_there.is_open
    assert opening("from nine to five", "RO", MONDAY) is None
    assert opening("24/7", "FR", MONDAY) is None
    assert opening("", "RO", MONDAY) is None
