"""A house: the escalation's parts on one ledger, the console before them, and browsers that open it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
from fastapi import FastAPI
from members import PASSWORD, Member, join

from escalation.bell import Bell
from escalation.cases import Author, Category, Facts, Opened, Perspective, Said, Urgency
from escalation.console.desk import Desk
from escalation.counsel import Counsel
from escalation.duty import Duty
from escalation.intake import Intake
from escalation.ledger import Ledger, utc_now
from escalation.outbox import Outbox
from escalation.people import Role
from escalation.receipts import Receipts
from escalation.sealing import Pair
from escalation.second_factor import STEP
from escalation.showing import Showings
from escalation.staff import Staff

ADDRESS = "http://127.0.0.1:8001"

EVERYDAY = {"Ada": frozenset({Role.ADMINISTRATOR, Role.COUNSELLOR}), "Sava": frozenset({Role.SUPERVISOR})}
"""The roles of those who are called so; everybody else is a counsellor."""


@dataclass
class Clock:
    """The time of day, which a test can put forward."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

    def pass_by(self, **duration: float) -> None:
        self.ahead += timedelta(**duration)


@dataclass
class House:
    """The escalation's parts on one ledger, and the console before them."""

    app: FastAPI
    desk: Desk
    ledger: Ledger
    bell: Bell
    counsel: Counsel
    duty: Duty
    intake: Intake
    outbox: Outbox
    receipts: Receipts
    showings: Showings
    staff: Staff
    team: Pair
    clock: Clock
    members: dict[str, Member] = field(default_factory=dict)
    opened: dict[str, Opened] = field(default_factory=dict)

    async def case(
        self, *words: str, urgency: Urgency = Urgency.URGENT, marks: tuple[tuple[int, int], ...] = ()
    ) -> str:
        facts = Facts(urgency, (Category.CONTROL,), Perspective.SELF, "sq", "web", "AL", ("cannot leave", "now"))
        now = datetime.now(UTC)
        told = [Said(Author.CHILD, text, now, marks) for text in words or ("I cannot leave the house.",)]
        opened = await self.intake.open(facts, told)
        self.opened[opened.id] = opened
        return opened.id

    async def letters(self) -> list[str]:
        """Deliver everything; the kinds of the letters, in order."""
        kinds = []
        while due := await self.outbox.due():
            for letter in due:
                kinds.append(letter.kind)
                await self.outbox.delivered(letter.id)
        return kinds

    async def member(self, name: str, roles: Iterable[Role] | None = None, *, second_factor: bool = True) -> Member:
        """Somebody of the team; who is there already stays as they are."""
        if name not in self.members:
            chosen = EVERYDAY.get(name, frozenset({Role.COUNSELLOR})) if roles is None else roles
            self.members[name] = await join(self.ledger, self.team, name, chosen, second_factor=second_factor)
        return self.members[name]

    def browser(self, app: FastAPI | None = None) -> httpx.AsyncClient:
        """A browser that sends what a browser sends from a page of the console."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app or self.app), base_url=ADDRESS, headers={"Sec-Fetch-Site": "same-origin"}
        )

    def form(self, name: str) -> dict[str, str]:
        """What somebody types to sign in, half a minute after the last time: the digits are good once."""
        member = self.members[name]
        while member.used * STEP >= self.clock().timestamp() - STEP:
            self.clock.pass_by(seconds=STEP)
        return {"name": name, "password": PASSWORD, "code": member.code(self.clock())}

    async def sign_in(self, name: str, browser: httpx.AsyncClient) -> httpx.AsyncClient:
        """Sign in with this browser, and know the page's token as its scripts do."""
        answer = await browser.post("/sign-in", data=self.form(name))
        assert answer.status_code == 303, answer.text
        me = await browser.get("/api/me")
        browser.headers["X-Helpline-Token"] = me.json().get("page_token", "")
        return browser


SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
