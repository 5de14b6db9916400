"""People: who is on the team, what their roles are, and the keys that a session of theirs opens."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.ledger import team
from escalation.sealing import Pair


class Role(StrEnum):
    """What a person may do. Somebody may have several: in a small organisation one person is often all of them."""

    COUNSELLOR = "counsellor"
    SUPERVISOR = "supervisor"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


HOLD_THE_TEAM_KEY = frozenset({Role.COUNSELLOR, Role.SUPERVISOR, Role.ADMINISTRATOR})
"""Counsellors and supervisors read cases with it, administrators hand it on to new members; editors never have it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the team."""

    id: int
    name: str
    roles: frozenset[Role]
    active: bool = True
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who is signed in, with the keys that their session opens. `confirmed`: the second factor was given."""

    person: Person
    key: Pair = field(repr=False)
    team: Pair | None = field(repr=False)
    confirmed: bool


class NoTeamKey(Exception):
    """Only somebody who holds the team's key, as it is now, can hand it on or change it."""

    def __init__(self) -> None:
        super().__init__("This needs the team's key as it is now; if it has just been changed, try again.")


class NoSuchAccount(Exception):
    """The account is unknown, or was disabled already."""

    def __init__(self) -> None:
        super().__init__("There is no such account (any more).")


def read_person(row: Any) -> Person:
    """A row of staff as a Person."""
    return Person(
        row.id,
        row.name,
        frozenset(Role(role) for role in row.roles),
        row.disabled_at is None,
        row.second_factor_step is not None,
    )


async def current_key(connection: AsyncConnection, by: Signed) -> Pair:
    """The team's key that somebody holds, if it is the present one: a request may have begun before a rotation. Raises NoTeamKey."""
    public = await connection.scalar(sa.select(team.c.public_key).with_for_update())
    if by.team is None or by.team.public != public:
        raise NoTeamKey
    return by.team


def readable(name: str) -> str:
    """A name as it is shown: one kind of spaces, none at its ends."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def fold_name(name: str) -> str:
    """A name as it is compared: capital and small letters are the same."""
    return unicodedata.normalize("NFKC", name.casefold())


def digest_of(token: str) -> str:
    """What the ledger has of a token of 256 random bits: no table can be made of those."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
