"""The web channel behind a real server, spoken to as a browser does: by form and by socket. The helpline behind it is a fake."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import structlog
import websockets
from fake_helpline import FakeHelpline, served
from websockets.asyncio.client import ClientConnection

from bot.messages import Bubble, Channel, Kind, Sender, Speaker
from bot.web.headers import NEUTRAL
from bot.web.preference import preferred
from bot.web.tokens import new_token

HIDDEN = re.compile(r'name="token" value="([^"]*)"')


@pytest.fixture
def helpline() -> FakeHelpline:
    return FakeHelpline()


@pytest.fixture
async def address(helpline: FakeHelpline) -> AsyncIterator[str]:
    async with served(helpline.chat) as (address, _):
        yield address


@pytest.fixture
async def browser(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, headers={"Accept-Language": "en"}) as client:
        yield client


def token_in(page: httpx.Response) -> str:
    found = HIDDEN.search(page.text)
    assert found
    return found[1]


def texts_in(page: httpx.Response) -> list[str]:
    return [html.unescape(text) for text in re.findall(r'<p class="text"[^>]*>(.*?)</p>', page.text, re.DOTALL)]


async def post(browser: httpx.AsyncClient, token: str, **fields: str) -> httpx.Response:
    return await browser.post("/", data={"token": token, "locale": "en", "shown": "en", **fields})


async def connect(address: str, token: Any, locale: Any = "en") -> ClientConnection:
    line = await websockets.connect(
        address.replace("http", "ws") + "/talk", origin=websockets.Origin(address), max_queue=None
    )
    await line.send(json.dumps({"token": token, "locale": locale}))
    return line


async def until(line: ClientConnection, name: str) -> Any:
    """The next frame that has this member; what comes before it is passed over."""
    async with asyncio.timeout(5):
        while True:
            frame = json.loads(await line.recv())
            if name in frame:
                return frame[name]


async def say(line: ClientConnection, text: str) -> list[str]:
    await line.send(json.dumps({"kind": "text", "text": text}))
    return [bubble["text"] for bubble in await until(line, "bubbles")]


async def heard_last(helpline: FakeHelpline, kind: Kind) -> None:
    async with asyncio.timeout(6):
        while helpline.kinds()[-1] is not kind:
            await asyncio.sleep(0.01)


# The page


async def test_the_page_is_shown_in_the_language_the_browser_asks_for(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/", headers={"Accept-Language": "sq-AL,sq;q=0.9,en;q=0.8"})
    assert '<html lang="sq" dir="ltr">' in page.text
    assert "sq heading" in page.text


@pytest.mark.parametrize(
    ("header", "locale"),
    [("sr", "sr-Cyrl"), ("sr-ME", "sr-Latn"), ("sr-Latn-RS,en;q=0.1", "sr-Latn"), ("hr-HR", "sr-Latn"), ("mk,sq;q=0.3", "sq"),
     ("", "en"), ("tlh", "en"), (";;,q=,*;q=x", "en"), ("en;q=0.1,sq;q=0.9", "sq")],
)  # fmt: skip
def test_a_language_header_leads_to_the_nearest_locale(header: str, locale: str) -> None:
    assert preferred(header, ("en", "sq", "sr-Latn", "sr-Cyrl"), "en") == locale


async def test_a_page_in_the_default_language_for_want_of_a_better_one_suggests_nothing(
    browser: httpx.AsyncClient, helpline: FakeHelpline
) -> None:
    await browser.get("/", headers={"Accept-Language": "mk"})
    await browser.get("/", headers={"Accept-Language": "en"})
    assert [incoming.hint for incoming in helpline.heard] == ["", "en"]


async def test_the_page_has_all_that_a_child_must_know_and_a_way_out(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/")
    for word in ("who", "kept", "choice", "limits", "leave", "send", "language"):
        assert f"en {word}" in page.text
    assert "<title>en title</title>" in page.text
    assert 'autocomplete="off"' in page.text


async def test_every_page_brings_a_token_of_256_bits_and_no_cookie(browser: httpx.AsyncClient) -> None:
    pages = [await browser.get("/") for _ in range(3)]
    assert len({token_in(page) for page in pages}) == 3
    assert all(len(token_in(page)) == 43 for page in pages)
    assert not browser.cookies
    assert all("set-cookie" not in page.headers for page in pages)


@pytest.mark.parametrize("path", ["/", "/static/page.css", "/static/page.js", "/nowhere"])
async def test_every_answer_is_guarded_by_headers(browser: httpx.AsyncClient, path: str) -> None:
    headers = (await browser.get(path)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


async def test_a_host_header_cannot_widen_the_policy(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/", headers={"Host": "x; script-src *"})
    assert "*" not in page.headers.get("content-security-policy", "")


async def test_nothing_is_loaded_from_elsewhere_and_nothing_is_stored(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/")
    loaded = re.findall(r'(?:src|href|action)="([^"]*)"', page.text)
    assert loaded
    assert all(address.startswith(("/", "#")) and "?" not in address for address in loaded)
    for script in ("page", "line", "dialogue", "work", "below"):
        code = (await browser.get(f"/static/{script}.js")).text
        assert not re.search(r"innerHTML|localStorage|sessionStorage|indexedDB|document\.cookie|https?://", code)


async def test_the_doctor_hears_that_it_is_well(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/health")
    assert (answer.status_code, answer.text) == (200, "ok")


# The form


async def test_a_whole_dialogue_goes_through_the_plain_form(browser: httpx.AsyncClient, helpline: FakeHelpline) -> None:
    token = token_in(await browser.get("/"))
    await post(browser, token, text="hello", action="send")
    page = await post(browser, token, tap="talk")
    assert page.status_code == 200
    assert token_in(page) == token
    assert texts_in(page) == ["hello", "text: hello", "talk", "tap: talk"]
    assert helpline.kinds() == [Kind.BACK, Kind.TEXT, Kind.BACK, Kind.TAP, Kind.BACK]


async def test_only_the_last_choice_can_be_made_and_telephone_links_stay(browser: httpx.AsyncClient) -> None:
    token = new_token()
    await post(browser, token, text="one")
    page = await post(browser, token, text="two")
    talk = re.findall(r'<button class="choice" name="tap" value="talk"( disabled)?>', page.text)
    assert talk == [" disabled", ""]
    assert page.text.count('<a class="choice call" href="tel:112">') == 2


async def test_looking_shows_what_a_counsellor_wrote_and_keeps_the_draft(
    browser: httpx.AsyncClient, helpline: FakeHelpline
) -> None:
    token = new_token()
    await post(browser, token, text="hello")
    assert not await helpline.counsellor_writes(Sender(Channel.WEB, token), "I am here")
    page = await post(browser, token, action="look", text="not yet sent")
    assert texts_in(page)[-1] == "I am here"
    assert "not yet sent</textarea>" in page.text
    assert helpline.kinds().count(Kind.TEXT) == 1


async def test_choosing_a_language_changes_the_page_and_tells_the_conversation(
    browser: httpx.AsyncClient, helpline: FakeHelpline
) -> None:
    page = await post(browser, new_token(), action="language", locale="sr-Cyrl")
    assert '<html lang="sr-Cyrl" dir="ltr">' in page.text
    assert [incoming.text for incoming in helpline.heard if incoming.kind is Kind.LANGUAGE] == ["sr-Cyrl"]


async def test_a_language_chosen_beside_a_message_is_chosen_first(
    browser: httpx.AsyncClient, helpline: FakeHelpline
) -> None:
    await post(browser, new_token(), locale="sq", text="hello", action="send")
    assert helpline.kinds() == [Kind.LANGUAGE, Kind.TEXT, Kind.BACK]


async def test_a_form_that_is_sent_again_is_one_act_and_other_words_from_the_same_page_another(
    browser: httpx.AsyncClient, helpline: FakeHelpline
) -> None:
    page = await browser.get("/")
    token, once = token_in(page), re.findall(r'name="once" value="([^"]*)"', page.text)
    assert len(set(once)) == 1
    first = await post(browser, token, once=once[0], text="hello", action="send")
    again = await post(browser, token, once=once[0], text="hello", action="send")
    assert texts_in(first) == texts_in(again) == ["hello", "text: hello"]
    other = await post(browser, token, once=once[0], text="hello you", action="send")
    assert texts_in(other) == ["hello", "text: hello", "hello you", "text: hello you"]
    assert once[0] not in first.text
    twice = await asyncio.gather(*(post(browser, token, once="a", text="at once") for _ in range(2)))
    assert all(texts_in(page)[-2:] == ["at once", "text: at once"] for page in twice)
    assert helpline.kinds().count(Kind.TEXT) == 3
    assert all(
        incoming.text not in incoming.act and once[0] not in incoming.act for incoming in helpline.heard if incoming.act
    )


async def test_what_looks_like_html_is_shown_as_text(browser: httpx.AsyncClient) -> None:
    shaped = """</p><script>alert("x")</script><img src=x onerror=alert(1)> '; DROP TABLE cases;--"""
    page = await post(browser, new_token(), text=shaped)
    assert texts_in(page)[0] == shaped
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert "&lt;i&gt;Menu&lt;/i&gt;" in page.text


