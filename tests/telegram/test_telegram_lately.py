"""What was handled lately."""

from __future__ import annotations

from bot.telegram.lately import Lately


def test_what_was_lately_is_bounded_in_number_and_time() -> None:
    now = [0.0]
    lately = Lately(size=3, seconds=10, clock=lambda: now[0])
    assert lately.is_news("a", 1)
    assert not lately.is_news("a", 1)
    assert lately.is_news("a", 1, says="else")
    assert not lately.is_news("a", 1, says="else")
    assert all(lately.is_news(name) for name in "bcd")
    assert lately.is_news("a", 1, says="else"), "the oldest was forgotten"
    now[0] = 10
    assert lately.is_news("d"), "its time is over"
