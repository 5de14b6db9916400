"""Drawing: where everything on a card, a sheet of cards and a poster stands, in millimetres.

Everything is a filled outline, also every letter (locales/lettering.py) and the squares of the QR code: what comes out of a printer depends on
nothing that another machine has or lacks. For a language from right to left the whole drawing is turned around.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import segno

from locales.cards import Card, CardIsImpossible, Form, Theme
from locales.catalogue import NAMES
from locales.lettering import BOLD, LEADING, LEADING_ARABIC, REGULAR, Block, Box, NoSuchLetter, TextTooLong, fit

A4 = (210.0, 297.0)
CARD = (85.0, 54.0)
"""Millimetres of a bank card, near enough: it goes where those go."""

INK, QUIET, PAPER, CUT = "#1c2b33", "#51626c", "#ffffff", "#b8c2c7"
COLOURS = {Theme.TRAVEL: "#2d6380", Theme.WORK: "#7a5418", Theme.ONLINE: "#5b4a8a", Theme.TALK: "#2f6b4c"}
"""Dark enough for white letters on them, also on a printer without colour."""

STRIPS = 7
"""How many can be torn off a poster; each is as wide as a thumb and a half."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled outline: SVG path data, its colour, and where it is text, what it says and the box that it must not leave."""

    path: str
    colour: str
    text: str = ""
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on paper; `repeated` are drawn at each of the places."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    repeated: tuple[Shape, ...] = ()
    places: tuple[tuple[float, float], ...] = ()


def draw(card: Card, form: Form) -> Drawing:
    """Everything in its place. Raises CardIsImpossible where a text is too long."""
    if form is Form.POSTER:
        strip = A4[0] / STRIPS
        places = tuple((number * strip, A4[1] - 52) for number in range(STRIPS))
        return Drawing(*A4, tuple(_poster(card)), tuple(_strip(card, strip)), places)
    one = tuple(_card(card))
    if form is Form.CARD:
        return Drawing(*CARD, one)
    left, top = (A4[0] - 2 * CARD[0]) / 2, (A4[1] - 5 * CARD[1]) / 2
    places = tuple((left + x * CARD[0], top + y * CARD[1]) for y in range(5) for x in range(2))
    return Drawing(*A4, tuple(_cuts(left, top)), one, places)


def _card(card: Card) -> Iterator[Shape]:
    width, height = CARD
    place = partial(_mirrored, width, card.right_to_left)
    colour = COLOURS[card.theme]
    yield Shape(_rectangle(Box(0, 0, width, height)), PAPER)
    yield Shape(_rectangle(Box(0, 0, width, 13)), colour)
    yield Shape(_motif(card.theme, place(Box(61, 2.5, 19, 8))), PAPER)
    yield _text(card, card.title, place(Box(5, 1.5, 53, 10)), 6, 3.5, colour=PAPER, weight=BOLD, height=0.5)
    yield _text(card, card.line, place(Box(5, 15, 43, 12)), 4.2, 2.6, weight=BOLD)
    yield _text(card, card.scan, place(Box(5, 27.5, 43, 9.5)), 2.9, 2.1, colour=QUIET)
    yield from _numbers(card, place(Box(5, 37.5, 43, 14.5)), 3.7, (3, 2), (2.2, 1.8))
    yield from _code(card, place(Box(51, 15.5, 29, 29)))
    yield _address(card, place(Box(50, 45.5, 31, 6)), 2.6, 1.5)


def _poster(card: Card) -> Iterator[Shape]:
    width, height = A4
    place = partial(_mirrored, width, card.right_to_left)
    colour = COLOURS[card.theme]
    yield Shape(_rectangle(Box(0, 0, width, height)), PAPER)
    yield Shape(_rectangle(Box(0, 0, width, 62)), colour)
    yield Shape(_motif(card.theme, place(Box(150, 19, 45, 22))), PAPER)
    yield _text(card, card.title, place(Box(15, 8, 128, 46)), 22, 11, colour=PAPER, weight=BOLD, height=0.5)
    yield _text(card, card.line, place(Box(15, 70, 180, 38)), 14, 8, weight=BOLD, height=0.5)
    yield from _code(card, place(Box(104, 110, 92, 92)))
    yield _address(card, place(Box(104, 204, 92, 16)), 7, 3)
    yield _text(card, card.scan, place(Box(15, 116, 84, 36)), 7.5, 4.5)
    yield _text(card, card.poster, place(Box(15, 153, 84, 38)), 6.2, 4, colour=QUIET)
    yield from _numbers(card, place(Box(15, 194, 84, 44)), 10.5, (8, 3.8), (4.5, 3))


