"""What was told ends: only counts remain, also in the raw bytes of the files."""

import asyncio
from datetime import timedelta

import pytest

from escalation.cases import Category, Outcome, Presence, Urgency
from escalation.counts import Count
from escalation.retention import Retention

SECRET = "the-invented-words-of-a-child"


def bytes_on_disk(room):
    return b"".join(file.read_bytes() for file in room.file.parent.iterdir())


async def close_after_a_long_talk(room, ana, case, lines):
    await room.counsel.claim(case, ana, room.team)
    for number in range(lines):
        await room.intake.add(room.opened(case), room.child(f"{SECRET} {number} " * (1 + number % 9)))
        await room.counsel.reply(case, ana, room.team, f"{SECRET} answered {number}")
    await room.counsel.close(case, ana, Outcome.SUPPORTED)


@pytest.mark.in_a_file
async def test_after_the_retention_time_only_counts_remain_and_no_word_in_the_files(room):
    ana = await room.person("Ana")
    old = [await room.open(Urgency.URGENT, SECRET) for _ in range(12)]
    for case in old:
        await close_after_a_long_talk(room, ana, case, lines=8)
    waiting = await room.open(Urgency.URGENT, "still waiting")
    assert SECRET.encode() not in bytes_on_disk(room)
    assert all(case.encode() in bytes_on_disk(room) for case in old)
    room.clock.pass_by(hours=23, minutes=59)
    assert await room.retention.sweep() == 0
    room.clock.pass_by(minutes=1)
    assert await room.retention.sweep() == 12

    on_disk = bytes_on_disk(room)
    assert SECRET.encode() not in on_disk
    assert not any(case.encode() in on_disk for case in old)
    assert [case.id for case in await room.counsel.queue(room.team)] == [waiting]
    assert (await room.rows("messages"), await room.rows("letters")) == (1, 0)
    day = room.clock().date() - timedelta(days=1)
    assert await room.counts.shown() == [
        Count(day, "en", category, "urgent", "supported", 12) for category in ("control", "every")
    ]


@pytest.mark.in_a_file
async def test_lines_of_a_deleted_case_between_those_of_a_living_one_leave_no_trace_either(room):
    ana = await room.person("Ana")
    ending, living = await room.open(Urgency.URGENT, SECRET), await room.open(Urgency.URGENT, "a")
    for case in (ending, living):
        await room.counsel.claim(case, ana, room.team)
    for number in range(150):
        await room.intake.add(room.opened(ending), room.child(f"{SECRET} {number} " * (1 + number * 7 % 60)))
        await room.intake.add(room.opened(living), room.child("other words " * (1 + number * 11 % 70)))
    await room.counsel.close(ending, ana, Outcome.SUPPORTED)
    assert await room.retention.purge_now() == 1
    assert SECRET.encode() not in bytes_on_disk(room)
    assert len(await room.counsel.thread(living, room.team)) == 151


@pytest.mark.in_a_file
async def test_the_file_shrinks_again(room):
    ana = await room.person("Ana")
    before = room.file.stat().st_size
    await close_after_a_long_talk(room, ana, await room.open(Urgency.URGENT, "x" * 500_000), lines=1)
    await room.retention.purge_now()
    assert room.file.stat().st_size <= before + 8 * 4096


async def test_small_counts_are_not_shown(room):
    ana = await room.person("Ana")
    for _ in range(9):
        await close_after_a_long_talk(room, ana, await room.open(), lines=0)
    await room.retention.purge_now()
    assert await room.rows("daily_counts") == 2
    assert await room.counts.shown() == []


async def test_a_case_counts_once_in_each_category_and_once_altogether(room, facts):
    ana = await room.person("Ana")
    for _ in range(10):
        both = facts(Urgency.EMERGENCY, categories=(Category.CONTROL, Category.SELFHARM))
        await close_after_a_long_talk(room, ana, await room.open_with(both), lines=0)
        await room.retention.purge_now()
    assert {(count.category, count.n) for count in await room.counts.shown()} == {
        ("control", 10),
        ("every", 10),
        ("selfharm", 10),
    }


async def test_two_sweeps_at_once_count_a_case_once(room):
    ana = await room.person("Ana")
    for _ in range(10):
        await close_after_a_long_talk(room, ana, await room.open(), lines=0)
    other = Retention(room.ledger, keep=timedelta(0), clock=room.clock)
    assert sorted(await asyncio.gather(other.sweep(), other.sweep())) == [0, 10]
    assert {count.n for count in await room.counts.shown()} == {10}


async def test_a_case_that_nobody_has_closed_stays_also_when_the_child_has_gone(room):
    ana = await room.person("Ana")
    unread, unfinished = await room.open(Urgency.CONCERN, "a"), await room.open(Urgency.CONCERN, "b")
    await room.counsel.claim(unfinished, ana, room.team)
    for case in (unread, unfinished):
        await room.intake.presence(case, Presence.GONE)
    room.clock.pass_by(days=30)
    assert await room.retention.sweep() == 0
    assert await room.retention.purge_now() == 0
    assert await room.rows("cases") == 2


@pytest.mark.in_a_file
async def test_a_reader_in_the_way_delays_the_scrubbing_until_the_next_sweep(room):
    ana = await room.person("Ana")
    await close_after_a_long_talk(room, ana, await room.open(Urgency.URGENT, SECRET), lines=1)
    async with room.ledger.read() as connection:
        await connection.exec_driver_sql("SELECT count(*) FROM cases")
        deleting = asyncio.create_task(room.retention.purge_now())
        await asyncio.sleep(0.2)
    assert await deleting == 1
    await room.retention.sweep()
    assert SECRET.encode() not in bytes_on_disk(room)


async def test_a_closed_case_keeps_no_time_finer_than_the_hour(room):
    ana = await room.person("Ana")
    room.clock.pass_by(minutes=17, seconds=5)
    case = await room.open(Urgency.URGENT, "one")
    room.clock.pass_by(minutes=4)
    await room.counsel.claim(case, ana, room.team)
    await room.counsel.close(case, ana, Outcome.SUPPORTED)
    closed = await room.counsel.case(case, room.team)
    times = [closed.opened_at, closed.claimed_at, closed.closed_at]
    times += [said.at for said in await room.counsel.thread(case, room.team)]
    assert {(moment.minute, moment.second, moment.microsecond) for moment in times} == {(0, 0, 0)}
