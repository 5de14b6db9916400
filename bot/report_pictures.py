"""The pictures of `helpline eval`, drawn the same way each time, so that a picture changes only when its figures do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.crossing import Crossed
from nlu.examples import Line
from nlu.marks import Judged


def write(tested: Sequence[tuple[Line, Judged]], crossed: Sequence[Crossed], folder: Path) -> None:
    """Draw recall and false alarms per locale, calibration, and which topics are taken for which, as SVG."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "helpline", "svg.fonttype": "path", "font.size": 8})
    judged = [(one.line, one.judged) for one in crossed]
    _curves(tested, folder / "evaluation-curves.svg")
    _calibration(judged, folder / "evaluation-calibration.svg")
    _topics(judged, folder / "evaluation-topics.svg")


def _curves(tested: Sequence[tuple[Line, Judged]], path: Path) -> None:
    from matplotlib.figure import Figure

    locales = sorted({line.locale for line, _ in tested})
    figure = Figure(figsize=(9, 1 + 1.6 * -(-len(locales) // 5)), layout="constrained")
    axes = figure.subplots(-(-len(locales) // 5), 5, sharex=True, sharey=True, squeeze=False).ravel()
    for place, locale in zip(axes, locales, strict=False):
        told, alike = (
            np.array([said.chance for line, said in tested if line.kind == kind and line.locale == locale])
            for kind in ("disclosure", "harmless")
        )
        if not len(told) or not len(alike):
            continue
        thresholds = np.sort(np.concatenate([told, alike]))
        place.step(
            [(alike >= at).mean() for at in thresholds],
            [(told >= at).mean() for at in thresholds],
            where="post",
            linewidth=1,
        )
        place.axhline(0.97, color="grey", linewidth=0.5, linestyle=":")
        place.axvline(0.10, color="grey", linewidth=0.5, linestyle=":")
        place.set(title=locale, xlim=(0, 0.5), ylim=(0.6, 1.01))
    for place in axes[len(locales) :]:
        place.set_axis_off()
    figure.supxlabel("look-alikes noticed")
    figure.supylabel("disclosures noticed")
    figure.savefig(path, metadata={"Date": None})


def _calibration(judged: Sequence[tuple[Line, Judged]], path: Path) -> None:
    from matplotlib.figure import Figure

    from bot.report import calibration

    figure = Figure(figsize=(7, 3.2), layout="constrained")
    disclosures = calibration([said.chance for _, said in judged], [line.kind == "disclosure" for line, _ in judged])
    emergencies = calibration(
        [said.emergency for _, said in judged], [line.urgency == "emergency" for line, _ in judged]
    )
    for place, name, points in zip(
        figure.subplots(1, 2), ("disclosure", "emergency"), (disclosures, emergencies), strict=True
    ):
        place.plot([0, 1], [0, 1], color="grey", linewidth=0.5)
        place.plot(
            [chance for chance, _, _ in points],
            [share for _, share, _ in points],
            marker="o",
            markersize=3,
            linewidth=1,
        )
        place.set(title=name, xlabel="chance", ylabel="share that is one", xlim=(0, 1), ylim=(0, 1))
    figure.savefig(path, metadata={"Date": None})


def _topics(judged: Sequence[tuple[Line, Judged]], path: Path) -> None:
    from matplotlib.figure import Figure

    from bot.report import confusion

    counted = confusion(judged)
    topics = sorted({topic for pair in counted for topic in pair})
    table = np.array([[counted[given, taken] for taken in topics] for given in topics], float)
    table /= np.maximum(table.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(8, 7.5), layout="constrained")
    place = figure.subplots()
    place.pcolormesh(np.sqrt(table[::-1]), cmap="Blues", edgecolors="white", linewidth=0.2)
    middle = np.arange(len(topics)) + 0.5
    place.set_xticks(middle, topics, rotation=90)
    place.set_yticks(middle, topics[::-1])
    place.set(xlabel="taken for", ylabel="topic")
    figure.savefig(path, metadata={"Date": None})
