"""Which base form a word goes back to, for every language, small enough to keep in memory.

simplemma's dictionaries have up to 1.4 million forms (147 MB as a Python mapping while they are open). A reader needs only to know which
of its own entries a form belongs to. So the dictionary is read once, and what is kept is two sorted arrays: the form's
64-bit hash and the number of its base form. They are cached as .npz (no pickle) and made again when the glossary changes.
"""

from __future__ import annotations

import functools
import os
import zlib
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES, DefaultDictionaryFactory

from nlu.folding import fold
from nlu.latin import sounds

CACHE = Path(__file__).parent.parent / "var" / "glossary"
"""Where compiled tables lie between starts. Only a cache: where it cannot be written, everything works and starts slower."""


_KEPT = 2
"""Tables that are kept of a language: that of the glossary as it is, and the one that the models learned from."""


def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")


class Lemmas(NamedTuple):
    """A table from a folded form to its base form, `bases[places[i]]` for the form whose hash is `hashes[i]`."""

    hashes: NDArray[np.uint64]
    places: NDArray[np.int32]
    bases: tuple[str, ...]

    @classmethod
    def of(cls, pairs: Mapping[str, str]) -> Lemmas:
        """Make a table of (form, base) pairs that takes a tenth of a dictionary's memory."""
        bases = tuple(dict.fromkeys(pairs.values()))
        number = {base: place for place, base in enumerate(bases)}
        hashes = np.fromiter((_hash(form) for form in pairs), dtype=np.uint64, count=len(pairs))
        places = np.fromiter((number[base] for base in pairs.values()), dtype=np.int32, count=len(pairs))
        order = np.argsort(hashes, kind="stable")
        return cls(hashes[order], places[order], bases)

    def plus(self, pairs: Mapping[str, str]) -> Lemmas:
        """This table with some more pairs; what it has already stays as it is."""
        more = Lemmas.of({form: base for form, base in pairs.items() if self.base(form) is None})
        hashes = np.concatenate([self.hashes, more.hashes])
        places = np.concatenate([self.places, more.places + np.int32(len(self.bases))])
        order = np.argsort(hashes, kind="stable")
        return Lemmas(hashes[order], places[order], (*self.bases, *more.bases))

    def base(self, form: str) -> str | None:
        """Return the base form of a folded word, or None when it has no other."""
        if not len(self.hashes):
            return None
        wanted = np.uint64(_hash(form))
        at = int(self.hashes.searchsorted(wanted))
        if at < len(self.hashes) and self.hashes[at] == wanted:
            return self.bases[int(self.places[at])]
        return None


def _pairs(language: str) -> Iterable[tuple[str, str]]:
    """Yield every (form, base) of simplemma's dictionary, folded, proper spelling first so that it wins over a folded homograph."""
    if language not in SUPPORTED_LANGUAGES:
        return
    dictionary = DefaultDictionaryFactory(cache_max_size=1).get_dictionary(language)
    base_of = functools.cache(fold)  # a base has many forms
    later = []
    for form in dictionary:
        folded, base = fold(form), base_of(dictionary[form])
        if folded == form:
            yield folded, base
        else:
            later.append((folded, base))
    yield from later


def _compile(language: str, known: Callable[[str], bool], says: Callable[[str], int]) -> Lemmas:
    """Keep the forms for which a known entry exists under their base form, or under another form with the same base.

    Of several such forms the one that says least stands for all: "put to bed", and not "he cannot put to bed". Where a language is also typed
    in Latin letters, each form is there by its sounds too (nlu/latin.py).
    """
    pairs = dict[str, str]()
    entry_of_base = dict[str, str]()
    for form, base in _pairs(language):
        pairs.setdefault(form, base)
        if known(form) and (base not in entry_of_base or says(form) < says(entry_of_base[base])):
            entry_of_base[base] = form
    table = dict[str, str]()
    for form, base in pairs.items():
        entry = base if known(base) else entry_of_base.get(base)
        if entry is not None and entry != form:
            table.setdefault(form, entry)
            if (key := sounds(form, language)) is not None:
                table.setdefault(key, entry)
    return Lemmas.of(table)


def lemmas(
    language: str,
    known: Callable[[str], bool],
    fingerprint: bytes,
    cache: Path = CACHE,
    says: Callable[[str], int] = len,
) -> Lemmas:
    """Return the table of `language` ("en", "hbs", ...; an unknown one has an empty table).

    `known` says whether a folded form is an entry to arrive at, `says` how many words it is glossed with; `fingerprint` names the state of those
    entries, so that a cached table is used only for the glossary it was made from.
    """
    return kept(cache / f"{language}-{zlib.crc32(fingerprint):08x}.npz", lambda: _compile(language, known, says))


def kept(path: Path, make: Callable[[], Lemmas]) -> Lemmas:
    """Return the table that an earlier start left at `path`; otherwise `make` it and leave it there."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return Lemmas(stored["hashes"], stored["places"], tuple(stored["bases"].tobytes().decode().split("\n")))
    except (OSError, EOFError, ValueError, KeyError, BadZipFile):
        table = make()
    text = np.frombuffer("\n".join(table.bases).encode(), dtype=np.uint8)
    keep(path, lambda file: np.savez(file, hashes=table.hashes, places=table.places, bases=text))
    return table


def keep(path: Path, write: Callable[[Path], object]) -> None:
    """Have `write` make the file at `path`, whole or not at all, in the place of the oldest of its language and kind; where it cannot, so be it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        language, _, _ = path.name.rpartition("-")
        kept = sorted(path.parent.glob(f"{language}-*{path.suffix}"), key=lambda file: file.stat().st_mtime)
        for outdated in kept[: 1 - _KEPT]:
            outdated.unlink(missing_ok=True)
        unfinished = path.with_suffix(
            f".{os.getpid()}{path.suffix}"
        )  # the application and Rasa may make the same one at once
        write(unfinished)
        unfinished.replace(path)
    except OSError:
        pass
