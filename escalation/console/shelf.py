"""The shelf: every text of a locale as an editor sees it: what ships, what is published instead, and what is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from escalation.editions import AS_SHIPPED, OPEN, Edition, Name, State, standing
from locales import catalogue, plurals
from locales.catalogue import NAMES, SOURCE, STANDS_ON, Entry
from locales.plurals import Rule
from locales.scripts import to_cyrillic
from nlu.folding import fold

STANDINGS = (AS_SHIPPED, State.DRAFT.value, State.RETURNED.value, State.REVIEWED.value, State.PUBLISHED.value)

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
    what waits for review or publication; `returned` is what was sent back and waits for its writer. A text with a form for each number
    (`many`) holds all of them as one (locales/plurals.py).
    """

    name: Name
    english: str
    note: str
    many: bool
    shipped: str
    published: Edition | None = None
    open: Edition | None = None
    returned: Edition | None = None

    @property
    def said(self) -> str:
        """What children read now."""
        return self.published.text if self.published else self.shipped

    @property
    def written(self) -> str:
        """What was written last, and whoever writes goes on from."""
        latest = self.open or self.returned
        return latest.text if latest else self.said

    @property
    def standing(self) -> str:
        """How far it has come."""
        return standing(self.published, self.open or self.returned)

    @property
    def can_be_approved(self) -> bool:
        """Whether it is read as it ships, and one reviewer can say that it is right so."""
        return not self.open and not self.published and bool(self.shipped) and self.name.locale not in DERIVED

    def forms(self, text: str) -> tuple[str, ...]:
        """An edition's forms; one alone where numbers want none."""
        return plurals.forms(text) if self.many else (text,)

    def shown(self, text: str) -> str:
        """An edition to be read: one form a line."""
        return "\n".join(self.forms(text))

    def has(self, words: str) -> bool:
        """Whether a search finds it, by its key or by anything that it says; capitals, diacritics and Serbian script make no difference."""
        texts = (self.name.key, *map(self.shown, (self.english, self.said, self.written)))
        plain = _plain(words)
        return any(plain in _plain(text) if plain else words in text for text in texts)


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
    own: dict[tuple[Name, str], Edition] = {}
    below: dict[tuple[str, str], str] = {}
    for edition in current:
        if edition.name.locale == locale:
            own[edition.name, "open" if edition.state in OPEN else edition.state.value] = edition
        elif edition.name.locale == STANDS_ON.get(locale) and edition.state is State.PUBLISHED:
            below[edition.name.key, edition.name.version] = edition.text
    for own_text in catalogue.own_texts(locale):
        below.pop(own_text, None)
    shipped, source = shipped_texts(locale), shipped_texts(SOURCE)
    place = {key: at for at, key in enumerate(dict.fromkeys(key for key, _ in source))}  # both versions side by side
    return [
        Book(
            name := Name(locale, key, version),
            english.text,
            english.note,
            english.many,
            _derived(below[key, version], locale, many=english.many)
            if (key, version) in below
            else (shipped[key, version].text if (key, version) in shipped else ""),
            own.get((name, State.PUBLISHED.value)),
            own.get((name, "open")),
            own.get((name, State.RETURNED.value)),
        )
        for (key, version), english in sorted(source.items(), key=lambda one: place[one[0][0]])
    ]


def _derived(text: str, locale: str, *, many: bool) -> str:
    """What is published in the locale that one stands on, as it says it."""
    if locale != "sr-Cyrl":
        return text
    return plurals.joined(map(to_cyrillic, plurals.forms(text))) if many else to_cyrillic(text)


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
    return _shipped(locale, _changed_at(locale))[0]


def rule_of(locale: str) -> Rule:
    """Which form a number wants in a locale."""
    return _shipped(locale, _changed_at(locale))[1]


@lru_cache(maxsize=32)
def _shipped(locale: str, _when: tuple[float, ...]) -> tuple[dict[tuple[str, str], Entry], Rule]:
    written = catalogue.read(locale)
    return catalogue.parsed(written), plurals.rule(written.plural_forms)


def _changed_at(locale: str) -> tuple[float, ...]:
    files = (catalogue.source_file(locale), catalogue.source_file(STANDS_ON.get(locale, locale)))
    return tuple(_changed(path) for path in files)


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    return fold(text)


def _changed(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
