"""The numbers of placeholders: stable in one conversation, carried through the vault, and telling nothing."""

from __future__ import annotations

import json

from bot.placeholders import MOST, Placeholders


def test_the_same_piece_is_the_same_however_it_is_written() -> None:
    placeholders = Placeholders()
    assert placeholders.of("name", "Testa Testić") == "[name 1]"
    assert placeholders.of("name", "testa testic") == "[name 1]"
    assert placeholders.of("name", "Теста Тестић") == "[name 1]"
    assert placeholders.of("name", "Testina") == "[name 2]"
    assert placeholders.of("email", "testina") == "[email 1]"


def test_the_vault_brings_the_numbers_back() -> None:
    placeholders = Placeholders()
    placeholders.of("name", "Testa")
    stored = json.dumps(placeholders.to_dict())
    again = Placeholders.from_dict(json.loads(stored))
    assert again.of("name", "testa") == "[name 1]"
    assert again.of("name", "Testina") == "[name 2]"


def test_what_is_kept_says_nothing_of_what_was_said() -> None:
    placeholders = Placeholders()
    placeholders.of("name", "Testa")
    kept = (json.dumps(placeholders.to_dict()) + repr(placeholders)).lower()
    assert "testa" not in kept
    assert b"testa".hex() not in kept


def test_two_conversations_keep_the_same_piece_differently() -> None:
    one, other = Placeholders(), Placeholders()
    one.of("name", "Testa")
    other.of("name", "Testa")
    assert not one.to_dict()["numbers"].keys() & other.to_dict()["numbers"].keys()


def test_numbering_goes_on_after_what_was_redacted_before() -> None:
    placeholders = Placeholders()
    placeholders.continue_from(["[name 2] took my [document 1]", "nothing here", "[name 11], [phone]"])
    assert placeholders.of("name", "Testa") == "[name 12]"
    assert placeholders.of("document", "AB1234567") == "[document 2]"
    assert placeholders.of("phone", "0640000000") == "[phone 1]"


def test_what_is_kept_is_bounded() -> None:
    placeholders = Placeholders()
    for number in range(MOST + 10):
        placeholders.of("phone", str(number))
    assert len(placeholders.to_dict()["numbers"]) == MOST
    assert placeholders.of("phone", "0") == "[phone 1]"
