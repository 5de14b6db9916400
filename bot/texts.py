"""Keeps the texts and the services of this process as they were published: live within a second or two, without a restart (promise 5)."""

from __future__ import annotations

from functools import partial

import structlog

from bot import numbers
from escalation.bell import TEXTS, Bell, keep_up
from escalation.editions import OPEN, Editions, State
from escalation.ledger import LedgerIsAway
from escalation.listings import published as published_services
from locales import catalogue as catalogues
from locales.catalogue import NAMES, SOURCE, Catalogue
from locales.services import Directory
from locales.tone import CARDS


class NothingIsPublished(RuntimeError):
    """Drafts are not to be shown, and no language is published completely."""

    def __init__(self) -> None:
        super().__init__(
            "no language is published completely, and HELPLINE_DRAFTS is no; review and publish the texts in the console, "
            "or set HELPLINE_DRAFTS=yes for a pilot"
        )


SECONDS = 0.5
"""How often it is looked whether something was published where no bell rings: by another process, on SQLite."""

log = structlog.get_logger("texts")


async def follow(catalogue: Catalogue, directory: Directory, editions: Editions, bell: Bell) -> None:
    """Take over what is published, and the texts that are drafted for pilots, whenever it changes; until cancelled.

    What was taken stays when the ledger is away.
    """
    await keep_up(bell, TEXTS, SECONDS, partial(take, catalogue, directory, editions))


async def take(catalogue: Catalogue, directory: Directory, editions: Editions, known: object = None) -> object:
    """Take texts and services over if they are others than those `known`; what to know next time.

    A drafted service is told to nobody, not even in a pilot: a number that no second person has seen could be wrong.
    """
    try:
        revision = await editions.revision()
        if revision == known:
            return known
        current = await editions.current()
    except LedgerIsAway:
        return known
    except Exception as mistake:  # whatever it is, the texts of before are there, and it is tried again (promise 1)
        log.error("texts_not_read", error=type(mistake).__name__)
        return known
    published, drafts = (
        {
            (one.name.locale, one.name.key, one.name.version): one.text
            for one in current
            if one.state in states and not one.name.is_service
        }
        for states in ((State.PUBLISHED,), OPEN)
    )
    services = published_services(current)
    catalogue.take(published, drafts)
    directory.take(services)
    numbers.know(directory.all())
    log.info("texts_taken", published=len(published), drafts=len(drafts))
    return revision


async def published_locales(editions: Editions) -> list[str]:
    """The locales of which every text of the chat is published; Serbian Cyrillic follows Latin. Raises NothingIsPublished.

    What stands on cards is not waited for: no child reads it here.
    """
    there = {
        (one.name.locale, one.name.key, one.name.version)
        for one in await editions.current()
        if one.state is State.PUBLISHED
    }
    wanted = [name for name in catalogues.entries(SOURCE) if not name[0].startswith(CARDS)]
    whole = [code for code in NAMES if all(catalogues.is_published(code, name, there) for name in wanted)]
    if not whole:
        raise NothingIsPublished
    return whole
