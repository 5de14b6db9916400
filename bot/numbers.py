"""Sees telephone numbers and other long numbers in a message, however they are broken up (promise 2).

By spaces, dots, slashes, dashes, by words ("064 then 123"), or spelt digit by digit, "zero six four", "nula šezdeset četiri". Ages, prices, years,
times and lists of them are left alone, and so are the numbers of services: they belong to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

import phonenumbers

from bot.draft import Draft
from bot.number_words import AGAIN, BETWEEN_DIGITS, DIGIT_WORDS, LINKS, LONGEST_WORD
from locales import service_entries
from locales.services import Service

REGIONS = ("AL", "BA", "BG", "GR", "HR", "HU", "MD", "ME", "MK", "RO", "RS", "SI", "TR", "UA", "XK")
"""The countries of the service directory; a number written the national way is looked for in each."""

_BROKEN_DIGITS = 8
LEAST_DIGITS = 7
"""A shorter number is an age, a price, a year or a helpline."""

PERSONAL_DIGITS = 13
"""The length of a personal number (JMBG, EMBG), and of no telephone number that is written in one piece."""

_PIECE = re.compile(r"\d+|[^\W\d_]{1,40}|_|[^\w]+")
_SEPARATOR = re.compile(r"[^\w!?;%€$£\"'=<>°\[\]\ue000]{1,5}|_")
_GROUPED = re.compile(r"\d{1,3}(?:([ .,'])\d{3})(?:\1\d{3}){0,3}(?:[.,]\d{1,2})?")
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D{1,5}){1,9}(?:(?:19|20)\d\d|\d{1,2})")
_TIME = r"[0-2]?\d[.:][0-5]\d"
_TIMES = re.compile(rf"(?:{_TIME}\D{{1,3}}){{1,9}}{_TIME}")
_DAY = r"(?:[0-3]?\d[./\- ]{1,2}[01]?\d[./\- ]{1,2}(?:20)?\d\d|20\d\d-[01]\d-[0-3]\d)"
_DATE = re.compile(rf"(?:{_DAY}\D{{1,3}})?{_DAY}(?:\D{{1,3}}[0-2]?\d(?:[.:][0-5]\d)?)?")
_LIST = re.compile(r"\d{1,4}(?:\s?,\s?\d{1,4}){2,}")
_SMALL = re.compile(r"\d{1,2}(?:\D{1,3}\d{1,2}){3,}")
_MONEY = re.compile(
    r"\s{0,2}(?:eur|euro|evra?|\N{EURO SIGN}|\$|\N{POUND SIGN}|usd|dollar|dolar|rsd|din|dinar|lek|km\b|marak|kn\b|kun"
    r"|franak|franga|chf|hiljad|mij|mil|lev|lei|lira|tl\b|hriv|forint|denar"
    r"|pound|quid|bucks|coins|robux|poena|points|pike|xp\b|gold|bitcoin|likes|lajk|views|pregled|follow|pratil|ndjek"
    r"|people|ljud|njerez|banor|stanov|subs|steps|korak|hapa|tim|put|here|sek|sec|ms\b)",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(
    r"[$\N{EURO SIGN}\N{POUND SIGN}]\s?$|(?:eur|euro|rsd|din|lek|all|usd|gbp)\s?$", re.IGNORECASE
)
_RANGE = re.compile(r"\s?[-/]\s?")
_PARTS = re.compile(r"\s*[,;/|\n]\s*|\s+-+\s+|\s{2,}")
_NOT_DIGITS = re.compile(r"\D+")
_FREE = re.compile(r"0800\d{3,7}")
"""Free numbers (ITU-T E.164 national practice in the countries of the directory) ring at an organisation, never at a person."""
_SHARED = re.compile(r"116\d{3}")
"""The European numbers of social value (Commission Decision 2007/116/EC), and those that neighbours modelled on them."""

_NUMBER_NAMED = re.compile(
    r"(?<!\w)(?:tel\.?|telefon\w{0,3}|mob\.?|mobil\w{0,3}|mobitel\w?|cel(?:ular)?i?|phone|cell|numri|numrin|numer"
    r"|numrat|broj\w?|brojka|nr\.?|br\.?|number|num|whatsapp|wapp|viber|vajber|fiksni|fiks|home line|landline"
    r"|call|ring|text|dial|zovi|pozovi|nazovi|okreni|zvati|thirr|thirre|thirrni|telefono)"
    r"(?:\s(?:number|mi|im|je|is|telefona|telefonit|eshte|osht|asht|esht|my|of|tim|fiksni|fiks|mobilni|kucni|e kam"
    r"|i shtepise"
    r"|me|him|her|mom|mum|on|at|na|ne|te|ga|je|mamu|tatu|mamin|babin)){0,3}\s?[:=]?\s{0,2}(?P<piece>\d[\d .\-/]{4,12}\d)(?!\w)(?P<after>.{0,12})",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    r"(?<![\w.])(?:0\d{2,3}|\+\d{2,3}|00\d{2,3})(?:[\W_]{1,3}(?:[^\W\d_]{1,12}[\W_]{1,3}){0,5}\d{2,4}){2,4}(?!\w)"
)
"""A number that begins as a telephone's does, in groups with words between them: "064 and at the end 000 0000"."""

