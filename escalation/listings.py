"""Listings: the directory of services as editors change it. Each service is a text of its own: its entry in YAML.

So it is drafted, reviewed, published, rolled back and kept like every other (escalation/editions.py), and nothing of that is written twice.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

import structlog

from escalation.editions import OPEN, SERVICES, Edition, Name, State, standing
from locales import service_entries
from locales.services import Directory, Doubt, Service, doubt

log = structlog.get_logger("listings")


@dataclass(frozen=True, slots=True)
class Listing:
    """One service: what shipped (None where editors added it), what is published instead, what waits, and what came back."""

    id: str
    shipped: Service | None
    published: Edition | None = None
    open: Edition | None = None
    returned: Edition | None = None

    @property
    def said(self) -> Service | None:
        """What counts now; None for one that was added and not published yet. A retired one is told to no child."""
        return (self.published and service_of(self.published)) or self.shipped

    @property
    def latest(self) -> Service:
        """What an editor goes on from: what is open or came back, else what counts."""
        written = self.open or self.returned
        found = (written and service_of(written)) or self.said
        assert found  # noqa: S101 - whatever has a listing has an entry
        return found

    @property
    def standing(self) -> str:
        """How far it has come."""
        return standing(self.published, self.open or self.returned)


def name_of(service: str) -> Name:
    """The name of a service among the texts."""
    return Name(SERVICES, service)


def new_id(country: str) -> str:
    """An id for a service that is added; by chance, so that two editors who add one each are not in each other's way."""
    return f"{country}-{secrets.token_hex(4)}"


def text_of(service: Service) -> str:
    """The text of an edition of a service."""
    return service_entries.dump([service])


def service_of(edition: Edition) -> Service | None:
    """The service of an edition. It was looked at when it was drafted; None where this program cannot read it, and what ships counts."""
    return _service(edition.text)


@lru_cache(maxsize=1024)
def _service(text: str) -> Service | None:
    try:
        (entry,) = service_entries.parse(text, SERVICES)
        return service_entries.read(entry)
    except (ValueError, KeyError, TypeError) as mistake:
        log.error("service_not_read", error=type(mistake).__name__)
        return None


def published(current: Iterable[Edition]) -> dict[str, Service]:
    """The services that editors have published, by id, the first published first."""
    editions = [edition for edition in current if edition.name.is_service and edition.state is State.PUBLISHED]
    services = {edition.name.key: service_of(edition) for edition in sorted(editions, key=lambda edition: edition.id)}
    return {key: service for key, service in services.items() if service}


def listings(current: Iterable[Edition]) -> list[Listing]:
    """Every service that there is or was, those that ship first."""
    own: dict[str, dict[State, Edition]] = {}
    for edition in sorted(current, key=lambda edition: edition.id):
        if edition.name.is_service:
            state = State.DRAFT if edition.state in OPEN else edition.state
            own.setdefault(edition.name.key, {})[state] = edition
    found = [
        Listing(
            key,
            _shipped().get(key),
            *(own.get(key, {}).get(state) for state in (State.PUBLISHED, State.DRAFT, State.RETURNED)),
        )
        for key in dict.fromkeys((*_shipped(), *own))
    ]
    return [one for one in found if one.said or any(service_of(own) for own in (one.open, one.returned) if own)]


def uncovered(listing: Listing, service: Service, every: Iterable[Listing]) -> list[tuple[str, str]]:
    """The countries and needs for which nobody would be left if this service became so: a warning, no refusal."""
    now = {one.id: one.said for one in every if one.said}
    before = Directory(tuple(now.values())).covered()
    after = Directory(tuple((now | {listing.id: service}).values())).covered()
    return sorted(before - after)


def doubts(every: Iterable[Listing], today: date) -> Counter[Doubt | None]:
    """How many of the services that children are told of nobody has confirmed, or nobody for a year; under None all others."""
    told = (listing.said for listing in every)
    return Counter(doubt(service, today) for service in told if service and not service.retired)


@cache
def _shipped() -> dict[str, Service]:
    return {service.id: service for service in service_entries.shipped()}
