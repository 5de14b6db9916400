"""A helpline's back room with a real ledger and a clock that only the test moves.

Every test that uses `room` runs twice: on SQLite, and on a PostgreSQL. `@pytest.mark.in_a_file` says that it is about SQLite's files.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from servers import postgresql_database, postgresql_template

from escalation.bell import Bell
from escalation.casefile import read_letter
from escalation.cases import Author, Category, Facts, Letter, Opened, Perspective, Said, Urgency
from escalation.counsel import Counsel
from escalation.counts import Counts
from escalation.duty import Duty
from escalation.intake import Intake
from escalation.joining import Joining
from escalation.ledger import Ledger, migrate, staff
from escalation.outbox import Outbox
from escalation.people import Role
from escalation.receipts import Receipts
from escalation.retention import Retention
from escalation.sealing import CaseKey, Pair
from escalation.staff import Staff
from escalation.team import founding
from escalation.waitlist import Waitlist


@dataclass
class Clock:
    now: datetime = datetime(2031, 3, 5, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass
class BackRoom:
    """Everything of escalation on one ledger."""

    ledger: Ledger
    url: str
    clock: Clock = field(default_factory=Clock)
    bell: Bell = field(default_factory=Bell)
    team: Pair = field(default_factory=Pair.fresh)
    keys: dict[str, CaseKey] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """Where SQLite keeps it."""
        return Path(self.url.removeprefix("sqlite:///"))

    def __post_init__(self) -> None:
        self.intake = Intake(self.ledger, self.bell, self.clock)
        self.waitlist = Waitlist(self.ledger)
        self.counsel = Counsel(self.ledger, self.bell, self.clock)
        self.receipts = Receipts(self.ledger, self.bell, self.clock)
        self.outbox = Outbox(self.ledger, self.bell, self.clock)
        self.duty = Duty(self.ledger, self.bell, self.clock)
        self.joining = Joining(self.ledger, clock=self.clock)
        self.staff = Staff(self.ledger, self.bell, self.clock)
        self.retention = Retention(self.ledger, clock=self.clock)
        self.counts = Counts(self.ledger)

    async def person(self, name: str) -> int:
        """A counsellor without the slow password, and without keys: `team` opens the cases."""
        async with self.ledger.begin() as connection:
            joined = staff.insert().values(
                name=name, name_folded=name.lower(), roles=[Role.COUNSELLOR], joined_at=self.clock()
            )
            return int((await connection.scalars(joined.returning(staff.c.id))).one())

    async def open(self, urgency: Urgency = Urgency.URGENT, *texts: str) -> str:
        return await self.open_with(facts(urgency), *(self.child(text) for text in texts))

    async def open_with(self, known: Facts, *told: Said) -> str:
        case = await self.intake.open(known, told)
        self.keys[case.id] = case.key
        return case.id

    def opened(self, case: str) -> Opened:
        """The case as the child's side holds it; for one that was never there, a key that opens nothing."""
        return Opened(case, self.keys.get(case) or CaseKey.fresh())

    def child(self, text: str) -> Said:
        return Said(Author.CHILD, text, self.clock())

    async def kinds_due(self) -> list[str]:
        return [letter.kind for letter in await self.outbox.due()]

    async def deliver_all(self) -> list[str]:
        """Deliver until nothing is due; what arrived, in order."""
        arrived = []
        while due := await self.outbox.due():
            for letter in due:
                arrived.append(self.text_of(letter) or letter.kind)
                await self.outbox.delivered(letter.id)
        return arrived

    def text_of(self, letter: Letter) -> str:
        return read_letter(letter, self.keys[letter.case])

    async def rows(self, table: str) -> int:
        async with self.ledger.read() as connection:
            return int(await connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0)


def facts(urgency: Urgency = Urgency.URGENT, **other: object) -> Facts:
    known: dict[str, object] = {
        "categories": (Category.CONTROL,),
        "perspective": Perspective.SELF,
        "locale": "en",
        "channel": "web",
    }
    return Facts(urgency=urgency, **(known | other))  # type: ignore[arg-type]


@pytest.fixture(name="facts")
def _facts() -> Callable[..., Facts]:
    return facts


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ledger") / "empty.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def empty_postgresql() -> Iterator[str]:
    """The name of a migrated database, to be copied: quicker than migrating for every test."""
    with postgresql_template(migrate) as name:
        yield name


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "ledger_url" in metafunc.fixturenames:
        in_a_file = metafunc.definition.get_closest_marker("in_a_file")
        metafunc.parametrize("database", ["sqlite"] if in_a_file else ["sqlite", "postgresql"])


@pytest.fixture
def template(database: str, request: pytest.FixtureRequest) -> str | Path:
    """What the test's ledger is a copy of; a server is only asked for by tests that use it."""
    found: str | Path = request.getfixturevalue("empty_ledger" if database == "sqlite" else "empty_postgresql")
    return found


@pytest.fixture
async def ledger_url(template: str | Path, tmp_path: Path) -> AsyncIterator[str]:
    """A migrated ledger of the test's own."""
    if isinstance(template, Path):
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'ledger.db')}"
    else:
        async with postgresql_database(template) as url:
            yield url


@pytest.fixture
async def room(ledger_url: str) -> AsyncIterator[BackRoom]:
    ledger = Ledger.open(ledger_url)
    async with ledger.read() as connection:
        team = await founding(connection)
    assert team
    yield BackRoom(ledger, ledger_url, team=team)
    await ledger.close()
