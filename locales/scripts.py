"""Serbian is edited in Latin; its Cyrillic is derived letter by letter, and Cyrillic that comes in can be read as Latin.

The pairs are those of the Serbian alphabet (Vuk's, Gaj's). Where Latin is ambiguous (nj in "injekcija" is two letters), the editor
overrides the text in locales/sr-Cyrl, or lists the word in EXCEPTIONS.
"""

from __future__ import annotations

import re

_DIGRAPHS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_LETTERS = dict(zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True))
_TO_CYRILLIC = _DIGRAPHS | _LETTERS
_TO_LATIN = {cyrillic: latin for latin, cyrillic in _TO_CYRILLIC.items()}

EXCEPTIONS = ("injekc", "konjug", "konjunk", "nadživ", "podžanr", "tanjug")
"""Beginnings of words in which two Latin letters stay two Cyrillic ones."""

_KEPT = re.compile(
    r"\{[^}]*\}|https?://\S+|\bwww\.\S+|\S+@\S+|(?<!\S)/\w+"
    r"|\b(?:Telegram|Instagram|TikTok|Snapchat|WhatsApp|Viber|Facebook|YouTube|Discord|Google|SMS|GPS|online|web)\w*"
    r"|\b\w*[qwxy]\w*",
    re.IGNORECASE,
)
"""What is never transliterated: placeholders, links, names that are written in Latin everywhere, and words that are not Serbian (q, w, x, y)."""


def to_cyrillic(text: str) -> str:
    """Serbian Latin as Cyrillic; placeholders in braces, links and brand names stay as they are."""
    parts: list[str] = []
    end = 0
    for kept in _KEPT.finditer(text):
        parts += [_letters(text[end : kept.start()]), kept.group()]
        end = kept.end()
    return "".join([*parts, _letters(text[end:])])


def _letters(text: str) -> str:
    out: list[str] = []
    lower = text.lower()
    at = 0
    split = {
        match.start() + word.index(pair)
        for word in EXCEPTIONS
        for pair in ("nj", "dž")
        if pair in word
        for match in re.finditer(word, lower)
    }
    while at < len(text):
        pair = lower[at : at + 2]
        if pair in _DIGRAPHS and at not in split:
            letter, step = _DIGRAPHS[pair], 2
        else:
            letter, step = _LETTERS.get(lower[at], text[at]), 1
        out.append(letter.upper() if text[at].isupper() else letter)
        at += step
    return "".join(out)


def to_latin(text: str) -> str:
    """Serbian Cyrillic as Latin; other characters stay as they are. "Његош" is Njegoš, "ЊЕГОШ" is NJEGOŠ."""
    out: list[str] = []
    for at, letter in enumerate(text):
        latin = _TO_LATIN.get(letter.lower(), letter)
        if letter.isupper() and latin != letter:
            shouted = text[at + 1 : at + 2].isupper() or (
                text[at - 1 : at].isupper() and not text[at + 1 : at + 2].islower()
            )
            latin = latin.upper() if shouted else latin.capitalize()
        out.append(latin)
    return "".join(out)
