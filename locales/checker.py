"""Looks over the words before a child does: one finding a line, saying where it is and what to do.

Texts that are missing, still English, or belong to nothing; broken placeholders and plurals; telephone numbers that did not come from the
service directory; screens and buttons that are too long; and how a text speaks to a child (locales/tone.py). The editor in the console looks
at one text while it is written, with the same rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from locales import catalogue, plurals, service_entries
from locales.catalogue import FOLDER, NAMES, SOURCE, YOUNGER, Entry
from locales.tone import tone, wording

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_NUMBER = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){2,}")
_YEARS = re.compile(r"(?:19|20)\d\d(?:\D{1,3}(?:19|20)\d\d)?")
_LONG_NUMBER = 5
"""Digits from which a number is one to call, whoever it belongs to; shorter ones are those of the service directory."""
_ADDRESS = re.compile(r"https?:|www\.|\bt\.me\b|\w@\w|(?<!\S)@\w", re.IGNORECASE)
_JOINERS = "\u200c\u200d\u200e\u200f"
"""Hidden signs that scripts need: between Persian letters, inside emoji, around words of the other direction."""
MOST_WORDS = 60
"""Words on one screen (mission M1: a screen has at most 60 words)."""
BUTTON_CHARACTERS = 32
"""What fits on half of a telephone's width; Telegram itself would take more."""
_ENGLISH_WORDS = 2
"""Up to so many words may be the same in two languages ("Chat", "SOS")."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a text and how to mend it. A grave one breaks something: such a text is not taken at all."""

    says: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Needed:
    """What guides need: their keys, and those of them that are labels of buttons. `reached` are all keys that anything says, where that is known."""

    keys: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    reached: frozenset[str] | None = None


def check(folder: Path = FOLDER, needed: Needed | None = None) -> list[str]:
    """Every finding of every locale."""
    needed = needed or Needed()
    source = catalogue.entries(SOURCE, folder)
    keys = {key for key, _ in source}
    findings = [
        f"{SOURCE}: {key}: is needed by a guide and has no text; write one" for key in sorted(needed.keys - keys)
    ]
    if needed.reached is not None:
        unused = sorted(keys - needed.reached - needed.keys)
        findings += [f"{SOURCE}: {key}: is said by nothing; remove it from every locale" for key in unused]
    for code in NAMES:
        written = catalogue.read(code, folder)
        own, rule = catalogue.parsed(written), plurals.rule(written.plural_forms)
        for (key, version), entry in source.items():
            named = f"{code}: {key} ({version})" if version else f"{code}: {key}"
            other = own.get((key, version))
            if other is None or not all(other.texts):
                findings.append(f"{named}: has no text; write one")
                continue
            if entry.many != other.many:
                wanted = "a form for each number; write msgid_plural" if entry.many else "one form for all numbers"
                findings.append(f"{named}: wants {wanted}")
                continue
            found = (
                look_forms(code, key, version, other.texts, entry, rule, needed.labels, folder)
                if entry.many
                else look(code, key, version, other.text, entry, needed.labels, folder)
            )
            findings += [f"{named}: {finding.says}" for finding in found]
        findings += [
            f"{code}: {key}{f' ({version})' if version else ''}: is not in the source; remove it"
            for key, version in own
            if (key, version) not in source
        ]
    return findings


def look(
    locale: str,
    key: str,
    version: str,
    text: str,
    source: Entry,
    labels: frozenset[str] = frozenset(),
    folder: Path = FOLDER,
) -> Iterator[Finding]:
    """Every finding about one text of a locale, beside its source."""
    given, wanted = placeholders(text), {name for one in source.texts for name in placeholders(one)}
    if not any(letter.isprintable() and not letter.isspace() for letter in text):
        yield Finding("has no text; write one", grave=True)
    if text.count("{") != len(_PLACEHOLDER.findall(text)) or text.count("}") != text.count("{"):
        yield Finding("a placeholder in braces is broken", grave=True)
    elif given != wanted and not (source.many and given < wanted):  # "one minute" needs no number
        yield Finding(f"its placeholders are {_listed(given)}, the source has {_listed(wanted)}", grave=True)
    if hidden := _hidden(text):
        yield Finding(f"has a hidden sign ({hidden}); remove it", grave=True)
    if _has_number(text):
        yield Finding(
            "has a telephone number in it; use {numbers}, so that it comes from the service directory", grave=True
        )
    if _ADDRESS.search(text):
        yield Finding("has an address in it; children are sent nowhere but to the service directory", grave=True)
    if len(text.split()) > MOST_WORDS:
        yield Finding(f"has {len(text.split())} words; {MOST_WORDS} fit on a screen")
    if (key.startswith("button.") or key in labels) and len(text) > BUTTON_CHARACTERS:
        yield Finding(f"has {len(text)} characters; a button takes {BUTTON_CHARACTERS}", grave=True)
    if locale != SOURCE and text in source.texts and len(_PLACEHOLDER.sub("", text).split()) > _ENGLISH_WORDS:
        yield Finding("is still English; translate it")
    right_to_left = catalogue.direction(locale) == "rtl"
    for says in tone(key, text, wording(locale, folder), younger=version == YOUNGER, right_to_left=right_to_left):
        yield Finding(says)


def look_forms(
    locale: str,
    key: str,
    version: str,
    forms: tuple[str, ...],
    source: Entry,
    rule: plurals.Rule,
    labels: frozenset[str] = frozenset(),
    folder: Path = FOLDER,
) -> Iterator[Finding]:
    """Every finding about a text with a form for each number; each says for which number it is."""
    if len(forms) != rule.forms:
        yield Finding(f"has {len(forms)} forms; this language has {rule.forms}", grave=True)
        return
    for number, (example, text) in enumerate(zip(rule.examples(), forms, strict=True)):
        for finding in look(locale, key, version, text, source, labels, folder):
            yield Finding(f"for {example}: {finding.says}", grave=finding.grave)
        if len(said_for := rule.said_for(number)) > 1 and text.strip() and "{n}" not in text:
            several = ", ".join(map(str, said_for[:3]))
            yield Finding(f"for {example}: does not say the number; it is said for {several}, so use {{n}}", grave=True)


def _hidden(text: str) -> str:
    """The name of the first sign that nobody sees: control characters, and format characters that no script needs."""
    for letter in text:
        if (
            letter != "\n"
            and letter not in _JOINERS
            and (unicodedata.category(letter) in {"Cc", "Cf"} or letter == "\u3164")
        ):
            return unicodedata.name(letter, "a control character").lower()
    return ""


def _has_number(text: str) -> bool:
    """Whether a text names a number to call, however it is written: in any digits, with dots, slashes or brackets."""
    plain = "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() and not letter.isascii() else letter for letter in text
    )
    for found in _NUMBER.finditer(plain):
        digits = re.sub(r"\D", "", found[0])
        if not _YEARS.fullmatch(found[0]) and (len(digits) >= _LONG_NUMBER or digits in _short_numbers()):
            return True
    return False


@cache
def _short_numbers() -> frozenset[str]:
    """The numbers of the directory that are too short to be told from any other number by their length."""
    return frozenset(re.sub(r"\D", "", service.number) for service in service_entries.load().all())


def placeholders(text: str) -> set[str]:
    """The names that stand in braces in a text."""
    return set(_PLACEHOLDER.findall(text))


def _listed(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"
