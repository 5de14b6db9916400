"""Cards and posters: what stands on one, for a language, a country and a theme (mission M7, M22).

A card is found by others too. So nothing on it says what it is for: its words are small and ordinary, and the checker holds them to that
(docs/decisions/0014, locales/tone.py). The numbers are those of the service directory, with the day on which they were last looked at:
print cannot be corrected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from babel.dates import format_skeleton

from locales.catalogue import NAMES, Catalogue, cldr_of, direction
from locales.services import Directory, Service

LONGEST_ADDRESS = 100
"""Characters. A longer one would make the squares of the QR code too small for an old telephone's camera."""
_ADDRESS = re.compile(r"[!-~]+")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*", re.IGNORECASE)


class CardIsImpossible(ValueError):
    """No such card can be made; `args[0]` is one line that says why and what to do."""


class Theme(StrEnum):
    """What a card is about, and what it looks like; the words of each are `card.<theme>.*`."""

    TRAVEL = "travel"
    WORK = "work"
    ONLINE = "online"
    TALK = "talk"


class Form(StrEnum):
    """What is printed: one card, a sheet of A4 with ten cards to cut out, or a poster with strips to tear off."""

    CARD = "card"
    SHEET = "sheet"
    POSTER = "poster"


NEEDS: Mapping[Theme, tuple[str, ...]] = {
    Theme.TRAVEL: ("emergency", "trafficking", "missing"),
    Theme.WORK: ("emergency", "trafficking", "children"),
    Theme.ONLINE: ("children", "emergency"),
    Theme.TALK: ("children", "emergency"),
}
"""Whose numbers a theme has, in this order. The police are on none: that number would give a card away."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number on a card: a neutral word before it, and the service that it belongs to."""

    label: str
    service: Service


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that is read on a card or poster. `seen` is empty where there are no numbers; `keys` are the texts it is made of."""

    locale: str
    theme: Theme
    title: str
    line: str
    scan: str
    poster: str
    address: str
    numbers: tuple[Number, ...]
    seen: str
    keys: frozenset[str]

    @property
    def right_to_left(self) -> bool:
        """Whether its language is written from right to left; its whole look is turned around then."""
        return direction(self.locale) == "rtl"

    @property
    def printed_address(self) -> str:
        """The address as people type it."""
        return self.address.removeprefix("https://").removesuffix("/")

    @property
    def unverified(self) -> tuple[Service, ...]:
        """The services on it that have not confirmed their number: whoever prints it should call there first."""
        return tuple(number.service for number in self.numbers if number.service.verified is None)


def compose(
    catalogue: Catalogue, directory: Directory, locale: str, country: str | None, theme: str, address: str
) -> Card:
    """The card of a theme in a language, with the numbers of a country (none: without numbers). Raises CardIsImpossible."""
    if locale not in NAMES:
        raise CardIsImpossible(f"There is no language “{locale}”; choose one of {', '.join(NAMES)}.")
    if theme not in set(Theme):
        raise CardIsImpossible(f"There is no theme “{theme}”; choose one of {', '.join(Theme)}.")
    if country and country not in countries(directory):
        raise CardIsImpossible(f"There is no country “{country}”; choose one of {', '.join(countries(directory))}.")
    services = _services(directory, country, Theme(theme))
    keys: set[str] = set()

    def say(key: str, **values: object) -> str:
        keys.add(f"card.{key}")
        text = catalogue.say(f"card.{key}", locale)
        return text.format(**values) if values else text

    return Card(
        locale=locale,
        theme=Theme(theme),
        title=say(f"{theme}.title"),
        line=say(f"{theme}.line"),
        scan=say("scan"),
        poster=say("poster"),
        address=checked(address),
        numbers=tuple(Number(say(_called(catalogue, one)), one) for one in services),
        seen=say("seen", date=_day(services, locale)) if services else "",
        keys=frozenset(keys),
    )


def _called(catalogue: Catalogue, service: Service) -> str:
    """The key of what a number is called on a card: as its label says, or as its need where that has no word that gives nothing away."""
    called = service.label.replace("service.", "number.", 1)
    return called if catalogue.has(f"card.{called}") else "number." + service.need


def countries(directory: Directory) -> tuple[str, ...]:
    """The countries for which there are numbers."""
    return tuple(sorted({code for service in directory.all() for code in service.countries}))


def checked(address: str) -> str:
    """The address of the child's page as it goes into the QR code. Raises CardIsImpossible."""
    try:
        parts = urlsplit(address)
        is_one = parts.scheme == "https" and bool(_HOST.fullmatch(parts.hostname or "")) and parts.port != 0
    except ValueError:  # the port, or brackets
        is_one = False
    if not is_one or "@" in address or not _ADDRESS.fullmatch(address):
        raise CardIsImpossible("The address of the page must be whole, such as https://www.example.org.")
    if len(address) > LONGEST_ADDRESS:
        raise CardIsImpossible(
            f"The address of the page has {len(address)} characters; a QR code that small takes {LONGEST_ADDRESS}."
        )
    return address


def _services(directory: Directory, country: str | None, theme: Theme) -> list[Service]:
    """One service for each need; where there is a choice, one that does not record who calls."""
    if not country:
        return []
    found = [directory.find(country, need) for need in NEEDS[theme]]
    return [min(those, key=lambda service: service.anonymous is False) for those in found if those]


def _day(services: list[Service], locale: str) -> str:
    """The day on which the oldest of the numbers was last confirmed, or read at its source, as the language writes it."""
    day: date = min(service.verified or service.seen for service in services)
    return str(format_skeleton("yMMMd", day, locale=cldr_of(locale)))
