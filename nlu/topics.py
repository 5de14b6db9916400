"""How the topic of a message is learned, inside Rasa (nlu/topics_component.py) and where it is measured without one."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.sparse import csr_matrix

from nlu.vectors import LinearModel

_STRENGTH = 20.0
"""Topics have few lines each, so what they say counts for more: on held-out lines 0.864 were right with 3, 0.872 with 10, 0.876 with 30."""


def fit_topics(matrix: csr_matrix, topics: Sequence[str]) -> LinearModel:
    """Learn from rows of `nlu.vectors.vectorise` and the topic of each."""
    return LinearModel(_STRENGTH).fit(matrix, topics)
