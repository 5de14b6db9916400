"""How much of what could lead to a person is taken out, and how many harmless lines lose something, per locale.

Three sets of invented lines (tests/judgement/README.md): `redaction-<locale>.tsv` (text, expected) was written together with the scrubbers;
`unseen-redaction-<locale>.tsv` (kind, text, pieces) by another hand, and read when the figures missed their mark; `heldout-redaction-<locale>.tsv`
by another hand, and never read: it is the measure. Serbian Cyrillic is the Latin set in the other script, with what the first set has of its own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.redaction import redact
from bot.settings import ROOT
from locales.scripts import to_cyrillic
from nlu.share import Share

JUDGEMENT = ROOT / "tests" / "judgement"
SETS = ("redaction", "unseen-redaction", "heldout-redaction")
BETWEEN_PIECES = " | "

_PLACEHOLDER = re.compile(r"\[[a-z]+\]")
_NUMBER = re.compile(r"(\[[a-z]+) \d+\]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line and what must be gone from it; nothing, if it is harmless and must come out unchanged.

    `expected` is the whole line as it should come out, its placeholders without numbers; None where only the pieces matter.
    """

    locale: str
    text: str
    pieces: tuple[str, ...]
    expected: str | None = None

    @property
    def harmless(self) -> bool:
        """Whether nothing may be taken out."""
        return not self.pieces and self.expected in {None, self.text}

    def in_cyrillic(self) -> Line:
        """The same line in Serbian Cyrillic; placeholders stay as they are."""
        pieces = tuple(to_cyrillic(piece) for piece in self.pieces)
        return Line("sr-Cyrl", to_cyrillic(self.text), pieces, self.expected and _cyrillic_around(self.expected))


@dataclass(frozen=True, slots=True)
class Measured:
    """What one locale's lines showed: `found` counts what had to go, `wrong` the harmless lines that were changed. `failed` are the lines, for a test
    to show; they are invented."""

    found: Share
    wrong: Share
    failed: list[str] = field(repr=False)


def measure(name: str, folder: Path = JUDGEMENT) -> Mapping[str, Measured]:
    """Measure the set of this name, per locale; empty where it has no files."""
    measured: dict[str, Measured] = {}
    for line in lines(name, folder):
        own = measured.setdefault(line.locale, Measured(Share(), Share(), []))
        came_out = redact(line.text).text
        if line.harmless:
            own.wrong.add(came_out != line.text)
            right = came_out == line.text
        elif line.expected is not None:
            right = without_numbers(came_out) == line.expected
            own.found.add(right)
        else:
            gone = [piece not in came_out for piece in line.pieces]
            right = all(gone)
            for hit in gone:
                own.found.add(hit)
        if not right:
            own.failed.append(f"{line.text} -> {came_out}")
    return measured


def lines(name: str, folder: Path = JUDGEMENT) -> Iterator[Line]:
    """Every line of the set of this name."""
    for path in sorted(folder.glob(f"{name}-*.tsv")):
        locale = path.stem.removeprefix(f"{name}-")
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                pieces = tuple(piece for piece in (row.get("pieces") or "").split(BETWEEN_PIECES) if piece.strip())
                line = Line(locale, row["text"], pieces, row.get("expected"))
                yield line
                if locale == "sr-Latn":
                    yield line.in_cyrillic()


def without_numbers(text: str) -> str:
    """The text with "[name]" for "[name 1]"."""
    return _NUMBER.sub(r"\1]", text)


def _cyrillic_around(text: str) -> str:
    parts: list[str] = []
    at = 0
    for held in _PLACEHOLDER.finditer(text):
        parts += [to_cyrillic(text[at : held.start()]), held.group()]
        at = held.end()
    return "".join([*parts, to_cyrillic(text[at:])])
