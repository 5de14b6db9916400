"""Takes out of a message what could lead to a person, before anything else sees it (promise 2).

Ages, countries, prices, times and small numbers stay: a counsellor needs them, and they identify nobody. What is taken out leaves a numbered
placeholder that reads as a word, so that the disclosure around it is still understood, and the same piece has the same number in the whole
conversation. Each kind has a scrubber of its own: bot/online.py, bot/papers.py, bot/birthdays.py, bot/places.py, bot/numbers.py, bot/names.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot import vocabulary
from bot.birthdays import take_birthdays
from bot.draft import Draft
from bot.names import take_names
from bot.numbers import digits_said, take_numbers
from bot.online import take_online
from bot.papers import take_papers
from bot.placeholders import Placeholders
from bot.places import take_places

_BY_DIGITS = frozenset(("phone", "code", "card"))
"""Kinds that are the same when their digits are."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What was taken out: its kind, the placeholder in its place, and what was said. That last is a secret: it lives during the turn only, and no
    repr shows it."""

    kind: str
    placeholder: str
    said: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A message without what could identify anybody, and the pieces that were taken out of it, in their order."""

    text: str
    pieces: tuple[Piece, ...]


def redact(text: str, placeholders: Placeholders | None = None) -> Redacted:
    """Take out [link] [email] [account] [date] [place] [number] [phone] [document] [card] [code] [address] [name], each with its number.

    `placeholders` are those of the conversation; without them the message stands alone. A placeholder that is already in the text stays as it is
    and is no piece. Never raises; the length of the work is bounded by the length of the text.
    """
    placeholders = placeholders or Placeholders()
    draft = Draft(text)
    if not (draft.has_digits or draft.has_letters):
        return Redacted(text, ())
    take_online(draft)
    if draft.has_digits:
        take_papers(draft)
    take_birthdays(draft)
    take_places(draft)
    take_numbers(draft)
    if draft.has_letters:
        take_names(draft)
    parts: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for taken in draft.pieces():
        said = draft.written[taken.start : taken.end]
        placeholder = said
        if taken.kind:
            same = digits_said(Draft(said).plain) if taken.kind in _BY_DIGITS else said
            placeholder = placeholders.of(taken.kind, same)
            pieces.append(Piece(taken.kind, placeholder, said))
        parts += [draft.written[at : taken.start], placeholder]
        at = taken.end
    return Redacted("".join([*parts, draft.written[at:]]), tuple(pieces))


def warm() -> None:
    """Read all word lists now, so that no child waits for it."""
    vocabulary.warm()
    redact("warm 0640000000")
