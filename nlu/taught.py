"""What a team has taught beside what ships: words with their plain English, and example lines; in files of the same formats as nlu/.

The ledger is where they are written and approved. Training reads them from a folder, and `helpline nlu export` writes such a folder for
whoever takes them into nlu/.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from nlu.examples import Line, lines
from nlu.glossaries import rows

Words = Mapping[str, Mapping[str, str]]
"""By language: word or expression to gloss."""


@dataclass(frozen=True)
class Taught:
    """Words by language, and example lines."""

    words: Words = field(default_factory=dict)
    lines: tuple[Line, ...] = ()


def read(folder: Path | None) -> Taught:
    """Read what `write` wrote; nothing where there is no folder. Raises ValueError naming a file that is not as it should be."""
    if folder is None or not folder.is_dir():
        return Taught()
    words = {path.stem: dict(rows(path)) for path in sorted(folder.glob("glossary/*.tsv"))}
    return Taught(words, tuple(lines(folder)))


def write(taught: Taught, folder: Path) -> None:
    """Write `glossary/<language>.tsv`, `<locale>/topics.yml` and `<locale>/disclosures.yml`, as far as there is something for them."""
    for language, words in sorted(taught.words.items()):
        if words:
            rows_of = [f"{word}\t{gloss}" for word, gloss in sorted(words.items())]
            _save(folder / "glossary" / f"{language}.tsv", "\n".join(["lemma\tgloss", *rows_of]) + "\n")
    for locale in sorted({line.locale for line in taught.lines}):
        own = [line for line in taught.lines if line.locale == locale]
        if topics := [line for line in own if line.kind == "topic"]:
            _save(folder / locale / "topics.yml", _topics(locale, topics))
        if told := [line for line in own if line.kind != "topic"]:
            _save(folder / locale / "disclosures.yml", _disclosures(told))


def _topics(locale: str, own: Iterable[Line]) -> str:
    examples: dict[str, list[str]] = defaultdict(list)
    for line in own:
        examples[line.category].append(line.text)
    written = ['version: "3.1"', "", "nlu:"]
    for topic, texts in sorted(examples.items()):
        written += [f"  - intent: {topic}", f"    metadata: {{locale: {locale}}}", "    examples: |"]
        written += [f"      - {text}" for text in texts]
    return "\n".join(written) + "\n"


def _disclosures(own: Iterable[Line]) -> str:
    told: dict[str, Any] = {}
    harmless = []
    for line in own:
        if line.kind == "harmless":
            harmless.append(line.text)
        else:
            urgencies = told.setdefault(line.category, {})
            urgencies.setdefault(line.urgency, {}).setdefault(line.perspective, []).append(line.text)
    return yaml.safe_dump({"disclosures": told, "harmless": harmless}, allow_unicode=True, width=1000, sort_keys=False)


def _save(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