def _strip(card: Card, width: float) -> Iterator[Shape]:
    """What is torn off a poster: the code and the address alone."""
    yield Shape(_rectangle(Box(0, 0, 0.15, 52)), CUT)
    yield from _code(card, Box((width - 25) / 2, 5, 25, 25))
    yield _address(card, Box(2, 32, width - 4, 17), 3.2, 1.5)


def _cuts(left: float, top: float) -> Iterator[Shape]:
    """Where a sheet is cut: short lines in its margins, so that none is left on a card."""
    yield Shape(_rectangle(Box(0, 0, *A4)), PAPER)
    for column in range(3):
        for begins in (4, A4[1] - top + 1):
            yield Shape(_rectangle(Box(left + column * CARD[0] - 0.1, begins, 0.2, top - 5)), INK)
    for row in range(6):
        for begins in (4, A4[0] - left + 1):
            yield Shape(_rectangle(Box(begins, top + row * CARD[1] - 0.1, left - 5, 0.2)), INK)


def _numbers(
    card: Card, box: Box, row: float, sizes: tuple[float, float], small: tuple[float, float]
) -> Iterator[Shape]:
    """A row for each number, a neutral word before it, and under them the day: print cannot be corrected."""
    words, side = Box(box.x, box.y, box.width / 2, row), float(card.right_to_left)
    labels = [_set(card, one.label, words, *sizes) for one in card.numbers]
    size = min((block.size for block in labels), default=0)
    width = max((block.width * size / block.size for block in labels), default=0) + size
    for at, one in enumerate(card.numbers):
        place = partial(_within, Box(box.x, box.y + at * row, box.width, row), card.right_to_left)
        yield _text(card, one.label, place(0, width), size, size, colour=QUIET)
        room = place(width, box.width - width)
        yield _plain(
            card, (one.service.number,), room, (size, size / 2), side=side, weight=BOLD, leading=_leading(card)
        )
    if card.seen:
        room = Box(box.x, box.y + len(labels) * row, box.width, box.height - len(labels) * row)
        yield _text(card, card.seen, room, *small, colour=QUIET)


def _address(card: Card, box: Box, largest: float, smallest: float) -> Shape:
    """The address for whoever has no camera: on one line, or broken where an address can be."""
    try:
        return _plain(card, (card.printed_address,), box, (largest, smallest), side=0.5)
    except CardIsImpossible:
        pieces = re.findall(r"[^./?=&_-]{0,12}[./?=&_-]*", card.printed_address)
        return _plain(card, [piece for piece in pieces if piece], box, (largest, smallest), side=0.5)


def _text(
    card: Card,
    text: str,
    box: Box,
    largest: float,
    smallest: float,
    *,
    colour: str = INK,
    weight: int = REGULAR,
    height: float = 0,
) -> Shape:
    """A text of the card's language, at the side where that language begins."""
    block = _set(card, text, box, largest, smallest, weight)
    return Shape(block.path(float(card.right_to_left), height), colour, text, box)


def _set(card: Card, text: str, box: Box, largest: float, smallest: float, weight: int = REGULAR) -> Block:
    with _named(card, text):
        return fit(
            text.split(),
            box,
            largest,
            smallest,
            right_to_left=card.right_to_left,
            weight=weight,
            leading=_leading(card),
        )


def _leading(card: Card) -> float:
    return LEADING_ARABIC if card.right_to_left else LEADING


