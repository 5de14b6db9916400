"""Whoever asks why a message was judged as it was is told what each step saw. All messages are invented."""

from __future__ import annotations

import pytest
from tiny_model import tiny_weigher

from bot.disclosure import Detector
from bot.explaining import MOST, explain
from bot.language import SURE, Languages, Words
from bot.meaning import Meanings
from bot.understanding import Understanding

OFFERED = ["en", "sq", "sr-Latn", "sr-Cyrl"]


def _understanding(detector: Detector) -> Understanding:
    return Understanding(Languages(OFFERED, Words({})), detector, Meanings({}))


@pytest.fixture(scope="module")
def untrained() -> Understanding:
    return _understanding(Detector.without_training())


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return _understanding(Detector(tiny_weigher()))


def _explained(
    understanding: Understanding, typed: str, session: str = "en", topic: str | None = None, confidence: float = 0.0
) -> list[str]:
    return list(explain(understanding, understanding.of(typed, session), topic, confidence))


def _lines(lines: list[str], name: str) -> list[str]:
    return [line[12:] for line in lines if line[:12].strip() == name]


def test_every_step_has_its_line_in_the_order_of_the_way(understanding: Understanding) -> None:
    lines = _explained(understanding, "my dad beats me", topic="violence", confidence=0.75)
    assert [line[:12].strip() for line in lines] == [
        "text", "language", "words", "statement", "meant", "concepts", "weight", "urgency", "category", "perspective", "adds", "judgement",
        "", "", "", "topic",
    ]  # fmt: skip


def test_the_text_is_shown_without_what_identifies(untrained: Understanding) -> None:
    lines = _explained(untrained, "my name is Testa")
    assert _lines(lines, "text") == ["my name is [name 1]"]
    assert "Testa" not in "\n".join(lines)


def test_the_language_is_shown_with_the_likeliest_first_and_what_it_was_read_as(untrained: Understanding) -> None:
    lines = _explained(untrained, "moj ujak mi je uzeo pasoš i ne pušta me iz kuće", "sr-Latn")
    (language,) = _lines(lines, "language")
    assert language.startswith("hbs ")
    assert language.endswith("; answered in sr-Latn, read as sr-Latn")
    assert language.partition(";")[0].count(",") == 2


def test_a_language_that_is_asked_is_shown_as_asked(untrained: Understanding) -> None:
    understood = untrained.of("mm ok")
    assert understood.heard.locale is None
    (language,) = _lines(list(explain(untrained, understood, None, 0.0)), "language")
    assert f"; answered in none, asked below {SURE:.2f}, read as {understood.read_as}" in language


def test_every_word_is_shown_with_its_plain_english(untrained: Understanding) -> None:
    assert _lines(_explained(untrained, "tata piše mami", "sr-Latn"), "words") == [
        "tata=father  piše=write  mami=mother"
    ]


def test_a_guessed_word_an_unknown_one_and_one_that_means_nothing_are_marked(untrained: Understanding) -> None:
    (words,) = _lines(_explained(untrained, "policjia dinosaurusica xqzwv", "sr-Latn"), "words")
    assert "policjia≈police" in words.split("  ")
    assert "xqzwv?" in words.split("  ")
    (words,) = _lines(_explained(untrained, "we baked a cake"), "words")
    assert "a=-" in words.split("  ")


def test_a_statement_that_decides_is_shown_with_its_words(untrained: Understanding) -> None:
    assert _lines(_explained(untrained, "my dad beats me"), "statement") == [
        "somebody beats: violence_at_home, urgent, self, by “dad beats me”"
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "my dad beats me and then we went to the shop and bought bread and milk today",
        "if my dad beats me",
        "in the film dad beats me",
    ],
)
def test_a_statement_that_is_only_a_clue_says_so(untrained: Understanding, typed: str) -> None:
    statements = _lines(_explained(untrained, typed), "statement")
    assert statements
    assert all("(a clue only: " in statement for statement in statements)


def test_how_it_is_meant_and_its_concepts_are_shown(untrained: Understanding) -> None:
    lines = _explained(untrained, "i beat the boss in minecraft lol")
    (meant,), (concepts,) = _lines(lines, "meant"), _lines(lines, "concepts")
    assert meant.startswith("who self, ")
    assert {"in a game", "a joke"} <= set(meant.split(", "))
    assert {"game", "violence"} <= set(concepts.split(", "))
    assert len(concepts.split(", ")) == len(set(concepts.split(", ")))


