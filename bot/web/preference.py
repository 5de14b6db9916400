"""Which of the helpline's languages a browser asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from babel.core import get_global

MOST = 12
"""How many wishes of an Accept-Language header are read."""

STANDS_FOR = {"hr": "sr-Latn", "bs": "sr-Latn", "sh": "sr-Latn", "cnr": "sr-Latn"}
"""Who can read what, until they have a locale of their own."""


def preferred(header: str, offered: Iterable[str], default: str) -> str:
    """The offered locale that fits an Accept-Language header best, or the default."""
    codes = {code.lower(): code for code in offered}
    for wish in _wishes(header):
        for tag in _readings(wish):
            if tag.lower() in codes:
                return codes[tag.lower()]
    return default


@dataclass(frozen=True, slots=True)
class Preference:
    """The locale of a page, and whether it says anything about the child."""

    wish: str
    default: str

    @classmethod
    def of(cls, header: str, offered: Iterable[str], default: str) -> Preference:
        """Read an Accept-Language header."""
        return cls(preferred(header, offered, ""), default)

    @property
    def locale(self) -> str:
        """What a fresh page is shown in."""
        return self.wish or self.default

    def hint(self, shown: str) -> str:
        """What to suggest for a new session. Nothing, if the page is in the default language only for want of a better one."""
        return "" if not self.wish and shown == self.default else shown


def _wishes(header: str) -> list[str]:
    weighed = []
    for part in header.split(",")[:MOST]:
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=")) if quality else 1.0
        except ValueError:
            weight = 0.0
        if weight > 0 and tag:
            weighed.append((weight, tag.strip().replace("_", "-")))
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]


def _readings(tag: str) -> Iterator[str]:
    """A tag, then what it comes to: "sr-Latn-RS" is sr-Latn; "sr-ME" is sr-Latn and "sr" sr-Cyrl by Unicode's likely subtags."""
    parts = tag.split("-")
    yield from ("-".join(parts[:length]) for length in range(len(parts), 1, -1))
    likely = get_global("likely_subtags")
    for known in ("_".join(parts), parts[0].lower()):
        if known in likely:
            language, script, *_ = likely[known].split("_")
            yield f"{language}-{script}"
            break
    yield parts[0]
    if parts[0].lower() in STANDS_FOR:
        yield STANDS_FOR[parts[0].lower()]
