"""The bell: wakes the relay and the consoles when something in the ledger has changed.

Only a nudge: it rings inside one process and carries no content. Whoever waits also looks again after a while. On
PostgreSQL it rings in every process of the helpline (escalation.bell_postgres).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

QUEUE = "queue"
OUTBOX = "outbox"
TEXTS = "texts"
TEACHINGS = "teachings"
LESSONS = "lessons"


def case_topic(case: str) -> str:
    """The topic that rings when this case changes: `case:<id>`."""
    return f"case:{case}"


class Ringing:
    """One listener's ear: remembers what rang since it last waited, so that nothing is missed in between."""

    def __init__(self) -> None:
        self._topics: set[str] = set()
        self._rang = asyncio.Event()

    def hear(self, topic: str) -> None:
        """Remember a topic and wake whoever waits."""
        self._topics.add(topic)
        self._rang.set()

    async def wait(self, seconds: float) -> set[str]:
        """The topics rung since the last wait, as soon as there is one; an empty set after `seconds` of silence."""
        try:
            async with asyncio.timeout(seconds):
                await self._rang.wait()
        except TimeoutError:
            pass
        heard, self._topics = self._topics, set()
        self._rang.clear()
        return heard


class Bell:
    """Topics are "queue", "outbox", "texts", "teachings", "lessons" and "case:<id>"; ring it after the commit, from the event loop."""

    def __init__(self) -> None:
        self._ears: set[Ringing] = set()

    def ring(self, topic: str = "") -> None:
        """Wake every listener; the empty topic says that anything may have changed."""
        for ear in self._ears:
            ear.hear(topic)

    async def run(self) -> None:
        """Carry what rings between processes, until cancelled. Inside one process there is nothing to carry."""

    async def close(self) -> None:
        """Carry what is still to be carried."""

    @contextmanager
    def subscribe(self) -> Iterator[Ringing]:
        """Listen while the block lasts."""
        ear = Ringing()
        self._ears.add(ear)
        try:
            yield ear
        finally:
            self._ears.discard(ear)


def is_ending() -> bool:
    """Whether the task that asks was cancelled, also where something that it waited for has swallowed the cancellation.

    Drivers do so when an answer and the cancellation come in the same moment (asyncio.wait_for of Python 3.11); whoever goes on for
    ever asks this at each round, so that the program can stop.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def keep_up(bell: Bell, ring: str, seconds: float, take: Callable[[object], Awaitable[object]]) -> None:
    """Take something over whenever it rings, and look every few seconds where no bell does; until cancelled.

    However much else rings meanwhile. `take` gets what is known and gives what is known then; the first time None.
    """
    known: object = None
    with bell.subscribe() as ear:
        while not is_ending():
            known = await take(known)
            look_again = time.monotonic() + seconds
            while not is_ending() and (left := look_again - time.monotonic()) > 0:
                if await ear.wait(left) & {ring, ""}:
                    break