def test_a_message_without_concepts_has_no_line_of_them(untrained: Understanding) -> None:
    assert _lines(_explained(untrained, "xqzwv"), "concepts") == []


def test_without_models_there_is_no_weight(untrained: Understanding) -> None:
    lines = _explained(untrained, "my dad beats me")
    assert _lines(lines, "weight") == ["none: there are no trained models, or no words"]
    assert not _lines(lines, "adds")


def test_the_weight_is_shown_with_where_it_notices_and_alarms(understanding: Understanding) -> None:
    lines = _explained(understanding, "my dad beats me")
    (weight,) = _lines(lines, "weight")
    assert "(noticed from 0.400, alarms from 0.600); emergency " in weight
    for name in ("urgency", "category", "perspective"):
        chances = [float(part.rsplit(" ", 1)[1]) for part in _lines(lines, name)[0].split(", ")]
        assert chances == sorted(chances, reverse=True)


def test_what_each_word_adds_is_shown_the_most_telling_first(understanding: Understanding) -> None:
    (adds,) = _lines(_explained(understanding, "my dad beats me"), "adds")
    parts = [part.rsplit(" ", 1) for part in adds.split(", ")]
    assert sorted(word for word, _ in parts) == ["beats", "dad", "me", "my"]
    sizes = [abs(float(size)) for _, size in parts]
    assert sizes == sorted(sizes, reverse=True)
    assert all(size[0] in "+-" for _, size in parts)


def test_of_a_long_message_only_some_words_are_shown_with_what_they_add(understanding: Understanding) -> None:
    (adds,) = _lines(_explained(understanding, "my dad beats me and then we all went to the shop and home"), "adds")
    assert len(adds.split(", ")) == MOST


def test_one_word_alone_is_not_left_out(understanding: Understanding) -> None:
    assert not _lines(_explained(understanding, "beaten"), "adds")


def test_a_disguised_message_is_explained_as_typed_and_as_meant(understanding: Understanding) -> None:
    lines = _explained(understanding, "my d4d b3ats me")
    typed, meant = _lines(lines, "words")
    assert "b3ats?" in typed.split("  ")
    assert "beats=beat" in meant.split("  ")
    assert len(_lines(lines, "weight")) == 2
    assert [line.strip() for line in lines if "because of “b3ats”" in line] == ["because of “b3ats”: somebody beats"]


def test_what_the_words_of_a_disguised_message_add_is_weighed_as_they_are_meant(understanding: Understanding) -> None:
    (plain,) = _lines(_explained(understanding, "my dad beats me"), "adds")
    _, meant = _lines(_explained(understanding, "my d4d b3ats me"), "adds")
    assert meant == plain


def test_the_judgement_is_shown_with_its_reasons(untrained: Understanding) -> None:
    lines = _explained(untrained, "my dad beats me")
    assert _lines(lines, "judgement") == ["urgent violence_at_home self"]
    assert _lines(lines, "") == [f"because of “{word}”: somebody beats" for word in ("dad", "beats", "me")]


def test_a_message_in_which_nothing_was_noticed_has_no_reasons(untrained: Understanding) -> None:
    lines = _explained(untrained, "we baked a cake")
    assert _lines(lines, "judgement") == ["none"]
    assert _lines(lines, "") == []


@pytest.mark.parametrize(("topic", "shown"), [("rights", "rights 0.83"), (None, "none 0.83")])
def test_the_topic_is_the_last_line(untrained: Understanding, topic: str | None, shown: str) -> None:
    lines = _explained(untrained, "what are my rights", topic=topic, confidence=0.834)
    assert lines[-1] == f"topic       {shown}"


@pytest.mark.parametrize("typed", ["", " ", "\n"])
def test_an_empty_text_ends_after_its_language(understanding: Understanding, typed: str) -> None:
    understood = understanding.of(typed)
    assert list(explain(understanding, understood, None, 0.0)) == [
        "text        ",
        f"language    no letters; answered in none, asked below {SURE:.2f}, read as en",
    ]


@pytest.mark.parametrize("typed", ["😂", "?!", "123", "[x]", "\u200b", "'''", "😂" * 200])
def test_a_text_without_words_is_explained_too(understanding: Understanding, typed: str) -> None:
    lines = _explained(understanding, typed)
    assert _lines(lines, "judgement") == ["none"]
    assert _lines(lines, "topic") == ["none 0.00"]
