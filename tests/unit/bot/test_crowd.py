"""Everybody is heard: a child who types fast at once, a flood in its turn."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from bot import crowd
from bot.crowd import PATIENCE, Bucket, Crowd, Rate


class Clock:
    """A clock that only goes when the test says so, or when somebody sleeps by it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr(crowd.asyncio, "sleep", sleep)
    return clock


def test_a_bucket_takes_some_at_once_and_the_rest_at_its_rate(clock: Clock) -> None:
    bucket = Bucket(Rate(2, 3), clock)
    assert [bucket.take() for _ in range(5)] == [0, 0, 0, 0.5, 1]
    clock.now += 1
    assert bucket.wait == 0.5
    clock.now += 60
    assert bucket.is_empty
    assert [bucket.take() for _ in range(4)] == [0, 0, 0, 0.5]


async def test_a_child_who_types_fast_waits_for_nothing(clock: Clock) -> None:
    crowd = Crowd(clock=clock)
    began = clock.now
    for _ in range(5):
        assert await crowd.turn("child", 0)
    assert clock.now == began
    for _ in range(100):  # five a second, for twenty seconds
        clock.now += 0.2
        assert await crowd.turn("child", 0.001)


async def test_one_who_floods_is_slowed_down_and_nobody_else_is(clock: Clock) -> None:
    crowd = Crowd(clock=clock)
    began = clock.now
    for _ in range(55):
        assert await crowd.turn("flooding")
    assert clock.now - began == pytest.approx(10)
    assert await crowd.turn("child", 0)


async def test_what_would_wait_too_long_is_refused_at_once_and_books_nothing(clock: Clock) -> None:
    crowd = Crowd(clock=clock)
    for _ in range(5):
        await crowd.turn("child")
    before = clock.now
    for _ in range(1000):
        assert not await crowd.turn("child", 0.1)
    assert clock.now == before
    assert await crowd.turn("child", 0.21)


async def test_a_flood_of_many_makes_everybody_wait_a_little_and_is_over_soon(clock: Clock) -> None:
    crowd = Crowd(messages_per_second=10, clock=clock)
    sleeping = clock.now
    turns = [crowd.turn(f"session {number}") for number in range(80)]
    for turn in turns[:20]:
        assert await turn
    assert clock.now == sleeping
    everybody: Any = crowd._everybody
    for turn in turns[20:]:
        turn.close()
        everybody.take()
    assert everybody.wait > PATIENCE
    assert crowd.is_dense
    assert not await crowd.turn("child", PATIENCE)
    clock.now += 2
    assert not crowd.is_dense
    assert await crowd.turn("child", PATIENCE)


async def test_nothing_of_a_session_is_kept_but_a_digest_and_that_not_for_long(clock: Clock) -> None:
    crowd = Crowd(messages_per_second=100_000, clock=clock)
    for number in range(1000):
        await crowd.turn(f"canary {number}")
    kept: Any = crowd._sessions
    assert len(kept) == 1000
    assert "canary" not in repr([held for held in gc.get_referents(crowd.__dict__) if isinstance(held, dict)])
    clock.now += 2
    await crowd.turn("child")
    assert len(kept) == 1


async def test_not_even_a_flood_of_sessions_fills_the_memory(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "MOST_SESSIONS", 100)
    everybody = Crowd(messages_per_second=100_000, clock=clock)
    for number in range(500):
        await everybody.turn(str(number))
    kept: Any = everybody._sessions
    assert len(kept) <= 100


async def test_messages_of_one_session_keep_their_order_in_real_time() -> None:
    everybody, order = Crowd(), []

    async def one(number: int) -> None:
        await everybody.turn("child")
        order.append(number)

    await asyncio.gather(*(one(number) for number in range(8)))
    assert order == list(range(8))
