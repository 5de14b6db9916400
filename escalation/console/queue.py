"""The queue: which children wait, in which order, and the chats that somebody has taken."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from escalation.console.answers import CaseAnswer, ChatsAnswer, QueueAnswer
from escalation.console.desk import Desk, OnDesk
from escalation.console.door import Session, SignedIn
from escalation.console.page import signed_in_page

pages = APIRouter(include_in_schema=False)
api = APIRouter(tags=["queue"])


async def _queue(desk: Desk) -> QueueAnswer:
    waiting = [CaseAnswer.of(case) for case in await desk.counsel.queue()]
    return QueueAnswer(waiting=waiting, on_duty=await desk.duty.count())


async def _chats(desk: Desk, session: Session) -> ChatsAnswer:
    return ChatsAnswer(chats=[CaseAnswer.of(case) for case in await desk.counsel.mine(session.person.id)])


@pages.get("/")
async def queue_page(request: Request, desk: OnDesk, session: SignedIn) -> Response:
    """Who waits, most pressing first."""
    return await signed_in_page(request, desk, session, "queue.html", queue=await _queue(desk))


@pages.get("/chats")
async def chats_page(request: Request, desk: OnDesk, session: SignedIn) -> Response:
    """The chats of the person signed in."""
    return await signed_in_page(request, desk, session, "chats.html", chats=(await _chats(desk, session)).chats)


@api.get("/queue", summary="Who waits, in the order in which they should be taken")
async def queue(desk: OnDesk) -> QueueAnswer:
    """The waiting cases without the child's words, and how many counsellors are on duty."""
    return await _queue(desk)


@api.get("/chats", summary="The chats that you have taken")
async def chats(desk: OnDesk, session: SignedIn) -> ChatsAnswer:
    """Taken by you and not closed, the longest held first."""
    return await _chats(desk, session)
