"""An editor makes a card: what it looks like, what to do before printing it, and what is answered where it cannot be made."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest
from house import House, SignIn

from escalation.console.app import console
from escalation.editions import Name
from escalation.people import Role
from locales import service_entries

ADDRESS = "https://www.example.org"
CARD = {"locale": "ro", "country": "RO", "theme": "talk", "form": "card", "address": ADDRESS}


@pytest.fixture
async def vlad(signed_in: SignIn) -> httpx.AsyncClient:
    return await signed_in("Vlad", [Role.EDITOR])


@pytest.fixture
async def ina(signed_in: SignIn) -> httpx.AsyncClient:
    return await signed_in("Ina", [Role.EDITOR])


async def test_a_card_is_shown_and_comes_as_svg_and_pdf(vlad: httpx.AsyncClient) -> None:
    page = (await vlad.get("/cards", params=CARD)).text
    pictures = re.findall(r'(?:src|href)="(/cards/card\.\w+\?[^"]+)"', page)
    assert len(pictures) == 3  # to look at, and to take in both forms
    for place in pictures:
        answer = await vlad.get(place.replace("&amp;", "&"))
        assert answer.status_code == 200
        kind = "svg+xml" if ".svg" in place else "pdf"
        assert kind in answer.headers["content-type"]
        assert answer.headers["content-disposition"].startswith('inline; filename="ro-talk-card.')
        assert answer.content.startswith(b"<svg" if ".svg" in place else b"%PDF")


async def test_numbers_that_nobody_confirmed_are_named_before_they_are_printed(
    house: House, vlad: httpx.AsyncClient
) -> None:
    page = (await vlad.get("/cards", params=CARD)).text
    (line, *_) = service_entries.load().find("RO", "children")
    assert "Have these numbers confirmed before you print." in page
    assert line.number in page
    assert line.source in page
    confirmed = tuple(replace(one, verified=one.seen) for one in service_entries.load().all())
    house.desk.directory._shipped = confirmed
    assert "Have these numbers confirmed" not in (await vlad.get("/cards", params=CARD)).text
    assert "Have these numbers confirmed" not in (await vlad.get("/cards", params={**CARD, "country": ""})).text


async def test_the_words_are_those_that_are_published_and_the_others_are_counted(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    before = (await vlad.get("/cards", params=CARD)).text
    written = {"version": "", "text": "Povești", "seen": 0}
    number = (await vlad.post("/api/texts/ro/card.talk.title/draft", json=written)).json()["id"]
    assert "Povești" not in (await vlad.get("/cards/card.svg", params=CARD)).text  # nobody has reviewed it
    await ina.post(f"/api/texts/editions/{number}/review")
    await ina.post(f"/api/texts/editions/{number}/publish")
    assert "Povești" in (await vlad.get("/cards/card.svg", params=CARD)).text
    counts = [
        int(re.search(r"(\d+) of the texts on it", page)[1])
        for page in (before, (await vlad.get("/cards", params=CARD)).text)
    ]  # type: ignore[index]
    assert counts[0] - counts[1] == 1
    assert [one.name for one in await house.desk.editions.current()] == [Name("ro", "card.talk.title", "")]


async def test_without_the_operators_address_it_is_typed_and_with_it_the_card_is_there_at_once(
    house: House, vlad: httpx.AsyncClient
) -> None:
    page = (await vlad.get("/cards")).text
    assert "It is not set in this helpline (HELPLINE_ADDRESS)" in page
    assert "As it will be printed" not in page
    async with house.browser(console(replace(house.desk, address=ADDRESS, country="GR"))) as other:
        other.cookies = vlad.cookies
        page = (await other.get("/cards")).text
    assert f'value="{ADDRESS}"' in page
    assert '<option value="GR" selected>' in page
    assert "As it will be printed" in page


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"address": "example.org"}, "The address of the page must be whole, such as https://www.example.org."),
        ({"address": "https://example.org/<script>"}, None),
        ({"locale": "xx"}, "There is no language “xx”"),
        ({"country": "XX"}, "There is no country “XX”"),
        ({"theme": "<b>"}, "There is no theme “&lt;b&gt;”"),
        ({"form": "wall"}, "There is no form “wall”; choose one of card, sheet, poster."),
    ],
)
async def test_what_cannot_be_made_is_said_in_one_line(
    vlad: httpx.AsyncClient, changed: dict[str, str], says: str | None
) -> None:
    for place in ("/cards", "/cards/card.svg", "/cards/card.pdf"):
        answer = await vlad.get(place, params={**CARD, **changed})
        assert answer.status_code == (422 if says else 200)
        assert says is None or says in answer.text
        assert "<script>" not in answer.text.replace('<script type="', "")


async def test_a_text_that_became_too_long_is_named(house: House, vlad: httpx.AsyncClient) -> None:
    await house.desk.editions.approve_shipped([(Name("ro", "card.talk.line", ""), "lung " * 80)], 1)
    for edition in await house.desk.editions.current():
        await house.desk.editions.publish(edition.id, 1)
    answer = await vlad.get("/cards", params=CARD)
    assert answer.status_code == 422
    assert "is too long for its place; shorten it." in answer.text
