"""How well disclosures are noticed: by cross-validation on the training lines, and on a separate test set that nothing was trained on.

The detector is handed in as a callable, because the detector belongs to the application and this package may not know it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from nlu.examples import FOLDER, Line, lines
from nlu.reading import Reader
from nlu.training import between
from nlu.weighing import Example, Thresholds, Weigher, Weight

SERIOUS = ("urgent", "emergency")


@dataclass(frozen=True)
class Judged:
    """What a detector made of one line: an urgency ("none" when it noticed nothing), categories, a perspective, and the score from 0 to 1."""

    urgency: str
    categories: tuple[str, ...]
    perspective: str
    score: float


Judge = Callable[[str, str], Judged]
"""Judges a text in a locale."""


@dataclass(frozen=True)
class Marks:
    """The marks of one group of lines. Shares from 0 to 1, None where no line counts; the counts stand beside them."""

    disclosures: int
    noticed: float | None
    emergencies: int
    emergencies_noticed: float | None
    emergency_called_emergency: float | None
    category_right: float | None
    perspective_right: float | None
    harmless: int
    harmless_noticed: float | None
    harmless_alarmed: float | None
    topics: int
    topics_noticed: float | None
    harmless_noticed_at_95: float | None
    """The share of look-alikes above the score that 95 of 100 disclosures reach: independent of the thresholds."""


@dataclass(frozen=True)
class Evaluation:
    """The marks over everything and by locale, and the share noticed by category and by urgency."""

    name: str
    overall: Marks
    by_locale: dict[str, Marks]
    noticed_by_category: dict[str, float]
    noticed_by_urgency: dict[str, float]


def read_test(folder: Path) -> list[Line]:
    """Read `<locale>.tsv` (kind, category, urgency, perspective, style, text; without quoting). Raises ValueError naming a line that is not so."""
    found = []
    for path in sorted(folder.glob("*.tsv")):
        head, *rest = path.read_text(encoding="utf-8").splitlines()
        columns = head.split("\t")
        if "kind" not in columns:
            continue
        for number, row in enumerate(rest, start=2):
            values = row.split("\t")
            if len(values) != len(columns):
                message = f"{path.name}, line {number}: expected {len(columns)} columns"
                raise ValueError(message)
            cell = dict(zip(columns, values, strict=True))
            kind = {"hard_negative": "harmless"}.get(cell["kind"], cell["kind"])
            found.append(Line(path.stem, cell["text"], kind, cell["category"], cell["urgency"], cell["perspective"]))
    return found


def evaluate(name: str, tested: Sequence[Line], judge: Judge) -> Evaluation:
    """Judge every line and count."""
    return count(name, [(line, judge(line.text, line.locale)) for line in tested])


def count(name: str, judged: Sequence[tuple[Line, Judged]]) -> Evaluation:
    """Count what was judged."""
    by_locale = defaultdict(list)
    for line, said in judged:
        by_locale[line.locale].append((line, said))
    told = [(line, said) for line, said in judged if line.kind == "disclosure"]
    return Evaluation(
        name,
        _marks(judged),
        {locale: _marks(some) for locale, some in sorted(by_locale.items())},
        _noticed_by(told, lambda line: line.category),
        _noticed_by(told, lambda line: line.urgency),
    )


def cross_validate(
    progress: Callable[[str], None], nlu: Path = FOLDER, locales: Sequence[str] = (), folds: int = 5
) -> Evaluation:
    """Fit on all but one part of the lines and judge that part, in turn, by the trained models alone; report the table.

    Lines that gloss to the same words stay in the same part, in whatever language, so that near-copies do not sit on both
    sides. The thresholds of a part come from the other parts. `locales` limits what is judged, not what is learned from.
    """
    reader = Reader()
    every = lines(nlu)
    examples = [
        Example(reader.read(line.text, line.locale), line.kind, line.urgency, line.category, line.perspective)
        for line in every
    ]
    situations = [" ".join(sorted(set(one.reading.glossed.split()))) for one in examples]
    number = {situation: at for at, situation in enumerate(dict.fromkeys(situations))}
    parts = np.random.default_rng(2).integers(0, folds, len(number))
    part = np.array([parts[number[situation]] for situation in situations])
    weights: list[Weight | None] = [None] * len(examples)
    for held in range(folds):
        progress(f"disclosures: cross-validation, part {held + 1} of {folds}")
        fitted = [one for one, where in zip(examples, part, strict=True) if where != held]
        weigher = Weigher.fit(fitted, Thresholds(0.0, 0.0))
        for at in np.flatnonzero(part == held):
            weights[int(at)] = weigher.weigh(examples[int(at)].reading)
    kinds = np.array([one.kind for one in examples])
    chances = np.array([weight.disclosure if weight is not None else 0.0 for weight in weights])
    emergencies = np.array([weight.emergency if weight is not None else 0.0 for weight in weights])
    thresholds = [
        between(kinds[part != held], chances[part != held], emergencies[part != held]) for held in range(folds)
    ]
    judged = [
        (line, _by_models(weight, thresholds[where]))
        for line, weight, where in zip(every, weights, part.tolist(), strict=True)
        if weight is not None and (not locales or line.locale in locales)
    ]
    evaluation = count("cross-validation", judged)
    progress(table(evaluation))
    return evaluation


def _by_models(weight: Weight, thresholds: Thresholds) -> Judged:
    urgency = "none"
    if weight.disclosure >= thresholds.noticed:
        urgency = "concern"
    if weight.disclosure >= thresholds.alarmed:
        urgency = weight.likeliest_urgency
    if urgency != "none" and weight.emergency >= thresholds.emergency:
        urgency = "emergency"
    perspective = "other" if weight.perspective.get("other", 0.0) > 0.5 else "self"
    return Judged(urgency, weight.likeliest_categories, perspective, weight.disclosure)


def _share(values: Iterable[bool]) -> float | None:
    found = list(values)
    return round(sum(found) / len(found), 4) if found else None


def _noticed_by(told: Sequence[tuple[Line, Judged]], group: Callable[[Line], str]) -> dict[str, float]:
    groups = defaultdict(list)
    for line, said in told:
        groups[group(line)].append(said.urgency != "none")
    return {name: round(sum(values) / len(values), 4) for name, values in sorted(groups.items())}


def _marks(judged: Sequence[tuple[Line, Judged]]) -> Marks:
    told = [(line, said) for line, said in judged if line.kind == "disclosure"]
    noticed = [(line, said) for line, said in told if said.urgency != "none"]
    emergencies = [said for line, said in told if line.urgency == "emergency"]
    harmless = [said for line, said in judged if line.kind == "harmless"]
    topics = [said for line, said in judged if line.kind == "topic"]
    reached = float(np.quantile([said.score for _, said in told], 0.05)) if told else 0.0
    return Marks(
        disclosures=len(told),
        noticed=_share(said.urgency != "none" for _, said in told),
        emergencies=len(emergencies),
        emergencies_noticed=_share(said.urgency != "none" for said in emergencies),
        emergency_called_emergency=_share(said.urgency == "emergency" for said in emergencies),
        category_right=_share(line.category in said.categories for line, said in noticed),
        perspective_right=_share(
            line.perspective == said.perspective for line, said in noticed if line.perspective != "none"
        ),
        harmless=len(harmless),
        harmless_noticed=_share(said.urgency != "none" for said in harmless),
        harmless_alarmed=_share(said.urgency in SERIOUS for said in harmless),
        topics=len(topics),
        topics_noticed=_share(said.urgency != "none" for said in topics),
        harmless_noticed_at_95=_share(said.score >= reached for said in harmless) if told else None,
    )


_COLUMNS = {
    "noticed": "noticed", "emergencies_noticed": "emerg. noticed", "emergency_called_emergency": "called emerg.", "category_right": "category",
    "perspective_right": "perspective", "harmless_noticed": "alike noticed", "harmless_alarmed": "alike alarmed", "topics_noticed": "topic noticed",
    "harmless_noticed_at_95": "alike at .95",
}  # fmt: skip


def table(evaluation: Evaluation) -> str:
    """Return the marks as a table in Markdown."""
    rows = [
        f"### Disclosure: {evaluation.name}", "",
        f"| locale | lines | {' | '.join(_COLUMNS.values())} |", "| --- " * (len(_COLUMNS) + 2) + "|",
    ]  # fmt: skip
    for locale, marks in {**evaluation.by_locale, "all": evaluation.overall}.items():
        values = asdict(marks)
        shown = " | ".join("-" if values[name] is None else f"{values[name]:.3f}" for name in _COLUMNS)
        rows.append(f"| {locale} | {marks.disclosures}+{marks.harmless}+{marks.topics} | {shown} |")
    for title, shares in (("category", evaluation.noticed_by_category), ("urgency", evaluation.noticed_by_urgency)):
        rows += ["", f"Noticed by {title}: " + ", ".join(f"{name} {share:.3f}" for name, share in shares.items()) + "."]
    return "\n".join(rows) + "\n"


def write_json(evaluations: Sequence[Evaluation], path: Path) -> None:
    """Write the marks for machines to read."""
    path.write_text(json.dumps([asdict(one) for one in evaluations], indent=1) + "\n", encoding="utf-8")
