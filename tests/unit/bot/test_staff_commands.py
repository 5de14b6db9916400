"""What the operator does with accounts at the command line, and what the check-up says about the team."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from members import PASSWORD, Member, found, join

from bot.checkup import team
from bot.command import helpline
from escalation.bell import Bell
from escalation.cases import Category, Facts, Perspective, Urgency
from escalation.intake import Intake
from escalation.joining import Joining
from escalation.ledger import Ledger, audit, utc_now
from escalation.people import Role
from escalation.staff import Staff


class Office:
    """An operator with a terminal, and the ledger beside it."""

    def __init__(self, state: Path) -> None:
        self._state = state

    def run(self, *words: str, typed: str = "") -> Result:
        return CliRunner().invoke(helpline, words, input=typed, env={"HELPLINE_STATE": str(self._state)})

    def on_ledger(self, work: Callable[[Ledger], Awaitable[Any]]) -> Any:
        async def once() -> Any:
            ledger = Ledger.open(f"sqlite:///{self._state}/ledger.sqlite3")
            await ledger.migrate()
            try:
                return await work(ledger)
            finally:
                await ledger.close()

        return asyncio.run(once())

    def check_up(self) -> list[tuple[bool | None, str]]:
        async def look(ledger: Ledger) -> list[tuple[bool | None, str]]:
            return [(finding.well, finding.line) async for finding in team(ledger)]

        return list(self.on_ledger(look))

    def people(self) -> list[tuple[str, frozenset[Role]]]:
        async def look(ledger: Ledger) -> list[tuple[str, frozenset[Role]]]:
            return [(person.name, person.roles) for person in await Staff(ledger, Bell()).list()]

        return list(self.on_ledger(look))

    def join(self, invitation: str, name: str) -> str | None:
        token = invitation.strip().rpartition("/")[2]

        async def accept(ledger: Ledger) -> str | None:
            return (await Joining(ledger).accept(token, name, PASSWORD)).recovery_key

        recovery_key: str | None = self.on_ledger(accept)
        return recovery_key


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def team_of_three(office: Office) -> tuple[Member, ...]:
    async def gather(ledger: Ledger) -> tuple[Member, ...]:
        key = await found(ledger)
        ada = await join(ledger, key, "Ada", [Role.ADMINISTRATOR, Role.COUNSELLOR])
        return ada, await join(ledger, key, "Marta"), await join(ledger, key, "Besa", second_factor=False)

    three: tuple[Member, ...] = office.on_ledger(gather)
    return three


def typed(member: Member, **other: str) -> str:
    return "\n".join(({"name": member.name, "password": PASSWORD, "code": member.code(utc_now())} | other).values())


def test_the_first_invitation_is_given_to_whoever_has_the_machine_and_the_recovery_key_makes_another(office: Office):
    first = office.run("staff", "add")
    assert "Nobody has joined yet" in first.stderr
    recovery_key = office.join(first.stdout, "Ada")
    assert recovery_key
    wrong = office.run("staff", "add", "--recovery", typed="not the key\n")
    assert (wrong.exit_code, "not the recovery key" in wrong.stderr, wrong.stdout) == (1, True, "")
    again = office.run("staff", "add", "--recovery", typed=f"{recovery_key}\n")
    assert recovery_key not in again.output
    assert office.join(again.stdout, "Besa") is None
    assert office.people() == [("Ada", frozenset(Role)), ("Besa", frozenset(Role))]


def test_an_administrator_invites_with_several_roles_and_is_not_left_signed_in(office, team_of_three):
    ada, *_ = team_of_three
    made = office.run("staff", "add", "--role", "counsellor", "--role", "editor", typed=typed(ada))
    assert made.exit_code == 0, made.output
    assert PASSWORD not in made.output
    office.join(made.stdout, "Elira")
    assert ("Elira", frozenset({Role.COUNSELLOR, Role.EDITOR})) in office.people()

    async def sessions(ledger: Ledger) -> int:
        async with ledger.read() as connection:
            return int((await connection.exec_driver_sql("SELECT count(*) FROM sessions")).scalar() or 0)

    assert office.on_ledger(sessions) == 0


def test_nobody_else_invites(office, team_of_three):
    ada, marta, besa = team_of_three
    for who, other, why in (
        (ada, {"password": "a wrong password"}, "wrong"),
        (ada, {"code": "000000"}, "wrong"),
        (marta, {}, "Only administrators"),
        (besa, {}, "Only administrators"),
    ):
        refused = office.run("staff", "add", typed=typed(who, **other))
        assert (refused.exit_code, why in refused.stderr, refused.stdout) == (1, True, ""), refused.output


def test_the_list_shows_roles_and_disabling_says_what_is_left_to_do(office, team_of_three):
    _, marta, _ = team_of_three
    listed = office.run("staff", "list").stdout.splitlines()
    assert listed == [
        "1\tcounsellor,administrator\tAda",
        "3\tcounsellor\tBesa\tno second factor yet",
        "2\tcounsellor\tMarta",
    ]
    assert "give the team a new key" in office.run("staff", "disable", str(marta.id)).stdout
    assert office.run("staff", "list").stdout.splitlines()[2].endswith("\tdisabled")
    again = office.run("staff", "disable", str(marta.id))
    assert (again.exit_code, "no such account" in again.stderr) == (1, True)


def test_the_check_up_says_while_the_key_lies_beside_the_cases(office: Office):
    (before, _) = office.check_up()
    assert before[0] is None
    assert "nobody has joined yet" in before[1]

    async def told(ledger: Ledger) -> None:
        facts = Facts(Urgency.URGENT, (Category.CONTROL,), Perspective.SELF, "en", "web")
        await Intake(ledger, Bell()).open(facts, [])

    office.on_ledger(told)
    assert office.check_up()[0][0] is False
    office.join(office.run("staff", "add").stdout, "Ada")
    well, line = office.check_up()[0]
    assert (well, line) == (None, "team: 1 account(s), without a second factor: Ada")


@pytest.mark.usefixtures("team_of_three")
def test_the_check_up_verifies_the_audit_log_and_says_where_it_ends(office: Office):
    office.run("staff", "disable", "3")
    office.run("staff", "disable", "2")
    people, log = office.check_up()
    assert people == (True, "team: 1 account(s), each with a second factor")
    assert log[0] is True
    assert log[1].startswith("audit log: 2 entries, the last digest is ")

    async def tamper(ledger: Ledger) -> None:
        async with ledger.begin() as connection:
            await connection.execute(audit.delete().where(audit.c.id == 1))

    office.on_ledger(tamper)
    assert office.check_up()[1] == (
        False,
        "audit log: broken at entry 2; somebody has changed it, do not trust it",
    )
