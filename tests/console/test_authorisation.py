"""Every route against every role, against nobody, and against a session without its second factor, from the routing table itself.

What a role may do is written down once, here: a route that is new, or whose rule has changed, fails until it is written down too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute, RouteContext, iter_route_contexts
from house import House
from members import PASSWORD
from starlette.routing import Mount

from escalation.console.app import console
from escalation.console.door import Rule
from escalation.people import Role

NOBODY, ARRIVING, ANY_ROLE = "nobody", "arriving", "any role"
C, S, E, A = Role.COUNSELLOR, Role.SUPERVISOR, Role.EDITOR, Role.ADMINISTRATOR

ALLOWED: dict[str, set[str]] = {
    "GET /sign-in": {NOBODY},
    "POST /sign-in": {NOBODY},
    "GET /invitation/{token}": {NOBODY},
    "POST /invitation/{token}": {NOBODY},
    "GET /api/openapi.json": {NOBODY},
    "GET /second-factor": {ARRIVING},
    "GET /second-factor/code.svg": {ARRIVING},
    "POST /second-factor": {ARRIVING},
    "POST /sign-out": {ARRIVING},
    "GET /": {ANY_ROLE},
    "GET /account": {ANY_ROLE},
    "POST /account/password": {ANY_ROLE},
    "GET /api/me": {ANY_ROLE},
    "GET /chats": {C},
    "GET /cases/{case_id}": {C},
    "GET /api/chats": {C},
    "GET /api/cases/{case_id}": {C},
    "POST /api/cases/{case_id}/claim": {C},
    "POST /api/cases/{case_id}/replies": {C},
    "POST /api/cases/{case_id}/close": {C},
    "POST /api/cases/{case_id}/hand-back": {C},
    "POST /api/cases/{case_id}/shown": {C},
    "PUT /api/duty": {C},
    "POST /api/duty/beat": {C},
    "GET /api/queue": {C, S},
    "WEBSOCKET /live": {C, S},
    "GET /team": {S},
    "GET /counts": {S},
    "GET /api/team/now": {S},
    "POST /api/team/cases/{case_id}/take-back": {S},
    "GET /texts": {E},
    "GET /texts/{locale}": {E},
    "GET /texts/{locale}/{key}": {E},
    "GET /cards": {E},
    "GET /cards/card.svg": {E},
    "GET /cards/card.pdf": {E},
    "POST /api/texts/pilots": {E},
    "POST /api/texts/{locale}/approve": {E},
    "POST /api/texts/{locale}/publish": {E},
    "POST /api/texts/pilots/{pilot}/end": {E},
    "POST /api/texts/{locale}/{key}/look": {E},
    "POST /api/texts/{locale}/{key}/draft": {E},
    "POST /api/texts/editions/{edition}/review": {E},
    "POST /api/texts/editions/{edition}/send-back": {E},
    "POST /api/texts/editions/{edition}/leave": {E},
    "POST /api/texts/editions/{edition}/publish": {E},
    "POST /api/texts/{locale}/{key}/roll-back": {E},
    "GET /services": {E},
    "GET /services/{service}": {E},
    "POST /api/services/publish": {E},
    "POST /api/services/{service}/look": {E},
    "POST /api/services/{service}/draft": {E},
    "POST /api/services/{service}/roll-back": {E},
    "GET /words": {E},
    "GET /words/{locale}": {E},
    "GET /api/words/requests/{number}": {E},
    "POST /api/words/learning": {E},
    "POST /api/words/{locale}": {E},
    "POST /api/words/{locale}/look": {E},
    "POST /api/words/{locale}/effect": {E},
    "POST /api/words/teachings/{teaching}/approve": {E},
    "POST /api/words/teachings/{teaching}/retire": {E},
    "GET /people": {A},
    "GET /keys": {A},
    "POST /keys/rotate": {A},
    "POST /keys/recovery": {A},
    "GET /api/people": {A},
    "POST /api/people/invitations": {A},
    "POST /api/people/{staff_id}/disable": {A},
    "POST /api/people/{staff_id}/reset-second-factor": {A},
    "GET /audit": {S, A},
}

BODIES: Mapping[str, dict[str, Any]] = {
    "PUT /api/duty": {"available": False},
    "POST /api/cases/{case_id}/replies": {"text": "Hello"},
    "POST /api/cases/{case_id}/close": {"outcome": "supported"},
    "POST /api/cases/{case_id}/shown": {"placeholder": "[name 1]"},
    "POST /api/people/invitations": {"roles": ["counsellor"]},
    "POST /api/texts/{locale}/approve": {"texts": []},
    "POST /api/texts/{locale}/publish": {"editions": []},
    "POST /api/texts/pilots": {"name": "An invented group"},
    "POST /api/texts/{locale}/{key}/look": {"version": "", "text": "Hello"},
    "POST /api/texts/{locale}/{key}/draft": {"version": "", "text": "Hello", "seen": 0},
    "POST /api/texts/editions/{edition}/send-back": {"reason": ""},
    "POST /api/texts/{locale}/{key}/roll-back": {"version": "", "to": 0, "seen": 0},
    "POST /api/services/publish": {"editions": []},
    "POST /api/services/{service}/roll-back": {"to": 0, "seen": 0},
    "POST /api/words/{locale}": {"kind": "harmless", "text": "Hello"},
    "POST /api/words/{locale}/look": {"kind": "harmless", "text": "Hello"},
}

FORMS = ("POST /second-factor", "POST /sign-out", "POST /account/password", "POST /keys/rotate", "POST /keys/recovery")


def routes(house: House) -> Iterator[tuple[str, RouteContext]]:
    """Every route by its method and path; what is mounted is the folder of scripts and styles, and nothing else."""
    for found in iter_route_contexts(house.app.routes):
        if isinstance(found.original_route, Mount):
            assert found.path == "/static"
        elif isinstance(found.original_route, APIWebSocketRoute):
            yield f"WEBSOCKET {found.path}", found
        else:
            for method in found.methods or ():
                yield f"{method} {found.path}", found


def rules(dependant: Dependant) -> Iterator[Rule]:
    for needed in dependant.dependencies:
        if isinstance(needed.call, Rule):
            yield needed.call
        yield from rules(needed)


def test_every_route_declares_one_rule_and_it_is_the_one_that_is_written_down(house: House) -> None:
    found = dict(routes(house))
    assert set(found) == set(ALLOWED), "say above who may use a route that is new"
    for route, context in found.items():
        assert isinstance(context.original_route, APIRoute | APIWebSocketRoute), f"{route} cannot have a rule"
        (rule,) = set(rules(context.dependant)) or {None}
        assert rule, f"{route} has no rule"
        if rule.public:
            assert ALLOWED[route] == {NOBODY}, route
        elif rule.without_second_factor:
            assert ALLOWED[route] == {ARRIVING}, route
        else:
            assert ALLOWED[route] == (set(rule.roles) or {ANY_ROLE}), route


def test_a_route_without_a_rule_is_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.app = console(house.desk)

    @house.app.get("/forgotten")
    async def forgotten() -> str:
        return "everything"

    with pytest.raises(AssertionError, match="say above who may use"):
        test_every_route_declares_one_rule_and_it_is_the_one_that_is_written_down(house)
    monkeypatch.setitem(ALLOWED, "GET /forgotten", {NOBODY})
    with pytest.raises(AssertionError, match="GET /forgotten has no rule"):
        test_every_route_declares_one_rule_and_it_is_the_one_that_is_written_down(house)


@pytest.mark.parametrize("who", [NOBODY, ARRIVING, *Role])
async def test_every_route_lets_in_whom_it_is_for_and_nobody_else(house: House, who: str) -> None:
    own = "a" * 32
    async with house.browser() as browser:
        if who != NOBODY:
            await house.member("Somebody", Role if who == ARRIVING else [Role(who)], second_factor=who != ARRIVING)
            form = house.form("Somebody") if who != ARRIVING else {"name": "Somebody", "password": PASSWORD}
            assert (await browser.post("/sign-in", data=form)).status_code == 303
            page = (await browser.get("/second-factor" if who == ARRIVING else "/account")).text
            browser.headers["X-Helpline-Token"] = re.search(r'page_token" value="(\w+)"', page)[1]  # type: ignore[index]
        for route, _ in sorted(routes(house), key=lambda found: "sign-out" in found[0]):
            method, path = route.replace("{case_id}", own).replace("{staff_id}", "77").split(" ")
            path = path.replace("{token}", "none")
            if method == "WEBSOCKET":
                let_in = await opens(house, path, browser)
            else:
                form = {"page_token": browser.headers.get("X-Helpline-Token", "")}
                sent = {"data": form} if route in FORMS else {"json": BODIES.get(route, {})}
                answer = await browser.request(method, path, **sent)  # type: ignore[arg-type]
                assert answer.status_code != 500, route
                let_in = not refused(answer)
            assert let_in is expected(route, who), f"{who}: {route}"


def expected(route: str, who: str) -> bool:
    allowed = ALLOWED[route]
    if NOBODY in allowed or who == NOBODY:
        return NOBODY in allowed
    if ARRIVING in allowed or who == ARRIVING:
        return ARRIVING in allowed
    return ANY_ROLE in allowed or who in allowed


def refused(answer: httpx.Response) -> bool:
    """Whether the door has said no (and not the case, which is not there)."""
    led_to = answer.headers.get("location")
    if led_to == "/sign-in":
        return "set-cookie" not in answer.headers  # signing out leads there too
    if led_to == "/second-factor":
        return True
    told = answer.text
    return answer.status_code in {401, 403} and any(
        sentence in told
        for sentence in ("You are not signed in.", "Set your second factor first.", "Your roles do not allow this.")
    )


async def opens(house: House, path: str, browser: httpx.AsyncClient) -> bool:
    """Whether the WebSocket is accepted."""
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {"host": "127.0.0.1:8001", "origin": "http://127.0.0.1:8001", "cookie": cookie}
    scope = {
        "type": "websocket",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "scheme": "ws",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "subprotocols": [],
        "state": {},
    }
    sent: list[str] = []
    received = iter([{"type": "websocket.connect"}])

    async def receive() -> dict[str, Any]:
        return next(received, {"type": "websocket.disconnect", "code": 1000})

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await house.app(scope, receive, send)  # type: ignore[arg-type]
    return "websocket.accept" in sent
