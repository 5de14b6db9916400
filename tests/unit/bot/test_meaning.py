"""A few words right after an alarm, as children type them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.meaning import TAPS, Meaning, Meanings, load

LISTS = {
    "en": """
"yes": ["yes", ok, please do]
"no": ["no", not now]
not_meant: [its a song, i didnt mean it like that]
unsure: [idk, i dont know]
what_now: [what should i do]
forget: [forget it]
back: [back, go back]
skip: [skip, pass]
""",
    "sq": """
"yes": [po]
"no": [jo, jo tani]
not_meant: [nuk e kisha me kete kuptim]
unsure: [nuk e di, s'e di]
what_now: [çfarë të bëj]
forget: [harroje]
back: [prapa]
skip: [kaloje]
""",
    "sr-Latn": """
"yes": [da, može]
"no": [ne, neću]
not_meant: [nisam to mislio]
unsure: [ne znam]
what_now: [šta da radim]
forget: [zaboravi, pređi na drugo]
back: [nazad]
skip: [preskoči]
""",
}


@pytest.fixture(scope="module")
def meanings(tmp_path_factory: pytest.TempPathFactory) -> Meanings:
    folder = tmp_path_factory.mktemp("locales")
    for locale, words in LISTS.items():
        (folder / locale).mkdir()
        (folder / locale / "words.yml").write_text(words, encoding="utf-8")
    return load(folder)


@pytest.mark.parametrize(
    ("locale", "texts"),
    [
        ("en", ["yes", "no", "its a song", "i dont know", "what should i do", "forget it", "go back", "pass"]),
        ("sq", ["po", "jo", "nuk e kisha me kete kuptim", "nuk e di", "çfarë të bëj", "harroje", "prapa", "kaloje"]),
        ("sr-Latn", ["da", "ne", "nisam to mislio", "ne znam", "šta da radim", "zaboravi", "nazad", "preskoči"]),
        ("sr-Cyrl", ["да", "не", "нисам то мислио", "не знам", "шта да радим", "заборави", "назад", "прескочи"]),
    ],
)
def test_every_meaning_is_understood_in_every_locale(meanings: Meanings, locale: str, texts: list[str]) -> None:
    assert [meanings.of(text, locale) for text in texts] == list(Meaning)


@pytest.mark.parametrize(
    ("text", "locale", "meaning"),
    [
        ("YES!!!", "en", Meaning.YES),
        ("yesssss", "en", Meaning.YES),
        ("yess", "en", Meaning.YES),
        ("noo", "en", Meaning.NO),
        ("nooooo", "en", Meaning.NO),
        ("  No. ", "en", Meaning.NO),
        ("yes 👍👍", "en", Meaning.YES),
        ("it's a song", "en", Meaning.NOT_MEANT),
        ("i don’t know :(", "en", Meaning.UNSURE),
        ("Neeee", "sr-Latn", Meaning.NO),
        ("necu", "sr-Latn", Meaning.NO),
        ("moze", "sr-Latn", Meaning.YES),
        ("predji na drugo", "sr-Latn", Meaning.FORGET),
        ("НЕЕЕ", "sr-Cyrl", Meaning.NO),
        ("sta da radim??", "sr-Latn", Meaning.WHAT_NOW),
        ("cfare te bej", "sq", Meaning.WHAT_NOW),
        ("s’e di", "sq", Meaning.UNSURE),
        ("joooo", "sq", Meaning.NO),
    ],
)
def test_hurried_typing_means_the_same(meanings: Meanings, text: str, locale: str, meaning: Meaning) -> None:
    assert meanings.of(text, locale) is meaning


def test_english_is_understood_everywhere(meanings: Meanings) -> None:
    assert meanings.of("yes", "sr-Cyrl") is Meaning.YES
    assert meanings.of("idk", "sq") is Meaning.UNSURE


def test_a_word_in_cyrillic_is_not_read_as_english(meanings: Meanings) -> None:
    assert meanings.of("но", "ru") is None
    assert meanings.of("no", "ru") is Meaning.NO


def test_a_word_of_another_language_is_not_an_answer(meanings: Meanings) -> None:
    assert meanings.of("po", "en") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "👍",
        "?!",
        "no he hits me every night and i am scared",
        "yes my uncle does",
        "not no",
        "no no no no no no no no",
        "[phone]",
        "a" * 4000,
    ],
)
def test_what_says_something_of_its_own_is_no_bare_answer(meanings: Meanings, text: str) -> None:
    assert meanings.of(text, "en") is None


def test_a_button_says_the_same_in_every_locale(meanings: Meanings) -> None:
    assert {tap: meanings.of(tap, "sq") for tap in TAPS} == TAPS


def test_a_locale_without_a_list_falls_back_to_english(meanings: Meanings) -> None:
    assert meanings.of("yes", "ro") is Meaning.YES


def test_no_lists_at_all_understand_nothing_and_break_nothing(tmp_path: Path) -> None:
    assert load(tmp_path).of("yes", "en") is None


def test_the_helplines_own_lists_say_each_thing_in_one_list_only() -> None:
    from locales.catalogue import FOLDER

    for path in FOLDER.glob("*/words.yml"):
        own = load(FOLDER)._lists[path.parent.name]
        phrases = [phrase for meaning in Meaning for phrase in own[meaning]]
        assert all(own[meaning] for meaning in Meaning)
        assert len(phrases) == len(set(phrases)), path
