"""Fitting the disclosure models on everything that editors wrote, in all languages together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlu import taught as taught_beside
from nlu.examples import FOLDER, lines
from nlu.reading import Reader, Reading
from nlu.situations import situations
from nlu.weighing import (
    DISCLOSURE,
    HARMLESS,
    Example,
    Thresholds,
    Weigher,
    disclosure_chances,
    fit_noticing,
    fit_urgency,
    numbers,
)

_NOTICED = 0.93
"""Of the disclosures among the lines that are held back, this share is noticed. They are hard on purpose: on the test sets it is more."""

_FALSELY_ALARMED = 0.018
_FALSELY_EMERGENCIES = 0.035
"""So many of the look-alikes that are held back may alarm, and be called an emergency; on the test sets it is less."""

PARTS = 4
"""Into how many parts the lines are divided where some are judged by models fitted on the others."""


def train(folder: Path, progress: Callable[[str], None], nlu: Path = FOLDER, taught: Path | None = None) -> None:
    """Fit everything on `nlu`/*/disclosures.yml and topics.yml, and on what was `taught` beside them, and save it under `folder`.

    Takes some minutes on two cores.
    """
    examples = read(nlu, progress, taught)
    progress(f"disclosures: looking at {len(examples)} lines")
    matrix = numbers([one.reading for one in examples])
    progress("disclosures: choosing thresholds on a part of them")
    thresholds = choose_thresholds(examples, matrix)
    progress("disclosures: fitting the models")
    Weigher.fit(examples, thresholds, matrix=matrix).save(folder)
    progress(f"disclosures: done (noticed from {thresholds.noticed:.2f}, alarmed from {thresholds.alarmed:.2f})")


def read(nlu: Path, progress: Callable[[str], None], taught: Path | None = None) -> list[Example]:
    """Read every line through the glossaries, also those that were `taught`, with the words that were."""
    beside = taught_beside.read(taught)
    reader = Reader(nlu / "glossary")
    reader.teach(beside.words)
    progress("disclosures: reading the lines through the glossaries")
    return [
        Example(reader.read(line.text, line.locale), line.kind, line.urgency, line.category, line.perspective)
        for line in (*lines(nlu), *beside.lines)
    ]


def choose_thresholds(examples: Sequence[Example], matrix: csr_matrix | None = None) -> Thresholds:
    """Choose where to notice and where to alarm from the situations of one part, judged by models fitted on the other parts.

    Noticing comes first (promise 1): see `between`.
    """
    fold = folds([one.reading for one in examples])
    matrix = numbers([one.reading for one in examples]) if matrix is None else matrix
    fitted, held = np.flatnonzero(fold), np.flatnonzero(fold == 0)
    some = [examples[int(at)] for at in fitted]
    urgency = fit_urgency(matrix[fitted], some)
    chance = disclosure_chances(fit_noticing(matrix[fitted], some), matrix[held]).astype(np.float64)
    emergency = urgency.probabilities(matrix[held])[:, urgency.labels.index("emergency")]
    return between(np.array([examples[int(at)].kind for at in held]), chance, chance * emergency)


def folds(readings: Sequence[Reading], count: int = PARTS) -> NDArray[np.int64]:
    """Divide readings into parts so that no situation is on both sides.

    A situation stays in its part whatever is added elsewhere, so that thresholds do not move for a line that has nothing to do with them.
    """
    numbers = situations(readings)
    names: dict[int, str] = {}
    for number, reading in zip(numbers, readings, strict=True):
        names[number] = min(names.get(number, reading.glossed), reading.glossed)
    return np.array([crc32(names[number].encode()) % count for number in numbers])


def between(kinds: NDArray[np.str_], chance: NDArray[np.float64], emergency: NDArray[np.float64]) -> Thresholds:
    """Choose the thresholds from lines' kinds and the chances of a disclosure and of an emergency, by models not fitted on them."""
    noticed = float(np.quantile(chance[kinds == DISCLOSURE], 1 - _NOTICED))
    harmless = kinds == HARMLESS
    if not harmless.any():
        return Thresholds(noticed, max(noticed, 0.5))
    alarmed = float(np.quantile(chance[harmless], 1 - _FALSELY_ALARMED))
    return Thresholds(noticed, max(noticed, alarmed), float(np.quantile(emergency[harmless], 1 - _FALSELY_EMERGENCIES)))
