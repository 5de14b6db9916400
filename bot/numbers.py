"""Sees telephone numbers and other long numbers in a message, however they are broken up (promise 2).

By spaces, dots, dashes, by words ("064 then 123"), or spelt digit by digit. Ages, prices, years and times are left alone.
"""

from __future__ import annotations

import re

import phonenumbers

from nlu.folding import fold

REGIONS = ("AL", "BA", "BG", "GR", "HR", "HU", "MD", "ME", "MK", "RO", "RS", "SI", "TR", "UA", "XK")
"""The countries of the service directory; a number written the national way is looked for in each."""

LEAST_DIGITS = 7
"""A shorter number is an age, a price, a year or a helpline."""

PERSONAL_DIGITS = 13
"""The length of a personal number (JMBG, EMBG), and of no telephone number that is written in one piece."""

_DIGIT_WORDS = frozenset(
    "zero oh one two three four five six seven eight nine nula jedan dva tri cetiri pet sest sedam osam devet jedinica dvojka trojka petica "
    "nje dy kater pese gjashte shtate tete nente".split()
)
_BETWEEN_DIGITS = frozenset(
    "pa onda zatim then dash crtica crta space razmak dot tacka pike minus plus pastaj kaq double duplo".split()
)
_PIECE = re.compile(r"\d+|[^\W\d_]{1,40}|_|[^\w]+")
_SEPARATOR = re.compile(r"[\s().\-–—/+*]{1,4}")
_GROUPED = re.compile(r"\d{1,3}(?:([ .])\d{3})(?:\1\d{3}){0,2}")
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D{1,3}){1,9}(?:19|20)\d\d")
_TIMES = re.compile(r"[0-2]?\d[.][0-5]\d\D{1,3}[0-2]?\d[.][0-5]\d")
_SMALL = re.compile(r"\d{1,2}(?:\D{1,3}\d{1,2}){3,}")
_MONEY = re.compile(
    r"\s{0,2}(?:eur|euro|evra?|€|\$|usd|dollar|dolar|rsd|din|dinar|lek|km\b|marak|kn\b|kun|franak|chf|евр|дин|лек|hiljad|mij|likes|views|people|ljudi|njerez)",
    re.IGNORECASE,
)
_NUMBER_NAMED = re.compile(
    r"(?<!\w)((?:tel\.?|telefon\w{0,3}|mob(?:ilni|itel)?|cel(?:ular)?i?|phone|numri|broj|nr\.?|br\.?|number|whatsapp|viber|телефон\w?|број)"
    r"(?:\s(?:number|mi|im|je|is|telefona|telefonit|eshte|është|my|ми|је|of)){0,3}\s?:?\s{0,2})(\d[\d .\-/]{4,12}\d)(?!\w)",
    re.IGNORECASE,
)


def without_numbers(text: str) -> str:
    """Takes out long numbers, however they are broken up: by spaces, dots, dashes, or words, or spelt digit by digit."""
    parts: list[str] = []
    end = 0
    run: list[re.Match[str]] = []

    def close() -> None:
        nonlocal end
        while run and not _digits(run[-1].group()):
            run.pop()
        if run:
            start, stop = run[0].start(), run[-1].end()
            start -= text[start - 1 : start] == "+" or (text[max(0, start - 1) : start] == "(")
            placeholder = _number(
                text[start:stop], sum(_digits(piece.group()) for piece in run), text[stop : stop + 12]
            )
            if placeholder:
                parts.extend((text[end:start], placeholder))
                end = stop
        run.clear()

    for piece in _PIECE.finditer(text):
        found = piece.group()
        count = _digits(found)
        glued = bool(run) and run[-1].end() == piece.start() and count and run[-1].group()[-1:].isalnum()
        separates = run and (_SEPARATOR.fullmatch(found) or fold(found) in _BETWEEN_DIGITS)
        if (count and not glued) or separates:
            run.append(piece)
        else:
            if found[:1].isalpha() and run and run[-1].end() == piece.start() and _digits(run[-1].group()) <= 3:
                run.pop()  # "8b" is a class
            close()
    close()
    return _NUMBER_NAMED.sub(_named_number, "".join([*parts, text[end:]]))


def _digits(piece: str) -> int:
    """How many digits a piece of text stands for."""
    if piece.isdecimal():
        return len(piece)
    return int(len(piece) < 10 and piece.isalpha() and fold(piece) in _DIGIT_WORDS)


def _number(candidate: str, digits: int, after: str) -> str:
    """What a run of digits is: "[phone]", "[number]", or "" for one that may stay."""
    if digits < LEAST_DIGITS:
        return ""
    if _YEARS.fullmatch(candidate) or _TIMES.fullmatch(candidate):
        return ""
    if not candidate.startswith(("0", "+")) and (
        (_GROUPED.fullmatch(candidate) and (digits <= LEAST_DIGITS or _MONEY.match(after))) or _MONEY.match(after)
    ):
        return ""
    if _SMALL.fullmatch(candidate) and not candidate.startswith(("0", "+")) and digits < 9 and "-" not in candidate:
        return ""
    if any(letter.isalpha() for letter in candidate):
        return "[phone]"
    if digits > 15 or (candidate.isdecimal() and digits == PERSONAL_DIGITS):
        return "[number]"
    for region in REGIONS:
        try:
            if phonenumbers.is_possible_number(phonenumbers.parse(candidate, region)):
                return "[phone]"
        except phonenumbers.NumberParseException:
            continue
    return "[number]"


def _named_number(match: re.Match[str]) -> str:
    """Six digits are a telephone number where the child says so."""
    return f"{match.group(1)}[phone]" if sum(letter.isdigit() for letter in match.group(2)) >= 6 else match.group()
