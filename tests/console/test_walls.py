"""What holds for every route: no session, no token, too much, too strange, broken inside."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from house import House, SignIn
from routes import questions

from escalation.audit import Act
from escalation.cases import Author, Category, Outcome, Perspective, Presence, Urgency
from escalation.console.armour import HEADERS
from escalation.console.page import PLACES, TEMPLATES
from escalation.people import Role


def routes(house: House) -> Iterator[tuple[str, str]]:
    for path, operations in house.app.openapi()["paths"].items():
        if path == "/sign-in":
            continue
        for method in operations:
            yield method.upper(), path.replace("{case_id}", "0" * 32).replace("{staff_id}", "1")


async def test_no_api_route_answers_without_a_session(house: House) -> None:
    async with house.browser() as browser:
        for method, path in routes(house):
            answer = await browser.request(method, path, json={})
            assert answer.status_code == 401, path
            assert answer.json() == {"error": "You are not signed in."}


async def test_nothing_changes_without_the_token_of_the_page(house: House, ada: httpx.AsyncClient) -> None:
    right = ada.headers.pop("X-Helpline-Token")
    forgeries: list[dict[str, str]] = [
        {},
        {"X-Helpline-Token": "0" * 64},
        {"X-Helpline-Token": right, "Sec-Fetch-Site": "cross-site"},
        {"X-Helpline-Token": right, "Origin": "http://elsewhere.test"},
    ]
    changing = [(method, path) for method, path in routes(house) if method != "GET"]
    assert len(changing) >= 8
    for method, path in changing:
        for headers in forgeries:
            answer = await ada.request(method, path, json={}, headers=headers)
            assert answer.status_code == 403, (path, headers)


async def test_every_answer_of_every_route_wears_the_headers(house: House, ada: httpx.AsyncClient) -> None:
    seen: set[int] = set()
    async with house.browser() as stranger:
        for method, path in questions(house.app.routes):
            for browser in (stranger, ada):
                if path.endswith(("sign-out", "disable")) and browser is ada:
                    continue  # Ada is still needed
                for content, headers in ((b"", {}), (b"", {"X-Helpline-Token": "forged"}), (b"x" * 70_000, {})):
                    answer = await browser.request(method, path, content=content, headers=headers)
                    wears_the_headers(answer)
                    seen.add(answer.status_code)
    assert {200, 303, 401, 403, 404, 405, 413, 422} <= seen
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def wears_the_headers(answer: httpx.Response) -> None:
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, answer.request.url


async def test_headers_are_bounded(house: House) -> None:
    async with house.browser() as stranger:
        for headers in ({"X-Long": "x" * 20_000}, {f"X-{number}": "x" for number in range(500)}):
            answer = await stranger.get("/sign-in", headers=headers)
            assert answer.status_code == 431
            wears_the_headers(answer)


async def test_a_body_that_does_not_come_in_time_is_not_waited_for(
    marta: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dripping() -> Any:
        for _ in range(100):
            yield b"x"
            await asyncio.sleep(0.02)

    monkeypatch.setattr("escalation.console.armour.BODY_SECONDS", 0.2)
    answer = await marta.post("/api/cases/abc/replies", content=dripping())
    assert answer.status_code == 408
    wears_the_headers(answer)


async def test_no_page_holds_a_script_or_style_of_its_own(house: House, signed_in: SignIn) -> None:
    await house.case()
    ada = await signed_in("Ana", Role)
    for path in (*PLACES, "/account", "/invitation/x"):
        answer = await ada.get(path)
        assert answer.status_code == 200, path
        page = answer.text
        assert 'lang="en"' in page
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<script>" not in page


async def test_a_body_that_is_too_big_is_refused(marta: httpx.AsyncClient) -> None:
    async def in_pieces() -> Any:
        for _ in range(70):
            yield b"x" * 1024

    for content in (b"x" * 70_000, in_pieces()):
        answer = await marta.post("/api/cases/abc/replies", content=content)
        assert answer.status_code == 413
        assert answer.json() == {"error": "The request is too big."}


async def test_what_makes_no_sense_is_not_echoed(marta: httpx.AsyncClient) -> None:
    for content in (b'{"text": ["repeat me"]}', b"repeat me", b"\xff\xfe", b'{"text": "\\ud800 repeat me"}'):
        answer = await marta.post(
            "/api/cases/abc/replies", content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in {404, 422}
        assert "repeat" not in answer.text
        assert list(answer.json()) == ["error"]


@pytest.mark.parametrize("content", [b"\xff\xfe{", b"\x00"])
async def test_a_body_that_cannot_be_taken_apart_is_not_understood(marta: httpx.AsyncClient, content: bytes) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x"):
        for path in ("/api/duty", "/sign-in"):
            method = "PUT" if path == "/api/duty" else "POST"
            answer = await marta.request(method, path, content=content, headers={"Content-Type": kind})
            assert answer.status_code in {401, 422}, (path, kind)


async def test_what_breaks_inside_is_told_in_one_line_and_logged_without_words(
    house: House, marta: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def breaks(*_: object) -> None:
        raise RuntimeError("the words of a child")

    monkeypatch.setattr(type(house.counsel), "queue", breaks)
    answer = await marta.get("/api/queue")
    assert answer.status_code == 500
    assert list(answer.json()) == ["error"]
    assert answer.headers["cache-control"] == "no-store"
    told = capsys.readouterr()
    assert "the words of a child" not in answer.text + told.out + told.err
    assert "RuntimeError" in told.out + told.err


async def test_the_api_describes_itself(house: House) -> None:
    async with house.browser() as browser:
        document = (await browser.get("/api/openapi.json")).json()
        assert (await browser.get("/docs")).status_code == 404
        assert (await browser.get("/redoc")).status_code == 404
    assert document["openapi"].startswith("3.")
    assert "429" in document["paths"].pop("/sign-in")["post"]["responses"]
    assert all(path.startswith("/api/") for path in document["paths"])
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert {"401", "403"} <= set(operation["responses"]), path
            assert operation["security"], path
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_code_has_a_word() -> None:
    words: dict[str, dict[str, str]] = TEMPLATES.get_template("words.html").module.words  # type: ignore[attr-defined]
    kinds = {
        "urgency": Urgency,
        "category": Category,
        "perspective": Perspective,
        "presence": Presence,
        "author": Author,
        "outcome": Outcome,
        "role": Role,
        "role_does": Role,
        "act": Act,
    }
    for kind, codes in kinds.items():
        assert set(words[kind]) == {code.value for code in codes}, kind
    assert set(words["place"]) == set(PLACES)
