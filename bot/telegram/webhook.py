"""Webhook: Telegram brings updates to our web server. Whoever does not know the secret is turned away before anything is read."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/telegram"
"""Public and the same everywhere: what protects it is the secret in the header, since paths end up in the logs of proxies."""

HEADER = "X-Telegram-Bot-Api-Secret-Token"

LARGEST = 256 * 1024
"""Bytes of one update."""

Take = Callable[[Sequence[object]], Awaitable[None]]


def address(public: str) -> str:
    """Where Telegram sends updates, given the chat's public address, with or without the path."""
    return public.rstrip("/").removesuffix(PATH) + PATH


def route(secret: str, take: Take) -> Route:
    """The route for our web server. 200 is answered when the update was heard, until then Telegram keeps it (promise 1)."""

    async def receive(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), secret.encode()):
            return Response(status_code=403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                return Response(status_code=413)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        await take([update])
        return Response()

    return Route(PATH, receive, methods=["POST"], name="telegram")
