"""Every card, sheet and poster in every language: nothing leaves its place, the QR code is read, and the PDF is the same drawing."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import zxingcpp
from fontTools.pens.boundsPen import BoundsPen
from fontTools.svgLib.path import parse_path

from locales import catalogue, service_entries
from locales.cards import LONGEST_ADDRESS, Card, CardIsImpossible, Form, Theme, compose, countries
from locales.catalogue import NAMES, Catalogue
from locales.drawing import A4, CARD, Drawing, draw
from locales.printing import pdf, svg
from locales.services import Directory

ADDRESS = "https://www.example.org/"
LONG = "https://www.the-name-of-an-organisation.example.org/page?pilot=".ljust(LONGEST_ADDRESS, "x")
BLACK = "#000000"
_SQUARES = re.compile(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z")


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return catalogue.load()


@pytest.fixture(scope="module")
def directory() -> Directory:
    return service_entries.load()


def read(drawing: Drawing) -> set[str]:
    """What a telephone reads from every QR code of a drawing, ten dots to the millimetre."""
    codes = set()
    for shape in (*drawing.shapes, *drawing.repeated):
        if shape.colour == BLACK:
            seen = np.full((int(drawing.height * 10), int(drawing.width * 10)), 255, np.uint8)
            for found in _SQUARES.finditer(shape.path):
                x, y, width, height = (float(number) * 10 for number in found.groups())
                seen[round(y) : round(y + height), round(x) : round(x + width)] = 0
            codes |= {code.text for code in zxingcpp.read_barcodes(seen)}
    return codes


@pytest.mark.parametrize("locale", NAMES)
def test_no_text_leaves_its_place_whatever_the_theme_and_the_country(
    words: Catalogue, directory: Directory, locale: str
) -> None:
    def width(country: str) -> int:
        return max(len(one.number) for one in directory.all() if country in one.countries)

    longest = max(countries(directory), key=width)
    for theme, country in ((theme, country) for theme in Theme for country in ("RO", longest)):
        card = compose(words, directory, locale, country, theme, LONG)
        for form in (Form.CARD, Form.POSTER):
            drawing = draw(card, form)
            for shape in (*drawing.shapes, *drawing.repeated):
                if shape.box:
                    bounds = BoundsPen(None)
                    parse_path(shape.path, bounds)
                    left, top, right, bottom = bounds.bounds
                    box = shape.box
                    assert box.x - 0.5 <= left, shape.text
                    assert right <= box.x + box.width + 0.5, shape.text
                    assert box.y - 0.5 <= top, shape.text
                    assert bottom <= box.y + box.height + 0.5, shape.text
                    assert box.x >= 2, shape.text
                    assert box.y + box.height <= drawing.height, shape.text


@pytest.mark.parametrize("locale", NAMES)
def test_every_theme_is_a_picture_and_a_pdf_of_the_same_size(
    words: Catalogue, directory: Directory, locale: str
) -> None:
    for theme in Theme:
        card = compose(words, directory, locale, "RS", theme, ADDRESS)
        forms = {Form.CARD: CARD, Form.POSTER: A4} if theme is Theme.TRAVEL else {Form.CARD: CARD}
        for form, (width, height) in forms.items():
            picture = ET.fromstring(svg(card, form))  # noqa: S314 - it is our own
            assert picture.get("viewBox") == f"0 0 {width:g} {height:g}"
            assert {element.tag.rpartition("}")[2] for element in picture.iter()} <= {"svg", "path", "use", "defs", "g"}
            page = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf(card, form))
            assert page
            assert [float(side) / 72 * 25.4 for side in page.groups()] == pytest.approx([width, height], abs=0.1)


def test_a_sheet_has_ten_cards(words: Catalogue, directory: Directory) -> None:
    card = compose(words, directory, "ar", "TR", "travel", ADDRESS)
    assert svg(card, Form.SHEET).count("<use ") == 10
    assert pdf(card, Form.SHEET).count(b"/Page\n") == 1


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("address", [ADDRESS, LONG])
def test_the_qr_code_leads_to_the_address(words: Catalogue, directory: Directory, form: Form, address: str) -> None:
    assert read(draw(compose(words, directory, "fa", "GR", "talk", address), form)) == {address}


@pytest.mark.parametrize("form", Form)
def test_the_numbers_that_are_drawn_are_those_of_the_directory(
    words: Catalogue, directory: Directory, form: Form
) -> None:
    for country in countries(directory):
        card = compose(words, directory, "ro", country, "work", ADDRESS)
        drawing = draw(card, form)
        drawn = [shape.text for shape in (*drawing.shapes, *drawing.repeated) if re.fullmatch(r"[\d ]+", shape.text)]
        assert drawn == [number.service.number for number in card.numbers]


def test_the_same_card_is_the_same_file_and_says_nothing_of_who_made_it(words: Catalogue, directory: Directory) -> None:
    card = compose(words, directory, "en", "RS", "talk", ADDRESS)
    assert pdf(card, Form.CARD) == pdf(card, Form.CARD)
    assert not re.search(rb"/(Author|Title|Creator|Keywords|Subject)\b", pdf(card, Form.CARD))


@pytest.mark.parametrize(
    ("title", "says"), [("long " * 60, "is too long for its place; shorten it."), ("Hi 😀", "cannot be printed, “😀”")]
)
def test_a_text_that_cannot_be_printed_is_named(directory: Directory, title: str, says: str) -> None:
    own = catalogue.load()
    own.take({("en", "card.talk.title", ""): title}, {})
    card: Card = compose(own, directory, "en", None, "talk", ADDRESS)
    with pytest.raises(CardIsImpossible, match=says):
        svg(card, Form.CARD)