_INTERRUPTED = re.compile(
    r"(?<![\w.])(?<!\d[\W_])(?:0\d{2,3}|\+\d{2,3}|00\d{2,3})[\W_]{1,3}(?:[^\W\d_]{1,12}[\W_]{1,3}){1,5}(?P<rest>\d{3,4}(?:[\W_]{1,3}\d{2,4}){1,3})(?!\w)"
)
"""The same with words after its first group only, looked for first: what follows would be a number by itself, and the beginning would stay."""

_DISGUISED = re.compile(
    r"(?<![\w])(?=[oOlI]{0,3}\d)(?=(?:[\doOlI][ .\-/]?){9})[\doOlI]{1,12}(?:[ .\-/][\doOlI]{1,12}){0,6}(?!\w)"
)


def take_numbers(draft: Draft) -> None:
    """Take [phone] and [number]."""
    if draft.has_digits and draft.has_letters:
        draft.take(_INTERRUPTED, _interrupted)
    draft.take_spans(_runs(draft.plain))
    if draft.has_digits and draft.has_letters:
        draft.take(_NUMBER_NAMED, _named_number)
        draft.take(_DISGUISED, _disguised)
        draft.take(_BROKEN, _broken)


def digits_said(plain: str) -> str:
    """The digits that a piece of a plain view stands for, written or spelt: two ways of telling the same number are the same."""
    return "".join(_digits(found.group()) for found in _PIECE.finditer(plain))


def _runs(plain: str) -> list[tuple[int, int, str]]:
    """Where long numbers are: start, end and kind. Reads the text once."""
    spans: list[tuple[int, int, str]] = []
    run: list[re.Match[str]] = []
    glued = False

    def close() -> None:
        while run and not _digits(run[-1].group()):
            run.pop()
        while run and run[0].group().isalpha() and not _digits(run[0].group()):
            run.pop(0)
        if run:
            start, stop = run[0].start(), run[-1].end()
            kind = _kind(plain, run)
            if kind:
                if plain[start - 1 : start] in {"+", "("} and start:
                    start -= 1
                if plain[start - 1 : start] in {"+", "("} and start:
                    start -= 1
                spans.append((start, stop, kind))
        run.clear()

    for piece in _PIECE.finditer(plain):
        found = piece.group()
        counts = bool(_digits(found))
        touching = bool(run) and run[-1].end() == piece.start()
        glued = counts and touching and run[-1].group()[-1:].isalnum()
        separates = bool(run) and (_SEPARATOR.fullmatch(found) or _joins(found.lower(), run))
        if (
            (counts and not glued)
            or separates
            or (counts and glued and found.isdecimal() and run[-1].group().lower() in DIGIT_WORDS)
        ) or (not run and found.lower() in AGAIN):
            run.append(piece)
        else:
            if found[:1].isalpha() and touching and len(_digits(run[-1].group())) <= 3:
                run.pop()  # "8b" is a class
            close()
    close()
    return spans


