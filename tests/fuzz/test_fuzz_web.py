"""The child's page, served as the program serves it, and anything at all over its line and its form: answered or closed by a code, never a 500."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import websockets
from hypothesis import given
from hypothesis import strategies as st
from inputs import counted, in_time, tried
from strange import any_text, json_values, numbers, taps, texts
from world import World

from bot import crowd, serving
from bot.crowd import Crowd, Rate
from bot.messages import Channel, Sender
from bot.web.app import WebChat
from bot.web.door import is_proof

PROTOCOL_CODES = {1000, 1002, 1003, 1007, 1008, 1009}
"""Codes with which a line may be closed (RFC 6455, section 7.4.1); 1011 would be a mistake of ours."""

STATUSES = {200, 204, 303, 400, 403, 413, 415, 422, 429, 431}


@dataclass
class Served:
    """The child's page on a port of loopback. `known` are tokens of others, who have a conversation there."""

    address: str
    known: list[str]

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Any]:
        origin = websockets.Origin(f"http://{self.address}")
        async with websockets.connect(
            f"ws://{self.address}/talk", origin=origin, proxy=None, open_timeout=30, close_timeout=5
        ) as line:
            yield line

    async def is_well(self) -> None:
        async with (
            in_time(),
            httpx.AsyncClient(base_url=f"http://{self.address}", trust_env=False, timeout=30) as browser,
        ):
            assert (await browser.get("/health")).text == "ok"


