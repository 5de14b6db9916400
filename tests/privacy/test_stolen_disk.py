"""Somebody takes the data folder in the middle of a chat. Without a password nothing of the conversation can be read; with one it can."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from canaries import hits
from members import PASSWORD, found, join
from world import World, child

from escalation.bell import Bell
from escalation.counsel import Counsel
from escalation.ledger import Ledger, metadata
from escalation.sealing import CaseKey, Pair, SealIsBroken
from escalation.slowing import WrongCredentials
from escalation.staff import Staff

TOLD = "they want to sell me tonight"
ANSWERED = "I am here with you, Vukosava."


@pytest.fixture
async def stolen(world_without_rasa: World, tmp_path: Path):
    """A copy of the data folder, its case, and the counsellor who had the chat."""
    world, who = world_without_rasa, child()
    team = await found(world.side.ledger)
    ana = await join(world.side.ledger, team, "Test Ana")
    await world.write(who, TOLD)
    await world.write(who, "code:give")
    (case,) = await world.side.counsel.queue(team)
    await world.side.counsel.claim(case.id, ana.id, team)
    await world.side.counsel.reply(case.id, ana.id, team, ANSWERED)
    copy = tmp_path / "copy"
    shutil.copytree(world.settings.state, copy, symlinks=True)
    assert case.facts.because
    return copy, case, ana


async def test_nothing_of_the_conversation_is_in_the_files(stolen):
    copy, case, _ = stolen
    assert hits([copy], [TOLD, ANSWERED, *(reason for reason in case.facts.because if len(reason) > 5)]) == []


async def test_nothing_in_the_files_opens_it(stolen):
    """Whatever lies in the ledger is tried as a key: as the team's, as a member's, as the case's."""
    copy, case, _ = stolen
    ledger = Ledger.open(f"sqlite:///{copy / 'ledger.sqlite3'}")
    blobs: set[bytes] = set()
    async with ledger.read() as connection:
        for table in metadata.sorted_tables:
            for row in await connection.execute(sa.select(table)):
                blobs |= {value for value in row if isinstance(value, bytes)}
    pieces = {blob[at : at + 32] for blob in blobs for at in range(max(1, len(blob) - 31))}
    keys = [piece for piece in pieces if len(piece) == 32]
    assert len(keys) > 100
    lines = [blob for blob in blobs if len(blob) > 200]
    to_somebody = [blob for blob in blobs if len(blob) == 80]  # 32 bytes of a key and 48 of its sealed box
    assert lines
    assert to_somebody
    assert not any(
        _opens(lambda key=key, sealed=sealed: CaseKey(key).open(sealed, f"{case.id}/0/child"))
        for sealed in lines
        for key in keys
    )
    assert not any(
        _opens(lambda key=key, sealed=sealed: Pair(key).open(sealed)) for sealed in to_somebody for key in keys[:500]
    )
    await ledger.close()


async def test_with_a_counsellors_password_and_digits_it_can_be_read(stolen):
    copy, case, ana = stolen
    ledger = Ledger.open(f"sqlite:///{copy / 'ledger.sqlite3'}")
    staff = Staff(ledger, Bell())
    with pytest.raises(WrongCredentials):
        await staff.sign_in("Test Ana", "not the password of hers")
    thief = Staff(ledger, Bell())  # who does not wait
    token = await thief.sign_in("Test Ana", PASSWORD, ana.code(datetime.now(UTC)))
    signed = await thief.who(token)
    assert signed
    assert signed.team
    thread = [said.text for said in await Counsel(ledger, Bell()).thread(case.id, signed.team)]
    assert TOLD in thread
    assert ANSWERED in thread
    await ledger.close()


async def test_the_digits_alone_are_not_to_be_had_from_the_files_either(stolen):
    copy, _, ana = stolen
    assert hits([copy], [ana.secret, PASSWORD]) == []


def _opens(what: Callable[[], bytes]) -> bool:
    try:
        what()
    except SealIsBroken:
        return False
    return True
