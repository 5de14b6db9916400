"""Two editors and the directory: a service is changed, added, confirmed, retired, reviewed, published, rolled back. All numbers are invented."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from house import House, SignIn

from escalation.audit import Act
from escalation.editions import State
from escalation.ledger import utc_now
from escalation.listings import listings, name_of, published, text_of
from escalation.people import Role
from locales import service_entries
from locales.services import A_YEAR, Service

EDITOR = [Role.EDITOR]
ASTRA = "RS-trafficking"
TODAY = utc_now().date()


@pytest.fixture
async def vlad(signed_in: SignIn) -> httpx.AsyncClient:
    return await signed_in("Vlad", EDITOR)


@pytest.fixture
async def ina(signed_in: SignIn) -> httpx.AsyncClient:
    return await signed_in("Ina", EDITOR)


def shipped(service: str) -> Service:
    return next(one for one in service_entries.shipped() if one.id == service)


def written(service: Service | None = None, **changes: Any) -> dict[str, Any]:
    """What the form sends for a service."""
    entry = service_entries.written(service or shipped(ASTRA))
    typed = {name: str(entry[name] or "") for name in ("seen", "verified")}
    return {name: value for name, value in {**entry, **typed, **changes}.items() if name != "id"}


async def draft(who: httpx.AsyncClient, service: str = ASTRA, seen: int = 0, **changes: Any) -> dict[str, Any]:
    base = None if service == "new" else shipped(service)
    answer = await who.post(f"/api/services/{service}/draft", json={"service": written(base, **changes), "seen": seen})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def publish(edition: int, writer: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    assert (await other.post(f"/api/texts/editions/{edition}/review")).status_code == 200
    assert (await writer.post(f"/api/texts/editions/{edition}/publish")).json()["state"] == "published"


async def told(house: House) -> dict[str, Service]:
    return published(await house.desk.editions.current())


async def test_a_service_goes_from_draft_over_review_to_publication(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    edition = (await draft(vlad, number="000 0001"))["edition"]
    own = await vlad.post(f"/api/texts/editions/{edition}/review")
    assert (own.status_code, own.json()["error"]) == (409, "You wrote this; a second person has to review it.")
    page = (await ina.get(f"/services/{ASTRA}")).text
    assert "Vlad wrote a draft" in page
    assert "<del>011 785 0000</del> <ins>000 0001</ins>" in page
    assert await told(house) == {}
    await publish(edition, vlad, ina)
    assert (await told(house))[ASTRA].number == "000 0001"
    acts = [entry.act for entry in await house.desk.audit.latest()]
    assert acts[:2] == [Act.SERVICE_PUBLISHED, Act.SERVICE_REVIEWED]
    assert (await house.desk.audit.verify()).broken_at is None
    assert "000 0001" in (await vlad.get("/services?country=RS")).text


async def test_a_service_is_added_and_retired_and_brought_back(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    new = await draft(vlad, "new", name="Invented <b>line</b>", number="000 0002", countries=["XK", "AL"])
    page = (await ina.get("/services")).text
    assert "Invented &lt;b&gt;line&lt;/b&gt;" in page
    assert "Children are not told of this service yet" in (await ina.get(f"/services/{new['service']}")).text
    await publish(new["edition"], vlad, ina)
    assert new["service"].startswith("XK-")
    (added,) = (await told(house)).values()
    gone = await vlad.post(
        f"/api/services/{added.id}/draft", json={"service": written(added, retired=True), "seen": new["edition"]}
    )
    await publish(gone.json()["edition"], vlad, ina)
    assert (await told(house))[added.id].retired
    assert added.id in (await vlad.get("/services?standing=retired")).text
    assert "Bring it back" in (await vlad.get(f"/services/{added.id}")).text
    nothing_ships = {"to": 0, "seen": gone.json()["edition"]}
    assert (await vlad.post(f"/api/services/{added.id}/roll-back", json=nothing_ships)).status_code == 409
    back = {"to": new["edition"], "seen": gone.json()["edition"]}
    assert (await vlad.post(f"/api/services/{added.id}/roll-back", json=back)).status_code == 204
    assert not (await told(house))[added.id].retired


async def test_who_retires_the_last_one_for_a_need_is_warned_and_may_do_it(vlad: httpx.AsyncClient) -> None:
    assert "It is the last one. Nobody would be left for: Serbia" in (await vlad.get(f"/services/{ASTRA}")).text
    assert "It is the last one" not in (await vlad.get("/services/RO-children")).text
    (line,) = (await draft(vlad, retired=True))["uncovered"]
    assert line.startswith("Serbia: ")
    assert "With this draft nobody is left for: Serbia" in (await vlad.get(f"/services/{ASTRA}")).text
    assert (await draft(vlad, "RO-children", retired=True))["uncovered"] == []


async def test_who_was_slower_is_told(vlad: httpx.AsyncClient, ina: httpx.AsyncClient) -> None:
    await draft(vlad, number="000 0001")
    late = await ina.post(f"/api/services/{ASTRA}/draft", json={"service": written(number="000 0003"), "seen": 0})
    assert late.status_code == 409
    assert late.json()["error"].startswith("Vlad has changed this service meanwhile.")


async def test_a_service_is_rolled_back_to_what_ships(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    edition = (await draft(vlad, number="000 0001"))["edition"]
    await publish(edition, vlad, ina)
    assert (await vlad.post(f"/api/services/{ASTRA}/roll-back", json={"to": 0, "seen": 0})).status_code == 409
    assert (await vlad.post(f"/api/services/{ASTRA}/roll-back", json={"to": 0, "seen": edition})).status_code == 204
    assert await told(house) == {}
    assert "back to what ships" in (await vlad.get(f"/services/{ASTRA}")).text
    assert (await house.desk.audit.latest())[0].act == Act.SERVICE_ROLLED_BACK


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"number": "011-785"}, "ASTRA: 'number' must be digits in groups with one space between them"),
        ({"hours": "nine to five"}, "ASTRA: 'hours' must be in opening_hours syntax"),
        ({"source": "javascript:alert(1)"}, "ASTRA: 'source' must be an address that begins with https://"),
        ({"countries": []}, "ASTRA: 'countries' must name at least one"),
        ({"countries": ["XX"]}, "ASTRA: 'countries' names 'XX', which is not known"),
        ({"label": "welcome"}, "ASTRA: 'label' must be one of"),
        ({"seen": "yesterday"}, "ASTRA: 'seen' must be a date such as"),
        ({"seen": str(TODAY + timedelta(days=3))}, "ASTRA: 'seen' is a day that has not come yet"),
        ({"verified": str(TODAY), "confirmed_by": "Mrs Invented"}, "ASTRA: 'confirmed_by' must be one of lead"),
        ({}, "Nothing has changed."),
    ],
)
async def test_each_mistake_is_refused_in_one_line(vlad: httpx.AsyncClient, changes: dict[str, Any], says: str) -> None:
    answer = await vlad.post(f"/api/services/{ASTRA}/draft", json={"service": written(**changes), "seen": 0})
    assert answer.status_code == 422
    assert answer.json()["error"].startswith(says)
    assert "\n" not in answer.json()["error"]


async def test_a_service_is_looked_over_while_it_is_written(vlad: httpx.AsyncClient) -> None:
    look = (await vlad.post(f"/api/services/{ASTRA}/look", json=written(hours="24/7", number="1"))).json()
    assert list(look["mistakes"]) == ["number"]
    assert look["hours"] == "Open day and night."
    empty = {**written(), "name": "", "number": "", "countries": [], "source": ""}
    new = (await vlad.post("/api/services/new/look", json=empty)).json()
    assert set(new["mistakes"]) == {"name", "number", "countries", "source"}
    assert (await vlad.get("/services/new")).status_code == 200
    for path in ("/services/RS-none", "/services/..%2Fx"):
        assert (await vlad.get(path)).status_code == 404
    assert (await vlad.post("/api/services/RS-none/draft", json={"service": written(), "seen": 0})).status_code == 404


async def test_a_confirmation_is_of_a_day_and_a_role_and_ends_the_warning(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    before = warned(await vlad.get("/services"))
    edition = (await draft(vlad, verified=str(TODAY), confirmed_by="counsellor"))["edition"]
    assert warned(await vlad.get("/services")) == before
    await publish(edition, vlad, ina)
    assert warned(await vlad.get("/services")) == (before[0] - 1, 0)
    assert "by somebody who answers there" in (await vlad.get("/services?country=RS")).text
    changed = written((await told(house))[ASTRA], number="000 0004")
    answer = await vlad.post(f"/api/services/{ASTRA}/draft", json={"service": changed, "seen": edition})
    assert "'verified' is from before the number changed" in answer.json()["error"]


async def test_a_confirmation_of_more_than_a_year_ago_is_warned_of(
    vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    long_ago = TODAY - A_YEAR - timedelta(days=1)
    await publish((await draft(vlad, verified=str(long_ago)))["edition"], vlad, ina)
    assert warned(await vlad.get("/services"))[1] == 1
    page = (await vlad.get("/services?warning=old")).text
    assert "not confirmed for a year" in page
    assert re.findall(r'href="/services/([A-Za-z]+-[\w-]+)"', page) == [ASTRA]
    assert "1 not for a year" in (await vlad.get("/texts")).text


async def test_services_are_found_by_country_need_warning_and_state(vlad: httpx.AsyncClient) -> None:
    def found(page: httpx.Response) -> set[str]:
        return set(re.findall(r'href="/services/([A-Za-z]+-[\w-]+)"', page.text))

    every = {service.id for service in service_entries.shipped()}
    assert found(await vlad.get("/services")) == every
    serbian = found(await vlad.get("/services?country=RS"))
    assert {ASTRA, "region-missing"} <= serbian
    assert "RO-children" not in serbian
    assert found(await vlad.get("/services?country=RS&need=trafficking")) == {ASTRA}
    await draft(vlad, number="000 0001")
    assert found(await vlad.get("/services?standing=draft")) == {ASTRA}
    assert found(await vlad.get("/services?warning=never")) == every
    assert "Nothing is found" in (await vlad.get("/services?country=XX")).text


async def test_what_was_reviewed_is_published_together_and_texts_are_not_touched_from_here(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    service = (await draft(vlad, number="000 0001"))["edition"]
    text = await vlad.post("/api/texts/ro/menu/draft", json={"version": "", "text": "Ce te interesează?", "seen": 0})
    for edition in (service, text.json()["id"]):
        await ina.post(f"/api/texts/editions/{edition}/review")
    assert "Publish the 1 that were reviewed" in (await vlad.get("/services")).text
    chosen = {"editions": [service, text.json()["id"]]}
    assert (await vlad.post("/api/services/publish", json=chosen)).json() == {"texts": 1}
    states = {edition.name.key: edition.state for edition in await house.desk.editions.current()}
    assert states == {ASTRA: State.PUBLISHED, "menu": State.REVIEWED}
    assert (await vlad.post("/api/texts/ro/publish", json={"editions": [service]})).json() == {"texts": 0}


async def test_an_entry_that_this_program_cannot_read_hides_nothing(house: House, vlad: httpx.AsyncClient) -> None:
    for name, text in ((name_of(ASTRA), "name: ["), (name_of("RS-odd"), "- name: nothing else")):
        await house.desk.editions.draft(name, text, None, 0)
    assert (await vlad.get("/services")).status_code == 200
    assert (await vlad.get(f"/services/{ASTRA}")).status_code == 200
    assert text_of(listings(await house.desk.editions.current())[0].latest)


def warned(page: httpx.Response) -> tuple[int, int]:
    """How many were never confirmed, and how many not for a year, as the page says it on top."""
    found = re.search(r">(\d+) were never confirmed</a>.*?>(\d+) not for a year</a>", page.text, re.DOTALL)
    assert found
    return int(found[1]), int(found[2])
