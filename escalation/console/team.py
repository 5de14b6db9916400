"""The team at this moment: supervisors see who is available and who answers which chat, and can put a chat back into the queue."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from escalation.console.answers import CaseAnswer, NowAnswer, Refusal
from escalation.console.desk import Desk, OnDesk
from escalation.console.door import Supervisor
from escalation.console.page import signed_in_page

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/team", tags=["team"])


async def _now(desk: Desk) -> NowAnswer:
    taken = [CaseAnswer.of(case) for case in await desk.supervision.taken()]
    return NowAnswer(on_duty=await desk.supervision.on_duty(), taken=taken)


@pages.get("/team")
async def team_page(request: Request, desk: OnDesk, session: Supervisor) -> Response:
    """Who is available, and the chats that are taken."""
    return await signed_in_page(request, desk, session, "team.html", team=await _now(desk))


@api.get("/now", summary="Who is available and which chats are taken")
async def now(desk: OnDesk, _: Supervisor) -> NowAnswer:
    """Without what was said, and without the reasons of the alarm."""
    return await _now(desk)


@api.post(
    "/cases/{case_id}/take-back",
    status_code=204,
    summary="Put somebody's chat back into the queue",
    responses={
        404: {"model": Refusal, "description": "No such case, or already deleted."},
        409: {"model": Refusal, "description": "Nobody has it, or it is closed."},
    },
)
async def take_back(case_id: str, desk: OnDesk, session: Supervisor) -> None:
    """It keeps the place of its whole waiting time; the child is told, and so is the audit log."""
    await desk.supervision.take_back(case_id, session.person.id)