@pytest.mark.parametrize("token", ["", "short", "x" * 44, "a" * 42 + "/", '"><script>'])
async def test_a_token_of_another_form_is_replaced_and_the_message_still_heard(
    browser: httpx.AsyncClient, token: str
) -> None:
    page = await post(browser, token, text="help me")
    assert token_in(page) not in {"", token}
    assert texts_in(page) == ["help me", "text: help me"]


@pytest.mark.parametrize("text", ["", "   ", "\r\n"])
async def test_an_empty_post_is_answered_kindly(browser: httpx.AsyncClient, helpline: FakeHelpline, text: str) -> None:
    page = await post(browser, new_token(), text=text, action="send")
    assert page.status_code == 200
    assert '<p id="note" role="status">en empty</p>' in page.text
    assert helpline.kinds() == [Kind.BACK]


@pytest.mark.parametrize("text", ["😀😀", "\u200b\u200d\ufeff", "\u202eabc", "مرحبا", "a\x00b\x1b[31m"])
async def test_odd_characters_are_heard_without_harm(
    browser: httpx.AsyncClient, helpline: FakeHelpline, text: str
) -> None:
    page = await post(browser, new_token(), text=text)
    assert page.status_code == 200
    assert helpline.heard[0].text == text.replace("\x00", "").replace("\x1b", "")


