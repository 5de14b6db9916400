"""One's own account: the second factor, and the password. Plain forms: they work before any script does."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from escalation.console.answers import in_order
from escalation.console.desk import Desk, OnDesk
from escalation.console.door import Arriving, OwnForm, Session, SignedIn
from escalation.console.page import page, signed_in_page
from escalation.passwords import PasswordTooShort
from escalation.second_factor import WrongCode
from escalation.slowing import SlowDown, WrongCredentials

pages = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]


class PasswordsDiffer(Exception):
    """The password was not typed twice in the same way; nobody could look up what was meant."""

    def __init__(self) -> None:
        super().__init__("The two passwords are not the same.")


class OldPasswordIsWrong(Exception):
    """The password that is to be changed is another one."""

    def __init__(self) -> None:
        super().__init__("Your present password is another one.")


@pages.get("/second-factor")
async def second_factor_page(request: Request, desk: OnDesk, session: Arriving) -> Response:
    """What an authenticator has to learn; whoever has done this goes on."""
    if session.signed.confirmed:
        return RedirectResponse("/", 303)
    return await _second_factor(request, desk, session)


@pages.get("/second-factor/code.svg")
async def second_factor_drawn(desk: OnDesk, session: Arriving) -> Response:
    """The QR code, for the page's own session only, and kept by no browser."""
    factor = await desk.staff.new_second_factor(session.signed)
    return Response(factor.drawn(), media_type="image/svg+xml")


@pages.post("/second-factor", dependencies=[OwnForm])
async def set_second_factor(request: Request, desk: OnDesk, session: Arriving, code: Text = "") -> Response:
    """Switch the second factor on; from now on it is asked for at every sign-in."""
    try:
        await desk.staff.confirm_second_factor(session.signed, session.secret, code)
    except SlowDown as slow:
        return await _second_factor(request, desk, session, slow, 429, {"Retry-After": str(slow.seconds)})
    except WrongCode as wrong:
        return await _second_factor(request, desk, session, wrong, 422)
    return RedirectResponse("/", 303)


@pages.get("/account")
async def account_page(request: Request, desk: OnDesk, session: SignedIn, changed: bool = False) -> Response:
    """Who one is here."""
    return await _account(request, desk, session, changed=changed)


@pages.post("/account/password", dependencies=[OwnForm])
async def change_password(
    request: Request,
    desk: OnDesk,
    session: SignedIn,
    *,
    old: Text = "",
    password: Text = "",
    again: Text = "",
) -> Response:
    """Change the password; every other session of this account ends."""
    try:
        if password != again:
            raise PasswordsDiffer
        await desk.staff.change_password(session.signed, session.secret, old, password)
    except SlowDown as slow:
        return await _account(request, desk, session, error=slow, status=429)
    except WrongCredentials:
        return await _account(request, desk, session, error=OldPasswordIsWrong(), status=422)
    except (PasswordsDiffer, PasswordTooShort) as refusal:
        return await _account(request, desk, session, error=refusal, status=422)
    return RedirectResponse("/account?changed=true", 303)


async def _second_factor(
    request: Request,
    desk: Desk,
    session: Session,
    error: Exception | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    factor = await desk.staff.new_second_factor(session.signed)
    return page(
        request,
        "second_factor.html",
        status=status,
        headers=headers,
        session=session,
        secret=factor.groups(),
        error=error,
    )


async def _account(
    request: Request,
    desk: Desk,
    session: Session,
    *,
    changed: bool = False,
    error: Exception | None = None,
    status: int = 200,
) -> Response:
    roles = in_order(session.person.roles)
    return await signed_in_page(
        request, desk, session, "account.html", status=status, roles=roles, changed=changed, error=error
    )
