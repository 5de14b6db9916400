"""A small Bot API server on loopback: as strict as Telegram where the channel could go wrong, and able to fail in the ways it fails.

    async with BotApi() as api:
        channel = TelegramChannel(TOKEN, converse, api=api.url)
        child = Child(api)
        child.writes("hello")
        assert (await api.message()).text == "..."

Usable by any test: it knows nothing of the helpline but Telegram's protocol.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

TOKEN = "123456:TEST-TOKEN-of-nobody"

Failure = Callable[[web.Request], web.Response]
Json = dict[str, Any]

GROUP = -100_222_333

STRUCTURED = {"allowed_updates", "commands", "link_preview_options", "reply_markup"}
"""The parameters that come as JSON."""


def flood(seconds: int) -> Failure:
    """Too many messages: wait so many seconds."""
    text = f"Too Many Requests: retry after {seconds}"
    return lambda _: _error(429, text, parameters={"retry_after": seconds})


def blocked(_: web.Request) -> web.Response:
    """The child has blocked the bot."""
    return _error(403, "Forbidden: bot was blocked by the user")


def deactivated(_: web.Request) -> web.Response:
    """The child has deleted their account."""
    return _error(403, "Forbidden: user is deactivated")


def no_chat(_: web.Request) -> web.Response:
    """Nobody has this id any more."""
    return _error(400, "Bad Request: chat not found")


def bad_request(_: web.Request) -> web.Response:
    """Telegram does not take this message."""
    return _error(400, "Bad Request: message text is empty")


def bad_gateway(_: web.Request) -> web.Response:
    """Telegram's front door answers with a page."""
    return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")


def hang_up(request: web.Request) -> web.Response:
    """The connection breaks before the answer."""
    assert request.transport
    request.transport.abort()
    return web.Response()


def unauthorized(_: web.Request) -> web.Response:
    """The token has been revoked."""
    return _error(401, "Unauthorized")


def _error(status: int, description: str, **more: Any) -> web.Response:
    return web.json_response({"ok": False, "error_code": status, "description": description, **more}, status=status)


@dataclass(frozen=True)
class Call:
    """One method that the bot called, with its parameters as they came (JSON where it was JSON)."""

    method: str
    parameters: Json
    at: float

    @property
    def text(self) -> str:
        return str(self.parameters["text"])

    @property
    def chat(self) -> int:
        return int(self.parameters["chat_id"])

    @property
    def buttons(self) -> list[list[tuple[str, str]]]:
        rows = self.parameters.get("reply_markup", {}).get("inline_keyboard", [])
        return [[(button["text"], button["callback_data"]) for button in row] for row in rows]