async def test_a_text_that_is_too_long_is_not_read_and_not_lost(
    browser: httpx.AsyncClient, helpline: FakeHelpline
) -> None:
    page = await post(browser, new_token(), text="x" * 4001)
    assert helpline.heard[0].kind is Kind.TOO_LONG
    assert helpline.heard[0].text == ""
    assert "x" * 4001 + "</textarea>" in page.text


async def test_a_megabyte_is_refused_before_it_is_read(browser: httpx.AsyncClient, helpline: FakeHelpline) -> None:
    page = await browser.post("/", data={"text": "x" * 1_000_000}, headers={"Accept-Language": "sq"})
    assert page.status_code == 413
    assert "sq too long" in page.text
    assert helpline.heard == []


async def test_only_plain_forms_are_read(browser: httpx.AsyncClient, helpline: FakeHelpline) -> None:
    assert (await browser.post("/", files={"text": b"hello"})).status_code == 415
    assert (await browser.post("/", json={"text": "hello"})).status_code == 415
    many = {f"field{number}": "x" for number in range(50)}
    assert (await browser.post("/", data=many)).status_code == 400
    assert helpline.heard == []


async def test_leaving_ends_the_session_and_shows_a_neutral_page(
    browser: httpx.AsyncClient, helpline: FakeHelpline
) -> None:
    token = new_token()
    await post(browser, token, text="hello")
    answer = await post(browser, token, action="exit", text="draft")
    assert (answer.status_code, answer.headers["location"]) == (303, NEUTRAL)
    assert token not in str(answer.headers)
    assert helpline.kinds()[-1] is Kind.EXIT


async def test_what_the_browser_sends_again_after_leaving_is_not_heard(
    browser: httpx.AsyncClient, helpline: FakeHelpline
) -> None:
    token = new_token()
    await post(browser, token, text="a secret")
    await post(browser, token, action="exit")
    page = await post(browser, token, text="a secret")
    assert "a secret" not in page.text
    assert token_in(page) != token
    assert helpline.kinds().count(Kind.TEXT) == 1


