"""What Rasa remembers of a conversation: where it stands, for as long as it lasts, in memory only.

Rasa's own in-memory store never forgets and cannot be told to. Here a conversation ends with its session (`forget`), by
itself after a time of silence, or when too many are held (promise 2: what could identify a child ends).
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

_EVENTS = 60
"""Events of a conversation that are kept; a turn makes about six, and no rule looks further back than two turns."""


@dataclass(frozen=True)
class _Remembered:
    """A conversation's events as JSON, and when (seconds, `clock`) it is forgotten."""

    dialogue: str
    until: float


class Memory(TrackerStore, SerializedTrackerAsText):
    """A tracker store that forgets after `minutes` of silence and holds at most `conversations`.

    Configured in endpoints.yml. `clock` counts seconds and is replaced only in tests.
    """

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        minutes: float = 30,
        conversations: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
        **_: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self._silence = minutes * 60
        self._most = conversations
        self._clock = clock
        self._remembered: OrderedDict[str, _Remembered] = OrderedDict()  # silent longest first
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._remembered)

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """Return an empty conversation that keeps only its latest events."""
        return DialogueStateTracker(sender_id, self.domain.slots, max_event_history=_EVENTS)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Remember a conversation as it stands now, and start its time of silence anew."""
        dialogue = self.serialise_tracker(tracker)
        self._remembered[tracker.sender_id] = _Remembered(dialogue, self._clock() + self._silence)
        self._remembered.move_to_end(tracker.sender_id)
        while len(self._remembered) > self._most:
            self._remembered.popitem(last=False)
        self._sweep()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return a conversation, or None when it never was or is forgotten."""
        self._sweep()
        remembered = self._remembered.get(sender_id)
        return None if remembered is None else self.deserialise_tracker(sender_id, remembered.dialogue)

    async def keys(self) -> Iterable[str]:
        """Return the senders whose conversations are remembered."""
        self._sweep()
        return tuple(self._remembered)

    def forget(self, sender_id: str) -> None:
        """Forget a conversation at once. One that is not remembered is forgotten already."""
        self._remembered.pop(sender_id, None)

    def _sweep(self) -> None:
        """Forget what has been silent too long, and wake up when the next is due, even if nobody writes any more."""
        now = self._clock()
        while self._remembered and next(iter(self._remembered.values())).until <= now:
            self._remembered.popitem(last=False)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._remembered:
            due = next(iter(self._remembered.values())).until - now
            self._timer = asyncio.get_running_loop().call_later(due, self._sweep)
