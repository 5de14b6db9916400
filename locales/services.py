"""Where a child can turn: services by country, each with its source and the day it was verified, if it was.

No number is ever made up. A text that names a number takes it from here, so that a correction is made in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from locales.hours import readable

FOLDER = Path(__file__).resolve().parent / "services"
REGION = "region"
NEEDS = ("emergency", "children", "trafficking", "missing", "police")


class ServiceIsWrong(ValueError):
    """An entry of a services file cannot be used; the message names the file, the entry and what is missing."""


@dataclass(frozen=True, slots=True)
class Service:
    """One place to turn to.

    `name` is its own proper name; `label` is the key of the text that a child reads in front of the number.
    `countries` are ISO 3166 codes (and XK). `free` is None where the source does not say; `hours` are in OSM
    opening_hours syntax, empty where unknown. `seen` is the day the source was read, `verified` the day the
    organisation itself confirmed it: None while nobody has. `languages` are BCP 47 codes, `anonymous` whether no name is asked for: only
    what a source says.
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


class Directory:
    """All services, asked by country and need."""

    def __init__(self, services: tuple[Service, ...]) -> None:
        self._services = services

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


def load(folder: Path = FOLDER) -> Directory:
    """Read every file of the folder; raises ServiceIsWrong with one exact line."""
    entries = (
        (entry, path)
        for path in sorted(folder.glob("*.yml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []
    )
    return Directory(tuple(_service(entry, path) for entry, path in entries))


def _service(entry: dict[str, Any], path: Path) -> Service:
    if not isinstance(entry, dict):
        raise ServiceIsWrong(f"{path.name}: every entry must begin with '- name:'")
    for name in ("name", "label", "need", "number", "source", "seen", "verified"):
        if name not in entry:
            raise ServiceIsWrong(f"{path.name}: {entry.get('name', 'an entry')} has no '{name}'")
    if entry["need"] not in NEEDS:
        raise ServiceIsWrong(f"{path.name}: {entry['name']}: need must be one of {', '.join(NEEDS)}")
    if not isinstance(entry["number"], str):
        raise ServiceIsWrong(f"{path.name}: {entry['name']}: 'number' must be in quotes, or YAML changes it")
    if path.stem == REGION and not entry.get("countries"):
        raise ServiceIsWrong(f"{path.name}: {entry['name']} has no 'countries'")
    if not readable(str(entry.get("hours") or "24/7")):
        raise ServiceIsWrong(
            f"{path.name}: {entry['name']}: 'hours' are not in opening_hours syntax, such as \"Mo-Fr 09:00-17:00\""
        )
    for name in ("seen", "verified"):
        if not isinstance(entry[name], date) and not (name == "verified" and entry[name] is None):
            raise ServiceIsWrong(f"{path.name}: {entry['name']}: '{name}' must be a date such as 2026-11-22")
    return Service(
        name=str(entry["name"]),
        label=str(entry["label"]),
        need=str(entry["need"]),
        number=str(entry["number"]),
        countries=tuple(entry.get("countries", [path.stem])),
        free=entry.get("free"),
        hours=str(entry.get("hours") or ""),
        source=str(entry["source"]),
        seen=entry["seen"],
        verified=entry["verified"],
        languages=tuple(map(str, entry.get("languages") or ())),
        anonymous=entry.get("anonymous"),
    )
