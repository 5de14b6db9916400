"""Looks over the words before a child does: one finding a line, saying where it is and what to do.

It grows with the editor's work; what it finds now are texts that are missing, broken placeholders and plurals, and telephone numbers that
did not come from the service directory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from locales import catalogue
from locales.catalogue import FOLDER, NAMES, SOURCE

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_NUMBER = re.compile(r"(?:\d[ -]?){5,}|\b11[26]\b|\b19[234]\b|\b12[789]\b")
MOST_WORDS = 60
"""Words on one screen (mission M1: a screen has at most 60 words)."""
BUTTON_CHARACTERS = 32
"""What fits on half of a telephone's width; Telegram itself would take more."""


def check(folder: Path = FOLDER) -> list[str]:
    """Every finding of every locale."""
    source = catalogue.read(SOURCE, folder)
    findings: list[str] = []
    for code in NAMES:
        own = source if code == SOURCE else catalogue.read(code, folder)
        findings += [f"{code}: {finding}" for finding in _compare(source, own)]
        findings += [f"{code}: {finding}" for message in own if message.id for finding in _message(message)]
    return findings


def _compare(source: Catalog, own: Catalog) -> Iterator[str]:
    for message in source:
        if not message.id:
            continue
        key = _key(message)
        other = own.get(key)
        if other is None or not all(_texts(other)):
            yield f"{key}: has no text; write one"
        elif other is not message and _placeholders(message) != _placeholders(other):
            yield f"{key}: its placeholders are {_placeholders(other) or 'none'}, the source has {_placeholders(message) or 'none'}"
    if own is not source:
        known = {_key(message) for message in source if message.id}
        yield from (
            f"{_key(message)}: is not in the source; remove it"
            for message in own
            if message.id and _key(message) not in known
        )


def _message(message: Message) -> Iterator[str]:
    key = _key(message)
    for text in _texts(message):
        if text.count("{") != len(_PLACEHOLDER.findall(text)) or text.count("}") != text.count("{"):
            yield f"{key}: a placeholder in braces is broken"
        if _NUMBER.search(text):
            yield f"{key}: has a telephone number in it; use {{numbers}}, so that it comes from the service directory"
        if len(text.split()) > MOST_WORDS:
            yield f"{key}: has {len(text.split())} words; {MOST_WORDS} fit on a screen"
        if key.startswith("button.") and len(text) > BUTTON_CHARACTERS:
            yield f"{key}: has {len(text)} characters; a button takes {BUTTON_CHARACTERS}"


def _key(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)


def _texts(message: Message) -> list[str]:
    return (
        [str(text) for text in message.string]
        if isinstance(message.string, (tuple, list))
        else [str(message.string or "")]
    )


def _placeholders(message: Message) -> set[str]:
    return {name for text in _texts(message) for name in _PLACEHOLDER.findall(text)}
