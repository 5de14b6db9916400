"""How a service is written down: as an entry in YAML, the same in the files that ship, in an edition, and in a file that goes in and out.

Every field has one rule, and every mistake one line that says what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from babel import Locale as Cldr

from locales import catalogue
from locales.hours import readable
from locales.pack import PACK
from locales.services import COUNTRIES, NEEDS, Directory, Service

FOLDER = Path(__file__).resolve().parent / "services"
CONFIRMERS = ("lead", "counsellor", "office")
"""Who at the organisation confirmed a service: a role, never a person's name."""

FIELDS = (
    "id", "name", "label", "need", "number", "countries", "free", "anonymous", "languages", "hours", "source", "seen", "verified",
    "confirmed_by", "retired",
)  # fmt: skip
_NEEDED = ("id", "name", "label", "need", "number", "countries", "source", "seen", "verified")
LONGEST = 300
"""Characters of a field; a source's address is the longest."""

_A_DAY = timedelta(days=1)
"""Where an editor is, a day may have begun that has not in Greenwich."""

_ID = re.compile(r"[A-Za-z]{2,6}-[A-Za-z0-9-]{1,33}")
_NUMBER = re.compile(r"\+?\d+(?: \d+)*")
_FEWEST, _MOST = 3, 15
"""Digits of a telephone number (ITU-T E.164: at most 15)."""

Entry = Mapping[str, Any]


class ServiceIsWrong(ValueError):
    """An entry of a services file cannot be used; the message names the file, the entry and what is missing."""


def load(folder: Path = FOLDER) -> Directory:
    """The directory as it ships; raises ServiceIsWrong with one exact line."""
    return Directory(shipped(folder))


def shipped(folder: Path = FOLDER) -> tuple[Service, ...]:
    """Every service of the files of a folder, a file of the organisation's pack in place of the one of its name.

    A file is called after the country of its services, or says their countries.
    """
    files = {path.name: path for path in sorted(folder.glob("*.yml"))}
    if PACK and folder == FOLDER:
        files |= {path.name: path for path in sorted((PACK.folder / "services").glob("*.yml"))}
    return tuple(
        service(entry, name)
        for name, path in sorted(files.items())
        for entry in parse(path.read_text(encoding="utf-8"), name)
    )


def parse(text: str, where: str) -> list[dict[str, Any]]:
    """The entries of a file, not looked at yet; a file that is called after a country says the country of its entries. Raises ServiceIsWrong."""
    try:
        entries = yaml.safe_load(text) or []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f"line {mark.line + 1}: " if mark else ""
        raise ServiceIsWrong(f"{where}: {at}{getattr(error, 'problem', None) or 'is no YAML'}") from None
    except ValueError as error:  # a date that there is not
        raise ServiceIsWrong(f"{where}: {error}") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ServiceIsWrong(f"{where}: every entry must begin with '- id:'")
    country = where.partition(".")[0]
    return [{"countries": [country], **entry} if country in COUNTRIES else entry for entry in entries]


def service(entry: Entry, where: str) -> Service:
    """The service of an entry; raises ServiceIsWrong with the first mistake."""
    for line in lines(entry, mistakes(entry)):
        raise ServiceIsWrong(f"{where}: {line}")
    return read(entry)


def lines(entry: Entry, found: Mapping[str, str]) -> list[str]:
    """The mistakes of an entry in one line each."""
    return [f"{entry.get('name', 'an entry')}: '{field}' {says}" for field, says in found.items()]


def mistakes(entry: Entry, today: date | None = None, before: Service | None = None) -> dict[str, str]:
    """What is wrong with an entry, by field. `today` and what stood there `before` are for whoever changes it now."""
    found = {str(field): "is no field of a service; remove it" for field in entry if field not in FIELDS}
    found |= {field: "is missing" for field in _NEEDED if field not in entry}
    for field, rule in _RULES.items():
        if field in entry and (says := rule(entry[field])):
            found[field] = says
    if entry.get("confirmed_by") in CONFIRMERS and entry.get("verified") is None:
        found.setdefault("verified", "is missing although it says who confirmed it")
    for field in ("seen", "verified"):
        if today and field not in found and (day := entry[field]) and day > today + _A_DAY:
            found[field] = "is a day that has not come yet"
    if before and before.verified and before.verified == entry.get("verified") and before.number != entry.get("number"):
        found.setdefault("verified", "is from before the number changed; empty it, or confirm the new number")
    return found


