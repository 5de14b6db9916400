"""The trained part of noticing: how likely a message is a disclosure, how urgent, of which kind, and about whom.

Patterns and grammar are not beside the classifier but inside it, as clues: what they are worth is learned, and an explicit statement in a game or a
song is told apart from one that is meant.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlu.concepts import concepts_of
from nlu.grammar import sense
from nlu.patterns import explicit
from nlu.reading import Reading
from nlu.vectors import LinearModel, vectorise

URGENCIES = ("emergency", "urgent", "concern")
DISCLOSURE, HARMLESS, TOPIC = "disclosure", "harmless", "topic"

_EMERGENCY = 0.2
_SECOND = 0.25

_NOTICING = ("kind", "telling")
_MODELS = (*_NOTICING, "urgency", "perspective")

_RAREST = 3
"""In how many lines a column has to occur for the models that notice: the rarest cost time and space and change next to nothing."""

_EMPHASIS = {TOPIC: 2.0}
"""A question about a topic counts twice: there are few of them among the lines, and whoever only asks is not to be alarmed about."""


@dataclass(frozen=True)
class Example:
    """One line to learn from: its reading, its kind (DISCLOSURE, HARMLESS, TOPIC), and for a disclosure its labels."""

    reading: Reading
    kind: str
    urgency: str = "none"
    category: str = "none"
    perspective: str = "none"


@dataclass(frozen=True)
class Thresholds:
    """From which probability of a disclosure a message is noticed at all and may alarm; from which of an emergency it alarms as one."""

    noticed: float = 0.3
    alarmed: float = 0.8
    emergency: float = 0.4


@dataclass(frozen=True)
class Weight:
    """What the classifiers say of a message: the probability of a disclosure, and, given that it is one, of each label."""

    disclosure: float
    urgency: dict[str, float]
    category: dict[str, float]
    perspective: dict[str, float]

    @property
    def emergency(self) -> float:
        """The probability that the message is a disclosure and an emergency."""
        return self.disclosure * self.urgency.get("emergency", 0.0)

    @property
    def likeliest_urgency(self) -> str:
        """The urgency of a disclosure; an emergency already when it is likely, because missing one costs most."""
        if self.urgency.get("emergency", 0.0) >= _EMERGENCY:
            return "emergency"
        return "urgent" if self.urgency.get("urgent", 0.0) >= self.urgency.get("concern", 0.0) else "concern"

    @property
    def likeliest_categories(self) -> tuple[str, ...]:
        """The likeliest category, and the second when it is likely too."""
        ranked = sorted(self.category, key=lambda name: -self.category[name])
        return tuple(name for at, name in enumerate(ranked[:2]) if at == 0 or self.category[name] >= _SECOND)


def clues(reading: Reading) -> tuple[str, ...]:
    """Return everything that concepts, patterns and grammar find, as words for the classifiers."""
    return (*concepts_of(reading), *sense(reading).clues(), *(f"says {found.says}" for found in explicit(reading)))


def numbers(readings: Sequence[Reading]) -> csr_matrix:
    """Return one row per message, as the models learn from it. It takes a third of a millisecond each, so it is done once for all fits."""
    return vectorise(readings, [clues(one) for one in readings])


_QUIET = frozenset({HARMLESS, TOPIC})


def fit_noticing(matrix: csr_matrix, examples: Sequence[Example]) -> dict[str, LinearModel]:
    """Fit the two models that notice: "kind" knows every category, "telling" only disclosures; both know harmless messages and topics."""
    labels = {
        "kind": [one.category if one.kind == DISCLOSURE else one.kind for one in examples],
        "telling": [one.kind for one in examples],
    }
    return {name: LinearModel(rarest=_RAREST).fit(matrix, labels[name], _EMPHASIS) for name in _NOTICING}


def fit_urgency(matrix: csr_matrix, examples: Sequence[Example]) -> LinearModel:
    """Fit the model that tells how urgent a disclosure is, on the disclosures alone."""
    told = [at for at, one in enumerate(examples) if one.kind == DISCLOSURE]
    return LinearModel().fit(matrix[told], [examples[at].urgency for at in told])


def disclosure_chances(models: dict[str, LinearModel], matrix: csr_matrix) -> NDArray[np.float32]:
    """Return, for every row, how likely it is a disclosure of any category: the mean of what the models from `fit_noticing` say."""
    return np.asarray(
        np.mean([_told(models[name], models[name].probabilities(matrix)) for name in _NOTICING], axis=0), np.float32
    )


def _told(model: LinearModel, chances: NDArray[np.float32]) -> NDArray[np.float32]:
    told = [at for at, label in enumerate(model.labels) if label not in _QUIET]
    return np.asarray(chances[:, told].sum(axis=1))


class Weigher:
    """Four small models over the same numbers, and the thresholds that their cross-validation gave.

    One model tells the ten categories, harmless messages and topics apart; another all disclosures together from these two. They
    err on different messages, so a disclosure is as likely as both say on average.
    """

    def __init__(self, models: dict[str, LinearModel], thresholds: Thresholds) -> None:
        self._models = models
        self.thresholds = thresholds

    @classmethod
    def fit(
        cls,
        examples: Sequence[Example],
        thresholds: Thresholds | None = None,
        matrix: csr_matrix | None = None,
    ) -> Weigher:
        """Learn from `examples`; needs lines of every kind."""
        matrix = numbers([one.reading for one in examples]) if matrix is None else matrix
        told = [at for at, one in enumerate(examples) if one.kind == DISCLOSURE]
        disclosures = matrix[told]
        models = {
            **fit_noticing(matrix, examples),
            "urgency": fit_urgency(matrix, examples),
            "perspective": LinearModel().fit(disclosures, [examples[at].perspective for at in told]),
        }
        return cls(models, thresholds or Thresholds())

    def weigh(self, reading: Reading) -> Weight:
        """Weigh one message. The labels are filled in only where a disclosure is possible, because most messages are none."""
        matrix = numbers([reading])
        disclosure = float(disclosure_chances(self._models, matrix)[0])
        if disclosure < self.thresholds.noticed and not explicit(reading):
            return Weight(disclosure, {}, {}, {})
        return self._labelled(matrix, [disclosure])[0]

    def weigh_all(self, matrix: csr_matrix) -> list[Weight]:
        """Weigh many messages at once, from the rows that `numbers` gives, with every label of each."""
        return self._labelled(matrix, disclosure_chances(self._models, matrix).tolist())

    def _labelled(self, matrix: csr_matrix, chances: Sequence[float]) -> list[Weight]:
        urgencies, kinds, perspectives = (self._chances(name, matrix) for name in ("urgency", "kind", "perspective"))
        found = []
        for chance, urgency, kind, perspective in zip(chances, urgencies, kinds, perspectives, strict=True):
            category = {name: value for name, value in kind.items() if name not in _QUIET}
            together = sum(category.values()) or 1.0
            category = {name: value / together for name, value in category.items()}
            found.append(Weight(float(chance), urgency, category, perspective))
        return found

    def _chances(self, name: str, matrix: csr_matrix) -> list[dict[str, float]]:
        model = self._models[name]
        return [dict(zip(model.labels, row, strict=True)) for row in model.probabilities(matrix).tolist()]

    def save(self, folder: Path) -> None:
        """Write the models and thresholds under `folder`."""
        for name, model in self._models.items():
            model.save(folder / f"{name}.npz")
        unfinished = folder / "thresholds.new.json"
        unfinished.write_text(json.dumps(asdict(self.thresholds)), encoding="utf-8")
        unfinished.replace(folder / "thresholds.json")

    @classmethod
    def load(cls, folder: Path) -> Weigher:
        """Read what `save` wrote. Raises OSError, KeyError or ValueError when something is missing or damaged."""
        stored = json.loads((folder / "thresholds.json").read_text(encoding="utf-8"))
        thresholds = Thresholds(*(float(stored[name]) for name in ("noticed", "alarmed", "emergency")))
        return cls({name: LinearModel.load(folder / f"{name}.npz") for name in _MODELS}, thresholds)
