"""The models in use lie in one folder. New ones are made beside it and put in its place as a whole; whoever holds them follows.

So a crash at any moment leaves one folder or the other, and nothing is half new.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import structlog

from bot.dialogue import Dialogue, DialogueIsAway
from bot.language import Words
from bot.rasa import RasaProcess, model_path, token
from bot.settings import Settings
from bot.training import words_file
from bot.understanding import Understanding
from escalation.bell import is_ending
from nlu.weighing import Weigher

SECONDS = 1.0
"""How often it is looked whether other models were put there."""

LOADING_SECONDS = 120.0
"""Rasa opens its model anew within this time; meanwhile it answers with the one of before."""

log = structlog.get_logger("models")


def candidate(settings: Settings) -> Settings:
    """The same settings with models of their own, which nobody uses yet."""
    return replace(settings, state=settings.state / "candidate")


def take_over(settings: Settings) -> None:
    """Put the candidate's models in the place of those in use, which stay beside them as `models.before`."""
    before = _before(settings)
    if before.is_symlink():
        before.unlink()
    shutil.rmtree(before, ignore_errors=True)
    if settings.models.exists():
        settings.models.rename(before)
    candidate(settings).models.rename(settings.models)


def recover(settings: Settings) -> None:
    """Use the models of before where the program ended between the two steps of taking over."""
    if not settings.models.exists() and _before(settings).exists():
        _before(settings).rename(settings.models)


def _before(settings: Settings) -> Path:
    return settings.models.with_name("models.before")


async def follow(settings: Settings, take: Callable[[], Awaitable[None]]) -> None:
    """Call `take` whenever other models lie there than before; until cancelled. What cannot be used is logged, and those of before stay."""
    known = _stamp(settings)
    while not is_ending():
        await asyncio.sleep(SECONDS)
        now = _stamp(settings)
        if now is None or now == known:
            continue
        known = now
        try:
            await take()
            log.info("models_taken")
        except Exception as mistake:  # whatever it is, the models of before are in memory (promise 1)
            log.error("models_not_taken", error=type(mistake).__name__)


async def into_chat(settings: Settings, understanding: Understanding) -> None:
    """Read messages with the models that lie there now: loaded beside the conversations, then exchanged between two messages."""

    def load() -> Callable[[], None]:
        weigher = Weigher.load(settings.models / "disclosure")
        languages = understanding.knowing(Words.load(words_file(settings)))
        return lambda: understanding.take(weigher, languages)

    (await asyncio.to_thread(load))()


async def into_rasa(settings: Settings, process: RasaProcess) -> None:
    """Have our Rasa use the model that lies there now; one that cannot is started anew with it."""
    dialogue = Dialogue(settings.rasa_port, token(settings), LOADING_SECONDS)
    try:
        await dialogue.use(model_path(settings).resolve())
    except DialogueIsAway:
        log.warning("rasa_starts_anew")
        await process.stop()
    finally:
        await dialogue.close()


def _stamp(settings: Settings) -> tuple[int, int] | None:
    """Something that changes whenever training has finished here, or another folder has come."""
    try:
        found = (settings.models / "trained.json").stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