def _plain(
    card: Card,
    pieces: Sequence[str],
    box: Box,
    sizes: tuple[float, float],
    *,
    side: float,
    weight: int = REGULAR,
    leading: float = LEADING,
) -> Shape:
    """What is written from left to right in every language: numbers and addresses."""
    text = "".join(pieces)
    with _named(card, text):
        return Shape(fit(pieces, box, *sizes, glue="", weight=weight, leading=leading).path(side), INK, text, box)


@contextmanager
def _named(card: Card, text: str) -> Iterator[None]:
    """Say of which text it is that it cannot be set, and what to do."""
    try:
        yield
    except TextTooLong:
        raise CardIsImpossible(f"“{text}” ({NAMES[card.locale]}) is too long for its place; shorten it.") from None
    except NoSuchLetter as missing:
        raise CardIsImpossible(
            f"“{text}” has a sign that cannot be printed, “{missing.args[0]}”; write it without."
        ) from None


def _code(card: Card, box: Box) -> Iterator[Shape]:
    """The QR code, dark on light with its quiet edge; it is read with 15 % of it dirty or torn off."""
    rows = list(segno.make_qr(card.address, error="m").matrix_iter(border=4))
    unit = box.width / len(rows)
    squares = []
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                squares.append(_rectangle(Box(box.x + x * unit, box.y + y * unit, length * unit, unit)))
            x += length
    yield Shape(_rectangle(box), PAPER)
    yield Shape("".join(squares), "#000000")


def _motif(theme: Theme, box: Box) -> str:
    """An ordinary drawing for each theme: stops of a line, a calendar, the bars of music, waves of water."""
    unit = box.height / 8
    middle = box.y + box.height / 2
    if theme is Theme.TRAVEL:
        stops = [box.x + unit * 1.5 + number * (box.width - unit * 3) / 3 for number in range(4)]
        line = _rectangle(Box(stops[0], middle - unit * 0.3, stops[-1] - stops[0], unit * 0.6))
        return line + "".join(_disc(x, middle, unit * 1.4) for x in stops)
    if theme is Theme.WORK:
        step = box.width / 7
        days = ((column, row) for row in range(3) for column in range(7) if 2 <= column + row * 7 < 19)
        side = min(step, box.height / 3) * 0.7
        return "".join(
            _rectangle(Box(box.x + column * step, box.y + row * box.height / 3, side, side)) for column, row in days
        )
    if theme is Theme.ONLINE:
        heights, step = (3, 5, 8, 6, 4, 7, 5, 2, 4), box.width / 9
        return "".join(
            _rectangle(Box(box.x + at * step, box.y + box.height - tall * unit, step * 0.6, tall * unit))
            for at, tall in enumerate(heights)
        )
    waves = []
    for number in range(3):
        y, half = box.y + unit * (1.2 + number * 2.6), box.width / 8
        there = "".join(f"q{half / 2:g} {-unit * way:g} {half:g} 0" for way in (1.6, -1.6) * 4)
        back = "".join(f"q{-half / 2:g} {-unit * way:g} {-half:g} 0" for way in (-1.6, 1.6) * 4)
        waves.append(f"M{box.x:g} {y:g}{there}v{unit * 0.7:g}{back}z")
    return "".join(waves)


def _mirrored(width: float, right_to_left: bool, box: Box) -> Box:
    """Where a box stands on paper of this width: on the other side for a language from right to left."""
    return Box(width - box.x - box.width, box.y, box.width, box.height) if right_to_left else box


def _within(row: Box, right_to_left: bool, begins: float, width: float) -> Box:
    """A part of a row, counted from the side where the language begins."""
    return Box(row.x + (row.width - begins - width if right_to_left else begins), row.y, width, row.height)


def _rectangle(box: Box) -> str:
    return f"M{box.x:.3f} {box.y:.3f}h{box.width:.3f}v{box.height:.3f}h{-box.width:.3f}z"


def _disc(x: float, y: float, radius: float) -> str:
    return f"M{x - radius:g} {y:g}a{radius:g} {radius:g} 0 1 1 {2 * radius:g} 0a{radius:g} {radius:g} 0 1 1 {-2 * radius:g} 0z"
