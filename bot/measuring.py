"""How well trained models understand the separate test sets, read as a chat reads them, without starting a Rasa.

The topic is the likeliest of the classifier inside Rasa's archive: the same numbers through the same reader, so the marks are those of
`helpline eval`, and no second Rasa needs its gigabyte beside the one that answers children.
"""

from __future__ import annotations

import json
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot import assembly, comparison
from bot.evaluation import unseen_lines
from bot.rasa import model_path
from bot.settings import Settings
from bot.understanding import Understanding, Understood
from locales import catalogue
from nlu.examples import Line
from nlu.languages import language_of
from nlu.marks import Judged, by_locale
from nlu.share import Share
from nlu.taught import Words
from nlu.vectors import LinearModel, vectorise

CHANCE = 2
"""So many lines of one locale's test set may turn by chance: it has about two hundred, and any new training moves those at a threshold."""

Marks = dict[str, dict[str, Share]]


def measure(settings: Settings, words: Words, lines: Sequence[Line] | None = None) -> Marks:
    """The marks of the models of these settings per locale and over "all", with these taught words live, as they are in the chat."""
    understanding = assembly.understanding(settings, catalogue.load())
    understanding.reader.teach(words)
    lines = unseen_lines() if lines is None else lines
    understood = [understanding.of(line.text) for line in lines]
    topics = _topics(settings, understanding, [(line, one) for line, one in zip(lines, understood, strict=True)])
    return by_locale(
        [(line, replace(_judged(one), topic=topic)) for line, one, topic in zip(lines, understood, topics, strict=True)]
    )


def worse(before: Marks, after: Marks) -> list[str]:
    """One line for every mark that fell: over all locales by more than a point, or in one by more than a point and CHANCE lines."""
    return comparison.drops({"test": _plain(before)}, {"test": _plain(after)}, CHANCE)


def _plain(marks: Marks) -> dict[str, dict[str, list[int]]]:
    return {locale: {mark: [share.hits, share.of] for mark, share in own.items()} for locale, own in marks.items()}


def _judged(understood: Understood) -> Judged:
    judgement, heard = understood.judgement, understood.heard
    return Judged(
        judgement.urgency.value,
        tuple(category.value for category in judgement.categories),
        judgement.perspective.value,
        judgement.score,
        language=None if heard.locale is None else language_of(heard.locale),
    )


def _topics(settings: Settings, understanding: Understanding, lines: list[tuple[Line, Understood]]) -> list[str]:
    """The likeliest topic of every topic line, "" for the others; Rasa reads with the words that its model has learned."""
    model, words = _archived(model_path(settings))
    understanding.reader.teach(words)
    asked = [at for at, (line, one) in enumerate(lines) if line.kind == "topic" and one.text]
    readings = [understanding.reader.read(lines[at][1].text, lines[at][1].read_as) for at in asked]
    found = [""] * len(lines)
    for at, chances in zip(asked, model.probabilities(vectorise(readings)), strict=True):
        found[at] = model.labels[int(chances.argmax())]
    return found


def _archived(archive: Path) -> tuple[LinearModel, Words]:
    """The topic classifier in Rasa's archive, and the words that it reads with. Raises OSError or KeyError when it is not there."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as tar:
        parts = {Path(part.name).name: part for part in tar.getmembers() if "TopicClassifier" in part.name}
        target = Path(folder) / "topics.npz"
        target.write_bytes(_content(tar, parts["topics.npz"]))
        words = json.loads(_content(tar, parts["taught.json"])) if "taught.json" in parts else {}
        return LinearModel.load(target), words


def _content(tar: tarfile.TarFile, part: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(part)
    if file is None:
        raise KeyError(part.name)
    return file.read()
