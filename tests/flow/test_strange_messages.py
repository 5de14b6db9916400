"""Messages that no child means to send, or that somebody sends on purpose: kindly answered, never a crash, never stored as something else."""

from __future__ import annotations

import asyncio
import json
import secrets

import httpx
import pytest
import websockets
from world import Program, World, child

from bot.messages import Channel

STRANGE = {
    "empty": "",
    "spaces": "   \n\t ",
    "huge": "a" * 1_000_000,
    "huge words": "help me " * 125_000,
    "binary": bytes(range(256)).decode("latin-1"),
    "right to left": "\u202eabc \u2066مرحبا\u2069 \u200f!",
    "emoji": "😭😭😭🙏",
    "zero width": "\u200b\u200c\u200d\ufeff",
    "surrogate": "\ud800 alone",
    "sql": "'; DROP TABLE cases; --",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "braces": "{numbers} {0} %s %(x)s ${x}",
    "slash": '/greet{"name": "x"}',
    "null": "a\x00b",
    "combining": "e" + "\u0301" * 5000,
}


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("name", STRANGE)
async def test_a_strange_message_is_answered(world: World, name: str, channel: Channel):
    who = child(channel)
    answer = await world.write(who, STRANGE[name])
    assert answer, name
    assert all(bubble.text and "{" not in bubble.text for bubble in answer)
    assert (await world.write(who, "what are my rights"))[-1].text


async def test_strange_frames_over_the_real_socket_do_not_end_the_chat(program: Program):
    address = program.chat.removeprefix("http://")
    async with websockets.connect(f"ws://{address}/talk", origin=program.chat, proxy=None) as socket:
        await socket.send(json.dumps({"token": secrets.token_urlsafe(32), "locale": "en"}))
        for frame in (
            "",
            "{",
            "[]",
            "null",
            json.dumps({"kind": "no such"}),
            json.dumps({"kind": "text"}),
            b"\x00\xff\xfe",
            json.dumps({"kind": "text", "text": "x" * 50_000}),
        ):
            await socket.send(frame)
            await asyncio.sleep(0.25)
        await asyncio.sleep(1)
        await socket.send(json.dumps({"kind": "text", "text": "what are my rights"}))
        async with asyncio.timeout(15):
            while "Everybody under 18" not in await socket.recv():
                pass


async def test_a_form_of_a_megabyte_is_refused_kindly(program: Program):
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(program.chat, data={"text": "a" * 1_000_000})
        assert answer.status_code == 413
        assert "<form" in answer.text
        assert (await client.get(program.chat)).status_code == 200
