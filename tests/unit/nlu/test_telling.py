"""Half-sentences, in every language. All of them are invented."""

import pytest

from nlu.reading import Reader
from nlu.telling import Telling, telling


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "there is this man who"),
        ("en", "my dad"),
        ("en", "can i tell you something"),
        ("en", "i dont know how to say it"),
        ("en", "is it normal that my uncle"),
        ("en", "i did something bad"),
        ("sr-Latn", "da li je normalno da moj stric"),
        ("uk", "я зробив щось погане"),
        ("sq", "babi im"),
        ("sr-Latn", "ima jedan covek koji"),
        ("sr-Cyrl", "мој отац"),
        ("hr", "moj stric"),
        ("bs", "moj otac"),
        ("bg", "баща ми"),
        ("mk", "татко ми"),
        ("ro", "e un om care"),
        ("el", "ο πατέρας μου"),
        ("tr", "bir adam var"),
        ("uk", "мій тато"),
        ("ru", "мой папа"),
        ("ar", "في رجل"),
        ("fa", "یه مرد هست که"),
    ],
)
def test_half_a_sentence_is_a_beginning(reader: Reader, locale: str, text: str) -> None:
    assert telling(reader.read(text, locale)) is Telling.BEGUN


@pytest.mark.parametrize(
    "text",
    [
        "my dad hits me",
        "is it normal that my uncle comes to my room",
        "is that allowed",
        "who are you",
        "he told me not to tell",
        "hello",
        "help",
        "will you tell my parents",
        "?",
        "",
    ],
)
def test_what_says_or_asks_something_is_none(reader: Reader, text: str) -> None:
    assert telling(reader.read(text, "en")) is Telling.SAID


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "they have me"),
        ("en", "a man has my brother"),
        ("en", "he did it to me"),
        ("en", "he does things to me"),
        ("en", "my father and his friends do it with me"),
        ("en", "he says he will tell my family"),
        ("hr", "kaze da ce reci mojima"),
        ("ro", "zice ca trebuie sa o fac cu prietenii lui"),
        ("sq", "e kane motren time"),
    ],
)
def test_what_is_done_to_somebody_is_said_even_without_a_word_for_it(reader: Reader, locale: str, text: str) -> None:
    assert telling(reader.read(text, locale)) is Telling.SAID


@pytest.mark.parametrize("text", ["i dont want anyone to know", "i dont want to talk to him"])
def test_who_wants_no_certain_person_is_not_taken_to_want_none(reader: Reader, text: str) -> None:
    assert telling(reader.read(text, "en")) is Telling.SAID


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "i dont want to talk to a person"),
        ("ro", "nu vreau sa vorbesc cu o persoana"),
        ("bg", "не искам да говоря с човек"),
        ("tr", "biriyle konuşmak istemiyorum"),
        ("ar", "ما بدي احكي مع حدا"),
    ],
)
def test_who_wants_no_person_says_so(reader: Reader, locale: str, text: str) -> None:
    assert telling(reader.read(text, locale)) is Telling.NO_PERSON


def test_who_wants_no_machine_wants_a_person(reader: Reader) -> None:
    assert telling(reader.read("i dont want a robot i want a human", "en")) is Telling.SAID
