"""Numbers: the counts that remain of cases, where enough of them hide each other."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from escalation.console.answers import language_name
from escalation.console.desk import OnDesk
from escalation.console.door import Supervisor
from escalation.console.page import signed_in_page
from escalation.counts import EVERY, SMALLEST_SHOWN

pages = APIRouter(include_in_schema=False)


@pages.get("/counts")
async def counts_page(request: Request, desk: OnDesk, session: Supervisor) -> Response:
    """The cells of at least ten cases, the newest day first."""
    cells = sorted(await desk.counts.shown(), key=lambda cell: cell.day, reverse=True)
    return await signed_in_page(
        request,
        desk,
        session,
        "counts.html",
        cells=[(cell, language_name(cell.locale)) for cell in cells],
        every=EVERY,
        smallest=SMALLEST_SHOWN,
    )
