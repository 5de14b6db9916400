"""The console with anything at all in its API (schemathesis, from its OpenAPI) and its forms: never a 500, and always what is documented."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast
from urllib.parse import urlencode

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from inputs import counted, in_time, tried
from members import PASSWORD, found, join
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from servers import postgresql_database
from strange import ODD, any_text, codes, numbers, texts

from bot import assembly
from bot.settings import Settings
from escalation.cases import Author, Category, Facts, Perspective, Said, Urgency
from escalation.console.app import console
from escalation.console.desk import Desk
from escalation.ledger import utc_now
from escalation.people import Role
from nlu.reading import Reader

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ADDRESS = "http://127.0.0.1:8001"

SCHEMA = schemathesis.openapi.from_dict(console(cast(Desk, None)).openapi())
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}
SLOW = {"POST /sign-in"}
"""An Argon2id for each."""


@dataclass
class Console:
    """The console on a ledger, a browser of somebody with every role, and one of nobody."""

    side: assembly.Escalation
    everything: httpx.AsyncClient
    nobody: httpx.AsyncClient
    cases: list[str]

    async def another_case(self) -> None:
        facts = Facts(Urgency.URGENT, (Category.CONTROL,), Perspective.SELF, "sq", "web", "AL", ("cannot leave", "now"))
        told = [Said(Author.CHILD, "I cannot leave the house.", utc_now())]
        self.cases.append((await self.side.intake.open(facts, told)).id)


@pytest.fixture(params=["sqlite", "postgresql"])
async def ledger_url(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield settings.ledger
        return
    async with postgresql_database() as url:
        yield url


@pytest.fixture
async def opened(settings: Settings, ledger_url: str, mistakes: list[str]) -> AsyncIterator[Console]:  # noqa: ARG001
    side = assembly.escalation(replace(settings, ledger=ledger_url))
    await side.ledger.migrate()
    app = console(assembly.desk(side, settings, Reader()))
    member = await join(side.ledger, await found(side.ledger), "Everything", Role)
    try:
        async with _browser(app) as everything, _browser(app) as nobody:
            form = {"name": member.name, "password": PASSWORD, "code": member.code(utc_now())}
            assert (await everything.post("/sign-in", data=form)).status_code == 303
            me = (await everything.get("/api/me")).json()
            everything.headers["X-Helpline-Token"] = me["page_token"]
            yield Console(side, everything, nobody, [])
    finally:
        await side.ledger.close()


def _browser(app: FastAPI) -> httpx.AsyncClient:
    headers = {"Sec-Fetch-Site": "same-origin"}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=ADDRESS, headers=headers
    )


@tried(short=60, long=1_200)
@given(
    data=st.data(),
    label=st.sampled_from(sorted(OPERATIONS.keys() - SLOW)),
    mode=st.sampled_from(schemathesis.GenerationMode),
    real=st.booleans(),
    signed_in=st.sampled_from([True, True, True, False]),
)
async def test_the_api_answers_as_it_says(
    opened: Console, data: st.DataObject, label: str, mode: Any, real: bool, signed_in: bool
) -> None:
    case = data.draw(_cases(label, mode))
    if real and "case_id" in (case.path_parameters or {}):
        if len(opened.cases) < 3 or data.draw(st.integers(0, 9)) == 0:
            await opened.another_case()
        case.path_parameters["case_id"] = data.draw(st.sampled_from(opened.cases[-3:]))
    await _asked(opened, case, signed_in=signed_in)


@tried(short=2, long=40)
@given(data=st.data(), mode=st.sampled_from(schemathesis.GenerationMode))
async def test_signing_in_by_the_api_answers_as_it_says(opened: Console, data: st.DataObject, mode: Any) -> None:
    await _asked(opened, data.draw(_cases("POST /sign-in", mode)), signed_in=False)


@cache
def _cases(label: str, mode: Any) -> st.SearchStrategy[Any]:
    """What a client sends for an operation that has read its description, or that means to send something else."""
    return OPERATIONS[label].as_strategy(generation_mode=mode)


async def _asked(opened: Console, case: Any, *, signed_in: bool) -> None:
    asked = case.as_transport_kwargs(base_url=ADDRESS)
    headers = {
        name: value
        for name, value in asked.pop("headers", {}).items()
        if name.lower() not in {"user-agent", "x-helpline-token", "cookie"}
    }
    asked.pop("cookies", None)
    asked = {
        name: value
        for name, value in asked.items()
        if name in {"method", "url", "params", "json", "data", "files", "content"}
    }
    if isinstance(asked.get("data"), bytes | str):
        asked["content"] = asked.pop("data")
    browser = opened.everything if signed_in else opened.nobody
    with counted("console's API"):
        async with in_time():
            try:
                request = browser.build_request(**asked, headers=headers)
            except (UnicodeError, ValueError, TypeError, httpx.InvalidURL):
                return  # no client can send this
            answer = await browser.send(request)
    if not signed_in and case.operation.label not in SLOW:
        assert answer.status_code in {401, 404, 422}, "nobody is let in"
    if answer.status_code == 404 and answer.json() == {"error": "There is nothing here."}:
        return  # a slash in a parameter: another path, which is none
    case.validate_response(answer, checks=CHECKS)


ids = st.one_of(
    numbers.map(str), st.sampled_from(ODD), any_text.map(lambda text: text.encode(errors="replace").decode())
)


@tried(short=30, long=1_200)
@given(
    path=st.sampled_from(["/cases/{}", "/api/cases/{}", "/api/cases/{}/claim", "/api/people/{}/disable", "/api/people/{}/reset-second-factor",
                          "/api/team/cases/{}/take-back", "/invitation/{}", "/{}", "/static/{}"]),
    parameter=ids, reading=st.booleans(),
)  # fmt: skip
async def test_any_parameter_of_a_path_is_answered(opened: Console, path: str, parameter: str, reading: bool) -> None:
    quoted = "".join(f"%{byte:02x}" for byte in parameter.encode(errors="replace"))[:6000]
    with counted("console's paths"):
        async with in_time():
            answer = await opened.everything.request(
                "GET" if reading else "POST", path.format(quoted), json=None if reading else {}
            )
    assert answer.status_code < 500


names = st.one_of(
    texts,
    any_text,
    st.sampled_from(["Everything", "everything", "Testa", "Te\x00sta", "T\u202esta", "ΐ" * 40, "ﷺ" * 40, "ß" * 40]),
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "name": names, "password": st.one_of(texts, any_text), "again": any_text, "old": any_text, "page_token": any_text,
        "code": st.one_of(codes, any_text, st.sampled_from(["１２３４５６", "١٢٣٤٥٦", "²²²²²²", "①②③④⑤⑥", "-12345", "1e5", "0" * 5000])),
    },
)  # fmt: skip
CHARSETS = ("utf-8", "utf-7", "utf-16", "idna", "punycode", "undefined", "rot13", "hex", "unicode_escape", "\x00", "")


def urlencoded(sent: dict[str, str]) -> tuple[bytes, str]:
    return urlencode(
        {name: value.encode(errors="surrogatepass") for name, value in sent.items()}
    ).encode(), "application/x-www-form-urlencoded"


def multipart(sent: dict[str, str], charset: str, file: bool) -> tuple[bytes, str]:
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="' + name.encode() + (b'"; filename="f"' if file else b'"') + b"\r\n\r\n"
        + value.encode(errors="surrogatepass") + b"\r\n"
        for name, value in sent.items()
    )  # fmt: skip
    return parts + b"--x--\r\n", f"multipart/form-data; boundary=x; charset={charset}"


bodies = st.one_of(
    st.builds(urlencoded, fields),
    st.builds(multipart, fields, st.sampled_from(CHARSETS), st.booleans()),
    st.tuples(
        st.binary(max_size=300),
        st.sampled_from(
            ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", ""]
        ),
    ),
)
FORMS = ("/second-factor", "/account/password", "/sign-out", "/keys/rotate", "/keys/recovery", "/invitation/none")


@tried(short=20, long=1_200)
@given(path=st.sampled_from(FORMS), body=bodies)
async def test_any_form_of_somebody_signed_in_is_answered(opened: Console, path: str, body: tuple[bytes, str]) -> None:
    with counted("console's forms"):
        async with in_time():
            answer = await opened.everything.post(path, content=body[0], headers={"Content-Type": body[1]})
    assert answer.status_code < 500


@tried(short=3, long=100)
@given(sent=fields, with_token=st.sampled_from([True, True, True, False]))
async def test_any_new_password_and_any_digits_are_answered(
    opened: Console, sent: dict[str, str], with_token: bool
) -> None:
    token = {"page_token": opened.everything.headers["X-Helpline-Token"]} if with_token else {}
    for path in ("/account/password", "/second-factor"):
        with counted("console's forms"):
            async with in_time():
                body, kind = urlencoded({**sent, **token})
                answer = await opened.everything.post(path, content=body, headers={"Content-Type": kind})
        assert answer.status_code < 500


@tried(short=3, long=100)
@given(body=bodies)
async def test_anything_typed_to_sign_in_is_answered(opened: Console, body: tuple[bytes, str]) -> None:
    with counted("signing in"):
        async with in_time():
            answer = await opened.nobody.post("/sign-in", content=body[0], headers={"Content-Type": body[1]})
    assert answer.status_code in {401, 403, 422, 429}


@tried(short=3, long=100)
@given(name=names, password=st.one_of(any_text, st.just("a password of some length")))
async def test_joining_with_any_name_is_answered(opened: Console, name: str, password: str) -> None:
    invited = await opened.everything.post("/api/people/invitations", json={"roles": ["editor"]})
    body, kind = urlencoded({"name": name, "password": password, "again": password})
    with counted("joining"):
        async with in_time():
            answer = await opened.nobody.post(invited.json()["path"], content=body, headers={"Content-Type": kind})
    assert answer.status_code in {200, 303, 422, 429}


async def test_a_number_and_a_letter_that_no_ledger_takes_are_refused_and_break_nothing(opened: Console) -> None:
    for path in (
        f"/api/people/{2**63}/disable",
        f"/api/people/-{10**30}/reset-second-factor",
        "/api/cases/%00/claim",
        "/api/team/cases/a%00/take-back",
    ):
        answer = await opened.everything.post(path)
        assert answer.status_code in {404, 422}, path
    for browser in (opened.everything, opened.nobody):
        assert (await browser.get("/cases/%00")).status_code in {303, 404, 422}
    form = {"name": f"Te\x00sta{secrets.token_hex(2)}", "password": "x"}
    assert (await opened.nobody.post("/sign-in", data=form)).status_code in {401, 422}
