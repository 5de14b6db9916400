"""The shelf: every text of a locale as an editor sees it: what ships, what is published instead, and what is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from escalation.editions import AS_SHIPPED, OPEN, Edition, Name, State, standing
from locales import catalogue
from locales.catalogue import NAMES, SOURCE, STANDS_ON, Entry
from locales.scripts import to_cyrillic

STANDINGS = (AS_SHIPPED, State.DRAFT.value, State.REVIEWED.value, State.PUBLISHED.value)

DERIVED = {"sr-Cyrl": "derived from Serbian in Latin letters; write here only where it comes out wrong"}
"""Locales that need no translation of their own, and what their editors should know."""


class NoSuchTextHere(Exception):
    """There is no text of this name that can be edited."""

    def __init__(self) -> None:
        super().__init__("There is no such text.")


@dataclass(frozen=True, slots=True)
class Book:
    """One text of a locale in one version.

    `shipped` is what came with the program, or follows from the locale that this one stands on; `said` is what children read now; `open` is
    what waits for review or publication.
    """

    name: Name
    english: str
    note: str
    shipped: str
    published: Edition | None = None
    open: Edition | None = None

    @property
    def said(self) -> str:
        """What children read now."""
        return self.published.text if self.published else self.shipped

    @property
    def standing(self) -> str:
        """How far it has come."""
        return standing(self.published, self.open)

    def has(self, words: str) -> bool:
        """Whether a search finds it, by its key or by anything that it says."""
        wanted = words.casefold()
        texts = (self.name.key, self.english, self.said, self.open.text if self.open else "")
        return any(wanted in text.casefold() for text in texts)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the texts of a locale stand: of so many, how many are there, open, and published."""

    locale: str
    language: str
    texts: int
    there: int
    counts: Counter[str]


def books(locale: str, current: Iterable[Edition]) -> list[Book]:
    """Every text of a locale, in the order of the source. Raises NoSuchTextHere for a locale that there is not."""
    if locale not in NAMES:
        raise NoSuchTextHere
    own: dict[Name, dict[bool, Edition]] = {}
    derived: dict[tuple[str, str], str] = {}
    for edition in current:
        if edition.name.locale == locale:
            own.setdefault(edition.name, {})[edition.state in OPEN] = edition
        elif edition.name.locale == STANDS_ON.get(locale) and edition.state is State.PUBLISHED:
            derived[edition.name.key, edition.name.version] = to_cyrillic(edition.text)
    shipped, source = shipped_texts(locale), shipped_texts(SOURCE)
    return [
        Book(
            name := Name(locale, key, version),
            english.texts[0],
            english.note,
            derived.get((key, version)) or (shipped[key, version].texts[0] if (key, version) in shipped else ""),
            own.get(name, {}).get(False),
            own.get(name, {}).get(True),
        )
        for (key, version), english in source.items()
        if len(english.texts) == 1  # a text with a form for each number is changed in its file
    ]


def standings(current: Iterable[Edition]) -> list[Standing]:
    """How every locale stands."""
    editions = list(current)
    found = []
    for code, language in NAMES.items():
        row = books(code, editions)
        counts = Counter(book.standing for book in row)
        found.append(Standing(code, language, len(row), sum(bool(book.said) for book in row), counts))
    return found


def shipped_texts(locale: str) -> dict[tuple[str, str], Entry]:
    """What ships for a locale; read again when its file has changed."""
    files = (catalogue.source_file(locale), catalogue.source_file(STANDS_ON.get(locale, locale)))
    return _shipped(locale, tuple(_changed(path) for path in files))


@lru_cache(maxsize=32)
def _shipped(locale: str, _changed_at: tuple[float, ...]) -> dict[tuple[str, str], Entry]:
    return catalogue.entries(locale)


def _changed(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
