"""The child's page in a real Chromium, with and without JavaScript. The helpline behind it is a fake."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fake_helpline import FakeHelpline, served
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright, expect

from bot.messages import Channel, Kind, Sender
from bot.web.headers import NEUTRAL

pytestmark = pytest.mark.browser


@pytest.fixture
def helpline() -> FakeHelpline:
    return FakeHelpline()


@pytest.fixture
async def address(helpline: FakeHelpline) -> AsyncIterator[str]:
    async with served(helpline.chat) as (address, _):
        yield address


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        await browser.close()


async def small(chromium: Browser, **options: Any) -> BrowserContext:
    """A telephone's window in which nothing outside is reached: the neutral page is a stand-in."""
    context = await chromium.new_context(viewport={"width": 360, "height": 640}, locale="en-GB", **options)

    async def neutral(route: Route) -> None:
        await route.fulfill(status=200, content_type="text/html", body="<title>Neutral</title>")

    await context.route(NEUTRAL + "**", neutral)
    return context


@pytest.fixture
async def page(chromium: Browser, address: str) -> AsyncIterator[Page]:
    context = await small(chromium)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    await page.goto(address)
    await page.wait_for_function("document.documentElement.classList.contains('scripted')")
    yield page
    assert complaints == []
    await context.close()


async def write(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.click("#send")


async def test_a_child_writes_and_taps_and_is_answered_without_the_page_loading_again(page: Page, address: str) -> None:
    await page.evaluate("window.stayed = true")
    await write(page, "hello")
    await expect(page.locator(".helpline .text")).to_have_text(["text: hello"])
    await page.click("button.choice:not([disabled]) >> text=Talk")
    await expect(page.locator(".helpline .text")).to_have_text(["text: hello", "tap: talk"])
    assert await page.evaluate("window.stayed")
    assert page.url == address + "/"


async def test_only_the_latest_buttons_can_be_tapped_and_a_telephone_number_is_a_link(page: Page) -> None:
    await write(page, "one")
    await expect(page.locator(".helpline")).to_have_count(1)
    await write(page, "two")
    await expect(page.locator(".helpline .text")).to_have_text(["text: one", "text: two"])
    assert await page.locator("button.choice:disabled").count() == 2
    assert await page.locator("button.choice:enabled").count() == 2
    assert await page.locator("a.choice").first.get_attribute("href") == "tel:112"


async def test_what_looks_like_html_is_text(page: Page) -> None:
    shaped = "<b>bold</b><img src=x onerror='document.title=1'>"
    await write(page, shaped)
    await expect(page.locator(".child .text")).to_have_text(shaped)
    await expect(page.locator(".helpline .text")).to_have_text("text: " + shaped)
    assert await page.locator("#dialogue img, #dialogue b, #dialogue .buttons i").count() == 0
    assert await page.title() == "en title"


async def test_nothing_stays_in_cookies_storage_or_addresses(page: Page, address: str) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("websocket", lambda socket: requested.append(socket.url))
    await page.reload()
    await write(page, "hello")
    await expect(page.locator(".helpline")).to_have_count(1)
    token = await page.input_value("input[name=token]")
    assert any(url.endswith("/talk") for url in requested)
    assert all(token not in url and "?" not in url for url in requested)
    assert await page.context.cookies() == []
    kept = "[localStorage.length, sessionStorage.length, indexedDB.databases().then(all => all.length)]"
    assert await page.evaluate(f"Promise.all({kept})") == [0, 0, 0]
    assert page.url == address + "/"


async def test_a_right_to_left_bubble_is_laid_out_that_way(page: Page) -> None:
    await write(page, "arabic")
    text = page.locator(".helpline .text")
    await expect(text).to_have_attribute("dir", "rtl")
    assert await text.evaluate("element => getComputedStyle(element).direction") == "rtl"


async def test_a_counsellor_appears_by_name_of_the_role(page: Page, helpline: FakeHelpline) -> None:
    await write(page, "hello")
    await expect(page.locator(".helpline")).to_have_count(1)
    sender = Sender(Channel.WEB, await page.input_value("input[name=token]"))
    assert await helpline.counsellor_writes(sender, "I am here")
    await expect(page.locator(".counsellor .text")).to_have_text("I am here")
    await expect(page.locator(".counsellor .speaker")).to_have_text("en counsellor")


@pytest.mark.parametrize("size", [(360, 640), (320, 480)])
async def test_an_answer_of_many_bubbles_is_read_from_its_beginning_and_says_that_there_is_more(
    page: Page, size: tuple[int, int]
) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    below = page.locator("#below")
    await write(page, "hello")
    await expect(page.locator(".helpline")).to_have_count(1)
    await expect(below).to_be_hidden()
    await write(page, "long")
    await expect(page.locator(".helpline")).to_have_count(6)
    await expect(page.locator(".helpline .text").nth(1)).to_be_in_viewport()
    choice = page.locator("button.choice:not([disabled]) >> text=Talk")
    await expect(choice).not_to_be_in_viewport()
    await expect(below).to_be_visible()
    assert await page.locator("[role=log] #below").count() == 0
    for _ in range(8):
        if await below.is_visible():
            await below.click()
            await page.wait_for_timeout(50)
    await expect(choice).to_be_in_viewport()
    await expect(below).to_be_hidden()


async def test_dots_show_while_an_answer_takes_long(page: Page) -> None:
    await write(page, "slow")
    await expect(page.locator(".typing")).to_be_visible()
    await expect(page.locator(".helpline .text")).to_have_text(["text: slow"])


async def test_a_lost_line_keeps_what_was_typed_and_comes_back_to_the_same_session(
    chromium: Browser, helpline: FakeHelpline
) -> None:
    context = await small(chromium)
    page = await context.new_page()
    async with served(helpline.chat) as (address, _):
        await page.goto(address)
        await write(page, "hello")
        await expect(page.locator(".helpline")).to_have_count(1)
        await page.fill("#text", "half a thou")
    await expect(page.locator("#note")).to_have_text("en lost")
    await page.click("#send")
    assert await page.input_value("#text") == "half a thou"
    async with served(helpline.chat, port=int(address.rsplit(":", 1)[1])):
        await expect(page.locator("#note")).to_have_text("en back", timeout=20_000)
        await expect(page.locator(".child .text")).to_have_text(["hello"])
        await page.click("#send")
        await expect(page.locator(".helpline .text")).to_have_text(["text: hello", "text: half a thou"])
    await context.close()


async def test_choosing_a_language_changes_the_page_in_place(page: Page, helpline: FakeHelpline, address: str) -> None:
    await page.select_option("#locale", "sq")
    await expect(page.locator("#leave")).to_have_text("sq leave")
    await expect(page.locator("html")).to_have_attribute("lang", "sq")
    assert await page.get_attribute("#text", "placeholder") == "sq placeholder"
    assert Kind.LANGUAGE in helpline.kinds()
    assert page.url == address + "/"


async def test_too_much_text_is_said_and_kept(page: Page, helpline: FakeHelpline) -> None:
    await write(page, "x" * 4001)
    await expect(page.locator("#note")).to_have_text("en too long")
    assert len(await page.input_value("#text")) == 4001
    assert Kind.TEXT not in helpline.kinds()


async def test_leaving_empties_the_page_ends_the_session_and_takes_its_place_in_the_history(
    page: Page, helpline: FakeHelpline, address: str
) -> None:
    await write(page, "a secret")
    await expect(page.locator(".helpline")).to_have_count(1)
    length = await page.evaluate("history.length")
    await page.click("#leave")
    await page.wait_for_url(NEUTRAL)
    assert await page.evaluate("history.length") == length
    assert helpline.kinds().count(Kind.EXIT) == 1
    assert Kind.AWAY not in helpline.kinds()
    await page.go_back()
    assert page.url != address + "/"


async def test_going_back_to_the_page_shows_nothing_of_the_dialogue(page: Page) -> None:
    await write(page, "a secret")
    await expect(page.locator(".helpline")).to_have_count(1)
    await page.goto(NEUTRAL)
    await page.go_back()
    await expect(page.locator("#text")).to_be_visible()
    assert "a secret" not in await page.content()
    assert await page.input_value("#text") == ""


async def test_the_same_conversation_works_without_javascript(
    chromium: Browser, address: str, helpline: FakeHelpline
) -> None:
    context = await small(chromium, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(address)
    for number in range(6):
        await write(page, f"message {number}")
    newest = page.locator(".helpline .text").last
    await expect(newest).to_have_text("text: message 5")
    await expect(newest).to_be_in_viewport()
    await page.click("button.choice:not([disabled]) >> text=Talk")
    await expect(page.locator(".helpline .text").last).to_have_text("tap: talk")
    sender = Sender(Channel.WEB, await page.input_value("input[name=token]"))
    await helpline.counsellor_writes(sender, "I am here")
    await page.click("button[value=look]")
    await expect(page.locator(".counsellor .text")).to_have_text("I am here")
    await page.select_option("#locale", "sr-Cyrl")
    await page.click("button[value=language]")
    await expect(page.locator("#leave")).to_have_text("sr-Cyrl leave")
    assert page.url == address + "/"
    await page.click("#leave")
    await page.wait_for_url(NEUTRAL)
    assert helpline.kinds()[-1] is Kind.EXIT
    assert await context.cookies() == []
    await context.close()


async def test_a_reload_without_javascript_says_nothing_twice_and_loses_nothing(
    chromium: Browser, address: str, helpline: FakeHelpline
) -> None:
    context = await small(chromium, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(address)
    await write(page, "hello")
    await expect(page.locator(".helpline .text").last).to_have_text("text: hello")
    token = await page.input_value("input[name=token]")
    for _ in range(2):
        await page.reload()
    await expect(page.locator(".bubble .text")).to_have_text(["hello", "text: hello"])
    assert await page.input_value("input[name=token]") == token
    await page.click("button.choice:not([disabled]) >> text=Talk")
    await page.reload()
    await expect(page.locator(".bubble .text")).to_have_text(["hello", "text: hello", "talk", "tap: talk"])
    assert helpline.kinds().count(Kind.TEXT) == helpline.kinds().count(Kind.TAP) == 1
    await write(page, "hello")  # the same words again, from a later page, are said again
    await expect(page.locator(".helpline .text")).to_have_count(3)
    assert page.url == address + "/"
    assert await context.cookies() == []
    await page.click("#leave")
    await page.wait_for_url(NEUTRAL)
    await page.go_back()
    assert "hello" not in await page.content()
    await context.close()


async def test_everything_fits_a_small_screen_and_can_be_hit_with_a_thumb(page: Page) -> None:
    await write(page, "w" * 300)
    await expect(page.locator(".helpline")).to_have_count(1)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert await page.evaluate("document.getElementById('room').scrollWidth") <= 360
    for choice in await page.locator("button:visible, a.choice:visible, select, #text").all():
        box = await choice.bounding_box()
        if box and box["width"] > 1:
            assert box["height"] >= 44
    await expect(page.locator("#leave")).to_be_in_viewport()
