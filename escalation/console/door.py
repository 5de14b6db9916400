"""The door: who is signed in, whether a request comes from our own page, and what a role may see.

The session is a cookie that scripts cannot read. Whatever changes something must also carry the page's token, which
only a page of this session knows, and come from the console's own origin: a foreign page can do neither.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Form, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader
from starlette.requests import HTTPConnection

from escalation.console.desk import Desk, OnDesk
from escalation.staff import Person, Role

READING = {"GET", "HEAD"}

_cookie_in_docs = APIKeyCookie(
    name="helpline-console",
    scheme_name="session",
    description="Set by signing in. Over https its name is `__Host-helpline-console`.",
    auto_error=False,
)
_token_in_header = APIKeyHeader(
    name="X-Helpline-Token",
    scheme_name="page token",
    description="Goes with every request that changes something; `GET /api/me` tells it. "
    "Such a request also needs an Origin or Sec-Fetch-Site header that names the console itself.",
    auto_error=False,
)


class NotSignedIn(Exception):
    """There is no session, or it has ended."""

    def __init__(self) -> None:
        super().__init__("You are not signed in.")


class NotFromThisPage(Exception):
    """A request that changes something did not come from a page of this session (forged, or the page is old)."""

    def __init__(self) -> None:
        super().__init__("This request does not come from a page of this session.")


class OnlyAdministrators(Exception):
    """The person's role does not allow this."""

    def __init__(self) -> None:
        super().__init__("Only administrators may do this.")


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in. The secret never appears in a log, hence the repr."""

    person: Person
    secret: str = field(repr=False)

    @property
    def page_token(self) -> str:
        """What a page of this session sends along; leads back to the secret for nobody."""
        return hmac.new(self.secret.encode(), b"helpline console page", hashlib.sha256).hexdigest()

    @property
    def administers(self) -> bool:
        """Whether this person looks after the team."""
        return self.person.role is Role.ADMINISTRATOR


async def session_of(connection: HTTPConnection, desk: Desk) -> Session | None:
    """The session whose cookie a request or WebSocket carries, if it is still valid."""
    secret = connection.cookies.get(desk.cookie)
    person = await desk.staff.who(secret) if secret else None
    return Session(person, secret) if secret and person else None


async def signed_in(request: Request, desk: OnDesk, _: Annotated[str | None, Security(_cookie_in_docs)]) -> Session:
    """The session of this request; raises NotSignedIn."""
    session = await session_of(request, desk)
    if session is None:
        raise NotSignedIn
    return session


SignedIn = Annotated[Session, Depends(signed_in)]


async def administrator(session: SignedIn) -> Session:
    """The session of this request if an administrator's; raises OnlyAdministrators."""
    if not session.administers:
        raise OnlyAdministrators
    return session


Administrator = Annotated[Session, Depends(administrator)]


def own_origin(request: Request, desk: OnDesk) -> None:
    """Let a request that changes something pass only from the console's own origin; raises NotFromThisPage.

    Forms of a page without referrer send `Origin: null`; there Sec-Fetch-Site, which no page can forge, decides.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site != "same-origin":
        raise NotFromThisPage
    if not desk.is_own_origin(origin, request.headers.get("host")) and not (site and origin in {None, "null"}):
        raise NotFromThisPage


def same_page(
    request: Request, desk: OnDesk, session: SignedIn, token: Annotated[str | None, Security(_token_in_header)]
) -> None:
    """For the API: a request that changes something carries the page's token; raises NotFromThisPage."""
    if request.method not in READING:
        own_origin(request, desk)
        _check(session, token)


def same_form(session: SignedIn, page_token: Annotated[str, Form()] = "") -> None:
    """For plain forms: the token comes in a hidden field; raises NotFromThisPage."""
    _check(session, page_token)


def _check(session: Session, token: str | None) -> None:
    if not hmac.compare_digest((token or "").encode(), session.page_token.encode()):
        raise NotFromThisPage
