"""The desk: what every route of the console works with, handed in once by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from escalation.audit import Audit
from escalation.bell import Bell
from escalation.counsel import Counsel
from escalation.counts import Counts
from escalation.duty import Duty
from escalation.echo import Echo
from escalation.editions import Editions
from escalation.joining import Joining
from escalation.lessons import Lessons
from escalation.pilots import Pilots
from escalation.showing import Showings
from escalation.staff import Staff
from escalation.supervision import Supervision
from escalation.teachings import Teachings
from locales.catalogue import Catalogue
from locales.checker import Needed
from locales.services import Directory
from nlu.reading import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The parts of the escalation that the console shows and moves; `secure` says that it is reached over https.

    `reader` knows the words of every language, `hidden_in` says which pieces of a text the chat would hide and what it puts in their place.
    `needed` is what the guides need of the texts, `drafts_are_shown` whether children see texts that nobody has reviewed. Cards are made of
    `catalogue` (the console's own: it takes over what is published when it is asked), `directory`, and the operator's `address` and `country`.
    """

    counsel: Counsel
    duty: Duty
    joining: Joining
    staff: Staff
    bell: Bell
    supervision: Supervision
    showings: Showings
    audit: Audit
    counts: Counts
    editions: Editions
    pilots: Pilots
    echo: Echo
    teachings: Teachings
    lessons: Lessons
    reader: Reader
    hidden_in: Callable[[str], Sequence[tuple[str, str]]]
    needed: Needed
    catalogue: Catalogue
    directory: Directory
    address: str
    country: str
    drafts_are_shown: bool
    secure: bool

    @property
    def cookie(self) -> str:
        """The session cookie's name; with the prefix, browsers refuse it from another host or without https."""
        return "__Host-helpline-console" if self.secure else "helpline-console"

    def is_own_origin(self, origin: str | None, host: str | None) -> bool:
        """Whether an Origin header names the console itself, as the browser sees it (`host` is the Host header)."""
        return bool(host) and origin == f"{'https' if self.secure else 'http'}://{host}"


def desk(connection: HTTPConnection) -> Desk:
    """The desk of the application that serves this connection."""
    return cast(Desk, connection.app.state.desk)


OnDesk = Annotated[Desk, Depends(desk)]
