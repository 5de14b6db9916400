"""The WebSocket of one page: what docs/web-protocol.md describes, read, paced and answered."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.crowd import ONE_SESSION
from bot.messages import Bubble, Channel, Incoming, Kind, Sender
from bot.web import reading, screen
from bot.web.door import Work
from bot.web.house import House
from bot.web.preference import Preference
from bot.web.tokens import is_token, new_token
from bot.web.turns import Answer
from locales.catalogue import Catalogue

MOST_WAITING = 20
"""Messages of one socket that wait to be handled; whoever sends more is asked to slow down."""

FIRST_FRAME_SECONDS = 15.0
WORK_SECONDS = 120.0
"""How long a page may take for its work; a telephone that falls asleep meanwhile connects again."""

SEND_SECONDS = 3.0
BEAT_SECONDS = 25.0
"""A sign of life on a quiet line, so that the page notices a dead one while its child waits for somebody."""

RESTARTING = 1012
"""The close code when this program stops: the child has not gone away, and the page comes back by itself."""


BROKEN = 1011
"""The close code when something went wrong here; the page comes back by itself."""

log = structlog.get_logger()


class NotUnderstood(ValueError):
    """A frame is none that the protocol knows."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One act that waits to be handled; `n` is the page's own number for it."""

    incoming: Incoming
    n: int | None


