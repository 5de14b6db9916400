"""Where a child says that it is: "romania", "im in serbia now", "number in italy".

Only a few words count, the name of one country and little words beside it (`beside_country` in locales/<locale>/words.yml): "they take me to
italy" says something else. Names are those of Unicode's repository in the child's language and in English, so nobody has to keep a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from locales.catalogue import STANDS_ON, cldr_of
from locales.services import COUNTRIES
from nlu.folding import fold

MOST_WORDS = 7
"""A longer message tells more than a place."""

ELSEWHERE = tuple(
    "AE AF AM AT AU AZ BE BY CA CH CY CZ DE DK DZ EE EG ES FI FR GB IE IQ IR IT KW LB LT LU LV LY MA MT NL NO PK PL PT QA RU SA SE SK SY "
    "TN US".split()
)
"""Countries that the directory may not have, and that children from these parts are in. Not all of the world: "mali" is a small boy in Serbian."""

_ALSO = {
    "TR": "turkey", "BA": "bosnia bosna bosnja", "MK": "macedonia makedonija maqedonia makedonya", "GB": "uk england britain engleska anglia anglija",
    "US": "usa america amerika", "NL": "holland holandija holanda olanda", "AE": "dubai emirates",
}  # fmt: skip
"""Other names, as children write them, folded; more than one language may have them."""

_STEM = re.compile(r"(?:ja|[aeiouyαεηιουω])$")
_ENDINGS = "a e i o u y ja je ji ju jo jom om oj oju joju ej ia ine ise es se ei α ασ ο ου οσ η ησ".split()
"""How a name may end in a sentence, folded: Slavic, Albanian, Romanian and Greek cases."""

_TURKISH = tuple(f"{case}{person}" for case in ("da", "de", "ta", "te") for person in ("", "yim", "yiz"))
_SHORTEST = 4
"""Letters of a name that may have other endings; a shorter one stands as it is."""

_WORD = re.compile(r"[^\W_]+")


class Whereabouts:
    """Finds the country that a child says it is in."""

    def __init__(self, beside: Mapping[str, frozenset[str]]) -> None:
        """`beside`: for each locale the words that may stand beside a country's name, folded."""
        self._beside = beside

    def said(self, text: str, locale: str, *, asked: bool = False) -> str | None:
        """The code of the country (ISO 3166, and XK) that somebody says they are in; None when the words say something else.

        The bare name of a country elsewhere counts only where the country was just `asked`: it may be a person's name.
        """
        words = _words(text)
        if not 0 < len(words) <= MOST_WORDS:
            return None
        little = self._beside.get(locale, frozenset()) | self._beside.get("en", frozenset())
        for names in (_names(code) for code in dict.fromkeys((locale, "en"))):
            for country, beside in _found(words, names):
                if little.issuperset(beside) and (beside or asked or country in COUNTRIES):
                    return country
        return None


def load(folder: Path) -> Whereabouts:
    """Read every words.yml below a folder; a locale without one is read with the list of the locale it stands on, Cyrillic folded to Latin."""
    beside = {path.parent.name: _beside(path) for path in folder.glob("*/words.yml")}
    for code, below in STANDS_ON.items():
        if below in beside:
            beside.setdefault(code, beside[below])
    return Whereabouts(beside)


def _beside(path: Path) -> frozenset[str]:
    listed = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("beside_country", ())
    return frozenset(word for entry in listed for word in _words(str(entry)))


def _found(words: Sequence[str], names: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Every country that is named, with the words beside its name; longer names first."""
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            if country := names.get(" ".join(words[start : start + length])):
                yield country, [*words[:start], *words[start + length :]]


@cache
def _names(locale: str) -> Mapping[str, str]:
    """Every form of a country's name in a language, folded, with its code; what is the name of a language is none."""
    cldr = cldr_of(locale)
    names: dict[str, str] = {}
    for country in (*COUNTRIES, *ELSEWHERE):
        for name in (" ".join(_words(str(cldr.territories.get(country, "")))), *_ALSO.get(country, "").split()):
            for form in (name, *(() if locale == "en" else _forms(name))):
                names.setdefault(form, country)
    languages = {" ".join(_words(str(name))) for name in cldr.languages.values()}
    return {name: country for name, country in names.items() if name not in languages}


def _forms(name: str) -> Iterator[str]:
    """A name as it stands in a sentence; in one of several words only the last changes, which most languages here forgive."""
    if len(name) < _SHORTEST:
        return
    stem = _STEM.sub("", name)
    yield from (stem + ending for ending in _ENDINGS)
    yield from (name + ending for ending in _TURKISH)
    yield f"ب{name}"  # "in", which Arabic writes together


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))
