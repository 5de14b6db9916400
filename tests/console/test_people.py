"""What administrators do with people and keys, and who reads the audit log."""

from __future__ import annotations

import re

import httpx
import sqlalchemy as sa
from house import House, SignIn
from members import PASSWORD

from escalation.audit import Act
from escalation.ledger import audit
from escalation.people import Role


async def test_an_administrator_invites_with_several_roles(house: House, ada: httpx.AsyncClient) -> None:
    path = (await ada.post("/api/people/invitations", json={"roles": ["counsellor", "supervisor"]})).json()["path"]
    async with house.browser() as browser:
        assert (await browser.get(path)).status_code == 200
        await browser.post(path, data={"name": "Besa", "password": PASSWORD, "again": PASSWORD})
    people = {person["name"]: person for person in (await ada.get("/api/people")).json()["people"]}
    assert people["Besa"]["roles"] == ["counsellor", "supervisor"]
    assert "Counsellor, Supervisor · no second factor yet" in (await ada.get("/people")).text
    for roles in ([], ["king"], None):
        assert (await ada.post("/api/people/invitations", json={"roles": roles})).status_code == 422


async def test_disabling_ends_sessions_returns_chats_and_gives_the_team_a_new_key(
    house: House, ada: httpx.AsyncClient, signed_in: SignIn
) -> None:
    marta = await signed_in("Marta")
    case = await house.case("words")
    await marta.post(f"/api/cases/{case}/claim")
    number = house.members["Marta"].id
    assert (await ada.post(f"/api/people/{number}/disable")).json() == {"team_key_rotated": True}
    assert (await marta.get("/api/me")).status_code == 401
    assert await house.letters() == ["joined", "returned"]
    assert (await ada.post(f"/api/cases/{case}/claim")).status_code == 200
    assert (await ada.get(f"/api/cases/{case}")).json()["lines"][0]["pieces"][0]["text"] == "words"
    assert "Disabled" in (await ada.get("/people")).text
    assert (await ada.post(f"/api/people/{number}/disable")).status_code == 404
    assert (await ada.post(f"/api/people/{house.members['Ada'].id}/disable")).status_code == 409


async def test_a_lost_telephone_is_replaced_at_the_next_sign_in(
    house: House, ada: httpx.AsyncClient, signed_in: SignIn
) -> None:
    marta = await signed_in("Marta")
    number = house.members["Marta"].id
    assert (await ada.post(f"/api/people/{number}/reset-second-factor")).status_code == 204
    assert (await marta.get("/api/me")).status_code == 401
    await marta.post("/sign-in", data={"name": "Marta", "password": PASSWORD})
    assert (await marta.get("/")).headers["location"] == "/second-factor"
    own = await ada.post(f"/api/people/{house.members['Ada'].id}/reset-second-factor")
    assert own.status_code == 409


async def test_the_team_gets_a_new_key_and_a_new_recovery_key_is_shown_once(
    house: House, ada: httpx.AsyncClient
) -> None:
    case = await house.case("words")
    form = {"page_token": ada.headers["X-Helpline-Token"]}
    page = await ada.post("/keys/recovery", data=form)
    shown = re.search(r'id="recovery-key"[^>]*>([A-Z2-7-]+)<', page.text)
    assert shown
    assert (await ada.post("/keys/rotate", data=form)).headers["location"] == "/keys?rotated=true"
    assert "The team has a new key" in (await ada.get("/keys?rotated=true")).text
    assert shown[1] not in (await ada.get("/keys")).text
    await ada.post(f"/api/cases/{case}/claim")
    assert (await ada.get(f"/api/cases/{case}")).json()["lines"]
    assert await house.desk.joining.recover(shown[1])


async def test_the_audit_log_is_read_with_names_says_whether_its_chain_holds_and_notes_the_reading(
    house: House, signed_in: SignIn
) -> None:
    await signed_in("Marta")
    sava = await signed_in("Sava")
    page = (await sava.get("/audit")).text
    assert re.search(r"The chain of \d+ entries holds", page)
    assert page.index("Sava read the audit log") < page.index("Sava signed in") < page.index("Marta signed in")
    assert [entry.act for entry in await house.desk.audit.latest(1)] == [Act.LOG_READ]
    async with house.ledger.begin() as connection:
        await connection.execute(audit.update().where(audit.c.id == 1).values(act="<i>joined</i>", by=None, about=99))
    broken = (await sava.get("/audit")).text
    assert "The chain is broken at entry 1" in broken
    assert "<i>" not in broken


async def test_small_counts_are_withheld(house: House, signed_in: SignIn) -> None:
    sava = await signed_in("Sava")
    cell = {"day": sa.func.date("2031-03-05"), "locale": "sq", "urgency": "urgent", "outcome": "supported"}
    async with house.ledger.begin() as connection:
        for category, n in (("every", 12), ("control", 9)):
            values = {**cell, "category": category, "n": n}
            await connection.execute(sa.table("daily_counts", *map(sa.column, values)).insert().values(**values))
    page = (await sava.get("/counts")).text
    assert "every category" in page
    assert "held or controlled" not in page.partition("<main")[2]


async def test_an_editor_sees_texts_and_nothing_of_cases(house: House, signed_in: SignIn) -> None:
    case = await house.case()
    eda = await signed_in("Eda", [Role.EDITOR])
    page = (await eda.get("/texts")).text
    assert "nobody has reviewed it yet" in page
    assert case not in page
    assert house.members["Eda"].team is None
