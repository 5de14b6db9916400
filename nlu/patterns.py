"""Short explicit statements, found without any training: "somebody touches me", "they sold her", "I want to die".

This is the part of noticing that must never fail (promise 1), so it is a plain list that an editor can read: `patterns.yml`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from nlu.reading import Reading

_FILE = Path(__file__).parent / "patterns.yml"

_SELF = frozenset({"i", "we", "me", "myself"})
_OTHERS = frozenset("she her him sister brother friend cousin girl boy child baby classmate".split())
_SLACK = 2
"""How many other words may stand between the words of a pattern."""


@dataclass(frozen=True)
class Found:
    """A pattern that holds in a message: what it says, how it is labelled, and which of the reading's words carry it."""

    says: str
    category: str
    urgency: str
    perspective: str
    words: tuple[int, ...]


@dataclass(frozen=True)
class Pattern:
    """One way of saying something: every set of `terms` must be met near the others. `victim` is the place of "@victim", or None."""

    says: str
    category: str
    urgency: str
    terms: tuple[frozenset[str], ...]
    victim: int | None

    def find(self, glosses: list[tuple[str, int]]) -> Found | None:
        """Return the first place where the pattern holds; `glosses` are pairs of a gloss word and the reading's word it came from."""
        span = len(self.terms) + _SLACK
        for start, (first, _) in enumerate(glosses):
            if not any(first in term for term in self.terms):
                continue
            met = _assign(self.terms, glosses[start : start + span])
            if met is not None:
                perspective = "self"
                if (self.victim is not None and met[self.victim][0] in _OTHERS) or (
                    self.victim is None
                    and not any(word in _SELF for word, _ in glosses)
                    and any(word in _OTHERS for word, _ in glosses)
                ):
                    perspective = "other"
                return Found(
                    self.says, self.category, self.urgency, perspective, tuple(sorted({word for _, word in met}))
                )
        return None


def _assign(terms: tuple[frozenset[str], ...], window: list[tuple[str, int]]) -> list[tuple[str, int]] | None:
    """Return a different word of the window for every term, or None."""
    if not terms:
        return []
    for at, (word, place) in enumerate(window):
        if word in terms[0]:
            rest = _assign(terms[1:], window[:at] + window[at + 1 :])
            if rest is not None:
                return [(word, place), *rest]
    return None


@cache
def patterns() -> tuple[Pattern, ...]:
    """Read the patterns. Raises OSError, KeyError or ValueError if the file is not as it should be."""
    stored = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    groups = {f"@{name}": frozenset(words.split()) for name, words in stored["groups"].items()}
    groups["@victim"] = _SELF | _OTHERS
    found = []
    for says, pattern in stored["patterns"].items():
        for way in pattern["any"]:
            parts = way.split()
            terms = tuple(
                frozenset(
                    word for part in term.split("|") for word in (groups[part] if part.startswith("@") else {part})
                )
                for term in parts
            )
            victim = next((at for at, part in enumerate(parts) if "@victim" in part), None)
            found.append(Pattern(says, pattern["category"], pattern["urgency"], terms, victim))
    return tuple(found)


@cache
def _by_rarest_word() -> dict[str, list[int]]:
    """The numbers of the patterns that can hold at all where a word is present: those of which it is in the term with the fewest words."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, pattern in enumerate(patterns()):
        for word in min(pattern.terms, key=len):
            found[word].append(number)
    return dict(found)


def explicit(reading: Reading) -> tuple[Found, ...]:
    """Return every statement that is found in a message, each once, in the order of the file."""
    glosses = [(gloss, at) for at, word in enumerate(reading.words) for gloss in word.gloss.split()]
    present = {gloss for gloss, _ in glosses}
    every, by_word = patterns(), _by_rarest_word()
    found: dict[str, Found] = {}
    for number in sorted({number for gloss in present for number in by_word.get(gloss, ())}):
        pattern = every[number]
        if pattern.says in found or any(term.isdisjoint(present) for term in pattern.terms):
            continue
        if (match := pattern.find(glosses)) is not None:
            found[pattern.says] = match
    return tuple(found.values())
