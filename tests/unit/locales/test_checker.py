"""An editor reads what is wrong before a child does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from locales.checker import BUTTON_CHARACTERS, MOST_WORDS, check

Write = Callable[[str, str], Path]

EN = """
msgid "greet"
msgstr "Hello {name}"

msgid "wait"
msgid_plural "wait"
msgstr[0] "{n} minute"
msgstr[1] "{n} minutes"
"""
SR = """
msgid "greet"
msgstr "Zdravo {name}"

msgid "wait"
msgid_plural "wait"
msgstr[0] "{n} minut"
msgstr[1] "{n} minuta"
msgstr[2] "{n} minuta"
"""


def findings(write: Write, **changed: str) -> list[str]:
    """What is found in the locales that are written here; all others have no text at all."""
    write("en", changed.get("en", EN))
    write("sq", changed.get("sq", EN))
    found = check(write("sr-Latn", changed.get("sr", SR)))
    return [line for line in found if line.split(":")[0] in {"en", "sq", "sr-Latn", "sr-Cyrl"}]


def test_words_that_are_well_have_no_findings(write: Write) -> None:
    assert findings(write) == []


def test_a_missing_text_is_found_by_locale_and_key(write: Write) -> None:
    assert "sq: greet: has no text; write one" in findings(write, sq=EN.replace('"Hello {name}"', '""'))
    assert "sq: greet: has no text; write one" in findings(write, sq=EN.split("\n\n")[1])


def test_a_missing_plural_form_is_found_in_both_scripts(write: Write) -> None:
    found = findings(write, sr=SR.replace('msgstr[2] "{n} minuta"', 'msgstr[2] ""'))
    assert "sr-Latn: wait: has no text; write one" in found
    assert "sr-Cyrl: wait: has no text; write one" in found


def test_a_lost_or_translated_placeholder_is_found(write: Write) -> None:
    assert any("sq: greet: its placeholders are" in line for line in findings(write, sq=EN.replace("{name}", "{emri}")))
    assert any("sq: greet: its placeholders are none" in line for line in findings(write, sq=EN.replace("{name}", "")))


@pytest.mark.parametrize("broken", ["{name", "name}", "{ name }", "{name}}"])
def test_a_broken_placeholder_is_found(write: Write, broken: str) -> None:
    found = findings(write, sq=EN.replace("{name}", broken))
    assert "sq: greet: a placeholder in braces is broken" in found


@pytest.mark.parametrize("number", ["112", "116 111", "192", "129", "064 000 0000", "+381 11 000 00"])
def test_a_telephone_number_inside_a_text_is_found(write: Write, number: str) -> None:
    assert any(
        "sq: greet: has a telephone number" in line
        for line in findings(write, sq=EN.replace("Hello", f"Call {number}"))
    )


@pytest.mark.parametrize("harmless", ["in 24 hours", "at 14", "the 3 questions", "2026"])
def test_a_small_number_is_none(write: Write, harmless: str) -> None:
    assert findings(write, sq=EN.replace("Hello", harmless)) == []


def test_a_key_that_english_does_not_have_is_found(write: Write) -> None:
    assert "sq: old: is not in the source; remove it" in findings(write, sq=EN + '\nmsgid "old"\nmsgstr "x"\n')


def test_a_text_that_fills_more_than_a_screen_is_found(write: Write) -> None:
    long = "word " * (MOST_WORDS + 1) + "{name}"
    assert any(f"{MOST_WORDS} fit on a screen" in line for line in findings(write, sq=EN.replace("Hello {name}", long)))


def test_a_button_that_is_too_long_is_found(write: Write) -> None:
    button = '\nmsgid "button.x"\nmsgstr "%s"\n'
    long = button % ("a" * (BUTTON_CHARACTERS + 1))
    found = findings(write, en=EN + button % "ok", sq=EN + long, sr=SR + button % "ok")
    assert [line for line in found if "a button takes" in line] == [
        f"sq: button.x: has 33 characters; a button takes {BUTTON_CHARACTERS}"
    ]


def test_a_locale_that_nobody_wrote_yet_is_all_findings_and_no_crash(write: Write) -> None:
    found = check(write("en", EN))
    assert "sr-Latn: greet: has no text; write one" in found
    assert "sr-Cyrl: wait: has no text; write one" in found


def test_the_helplines_own_words_have_no_findings() -> None:
    assert check() == []
