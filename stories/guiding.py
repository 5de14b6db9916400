"""The guides: courses, checks, exercises, quizzes and stories that a child walks through one screen at a time, one tap a screen.

A guide is data (stories/guides/*.yml), so that an editor can change its course and a test can walk every way through it. Screens and
choices are keys of texts; no sentence that a child reads stands here. Rasa's action (stories/actions.py) keeps a child's place and answers in
its memory, which ends with the session; this module knows nothing of Rasa.

    offer_check:                          # the name of the guide; a file holds one or several
      signs:                              # for a check: what an answer can be a sign of, how much it weighs, and who says so
        papers: {weight: 3, indicator: "..."}
      screens:
        - say: offer_check.start          # goes on with one tap
        - ask: offer_check.papers         # yes, no, "I don't know", skip; the sign is noted on the answer it stands behind
          no: papers
        - choose: offer_check.where       # own choices, each to a screen ("next": the one below); its label is the text <screen>.<choice>
          choices: {home: next, abroad: offer_check.abroad}
        - pick: plan.person               # own choices that are all noted and go on; can be skipped
          lines: [teacher, aunt]
        - result: {0: offer_check.few, 3: offer_check.some, 6: offer_check.many}   # the end, by the weight of the signs; <guide>.none without answers
        - end: plan.done                  # an end; whatever was noted is shown with it

`to: <screen>` sends a screen somewhere else than to the one below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).with_name("guides")

TAP = "go:"
"""How a tap on a choice begins: "go:<screen>/<choice>"; without a choice it shows the screen."""

COMMON = ("next", "yes", "no", "dont_know", "skip", "true", "false")
"""Choices that are called the same everywhere ("button.<choice>"); all others have a text of their own ("<screen>.<choice>")."""

ANSWERS = ("yes", "no", "dont_know", "skip")
SAID = ("yes", "no")
"""Answers that say something; where a check has none of them, it can say nothing."""

NOTHING = "none"
"""The end of a check in which nothing was answered ("<guide>.none")."""


class GuideIsWrong(ValueError):
    """A guide cannot be walked; the message names the file, the guide and what to mend."""


@dataclass(frozen=True)
class Choice:
    """One tap on a screen: its name, the screen it leads to, and what is noted (a sign, or a line of a plan)."""

    name: str
    to: str
    note: str = ""


@dataclass(frozen=True)
class Screen:
    """One screen. `levels` are the ends of a check, by the least weight of the signs; a screen without choices is an end."""

    key: str
    choices: tuple[Choice, ...] = ()
    levels: tuple[tuple[int, str], ...] = ()

    def label(self, choice: Choice) -> str:
        """The key of what a button says."""
        return f"button.{choice.name}" if choice.name in COMMON else f"{self.key}.{choice.name}"


@dataclass(frozen=True)
class Sign:
    """What an answer in a check can be a sign of: its weight, and the published indicator that says so."""

    weight: int
    indicator: str


@dataclass(frozen=True)
class Guide:
    """A whole guide: its screens by key, the first one first, and the signs that it weighs."""

    name: str
    screens: Mapping[str, Screen]
    signs: Mapping[str, Sign] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """Where it begins."""
        return next(iter(self.screens))

    def needs(self) -> Iterator[str]:
        """Every key of a text that it needs."""
        if any(choice.note for screen in self.screens.values() for choice in screen.choices):
            yield f"{self.name}.noted"
        for screen in self.screens.values():
            yield from self._results(screen) or [screen.key]
            for choice in screen.choices:
                yield screen.label(choice)
                if choice.note:
                    yield self.noted(choice.note)

    def _results(self, screen: Screen) -> list[str]:
        """The ends of a check, if the screen is one."""
        return [f"{self.name}.{NOTHING}", *(key for _, key in screen.levels)] if screen.levels else []

    def noted(self, note: str) -> str:
        """The key of the text for something that was noted: a sign has one of its own, a line of a plan is called as it was on the button."""
        return f"{self.name}.sign.{note}" if note in self.signs else note


@dataclass(frozen=True)
class Place:
    """Where somebody stands in a guide, and what each screen noted. It is all that is remembered."""

    guide: str
    screen: str
    noted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """What a child is shown: the key of a text, the taps below it, and the keys of what was noted, at an end. `end`: nothing follows."""

    key: str
    taps: tuple[str, ...]
    noted: tuple[str, ...] = ()
    end: bool = False
    heavy: bool = False


class Guides:
    """All guides, and the way through them."""

    def __init__(self, guides: Mapping[str, Guide]) -> None:
        self.all = guides
        self._of = {screen: guide for guide in guides.values() for screen in guide.screens}

    def begin(self, name: str) -> Place | None:
        """The beginning of a guide; None when there is none of this name."""
        guide = self.all.get(name)
        return Place(name, guide.first) if guide else None

    def tapped(self, what: str, place: Place | None) -> Place | None:
        """Where a tap leads ("<screen>/<choice>", "<screen>" or a guide's name): also from an older bubble, whose answer it then changes.

        None when no guide has such a screen or choice.
        """
        name, _, chosen = what.partition("/")
        if name in self.all:
            return self.begin(name)
        guide = self._of.get(name)
        if guide is None:
            return None
        noted = dict(place.noted) if place and place.guide == guide.name else {}
        if not chosen:
            return Place(guide.name, name, noted)
        choice = next((one for one in guide.screens[name].choices if one.name == chosen), None)
        if choice is None:
            return None
        noted.pop(name, None)
        if choice.note or choice.name in SAID:
            noted[name] = choice.note
        return Place(guide.name, choice.to, noted)

    def show(self, place: Place) -> Shown:
        """What a child is shown at a place."""
        guide = self.all[place.guide]
        screen = guide.screens[place.screen]
        if screen.choices:
            return Shown(screen.key, tuple(f"{TAP}{screen.key}/{choice.name}" for choice in screen.choices))
        noted = tuple(dict.fromkeys(guide.noted(note) for note in place.noted.values() if note))
        if not screen.levels:
            return Shown(screen.key, (), noted, end=True)
        if not place.noted:
            return Shown(f"{place.guide}.{NOTHING}", (), end=True)
        weight = sum(guide.signs[note].weight for note in set(place.noted.values()) if note)
        reached = [key for least, key in screen.levels if weight >= least]
        heavy = reached[-1] == screen.levels[-1][1]
        return Shown(reached[-1], (), noted, end=True, heavy=heavy)


def load(folder: Path = FOLDER) -> Guides:
    """Read every guide. Raises GuideIsWrong with one exact line."""
    guides: dict[str, Guide] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            stored = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            for name, body in stored.items():
                if name in guides:
                    raise GuideIsWrong(f"{name} is there twice; rename one")
                guides[name] = _guide(name, body)
        except GuideIsWrong as error:
            message = f"{path.name}: {error}"
            raise GuideIsWrong(message) from None
        except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
            message = f"{path.name}: is not written as stories/guiding.py says ({type(error).__name__})"
            raise GuideIsWrong(message) from None
    return Guides(guides)


def _guide(name: str, body: Mapping[str, Any]) -> Guide:
    signs = {sign: Sign(int(one["weight"]), str(one["indicator"])) for sign, one in body.get("signs", {}).items()}
    written = body["screens"]
    keys = [_key(name, screen) for screen in written]
    screens: dict[str, Screen] = {}
    for at, (key, screen) in enumerate(zip(keys, written, strict=True)):
        if key in screens:
            raise GuideIsWrong(f"{name}: the screen {key} is there twice")
        following = str(screen.get("to") or (keys[at + 1] if at + 1 < len(keys) else ""))
        screens[key] = _screen(key, screen, following)
    guide = Guide(name, screens, signs)
    _walk(guide)
    return guide


def _key(name: str, screen: Mapping[str, Any]) -> str:
    for kind in ("say", "ask", "choose", "pick", "end"):
        if kind in screen:
            return str(screen[kind])
    if "result" in screen:
        return f"{name}.result"
    raise GuideIsWrong(f"{name}: a screen begins with say, ask, choose, pick, result or end")


def _screen(key: str, screen: Mapping[str, Any], following: str) -> Screen:
    if "say" in screen:
        return Screen(key, (Choice("next", following),))
    if "ask" in screen:
        return Screen(key, tuple(Choice(answer, following, str(_of(screen, answer) or "")) for answer in ANSWERS))
    if "choose" in screen:
        choices = {_name(choice): str(to) for choice, to in screen["choices"].items()}
        return Screen(key, tuple(Choice(choice, following if to == "next" else to) for choice, to in choices.items()))
    if "pick" in screen:
        picked = [Choice(line, following, f"{key}.{line}") for line in map(str, screen["lines"])]
        return Screen(key, (*picked, Choice("skip", following)))
    if "result" in screen:
        return Screen(key, levels=tuple(sorted((int(least), str(end)) for least, end in screen["result"].items())))
    return Screen(key)


def _of(screen: Mapping[Any, Any], answer: str) -> object:
    """What stands behind an answer; unquoted, YAML reads yes and no as true and false."""
    return screen.get(answer, screen.get({"yes": True, "no": False}.get(answer, answer)))


def _name(choice: object) -> str:
    return {True: "true", False: "false"}.get(choice, str(choice)) if isinstance(choice, bool) else str(choice)


def _walk(guide: Guide) -> None:
    """Every choice leads to a screen, every screen can be reached and can reach an end, every sign can be noted."""
    for screen in guide.screens.values():
        for choice in screen.choices:
            if choice.to not in guide.screens:
                raise GuideIsWrong(f"{guide.name}: {screen.key}, {choice.name}: there is no screen “{choice.to}”")
    reached, todo = set(), [guide.first]
    while todo:
        key = todo.pop()
        if key not in reached:
            reached.add(key)
            todo += [choice.to for choice in guide.screens[key].choices]
    if missed := [key for key in guide.screens if key not in reached]:
        raise GuideIsWrong(f"{guide.name}: no tap leads to {missed[0]}")
    ending = {key for key, screen in guide.screens.items() if not screen.choices}
    while more := {
        key
        for key, screen in guide.screens.items()
        if key not in ending and any(choice.to in ending for choice in screen.choices)
    }:
        ending |= more
    if stuck := [key for key in guide.screens if key not in ending]:
        raise GuideIsWrong(f"{guide.name}: from {stuck[0]} no way leads to an end")
    noted = {choice.note for screen in guide.screens.values() for choice in screen.choices if choice.note}
    if guide.signs and noted != set(guide.signs):
        odd = sorted(noted ^ set(guide.signs))[0]
        raise GuideIsWrong(f"{guide.name}: the sign “{odd}” is noted and not described, or described and never noted")
    for screen in guide.screens.values():
        if screen.levels and screen.levels[0][0] != 0:
            raise GuideIsWrong(f"{guide.name}: the result needs an end from weight 0 on")
