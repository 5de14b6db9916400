"""A mark that got worse is found by its figures: over all locales a point is enough, in one it has to be more than a line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.comparison import committed, drops

NOTICED = "disclosure noticed"
ALIKE = "look-alike noticed"


def _figures(locale: str, mark: str, hits: int, of: int) -> dict[str, Any]:
    return {"test": {locale: {mark: [hits, of]}}}


def _drops(locale: str, mark: str, was: tuple[int, int], now: tuple[int, int]) -> list[str]:
    return drops(_figures(locale, mark, *was), _figures(locale, mark, *now))


def test_a_drop_over_all_locales_is_found_and_says_what_was_and_is() -> None:
    assert _drops("all", NOTICED, (970, 1000), (959, 1000)) == ["all: disclosure noticed was 970/1000, is 959/1000"]


@pytest.mark.parametrize("now", [970, 961, 980, 1000])
def test_a_point_or_less_over_all_locales_is_no_drop(now: int) -> None:
    assert _drops("all", NOTICED, (970, 1000), (now, 1000)) == []


def test_one_line_of_a_small_set_is_no_drop_in_one_locale() -> None:
    assert _drops("sq", NOTICED, (70, 72), (69, 72)) == []
    assert _drops("all", NOTICED, (70, 72), (69, 72)) != []


def test_two_lines_of_a_small_set_are_a_drop_in_one_locale() -> None:
    assert _drops("sq", NOTICED, (70, 72), (68, 72)) == ["sq: disclosure noticed was 70/72, is 68/72"]


def test_two_lines_of_a_large_set_are_no_drop_in_one_locale() -> None:
    assert _drops("sq", NOTICED, (700, 720), (698, 720)) == []


def test_sets_of_different_sizes_are_compared_by_their_shares() -> None:
    assert _drops("sq", NOTICED, (36, 40), (72, 80)) == []
    assert _drops("sq", NOTICED, (36, 40), (70, 80)) == ["sq: disclosure noticed was 36/40, is 70/80"]


def test_a_mark_of_at_most_gets_worse_by_rising() -> None:
    assert _drops("all", ALIKE, (50, 1000), (61, 1000)) == ["all: look-alike noticed was 50/1000, is 61/1000"]
    assert _drops("all", ALIKE, (50, 1000), (60, 1000)) == []
    assert _drops("all", ALIKE, (50, 1000), (0, 1000)) == []
    assert _drops("hr", ALIKE, (3, 40), (4, 40)) == []
    assert _drops("hr", ALIKE, (3, 40), (5, 40)) == ["hr: look-alike noticed was 3/40, is 5/40"]


@pytest.mark.parametrize("mark", ["perspective right", "a mark that nobody knows"])
def test_a_mark_without_a_goal_never_fails(mark: str) -> None:
    assert _drops("all", mark, (100, 100), (0, 100)) == []


def test_a_mark_or_locale_that_is_new_has_nothing_to_be_worse_than() -> None:
    now = _figures("uk", NOTICED, 0, 100)
    assert drops({}, now) == []
    assert drops({"test": {}}, now) == []
    assert drops(_figures("sq", NOTICED, 100, 100), now) == []
    assert drops(_figures("uk", ALIKE, 0, 100), now) == []


def test_a_mark_or_locale_that_is_gone_is_no_drop() -> None:
    assert drops(_figures("uk", NOTICED, 100, 100), {"test": {"uk": {}}}) == []
    assert drops(_figures("uk", NOTICED, 100, 100), {}) == []


@pytest.mark.parametrize(("was", "now"), [((0, 0), (0, 50)), ((50, 50), (0, 0))])
def test_where_nothing_was_counted_nothing_dropped(was: tuple[int, int], now: tuple[int, int]) -> None:
    assert _drops("all", NOTICED, was, now) == []


def test_only_the_test_sets_are_compared() -> None:
    was, now = ({"cross_validation": {"all": {NOTICED: [hits, 100]}}} for hits in (100, 0))
    assert drops(was, now) == []


def test_every_drop_is_listed() -> None:
    was = {"test": {"sq": {NOTICED: [40, 40], ALIKE: [0, 40]}, "all": {NOTICED: [400, 400]}}}
    now = {"test": {"sq": {NOTICED: [30, 40], ALIKE: [9, 40]}, "all": {NOTICED: [390, 400]}}}
    assert [line.partition(" was")[0] for line in drops(was, now)] == [
        "sq: disclosure noticed",
        "sq: look-alike noticed",
        "all: disclosure noticed",
    ]


def _git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Testa", "-c", "user.email=testa@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "repository"
    (folder / "docs").mkdir(parents=True)
    _git(folder, "init", "-q")
    return folder


def _write(folder: Path, hits: int) -> Path:
    path = folder / "evaluation.json"
    path.write_text(json.dumps(_figures("all", NOTICED, hits, 100)), encoding="utf-8")
    return path


@pytest.mark.parametrize("under", ["", "docs"])
def test_the_figures_of_the_last_commit_count_and_not_those_on_disk(repository: Path, under: str) -> None:
    path = _write(repository / under, 97)
    _git(repository, "add", ".")
    _git(repository, "commit", "-q", "-m", "Figures")
    _write(repository / under, 50)
    assert committed(path) == _figures("all", NOTICED, 97, 100)


def test_figures_that_were_removed_since_are_still_those_of_the_last_commit(repository: Path) -> None:
    path = _write(repository, 97)
    _git(repository, "add", ".")
    _git(repository, "commit", "-q", "-m", "Figures")
    path.unlink()
    assert committed(path) == _figures("all", NOTICED, 97, 100)


def test_before_the_first_commit_the_figures_on_disk_count(repository: Path) -> None:
    assert committed(_write(repository, 97)) == _figures("all", NOTICED, 97, 100)


def test_outside_a_repository_the_figures_on_disk_count(repository: Path) -> None:
    outside = repository.parent / "elsewhere"
    outside.mkdir()
    assert committed(_write(outside, 97)) == _figures("all", NOTICED, 97, 100)


@pytest.mark.parametrize("name", ["evaluation.json", "nowhere/evaluation.json"])
def test_where_nothing_is_there_are_no_figures(repository: Path, name: str) -> None:
    assert committed(repository / name) == {}
    assert committed(repository.parent / name) == {}


def test_without_git_the_figures_on_disk_count(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _write(repository, 97)
    monkeypatch.setenv("PATH", str(repository))
    assert committed(path) == _figures("all", NOTICED, 97, 100)
