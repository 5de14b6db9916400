"""How much of a request is read, and for how long: the same for every route; bodies with or without a length, in pieces or not."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive, Scope

MOST_HEADERS, MOST_HEADER_BYTES = 100, 16 * 1024
"""Headers of one request, and their bytes together. Browsers send some 20, about 1 KiB."""

MOST_READ = 4 * 1024 * 1024
"""Bytes after which reading ends. Far more than anybody keeps (see the routes), so that a browser which sends too much gets to read why."""

BODY_SECONDS = 20.0
"""Within it a body must have come: 64 KiB in that time is a very slow telephone's network (26 kbit/s)."""


class RequestRefused(Exception):
    """A request is not read to its end; `status` is what is answered."""

    status = 400


class TooMuch(RequestRefused):
    """More came than is even thrown away."""

    status = 413

    def __init__(self) -> None:
        super().__init__("This is too long.")


class TooManyHeaders(RequestRefused):
    """More headers than any browser sends."""

    status = 431

    def __init__(self) -> None:
        super().__init__("These are too many headers.")


class TooSlow(RequestRefused):
    """It did not come in time."""

    status = 408

    def __init__(self) -> None:
        super().__init__("This took too long. Please try again.")


def look_at_headers(scope: Scope) -> None:
    """Raises TooManyHeaders. (The server ends headers that never end; those that come in one piece are counted here.)"""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > MOST_HEADER_BYTES:
        raise TooManyHeaders


def bounded(receive: Receive, most: int = MOST_READ, seconds: float = BODY_SECONDS) -> Receive:
    """A receive that raises TooMuch or TooSlow while the body is read; after its end it waits for the disconnect as long as that takes."""
    deadline = asyncio.get_running_loop().time() + seconds
    size, complete = 0, False

    async def reading() -> Message:
        nonlocal size, complete
        if complete:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise TooSlow from None
        size += len(message.get("body", b""))
        if size > most:
            raise TooMuch
        complete = not message.get("more_body", False)
        return message

    return reading
