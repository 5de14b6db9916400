"""Two editors and a text: it is drafted, looked over, reviewed by the other one, published, rolled back; and nobody overwrites anybody."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from html import unescape
from typing import Any

import httpx
import pytest
from house import House, SignIn

from bot.texts import take
from escalation.audit import Act
from escalation.echo import What
from escalation.editions import Name
from escalation.people import Role
from locales import catalogue, plurals
from locales.checker import Needed
from locales.services import Directory

EDITOR = [Role.EDITOR]
PLACE = "/api/texts/ro/welcome"
TEXT = "Bine ai venit. Poți scrie aici ce vrei."


@pytest.fixture
async def vlad(signed_in: SignIn) -> httpx.AsyncClient:
    return await signed_in("Vlad", EDITOR)


@pytest.fixture
async def ina(signed_in: SignIn) -> httpx.AsyncClient:
    return await signed_in("Ina", EDITOR)


async def draft(who: httpx.AsyncClient, text: str = TEXT, seen: int = 0, version: str = "") -> dict[str, Any]:
    answer = await who.post(f"{PLACE}/draft", json={"version": version, "text": text, "seen": seen})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def published(who: httpx.AsyncClient, other: httpx.AsyncClient, text: str = TEXT, seen: int = 0) -> int:
    number = int((await draft(who, text, seen))["id"])
    assert (await other.post(f"/api/texts/editions/{number}/review")).status_code == 200
    assert (await who.post(f"/api/texts/editions/{number}/publish")).json()["state"] == "published"
    return number


async def test_a_text_goes_from_draft_over_review_to_publication(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    number = (await draft(vlad))["id"]
    assert (await vlad.post(f"/api/texts/editions/{number}/publish")).status_code == 409
    own = await vlad.post(f"/api/texts/editions/{number}/review")
    assert (own.status_code, own.json()["error"]) == (409, "You wrote this; a second person has to review it.")
    page = (await ina.get("/texts/ro/welcome")).text
    assert TEXT in page
    assert "Vlad wrote a draft" in page
    assert (await ina.post(f"/api/texts/editions/{number}/review")).json()["state"] == "reviewed"
    assert (await vlad.post(f"/api/texts/editions/{number}/publish")).json()["state"] == "published"
    assert [edition.text for edition in await house.desk.editions.current()] == [TEXT]
    acts = [entry.act for entry in await house.desk.audit.latest()]
    assert acts[:2] == [Act.TEXT_PUBLISHED, Act.TEXT_REVIEWED]
    assert (await house.desk.audit.verify()).broken_at is None


async def test_who_was_slower_is_told_and_loses_nothing(vlad: httpx.AsyncClient, ina: httpx.AsyncClient) -> None:
    await draft(vlad)
    late = await ina.post(f"{PLACE}/draft", json={"version": "", "text": "Altceva, mai scurt.", "seen": 0})
    assert late.status_code == 409
    assert late.json()["error"].startswith("Vlad has changed this text meanwhile.")
    assert TEXT in (await ina.get("/texts/ro/welcome")).text


async def test_a_new_draft_takes_the_review_of_the_old_one_away(
    vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    first = (await draft(vlad))["id"]
    await ina.post(f"/api/texts/editions/{first}/review")
    second = (await draft(vlad, TEXT + " Da.", seen=first))["id"]
    assert (await vlad.post(f"/api/texts/editions/{first}/publish")).status_code == 409
    assert (await vlad.post(f"/api/texts/editions/{second}/publish")).status_code == 409


async def test_a_text_is_sent_back_with_a_reason_that_its_writer_reads(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    number = (await draft(vlad))["id"]
    back = f"/api/texts/editions/{number}/send-back"
    for wrong in ("x" * 301, "up\u202eside down", "two\nlines"):
        assert (await ina.post(back, json={"reason": wrong})).status_code == 422
    answer = (await ina.post(back, json={"reason": " Too <long> for a telephone. "})).json()
    assert (answer["state"], answer["reason"]) == ("returned", "Too <long> for a telephone.")
    assert "1 of your drafts came back" in (await vlad.get("/texts")).text
    assert "came back" not in (await ina.get("/texts")).text
    listed = (await vlad.get("/texts/ro?standing=returned")).text
    assert "Ina sent it back: “<bdi>Too &lt;long&gt; for a telephone.</bdi>”" in listed
    page = (await vlad.get("/texts/ro/welcome")).text
    assert page.count("<bdi>Too &lt;long&gt; for a telephone.</bdi>") == 2  # above the field, and in the history
    assert "sent back by Ina" in page
    assert (await ina.post(f"/api/texts/editions/{number}/review")).status_code == 409
    words = catalogue.load()
    await take(words, Directory(()), house.desk.editions)
    assert TEXT not in {words.say("welcome", "ro"), words.say("welcome", "ro", pilot=True)}


async def test_what_came_back_is_written_anew_or_left_as_it_was(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    number = (await draft(vlad))["id"]
    await ina.post(f"/api/texts/editions/{number}/send-back", json={})
    assert (await vlad.post(f"/api/texts/editions/{number}/leave")).status_code == 204
    assert (await vlad.post(f"/api/texts/editions/{number}/leave")).status_code == 409
    assert await house.desk.editions.current() == []
    assert "sent back by Ina" in (await vlad.get("/texts/ro/welcome")).text
    second = (await draft(vlad, seen=number))["id"]
    await ina.post(f"/api/texts/editions/{second}/send-back", json={})
    await draft(vlad, TEXT + " Da.", seen=second)
    assert [edition.text for edition in await house.desk.editions.current()] == [TEXT + " Da."]
    assert "came back" not in (await vlad.get("/texts")).text


async def test_a_published_text_is_rolled_back_to_an_earlier_one_and_to_what_ships(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    first = await published(vlad, ina)
    second = await published(ina, vlad, "Bună. Scrie ce vrei.", first)
    assert (await vlad.post(f"{PLACE}/roll-back", json={"version": "", "to": first, "seen": second})).status_code == 204
    (now,) = await house.desk.editions.current()
    assert (now.text, now.writer, now.reviewer) == (TEXT, "Vlad", "Ina")
    assert now.id > second
    assert (await vlad.post(f"{PLACE}/roll-back", json={"version": "", "to": 0, "seen": now.id})).status_code == 204
    assert await house.desk.editions.current() == []
    page = (await vlad.get("/texts/ro/welcome")).text
    assert "back to what ships" in page
    never = (await draft(vlad, "Nepublicat încă.", seen=(await house.desk.editions.revision())[0]))["id"]
    for to, seen in ((never, never), (0, never), (first, second)):
        assert (await vlad.post(f"{PLACE}/roll-back", json={"version": "", "to": to, "seen": seen})).status_code == 409


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("welcome", "", "has no text"),
        ("welcome", "Sună la 112.", "has a telephone number in it"),
        ("welcome", "Salut {name}", "its placeholders are {name}, the source has none"),
        ("welcome", "Salut {", "a placeholder in braces is broken"),
        ("welcome", "\u200b", "has no text"),
        ("welcome", "Sal\u200but", "has a hidden sign (zero width space)"),
        ("welcome", "Salut\x00", "has a hidden sign"),
        ("welcome", "Sună la ١١٢.", "has a telephone number"),
        ("welcome", "Sună la 0800.12.34.56", "has a telephone number"),
        ("welcome", "Sună la 119", "has a telephone number"),
        ("welcome", "Scrie pe t.me/cineva", "has an address in it"),
        ("button.menu", "Un meniu foarte foarte foarte lung", "a button takes 32"),
    ],
)
async def test_what_would_break_something_is_refused(vlad: httpx.AsyncClient, key: str, text: str, says: str) -> None:
    answer = await vlad.post(f"/api/texts/ro/{key}/draft", json={"version": "", "text": text, "seen": 0})
    assert answer.status_code == 422
    assert says in answer.json()["error"]


async def test_a_text_is_looked_over_while_it_is_written(vlad: httpx.AsyncClient) -> None:
    long = "Aici poți scrie " + "foarte " * 20 + "mult."
    found = (await vlad.post(f"{PLACE}/look", json={"version": "", "text": long})).json()
    assert [(one["grave"], "split it" in one["says"]) for one in found] == [(False, True)]
    younger = (await vlad.post(f"{PLACE}/look", json={"version": "9-12", "text": "unu " * 13})).json()
    assert any("at most 12" in one["says"] for one in younger)


async def test_texts_are_found_by_words_state_and_kind(vlad: httpx.AsyncClient) -> None:
    await draft(vlad)
    assert "/texts/ro/welcome" in (await vlad.get("/texts/ro?standing=draft")).text
    assert "/texts/ro/page.title" not in (await vlad.get("/texts/ro?standing=draft")).text
    assert "/texts/ro/button.menu" in (await vlad.get("/texts/ro?group=button")).text
    assert "/texts/ro/topic.my_rights" in (await vlad.get("/texts/ro?q=MY_RIGHTS")).text
    assert "Nothing is found" in (await vlad.get("/texts/ro?q=no_such_thing")).text


@pytest.mark.parametrize(
    ("locale", "text", "words"),
    [
        ("sr-Latn", "Ćao svima", "cao"),
        ("sr-Latn", "Ćao svima", "ћао"),
        ("sr-Latn", "Ćao svima", "ĆAO"),
        ("el", "Γεια σου, πώς είσαι;", "πως εισαι"),
        ("ar", "مرحبا بك", "مَرْحَبًا"),
        ("tr", "Iyi akşamlar", "İYİ AKSAM"),
    ],
)
async def test_a_search_minds_neither_case_nor_diacritics_nor_serbian_script(
    vlad: httpx.AsyncClient, locale: str, text: str, words: str
) -> None:
    written = {"version": "", "text": text, "seen": 0}
    assert (await vlad.post(f"/api/texts/{locale}/welcome/draft", json=written)).status_code == 201
    found = (await vlad.get(f"/texts/{locale}", params={"q": words, "standing": "draft"})).text
    assert f"/texts/{locale}/welcome" in found


async def test_a_search_travels_from_the_list_to_a_text_and_its_neighbours_and_back(
    vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    asked = "?q=you&standing=shipped&group=page"
    listed = (await ina.get(f"/texts/en{asked}")).text
    query = asked.replace("&", "&amp;")
    keys = re.findall(rf'href="/texts/en/([^"?]+){re.escape(query)}"', listed)
    before, after = keys[keys.index("page.choice") - 1], keys[keys.index("page.choice") + 1]
    page = (await ina.get(f"/texts/en/page.choice{asked}")).text
    assert f'href="/texts/en{query}#page.choice"' in page
    assert f'rel="prev" href="/texts/en/{before}{query}"' in page
    assert f'rel="next" href="/texts/en/{after}{query}"' in page
    for key in ("page.choice", "page.who"):
        written = {"version": "", "text": "You decide. Stop when you want.", "seen": 0}
        number = (await vlad.post(f"/api/texts/en/{key}/draft", json=written)).json()["id"]
    filtered = "?standing=draft"
    await ina.post(f"/api/texts/editions/{number}/review")  # page.who is not among the drafts any more
    page = (await ina.get(f"/texts/en/page.who{filtered}")).text
    assert f'<a href="/texts/en/page.choice{filtered}">Next text to review</a>' in page
    assert "Next text to review" not in (await vlad.get(f"/texts/en/page.who{filtered}")).text  # it is Vlad's own


async def test_placeholders_are_filled_in_for_the_preview(vlad: httpx.AsyncClient) -> None:
    page = unescape((await vlad.get("/texts/ro/alarm.numbers")).text)
    assert "Telefonul" in page or "116 111" in page
    examples = json.loads(re.search(r"data-examples='(.*?)'", page, re.DOTALL)[1])  # type: ignore[index]
    assert "116 111" in examples["numbers"]
    assert "{" not in examples["numbers"]


FORMS = ["Ultimii copii au așteptat un minut.", "Ultimii au așteptat {n} minute.", "Ultimii au așteptat {n} de minute."]


async def test_a_text_with_a_form_for_each_number_goes_the_whole_way(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    place = "/api/texts/ro/human.wait"
    page = (await vlad.get("/texts/ro/human.wait")).text
    assert [f"As for {number}</label>" in page for number in (1, 2, 20)] == [True] * 3
    for wrong, says in (
        ("Un minut.", "has a form for each number"),
        (FORMS[:2], "has 2 forms; this language has 3"),
        (["", *FORMS[1:]], "for 1: has no text"),
        ([FORMS[0], "Câteva minute.", FORMS[2]], "for 2: does not say the number"),
        ([*FORMS[:2], "{n} de {minute}"], "for 20: its placeholders are"),
    ):
        refused = await vlad.post(f"{place}/draft", json={"version": "", "text": wrong, "seen": 0})
        assert (refused.status_code, says in refused.json()["error"]) == (422, True), refused.text
    written = {"version": "", "text": FORMS, "seen": 0}
    assert (await vlad.post(f"{place}/look", json=written)).json() == []
    number = (await vlad.post(f"{place}/draft", json=written)).json()["id"]
    page = (await ina.get("/texts/ro/human.wait")).text
    assert all(form in page for form in FORMS)
    await ina.post(f"/api/texts/editions/{number}/review")
    await ina.post(f"/api/texts/editions/{number}/publish")
    words = catalogue.load()
    await take(words, Directory(()), house.desk.editions)
    assert [words.say_many("human.wait", n, "ro") for n in (1, 3, 19, 20)] == [
        FORMS[0], "Ultimii au așteptat 3 minute.", "Ultimii au așteptat 19 minute.", "Ultimii au așteptat 20 de minute.",
    ]  # fmt: skip


async def test_forms_that_were_published_in_serbian_are_said_in_cyrillic_too(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    forms = ["Čekali su {n} minut.\nNije dugo.", "Čekali su {n} minuta.", "Čekali su {n} minuta!"]
    written = {"version": "", "text": forms, "seen": 0}
    number = (await vlad.post("/api/texts/sr-Latn/human.wait/draft", json=written)).json()["id"]
    await ina.post(f"/api/texts/editions/{number}/review")
    await ina.post(f"/api/texts/editions/{number}/publish")
    words = catalogue.load()
    await take(words, Directory(()), house.desk.editions)
    assert words.say_many("human.wait", 21, "sr-Cyrl") == "Чекали су 21 минут.\nНије дуго."
    assert "Чекали су {n} минута!" in (await vlad.get("/texts/sr-Cyrl/human.wait")).text


async def test_what_would_break_something_is_not_approved_with_the_others(
    house: House, vlad: httpx.AsyncClient
) -> None:
    desk = house.desk
    house.app.state.desk = replace(desk, needed=Needed(labels=frozenset({"welcome"})))  # far too long for a button
    listed = (await vlad.get("/texts/ro?q=welcome")).text
    assert "a button takes 32" in listed
    read = [{"key": key, "version": ""} for key in ("menu", "welcome", "human.wait")]
    answer = (await vlad.post("/api/texts/ro/approve", json={"texts": read})).json()
    assert answer == {"texts": 2, "refused": ["welcome"]}
    approved = {edition.name.key: edition.text for edition in await desk.editions.current()}
    assert set(approved) == {"menu", "human.wait"}
    assert plurals.forms(approved["human.wait"]) == catalogue.entries("ro")["human.wait", ""].texts


@pytest.mark.parametrize("path", ["/texts/xx", "/texts/ro/no.such.text", "/texts/xx/welcome"])
async def test_what_is_not_there_is_said_so(vlad: httpx.AsyncClient, path: str) -> None:
    assert (await vlad.get(path)).status_code == 404


async def test_what_was_published_is_said_and_serbian_cyrillic_follows_latin(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    from bot.texts import take

    words, services = catalogue.load(), Directory(())
    known = await take(words, services, house.desk.editions)
    number = (await draft(vlad))["id"]
    before = words.say("welcome", "ro")
    known = await take(words, services, house.desk.editions, known)
    assert words.say("welcome", "ro") == before
    assert words.say("welcome", "ro", pilot=True) == TEXT
    await ina.post(f"/api/texts/editions/{number}/review")
    await ina.post(f"/api/texts/editions/{number}/publish")
    known = await take(words, services, house.desk.editions, known)
    assert words.say("welcome", "ro") == TEXT
    latin = (
        await vlad.post("/api/texts/sr-Latn/welcome/draft", json={"version": "", "text": "Dobro došli.", "seen": 0})
    ).json()["id"]
    await ina.post(f"/api/texts/editions/{latin}/review")
    await ina.post(f"/api/texts/editions/{latin}/publish")
    await take(words, services, house.desk.editions, known)
    assert words.say("welcome", "sr-Cyrl") == "Добро дошли."


async def test_a_pilots_link_works_until_it_is_ended(house: House, vlad: httpx.AsyncClient) -> None:
    code = (await vlad.post("/api/texts/pilots", json={"name": "An invented group"})).json()["code"]
    assert await house.desk.pilots.is_running(code)
    assert not await house.desk.pilots.is_running("another")
    (pilot,) = await house.desk.pilots.running()
    page = (await vlad.get("/texts")).text
    assert "An invented group" in page
    assert code not in page
    await vlad.post(f"/api/texts/pilots/{pilot.id}/end")
    assert not await house.desk.pilots.is_running(code)
    assert (await vlad.post("/api/texts/pilots", json={"name": ""})).status_code == 422


async def test_counts_of_a_text_are_told_from_ten_on_and_notes_with_their_day(
    house: House, vlad: httpx.AsyncClient
) -> None:
    name = Name("ro", "welcome")
    await house.desk.echo.add(Counter({(name, What.SHOWN): 9, (name, What.HELPED): 4}))
    assert "shown: fewer than 10" in (await vlad.get("/texts/ro/welcome")).text
    await house.desk.echo.add(Counter({(name, What.SHOWN): 3}))
    await house.desk.echo.note(name, "mai scurt <b>te rog</b>")
    page = (await vlad.get("/texts/ro/welcome")).text
    assert "shown: 12" in page
    assert "helped: fewer than 10" in page
    assert "mai scurt &lt;b&gt;te rog&lt;/b&gt;" in page


async def test_what_ships_is_found_right_by_one_reviewer_and_published_together(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    await draft(vlad)
    read = [{"key": "menu", "version": ""}, {"key": "welcome", "version": ""}, {"key": "no.such", "version": ""}]
    assert (await ina.post("/api/texts/ro/approve", json={"texts": read})).json()["texts"] == 1
    assert "Publish the 1 that were reviewed" in (await ina.get("/texts/ro")).text
    (reviewed,) = [edition.id for edition in await house.desk.editions.current() if edition.reviewer]
    chosen = {"editions": [reviewed, 999]}
    assert (await ina.post("/api/texts/bg/publish", json=chosen)).json() == {"texts": 0}
    assert (await ina.post("/api/texts/ro/publish", json=chosen)).json() == {"texts": 1}
    (published,) = [edition for edition in await house.desk.editions.current() if edition.published_at]
    assert (published.name.key, published.writer, published.reviewer) == ("menu", None, "Ina")
    assert published.text == catalogue.load().say("menu", "ro")
    assert (await ina.post("/api/texts/xx/publish", json=chosen)).status_code == 404


async def test_a_text_that_was_sent_back_or_rolled_back_can_be_written_again(
    vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    first = (await draft(vlad))["id"]
    await ina.post(f"/api/texts/editions/{first}/send-back", json={})
    assert f'data-seen="{first}"' in (await vlad.get("/texts/ro/welcome")).text
    second = await published(vlad, ina, TEXT + " Da.", first)
    await vlad.post(f"{PLACE}/roll-back", json={"version": "", "to": 0, "seen": second})
    read = {"texts": [{"key": "welcome", "version": ""}]}
    assert (await ina.post("/api/texts/ro/approve", json=read)).json()["texts"] == 1


async def test_what_has_not_changed_is_no_draft_and_a_version_that_there_is_not_is_not_found(
    vlad: httpx.AsyncClient,
) -> None:
    same = catalogue.load().say("welcome", "ro")
    answer = await vlad.post(f"{PLACE}/draft", json={"version": "", "text": same, "seen": 0})
    assert (answer.status_code, answer.json()["error"]) == (422, "Nothing has changed.")
    for act in ("draft", "look", "roll-back"):
        none = {"version": "9-12", "text": "x", "seen": 0, "to": 0}
        assert (await vlad.post(f"/api/texts/ro/page.heading/{act}", json=none)).status_code == 404
    far = {"version": "", "text": TEXT, "seen": 10_000_000_000}
    assert (await vlad.post(f"{PLACE}/draft", json=far)).status_code == 409


async def test_serbian_cyrillic_shows_what_follows_from_latin_and_is_not_approved_apart(
    vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    latin = await vlad.post("/api/texts/sr-Latn/menu/draft", json={"version": "", "text": "Šta te zanima?", "seen": 0})
    number = latin.json()["id"]
    await ina.post(f"/api/texts/editions/{number}/review")
    await ina.post(f"/api/texts/editions/{number}/publish")
    assert "Шта те занима?" in (await vlad.get("/texts/sr-Cyrl/menu")).text
    read = {"texts": [{"key": "menu", "version": ""}]}
    assert (await ina.post("/api/texts/sr-Cyrl/approve", json=read)).json()["texts"] == 0
