"""Looks over lines and glossaries before anything learns from them: one finding a line, saying where it is and how to mend it.

A contradiction teaches nothing, a duplicate counts twice, and a test line that is also trained on measures nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from nlu.examples import FOLDER, Line, lines
from nlu.folding import fold
from nlu.glossaries import LONGEST, MEANINGLESS
from nlu.marks import read_test

LONGEST_GLOSS = 7
"""Words of a gloss; more is a sentence. Two or three are usual, a verb with its person and a negation needs more."""


def check(folder: Path = FOLDER, tests: Path | None = None) -> list[str]:
    """Return every finding in the lines and glossaries under `folder`; with `tests`, also lines that are in a test set."""
    every = lines(folder, repeated=True)
    unseen = read_test(tests) if tests is not None else []
    return [
        *_lines(every, unseen),
        *(finding for path in sorted(folder.glob("glossary/*.tsv")) for finding in _glossary(path)),
    ]


def key(text: str) -> str:
    """Return what makes two lines the same: letters as they are folded, spaces single."""
    return " ".join(fold(text).split())


def _lines(every: Iterable[Line], unseen: Iterable[Line]) -> Iterator[str]:
    tested = {(line.locale, key(line.text)) for line in unseen}
    known: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in every:
        same = known[line.locale, key(line.text)]
        where = f"{line.locale}: “{line.text}”"
        for other in {_label(one): one for one in same}.values():
            if (other.kind, other.category) == (line.kind, line.category):
                yield f"{where} stands twice as {_label(line)}; remove one"
            elif "topic" not in {other.kind, line.kind} or "disclosure" in {other.kind, line.kind}:
                yield f"{where} is {_label(other)} and {_label(line)}; keep one of them"
        if (line.locale, key(line.text)) in tested:
            yield f"{where} is in the test set; remove it, or it measures nothing"
        same.append(line)


def _label(line: Line) -> str:
    return line.kind if line.category == "none" else f"{line.kind} ({line.category})"


def _glossary(path: Path) -> Iterator[str]:
    head, *rows = path.read_text(encoding="utf-8").split("\n")
    if head.split("\t")[:2] != ["lemma", "gloss"]:
        yield f"{path.name}, line 1: write the head “lemma<tab>gloss” here; this line is not read"
    glosses: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        where = f"{path.name}, line {number}"
        if not row.strip():
            continue
        word, gloss = (part.strip() for part in (row + "\t").split("\t")[:2])
        entry = " ".join(fold(word).replace("-", " ").split())
        if not entry or not gloss:
            yield f"{where}: write a word, a tab and plain English (or {MEANINGLESS} for a word that means nothing)"
        elif len(entry.split()) > LONGEST:
            yield f"{where}: “{word}” has more than {LONGEST} words and is never found; shorten it"
        elif len(gloss.split()) > LONGEST_GLOSS:
            yield f"{where}: “{gloss}” is a sentence; two or three plain words say more"
        elif entry in glosses:
            again = "the same" if glosses[entry] == gloss else f"“{glosses[entry]}”, which counts"
            yield f"{where}: “{word}” is there already as {again}; remove one of them"
        if entry and gloss:
            glosses.setdefault(entry, gloss)
