"""Turns: the conversation hears what a child did, and its answer is sent. One direction never waits for the other.

Messages of one chat are heard one after the other, in their order, and those of different chats side by side. A chat that Telegram slows
down is still heard at once (promise 1); only its answers wait. When very many write, messages wait for their turn, and nothing is dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import structlog
from aiogram.methods import SendChatAction

from bot.crowd import Crowd
from bot.messages import Bubble, Converse, Incoming, Kind, Sender
from bot.relay import Delivery
from bot.telegram.lately import Lately
from bot.telegram.pace import Pace
from bot.telegram.post import NobodyThere, NotNow, Post
from bot.telegram.screen import pieces

SESSION_SECONDS = 12 * 60 * 60
"""The longest that a session lives (a child who waits for a counsellor)."""

MOST_UNDER_WAY = 2_000
"""Turns that wait or are answered at the same time; a message has at most 4 KiB, so some megabytes."""

log = structlog.get_logger("telegram")


@dataclass(slots=True, weakref_slot=True, eq=False)
class Wire:
    """The two directions of one chat; each is taken by one message at a time, in the order in which they asked."""

    hearing: asyncio.Lock = field(default_factory=asyncio.Lock)
    speaking: asyncio.Lock = field(default_factory=asyncio.Lock)


class Turns:
    """All turns under way. What it knows of a chat ends with its last turn."""

    def __init__(self, converse: Converse, post: Post, pace: Pace, crowd: Crowd) -> None:
        self._converse = converse
        self._post = post
        self._pace = pace
        self._crowd = crowd
        self._newcomers = crowd.newcomers()
        self._known = Lately(20_000, SESSION_SECONDS)
        self._wires: WeakValueDictionary[Sender, Wire] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(self, turn: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Let something happen beside everything else. Turns of one chat keep the order in which they were begun."""
        task: asyncio.Task[Any] = asyncio.create_task(turn)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def room(self) -> None:
        """Return when few enough turns are under way to begin more; until then Telegram keeps what comes (24 hours)."""
        while len(self._tasks) >= MOST_UNDER_WAY:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def hear(self, incoming: Incoming) -> None:
        """One act of a child. Returns when the conversation has heard it; the answer may still be on its way."""
        wire = self._wire(incoming.sender)
        async with wire.hearing:
            bubbles = await self._answer_to(incoming)
            if bubbles:
                # Begun while nobody else of this chat is heard, so that answers keep their order.
                self.begin(self._speak(wire, incoming.sender, bubbles))

    async def gone(self, sender: Sender) -> None:
        """Tell the conversation that the child has left; its farewell is not sent, for nobody wants it."""
        async with self._wire(sender).hearing:
            await self._answer_to(Incoming(sender, Kind.EXIT))

    async def deliver(self, sender: Sender, bubbles: Sequence[Bubble]) -> Delivery:
        """Send something that answers nothing. Tried once, and quickly, since others wait behind it. Raises nothing."""
        wire = self._wire(sender)
        try:
            async with asyncio.timeout(self._pace.later):
                await wire.speaking.acquire()  # an answer that is being sent goes first
        except TimeoutError:
            return Delivery(arrived=False, again_after=self._pace.later)
        try:
            for piece in pieces(bubbles):
                await self._post.send(int(sender.key), piece)
        except NobodyThere:
            return Delivery(arrived=False)
        except NotNow as reason:
            return Delivery(arrived=False, again_after=self._pace.later if reason.seconds is None else reason.seconds)
        finally:
            wire.speaking.release()
        return Delivery(arrived=True)

    async def close(self) -> None:
        """Let answers under way arrive, for a moment; then end them."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._pace.goodbye)
        for task in list(self._tasks):
            task.cancel()

    async def _speak(self, wire: Wire, sender: Sender, bubbles: Sequence[Bubble]) -> None:
        try:
            async with wire.speaking:
                await self._post.answer(int(sender.key), bubbles)
        except NobodyThere:
            await self.gone(sender)

    async def _answer_to(self, incoming: Incoming) -> list[Bubble]:
        typing = SendChatAction(chat_id=int(incoming.sender.key), action="typing")
        # Only when it takes long: while a counsellor has the chat there is no answer, and "typing" would be a lie.
        waiting = asyncio.get_running_loop().call_later(
            self._pace.silence, lambda: self.begin(self._post.attempt(typing))
        )
        try:
            if incoming.kind is not Kind.EXIT:  # nobody who leaves is made to wait
                await self._its_turn(incoming.sender)
            return await self._converse(incoming)
        except Exception as error:  # the conversation answers for its own troubles; here only the channel must live on
            log.error("telegram_turn_failed", error=type(error).__name__)
            return []
        finally:
            waiting.cancel()

    async def _its_turn(self, sender: Sender) -> None:
        """As fast as anybody types; only where very many begin or write at once is there a wait."""
        if self._known.is_news("chat", sender.key) and (seconds := self._newcomers.take()):
            await asyncio.sleep(seconds)
        await self._crowd.turn(sender.key)

    def _wire(self, sender: Sender) -> Wire:
        return self._wires.setdefault(sender, Wire())

    def _ended(self, task: asyncio.Task[Any]) -> None:
        """Look at how a task ended, or asyncio would log its error with everything in it."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("telegram_turn_failed", error=type(error).__name__)
