"""The words of the helpline: gettext catalogues by locale, looked up by key, falling back until something is found.

A key such as "alarm.urgent" is the message id, so that an English sentence can change without touching any translation. What
is missing in a locale is taken from the locale it stands on, and at last from English: a child never sees a key (promise 4).
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale as Cldr
from babel import UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from locales import plurals
from locales.pack import PACK
from locales.scripts import to_cyrillic

FOLDER = Path(__file__).resolve().parent
DOMAIN = "helpline"
SOURCE = "en"
YOUNGER = "9-12"
"""The message context (msgctxt) of a text's version for children of 9 to 12; without one a text is for 13 to 17, and for whoever did not say."""
STANDS_ON = {"sr-Cyrl": "sr-Latn"} | {code: base for code, (_, base) in (PACK.locales.items() if PACK else ())}
"""Which locale fills the gaps of another. Serbian Cyrillic is derived from Latin; where it has a text of its own, that one counts."""


class PoIsWrong(ValueError):
    """A .po file cannot be read."""


Texts = Mapping[tuple[str, str, str], str]
"""Texts by locale, key and version."""


class NoSuchText(KeyError):
    """A key that no catalogue has; `helpline content check` finds these before a child can."""


@dataclass(frozen=True, slots=True)
class Locale:
    """A language as a child chooses it: BCP 47 code, its own name for itself, and the direction it is written in."""

    code: str
    name: str
    direction: str


SHIPPED = {
    "en": "English", "sq": "Shqip", "sr-Latn": "Srpski", "sr-Cyrl": "Српски", "hr": "Hrvatski", "bs": "Bosanski", "mk": "Македонски",
    "bg": "Български", "ro": "Română", "el": "Ελληνικά", "tr": "Türkçe", "uk": "Українська", "ru": "Русский", "ar": "العربية", "fa": "فارسی",
}  # fmt: skip
"""The names languages give themselves, short enough for a button. Also the order in which they are offered."""

NAMES = SHIPPED | {code: name for code, (name, _) in (PACK.locales.items() if PACK else ())}
"""The same with the further languages of an organisation's pack."""


class Catalogue:
    """All texts of all locales, ready to be said."""

    def __init__(self, translations: dict[str, gettext.GNUTranslations]) -> None:
        self._translations = translations
        self._rules = {
            code: _rule(translations.get(STANDS_ON.get(code, code), shipped)) for code, shipped in translations.items()
        }
        self._published: Texts = {}
        self._piloted: Texts = {}
        self.locales = tuple(Locale(code, NAMES[code], direction(code)) for code in NAMES if code in translations)

    def offer(self, codes: Iterable[str]) -> None:
        """Offer these locales alone."""
        self.locales = tuple(locale for locale in self.locales if locale.code in set(codes))

    def take(self, published: Texts, drafts: Texts) -> None:
        """Say from now on what editors have published, and in a pilot what they have drafted, instead of what ships."""
        self._published, self._piloted = published, {**published, **drafts}

    def say(self, key: str, locale: str, *, younger: bool = False, pilot: bool = False, **values: object) -> str:
        """The text of a key in a locale (or the nearest one that has it), with its {placeholders} filled in.

        For a `younger` child in its version for 9 to 12 where the locale has one: another language would be worse than harder words.
        """
        for code in self._chain(locale):
            text = self._version(code, key, YOUNGER, pilot=pilot) if younger else ""
            text = text or self._version(code, key, "", pilot=pilot)
            if text:
                return text.format(**values) if values else text
        raise NoSuchText(key)

    def _version(self, code: str, key: str, version: str, *, pilot: bool) -> str:
        """One version of a text in exactly this locale, or nothing. Serbian Cyrillic follows what was published in Latin."""
        edited = self._piloted if pilot else self._published
        if text := edited.get((code, key, version)):
            return text
        if code == "sr-Cyrl" and (text := edited.get((STANDS_ON[code], key, version))):
            return to_cyrillic(text)
        shipped = self._translations[code]
        text = shipped.pgettext(version, key) if version else shipped.gettext(key)
        return "" if text == key else text

    def say_many(self, key: str, number: int, locale: str, *, pilot: bool = False, **values: object) -> str:
        """The text of a key for a number, in the plural form the language wants (Unicode CLDR rules); {n} is the number."""
        for code in self._chain(locale):
            if text := self._form(code, key, number, pilot=pilot):
                return text.format(n=number, **values)
        raise NoSuchText(key)

    def _form(self, code: str, key: str, number: int, *, pilot: bool) -> str:
        """The form for a number in exactly this locale, or nothing. Serbian Cyrillic follows what was published in Latin."""
        edited = self._piloted if pilot else self._published
        if text := edited.get((code, key, "")):
            return self._rules[code].chosen(plurals.forms(text), number)
        if code == "sr-Cyrl" and (text := edited.get((STANDS_ON[code], key, ""))):
            return to_cyrillic(self._rules[code].chosen(plurals.forms(text), number))
        text = self._translations[code].ngettext(key, key, number)
        return "" if text == key else text

    def has(self, key: str) -> bool:
        """Whether there is a text for a key at all."""
        return self._translations[SOURCE].gettext(key) != key

    def _chain(self, locale: str) -> Iterable[str]:
        return (
            code
            for code in dict.fromkeys((locale, STANDS_ON.get(locale, SOURCE), SOURCE))
            if code in self._translations
        )


