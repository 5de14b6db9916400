"""What is understood of one message: its text without what identifies, and the pieces that were taken out."""

from __future__ import annotations

import pytest

from bot import assembly, settings
from bot.disclosure import Detector
from bot.placeholders import Placeholders
from bot.understanding import Understanding
from escalation.cases import Urgency
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


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("im scared", "en"), ("i'm really frightened pls help", "en"), ("kam frike", "sq"), ("bojim se", "sr-Latn"), ("strah me je", "hr"),
        ("се плашам", "mk"), ("страх ме е", "bg"), ("mi-e frica", "ro"), ("φοβάμαι", "el"), ("korkuyorum", "tr"), ("мені страшно", "uk"),
        ("мне страшно", "ru"), ("انا خايف", "ar"), ("میترسم", "fa"),
    ],
)  # fmt: skip
def test_whoever_only_says_that_they_are_afraid_is_heard(text: str, locale: str) -> None:
    judgement = Detector.without_training().weigh(text, locale)
    assert judgement.urgency is Urgency.URGENT
    assert [because.concept for because in judgement.because] == ["afraid"]


@pytest.mark.parametrize("text", ["im not scared", "are you scared", "im scared of spiders", "im scared lol"])
def test_whoever_says_more_than_that_is_weighed_like_everybody(text: str) -> None:
    assert Detector.without_training().weigh(text, "en").urgency is Urgency.NONE
