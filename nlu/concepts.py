"""What the words of a glossed message have in common: "belt", "slap" and "bruise" are all violence, in every language.

Concepts join what few examples cannot: a classifier that has seen a belt knows a stick. Their names are what a counsellor reads beside the child's
own words. Editors write `concepts.yml`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from nlu.reading import Reading

_FILE = Path(__file__).parent / "concepts.yml"


@cache
def concepts() -> dict[str, tuple[str, ...]]:
    """Return, for every word in the pivot form, the concepts it belongs to. Raises OSError or ValueError if the file is not readable."""
    found: dict[str, list[str]] = {}
    stored = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    for concept, words in stored.items():
        if not isinstance(concept, str) or not isinstance(words, str):
            message = f"{_FILE.name}: {concept!r} must be a name followed by words"
            raise ValueError(message)
        for word in words.split():
            found.setdefault(word, []).append(concept)
    return {word: tuple(names) for word, names in found.items()}


def concepts_of(reading: Reading) -> tuple[str, ...]:
    """Return the concepts of a message, each once, in the order in which they are met."""
    table = concepts()
    return tuple(dict.fromkeys(name for word in reading.glossed.split() for name in table.get(word, ())))
