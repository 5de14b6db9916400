"""What is understood of one message: its text without what identifies, and the pieces that were taken out."""

from __future__ import annotations

import pytest

from bot import assembly, settings
from bot.placeholders import Placeholders
from bot.understanding import Understanding
from locales import catalogue


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return assembly.understanding(settings.read({}), catalogue.load())


def test_the_pieces_come_with_the_text(understanding: Understanding) -> None:
    understood = understanding.of("my name is Testa")
    assert understood.text == "my name is [name 1]"
    assert [piece.said for piece in understood.pieces] == ["Testa"]
    assert "Testa" not in repr(understood)


def test_a_conversation_goes_on_counting(understanding: Understanding) -> None:
    here = Placeholders()
    understanding.of("my name is Testa", placeholders=here)
    assert understanding.of("my uncle Testor hits me", "en", (), here).text == "my uncle [name 2] hits me"


@pytest.mark.parametrize(
    ("numbered", "bare"),
    [
        ("my uncle [name 3] hits me", "my uncle [name] hits me"),
        ("[name 2] hoće da me proda", "[name] hoće da me proda"),
    ],
)
def test_the_number_of_a_placeholder_changes_no_judgement(
    understanding: Understanding, numbered: str, bare: str
) -> None:
    one, other = understanding.of(numbered), understanding.of(bare)
    assert one.judgement.urgency == other.judgement.urgency
    assert one.judgement.categories == other.judgement.categories
