"""The audit log as a page: readable lines, the newest first, and whether the chain holds. Reading it is noted in it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from escalation.audit import ABOUT_CASES, Act
from escalation.console.desk import OnDesk
from escalation.console.door import Auditor
from escalation.console.page import signed_in_page

pages = APIRouter(include_in_schema=False)


@pages.get("/audit")
async def audit_page(request: Request, desk: OnDesk, session: Auditor) -> Response:
    """The newest entries, with the names of those whom they are about."""
    await desk.audit.note(Act.LOG_READ, session.person.id)
    chain, entries = await desk.audit.verify(), await desk.audit.latest()
    names = {person.id: person.name for person in await desk.staff.list()}
    return await signed_in_page(
        request, desk, session, "audit.html", chain=chain, entries=entries, names=names, by_the_hour=ABOUT_CASES
    )
