"""The console's application, put together from one file per subject."""

from __future__ import annotations

from fastapi import APIRouter, Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from escalation.bell import Bell
from escalation.console import case, live, people, queue, sign_in
from escalation.console import duty as availability
from escalation.console.answers import Refusal
from escalation.console.armour import Armour
from escalation.console.desk import Desk
from escalation.console.door import same_page
from escalation.console.page import STATIC
from escalation.console.refusals import answer_refusals
from escalation.counsel import Counsel
from escalation.duty import Duty
from escalation.staff import Staff

ABOUT = """What the counsellor's pages use. Sign in at `/sign-in`; the session is a cookie.

Live changes come over the WebSocket `/live` (same cookie, Origin checked) as `{"changed": ["queue", "case:<id>"]}`:
what is named should be fetched again, and everything when a name is empty. Text is redacted before it gets here.
"""


def console(counsel: Counsel, duty: Duty, staff: Staff, bell: Bell, *, secure_cookies: bool) -> FastAPI:
    """The console as an ASGI application; `secure_cookies` when people reach it over https."""
    app = FastAPI(
        title="Helpline console",
        version="1",
        description=ABOUT,
        openapi_url="/api/openapi.json",
        docs_url=None,  # those pages would load foreign scripts
        redoc_url=None,
    )
    app.state.desk = Desk(counsel, duty, staff, bell, secure=secure_cookies)
    app.add_middleware(Armour)
    answer_refusals(app)
    api = APIRouter(
        prefix="/api",
        dependencies=[Depends(same_page)],
        responses={
            401: {"model": Refusal, "description": "Not signed in."},
            403: {"model": Refusal, "description": "Not allowed, or not sent by a page of this session."},
            422: {"model": Refusal, "description": "The request was not understood."},
        },
    )
    for subject in (queue, case, availability, people):
        api.include_router(subject.api)
        app.include_router(subject.pages)
    app.include_router(sign_in.pages)
    app.include_router(live.pages)
    app.include_router(api)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app