@asynccontextmanager
async def page(world: World, sessions_per_minute: float) -> AsyncIterator[Served]:
    chat = world.chat
    web = WebChat(
        chat.conversation.converse, chat.catalogue, "en", crowd=Crowd(1e6, sessions_per_minute),
        numbers=lambda locale: chat.answers.numbers(chat.sessions.begin(Sender(Channel.WEB, ""), locale)),
    )  # fmt: skip
    server = serving.server(web.app, "127.0.0.1", 0)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    served = Served(
        f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", [secrets.token_urlsafe(32) for _ in range(3)]
    )
    yield served
    await served.is_well()
    running.cancel()
    await asyncio.wait([running])


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked to write slowly: a hundred thousand frames at five a second were five hours."""
    monkeypatch.setattr(crowd, "ONE_SESSION", Rate(1e6, 1e6))


@pytest.fixture
async def served(world_without_rasa: World, in_a_hurry: None, mistakes: list[str]) -> AsyncIterator[Served]:  # noqa: ARG001
    async with page(world_without_rasa, 1e9) as served:
        yield served


@pytest.fixture
async def flooded(world_without_rasa: World, in_a_hurry: None, mistakes: list[str]) -> AsyncIterator[Served]:  # noqa: ARG001
    """A page to which very many have come: everybody has to work first."""
    async with page(world_without_rasa, 1) as served:
        yield served


TOKENS = st.one_of(
    st.just("own"), st.just("somebody else's"), st.sampled_from(["", "x" * 43, "x" * 44, "é" * 43]), json_values
)

frames: st.SearchStrategy[Any] = st.one_of(
    st.fixed_dictionaries({"kind": st.just("text"), "text": texts}, optional={"n": st.one_of(numbers, json_values)}),
    st.fixed_dictionaries({"kind": st.just("tap"), "tap": taps}, optional={"n": numbers}),
    st.fixed_dictionaries({"kind": st.just("language"), "locale": st.one_of(st.sampled_from(["sq", "sr-Cyrl", "xx"]), json_values)}),
    st.fixed_dictionaries({"token": TOKENS}, optional={"locale": json_values, "n": numbers}),
    st.fixed_dictionaries({"work": st.one_of(any_text, json_values)}, optional={"proof": json_values}),
    st.fixed_dictionaries({"kind": json_values}, optional={"text": json_values, "tap": json_values, "locale": json_values}),
    json_values,
    st.binary(max_size=200),
    st.sampled_from(["", "{", "[" * 5000, '"\\ud800"', '{"kind":"text","text":"\\ud800"}', '{"kind": "text", "text": "' + "x" * 70_000 + '"}',
                     "9" * 5000]),
    any_text.map(lambda text: text.encode(errors="ignore").decode()),
)  # fmt: skip
exits = st.just({"kind": "exit"})
conversations = st.lists(st.one_of(*[frames] * 12, exits), min_size=1, max_size=12)


def as_frame(content: Any, own: str, served: Served) -> str | bytes:
    if isinstance(content, str | bytes):
        return content
    if isinstance(content, dict) and content.get("token") in ("own", "somebody else's"):
        content = content | {"token": own if content["token"] == "own" else served.known[0]}
    try:
        return json.dumps(content)
    except ValueError:  # a number that is too long even for Python to write
        return "{}"


@tried(short=20, long=1_200)
@given(sent=conversations, greets=st.booleans())
async def test_any_frames_in_any_order_are_answered_or_the_line_is_closed(
    served: Served, sent: list[Any], greets: bool
) -> None:
    own = secrets.token_urlsafe(32)
    with counted("frames", len(sent) + 1):
        async with in_time(), served.line() as line:
            if greets:
                await line.send(json.dumps({"token": own, "locale": "en"}))
            with contextlib.suppress(websockets.ConnectionClosed):
                for content in sent:
                    await line.send(as_frame(content, own, served))
                await line.send(json.dumps({"kind": "text", "text": "hello", "n": 777}))
                while not is_dealt_with(json.loads(await line.recv())):
                    pass
    assert line.close_code in PROTOCOL_CODES, line.close_code


def is_dealt_with(frame: dict[str, Any]) -> bool:
    return frame.get("n") == 777


@tried(short=6, long=200)
@given(sent=conversations)
async def test_whoever_has_to_work_first_comes_in_whatever_else_was_sent(flooded: Served, sent: list[Any]) -> None:
    own = secrets.token_urlsafe(32)
    with counted("frames at the door", len(sent) + 2):
        async with in_time(), flooded.line() as line:
            await line.send(json.dumps({"token": own, "locale": "en"}))
            with contextlib.suppress(websockets.ConnectionClosed):
                for content in sent:
                    await line.send(as_frame(content, own, flooded))
                while "screen" not in (frame := json.loads(await line.recv())):
                    if work := frame.get("work"):
                        await line.send(
                            json.dumps({"work": work["challenge"], "proof": proof(work["challenge"], work["bits"])})
                        )
    assert line.close_code in PROTOCOL_CODES, line.close_code


def proof(challenge: str, bits: int) -> str:
    return next(str(number) for number in range(1_000_000) if is_proof(challenge, str(number), bits))


HANDSHAKE = (
    "GET /talk HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)

bytes_of_frames = st.lists(
    st.one_of(
        st.binary(min_size=1, max_size=60),
        st.builds(
            lambda first, second, rest: bytes([first, second]) + rest,
            st.integers(0, 255),
            st.integers(0, 255),
            st.binary(max_size=40),
        ),
        st.builds(lambda text: bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text, st.binary(max_size=100)),
    ),
    max_size=4,
)


@tried(short=15, long=1_000)
@given(sent=bytes_of_frames, shakes=st.booleans(), cut=st.integers(0, 300))
async def test_half_frames_and_no_frames_leave_the_page_well(
    served: Served, sent: list[bytes], shakes: bool, cut: int
) -> None:
    host, _, port = served.address.partition(":")
    with counted("bytes", len(sent) + 1):
        async with in_time():
            reader, writer = await asyncio.open_connection(host, int(port))
            handshake = HANDSHAKE.format(address=served.address).encode()
            with contextlib.suppress(ConnectionError):
                writer.write(handshake if shakes else handshake[:cut])
                if shakes:
                    assert b" 101 " in await reader.readline()
                for piece in sent:
                    writer.write(piece)
                    await writer.drain()
            writer.close()


form_fields = st.fixed_dictionaries(
    {},
    optional={
        "token": TOKENS, "text": texts, "tap": taps, "locale": st.one_of(st.sampled_from(["sq", "en"]), any_text), "shown": any_text, "ticket": texts,
        "action": st.one_of(st.sampled_from(["send", "look", "language", "exit", "gone"]), any_text),
    },
)  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-7",
    "multipart/form-data; boundary=x",
    "text/plain",
    "",
)


@tried(short=40, long=3_000)
@given(
    fields=form_fields,
    raw=st.one_of(st.none(), st.binary(max_size=300)),
    kind=st.one_of(st.just(TYPES[0]), st.sampled_from(TYPES)),
    accept=any_text,
)
async def test_any_form_is_answered_by_a_page(
    served: Served, page_of: httpx.AsyncClient, fields: dict[str, Any], raw: bytes | None, kind: str, accept: str
) -> None:
    own = secrets.token_urlsafe(32)
    fields = {name: str(value)[:5000].encode(errors="replace") for name, value in fields.items()}
    if fields.get("token") in {b"own", b"somebody else's"}:
        fields["token"] = (own if fields["token"] == b"own" else served.known[1]).encode()
    headers = {
        "Content-Type": kind,
        "Sec-Fetch-Site": "same-origin",
        "Accept-Language": accept.encode(errors="replace").hex()[:80],
    }
    with counted("forms"):
        async with in_time():
            answer = await page_of.post(
                "/", content=urlencode(fields).encode() if raw is None else raw, headers=headers
            )
    assert answer.status_code in STATUSES
    assert answer.status_code in {204, 303} or "<form" in answer.text


@pytest.fixture
async def page_of(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://{served.address}", trust_env=False, timeout=30) as browser:
        yield browser
