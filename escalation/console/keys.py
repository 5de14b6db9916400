"""Keys: administrators give the team a new key and print a new recovery key. Plain forms."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from escalation.console.desk import OnDesk
from escalation.console.door import Administrator, OwnForm
from escalation.console.page import signed_in_page

pages = APIRouter(include_in_schema=False)


@pages.get("/keys")
async def keys_page(request: Request, desk: OnDesk, session: Administrator, rotated: bool = False) -> Response:
    """What the keys are for, and what can be done."""
    return await signed_in_page(request, desk, session, "keys.html", rotated=rotated, recovery_key=None)


@pages.post("/keys/rotate", dependencies=[OwnForm])
async def rotate(desk: OnDesk, session: Administrator) -> Response:
    """Give the team a new key; invitations under way end."""
    await desk.staff.rotate(session.signed)
    return RedirectResponse("/keys?rotated=true", 303)


@pages.post("/keys/recovery", dependencies=[OwnForm])
async def print_recovery_key(request: Request, desk: OnDesk, session: Administrator) -> Response:
    """Show a new recovery key, once; the one that was printed before opens nothing any more."""
    recovery_key = await desk.staff.print_recovery_key(session.signed)
    return await signed_in_page(request, desk, session, "keys.html", rotated=False, recovery_key=recovery_key)
