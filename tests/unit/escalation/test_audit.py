"""The audit log: a chain that shows what was changed, taken out or put in."""

import pytest

from escalation.audit import Act, Audit, note
from escalation.ledger import audit


@pytest.fixture
async def log(room):
    """Five entries."""
    for number, act in enumerate((Act.JOINED, Act.SIGNED_IN, Act.CLAIMED, Act.CLOSED, Act.SIGNED_OUT), start=1):
        room.clock.pass_by(minutes=7, seconds=1.5)
        async with room.ledger.begin() as connection:
            await note(connection, act, room.clock(), by=number, about=number if act is Act.JOINED else None)
    return Audit(room.ledger)


async def test_the_chain_holds_and_says_its_length_and_end(room, log):
    chain = await log.verify()
    assert (chain.entries, chain.broken_at, len(chain.last)) == (5, None, 64)
    assert [entry.id for entry in await log.latest(3)] == [5, 4, 3]
    async with room.ledger.begin() as connection:
        await note(connection, Act.SIGNED_IN, room.clock(), by=1)
    longer = await log.verify()
    assert longer.entries == 6
    assert longer.last != chain.last


async def test_an_empty_log_holds(room):
    assert (await Audit(room.ledger).verify()).broken_at is None


async def test_acts_on_cases_are_noted_by_the_hour_others_by_the_second(log):
    for entry in await log.latest():
        assert entry.at.microsecond == 0
        by_the_hour = entry.act in {Act.CLAIMED, Act.CLOSED}
        assert ((entry.at.minute, entry.at.second) == (0, 0)) is by_the_hour


@pytest.mark.parametrize("column", ["at", "act", "by", "about", "digest"])
async def test_a_changed_entry_breaks_the_chain(room, log, column):
    other = {"at": room.clock(), "act": Act.DISABLED.value, "by": 9, "about": 9, "digest": "0" * 64}
    async with room.ledger.begin() as connection:
        await connection.execute(audit.update().where(audit.c.id == 2).values({column: other[column]}))
    assert (await log.verify()).broken_at == 2


async def test_an_entry_taken_out_breaks_the_chain_also_when_the_others_move_up(room, log):
    async with room.ledger.begin() as connection:
        await connection.execute(audit.delete().where(audit.c.id == 2))
    assert (await log.verify()).broken_at == 3
    async with room.ledger.begin() as connection:
        for number in (3, 4, 5):
            await connection.execute(audit.update().where(audit.c.id == number).values(id=number - 1))
    assert (await log.verify()).broken_at == 2


async def test_an_entry_put_in_breaks_the_chain(room, log):
    async with room.ledger.begin() as connection:
        for number in (5, 4, 3):
            await connection.execute(audit.update().where(audit.c.id == number).values(id=number + 1))
        await connection.execute(audit.insert().values(id=3, at=room.clock(), act="joined", by=7, digest="a" * 64))
    assert (await log.verify()).broken_at == 3


async def test_an_act_that_nobody_knows_can_still_be_read(room, log):
    async with room.ledger.begin() as connection:
        await connection.execute(audit.update().where(audit.c.id == 5).values(act="something else"))
    assert (await log.latest(1))[0].act == "something else"


async def test_what_happens_in_memory_only_is_noted_by_itself(log):
    await log.note(Act.LOG_READ, 3)
    newest = (await log.latest(1))[0]
    assert (newest.id, newest.act, newest.by) == (6, Act.LOG_READ, 3)
    assert (await log.verify()).broken_at is None
