"""Refusals: how every "no" of the core reads in HTTP. One line each; never a traceback, never what was sent."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from escalation.console.answers import Refusal
from escalation.console.case import NotToBeShown
from escalation.console.door import NotFromThisPage, NotSignedIn, NotYourRole, SecondFactorMissing
from escalation.console.page import page
from escalation.console.people import YourOwnAccount
from escalation.console.services import NoSuchService
from escalation.console.shelf import NoSuchTextHere
from escalation.console.teaching import CannotBeTaught, NothingToTeachHere
from escalation.console.texts import CannotBeSaid
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
from escalation.editions import NotInThisState, NotYourOwn, SomebodyWasQuicker
from escalation.ledger import LedgerIsAway, NotStorable
from escalation.people import NoSuchAccount, NoTeamKey
from escalation.staff import SecondFactorIsSet
from escalation.supervision import NobodyHasIt
from escalation.teachings import DecidedMeanwhile
from locales.cards import CardIsImpossible

STATUS: Mapping[type[Exception], int] = {
    NotSignedIn: 401,
    SecondFactorMissing: 403,
    NotFromThisPage: 403,
    NotYourRole: 403,
    NotYourCase: 403,
    NotOnTheTeam: 403,
    NoSuchCase: 404,
    NoSuchAccount: 404,
    NotToBeShown: 404,
    NoSuchTextHere: 404,
    NoSuchService: 404,
    NothingToTeachHere: 404,
    AlreadyClaimed: 409,
    CaseIsClosed: 409,
    YourOwnAccount: 409,
    ChildHasGone: 409,
    NobodyHasIt: 409,
    NoTeamKey: 409,
    SecondFactorIsSet: 409,
    SomebodyWasQuicker: 409,
    NotYourOwn: 409,
    NotInThisState: 409,
    DecidedMeanwhile: 409,
    EmptyReply: 422,
    CannotBeSaid: 422,
    CardIsImpossible: 422,
    CannotBeTaught: 422,
    ReplyTooLong: 422,
    NotStorable: 422,
    LedgerIsAway: 503,
}

LED_TO: Mapping[type[Exception], str] = {NotSignedIn: "/sign-in", SecondFactorMissing: "/second-factor"}
"""Where a person goes on whom a page was refused for now."""

HTTP_ANSWERS = {404: "There is nothing here.", 405: "This cannot be done here."}


def refuse(request: Request, status: int, error: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request that is not granted: JSON for the API, a page for people."""
    if request.url.path.startswith("/api/"):
        return JSONResponse(Refusal(error=error).model_dump(), status, headers)
    return page(request, "refused.html", status=status, headers=headers, error=error)


def answer_refusals(app: FastAPI) -> None:
    """Make the application answer the core's exceptions, unknown paths and requests that make no sense."""

    async def known(request: Request, refusal: Exception) -> Response:
        kind = type(refusal)
        if kind in LED_TO and not request.url.path.startswith("/api/"):
            return RedirectResponse(LED_TO[kind], 303)
        return refuse(request, STATUS[kind], str(refusal))

    async def not_understood(request: Request, _: Exception) -> Response:
        return refuse(request, 422, "The request was not understood.")

    async def http(request: Request, refusal: Exception) -> Response:
        status = refusal.status_code if isinstance(refusal, HTTPException) else 500
        status = (
            422 if status == 400 else status
        )  # a body that cannot even be taken apart is as little understood as any other
        headers = refusal.headers if isinstance(refusal, HTTPException) else None
        return refuse(request, status, HTTP_ANSWERS.get(status, "The request was not understood."), headers)

    for refusal in STATUS:
        app.add_exception_handler(refusal, known)
    app.add_exception_handler(RequestValidationError, not_understood)
    app.add_exception_handler(HTTPException, http)
