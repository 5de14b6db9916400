"""The commands that Telegram lists beside the text field, described in words that give nothing away to who looks over a shoulder."""

from __future__ import annotations

from collections.abc import Iterator

from aiogram.methods import SetMyCommands
from aiogram.types import BotCommand

from locales.catalogue import Catalogue, NoSuchText

SHOWN = {"start": "Start", "help": "Help", "language": "Language", "exit": "Exit"}
"""In this order. The words are for as long as the catalogue has none ("telegram.start" and so on)."""


def menus(catalogue: Catalogue | None) -> Iterator[SetMyCommands]:
    """One for everybody, then one for each language that Telegram knows by two letters."""
    yield SetMyCommands(
        commands=[BotCommand(command=name, description=words) for name, words in _words(catalogue, "en")]
    )
    languages: set[str] = set()
    for locale in catalogue.locales if catalogue else ():
        language = locale.code.partition("-")[0]
        if len(language) == 2 and language not in languages:
            languages.add(language)  # the first locale of a language speaks for it: Telegram knows no scripts
            commands = [BotCommand(command=name, description=words) for name, words in _words(catalogue, locale.code)]
            yield SetMyCommands(commands=commands, language_code=language)


def _words(catalogue: Catalogue | None, locale: str) -> Iterator[tuple[str, str]]:
    for name, otherwise in SHOWN.items():
        try:
            yield name, catalogue.say(f"telegram.{name}", locale) if catalogue else otherwise
        except NoSuchText:
            yield name, otherwise
