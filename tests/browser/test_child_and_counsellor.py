"""A child and a counsellor talk, each in a browser of their own, with the whole program between them."""

from __future__ import annotations

import re
import time

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from world import Program

pytestmark = pytest.mark.browser
PASSWORD = "an invented password"


def counsellor(browser: Browser, program: Program) -> Page:
    """The first member follows the link of the start, keeps the recovery key, signs in, sets the digits, and goes on duty."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(program.invitation)
    page.get_by_label("Name").fill("Test Ana")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    expect(page.locator("#recovery-key")).to_have_text(re.compile("^([A-Z2-7]{4}-){12}[A-Z2-7]{4}$"))
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#recovery-key")).to_be_visible()  # not before it is said to be on paper
    page.get_by_label("on paper").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("Test Ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Set your second factor")).to_be_visible()
    page.wait_for_load_state("load")  # the picture too
    drawn = page.get_by_role("img", name="QR code")
    assert drawn.evaluate("image => image.complete && image.naturalWidth") > 0
    secret = str(page.locator(".secret").text_content()).replace(" ", "")
    page.get_by_label("six digits").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Test Ana").first).to_be_visible()
    page.wait_for_load_state("load")  # nobody taps before the page's script has begun
    page.get_by_label(re.compile("available", re.IGNORECASE)).first.click()
    expect(page.get_by_text("1 counsellor is available")).to_be_visible()
    return page


def write(page: Page, text: str) -> None:
    page.wait_for_load_state("load")  # nobody types before the page's script has begun
    page.locator("textarea").fill(text)
    page.locator("textarea").press("Enter")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_child_writes_half_a_sentence_and_a_person_answers(browser: Browser, program: Program, script: bool):
    console = counsellor(browser, program)
    page = browser.new_context(
        viewport={"width": 360, "height": 640}, java_script_enabled=script, locale="en-GB"
    ).new_page()
    page.goto(program.chat)

    def say(text: str) -> None:
        page.locator("textarea").fill(text)
        page.get_by_role("button", name="Send", exact=True).click()

    def look() -> None:
        if not script:
            page.get_by_role("button", name="Look for new answers").click()

    say("they want to sell me tonight")
    expect(page.get_by_text("I have asked a counsellor", exact=False).first).to_be_visible()
    expect(page.get_by_text("You are next", exact=False).first).to_be_visible()

    console.get_by_role("button", name=re.compile("take", re.IGNORECASE)).first.click()
    expect(console.get_by_text("they want to sell me tonight").first).to_be_visible()
    assert console.locator("mark").count() > 0
    write(console, "I am here. Is it safe to write?")

    end = time.monotonic() + 5
    while not page.get_by_text("I am here. Is it safe to write?").count():
        assert time.monotonic() < end
        page.wait_for_timeout(200)
        look()
    say("yes for now")
    expect(console.get_by_text("yes for now").first).to_be_visible(timeout=3000)
    assert page.url.rstrip("/") == program.chat
    assert page.context.cookies() == []

    page.get_by_role("button", name="Leave now").first.click()
    expect(console.get_by_text(re.compile("has left", re.IGNORECASE)).first).to_be_visible(timeout=5000)


def test_a_message_arrives_within_a_second_both_ways(browser: Browser, program: Program):
    console = counsellor(browser, program)
    page = browser.new_context(viewport={"width": 360, "height": 640}, locale="en-GB").new_page()
    page.goto(program.chat)
    write(page, "they want to sell me tonight")
    console.get_by_role("button", name=re.compile("take", re.IGNORECASE)).first.click()
    expect(console.get_by_text("they want to sell me tonight").first).to_be_visible()
    for number in range(3):
        began = time.monotonic()
        write(console, f"to the child {number}")
        expect(page.get_by_text(f"to the child {number}")).to_be_visible(timeout=1000)
        write(page, f"to the counsellor {number}")
        expect(console.get_by_text(f"to the counsellor {number}")).to_be_visible(timeout=1000)
        assert time.monotonic() - began < 2


def test_a_counsellor_whose_browser_closes_finds_the_chat_as_it_was(browser: Browser, program: Program):
    console = counsellor(browser, program)
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(program.chat)
    write(page, "they want to sell me tonight")
    console.get_by_role("button", name=re.compile("take", re.IGNORECASE)).first.click()
    expect(console.get_by_text("they want to sell me tonight").first).to_be_visible()
    address, context = console.url, console.context
    console.close()
    write(page, "are you still there")
    again = context.new_page()
    again.goto(address)
    expect(again.get_by_text("are you still there").first).to_be_visible()