async def test_trouble_is_answered_in_words_and_logged_by_type_only(browser: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as logs:
        page = await post(browser, new_token(), text="break", locale="sq", shown="sq")
    assert texts_in(page) == ["sq trouble"]
    assert "/talk_to_human" in page.text
    assert "break</textarea>" in page.text
    assert logs == [
        {"event": "turn_failed", "channel": "web", "kind": "text", "error": "RuntimeError", "log_level": "error"}
    ]


# The socket


async def test_a_dialogue_goes_over_the_socket(address: str) -> None:
    line = await connect(address, new_token())
    assert await until(line, "screen") == []
    assert await say(line, "hello") == ["text: hello"]
    await line.send(json.dumps({"kind": "tap", "tap": "talk", "n": 7}))
    [bubble] = await until(line, "bubbles")
    assert bubble == {
        "speaker": "helpline", "text": "tap: talk", "locale": "en", "dir": "ltr",
        "buttons": [{"label": "Talk to somebody", "tap": "talk"}, {"label": "Call 112", "tap": "tel:112"},
                    {"label": "<i>Menu</i>", "tap": "menu"}],
    }  # fmt: skip
    assert json.loads(await line.recv()) == {"busy": False, "n": 7}
    await line.close()


async def test_a_bubble_that_is_read_from_right_to_left_says_so(address: str) -> None:
    line = await connect(address, new_token())
    await line.send(json.dumps({"kind": "text", "text": "arabic"}))
    [bubble] = await until(line, "bubbles")
    assert (bubble["locale"], bubble["dir"]) == ("ar", "rtl")
    await line.close()


async def test_reconnecting_with_the_token_continues_the_session(address: str) -> None:
    token = new_token()
    line = await connect(address, token)
    await say(line, "hello")
    await line.close()
    again = await connect(address, token)
    assert [bubble["text"] for bubble in await until(again, "screen")] == ["hello", "text: hello"]
    await again.close()


async def test_going_away_is_told_once_the_last_page_is_closed(address: str, helpline: FakeHelpline) -> None:
    token = new_token()
    first, second = await connect(address, token), await connect(address, token)
    await until(first, "screen")
    await until(second, "screen")
    await first.close()
    assert helpline.chat.is_open(Sender(Channel.WEB, token))
    await second.close()
    await heard_last(helpline, Kind.AWAY)
    assert helpline.kinds() == [Kind.BACK, Kind.BACK, Kind.AWAY]
    assert not helpline.chat.is_open(Sender(Channel.WEB, token))


async def test_a_restart_of_the_server_is_not_the_child_going_away(helpline: FakeHelpline) -> None:
    async with served(helpline.chat) as (address, server):
        line = await connect(address, new_token())
        await until(line, "screen")
        server.should_exit = True
        await line.wait_closed()
    assert helpline.kinds() == [Kind.BACK]


async def test_a_counsellor_reaches_every_open_page(address: str, helpline: FakeHelpline) -> None:
    token = new_token()
    lines = [await connect(address, token) for _ in range(2)]
    for line in lines:
        await until(line, "screen")
    assert await helpline.counsellor_writes(Sender(Channel.WEB, token), "I am here")
    for line in lines:
        assert (await until(line, "bubbles"))[0]["text"] == "I am here"
        await line.close()
    nobody = Sender(Channel.WEB, new_token())
    assert not await helpline.chat.deliver(nobody, [Bubble(Speaker.COUNSELLOR, "nobody", "en")])


async def test_what_a_counsellor_writes_while_a_page_opens_is_neither_lost_nor_doubled(
    address: str, helpline: FakeHelpline
) -> None:
    token = new_token()
    line = await connect(address, token)
    await say(line, "hello")
    await line.close()
    await heard_last(helpline, Kind.AWAY)
    helpline.back_takes = 0.2
    again = await connect(address, token)
    await heard_last(helpline, Kind.BACK)
    assert await helpline.counsellor_writes(Sender(Channel.WEB, token), "I am here")
    texts: list[str] = []
    async with asyncio.timeout(3):
        while "I am here" not in texts:
            texts = [bubble["text"] for bubble in await until(again, "screen")]
    assert texts == ["hello", "text: hello", "I am here"]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.4):
            await again.recv()
    await again.close()


async def test_leaving_over_the_socket_is_final(
    address: str, helpline: FakeHelpline, browser: httpx.AsyncClient
) -> None:
    token = new_token()
    line = await connect(address, token)
    await say(line, "hello")
    await line.send(json.dumps({"kind": "exit"}))
    await line.wait_closed()
    assert (await post(browser, token, text="late")).status_code == 200
    again = await connect(address, token)
    assert await until(again, "token") != token
    assert await until(again, "screen") == []
    await again.close()
    assert helpline.kinds()[:3] == [Kind.BACK, Kind.TEXT, Kind.EXIT]
    assert all(incoming.sender.key != token for incoming in helpline.heard[3:])
    assert "late" not in [incoming.text for incoming in helpline.heard]


