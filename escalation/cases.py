"""What a case is: the words that the helpline and its counsellors share.

A case begins when a child may have told something and a human is wanted. It holds what a counsellor needs to answer
well and nothing that leads to the child (design, table of what is held).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from escalation.sealing import CaseKey


class Urgency(StrEnum):
    """How soon a human is needed, from the design's vocabulary, least first."""

    NONE = "none"
    CONCERN = "concern"
    URGENT = "urgent"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """0 for none up to 3 for an emergency, so that urgencies can be compared."""
        return list(Urgency).index(self)


class Category(StrEnum):
    """What kind of harm a disclosure speaks of (design, vocabulary)."""

    SEXUAL_EXPLOITATION = "sexual_exploitation"
    FORCED_LABOUR = "forced_labour"
    FORCED_BEGGING_OR_CRIME = "forced_begging_or_crime"
    CONTROL = "control"
    RECRUITMENT = "recruitment"
    FORCED_MARRIAGE = "forced_marriage"
    VIOLENCE_AT_HOME = "violence_at_home"
    SELFHARM = "selfharm"
    ON_THE_MOVE = "on_the_move"
    SALE_OF_CHILD = "sale_of_child"


class Perspective(StrEnum):
    """Whom a message is about: the child who writes, or somebody they know."""

    SELF = "self"
    OTHER = "other"


class Author(StrEnum):
    """Who wrote a line of a case's thread."""

    CHILD = "child"
    HELPLINE = "helpline"
    COUNSELLOR = "counsellor"


class CaseState(StrEnum):
    """The life of a case: waiting for a counsellor, with one, or closed."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    CLOSED = "closed"


class Presence(StrEnum):
    """Whether the child can be reached: here now, away for the moment, or gone for good (never written to again)."""

    HERE = "here"
    AWAY = "away"
    GONE = "gone"


class Outcome(StrEnum):
    """How a case ends; counted in the statistics, never with a text. WITHDRAWN is the child's own, the others a counsellor's."""

    SUPPORTED = "supported"
    REFERRED = "referred"
    EMERGENCY_SERVICES = "emergency_services"
    CHILD_LEFT = "child_left"
    NOT_A_DISCLOSURE = "not_a_disclosure"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case without the child's words.

    `because` names the concepts that raised the alarm, in words a counsellor reads ("cannot leave", "they", "now").
    `country` is an ISO 3166 code and only there when the child gave it. `channel` is "web" or "telegram".
    """

    urgency: Urgency
    categories: tuple[Category, ...]
    perspective: Perspective
    locale: str
    channel: str
    country: str | None = None
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a thread: redacted text, who wrote it, when (UTC), and which spans alarmed (start, end)."""

    author: Author
    text: str
    at: datetime
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the queue and the thread show it. `id` is random and says nothing; times are UTC.

    `can_return`: the child took a return code, so that words written while it is gone may still be read.
    """

    id: str
    state: CaseState
    facts: Facts
    opened_at: datetime
    presence: Presence
    counsellor: str | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    can_return: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A case as the child's side holds it: its id, and the key that seals what is said in it."""

    id: str
    key: CaseKey

    @classmethod
    def fresh(cls) -> Self:
        """The name (128 random bits) and the key of a case that is to be opened."""
        return cls(secrets.token_hex(16), CaseKey.fresh())


@dataclass(frozen=True, slots=True)
class Standing:
    """What a waiting child may honestly be told.

    Its place (1 is next), how many counsellors are on duty, and how long the last waits were in minutes (the median of recent
    claims; None when too few to say).
    """

    state: CaseState
    place: int | None
    on_duty: int
    typical_wait_minutes: int | None


@dataclass(frozen=True, slots=True)
class Letter:
    """Something on its way from a counsellor to the child: `kind` is "joined", "reply", "closed", or "returned" (to the queue).

    A reply's words are sealed: only whoever has the case key reads them (escalation.casefile.read_letter).
    """

    id: int
    case: str
    kind: str
    position: int | None = None
    sealed: bytes = b""
