"""A console on a real ledger, and people who sign in to it. Everything here is invented."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import httpx
import pytest
from house import Clock, House, SignIn
from members import found

from escalation.audit import Audit
from escalation.bell import Bell
from escalation.console.app import console
from escalation.console.desk import Desk
from escalation.counsel import Counsel
from escalation.counts import Counts
from escalation.duty import Duty
from escalation.echo import Echo
from escalation.editions import Editions
from escalation.intake import Intake
from escalation.joining import Joining
from escalation.ledger import Ledger
from escalation.lessons import Lessons
from escalation.outbox import Outbox
from escalation.people import Role
from escalation.pilots import Pilots
from escalation.receipts import Receipts
from escalation.showing import Memory, Showings
from escalation.staff import Staff
from escalation.supervision import Supervision
from escalation.teachings import Teachings
from locales import catalogue, service_entries
from locales.checker import Needed
from nlu.reading import Reader


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    ledger = Ledger.open(f"sqlite:///{tmp_path}/ledger.db")
    await ledger.migrate()
    bell, clock = Bell(), Clock()
    desk = Desk(
        counsel=Counsel(ledger, bell),
        duty=Duty(ledger, bell),
        joining=Joining(ledger, clock=clock),
        staff=Staff(ledger, bell, clock),
        bell=bell,
        supervision=Supervision(ledger, bell),
        showings=Showings(ledger, bell, Memory()),
        audit=Audit(ledger),
        counts=Counts(ledger),
        editions=Editions(ledger, bell),
        pilots=Pilots(ledger),
        echo=Echo(ledger),
        teachings=Teachings(ledger, bell),
        lessons=Lessons(ledger, bell),
        reader=Reader(),
        hidden_in=lambda text: [("Drita", "[name 1]")] if "Drita" in text else [],
        needed=Needed(),
        catalogue=catalogue.load(),
        directory=service_entries.load(),
        address="",
        country="",
        drafts_are_shown=True,
        secure=False,
    )
    yield House(
        console(desk),
        desk,
        ledger,
        bell,
        desk.counsel,
        desk.duty,
        Intake(ledger, bell),
        Outbox(ledger, bell),
        Receipts(ledger, bell),
        desk.showings,
        desk.staff,
        await found(ledger),
        clock,
    )
    await ledger.close()


@pytest.fixture
async def signed_in(house: House) -> AsyncIterator[SignIn]:
    """Sign somebody in by name, who joins first; their roles can be named too."""
    browsers: list[httpx.AsyncClient] = []

    async def sign_in(name: str, roles: Iterable[Role] | None = None) -> httpx.AsyncClient:
        await house.member(name, roles)
        browsers.append(house.browser())
        return await house.sign_in(name, browsers[-1])

    yield sign_in
    for browser in browsers:
        await browser.aclose()


@pytest.fixture
async def marta(signed_in: SignIn) -> httpx.AsyncClient:
    return await signed_in("Marta")


@pytest.fixture
async def ada(signed_in: SignIn) -> httpx.AsyncClient:
    return await signed_in("Ada")
