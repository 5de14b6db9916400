"""A case: reading what was said, taking it, writing to the child, closing it, handing it back."""

from __future__ import annotations

from typing import Any, get_args

from fastapi import APIRouter, Request, Response

from escalation.audit import Act
from escalation.cases import Case, CaseState
from escalation.console.answers import (
    CaseAnswer,
    Closing,
    CounsellorsOutcome,
    Line,
    Placeholder,
    Refusal,
    Reply,
    Shown,
    ThreadAnswer,
)
from escalation.console.desk import Desk, OnDesk
from escalation.console.door import Counsellor, Session
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


class NotToBeShown(Exception):
    """The piece was shown already, its time is over, or the child never agreed to show it."""

    def __init__(self) -> None:
        super().__init__("This cannot be shown (any more).")


@pages.get("/cases/{case_id}")
async def case_page(case_id: str, request: Request, desk: OnDesk, session: Counsellor) -> Response:
    """A case: before it is taken its facts, afterwards what is said in it."""
    case = await desk.counsel.case(case_id, session.team)
    if _with_somebody_else(case, session):
        return await signed_in_page(
            request, desk, session, "taken.html", status=403, counsellor=case.counsellor, closed=case.closed_at
        )
    return await signed_in_page(
        request,
        desk,
        session,
        "case.html",
        thread=await _thread(desk, session, case),
        outcomes=get_args(CounsellorsOutcome),
    )


@api.get("", summary="A case and what was said in it")
async def thread(case_id: str, desk: OnDesk, session: Counsellor) -> ThreadAnswer:
    """The whole thread of a case that is yours; only the facts of one that waits; 403 for somebody else's."""
    case = await desk.counsel.case(case_id, session.team)
    if _with_somebody_else(case, session):
        raise NotYourCase
    return await _thread(desk, session, case)


@api.post("/claim", summary="Take a waiting case", responses=NOT_NOW)
async def claim(case_id: str, desk: OnDesk, session: Counsellor) -> CaseAnswer:
    """Of all who try at the same moment one gets it, the others a 409. The child is told that somebody has come."""
    return CaseAnswer.of(await desk.counsel.claim(case_id, session.person.id, session.team))


@api.post("/replies", status_code=201, summary="Write to the child", responses=NOT_NOW)
async def reply(case_id: str, sent: Reply, desk: OnDesk, session: Counsellor) -> Line:
    """The reply is stored and on its way when this answers; 409 when the child has left without a code to come back with."""
    return Line.of(await desk.counsel.reply(case_id, session.person.id, session.team, sent.text))


@api.post("/close", status_code=204, summary="Close a case", responses=NOT_NOW)
async def close(case_id: str, closing: Closing, desk: OnDesk, session: Counsellor) -> None:
    """A child who is still there is told. What was said is deleted after the retention time."""
    await desk.counsel.close(case_id, session.person.id, closing.outcome)


@api.post("/hand-back", status_code=204, summary="Put a case back into the queue", responses=NOT_NOW)
async def hand_back(case_id: str, desk: OnDesk, session: Counsellor) -> None:
    """It keeps the place of its whole waiting time."""
    await desk.counsel.hand_back(case_id, session.person.id)


@api.post("/shown", summary="Look once behind a placeholder", responses=NOT_NOW)
async def shown(case_id: str, wanted: Placeholder, desk: OnDesk, session: Counsellor) -> Shown:
    """What the child said yes to showing. It is gone from memory by this answer, and the audit log says that it was shown."""
    case = await desk.counsel.case(case_id, None)
    if case.state is not CaseState.CLAIMED or _with_somebody_else(case, session):
        raise NotYourCase
    piece = await desk.showings.take(case_id, wanted.placeholder, session.team)
    if piece is None:
        raise NotToBeShown
    await desk.audit.note(Act.PIECE_SHOWN, session.person.id)
    return Shown(piece=piece)


def _with_somebody_else(case: Case, session: Session) -> bool:
    """What a child has told is read by the one who answers it, and by nobody out of curiosity (promise 2)."""
    return case.state is not CaseState.WAITING and case.counsellor != session.person.name


async def _thread(desk: Desk, session: Session, case: Case) -> ThreadAnswer:
    if case.state is CaseState.WAITING:
        return ThreadAnswer(case=CaseAnswer.of(case), lines=[], to_be_shown=[])
    said = await desk.counsel.thread(case.id, session.team)
    undelivered = await desk.counsel.undelivered(case.id)
    lines = [Line.of(line, undelivered=position in undelivered) for position, line in enumerate(said)]
    to_be_shown = await desk.showings.waiting(case.id) if case.state is CaseState.CLAIMED else []
    return ThreadAnswer(case=CaseAnswer.of(case), lines=lines, to_be_shown=to_be_shown)
