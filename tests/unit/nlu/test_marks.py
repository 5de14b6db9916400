from dataclasses import replace
from pathlib import Path

import pytest

from nlu.examples import Line
from nlu.marks import GOALS, Goal, Judged, by_locale, length, read_test, tally
from nlu.share import Share

HEAD = "kind\tcategory\turgency\tperspective\tstyle\ttext"
TOLD = Line("en", "my uncle keeps my passport", "disclosure", "control", "urgent", "self")
EMERGENCY = replace(TOLD, urgency="emergency")
ALIKE = Line("en", "we lost our passports on holiday lol", "harmless")
ASKED = Line("en", "what are my rights", "topic", "rights")
NOTICED = Judged("urgent", ("control",), "self")
MISSED = Judged("none")


def _one(line: Line, said: Judged) -> dict[str, tuple[int, int]]:
    return {mark: (share.hits, share.of) for mark, share in tally([(line, said)]).items()}


@pytest.mark.parametrize(
    ("words", "expected"), [(0, "1-3"), (1, "1-3"), (3, "1-3"), (4, "4-8"), (8, "4-8"), (9, "9+"), (200, "9+")]
)
def test_a_text_has_one_of_three_lengths(words: int, expected: str) -> None:
    assert length("  ".join(["word"] * words)) == expected


def test_a_disclosure_that_is_noticed_counts_with_its_labels() -> None:
    assert _one(TOLD, NOTICED) == {"disclosure noticed": (1, 1), "category right": (1, 1), "perspective right": (1, 1)}


def test_a_disclosure_that_is_missed_says_nothing_of_its_labels() -> None:
    assert _one(TOLD, MISSED) == {"disclosure noticed": (0, 1)}


def test_a_concern_is_noticed() -> None:
    assert _one(TOLD, replace(NOTICED, urgency="concern"))["disclosure noticed"] == (1, 1)


@pytest.mark.parametrize(
    ("categories", "hits"), [(("control", "selfharm"), 1), (("selfharm", "control"), 1), (("selfharm",), 0), ((), 0)]
)
def test_a_category_is_right_when_it_is_among_those_that_were_named(categories: tuple[str, ...], hits: int) -> None:
    assert _one(TOLD, replace(NOTICED, categories=categories))["category right"] == (hits, 1)


def test_a_wrong_perspective_is_counted_as_wrong() -> None:
    assert _one(TOLD, replace(NOTICED, perspective="other"))["perspective right"] == (0, 1)


@pytest.mark.parametrize(
    ("urgency", "noticed", "alarmed"), [("emergency", 1, 1), ("urgent", 1, 1), ("concern", 1, 0), ("none", 0, 0)]
)
@pytest.mark.parametrize(("kind", "mark"), [("harmless", "look-alike"), ("everyday", "everyday")])
def test_what_is_harmless_is_not_to_be_noticed_and_less_to_alarm(
    kind: str, mark: str, urgency: str, noticed: int, alarmed: int
) -> None:
    counted = _one(replace(ALIKE, kind=kind), Judged(urgency))
    assert counted == {f"{mark} noticed": (noticed, 1), f"{mark} alarmed": (alarmed, 1)}


@pytest.mark.parametrize(
    ("urgency", "noticed", "called"), [("emergency", 1, 1), ("urgent", 1, 0), ("concern", 1, 0), ("none", 0, 0)]
)
def test_an_emergency_is_to_be_noticed_and_to_be_called_one(urgency: str, noticed: int, called: int) -> None:
    counted = _one(EMERGENCY, replace(NOTICED, urgency=urgency))
    assert (counted["emergency noticed"], counted["emergency called emergency"]) == ((noticed, 1), (called, 1))


def test_what_is_no_emergency_counts_towards_no_mark_of_emergencies() -> None:
    assert not any("emergency" in mark for mark in _one(TOLD, replace(NOTICED, urgency="emergency")))


@pytest.mark.parametrize("style", ["indirect", "short indirect", "indirect,translit"])
def test_a_disclosure_between_the_lines_has_a_mark_of_its_own(style: str) -> None:
    assert _one(replace(TOLD, style=style), MISSED)["indirect noticed"] == (0, 1)
    assert "indirect noticed" not in _one(replace(TOLD, style="short"), MISSED)


@pytest.mark.parametrize(
    ("urgency", "noticed", "alarmed"), [("none", 0, 0), ("concern", 1, 0), ("urgent", 1, 1), ("emergency", 1, 1)]
)
def test_a_line_that_sounds_alike_is_noticed_or_even_alarms(urgency: str, noticed: int, alarmed: int) -> None:
    assert _one(ALIKE, Judged(urgency)) == {"look-alike noticed": (noticed, 1), "look-alike alarmed": (alarmed, 1)}


@pytest.mark.parametrize(("topic", "hits"), [("rights", 1), ("greet", 0)])
def test_a_topic_is_right_or_taken_for_another(topic: str, hits: int) -> None:
    assert _one(ASKED, Judged("none", topic=topic)) == {"topic right": (hits, 1), "topic question noticed": (0, 1)}


