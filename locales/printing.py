"""Printing: a drawing as SVG or PDF. Both are the same outlines, so what an editor looks at is what is printed."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

from fpdf import FPDF
from fpdf.svg import SVGObject

from locales.cards import Card, Form
from locales.drawing import Drawing, Shape, draw

NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""What a PDF says of when it was made, the same for all: the same card is the same file."""


def svg(card: Card, form: Form) -> str:
    """The SVG picture. Raises CardIsImpossible where a text is too long."""
    drawing = draw(card, form)
    said = quoteattr(" ".join(shape.text for shape in (*drawing.shapes, *drawing.repeated) if shape.text))
    again = "".join(f'<use href="#one" x="{x:g}" y="{y:g}"/>' for x, y in drawing.places)
    return (
        f'<svg {_head(drawing)} role="img" lang="{card.locale}" aria-label={said}>'
        + (f'<defs><g id="one">{_paths(drawing.repeated)}</g></defs>' if again else "")
        + f"{_paths(drawing.shapes)}{again}</svg>"
    )


def pdf(card: Card, form: Form) -> bytes:
    """The same as a PDF of the paper's size. It says nothing about itself: no title, no time."""
    drawing = draw(card, form)
    paper = FPDF(unit="mm", format=(drawing.width, drawing.height))
    paper.set_margin(0)
    paper.set_auto_page_break(False)
    paper.set_creation_date(NO_TIME)
    paper.set_producer("")
    paper.add_page()
    once, again = _picture(drawing, drawing.shapes), _picture(drawing, drawing.repeated)
    once.draw_to_page(paper, 0, 0)
    for x, y in drawing.places:
        again.draw_to_page(paper, x, y)
    return bytes(paper.output())


def _picture(drawing: Drawing, shapes: tuple[Shape, ...]) -> SVGObject:
    """Shapes as the library for PDF takes them, which reads a picture once and draws it as often as it is wanted."""
    return SVGObject(f"<svg {_head(drawing)}>{_paths(shapes)}</svg>")


def _head(drawing: Drawing) -> str:
    width, height = f"{drawing.width:g}", f"{drawing.height:g}"
    return f'xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}"'


def _paths(shapes: tuple[Shape, ...]) -> str:
    return "".join(f'<path fill="{shape.colour}" d="{shape.path}"/>' for shape in shapes)
