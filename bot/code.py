"""Finds a return code in what a child wrote: 16 digits, usually in four groups of four, said to look like a telephone number.

The code opens the child's own case again, so it is found before the message is redacted, and stays in the memory of that one turn (promise 2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from bot.draft import Draft

DIGITS = 16

GROUP = 4

_RUN = re.compile(r"(?<![^\W_])\d+(?:[\s.,\-_/]{1,3}\d+){0,60}(?![^\W_])")
_GROUP = re.compile(r"\d+")
_EVENLY = ({1}, {2})
_ACCOUNT_BEFORE = re.compile(r"[A-Za-z]{2}\d\d\s?$")
"""How an international account number begins; its groups of four are no code."""


def find_code(text: str) -> str | None:
    """The 16 digits, as ASCII, if the text has exactly one such number in it; None otherwise. Never raises, whatever the text."""
    found = [digits for _, _, digits in sixteen_digits(Draft(text).plain)]
    return found[0] if len(found) == 1 else None


def sixteen_digits(plain: str) -> Iterator[tuple[int, int, str]]:
    """Every number of 16 digits in a plain view: its start, its end, its digits. Either nothing but it stands there, in groups of four or digit by
    digit, or it is four groups of four, or one of sixteen, among shorter numbers: "1234 5678 9012 3456, 14"."""
    for run in _RUN.finditer(plain):
        if _ACCOUNT_BEFORE.search(plain[max(0, run.start() - 5) : run.start()]):
            continue
        groups = [(run.start() + group.start(), group.group()) for group in _GROUP.finditer(run.group())]
        lengths = {len(digits) for _, digits in groups}
        if sum(len(digits) for _, digits in groups) == DIGITS and (
            lengths in _EVENLY or not any(length % GROUP for length in lengths)
        ):
            yield run.start(), run.end(), "".join(digits for _, digits in groups)
            continue
        for length, together in groupby(groups, lambda group: len(group[1])):
            alike = list(together)
            if length * len(alike) == DIGITS and length in {GROUP, DIGITS}:
                yield alike[0][0], alike[-1][0] + length, "".join(digits for _, digits in alike)


def is_card(digits: str) -> bool:
    """Whether a number passes the check that every bank card passes (Luhn: ISO/IEC 7812-1), and one in ten other numbers too."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
