"""Long polling: asks Telegram what happened, and confirms it only when it was heard.

aiogram's own polling confirms updates with the next poll, whether or not they were handled, so that a power cut loses what was written
in that moment (promise 1). It also logs errors with their content.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from aiogram.methods import TelegramMethod

from bot.telegram.pace import Pace
from bot.telegram.post import Post
from bot.telegram.updates import ALLOWED


class FetchUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates, with updates as they came: one that cannot be read must not hide the others (see the package)."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int
    allowed_updates: list[str]


async def happenings(post: Post, pace: Pace) -> AsyncIterator[list[dict[str, Any]]]:
    """Batches of raw updates without end; asking for the next one confirms the last. Survives every loss of the network.

    After a pause everything that Telegram still holds (24 hours) is heard and answered, none is skipped for its age: promise 1 comes
    before promise 3, and the child did write.
    """
    fetch = FetchUpdates(timeout=pace.poll, allowed_updates=ALLOWED)
    while True:
        # Somewhat longer than Telegram holds the poll, so that a connection which died silently is noticed.
        batch = await post.insist(fetch, seconds=pace.poll + pace.request)
        if batch:
            yield batch
            fetch = fetch.model_copy(update={"offset": max(int(update["update_id"]) for update in batch) + 1})
