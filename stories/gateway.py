"""The only door to Rasa: one turn of a conversation in, reply keys and the topic out.

Rasa's own channels trust whoever calls and print what was written when something fails. This one asks for a token,
prints nothing, and lets only the topic of a message into the dialogue's memory: the words are read once and gone
(promise 2).

    POST   /webhooks/helpline/turn      {"sender", "text", "locale"} -> {"replies", "topic", "confidence", "ranking", "guide"}
    DELETE /webhooks/helpline/<sender>  forgets the conversation: 204
    PUT    /webhooks/helpline/model     {"model": path} -> 204: answers with that model from then on; conversations go on
    GET    /webhooks/helpline/          is the model loaded: 200, or 503

Every answer that is not 2xx is {"error": one line} which repeats nothing of what was sent.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from stories.actions import SLOT, Actions
from stories.memory import Memory
from stories.turns import Turn, UnusableTurn, understand

logger = logging.getLogger(__name__)


class NotReady(Exception):
    """Rasa runs, but without a model or without the memory that forgets."""


class Gateway(InputChannel):
    """Takes turns over loopback HTTP. Configured in credentials.yml with the `token` that the application must show."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, which is also its place below /webhooks/."""
        return "helpline"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> Gateway:
        """Return the gateway, with Rasa's loggers quiet. Raises RasaException when the token is missing or short."""
        token = str((credentials or {}).get("token") or "")
        if len(token) < 16:
            raise RasaException("HELPLINE_RASA_TOKEN must be set to at least 16 characters.")
        quieten()
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes, which Rasa puts below /webhooks/helpline."""
        door = Blueprint("helpline")

        @door.listener("after_server_start")
        async def settle(app: Sanic, _: object) -> None:
            quieten()
            if app.ctx.agent.is_ready():
                bare_memory(app.ctx.agent)

        @door.get("/")
        @answered
        async def ready(request: Request) -> HTTPResponse:
            bare_memory(request.app.ctx.agent)
            return response.json({"ready": True})

        @door.post("/turn")
        @answered
        @self._guarded
        async def turn(request: Request) -> HTTPResponse:
            agent: Agent = request.app.ctx.agent
            bare_memory(agent)
            said = Turn.of(request.json)
            understood = await understand(agent, said)
            replies = CollectingOutputChannel()
            await on_new_message(
                UserMessage(understood[TEXT], replies, said.sender, parse_data=understood, input_channel=self.name())
            )
            return response.json(
                {
                    "replies": [message["custom"] for message in replies.messages if "custom" in message],
                    "guide": await place_of(agent, said.sender),
                    "topic": understood[INTENT][INTENT_NAME_KEY],
                    "confidence": understood[INTENT][PREDICTED_CONFIDENCE_KEY],
                    "ranking": [
                        {"topic": topic[INTENT_NAME_KEY], "confidence": topic[PREDICTED_CONFIDENCE_KEY]}
                        for topic in understood[INTENT_RANKING_KEY]
                    ],
                }
            )

        @door.put("/model")
        @answered
        @self._guarded
        async def use(request: Request) -> HTTPResponse:
            agent: Agent = request.app.ctx.agent
            bare_memory(agent)
            path = str((request.json or {}).get("model"))
            # Beside the turns, which go on with the model of before until this one is open; a path that is none fails.
            await asyncio.get_running_loop().run_in_executor(None, agent.load_model, path)
            bare_memory(agent)
            return response.empty()

        @door.delete(r"/<sender:[^/]+>")
        @answered
        @self._guarded
        async def forget(request: Request, sender: str) -> HTTPResponse:
            agent: Agent = request.app.ctx.agent
            memory = bare_memory(agent)
            async with agent.lock_store.lock(sender):  # a turn under way must not bring the conversation back
                memory.forget(sender)
            return response.empty()

        return door

    def _guarded(self, handle: Callable[..., Awaitable[HTTPResponse]]) -> Callable[..., Awaitable[HTTPResponse]]:
        """Let in only who shows the token."""

        @wraps(handle)
        async def guarded(request: Request, *arguments: Any, **named: Any) -> HTTPResponse:
            shown = request.headers.get("authorization", "")
            if not hmac.compare_digest(shown.encode(errors="replace"), b"Bearer " + self._token):
                return response.json({"error": "the token is missing or wrong"}, status=401)
            return await handle(request, *arguments, **named)

        return guarded


async def place_of(agent: Agent, sender: str) -> str | None:
    """Return the key of the screen at which a child stands in a guide, if in one."""
    tracker = await agent.tracker_store.retrieve(sender)
    held = tracker.get_slot(SLOT) if tracker else None
    return held["screen"] if held else None


def answered(handle: Callable[..., Awaitable[HTTPResponse]]) -> Callable[..., Awaitable[HTTPResponse]]:
    """Turn every failure into an answer here, because Sanic would print it with the address that was asked for."""

    @wraps(handle)
    async def answering(request: Request, *arguments: Any, **named: Any) -> HTTPResponse:
        try:
            return await handle(request, *arguments, **named)
        except UnusableTurn as reason:
            return response.json({"error": str(reason)}, status=400)
        except NotReady as reason:
            return response.json({"error": str(reason)}, status=503)
        except Exception as failure:  # its message may hold what the child wrote; its kind does not
            if getattr(failure, "status_code", None) == 400:
                return response.json({"error": "the body must be a JSON object"}, status=400)
            logger.error("helpline.turn.failed %s", type(failure).__name__)
            return response.json({"error": "the turn failed"}, status=500)

    return answering


def bare_memory(agent: Agent) -> Memory:
    """Return the memory that forgets, with nothing around it, and see to our actions. Raises NotReady without a model, or if not in use.

    Rasa wraps every tracker store in one that falls back to its own, which never forgets; and it takes its own silently
    when ours cannot be imported. Neither may happen: a turn that cannot be remembered rightly fails (promise 2).
    """
    if not agent.is_ready():
        raise NotReady("no model is loaded")
    memory = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
    if not isinstance(memory, Memory):
        raise NotReady("endpoints.yml does not name stories.memory.Memory as tracker store")
    agent.tracker_store = agent.processor.tracker_store = memory
    if not isinstance(agent.processor.action_endpoint, Actions):
        agent.action_endpoint = agent.processor.action_endpoint = Actions()
    return memory


def quieten() -> None:
    """Let Rasa print errors only, whatever LOG_LEVEL says: at DEBUG it prints every message, in warnings the sender."""
    for name in ("rasa", "sanic.root", "sanic.error", "sanic.access"):
        place = logging.getLogger(name)
        place.setLevel(max(place.level, logging.ERROR))
