"""How a text speaks to a child: its sentences, its words, what it leaves the child with. One finding each, saying how to mend it.

The lists of words are an editor's (locales/<locale>/wording.yml); without one only what needs no words is looked at. The limits on sentences
are those of the project's issue on texts (12 words at 9 to 12 years, 16 from 13 on); screens have at most 60 words (mission M1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from locales.catalogue import STANDS_ON
from locales.scripts import to_cyrillic

FOLDER = Path(__file__).resolve().parent
SENTENCE = 16
SENTENCE_YOUNGER = 12
NAMES_A_DANGER_FROM = 15
"""Words from which a text has room for something to do; shorter ones are lines of a list, or questions."""

CARDS = "card."
"""How the keys begin of what is printed and found by others (docs/decisions/0014)."""

_KINDS = ("frightening", "blaming", "technical", "danger", "doing", "parents", "instead", "revealing")
_ENDS = re.compile(r"[.!?؟…:;](?=\s|$|[”\"»“)])|\n|[“”«»„]")
_FOREIGN = {"rtl": re.compile(r"[,;?](?=\s|$)"), "ltr": re.compile(r"[؟،؛\u200e\u200f\u202a-\u202e\u2066-\u2069]")}
_OPEN, _CLOSE = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068", "\u202c\u2069"


class WordingIsWrong(ValueError):
    """A wording.yml cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True)
class Wording:
    """The lists of one locale, folded; `allowed` are the texts that may have a word of the lists all the same."""

    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    allowed: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def found(self, kind: str, text: str) -> str:
        """The first entry of a list that a folded text has, or nothing."""
        return next((entry for entry in self.lists.get(kind, ()) if _begins(entry, text)), "")


@cache
def wording(locale: str, folder: Path = FOLDER) -> Wording:
    """The lists of a locale, or of the one it stands on; Serbian Cyrillic has those of Latin, in its letters. Raises WordingIsWrong with one line."""
    derived = locale == "sr-Cyrl"
    path = folder / STANDS_ON.get(locale, locale) / "wording.yml"
    if not path.exists():
        return Wording()
    written = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    if unknown := set(written) - {*_KINDS, "allowed"}:
        message = f"{path.parent.name}/wording.yml: there is no list “{sorted(unknown)[0]}”; the lists are {', '.join(_KINDS)} and allowed"
        raise WordingIsWrong(message)
    lists = {
        kind: tuple(_fold(to_cyrillic(str(entry)) if derived else str(entry)) for entry in written.get(kind) or ())
        for kind in _KINDS
    }
    return Wording(lists, {key: tuple(words) for key, words in (written.get("allowed") or {}).items()})


def tone(key: str, text: str, words: Wording, *, younger: bool, right_to_left: bool) -> Iterator[str]:
    """Every finding about how one text speaks."""
    most = SENTENCE_YOUNGER if younger else SENTENCE
    for sentence in _ENDS.split(text):
        if len(sentence.split()) > most:
            yield f"has a sentence of {len(sentence.split())} words, “{_short(sentence)}”; at most {most}, so split it"
    folded = _fold(text)
    for kind in ("frightening", "blaming", "technical"):
        if (word := words.found(kind, folded)) and kind not in words.allowed.get(key, ()):
            yield f"has the {kind} word “{word.strip()}”; say it in another way, or allow it in wording.yml"
    if key.startswith(CARDS) and (word := words.found("revealing", folded)):
        yield f"has the word “{word.strip()}”, which gives a card away to whoever finds it; say it in another way"
    room = len(text.split()) > NAMES_A_DANGER_FROM and "danger" not in words.allowed.get(key, ())
    if room and (word := words.found("danger", folded)) and not words.found("doing", folded) and not _asks(text):
        yield f"names a danger (“{word.strip()}”) and nothing that one can do; add it"
    if (word := words.found("parents", folded)) and not words.found("instead", folded):
        yield f"says “{word.strip()}” and nobody else; parents are not safe for everyone, so name another too"
    yield from _direction(text, right_to_left=right_to_left)


def _direction(text: str, *, right_to_left: bool) -> Iterator[str]:
    if sign := _FOREIGN["rtl" if right_to_left else "ltr"].search(text):
        named = unicodedata.name(sign[0], "a hidden mark").lower()
        yield f"has a sign of the other writing direction ({named}); use this language's own"
    if sum(text.count(mark) for mark in _OPEN) != sum(text.count(mark) for mark in _CLOSE):
        yield "has a direction mark that is opened and not closed; remove it"


def _asks(text: str) -> bool:
    return text.rstrip('”"»“ ').endswith(("?", "؟", ";"))


def _begins(entry: str, text: str) -> bool:
    """Whether an entry stands at the beginning of a word."""
    return entry.strip() in text and (
        re.search(rf"(?<!\w){re.escape(entry.strip())}" + (r"(?!\w)" if entry.endswith(" ") else ""), text) is not None
    )


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _short(sentence: str) -> str:
    words = sentence.split()
    return " ".join(words[:6]) + (" …" if len(words) > 6 else "")