class Talk:
    """One open page. Its acts are handled one after the other; what the relay brings is pushed in between."""

    def __init__(self, socket: WebSocket, house: House, catalogue: Catalogue, preference: Preference) -> None:
        self._socket = socket
        self._turns = house.turns
        self._house = house
        self._catalogue = catalogue
        self._preference = preference
        self._locale = preference.locale
        self._codes = {offered.code for offered in catalogue.locales}
        self._errands: asyncio.Queue[Errand | None] = asyncio.Queue()
        self._sending = asyncio.Lock()
        self._gone = self._stale = self._shown = False
        self.left = False
        self.sender = Sender(Channel.WEB, new_token())

    @property
    def is_open(self) -> bool:
        """Whether the line is up, as far as anybody can tell."""
        return not self._gone

    async def greet(self) -> bool:
        """Read the first frame. A page without a token of ours is given one; False if nothing came or the page has left before."""
        frame = await self._frame_within(FIRST_FRAME_SECONDS)
        if frame is None:
            return False
        hello: dict[str, Any] = {}
        with contextlib.suppress(NotUnderstood):
            hello = _parsed((frame.get("text") or "")[: reading.MOST_BYTES])
        token, locale = hello.get("token"), hello.get("locale")
        if isinstance(locale, str) and locale in self._codes:
            self._locale = locale
        if is_token(token) and token not in self._turns.departed:
            self.sender = Sender(Channel.WEB, token)
        else:
            await self._send({"token": self.sender.key})
        if "token" not in hello:
            await self._read(frame)
        return await self._come_in()

    async def _come_in(self) -> bool:
        """While very many come at once: have the page work first. What it writes meanwhile waits, as it does anyway (promise 1)."""
        door, token = self._house.door, self.sender.key
        work = door.knock(token)
        if work and screen.has_begun((await self._back()).bubbles):
            door.let_in(token)
            work = None
        while work and not self.left:
            await self._send({"work": self._asked(work)})
            try:
                async with asyncio.timeout(WORK_SECONDS):
                    done = await self._worked(work)
            except TimeoutError:
                await self._close()
                return False
            if done is None:
                return False
            work = None if done else door.work(token)
        return True

    async def _worked(self, work: Work) -> bool | None:
        """Whether the page's proof (or its waiting) opens the door; None when the line has closed."""
        while (frame := await self._socket.receive())["type"] != "websocket.disconnect":
            content: dict[str, Any] = {}
            with contextlib.suppress(NotUnderstood):
                content = _parsed((frame.get("text") or "")[: reading.MOST_BYTES])
            match content:
                case {"work": work.challenge, "proof": str(proof)}:
                    return self._house.door.opens(self.sender.key, work.challenge, proof)
                case {"work": work.challenge}:
                    return self._house.door.opens(self.sender.key, work.challenge)
            await self._read(frame)
            if self.left:
                return True
        return None

    def _asked(self, work: Work) -> dict[str, Any]:
        numbers = self._house.numbers(self._locale)
        return {
            "challenge": work.challenge,
            "bits": work.bits,
            "seconds": work.seconds,
            "meanwhile": screen.drawn([numbers] if numbers else []),
        }

    async def _frame_within(self, seconds: float) -> Any:
        """The next frame; None when none comes in time, or the line has closed."""
        try:
            frame = await asyncio.wait_for(self._socket.receive(), seconds)
        except TimeoutError:
            await self._close()
            return None
        return None if frame["type"] == "websocket.disconnect" else frame

    async def listen(self) -> int:
        """Read frames until the line closes, and have them handled; the close code. What was sent before the end is still handled."""
        working = asyncio.create_task(self._work_or_close())
        code = 1006
        try:
            while (frame := await self._socket.receive())["type"] != "websocket.disconnect":
                await self._read(frame)
            code = int(frame.get("code") or code)
        finally:
            self._gone = True
            self._errands.put_nowait(None)
            await working
        return code

    async def deliver(self, bubbles: Sequence[Bubble]) -> bool:
        """Push bubbles that the session already holds; False if the line is dead."""
        if (
            not self._shown
        ):  # the first screen is still on its way: have it drawn anew, so that nothing is lost or doubled
            self._stale = True
            return self.is_open
        return await self._send({"bubbles": screen.drawn(bubbles)})

    async def _read(self, frame: Any) -> None:
        text = frame.get("text")
        n: int | None = None
        try:
            if text is None:
                incoming: Incoming | None = Incoming(self.sender, Kind.NOT_TEXT, hint=self._hint)
            elif len(text) > reading.MOST_BYTES or len(text.encode("utf-8", "replace")) > reading.MOST_BYTES:
                incoming = Incoming(self.sender, Kind.TOO_LONG, hint=self._hint)
            else:
                content = _parsed(text)
                n = content["n"] if isinstance(content.get("n"), int) else None
                incoming = self._understood(content)
        except NotUnderstood:
            await self._send({"error": "not_understood", "n": n})
            return
        if incoming is None:
            await self._send({"busy": False, "n": n})
        elif incoming.kind is not Kind.EXIT and (self._errands.qsize() >= MOST_WAITING or self._house.crowd.is_dense):
            await self._send({"error": "slow", "n": n})
            await asyncio.sleep(1 / ONE_SESSION.per_second)  # the line itself slows down
        else:
            self.left = self.left or incoming.kind is Kind.EXIT
            self._errands.put_nowait(Errand(incoming, n))

    def _understood(self, content: dict[str, Any]) -> Incoming | None:
        match content:
            case {"kind": "text", "text": str(text)}:
                return reading.written(text, self.sender, self._hint)
            case {"kind": "tap", "tap": str(tap)}:
                return reading.tapped(tap, self.sender, self._hint)
            case {"kind": "language", "locale": str(locale)} if locale in self._codes:
                return Incoming(self.sender, Kind.LANGUAGE, locale, self._hint)
            case {"kind": "exit"}:
                return Incoming(self.sender, Kind.EXIT, hint=self._hint)
            case {"token": token} if token == self.sender.key:
                return None
        raise NotUnderstood

    @property
    def _hint(self) -> str:
        return self._preference.hint(self._locale)

    async def _work_or_close(self) -> None:
        """A mistake of ours closes the line, so that the page comes back, instead of leaving a child with one that answers nothing."""
        try:
            await self._work()
        except Exception as mistake:
            log.error("line_broke", channel="web", error=type(mistake).__name__)
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await self._socket.close(BROKEN)

    async def _work(self) -> None:
        await self._show()
        while True:
            try:
                errand = await asyncio.wait_for(self._errands.get(), BEAT_SECONDS)
            except TimeoutError:
                await self._send({"here": True})
                continue
            if errand is None:
                return
            if not (self.left or self._gone):  # nobody who leaves is made to wait
                await self._house.crowd.turn(self.sender.key)
            await self._handle(errand)

    async def _show(self) -> None:
        """The whole dialogue: what a page shows that comes back. Nothing is asked of it if the conversation is in trouble."""
        self._stale = True
        while self._stale:
            self._stale = False
            back = await self._back()
            await self._send({"bubbles" if back.failed else "screen": screen.drawn(back.bubbles)})
            await self._follow(back.bubbles)
        self._shown = True

    async def _back(self) -> Answer:
        return await self._turns.take(Incoming(self.sender, Kind.BACK, hint=self._hint), self._locale)

    async def _close(self) -> None:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await self._socket.close()

    async def _handle(self, errand: Errand) -> None:
        await self._send({"busy": True})
        if errand.incoming.kind is Kind.LANGUAGE:
            await self._speak(errand.incoming.text)
        answer = await self._turns.take(errand.incoming, self._locale)
        if errand.incoming.kind is Kind.EXIT:
            await self._close()
            return
        if answer.bubbles:
            await self._send({"bubbles": screen.drawn(answer.bubbles)})
            await self._follow(answer.bubbles)
        await self._send({"busy": False, "n": errand.n})

    async def _follow(self, bubbles: Sequence[Bubble]) -> None:
        locale = screen.spoken(bubbles, self._catalogue, self._locale)
        if locale != self._locale:
            await self._speak(locale)

    async def _speak(self, locale: str) -> None:
        self._locale = locale
        words = screen.words(self._catalogue, locale)
        await self._send({"words": words, "locale": locale, "dir": screen.direction(locale)})

    async def _send(self, frame: dict[str, Any]) -> bool:
        if self._gone:
            return False
        try:
            async with self._sending, asyncio.timeout(SEND_SECONDS):
                await self._socket.send_text(json.dumps(frame, ensure_ascii=False))
        except (TimeoutError, RuntimeError, WebSocketDisconnect):  # the line is dead; the reader will notice by itself
            self._gone = True
            return False
        return True


def from_this_page(socket: WebSocket) -> bool:
    """Whether the page that opens the socket came from this host; any other has no business here."""
    origin = urlsplit(socket.headers.get("origin", ""))
    return origin.scheme in {"http", "https"} and origin.netloc.lower() == socket.headers.get("host", "").lower() != ""


def _parsed(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise NotUnderstood from None
    if not isinstance(content, dict):
        raise NotUnderstood
    return content
