"""A conversation that the test decides, and a pace that makes tests quick."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from aiogram.utils.backoff import BackoffConfig
from bot_api import Child

from bot.messages import Bubble, Button, Channel, Incoming, Kind, Sender, Speaker
from bot.telegram.channel import TelegramChannel
from bot.telegram.pace import Pace

Listening = Callable[..., AbstractAsyncContextManager[TelegramChannel]]

QUICK = Pace(
    poll=5,
    request=2,
    hearing=1.0,
    silence=0.1,
    patience=8.0,
    later=0.3,
    goodbye=0.3,
    backoff=BackoffConfig(min_delay=0.05, max_delay=0.1, factor=1.1, jitter=0.001),
)


def bubble(text: str, *buttons: tuple[str, str], speaker: Speaker = Speaker.HELPLINE) -> Bubble:
    return Bubble(speaker, text, "en", tuple(Button(label, tap) for label, tap in buttons))


def sender(child: Child) -> Sender:
    return Sender(Channel.TELEGRAM, str(child.id))


@dataclass
class Talk:
    """A conversation: remembers what it heard, and answers "heard: ..." unless the test says what else."""

    heard: list[Incoming] = field(default_factory=list)
    answer: Callable[[Incoming], Awaitable[list[Bubble]]] | None = None
    answers: list[Bubble] | None = None

    async def converse(self, incoming: Incoming) -> list[Bubble]:
        self.heard.append(incoming)
        if self.answer:
            return await self.answer(incoming)
        if self.answers is not None:
            return self.answers
        return [bubble(f"heard: {incoming.text or incoming.kind}")]

    @property
    def acts(self) -> list[tuple[Kind, str]]:
        return [(incoming.kind, incoming.text) for incoming in self.heard]
