"""Fitting the disclosure models on everything that editors wrote, in all languages together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.examples import FOLDER, lines
from nlu.reading import Reader
from nlu.vectors import vectorise
from nlu.weighing import DISCLOSURE, HARMLESS, Example, Thresholds, Weigher, clues, disclosure_chances, fit_kinds

_NOTICED = 0.95
_FALSELY_ALARMED = 0.03
_FOLDS = 3


def train(folder: Path, progress: Callable[[str], None], nlu: Path = FOLDER) -> None:
    """Fit everything on `nlu`/*/disclosures.yml and topics.yml and save it under `folder`. Takes under a minute on two cores."""
    examples = read(nlu, progress)
    progress(f"disclosures: choosing thresholds by cross-validation on {len(examples)} lines")
    thresholds = choose_thresholds(examples)
    progress("disclosures: fitting the models")
    Weigher.fit(examples, thresholds).save(folder)
    progress(f"disclosures: done (noticed from {thresholds.noticed:.2f}, alarmed from {thresholds.alarmed:.2f})")


def read(nlu: Path, progress: Callable[[str], None]) -> list[Example]:
    """Read every line through the glossaries."""
    reader = Reader()
    progress("disclosures: reading the lines through the glossaries")
    return [
        Example(reader.read(line.text, line.locale), line.kind, line.urgency, line.category, line.perspective)
        for line in lines(nlu)
    ]


def choose_thresholds(examples: Sequence[Example]) -> Thresholds:
    """Choose where to notice and where to alarm from what cross-validation sees on lines it was not fitted on.

    Noticing comes first (promise 1): `noticed` is where 95 of 100 disclosures are noticed. `alarmed` is where no more than 3 of 100
    harmless look-alikes would alarm, but not below `noticed`.
    """
    matrix = vectorise([one.reading for one in examples], [clues(one.reading) for one in examples])
    kinds = np.array([one.kind for one in examples])
    fold = np.random.default_rng(1).integers(0, _FOLDS, len(examples))
    chance = np.zeros(len(examples))
    for held in range(_FOLDS):
        fitted = np.flatnonzero(fold != held)
        model = fit_kinds(matrix[fitted], [examples[int(at)] for at in fitted])
        chance[fold == held] = disclosure_chances(model, matrix[fold == held])
    return between(kinds, chance)


def between(kinds: NDArray[np.str_], chance: NDArray[np.float64]) -> Thresholds:
    """Choose the thresholds from lines' kinds and the chances that models gave them which were not fitted on them."""
    noticed = float(np.quantile(chance[kinds == DISCLOSURE], 1 - _NOTICED))
    alarmed = float(np.quantile(chance[kinds == HARMLESS], 1 - _FALSELY_ALARMED)) if (kinds == HARMLESS).any() else 0.5
    return Thresholds(noticed, max(noticed, alarmed))
