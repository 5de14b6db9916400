"""Sees the names that a child gives away, their own or somebody else's, by what stands around them (promise 2).

After "my name is" any word that is no usual word is a name. After "I am" or "my friend" it must be written with a capital, be a well-known first
name, or go on as an introduction does ("im testa and im 13"). A well-known first name with a capital is seen wherever it stands. The words are in
bot/names.yml, the usual ones in bot/vocabulary.py: "my name is not important", "I am Scared" and "ja sam Srpkinja" stay as they are,
because a disclosure goes before a name (promise 1).

Everything is compared folded, so that Cyrillic, a missing diacritic and capitals make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from bot.draft import Draft
from bot.vocabulary import lists, usual, words_for
from nlu.folding import fold

_SURNAME = re.compile(r"(?:ic|ich|ovski|evski|ovska|evska|aj|son|llari|hoxha|shi)$")
_DESCRIBES = re.compile(
    r"(?:ed|ing|ful|less|ish|ous|able|ly|est|ied|en|ena|eni|ani|ana|jen|jena|ut|uta|ljiv|ljiva|avan|avna|ao|ala|io"
    r"|ila|uo|ula|cka|ski|ska|uar|ur|ore|os|shem|hem|ova|anka)$"
)
"""How words end that say what somebody is or does, in English, Serbian and Albanian: where a small letter leaves it open, they are no names."""

_NAMELIKE = re.compile(r"^[a-z]{3,}(?:or|ko|ic|ina|ita|aj|ov|ev|ski)$")
"""How names end and verbs seldom do, in small letters right after "my uncle"."""

_AGE_AFTER = re.compile(r",\s?1?\d\b")

_ENDINGS = {
    "a": ("",), "e": ("", "a"), "i": ("", "a"), "u": ("", "a"), "o": ("a",), "om": ("", "a"), "em": ("",),
    "in": ("",), "it": ("",), "un": ("",), "ut": ("",), "en": ("a",), "es": ("a",), "ov": ("", "o"), "ova": ("", "o"),
    "ina": ("a",),
}  # fmt: skip
"""How a first name ends in the other cases of Serbian and Albanian, and what its own ending is then."""

_WORD = re.compile(r"[^\W\d_]{1,40}(?:['’-][^\W\d_]{1,40}){0,3}")
_JOIN = re.compile(r"[\s,:;=\"'“”„«»(\-–—*]{0,4}")
_SPACE = re.compile(r"[ \t]{1,3}|-")
_TOGETHER = re.compile(r"\s{0,2}[,&+/]\s{0,2}|\s{1,2}")
_AGE = re.compile(
    r"[\s,.;:(-]{1,3}(?:1?\d\b|(?:and|i|a|dhe|edhe)?\s?(?:im|i'm|i am|imam|jam|kam|i|age|aged|from|iz|nga|prej|ovde"
    r"|ovdje|ketu|here)\b)",
    re.IGNORECASE,
)
_LONGEST_CUE = 5

_MOST_TITLED = 0.6
"""Who writes more of the words than this with a capital writes all of them so, and a capital says nothing."""


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    folded: str
    titled: bool


def take_names(draft: Draft) -> None:
    """Take [name] for every name that is seen. Reads the text once, from left to right."""
    draft.take_spans([(start, stop, "name") for start, stop in _names(draft.uncovered(), draft.plain)])


def first_name(word: str, *, in_any_case: bool = False) -> bool:
    """Whether a folded word is a well-known first name; in any case of Serbian or Albanian, where that is asked for."""
    names = words_for("first_names")
    if word in names or not in_any_case:
        return word in names
    return any(
        word[: -len(ending)] + own in names
        for ending, owns in _ENDINGS.items()
        if word.endswith(ending) and len(word) >= 3 + len(ending)
        for own in owns
    )


def _names(text: str, plain: str) -> Iterator[tuple[int, int]]:
    words = [_read(match) for match in _WORD.finditer(text)]
    if len(words) > 3 and sum(word.titled for word in words) > len(words) * _MOST_TITLED:
        words = [replace(word, titled=word.titled and first_name(word.folded, in_any_case=True)) for word in words]
    at = 0
    last = -1
    while at < len(words):
        kind = _kind(text, plain, words, at)
        if kind or (last >= 0 and _goes_on(text, words, last, at)):
            last = _whole(text, words, at, kind)
            yield words[at].start, words[last].end
            at = last
        at += 1


def _read(match: re.Match[str]) -> _Word:
    raw = match.group()
    return _Word(
        match.start(),
        match.end(),
        fold(raw).removesuffix("'s"),
        raw[0].isupper() and (raw[1:].islower() or len(raw) == 1 or "-" in raw),
    )


def _kind(text: str, plain: str, words: list[_Word], at: int) -> str:
    """By what the word at this place is a name: the kind of what goes before it, "known" for a well-known one, "" if it is none."""
    word = words[at]
    if word.folded in words_for("never") or _does(words, at):
        return ""
    kind = _cue(text, words, at)
    if not kind and (word.folded in words_for("places_too") or (at and words[at - 1].folded in words_for("holy"))):
        return ""
    if not kind and not word.titled:
        return "is" if len(word.folded) > 3 and _is_somebody(words, at) and _unusual(word) else ""
    known = first_name(word.folded, in_any_case=word.titled)
    ordinary = usual(word.folded, nearly=not known)
    if (
        word.titled
        and known
        and len(word.folded) > 2
        and (not ordinary or kind or (first_name(word.folded) and _inside(text, words, at)))
    ):
        return kind or "known"
    return (kind or "is") if _fits(plain, words, at, kind, known=known, ordinary=ordinary) else ""


def _does(words: list[_Word], at: int) -> bool:
    """Whether a small word says what the person before it does, in Bulgarian or Macedonian: "брат ми вика", where Vika is no name."""
    word = words[at]
    return (
        not word.titled
        and at > 0
        and words[at - 1].folded in words_for("does_after")
        and word.folded in words_for("does")
    )


def _fits(plain: str, words: list[_Word], at: int, kind: str, *, known: bool, ordinary: bool) -> bool:
    word = words[at]
    if kind == "named":
        return known or word.titled or (not ordinary and len(word.folded) > 2)
    if kind == "perhaps" and known and _AGE.match(plain, word.end):
        return True
    if kind == "people" and known and _goes_on_known(words, at):
        return True
    if ordinary or len(word.folded) < 3:
        return False
    if kind == "people" and not known and words[at - 1].folded in words_for("from"):
        return False
    if kind in {"perhaps", "people"} and (known or word.titled):
        return True
    if kind == "perhaps":
        return not _DESCRIBES.search(word.folded) and (bool(_AGE.match(plain, word.end)) or _greeted(words, at))
    if kind == "people" and _NAMELIKE.search(word.folded) and words[at - 1].folded not in words_for("relating"):
        return True
    if kind == "people":
        return (
            not _DESCRIBES.search(word.folded) and at + 1 < len(words) and words[at + 1].folded in words_for("goes_on")
        )
    if kind == "only_known":
        return known and len(word.folded) > 3
    if not word.titled or _DESCRIBES.search(word.folded):
        return False
    return _is_somebody(words, at) or _acts(words, at) or (at == 0 and bool(_AGE_AFTER.match(plain, word.end)))


def _goes_on_known(words: list[_Word], at: int) -> bool:
    """Whether a sentence goes on after a well-known name that is also a usual word: "my friend luan said"."""
    if at + 1 == len(words) or words[at].folded in words_for("possessive"):
        return False
    return words[at + 1].folded in words_for("goes_on_known")


def _cue(text: str, words: list[_Word], at: int) -> str:
    """The strongest kind of words right before the one at this place; "" for none."""
    if at == 0 or words[at - 1].folded not in _last_words():
        return ""
    before: list[str] = []
    following = words[at]
    for word in reversed(words[max(0, at - _LONGEST_CUE) : at]):
        gap = text[word.end : following.start]
        if not _JOIN.fullmatch(gap.replace(".", "", 1) if word.folded in words_for("titles") else gap):  # "Mr. Testa"
            break
        before.insert(0, word.folded)
        following = word
    while len(before) > 1 and before[-1] in words_for("fillers"):
        before.pop()
    if not before:
        return ""
    kinds = _kinds(before)
    if before[-1] in words_for("fields") and ":" in text[words[at - 1].end : words[at].start]:
        kinds.add("named")
    if (
        before[-1] in words_for("is")
        and words_for("fields").intersection(before[:-1])
        and not words_for("negations").intersection(before)
    ):
        kinds.add("named")
    if "named" in kinds and words_for("asking").intersection(before):
        kinds = {"perhaps"}
    named = False
    while len(before) > 1 and before[-1] in words_for("between"):
        named = named or before[-1] in words_for("naming")
        before.pop()
    if "people" in _kinds(before):
        kinds.add("named" if named else "people")
    return next((kind for kind in ("named", "perhaps", "people", "only_known") if kind in kinds), "")


def _kinds(before: list[str]) -> set[str]:
    kinds = {_cues().get(" ".join(before[skip:])) for skip in range(len(before))}
    return {kind for kind in kinds if kind}


def _inside(text: str, words: list[_Word], at: int) -> bool:
    """Whether a word with a capital stands inside a sentence of small letters, where only names have one."""
    if at == 0 or words[at - 1].titled:
        return False
    return text[words[at - 1].end : words[at].start] == " " and not (at + 1 < len(words) and words[at + 1].titled)


def _unusual(word: _Word) -> bool:
    return first_name(word.folded) or (not usual(word.folded) and not _DESCRIBES.search(word.folded))


def _is_somebody(words: list[_Word], at: int) -> bool:
    """Whether it goes on as "Testor is my uncle", or "testa is my name"."""
    following = [word.folded for word in words[at + 1 : at + 4]]
    if any(" ".join(following[:length]) in _turned() for length in (1, 2, 3)):
        return True
    if len(following) < 2 or following[0] not in words_for("is"):
        return False
    return (
        bool(words_for("possessive").intersection(following[1:2]))
        and any(_cues().get(word) == "people" for word in following[1:])
    ) or (_cues().get(following[1]) == "people" and len(following) > 2 and following[2] in words_for("possessive"))


def _acts(words: list[_Word], at: int) -> bool:
    """Whether it goes on as "Testor hits me", "Testor me bije", "Testor je rekao", or stands as in "sa Testom"."""
    if (
        at
        and words[at - 1].folded in {"sa", "s"}
        and words[at].folded.endswith(("om", "em"))
        and not (at + 1 < len(words) and words[at + 1].titled)
    ):
        return True
    following = [word.folded for word in words[at + 1 : at + 3] if not word.titled]
    if following[:1] == ["je"]:
        del following[0]
        return bool(words_for("did").intersection(following))
    return bool(words_for("acts").intersection(following[:1]))


def _greeted(words: list[_Word], at: int) -> bool:
    """Whether a greeting begins the message right before "im testa"."""
    return at <= 4 and bool(words_for("greetings").intersection(word.folded for word in words[: max(0, at - 1)]))


def _goes_on(text: str, words: list[_Word], last: int, at: int) -> bool:
    """Whether a word continues a list of names: "Testa, Testina and Testor"."""
    word = words[at]
    between = text[words[last].end : word.start]
    joined = at == last + 1 and bool(re.fullmatch(r"\s?[,&+/]\s?", between))
    if at == last + 2 and words[last + 1].folded in words_for("and"):
        joined = len(between) < 12 and not set(between) & set(".!?")
    if not joined or usual(word.folded, nearly=False) or word.folded in words_for("never") or len(word.folded) < 3:
        return False
    return word.titled or first_name(word.folded)


def _whole(text: str, words: list[_Word], at: int, kind: str) -> int:
    """The place of the last word of a name that begins here: surnames belong to it."""
    last = at
    while last + 1 < len(words) and last - at < 3:
        following = words[last + 1]
        initial = last if len(words[last].folded) == 1 else -1
        gap = text[words[last].end : following.start]
        if not _SPACE.fullmatch(gap.removeprefix(".") if last == initial else gap):
            break
        if following.titled and len(following.folded) == 1 and text[following.end : following.end + 1] == ".":
            last += 1
            continue
        if following.folded in words_for("never") or usual(following.folded) or len(following.folded) < 3:
            break
        small = not words[at].titled and (
            _SURNAME.search(following.folded) or kind == "named" or first_name(following.folded)
        )
        if not (following.titled or small):
            break
        last += 1
    return last


@cache
def _last_words() -> frozenset[str]:
    """The words that can stand right before a name: before any other word there is nothing to look for."""
    return (
        frozenset(cue.split()[-1] for cue in _cues() if cue)
        | words_for("between")
        | words_for("fields")
        | words_for("is")
        | words_for("fillers")
    )


@cache
def _turned() -> frozenset[str]:
    return frozenset(fold(phrase.strip()) for phrase in lists()["turned"].split(","))


@cache
def _cues() -> dict[str, str]:
    """What each phrase before a name is; where two say the same phrase, the stronger one counts."""
    kinds = ("only_known", "people", "perhaps", "named")
    return {fold(cue.strip()): kind for kind in kinds for cue in lists()[kind].split(",")}
