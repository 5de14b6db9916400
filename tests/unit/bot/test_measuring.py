"""Whether new models are worse than those in use, with invented marks; and that a folder of models is exchanged as a whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import models
from bot.measuring import worse
from bot.settings import Settings
from nlu.share import Share

NOTICED, ALIKE = "disclosure noticed", "look-alike noticed"


def _marks(locale: str, mark: str, hits: int, of: int) -> dict[str, dict[str, Share]]:
    return {locale: {mark: Share(hits, of)}}


@pytest.mark.parametrize(
    ("locale", "mark", "was", "now", "fell"),
    [
        ("all", NOTICED, (970, 1000), (960, 1000), False),  # a point is noise
        ("all", NOTICED, (970, 1000), (959, 1000), True),
        ("all", ALIKE, (80, 1000), (90, 1000), False),
        ("all", ALIKE, (80, 1000), (91, 1000), True),  # here more is worse
        ("all", NOTICED, (900, 1000), (1000, 1000), False),
        ("sq", NOTICED, (70, 72), (68, 72), False),  # two lines of one locale are noise
        ("sq", NOTICED, (70, 72), (67, 72), True),
        ("sq", ALIKE, (3, 50), (6, 50), True),
    ],
)
def test_models_are_worse_by_more_than_a_point_over_all_or_two_lines_in_a_locale(
    locale: str, mark: str, was: tuple[int, int], now: tuple[int, int], fell: bool
) -> None:
    assert bool(worse(_marks(locale, mark, *was), _marks(locale, mark, *now))) is fell


def test_where_nothing_was_in_use_nothing_is_worse() -> None:
    assert worse({}, _marks("all", NOTICED, 1, 9)) == []


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = replace(Settings(), state=tmp_path)
    for one, says in ((settings, "old"), (models.candidate(settings), "new")):
        one.models.mkdir(parents=True)
        (one.models / "trained.json").write_text(says, encoding="utf-8")
    return settings


def test_new_models_take_the_place_of_the_old_which_stay_beside_them(settings: Settings) -> None:
    models.take_over(settings)
    assert (settings.models / "trained.json").read_text(encoding="utf-8") == "new"
    assert (settings.state / "models.before" / "trained.json").read_text(encoding="utf-8") == "old"
    models.candidate(settings).models.mkdir()
    models.take_over(settings)
    assert (settings.state / "models.before" / "trained.json").read_text(encoding="utf-8") == "new"


def test_an_end_between_the_two_steps_leaves_the_old_models_in_use(settings: Settings) -> None:
    settings.models.rename(settings.state / "models.before")
    models.recover(settings)
    assert (settings.models / "trained.json").read_text(encoding="utf-8") == "old"
    models.recover(settings)
    assert (settings.models / "trained.json").read_text(encoding="utf-8") == "old"
