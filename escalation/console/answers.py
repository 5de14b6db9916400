"""Answers: what the API says, as models that OpenAPI describes, and how a case of the core becomes one.

Values are codes (`emergency`, `control`): the words for them stand in the templates.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Literal

from babel import Locale, UnknownLocaleError
from pydantic import BaseModel, Field

from escalation.cases import Author, Case, CaseState, Category, Outcome, Perspective, Presence, Said, Urgency
from escalation.people import Person, Role

CounsellorsOutcome = Literal[
    Outcome.SUPPORTED, Outcome.REFERRED, Outcome.EMERGENCY_SERVICES, Outcome.CHILD_LEFT, Outcome.NOT_A_DISCLOSURE
]
"""The outcomes that a counsellor chooses from; WITHDRAWN is the child's own."""


class Refusal(BaseModel):
    """Why a request was not granted, in one line."""

    error: str


class Colleague(BaseModel):
    """Somebody of the team."""

    id: int
    name: str
    roles: list[Role]
    active: bool = Field(description="False when the account was disabled.")
    second_factor: bool = Field(description="Whether the six digits are asked for; False until they were set.")


class Me(BaseModel):
    """Who is signed in, and what a page of this session must send along."""

    id: int
    name: str
    roles: list[Role]
    available: bool = Field(description="On duty now.")
    page_token: str = Field(description="The value for the header X-Helpline-Token.")


class CaseAnswer(BaseModel):
    """A case without the child's words. Times are UTC."""

    id: str
    state: CaseState
    urgency: Urgency
    categories: list[Category]
    perspective: Perspective = Field(description="Whom it is about: the child who writes, or somebody they know.")
    because: list[str] = Field(description="What raised the alarm, in words.")
    locale: str
    language: str = Field(description="The locale's name in English.")
    channel: str
    country: str | None = Field(description="The country's name in English, when the child gave it.")
    presence: Presence
    can_return: bool = Field(description="The child took a code and may come back, also after having left.")
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    outcome: Outcome | None
    counsellor: str | None = Field(description="The name of whoever has taken the case.")

    @classmethod
    def of(cls, case: Case) -> CaseAnswer:
        """The answer that shows this case."""
        facts = case.facts
        return cls(
            id=case.id,
            state=case.state,
            urgency=facts.urgency,
            categories=list(facts.categories),
            perspective=facts.perspective,
            because=list(facts.because),
            locale=facts.locale,
            language=language_name(facts.locale),
            channel=facts.channel,
            country=country_name(facts.country),
            presence=case.presence,
            can_return=case.can_return,
            opened_at=case.opened_at,
            claimed_at=case.claimed_at,
            closed_at=case.closed_at,
            outcome=case.outcome,
            counsellor=case.counsellor,
        )


class Piece(BaseModel):
    """A stretch of a line; together the pieces are the line's text."""

    text: str
    alarming: bool


class Line(BaseModel):
    """One line of a thread, cut where the alarming words begin and end."""

    author: Author
    at: datetime
    pieces: list[Piece]
    undelivered: bool = Field(description="A reply that could not reach the child.")

    @classmethod
    def of(cls, said: Said, *, undelivered: bool = False) -> Line:
        """The answer that shows this line."""
        return cls(author=said.author, at=said.at, pieces=cut(said.text, said.marks), undelivered=undelivered)


class ThreadAnswer(BaseModel):
    """A case and what was said in it. A case that waits shows no words: those are for whoever takes it."""

    case: CaseAnswer
    lines: list[Line]
    to_be_shown: list[str] = Field(description="Placeholders that the child lets you look behind, once each.")


class QueueAnswer(BaseModel):
    """The waiting cases in the order in which they should be taken, and how many counsellors are on duty."""

    waiting: list[CaseAnswer]
    on_duty: int


class ChatsAnswer(BaseModel):
    """The chats that the person signed in has taken and not closed."""

    chats: list[CaseAnswer]


class NowAnswer(BaseModel):
    """Who is available, and the chats that somebody has, without words or reasons."""

    on_duty: list[str] = Field(description="Names.")
    taken: list[CaseAnswer]


class TeamAnswer(BaseModel):
    """Everybody who ever joined, by name."""

    people: list[Colleague]


class Disabled(BaseModel):
    """What disabling an account has brought about."""

    team_key_rotated: bool


class Placeholder(BaseModel):
    """What stands in the thread in place of something hidden, for instance "[phone 1]"."""

    placeholder: str


class Shown(BaseModel):
    """What was hidden, told once and kept nowhere."""

    piece: str


class InvitationAnswer(BaseModel):
    """An invitation, told once."""

    path: str = Field(description="The path of the page on which one person joins, within a day, once.")


class Reply(BaseModel):
    """What a counsellor writes to the child: some words, at most 4,000 characters."""

    text: str


class Closing(BaseModel):
    """How a counsellor ends a case."""

    outcome: CounsellorsOutcome


class Availability(BaseModel):
    """Whether a counsellor is there to answer."""

    available: bool


class NewInvitation(BaseModel):
    """Which roles an invitation is for; at least one."""

    roles: set[Role] = Field(min_length=1)


def colleague(person: Person) -> Colleague:
    """The answer that shows this person."""
    return Colleague(
        id=person.id,
        name=person.name,
        roles=in_order(person.roles),
        active=person.active,
        second_factor=person.second_factor,
    )


def in_order(roles: Collection[Role]) -> list[Role]:
    """The roles in the order in which everybody names them."""
    return [role for role in Role if role in roles]


def cut(text: str, marks: Iterable[tuple[int, int]]) -> list[Piece]:
    """Cut a text at its marks. Done here, since Python and browsers count characters differently."""
    alarming: set[int] = set()
    for start, end in marks:
        alarming.update(range(max(0, start), min(end, len(text))))
    edges = [at for at in range(1, len(text)) if (at in alarming) != (at - 1 in alarming)]
    return [Piece(text=text[a:b], alarming=a in alarming) for a, b in pairwise([0, *edges, len(text)]) if a < b]


@cache
def language_name(locale: str) -> str:
    """The English name of a locale, or its code when nobody knows it."""
    try:
        return Locale.parse(locale, sep="-").get_display_name("en") or locale
    except (ValueError, UnknownLocaleError):  # Romani has a name but no data of its own
        return str(Locale("en").languages.get(locale.partition("-")[0], locale))


@cache
def country_name(country: str | None) -> str | None:
    """The English name of a country's ISO 3166 code, or the code when nobody knows it."""
    return Locale("en").territories.get(country, country) if country else None
