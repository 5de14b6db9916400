"""Has this process read with the words that were approved: live within a second or two, without training or a restart (promise 5)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from functools import partial

import structlog

from escalation.bell import TEACHINGS, Bell, keep_up
from escalation.ledger import LedgerIsAway
from escalation.teachings import Kind, Lesson, Stand, Teachings
from nlu.examples import Line
from nlu.glossaries import entry
from nlu.reading import Reader
from nlu.taught import Taught

SECONDS = 1.0
"""How often it is looked whether something was approved where no bell rings: by another process, on SQLite."""

log = structlog.get_logger("teaching")


async def follow(reader: Reader, teachings: Teachings, bell: Bell) -> None:
    """Read with what is approved, whenever that changes; until cancelled. What was taken stays when the ledger is away."""
    await keep_up(bell, TEACHINGS, SECONDS, partial(take, reader, teachings))


async def take(reader: Reader, teachings: Teachings, known: object = None) -> object:
    """Take the words over if they are others than those `known`; what to know next time."""
    try:
        revision = await teachings.revision()
        if revision == known:
            return known
        words = taught(one.lesson for one in await teachings.standing(Stand.APPROVED)).words
        await asyncio.to_thread(reader.teach, words)
    except LedgerIsAway:
        return known
    except Exception as mistake:  # whatever it is, the words of before are read, and it is tried again (promise 1)
        log.error("words_not_taken", error=type(mistake).__name__)
        return known
    log.info("words_taken", languages=len(words))
    return revision


def taught(lessons: Iterable[Lesson]) -> Taught:
    """What lessons teach, as training reads it; of two glosses of one word the first counts."""
    words: dict[str, dict[str, str]] = defaultdict(dict)
    known: set[tuple[str, str]] = set()
    lines = []
    for one in lessons:
        if one.kind is not Kind.WORD:
            lines.append(Line(one.locale, one.text, one.kind.value, one.category, one.urgency, one.perspective))
        elif (key := (one.locale, entry(one.text))) not in known:
            known.add(key)
            words[one.locale][one.text] = one.gloss
    return Taught(dict(words), tuple(lines))
