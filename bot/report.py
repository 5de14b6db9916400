"""The report of `helpline eval`: docs/evaluation.md to read, docs/evaluation.json to compare, and its pictures."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Template

from bot.crossing import Crossed
from bot.evaluation_redaction import Measured
from nlu.examples import Line
from nlu.marks import GOALS, Judged, by_locale
from nlu.share import Share

WORST = 20
"""Errors shown per locale."""

URGENCIES = ("none", "concern", "urgent", "emergency")
REACHED = (0.90, 0.95, 0.97, 0.99)

Shares = Mapping[str, Mapping[str, Share]]


@dataclass(frozen=True)
class Figures:
    """Everything that was measured: the test sets, the cross-validation, everyday lines by language, words covered by locale, and redaction."""

    tested: Sequence[tuple[Line, Judged]]
    crossed: Sequence[Crossed]
    everyday: Shares
    covered: Mapping[str, Share]
    redaction: Mapping[str, Mapping[str, Measured]]


def write(figures: Figures, folder: Path) -> None:
    """Write the report and its pictures into `folder`."""
    from bot import report_pictures

    report_pictures.write(figures.tested, figures.crossed, folder / "pictures")
    (folder / "evaluation.json").write_text(json.dumps(as_data(figures), indent=1) + "\n", encoding="utf-8")
    (folder / "evaluation.md").write_text(_document(figures), encoding="utf-8")


def as_data(figures: Figures) -> dict[str, Any]:
    """Return the figures for machines: every mark as [hits, of] by locale."""
    crossed = [(one.line, one.judged) for one in figures.crossed]
    return {
        "test": _plain(by_locale(figures.tested)),
        "cross_validation": _plain(by_locale(crossed)),
        "everyday": _plain(figures.everyday),
        "words_covered": {locale: _counts(share) for locale, share in figures.covered.items()},
        "redaction": {
            name: {
                locale: {"taken out": _counts(one.found), "harmless changed": _counts(one.wrong)}
                for locale, one in own.items()
            }
            for name, own in figures.redaction.items()
        },
    }


def _counts(share: Share) -> list[int]:
    return [share.hits, share.of]


def _plain(shares: Shares) -> dict[str, dict[str, list[int]]]:
    return {locale: {mark: _counts(share) for mark, share in own.items()} for locale, own in shares.items()}


def summary(figures: Figures) -> str:
    """Return the marks of the test sets as a table."""
    return "\n".join(_marks(by_locale(figures.tested)))


def _document(figures: Figures) -> str:
    crossed = [(one.line, one.judged) for one in figures.crossed]
    redaction = (
        (name, locale, str(one.found), str(one.wrong))
        for name, own in figures.redaction.items()
        for locale, one in own.items()
    )
    parts = {
        "marks": _marks(by_locale(figures.tested)),
        "by_category": _by_category(figures.tested),
        "trade_off": _trade_off(figures.tested),
        "crossed_marks": _marks(by_locale(crossed)),
        "urgencies": _urgencies(crossed),
        "calibration": _calibration(crossed),
        "confused": _confused(crossed),
        "everyday": _everyday(figures.everyday),
        "covered": _table(("locale", "words"), ((locale, str(share)) for locale, share in figures.covered.items())),
        "redaction": _table(("set", "locale", "taken out", "harmless lines changed"), redaction),
        "worst": _worst(figures.crossed),
    }
    template = Template((Path(__file__).parent / "report.md.j2").read_text(encoding="utf-8"), autoescape=False)
    written: str = template.render({name: "\n".join(lines) for name, lines in parts.items()}, worst_count=WORST)
    return written + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "| --- " * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _marks(shares: Shares) -> Iterator[str]:
    """One row a mark, one column a locale: fifteen locales are easier to compare side by side."""
    marks = [mark for mark in GOALS if any(mark in own for own in shares.values())]
    yield from _table(
        ("mark", "goal", *shares),
        (
            (mark, str(GOALS[mark] or "-"), *(_shown(mark, own.get(mark)) for own in shares.values()))
            for mark in marks
        ),
    )  # fmt: skip


def _shown(mark: str, share: Share | None) -> str:
    if share is None or not share.of:
        return "-"
    goal, text = GOALS[mark], f"{share.rate:.3f}".removeprefix("0") if share.rate < 1 else "1"
    return text if goal is None or goal.met(share) else f"**{text}**"


def _by_category(judged: Sequence[tuple[Line, Judged]]) -> Iterator[str]:
    shares: dict[str, dict[str, Share]] = defaultdict(lambda: defaultdict(Share))
    for line, said in judged:
        if line.kind == "disclosure":
            for locale in (line.locale, "all"):
                shares[line.category][locale].add(said.urgency != "none")
    locales = [*sorted({line.locale for line, _ in judged}), "all"]
    yield from _table(
        ("category", *locales),
        (
            (category, *(f"{own[locale].hits}/{own[locale].of}" for locale in locales))
            for category, own in sorted(shares.items())
        ),
    )


def _trade_off(judged: Sequence[tuple[Line, Judged]]) -> Iterator[str]:
    chances = {
        kind: np.array([said.chance for line, said in judged if line.kind == kind])
        for kind in ("disclosure", "harmless", "topic")
    }
    rows = []
    for reached in REACHED if all(len(own) for own in chances.values()) else ():
        threshold = np.quantile(chances["disclosure"], 1 - reached)
        rows.append((f"{reached:g}", *(f"{(chances[kind] >= threshold).mean():.3f}" for kind in ("harmless", "topic"))))
    yield from _table(("disclosures noticed", "look-alikes noticed", "topic questions noticed"), rows)


def _urgencies(judged: Sequence[tuple[Line, Judged]]) -> Iterator[str]:
    counted = Counter((line.urgency if line.kind == "disclosure" else line.kind, said.urgency) for line, said in judged)
    rows = ("emergency", "urgent", "concern", "harmless", "topic")
    yield from _table(
        ("given", *URGENCIES), ((row, *(str(counted[row, column]) for column in URGENCIES)) for row in rows)
    )


def calibration(chances: Sequence[float], true: Sequence[bool]) -> list[tuple[float, float, int]]:
    """Return, for each tenth of chances in which there are lines: their mean chance, the share that is true, and how many they are."""
    chance, holds = np.asarray(chances), np.asarray(true)
    tenth = np.minimum((chance * 10).astype(int), 9)
    return [
        (float(chance[tenth == at].mean()), float(holds[tenth == at].mean()), int((tenth == at).sum()))
        for at in range(10)
        if (tenth == at).any()
    ]


def _calibration(judged: Sequence[tuple[Line, Judged]]) -> Iterator[str]:
    disclosures = calibration([said.chance for _, said in judged], [line.kind == "disclosure" for line, _ in judged])
    emergencies = calibration(
        [said.emergency for _, said in judged], [line.urgency == "emergency" for line, _ in judged]
    )
    for name, points in (("disclosure", disclosures), ("emergency", emergencies)):
        yield f"- {name}: " + ", ".join(f"{chance:.2f} → {share:.2f} ({count})" for chance, share, count in points)


def confusion(judged: Iterable[tuple[Line, Judged]]) -> Counter[tuple[str, str]]:
    """Count (topic, topic taken for it) over the topic lines."""
    return Counter((line.category, said.topic) for line, said in judged if line.kind == "topic" and said.topic)


def _confused(judged: Sequence[tuple[Line, Judged]]) -> Iterator[str]:
    wrong = [(count, pair) for pair, count in confusion(judged).items() if pair[0] != pair[1]]
    yield from _table(
        ("topic", "taken for", "lines"), ((*pair, str(count)) for count, pair in sorted(wrong, reverse=True)[:15])
    )


def _everyday(shares: Shares) -> Iterator[str]:
    marks = [mark for mark in GOALS if mark.startswith("language")]
    yield from _table(
        ("language", *marks),
        ((language, *(str(own[mark]) if mark in own else "-" for mark in marks)) for language, own in shares.items()),
    )


def _worst(crossed: Sequence[Crossed]) -> Iterator[str]:
    errors: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for one in crossed:
        line, said = one.line, one.judged
        if line.kind == "disclosure" and said.urgency == "none":
            wrong, kind = 1 - said.chance, f"missed {line.urgency} ({line.category})"
        elif line.kind != "disclosure" and said.urgency != "none":
            wrong, kind = said.chance, f"{line.kind} called {said.urgency}"
        else:
            continue
        read = f" — *{one.reading.glossed}*" if line.language != "en" else ""
        errors[line.locale].append((wrong, f"{said.chance:.2f} {kind}: {line.text}{read}"))
    for locale, own in sorted(errors.items()):
        yield from (f"### {locale}", "")
        yield from (f"- {text}" for _, text in sorted(own, reverse=True)[:WORST])
        yield ""
