"""A ledger of the first version, with words in the clear, is sealed; nobody who waits in it is lost, and no word stays."""

import json
import sqlite3
from datetime import UTC, datetime

from alembic import command
from sqlalchemy.ext.asyncio import create_async_engine

from escalation import migrations
from escalation.bell import Bell
from escalation.cases import CaseState
from escalation.counsel import Counsel
from escalation.joining import Joining
from escalation.ledger import Ledger
from escalation.staff import Staff
from escalation.team import founding

WORDS = "invented words of a child"
REASON = "an invented reason"


async def test_an_older_ledger_is_sealed_and_its_people_are_invited_anew(tmp_path):
    file = tmp_path / "ledger.db"
    await _first_version(file)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    with sqlite3.connect(file) as old:
        old.execute("INSERT INTO staff VALUES (1, 'Ana', 'ana', 'administrator', 'a digest', ?, NULL)", [now])
        old.execute(
            "INSERT INTO cases VALUES ('c', 'claimed', 'urgent', ?, '[\"control\"]', 'self', 'en', 'web', NULL, ?, 'here', ?, 1, ?, 5, NULL, NULL)",
            [now, json.dumps([REASON]), now, now],
        )
        old.execute("INSERT INTO messages VALUES (1, 'c', 0, 'child', ?, ?, '[[0, 8]]')", [WORDS, now])
    old.close()
    ledger = Ledger.open(f"sqlite:///{file}")
    await ledger.migrate()
    async with ledger.read() as connection:
        team = await founding(connection)
    counsel = Counsel(ledger, Bell())
    (case,) = await counsel.queue(team)
    (said,) = await counsel.thread("c", team)
    assert (case.state, case.facts.because) == (CaseState.WAITING, (REASON,))
    assert (said.text, said.marks) == (WORDS, ((0, 8),))
    assert await Joining(ledger).first_invitation()
    assert [person.active for person in await Staff(ledger, Bell()).list()] == [False]
    await ledger.close()
    on_disk = b"".join(part.read_bytes() for part in tmp_path.iterdir())
    assert WORDS.encode() not in on_disk
    assert REASON.encode() not in on_disk


async def _first_version(file):
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")

    def upgrade(connection):
        config = migrations._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")

    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()
