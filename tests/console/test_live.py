"""The live line on a real server: what changes is told within a second, to people who are signed in only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from house import House
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from escalation.cases import Author, Said
from escalation.console.armour import HEADERS
from escalation.ledger import utc_now


@pytest.fixture
async def address(house: House) -> AsyncIterator[str]:
    """The console on a free port of this machine, as host:port."""
    server = uvicorn.Server(uvicorn.Config(house.app, port=0, log_level="error", access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await serving


def line(address: str, marta: httpx.AsyncClient, origin: str | None = None) -> connect:
    cookie = f"helpline-console={marta.cookies['helpline-console']}"
    return connect(
        f"ws://{address}/live", origin=origin or f"http://{address}", additional_headers={"Cookie": cookie}, proxy=None
    )


async def heard(socket: ClientConnection) -> list[str]:
    changed: list[str] = json.loads(await asyncio.wait_for(socket.recv(), 1))["changed"]
    return changed


async def test_a_new_case_and_a_new_message_are_told_within_a_second(
    house: House, address: str, marta: httpx.AsyncClient
) -> None:
    async with line(address, marta) as socket:
        case = await house.case()
        assert "queue" in await heard(socket)
        await house.intake.add(house.opened[case], Said(Author.CHILD, "Are you there?", utc_now()))
        assert f"case:{case}" in await heard(socket)


async def test_the_line_carries_no_words(house: House, address: str, marta: httpx.AsyncClient) -> None:
    async with line(address, marta) as socket:
        case = await house.case("secret words of an invented child")
        await house.intake.add(house.opened[case], Said(Author.CHILD, "more secret words", utc_now()))
        assert "secret" not in str(await asyncio.wait_for(socket.recv(), 1))


async def test_a_foreign_page_or_a_stranger_gets_no_line(address: str, marta: httpx.AsyncClient) -> None:
    with pytest.raises(InvalidStatus):
        await line(address, marta, origin="http://elsewhere.test").__aenter__()
    marta.cookies.set("helpline-console", "somebody-else", domain="127.0.0.1")
    with pytest.raises(InvalidStatus):
        await connect(f"ws://{address}/live", origin=f"http://{address}", proxy=None).__aenter__()


async def test_the_open_line_keeps_on_duty_and_ends_with_the_session(
    house: House, address: str, marta: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("escalation.console.live.BEAT", 0.1)
    await marta.put("/api/duty", json={"available": True})
    beats: list[int] = []
    beat = house.duty.beat

    async def counted(staff_id: int) -> bool:
        beats.append(staff_id)
        return await beat(staff_id)

    monkeypatch.setattr(house.duty, "beat", counted)
    async with line(address, marta) as socket:
        assert await heard(socket) == [""]
        assert len(beats) >= 2
        await marta.post("/sign-out", data={"page_token": marta.headers["X-Helpline-Token"]})
        async with asyncio.timeout(2):
            await socket.wait_closed()
        assert socket.close_code == 1008


@pytest.mark.parametrize("frame", ["x" * 1025, b"x" * 1025])
async def test_a_page_that_says_too_much_loses_its_line(
    address: str, marta: httpx.AsyncClient, frame: str | bytes
) -> None:
    async with line(address, marta) as socket:
        await socket.send("x")
        await socket.send(frame)
        await asyncio.wait_for(socket.wait_closed(), 2)
        assert socket.close_code == 1009


async def test_a_line_that_is_refused_wears_the_headers(address: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://{address}/live", origin="http://elsewhere.test", proxy=None)  # type: ignore[arg-type]
    assert {name: refused.value.response.headers.get(name) for name in HEADERS} == HEADERS