def test_a_topic_that_nobody_looked_at_is_not_counted() -> None:
    assert _one(ASKED, Judged("concern")) == {"topic question noticed": (1, 1)}


def test_a_language_that_nobody_looked_at_is_not_counted() -> None:
    assert not any(mark.startswith("language") for mark in _one(TOLD, NOTICED))


@pytest.mark.parametrize(("language", "hits"), [("en", 1), ("sq", 0)])
def test_a_language_is_right_or_wrong_by_the_length_of_the_line(language: str, hits: int) -> None:
    counted = _one(ASKED, Judged("none", language=language))
    assert counted["language right, 4-8 words"] == (hits, 1)
    assert counted["language asked, 4-8 words"] == (0, 1)


def test_a_language_that_is_asked_is_neither_right_nor_wrong() -> None:
    counted = _one(ASKED, Judged("none", language=None))
    assert counted["language asked, 4-8 words"] == (1, 1)
    assert "language right, 4-8 words" not in counted


@pytest.mark.parametrize("locale", ["sr-Latn", "sr-Cyrl", "hr", "bs"])
def test_languages_that_are_one_count_as_one(locale: str) -> None:
    line = Line(locale, "zdravo", "topic", "greet")
    assert _one(line, Judged("none", language="hbs"))["language right, 1-3 words"] == (1, 1)


def test_marks_are_counted_together_in_the_order_of_the_report() -> None:
    shares = tally([(ALIKE, MISSED), (TOLD, MISSED), (TOLD, NOTICED), (ASKED, Judged("none", topic="rights"))])
    assert shares["disclosure noticed"] == Share(1, 2)
    assert list(shares) == [mark for mark in GOALS if mark in shares]
    assert len(shares) == 7


def test_nothing_judged_has_no_marks() -> None:
    assert tally([]) == {}


@pytest.mark.parametrize(
    ("goal", "hits", "met"),
    [
        (Goal(0.9), 90, True), (Goal(0.9), 89, False), (Goal(0.9), 100, True), (Goal(0.1, most=True), 10, True),
        (Goal(0.1, most=True), 11, False), (Goal(0.1, most=True), 0, True),
    ],
)  # fmt: skip
def test_a_goal_is_met_or_not(goal: Goal, hits: int, met: bool) -> None:
    assert goal.met(Share(hits, 100)) is met


@pytest.mark.parametrize("most", [True, False])
def test_a_goal_is_met_where_nothing_was_counted(most: bool) -> None:
    assert Goal(0.5, most=most).met(Share())


def test_a_goal_says_in_which_direction_it_goes() -> None:
    assert (str(Goal(0.97)), str(Goal(0.1, most=True))) == ("≥ 0.97", "≤ 0.1")


def test_what_may_not_happen_has_a_goal_of_at_most() -> None:
    most = {mark for mark, goal in GOALS.items() if goal is not None and goal.most}
    assert most == {
        mark for mark in GOALS if mark.startswith(("language asked", "look-alike", "topic question", "everyday"))
    }


def test_a_test_set_is_read_with_its_labels(tmp_path: Path) -> None:
    rows = (
        HEAD,
        "disclosure\tcontrol\turgent\tother\tindirect\tmy friend may never go out",
        'hard_negative\tnone\tnone\tnone\t\t"lol" he said',
    )
    (tmp_path / "sq.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "en.tsv").write_text(f"{HEAD}\ntopic\trights\tnone\tnone\tshort\tmy rights\n", encoding="utf-8")
    assert read_test(tmp_path) == [
        Line("en", "my rights", "topic", "rights", style="short"),
        Line("sq", "my friend may never go out", "disclosure", "control", "urgent", "other", "indirect"),
        Line("sq", '"lol" he said', "harmless"),
    ]


@pytest.mark.parametrize(
    "broken",
    ["harmless\tnone\tnone\tnone\tnice day", "harmless\tnone\tnone\tnone\t\tnice\tday", "harmless", ""],
)
def test_a_broken_line_is_refused_with_its_number(tmp_path: Path, broken: str) -> None:
    good = "harmless\tnone\tnone\tnone\t\tnice day"
    (tmp_path / "en.tsv").write_text("\n".join([HEAD, good, good, broken, good]) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"en\.tsv, line 4"):
        read_test(tmp_path)


def test_files_of_another_kind_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "language.tsv").write_text("language\ttext\nsq\tpershendetje\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("what this is\n", encoding="utf-8")
    assert read_test(tmp_path) == []


def test_an_empty_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "en.tsv").write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match=r"en\.tsv"):
        read_test(tmp_path)


def test_locales_are_counted_apart_and_all_together() -> None:
    counted = by_locale([(replace(TOLD, locale="sq"), MISSED), (TOLD, NOTICED), (replace(TOLD, locale="bg"), NOTICED)])
    assert list(counted) == ["bg", "en", "sq", "all"]
    assert [own["disclosure noticed"] for own in counted.values()] == [
        Share(1, 1),
        Share(1, 1),
        Share(0, 1),
        Share(2, 3),
    ]
    assert "category right" not in counted["sq"]
