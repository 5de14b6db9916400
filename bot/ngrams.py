"""How well the letters of a text fit each language: langdetect's profiles as one table, read without its random draws.

Its own `detect` samples, and answers differently from call to call. Here every n-gram of one to three letters speaks once, with the
probability that its profile gives it. Profiles are also read in the other script of their language: Serbian in Cyrillic, and Bulgarian,
Macedonian, Ukrainian, Russian and Greek as they are typed in Latin letters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import langdetect
import numpy as np
from numpy.typing import NDArray

from locales.scripts import to_cyrillic
from nlu.folding import fold

_PROFILES = {"hbs": "hr", "rom": "hr"}
"""langdetect knows no Serbian and no Romani: the Croatian profile serves, and the words of each decide between them."""

_IN_LATIN = frozenset({"bg", "mk", "uk", "ru", "el"})
_LONGEST = 3
_UNSEEN = 0.5 / 10_000
"""What langdetect itself adds to every probability, so that an n-gram that a profile lacks rules nothing out."""

_NOT_LETTERS = re.compile(r"[\W\d_]+")
_AS_IN_PROFILES = str.maketrans("șțی", "şţي")
_GREEK = str.maketrans("αβγδεζηικλμνξοπρσςτυφχωάέήίόύώ", "avgdeziiklmnxoprsstyfxoaeiioyo") | {
    ord("θ"): "th",
    ord("ψ"): "ps",
}


class Ngrams:
    """The table of all n-grams of the languages asked for: a sorted row of packed n-grams and their log-probabilities."""

    def __init__(self, languages: Iterable[str]) -> None:
        profiles = [_profile(language) for language in languages]
        self._keys = np.unique(np.concatenate([grams for grams, _ in profiles]))
        table = np.full((len(self._keys), len(profiles)), _UNSEEN)
        for column, (grams, probabilities) in enumerate(profiles):
            np.add.at(table[:, column], np.searchsorted(self._keys, grams), probabilities)
        self._logs = np.log(table).astype(np.float32)

    def evidence(self, text: str) -> NDArray[np.float64]:
        """The log-probability of a text's n-grams, one number for each language; n-grams that no profile has say nothing."""
        grams = _grams(text)
        rows = np.searchsorted(self._keys, grams)
        rows[rows == len(self._keys)] = 0
        known = rows[self._keys[rows] == grams]
        return np.asarray(self._logs[known].sum(axis=0, dtype=np.float64))


def in_latin(text: str) -> str:
    """Cyrillic or Greek as it is typed in Latin letters, folded."""
    return fold(text.translate(_GREEK))


def _profile(language: str) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """The n-grams of a profile, packed, and their probabilities; each is also there in the language's other script."""
    path = Path(langdetect.__file__).parent / "profiles" / _PROFILES.get(language, language)
    profile = json.loads(path.read_text(encoding="utf-8"))
    grams: list[int] = []
    probabilities: list[float] = []
    for gram, count in profile["freq"].items():
        if len(gram) > _LONGEST:
            continue
        forms = {gram}
        if language == "hbs":
            forms.add(to_cyrillic(gram))
        elif language in _IN_LATIN:
            forms.add(in_latin(gram))
        for form in forms:
            if 0 < len(form) <= _LONGEST:
                grams.append(_pack(form))
                probabilities.append(count / profile["n_words"][len(gram) - 1])
    return np.array(grams, dtype=np.uint64), np.array(probabilities)


def _pack(gram: str) -> int:
    return sum(ord(letter) << 21 * place for place, letter in enumerate(gram))


def _grams(text: str) -> NDArray[np.uint64]:
    """All n-grams of the words of a text, packed; a word's beginning and end are seen as a space, n-grams over two words are not."""
    spaced = f" {_NOT_LETTERS.sub(' ', text.translate(_AS_IN_PROFILES)).strip()} "
    letters = np.frombuffer(spaced.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    shift, space = np.uint64(21), np.uint64(ord(" "))
    pairs = letters[:-1] | letters[1:] << shift
    triples = pairs[:-1] | letters[2:] << shift * np.uint64(2)
    return np.concatenate([letters[letters != space], pairs, triples[letters[1:-1] != space]])
