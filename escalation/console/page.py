"""Pages: Jinja renders them with everything escaped. Every sentence of the console stands in the templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.templating import Jinja2Templates

from escalation.console.desk import Desk
from escalation.console.door import (
    ADMINISTERING,
    AUDITING,
    COUNSELLING,
    EDITING,
    ON_THE_LINE,
    SUPERVISING,
    Rule,
    Session,
)
from escalation.ledger import utc_now
from escalation.people import Person, Role

HERE = Path(__file__).parent
STATIC = HERE / "static"

PLACES: Mapping[str, Rule] = {
    "/": ON_THE_LINE,
    "/chats": COUNSELLING,
    "/team": SUPERVISING,
    "/counts": SUPERVISING,
    "/texts": EDITING,
    "/services": EDITING,
    "/cards": EDITING,
    "/words": EDITING,
    "/people": ADMINISTERING,
    "/keys": ADMINISTERING,
    "/audit": AUDITING,
}
"""Where the navigation leads, and to whom it is shown; the first that somebody may see is their own first page."""


def places_of(person: Person) -> list[str]:
    """The pages that this person's roles allow, in the order of the navigation."""
    return [path for path, rule in PLACES.items() if rule.allows(person)]


def minutes_since(moment: datetime) -> int:
    """Whole minutes from a moment until now, never negative."""
    return max(0, int((utc_now() - moment).total_seconds() // 60))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(now=utc_now, minutes_since=minutes_since)
    return environment


TEMPLATES = Jinja2Templates(env=_environment())


def page(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **shown: Any
) -> Response:
    """One page. `shown` is what the template names; a name that is missing is a mistake, not an empty place."""
    return TEMPLATES.TemplateResponse(request, template, shown, status_code=status, headers=headers)


async def signed_in_page(
    request: Request, desk: Desk, session: Session, template: str, *, status: int = 200, **shown: Any
) -> Response:
    """A page of somebody who is signed in: their navigation, the switch for duty, and what its scripts send along."""
    return page(
        request,
        template,
        status=status,
        session=session,
        places=places_of(session.person),
        answers_children=session.has(Role.COUNSELLOR),
        on_the_line=ON_THE_LINE.allows(session.person),
        available=await desk.duty.is_on(session.person.id),
        **shown,
    )
