"""Looks over the words before a child does: one finding a line, saying where it is and what to do.

Texts that are missing, still English, or belong to nothing; broken placeholders and plurals; telephone numbers that did not come from the
service directory; screens and buttons that are too long; and how a text speaks to a child (locales/tone.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from locales import catalogue
from locales.catalogue import FOLDER, NAMES, SOURCE, YOUNGER
from locales.tone import tone, wording

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_NUMBER = re.compile(r"(?:\d[ -]?){5,}|\b11[26]\b|\b19[234]\b|\b12[789]\b")
MOST_WORDS = 60
"""Words on one screen (mission M1: a screen has at most 60 words)."""
_ENGLISH_WORDS = 2
"""Up to so many words may be the same in two languages ("Chat", "SOS")."""
BUTTON_CHARACTERS = 32
"""What fits on half of a telephone's width; Telegram itself would take more."""


def check(
    folder: Path = FOLDER, labels: frozenset[str] = frozenset(), needed: frozenset[str] = frozenset()
) -> list[str]:
    """Every finding of every locale. `labels` are keys of buttons beside those called so, `needed` the keys that guides need."""
    source = catalogue.read(SOURCE, folder)
    known = {_bare(message) for message in source if message.id}
    guides = {key.partition(".")[0] for key in needed} - {"button"}
    findings = [f"{SOURCE}: {key}: is needed by a guide and has no text; write one" for key in sorted(needed - known)]
    findings += [
        f"{SOURCE}: {key}: belongs to a guide that does not need it; remove it"
        for key in sorted(known - needed)
        if key.partition(".")[0] in guides
    ]
    for code in NAMES:
        own = source if code == SOURCE else catalogue.read(code, folder)
        words = wording(code, folder)
        right_to_left = catalogue.direction(code) == "rtl"
        findings += [f"{code}: {finding}" for finding in _compare(source, own)]
        for message in own:
            if not message.id:
                continue
            findings += [f"{code}: {finding}" for finding in _message(message, labels)]
            key = _key(message)
            if code != SOURCE and _still_english(message, source):
                findings.append(f"{code}: {key}: is still English; translate it")
            findings += [
                f"{code}: {key}: {finding}"
                for text in _texts(message)
                for finding in tone(
                    _bare(message), text, words, younger=message.context == YOUNGER, right_to_left=right_to_left
                )
            ]
    return findings


def _still_english(message: Message, source: Catalog) -> bool:
    """Whether a text of some length is word for word the source's."""
    other = source.get(_bare(message), message.context)
    return other is not None and any(
        text == english and len(_PLACEHOLDER.sub("", text).split()) > _ENGLISH_WORDS
        for text, english in zip(_texts(message), _texts(other), strict=False)
    )


def _compare(source: Catalog, own: Catalog) -> Iterator[str]:
    for message in source:
        if not message.id:
            continue
        key = _key(message)
        other = own.get(_bare(message), message.context)
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


def _message(message: Message, labels: frozenset[str]) -> Iterator[str]:
    key = _key(message)
    for text in _texts(message):
        if text.count("{") != len(_PLACEHOLDER.findall(text)) or text.count("}") != text.count("{"):
            yield f"{key}: a placeholder in braces is broken"
        if _NUMBER.search(text):
            yield f"{key}: has a telephone number in it; use {{numbers}}, so that it comes from the service directory"
        if len(text.split()) > MOST_WORDS:
            yield f"{key}: has {len(text.split())} words; {MOST_WORDS} fit on a screen"
        if (key.startswith("button.") or key in labels) and len(text) > BUTTON_CHARACTERS:
            yield f"{key}: has {len(text)} characters; a button takes {BUTTON_CHARACTERS}"


def _bare(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)


def _key(message: Message) -> str:
    """The key, and the version where it is the one for younger children."""
    return f"{_bare(message)} ({message.context})" if message.context else _bare(message)


def _texts(message: Message) -> list[str]:
    return (
        [str(text) for text in message.string]
        if isinstance(message.string, (tuple, list))
        else [str(message.string or "")]
    )


def _placeholders(message: Message) -> set[str]:
    return {name for text in _texts(message) for name in _PLACEHOLDER.findall(text)}
