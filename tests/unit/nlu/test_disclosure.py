import time
from pathlib import Path
from typing import cast

import pytest
from tiny_model import tiny_weigher

from bot.disclosure import Detector
from escalation.cases import Category, Perspective, Urgency
from nlu.weighing import Thresholds, Weigher, Weight


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    tiny_weigher().save(folder)
    return folder


@pytest.fixture(scope="module")
def detector(folder: Path) -> Detector:
    return Detector.load(folder)


@pytest.fixture(scope="module")
def untrained() -> Detector:
    return Detector.without_training()


def test_an_explicit_disclosure_is_noticed_without_any_training(untrained: Detector) -> None:
    judgement = untrained.weigh("tata me tuče", "sr-Latn")
    assert judgement.urgency is Urgency.URGENT
    assert judgement.categories == (Category.VIOLENCE_AT_HOME,)
    assert judgement.perspective is Perspective.SELF
    assert {because.concept for because in judgement.because} == {"somebody beats"}


def test_a_disclosure_is_noticed_and_says_why(detector: Detector) -> None:
    text = "my dad beats me"
    judgement = detector.weigh(text, "en")
    assert judgement.urgency.rank >= Urgency.CONCERN.rank
    assert Category.VIOLENCE_AT_HOME in judgement.categories
    assert all(text[why.start : why.end] == why.words for why in judgement.because)
    assert judgement.because


def test_a_harmless_message_is_left_alone(detector: Detector) -> None:
    judgement = detector.weigh("we baked a nice cake", "en")
    assert judgement.urgency is Urgency.NONE
    assert judgement.because == ()


def test_a_harmless_message_after_an_alarm_repeats_nothing(detector: Detector) -> None:
    before = ("my dad beats me", "they locked me in a room help", "i cannot leave the house")
    assert detector.weigh("good game lol", "en", before).urgency is Urgency.NONE


def test_small_signs_add_up(detector: Detector) -> None:
    before = ("she is afraid", "i am scared of my uncle", "i cannot leave the house")
    alone = detector.weigh("i am scared", "en")
    together = detector.weigh("i am scared", "en", before)
    assert together.score >= alone.score
    assert together.urgency.rank >= alone.urgency.rank


class EverythingIsASmallSign:
    thresholds = Thresholds(0.4, 0.95, 0.99)

    def weigh(self, _reading: object) -> Weight:
        return Weight(0.45, {"concern": 1.0}, {"control": 1.0}, {"self": 1.0})


@pytest.mark.parametrize(("before", "urgency"), [(1, Urgency.CONCERN), (2, Urgency.URGENT), (3, Urgency.URGENT)])
def test_three_small_signs_in_a_row_are_one_alarm(before: int, urgency: Urgency) -> None:
    detector = Detector(cast(Weigher, EverythingIsASmallSign()))
    said = ["he keeps asking where i am", "my phone is with him", "i feel watched"]
    assert detector.weigh("something is off here today", "en", said[:before]).urgency is urgency


def test_signs_that_were_hidden_add_up_too(detector: Detector) -> None:
    plain = ("my dad beats me", "he hits my sister every night")
    hidden = ("my d4d b3ats me", "he h1ts my s1ster every night")
    assert detector.weigh("i am scared", "en", hidden).urgency is detector.weigh("i am scared", "en", plain).urgency


def test_words_around_a_placeholder_still_count(untrained: Detector) -> None:
    assert untrained.weigh("[name 1] touches me", "en").urgency is Urgency.URGENT


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x" * 1_000_000,
        "help me " * 100_000,
        "\x00\xff" * 50_000,
        "😂" * 50_000,
        "\u200b" * 50_000,
        "' OR 1=1; <b>",
        "؟" * 9,
    ],
)
def test_no_input_is_too_strange_or_too_large(detector: Detector, untrained: Detector, text: str) -> None:
    for judge in (detector, untrained):
        began = time.perf_counter()
        judge.weigh(text, "en", (text, text))
        assert time.perf_counter() - began < 2


def test_damaged_models_are_refused_rather_than_half_loaded(tmp_path: Path) -> None:
    with pytest.raises((OSError, KeyError, ValueError)):
        Detector.load(tmp_path)


def test_a_likely_emergency_is_one_even_when_the_disclosure_is_not_sure(folder: Path) -> None:
    weigher = Weigher.load(folder)
    weigher.thresholds = Thresholds(noticed=0.05, alarmed=1.0, emergency=0.05)
    assert Detector(weigher).weigh("they locked me in a room help", "en").urgency is Urgency.EMERGENCY
    weigher.thresholds = Thresholds(noticed=0.05, alarmed=1.0, emergency=1.0)
    assert Detector(weigher).weigh("he comes tonight with a man i do not know", "en").urgency is Urgency.CONCERN


def test_what_is_said_outright_alarms_where_the_models_agree_more_than_not(folder: Path) -> None:
    weigher = Weigher.load(folder)
    weigher.thresholds = Thresholds(noticed=0.05, alarmed=1.0, emergency=1.0)
    judgement = Detector(weigher).weigh("i cannot leave the house and they said so", "en")
    assert judgement.score >= 0.5
    assert judgement.urgency is Urgency.URGENT


def test_two_or_three_words_in_which_nothing_can_be_named_are_asked_softly_at_most(folder: Path) -> None:
    weigher = Weigher.load(folder)
    weigher.thresholds = Thresholds(noticed=0.0, alarmed=0.0, emergency=0.0)
    judgement = Detector(weigher).weigh("blue table", "en")
    assert judgement.because == ()
    assert judgement.urgency is Urgency.CONCERN


def test_thresholds_are_kept_with_the_models(folder: Path) -> None:
    assert Weigher.load(folder).thresholds == Thresholds(0.4, 0.6)
