"""How lines are divided where some are judged by models fitted on the others."""

from nlu.reading import Reading
from nlu.training import PARTS, folds


def _read(*glossed: str) -> list[Reading]:
    return [Reading(one, one, ()) for one in glossed]


LINES = [f"{who} {does} {what}" for who in "abcdef" for does in "ghijkl" for what in "mnopqr"]


def test_one_situation_is_on_one_side() -> None:
    told, again, _ = folds(_read("father beat i night", "night father beat i", "we bake cake"))
    assert told == again


def test_a_line_that_is_added_moves_no_other() -> None:
    before = folds(_read(*LINES))
    assert (folds(_read("we bake cake", *LINES))[1:] == before).all()


def test_every_part_gets_some() -> None:
    apart = [f"{line} {at}x {at}y {at}z {at}w" for at, line in enumerate(LINES)]
    assert set(folds(_read(*apart)).tolist()) == set(range(PARTS))
