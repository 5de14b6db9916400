"""The case file: how a case and its lines are sealed into the ledger's tables and read back.

Both sides of a case use it, the child's (intake) and the counsellor's (counsel); neither knows the columns twice. What a
child told lies in the ledger sealed with the case's own key; facts that the queue is ordered and counted by are not words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from escalation.cases import (
    Author,
    Case,
    CaseState,
    Category,
    Facts,
    Letter,
    Outcome,
    Perspective,
    Presence,
    Said,
    Urgency,
)
from escalation.ledger import cases, letters, messages, staff
from escalation.sealing import CaseKey, Pair, SealIsBroken


class NoSuchCase(Exception):
    """There is no such case, or retention has deleted it."""

    def __init__(self) -> None:
        super().__init__("There is no such case (any more).")


class CaseIsClosed(Exception):
    """The case is closed, or already deleted; what comes now needs a new one."""

    def __init__(self) -> None:
        super().__init__("The case is closed.")


class LetterState(StrEnum):
    """A letter's way: queued until it has been delivered or cannot be any more."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"


class LetterKind(StrEnum):
    """What a letter tells the child: a counsellor has come, has written, has said goodbye."""

    JOINED = "joined"
    REPLY = "reply"
    CLOSED = "closed"
    RETURNED = "returned"


def with_counsellor() -> sa.Select[Any]:
    """Select cases together with the name of whoever has claimed them, for `read_case`."""
    return sa.select(cases, staff.c.name.label("counsellor")).select_from(cases.outerjoin(staff))


def read_case(row: Any, team: Pair | None = None) -> Case:
    """A row of `with_counsellor` as a Case; the reasons of the alarm are words, and only there for whoever has the team's key."""
    facts = read_facts(row)
    if team is not None:
        # A case whose key is gone or damaged is still a child who waits: it stays in the queue, without its reasons (promise 1).
        with suppress(SealIsBroken):
            facts = replace(facts, because=read_because(row, key_of(row, team)))
    return Case(
        id=row.id,
        state=CaseState(row.state),
        facts=facts,
        opened_at=row.opened_at,
        presence=Presence(row.presence),
        counsellor=row.counsellor,
        claimed_at=row.claimed_at,
        closed_at=row.closed_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        can_return=row.code_digest is not None,
    )


def key_of(row: Any, team: Pair) -> CaseKey:
    """The key of a row of cases, for whoever has the team's key; raises SealIsBroken."""
    return CaseKey(team.open(row.sealed_key))


def read_facts(row: Any) -> Facts:
    """The facts of a row of cases that are not sealed: all but the reasons."""
    return Facts(
        urgency=Urgency(row.urgency),
        categories=tuple(Category(category) for category in row.categories),
        perspective=Perspective(row.perspective),
        locale=row.locale,
        channel=row.channel,
        country=row.country,
    )


def read_because(row: Any, key: CaseKey) -> tuple[str, ...]:
    """The reasons of the alarm of a row of cases, in words."""
    return tuple(json.loads(key.open(row.because, f"{row.id}/because")))


def write_facts(case: str, facts: Facts, key: CaseKey) -> dict[str, Any]:
    """The columns of cases that hold the facts, the reasons sealed."""
    return {
        "urgency": facts.urgency.value,
        "categories": [category.value for category in facts.categories],
        "perspective": facts.perspective.value,
        "locale": facts.locale,
        "channel": facts.channel,
        "country": facts.country,
        "because": key.seal(_bytes(list(facts.because)), f"{case}/because"),
    }


async def find(connection: AsyncConnection, case: str) -> Any:
    """The case's row of `with_counsellor` as it is now; raises NoSuchCase."""
    row = (await connection.execute(with_counsellor().where(cases.c.id == case))).one_or_none()
    if row is None:
        raise NoSuchCase
    return row


async def lock(connection: AsyncConnection, case: str) -> Any | None:
    """The case's row, kept unchanged by others until the transaction ends; None when there is none."""
    return (await connection.execute(sa.select(cases).where(cases.c.id == case).with_for_update())).one_or_none()


async def lines(connection: AsyncConnection, case: str, key: CaseKey) -> list[Said]:
    """Everything said, in order; a line's index is its position. Raises SealIsBroken for another case's key."""
    rows = await connection.execute(sa.select(messages).where(messages.c.case_id == case).order_by(messages.c.position))
    return [_read_line(row, key) for row in rows]


def _read_line(row: Any, key: CaseKey) -> Said:
    line = json.loads(key.open(row.sealed, _place(row.case_id, row.position, row.author)))
    return Said(Author(row.author), line["text"], row.at, tuple((start, end) for start, end in line["marks"]))


async def append(connection: AsyncConnection, case: str, said: Sequence[Said], key: CaseKey) -> list[int]:
    """Seal lines and write them at the end of a locked case's thread; returns the messages' ids."""
    last = await connection.scalar(sa.select(sa.func.max(messages.c.position)).where(messages.c.case_id == case))
    ids: list[int] = []
    for position, line in enumerate(said, start=0 if last is None else last + 1):
        content = _bytes({"text": storable(line.text), "marks": [list(mark) for mark in line.marks]})
        row = {
            "case_id": case,
            "position": position,
            "author": line.author.value,
            "sealed": key.seal(content, _place(case, position, line.author.value)),
            "at": line.at,
        }
        ids.append((await connection.scalars(messages.insert().values(row).returning(messages.c.id))).one())
    return ids


def read_letter(letter: Letter, key: CaseKey) -> str:
    """A reply's words, on their way to the child; empty for a letter that has none. Raises SealIsBroken."""
    if letter.position is None:
        return ""
    place = _place(letter.case, letter.position, Author.COUNSELLOR.value)
    return str(json.loads(key.open(letter.sealed, place))["text"])


async def post(
    connection: AsyncConnection, case: str, kind: LetterKind, now: datetime, message_id: int | None = None
) -> None:
    """Queue a letter to the child, in the transaction of what it tells."""
    await connection.execute(
        letters.insert().values(
            case_id=case, message_id=message_id, kind=kind.value, state=LetterState.QUEUED.value, not_before=now
        )
    )


def storable(text: str) -> str:
    """The text without what databases refuse (NUL, halves of surrogate pairs), at the same length: marks stay right.

    A strange character must never be why a disclosure is not stored (promise 1).
    """
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def _place(case: str, position: int, author: str) -> str:
    """Where a line belongs: sealed for this place, it opens nowhere else."""
    return f"{case}/{position}/{author}"


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
