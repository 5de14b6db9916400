"""Cross-validation: every training line judged by models that were fitted on other situations, through the decisions that a chat uses.

It shows what the separate test set is too small to show (calibration, categories, which topics are confused), on many lines; they are harder
than the test set's, for they were written to teach the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.disclosure import Weighed, judge
from nlu.examples import FOLDER, Line, lines
from nlu.marks import Judged
from nlu.reading import Reading
from nlu.topics import fit_topics
from nlu.training import PARTS, between, folds, read
from nlu.vectors import vectorise
from nlu.weighing import Example, Weigher, numbers


@dataclass(frozen=True)
class Crossed:
    """A line, how it was read, and what was made of it by models that had not seen its situation."""

    line: Line
    reading: Reading
    judged: Judged


def cross_validate(say: Callable[[str], None]) -> list[Crossed]:
    """Judge every line under nlu/. Takes some minutes on two cores."""
    every, examples = lines(), read(FOLDER, say)
    fold = folds([one.reading for one in examples])
    topics = _topics(every, examples, fold, say)
    weighed = _weighed(examples, fold, say)
    kinds = np.array([one.kind for one in examples])
    chances = np.array([one.weight.disclosure if one.weight else 0.0 for one in weighed])
    emergencies = np.array([one.weight.emergency if one.weight else 0.0 for one in weighed])
    thresholds = [
        between(kinds[fold != held], chances[fold != held], emergencies[fold != held]) for held in range(PARTS)
    ]
    found = []
    for at, line in enumerate(every):
        judgement = judge(weighed[at], thresholds[int(fold[at])])
        categories = tuple(category.value for category in judgement.categories)
        judged = Judged(
            judgement.urgency.value,
            categories,
            judgement.perspective.value,
            float(chances[at]),
            float(emergencies[at]),
            topics.get(at, ""),
        )
        found.append(Crossed(line, examples[at].reading, judged))
    return found


def _weighed(examples: Sequence[Example], fold: NDArray[np.int64], say: Callable[[str], None]) -> list[Weighed]:
    """Weigh every line by a weigher that was fitted on the other parts; it fills in every label, whatever the chance."""
    matrix = numbers([one.reading for one in examples])
    weighed: dict[int, Weighed] = {}
    for held in range(PARTS):
        say(f"cross-validation: disclosures, part {held + 1} of {PARTS}")
        fitted, judged = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        weigher = Weigher.fit([examples[int(at)] for at in fitted], matrix=matrix[fitted])
        weights = weigher.weigh_all(matrix[judged])
        for at, weight in zip(judged.tolist(), weights, strict=True):
            weighed[at] = Weighed.of("", examples[at].reading, weight)
    return [weighed[at] for at in range(len(examples))]


def _topics(
    every: Sequence[Line], examples: Sequence[Example], fold: NDArray[np.int64], say: Callable[[str], None]
) -> dict[int, str]:
    """Return the likeliest topic of every topic line, by its place."""
    say("cross-validation: topics")
    asked = np.array([at for at, line in enumerate(every) if line.kind == "topic"])
    readings = [examples[int(at)].reading for at in asked]
    matrix = vectorise(readings)
    labels = np.array([every[int(at)].category for at in asked])
    found: dict[int, str] = {}
    for held in range(PARTS):
        judged = np.flatnonzero(fold[asked] == held)
        model = fit_topics(matrix[fold[asked] != held], labels[fold[asked] != held].tolist())
        best = model.probabilities(matrix[judged]).argmax(axis=1)
        found |= {int(asked[at]): model.labels[place] for at, place in zip(judged, best, strict=True)}
    return found
