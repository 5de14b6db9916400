"""The door: who is signed in, whether a request comes from our own page, and which roles a route is for.

Every route declares one rule, by naming it in its signature (`session: Counsellor`) or among its dependencies
(`Depends(ANYBODY)`); tests/console/test_authorisation.py reads the rules from the routing table, tries every route with every
role, and fails for a route that has none.

The session is a cookie that scripts cannot read. Whatever changes something must also carry the page's token, which
only a page of this session knows, and come from the console's own origin: a foreign page can do neither.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Form, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader
from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection
from starlette.status import WS_1008_POLICY_VIOLATION

from escalation.console.desk import Desk, OnDesk
from escalation.people import NoTeamKey, Person, Role, Signed
from escalation.sealing import Pair

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


class SecondFactorMissing(Exception):
    """A session that was begun with the password alone is good for setting the second factor, and for leaving."""

    def __init__(self) -> None:
        super().__init__("Set your second factor first.")


class NotFromThisPage(Exception):
    """A request that changes something did not come from a page of this session (forged, or the page is old)."""

    def __init__(self) -> None:
        super().__init__("This request does not come from a page of this session.")


class NotYourRole(Exception):
    """None of the person's roles allows this."""

    def __init__(self) -> None:
        super().__init__("Your roles do not allow this.")


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in. The secret never appears in a log, hence the repr."""

    signed: Signed
    secret: str = field(repr=False)

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.signed.person

    @property
    def team(self) -> Pair:
        """The team's key pair, for this request; raises NoTeamKey for those who do not hold it."""
        if self.signed.team is None:
            raise NoTeamKey
        return self.signed.team

    @property
    def page_token(self) -> str:
        """What a page of this session sends along; leads back to the secret for nobody."""
        return hmac.new(self.secret.encode(), b"helpline console page", hashlib.sha256).hexdigest()

    def has(self, *roles: Role) -> bool:
        """Whether the person has one of these roles."""
        return bool(self.person.roles & set(roles))


async def session_of(connection: HTTPConnection, desk: Desk) -> Session | None:
    """The session whose cookie a request or WebSocket carries, if it is still valid; looked up once for each."""
    if not hasattr(connection.state, "session"):
        secret = connection.cookies.get(desk.cookie)
        signed = await desk.staff.who(secret) if secret else None
        connection.state.session = Session(signed, secret) if secret and signed else None
    found: Session | None = connection.state.session
    return found


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom a route is for: anybody, or a session with one of these roles (none named: whoever is signed in)."""

    roles: Collection[Role] = ()
    public: bool = False
    without_second_factor: bool = False

    def allows(self, person: Person) -> bool:
        """Whether the person's roles are enough."""
        return not self.roles or bool(person.roles & set(self.roles))

    async def __call__(self, connection: HTTPConnection, desk: OnDesk) -> Session | None:
        """Let the request through, with its session; raises NotSignedIn, SecondFactorMissing or NotYourRole."""
        session = await session_of(connection, desk)
        if self.public:
            return session
        refusal: Exception | None = None
        if session is None:
            refusal = NotSignedIn()
        elif not session.signed.confirmed and not self.without_second_factor:
            refusal = SecondFactorMissing()
        elif not self.allows(session.person):
            refusal = NotYourRole()
        if refusal and connection.scope["type"] == "websocket":
            raise WebSocketException(WS_1008_POLICY_VIOLATION)
        if refusal:
            raise refusal
        return session


ANYBODY = Rule(public=True)
ON_THE_LINE = Rule(frozenset({Role.COUNSELLOR, Role.SUPERVISOR}))  # for whom it matters who waits
COUNSELLING = Rule(frozenset({Role.COUNSELLOR}))
SUPERVISING = Rule(frozenset({Role.SUPERVISOR}))
EDITING = Rule(frozenset({Role.EDITOR}))
ADMINISTERING = Rule(frozenset({Role.ADMINISTRATOR}))
AUDITING = Rule(frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}))

Visitor = Annotated[Session | None, Depends(ANYBODY)]
Arriving = Annotated[Session, Depends(Rule(without_second_factor=True))]
SignedIn = Annotated[Session, Depends(Rule())]
OnTheLine = Annotated[Session, Depends(ON_THE_LINE)]
Counsellor = Annotated[Session, Depends(COUNSELLING)]
Supervisor = Annotated[Session, Depends(SUPERVISING)]
Editor = Annotated[Session, Depends(EDITING)]
Administrator = Annotated[Session, Depends(ADMINISTERING)]
Auditor = Annotated[Session, Depends(AUDITING)]


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


async def same_page(
    request: Request,
    desk: OnDesk,
    _: Annotated[str | None, Security(_cookie_in_docs)],
    token: Annotated[str | None, Security(_token_in_header)],
) -> None:
    """For the API: a request that changes something carries the page's token; raises NotSignedIn or NotFromThisPage."""
    session = await session_of(request, desk)
    if session is None:
        raise NotSignedIn
    if request.method not in READING:
        own_origin(request, desk)
        _check(session, token)


async def same_form(request: Request, desk: OnDesk, page_token: Annotated[str, Form()] = "") -> None:
    """For plain forms: the token comes in a hidden field; raises NotSignedIn or NotFromThisPage."""
    session = await session_of(request, desk)
    if session is None:
        raise NotSignedIn
    own_origin(request, desk)
    _check(session, page_token)


OwnForm = Depends(same_form)
"""For the dependencies of a route that takes a plain form of somebody signed in."""


def _check(session: Session, token: str | None) -> None:
    if not hmac.compare_digest((token or "").encode(), session.page_token.encode()):
        raise NotFromThisPage
