"""The ledger on a real PostgreSQL: what was told is kept whatever happens to the server, and what was deleted is gone."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pyotp
import pytest
import sqlalchemy as sa
from members import PASSWORD
from servers import POSTGRESQL, end_connections

from escalation import migrations
from escalation.audit import Audit
from escalation.bell import Bell
from escalation.cases import Author, Category, Facts, Opened, Outcome, Perspective, Said, Urgency
from escalation.counsel import Counsel
from escalation.duty import Duty
from escalation.intake import Intake
from escalation.joining import InvitationNotValid, Joining
from escalation.ledger import Ledger, LedgerIsAway, LedgerIsNewer, NotStorable, cases, messages
from escalation.people import Role, Signed
from escalation.sealing import Pair, SealIsBroken
from escalation.staff import Staff

FACTS = Facts(Urgency.URGENT, (Category.CONTROL,), Perspective.SELF, "en", "web")

OPENS_CASES_FOR_EVER = """
import asyncio, os, sys
from datetime import UTC, datetime
from escalation.bell import Bell
from escalation.cases import Author, Category, Facts, Perspective, Said, Urgency
from escalation.intake import Intake
from escalation.ledger import Ledger

async def main():
    intake = Intake(Ledger.open(sys.argv[1]), Bell())
    facts = Facts(Urgency.EMERGENCY, (Category.CONTROL,), Perspective.SELF, "en", "web")
    async def child():
        while True:
            case = await intake.open(facts, [Said(Author.CHILD, "help", datetime.now(UTC))])
            os.write(1, (case.id + "\\n").encode())
    await asyncio.gather(child(), child(), child())

asyncio.run(main())
"""


@pytest.fixture
async def ledger(postgresql: str) -> AsyncIterator[Ledger]:
    """A migrated ledger."""
    opened = Ledger.open(postgresql)
    await opened.migrate()
    yield opened
    await opened.close()


async def child_writes(ledger: Ledger, words: str = "help") -> Opened:
    return await Intake(ledger, Bell()).open(FACTS, [Said(Author.CHILD, words, datetime.now(UTC))])


async def test_processes_that_start_at_once_migrate_once(postgresql: str):
    ledgers = [Ledger.open(postgresql) for _ in range(4)]
    assert await ledgers[0].revision() is None
    await asyncio.gather(*(ledger.migrate() for ledger in ledgers))
    assert await ledgers[1].revision() == migrations.head()
    for ledger in ledgers:
        await ledger.close()


async def test_a_ledger_of_a_newer_version_is_left_alone(ledger: Ledger):
    async with ledger.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LedgerIsNewer):
        await ledger.migrate()


@pytest.mark.parametrize("address", ["postgresql://127.0.0.1:1/test", POSTGRESQL.rpartition("/")[0] + "/never_made"])
async def test_a_server_or_a_database_that_is_not_there_is_a_ledger_that_is_away(address: str):
    ledger = Ledger.open(address)
    with pytest.raises(LedgerIsAway, match="helpline doctor"):
        await child_writes(ledger)
    await ledger.close()


async def test_a_ledger_that_was_never_migrated_is_away(postgresql: str):
    ledger = Ledger.open(postgresql)
    with pytest.raises(LedgerIsAway):
        await child_writes(ledger)
    await ledger.close()


async def test_what_fits_into_no_column_is_told_apart_from_a_ledger_that_is_away(ledger: Ledger):
    with pytest.raises(NotStorable):
        await Duty(ledger, Bell()).beat(2**31)
    with pytest.raises(NotStorable):
        await Intake(ledger, Bell()).state("a\x00")
    await child_writes(ledger)


async def test_a_server_that_was_restarted_is_used_again_at_once(ledger: Ledger, postgresql: str):
    opened = await asyncio.gather(*(child_writes(ledger) for _ in range(8)))
    assert await end_connections(postgresql) >= 2
    again = await asyncio.gather(*(child_writes(ledger) for _ in range(8)))
    waiting = await Counsel(ledger, Bell()).queue(None)
    assert {case.id for case in waiting} == {case.id for case in (*opened, *again)}


async def test_connections_that_end_in_the_middle_leave_nothing_half_told(ledger: Ledger, postgresql: str):
    told: set[str] = set()

    async def children() -> None:
        for _ in range(40):
            try:
                told.add((await child_writes(ledger)).id)
            except LedgerIsAway:
                await asyncio.sleep(0.01)

    writing = [asyncio.create_task(children()) for _ in range(4)]
    ended = 0
    while not all(task.done() for task in writing):
        await asyncio.sleep(random.uniform(0.01, 0.05))  # noqa: S311 - any moment will do
        ended += await end_connections(postgresql)
    await asyncio.gather(*writing)
    assert ended > 10
    assert told
    async with ledger.read() as connection:
        kept = set(await connection.scalars(sa.select(cases.c.id)))
        complete = set(await connection.scalars(sa.select(messages.c.case_id)))
    assert told <= kept == complete


async def test_no_child_who_was_told_is_lost_when_the_process_is_killed(ledger: Ledger, postgresql: str):
    told: set[str] = set()
    for _ in range(5):
        process = subprocess.Popen([sys.executable, "-c", OPENS_CASES_FOR_EVER, postgresql], stdout=subprocess.PIPE)
        assert process.stdout is not None
        first = await asyncio.to_thread(process.stdout.readline)
        await asyncio.sleep(random.uniform(0, 0.1))  # noqa: S311 - any moment will do
        process.send_signal(signal.SIGKILL)
        said = (first + process.communicate()[0]).decode()
        told |= {line for line in said.split("\n")[:-1] if line}
    async with ledger.read() as connection:
        kept = set(await connection.scalars(sa.select(cases.c.id)))
        complete = set(await connection.scalars(sa.select(messages.c.case_id)))
    assert len(told) >= 5
    assert told <= kept
    assert kept == complete


async def test_a_case_that_somebody_holds_locked_keeps_a_child_waiting_for_seconds_only(
    ledger: Ledger, postgresql: str
):
    case = await child_writes(ledger)
    holder = await asyncpg.connect(postgresql)
    async with holder.transaction():
        await holder.execute("SELECT * FROM cases FOR UPDATE")
        began = time.monotonic()
        with pytest.raises(LedgerIsAway):
            await Intake(ledger, Bell()).add(case, Said(Author.CHILD, "hello?", datetime.now(UTC)))
        assert time.monotonic() - began < 8
    await holder.close()
    await Intake(ledger, Bell()).add(case, Said(Author.CHILD, "hello?", datetime.now(UTC)))


async def test_what_a_child_takes_back_is_gone_from_the_tables_files(ledger: Ledger, postgresql: str):
    case = await child_writes(ledger)
    async with ledger.read() as connection:
        sealed = await connection.scalar(sa.select(messages.c.sealed))
        key = await connection.scalar(sa.select(cases.c.sealed_key))
    before = await bytes_of_tables(postgresql)
    assert sealed in before
    assert key in before
    await Intake(ledger, Bell()).withdraw(case.id)
    after = await bytes_of_tables(postgresql)
    assert sealed not in after
    assert key not in after


async def bytes_of_tables(url: str) -> bytes:
    """What PostgreSQL's own files hold of the tables (needs a superuser, as tests are)."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CHECKPOINT")
        return b"".join(
            [
                await connection.fetchval("SELECT pg_read_binary_file(pg_relation_filepath($1::text::regclass))", table)
                for table in ("messages", "cases")
            ]
        )
    finally:
        await connection.close()


