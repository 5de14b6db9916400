"""The file itself: its settings, its tables through time, who may read it."""

import asyncio
import stat
import traceback
from datetime import datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import IntegrityError, StatementError

from escalation import migrations
from escalation.bell import Bell
from escalation.cases import Urgency
from escalation.duty import Duty
from escalation.intake import Intake
from escalation.ledger import Ledger, LedgerIsAway, LedgerIsNewer, NotStorable, duty, invitations, metadata, migrate


@pytest.mark.in_a_file
async def test_every_connection_has_the_settings_that_the_promises_need(room):
    wanted = {
        "journal_mode": "wal",
        "synchronous": "2",
        "foreign_keys": "1",
        "secure_delete": "1",
        "temp_store": "2",
        "busy_timeout": "5000",
    }
    assert await asyncio.gather(*(room.ledger.pragmas() for _ in range(4))) == [wanted] * 4


async def test_the_migrations_make_exactly_the_tables_that_the_code_uses(room):
    async with room.ledger.read() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync, opts={"compare_type": True}), metadata)
        )
    assert differences == []


async def test_migrating_twice_or_at_once_is_harmless(tmp_path):
    ledgers = [Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}") for _ in range(3)]
    assert await ledgers[0].revision() is None
    await asyncio.gather(*(ledger.migrate() for ledger in ledgers))
    await ledgers[0].migrate()
    assert await ledgers[1].revision() == migrations.head()
    for ledger in ledgers:
        await ledger.close()


async def test_a_ledger_of_a_newer_version_is_left_alone(room):
    async with room.ledger.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LedgerIsNewer):
        await room.ledger.migrate()


def test_a_command_can_migrate_without_an_event_loop_and_the_file_is_its_owners(tmp_path):
    file = tmp_path / "new" / "ledger.db"
    migrate(f"sqlite:///{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_ledger_in_memory_is_refused():
    with pytest.raises(ValueError, match="survive"):
        Ledger.open("sqlite://")


async def test_foreign_keys_hold(room):
    with pytest.raises(IntegrityError):
        async with room.ledger.begin() as connection:
            await connection.execute(duty.insert().values(staff_id=7, until=room.clock()))


async def test_a_failed_transaction_leaves_nothing(room):
    row = {"token_digest": "0", "roles": ["counsellor"], "first": False, "expires_at": room.clock()}

    async def write_the_same_twice():
        async with room.ledger.begin() as connection:
            for _ in range(2):
                await connection.execute(invitations.insert().values(row))

    with pytest.raises(IntegrityError):
        await write_the_same_twice()
    assert await room.rows("invitations") == 0


async def test_a_time_without_a_zone_is_refused(room):
    with pytest.raises(StatementError, match="aware"):
        async with room.ledger.begin() as connection:
            await connection.execute(sa.select(duty).where(duty.c.until > datetime(2031, 1, 1)))  # noqa: DTZ001


@pytest.mark.in_a_file
async def test_a_full_disk_is_told_to_the_caller_without_a_word_of_the_child(room):
    await room.ledger.close()  # so that the next connection is the only one

    words = "-".join(["an", "invented", "word"])  # in pieces: a traceback shows source lines

    async def open_a_case_on_a_full_disk():
        async with room.ledger.begin() as connection:
            await connection.exec_driver_sql("PRAGMA max_page_count = 1")
        await room.open(Urgency.URGENT, words * 9000)

    with pytest.raises(LedgerIsAway) as away:
        await open_a_case_on_a_full_disk()
    assert "full" in str(away.value.__cause__)
    assert words not in "".join(traceback.format_exception(away.value))
    assert await room.rows("cases") == 0


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**400])
async def test_a_number_that_fits_into_no_column_is_told_apart_from_a_ledger_that_is_away(room, number: int):
    with pytest.raises(NotStorable):
        await Duty(room.ledger, Bell()).beat(number)
    assert await room.rows("cases") == 0, "the ledger is well"


async def test_a_damaged_or_empty_file_is_a_ledger_that_is_away(tmp_path):
    for content in (b"this is not a database" * 100, b""):
        file = tmp_path / "ledger.db"
        file.write_bytes(content)
        ledger = Ledger.open(f"sqlite:///{file}")
        with pytest.raises(LedgerIsAway):
            await Intake(ledger, Bell()).open_cases()
        await ledger.close()
        file.unlink()
