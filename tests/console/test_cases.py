from __future__ import annotations

import asyncio

import httpx
import pytest
from house import House, SignIn

from escalation.audit import Act
from escalation.casefile import read_letter
from escalation.cases import Author, Presence, Said, Urgency
from escalation.console.answers import Piece, cut
from escalation.ledger import utc_now


async def test_the_most_pressing_case_is_shown_first_with_its_reasons(house: House, marta: httpx.AsyncClient) -> None:
    concern = await house.case(urgency=Urgency.CONCERN)
    emergency = await house.case(urgency=Urgency.EMERGENCY)
    waiting = (await marta.get("/api/queue")).json()["waiting"]
    assert [case["id"] for case in waiting] == [emergency, concern]
    page = (await marta.get("/")).text
    assert page.index(emergency) < page.index(concern)
    for words in ("Emergency", "held or controlled", "cannot leave", "Albanian", "Albania", "Web chat", "Here now"):
        assert words in page


async def test_the_queue_does_not_show_what_the_child_wrote(house: House, marta: httpx.AsyncClient) -> None:
    case = await house.case("secret words of an invented child")
    for path in ("/", f"/cases/{case}", "/api/queue", f"/api/cases/{case}"):
        answer = await marta.get(path)
        assert answer.status_code == 200
        assert "secret words" not in answer.text


