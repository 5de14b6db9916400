"""The lines that editors wrote, read from nlu/<locale>/: disclosures, harmless messages that sound alike, and topics' own questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from nlu.languages import language_of

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Line:
    """One line with its labels; `kind` is "disclosure", "harmless" or "topic", and a topic line has its topic as category. In tests
    it may be "everyday" too: harmless, and it does not even sound like anything.

    `style` says how it is written ("indirect", "short", "translit"); only test lines carry it.
    """

    locale: str
    text: str
    kind: str
    category: str = "none"
    urgency: str = "none"
    perspective: str = "none"
    style: str = ""

    @property
    def language(self) -> str:
        """The language it is written in; Bosnian, Croatian and Serbian count as one."""
        return language_of(self.locale)


def lines(folder: Path = FOLDER, only: Iterable[str] = ("*",), *, repeated: bool = False) -> list[Line]:
    """Return every line of every locale under `folder`, or of `only` some, each text once per locale unless they may be `repeated`.

    Raises ValueError naming a file that is not as it should be.
    """
    every = [
        *(
            line
            for locale in only
            for path in sorted(folder.glob(f"{locale}/disclosures.yml"))
            for line in _disclosures(path)
        ),
        *(line for locale in only for path in sorted(folder.glob(f"{locale}/topics.yml")) for line in _topics(path)),
    ]
    if repeated:
        return every
    found: dict[tuple[str, str], Line] = {}
    for line in every:
        found.setdefault((line.locale, line.text), line)
    return list(found.values())


def locales(folder: Path = FOLDER) -> list[str]:
    """The locales that lines are written in."""
    return sorted({path.parent.name for path in folder.glob("*/topics.yml")})


def lines_of(locale: str, folder: Path = FOLDER) -> tuple[Line, ...]:
    """Every line of one locale; read again when its files have changed."""
    files = tuple(
        path for path in (folder / locale / "disclosures.yml", folder / locale / "topics.yml") if path.is_file()
    )
    return _lines_of(files, tuple(path.stat().st_mtime for path in files))


@lru_cache(maxsize=2)
def _lines_of(files: tuple[Path, ...], _changed_at: tuple[float, ...]) -> tuple[Line, ...]:
    return tuple(
        line for path in files for line in (_topics(path) if path.name == "topics.yml" else _disclosures(path))
    )


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - the safe loader, in C
    except yaml.YAMLError as error:
        message = f"{path} is not readable YAML"
        raise ValueError(message) from error


def _disclosures(path: Path) -> Iterator[Line]:
    stored = _read(path)
    locale = path.parent.name
    try:
        for category, urgencies in (stored["disclosures"] or {}).items():
            for urgency, perspectives in urgencies.items():
                for perspective, texts in perspectives.items():
                    for text in texts:
                        yield Line(locale, str(text), "disclosure", category, urgency, perspective)
        for text in stored["harmless"] or ():
            yield Line(locale, str(text), "harmless")
    except (AttributeError, KeyError, TypeError) as error:
        message = f"{path}: expected disclosures: category: urgency: perspective: lines, and harmless: lines"
        raise ValueError(message) from error


def _topics(path: Path) -> Iterator[Line]:
    stored = _read(path)
    for intent in (stored or {}).get("nlu", ()):
        for example in str(intent.get("examples", "")).splitlines():
            text = example.strip().removeprefix("-").strip()
            if text:
                yield Line(path.parent.name, text, "topic", str(intent.get("intent", "none")))
