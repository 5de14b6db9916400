"""`helpline classify`: each line as the first message of a new conversation, through exactly the code that a chat uses."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TextIO

from rich.console import Console
from rich.progress import Progress

from bot import assembly, rasa, training
from bot.conversation import LONGEST
from bot.dialogue import UNKNOWN, Dialogue, DialogueIsAway
from bot.explaining import explain
from bot.settings import Settings
from bot.understanding import Understanding, Understood
from locales import catalogue

AT_ONCE = 4
"""Messages that are with Rasa at the same time."""


async def classify(settings: Settings, source: TextIO, target: TextIO, *, explained: bool = False) -> None:
    """Read messages, one a line; write one JSON object a line, in order, or (`explained`) what each step saw.

    Starts a Rasa of its own and ends it again.
    """
    if not training.is_current(settings):
        print("helpline: the models are not up to date, training first", file=sys.stderr)  # noqa: T201
        await asyncio.to_thread(training.train, settings, lambda line: print(line, file=sys.stderr))  # noqa: T201
    lines = source.read().split("\n")
    if lines and not lines[-1]:
        lines.pop()
    answer = _explained if explained else one
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("starting Rasa", total=len(lines))
        async with own_rasa(settings) as dialogue:
            understanding = assembly.understanding(settings, catalogue.load())
            progress.update(task, description="classifying")
            for start in range(0, len(lines), AT_ONCE):
                batch = await asyncio.gather(
                    *(answer(understanding, dialogue, line) for line in lines[start : start + AT_ONCE])
                )
                for written in batch:
                    target.write(written + "\n")
                target.flush()
                progress.advance(task, len(batch))


@asynccontextmanager
async def own_rasa(settings: Settings) -> AsyncIterator[Dialogue]:
    """A Rasa on a port of its own, ready when it is handed over and ended afterwards. Raises TrainingFailed when it does not start."""
    settings = replace(settings, rasa_port=free_port(), rasa_seconds=30)
    process = rasa.RasaProcess(settings)
    await process.start()
    dialogue = Dialogue(settings.rasa_port, rasa.token(settings), settings.rasa_seconds)
    try:
        while not await dialogue.is_ready():
            if process.pid is None:
                raise rasa.TrainingFailed("Rasa did not start; 'helpline doctor' may say why")
            await asyncio.sleep(0.3)
        yield dialogue
    finally:
        await dialogue.close()
        await process.stop()


async def one(understanding: Understanding, dialogue: Dialogue, message: str) -> str:
    """The judgements of one message as a line. `locale` is null where a child would be asked; `topic` is the likeliest even where it is not sure."""
    understood = understanding.of(message[:LONGEST])
    topic, confidence = await topic_of(dialogue, understood)
    return _one_line(described(understood, topic, confidence))


async def _explained(understanding: Understanding, dialogue: Dialogue, message: str) -> str:
    understood = understanding.of(message[:LONGEST])
    return "\n".join([*explain(understanding, understood, *await topic_of(dialogue, understood)), ""])


async def topic_of(dialogue: Dialogue, understood: Understood) -> tuple[str | None, float]:
    """The likeliest topic and how sure that is; none where there are no words or no dialogue."""
    if not understood.text:
        return None, 0.0
    session = secrets.token_hex(16)
    try:
        turn = await dialogue.turn(session, understood.text, understood.read_as)
    except DialogueIsAway:
        return None, 0.0
    await dialogue.forget(session)
    return turn.ranking[0] if turn.topic == UNKNOWN and turn.ranking else (turn.topic, turn.confidence)


def described(understood: Understood, topic: str | None, confidence: float) -> dict[str, object]:
    """The judgements of one message as `helpline classify` writes them."""
    judgement = understood.judgement
    return {
        "locale": understood.heard.locale,
        "text": understood.text,
        "disclosure": {
            "urgency": judgement.urgency.value,
            "categories": [category.value for category in judgement.categories],
            "perspective": judgement.perspective.value,
            "because": [{"words": because.words, "concept": because.concept} for because in judgement.because],
        },
        "topic": topic,
        "confidence": round(confidence, 4),
    }


def _one_line(answer: dict[str, object]) -> str:
    """JSON that stays one line for every reader: Unicode's own line ends are escaped, everything else is readable."""
    text = json.dumps(answer, ensure_ascii=False)
    return text.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
