"""Texts with a form for each number ("1 minute, 2 minutes"): which form a number wants is the language's own rule, as gettext writes it.

All forms of a text are one edition: they are written, reviewed, published and rolled back together. An edition keeps them as a JSON list.
"""

from __future__ import annotations

import gettext
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

MOST_FORMS = 6
"""Forms of the language that has most (Arabic)."""

_HEADER = re.compile(r"nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*(.+?)\s*;?\s*")
_ONE_OR_MANY = "nplurals=2; plural=(n != 1);"
_LOOKED_AT = (*range(1, 201), 0)
"""Numbers that examples are taken from: all rules of our languages repeat within a hundred."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How many forms a language has, and which one (from 0 on) a number wants."""

    forms: int
    form: Callable[[int], int]

    def said_for(self, form: int) -> tuple[int, ...]:
        """The numbers that want this form, the plainest first, as far as is looked."""
        return tuple(number for number in _LOOKED_AT if self.form(number) == form)

    def examples(self) -> tuple[int, ...]:
        """One number for each form."""
        return tuple((*self.said_for(form), 0)[0] for form in range(self.forms))

    def chosen(self, forms: tuple[str, ...], number: int) -> str:
        """The form for a number; the last one where an edition has fewer than the language wants today."""
        return forms[min(self.form(number), len(forms) - 1)]


def rule(header: str = _ONE_OR_MANY) -> Rule:
    """The rule of a Plural-Forms header. Raises ValueError where it is none."""
    found = _HEADER.fullmatch(header)
    if not found:
        message = f"not a Plural-Forms header: {header}"
        raise ValueError(message)
    return Rule(int(found[1]), gettext.c2py(found[2]))


def joined(forms: Iterable[str]) -> str:
    """All forms of a text as one."""
    return json.dumps(list(forms), ensure_ascii=False)


def forms(text: str) -> tuple[str, ...]:
    """What `joined` made one; a text that had no forms when it was written is said for every number."""
    try:
        found = json.loads(text)
    except ValueError:
        return (text,)
    return tuple(map(str, found)) if isinstance(found, list) and found else (text,)
