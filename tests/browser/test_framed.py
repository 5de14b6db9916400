"""The page in the frame of a site that the operator has named, in a real Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fake_helpline import FakeHelpline, catalogue, served
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from bot.web.app import WebChat
from bot.web.headers import NEUTRAL

pytestmark = pytest.mark.browser

PARTNER, STRANGER = "https://partner.test", "https://stranger.test"


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            # A page on loopback in the frame of one that is not: only in a test.
            args=["--no-sandbox", "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests"],
        )
        yield browser
        await browser.close()


async def site_with_frame(chromium: Browser, site: str, address: str) -> Page:
    page = await (await chromium.new_context()).new_page()

    async def framing(route: Route) -> None:
        await route.fulfill(
            body=f'<iframe src="{address}/" width="360" height="640"></iframe>', content_type="text/html"
        )

    async def neutral(route: Route) -> None:
        await route.fulfill(body="<title>Neutral</title>", content_type="text/html")

    await page.route(f"{site}/", framing)
    await page.route(NEUTRAL + "**", neutral)
    await page.goto(f"{site}/")
    return page


@pytest.fixture
async def address() -> AsyncIterator[str]:
    helpline = FakeHelpline()
    helpline.chat = WebChat(helpline.converse, catalogue(), "en", frame_ancestors=(PARTNER,))
    async with served(helpline.chat) as (address, _):
        yield address


async def test_a_child_writes_in_the_frame_and_leaves_that_site_too(chromium: Browser, address: str) -> None:
    page = await site_with_frame(chromium, PARTNER, address)
    frame = page.frame_locator("iframe")
    await frame.locator("#text").fill("hello")
    await frame.locator("#send").click()
    await expect(frame.locator(".helpline .text")).to_have_text(["text: hello"])
    await frame.locator("#leave").click()
    await page.wait_for_url(NEUTRAL)


async def test_no_other_site_may_frame_it(chromium: Browser, address: str) -> None:
    page = await site_with_frame(chromium, STRANGER, address)
    await page.wait_for_timeout(500)
    assert await page.frame_locator("iframe").locator("#text").count() == 0