async def test_of_two_claims_at_once_one_wins(house: House, signed_in: SignIn) -> None:
    case = await house.case()
    marta, elira = await signed_in("Marta"), await signed_in("Elira")
    answers = await asyncio.gather(*(who.post(f"/api/cases/{case}/claim") for who in (marta, elira)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len((await marta.get("/api/chats")).json()["chats"] + (await elira.get("/api/chats")).json()["chats"]) == 1


async def test_a_chat_is_read_by_the_one_who_has_taken_it_only(house: House, signed_in: SignIn) -> None:
    case = await house.case("secret words of an invented child")
    marta, elira = await signed_in("Marta"), await signed_in("Elira")
    await marta.post(f"/api/cases/{case}/claim")
    assert "secret words" in (await marta.get(f"/cases/{case}")).text
    for path in (f"/cases/{case}", f"/api/cases/{case}"):
        answer = await elira.get(path)
        assert answer.status_code == 403
        assert "secret words" not in answer.text
    assert (await elira.post(f"/api/cases/{case}/replies", json={"text": "Hello"})).status_code == 403


async def test_a_reply_becomes_a_letter_to_the_child(house: House, marta: httpx.AsyncClient) -> None:
    case = await house.case()
    await marta.post(f"/api/cases/{case}/claim")
    answer = await marta.post(f"/api/cases/{case}/replies", json={"text": "Hello, I am here."})
    assert answer.status_code == 201
    (joined,) = await house.outbox.due()
    await house.outbox.delivered(joined.id)
    (letter,) = await house.outbox.due()
    assert (letter.case, letter.kind) == (case, "reply")
    assert read_letter(letter, house.opened[case].key) == "Hello, I am here."


async def test_a_reply_that_cannot_arrive_is_shown_as_undelivered(house: House, marta: httpx.AsyncClient) -> None:
    case = await house.case()
    await marta.post(f"/api/cases/{case}/claim")
    await marta.post(f"/api/cases/{case}/replies", json={"text": "Are you there?"})
    await house.intake.presence(case, Presence.GONE)
    lines = (await marta.get(f"/api/cases/{case}")).json()["lines"]
    assert [line["undelivered"] for line in lines] == [False, True]
    refused = await marta.post(f"/api/cases/{case}/replies", json={"text": "Hello?"})
    assert refused.status_code == 409
    assert refused.json() == {"error": "The child has left and cannot be written to any more."}


async def test_a_child_that_left_with_a_code_is_said_to_be_able_to_come_back_and_can_be_written_to(
    house: House, marta: httpx.AsyncClient
) -> None:
    case = await house.case()
    await marta.post(f"/api/cases/{case}/claim")
    assert not (await marta.get(f"/api/cases/{case}")).json()["case"]["can_return"]
    await house.receipts.give(house.opened[case])
    await house.intake.presence(case, Presence.GONE)
    assert (await marta.get(f"/api/cases/{case}")).json()["case"]["can_return"]
    page = (await marta.get(f"/cases/{case}")).text
    assert "took a code and may come back" in page
    assert "data-can-return" in page
    assert (await marta.post(f"/api/cases/{case}/replies", json={"text": "I am here."})).status_code == 201


async def test_what_a_child_lets_be_seen_is_shown_once_to_the_one_who_has_the_case_and_noted(
    house: House, signed_in: SignIn
) -> None:
    case = await house.case("call me on [phone 1]")
    marta, elira = await signed_in("Marta"), await signed_in("Elira")
    await house.showings.offer(house.opened[case], "[phone 1]", "064 000 0000")
    waiting = await marta.post(f"/api/cases/{case}/shown", json={"placeholder": "[phone 1]"})
    assert waiting.status_code == 403
    await marta.post(f"/api/cases/{case}/claim")
    assert (await marta.get(f"/api/cases/{case}")).json()["to_be_shown"] == ["[phone 1]"]
    assert "064 000" not in (await marta.get(f"/cases/{case}")).text
    foreign = await elira.post(f"/api/cases/{case}/shown", json={"placeholder": "[phone 1]"})
    assert foreign.status_code == 403
    first = await marta.post(f"/api/cases/{case}/shown", json={"placeholder": "[phone 1]"})
    assert first.json() == {"piece": "064 000 0000"}
    assert first.headers["cache-control"] == "no-store"
    second = await marta.post(f"/api/cases/{case}/shown", json={"placeholder": "[phone 1]"})
    assert second.status_code == 404
    shown = [entry for entry in await house.desk.audit.latest() if entry.act == Act.PIECE_SHOWN]
    assert [entry.by for entry in shown] == [house.members["Marta"].id]


async def test_a_supervisor_sees_who_has_which_chat_without_words_and_returns_it(
    house: House, signed_in: SignIn
) -> None:
    case, waiting = await house.case("secret words of an invented child"), await house.case()
    marta, sava = await signed_in("Marta"), await signed_in("Sava")
    await marta.post(f"/api/cases/{case}/claim")
    await marta.put("/api/duty", json={"available": True})
    page = (await sava.get("/team")).text
    now = (await sava.get("/api/team/now")).json()
    assert now["on_duty"] == ["Marta"]
    assert [(found["id"], found["counsellor"], found["because"]) for found in now["taken"]] == [(case, "Marta", [])]
    queue = (await sava.get("/api/queue")).json()["waiting"]
    assert [(found["id"], found["because"]) for found in queue] == [(waiting, [])]
    for text in (page, (await sava.get("/")).text):
        assert "secret words" not in text
        assert "cannot leave" not in text
        assert "Take this chat" not in text
    assert (await sava.post(f"/api/team/cases/{case}/take-back")).status_code == 204
    assert await house.letters() == ["joined", "returned"]
    assert (await marta.post(f"/api/cases/{case}/replies", json={"text": "Hello"})).status_code == 403
    assert (await sava.post(f"/api/team/cases/{case}/take-back")).status_code == 409
    assert (await sava.post("/api/team/cases/none/take-back")).status_code == 404


async def test_replies_without_words_or_without_end_are_refused(house: House, marta: httpx.AsyncClient) -> None:
    case = await house.case()
    await marta.post(f"/api/cases/{case}/claim")
    for text in ("", "  \n", "x" * 4001):
        assert (await marta.post(f"/api/cases/{case}/replies", json={"text": text})).status_code == 422


async def test_a_case_is_closed_with_an_outcome_or_handed_back(house: House, marta: httpx.AsyncClient) -> None:
    closed, back = await house.case(), await house.case()
    for case in (closed, back):
        await marta.post(f"/api/cases/{case}/claim")
    unknown = await marta.post(f"/api/cases/{closed}/close", json={"outcome": "bored"})
    assert unknown.status_code == 422
    assert (await marta.post(f"/api/cases/{closed}/close", json={"outcome": "supported"})).status_code == 204
    assert (await marta.post(f"/api/cases/{back}/hand-back")).status_code == 204
    assert (await marta.get(f"/api/cases/{closed}")).json()["case"]["outcome"] == "supported"
    assert [case["id"] for case in (await marta.get("/api/queue")).json()["waiting"]] == [back]
    assert (await marta.get("/api/cases/there-is-none")).status_code == 404


async def test_markup_in_a_message_is_shown_as_text(house: House, marta: httpx.AsyncClient) -> None:
    case = await house.case('<img src=x onerror="alert(1)"> </script>')
    await marta.post(f"/api/cases/{case}/claim")
    page = (await marta.get(f"/cases/{case}")).text
    assert "<img" not in page
    assert "&lt;img src=x" in page
    assert (await marta.get(f"/api/cases/{case}")).headers["content-type"] == "application/json"


async def test_alarming_words_are_marked_where_they_stand(house: House, marta: httpx.AsyncClient) -> None:
    case = await house.case("🙂 they <b>locked</b> me in", marks=((2, 6), (10, 16)))
    await house.intake.add(house.opened[case], Said(Author.HELPLINE, "That must be hard.", utc_now()))
    await marta.post(f"/api/cases/{case}/claim")
    page = (await marta.get(f"/cases/{case}")).text
    assert "🙂 <mark>they</mark> &lt;b&gt;<mark>locked</mark>&lt;/b&gt; me in" in page
    assert "Helpline (automatic)" in page


@pytest.mark.parametrize("marks", [(), ((0, 4),), ((-3, 99),), ((5, 2),), ((1, 3), (2, 4)), ((99, 120),)], ids=str)
def test_cutting_at_any_marks_keeps_the_text(marks: tuple[tuple[int, int], ...]) -> None:
    assert "".join(piece.text for piece in cut("help", marks)) == "help"


def test_overlapping_marks_become_one() -> None:
    assert cut("abcdef", [(1, 3), (2, 5)]) == [
        Piece(text="a", alarming=False),
        Piece(text="bcde", alarming=True),
        Piece(text="f", alarming=False),
    ]
