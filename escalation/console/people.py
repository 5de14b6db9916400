"""People: administrators invite counsellors, see who is on the team, and shut accounts."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from escalation.console.answers import InvitationAnswer, NewInvitation, Refusal, TeamAnswer, colleague
from escalation.console.desk import Desk, OnDesk
from escalation.console.door import Administrator, administrator
from escalation.console.page import signed_in_page
from escalation.staff import Role

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/people", tags=["people"], dependencies=[Depends(administrator)])


class YourOwnAccount(Exception):
    """An administrator may not shut their own account: the helpline would be left without one."""

    def __init__(self) -> None:
        super().__init__("You cannot disable your own account; ask another administrator.")


async def _team(desk: Desk) -> TeamAnswer:
    return TeamAnswer(people=[colleague(person) for person in await desk.staff.list()])


@pages.get("/people")
async def people_page(request: Request, desk: OnDesk, session: Administrator) -> Response:
    """The team."""
    return await signed_in_page(
        request, desk, session, "people.html", people=(await _team(desk)).people, roles=list(Role)
    )


@api.get("", summary="Everybody on the team")
async def people(desk: OnDesk) -> TeamAnswer:
    """Also those whose account was disabled."""
    return await _team(desk)


@api.post("/invitations", status_code=201, summary="Invite somebody")
async def invite(wanted: NewInvitation, desk: OnDesk) -> InvitationAnswer:
    """The path is told once and stored nowhere."""
    return InvitationAnswer(path=f"/invitation/{await desk.staff.invite(wanted.role)}")


@api.post(
    "/{staff_id}/disable",
    status_code=204,
    summary="Disable an account",
    responses={409: {"model": Refusal, "description": "It is your own account."}},
)
async def disable(staff_id: int, desk: OnDesk, session: Administrator) -> None:
    """Their sessions end and their chats go back to the queue."""
    if staff_id == session.person.id:
        raise YourOwnAccount
    await desk.staff.disable(staff_id)
