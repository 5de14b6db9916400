"""A house: the escalation's parts on one ledger, the console before them, and browsers that open it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from fastapi import FastAPI

from escalation.bell import Bell
from escalation.cases import Author, Category, Facts, Perspective, Said, Urgency
from escalation.counsel import Counsel
from escalation.duty import Duty
from escalation.intake import Intake
from escalation.outbox import Outbox
from escalation.staff import Staff

ADDRESS = "http://127.0.0.1:8001"
PASSWORD = "correct horse battery staple"


@dataclass
class House:
    """The escalation's parts on one ledger, and the console before them."""

    app: FastAPI
    bell: Bell
    counsel: Counsel
    duty: Duty
    intake: Intake
    outbox: Outbox
    staff: Staff

    async def case(
        self, *words: str, urgency: Urgency = Urgency.URGENT, marks: tuple[tuple[int, int], ...] = ()
    ) -> str:
        facts = Facts(urgency, (Category.CONTROL,), Perspective.SELF, "sq", "web", "AL", ("cannot leave", "now"))
        now = datetime.now(UTC)
        told = [Said(Author.CHILD, text, now, marks) for text in words or ("I cannot leave the house.",)]
        return await self.intake.open(facts, told)

    def browser(self) -> httpx.AsyncClient:
        """A browser that sends what a browser sends from a page of the console."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url=ADDRESS, headers={"Sec-Fetch-Site": "same-origin"}
        )


SignIn = Callable[[str], Awaitable[httpx.AsyncClient]]
