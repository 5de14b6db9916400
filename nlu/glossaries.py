"""The glossary of one language: which plain English words a word or expression stands for.

Editors write `glossary/<language>.tsv` (lemma, gloss). Here it becomes something that finds a word as a child typed it.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from sys import intern

from nlu.folding import fold, typed, unstretch
from nlu.latin import respelt, sounds
from nlu.lemmas import CACHE, Lemmas, keep, kept, lemmas

LONGEST = 4
"""An expression has at most this many words."""

MEANINGLESS = "-"
"""The gloss of a word that says nothing by itself, such as an article."""

_FORMAT = "4"
"""Changes when compiled tables of forms are to be made again although no entry has changed."""

_PREFIX = 5
"""Two words that share at least this many first letters may be forms of one word."""

_SHORTEST_SLIP = 3
"""A word of fewer letters than this is not taken for one with a vowel left out."""

_VOWELS = {"sq": "e"}
"""Which vowels young people leave out when they type; any of them where nothing is said. In Albanian it is ë."""

_ENDINGS: dict[str, tuple[str, ...]] = {
    "ar": ("هم", "ها", "كم", "نا", "ني", "ه", "ك", "ي", "ون", "ين", "ات"),
    "fa": ("هايم", "هاي", "ها", "ام", "ات", "اش", "مان", "تان", "شان", "م", "ت", "ش", "و", "ه"),
    "ro": ("ul", "ului", "le", "l", "a"),
    "bg": ("ta", "to", "te", "at", "ja"),
    "mk": ("ta", "to", "te", "ot", "on", "va", "na"),
}
_BEGINNINGS: dict[str, tuple[str, ...]] = {
    "ar": ("وعال", "بهال", "عال", "هال", "وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك", "س"),
    "fa": ("نمي", "مي", "ن", "ب"),
}


def entry(word: str) -> str:
    """The form in which a word or expression is looked up; "" where nothing of it is left."""
    return " ".join(fold(word).replace("-", " ").split())


def entries(path: Path) -> dict[str, str]:
    """Read a glossary file: folded word or expression to gloss. Read without quoting; the first of two equal entries counts."""
    return _entries_and_homographs(path)[0]


def _entries_and_homographs(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The entries of a glossary file, and the words that only their letters tell apart ("пушка" gun, "пуска" lets), as they are written.

    Folded these are one word, and the first of them counts; whoever types exactly one of them is read so.
    """
    found: dict[str, str] = {}
    first: dict[str, str] = {}
    written: dict[str, str] = {}
    for word, gloss in rows(path):
        if not (key := entry(word)):
            continue
        meaning = "" if gloss == MEANINGLESS else gloss
        if key not in found:
            found[key], first[key] = meaning, word
        elif " " not in key:
            written.setdefault(typed(first[key]), found[key])
            written.setdefault(typed(word), meaning)
    return found, written


