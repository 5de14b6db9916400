"""What a child tells is kept, whatever it looks like and whatever happens to the process."""

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from escalation.cases import Author, Category, Outcome, Perspective, Presence, Said, Urgency
from escalation.intake import merge

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


def test_no_child_who_was_told_is_lost_when_the_process_is_killed(empty_ledger, tmp_path):
    file = tmp_path / "ledger.db"
    file.write_bytes(empty_ledger.read_bytes())
    told: set[str] = set()
    for _ in range(10):
        process = subprocess.Popen(
            [sys.executable, "-c", OPENS_CASES_FOR_EVER, f"sqlite:///{file}"], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(random.uniform(0, 0.1))  # noqa: S311 - any moment will do
        process.send_signal(signal.SIGKILL)
        said = (first + process.communicate()[0]).decode()
        told |= {line for line in said.split("\n")[:-1] if line}
    with sqlite3.connect(file) as database:
        kept = {row[0] for row in database.execute("SELECT id FROM cases")}
        complete = {row[0] for row in database.execute("SELECT case_id FROM messages WHERE length(sealed) > 0")}
    assert len(told) >= 10
    assert told <= kept
    assert kept == complete


async def test_a_child_who_leaves_while_a_case_is_being_opened_blocks_nobody(room):
    for steps in range(40):
        opening = asyncio.create_task(room.open(Urgency.URGENT, "help"))
        await asyncio.sleep(steps * 0.0002)
        opening.cancel()
        await asyncio.wait([opening])
    async with asyncio.timeout(3):
        case = await room.open(Urgency.URGENT, "help")
    assert case in {waiting.id for waiting in await room.counsel.queue(room.team)}
    assert await room.rows("cases") == await room.rows("messages")


async def test_twenty_children_at_once_are_all_kept(room):
    opened = await asyncio.gather(*(room.open(Urgency.URGENT, "help") for _ in range(20)))
    assert {case.id for case in await room.counsel.queue(room.team)} == set(opened)


@pytest.mark.parametrize(
    "text",
    ["", "\0\0", "\ud83d", "\u200b\u202e", "🙂" * 500, "'; DROP TABLE cases; --", "<script>", "م" * 100_000],
    ids=["empty", "nul", "half a pair", "invisible", "emoji", "sql", "html", "long"],
)
async def test_no_strange_text_keeps_a_disclosure_from_being_stored(room, text):
    case = await room.open(Urgency.EMERGENCY, text)
    (said,) = await room.counsel.thread(case, room.team)
    assert len(said.text) == len(text)


async def test_what_is_known_of_a_case_and_the_marked_words_come_back_as_they_were(room, facts):
    known = facts(Urgency.EMERGENCY, country="AL", because=("cannot leave", "now"), locale="sr-Latn")
    told = Said(Author.CHILD, "ne mogu da izadjem", room.clock(), marks=((0, 7), (8, 18)))
    case = await room.counsel.case(await room.open_with(known, told), room.team)
    assert case.facts == known
    assert case.opened_at == room.clock()
    assert case.presence is Presence.HERE
    assert await room.counsel.thread(case.id, room.team) == [told]
    assert len(case.id) == 32


def test_urgency_only_rises_and_what_was_known_stays_known(facts):
    first = facts(Urgency.EMERGENCY, because=("sold",), perspective=Perspective.OTHER, country="MK")
    later = facts(Urgency.CONCERN, because=("sold", "me"), categories=(Category.SELFHARM,), locale="sq")
    both = merge(first, later)
    assert both.urgency is Urgency.EMERGENCY
    assert both.categories == (Category.CONTROL, Category.SELFHARM)
    assert both.because == ("sold", "me")
    assert (both.perspective, both.locale, both.country) == (Perspective.SELF, "sq", "MK")


async def test_a_child_can_be_away_and_come_back_but_gone_is_for_good(room):
    case = await room.open()
    for presence in (Presence.AWAY, Presence.HERE, Presence.GONE, Presence.GONE):
        await room.intake.presence(case, presence)
        assert (await room.counsel.case(case, room.team)).presence is presence
    await room.intake.presence(case, Presence.HERE)
    assert (await room.counsel.case(case, room.team)).presence is Presence.GONE


async def test_the_relay_finds_the_cases_that_it_still_has_to_look_after(room):
    ana = await room.person("Ana")
    waiting, claimed, gone, closed = [await room.open() for _ in range(4)]
    await room.intake.presence(gone, Presence.GONE)
    for case in (claimed, closed):
        await room.counsel.claim(case, ana, room.team)
    await room.counsel.close(closed, ana, Outcome.SUPPORTED)
    assert set(await room.intake.open_cases()) == {waiting, claimed}


async def test_a_child_who_takes_it_back_is_left_alone_and_its_words_are_deleted_at_once(room):
    case = await room.open(Urgency.EMERGENCY, "help")
    await room.intake.withdraw(case)
    assert await room.counsel.queue(room.team) == []
    assert await room.intake.open_cases() == []
    assert await room.counsel.thread(case, room.team) == []
    assert (await room.counsel.case(case, room.team)).outcome is Outcome.WITHDRAWN


async def test_what_a_counsellor_has_already_read_is_theirs_to_close(room):
    ana = await room.person("Ana")
    case = await room.open(Urgency.EMERGENCY, "help")
    await room.counsel.claim(case, ana, room.team)
    await room.intake.withdraw(case)
    assert [(mine.id, mine.presence) for mine in await room.counsel.mine(ana, room.team)] == [(case, Presence.GONE)]
