"""Whether a service is open now: hours in OpenStreetMap's opening_hours syntax, read on the clock and with the holidays of its country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from opening_hours import OpeningHours, validate

from locales.catalogue import cldr_of

ZONES = {
    "AL": "Europe/Tirane", "BA": "Europe/Sarajevo", "BG": "Europe/Sofia", "GR": "Europe/Athens", "HR": "Europe/Zagreb", "HU": "Europe/Budapest",
    "MD": "Europe/Chisinau", "ME": "Europe/Podgorica", "MK": "Europe/Skopje", "RO": "Europe/Bucharest", "RS": "Europe/Belgrade",
    "SI": "Europe/Ljubljana", "TR": "Europe/Istanbul", "UA": "Europe/Kyiv", "XK": "Europe/Belgrade",
}  # fmt: skip
"""The clock of each country (IANA time zones; Kosovo has none of its own and keeps Belgrade's time)."""

_WITHOUT_HOLIDAYS = frozenset({"XK"})
"""Countries whose holidays the library does not know."""

ALWAYS = "24/7"

AHEAD = timedelta(days=7)
"""How far is looked for a change: a day of the week is told, which means the next one; and hours that never change would be looked for long."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether it is open, and until when that stays so, on the clock there; None when that is not within a week."""

    is_open: bool
    until: datetime | None


def readable(hours: str) -> bool:
    """Whether hours are written in the syntax."""
    return bool(validate(hours))


def opening(hours: str, country: str, now: datetime) -> Opening | None:
    """Whether it is open at a moment (an aware datetime); None when the hours or the country are not known."""
    if not hours or country not in ZONES:
        return None
    there = now.astimezone(ZoneInfo(ZONES[country])).replace(tzinfo=None)
    if not readable(hours):
        return None
    written = OpeningHours(hours, country=None if country in _WITHOUT_HOLIDAYS else country)
    _, until, *_ = next(iter(written.intervals(there, there + AHEAD)))
    return Opening(written.is_open(there), until if until < there + AHEAD else None)


def reading(hours: str, country: str, now: datetime, locale: str) -> tuple[str, dict[str, str]] | None:
    """What is said of hours at a moment: the key of the text, and what stands in its places. None where nothing is to be said."""
    if hours == ALWAYS:
        return "find.always", {}
    state = opening(hours, country, now)
    if state is None or state.until is None:
        return None if hours else ("find.hours_unknown", {})
    cldr = cldr_of(locale)
    time = format_time(state.until.time(), "short", locale=cldr)
    if state.is_open:
        return "find.open", {"time": time}
    return "find.closed", {"day": format_date(state.until.date(), "EEEE", locale=cldr), "time": time}
