"""What holds for every request to the child's page, whatever the route: headers, limits, patience, and silence about what breaks."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import structlog
import websockets
from fake_helpline import FakeHelpline, catalogue
from routes import questions
from starlette.routing import Route
from telegram_route import webhook_route

from bot import serving
from bot.web import bounds
from bot.web.app import WebChat
from bot.web.tokens import new_token

PARTNER = "https://www.example.org"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def helpline() -> FakeHelpline:
    helpline = FakeHelpline()
    helpline.chat.app.router.routes.append(webhook_route())
    return helpline


@asynccontextmanager
async def served(app: Any, largest_frame: int = serving.LARGEST_FRAME) -> AsyncIterator[str]:
    """An application as the program serves it; its address."""
    server = serving.server(app, "127.0.0.1", 0, largest_frame)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    running.cancel()
    await asyncio.wait([running])


@pytest.fixture
async def address(helpline: FakeHelpline) -> AsyncIterator[str]:
    async with served(helpline.chat.app) as address:
        yield address


@pytest.fixture
async def browser(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://{address}") as client:
        yield client


def is_guarded(headers: Any) -> bool:
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    assert "server" not in headers
    assert "set-cookie" not in headers
    return True


# Headers


async def test_every_answer_of_every_route_is_guarded(browser: httpx.AsyncClient, helpline: FakeHelpline) -> None:
    seen: set[int] = set()
    for method, path in questions(helpline.chat.app.routes):
        for content, kind in ((None, "text/plain"), (b"x", FORM), (b"x" * 300_000, FORM)):
            answer = await browser.request(method, path, content=content, headers={"Content-Type": kind})
            assert is_guarded(answer.headers), (method, path)
            seen.add(answer.status_code)
    assert {200, 403, 404, 405, 413, 415} <= seen


async def test_what_breaks_inside_is_guarded_too_and_told_by_its_type(
    browser: httpx.AsyncClient, helpline: FakeHelpline
) -> None:
    async def breaks(_: Any) -> None:
        raise RuntimeError("what a child wrote")

    helpline.chat.app.router.routes.append(Route("/breaks", breaks))
    with structlog.testing.capture_logs() as logs:
        answer = await browser.get("/breaks")
    assert answer.status_code == 500
    assert is_guarded(answer.headers)
    assert "child" not in answer.text
    assert logs == [{"event": "web_mistake", "channel": "web", "error": "RuntimeError", "log_level": "error"}]


async def test_a_redirect_and_an_empty_answer_are_guarded(browser: httpx.AsyncClient) -> None:
    for action, status in (("exit", 303), ("gone", 204)):
        answer = await browser.post("/", data={"token": new_token(), "action": action})
        assert answer.status_code == status
        assert is_guarded(answer.headers)


@pytest.mark.parametrize("path", ["/talk", "/nowhere"])
async def test_a_line_that_is_refused_is_guarded(address: str, path: str) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(f"ws://{address}{path}", origin=websockets.Origin("https://elsewhere.example"))
    assert refused.value.response.status_code == 403
    assert is_guarded(refused.value.response.headers)


async def test_only_the_childs_page_is_framed_and_only_by_whom_the_operator_names() -> None:
    helpline = FakeHelpline()
    chat = WebChat(helpline.converse, catalogue(), "en", frame_ancestors=(PARTNER, "https://example.org:8443"))
    async with served(chat.app) as address, httpx.AsyncClient(base_url=f"http://{address}") as browser:
        for method in ("GET", "POST", "PUT"):
            answer = await browser.request(method, "/")
            framed = answer.headers["content-security-policy"].split("; ")[-1]
            assert framed == f"frame-ancestors {PARTNER} https://example.org:8443"
            assert "x-frame-options" not in answer.headers
            assert answer.headers["cache-control"] == "no-store"
        for path in ("/health", "/static/page.js", "/nowhere", "/talk"):
            assert is_guarded((await browser.get(path)).headers)


# Limits


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that is waited for, in tenths of a second."""
    monkeypatch.setattr(serving, "HEADER_SECONDS", 0.3)
    monkeypatch.setattr(serving, "KEEP_ALIVE_SECONDS", 0)
    monkeypatch.setattr(bounds.bounded, "__defaults__", (bounds.MOST_READ, 0.3))


