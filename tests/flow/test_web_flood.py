"""Very many come at once: newcomers work or wait, nothing that was written is lost, and whoever is in a conversation notices nothing."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import websockets
from fake_helpline import FakeHelpline, served
from websockets.asyncio.client import ClientConnection

from bot.crowd import Crowd
from bot.messages import Kind
from bot.web import door
from bot.web.door import is_proof
from bot.web.tokens import new_token

PER_MINUTE = 3


@pytest.fixture
def helpline() -> FakeHelpline:
    return FakeHelpline(Crowd(sessions_per_minute=PER_MINUTE))


@pytest.fixture
async def address(helpline: FakeHelpline) -> AsyncIterator[str]:
    async with served(helpline.chat) as (address, _):
        yield address


@pytest.fixture
async def browser(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, headers={"Accept-Language": "en"}) as client:
        yield client


async def connect(address: str, token: str) -> ClientConnection:
    line = await websockets.connect(address.replace("http", "ws") + "/talk", origin=websockets.Origin(address))
    await line.send(json.dumps({"token": token, "locale": "en"}))
    return line


async def until(line: ClientConnection, name: str) -> Any:
    async with asyncio.timeout(5):
        while True:
            frame = json.loads(await line.recv())
            if name in frame:
                return frame[name]


async def crowd_in(address: str) -> list[ClientConnection]:
    """As many as come in without more ado."""
    lines = [await connect(address, new_token()) for _ in range(PER_MINUTE)]
    for line in lines:
        assert await until(line, "screen") == []
    return lines


def solved(work: dict[str, Any]) -> str:
    return next(str(n) for n in range(10**6) if is_proof(work["challenge"], str(n), work["bits"]))


async def post(browser: httpx.AsyncClient, token: str, **fields: str) -> httpx.Response:
    return await browser.post("/", data={"token": token, "locale": "en", "shown": "en", **fields})


def ticket_in(page: httpx.Response) -> str:
    found = re.search(r'name="ticket" value="([^"]*)"', page.text)
    return found[1] if found else ""


def texts_in(page: httpx.Response) -> list[str]:
    return [html.unescape(text) for text in re.findall(r'<p class="text"[^>]*>(.*?)</p>', page.text, re.DOTALL)]


async def test_a_page_that_works_is_let_in_and_what_it_wrote_meanwhile_is_heard(
    address: str, helpline: FakeHelpline
) -> None:
    await crowd_in(address)
    line = await connect(address, new_token())
    work = await until(line, "work")
    assert set(work) == {"challenge", "bits", "seconds", "meanwhile"}
    assert [bubble["text"] for bubble in work["meanwhile"]] == ["en numbers"]
    await line.send(json.dumps({"kind": "text", "text": "help me"}))
    await asyncio.sleep(0.2)
    assert Kind.TEXT not in helpline.kinds()
    await line.send(json.dumps({"work": work["challenge"], "proof": solved(work)}))
    assert await until(line, "screen") == []
    assert (await until(line, "bubbles"))[0]["text"] == "text: help me"


async def test_a_wrong_proof_is_answered_by_other_work(address: str) -> None:
    await crowd_in(address)
    line = await connect(address, new_token())
    first = await until(line, "work")
    await line.send(json.dumps({"work": first["challenge"], "proof": "wrong"}))
    second = await until(line, "work")
    assert second["challenge"] != first["challenge"]
    await line.send(json.dumps({"work": first["challenge"], "proof": solved(first)}))
    await line.send(json.dumps({"work": 7, "proof": []}))
    assert await until(line, "error") == "not_understood"
    await line.send(json.dumps({"work": second["challenge"], "proof": solved(second)}))
    assert await until(line, "screen") == []


async def test_whoever_is_in_a_conversation_is_never_asked(address: str, helpline: FakeHelpline) -> None:
    token = new_token()
    line = await connect(address, token)
    await line.send(json.dumps({"kind": "text", "text": "hello"}))
    await until(line, "bubbles")
    await line.close()
    for _ in range(3 * PER_MINUTE):
        await connect(address, new_token())
    again = await connect(address, token)
    assert len(await until(again, "screen")) == 2
    # Neither after a restart, when nobody remembers who came in.
    restarted = FakeHelpline(Crowd(sessions_per_minute=1))
    restarted.screens = helpline.screens
    async with served(restarted.chat) as (other, _):
        stranger = await connect(other, new_token())
        assert await until(stranger, "screen") == []
        again = await connect(other, token)
        assert len(await until(again, "screen")) == 2
        async with httpx.AsyncClient(base_url=other) as browser:
            assert (await post(browser, token, text="and by the form")).status_code == 200


async def test_who_leaves_while_waiting_has_left(address: str, helpline: FakeHelpline) -> None:
    await crowd_in(address)
    line = await connect(address, new_token())
    await until(line, "work")
    await line.send(json.dumps({"kind": "exit"}))
    await line.wait_closed()
    assert helpline.kinds()[-1] is Kind.EXIT


async def test_a_page_that_cannot_work_waits(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "LEAST_SECONDS", 1)
    await crowd_in(address)
    line = await connect(address, new_token())
    work = await until(line, "work")
    await line.send(json.dumps({"work": work["challenge"]}))
    again = await until(line, "work")
    await asyncio.sleep(again["seconds"])
    await line.send(json.dumps({"work": again["challenge"]}))
    assert await until(line, "screen") == []


async def test_the_form_keeps_what_was_written_and_hears_it_after_a_moment(
    address: str, browser: httpx.AsyncClient, helpline: FakeHelpline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "LEAST_SECONDS", 1)
    await crowd_in(address)
    token = new_token()
    page = await post(browser, token, text="help <me>", action="send")
    assert page.status_code == 429
    assert page.headers["retry-after"] == "1"
    assert '<p id="note" role="status">en busy form</p>' in page.text
    assert "help &lt;me&gt;</textarea>" in page.text
    assert texts_in(page) == ["en numbers"]
    assert 'href="tel:112"' in page.text
    assert f'name="token" value="{token}"' in page.text
    assert Kind.TEXT not in helpline.kinds()

    hasty = await post(browser, token, text="help <me>", action="send", ticket=ticket_in(page))
    assert hasty.status_code == 429
    await asyncio.sleep(1)
    stolen = await post(browser, new_token(), text="mine", action="send", ticket=ticket_in(hasty))
    assert stolen.status_code == 429
    heard = await post(browser, token, text="help <me>", action="send", ticket=ticket_in(hasty))
    assert heard.status_code == 200
    assert texts_in(heard) == ["help <me>", "text: help <me>"]
    assert ticket_in(heard) == ""
    assert (await post(browser, token, text="and more")).status_code == 200
    assert "mine" not in [incoming.text for incoming in helpline.heard]


async def test_leaving_and_looking_need_no_ticket(address: str, browser: httpx.AsyncClient) -> None:
    await crowd_in(address)
    assert (await browser.get("/")).status_code == 200
    assert (await post(browser, new_token(), action="look")).status_code == 200
    assert (await post(browser, new_token(), action="exit")).status_code == 303


async def test_a_form_that_floods_waits_and_is_then_asked_to_with_its_words_kept(
    browser: httpx.AsyncClient, helpline: FakeHelpline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.page.PATIENCE", 0.5)
    token = new_token()
    pages = await asyncio.gather(*(post(browser, token, text=f"{number}") for number in range(30)))
    refused = [page for page in pages if page.status_code == 429]
    assert refused
    assert all("en slow" in page.text for page in refused)
    for number, page in enumerate(pages):
        if page.status_code == 429:
            assert f"{number}</textarea>" in page.text
        else:
            assert f"{number}" in [incoming.text for incoming in helpline.heard if incoming.kind is Kind.TEXT]


async def test_two_pages_of_one_session_have_one_pace(address: str, helpline: FakeHelpline) -> None:
    token = new_token()
    lines = [await connect(address, token) for _ in range(3)]
    for line in lines:
        for number in range(10):
            await line.send(json.dumps({"kind": "text", "text": str(number)}))
    await asyncio.sleep(1)
    assert 5 <= helpline.kinds().count(Kind.TEXT) <= 12


async def test_a_flood_of_all_is_told_to_slow_down_and_nothing_taken_is_lost() -> None:
    helpline = FakeHelpline(Crowd(messages_per_second=2, sessions_per_minute=1000))
    async with served(helpline.chat) as (address, _):
        lines = [await connect(address, new_token()) for _ in range(30)]
        for line in lines:
            await until(line, "screen")
        for number, line in enumerate(lines[:20]):
            await line.send(json.dumps({"kind": "text", "text": str(number), "n": number}))
            await asyncio.sleep(0.01)
        for line in lines[20:]:
            await line.send(json.dumps({"kind": "text", "text": "late"}))
            assert await until(line, "error") == "slow"
        waiting = 0
        for line in lines[:20]:
            async with asyncio.timeout(8):
                waiting += "busy" in json.loads(await line.recv())
        heard = [incoming.text for incoming in helpline.heard if incoming.kind is Kind.TEXT]
        assert waiting >= 14
        assert sorted(heard, key=int) == [str(number) for number in range(waiting)]
