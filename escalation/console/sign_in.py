"""Signing in and out, and joining the team with an invitation. Plain forms: they work before any script does."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from escalation.console.account import PasswordsDiffer
from escalation.console.desk import OnDesk
from escalation.console.door import ANYBODY, Arriving, OwnForm, Visitor, own_origin
from escalation.console.page import page
from escalation.joining import InvitationNotValid, NameNotValid, NameTaken
from escalation.passwords import PasswordTooShort
from escalation.slowing import SlowDown, WrongCredentials

pages = APIRouter()

Text = Annotated[str, Form()]


@pages.get("/sign-in", include_in_schema=False)
async def sign_in_page(request: Request, session: Visitor, joined: bool = False) -> Response:
    """The form; whoever is signed in goes on to their first page."""
    if session:
        return RedirectResponse("/", 303)
    return page(request, "sign_in.html", joined=joined, error=None)


@pages.post(
    "/sign-in",
    dependencies=[Depends(ANYBODY), Depends(own_origin)],
    include_in_schema=True,
    tags=["session"],
    summary="Sign in (a plain form; answers are pages)",
    status_code=303,
    response_class=HTMLResponse,
    responses={
        303: {"description": "Signed in: the session's cookie is set."},
        401: {"description": "The name, the password or the six digits are wrong."},
        403: {"description": "Not sent by the console's own page."},
        422: {"description": "The form was not understood."},
        429: {"description": "Too many failures with this name; Retry-After says how many seconds to wait."},
    },
)
async def sign_in(request: Request, desk: OnDesk, name: Text = "", password: Text = "", code: Text = "") -> Response:
    """Begin a session. Guessing gets slower with each failure."""
    try:
        secret = await desk.staff.sign_in(name, password, code)
    except SlowDown as slow:
        return page(
            request,
            "sign_in.html",
            status=429,
            headers={"Retry-After": str(slow.seconds)},
            joined=False,
            error=str(slow),
        )
    except WrongCredentials as wrong:
        return page(request, "sign_in.html", status=401, joined=False, error=str(wrong))
    signed = await desk.staff.who(secret)
    if signed and not await desk.duty.is_on(signed.person.id):
        await desk.duty.off(signed.person.id)  # a switch left on yesterday makes nobody available today
    answer = RedirectResponse("/", 303)
    answer.set_cookie(desk.cookie, secret, secure=desk.secure, httponly=True, samesite="strict")
    return answer


@pages.post("/sign-out", include_in_schema=False, dependencies=[OwnForm])
async def sign_out(desk: OnDesk, session: Arriving) -> Response:
    """End the session and go off duty; chats that were taken stay taken."""
    await desk.duty.off(session.person.id)
    await desk.staff.sign_out(session.secret)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(desk.cookie, secure=desk.secure, httponly=True, samesite="strict")
    return answer


@pages.get("/invitation/{token}", include_in_schema=False)
async def invitation_page(request: Request, token: str, _: Visitor) -> Response:  # noqa: ARG001
    """The form; whether the invitation is valid is told when it is used, once."""
    return page(request, "invitation.html", error=None)


@pages.post("/invitation/{token}", include_in_schema=False, dependencies=[Depends(ANYBODY), Depends(own_origin)])
async def join(
    request: Request,
    desk: OnDesk,
    token: str,
    *,
    name: Text = "",
    password: Text = "",
    again: Text = "",
) -> Response:
    """Join the team; the new colleague signs in next, which shows that the password is remembered."""
    try:
        if password != again:
            raise PasswordsDiffer
        joined = await desk.joining.accept(token, name, password)
    except InvitationNotValid as refusal:
        return page(request, "invitation.html", status=404, error=str(refusal))
    except SlowDown as slow:
        return page(request, "invitation.html", status=429, headers={"Retry-After": str(slow.seconds)}, error=str(slow))
    except (PasswordsDiffer, NameNotValid, NameTaken, PasswordTooShort) as refusal:
        return page(request, "invitation.html", status=422, error=str(refusal))
    if joined.recovery_key:
        return page(request, "recovery.html", recovery_key=joined.recovery_key)
    return RedirectResponse("/sign-in?joined=true", 303)
