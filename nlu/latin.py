"""How young people type each language in Latin letters: Greeklish, Arabizi, Finglish, shlyokavitsa and their Slavic cousins.

Everybody has habits of their own (ξέρω is "ksero", "xero", "xerw", "kserw"), so a word is not transliterated but brought to what it sounds like:
two spellings that sound alike meet in one key. Cyrillic needs less, for `nlu.folding` already writes it in Latin letters;
there a few spellings are tried in turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product

MARK = "~"
"""What a key of sounds begins with, so that it is never taken for a word."""

_SHORTEST = 3
"""Sounds in a key. Fewer say too little: in Arabic script "~bt" would be a house, a girl and a duck."""

_MOST = 12
"""Spellings that are tried for one word."""

_SLAVIC = frozenset({"hbs", "mk", "bg", "ru", "uk"})
_ABJADS = frozenset({"ar", "fa"})


def _pairs(table: str) -> tuple[tuple[str, str], ...]:
    """Read "typed sound  typed sound": longer spellings first; "-" is no sound."""
    words = table.split()
    return tuple((typed, "" if sound == "-" else sound) for typed, sound in zip(words[::2], words[1::2], strict=True))


_GREEK = _pairs(
    "ου u  αι e  ει i  οι i  υι i  αυ av  ευ ev  μπ b  ντ d  γκ g  γγ g  θ 8  ξ ks  ψ ps  χ h  β v  φ f  α a  γ g  δ d  ε e  ζ z  η i  ι i "
    "κ k  λ l  μ m  ν n  ο o  π p  ρ r  σ s  ς s  τ t  υ i  ω o"
)
_GREEKLISH = _pairs(
    "th 8  ch h  kh h  ph f  ou u  ai e  ei i  oi ø  au av  af av  eu ev  ef ev  mp b  nt d  gk g  gg g  w o  y i  0 8  9 8  4 ps  c k  q k "
    "j ks"
)
_GREEKLISH_DOUBTS = {
    "ø": ("i", "oi"),
    "x": ("h", "ks"),
    "h": ("i", "h"),
    "u": ("i", "u"),
    "b": ("v", "b"),
    "3": ("ks", "e"),
}

_ARABIC = str.maketrans(
    dict(zip("بتثجحخدذرزسشصضطظعغفقكلمنهپچژگ", "btsgHKdzrzs$sdtz3GfqklmnhpCjg", strict=True)) | dict.fromkeys("اوي", "")
)
_ARABIZI = _pairs(
    "sh $  kh K  gh G  th s  dh d  ch $  3' G  7' K  7 H  5 K  8 q  6 t  9 q  2 -  j g  x K  c k  p b  v f"
)
_FINGLISH = _pairs("sh $  kh K  gh G  ch C  zh j  x K  q G  v -  w -  c k")
_VOWELS = re.compile(r"[aeiouyw0-24-9]|(?<=.)h$")

_CYRILLIC = _pairs(
    "shch st  sht st  sch st  zh z  kh h  ts c  tz c  sh s  ch c  yu ju  iu ju  ya ja  ia ja  ye je  yo jo  yi ji  4 c  6 s  w v  x h  q ja"
)
_CYRILLIC_DOUBTS = {
    "bg": {"y": ("a", "i", "j"), "j": ("j", "z")},
    "ru": {"y": ("y", "j"), "i": ("i", "y", "j"), "j": ("j", "z")},
}
"""Bulgarian ъ is typed "y". Russian бил (beat) and был (was) are both typed "bil": only what is in the glossary decides."""

_SLAVIC_DOUBTS = {"y": ("i", "j", "a"), "j": ("j", "z")}


def sounds(word: str, language: str) -> str | None:
    """Return the key of a folded word in the language's own script; None where Latin spellings need no key or the word says too little."""
    if word.isascii():
        return None
    if language == "el":
        key = _replace(word, _GREEK)
    elif language in _ABJADS:
        key = _bare(word.translate(_ARABIC), language)
    else:
        return None
    return _marked(key)


def respelt(word: str, language: str) -> tuple[str, ...]:
    """Return what a folded word in Latin letters may stand for, likeliest first: keys of `sounds`, or for Cyrillic the folded spelling."""
    if not word.isascii():
        return ()
    keys: Iterable[str | None]
    if language == "el":
        keys = (_marked(form) for form in _spellings(_replace(word, _GREEKLISH), _GREEKLISH_DOUBTS))
    elif language in _ABJADS:
        keys = (_marked(_bare(_replace(word, _ARABIZI if language == "ar" else _FINGLISH), language)),)
    elif language in _SLAVIC:
        doubts = _CYRILLIC_DOUBTS.get(language, _SLAVIC_DOUBTS)
        keys = (form for form in _spellings(_replace(word, _CYRILLIC), doubts) if form != word)
    else:
        return ()
    return tuple(dict.fromkeys(key for key in keys if key))


def _marked(key: str) -> str | None:
    return MARK + key if len(key) >= _SHORTEST else None


def _replace(word: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for typed, sound in pairs:
        word = word.replace(typed, sound)
    return word


def _bare(word: str, language: str) -> str:
    """Without vowels and doubled letters, as the script itself writes; what is left of Persian sounds that Arabic letters share."""
    word = _VOWELS.sub("", word)
    if language == "fa":
        word = word.replace("q", "G").replace("H", "h").replace("3", "")
    return re.sub(r"(.)\1+", r"\1", word)


def _spellings(word: str, doubts: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Every reading of the letters that stand for several sounds, as long as they are few; otherwise the likeliest of each."""
    choices = [doubts.get(letter, (letter,)) for letter in word]
    count = 1
    for at, choice in enumerate(choices):
        count *= len(choice)
        if count > _MOST:
            choices[at] = choice[:1]
            count //= len(choice)
    return ["".join(letters) for letters in product(*choices)]
