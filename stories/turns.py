"""One turn of a conversation: what was sent, and what Rasa makes of it before the words are gone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME, INTENT_MESSAGE_PREFIX
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)

from stories.actions import TAPPED
from stories.guiding import TAP

GO = "go"
"""The intent of a tap in a guide."""

_STEP = re.compile(re.escape(TAP) + r"[a-z0-9_.]{1,60}(/[a-z0-9_]{1,40})?")
_RANKED = 5
_LONGEST = {"sender": 128, "text": 4_000, "locale": 16}


class UnusableTurn(Exception):
    """The request is not a turn. Its message names the field and repeats nothing of it."""


@dataclass(frozen=True)
class Turn:
    """What one sender wrote or tapped, in which locale."""

    sender: str
    text: str
    locale: str

    @classmethod
    def of(cls, body: object) -> Turn:
        """Return the turn in a request's JSON. Raises UnusableTurn when a field is missing, not text, or too long."""
        if not isinstance(body, dict):
            raise UnusableTurn("the body must be a JSON object")
        for field, longest in _LONGEST.items():
            value = body.get(field)
            if not isinstance(value, str) or len(value) > longest or (not value and field != "text"):
                raise UnusableTurn(f"{field} must be text of at most {longest} characters")
        return cls(body["sender"], body["text"], body["locale"])

    def tap(self, topics: frozenset[str]) -> str | None:
        """Return the topic when the text is a tap on a button, "/my_rights"."""
        name = self.text.strip().removeprefix(INTENT_MESSAGE_PREFIX)
        return name if self.text.strip().startswith(INTENT_MESSAGE_PREFIX) and name in topics else None

    @property
    def step(self) -> str | None:
        """Return what was tapped in a guide, without the "go:" in front; text that only begins like it is none."""
        return self.text.removeprefix(TAP) if _STEP.fullmatch(self.text) else None


async def understand(agent: Agent, said: Turn) -> dict[str, Any]:
    """Return Rasa's parse of a turn with the topic in place of the words, so that the dialogue never holds them.

    A tap means what it says. Text that only looks like one loses its slash, because Rasa prints commands that it does
    not know.
    """
    topics = frozenset(agent.domain.intents) - frozenset(DEFAULT_INTENTS)
    entities = [] if said.step is None else [{ENTITY_ATTRIBUTE_TYPE: TAPPED, ENTITY_ATTRIBUTE_VALUE: said.step}]
    if said.step is not None:
        best = {INTENT_NAME_KEY: GO, PREDICTED_CONFIDENCE_KEY: 1.0}
        ranking = [best]
    elif (tapped := said.tap(topics)) is not None:
        best = {INTENT_NAME_KEY: tapped, PREDICTED_CONFIDENCE_KEY: 1.0}
        ranking = [best]
    else:
        words = said.text.lstrip(INTENT_MESSAGE_PREFIX + " \n\t")
        parsed = await agent.processor.parse_message(UserMessage(words, metadata={"locale": said.locale}))
        best = parsed[INTENT]
        ranking = [
            topic for topic in parsed[INTENT_RANKING_KEY] if topic[INTENT_NAME_KEY] != DEFAULT_NLU_FALLBACK_INTENT_NAME
        ]
    return {
        TEXT: INTENT_MESSAGE_PREFIX + best[INTENT_NAME_KEY],
        INTENT: best,
        INTENT_RANKING_KEY: ranking[:_RANKED],
        ENTITIES: entities,
    }
