"""Refusals: how every "no" of the core reads in HTTP. One line each; never a traceback, never what was sent."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from escalation.console.answers import Refusal
from escalation.console.door import NotFromThisPage, NotSignedIn, OnlyAdministrators
from escalation.console.page import page
from escalation.console.people import YourOwnAccount
from escalation.counsel import (
    AlreadyClaimed,
    CaseIsClosed,
    ChildHasGone,
    EmptyReply,
    NoSuchCase,
    NotOnTheTeam,
    NotYourCase,
    ReplyTooLong,
)

STATUS: Mapping[type[Exception], int] = {
    NotSignedIn: 401,
    NotFromThisPage: 403,
    OnlyAdministrators: 403,
    NotYourCase: 403,
    NotOnTheTeam: 403,
    NoSuchCase: 404,
    AlreadyClaimed: 409,
    CaseIsClosed: 409,
    YourOwnAccount: 409,
    ChildHasGone: 409,
    EmptyReply: 422,
    ReplyTooLong: 422,
}

HTTP_ANSWERS = {404: "There is nothing here.", 405: "This cannot be done here."}


def refuse(request: Request, status: int, error: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request that is not granted: JSON for the API, a page for people."""
    if request.url.path.startswith("/api/"):
        return JSONResponse(Refusal(error=error).model_dump(), status, headers)
    if status == 401:
        return RedirectResponse("/sign-in", 303)
    return page(request, "refused.html", status=status, headers=headers, error=error)


def answer_refusals(app: FastAPI) -> None:
    """Make the application answer the core's exceptions, unknown paths and requests that make no sense."""

    async def known(request: Request, refusal: Exception) -> Response:
        return refuse(request, STATUS[type(refusal)], str(refusal))

    async def not_understood(request: Request, _: Exception) -> Response:
        return refuse(request, 422, "The request was not understood.")

    async def http(request: Request, refusal: Exception) -> Response:
        status = refusal.status_code if isinstance(refusal, HTTPException) else 500
        headers = refusal.headers if isinstance(refusal, HTTPException) else None
        return refuse(request, status, HTTP_ANSWERS.get(status, "The request was not understood."), headers)

    for refusal in STATUS:
        app.add_exception_handler(refusal, known)
    app.add_exception_handler(RequestValidationError, not_understood)
    app.add_exception_handler(HTTPException, http)
