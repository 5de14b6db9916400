"""How well the letters of a text fit each language: langdetect's profiles as one table, read without its random draws.

Its own `detect` samples, and answers differently from call to call. Here every n-gram of one to three letters speaks once, with the
probability that its profile gives it. Profiles are also read in the other script of their language: Serbian in Cyrillic, and Bulgarian,
Macedonian, Ukrainian, Russian and Greek as they are typed in Latin letters.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import langdetect
import numpy as np
from numpy.typing import NDArray

from locales.scripts import to_cyrillic
from nlu.folding import fold

_PROFILES = {"hbs": "hr", "rom": "hr", "ps": "fa"}
"""langdetect knows no Serbian, no Romani and no Pashto: the Croatian and Persian profiles serve, and words and letters decide between them."""

_IN_LATIN = frozenset({"bg", "mk", "uk", "ru", "el"})
_OTHER_SCRIPTS = _IN_LATIN | {"ar", "fa"}
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
    """The table of all n-grams of the languages asked for: a sorted row of packed n-grams and their log-probabilities.

    `typed` has, by language, how often words are typed in Latin letters: there the profiles of other scripts say nothing or too little.
    """

    def __init__(self, languages: Iterable[str], typed: Mapping[str, Mapping[str, int]]) -> None:
        profiles = [_profile(language, typed.get(language, {})) for language in languages]
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


def _profile(language: str, typed: Mapping[str, int]) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """The n-grams of a profile, packed, and their probabilities; each is also there in the language's other script."""
    path = Path(langdetect.__file__).parent / "profiles" / _PROFILES.get(language, language)
    profile = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, float] = {}

    def add(gram: str, probability: float) -> None:
        if 0 < len(gram) <= _LONGEST:
            found[gram] = found.get(gram, 0.0) + probability

    own = _typed(typed) if language in _OTHER_SCRIPTS else {}
    for gram, count in profile["freq"].items():
        if len(gram) > _LONGEST:
            continue
        probability = count / profile["n_words"][len(gram) - 1]
        add(gram, probability)
        if language == "hbs" and (cyrillic := to_cyrillic(gram)) != gram:
            add(cyrillic, probability)
        elif language in _IN_LATIN and (latin := in_latin(gram)) != gram:
            add(latin, probability / 2 if own else probability)
    for gram, probability in own.items():
        add(gram, probability / 2 if language in _IN_LATIN else probability)
    grams = np.array([_pack(gram) for gram in found], dtype=np.uint64)
    return grams, np.array(list(found.values()))


def _typed(words: Mapping[str, int]) -> dict[str, float]:
    """The probabilities of the n-grams of the words that are in Latin letters, among those of their length."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        if word.isascii():
            spaced = f" {word} "
            for length in range(1, _LONGEST + 1):
                for at in range(len(spaced) - length + 1):
                    counts[spaced[at : at + length]] += count
    del counts[" "]
    of_length: Counter[int] = Counter()
    for gram, count in counts.items():
        of_length[len(gram)] += count
    return {gram: count / of_length[len(gram)] for gram, count in counts.items()}


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
