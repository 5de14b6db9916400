"""The bell across processes: PostgreSQL's NOTIFY carries the names of topics, and nothing else, to whoever uses the same ledger."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import structlog
from sqlalchemy.engine import make_url

from escalation.bell import Bell, is_ending
from escalation.ledger import DRIVERS

CHANNEL = "helpline"
AGAIN_SECONDS = 1.0
"""How long after a lost connection the next one is tried. Meanwhile the relay and the consoles look by themselves, less often."""

PROBE_SECONDS = 15.0
"""How often a quiet line is tried, for one that is dead says nothing."""

log = structlog.get_logger("bell")


class PostgresBell(Bell):
    """Rings here at once, and in the other processes as soon as PostgreSQL has passed it on.

    What rings while PostgreSQL is away is passed on when it is back; and since anything may have changed meanwhile, everybody here is woken.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        address = make_url(url).set(drivername=DRIVERS["postgresql"])
        self._address: dict[str, Any] = dict(address.get_dialect()().create_connect_args(address)[1])
        self._unsent: set[str] = set()
        self._wake = asyncio.Event()

    def ring(self, topic: str = "") -> None:
        """Wake every listener, here and elsewhere."""
        super().ring(topic)
        self._unsent.add(topic)
        self._wake.set()

    async def run(self) -> None:
        """Listen and pass on until cancelled, over one connection after the other."""
        while not is_ending():
            try:
                await self._use_one_connection()
            except asyncio.CancelledError as error:
                if is_ending():
                    raise
                log.warning("bell_is_alone", error=type(error).__name__)  # the driver gave up something of its own
            except Exception as error:  # whatever a dying connection throws, the next one may live
                log.warning("bell_is_alone", error=type(error).__name__)
            await asyncio.sleep(AGAIN_SECONDS)

    async def close(self) -> None:
        """Pass on what has rung and nobody was told yet: a command that ends, or a program that stops."""
        if not self._unsent:
            return
        try:
            connection = await self._connected()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return  # the others look by themselves, a little later
        try:
            await self._pass_on(connection)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return
        finally:
            connection.terminate()

    async def _connected(self) -> Any:
        return await asyncpg.connect(**self._address, timeout=5, command_timeout=5)

    async def _use_one_connection(self) -> None:
        connection = await self._connected()
        own = connection.get_server_pid()

        def heard(_connection: Any, sender: int, _channel: str, topic: str) -> None:
            if sender != own:
                super(PostgresBell, self).ring(topic)

        try:
            connection.add_termination_listener(lambda _: self._wake.set())
            await connection.add_listener(CHANNEL, heard)
            super().ring()  # nobody was listening until now
            while not connection.is_closed() and not is_ending():
                await self._pass_on(connection)
                await self._woken()
        finally:
            connection.terminate()

    async def _pass_on(self, connection: Any) -> None:
        """Send what has not been sent; without anything to send it is seen whether the line is alive."""
        topics, self._unsent = self._unsent, set()
        try:
            await connection.execute(
                "SELECT pg_notify($1, topic) FROM unnest($2::text[]) AS topic", CHANNEL, list(topics)
            )
        except BaseException:
            self._unsent |= topics
            raise

    async def _woken(self) -> None:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()
