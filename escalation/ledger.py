"""The ledger: the one store that must survive, and therefore holds nothing that identifies a child.

SQLite by default, PostgreSQL by another URL. Every promise about durability and deletion that the database can keep
is switched on here, so that no other module has to remember it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, Self, TypeVar

import sqlalchemy as sa
from alembic.util.exc import CommandError
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from escalation import migrations, postgresql

P = ParamSpec("P")
R = TypeVar("R")

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}

PRAGMAS = {
    "busy_timeout": "5000",  # milliseconds to wait for another process that writes
    "journal_mode": "WAL",  # readers never wait for the writer
    "synchronous": "FULL",  # a commit is on the disk before the child is told (promise 1)
    "foreign_keys": "ON",  # no message or letter outlives its case
    "secure_delete": "ON",  # deleted words are overwritten with zeros (promise 2)
    "temp_store": "MEMORY",  # no words in temporary files
}


def utc_now() -> datetime:
    """The time, in UTC: the clock that everything here uses unless a test hands in another."""
    return datetime.now(UTC)


def unbroken(method: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Let a method that uses the ledger come to its end although its caller is cancelled.

    A browser that closes cancels its request at any await. In the middle of a transaction that would lose what the
    child had just told, and the driver would leave the file locked for everybody else (promise 1).
    """

    @wraps(method)
    async def to_the_end(*args: P.args, **kwargs: P.kwargs) -> R:
        working = asyncio.ensure_future(method(*args, **kwargs))
        _unfinished.add(working)
        working.add_done_callback(_unfinished.discard)
        return await asyncio.shield(working)

    return to_the_end


_unfinished: set[asyncio.Future[Any]] = set()  # the event loop itself holds tasks only weakly


class LedgerIsAway(Exception):
    """The ledger cannot be used at the moment: locked for too long, disk full, damaged, not migrated, unreachable."""

    def __init__(self) -> None:
        super().__init__("The ledger cannot be used at the moment; 'helpline doctor' says more.")


class NotStorable(Exception):
    """Something was asked for by a number or a character that no ledger takes; the ledger itself is well."""

    def __init__(self) -> None:
        super().__init__("This holds a number or a character that cannot be looked up or stored.")


class LedgerIsNewer(Exception):
    """The ledger was written by a newer version of the helpline; this one must not touch it."""


