"""`helpline eval`: how well children are understood, measured on lines that nobody trained on, through the code that a chat uses.

All lines are invented (tests/judgement/README.md). The table goes to docs/measurements.md by hand; the figures also to var/evaluation.json.
"""

from __future__ import annotations

import asyncio
import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot import assembly, evaluation_redaction, rasa, training
from bot.classifying import free_port, one
from bot.dialogue import Dialogue
from bot.language import Languages, Words, language_of
from bot.settings import ROOT, Settings
from bot.share import Share
from bot.understanding import Understanding
from locales import catalogue
from locales.scripts import to_cyrillic

JUDGEMENT = ROOT / "tests" / "judgement"
ALARMS = {"urgent", "emergency"}

PARTS = 4
"""Into how many parts the training lines are divided for cross-validation."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the test set, with what it should be understood as."""

    locale: str
    kind: str
    category: str
    urgency: str
    perspective: str
    style: str
    text: str


async def run(settings: Settings, say: Say) -> None:
    """Print the figures per locale: topics, languages, disclosures by urgency and category, false alarms; then cross-validation."""
    shares: dict[str, dict[str, Share]] = defaultdict(lambda: defaultdict(Share))
    settings = replace(settings, rasa_port=free_port(), rasa_seconds=30)
    process = rasa.RasaProcess(settings)
    await process.start()
    dialogue = Dialogue(settings.rasa_port, rasa.token(settings), settings.rasa_seconds)
    try:
        understanding = assembly.understanding(settings, catalogue.load())
        while not await dialogue.is_ready():
            await asyncio.sleep(0.3)
        say("Invented messages that nobody trained on (tests/judgement), each as the first of a conversation")
        for line in unseen_lines():
            _count(shares[line.locale], line, await one(understanding, dialogue, line.text))
        _languages(shares, understanding)
        _redaction(shares)
    finally:
        await dialogue.close()
        await process.stop()
    for measure in dict.fromkeys(name for own in shares.values() for name in own):
        say(
            f"  {measure:<42}"
            + "   ".join(f"{locale} {own[measure]}" for locale, own in shares.items() if measure in own)
        )
    figures = {locale: {name: [share.hits, share.of] for name, share in own.items()} for locale, own in shares.items()}
    (settings.state / "evaluation.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    from nlu import evaluation

    await asyncio.to_thread(_cross_validate_topics, say)
    await asyncio.to_thread(_cross_validate_languages, say)
    await asyncio.to_thread(evaluation.cross_validate, say)


def _cross_validate_topics(say: Say) -> None:
    """Topic accuracy on the training lines, four parts, each judged by a model fitted on the others."""
    from nlu.reading import Reader
    from nlu.vectors import LinearModel, vectorise

    reader, lines = Reader(), list(training.topic_lines(ROOT / "nlu"))
    matrix = vectorise([reader.read(text, locale) for locale, _, text in lines])
    topics = np.array([topic for _, topic, _ in lines])
    part = np.random.default_rng(1).integers(0, PARTS, len(lines))
    right: dict[str, Share] = defaultdict(Share)
    for held in range(PARTS):
        model = LinearModel().fit(matrix[part != held], topics[part != held].tolist())
        best = np.array(model.labels)[model.probabilities(matrix[part == held]).argmax(axis=1)]
        for at, found in zip(np.flatnonzero(part == held), best, strict=True):
            right[lines[at][0]].add(bool(found == topics[at]))
    say(
        "Topics, cross-validation on the training lines: "
        + "   ".join(f"{locale} {share}" for locale, share in right.items())
    )


def _cross_validate_languages(say: Say) -> None:
    """Language of the offered locales' training lines, four parts, the words of each counted on the others."""
    lines = list(training.example_lines(ROOT / "nlu"))
    part = np.random.default_rng(1).integers(0, PARTS, len(lines))
    asked: dict[str, Share] = defaultdict(Share)
    right: dict[str, Share] = defaultdict(Share)
    for held in range(PARTS):
        words = Words(Words.count(line for line, own in zip(lines, part, strict=True) if own != held))
        languages = Languages(catalogue.NAMES, words)
        for (language, text), own in zip(lines, part, strict=True):
            if own != held or language not in {"en", "sq", "hbs"}:
                continue
            heard = languages.hear(text).locale
            asked[language].add(heard is None)
            if heard is not None:
                right[language].add(language_of(heard) == language)
    for language, share in right.items():
        say(
            f"Language, cross-validation on the training lines: {language} asked {asked[language]}, right where answered {share}"
        )


def unseen_lines(folder: Path = JUDGEMENT) -> Iterable[Line]:
    """The separate test set; Serbian Cyrillic is the Latin set in the other script."""
    for path in sorted(folder.glob("*.tsv")):
        if path.stem not in catalogue.NAMES:
            continue
        for row in csv.DictReader(path.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE):
            line = Line(
                path.stem, row["kind"], row["category"], row["urgency"], row["perspective"], row["style"], row["text"]
            )
            yield line
            if path.stem == "sr-Latn":
                yield replace(line, locale="sr-Cyrl", text=to_cyrillic(line.text))


def _count(own: dict[str, Share], line: Line, answer: dict[str, object]) -> None:
    noticed = answer["disclosure"]
    assert isinstance(noticed, dict)  # noqa: S101
    urgency = noticed["urgency"]
    heard = answer["locale"]
    length = len(line.text.split())
    size = "1-3" if length <= 3 else "4-8" if length <= 8 else "9+"
    own[f"language asked, {size} words"].add(heard is None)
    if heard is not None:
        own[f"language right where answered, {size} words"].add(language_of(str(heard)) == language_of(line.locale))
    if line.kind == "topic":
        own["topic right"].add(answer["topic"] == line.category)
        own["topic question noticed"].add(urgency != "none")
    elif line.kind == "hard_negative":
        own["look-alike noticed"].add(urgency != "none")
        own["look-alike called urgent or emergency"].add(urgency in ALARMS)
    else:
        own["disclosure noticed"].add(urgency != "none")
        own[f"disclosure noticed, {line.urgency}"].add(urgency != "none")
        if "indirect" in line.style:
            own["disclosure noticed, indirect"].add(urgency != "none")
        own[f"disclosure noticed, {line.category}"].add(urgency != "none")
        if line.urgency == "emergency":
            own["emergency called emergency"].add(urgency == "emergency")
        if urgency != "none":
            own["category among those given"].add(line.category in noticed["categories"])
            own["perspective right"].add(line.perspective == noticed["perspective"])


def _redaction(shares: dict[str, dict[str, Share]]) -> None:
    for name in evaluation_redaction.SETS:
        for locale, measured in evaluation_redaction.measure(name).items():
            shares[locale][f"{name}: taken out"] = measured.found
            shares[locale][f"{name}: harmless changed"] = measured.wrong


def _languages(shares: dict[str, dict[str, Share]], understanding: Understanding) -> None:
    for row in csv.DictReader(
        (JUDGEMENT / "language.tsv").open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE
    ):
        heard = understanding.of(row["text"]).heard.locale
        own = shares[row["locale"]]
        size = "1-3" if len(row["text"].split()) <= 3 else "4-9"
        own[f"everyday line: language asked, {size} words"].add(heard is None)
        if heard is not None:
            own[f"everyday line: language right, {size} words"].add(heard == row["locale"])
