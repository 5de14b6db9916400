"""Lettering: text as outlines, shaped and ordered as its script wants it, measured before it is drawn.

What is printed must look the same on every machine: so no letter is left to the fonts that a printer or a picture viewer has. HarfBuzz
joins Arabic letters and places marks; the order of writing directions is Unicode's (UAX #9). Sizes are in millimetres of the em.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby

import uharfbuzz
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

NOTO_SANS = ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf")
NOTO_SANS_ARABIC = ("fontpkg_noto_sans_arabic", "NotoSansArabic[wdth,wght].ttf")
"""Both of the Noto project, under the SIL Open Font License, from packages that are pinned with hashes."""

REGULAR, BOLD = 400, 700
LEADING, LEADING_ARABIC = 1.3, 1.55
"""From one line to the next, in ems: Arabic letters reach further up and down."""
_STEP = 0.05
"""Millimetres by which a text is tried smaller until it fits."""


class TextTooLong(ValueError):
    """A text does not fit into its place even in the smallest letters that are readable."""


class NoSuchLetter(ValueError):
    """A text has a sign that the fonts do not have; `args[0]` is the sign."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on paper, in millimetres from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn sign of a font, at its place on the line, in ems."""

    font: uharfbuzz.Font
    number: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, set; `width` in ems."""

    glyphs: tuple[Glyph, ...]
    width: float

    def path(self, x: float, y: float, size: float) -> str:
        """The outlines as SVG path data, the line beginning at `x` with its letters standing on `y`."""
        pen = SVGPathPen(None, ntos=lambda number: f"{number:.3f}".rstrip("0").rstrip("."))
        for glyph in self.glyphs:
            unit = size / glyph.font.face.upem
            placed = TransformPen(pen, (unit, 0, 0, -unit, x + glyph.x * size, y - glyph.y * size))
            glyph.font.draw_glyph_with_pen(glyph.number, placed)
        return str(pen.getCommands())


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of text of one size that fit into a box."""

    lines: tuple[Line, ...]
    size: float
    leading: float
    box: Box

    @property
    def width(self) -> float:
        """The width of the widest line, in millimetres."""
        return max((line.width for line in self.lines), default=0) * self.size

    def path(self, side: float, height: float = 0) -> str:
        """The outlines of all lines, at the left (0) of the box, in its middle (0.5) or at its right (1), and so in its height."""
        top = self.box.y + (self.box.height - len(self.lines) * self.leading * self.size) * height
        drawn = []
        for number, line in enumerate(self.lines):
            start = (self.box.width - line.width * self.size) * side
            # The letters of both fonts stand between 0.3 em below the line and 0.8 em above it; the rest of the leading is air.
            y = top + (number * self.leading + 0.8 + (self.leading - 1.1) / 2) * self.size
            drawn.append(line.path(self.box.x + start, y, self.size))
        return "".join(drawn)


def fit(
    pieces: Sequence[str],
    box: Box,
    largest: float,
    smallest: float,
    *,
    glue: str = " ",
    right_to_left: bool = False,
    weight: int = REGULAR,
    leading: float = LEADING,
) -> Block:
    """The text in the largest letters in which it fits into the box, broken between its pieces. Raises TextTooLong."""
    size = largest
    while size >= smallest - _STEP / 2:
        lines = _broken(pieces, glue, box.width / size, right_to_left=right_to_left, weight=weight)
        if lines and len(lines) * leading * size <= box.height:
            return Block(lines, size, leading, box)
        size -= _STEP
    raise TextTooLong


def _broken(pieces: Sequence[str], glue: str, width: float, *, right_to_left: bool, weight: int) -> tuple[Line, ...]:
    """The pieces on as few lines of a width (in ems) as they need; nothing where one piece alone is wider."""
    lines: list[Line] = []
    text = ""
    for piece in pieces:
        longer = set_line(f"{text}{glue}{piece}" if text else piece, right_to_left=right_to_left, weight=weight)
        if longer.width <= width and text:
            lines[-1], text = longer, f"{text}{glue}{piece}"
            continue
        alone = set_line(piece, right_to_left=right_to_left, weight=weight)
        if alone.width > width:
            return ()
        lines.append(alone)
        text = piece
    return tuple(lines)


@lru_cache(maxsize=4096)
def set_line(text: str, *, right_to_left: bool = False, weight: int = REGULAR) -> Line:
    """Set one line: runs of one direction and one font, from left to right, each shaped by HarfBuzz."""
    glyphs: list[Glyph] = []
    at = 0.0
    for run, font, backwards in _runs(text, right_to_left=right_to_left, weight=weight):
        buffer = uharfbuzz.Buffer()
        buffer.add_str(run)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if backwards else "ltr"
        uharfbuzz.shape(font, buffer)
        unit = 1 / font.face.upem
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            glyphs.append(Glyph(font, info.codepoint, at + place.x_offset * unit, place.y_offset * unit))
            at += place.x_advance * unit
    return Line(tuple(glyphs), at)


def _runs(text: str, *, right_to_left: bool, weight: int) -> Iterator[tuple[str, uharfbuzz.Font, bool]]:
    """The runs of a line as the eye meets them from the left; the letters of each in the order in which they are read."""
    base = TextDirection.RTL if right_to_left else TextDirection.LTR
    names = (NOTO_SANS_ARABIC, NOTO_SANS) if right_to_left else (NOTO_SANS, NOTO_SANS_ARABIC)
    fonts = [_font(*name, weight) for name in names]

    def kind(letter: tuple[str, int]) -> tuple[int, int]:
        sign, level = letter
        for number, font in enumerate(fonts):
            if font.get_nominal_glyph(ord(sign)):
                return level, number
        raise NoSuchLetter(sign)

    reordered = BidiParagraph(text, base, preserve_bn_chars=True).get_reordered_characters()
    seen = [(letter.character, letter.embedding_level) for letter in reordered]
    for (level, number), run in groupby(seen, kind):
        letters = "".join(sign for sign, _ in run)
        yield (letters[::-1], fonts[number], True) if level % 2 else (letters, fonts[number], False)


@cache
def _font(package: str, name: str, weight: int) -> uharfbuzz.Font:
    blob = uharfbuzz.Blob((files(package) / "files" / name).read_bytes())
    font = uharfbuzz.Font(uharfbuzz.Face(blob))
    font.set_variations({"wght": weight})
    return font
