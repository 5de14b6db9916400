"""Which lines tell the same situation, so that a measurement never judges a line by its own near-copy.

Two lines of whatever language belong together when most of their glossed words are the same. What is alike is joined on: a chain of near-copies
is one situation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from nlu.reading import Reading

ALIKE = 0.6
"""The share of words (Jaccard) from which on two lines are one situation."""

_USUAL = 400
"""A word in more lines than this does not bring lines together to be compared: it would be everybody's."""

_RAREST = 4
"""Lines are compared when they share one of their so many rarest words: two lines that are alike nearly always do."""


def situations(readings: Sequence[Reading]) -> list[int]:
    """Return, for each reading, the number of its situation."""
    words = [frozenset(one.glossed.split()) for one in readings]
    lines_of: dict[str, list[int]] = defaultdict(list)
    for at, present in enumerate(words):
        for word in present:
            lines_of[word].append(at)
    parent = list(range(len(readings)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first: dict[frozenset[str], int] = {}
    for at, present in enumerate(words):
        if (same := first.setdefault(present, at)) != at:
            parent[root(at)] = root(same)
            continue
        rare = sorted(present, key=lambda word: (len(lines_of[word]), word))[:_RAREST]
        near = {other for word in rare if len(lines_of[word]) <= _USUAL for other in lines_of[word] if other != at}
        for other in near:
            shared = len(present & words[other])
            if shared >= ALIKE * (len(present) + len(words[other]) - shared):
                parent[root(at)] = root(other)
    return [root(at) for at in range(len(readings))]
