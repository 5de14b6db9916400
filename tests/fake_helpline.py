"""A helpline at the edge of the web channel: it answers by fixed rules and keeps a screen as a session does. Invented words."""

from __future__ import annotations

import asyncio
import gettext
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from bot.crowd import Crowd
from bot.messages import Bubble, Button, Incoming, Kind, Sender, Speaker
from bot.web.app import WebChat
from locales.catalogue import Catalogue

TALK_OR_CALL = (Button("Talk to somebody", "talk"), Button("Call 112", "tel:112"), Button("<i>Menu</i>", "menu"))


class Spoken(gettext.GNUTranslations):
    """A catalogue in which every text is its locale and its key."""

    def __init__(self, locale: str) -> None:
        super().__init__()
        self.locale = locale

    def gettext(self, message: str) -> str:
        return f"{self.locale} {message.removeprefix('page.').replace('_', ' ')}"


def catalogue() -> Catalogue:
    """Four locales with a text for every key."""
    return Catalogue({code: Spoken(code) for code in ("en", "sq", "sr-Latn", "sr-Cyrl")})


def numbers(locale: str) -> Bubble:
    """Where to call in danger."""
    return Bubble(Speaker.HELPLINE, f"{locale} numbers", locale, (Button("112", "tel:112"),))


class FakeHelpline:
    """Its converse() says back what was written; some words make it do something else."""

    def __init__(self, crowd: Crowd | None = None) -> None:
        self.heard: list[Incoming] = []
        self.screens: dict[str, list[Bubble]] = {}
        self.locales: dict[str, str] = {}
        self.acts: set[str] = set()
        self.back_takes = 0.0
        self.chat = WebChat(self.converse, catalogue(), "en", crowd=crowd, numbers=numbers)

    def kinds(self) -> list[Kind]:
        """What was heard, by kind."""
        return [incoming.kind for incoming in self.heard]

    async def converse(self, incoming: Incoming) -> list[Bubble]:
        if incoming.act and incoming.act in self.acts:
            return []
        self.acts.add(incoming.act)
        self.heard.append(incoming)
        key = incoming.sender.key
        screen = self.screens.setdefault(key, [])
        if incoming.kind is Kind.BACK:
            shown = list(screen)
            await asyncio.sleep(self.back_takes)
            return shown
        if incoming.kind in {Kind.AWAY, Kind.EXIT}:
            if incoming.kind is Kind.EXIT:
                self.screens.pop(key)
            return []
        if incoming.kind is Kind.LANGUAGE:
            self.locales[key] = incoming.text
        locale = self.locales.get(key, incoming.hint or "en")
        if incoming.text == "break":
            raise RuntimeError("what a child wrote")
        if incoming.text == "slow":
            await asyncio.sleep(3)
        if incoming.kind in {Kind.TEXT, Kind.TAP}:
            screen.append(Bubble(Speaker.CHILD, incoming.text, locale))
        if incoming.text == "long":
            told = [Bubble(Speaker.HELPLINE, f"part {part}. " + "Some more words. " * 12, locale) for part in range(4)]
            screen.extend([*told, Bubble(Speaker.HELPLINE, "Choose.", locale, TALK_OR_CALL)])
            return screen[-5:]
        if incoming.text == "arabic":
            answer = Bubble(Speaker.HELPLINE, "مرحبا", "ar")
        else:
            answer = Bubble(Speaker.HELPLINE, f"{incoming.kind.value}: {incoming.text}", locale, TALK_OR_CALL)
        screen.append(answer)
        return [answer]

    async def counsellor_writes(self, sender: Sender, text: str) -> bool:
        """As the relay does it: into the session first, then to the open pages."""
        bubble = Bubble(Speaker.COUNSELLOR, text, "en")
        self.screens[sender.key].append(bubble)
        return await self.chat.deliver(sender, [bubble])


@asynccontextmanager
async def served(chat: WebChat, port: int = 0) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    """The channel behind a real server on loopback; its address."""
    config = uvicorn.Config(chat.app, port=port, log_level="error", access_log=False, server_header=False)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.should_exit = True
        await running