@dataclass
class BotApi:
    """The server. `calls` is everything the bot called but getUpdates; `messages` what it sent and Telegram took."""

    calls: list[Call] = field(default_factory=list)
    messages: list[Call] = field(default_factory=list)
    polls: list[Json] = field(default_factory=list)
    webhook: Json | None = None
    port: int = 0

    def __post_init__(self) -> None:
        self._updates: deque[Json] = deque()
        self._failures: dict[str, deque[Failure]] = {}
        self._known: set[int] = set()
        self._ids = itertools.count(7_001)
        self._changed = asyncio.Condition()
        self._seen = 0
        self._runner: web.AppRunner | None = None

    # For the test

    @property
    def url(self) -> str:
        """What the channel gets as `api`."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.come_back()
        return self

    async def __aexit__(
        self, _t: type[BaseException] | None, _e: BaseException | None, _b: TracebackType | None
    ) -> None:
        await self.go_away()

    async def come_back(self) -> None:
        """Listen, at the same address as before."""
        app = web.Application(client_max_size=2**24)
        app.router.add_post("/bot{token}/{method}", self._answer)
        app.router.add_route("*", "/file/{rest:.*}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def go_away(self) -> None:
        """Refuse connections: the network is lost."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def fail(self, method: str, *failures: Failure) -> None:
        """The next calls of a method fail like this, one after the other; later ones work again."""
        self._failures.setdefault(method, deque()).extend(failures)

    def happens(self, update_id: int | None = None, **update: Any) -> Json:
        """Something happened at Telegram; the update, so that it can be repeated or sent to a webhook."""
        happened = {"update_id": next(self._ids) if update_id is None else update_id, **update}
        self._updates.append(happened)
        for event in update.values():
            match event:
                case {"chat": {"id": int(chat), "type": "private"}}:
                    self.knows(chat)
        self._wake()
        return happened

    def repeat(self, update: Json) -> None:
        """The same update once more, as after a lost confirmation."""
        self._updates.append(update)
        self._wake()

    def knows(self, chat: int) -> None:
        """The child has started the bot at some time; else nobody could be written to."""
        self._known.add(chat)

    async def until(self, is_so: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait for something that follows from calls of the bot."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(is_so)

    async def message(self) -> Call:
        """The next message that the child sees."""
        await self.until(lambda: len(self.messages) > self._seen)
        self._seen += 1
        return self.messages[self._seen - 1]

    async def quiet(self) -> None:
        """Wait until everything that happened is confirmed, and see that no message came that was not looked at."""
        await self.until(lambda: not self._updates)
        await asyncio.sleep(0.05)
        assert [call.text for call in self.messages[self._seen :]] == []

    async def confirmed(self) -> None:
        """Wait until the bot has confirmed everything that happened."""
        await self.until(lambda: not self._updates)

    def called(self, method: str) -> list[Call]:
        """All calls of one method."""
        return [call for call in self.calls if call.method == method]

    # Telegram's side

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return _error(404, "Not Found")
        method = request.match_info["method"]
        parameters = {
            name: json.loads(str(value)) if name in STRUCTURED else str(value)
            for name, value in (await request.post()).items()
        }
        if method != "getUpdates":
            self.calls.append(Call(method, parameters, time.monotonic()))
            self._wake()
        if self._failures.get(method):
            return self._failures[method].popleft()(request)
        handler: Callable[[Json], Awaitable[Any]] | None = getattr(self, f"_{method}", None)
        result = await handler(parameters) if handler else True
        self._wake()
        return result if isinstance(result, web.Response) else web.json_response({"ok": True, "result": result})

    async def _download(self, _: web.Request) -> web.Response:
        self.calls.append(Call("download", {}, time.monotonic()))
        return web.Response(body=b"a file that nobody should want")

    async def _getUpdates(self, parameters: Json) -> Any:  # noqa: N802 - Telegram's name
        if self.webhook:
            return _error(409, "Conflict: can't use getUpdates method while webhook is active")
        self.polls.append(parameters)
        while self._updates and self._updates[0]["update_id"] < int(parameters.get("offset", 0)):
            self._updates.popleft()
        self._wake()
        try:
            await self.until(lambda: bool(self._updates), float(parameters.get("timeout", 0)))
        except TimeoutError:
            return []
        # "allowed_updates" is not applied: what is asked for is up to the test to look at, what else comes to be ignored.
        return list(self._updates)[:100]

    async def _setWebhook(self, parameters: Json) -> Any:  # noqa: N802
        self.webhook = parameters
        return True

    async def _deleteWebhook(self, _: Json) -> Any:  # noqa: N802
        self.webhook = None
        return True

    async def _sendMessage(self, parameters: Json) -> Any:  # noqa: N802
        text, chat = str(parameters.get("text", "")), int(parameters["chat_id"])
        if chat not in self._known:
            return _error(400, "Bad Request: chat not found")  # bots cannot write first
        if not text.strip():
            return _error(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            return _error(400, "Bad Request: message is too long")
        call = Call("sendMessage", parameters, time.monotonic())
        if any(not 1 <= len(tap.encode()) <= 64 for row in call.buttons for _, tap in row):
            return _error(400, "Bad Request: BUTTON_DATA_INVALID")
        self.messages.append(call)
        return {
            "message_id": next(self._ids),
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private"},
            "text": text,
        }

    def _wake(self) -> None:
        async def wake() -> None:
            async with self._changed:
                self._changed.notify_all()

        self._waking = asyncio.ensure_future(wake())


@dataclass
class Child:
    """Somebody with a Telegram account. All that could tell who it is must never be seen anywhere: it is the tests' canary."""

    api: BotApi
    id: int = 7_770_001_234
    language: str = "sq"
    first_name: str = "Kanarina"
    last_name: str = "Ptičica"
    username: str = "canary_of_the_tests"

    def __post_init__(self) -> None:
        self._messages = itertools.count(self.id % 1000 * 100 + 1)

    @property
    def chat(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": self.first_name, "username": self.username}

    @property
    def person(self) -> Json:
        names = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        return {"id": self.id, "is_bot": False, "language_code": self.language, **names}

    def message(self, **content: Any) -> Json:
        """A message of the child's, as Telegram describes it."""
        basis = {"message_id": next(self._messages), "from": self.person, "chat": self.chat, "date": int(time.time())}
        return {**basis, **content}

    def writes(self, text: str) -> Json:
        return self.api.happens(message=self.message(text=text))

    def sends(self, **content: Any) -> Json:
        return self.api.happens(message=self.message(**content))

    def edits(self, update: Json, **content: Any) -> Json:
        """Change something of an earlier message."""
        kept = {**update["message"], "edit_date": int(time.time())}
        return self.api.happens(edited_message={**kept, **content})

    def taps(self, data: str, message_id: int = 5) -> Json:
        """Tap a button below the bot's message."""
        below = {"message_id": message_id, "chat": self.chat, "date": int(time.time()), "text": "a question"}
        tap = {
            "id": f"tap-{time.monotonic_ns()}",
            "from": self.person,
            "chat_instance": "1",
            "message": below,
            "data": data,
        }
        self.api.knows(self.id)
        return self.api.happens(callback_query=tap)

    def blocks(self) -> Json:
        return self._becomes("member", "kicked")

    def unblocks(self) -> Json:
        return self._becomes("kicked", "member")

    def adds_bot_to_group(self) -> Json:
        group = {"id": GROUP, "type": "supergroup", "title": "A class"}
        return self._becomes("left", "member", group)

    def writes_in_group(self, text: str, kind: str = "supergroup") -> Json:
        return self.sends(text=text, chat={"id": GROUP, "type": kind, "title": "A class"})

    def _becomes(self, before: str, after: str, chat: Json | None = None) -> Json:
        bot = {"id": 123456, "is_bot": True, "first_name": "Helpline", "username": "helpline_of_the_tests_bot"}
        moved = {
            "chat": chat or self.chat,
            "from": self.person,
            "date": int(time.time()),
            "old_chat_member": {"status": before, "user": bot, "until_date": 0},
            "new_chat_member": {"status": after, "user": bot, "until_date": 0},
        }
        return self.api.happens(my_chat_member=moved)
