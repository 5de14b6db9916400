"""The report says in words and pictures what was measured, and stands out where a goal is missed. All lines are invented."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.crossing import Crossed
from bot.evaluation_redaction import Measured
from bot.report import WORST, Figures, as_data, calibration, confusion, summary, write
from nlu.examples import Line
from nlu.marks import Judged
from nlu.reading import Reading
from nlu.share import Share

TOLD = Line("en", "my uncle keeps my passport", "disclosure", "control", "urgent", "self")
ALIKE = Line("en", "we lost our passports on holiday", "harmless")
ASKED = Line("en", "what are my rights", "topic", "rights")
NOTICED = Judged("urgent", ("control",), "self", 0.9, 0.2, language="en")
MISSED = Judged("none", chance=0.1, language="en")
TESTED = [
    (TOLD, NOTICED),
    (replace(TOLD, locale="sq", text="daja ma mban pasaporten"), replace(MISSED, language="sq")),
    (ALIKE, MISSED),
    (replace(ALIKE, locale="sq", text="humbem pasaportat ne pushime"), replace(MISSED, language="sq")),
    (ASKED, replace(MISSED, topic="rights", chance=0.05)),
]
CROSSED = [
    (TOLD, replace(MISSED, chance=0.2)),
    (
        replace(TOLD, urgency="emergency", locale="sq", text="ndihme"),
        replace(NOTICED, urgency="emergency", emergency=0.8),
    ),
    (ALIKE, replace(NOTICED, urgency="concern", chance=0.6)),
    (ASKED, replace(MISSED, topic="rights")),
    (replace(ASKED, text="hi"), replace(MISSED, topic="greet")),
]


def _figures() -> Figures:
    return Figures(
        TESTED,
        [Crossed(line, Reading(line.text, f"glossed {line.text}", ()), judged) for line, judged in CROSSED],
        {"sq": {"language right, 1-3 words": Share(9, 10)}, "de": {"language asked, 1-3 words": Share(1, 2)}},
        {"en": Share(95, 100), "sq": Share(80, 100)},
        {"redaction": {"en": Measured(Share(9, 10), Share(0, 4), [])}},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pictures").mkdir()
    write(_figures(), tmp_path)
    return tmp_path


@pytest.fixture
def written(folder: Path) -> str:
    return (folder / "evaluation.md").read_text(encoding="utf-8")


def test_calibration_has_a_point_for_each_tenth_that_has_lines() -> None:
    points = calibration([0.02, 0.08, 0.11, 0.55, 0.59], [False, True, False, True, True])
    assert [(round(chance, 2), share, count) for chance, share, count in points] == [
        (0.05, 0.5, 2),
        (0.11, 0.0, 1),
        (0.57, 1.0, 2),
    ]


def test_a_chance_of_one_is_in_the_last_tenth() -> None:
    assert calibration([0.9, 1.0], [True, False]) == [(0.95, 0.5, 2)]


def test_a_chance_of_nothing_is_in_the_first_tenth() -> None:
    assert calibration([0.0], [False]) == [(0.0, 0.0, 1)]


def test_no_chances_have_no_calibration() -> None:
    assert calibration([], []) == []


def test_confusion_counts_the_topics_that_were_told_apart_or_not() -> None:
    right, wrong = replace(MISSED, topic="rights"), replace(MISSED, topic="greet")
    counted = confusion([(ASKED, right), (ASKED, wrong), (ASKED, wrong)])
    assert counted == {("rights", "rights"): 1, ("rights", "greet"): 2}


def test_confusion_leaves_out_other_lines_and_topics_that_nobody_looked_at() -> None:
    topic = replace(MISSED, topic="greet")
    assert confusion([(TOLD, topic), (ALIKE, topic), (ASKED, MISSED)]) == {}


def test_the_data_has_hits_and_lines_of_every_mark() -> None:
    data = as_data(_figures())
    assert list(data) == ["test", "cross_validation", "everyday", "words_covered", "redaction"]
    assert list(data["test"]) == ["en", "sq", "all"]
    assert data["test"]["all"]["disclosure noticed"] == [1, 2]
    assert data["test"]["en"]["look-alike noticed"] == [0, 1]
    assert data["cross_validation"]["sq"]["emergency noticed"] == [1, 1]
    assert data["everyday"] == {
        "sq": {"language right, 1-3 words": [9, 10]},
        "de": {"language asked, 1-3 words": [1, 2]},
    }
    assert data["words_covered"] == {"en": [95, 100], "sq": [80, 100]}
    assert data["redaction"] == {"redaction": {"en": {"taken out": [9, 10], "harmless changed": [0, 4]}}}


def test_the_data_that_is_written_is_the_data(folder: Path) -> None:
    assert json.loads((folder / "evaluation.json").read_text(encoding="utf-8")) == as_data(_figures())


def test_a_mark_that_misses_its_goal_is_bold_and_one_that_meets_it_is_not() -> None:
    rows = {row.split("|")[1].strip(): [cell.strip() for cell in row.split("|")[2:-1]] for row in _rows()}
    assert rows["mark"] == ["goal", "en", "sq", "all"]
    assert rows["disclosure noticed"] == ["≥ 0.97", "1", "**.000**", "**.500**"]
    assert rows["look-alike noticed"] == ["≤ 0.1", ".000", ".000", ".000"]
    assert rows["perspective right"] == ["-", "1", "-", "1"]


def _rows() -> list[str]:
    return summary(_figures()).splitlines()


def test_a_mark_that_no_line_counted_for_has_no_row() -> None:
    assert not any("indirect" in row for row in _rows())


def test_a_mark_of_at_most_is_bold_when_there_is_too_much_of_it() -> None:
    figures = replace(_figures(), tested=[(TOLD, NOTICED), (ALIKE, NOTICED)])
    assert "| look-alike alarmed | ≤ 0.02 | **1** | **1** |" in summary(figures)


def test_what_is_bold_in_the_summary_is_bold_in_the_report(written: str) -> None:
    for row in _rows():
        assert row in written
    assert "**.500**" in written


def test_the_report_names_every_part(written: str) -> None:
    for part in (
        "| control | 1/1 | 0/1 | 1/2 |",
        "| disclosures noticed | look-alikes noticed | topic questions noticed |",
        "| urgent | 1 | 0 | 0 | 0 |",
        "| emergency | 0 | 0 | 0 | 1 |",
        "| harmless | 0 | 1 | 0 | 0 |",
        "- disclosure: ",
        "- emergency: ",
        "| rights | greet | 1 |",
        "| sq | 0.900 (9/10) |",
        "| sq | 0.800 (80/100) |",
        "| redaction | en | 0.900 (9/10) | 0.000 (0/4) |",
        f"## The worst {WORST} errors of each locale",
    ):
        assert part in written


def test_the_worst_errors_are_shown_with_their_lines_and_the_others_are_not(written: str) -> None:
    worst = written.partition("## The worst")[2]
    assert "### en" in worst
    assert "- 0.20 missed urgent (control): my uncle keeps my passport" in worst
    assert "- 0.60 harmless called concern: we lost our passports on holiday" in worst
    assert worst.index("0.20 missed") < worst.index("0.60 harmless")
    assert "### sq" not in worst
    assert "glossed my uncle" not in worst


def test_an_error_in_another_language_is_shown_as_it_was_read(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    line = replace(TOLD, locale="sq", text="daja ma mban pasaporten")
    wrong = Crossed(line, Reading(line.text, "uncle keep my passport", ()), MISSED)
    write(replace(_figures(), crossed=[*_figures().crossed, wrong]), tmp_path)
    text = (tmp_path / "evaluation.md").read_text(encoding="utf-8")
    assert "daja ma mban pasaporten — *uncle keep my passport*" in text


def test_only_so_many_errors_of_a_locale_are_shown(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    lines = [replace(TOLD, text=f"uncle number {number}") for number in range(WORST + 5)]
    crossed = [Crossed(line, Reading("", "", ()), replace(MISSED, chance=at / 100)) for at, line in enumerate(lines)]
    write(replace(_figures(), crossed=[*_figures().crossed, *crossed]), tmp_path)
    text = (tmp_path / "evaluation.md").read_text(encoding="utf-8")
    assert text.count("missed urgent") == WORST
    assert "uncle number 0" in text
    assert f"uncle number {WORST + 4}" not in text


def test_pictures_are_the_same_when_they_are_drawn_twice(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in (folder / "pictures").iterdir()}
    assert sorted(before) == ["evaluation-calibration.svg", "evaluation-curves.svg", "evaluation-topics.svg"]
    write(_figures(), folder)
    assert {path.name: path.read_bytes() for path in (folder / "pictures").iterdir()} == before


def test_a_picture_changes_when_its_figures_do(folder: Path) -> None:
    path = folder / "pictures" / "evaluation-topics.svg"
    before = path.read_bytes()
    crossed = [one for one in _figures().crossed if one.judged.topic != "greet"]
    write(replace(_figures(), crossed=crossed), folder)
    assert path.read_bytes() != before