def _joins(word: str, run: list[re.Match[str]]) -> bool:
    """Whether a word between digits belongs to their number."""
    if word in LINKS:
        last = next((piece.group() for piece in reversed(run) if _digits(piece.group())), "")
        return last.isalpha()
    return word in BETWEEN_DIGITS


def _digits(piece: str) -> str:
    """The digits that one piece of text stands for; "" for a word that is no number."""
    if piece.isdecimal():
        return piece
    return DIGIT_WORDS.get(piece.lower(), "") if len(piece) <= LONGEST_WORD else ""


def _kind(plain: str, run: list[re.Match[str]]) -> str:
    """What a run of digits is: "phone", "number", or "" for one that may stay."""
    start, stop = run[0].start(), run[-1].end()
    words = [piece.group().lower() for piece in run if piece.group().isalpha()]
    if words:
        return _spelt([piece.group().lower() for piece in run], plain[stop : stop + 12])
    candidate = plain[start:stop]
    count = sum(len(piece.group()) for piece in run if piece.group().isdecimal())
    international = plain[start - 1 : start] == "+" or candidate.startswith("00")
    if count < LEAST_DIGITS or (
        not international and _stays(candidate, count, plain[max(0, start - 5) : start], plain[stop : stop + 12])
    ):
        return ""
    if _serves(candidate):
        return ""
    if count > 15 or (candidate.isdecimal() and count == PERSONAL_DIGITS and not international):
        return "number"
    return "phone" if _possible(("+" if plain[start - 1 : start] == "+" else "") + candidate) else "number"


def _stays(candidate: str, count: int, before: str, after: str) -> bool:
    """Whether it is years, times, a date, a list of small numbers, or money."""
    if _YEARS.fullmatch(candidate) or _TIMES.fullmatch(candidate) or _DATE.fullmatch(candidate):
        return True
    groups = _NOT_DIGITS.split(candidate)
    if candidate.startswith("0"):
        return False
    if count == LEAST_DIGITS and candidate.endswith("000000"):
        return True
    if _LIST.fullmatch(candidate) or _counting(groups):
        return True
    if _MONEY_BEFORE.search(before) or _MONEY.match(after):
        return all(amount.isdecimal() or _GROUPED.fullmatch(amount) for amount in _RANGE.split(candidate))
    if _GROUPED.fullmatch(candidate) and count <= LEAST_DIGITS:
        return True
    if all(group in {"1", "10", "100", "1000"} for group in groups):
        return True
    ages = [int(group) for group in groups] if all(len(group) <= 2 for group in groups) else []
    if len(ages) > 3 and sorted(set(ages)) in (ages, ages[::-1]):
        return True
    return bool(_SMALL.fullmatch(candidate)) and count < 9 and "-" not in candidate


def _counting(groups: list[str]) -> bool:
    """Whether somebody only counts: 1 2 3 4 5 6 7."""
    if len(groups) < 4 or any(len(group) > 4 for group in groups):
        return False
    steps = {int(after) - int(before) for before, after in pairwise(groups)}
    return len(steps) == 1 and steps != {0}


def _spelt(pieces: list[str], after: str) -> str:
    """A number in which words stand: a telephone's, if it is long enough and not simply counting."""
    values = [_digits(piece) for piece in pieces if _digits(piece)]
    numeric = [value for value in values if len(value) < 6]
    again = sum(AGAIN.get(piece, 1) - 1 for piece in pieces)
    counted = sum(len(value) for value in values) + again
    if counted < LEAST_DIGITS or _MONEY.match(after):
        return ""
    if len(numeric) == len(values) and _counting(values):
        return ""
    written = [piece for piece in pieces if piece.isdecimal()]
    if (
        written
        and not any(len(piece) >= 3 for piece in written)
        and not _digits(pieces[0]).startswith("0")
        and counted < 8
    ):
        return ""
    if (
        written
        and all(re.fullmatch(r"(?:19|20)\d\d|\d{1,2}", piece) for piece in written)
        and not _digits(pieces[0]).startswith("0")
    ):
        return ""
    if all(_serves(piece) for piece in written) and written and len(written) == len(values):
        return ""
    return "phone"


