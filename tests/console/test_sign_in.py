from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pyotp
import pytest
from house import House, SignIn
from members import PASSWORD

from escalation.console.app import console
from escalation.console.page import PLACES
from escalation.joining import Joining
from escalation.ledger import Ledger, utc_now
from escalation.people import Role
from escalation.staff import Staff


async def test_whoever_is_not_signed_in_is_led_to_the_form(house: House) -> None:
    async with house.browser() as browser:
        for path in (*PLACES, "/cases/abc", "/account", "/second-factor"):
            answer = await browser.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.usefixtures("marta")
async def test_signing_in_sets_a_cookie_that_no_script_and_no_other_site_gets(house: House) -> None:
    async with house.browser() as browser:
        answer = await browser.post("/sign-in", data=house.form("Marta") | {"name": "marta"})
        cookie = answer.headers["set-cookie"].lower()
        assert answer.headers["location"] == "/"
        assert cookie.startswith("helpline-console=")
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "Waiting now" in (await browser.get("/")).text


@pytest.mark.usefixtures("marta")
async def test_over_https_the_cookie_is_bound_to_the_host(house: House) -> None:
    app = console(replace(house.desk, secure=True))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://console.test", headers={"Origin": "https://console.test"}
    ) as browser:
        answer = await browser.post("/sign-in", data=house.form("Marta"))
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-helpline-console=")
        for wanted in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
            assert wanted in cookie
        for unwanted in ("Domain", "Max-Age", "Expires"):
            assert unwanted not in cookie
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


async def test_whoever_is_invited_joins_signs_in_and_sets_their_second_factor(
    house: House, ada: httpx.AsyncClient
) -> None:
    path = (await ada.post("/api/people/invitations", json={"roles": ["counsellor", "editor"]})).json()["path"]
    form = {"name": "Besa", "password": PASSWORD, "again": PASSWORD}
    async with house.browser() as browser:
        assert (await browser.get(path)).headers["referrer-policy"] == "no-referrer"
        differs = await browser.post(path, data=form | {"again": "something else"})
        short = await browser.post(path, data=form | {"password": "short", "again": "short"})
        assert (differs.status_code, short.status_code) == (422, 422)
        assert "short" not in short.text.replace("too short", "").replace("at least", "")
        assert (await browser.post(path, data=form)).headers["location"] == "/sign-in?joined=true"
        again = await browser.post(path, data=form | {"name": "Eve"})
        assert (again.status_code, "not valid" in again.text) == (404, True)

        entered = await browser.post("/sign-in", data={"name": "Besa", "password": PASSWORD})
        assert entered.headers["location"] == "/"
        assert (await browser.get("/")).headers["location"] == "/second-factor"
        page = (await browser.get("/second-factor")).text
        assert page == (await browser.get("/second-factor")).text
        drawn = await browser.get("/second-factor/code.svg")
        assert (drawn.headers["content-type"], drawn.headers["cache-control"]) == ("image/svg+xml", "no-store")
        assert b"<svg" in drawn.content
        secret = re.search(r'class="secret"[^>]*>([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
        form = {"page_token": re.search(r'name="page_token" value="(\w+)"', page)[1]}  # type: ignore[index]
        wrong = await browser.post("/second-factor", data=form | {"code": "000000"})
        assert wrong.status_code == 422
        house.clock.pass_by(seconds=1)  # a wrong code slows down here too
        code = pyotp.TOTP(secret).at(house.clock())
        set_now = await browser.post("/second-factor", data=form | {"code": f"{code[:3]} {code[3:]}"})
        assert set_now.headers["location"] == "/"
        assert "Waiting now" in (await browser.get("/")).text
        for path in ("/second-factor/code.svg", "/second-factor"):
            assert secret not in (await browser.get(path)).text
        used = await house.browser().post("/sign-in", data={"name": "Besa", "password": PASSWORD, "code": code})
        assert used.status_code == 401


async def test_the_first_member_gets_every_role_and_sees_the_recovery_key_once(tmp_path: Path, house: House) -> None:
    ledger = Ledger.open(f"sqlite:///{tmp_path}/fresh.db")
    await ledger.migrate()
    staff, joining = Staff(ledger, house.bell), Joining(ledger)
    token = await joining.first_invitation()
    form = {"name": "Ada", "password": PASSWORD, "again": PASSWORD}
    async with house.browser(console(replace(house.desk, staff=staff, joining=joining))) as browser:
        page = await browser.post(f"/invitation/{token}", data=form)
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        shown = re.search(r'id="recovery-key"[^>]*>([A-Z2-7-]+)<', page.text)
        assert shown
        assert 'type="checkbox" id="kept" name="joined" value="true" required' in page.text
        reloaded = await browser.post(f"/invitation/{token}", data=form)
        assert (reloaded.status_code, shown[1] in reloaded.text) == (404, False)
        assert "Your account is ready" in (await browser.get("/sign-in?joined=true")).text
    assert [person.roles for person in await staff.list()] == [frozenset(Role)]
    invitation = await joining.recover(shown[1])
    assert (await joining.accept(invitation, "Besa", PASSWORD)).recovery_key is None
    await ledger.close()


async def test_a_new_password_is_used_from_then_on_and_ends_the_other_sessions(
    house: House, marta: httpx.AsyncClient
) -> None:
    form = {"page_token": marta.headers["X-Helpline-Token"], "old": PASSWORD, "password": "four new words here"}
    async with house.browser() as elsewhere:
        await house.sign_in("Marta", elsewhere)
        differs = await marta.post("/account/password", data=form | {"again": "four other words"})
        wrong = await marta.post("/account/password", data=form | {"old": "not it at all", "again": form["password"]})
        assert (differs.status_code, wrong.status_code) == (422, 422)
        assert "present password is another" in wrong.text
        house.clock.pass_by(seconds=1)
        changed = await marta.post("/account/password", data=form | {"again": form["password"]})
        assert changed.headers["location"] == "/account?changed=true"
        assert (await marta.get("/api/me")).status_code == 200
        assert (await elsewhere.get("/api/me")).status_code == 401
        again = await elsewhere.post("/sign-in", data=house.form("Marta") | {"password": form["password"]})
        assert again.status_code == 303


async def test_whoever_has_no_queue_begins_on_their_own_first_page(signed_in: SignIn) -> None:
    for name, role, first in (
        ("Eda", Role.EDITOR, "/texts"),
        ("Adi", Role.ADMINISTRATOR, "/people"),
        ("Sava", Role.SUPERVISOR, None),
    ):
        browser = await signed_in(name, [role])
        answer = await browser.get("/")
        assert answer.headers.get("location") == first
        page = (await browser.get(first or "/")).text
        shown = set(re.findall(r'<a href="(/[a-z]*)"', page.partition("</nav>")[0]))
        assert shown == {path for path, rule in PLACES.items() if role in rule.roles}
        assert ("I am available" in page) is False


async def test_a_switch_left_on_yesterday_makes_nobody_available_today(
    house: House, marta: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as yesterday:
        yesterday.setattr(house.duty, "_clock", lambda: utc_now() - timedelta(days=1))
        await marta.put("/api/duty", json={"available": True})
    async with house.browser() as today:
        await house.sign_in("Marta", today)
        await marta.post("/api/duty/beat")
        assert not (await today.get("/api/me")).json()["available"]


async def test_signing_in_at_a_second_window_keeps_on_duty(house: House, marta: httpx.AsyncClient) -> None:
    await marta.put("/api/duty", json={"available": True})
    async with house.browser() as second:
        await house.sign_in("Marta", second)
        assert (await second.get("/api/me")).json()["available"]
