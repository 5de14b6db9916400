"""A console on a real ledger, and people who sign in to it. Everything here is invented."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from house import PASSWORD, House, SignIn

from escalation.bell import Bell
from escalation.console.app import console
from escalation.counsel import Counsel
from escalation.duty import Duty
from escalation.intake import Intake
from escalation.ledger import Ledger
from escalation.outbox import Outbox
from escalation.staff import Role, Staff


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    ledger = Ledger.open(f"sqlite:///{tmp_path}/ledger.db")
    await ledger.migrate()
    bell = Bell()
    counsel, duty, staff = Counsel(ledger, bell), Duty(ledger, bell), Staff(ledger, bell)
    app = console(counsel, duty, staff, bell, secure_cookies=False)
    yield House(app, bell, counsel, duty, Intake(ledger, bell), Outbox(ledger, bell), staff)
    await ledger.close()


@pytest.fixture
async def signed_in(house: House) -> AsyncIterator[SignIn]:
    """Sign somebody in by name, invited first; who is called Ada is an administrator."""
    browsers: list[httpx.AsyncClient] = []

    async def sign_in(name: str) -> httpx.AsyncClient:
        role = Role.ADMINISTRATOR if name == "Ada" else Role.COUNSELLOR
        await house.staff.accept(await house.staff.invite(role), name, PASSWORD)
        browser = house.browser()
        browsers.append(browser)
        answer = await browser.post("/sign-in", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        me = (await browser.get("/api/me")).json()
        browser.headers["X-Helpline-Token"] = me["page_token"]
        return browser

    yield sign_in
    for browser in browsers:
        await browser.aclose()


@pytest.fixture
async def marta(signed_in: SignIn) -> httpx.AsyncClient:
    return await signed_in("Marta")


@pytest.fixture
async def ada(signed_in: SignIn) -> httpx.AsyncClient:
    return await signed_in("Ada")
