"""Rasa, as the application sees it: one turn in, reply keys and a topic out; never waited for longer than the child can bear.

Rasa gets redacted text and a random session id, over loopback, with a token. When it is slow or down the conversation goes on
without it (promise 1), so the only error here is `DialogueIsAway`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

GO = "go:"
"""How a tap in a guide begins (stories/guiding.py)."""

GUIDES = frozenset({"go", "self_check", "quiz"})
"""Topics that lead through a guide."""

GUIDANCE = frozenset(
    """what_is_trafficking how_it_happens who_are_traffickers it_is_not_my_fault my_rights who_protects_me protect_myself safe_travel job_offer
    online_safety older_boyfriend my_documents debt police_fear going_home help_a_friend family_sends_me on_the_move_rights myths""".split()
)
"""Topics whose answer has a version for younger children."""

UNKNOWN = "nlu_fallback"
"""Rasa's name for "no topic is likely enough"."""

SMALL_TALK = frozenset({"greet", "goodbye", "thanks", "stop", "menu", "are_you_human", "talk_to_human"})
"""Topics that nobody who was not understood is helped by being offered; the way to a human is offered anyway."""


class DialogueIsAway(Exception):
    """Rasa did not answer in time, or not as agreed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the dialogue wants said: the key of a text, the taps offered below it, and the keys of the lines that are listed in it."""

    key: str
    taps: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """Rasa's answer to one message. `confidence` is 0 to 1; `ranking` are the likeliest topics with theirs, best first.

    `guide` is the screen at which the child stands in a guide, if in one.
    """

    replies: tuple[Reply, ...]
    topic: str
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()
    guide: str | None = None

    @property
    def likely(self) -> tuple[str, ...]:
        """Topics worth suggesting to somebody who was not understood, best first."""
        return tuple(topic for topic, _ in self.ranking if topic not in SMALL_TALK)


class Dialogue:
    """Speaks to Rasa's gateway (stories/gateway.py)."""

    def __init__(self, port: int, token: str, seconds: float) -> None:
        self._client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}/webhooks/helpline",
            headers={"Authorization": f"Bearer {token}"},
            timeout=seconds,
            trust_env=False,  # loopback only: a proxy of the machine must never see a message
        )

    async def turn(self, session: str, text: str, locale: str) -> Turn:
        """One message (or a tap such as "/my_rights") of a session. Raises DialogueIsAway."""
        try:
            response = await self._client.post("/turn", json={"sender": session, "text": text, "locale": locale})
            response.raise_for_status()
            return _turn(response.json())
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            raise DialogueIsAway from None  # the cause may quote the message, so it is dropped

    async def forget(self, session: str) -> None:
        """Clear what Rasa remembers of a session; when it is away, its memory ends by itself after 30 minutes."""
        try:
            await self._client.delete(f"/{session}")
        except httpx.HTTPError:
            return

    async def use(self, model: Path) -> None:
        """Have Rasa answer with another model; conversations go on. Raises DialogueIsAway."""
        try:
            (await self._client.put("/model", json={"model": str(model)})).raise_for_status()
        except httpx.HTTPError:
            raise DialogueIsAway from None

    async def is_ready(self) -> bool:
        """Whether Rasa answers."""
        try:
            return (await self._client.get("/")).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()


def _turn(body: dict[str, Any]) -> Turn:
    return Turn(
        replies=tuple(
            Reply(
                str(reply["reply"]), tuple(map(str, reply.get("buttons", ()))), tuple(map(str, reply.get("lines", ())))
            )
            for reply in body["replies"]
        ),
        topic=str(body["topic"]),
        confidence=float(body["confidence"]),
        ranking=tuple((str(entry["topic"]), float(entry["confidence"])) for entry in body.get("ranking", ())),
        guide=body.get("guide"),
    )
