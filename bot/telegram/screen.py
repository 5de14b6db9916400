"""Bubbles as Telegram shows them: plain text in pieces that are short enough, with buttons below the last one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages import Bubble, Button, Speaker

LONGEST_PIECE = 4096
"""UTF-16 code units of one message. Telegram's limit is in characters; counted like this we are never above it."""

LONGEST_TAP = 64
"""Bytes that a button of Telegram's can give back."""

SHORT_LABEL = 16
"""Characters of a label that leave room for a second one beside it on a small telephone."""

TELEPHONE = "tel:"

ENDS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…؟。])\s+"), re.compile(r"\s+"))
"""Where a text may be cut, best first: between paragraphs, lines, sentences, words."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One message to send."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None


def pieces(bubbles: Sequence[Bubble]) -> Iterator[Piece]:
    """What to send, in order. The child's own words are on their screen already, and a bubble without words is none."""
    for bubble in bubbles:
        if bubble.speaker is Speaker.CHILD:
            continue
        *first, last = _split("\n".join([bubble.text, *_telephones(bubble.buttons)]))
        yield from map(Piece, filter(str.strip, first))
        if last.strip():
            yield Piece(last, _keyboard(bubble.buttons))


def _telephones(buttons: Sequence[Button]) -> Iterator[str]:
    """Telegram knows no telephone links on buttons, but makes numbers in a text tappable."""
    for button in buttons:
        number = button.tap.removeprefix(TELEPHONE)
        if number != button.tap:
            yield button.label if _digits(number) in _digits(button.label) else f"{button.label}: {number}"


def _digits(text: str) -> str:
    return re.sub(r"[^\d+]", "", text)


def _keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    rows: list[list[Button]] = []
    for button in buttons:
        # A tap that is too long would make Telegram refuse the words as well, and these come first (promise 1).
        if button.tap.startswith(TELEPHONE) or len(button.tap.encode()) > LONGEST_TAP:
            continue
        if rows and len(rows[-1]) == 1 and max(len(rows[-1][0].label), len(button.label)) <= SHORT_LABEL:
            rows[-1].append(button)
        else:
            rows.append([button])
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=b.label, callback_data=b.tap) for b in row] for row in rows]
    )


def _split(text: str) -> list[str]:
    """The text in pieces that are short enough; only blanks where it was cut are lost."""
    found = []
    while len(text) > (fits := _fits(text)):
        end, start = _cut(text, fits)
        found.append(text[:end])
        text = text[start:]
    return [*found, text]


def _fits(text: str) -> int:
    """How many characters from the start fit into one message."""
    units = 0
    for count, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > LONGEST_PIECE:
            return count
    return len(text)


def _cut(text: str, fits: int) -> tuple[int, int]:
    """Where the first piece ends and the next one starts. Not before the middle: better in a sentence than many small pieces."""
    for end in ENDS:
        places = [
            place for place in end.finditer(text, 0, fits + 1) if place.end() <= fits and place.start() > fits // 2
        ]
        if places:
            return places[-1].span()
    return fits, fits
