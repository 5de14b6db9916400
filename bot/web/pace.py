"""How fast one page is listened to: as fast as anybody types, and a flood waits its turn."""

from __future__ import annotations

import asyncio
import time

PER_SECOND = 5.0
"""Messages of one socket that are handled in a second; as many may come at once."""


class Pace:
    """A leaky bucket."""

    def __init__(self) -> None:
        self._free_at = 0.0

    async def wait(self) -> None:
        """Return when the next message may be handled."""
        now = time.monotonic()
        self._free_at = max(self._free_at, now - 1.0) + 1 / PER_SECOND
        if self._free_at > now:
            await asyncio.sleep(self._free_at - now)
