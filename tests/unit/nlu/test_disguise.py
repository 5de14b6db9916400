import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.disclosure import Detector
from escalation.cases import Category
from nlu.disguise import undisguised
from nlu.reading import Reader

SIGNS = "abehlp АБвώعπ014357@$!€ .-_*·'\u2060\n9é"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.without_training()


@given(st.text() | st.text(alphabet=SIGNS, max_size=80))
def test_the_undisguised_form_is_as_long_as_the_text(text: str) -> None:
    assert len(undisguised(text)) == len(text)


@given(st.text(alphabet=SIGNS, max_size=80))
def test_letters_are_never_changed(text: str) -> None:
    for before, after in zip(text, undisguised(text), strict=True):
        assert before == after or not before.isalpha()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("d4d b3ats me", "dad beats me"), ("k1ll", "kill"), ("p0lice", "police"), ("p@ssword", "password"), ("$ecret", "secret"),
        ("h3lp!", "help!"), ("they t0uch m3", "they touch me"), ("5ecret s3cret", "5ecret secret"), ("KILL3D", "KILLeD"), ("m0n€y", "money"),
    ],
)  # fmt: skip
def test_digits_and_signs_inside_a_word_are_letters(typed: str, meant: str) -> None:
    assert undisguised(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "h e l p",
        "h.e.l.p",
        "h-e-l-p",
        "h_e_l_p",
        "h*e*l*p",
        "h·e·l·p",
        "H E L P",
        "п о м о щ",
        "β ο η θ",
        "p.o.l.i.c.e",
    ],
)
def test_a_word_that_is_spaced_out_is_joined(typed: str) -> None:
    reader, word = Reader(), "".join(letter for letter in typed if letter.isalpha())
    joined = reader.read(undisguised(typed), "en")
    assert joined.written == reader.read(word, "en").written
    assert [(one.start, one.end) for one in joined.words] == [(0, len(typed))]


def test_words_that_stand_further_apart_are_joined_each_by_itself() -> None:
    reader = Reader()
    assert reader.read(undisguised("d a d   b e a t s   him"), "en").written == "dad beats him"


@pytest.mark.parametrize(
    "text",
    [
        "", "3000 euro", "16y", "help!", "help!!", "!!!", "gr8", "2day", "b4", "room 4b", "12 years", "1 2 3", "$5", "5€", "a b", "u r",
        "help.me", "covid-19", "i'm", "mama, tata!", "i am 5", "[name 1]", "[phone 12]", "12:30", "h e.l p", "the end. A new day", "€uro",
    ],
)  # fmt: skip
def test_what_is_no_disguise_is_left_alone(text: str) -> None:
    assert undisguised(text) == text


def test_a_letter_of_another_alphabet_is_left_alone() -> None:
    assert undisguised("он меня бьет") == "он меня бьет"


@pytest.mark.parametrize(
    "text", ["a" * 4_000, "a " * 2_000, "$" * 4_000, "!" * 4_000, "a!" * 2_000, "a.b-" * 1_000, "1" * 4_000]
)
def test_no_text_is_slow(text: str) -> None:
    began = time.perf_counter()
    assert len(undisguised(text)) == len(text)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("d4d b3ats me", "dad beats me"), ("my d4d b3@ts me", "my dad beats me"), ("d4d h1ts me", "dad hits me"),
        ("he b e a t s me", "he beats me"), ("he b-e-a-t-s me", "he beats me"), ("he b.e.a.t.s me", "he beats me"),
        ("my dad   b e a t s   me", "my dad beats me"), ("i want to d1e", "i want to die"), ("he t0uches me", "he touches me"),
        ("h e   b e a t s   m e", "he beats me"), ("d a d   b e a t s   m e", "dad beats me"),
    ],
)  # fmt: skip
def test_a_disguised_disclosure_is_noticed_as_the_plain_one(detector: Detector, typed: str, plain: str) -> None:
    hidden, said = detector.weigh(typed, "en"), detector.weigh(plain, "en")
    assert (hidden.urgency, hidden.categories, hidden.perspective) == (said.urgency, said.categories, said.perspective)
    assert hidden.categories


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("d4d b3ats me", ["d4d", "b3ats", "me"]),
        ("my dad b e a t s me", ["dad", "b e a t s", "me"]),
        ("he b.e.a.t.s me", ["he", "b.e.a.t.s", "me"]),
    ],
)
def test_the_reason_is_in_the_words_as_typed(detector: Detector, typed: str, words: list[str]) -> None:
    judgement = detector.weigh(typed, "en")
    assert [because.words for because in judgement.because] == words
    assert all(typed[because.start : because.end] == because.words for because in judgement.because)


def test_a_disguise_is_read_in_other_languages_too(detector: Detector) -> None:
    judgement = detector.weigh("tata me t u č e", "sr-Latn")
    assert judgement.categories == (Category.VIOLENCE_AT_HOME,)


def test_a_plain_message_is_read_once(detector: Detector) -> None:
    assert len(detector.read("he beats me", "en")) == 1
    assert len(detector.read("he b3ats me", "en")) == 2


def test_a_digit_that_is_a_letter_in_a_language_is_still_read_as_one(detector: Detector) -> None:
    as_typed, _ = detector.read("iskam pomo6t, edin 4ovek me pla6i, ka4vam se", "bg")
    assert {"help", "person"} <= set(as_typed.reading.glossed.split())


@pytest.mark.parametrize(
    "text", ["3000 euro", "!!!", "gr8 game", "i won 1:0", "m8 u r gr8", "a b c d e f g", "s o   c o o l"]
)
def test_a_harmless_message_does_not_become_a_disclosure(detector: Detector, text: str) -> None:
    assert detector.weigh(text, "en").categories == ()
