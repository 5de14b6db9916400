"""Fitting the disclosure models on everything that editors wrote, in all languages together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.examples import FOLDER, lines
from nlu.reading import Reader
from nlu.vectors import vectorise
from nlu.weighing import (
    DISCLOSURE,
    HARMLESS,
    Example,
    Thresholds,
    Weigher,
    clues,
    disclosure_chances,
    fit_noticing,
    fit_urgency,
)

_NOTICED = 0.95
_FALSELY_ALARMED = 0.03
_FALSELY_EMERGENCIES = 0.025
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
    harmless look-alikes would alarm, but not below `noticed`; `emergency` where no more than 2.5 of 100 would be an emergency.
    """
    matrix = vectorise([one.reading for one in examples], [clues(one.reading) for one in examples])
    kinds = np.array([one.kind for one in examples])
    fold = np.random.default_rng(1).integers(0, _FOLDS, len(examples))
    chance, emergency = np.zeros(len(examples)), np.zeros(len(examples))
    for held in range(_FOLDS):
        fitted = np.flatnonzero(fold != held)
        some, judged = [examples[int(at)] for at in fitted], matrix[fold == held]
        urgency = fit_urgency(matrix[fitted], some)
        chance[fold == held] = disclosure_chances(fit_noticing(matrix[fitted], some), judged)
        emergency[fold == held] = urgency.probabilities(judged)[:, urgency.labels.index("emergency")]
    return between(kinds, chance, chance * emergency)


def between(kinds: NDArray[np.str_], chance: NDArray[np.float64], emergency: NDArray[np.float64]) -> Thresholds:
    """Choose the thresholds from lines' kinds and the chances of a disclosure and of an emergency, by models not fitted on them."""
    noticed = float(np.quantile(chance[kinds == DISCLOSURE], 1 - _NOTICED))
    harmless = kinds == HARMLESS
    if not harmless.any():
        return Thresholds(noticed, max(noticed, 0.5))
    alarmed = float(np.quantile(chance[harmless], 1 - _FALSELY_ALARMED))
    return Thresholds(noticed, max(noticed, alarmed), float(np.quantile(emergency[harmless], 1 - _FALSELY_EMERGENCIES)))
