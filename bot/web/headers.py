"""The headers that keep the page to itself: nothing from elsewhere runs in it, nothing of it is kept or told on."""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "X-DNS-Prefetch-Control": "off",
}


def policy(host: str) -> str:
    """The content security policy. The socket is named beside 'self' because older Safari does not count ws: as the same origin."""
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'{sockets}; "
        f"form-action 'self' {NEUTRAL.rstrip('/')}; base-uri 'none'; frame-ancestors 'none'"
    )


class Guarded:
    """ASGI middleware that puts the headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; only the start of an HTTP answer is changed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _FIXED.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = policy(host)
            await send(message)

        await self._app(scope, receive, guarded)
