"""The trained part of noticing: how likely a message is a disclosure, how urgent, of which kind, and about whom.

Patterns and grammar are not beside the classifier but inside it, as clues: what they are worth is learned, and an explicit statement in a game or a
song is told apart from one that is meant.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.concepts import concepts_of
from nlu.grammar import sense
from nlu.patterns import explicit
from nlu.reading import Reading
from nlu.vectors import LinearModel, vectorise

URGENCIES = ("emergency", "urgent", "concern")
DISCLOSURE, HARMLESS, TOPIC = "disclosure", "harmless", "topic"

_MODELS = ("alarm", "urgency", "category", "perspective")


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
    """From which probability of a disclosure a message is noticed at all, and from which it may alarm."""

    noticed: float = 0.3
    alarmed: float = 0.8


@dataclass(frozen=True)
class Weight:
    """What the classifiers say of a message: the probability of a disclosure, and, given that it is one, of each label."""

    disclosure: float
    urgency: dict[str, float]
    category: dict[str, float]
    perspective: dict[str, float]


def clues(reading: Reading) -> tuple[str, ...]:
    """Return everything that concepts, patterns and grammar find, as words for the classifiers."""
    return (*concepts_of(reading), *sense(reading).clues(), *(f"says {found.says}" for found in explicit(reading)))


class Weigher:
    """Four small models over the same numbers, and the thresholds that their cross-validation gave."""

    def __init__(self, models: dict[str, LinearModel], thresholds: Thresholds) -> None:
        self._models = models
        self.thresholds = thresholds

    @classmethod
    def fit(cls, examples: Sequence[Example], thresholds: Thresholds | None = None) -> Weigher:
        """Learn from `examples`; needs lines of every kind."""
        matrix = vectorise([one.reading for one in examples], [clues(one.reading) for one in examples])
        told = [at for at, one in enumerate(examples) if one.kind == DISCLOSURE]
        disclosures = matrix[told]
        models = {
            "alarm": LinearModel().fit(matrix, [one.kind for one in examples]),
            "urgency": LinearModel().fit(disclosures, [examples[at].urgency for at in told]),
            "category": LinearModel().fit(disclosures, [examples[at].category for at in told]),
            "perspective": LinearModel().fit(disclosures, [examples[at].perspective for at in told]),
        }
        return cls(models, thresholds or Thresholds())

    def weigh(self, reading: Reading) -> Weight:
        """Weigh one message."""
        matrix = vectorise([reading], [clues(reading)])
        said = {name: dict(zip(model.labels, model.probabilities(matrix)[0].tolist(), strict=True)) for name, model in self._models.items()}
        return Weight(said["alarm"].get(DISCLOSURE, 0.0), said["urgency"], said["category"], said["perspective"])

    def save(self, folder: Path) -> None:
        """Write the models and thresholds under `folder`."""
        for name, model in self._models.items():
            model.save(folder / f"{name}.npz")
        unfinished = folder / "thresholds.new.json"
        unfinished.write_text(json.dumps({"noticed": self.thresholds.noticed, "alarmed": self.thresholds.alarmed}), encoding="utf-8")
        unfinished.replace(folder / "thresholds.json")

    @classmethod
    def load(cls, folder: Path) -> Weigher:
        """Read what `save` wrote. Raises OSError, KeyError or ValueError when something is missing or damaged."""
        stored = json.loads((folder / "thresholds.json").read_text(encoding="utf-8"))
        thresholds = Thresholds(float(stored["noticed"]), float(stored["alarmed"]))
        return cls({name: LinearModel.load(folder / f"{name}.npz") for name in _MODELS}, thresholds)
