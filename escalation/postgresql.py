"""What the ledger has to do otherwise on PostgreSQL: how it connects, what its silence means, one migration at a time, scrubbing."""

from __future__ import annotations

from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

MIGRATION_LOCK = 0x4D494752
"""The number of the advisory lock that whoever migrates holds until the transaction ends."""

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

SCRUBBED = ("messages", "letters", "cases", "invitations", "staff", "team")
"""The tables out of which words and keys are deleted."""


def is_away(error: DBAPIError) -> bool:
    """Whether a refusal means that the ledger cannot be used, although SQLAlchemy calls it a mistake in the statement."""
    return getattr(error.orig, "sqlstate", None) in {NOT_MIGRATED, NOT_PERMITTED}


async def one_at_a_time(connection: AsyncConnection) -> None:
    """Wait until nobody else migrates: two processes may start at once."""
    await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))


async def scrub(engine: AsyncEngine) -> bool:
    """Write the tables anew without what was deleted; False when others were in the way.

    A plain VACUUM only forgets where deleted rows were; VACUUM FULL makes a new file of the rows that live and drops the old one.
    It locks one table at a time, and retention keeps them small. The write-ahead log and backups are the operator's to end
    (docs/operating.md); what they hold of a case is sealed.
    """
    try:
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            for table in SCRUBBED:
                await connection.exec_driver_sql(f"VACUUM (FULL) {table}")
    except (DBAPIError, *AWAY, OSError):
        return False
    return True
