"""A case: reading what was said, taking it, writing to the child, closing it, handing it back."""

from __future__ import annotations

from typing import Any, get_args

from fastapi import APIRouter, Request, Response

from escalation.cases import Case, CaseState
from escalation.console.answers import CaseAnswer, Closing, CounsellorsOutcome, Line, Refusal, Reply, ThreadAnswer
from escalation.console.desk import Desk, OnDesk
from escalation.console.door import Session, SignedIn
from escalation.console.page import signed_in_page
from escalation.counsel import NotYourCase

NO_SUCH_CASE: dict[int | str, dict[str, Any]] = {
    404: {"model": Refusal, "description": "No such case, or already deleted."},
}
NOT_NOW: dict[int | str, dict[str, Any]] = {
    409: {"model": Refusal, "description": "Taken by somebody else, closed, or the child has left."},
    422: {"model": Refusal, "description": "The request makes no sense, or the reply is empty or too long."},
}

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/cases/{case_id}", tags=["case"], responses=NO_SUCH_CASE)


@pages.get("/cases/{case_id}")
async def case_page(case_id: str, request: Request, desk: OnDesk, session: SignedIn) -> Response:
    """A case: before it is taken its facts, afterwards what is said in it."""
    case = await desk.counsel.case(case_id)
    if _with_somebody_else(case, session):
        return await signed_in_page(
            request, desk, session, "taken.html", status=403, counsellor=case.counsellor, closed=case.closed_at
        )
    return await signed_in_page(
        request, desk, session, "case.html", thread=await _thread(desk, case), outcomes=get_args(CounsellorsOutcome)
    )


@api.get("", summary="A case and what was said in it")
async def thread(case_id: str, desk: OnDesk, session: SignedIn) -> ThreadAnswer:
    """The whole thread of a case that is yours; only the facts of one that waits; 403 for somebody else's."""
    case = await desk.counsel.case(case_id)
    if _with_somebody_else(case, session):
        raise NotYourCase
    return await _thread(desk, case)


@api.post("/claim", summary="Take a waiting case", responses=NOT_NOW)
async def claim(case_id: str, desk: OnDesk, session: SignedIn) -> CaseAnswer:
    """Of all who try at the same moment one gets it, the others a 409. The child is told that somebody has come."""
    return CaseAnswer.of(await desk.counsel.claim(case_id, session.person.id))


@api.post("/replies", status_code=201, summary="Write to the child", responses=NOT_NOW)
async def reply(case_id: str, sent: Reply, desk: OnDesk, session: SignedIn) -> Line:
    """The reply is stored and on its way when this answers; 409 when the child has left."""
    return Line.of(await desk.counsel.reply(case_id, session.person.id, sent.text))


@api.post("/close", status_code=204, summary="Close a case", responses=NOT_NOW)
async def close(case_id: str, closing: Closing, desk: OnDesk, session: SignedIn) -> None:
    """A child who is still there is told. What was said is deleted after the retention time."""
    await desk.counsel.close(case_id, session.person.id, closing.outcome)


@api.post("/hand-back", status_code=204, summary="Put a case back into the queue", responses=NOT_NOW)
async def hand_back(case_id: str, desk: OnDesk, session: SignedIn) -> None:
    """It keeps the place of its whole waiting time."""
    await desk.counsel.hand_back(case_id, session.person.id)


def _with_somebody_else(case: Case, session: Session) -> bool:
    """What a child has told is read by the one who answers it, and by nobody out of curiosity (promise 2)."""
    return case.state is not CaseState.WAITING and case.counsellor != session.person.name


async def _thread(desk: Desk, case: Case) -> ThreadAnswer:
    if case.state is CaseState.WAITING:
        return ThreadAnswer(case=CaseAnswer.of(case), lines=[])
    said = await desk.counsel.thread(case.id)
    undelivered = await desk.counsel.undelivered(case.id)
    lines = [Line.of(line, undelivered=position in undelivered) for position, line in enumerate(said)]
    return ThreadAnswer(case=CaseAnswer.of(case), lines=lines)
