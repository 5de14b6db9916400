"""How a text speaks to a child, by lists that an editor can change. The texts are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from locales.tone import Wording, WordingIsWrong, tone, wording

LISTS = """
frightening: [murder]
blaming: [you should have]
technical: [victim]
danger: [threat]
doing: [tell, "go "]
parents: [tell your parents]
instead: [" or "]
allowed:
  topic.known: [technical, danger]
"""


@pytest.fixture
def words(tmp_path: Path) -> Wording:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "wording.yml").write_text(LISTS)
    return wording("en", tmp_path)


def found(words: Wording, text: str, key: str = "topic.x", *, younger: bool = False, rtl: bool = False) -> list[str]:
    return list(tone(key, text, words, younger=younger, right_to_left=rtl))


@pytest.mark.parametrize(
    ("words_in_it", "younger", "says"),
    [(16, False, None), (17, False, "at most 16"), (12, True, None), (13, True, "at most 12")],
)
def test_a_sentence_has_so_many_words(words: Wording, words_in_it: int, younger: bool, says: str | None) -> None:
    findings = found(words, " ".join(["word"] * words_in_it) + ".", younger=younger)
    assert [says in finding for finding in findings if says] == ([True] if says else [])
    assert bool(findings) is bool(says)


def test_a_list_a_colon_and_a_quotation_end_a_sentence(words: Wording) -> None:
    ten = " ".join(["word"] * 10)
    for text in (f"{ten}\n{ten}", f"{ten}: {ten}", f"{ten}? {ten}", f"{ten} “{ten}” {ten}"):
        assert not found(words, text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("They are murderers.", "the frightening word “murder”"),
        ("You should have asked.", "the blaming word “you should have”"),
        ("You are a víctim.", "the technical word “victim”"),
        ("Tell your parents.", "nobody else"),
    ],
)
def test_a_word_of_the_lists_is_found_at_the_beginning_of_a_word(words: Wording, text: str, says: str) -> None:
    assert any(says in finding for finding in found(words, text))


def test_inside_a_word_an_entry_is_none_and_a_known_text_may_have_it(words: Wording) -> None:
    assert not found(words, "They are inmurderable.")
    assert not found(words, "A victim is somebody who was used.", "topic.known")
    assert not found(words, "Tell your parents or a teacher.")


def test_a_danger_without_something_to_do_is_found(words: Wording) -> None:
    threat = "Somebody makes a threat against somebody " + "more, more. " * 6
    assert any("nothing that one can do" in finding for finding in found(words, threat))
    assert not found(words, f"{threat}. Tell a teacher.")
    assert not found(words, f"{threat}?")
    assert not found(words, threat, "topic.known")
    assert not found(words, "A threat.")


@pytest.mark.parametrize(("text", "rtl"), [("ماذا?", True), ("نعم, لا", True), ("what؟", False), ("yes\u200f", False)])
def test_signs_of_the_other_direction_are_found(words: Wording, text: str, rtl: bool) -> None:
    assert any("other writing direction" in finding for finding in found(words, text, rtl=rtl))


def test_a_direction_mark_that_stays_open_is_found(words: Wording) -> None:
    assert any("not closed" in finding for finding in found(words, "نعم \u2067لا", rtl=True))


def test_serbian_cyrillic_has_the_lists_of_latin_in_its_letters(tmp_path: Path) -> None:
    (tmp_path / "sr-Latn").mkdir()
    (tmp_path / "sr-Latn" / "wording.yml").write_text("frightening: [ubiti]\n")
    assert found(wording("sr-Cyrl", tmp_path), "Неће те убити.")


def test_a_locale_without_lists_is_looked_at_all_the_same(tmp_path: Path) -> None:
    assert found(wording("sq", tmp_path), " ".join(["fjalë"] * 17))


def test_a_list_that_there_is_not_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "ro").mkdir()
    (tmp_path / "ro" / "wording.yml").write_text("scary: [x]\n")
    with pytest.raises(WordingIsWrong, match="there is no list “scary”"):
        wording("ro", tmp_path)


def test_a_card_must_not_give_itself_away_and_other_texts_may_say_it(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "wording.yml").write_text("revealing: [police]")
    lists = wording("en", tmp_path)
    (finding,) = found(lists, "The police help.", "card.talk.line")
    assert finding == "has the word “police”, which gives a card away to whoever finds it; say it in another way"
    assert found(lists, "The police help.") == []
