"""Armour: what holds for every request whatever the route: headers, a limit for bodies, and silence about mistakes."""

from __future__ import annotations

import asyncio

import structlog
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BIGGEST_BODY = 64 * 1024  # bytes
BODY_SECONDS = 20.0
"""Within it a body must have come; whoever sends it drop by drop holds a connection for no longer."""

MOST_HEADERS, MOST_HEADER_BYTES = 100, 16 * 1024

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()",
}

log = structlog.get_logger()


class Armour:
    """ASGI middleware, the outermost one.

    What breaks inside is logged by the name of the exception only: messages of exceptions can hold a child's words,
    and a server that sees the exception would print them (promise 2).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._quietly(scope, receive, _refusing(scope, send))
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if _too_many(scope["headers"]):
            answer = JSONResponse({"error": "The request has too many headers."}, 431, {"Connection": "close"})
            await answer(scope, receive, send_with_headers)
            return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(receive)
        except TimeoutError:
            answer = JSONResponse({"error": "The request took too long."}, 408, {"Connection": "close"})
            await answer(scope, receive, send_with_headers)
            return
        if body is None:
            answer = JSONResponse({"error": "The request is too big."}, 413, {"Connection": "close"})
            await answer(scope, receive, send_with_headers)
        elif not await self._quietly(scope, _once(body, receive), send_with_headers) and not begun:
            answer = JSONResponse({"error": "Something went wrong here; please try again."}, 500)
            await answer(scope, receive, send_with_headers)

    async def _quietly(self, scope: Scope, receive: Receive, send: Send) -> bool:
        try:
            await self._app(scope, receive, send)
        except Exception as mistake:
            log.error("console.mistake", kind=type(mistake).__name__)
            return False
        return True


def _too_many(headers: list[tuple[bytes, bytes]]) -> bool:
    return len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > MOST_HEADER_BYTES


def _refusing(scope: Scope, send: Send) -> Send:
    """A line that is not accepted is answered 403, and that answer wears the headers too."""
    accepted = False

    async def refusing(message: Message) -> None:
        nonlocal accepted
        accepted = accepted or message["type"] == "websocket.accept"
        if accepted or message["type"] != "websocket.close":
            await send(message)
            return
        headers = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
        await send({"type": "websocket.http.response.start", "status": 403, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": b""})

    return refusing if "websocket.http.response" in scope.get("extensions", {}) else send


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when it is bigger than allowed, also in pieces without a length, or breaks off."""
    body = b""
    while True:
        message = await receive()
        piece: bytes = message.get("body", b"")
        body += piece
        if len(body) > BIGGEST_BODY or message["type"] == "http.disconnect":
            return None
        if not message.get("more_body", False):
            return body


def _once(body: bytes, receive: Receive) -> Receive:
    """A receive that hands out the body first and then listens to the real one (which tells of a disconnect)."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
