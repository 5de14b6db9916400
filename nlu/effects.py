"""What a change of lines or glossaries does to understanding, before anybody trains anew: judged on the test sets.

The trained models know the lines they came from (`learned`, a copy that training leaves). A new word only changes how messages are
read, which is judged in a minute. Where lines have changed the models are fitted anew, in some minutes; only the thresholds stay, and the
topics, which lines of disclosures do not change.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlu import taught
from nlu.examples import FOLDER, Line, lines
from nlu.glossaries import entries
from nlu.marks import Judged, by_locale, read_test
from nlu.reading import Reader
from nlu.share import Share
from nlu.training import read
from nlu.weighing import Weigher, numbers

_SHOWN = (
    "disclosure noticed",
    "emergency noticed",
    "indirect noticed",
    "look-alike noticed",
    "look-alike alarmed",
    "topic question noticed",
    "everyday noticed",
    "everyday alarmed",
)


@dataclass(frozen=True)
class Effect:
    """What changed (lines and glossary entries, "+ ..." and "- ..."), the test lines judged otherwise now, and the marks before and after."""

    changed: tuple[str, ...]
    judged: tuple[str, ...] = ()
    before: dict[str, dict[str, Share]] = field(default_factory=dict)
    after: dict[str, dict[str, Share]] = field(default_factory=dict)
    sides: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def marks(self) -> Iterator[str]:
        """One line for every mark that moved, over all locales or in one."""
        for locale, own in self.after.items():
            for mark in _SHOWN:
                was, now = self.before[locale].get(mark), own.get(mark)
                if was is not None and now is not None and was.hits != now.hits:
                    yield f"{locale}: {mark} {was} → {now}"

    def moved(self) -> Iterator[str]:
        """One line for every kind of test lines that changed sides, counted and not named: whoever reads them begins to write for them."""
        for (locale, kind, turn), count in sorted(self.sides.items()):
            yield f"{locale}: {count} {kind} line(s) {turn}"


@dataclass(frozen=True)
class Material:
    """What is learned from: a folder of lines and glossaries, and one of what was taught beside it, if anything was."""

    folder: Path
    taught: Path | None = None

    def lines(self) -> list[Line]:
        """Every line."""
        return [*lines(self.folder), *taught.read(self.taught).lines]

    def reader(self) -> Reader:
        """What reads with all of its words."""
        reader = Reader(self.folder / "glossary")
        reader.teach(taught.read(self.taught).words)
        return reader


def keep(learned: Path, folder: Path = FOLDER) -> None:
    """Leave a copy of the lines and glossaries under `folder` beside the models that learned from them. Raises OSError without any."""
    _there(folder)
    unfinished = learned.with_name("learned.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for path in sorted([*folder.glob("*/*.yml"), *folder.glob("glossary/*.tsv")]):
        target = unfinished / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.rmtree(learned, ignore_errors=True)
    unfinished.replace(learned)


def effect(weigher: Weigher, learned: Material, now: Material, tests: Path, say: Callable[[str], None]) -> Effect:
    """Compare what there is `now` with what was `learned`. Raises OSError or ValueError where a file is missing or not as it should be."""
    _there(learned.folder, now.folder, tests)
    lines_changed = [*_differences(map(_described, learned.lines()), map(_described, now.lines()))]
    words_changed = [*_differences(_entries(learned), _entries(now))]
    if not lines_changed and not words_changed:
        return Effect(())
    unseen = read_test(tests)
    before = _judge(weigher, unseen, learned)
    if lines_changed:
        say("learning all lines, the new ones among them")
        weigher = Weigher.fit(read(now.folder, say, now.taught), weigher.thresholds)
    after = _judge(weigher, unseen, now)
    otherwise = [
        (line, was.urgency, then.urgency)
        for (line, was), (_, then) in zip(before, after, strict=True)
        if was.urgency != then.urgency
    ]
    judged = tuple(
        f"{line.locale} {line.kind} ({line.urgency}) “{line.text}”: {was} → {then}" for line, was, then in otherwise
    )
    sides = Counter((line.locale, line.kind, _turn(was, then)) for line, was, then in otherwise)
    return Effect((*lines_changed, *words_changed), judged, by_locale(before), by_locale(after), sides)


def _turn(was: str, now: str) -> str:
    if was == "none":
        return "noticed now"
    return "noticed no longer" if now == "none" else "of another urgency now"


def _there(*folders: Path) -> None:
    for folder in folders:
        if not folder.is_dir():
            raise FileNotFoundError(folder)


def _described(line: Line) -> str:
    return f"{line.locale} {' '.join(label for label in (line.kind, line.category, line.urgency) if label != 'none')}: {line.text}"


def _entries(material: Material) -> Iterator[str]:
    for folder in (material.folder, material.taught):
        for path in sorted(folder.glob("glossary/*.tsv")) if folder is not None else ():
            yield from (f"{path.stem} glossary: {word} = {gloss or '-'}" for word, gloss in entries(path).items())


def _differences(old: Iterator[str], new: Iterator[str]) -> Iterator[str]:
    was, now = dict.fromkeys(old), dict.fromkeys(new)
    yield from (f"+ {one}" for one in now if one not in was)
    yield from (f"- {one}" for one in was if one not in now)


def _judge(weigher: Weigher, unseen: Sequence[Line], material: Material) -> list[tuple[Line, Judged]]:
    """Judge by the models alone; the chat's statements and grammar (bot/disclosure.py) come on top and do not change with lines."""
    reader = material.reader()
    readings = [reader.read(line.text, line.locale) for line in unseen]
    thresholds = weigher.thresholds
    found = []
    for line, weight in zip(unseen, weigher.weigh_all(numbers(readings)), strict=True):
        urgency = "none"
        if weight.disclosure >= thresholds.noticed:
            urgency = weight.likeliest_urgency if weight.disclosure >= thresholds.alarmed else "concern"
            urgency = "emergency" if weight.emergency >= thresholds.emergency else urgency
        found.append(
            (line, Judged(urgency, weight.likeliest_categories, chance=weight.disclosure, emergency=weight.emergency))
        )
    return found
