"""Which lines tell the same situation, so that a measurement never judges a line by its own near-copy.

Two lines of whatever language belong together when most of their glossed words are the same. What is alike is joined on: a chain of near-copies
is one situation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from nlu.reading import Reading

ALIKE = 0.6
"""The share of words (Jaccard) from which on two lines are one situation."""

_RAREST = 5
"""Lines are compared when they share one of the so many rarest words of each: two lines that are alike nearly always do."""

_USUAL = 400
"""A word in more lines than this does not bring lines together to be compared: it would be everybody's."""


def situations(readings: Sequence[Reading]) -> list[int]:
    """Return, for each reading, the number of its situation."""
    words = [frozenset(one.glossed.split()) for one in readings]
    usual = Counter(word for present in words for word in present)
    parent = list(range(len(readings)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first: dict[frozenset[str], int] = {}
    rare_in: dict[str, list[int]] = defaultdict(list)
    for at, present in enumerate(words):
        if (same := first.setdefault(present, at)) != at:
            parent[at] = root(same)
            continue
        rare = [
            word for word in sorted(present, key=lambda word: (usual[word], word))[:_RAREST] if usual[word] <= _USUAL
        ]
        for other in {other for word in rare for other in rare_in[word]}:
            shared = len(present & words[other])
            if shared >= ALIKE * (len(present) + len(words[other]) - shared):
                parent[root(at)] = root(other)
        for word in rare:
            rare_in[word].append(at)
    return [root(at) for at in range(len(readings))]
