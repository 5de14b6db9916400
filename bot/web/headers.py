"""The headers that keep the page to itself: nothing from elsewhere runs in it, nothing of it is kept or told on."""

from __future__ import annotations

import re
from collections.abc import Sequence

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.bounds import RequestRefused, bounded, look_at_headers

NEUTRAL = "https://www.wikipedia.org/"
"""Where "Leave now" goes: a page that anybody may be looking at, in every language, and that asks nothing. Keep the path "/":
browsers apply form-action to the redirect as well, and the policy below allows this origin for it."""

_HOST = re.compile(r"[A-Za-z0-9.\-:\[\]]{1,255}")

_FIXED = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), browsing-topics=()",
    "X-DNS-Prefetch-Control": "off",
}

log = structlog.get_logger()


def policy(host: str, ancestors: Sequence[str] = ()) -> str:
    """The content security policy. The socket is named beside 'self' because older Safari does not count ws: as the same origin."""
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    framed = " ".join(ancestors) or "'none'"
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'{sockets}; "
        f"form-action 'self' {NEUTRAL.rstrip('/')}; base-uri 'none'; frame-ancestors {framed}"
    )


class Guarded:
    """ASGI middleware that puts the headers on every answer, bounds what is read, and keeps silent about what breaks.

    `ancestors` are the origins that may show the child's page in a frame; nothing else is ever framed.
    """

    def __init__(self, app: ASGIApp, ancestors: Sequence[str] = ()) -> None:
        self._app = app
        self._ancestors = tuple(ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; only the start of an answer is changed."""
        if scope["type"] == "websocket":
            await self._app(scope, receive, self._refusing(scope, send))
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._wear(scope, message)
            await send(message)

        try:
            look_at_headers(scope)
            await self._app(scope, bounded(receive), guarded)
        except RequestRefused as refusal:
            if not begun:
                answer = PlainTextResponse(str(refusal), refusal.status, {"Connection": "close"})
                await answer(scope, receive, guarded)
        except Exception as mistake:
            # The type only, and no further: a message may carry what the child wrote (promise 2).
            log.error("web_mistake", channel="web", error=type(mistake).__name__)
            if not begun:
                await PlainTextResponse("Please open this page again.", 500)(scope, receive, guarded)

    def _wear(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        headers.update(_FIXED)
        ancestors = self._ancestors if scope["path"] == "/" else ()
        if ancestors:
            del headers["X-Frame-Options"]  # it knows no list; browsers that know frame-ancestors do not need it
        headers["Content-Security-Policy"] = policy(Headers(scope=scope).get("host", ""), ancestors)

    def _refusing(self, scope: Scope, send: Send) -> Send:
        """A line that is not accepted is answered 403, and that answer wears the headers too."""
        accepted = False

        async def refusing(message: Message) -> None:
            nonlocal accepted
            accepted = accepted or message["type"] == "websocket.accept"
            if accepted or message["type"] != "websocket.close":
                await send(message)
                return
            start: Message = {"type": "websocket.http.response.start", "status": 403, "headers": []}
            self._wear(scope, start)
            await send(start)
            await send({"type": "websocket.http.response.body", "body": b""})

        return refusing if "websocket.http.response" in scope.get("extensions", {}) else send
