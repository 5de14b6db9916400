"""The board: services as an editor sees them: what they are warned of, what a child would read, what was changed by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from escalation.console.answers import country_name
from escalation.console.shelf import shipped_texts
from escalation.editions import Edition
from escalation.ledger import utc_now
from escalation.listings import Listing, service_of
from locales import service_entries
from locales.catalogue import SOURCE
from locales.hours import reading
from locales.services import NEEDS, Doubt, Service, doubt

Change = tuple[str, Any, Any]
"""A field, what it was, and what it is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One service in the list, with what editors are warned of."""

    listing: Listing
    service: Service
    doubt: Doubt | None
    hours: str
    label: str


def row(listing: Listing) -> Row:
    """The row of a listing. Only what children are told of can be doubted."""
    service = listing.said or listing.latest
    told = listing.said is not None and not service.retired
    return Row(
        listing,
        service,
        doubt(service, today()) if told else None,
        hours(service.hours, service.countries[0]),
        english(service.label),
    )


def place(one: Row) -> tuple[bool, str, int]:
    """Where it stands in the list: first what works in several countries, then by country; in the order of the needs."""
    service = one.service
    several = len(service.countries) > 1
    return not several, "" if several else country_name(service.countries[0]) or "", NEEDS.index(service.need)


def history(listing: Listing, editions: Iterable[Edition]) -> list[tuple[Edition, list[Change]]]:
    """Every edition, the newest first, with what was changed in it."""
    told = [(edition, service_of(edition) if edition.text else listing.shipped) for edition in editions]
    return [
        (edition, changed(before, service))
        for (edition, service), (_, before) in pairwise((*told, (None, listing.shipped)))
        if edition
    ]


def changed(before: Service | None, after: Service | None) -> list[Change]:
    """Each field that is another, with what it was and what it is."""
    if after is None:
        return []
    was, now = service_entries.written(before) if before else {}, service_entries.written(after)
    return [(field, was.get(field), now[field]) for field in now if field != "id" and was.get(field) != now[field]]


def retired(service: Service) -> Service:
    """The same service, retired."""
    return service_entries.read({**service_entries.written(service), "retired": True})


def named(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Countries by their names, and needs."""
    return [(country_name(country) or country, need) for country, need in pairs]


def hours(written: str, country: str) -> str:
    """What a child would read of hours now, in English."""
    read = reading(written, country, utc_now(), SOURCE)
    return english(read[0]).format(**read[1]) if read else ""


def english(key: str) -> str:
    """The English text of a key."""
    found = shipped_texts(SOURCE).get((key, ""))
    return found.texts[0] if found else key


def today() -> date:
    """The day, in Greenwich."""
    return utc_now().date()
