"""The usual words of the languages that are read here: a scrubber leaves them alone where only an unusual word would give somebody away.

They are those of the glossaries, of the lines that editors wrote, and "ordinary" in bot/names.yml; so the scrubbers learn with the editors.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from nlu.examples import lines
from nlu.folding import fold
from nlu.glossaries import entries
from nlu.lemmas import CACHE, keep
from nlu.reading import FOLDER

_LANGUAGES = ("en", "sq", "hbs")
"""Whose usual words are no names. Add a language here together with its cues."""

_LOCALES = ("en", "sq", "sr-Latn", "hr", "bs")
_OFTEN = 3
"""Lines that have to have a word before it counts as usual: among many thousand, one may call somebody by a name in small letters."""

_OFTEN_ELSEWHERE = 20
"""The same for the other locales: "m-au luat" is no surname, but what is usual in one language may be somebody's name in another."""

_FORMAT = b"2"
"""Changes when the words are to be read again although no source has changed."""

_SMALL = re.compile(r"(?<![^\W_])[^\W\d_A-Z]{2,40}(?:['’][^\W\d_]{1,20})?")


def usual(word: str, *, nearly: bool = True) -> bool:
    """Whether a folded word is one of the usual words of a language, in this or (`nearly`) a near form, and so no name."""
    known, stems = _usual_words()
    if word in known:
        return True
    if word in words_for("first_names") or not nearly:
        return False
    return word.startswith(_peoples()) or (len(word) > 7 and word[:-2] in stems)


@cache
def words_for(purpose: str) -> frozenset[str]:
    """The words that bot/names.yml has for a purpose, folded."""
    return frozenset(fold(word) for word in lists()[purpose].split())


@cache
def lists() -> dict[str, str]:
    """bot/names.yml."""
    read: dict[str, str] = yaml.safe_load((Path(__file__).parent / "names.yml").read_text(encoding="utf-8"))
    return read


def warm() -> None:
    """Read all the words now, so that no child waits for it."""
    usual("?")


@cache
def _peoples() -> tuple[str, ...]:
    return tuple(words_for("peoples"))


@cache
def _usual_words() -> tuple[frozenset[str], frozenset[str]]:
    """The words of the glossaries with their plain English, and their stems; and the words that editors' lines write small.

    Kept between starts, for reading all the lines takes seconds.
    """
    state = zlib.crc32(b"\n".join([_FORMAT, *(path.read_bytes() for path in _sources())]))
    kept = CACHE / f"usual-{state:08x}.json"
    try:
        known, stems = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        known, stems = map(sorted, _read_usual_words())
        text = json.dumps([known, stems])
        keep(kept, lambda file: file.write_text(text, encoding="utf-8"))
    return frozenset(known), frozenset(stems)


def _sources() -> Iterator[Path]:
    yield Path(__file__).parent / "names.yml"
    yield from (FOLDER / f"{language}.tsv" for language in _LANGUAGES)
    yield from sorted(FOLDER.parent.glob("*/*.yml"))


def _read_usual_words() -> tuple[set[str], set[str]]:
    words: set[str] = set()
    for language in _LANGUAGES:
        for entry, gloss in entries(FOLDER / f"{language}.tsv").items():
            words.update(entry.split())
            words.update(re.findall(r"[a-z']+", gloss.lower()))
    stems = {word[:length] for word in words for length in range(max(5, len(word) - 2), len(word) + 1)}
    here, elsewhere = Counter[str](), Counter[str]()
    for line in lines():
        (here if line.locale in _LOCALES else elsewhere).update({fold(word) for word in _SMALL.findall(line.text)})
    written = {word for word, count in here.items() if count >= _OFTEN}
    written |= {word for word, count in elsewhere.items() if count >= _OFTEN_ELSEWHERE}
    return words | (written - words_for("first_names")) | words_for("ordinary"), stems