class Utc(sa.TypeDecorator[datetime]):
    """A moment in UTC, aware on both sides, also where the database (SQLite) knows no time zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Turn an aware moment into UTC; a naive one is a mistake and raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("The ledger takes aware times only.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

team = sa.Table(
    "team",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),  # one row, 1
    sa.Column("public_key", sa.LargeBinary, nullable=False),  # what case keys are sealed to
    sa.Column("founding_secret", sa.LargeBinary),  # the private key in the clear, until the first administrator joins
    sa.Column("recovery_public", sa.LargeBinary),
    sa.Column("recovery_sealed", sa.LargeBinary),  # the private key, sealed to the printed recovery key
    sa.Column("code_salt", sa.LargeBinary, nullable=False),  # of the return codes, see escalation.receipts
)

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("name_folded", sa.String(160), nullable=False, unique=True),
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("public_key", sa.LargeBinary),
    sa.Column("wrapped_key", sa.LargeBinary),  # the person's private key, wrapped by their password
    sa.Column("team_key", sa.LargeBinary),  # the team's private key, sealed to public_key; editors have none
    sa.Column("second_factor", sa.LargeBinary),  # the TOTP secret, sealed to public_key
    sa.Column("second_factor_step", sa.Integer),  # the last time step whose code was used; none until it was confirmed
    sa.Column("joined_at", Utc, nullable=False),
    sa.Column("disabled_at", Utc),
    sqlite_autoincrement=True,
)

invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("token_digest", sa.String(64), primary_key=True),
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("first", sa.Boolean, nullable=False),
    sa.Column("team_key", sa.LargeBinary),  # the team's private key, wrapped by the token itself
    sa.Column("expires_at", Utc, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_digest", sa.String(64), primary_key=True),
    sa.Column("staff_id", sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("wrapped_key", sa.LargeBinary, nullable=False),  # the person's private key, wrapped by the cookie's token
    sa.Column("confirmed", sa.Boolean, nullable=False),  # the second factor was given
    sa.Column("seen_at", Utc, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # 1, 2, 3, ... without a gap
    sa.Column("at", Utc, nullable=False),
    sa.Column("act", sa.String(40), nullable=False),
    sa.Column("by", sa.Integer),  # staff ids; no foreign key: an entry outlives whom it names
    sa.Column("about", sa.Integer),
    sa.Column("digest", sa.String(64), nullable=False),  # of this entry and the digest before it
)

duty = sa.Table(
    "duty",
    metadata,
    sa.Column("staff_id", sa.ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("until", Utc, nullable=False),
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("urgency", sa.String(10), nullable=False),
    sa.Column("turn", Utc, nullable=False),  # when it is this case's turn, see escalation.waitlist.turn
    sa.Column("categories", sa.JSON, nullable=False),
    sa.Column("perspective", sa.String(10), nullable=False),
    sa.Column("locale", sa.String(20), nullable=False),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("country", sa.String(10)),
    sa.Column("sealed_key", sa.LargeBinary, nullable=False),  # the case key, sealed to the team's public key
    sa.Column("because", sa.LargeBinary, nullable=False),  # sealed with the case key, like the lines
    sa.Column("code_digest", sa.LargeBinary, unique=True, index=True),  # finds the case by its return code
    sa.Column("code_key", sa.LargeBinary),  # the case key, wrapped by the return code
    sa.Column("presence", sa.String(10), nullable=False),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("staff_id", sa.ForeignKey("staff.id"), index=True),
    sa.Column("claimed_at", Utc),
    sa.Column("waited_seconds", sa.Integer),  # until the first claim, for the honest wait
    sa.Column("closed_at", Utc),
    sa.Column("outcome", sa.String(30)),
    sa.Index("ix_cases_state_turn", "state", "turn"),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),  # 0, 1, 2, ... within the case
    sa.Column("author", sa.String(20), nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # the redacted text and its marks, sealed with the case key
    sa.Column("at", Utc, nullable=False),
    sa.UniqueConstraint("case_id", "position"),
)

letters = sa.Table(
    "letters",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("message_id", sa.ForeignKey("messages.id", ondelete="CASCADE"), index=True),  # a reply's words
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("state", sa.String(20), nullable=False, index=True),
    sa.Column("not_before", Utc, nullable=False),
    sqlite_autoincrement=True,  # an id is never used twice, so a late "delivered" cannot hit another letter
)

daily_counts = sa.Table(
    "daily_counts",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("locale", sa.String(20), primary_key=True),
    sa.Column("category", sa.String(30), primary_key=True),
    sa.Column("urgency", sa.String(10), primary_key=True),
    sa.Column("outcome", sa.String(30), primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)


class Ledger:
    """One open ledger. `Ledger.open(url)`, `await ledger.migrate()`, use it, `await ledger.close()`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        # SQLite has one writer at a time: those of this process queue here, fairly, instead of polling for the lock.
        self._writer = asyncio.Lock()
        if self._sqlite:
            sa.event.listen(engine.sync_engine, "connect", _prepare)
            sa.event.listen(engine.sync_engine, "begin", _begin)

    @classmethod
    def open(cls, url: str) -> Self:
        """Open `sqlite:///path/to/ledger.db` or `postgresql://...`; nothing is read before the first use.

        A new SQLite file, and the folders that it needs, can be read by their owner only.
        """
        address = make_url(url)
        family = address.get_backend_name()
        if family == "sqlite":
            _own(address)
        address = address.set(drivername=DRIVERS.get(family, address.drivername))
        special = postgresql.ENGINE if family == "postgresql" else {}
        return cls(
            create_async_engine(address, hide_parameters=True, **special)
        )  # no child's words in an error (promise 2)

    async def close(self) -> None:
        """Close every connection; the last one to close a SQLite ledger empties its write-ahead log."""
        async with self._alone():  # what is being written is finished first
            await self._engine.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Write: a transaction that is committed, durably, when the block is left, and undone when it raises.

        Never begin a second one inside: on SQLite it would wait for the first. Raises LedgerIsAway.
        """
        with _or_away():
            async with self._alone(), self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Read; waits for no writer. Everything in the block sees one moment. Raises LedgerIsAway."""
        with _or_away():
            options = {"begins": "BEGIN"} if self._sqlite else postgresql.READS
            async with self._engine.execution_options(**options).begin() as connection:
                yield connection

    @unbroken
    async def migrate(self) -> None:
        """Bring a fresh or older ledger to the present tables, all of the way or not at all.

        Raises LedgerIsNewer for a ledger that a newer version has written.
        """
        async with self.begin() as connection:
            if not self._sqlite:
                await postgresql.one_at_a_time(connection)
            try:
                before = await connection.run_sync(migrations.revision)
                await connection.run_sync(migrations.upgrade)
            except CommandError as error:
                raise LedgerIsNewer("The ledger was written by a newer version; update the helpline.") from error
        if before not in {None, migrations.head()}:
            await self.scrub()  # an older ledger may have held words in the clear

    @unbroken
    async def revision(self) -> str | None:
        """The ledger's revision, or None when it was never migrated; compare with `migrations.head()`."""
        async with self.read() as connection:
            return await connection.run_sync(migrations.revision)

    @unbroken
    async def pragmas(self) -> dict[str, str]:
        """The settings that SQLite really has, by name, for `helpline doctor`; empty on other databases."""
        if not self._sqlite:
            return {}
        async with self.read() as connection:
            return {name: str((await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()) for name in PRAGMAS}

    @unbroken
    async def unsafe_server(self) -> list[str] | None:
        """What of the PostgreSQL server breaks a promise, for `helpline doctor`; None on SQLite, which has no server."""
        if self._sqlite:
            return None
        async with self.read() as connection:
            return await postgresql.unsafe(connection)

    @unbroken
    async def scrub(self) -> bool:
        """After a deletion: leave nothing of it in the files (promise 2). False when others were in the way.

        secure_delete alone is not enough: a page that was rearranged before can keep a copy of a row in its slack (seen
        once in twelve random histories). VACUUM writes every page anew from the rows that live, and the checkpoint
        empties the write-ahead log. Both take time with the size of the ledger, which retention keeps small.
        """
        if not self._sqlite:
            return await postgresql.scrub(self._engine, metadata.tables)
        try:
            async with self._alone(), self._engine.execution_options(begins="").connect() as connection:
                await connection.exec_driver_sql("VACUUM")
                return (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).scalar() == 0
        except DBAPIError:  # another process is writing
            return False

    def _alone(self) -> AbstractAsyncContextManager[Any]:
        return self._writer if self._sqlite else nullcontext()


def migrate(url: str) -> None:
    """Bring the ledger at `url` to the present tables; for commands that run no event loop of their own."""

    async def once() -> None:
        ledger = Ledger.open(url)
        try:
            await ledger.migrate()
        finally:
            await ledger.close()

    asyncio.run(once())


@contextmanager
def _or_away() -> Iterator[None]:
    """Say LedgerIsAway for what the database could not do, NotStorable for what no database could; what it rightly refused stays as it is."""
    try:
        yield
    except (OverflowError, UnicodeEncodeError) as error:  # the driver of SQLite
        raise NotStorable from error
    except (IntegrityError, ProgrammingError, DataError) as error:
        if not postgresql.is_away(error):
            raise
        raise LedgerIsAway from error
    except (DBAPIError, NoConnectionLeft, OSError, *postgresql.AWAY) as error:
        raise (NotStorable if postgresql.is_unfit(error) else LedgerIsAway) from error


def _own(address: URL) -> None:
    """Make the SQLite file before SQLite does, so that it and its log belong to the owner alone."""
    if not address.database or address.database == ":memory:":
        raise ValueError("A ledger must survive: give it a file, for instance sqlite:///var/ledger.db.")
    path = Path(address.database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself, _begin does
    cursor = connection.cursor()
    for name, value in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {value}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a transaction that reads first and writes later could be refused in the middle."""
    begins = connection.get_execution_options().get("begins", "BEGIN IMMEDIATE")
    if begins:
        connection.exec_driver_sql(begins)
