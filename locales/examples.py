"""What stands in place of a {placeholder} while an editor sees a text as a child would. Numbers are those of the directory; nothing is made up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache

from babel import Locale as Cldr
from babel.dates import format_date, format_skeleton, format_time

from locales import service_entries
from locales.catalogue import cldr_of
from locales.lines import listed, one_line
from locales.services import Directory, Service

COUNTRY = {
    "sq": "AL",
    "sr-Latn": "RS",
    "sr-Cyrl": "RS",
    "hr": "HR",
    "bs": "BA",
    "mk": "MK",
    "bg": "BG",
    "ro": "RO",
    "tr": "TR",
    "uk": "UA",
}
ELSEWHERE = "GR"
"""Whose numbers are shown: the country in which most children read a language, and one on the way for all other languages."""

_NEEDS = ("emergency", "children", "police")
_MOST = 4
_A_WEDNESDAY, _FIVE = date(2026, 1, 7), time(17, 0)


@dataclass(frozen=True, slots=True)
class Text:
    """One text whose placeholders are filled in: its key, its locale, and all texts of that locale by key."""

    key: str
    locale: str
    texts: Mapping[str, str]

    def say(self, key: str) -> str:
        """Another text of the locale."""
        return self.texts[key]

    @property
    def cldr(self) -> Cldr:
        """What Unicode knows of the locale."""
        return cldr_of(self.locale)

    @property
    def services(self) -> tuple[Service, ...]:
        """Whom a child of that language could call."""
        return _directory().find(COUNTRY.get(self.locale, ELSEWHERE), *_NEEDS)[:_MOST]

    @property
    def lines(self) -> tuple[str, ...]:
        """What a child may have chosen in the guide that the text belongs to: signs of a check, or lines of the plan."""
        signs = [key for key in self.texts if key.startswith(f"{self.key.partition('.')[0]}.sign.")]
        return tuple(map(self.say, signs[:2] or ("safety_plan.call.adult", "safety_plan.call.friend")))


EXAMPLES: Mapping[str, Callable[[Text], str]] = {
    "numbers": lambda text: "\n".join(one_line(service, text.locale, text.say) for service in text.services),
    "number": lambda text: text.services[0].number,
    "name": lambda text: text.say(text.services[0].label),
    "notes": lambda text: listed(text.locale, map(text.say, ("numbers.free", "numbers.unverified"))),
    "lines": lambda text: "\n".join(f"• {one}" for one in text.lines),
    "languages": lambda text: listed(
        text.locale, (text.cldr.languages[code] for code in dict.fromkeys((text.cldr.language, "en")))
    ),
    "day": lambda text: format_date(_A_WEDNESDAY, "EEEE", locale=text.cldr),
    "date": lambda text: str(format_skeleton("yMMMd", _A_WEDNESDAY, locale=text.cldr)),
    "time": lambda text: format_time(_FIVE, "short", locale=text.cldr),
    "code": lambda _: "1234 5678 9012 3456",
    "piece": lambda _: "[name 1]",
    "seconds": lambda _: "30",
    "n": lambda _: "5",
}
"""Every placeholder, and what is shown in its place. In a text with a form for each number, {n} is the number of the form."""


def of(text: Text, names: set[str]) -> dict[str, str]:
    """The examples of these placeholders; those that nobody knows stay as they are."""
    return {name: EXAMPLES[name](text) for name in sorted(names) if name in EXAMPLES}


@cache
def _directory() -> Directory:
    return service_entries.load()
