"""Which texts anything can say: what stands in the code, the templates, the scripts and the dialogue as it is, and the few families of keys that
are put together from a list of names. `helpline content check` finds every text that is neither."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.dialogue import GO
from bot.settings import ROOT
from bot.telegram.menu import SHOWN
from bot.web.screen import WORDS
from escalation.cases import Urgency
from locales import service_entries
from locales.cards import Theme
from locales.services import COUNTRIES, NEEDS

FAMILIES: Mapping[str, Iterable[str]] = {
    "page.": WORDS,
    "telegram.": SHOWN,
    "country.": COUNTRIES,
    "service.": NEEDS,
    "find.call.": NEEDS,
    "card.": (
        *(f"{theme}.{part}" for theme in Theme for part in ("title", "line")),
        *(service.label.replace("service.", "number.", 1) for service in service_entries.shipped()),
        *("scan", "poster", "seen"),
    ),
    "alarm.": tuple(f"{urgency}.other" for urgency in (Urgency.EMERGENCY, Urgency.URGENT, Urgency.CONCERN)),
}
"""How a key begins that is put together where it is said, and everything that it can go on with. Buttons and topics are those of the taps."""

CODE = ("bot/**/*.py", "escalation/**/*.py", "locales/*.py", "stories/*.py")
DATA = ("domain.yml", "stories/*.yml", "locales/services/*.yml")
PAGES = (
    "bot/web/templates/*",
    "bot/web/static/*.js",
    "escalation/console/templates/*",
    "escalation/console/static/*.js",
)

_QUOTED = re.compile(r"""["'`]([^"'`\s]+)["'`]""")


def reached(root: Path = ROOT) -> frozenset[str]:
    """Every key that can be said, and a good many words that are none."""
    words = set(_words(root))
    taps = {word for word in words if word.startswith(("/", GO))} | set(_topics(root))
    families = {f"{begins}{name}" for begins, names in FAMILIES.items() for name in names}
    return frozenset(words | families | {key for tap in taps for key in _said_by(tap)})


def _said_by(tap: str) -> tuple[str, ...]:
    """What a tap says: its button, and the text of a topic also without Rasa."""
    name = tap.removeprefix(GO).removeprefix("/")
    return f"button.{name}", f"topic.{name}"


def _topics(root: Path) -> Iterator[str]:
    """The tap of every topic: any of them can stand below an answer, or be offered to somebody who was not understood (bot/guidance.py)."""
    for intent in yaml.safe_load((root / "domain.yml").read_text(encoding="utf-8"))["intents"]:
        yield f"/{next(iter(intent)) if isinstance(intent, dict) else intent}"


def _words(root: Path) -> Iterator[str]:
    for path in _files(root, CODE):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    for path in _files(root, DATA):
        yield from _scalars(yaml.safe_load(path.read_text(encoding="utf-8")))
    for path in _files(root, PAGES):
        yield from _QUOTED.findall(path.read_text(encoding="utf-8"))


def _files(root: Path, patterns: Iterable[str]) -> Iterator[Path]:
    return (path for pattern in patterns for path in sorted(root.glob(pattern)))


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _scalars(part)
    elif isinstance(value, list):
        for part in value:
            yield from _scalars(part)
    elif isinstance(value, str):
        yield value
