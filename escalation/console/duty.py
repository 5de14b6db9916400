"""Being available: the switch on every counsellor's page, and who is signed in."""

from __future__ import annotations

from fastapi import APIRouter

from escalation.console.answers import Availability, Me, in_order
from escalation.console.desk import OnDesk
from escalation.console.door import Counsellor, SignedIn

api = APIRouter(tags=["duty"])


@api.get("/me", summary="Who is signed in")
async def me(desk: OnDesk, session: SignedIn) -> Me:
    """Also tells the page token of this session, so that a page that stayed open can go on after a new sign-in."""
    person = session.person
    available = await desk.duty.is_on(person.id)
    return Me(
        id=person.id,
        name=person.name,
        roles=in_order(person.roles),
        available=available,
        page_token=session.page_token,
    )


@api.put("/duty", summary="Say whether you are available")
async def switch(wanted: Availability, desk: OnDesk, session: Counsellor) -> Availability:
    """Lasts while `/live` is open or `/api/duty/beat` is called at least every 90 seconds."""
    await (desk.duty.on if wanted.available else desk.duty.off)(session.person.id)
    return wanted


@api.post("/duty/beat", summary="Stay available")
async def beat(desk: OnDesk, session: Counsellor) -> Availability:
    """For pages whose live connection is down. Makes nobody available who has not said so."""
    return Availability(available=await desk.duty.beat(session.person.id))
