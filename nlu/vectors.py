"""Readings as numbers, and a linear model over them that is small, fast and loads without pickle.

Hashed n-grams need no vocabulary, so nothing has to be agreed on between the application, Rasa and the training. Hashing is done in
numpy over the whole message at once: a message of 4,000 characters costs about as much as one of 40.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlu.reading import Reading

_SPACE_BITS = 20
_SPACE_WEIGHTS = np.array([0.5, 1.0, 1.0, 1.0, 1.0], np.float32)
"""How much each hash space counts: words as written, then characters, words and pairs of words as glossed, then clues.

Each is brought to this length by itself, or the many character n-grams would drown the few words: measured, look-alikes
noticed at 95 % rose from 38 to 44 of 100 without it.
"""
WIDTH = len(_SPACE_WEIGHTS) << _SPACE_BITS
"""Columns of a matrix."""

_MOST_PAIRED = 40
"""Pairs are made of at most this many different words, so that a long message stays cheap."""

_TOLERANCE = 0.05
_MOST_STEPS = 100
"""A fit ends here or there: measured, a finer tolerance or more steps change no figure by more than one point in a thousand."""

_LONGEST = 5
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_BLANK = 32

Hashes = NDArray[np.uint64]


def _column(hashes: Hashes, space: int) -> NDArray[np.int32]:
    """Bring hashes into their own range of columns."""
    mixed = (hashes ^ (hashes >> np.uint64(31))) * _MIX
    mixed = mixed >> np.uint64(64 - _SPACE_BITS)
    return (mixed + np.uint64(space << _SPACE_BITS)).astype(np.int32)


def _characters(text: str) -> Hashes:
    """Hash every n-gram of one to five characters within a word and its surrounding blanks (scikit-learn's char_wb)."""
    letters = np.frombuffer(f" {text} ".encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    blank = letters == _BLANK
    crossed = np.cumsum(blank)
    hashes, grams = np.zeros(len(letters), dtype=np.uint64), []
    for length in range(1, _LONGEST + 1):
        count = len(letters) - length + 1
        if count < 1:
            break
        hashes = (hashes[:count] + letters[length - 1 :] + np.uint64(1)) * _STEP
        hashes ^= hashes >> np.uint64(29)
        if length == 1:
            grams.append(hashes[~blank])
        elif length == 2:
            grams.append(hashes)
        else:
            inside = crossed[length - 2 : length - 2 + count] - crossed[:count]
            grams.append(hashes[inside == 0])
    return np.concatenate(grams)


def _words(text: str) -> Hashes:
    """Hash every word and every two neighbouring words."""
    words = text.split()
    single = _hashes(words)
    return np.concatenate([single, (single[:-1] * _STEP + single[1:]) * _MIX])


def _pairs(words: Iterable[str]) -> Hashes:
    """Hash every two different words that occur together, in whatever order: children's languages order them differently."""
    single = np.unique(_hashes(list(dict.fromkeys(words))[:_MOST_PAIRED]))
    one, other = _every_two(len(single))
    return (single[one] * _STEP ^ single[other]) * _MIX


@lru_cache(_MOST_PAIRED + 1)
def _every_two(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return np.triu_indices(count, 1)


def _hashes(words: Sequence[str]) -> Hashes:
    numbers = (zlib.crc32(word.encode("utf-8", "replace")) for word in words)
    return np.fromiter(numbers, dtype=np.uint64, count=len(words)) * _STEP


def _row(reading: Reading, clues: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    spaces = (
        _words(reading.written),
        _characters(reading.glossed),
        _words(reading.glossed),
        _pairs(reading.glossed.split()),
        np.concatenate([_hashes(clues), _pairs(clues)]),
    )
    columns = np.concatenate([_column(hashes, space) for space, hashes in enumerate(spaces)])
    where, counts = np.unique(columns, return_counts=True)
    return where, (1.0 + np.log(counts)).astype(np.float32)


def vectorise(readings: Sequence[Reading], clues: Sequence[Sequence[str]] | None = None) -> csr_matrix:
    """Return one row of WIDTH columns per reading: 1 + log of how often each hashed n-gram occurs. Stateless.

    `clues`, one sequence per reading, are further signs of what the message is about; they count alone and in pairs.
    """
    rows = [_row(reading, clues[at] if clues is not None else ()) for at, reading in enumerate(readings)]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows]) if rows else np.zeros(0, np.int32)
    values = np.concatenate([values for _, values in rows]) if rows else np.zeros(0, np.float32)
    return csr_matrix((values, columns, starts), shape=(len(rows), WIDTH))


class LinearModel:
    """One logistic regression for each label over `vectorise`'s columns, with the idf weighting of its training kept in it.

    Only columns seen in at least `rarest` training rows are kept; the weights are saved as float16. Label by label, liblinear's coordinate
    descent takes a third of the time of one multinomial fit by lbfgs and judges as well (docs/decisions/0011-understanding.md).
    """

    def __init__(self, strength: float = 5.0, rarest: int = 2) -> None:
        self.labels: tuple[str, ...] = ()
        self._strength = strength
        self._rarest = rarest
        self._columns: NDArray[np.int32] = np.zeros(0, np.int32)
        self._idf: NDArray[np.float32] = np.zeros(0, np.float32)
        self._weights: NDArray[Any] = np.zeros((0, 0), np.float16)
        self._bias: NDArray[np.float32] = np.zeros(0, np.float32)

    def fit(
        self, matrix: csr_matrix, labels: Sequence[str], emphasis: Mapping[str, float] = MappingProxyType({})
    ) -> LinearModel:
        """Learn which label each row has. Raises ValueError when all have the same.

        A row of a rare label counts for more, by the root of how rare it is; `emphasis` says of which label every row counts for more still.
        """
        rows = matrix.shape[0]
        frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
        self._columns = np.flatnonzero(frequency >= self._rarest).astype(np.int32)
        self._idf = (np.log((1 + rows) / (1 + frequency[self._columns])) + 1).astype(np.float32)
        names, which, counts = np.unique(np.array(labels), return_inverse=True, return_counts=True)
        each = np.sqrt(rows / (len(names) * counts)) * [emphasis.get(str(name), 1.0) for name in names]
        weighted = self._weighted(matrix)

        def told_apart(label: int) -> tuple[NDArray[Any], float]:
            from sklearn.linear_model import LogisticRegression

            one = LogisticRegression(
                C=self._strength, solver="liblinear", dual=True, tol=_TOLERANCE, max_iter=_MOST_STEPS, random_state=0
            )
            one.fit(weighted, which == label, sample_weight=each[which])
            return one.coef_[0], float(one.intercept_[0])

        with ThreadPoolExecutor(os.cpu_count()) as threads:  # liblinear lets go of the interpreter
            learned = list(threads.map(told_apart, range(len(names))))
        self.labels = tuple(map(str, names))
        weights, bias = np.stack([one for one, _ in learned], axis=1), np.array([one for _, one in learned])
        if len(names) == 2:  # each one's scores are the other's, turned round
            weights, bias = weights / 2, bias / 2
        self._weights, self._bias = weights.astype(np.float16), bias.astype(np.float32)
        return self

    def probabilities(self, matrix: csr_matrix) -> NDArray[np.float32]:
        """Return a probability for every row (first axis) and label (second axis, in the order of `labels`)."""
        scores = np.empty((matrix.shape[0], len(self.labels)), np.float32)
        for row in range(matrix.shape[0]):
            columns = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
            values = matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]]
            places = self._columns.searchsorted(columns)
            known = places < len(self._columns)
            known[known] = self._columns[places[known]] == columns[known]
            places = places[known]
            values = values[known] * self._idf[places]
            space = columns[known] >> _SPACE_BITS
            lengths = np.sqrt(np.bincount(space, weights=values * values, minlength=len(_SPACE_WEIGHTS)))
            lengths[lengths == 0] = 1.0
            weights = self._weights[places].astype(np.float32)  # kept half as long, for there are millions of them
            scores[row] = (values * (_SPACE_WEIGHTS / lengths)[space]).astype(np.float32) @ weights + self._bias
        scores -= scores.max(axis=1, keepdims=True, initial=0.0)
        np.exp(scores, out=scores)
        return np.asarray(scores / scores.sum(axis=1, keepdims=True))

    def save(self, path: Path) -> None:
        """Write the model to `path` (.npz), whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".new.npz")
        labels = np.array(self.labels)
        np.savez(
            unfinished,
            labels=labels,
            columns=self._columns,
            idf=self._idf,
            weights=self._weights,
            bias=self._bias,
        )
        unfinished.replace(path)

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Read a model that `save` wrote. Raises OSError, KeyError or ValueError when the file is missing or not such a model."""
        model = cls()
        with np.load(path, allow_pickle=False) as stored:
            model.labels = tuple(str(label) for label in stored["labels"])
            model._columns, model._idf = stored["columns"], stored["idf"]
            model._weights, model._bias = stored["weights"], stored["bias"]
        return model

    def _weighted(self, matrix: csr_matrix) -> csr_matrix:
        """Return the kept columns with idf applied and every hash space of every row brought to its weight."""
        kept = csr_matrix(matrix[:, self._columns]).astype(np.float32)
        kept.data *= self._idf[kept.indices]
        spaces = len(_SPACE_WEIGHTS)
        block = np.repeat(np.arange(kept.shape[0]), np.diff(kept.indptr)) * spaces + (
            self._columns[kept.indices] >> _SPACE_BITS
        )
        lengths = np.sqrt(np.bincount(block, weights=kept.data**2, minlength=kept.shape[0] * spaces))
        kept.data *= (_SPACE_WEIGHTS[block % spaces] / lengths[block]).astype(np.float32)
        return kept