def _rule(shipped: gettext.GNUTranslations) -> plurals.Rule:
    header = shipped.info().get("plural-forms")
    return plurals.rule(header) if header else plurals.rule()


def pack_is_wrong() -> str:
    """What is wrong with the organisation's pack, in one line; nothing where it can be used, or there is none."""
    if PACK is None or PACK.mistake:
        return PACK.mistake if PACK else ""
    for code, (name, base) in PACK.locales.items():
        if code in SHIPPED:
            return f"pack.yml: {code} ships already; put its texts into {code}/LC_MESSAGES"
        if not name or base not in SHIPPED:
            return f"pack.yml: {code} needs a name, and stands on one of {', '.join(SHIPPED)}"
    for code in NAMES:
        try:
            _read(code, PACK.folder)
        except (PoIsWrong, UnicodeDecodeError, ValueError) as error:
            return f"{source_file(code, PACK.folder)} is not a readable .po file: {error}"
    return ""


def cldr_of(code: str) -> Cldr:
    """What Unicode knows of a locale; of one that it does not know, what it knows of the one it stands on, or of English."""
    try:
        return Cldr.parse(code, sep="-")
    except UnknownLocaleError:
        return Cldr.parse(STANDS_ON.get(code, SOURCE), sep="-")


def direction(code: str) -> str:
    """Which way a locale is written: "ltr" or "rtl"."""
    return str(cldr_of(code).text_direction)


def source_file(locale: str, folder: Path = FOLDER) -> Path:
    """Where the words of a locale are written."""
    return folder / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(locale: str, folder: Path = FOLDER) -> Catalog:
    """The catalogue of a locale as it is written, with the texts of an organisation's pack over what ships."""
    shipped = _read(locale, folder)
    return _over(shipped, _read(locale, PACK.folder)) if PACK and folder == FOLDER else shipped


@cache
def own_texts(locale: str) -> frozenset[tuple[str, str]]:
    """The texts that a further language of the organisation's pack says itself, by key and version; all others come from the one it stands on."""
    if PACK is None or locale not in PACK.locales:
        return frozenset()
    return frozenset(name for name, entry in parsed(_own(locale, PACK.folder)).items() if all(entry.texts))


def is_published(locale: str, name: tuple[str, str], published: Container[tuple[str, str, str]]) -> bool:
    """Whether what a locale says of a text (key and version) is among those that are published (with their locale in front).

    Where it says nothing itself, what it stands on counts.
    """
    if (locale, *name) in published:
        return True
    return locale in STANDS_ON and (STANDS_ON[locale], *name) in published and name not in own_texts(locale)


def _own(locale: str, folder: Path) -> Catalog:
    path = source_file(locale, folder)
    return parse(path, locale) if path.exists() else Catalog(locale=str(cldr_of(locale)))


