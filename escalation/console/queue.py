"""The queue: which children wait, in which order, and the chats that somebody has taken."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from escalation.console.answers import CaseAnswer, ChatsAnswer, QueueAnswer
from escalation.console.desk import Desk, OnDesk
from escalation.console.door import ON_THE_LINE, Counsellor, OnTheLine, Session, SignedIn
from escalation.console.page import places_of, signed_in_page
from escalation.people import Role

pages = APIRouter(include_in_schema=False)
api = APIRouter(tags=["queue"])


async def _queue(desk: Desk, session: Session) -> QueueAnswer:
    """The reasons of an alarm are words of a child: those who answer need them, those who only supervise do not (promise 2)."""
    team = session.team if session.has(Role.COUNSELLOR) else None
    waiting = [CaseAnswer.of(case) for case in await desk.counsel.queue(team)]
    return QueueAnswer(waiting=waiting, on_duty=await desk.duty.count())


async def _chats(desk: Desk, session: Session) -> ChatsAnswer:
    mine = await desk.counsel.mine(session.person.id, session.team)
    return ChatsAnswer(chats=[CaseAnswer.of(case) for case in mine])


@pages.get("/")
async def queue_page(request: Request, desk: OnDesk, session: SignedIn) -> Response:
    """Who waits, most pressing first; whoever has nothing to do with it goes on to their own first page."""
    if not ON_THE_LINE.allows(session.person):
        return RedirectResponse(next(iter(places_of(session.person)), "/account"), 303)
    return await signed_in_page(request, desk, session, "queue.html", queue=await _queue(desk, session))


@pages.get("/chats")
async def chats_page(request: Request, desk: OnDesk, session: Counsellor) -> Response:
    """The chats of the person signed in."""
    return await signed_in_page(request, desk, session, "chats.html", chats=(await _chats(desk, session)).chats)


@api.get("/queue", summary="Who waits, in the order in which they should be taken")
async def queue(desk: OnDesk, session: OnTheLine) -> QueueAnswer:
    """The waiting cases without the child's words, and how many counsellors are on duty."""
    return await _queue(desk, session)


@api.get("/chats", summary="The chats that you have taken")
async def chats(desk: OnDesk, session: Counsellor) -> ChatsAnswer:
    """Taken by you and not closed, the longest held first."""
    return await _chats(desk, session)
