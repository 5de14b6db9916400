"""Every text is said by something: a literal key, a guide, a tap, or a family of keys that is written down."""

from __future__ import annotations

import ast
from pathlib import Path

from bot.content import needed
from bot.reached import CODE, FAMILIES, reached
from bot.settings import ROOT
from locales import catalogue
from locales.catalogue import SOURCE
from locales.checker import Needed, check

KEYS = {key for key, _ in catalogue.entries(SOURCE)}
TAPS = {"button.", "topic."}


def test_a_text_that_nothing_says_is_found_and_no_other() -> None:
    every = needed(everywhere=True)
    assert every.reached
    assert not KEYS - every.reached - every.keys
    lacking = Needed(every.keys, every.labels, every.reached - {"welcome"})
    assert [line for line in check(needed=lacking) if "said by nothing" in line] == [
        "en: welcome: is said by nothing; remove it from every locale"
    ]


def test_a_key_in_a_sentence_about_it_is_not_said_by_that(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "one.py").write_text('"""Says alarm.made_up now and then."""\nsay("after.made_up")\n')
    (tmp_path / "domain.yml").write_text(
        "intents: [greet, my_way]\nresponses: [{reply: help.made_up, buttons: [/on]}]\n"
    )
    found = reached(tmp_path)
    assert {"after.made_up", "help.made_up", "button.on", "button.my_way", "topic.my_way"} <= found
    assert "alarm.made_up" not in found


def test_every_key_that_is_put_together_belongs_to_a_family_that_is_written_down() -> None:
    begun = {
        part.value
        for pattern in CODE
        for path in ROOT.glob(pattern)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr) and isinstance(part := node.values[0], ast.Constant)
        if isinstance(part.value, str) and "." in part.value and any(key.startswith(part.value) for key in KEYS)
    }
    assert {one for one in begun if not one.startswith(tuple(FAMILIES))} == TAPS
