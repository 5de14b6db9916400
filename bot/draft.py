"""A message while pieces are taken out of it: what was written, a plain view of it to look in, and what was taken so far.

The plain view has a letter for every letter: no diacritics, Cyrillic in Latin letters, the digits of all scripts as 0 to 9, every dash a "-",
and what cannot be seen a space. So every pattern is written once, and a place in the view is the same place in the message. What was taken is
covered in the view, so that nobody takes it twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

COVER = "\ue000"
"""Stands in the views for each letter that was taken; neither letter, digit nor space, and for private use."""

KINDS = ("name", "phone", "email", "link", "account", "place", "number", "document", "address", "date", "code", "card")

_HELD = re.compile(rf"\[(?:{'|'.join(KINDS)})(?:[ _]\d{{1,4}})?\]")
"""A placeholder, ours from before or one that the child typed: it stays as it is."""

_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")

_CYRILLIC = dict(
    zip("абвгдђежзијклљмнњопрстћуфхцчџшйыэюящъьіїєѓќѕґ", "abvgddezzijkllmnnoprstcufhccdsjieuasajiiegkzg", strict=True)
)
_GREEK_CAPITALS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))
_STROKED = {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "′": "'"}  # fmt: skip
_STROKED |= {"“": '"', "”": '"', "„": '"', "″": '"'}
_SPACES = ("Zs", "Cf", "Mn", "Me")


class _Plain(dict[int, str]):
    """The plain form of each character, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _plain(chr(code))
        return plain


def _plain(letter: str) -> str:
    small = letter.lower()
    other = _CYRILLIC.get(small) or _STROKED.get(small) or _GREEK_CAPITALS.get(letter)
    if other:
        return other.upper() if letter != small else other
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    if category == "Pd":
        return "-"
    if category in _SPACES:
        return " "
    apart = unicodedata.normalize("NFKD", letter)
    if len(apart) > 1 and not all(unicodedata.category(mark) == "Mn" for mark in apart[1:]):
        return letter
    return apart[0] if apart[0].isprintable() else letter


_PLAIN = _Plain()


@dataclass(frozen=True, slots=True)
class Taken:
    """A piece that goes: its place in the message, and its kind; "" for a placeholder, which stays."""

    start: int
    end: int
    kind: str


class Draft:
    """One message on its way through the scrubbers. `written` is the message, `plain` the view of it.

    `has_letters` and `has_digits` spare the scrubbers a look: most messages have no digit, and a flood of signs has no letter.
    """

    def __init__(self, text: str) -> None:
        self.written = text if text.isascii() else unicodedata.normalize("NFC", text)
        self.plain = self.written if text.isascii() else self.written.translate(_PLAIN)
        self.has_letters = _LETTER.search(self.plain) is not None
        self.has_digits = _DIGIT.search(self.plain) is not None
        self.taken: list[Taken] = []
        if "[" in self.plain:
            self.take(_HELD, "")

    def take(
        self,
        pattern: re.Pattern[str],
        kind: str | Callable[[re.Match[str]], str | None],
    ) -> None:
        """Take every match, or the group "piece" of it where the pattern has one. A function says the kind, or None for what stays."""
        named = "piece" in pattern.groupindex

        def cover(match: re.Match[str]) -> str:
            found = kind if isinstance(kind, str) else kind(match)
            if found is None:
                return match.group()
            group = "piece" if named and match["piece"] is not None else 0
            start, end = match.span(group)
            self.taken.append(Taken(start, end, found))
            return self.plain[match.start() : start] + COVER * (end - start) + self.plain[end : match.end()]

        self.plain = pattern.sub(cover, self.plain)

    def take_spans(self, spans: list[tuple[int, int, str]]) -> None:
        """Take the pieces at these places (start, end, kind), which are in order and do not overlap."""
        self.taken += [Taken(*span) for span in spans]
        self.plain = _covered(self.plain, spans)

    def uncovered(self) -> str:
        """The message as it was written, with what was taken covered."""
        return _covered(self.written, sorted((piece.start, piece.end, "") for piece in self.taken))

    def pieces(self) -> list[Taken]:
        """Everything that was taken, in the order of the message."""
        return sorted(self.taken, key=lambda piece: piece.start)


def _covered(text: str, spans: list[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, _ in spans:
        parts += [text[at:start], COVER * (end - start)]
        at = end
    return "".join([*parts, text[at:]])
