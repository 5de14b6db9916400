"""Where a child can turn: services by country, each with its source and the day it was verified, or said to be unverified.

No number is ever made up. A text that names a number takes it from here, so that a correction is made in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent / "services"
REGION = "region"
NEEDS = ("emergency", "children", "trafficking", "missing", "police")


class ServiceIsWrong(ValueError):
    """An entry of a services file cannot be used; the message names the file, the entry and what is missing."""


@dataclass(frozen=True, slots=True)
class Service:
    """One place to turn to. `countries` are ISO 3166 codes (empty: everywhere in the region); `verified` is None while nobody checked."""

    name: str
    need: str
    number: str
    countries: tuple[str, ...]
    free: bool | None
    hours: str
    source: str
    verified: date | None


class Directory:
    """All services, asked by country and need."""

    def __init__(self, services: tuple[Service, ...]) -> None:
        self._services = services

    def find(self, country: str | None, *needs: str) -> tuple[Service, ...]:
        """The services of a country for the needs, in the order of the needs; with no country, those of the whole region."""
        return tuple(
            service
            for need in needs
            for service in self._services
            if service.need == need and ((country in service.countries) if country else not service.countries)
        )

    def all(self) -> tuple[Service, ...]:
        """Every service there is."""
        return self._services


def load(folder: Path = FOLDER) -> Directory:
    """Read every file of the folder; raises ServiceIsWrong with one exact line."""
    return Directory(tuple(_service(entry, path) for path in sorted(folder.glob("*.yml")) for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []))


def _service(entry: dict[str, Any], path: Path) -> Service:
    for name in ("name", "need", "number", "source", "verified"):
        if name not in entry:
            raise ServiceIsWrong(f"{path.name}: {entry.get('name', 'an entry')} has no '{name}'")
    if entry["need"] not in NEEDS:
        raise ServiceIsWrong(f"{path.name}: {entry['name']}: need must be one of {', '.join(NEEDS)}")
    default = [] if path.stem == REGION else [path.stem]
    return Service(
        name=str(entry["name"]),
        need=str(entry["need"]),
        number=str(entry["number"]),
        countries=tuple(entry.get("countries", default)),
        free=entry.get("free"),
        hours=str(entry.get("hours", "")),
        source=str(entry["source"]),
        verified=entry["verified"],
    )
