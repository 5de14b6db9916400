"""The first answer to what was noticed."""

from __future__ import annotations

from itertools import combinations

import pytest

from bot.policy import SPEAKS_OF, first_answer, safety_of
from escalation.cases import Category, Facts, Perspective, Urgency
from locales import catalogue


def facts(urgency: Urgency, *categories: Category, perspective: Perspective = Perspective.SELF) -> Facts:
    return Facts(
        urgency=urgency,
        categories=categories,
        perspective=perspective,
        locale="en",
        channel="web",
        country=None,
        because=(),
    )


def test_an_emergency_opens_a_case_at_once_and_says_the_safety_sentence() -> None:
    answer = first_answer(facts(Urgency.EMERGENCY, Category.SELFHARM))
    assert answer.open_case
    assert answer.keys == ("alarm.emergency", "safety.selfharm")
    assert not answer.answer_topic


def test_something_urgent_asks_before_anybody_comes() -> None:
    answer = first_answer(facts(Urgency.URGENT, Category.CONTROL))
    assert not answer.open_case
    assert answer.keys == ("alarm.urgent", "safety.control")


def test_a_concern_keeps_the_topics_answer_and_asks_softly() -> None:
    answer = first_answer(facts(Urgency.CONCERN, Category.RECRUITMENT))
    assert answer.answer_topic
    assert not answer.open_case
    assert answer.keys == ("alarm.concern",)


@pytest.mark.parametrize("urgency", [Urgency.CONCERN, Urgency.URGENT, Urgency.EMERGENCY])
def test_somebody_else_is_spoken_of_as_somebody_else(urgency: Urgency) -> None:
    answer = first_answer(facts(urgency, Category.CONTROL, perspective=Perspective.OTHER))
    assert answer.keys[0].endswith(".other")
    assert answer.keys[1:] in {(), ("safety.other",)}


def test_only_one_safety_sentence_is_said_however_much_was_noticed() -> None:
    for some in combinations(Category, 3):
        assert len(safety_of(facts(Urgency.URGENT, *some))) == 1


def test_where_the_kind_of_harm_is_not_clear_none_is_said() -> None:
    assert safety_of(facts(Urgency.URGENT)) == ()


def test_every_category_has_its_sentence() -> None:
    assert set(SPEAKS_OF) == {category.value for category in Category}


def test_every_text_that_the_policy_can_say_is_there() -> None:
    words = catalogue.load()
    for urgency in (Urgency.CONCERN, Urgency.URGENT, Urgency.EMERGENCY):
        for category in Category:
            for perspective in Perspective:
                for key in first_answer(facts(urgency, category, perspective=perspective)).keys:
                    assert words.has(key), key
