"""The web channel as one Starlette application."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from bot.crowd import Crowd
from bot.messages import Bubble, Converse, Incoming, Kind, Sender
from bot.web.door import Door
from bot.web.headers import Guarded
from bot.web.house import House, Numbers
from bot.web.page import Page
from bot.web.preference import Preference
from bot.web.socket import RESTARTING, Talk, from_this_page
from bot.web.turns import Turns
from locales.catalogue import Catalogue


class WebChat:
    """The child's page. Serve `app`; let the relay push through `deliver`.

    `crowd` is shared with the other channels; `numbers` says in a locale where to call in danger, for whoever has to wait.
    """

    def __init__(
        self,
        converse: Converse,
        catalogue: Catalogue,
        default_locale: str,
        *,
        crowd: Crowd | None = None,
        numbers: Numbers = lambda _: None,
        frame_ancestors: Sequence[str] = (),
    ) -> None:
        self._turns = Turns(converse, catalogue)
        crowd = crowd or Crowd()
        self._house = House(self._turns, crowd, Door(crowd), numbers)
        self._catalogue = catalogue
        self._default = default_locale
        self._open: dict[Sender, list[Talk]] = {}
        page = Page(self._house, catalogue, default_locale)
        self.app = Starlette(
            routes=[
                Route("/", page.show, methods=["GET"]),
                Route("/", page.answer, methods=["POST"]),
                Route("/health", _health, methods=["GET"]),
                WebSocketRoute("/talk", self._talk),
                Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
            ],
            middleware=[Middleware(Guarded, ancestors=frame_ancestors)],
        )

    async def deliver(self, sender: Sender, bubbles: Sequence[Bubble]) -> bool:
        """Push bubbles to every open page of a session; True if at least one line took them.

        They must be in the session already, or before its turn ends: a page that is just opening, or has no JavaScript, reads them there.
        """
        if not bubbles:
            return self.is_open(sender)
        return any(await asyncio.gather(*(talk.deliver(bubbles) for talk in self._open.get(sender, []))))

    def is_open(self, sender: Sender) -> bool:
        """Whether a page of this session is open now."""
        return any(talk.is_open for talk in self._open.get(sender, []))

    async def _talk(self, socket: WebSocket) -> None:
        if not from_this_page(socket):
            await socket.close(1008)
            return
        await socket.accept()
        codes = [locale.code for locale in self._catalogue.locales]
        preference = Preference.of(socket.headers.get("accept-language", ""), codes, self._default)
        talk = Talk(socket, self._house, self._catalogue, preference)
        if not await talk.greet():
            return
        self._open.setdefault(talk.sender, []).append(talk)
        code = RESTARTING
        try:
            code = await talk.listen()
        finally:
            self._forget(talk)
        if not talk.left and code != RESTARTING and not self.is_open(talk.sender):
            await self._turns.take(Incoming(talk.sender, Kind.AWAY), self._default)

    def _forget(self, talk: Talk) -> None:
        remaining = [other for other in self._open[talk.sender] if other is not talk]
        if remaining:
            self._open[talk.sender] = remaining
        else:
            del self._open[talk.sender]


async def _health(_: Request) -> Response:
    return PlainTextResponse("ok")
