"""Which language is heard, on words that the project's own examples teach."""

from __future__ import annotations

import csv
import math
import time
from collections import Counter
from pathlib import Path

import pytest

from bot.language import Languages, Words
from bot.settings import ROOT
from bot.training import _lines
from nlu.languages import language_of

OFFERED = ("en", "sq", "sr-Latn", "sr-Cyrl")
MARKS = {"1-3": (0.90, 0.15), "4-8": (0.97, 0.05), "9+": (0.995, 0.01)}


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages(OFFERED, Words(Words.count(_lines(ROOT / "nlu"))))


def length(text: str) -> str:
    words = len(text.split())
    return "1-3" if words <= 3 else "4-8" if words <= 8 else "9+"


@pytest.mark.parametrize("locale", OFFERED)
@pytest.mark.parametrize("size", MARKS)
def test_messages_that_nobody_trained_on_are_heard_in_their_language_and_seldom_asked_about(
    languages: Languages, locale: str, size: str
) -> None:
    with (ROOT / "tests/judgement/language.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    heard = Counter(
        languages.hear(row["text"]).locale for row in rows if row["locale"] == locale and length(row["text"]) == size
    )
    if heard.total() < 10:
        pytest.skip("too few messages of this length")
    right, asked = MARKS[size]
    assert heard[None] <= math.ceil(asked * heard.total())  # whole messages: a cell has some twenty
    assert heard[locale] / (heard.total() - heard[None]) >= right


@pytest.mark.parametrize(
    "text",
    [
        "ich will nicht in die schule",
        "nem akarok iskolába menni",
        "Не искам да ходя на училище",
        "δεν θέλω να πάω σχολείο",
        "okula gitmek istemiyorum",
        "nu vreau să merg la școală",
        "darav thaj na džanav so te kerav",
        "لا أريد الذهاب إلى المدرسة",
    ],
)
def test_a_language_that_is_not_offered_is_asked_about_and_not_taken_for_one_that_is(
    languages: Languages, text: str
) -> None:
    assert languages.hear(text).locale is None


@pytest.mark.parametrize(
    "text", ["", "   ", "12345", "😭😭", "[phone]", "https://example.com/help-me", "\ud800", "\u200b"]
)
def test_what_has_no_letters_keeps_the_language_of_the_session(languages: Languages, text: str) -> None:
    assert languages.hear(text, "sq").locale == "sq"
    assert languages.hear(text).locale is None


@pytest.mark.parametrize(
    "greeting", ["zdravo", "selam", "ajde", "hajde", "hej", "ok", "Hello!", "ciao", "здраво", "haha"]
)
@pytest.mark.parametrize("session", OFFERED)
def test_a_greeting_that_many_languages_share_never_switches_a_session(
    languages: Languages, greeting: str, session: str
) -> None:
    assert languages.hear(greeting, session).locale == session


def test_a_session_stays_in_its_language_on_words_that_could_be_another(languages: Languages) -> None:
    assert languages.hear("ej di si", "sr-Latn").locale == "sr-Latn"
    assert languages.hear("im sad", "en").locale == "en"


def test_a_whole_sentence_switches_a_session(languages: Languages) -> None:
    assert languages.hear("i dont understand albanian can we speak english", "sq").locale == "en"
    assert languages.hear("nuk kuptoj anglisht, a mund të shkruaj shqip", "en").locale == "sq"


def test_typing_cyrillic_changes_the_script_and_typing_latin_does_not(languages: Languages) -> None:
    assert languages.hear("не могу да спавам ноћу", "sr-Latn").locale == "sr-Cyrl"
    assert languages.hear("ne mogu da spavam noću", "sr-Cyrl").locale == "sr-Cyrl"


def test_croatian_and_bosnian_are_answered_in_the_latin_locale_that_is_there(languages: Languages) -> None:
    assert languages.hear("što da napravim sada, bojim se biti doma").locale == "sr-Latn"
    assert {language_of(locale) for locale in ("hr", "bs", "sr-Latn", "sr-Cyrl", "cnr")} == {"hbs"}


def test_stretched_letters_and_capitals_make_no_difference(languages: Languages) -> None:
    assert languages.hear("HEEEELP MEEEE PLEEEASE").locale == "en"
    assert languages.hear("НЕЕЕЕ ЗНААААМ").locale == "sr-Cyrl"


def test_everyday_words_count_for_more_than_a_word_of_an_example(tmp_path: Path) -> None:
    (tmp_path / "common.yml").write_text("ro: salut\n", encoding="utf-8")
    (tmp_path / "everyday.yml").write_text("mk: здраво што правиш\n", encoding="utf-8")
    lines = Counter(_lines(tmp_path))
    assert lines["ro", "salut"] == 1
    assert lines["mk", "здраво што правиш"] == 20


def test_whoever_types_latin_letters_seldom_has_a_script_of_their_own() -> None:
    unread = Languages(("sr-Latn", "mk"), Words({}))
    latin, cyrillic = unread.weights("pa ne"), unread.weights("па не")
    assert latin["mk"] / latin["hbs"] == pytest.approx(0.3 * cyrillic["mk"] / cyrillic["hbs"], rel=0.2)


def test_the_same_message_is_always_heard_the_same(languages: Languages) -> None:
    assert len({languages.hear("kako si danas my friend") for _ in range(20)}) == 1


def test_without_training_the_letters_alone_still_tell_a_long_message(tmp_path: Path) -> None:
    untrained = Languages(OFFERED, Words.load(tmp_path / "there is none.json"))
    text = "nuk mund të fle natën sepse mendoj gjithmonë për provimin e së hënës dhe për atë që më thanë"
    assert untrained.hear(text).language == "sq"


def test_hearing_takes_less_than_two_milliseconds_however_long_the_message_is(languages: Languages) -> None:
    for text in ("zdravo kako si", "не могу да спавам " * 200, "a" * 4000):
        languages.hear(text)
        began = time.perf_counter()
        for _ in range(20):
            languages.hear(text)
        assert (time.perf_counter() - began) / 20 < 0.002
