"""`helpline eval`: how well children are understood, by the code that a chat uses, on lines that nobody trained on.

Two views, for one of them alone misleads: a separate test set per locale, written by other hands than the training lines and never tuned to
(tests/judgement/README.md), and cross-validation on the many training lines (bot/crossing.py). Every line is invented.
"""

from __future__ import annotations

import asyncio
import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot import assembly, comparison, crossing, evaluation_redaction, report
from bot.classifying import AT_ONCE, own_rasa, topic_of
from bot.dialogue import Dialogue
from bot.settings import ROOT, Settings
from bot.understanding import Understanding
from locales import catalogue
from locales.scripts import to_cyrillic
from nlu.examples import Line
from nlu.languages import language_of
from nlu.marks import Judged, read_test, tally
from nlu.reading import Reader, Source
from nlu.share import Share

JUDGEMENT = ROOT / "tests" / "judgement"
DOCS = ROOT / "docs"

Say = Callable[[str], None]


async def run(settings: Settings, say: Say) -> list[str]:
    """Measure everything, write docs/evaluation.md and .json with their pictures, and return what is worse than in the last committed report."""
    before = comparison.committed(DOCS / "evaluation.json")
    tested = await _test(settings, unseen_lines(), say)
    crossed = await asyncio.to_thread(crossing.cross_validate, say)
    everyday = await asyncio.to_thread(_everyday, settings)
    figures = report.Figures(
        tested=tested,
        crossed=crossed,
        everyday=everyday,
        covered=coverage([line for line, _ in tested]),
        redaction={name: evaluation_redaction.measure(name) for name in evaluation_redaction.SETS},
    )
    report.write(figures, DOCS)
    say(report.summary(figures))
    return comparison.drops(before, report.as_data(figures))


def unseen_lines(folder: Path = JUDGEMENT) -> list[Line]:
    """The separate test set of every locale; Serbian Cyrillic is the Latin set in the other script."""
    found = read_test(folder)
    return [
        *found,
        *(replace(line, locale="sr-Cyrl", text=to_cyrillic(line.text)) for line in found if line.locale == "sr-Latn"),
    ]


def coverage(lines: Sequence[Line]) -> dict[str, Share]:
    """Of the words of each locale's lines, how many its glossary or English knows without guessing. English itself is its own gloss."""
    reader, shares = Reader(), defaultdict[str, Share](Share)
    for line in (line for line in lines if line.language != "en"):
        for word in reader.read(line.text, line.locale).words:
            if word.source is not Source.SIGN and any(letter.isalpha() for letter in word.text):
                shares[line.locale].add(word.source in {Source.GLOSSARY, Source.ENGLISH})
    return dict(shares)


async def _test(settings: Settings, lines: Sequence[Line], say: Say) -> list[tuple[Line, Judged]]:
    """Every line as the first message of a new conversation, with a Rasa of its own."""
    judged: list[tuple[Line, Judged]] = []
    async with own_rasa(settings) as dialogue:
        understanding = assembly.understanding(settings, catalogue.load())
        say(f"judging {len(lines)} lines of the test sets")
        for start in range(0, len(lines), AT_ONCE):
            some = lines[start : start + AT_ONCE]
            judged += zip(
                some, await asyncio.gather(*(_judge(understanding, dialogue, line) for line in some)), strict=True
            )
    return judged


async def _judge(understanding: Understanding, dialogue: Dialogue, line: Line) -> Judged:
    understood = understanding.of(line.text)
    judgement, heard = understood.judgement, understood.heard
    topic = (await topic_of(dialogue, understood))[0] if line.kind == "topic" else None
    return Judged(
        judgement.urgency.value,
        tuple(category.value for category in judgement.categories),
        judgement.perspective.value,
        judgement.score,
        topic=topic or "",
        language=None if heard.locale is None else language_of(heard.locale),
    )


def _everyday(settings: Settings) -> dict[str, dict[str, Share]]:
    """Language of everyday lines, per language: in those that are offered, and in neighbours' that are not (then asking is right)."""
    understanding = assembly.understanding(settings, catalogue.load())
    groups: dict[str, list[tuple[Line, Judged]]] = defaultdict(list)
    for locale, text in _rows(JUDGEMENT / "language.tsv"):
        heard = understanding.of(text).heard.locale
        line = Line(locale, text, "language")
        groups[line.language].append((line, Judged("none", language=None if heard is None else language_of(heard))))
    return {language: tally(own) for language, own in sorted(groups.items())} | {
        "all": tally([one for own in groups.values() for one in own])
    }


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row["locale"], row["text"]
