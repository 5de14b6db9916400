"""What stands on a card: words from the catalogue, numbers from the directory and nowhere else. The services here are invented."""

from __future__ import annotations

from datetime import date

import pytest

from locales import catalogue, service_entries
from locales.cards import LONGEST_ADDRESS, NEEDS, Card, CardIsImpossible, Theme, checked, compose, countries
from locales.catalogue import NAMES, Catalogue
from locales.services import Directory, Service
from locales.tone import CARDS, wording

ADDRESS = "https://www.example.org"


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return catalogue.load()


def service(number: str, need: str, *, verified: date | None = None, anonymous: bool | None = None) -> Service:
    return Service(
        name="Invented line",
        label=f"service.{need}",
        need=need,
        number=number,
        countries=("RS",),
        free=None,
        hours="",
        source="https://example.org",
        seen=date(2026, 3, 1),
        verified=verified,
        anonymous=anonymous,
    )


def card(words: Catalogue, *entries: Service, locale: str = "en", country: str | None = "RS") -> Card:
    return compose(words, Directory(entries), locale, country, "talk", ADDRESS)


def test_its_numbers_are_those_of_the_directory_one_for_each_need_of_the_theme(words: Catalogue) -> None:
    directory = service_entries.load()
    for country in countries(directory):
        for theme in Theme:
            made = compose(words, directory, "ro", country, theme, ADDRESS)
            assert [number.service for number in made.numbers] == [
                next(iter(sorted(found, key=lambda one: one.anonymous is False)))
                for need in NEEDS[theme]
                if (found := directory.find(country, need))
            ]
            assert "police" not in {number.service.need for number in made.numbers}


def test_where_there_is_a_choice_it_is_a_line_that_does_not_record_who_calls(words: Catalogue) -> None:
    made = card(words, service("000 111", "children", anonymous=False), service("000 222", "children"))
    assert [number.service.number for number in made.numbers] == ["000 222"]


def test_it_says_the_day_of_the_oldest_number_and_whom_to_ask_before_printing(words: Catalogue) -> None:
    asked, read = service("000 111", "children", verified=date(2026, 5, 7)), service("000 222", "emergency")
    assert card(words, asked, read).seen == "Numbers as of Mar 1, 2026"
    assert card(words, asked, read).unverified == (read,)
    assert card(words, asked).seen == "Numbers as of May 7, 2026"
    assert card(words, asked).unverified == ()


def test_without_a_country_it_has_no_numbers_since_none_works_everywhere(words: Catalogue) -> None:
    assert (card(words, country=None).numbers, card(words, country=None).seen) == ((), "")


def test_what_editors_published_is_on_it(words: Catalogue) -> None:
    own = catalogue.load()
    own.take({("ro", "card.talk.title", ""): "Povești"}, {("ro", "card.talk.line", ""): "Ciornă"})
    assert card(own, locale="ro", country=None).title == "Povești"
    assert card(own, locale="ro", country=None).line == card(words, locale="ro", country=None).line


@pytest.mark.parametrize("locale", NAMES)
def test_no_word_on_it_gives_it_away(words: Catalogue, locale: str) -> None:
    assert len(wording(locale).lists["revealing"]) >= 10
    for key, _ in catalogue.entries("en"):
        if key.startswith(CARDS):
            text = words.say(key, locale).lower()
            for kind in ("revealing", "technical", "frightening"):
                assert not wording(locale).found(kind, text), key


@pytest.mark.parametrize(
    "address",
    [
        "",
        "www.example.org",
        "http://www.example.org",
        "https://",
        "https://localhost",
        "https://192.0.2.1",
        "https://me@example.org",
        "https://example.org:0",
        "https://example.org:x",
        "https://exa mple.org",
        "https://example.org/\u202e",
        "https://[example.org",
        "javascript:alert(1)",
        "https://example.org/" + "x" * LONGEST_ADDRESS,
    ],
)
def test_an_address_that_leads_nowhere_is_refused_in_one_line(address: str) -> None:
    with pytest.raises(CardIsImpossible) as refusal:
        checked(address)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("locale", "country", "theme", "says"),
    [
        ("xx", "RS", "talk", "There is no language “xx”; choose one of en, sq"),
        ("en", "XX", "talk", "There is no country “XX”; choose one of RS."),
        ("en", "RS", "help", "There is no theme “help”; choose one of travel, work, online, talk."),
    ],
)
def test_what_there_is_not_is_named(words: Catalogue, locale: str, country: str, theme: str, says: str) -> None:
    with pytest.raises(CardIsImpossible, match=says):
        compose(words, Directory((service("000 111", "children"),)), locale, country, theme, ADDRESS)