async def test_the_parting_beacon_ends_a_session_and_shows_nothing(
    browser: httpx.AsyncClient, helpline: FakeHelpline
) -> None:
    answer = await browser.post("/", data={"token": new_token(), "action": "gone"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert helpline.kinds() == [Kind.EXIT]


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None])
async def test_a_page_from_another_host_gets_no_line(address: str, origin: str | None) -> None:
    with pytest.raises(websockets.InvalidStatus, match="403"):
        await websockets.connect(
            address.replace("http", "ws") + "/talk", origin=websockets.Origin(origin) if origin else None
        )


@pytest.mark.parametrize("token", ["", "short", None, 7, ["x"]])
async def test_a_token_of_another_form_is_replaced_on_the_line(address: str, token: Any) -> None:
    line = await connect(address, token, locale=["en"])
    assert len(await until(line, "token")) == 43
    assert await say(line, "hello") == ["text: hello"]
    await line.close()


@pytest.mark.parametrize(
    "frame",
    ["", "no json", "[]", "7", "[" * 50_000, '{"kind": "dance"}', '{"kind": "text"}', '{"kind": "text", "text": 5}',
     '{"kind": ["text"]}', '{"kind": "language", "locale": "xx"}', '{"kind": "tap", "tap": {}}', '{"token": "another"}',
     '{"n": ' + "9" * 5000 + "}"],
)  # fmt: skip
async def test_a_malformed_frame_is_said_to_be_one_and_the_line_goes_on(address: str, frame: str) -> None:
    line = await connect(address, new_token())
    await line.send(frame)
    assert await until(line, "error") == "not_understood"
    assert await say(line, "still here") == ["text: still here"]
    await line.close()


async def test_a_message_before_the_first_frame_is_heard(address: str) -> None:
    line = await websockets.connect(address.replace("http", "ws") + "/talk", origin=websockets.Origin(address))
    await line.send(json.dumps({"kind": "text", "text": "hurry"}))
    assert (await until(line, "bubbles"))[0]["text"] == "text: hurry"
    await line.close()


async def test_bytes_and_huge_frames_are_told_but_not_read(address: str, helpline: FakeHelpline) -> None:
    line = await connect(address, new_token())
    await line.send(b"\x00\xff" * 500)
    await until(line, "bubbles")
    await line.send(json.dumps({"kind": "text", "text": "x" * 1_000_000}))
    await until(line, "bubbles")
    await line.send(json.dumps({"kind": "text", "text": "x" * 5_000}))
    await until(line, "bubbles")
    assert helpline.kinds() == [Kind.BACK, Kind.NOT_TEXT, Kind.TOO_LONG, Kind.TOO_LONG]
    assert all(incoming.text == "" for incoming in helpline.heard)
    await line.close()


async def test_half_a_character_does_no_harm(address: str) -> None:
    line = await connect(address, new_token())
    await line.send('{"kind": "text", "text": "a\\ud83d\\u0000b"}')
    assert (await until(line, "bubbles"))[0]["text"] == "text: a?b"
    await line.close()


async def test_a_flood_is_slowed_down_and_nothing_taken_is_lost(address: str, helpline: FakeHelpline) -> None:
    line = await connect(address, new_token())
    await until(line, "screen")
    for number in range(32):
        await line.send(json.dumps({"kind": "text", "text": f"{number}", "n": number}))
    assert await until(line, "error") == "slow"
    assert helpline.kinds().count(Kind.TEXT) <= 12
    await line.close()
    await heard_last(helpline, Kind.AWAY)
    heard = [int(incoming.text) for incoming in helpline.heard if incoming.kind is Kind.TEXT]
    assert heard == sorted(heard)
    assert len(heard) >= 20  # those that waited are heard although the line has closed


async def test_trouble_over_the_socket_is_answered_in_words(address: str) -> None:
    line = await connect(address, new_token(), "sq")
    assert await say(line, "break") == ["sq trouble"]
    assert await say(line, "again") == ["text: again"]
    await line.close()


async def test_the_words_of_the_page_follow_the_language(address: str, helpline: FakeHelpline) -> None:
    line = await connect(address, new_token())
    await line.send(json.dumps({"kind": "language", "locale": "sr-Latn"}))
    assert (await until(line, "words"))["leave"] == "sr-Latn leave"
    assert [incoming.text for incoming in helpline.heard if incoming.kind is Kind.LANGUAGE] == ["sr-Latn"]
    await line.close()
