"""People: administrators invite colleagues, see who is on the team, help with lost telephones, and shut accounts."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from escalation.console.answers import Disabled, InvitationAnswer, NewInvitation, Refusal, TeamAnswer, colleague
from escalation.console.desk import Desk, OnDesk
from escalation.console.door import Administrator
from escalation.console.page import signed_in_page
from escalation.people import Role

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/people", tags=["people"])

NOT_THIS_ONE: dict[int | str, dict[str, object]] = {
    404: {"model": Refusal, "description": "There is no such account, or it was disabled already."},
    409: {"model": Refusal, "description": "It is your own account, or the team's key has just been changed."},
}


class YourOwnAccount(Exception):
    """An administrator may not shut their own account: the helpline would be left without one."""

    def __init__(self) -> None:
        super().__init__("You cannot do this to your own account; ask another administrator.")


async def _team(desk: Desk) -> TeamAnswer:
    return TeamAnswer(people=[colleague(person) for person in await desk.staff.list()])


@pages.get("/people")
async def people_page(request: Request, desk: OnDesk, session: Administrator) -> Response:
    """The team."""
    return await signed_in_page(
        request, desk, session, "people.html", people=(await _team(desk)).people, roles=list(Role)
    )


@api.get("", summary="Everybody on the team")
async def people(desk: OnDesk, _: Administrator) -> TeamAnswer:
    """Also those whose account was disabled."""
    return await _team(desk)


@api.post("/invitations", status_code=201, summary="Invite somebody")
async def invite(wanted: NewInvitation, desk: OnDesk, session: Administrator) -> InvitationAnswer:
    """The path is told once and stored nowhere."""
    return InvitationAnswer(path=f"/invitation/{await desk.joining.invite(session.signed, wanted.roles)}")


@api.post("/{staff_id}/disable", summary="Disable an account", responses=NOT_THIS_ONE)
async def disable(staff_id: int, desk: OnDesk, session: Administrator) -> Disabled:
    """Their sessions end, their chats go back to the queue, and the team gets a new key, which ends open invitations."""
    _not_your_own(staff_id, session)
    return Disabled(team_key_rotated=await desk.staff.disable(staff_id, session.signed))


@api.post(
    "/{staff_id}/reset-second-factor", status_code=204, summary="Take a second factor away", responses=NOT_THIS_ONE
)
async def reset_second_factor(staff_id: int, desk: OnDesk, session: Administrator) -> None:
    """For somebody who has lost their telephone. Their sessions end; they set another one when they sign in next."""
    _not_your_own(staff_id, session)
    await desk.staff.reset_second_factor(session.signed, staff_id)


def _not_your_own(staff_id: int, session: Administrator) -> None:
    if staff_id == session.person.id:
        raise YourOwnAccount
