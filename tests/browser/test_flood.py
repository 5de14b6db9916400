"""Very many come at once, seen from a child's page in a real Chromium: it works or waits by itself, and nothing that was written is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fake_helpline import FakeHelpline, served
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.crowd import Crowd
from bot.messages import Kind
from bot.web import door
from bot.web.headers import NEUTRAL

pytestmark = pytest.mark.browser

HTTP = "helpline.test"
"""A name that is not this machine's own to the browser: on plain http it has no crypto.subtle there."""


@pytest.fixture
def helpline() -> FakeHelpline:
    return FakeHelpline(Crowd(sessions_per_minute=1))


@pytest.fixture
async def address(helpline: FakeHelpline) -> AsyncIterator[str]:
    async with served(helpline.chat) as (address, _):
        yield address


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", f"--host-resolver-rules=MAP {HTTP} 127.0.0.1"]
        )
        yield browser
        await browser.close()


async def opened(chromium: Browser, address: str, script: bool = True) -> Page:
    context = await chromium.new_context(
        viewport={"width": 360, "height": 640}, locale="en", java_script_enabled=script
    )
    page = await context.new_page()
    await page.goto(address)
    return page


async def write(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.click("#send")


async def another_comes(chromium: Browser, address: str) -> None:
    """The minute's worth."""
    page = await opened(chromium, address)
    await write(page, "first")
    await expect(page.locator(".helpline .text")).to_have_text(["text: first"])


async def test_a_page_works_by_itself_and_the_child_notices_nothing_but_a_note(
    chromium: Browser, address: str, helpline: FakeHelpline
) -> None:
    await another_comes(chromium, address)
    page = await opened(chromium, "about:blank")
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    await page.goto(address)
    await write(page, "help me")
    await expect(page.locator(".helpline .text")).to_have_text(["text: help me"])
    await expect(page.locator(".child .text")).to_have_text(["help me"])
    await expect(page.locator("#note")).to_have_text("")
    assert await page.input_value("#text") == ""
    assert len([frame for frame in sent if '"proof"' in frame]) == 1
    assert [incoming.text for incoming in helpline.heard if incoming.kind is Kind.TEXT] == ["first", "help me"]


async def test_the_page_stays_alive_while_it_works_and_shows_where_to_call(
    chromium: Browser, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await another_comes(chromium, address)
    monkeypatch.setattr(door, "LEAST_BITS", 40)  # nobody solves that
    monkeypatch.setattr(door, "MOST_BITS", 40)
    page = await opened(chromium, address)
    await expect(page.locator("#note")).to_have_text("en busy work")
    await write(page, "one")
    await write(page, "two")
    await expect(page.locator(".child .text")).to_have_text(["one", "two"])
    longest = await page.evaluate(
        """async () => {
          let longest = 0;
          let last = performance.now();
          for (let frame = 0; frame < 120; frame += 1) {
            await new Promise(requestAnimationFrame);
            longest = Math.max(longest, performance.now() - last);
            last = performance.now();
          }
          return longest;
        }"""
    )
    assert longest < 500
    await expect(page.locator(".helpline .text")).to_have_text(["en numbers"])
    await expect(page.locator("a.call")).to_have_attribute("href", "tel:112")
    await page.route(
        NEUTRAL + "**", lambda route: route.fulfill(body="<title>Neutral</title>", content_type="text/html")
    )
    await page.click("#leave")
    await page.wait_for_url(NEUTRAL)


async def test_a_page_that_cannot_work_waits_and_is_then_heard(
    chromium: Browser, address: str, helpline: FakeHelpline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "LEAST_SECONDS", 1)
    await another_comes(chromium, address)
    page = await opened(chromium, address.replace("127.0.0.1", HTTP))
    assert await page.evaluate("crypto.subtle === undefined")
    await write(page, "help me")
    await expect(page.locator("#note")).to_have_text("en busy work")
    await expect(page.locator(".helpline .text")).to_have_text(["text: help me"])
    assert [incoming.text for incoming in helpline.heard if incoming.kind is Kind.TEXT] == ["first", "help me"]


async def test_without_script_the_words_stay_in_the_box_until_they_are_heard(
    chromium: Browser, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "LEAST_SECONDS", 1)
    await another_comes(chromium, address)
    page = await opened(chromium, address, script=False)
    await write(page, "help me")
    await expect(page.locator("#note")).to_have_text("en busy form")
    await expect(page.locator("a.call")).to_have_attribute("href", "tel:112")
    assert await page.input_value("#text") == "help me"
    await page.wait_for_timeout(1100)
    await page.click("#send")
    await expect(page.locator(".helpline .text")).to_have_text(["text: help me"])
    assert await page.input_value("#text") == ""