class Colleague:
    """Somebody who joins with an invitation, as the console has it; the shortcut of `members` would not meet a rotation."""

    def __init__(self, staff: Staff, number: int, token: str) -> None:
        self._staff = staff
        self.number = number
        self._token = token

    @classmethod
    async def join(cls, ledger: Ledger, staff: Staff, name: str, invited_by: Colleague | None = None) -> Colleague:
        """Accept an invitation, sign in and set the second factor."""
        joining = Joining(ledger)
        invitation = (
            await joining.invite(await invited_by.signed(), [Role.COUNSELLOR])
            if invited_by
            else await joining.first_invitation()
        )
        assert invitation
        number = (await joining.accept(invitation, name, PASSWORD)).id
        member = cls(staff, number, await staff.sign_in(name, PASSWORD))
        factor = await staff.new_second_factor(await member.signed())
        await staff.confirm_second_factor(
            await member.signed(), member._token, pyotp.TOTP(factor.secret).at(datetime.now(UTC))
        )
        return member

    async def signed(self) -> Signed:
        """What a request of this member's works with."""
        signed = await self._staff.who(self._token)
        assert signed
        return signed

    async def team(self) -> Pair:
        """The team's key, as this member's session opens it."""
        team = (await self.signed()).team
        assert team
        return team


async def test_keys_are_rotated_while_children_write_and_counsellors_claim(ledger: Ledger, postgresql: str):
    staff, other = Staff(ledger, Bell()), Ledger.open(postgresql)
    counsel = Counsel(other, Bell())
    ana = await Colleague.join(ledger, staff, "Test Ana")
    besa = await Colleague.join(ledger, staff, "Test Besa", invited_by=ana)
    before = await ana.team()

    async def children() -> None:
        for _ in range(30):
            await child_writes(other)

    async def counsellor() -> None:
        for _ in range(20):
            for case in (await counsel.queue(None))[:2]:
                with contextlib.suppress(SealIsBroken):  # rotated between the two: the console asks again
                    await counsel.claim(case.id, besa.number, await besa.team())
                    await counsel.close(case.id, besa.number, Outcome.SUPPORTED)

    async def administrator() -> None:
        for _ in range(10):
            await staff.rotate(await ana.signed())

    await asyncio.gather(children(), children(), counsellor(), administrator())
    now = await besa.team()
    assert now.public == (await ana.team()).public != before.public
    assert len(await counsel.queue(now)) + len(await counsel.mine(besa.number, now)) > 0  # every key opens
    assert (await Audit(ledger).verify()).broken_at is None
    await other.close()


async def test_nobody_is_left_without_the_key_who_joins_during_a_rotation(ledger: Ledger):
    staff = Staff(ledger, Bell())
    ana = await Colleague.join(ledger, staff, "Test Ana")
    for number in range(3):
        joining = asyncio.create_task(Colleague.join(ledger, staff, f"Test Besa {number}", invited_by=ana))
        rotating = asyncio.create_task(rotate_after(staff, ana, 0.05 * number))
        joined, _ = await asyncio.gather(joining, rotating, return_exceptions=True)
        if isinstance(joined, Colleague):
            assert (await joined.team()).public == (await ana.team()).public
        else:
            assert isinstance(joined, InvitationNotValid)


async def rotate_after(staff: Staff, member: Colleague, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await staff.rotate(await member.signed())
