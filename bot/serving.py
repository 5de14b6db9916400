"""The web servers: what they take of anybody who connects, how long they wait for it, and that they tell nobody who it was.

In front of them there may be a proxy (deploy/nginx.conf), or nothing: an onion service leads straight here.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 2_000
"""Open connections of one server, sockets of open pages included. Whoever is one too many is answered 503 at once."""

MOST_HEADERS = 16 * 1024
"""Bytes of a request's line and headers together, which also bounds their number. Browsers send about 1 KiB."""

HEADER_SECONDS = 15.0
"""Within it a request's headers must have come, however slowly the network drips."""

KEEP_ALIVE_SECONDS = 5
LARGEST_FRAME = 256 * 1024
"""Bytes of a WebSocket frame to the chat. Up to here a child is told that a message was too long; for a longer one the line is closed (1009)."""

SPARE_FILES = 200
"""Files that the program itself needs beside its connections."""


class Punctual(H11Protocol):
    """HTTP/1.1 that also ends connections on which no whole request comes; uvicorn's own waits for the first one for ever."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connects: the clock runs."""
        super().connection_made(transport)
        self._wait(HEADER_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody to wait for any more."""
        if self._late:
            self._late.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """The next request may come, and what is left of a body that nobody read must end."""
        super().on_response_complete()
        self._wait(HEADER_SECONDS + KEEP_ALIVE_SECONDS)

    def _wait(self, seconds: float) -> None:
        if self._late:
            self._late.cancel()
        self._late = self.loop.call_later(seconds, self._close_if_idle)

    def _close_if_idle(self) -> None:
        became_a_socket = self not in self.connections
        is_answered_now = self.cycle is not None and not self.cycle.response_complete
        if not became_a_socket and not is_answered_now:
            self.transport.close()


class Server(uvicorn.Server):
    """A web server that leaves signals to whoever runs it (there are two of them in one process), and ends its connections when cancelled."""

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until cancelled; then close every connection before what they use is closed."""
        try:
            await super().serve(sockets)
        except asyncio.CancelledError:
            if self.started:
                await self.shutdown(sockets)
            raise

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def server(app: Any, host: str, port: int, largest_frame: int = LARGEST_FRAME) -> Server:
    """A web server that logs no access and says nothing of itself."""
    return Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=False,
            lifespan="off",
            proxy_headers=False,
            timeout_graceful_shutdown=3,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            http=Punctual,
            h11_max_incomplete_event_size=MOST_HEADERS,
            limit_concurrency=_connections(),
            ws="websockets-sansio",
            ws_max_size=largest_frame,
            ws_per_message_deflate=False,  # frames are small; and what compresses can be made to burst, or to tell by its length
        )
    )


def _connections() -> int:
    """As many as wanted, or half of what the machine lets one process open (there are two servers)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST_CONNECTIONS + SPARE_FILES
    if soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(10, min(MOST_CONNECTIONS, (soft - SPARE_FILES) // 2))
