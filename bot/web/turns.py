"""Brings what a child does to the conversation, one act at a time, and has a kind word when that fails."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from weakref import WeakValueDictionary

import structlog

from bot.messages import Bubble, Button, Converse, Incoming, Kind, Speaker
from bot.web.tokens import Remembered
from locales.catalogue import Catalogue

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the child sees next. `failed`: it is the helpline's apology, and what was sent may not have been read."""

    bubbles: tuple[Bubble, ...] = ()
    failed: bool = False


class Turns:
    """The only place of the web channel that calls `Converse`."""

    def __init__(self, converse: Converse, catalogue: Catalogue) -> None:
        self._converse = converse
        self._catalogue = catalogue
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.departed = Remembered()

    async def take(self, incoming: Incoming, locale: str) -> Answer:
        """Have one act answered; acts of one child never overlap, whatever page or form they come from. Never raises.

        Leaving is final: from then on the token is not answered, so that no late frame or form begins a session again.
        """
        token = incoming.sender.key
        lock = self._locks.setdefault(token, asyncio.Lock())
        async with lock:
            if token in self.departed:
                return Answer()
            if incoming.kind is Kind.EXIT:
                self.departed.add(token)
            try:
                return Answer(tuple(await self._converse(incoming)))
            except Exception as failure:  # whatever it is, the child gets an answer (promise 4)
                # The type only: a message may carry what the child wrote (promise 2).
                log.error("turn_failed", channel="web", kind=incoming.kind.value, error=type(failure).__name__)
                return Answer((self._apology(locale),), failed=True)

    def _apology(self, locale: str) -> Bubble:
        """The way to a human is offered here too: trouble must not close it (promise 1)."""
        choices = (("button.menu", "menu"), ("button.talk_to_human", "/talk_to_human"))
        buttons = tuple(Button(self._catalogue.say(key, locale), tap) for key, tap in choices)
        return Bubble(Speaker.HELPLINE, self._catalogue.say("trouble", locale), locale, buttons)