def _read(locale: str, folder: Path) -> Catalog:
    """A locale's own texts over those of the locale it stands on; Serbian Cyrillic derives those from Latin."""
    own = _own(locale, folder)
    if locale not in STANDS_ON:
        return own
    below = _read(STANDS_ON[locale], folder)
    for message in below if locale == "sr-Cyrl" else ():
        if isinstance(message.string, tuple):
            message.string = tuple(to_cyrillic(form) for form in message.string)
        elif message.id:
            message.string = to_cyrillic(str(message.string or ""))
    return _over(below, own)


def _over(below: Catalog, own: Catalog) -> Catalog:
    """The texts of one catalogue, and in their place those of another where it has them."""
    for message in own:
        if message.id and message.string and any(message.string):
            key = message.id[0] if isinstance(message.id, tuple) else message.id
            there = below.get(key, message.context)
            if there is None:
                below.add(message.id, message.string, context=message.context, auto_comments=message.auto_comments)
            else:
                there.string = message.string
    return below


def parse(path: Path, locale: str) -> Catalog:
    """Read a .po file. Raises PoIsWrong with one line that names what is wrong in it."""
    with path.open("rb") as file:
        try:
            return read_po(file, locale=str(cldr_of(locale)), domain=DOMAIN, abort_invalid=True)
        except PoFileError as error:
            raise PoIsWrong(str(error)) from error


@dataclass(frozen=True, slots=True)
class Entry:
    """One text as it is written: its forms, and the note for translators. `many`: it has a form for each number, if only one."""

    texts: tuple[str, ...]
    note: str
    many: bool = False

    @property
    def text(self) -> str:
        """All of it as one, as editions keep it."""
        return plurals.joined(self.texts) if self.many else self.texts[0]


def entries(locale: str, folder: Path = FOLDER) -> dict[tuple[str, str], Entry]:
    """Every text of a locale by key and version ("" or YOUNGER), in the order of the file."""
    return parsed(read(locale, folder))


def parsed(catalog: Catalog) -> dict[tuple[str, str], Entry]:
    """The same of a catalogue that was read."""
    found = {}
    for message in catalog:
        if message.id:
            many = isinstance(message.id, (tuple, list))
            key = message.id[0] if many else message.id
            forms = message.string if isinstance(message.string, (tuple, list)) else [message.string]
            texts = tuple(str(text or "") for text in forms)
            found[str(key), message.context or ""] = Entry(texts, " ".join(message.auto_comments), many)
    return found


def write(catalog: Catalog, path: Path) -> None:
    """Write a catalogue back as a .po file that Weblate, Poedit and people read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=False, include_previous=False)


def compile_all(folder: Path = FOLDER) -> list[str]:
    """Compile every locale to .mo, in place, only where the words are newer; the codes of all that there are."""
    codes = [code for code in SHIPPED if source_file(STANDS_ON.get(code, code), folder).exists()]
    for code in codes:
        sources = [
            source_file(code, folder),
            source_file(STANDS_ON.get(code, code), folder),
            Path(__file__),
            Path(__file__).with_name("scripts.py"),
        ]
        newest = max(path.stat().st_mtime for path in sources if path.exists())
        target = source_file(code, folder).with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < newest:
            compiled = _compiled(_read(code, folder))
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_suffix(".new")
            unfinished.write_bytes(compiled.getvalue())
            unfinished.replace(target)
    return codes


def _compiled(catalog: Catalog) -> io.BytesIO:
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return compiled


def load(folder: Path = FOLDER) -> Catalogue:
    """Compile what is out of date and load everything, the texts of an organisation's pack before what ships."""
    translations = {}
    for code in compile_all(folder):
        with source_file(code, folder).with_suffix(".mo").open("rb") as file:
            translations[code] = gettext.GNUTranslations(file)
    if PACK and folder == FOLDER:
        for code in NAMES:
            # A further language has its own texts alone: below them is what is published in the one it stands on.
            words = _own(code, PACK.folder) if code in PACK.locales else _read(code, PACK.folder)
            own = gettext.GNUTranslations(_compiled(words))
            if code in translations:
                own.add_fallback(translations[code])
            translations[code] = own
    return Catalogue(translations)
