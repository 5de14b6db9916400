"""Following what changes in the ledger: at each ring of one's own, and every so often however much else rings."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from escalation.bell import QUEUE, TEXTS, Bell, keep_up


async def looks(bell: Bell, rings: str, times: int, seconds: float) -> int:
    """How often somebody who keeps up with the texts looks while something rings `times` times, each 10 ms after the last."""
    looked = 0

    async def take(known: object) -> object:
        nonlocal looked
        looked += 1
        return known

    following = asyncio.create_task(keep_up(bell, TEXTS, seconds, take))
    for _ in range(times):
        await asyncio.sleep(0.01)
        bell.ring(rings)
    await asyncio.sleep(0.01)
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
    return looked


async def test_another_process_is_noticed_however_much_rings_in_this_one() -> None:
    assert await looks(Bell(), QUEUE, 40, 0.05) >= 4


@pytest.mark.parametrize(("rings", "least", "most"), [(TEXTS, 3, 5), ("", 3, 5), (QUEUE, 1, 1)])
async def test_what_rings_for_the_texts_is_looked_at_at_once_and_nothing_else(
    rings: str, least: int, most: int
) -> None:
    assert least <= await looks(Bell(), rings, 4, 60) <= most