def rows(path: Path) -> Iterator[tuple[str, str]]:
    """Every word or expression of a glossary file as it was written, with its gloss; nothing where there is no file."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        word, _, gloss = line.partition("\t")
        if word.strip() and gloss.strip():
            yield word.strip(), gloss.strip()


def _pivoted(path: Path, raw: Mapping[str, str], pivot: Callable[[str], str]) -> dict[str, str]:
    """The entries of the glossary at `path` with their glosses brought to one form; kept between starts, for that takes seconds."""
    english = path.with_name("en.tsv")
    state = "\n".join([_FORMAT, *raw, *raw.values(), english.read_text(encoding="utf-8") if english.is_file() else ""])
    file = CACHE / f"{path.stem}-{zlib.crc32(state.encode()):08x}.json"
    try:
        glosses: list[str] = json.loads(file.read_text(encoding="utf-8"))
        return {key: intern(gloss) for key, gloss in zip(raw, glosses, strict=True)}
    except (OSError, ValueError, TypeError):
        pivot = cache(pivot)  # many words mean the same
        words = {key: intern(pivot(gloss)) for key, gloss in raw.items()}
        keep(file, lambda unfinished: unfinished.write_text(json.dumps([*words.values()]), encoding="utf-8"))
        return words


def _one_letter_less(word: str) -> list[str]:
    """Return the forms of a word in which one letter, but the first, is missing: two words that share one are a slip apart."""
    return [word[:at] + word[at + 1 :] for at in range(1, len(word))]


def _says(gloss: str) -> int:
    """How many words a gloss has; none is not little, for a form may say much whose other form says nothing."""
    return len(gloss.split()) or LONGEST


def _roots(words: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(key for key in words if " " not in key and len(key) >= _PREFIX))


def _slips(roots: tuple[str, ...]) -> dict[str, str]:
    slips: dict[str, str] = {}
    for root in (root for root in roots if len(root) > _PREFIX):
        for slip in _one_letter_less(root):
            slips.setdefault(slip, root)
    return slips


def _heard(words: Mapping[str, str], language: str) -> dict[str, str]:
    """The words by their sounds, where a language is also typed in Latin letters."""
    heard: dict[str, str] = {}
    for key, gloss in words.items():
        if " " not in key and (sound := sounds(key, language)) is not None:
            heard.setdefault(sound, gloss)
    return heard


@dataclass(frozen=True)
class Glossary:
    """One language's words, ready to be looked up.

    `homographs` are words as they are written, the others folded. `roots` are its single words of some length in order, to find one by its
    first letters; `slips` leads to them from a misspelling.
    """

    language: str
    words: dict[str, str]
    homographs: dict[str, str]
    lemmas: Lemmas
    roots: tuple[str, ...]
    slips: Lemmas

    @classmethod
    def open(cls, path: Path, pivot: Callable[[str], str]) -> Glossary:
        """Read the glossary at `path` with its glosses brought to one form by `pivot`."""
        raw, written = _entries_and_homographs(path)
        words = _pivoted(path, raw, pivot)
        fingerprint = "\n".join([_FORMAT, *sorted(f"{word} {_says(gloss)}" for word, gloss in raw.items())]).encode()
        table = lemmas(path.stem, raw.__contains__, fingerprint, says=lambda word: _says(raw[word]))
        roots = _roots(words)
        heard = _heard(words, path.stem)
        slips = kept(
            CACHE / "slips" / f"{path.stem}-{zlib.crc32(fingerprint):08x}.npz", lambda: Lemmas.of(_slips(roots))
        )
        exact = {word: pivot(gloss) for word, gloss in written.items()}
        return cls(path.stem, heard | words, exact, table, roots, slips)

    def taught(self, words: Mapping[str, str]) -> Glossary:
        """This glossary with more words, folded and with their glosses as they are; of two equal entries the taught one counts.

        Made in a moment, while children write: the inflected forms that dictionaries know are those of the file's words only, so
        a taught word is found as it is, stretched, misspelt by a letter, or by its first letters.
        """
        roots = _roots(words)
        known = {**self.words, **_heard(words, self.language), **words}
        written = {word: gloss for word, gloss in self.homographs.items() if entry(word) not in words}
        both = tuple(sorted({*self.roots, *roots}))
        return replace(self, words=known, homographs=written, roots=both, slips=self.slips.plus(_slips(roots)))

    def gloss(self, word: str) -> str | None:
        """Return what a folded word means, or None: as it is, or its lemma, or those of the parts around an apostrophe."""
        for form in dict.fromkeys((word, word.replace("'", ""))):
            if (found := self._entry(form)) is not None:
                return found
        if "'" in word:
            parts = [self._entry(part) for part in word.split("'") if part]
            if all(part is not None for part in parts):
                return " ".join(part for part in parts if part)
        return None

    def respelt(self, word: str) -> str | None:
        """Return what a word means that is stretched, typed in Latin letters where the language has others, or has clitics; None if nothing."""
        for form in (unstretch(word), *respelt(word, self.language)):
            if (found := self._entry(form)) is not None:
                return found
        return self._without_clitics(word)

    def likely(self, word: str) -> str | None:
        """Return what a folded word that is not known probably means: a misspelt one, or another form of one."""
        return self._without_a_vowel(word) or self._misspelt(word) or self._by_prefix(word)

    def _without_a_vowel(self, word: str) -> str | None:
        """Return the gloss of any form, inflected or not, that `word` is once a vowel is put back: "spvam", "kok", "vllan"."""
        if len(word) < _SHORTEST_SLIP or not word.isalpha() or not word.isascii():
            return None
        for vowel in _VOWELS.get(self.language, "aeiou"):
            for at in range(len(word), 0, -1):
                if found := self._entry(word[:at] + vowel + word[at:]):
                    return found
        return None

    def _entry(self, form: str) -> str | None:
        if (found := self.words.get(form)) is not None:
            return found
        base = self.lemmas.base(form)
        return self.words.get(base) if base is not None else None

    def _without_clitics(self, word: str) -> str | None:
        for beginning in (*_BEGINNINGS.get(self.language, ()), ""):
            if not word.startswith(beginning):
                continue
            rest = word[len(beginning) :]
            for ending in ("", *_ENDINGS.get(self.language, ())):
                stem = rest[: len(rest) - len(ending)]
                if (
                    stem != word
                    and len(stem) >= 3
                    and rest.endswith(ending)
                    and (found := self._entry(stem)) is not None
                ):
                    return found
        return None

    def _misspelt(self, word: str) -> str | None:
        """Return the gloss of a root that differs in one letter, missing, added, changed, or in two swapped ones."""
        if len(word) <= _PREFIX or not word.isalpha():
            return None
        root = self.slips.base(word)
        for slip in () if root else _one_letter_less(word):
            if (root := slip if slip in self.words and len(slip) > _PREFIX else self.slips.base(slip)) is not None:
                break
        return self.words[root] if root else None

    def _by_prefix(self, word: str) -> str | None:
        """Return the gloss of the root that shares the most first letters: at least five, and most of the shorter word."""
        if len(word) < _PREFIX:
            return None
        at = bisect_left(self.roots, word)
        best, most = None, 0.0
        for root in self.roots[max(0, at - 4) : at + 4]:
            shared = 0
            for one, other in zip(word, root, strict=False):
                if one != other:
                    break
                shared += 1
            alike = 2 * shared / (len(word) + len(root))
            if shared >= _PREFIX and alike > most and alike >= 0.7:
                best, most = root, alike
        return self.words[best] if best is not None else None
