"""The console's application, put together from one file per subject."""

from __future__ import annotations

from fastapi import APIRouter, Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from escalation.console import (
    account,
    audit,
    cards,
    case,
    keys,
    live,
    numbers,
    people,
    queue,
    services,
    sign_in,
    teaching,
    team,
    texts,
)
from escalation.console import duty as availability
from escalation.console.answers import Refusal
from escalation.console.armour import Armour
from escalation.console.desk import Desk
from escalation.console.door import ANYBODY, same_page
from escalation.console.page import STATIC
from escalation.console.refusals import answer_refusals

ABOUT = """What the pages of the team use. Sign in at `/sign-in`; the session is a cookie.

Live changes come over the WebSocket `/live` (same cookie, Origin checked) as `{"changed": ["queue", "case:<id>"]}`:
what is named should be fetched again, and everything when a name is empty. Text is redacted before it gets here.
"""


def console(desk: Desk) -> FastAPI:
    """The console as an ASGI application."""
    app = FastAPI(
        title="Helpline console",
        version="1",
        description=ABOUT,
        openapi_url=None,  # a route of its own below, with a rule like every other
        docs_url=None,  # those pages would load foreign scripts
        redoc_url=None,
    )
    app.state.desk = desk
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
    for subject in (queue, case, availability, team, people, texts, services, teaching):
        api.include_router(subject.api)
    for pages in (
        queue,
        case,
        team,
        numbers,
        texts,
        services,
        teaching,
        cards,
        people,
        keys,
        audit,
        account,
        sign_in,
        live,
    ):
        app.include_router(pages.pages)
    app.include_router(api)

    @app.get("/api/openapi.json", include_in_schema=False, dependencies=[Depends(ANYBODY)])
    async def described() -> dict[str, object]:
        """What the API is; the same as the source says to everybody."""
        return app.openapi()

    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app
