from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from house import PASSWORD, House

from escalation.console.app import console
from escalation.ledger import utc_now


async def test_whoever_is_not_signed_in_is_led_to_the_form(house: House) -> None:
    async with house.browser() as browser:
        for path in ("/", "/chats", "/people", "/cases/abc"):
            answer = await browser.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.usefixtures("marta")
async def test_signing_in_sets_a_cookie_that_no_script_and_no_other_site_gets(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.post("/sign-in", data={"name": "marta", "password": PASSWORD})
        cookie = answer.headers["set-cookie"].lower()
        assert answer.headers["location"] == "/"
        assert cookie.startswith("helpline-console=")
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "Waiting now" in (await browser.get("/")).text


@pytest.mark.usefixtures("marta")
async def test_over_https_the_cookie_is_bound_to_the_host(house: House) -> None:
    app = console(house.counsel, house.duty, house.staff, house.bell, secure_cookies=True)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://console.test", headers={"Origin": "https://console.test"}
    ) as browser:
        answer = await browser.post("/sign-in", data={"name": "Marta", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-helpline-console=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert (await browser.get("/api/me")).json()["name"] == "Marta"


@pytest.mark.usefixtures("marta")
async def test_a_wrong_password_is_refused_and_the_next_attempt_slowed(house: House) -> None:
    async with house.browser() as browser:
        wrong = await browser.post("/sign-in", data={"name": "Marta", "password": "wrong guess"})
        assert wrong.status_code == 401
        assert "wrong guess" not in wrong.text
        slowed = await browser.post("/sign-in", data={"name": "Marta", "password": PASSWORD})
        assert slowed.status_code == 429
        assert int(slowed.headers["retry-after"]) >= 1
        assert "try again in" in slowed.text


@pytest.mark.usefixtures("marta")
async def test_a_foreign_page_cannot_sign_anybody_in(house: House) -> None:
    async with house.browser() as browser:
        form = {"name": "Marta", "password": PASSWORD}
        for headers in (
            {"Sec-Fetch-Site": "cross-site", "Origin": "http://elsewhere.test"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "same-origin", "Origin": "http://elsewhere.test"},
        ):
            answer = await browser.post("/sign-in", data=form, headers=headers)
            assert answer.status_code == 403
        del browser.headers["Sec-Fetch-Site"]
        assert (await browser.post("/sign-in", data=form, headers={"Origin": "null"})).status_code == 403
        assert (await browser.post("/sign-in", data=form)).status_code == 403


async def test_signing_out_ends_the_session_and_the_duty(house: House, marta: httpx.AsyncClient) -> None:
    await marta.put("/api/duty", json={"available": True})
    secret = marta.cookies["helpline-console"]
    assert (await marta.post("/sign-out", data={"page_token": "forged"})).status_code == 403
    answer = await marta.post("/sign-out", data={"page_token": marta.headers["X-Helpline-Token"]})
    assert answer.headers["location"] == "/sign-in"
    assert await house.duty.count() == 0
    marta.cookies.set("helpline-console", secret)
    assert (await marta.get("/api/me")).status_code == 401


async def test_an_invitation_works_once(house: House) -> None:
    token = await house.staff.first_invitation()
    form = {"name": "Ada", "password": PASSWORD, "again": PASSWORD}
    async with house.browser() as browser:
        page = await browser.get(f"/invitation/{token}")
        assert page.headers["referrer-policy"] == "no-referrer"
        differs = await browser.post(f"/invitation/{token}", data=form | {"again": "something else"})
        short = await browser.post(f"/invitation/{token}", data=form | {"password": "short", "again": "short"})
        assert (differs.status_code, short.status_code) == (422, 422)
        assert "short" not in short.text.replace("too short", "").replace("at least", "")
        joined = await browser.post(f"/invitation/{token}", data=form)
        assert joined.headers["location"] == "/sign-in?joined=true"
        again = await browser.post(f"/invitation/{token}", data=form | {"name": "Eve"})
        assert again.status_code == 404
        assert "not valid" in again.text
    assert [person.name for person in await house.staff.list()] == ["Ada"]


async def test_a_switch_left_on_yesterday_makes_nobody_available_today(
    house: House, marta: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as yesterday:
        yesterday.setattr(house.duty, "_clock", lambda: utc_now() - timedelta(days=1))
        await marta.put("/api/duty", json={"available": True})
    async with house.browser() as today:
        await today.post("/sign-in", data={"name": "Marta", "password": PASSWORD})
        await marta.post("/api/duty/beat")
        assert not (await today.get("/api/me")).json()["available"]


async def test_signing_in_at_a_second_window_keeps_on_duty(house: House, marta: httpx.AsyncClient) -> None:
    await marta.put("/api/duty", json={"available": True})
    async with house.browser() as second:
        await second.post("/sign-in", data={"name": "Marta", "password": PASSWORD})
        assert (await second.get("/api/me")).json()["available"]