def _possible(candidate: str) -> bool:
    for region in REGIONS:
        try:
            if phonenumbers.is_possible_number(phonenumbers.parse(candidate, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


def _serves(candidate: str) -> bool:
    """Whether it is the number of a service, or several of them."""
    parts = [_NOT_DIGITS.sub("", part) for part in _PARTS.split(candidate)]
    if all(_public(part) for part in parts if part):
        return True
    groups = [group for group in _NOT_DIGITS.split(candidate) if group]
    at = 0
    while at < len(groups):
        for length in range(5, 0, -1):
            joined = "".join(groups[at : at + length])
            if _public(joined):
                at += length
                break
        else:
            return False
    return True


def _public(digits: str) -> bool:
    return (
        digits in _numbers_of_services()
        or digits in _PUBLISHED
        or bool(_FREE.fullmatch(digits) or _SHARED.fullmatch(digits))
    )


@cache
def _numbers_of_services() -> frozenset[str]:
    """The digits of every number that the helpline itself names, the national way and the international."""
    return frozenset(_EMERGENCY.split()) | _digits_of(service_entries.load().all())


_PUBLISHED: set[str] = set()
"""The same of services that editors have published."""


def know(published: Iterable[Service]) -> None:
    """Leave the numbers of these services alone from now on: a child may write down what it has just been told."""
    _PUBLISHED.clear()
    _PUBLISHED.update(_digits_of(published))


def _digits_of(every: Iterable[Service]) -> frozenset[str]:
    found = set()
    for service in every:
        own = _NOT_DIGITS.sub("", service.number)
        found.add(own)
        for country in service.countries:
            code = phonenumbers.country_code_for_region(country)
            found |= {f"{code}{own.removeprefix('0')}", f"00{code}{own.removeprefix('0')}"}
    return frozenset(found)


_EMERGENCY = (
    "112 911 999 100 101 102 103 104 108 110 113 122 123 124 126 127 128 129 150 155 156 158 160 166 192 193 194 199 "
    "1022 1056 1107 116"
)
"""Short numbers of police, ambulance, fire brigade and helplines in the countries of the directory. None of them leads to a person."""


def _named_number(match: re.Match[str]) -> str | None:
    """Six digits are a telephone number where the child says so."""
    piece = match["piece"]
    if (
        sum(letter.isdigit() for letter in piece) < 6
        or _serves(piece)
        or _MONEY.match(match["after"])
        or _YEARS.fullmatch(piece)
    ):
        return None
    return "phone"


def _broken(match: re.Match[str]) -> str | None:
    """A number in groups with words between them, unless it is a service's, or a time or a price."""
    piece = match.group()
    if _serves(piece) or _MONEY.match(match.string[match.end() : match.end() + 12]):
        return None
    return "phone" if sum(letter.isdigit() for letter in piece) >= _BROKEN_DIGITS else None


def _interrupted(match: re.Match[str]) -> str | None:
    """A number whose beginning stands by itself, unless what follows is a whole number of its own."""
    return _broken(match) if sum(letter.isdigit() for letter in match["rest"]) <= _BROKEN_DIGITS else None


def _disguised(match: re.Match[str]) -> str | None:
    """A number in which the letter O stands for zero and l for one."""
    piece = match.group()
    digits = sum(letter.isdigit() for letter in piece)
    letters = sum(letter in "oOlI" for letter in piece)
    enough = digits >= (2 if piece[0] in "oO0" else 5)
    return "phone" if letters and enough and digits + letters >= 9 else None
