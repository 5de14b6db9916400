"""How a service of the directory reads in one line of a text: whose number, the number, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from locales.services import Service

_COMMA = {"ar": "، ", "fa": "، "}
"""What stands between two notes where it is not the Latin comma."""

Say = Callable[[str], str]
"""The text of a key, its placeholders still in it."""


def listed(locale: str, parts: Iterable[str]) -> str:
    """Parts of a list, with the comma of the language between them."""
    return _COMMA.get(locale, ", ").join(parts)


def one_line(service: Service, locale: str, say: Say, *, country_known: bool = True) -> str:
    """One service in one line."""
    notes = [] if service.free is not True else [say("numbers.free")]
    if service.verified is None:
        notes.append(say("numbers.unverified"))
    if len(service.countries) > 1 and not country_known:
        notes.append(say("numbers.most_countries"))
    name = say(service.label) if service.label else service.name
    if not notes:
        return say("number.line").format(name=name, number=service.number)
    return say("number.line_notes").format(name=name, number=service.number, notes=listed(locale, notes))
