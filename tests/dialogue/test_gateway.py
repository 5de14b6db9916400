"""The gateway to Rasa, over HTTP, with the trained model."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.dialogue.conftest import Rasa

pytestmark = pytest.mark.rasa

GIBBERISH = "qwrt plmk zzxv"


def replies(turn: dict[str, list[dict[str, str]]]) -> list[str]:
    return [reply["reply"] for reply in turn["replies"]]


@pytest.mark.parametrize(
    ("text", "locale", "topic"),
    [
        ("what rights do kids have", "en", "my_rights"),
        ("cilat jane te drejtat e mia", "sq", "my_rights"),
        ("Која су моја права", "sr-Cyrl", "my_rights"),
        ("koja su moja prava", "sr-Latn", "my_rights"),
        ("αριθμος τηλεφωνου για βοηθεια", "el", "phone_number"),
        ("اريد التحدث مع شخص حقيقي", "ar", "talk_to_human"),
    ],
)
def test_the_topic_of_a_message_is_found_in_its_language(rasa: Rasa, text: str, locale: str, topic: str) -> None:
    understood = rasa.turn(text, locale)
    assert understood["topic"] == topic
    assert understood["confidence"] > 0.3
    assert understood["ranking"][0]["topic"] == topic
    assert len(understood["ranking"]) == 5
    assert len(understood["replies"]) == 1


def test_a_tap_is_its_topic_with_full_confidence(rasa: Rasa) -> None:
    tapped = rasa.turn("/safe_travel", "fa")
    assert (tapped["topic"], tapped["confidence"]) == ("safe_travel", 1.0)
    assert replies(tapped) == ["topic.safe_travel"]


@pytest.mark.parametrize("text", ["/restart", "/back", "/nlu_fallback", '/quiz{"a": 1}', "/ somebody hit zzqx"])
def test_what_only_looks_like_a_tap_is_read_as_words(rasa: Rasa, text: str) -> None:
    assert rasa.turn(text)["confidence"] < 1


def test_two_messages_that_are_not_understood_lead_to_a_human(rasa: Rasa) -> None:
    first, second = (rasa.turn(GIBBERISH, sender="puzzled") for _ in range(2))
    assert first["topic"] == second["topic"] == "nlu_fallback"
    assert "nlu_fallback" not in [topic["topic"] for topic in first["ranking"]]
    assert replies(first) == ["unknown.rephrase"]
    assert replies(second) == ["unknown.menu"]
    assert "/talk_to_human" in second["replies"][0]["buttons"]


def test_a_forgotten_conversation_begins_anew(rasa: Rasa) -> None:
    rasa.turn(GIBBERISH, sender="leaving")
    assert rasa.ask("DELETE", "leaving").status_code == 204
    assert rasa.ask("DELETE", "leaving").status_code == 204
    assert replies(rasa.turn(GIBBERISH, sender="leaving")) == ["unknown.rephrase"]


def test_a_conversation_is_forgotten_after_a_time_of_silence(rasa: Rasa) -> None:
    rasa.turn(GIBBERISH, sender="silent")
    time.sleep(rasa.silence + 0.5)
    assert replies(rasa.turn(GIBBERISH, sender="silent")) == ["unknown.rephrase"]


def test_when_too_many_are_held_the_one_silent_longest_is_forgotten(rasa: Rasa) -> None:
    senders = [f"crowd-{number}" for number in range(rasa.held + 1)]
    for sender in senders:
        rasa.turn(GIBBERISH, sender=sender)
    assert replies(rasa.turn(GIBBERISH, sender=senders[-1])) == ["unknown.menu"]
    assert replies(rasa.turn(GIBBERISH, sender=senders[0])) == ["unknown.rephrase"]


def test_many_can_write_at_once(rasa: Rasa) -> None:
    with ThreadPoolExecutor(8) as children:
        assert {turn["topic"] for turn in children.map(rasa.turn, ["/quiz"] * 40)} == {"quiz"}


@pytest.mark.parametrize("token", ["wrong", "ñ"])
def test_nobody_gets_in_without_the_token(rasa: Rasa, token: str) -> None:
    body = {"sender": "stranger", "text": "hello", "locale": "en"}
    shown = {"Authorization": f"Bearer {token}".encode()}
    assert rasa.bare("POST", "turn", headers=shown, json=body).status_code == 401
    assert rasa.bare("DELETE", "stranger", headers=shown).status_code == 401
    assert rasa.bare("POST", "turn", json=body).status_code == 401


@pytest.mark.parametrize(
    "body", [b"{my secret", b"[]", b'{"sender": "a", "locale": "en"}', b'{"sender": "", "text": "x", "locale": "en"}']
)
def test_what_is_not_a_turn_is_refused_without_repeating_it(rasa: Rasa, body: bytes) -> None:
    answer = rasa.ask("POST", "turn", content=body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}
    assert "secret" not in answer.text


def test_rasas_own_interfaces_are_closed(rasa: Rasa) -> None:
    for path in ("../rest/webhook", "../../model/parse", "../../conversations/puzzled/tracker"):
        assert rasa.ask("POST", path, json={"sender": "x", "text": "x", "message": "x"}).status_code == 404


def test_nothing_that_was_written_and_nobody_who_wrote_is_printed(rasa: Rasa) -> None:
    sender, word = "kestrelsender", "marmalade"
    for text in (f"is {word} a good travel snack", f"/{word}", f"/greet {word}", f'/greet{{"{word}": 1}}', word):
        rasa.turn(text, sender=sender)
    rasa.ask("POST", "turn", content=f'{{"sender": "{sender}", {word}'.encode())
    rasa.ask("GET", sender)
    rasa.ask("DELETE", sender)
    printed = rasa.printed.read_text()
    assert printed
    assert word not in printed
    assert sender not in printed


def test_another_model_is_opened_beside_the_turns_and_no_conversation_is_forgotten(rasa: Rasa, model: Path) -> None:
    rasa.turn(GIBBERISH, sender="goes on")
    with ThreadPoolExecutor(1) as apart:
        loading = apart.submit(rasa.ask, "PUT", "model", json={"model": str(model)})
        answered = 0
        while not loading.done():  # more often than this Rasa's short time of silence
            assert replies(rasa.turn(GIBBERISH, sender="goes on")) == ["unknown.menu"]
            answered += 1
            time.sleep(0.3)
    assert loading.result().status_code == 204, loading.result().text
    assert answered > 1
    assert replies(rasa.turn(GIBBERISH, sender="goes on")) == ["unknown.menu"]
    for wrong in ({"model": "nowhere.tar.gz"}, {}):
        assert rasa.ask("PUT", "model", json=wrong).status_code == 500
    assert rasa.turn("what rights do kids have")["topic"] == "my_rights"
    assert rasa.bare("PUT", "model", json={"model": str(model)}).status_code == 401
