"""The guides: how they are written, how they are walked, and that the real ones can be walked to every end in every language."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.answers import Answers
from bot.dialogue import GO, Reply
from bot.messages import Channel, Sender
from bot.session import Age, Session
from locales import catalogue, service_entries
from stories.guiding import COMMON, TAP, GuideIsWrong, Guides, Place, load

CHECK = """
check:
  signs:
    papers: {weight: 3, indicator: "Invented: papers"}
    hurry: {weight: 1, indicator: "Invented: hurry"}
  screens:
    - say: check.start
    - ask: check.papers
      yes: papers
    - ask: check.hurry
      no: hurry
    - result: {0: check.few, 2: check.some, 4: check.many}
"""

TALE = """
tale:
  screens:
    - choose: tale.start
      choices: {wait: tale.calm, go_there: next}
    - say: tale.far
      to: tale.start
    - pick: tale.calm
      lines: [teacher, aunt]
    - end: tale.end
"""


@pytest.fixture
def guides(tmp_path: Path) -> Guides:
    (tmp_path / "a.yml").write_text(CHECK)
    (tmp_path / "b.yml").write_text(TALE)
    return load(tmp_path)


def walk(guides: Guides, *taps: str) -> Place:
    place = None
    for tap in taps:
        place = guides.tapped(tap, place)
        assert place is not None
    assert place is not None
    return place


def test_a_guide_begins_with_its_first_screen_and_its_taps(guides: Guides) -> None:
    shown = guides.show(walk(guides, "check"))
    assert (shown.key, shown.taps) == ("check.start", ("go:check.start/next",))
    assert guides.begin("nothing") is None


@pytest.mark.parametrize(
    ("answers", "end", "signs"),
    [
        (("no", "yes"), "check.few", ()),
        (("dont_know", "skip"), "check.none", ()),
        (("skip", "yes"), "check.few", ()),
        (("no", "no"), "check.few", ("check.sign.hurry",)),
        (("yes", "yes"), "check.some", ("check.sign.papers",)),
        (("yes", "no"), "check.many", ("check.sign.papers", "check.sign.hurry")),
    ],
)
def test_a_check_ends_by_the_weight_of_its_signs(
    guides: Guides, answers: tuple[str, str], end: str, signs: tuple[str, ...]
) -> None:
    place = walk(guides, "check", "check.start/next", f"check.papers/{answers[0]}", f"check.hurry/{answers[1]}")
    shown = guides.show(place)
    assert (shown.key, shown.noted, shown.end) == (end, signs, True)
    assert shown.heavy is (end == "check.many")


def test_an_older_button_changes_its_answer(guides: Guides) -> None:
    place = walk(guides, "check", "check.start/next", "check.papers/yes", "check.papers/no", "check.hurry/yes")
    assert guides.show(place).key == "check.few"


def test_what_was_picked_is_shown_at_the_end(guides: Guides) -> None:
    place = walk(guides, "tale", "tale.start/go_there", "tale.far/next", "tale.start/wait", "tale.calm/aunt")
    assert guides.show(place).noted == ("tale.calm.aunt",)
    assert guides.show(walk(guides, "tale", "tale.start/wait", "tale.calm/skip")).noted == ()


@pytest.mark.parametrize("tap", ["", "/", "nowhere", "check.start/no_such", "nowhere/next", "check.start/next/next"])
def test_a_tap_that_leads_nowhere_is_told_apart(guides: Guides, tap: str) -> None:
    assert guides.tapped(tap, None) is None


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("check:\n  screens:\n    - say: a\n", "there is no screen “”"),
        ("check:\n  screens:\n    - choose: a\n      choices: {x: b}\n    - end: c\n", "there is no screen “b”"),
        ("check:\n  screens:\n    - say: a\n      to: c\n    - say: b\n    - end: c\n", "no tap leads to b"),
        ("check:\n  screens:\n    - say: a\n      to: b\n    - say: b\n      to: a\n", "no way leads to an end"),
        ("check:\n  screens:\n    - say: a\n    - end: a\n", "is there twice"),
        ("check:\n  screens:\n    - tell: a\n", "a screen begins with"),
        (CHECK.replace("no: hurry", "no: haste"), "“haste” is noted and not described"),
        (CHECK.replace("{0: check.few, ", "{1: check.few, "), "from weight 0 on"),
        ("check: [1", "is not written as stories/guiding.py says"),
        ("check: 3", "is not written as stories/guiding.py says"),
    ],
)
def test_a_guide_that_cannot_be_walked_is_refused_in_one_exact_line(tmp_path: Path, written: str, says: str) -> None:
    (tmp_path / "wrong.yml").write_text(written)
    with pytest.raises(GuideIsWrong, match=r"wrong\.yml") as wrong:
        load(tmp_path)
    assert says in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.fixture(scope="module")
def real() -> Guides:
    return load()


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(catalogue.load(), service_entries.load())


@pytest.mark.parametrize("age", [Age.OLDER, Age.YOUNGER])
@pytest.mark.parametrize("locale", list(catalogue.NAMES))
def test_every_screen_of_every_guide_can_be_said_with_all_its_buttons(
    real: Guides, answers: Answers, locale: str, age: Age
) -> None:
    session = Session(id="0" * 32, sender=Sender(Channel.WEB, "an-invented-token"), locale=locale, age=age)
    for guide in real.all.values():
        for screen in guide.screens.values():
            for key in [f"{guide.name}.none", *(key for _, key in screen.levels)] if screen.levels else [screen.key]:
                taps = tuple(f"{TAP}{screen.key}/{choice.name}" for choice in screen.choices)
                bubble = answers.reply(session, Reply(key, taps))
                assert bubble.text
                assert "{" not in bubble.text
                assert len({button.label for button in bubble.buttons}) == len(screen.choices)
                assert all(len(tap.encode()) <= 48 for tap in taps)
        notes = {choice.note for screen in guide.screens.values() for choice in screen.choices if choice.note}
        if notes:
            lines = tuple(sorted(guide.noted(note) for note in notes))
            told = answers.reply(session, Reply(f"{guide.name}.noted", (), lines)).text
            assert told.count("•") == len(lines)


def test_every_choice_of_every_guide_leads_on_to_an_end(real: Guides) -> None:
    chance = random.Random(1)  # noqa: S311 - no secret
    for name, guide in real.all.items():
        taken: set[tuple[str, str]] = set()
        for _ in range(400):
            place = real.begin(name)
            assert place is not None
            for _ in range(200):
                shown = real.show(place)
                if shown.end:
                    break
                fresh = [tap for tap in shown.taps if (place.screen, tap) not in taken]
                tap = chance.choice(fresh or list(shown.taps))
                taken.add((place.screen, tap))
                after = real.tapped(tap.removeprefix(TAP), place)
                assert after is not None
                place = after
            else:
                pytest.fail(f"{name}: no end was reached")
        every = {
            (key, f"{TAP}{key}/{choice.name}") for key, screen in guide.screens.items() for choice in screen.choices
        }
        assert taken == every


def test_guides_use_one_sign_for_taps_everywhere() -> None:
    assert GO == TAP
    assert set(COMMON) >= {"next", "yes", "no", "skip"}