async def dripped(address: str, *drops: bytes, seconds: float = 3.0) -> bytes:
    """What is answered to somebody who sends a little now and then, until the connection ends."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))

    async def drip() -> None:
        for drop in drops:
            writer.write(drop)
            await asyncio.sleep(0.05)

    dripping = asyncio.create_task(drip())
    try:
        async with asyncio.timeout(seconds):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        dripping.cancel()
        await asyncio.wait([dripping])
        writer.close()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "head",
    [b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n",
     b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"],
)  # fmt: skip
async def test_a_body_that_drips_is_ended_in_time(address: str, helpline: FakeHelpline, head: bytes) -> None:
    drop = b"1\r\nx\r\n" if b"chunked" in head else b"x"
    answer = await dripped(address, head, *[drop] * 60)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"no-store" in answer
    assert helpline.heard == []


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("head", [b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n",
                                  b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n"])  # fmt: skip
async def test_a_body_that_nobody_reads_holds_no_connection(address: str, head: bytes) -> None:
    assert (await dripped(address, head, *[b"x"] * 60)).startswith((b"HTTP/1.1 200", b"HTTP/1.1 403"))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("drops", [[], [b"GET / HT"], [b"GET / HTTP/1.1\r\n", *[b"X: y\r\n"] * 60]])
async def test_who_sends_no_whole_request_is_not_waited_for(address: str, drops: list[bytes]) -> None:
    assert await dripped(address, *drops) == b""


@pytest.mark.usefixtures("impatient")
async def test_a_connection_with_nothing_to_say_ends_and_an_open_line_stays(address: str) -> None:
    line = await websockets.connect(f"ws://{address}/talk", origin=websockets.Origin(f"http://{address}"))
    await line.send(json.dumps({"token": new_token(), "locale": "en"}))
    assert b"\r\n\r\nok" in await dripped(address, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    await asyncio.sleep(0.5)
    await line.send(json.dumps({"kind": "text", "text": "still here"}))
    async with asyncio.timeout(2):
        while "still here" not in str(await line.recv()):
            pass
    await line.close()


@pytest.mark.parametrize("headers", [{"X-Long": "x" * 20_000}, {f"X-{number}": "x" for number in range(4000)}])
async def test_headers_are_bounded(browser: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await browser.get("/", headers=headers)
    assert answer.status_code == 431
    assert is_guarded(answer.headers)


async def test_headers_that_never_end_are_not_collected(address: str) -> None:
    answer = await dripped(address, b"GET / HTTP/1.1\r\n", *[b"X: " + b"y" * 1000 + b"\r\n"] * 40)
    assert answer.endswith(b"Invalid HTTP request received.")


async def test_an_endless_body_is_ended_on_every_route_that_reads(address: str, helpline: FakeHelpline) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 65536

    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Telegram-Bot-Api-Secret-Token": "invented"}
    for path in ("/", "/telegram"):
        async with httpx.AsyncClient(base_url=f"http://{address}") as browser:
            try:
                answer = await browser.post(path, content=endless(), headers=headers)
            except (httpx.WriteError, httpx.ReadError):
                continue  # the connection was ended while we were still sending
            assert answer.status_code == 413
    assert helpline.heard == []


async def test_a_line_is_closed_for_a_frame_that_is_larger_than_anybody_writes(address: str) -> None:
    line = await websockets.connect(f"ws://{address}/talk", origin=websockets.Origin(f"http://{address}"))
    await line.send(json.dumps({"token": new_token(), "locale": "en"}))
    await line.send("x" * (serving.LARGEST_FRAME + 1))
    await line.wait_closed()
    assert line.close_code == 1009


async def test_a_line_is_closed_for_a_large_message_in_many_small_pieces(address: str) -> None:
    line = await websockets.connect(f"ws://{address}/talk", origin=websockets.Origin(f"http://{address}"))

    async def pieces() -> AsyncIterator[str]:
        for _ in range(serving.LARGEST_FRAME // 1024 + 2):
            yield "x" * 1024

    with contextlib.suppress(
        websockets.ConnectionClosed
    ):  # it may be closed while the last pieces are still being sent
        await line.send(pieces())
    await line.wait_closed()
    assert line.close_code == 1009


async def test_who_is_one_too_many_is_told_at_once(helpline: FakeHelpline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "MOST_CONNECTIONS", 12)
    async with served(helpline.chat.app) as address:
        host, _, port = address.partition(":")
        silent = [await asyncio.open_connection(host, int(port)) for _ in range(12)]
        async with httpx.AsyncClient(base_url=f"http://{address}") as browser:
            assert (await browser.get("/")).status_code == 503
            for _, writer in silent:
                writer.close()
            await asyncio.sleep(0.1)
            assert (await browser.get("/")).status_code == 200
