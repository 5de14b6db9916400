"""Sees the names that a child gives away, their own or somebody else's, by what stands before them (promise 2).

Three kinds of words go before a name. After "my name is" any word that is no usual word is one. After "I am" or "my friend" it must be written
with a capital, or be a well-known first name. A well-known first name with a capital is seen wherever it stands. The words are in
bot/names.yml. Usual words are those of the glossaries: "my name is not important", "I am Scared" and "ja sam Srpkinja" stay as they are,
because a disclosure goes before a name (promise 1).

Everything is compared folded, so that Cyrillic, a missing diacritic and capitals make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from nlu.folding import fold
from nlu.glossaries import entries
from nlu.reading import FOLDER

_LANGUAGES = ("en", "sq", "hbs")
"""Whose usual words are no names. Add a language here together with its cues."""

_SURNAME = re.compile(r"(?:ic|ich|ovski|evski|ovska|evska|aj|son|llari|hoxha|shi)$")
_ENDINGS = {
    "a": ("",), "e": ("", "a"), "i": ("", "a"), "u": ("", "a"), "o": ("a",), "om": ("", "a"), "em": ("",),
    "in": ("",), "it": ("",), "un": ("",), "ut": ("",), "en": ("a",), "es": ("a",),
}  # fmt: skip
"""How a first name ends in the other cases of Serbian and Albanian, and what its own ending is then."""

_WORD = re.compile(r"[^\W\d_]{1,40}(?:['’-][^\W\d_]{1,40}){0,3}")
_JOIN = re.compile(r"[\s,:;\"'“”„«»(-]{0,4}")
_SPACE = re.compile(r"[ \t]{1,3}|-")
_LONGEST_CUE = 4


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    folded: str
    titled: bool


def without_names(text: str) -> str:
    """The text with [name] in place of every name that is seen. Reads it once, from left to right."""
    parts: list[str] = []
    end = 0
    for start, stop in _names(text):
        parts += [text[end:start], "[name]"]
        end = stop
    return "".join([*parts, text[end:]])


def usual(word: str) -> bool:
    """Whether a folded word is one of the usual words of a language, in this or a near form, and so no name."""
    known, stems = _usual_words()
    return word in known or word.startswith(_peoples()) or (len(word) > 7 and word[:-2] in stems)


def first_name(word: str, *, in_any_case: bool = False) -> bool:
    """Whether a folded word is a well-known first name; in any case of Serbian or Albanian, where that is asked for."""
    names = _words_for("first_names")
    if word in names or not in_any_case:
        return word in names
    return any(
        word[: -len(ending)] + own in names
        for ending, owns in _ENDINGS.items()
        if word.endswith(ending) and len(word) >= 2 + len(ending)
        for own in owns
    )


def _names(text: str) -> Iterator[tuple[int, int]]:
    words = [_read(match) for match in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        if _is_name(text, words, at):
            last = _whole(text, words, at)
            yield words[at].start, words[last].end
            at = last
        at += 1


def _read(match: re.Match[str]) -> _Word:
    raw = match.group()
    return _Word(
        match.start(),
        match.end(),
        fold(raw).removesuffix("'s"),
        raw[0].isupper() and (raw[1:].islower() or len(raw) == 1),
    )


def _is_name(text: str, words: list[_Word], at: int) -> bool:
    word = words[at]
    if word.folded in _words_for("never") or _held(text, word):
        return False
    known = first_name(word.folded, in_any_case=word.titled)
    ordinary = usual(word.folded)
    if word.titled and known and not ordinary and len(word.folded) > 2:
        return True
    kind = _cue(text, words, at)
    if kind == "named":
        return known or word.titled or (not ordinary and len(word.folded) > 2)
    if kind == "perhaps":
        return not ordinary and len(word.folded) > 2 and (known or word.titled)
    return kind == "only_known" and known and not ordinary and len(word.folded) > 3


def _cue(text: str, words: list[_Word], at: int) -> str:
    """The strongest kind of words right before the one at this place; "" for none."""
    before: list[str] = []
    following = words[at]
    for word in reversed(words[max(0, at - _LONGEST_CUE) : at]):
        gap = text[word.end : following.start]
        if not _JOIN.fullmatch(gap.replace(".", "", 1) if len(word.folded) < 4 else gap):  # "Mr. Testa"
            break
        before.insert(0, word.folded)
        following = word
    kinds = {_cues().get(" ".join(before[skip:])) for skip in range(len(before))}
    if before and before[-1] in _words_for("fields") and ":" in text[words[at - 1].end : words[at].start]:
        kinds.add("named")
    if "named" in kinds and _words_for("asking").intersection(before):
        kinds = {"perhaps"}
    while len(before) > 1 and before[-1] in _words_for("between"):
        before.pop()
    if "people" in {_cues().get(" ".join(before[skip:])) for skip in range(len(before))}:
        kinds.add("perhaps")
    return next((kind for kind in ("named", "perhaps", "only_known") if kind in kinds), "")


def _whole(text: str, words: list[_Word], at: int) -> int:
    """The place of the last word of a name that begins here: surnames belong to it."""
    last = at
    while last + 1 < len(words) and last - at < 2 and _SPACE.fullmatch(text[words[last].end : words[last + 1].start]):
        following = words[last + 1]
        if following.folded in _words_for("never") or usual(following.folded) or len(following.folded) < 3:
            break
        if not (following.titled or (not words[at].titled and _SURNAME.search(following.folded))):
            break
        last += 1
    return last


def _held(text: str, word: _Word) -> bool:
    """Whether this is the inside of a placeholder such as [phone]."""
    return text[word.start - 1 : word.start] == "[" and text[word.end : word.end + 1] == "]"


@cache
def _words_for(purpose: str) -> frozenset[str]:
    """The words that bot/names.yml has for a purpose, folded."""
    return frozenset(fold(word) for word in _lists()[purpose].split())


@cache
def _lists() -> dict[str, str]:
    lists: dict[str, str] = yaml.safe_load((Path(__file__).parent / "names.yml").read_text(encoding="utf-8"))
    return lists


@cache
def _cues() -> dict[str, str]:
    """What each phrase before a name is; where two say the same phrase, the stronger one counts."""
    kinds = ("only_known", "people", "perhaps", "named")
    return {fold(cue.strip()): kind for kind in kinds for cue in _lists()[kind].split(",")}


@cache
def _peoples() -> tuple[str, ...]:
    return tuple(_words_for("peoples"))


@cache
def _usual_words() -> tuple[frozenset[str], frozenset[str]]:
    """The words of the glossaries with their plain English, and their stems."""
    words: set[str] = set()
    for language in _LANGUAGES:
        for entry, gloss in entries(FOLDER / f"{language}.tsv").items():
            words.update(entry.split())
            words.update(re.findall(r"[a-z']+", gloss.lower()))
    stems = {word[:length] for word in words for length in range(max(5, len(word) - 2), len(word) + 1)}
    return frozenset(words), frozenset(stems)
