"""Two editors teach: a word is looked over, written, approved by the other one, taken back; the models are asked to learn. All invented."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from house import House, SignIn

from escalation.audit import Act
from escalation.lessons import Wish
from escalation.people import Role
from escalation.teachings import Stand
from nlu.marks import TESTS, read_test

WORD = {"kind": "word", "text": "zbrrlim", "gloss": "beating"}
TOLD = {"kind": "disclosure", "text": "zbrrlimi i tij nuk pushon", "category": "violence_at_home", "urgency": "urgent"}


@pytest.fixture
async def vlad(signed_in: SignIn) -> httpx.AsyncClient:
    return await signed_in("Vlad", [Role.EDITOR])


@pytest.fixture
async def ina(signed_in: SignIn) -> httpx.AsyncClient:
    return await signed_in("Ina", [Role.EDITOR])


async def written(who: httpx.AsyncClient, lesson: dict[str, Any], locale: str = "sq") -> int:
    answer = await who.post(f"/api/words/{locale}", json=lesson)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def refused(who: httpx.AsyncClient, locale: str = "sq", **lesson: Any) -> str:
    answer = await who.post(f"/api/words/{locale}", json=lesson)
    assert answer.status_code == 422, answer.text
    return str(answer.json()["error"])


async def test_a_word_is_written_by_one_and_approved_by_another(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    number = await written(vlad, WORD)
    own = await vlad.post(f"/api/words/teachings/{number}/approve")
    assert (own.status_code, own.json()["error"]) == (409, "You wrote this; a second person has to review it.")
    assert "zbrrlim" in (await ina.get("/words/sq")).text
    assert (await ina.post(f"/api/words/teachings/{number}/approve")).json()["state"] == "approved"
    (approved,) = await house.desk.teachings.standing(Stand.APPROVED)
    assert (approved.lesson.locale, approved.writer, approved.reviewer) == ("sq", "Vlad", "Ina")
    assert "1 approved change is not learned yet." in (await ina.get("/words")).text
    assert (await ina.post(f"/api/words/teachings/{number}/approve")).status_code == 409
    assert (await vlad.post(f"/api/words/teachings/{number}/retire")).json()["state"] == "retired"
    assert (await vlad.post(f"/api/words/teachings/{number}/retire")).status_code == 409
    acts = [entry.act for entry in await house.desk.audit.latest()]
    assert acts[:2] == [Act.TEACHING_RETIRED, Act.TEACHING_APPROVED]


async def test_what_is_known_of_a_message_is_shown(vlad: httpx.AsyncClient) -> None:
    page = (await vlad.get("/words/sq", params={"q": "babi <zzqqx>"})).text
    assert ">father<" in page
    assert "&lt;zzqqx&gt;" in page
    assert "not known" in page


@pytest.mark.parametrize(
    ("word", "gloss", "says"),
    [
        ("babi", "father", "“babi” is there already as the same."),
        ("a b c d e", "bad", "“a b c d e” has more than 4 words and is never found; shorten it."),
        ("zbrr", "he came to us and he hit me", "“he came to us and he hit me” is a sentence; two or three plain words say more."),
        ("zbrr", "tëkeq", "“tëkeq” is not plain English; write letters from a to z only."),
        ("zbrr 069123456", "bad", "“zbrr 069123456” is no word; write it as a child types it, without numbers or addresses."),
    ],
)  # fmt: skip
async def test_a_word_that_teaches_nothing_is_refused_in_one_line(
    vlad: httpx.AsyncClient, word: str, gloss: str, says: str
) -> None:
    assert await refused(vlad, kind="word", text=word, gloss=gloss) == says


async def test_a_word_with_another_gloss_is_let_in_and_said_to_be(vlad: httpx.AsyncClient) -> None:
    found = await vlad.post("/api/words/sq/look", json={"kind": "word", "text": "babi", "gloss": "stepfather"})
    assert found.json() == [{"says": "“babi” is there already as “father”; yours will count instead.", "grave": False}]
    await written(vlad, {"kind": "word", "text": "babi", "gloss": "stepfather"})
    assert await refused(vlad, kind="word", text="Babi", gloss="stepfather") == "“Babi” is there already as the same."


async def test_a_line_that_is_there_contradicts_or_measures_is_refused(vlad: httpx.AsyncClient) -> None:
    tested = next(line for line in read_test(TESTS) if line.locale == "sq" and line.kind == "harmless")
    assert "is in the test set; remove it" in await refused(vlad, kind="harmless", text=tested.text)
    await written(vlad, TOLD)
    assert "stands twice as disclosure (violence_at_home); remove one" in await refused(vlad, **TOLD)
    said = await refused(vlad, kind="harmless", text=TOLD["text"])
    assert said.endswith("is disclosure (violence_at_home) and harmless; keep one of them")


async def test_a_line_that_could_lead_to_somebody_or_has_no_labels_is_refused(vlad: httpx.AsyncClient) -> None:
    assert "[phone]" in await refused(vlad, kind="harmless", text="me shkruaj ne 069 123 45 67")
    assert "write [name] in its place" in await refused(vlad, kind="harmless", text="Drita qesh shume")
    assert await refused(vlad, kind="topic", text="cfare pyetje e re") == "Choose the topic that this line asks about."
    assert (await refused(vlad, kind="disclosure", text="dicka e re")).startswith("Choose what is happening")
    assert (await vlad.post("/api/words/xx", json=WORD)).status_code == 404
    assert (await vlad.get("/words/glossary")).status_code == 404


async def test_words_are_shared_where_a_language_has_several_locales(
    vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    await written(vlad, WORD, "hr")
    assert "zbrrlim" in (await ina.get("/words/sr-Latn")).text
    assert "zbrrlim" not in (await ina.get("/words/sq")).text


async def test_learning_is_asked_for_once_and_its_progress_and_result_are_shown(
    house: House, vlad: httpx.AsyncClient, ina: httpx.AsyncClient
) -> None:
    first = (await vlad.post("/api/words/learning")).json()
    assert (await ina.post("/api/words/learning")).json()["id"] == first["id"]
    place = f"/api/words/requests/{first['id']}"
    assert (await vlad.get(place)).json()["under_way"] is True
    lessons = house.desk.lessons
    assert (await lessons.begin()).wish is Wish.LEARNING  # type: ignore[union-attr]
    assert await lessons.begin() is None
    await lessons.say(first["id"], "measuring the new models")
    assert "measuring the new models" in (await vlad.get("/words")).text
    fell = {
        "taken_over": False,
        "worse": ["sq: topic right was 9/9, is 5/9"],
        "marks": [["topic right", "1", "0.9"]],
        "words": 1,
        "examples": 0,
    }
    await lessons.end(first["id"], fell)
    page = (await vlad.get("/words")).text
    assert "not taken over, the models of before are in use." in page
    assert "sq: topic right was 9/9, is 5/9" in page
    assert (await vlad.get("/api/words/requests/999")).status_code == 404


async def test_what_drafts_change_is_shown_without_the_test_lines(house: House, vlad: httpx.AsyncClient) -> None:
    await written(vlad, WORD)
    asked = (await vlad.post("/api/words/sq/effect")).json()
    await house.desk.lessons.begin()
    moved = {"changed": 1, "marks": [], "moved": ["sq: 1 disclosure line(s) noticed now"]}
    await house.desk.lessons.end(asked["id"], moved)
    assert "sq: 1 disclosure line(s) noticed now" in (await vlad.get("/words/sq")).text
