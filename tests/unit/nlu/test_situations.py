from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.reading import Reader, Reading
from nlu.situations import situations


def _read(*glossed: str) -> list[Reading]:
    return [Reading(one, one, ()) for one in glossed]


def _groups(numbers: list[int]) -> set[frozenset[int]]:
    return {frozenset(at for at, one in enumerate(numbers) if one == number) for number in numbers}


def test_near_copies_in_two_languages_are_one_situation() -> None:
    reader = Reader()
    one, other, third = situations(
        [
            reader.read("my dad beats me", "en"),
            reader.read("tata me tuče", "sr-Latn"),
            reader.read("we baked a chocolate cake", "en"),
        ]
    )
    assert one == other != third


def test_one_sentence_in_two_scripts_is_one_situation() -> None:
    reader = Reader()
    one, other = situations([reader.read("zovi policiju", "sr-Latn"), reader.read("зови полицију", "sr-Cyrl")])
    assert one == other


def test_the_order_of_words_does_not_matter() -> None:
    assert len(set(situations(_read("father beat i every night", "every night i beat father")))) == 1


def test_a_word_said_twice_does_not_matter() -> None:
    assert len(set(situations(_read("please help i", "please please help i help")))) == 1


def test_the_order_of_lines_does_not_matter() -> None:
    lines = (
        "father beat i",
        "father beat i night",
        "teacher give homework",
        "teacher give homework math",
        "we bake cake",
    )
    expected = {frozenset(lines[:2]), frozenset(lines[2:4]), frozenset(lines[4:])}
    for order in permutations(lines):
        groups = _groups(situations(_read(*order)))
        assert {frozenset(order[at] for at in group) for group in groups} == expected


def test_a_chain_of_near_copies_is_one_situation() -> None:
    chain = _read("a b c d", "b c d e", "c d e f", "d e f g")
    assert len(set(situations(chain))) == 1
    assert len(set(situations([chain[0], chain[-1]]))) == 2


def test_a_link_that_comes_last_joins_what_was_apart() -> None:
    first, second, link = _read("a b c d", "c d e f", "b c d e")
    assert len(set(situations([first, second]))) == 2
    assert len(set(situations([first, second, link]))) == 1


def test_different_situations_stay_apart() -> None:
    assert len(set(situations(_read("father beat i", "father buy i bicycle", "uncle sing loud", "we bake cake")))) == 4


@pytest.mark.parametrize(
    ("other", "together"),
    [("a b c d e", True), ("a b c", True), ("a b c e", True), ("a b", False), ("a b e", False), ("a b c e f g", False)],
)
def test_most_of_the_words_have_to_be_the_same(other: str, together: bool) -> None:
    one, two = situations(_read("a b c d", other))
    assert (one == two) is together


def test_lines_of_which_nothing_was_read_are_one_situation_of_their_own() -> None:
    first, told, second = situations(_read("", "father beat i", "  "))
    assert first == second != told


def test_no_lines_are_no_situations() -> None:
    assert situations([]) == []


def test_a_word_that_everybody_says_does_not_bring_lines_together() -> None:
    assert len(set(situations(_read(*(f"i word{number}" for number in range(500)))))) == 500


def test_copies_of_a_line_that_everybody_writes_are_one_situation() -> None:
    assert len(set(situations(_read(*["help i"] * 500)))) == 1


@given(st.lists(st.sets(st.sampled_from("abcdefgh"), max_size=6).map(" ".join), max_size=12), st.randoms())
def test_lines_belong_together_in_whatever_order_they_come(lines: list[str], chance: Random) -> None:
    places = chance.sample(range(len(lines)), len(lines))
    straight, mixed = situations(_read(*lines)), situations(_read(*(lines[at] for at in places)))
    assert _groups(straight) == {frozenset(places[at] for at in group) for group in _groups(mixed)}
    assert all(0 <= number < len(lines) for number in straight)
