"""What a child means by a few words right after an alarm, or in a guide: yes, no, "I don't know", "what should I do", "forget it", "back", "skip".

These are short lists that an editor can change (locales/<locale>/words.yml), not a classifier: in that moment a wrong guess costs too much.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import yaml

from locales.catalogue import STANDS_ON
from nlu.folding import fold

MOST_WORDS = 7
"""A longer message says something of its own and is not read as a bare yes or no."""

_LATIN = re.compile(r"[a-zA-Z]")
_HALF_SPACE = "\u200c"
"""Stands between the parts of a Persian word, where others type a space."""

_WORD = re.compile(r"[^\W_]+")


class Meaning(StrEnum):
    """What the few words say; the names are those of the lists."""

    YES = "yes"
    NO = "no"
    NOT_MEANT = "not_meant"
    UNSURE = "unsure"
    WHAT_NOW = "what_now"
    FORGET = "forget"
    BACK = "back"
    SKIP = "skip"


TAPS = {
    "person:yes": Meaning.YES,
    "person:no": Meaning.NO,
    "person:not_meant": Meaning.NOT_MEANT,
    "person:unsure": Meaning.UNSURE,
}
"""The buttons that say the same without words."""


class Meanings:
    """Reads bare answers by the word lists of every locale."""

    def __init__(self, lists: Mapping[str, Mapping[Meaning, frozenset[str]]]) -> None:
        self._lists = lists

    def of(self, text: str, locale: str) -> Meaning | None:
        """The meaning of a bare answer in the child's language, or in English; None when it says something else."""
        if text in TAPS:
            return TAPS[text]
        said = _fold(text)
        if not said or len(said.split()) > MOST_WORDS:
            return None
        for form in dict.fromkeys((said, _unstretch(said))):  # "noo" is no, but "too" is not "to"
            for code in dict.fromkeys((locale, "en") if _LATIN.search(text) else (locale,)):  # «но» is "but", not "no"
                for meaning, phrases in self._lists.get(code, {}).items():
                    if form in phrases:
                        return meaning
        return None


def load(folder: Path) -> Meanings:
    """Read every words.yml below a folder; Serbian Cyrillic, like every locale without one, is read with the list of the locale it stands on."""
    lists = {path.parent.name: _lists(path) for path in folder.glob("*/words.yml")}
    for code, below in STANDS_ON.items():
        if below in lists:
            lists.setdefault(code, lists[below])
    return Meanings(lists)


def _lists(path: Path) -> dict[Meaning, frozenset[str]]:
    words = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {meaning: frozenset(_fold(str(phrase)) for phrase in words.get(meaning.value, ())) for meaning in Meaning}


def _unstretch(said: str) -> str:
    """Every doubled letter single."""
    return re.sub(r"(\w)\1+", r"\1", said)


def _fold(text: str) -> str:
    """Folded words without marks and punctuation: "Neee!!" and "ne", "hayır" and "hayir", «мой» and «мои» are the same answer."""
    apart = unicodedata.normalize("NFKD", text.replace(_HALF_SPACE, " "))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(_WORD.findall(fold(plain).replace("'", "")))
