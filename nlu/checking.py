"""Looks over lines and glossaries before anything learns from them: one finding a line, saying where it is and how to mend it.

A contradiction teaches nothing, a duplicate counts twice, and a test line that is also trained on measures nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nlu.examples import FOLDER, Line, lines
from nlu.folding import fold, typed
from nlu.glossaries import LONGEST, MEANINGLESS, entry
from nlu.marks import read_test

LONGEST_GLOSS = 7
"""Words of a gloss; more is a sentence. Two or three are usual, a verb with its person and a negation needs more."""


LONGEST_LINE = 300
"""Characters of an example line; children seldom write more at once."""

_MARKUP = re.compile(r"\][\[({]|^-|[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What would mean something to whoever reads the files that lines are kept in."""

_NUMBER = re.compile(r"\d(?:[\s./()-]?\d){4}")
_ADDRESS = re.compile(r"@|https?:|www\.", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """What is wrong with a word or a line and how to mend it; what is `grave` is refused, the rest is to be known."""

    says: str
    grave: bool = True


def look_at_word(text: str, gloss: str, known: Mapping[str, str]) -> Iterator[Finding]:
    """Look over one word before it is taught; `known` are the entries of its language, folded."""
    form = entry(text)
    if not form or not gloss:
        yield Finding(
            f"Write a word, and what it means in plain English (or {MEANINGLESS} if it means nothing by itself)."
        )
        return
    if len(form.split()) > LONGEST:
        yield Finding(f"“{text}” has more than {LONGEST} words and is never found; shorten it.")
    if _MARKUP.search(text) or _NUMBER.search(text) or _ADDRESS.search(text) or not any(map(str.isalpha, form)):
        yield Finding(f"“{text}” is no word; write it as a child types it, without numbers or addresses.")
    if len(gloss.split()) > LONGEST_GLOSS:
        yield Finding(f"“{gloss}” is a sentence; two or three plain words say more.")
    if gloss != MEANINGLESS and not re.fullmatch(r"[A-Za-z' -]+", gloss):
        yield Finding(f"“{gloss}” is not plain English; write letters from a to z only.")
    if form in known:
        meant = known[form] or MEANINGLESS
        if meant == gloss:
            yield Finding(f"“{text}” is there already as the same.")
        else:
            yield Finding(f"“{text}” is there already as “{meant}”; yours will count instead.", grave=False)
    elif len(form) < 3:
        yield Finding("So short a word is part of many messages; try what it changes.", grave=False)


def look_at_line(written: Line, known: Iterable[Line], unseen: Iterable[Line]) -> Iterator[Finding]:
    """Look over one line before it is taught; `known` are the lines of its locale, `unseen` those of the test sets."""
    text = written.text
    if not any(letter.isalpha() for letter in text):
        yield Finding("Write a line as a child would.")
        return
    if len(text) > LONGEST_LINE:
        yield Finding(f"{len(text)} characters are more than a child writes at once; at most {LONGEST_LINE}.")
    if _MARKUP.search(text):
        yield Finding("Write one line that begins with no dash, and nothing in [ ] directly before another bracket.")
    if _NUMBER.search(text) or _ADDRESS.search(text):
        yield Finding("This holds a number or an address; write [phone], [email] or [link] in its place.")
    same = [one for one in known if key(one.text) == key(text)]
    tested = [one for one in unseen if key(one.text) == key(text)]
    for finding in _lines([*same, written], tested):
        yield Finding(finding)


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
    written: dict[str, set[str]] = defaultdict(set)
    for number, row in enumerate(rows, start=2):
        where = f"{path.name}, line {number}"
        if not row.strip():
            continue
        word, gloss = (part.strip() for part in (row + "\t").split("\t")[:2])
        key_of = entry(word)
        if not key_of or not gloss:
            yield f"{where}: write a word, a tab and plain English (or {MEANINGLESS} for a word that means nothing)"
        elif len(key_of.split()) > LONGEST:
            yield f"{where}: “{word}” has more than {LONGEST} words and is never found; shorten it"
        elif len(gloss.split()) > LONGEST_GLOSS:
            yield f"{where}: “{gloss}” is a sentence; two or three plain words say more"
        elif key_of in glosses and (glosses[key_of] == gloss or " " in key_of or typed(word) in written[key_of]):
            again = "the same" if glosses[key_of] == gloss else f"“{glosses[key_of]}”, which counts"
            yield f"{where}: “{word}” is there already as {again}; remove one of them"
        if key_of and gloss:
            written[key_of].add(typed(word))
            glosses.setdefault(key_of, gloss)
