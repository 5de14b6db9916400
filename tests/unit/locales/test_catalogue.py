"""Texts by key: always something to say, and the nearest there is."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from locales import catalogue
from locales.catalogue import Catalogue, NoSuchText

Write = Callable[[str, str], Path]

EN = """
msgid "greet"
msgstr "Hello {name}"

msgid "only.english"
msgstr "Only here"

msgid "wait"
msgid_plural "wait"
msgstr[0] "{n} minute"
msgstr[1] "{n} minutes"
"""
SQ = """
msgid "greet"
msgstr "Përshëndetje {name}"

msgid "only.english"
msgstr ""

msgid "wait"
msgid_plural "wait"
msgstr[0] ""
msgstr[1] ""
"""
SR = """
msgid "greet"
msgstr "Zdravo, {name}, tu smo na Telegram kanalu"

msgid "wait"
msgid_plural "wait"
msgstr[0] "{n} minut"
msgstr[1] "{n} minuta"
msgstr[2] "{n} minuta!"

msgid "injekcija"
msgstr "vanjezički"
"""
CYRILLIC = """
msgid "injekcija"
msgstr "ванјезички"
"""


@pytest.fixture
def words(write: Write) -> Catalogue:
    write("en", EN + '\nmsgid "injekcija"\nmsgstr "x"\n')
    write("sq", SQ)
    write("sr-Latn", SR)
    return catalogue.load(write("sr-Cyrl", CYRILLIC))


def test_a_text_is_said_in_the_childs_language_with_its_placeholders_filled(words: Catalogue) -> None:
    assert words.say("greet", "sq", name="Testa") == "Përshëndetje Testa"


def test_what_a_locale_does_not_say_is_said_in_english(words: Catalogue) -> None:
    assert words.say("only.english", "sq") == "Only here"
    assert words.say("only.english", "sr-Cyrl") == "Only here"
    assert words.say_many("wait", 2, "sq") == "2 minutes"


def test_a_locale_that_is_not_there_is_answered_in_english(words: Catalogue) -> None:
    assert words.say("only.english", "ro") == "Only here"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1 minut"),
        (2, "2 minuta"),
        (5, "5 minuta!"),
        (11, "11 minuta!"),
        (21, "21 minut"),
        (22, "22 minuta"),
        (0, "0 minuta!"),
    ],
)
def test_serbian_has_three_plurals(words: Catalogue, number: int, said: str) -> None:
    assert words.say_many("wait", number, "sr-Latn") == said


@pytest.mark.parametrize(("number", "said"), [(1, "1 минут"), (5, "5 минута!"), (21, "21 минут")])
def test_and_the_same_three_in_cyrillic(words: Catalogue, number: int, said: str) -> None:
    assert words.say_many("wait", number, "sr-Cyrl") == said


@pytest.mark.parametrize(("number", "said"), [(1, "1 minute"), (2, "2 minutes"), (0, "0 minutes")])
def test_english_has_two(words: Catalogue, number: int, said: str) -> None:
    assert words.say_many("wait", number, "en") == said


def test_cyrillic_is_derived_and_keeps_placeholders_and_names(words: Catalogue) -> None:
    assert words.say("greet", "sr-Cyrl") == "Здраво, {name}, ту смо на Telegram каналу"


def test_a_text_of_its_own_goes_before_the_derived_one(words: Catalogue) -> None:
    assert words.say("injekcija", "sr-Cyrl") == "ванјезички"


def test_a_key_that_nobody_has_is_an_error_and_never_shown(words: Catalogue) -> None:
    with pytest.raises(NoSuchText):
        words.say("no.such.key", "en")
    with pytest.raises(NoSuchText):
        words.say_many("no.such.key", 2, "sq")
    assert words.has("greet")
    assert words.has("wait")
    assert not words.has("no.such.key")


def test_locales_are_offered_in_one_order_with_their_own_names(words: Catalogue) -> None:
    assert [(locale.code, locale.name, locale.direction) for locale in words.locales] == [
        ("en", "English", "ltr"), ("sq", "Shqip", "ltr"), ("sr-Latn", "Srpski", "ltr"), ("sr-Cyrl", "Српски", "ltr"),
    ]  # fmt: skip


def test_a_locale_that_nobody_wrote_is_not_offered(write: Write) -> None:
    words = catalogue.load(write("en", EN))
    assert [locale.code for locale in words.locales] == ["en"]


def test_a_changed_word_is_there_at_the_next_load(write: Write) -> None:
    folder = write("en", EN)
    assert catalogue.load(folder).say("only.english", "en") == "Only here"
    write("en", EN.replace("Only here", "Changed"))
    later = time.time() + 5
    os.utime(folder / "en" / "LC_MESSAGES" / "helpline.po", (later, later))
    assert catalogue.load(folder).say("only.english", "en") == "Changed"


def test_what_has_not_changed_is_not_compiled_again(write: Write) -> None:
    folder = write("en", EN)
    catalogue.compile_all(folder)
    compiled = folder / "en" / "LC_MESSAGES" / "helpline.mo"
    before = compiled.stat().st_mtime_ns
    catalogue.compile_all(folder)
    assert compiled.stat().st_mtime_ns == before
    assert not list(folder.rglob("*.new"))


def test_a_text_that_was_marked_as_doubtful_is_not_said(write: Write) -> None:
    write("en", EN)
    folder = write("sq", '#, fuzzy\nmsgid "only.english"\nmsgstr "Ndoshta"\n')
    assert catalogue.load(folder).say("only.english", "sq") == "Only here"


def test_writing_back_keeps_every_text_and_note(write: Write) -> None:
    folder = write("en", "#. A note for translators.\n" + EN.lstrip())
    before = catalogue.read("en", folder)
    catalogue.write(before, catalogue.source_file("en", folder))
    after = catalogue.read("en", folder)
    assert [(m.id, m.string, m.auto_comments) for m in after if m.id] == [
        (m.id, m.string, m.auto_comments) for m in before if m.id
    ]


def test_the_helplines_own_words_load_in_every_locale() -> None:
    own = catalogue.load()
    assert {locale.code for locale in own.locales} == set(catalogue.NAMES)
    for message in catalogue.read("en"):
        if message.id and not isinstance(message.id, tuple):
            for locale in own.locales:
                assert own.say(str(message.id), locale.code)
