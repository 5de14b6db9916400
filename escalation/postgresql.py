"""What the ledger has to do otherwise on PostgreSQL: how it connects, what its silence means, one migration at a time, scrubbing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

MIGRATION_LOCK = 0x4D494752
"""The number of the advisory lock that whoever migrates holds until the transaction ends."""

MIGRATION_SECONDS = 120.0

ENGINE: dict[str, Any] = {
    "pool_pre_ping": True,  # a connection that PostgreSQL's restart has cut is replaced before it is used
    "pool_size": 10,
    "max_overflow": 20,
    "pool_timeout": 5,  # seconds, as for SQLite's lock
    "connect_args": {
        "timeout": 5,
        "command_timeout": 15,  # when the server or the line to it is dead
        "server_settings": {
            "application_name": "helpline",
            "synchronous_commit": "on",  # a commit is on the disk before the child is told (promise 1), whatever the server's default
            "lock_timeout": "5s",
            "statement_timeout": "10s",
            "idle_in_transaction_session_timeout": "60s",  # a process that hangs holds no case locked
        },
    },
}

AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError)
"""What the driver raises by itself while it connects, past SQLAlchemy."""

NOT_MIGRATED, NOT_PERMITTED = "42P01", "42501"
"""SQLSTATE: a table is not there; the user may not use it. Neither is a mistake in a statement of ours."""

READS = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""A reader sees one moment, as on SQLite, and waits for nobody."""

SAFE = {
    "fsync": {"on"},  # or a commit is not on the disk when the child is told (promise 1)
    "full_page_writes": {"on"},
    "log_statement": {"none", "ddl"},  # what is written to the ledger is not written to a log beside it (promise 2)
    "log_min_duration_statement": {"-1"},
    "log_parameter_max_length_on_error": {"0"},
}
"""What a server has to be set to; the rest the ledger sets itself, for each of its connections."""


def is_away(error: DBAPIError) -> bool:
    """Whether a refusal means that the ledger cannot be used, although SQLAlchemy calls it a mistake in the statement."""
    return getattr(error.orig, "sqlstate", None) in {NOT_MIGRATED, NOT_PERMITTED}


def is_unfit(error: BaseException) -> bool:
    """Whether a value was refused that fits into no column (SQLSTATE class 22, "data exception"): too large, or with a NUL in it."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None)).startswith("22")


async def one_at_a_time(connection: AsyncConnection) -> None:
    """Wait until nobody else migrates: two processes may start at once. Longer than for any other lock: a migration may take its time."""
    async with asyncio.timeout(MIGRATION_SECONDS):
        while not await connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(MIGRATION_LOCK))):
            await asyncio.sleep(0.1)


async def unsafe(connection: AsyncConnection) -> list[str]:
    """The server's settings that break a promise, as `name = value`, and "not encrypted" for a line to another machine in the clear."""
    found = await connection.execute(
        sa.text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names) ORDER BY name"), {"names": list(SAFE)}
    )
    odd = [f"{row.name} = {row.setting}" for row in found if row.setting not in SAFE[row.name]]
    in_the_clear = (
        "SELECT NOT ssl AND NOT coalesce(inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1', true)"
        " FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    )
    if await connection.scalar(sa.text(in_the_clear)):
        odd.append("not encrypted")
    return odd


async def scrub(engine: AsyncEngine, tables: Iterable[str]) -> bool:
    """Write the tables anew without what was deleted; False when others were in the way.

    A plain VACUUM only forgets where deleted rows were; VACUUM FULL makes a new file of the rows that live and drops the old one.
    It locks one table at a time, and retention keeps them small. The write-ahead log and backups are the operator's to end
    (docs/operating.md); what they hold of a case is sealed.
    """
    try:
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for table in tables:
                await connection.exec_driver_sql(f"VACUUM (FULL) {table}")
    except (DBAPIError, *AWAY, OSError):
        return False
    return True
