"""A return code is found however it is written, and nothing else is taken for one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.code import find_code, is_card


@pytest.mark.parametrize(
    "text",
    [
        "1234 5678 9012 3456",
        "my code is 1234-5678-9012-3456 thanks",
        "1234567890123456",
        "1234.5678.9012.3456",
        "1234 5678 9012 3456, i am 14",
        "kod 1234 - 5678 - 9012 - 3456",
        "12345678 90123456",
        "1234\n5678\n9012\n3456",
        "\u0661\u0662\u0663\u0664 \u0665\u0666\u0667\u0668 \u0669\u0660\u0661\u0662 \u0663\u0664\u0665\u0666",
        "１２３４ ５６７８ ９０１２ ３４５６",
    ],
)
def test_a_code_is_found(text: str) -> None:
    assert find_code(text) == "1234567890123456"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "14",
        "064 000 0000",
        "1234 5678 9012",
        "1234 5678 9012 3456 7890",
        "1234 5678 9012 3456 and 1234 5678 9012 3457",
        "a1234567890123456",
        "RS35 2600 0560 1001 6113 79",
        "\ud800",
    ],
)
def test_nothing_else_is_a_code(text: str) -> None:
    assert find_code(text) is None


def test_a_code_that_checks_as_a_card_is_found_all_the_same() -> None:
    assert is_card("4111111111111111")
    assert find_code("4111 1111 1111 1111") == "4111111111111111"


@given(st.text())
def test_whatever_is_written_it_answers(text: str) -> None:
    found = find_code(text)
    assert found is None or (len(found) == 16 and found.isascii() and found.isdigit())


@pytest.mark.parametrize("piece", ["1", "1 ", "1234 ", "1-", "1a", " ", "١ "])
def test_no_message_makes_it_slow(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = time.perf_counter()
    find_code(text)
    assert time.perf_counter() - began < 1
