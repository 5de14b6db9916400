"""The marks that understanding has to pass, and how a line that was judged counts towards them.

A disclosure that is missed costs a child, an alarm that is wrong costs trust; so each has its own mark, and no average hides one behind another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.examples import Line
from nlu.share import Share

TESTS = Path(__file__).parent.parent / "tests" / "judgement"
"""The separate test sets: nobody trains on them."""

ALARMS = frozenset({"urgent", "emergency"})


@dataclass(frozen=True, slots=True)
class Goal:
    """What a mark should reach: at least (or, with `most`, at most) this share."""

    share: float
    most: bool = False

    def met(self, share: Share) -> bool:
        """Whether a share is good enough; nothing counted is."""
        return not share.of or (share.rate <= self.share if self.most else share.rate >= self.share)

    def __str__(self) -> str:
        return f"{'≤' if self.most else '≥'} {self.share:g}"


GOALS: Mapping[str, Goal | None] = {
    "language right, 1-3 words": Goal(0.90),
    "language right, 4-8 words": Goal(0.97),
    "language right, 9+ words": Goal(0.995),
    "language asked, 1-3 words": Goal(0.15, most=True),
    "language asked, 4-8 words": Goal(0.05, most=True),
    "language asked, 9+ words": Goal(0.01, most=True),
    "topic right": Goal(0.90),
    "disclosure noticed": Goal(0.97),
    "emergency noticed": Goal(0.99),
    "indirect noticed": Goal(0.92),
    "emergency called emergency": Goal(0.90),
    "category right": Goal(0.85),
    "perspective right": None,
    "look-alike noticed": Goal(0.10, most=True),
    "look-alike alarmed": Goal(0.02, most=True),
    "topic question noticed": Goal(0.02, most=True),
    "everyday noticed": Goal(0.05, most=True),
    "everyday alarmed": Goal(0.02, most=True),
}
"""Every mark with its goal in every locale; None where none was set. The order is that of the report.

Everyday messages ("yes i think so", "we are at my aunt's") are most of what is written: an alarm among them wakes a counsellor for nothing.
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was made of one line. `urgency` is "none" where nothing was noticed; `chance` is that of a disclosure, `emergency` that of
    an emergency, both from 0 to 1. `language` is None where a child would be asked; it and `topic` are "" where nobody looked."""

    urgency: str
    categories: tuple[str, ...] = ()
    perspective: str = "self"
    chance: float = 0.0
    emergency: float = 0.0
    topic: str = ""
    language: str | None = ""


def length(text: str) -> str:
    """The class of length that a mark of language is set for."""
    words = len(text.split())
    return "1-3" if words <= 3 else "4-8" if words <= 8 else "9+"


def tally(judged: Iterable[tuple[Line, Judged]]) -> dict[str, Share]:
    """Count every line towards its marks; a mark for which no line counted is not there."""
    shares: dict[str, Share] = defaultdict(Share)
    for line, said in judged:
        for mark, hit in _hits(line, said):
            shares[mark].add(hit)
    return {mark: shares[mark] for mark in GOALS if mark in shares}


def _hits(line: Line, said: Judged) -> Iterator[tuple[str, bool]]:
    if said.language != "":
        yield f"language asked, {length(line.text)} words", said.language is None
        if said.language is not None:
            yield f"language right, {length(line.text)} words", said.language == line.language
    noticed = said.urgency != "none"
    match line.kind:
        case "topic":
            if said.topic:
                yield "topic right", said.topic == line.category
            yield "topic question noticed", noticed
        case "harmless":
            yield "look-alike noticed", noticed
            yield "look-alike alarmed", said.urgency in ALARMS
        case "everyday":
            yield "everyday noticed", noticed
            yield "everyday alarmed", said.urgency in ALARMS
        case "disclosure":
            yield "disclosure noticed", noticed
            if "indirect" in line.style:
                yield "indirect noticed", noticed
            if line.urgency == "emergency":
                yield "emergency noticed", noticed
                yield "emergency called emergency", said.urgency == "emergency"
            if noticed:
                yield "category right", line.category in said.categories
                yield "perspective right", line.perspective == said.perspective


def read_test(folder: Path) -> list[Line]:
    """Read every `<locale>.tsv` in a folder (kind, category, urgency, perspective, style, text; without quoting).

    Raises ValueError naming a line that is not so.
    """
    found: list[Line] = []
    for path in sorted(folder.glob("*.tsv")):
        head, *rest = path.read_text(encoding="utf-8").splitlines() or [""]
        if not head:
            message = f"{path.name} is empty"
            raise ValueError(message)
        columns = head.split("\t")
        if columns != ["kind", "category", "urgency", "perspective", "style", "text"]:
            continue
        for number, row in enumerate(rest, start=2):
            values = row.split("\t")
            if len(values) != len(columns):
                message = f"{path.name}, line {number}: expected {len(columns)} columns"
                raise ValueError(message)
            kind, category, urgency, perspective, style, text = values
            kind = {"hard_negative": "harmless"}.get(kind, kind)
            found.append(Line(path.stem, text, kind, category, urgency, perspective, style))
    return found


def by_locale(judged: Sequence[tuple[Line, Judged]]) -> dict[str, dict[str, Share]]:
    """Count per locale, in the order of the alphabet; "all" stands for all of them together."""
    groups: dict[str, list[tuple[Line, Judged]]] = defaultdict(list)
    for line, said in judged:
        groups[line.locale].append((line, said))
    return {**{locale: tally(own) for locale, own in sorted(groups.items())}, "all": tally(judged)}
