import pytest

from nlu.grammar import Sense, Who, sense
from nlu.reading import Reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def meant(reader: Reader, text: str) -> Sense:
    return sense(reader.read(text, "en"))


def test_a_friend_is_somebody_else(reader: Reader) -> None:
    assert meant(reader, "my friend cries every night").who is Who.OTHER
    assert meant(reader, "he hits me").who is Who.SELF


def test_a_game_a_film_and_homework_are_not_meant(reader: Reader) -> None:
    assert "in a game" in meant(reader, "i killed the boss on level 9").frames
    assert "in a film or book" in meant(reader, "in the film he kidnaps her").frames
    assert "for school" in meant(reader, "homework on forced labour").frames
    assert not meant(reader, "in the film he kidnaps her").earnest


def test_a_denial_is_a_denial_and_cannot_leave_is_none(reader: Reader) -> None:
    assert meant(reader, "nobody hits me").negated
    assert not meant(reader, "i cannot leave").negated


def test_a_question_is_asked(reader: Reader) -> None:
    assert meant(reader, "is it legal to work at 14?").asking
    assert meant(reader, "how do i sell my bike").asking
