"""Where a child can turn: services by country, each with its source and the day it was verified, if it was.

No number is ever made up. A text that names a number takes it from here, so that a correction is made in one place. What ships is read from
files (locales/service_entries.py); what editors have published counts instead, from the moment on at which it is taken over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from locales.hours import ZONES

NEEDS = ("emergency", "children", "trafficking", "missing", "police")
COUNTRIES = tuple(ZONES)
"""ISO 3166 codes (and XK) of the countries that the helpline knows."""

A_YEAR = timedelta(days=365)
"""After this a service has to be asked again whether it is still as it says."""


@dataclass(frozen=True, slots=True)
class Service:
    """One place to turn to.

    `name` is its own proper name; `label` is the key of the text that a child reads in front of the number.
    `countries` are ISO 3166 codes (and XK). `free` is None where the source does not say; `hours` are in OSM
    opening_hours syntax, empty where unknown. `seen` is the day the source was read, `verified` the day the
    organisation itself confirmed it: None while nobody has; `confirmed_by` is who there did, as a role. `languages` are BCP 47 codes,
    `anonymous` whether no name is asked for: only what a source says. By its `id` it stays the same whatever else changes; `retired` are those
    that no child is told of any more.
    """

    name: str
    label: str
    need: str
    number: str
    countries: tuple[str, ...]
    free: bool | None
    hours: str
    source: str
    seen: date
    verified: date | None
    languages: tuple[str, ...] = ()
    anonymous: bool | None = None
    id: str = ""
    confirmed_by: str = ""
    retired: bool = False


class Doubt(StrEnum):
    """Why a service has to be asked whether it is as it says."""

    NEVER = "never"
    OLD = "old"


def doubt(service: Service, today: date) -> Doubt | None:
    """Whether nobody has ever confirmed it, or nobody for a year: what editors and operators are warned of."""
    if service.verified is None:
        return Doubt.NEVER
    return Doubt.OLD if service.verified < today - A_YEAR else None


class Directory:
    """All services that a child may be told of, asked by country and need."""

    def __init__(self, services: tuple[Service, ...]) -> None:
        self._shipped = services
        self._services: tuple[Service, ...] = ()
        self.take({})

    def take(self, published: Mapping[str, Service]) -> None:
        """Tell of these from now on (by id) instead of what ships; whoever holds this directory tells so with the next word."""
        shipped = {service.id for service in self._shipped}
        every = (
            *(published.get(service.id, service) for service in self._shipped),
            *(service for key, service in published.items() if key not in shipped),
        )
        self._services = tuple(service for service in every if not service.retired)

    def find(self, country: str | None, *needs: str) -> tuple[Service, ...]:
        """The services of a country, in the order of the needs; with no country, those that work in several countries.

        The second kind does not work everywhere: say so with it ("numbers.most_countries"), and ask for the country.
        """
        return tuple(
            service
            for need in needs
            for service in self._services
            if service.need == need and ((country in service.countries) if country else len(service.countries) > 1)
        )

    def all(self) -> tuple[Service, ...]:
        """Every service there is."""
        return self._services

    def covered(self) -> set[tuple[str, str]]:
        """Every country and need for which there is somebody."""
        return {(country, service.need) for service in self._services for country in service.countries}