def read(entry: Entry) -> Service:
    """The service of an entry that was looked at."""
    return Service(
        id=entry["id"],
        name=entry["name"],
        label=entry["label"],
        need=entry["need"],
        number=entry["number"],
        countries=tuple(entry["countries"]),
        free=entry.get("free"),
        hours=entry.get("hours") or "",
        source=entry["source"],
        seen=entry["seen"],
        verified=entry["verified"],
        languages=tuple(entry.get("languages") or ()),
        anonymous=entry.get("anonymous"),
        confirmed_by=entry.get("confirmed_by") or "",
        retired=entry.get("retired") or False,
    )


def written(service: Service) -> dict[str, Any]:
    """A service as an entry."""
    entry = {field: getattr(service, field) for field in FIELDS}
    return {field: list(value) if isinstance(value, tuple) else value for field, value in entry.items()}


def dump(services: Iterable[Service]) -> str:
    """Services as the text of a file."""
    every = [written(service) for service in services]
    return yaml.safe_dump(every, allow_unicode=True, sort_keys=False, width=LONGEST)


@cache
def labels() -> tuple[str, ...]:
    """The keys of the texts that can stand in front of a number."""
    return tuple(
        key for key, version in catalogue.entries(catalogue.SOURCE) if key.startswith("service.") and not version
    )


@cache
def languages() -> Mapping[str, str]:
    """Languages that Unicode has a name for, by code: a child reads the name in its own language."""
    return {code: name for code, name in Cldr("en").languages.items() if "_" not in code}


def _said(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        return "is empty"
    if value != value.strip() or not value.isprintable():
        return "has a hidden sign, a line break, or a space at an end; remove it"
    return "" if len(value) <= LONGEST else f"has {len(value)} characters; {LONGEST} fit"


def _id(value: object) -> str:
    fits = isinstance(value, str) and _ID.fullmatch(value)
    return "" if fits else "must be letters without accents, a hyphen, then letters or digits, such as RS-children"


def _number(value: object) -> str:
    if not isinstance(value, str):
        return "must be in quotes, or YAML changes it"
    if not _NUMBER.fullmatch(value) or not value.isascii():
        return 'must be digits in groups with one space between them, such as "116 111"; a + may stand in front'
    digits = sum(letter.isdigit() for letter in value)
    return "" if _FEWEST <= digits <= _MOST else f"has {digits} digits; a telephone number has {_FEWEST} to {_MOST}"


def _hours(value: object) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or len(value) > LONGEST or not readable(value):
        return 'must be in opening_hours syntax, such as "Mo-Fr 09:00-17:00", "24/7", or empty'
    return ""


def _source(value: object) -> str:
    if says := _said(value):
        return says
    try:
        address = urlsplit(str(value))
    except ValueError:
        address = urlsplit("")
    fits = address.scheme in {"http", "https"} and address.hostname and " " not in str(value)
    return "" if fits else "must be an address that begins with https:// or http://"


def _day(value: object) -> str:
    return "" if type(value) is date else "must be a date such as 2026-11-22"  # a datetime is one too, and is none here


def _several(value: object, known: Iterable[str], example: str) -> str:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return f"must be a list such as {example}"
    strange = [one for one in value if one not in known]
    if strange:
        return f"names {strange[0]!r}, which is not known; {example} are"
    return "names one twice" if len(set(value)) < len(value) else ""


def _languages(value: object) -> str:
    return "" if value is None else _several(value, languages(), "[tr, en]")


def _countries(value: object) -> str:
    if value == []:
        return "must name at least one"
    return _several(value, COUNTRIES, f"[{', '.join(COUNTRIES)}]")


def _one_of(known: Callable[[], Iterable[str]], *, empty: bool = False) -> Callable[[object], str]:
    def rule(value: object) -> str:
        if value in tuple(known()) or (empty and value in (None, "")):
            return ""
        return f"must be one of {', '.join(known())}" + (", or empty" if empty else "")

    return rule


def _yes_no(value: object) -> str:
    return "" if value is None or isinstance(value, bool) else "must be true, false, or null where no source says so"


_RULES: Mapping[str, Callable[[object], str]] = {
    "id": _id,
    "name": _said,
    "label": _one_of(labels),
    "need": _one_of(lambda: NEEDS),
    "number": _number,
    "countries": _countries,
    "free": _yes_no,
    "anonymous": _yes_no,
    "languages": _languages,
    "hours": _hours,
    "source": _source,
    "seen": _day,
    "verified": lambda value: "" if value is None else _day(value),
    "confirmed_by": _one_of(lambda: CONFIRMERS, empty=True),
    "retired": _yes_no,
}
