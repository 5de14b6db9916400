"""An editor changes a Romanian text in a browser, a colleague approves it, a child reads it; a rollback, a conflict, a broken placeholder."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from members import PASSWORD, Member, found, join
from playwright.sync_api import Browser, Page, expect
from world import Program

from escalation.ledger import Ledger
from escalation.people import Role
from locales import catalogue

pytestmark = pytest.mark.browser
HEADING = "Scrie aici ce vrei"


@pytest.fixture
def editors(program: Program) -> tuple[Member, Member]:
    """Two people who edit, on the ledger of the running program."""

    async def both() -> tuple[Member, Member]:
        ledger = Ledger.open(program.settings.ledger)
        try:
            team = await found(ledger)
            vlad = await join(ledger, team, "Vlad", [Role.EDITOR])
            return vlad, await join(ledger, team, "Ina", [Role.EDITOR])
        finally:
            await ledger.close()

    with ThreadPoolExecutor(1) as apart:  # this thread may have Playwright's loop
        return apart.submit(lambda: asyncio.run(both())).result()


def sign_in(browser: Browser, program: Program, member: Member, width: int = 1280) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    page.goto(f"{program.console}/sign-in")
    page.get_by_label("Name").fill(member.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label(re.compile("digits")).fill(member.code())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Texts")).to_be_visible()
    return page


def act(page: Page, name: str) -> None:
    page.wait_for_load_state("load")  # nobody taps before the page's script has begun
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def reads(browser: Browser, program: Program, heading: str) -> Callable[[], bool]:
    context = browser.new_context(locale="ro-RO", viewport={"width": 360, "height": 640})

    def see() -> bool:
        page = context.new_page()
        page.goto(program.chat)
        seen = page.locator("h1").text_content()
        page.close()
        return seen == heading

    return see


def within_two_seconds(sees: Callable[[], bool]) -> bool:
    end = time.monotonic() + 2
    while time.monotonic() < end:
        if sees():
            return True
        time.sleep(0.1)
    return False


def test_a_changed_text_is_approved_by_a_colleague_read_by_a_child_and_rolled_back(
    browser: Browser, program: Program, editors: tuple[Member, Member]
) -> None:
    shipped = catalogue.load().say("page.heading", "ro")
    vlad, ina = (sign_in(browser, program, member) for member in editors)
    vlad.get_by_role("link", name="Română").click()
    vlad.get_by_label("Search").fill("page.heading")
    vlad.get_by_role("button", name="Show", exact=True).click()
    vlad.get_by_role("link", name="page.heading").click()
    vlad.wait_for_load_state("load")
    vlad.locator("textarea").fill(HEADING)
    expect(vlad.locator("[data-preview]").first).to_have_text(HEADING)
    act(vlad, "Save as a draft")
    expect(vlad.get_by_role("button", name="It is right")).to_be_disabled()
    assert reads(browser, program, shipped)()

    ina.goto(f"{program.console}/texts/ro?standing=draft")
    ina.get_by_role("link", name="page.heading").click()
    act(ina, "It is right")
    act(ina, "Publish")
    assert within_two_seconds(reads(browser, program, HEADING))

    ina.get_by_text("How it came to be").click()
    act(ina, "Go back to this")
    assert within_two_seconds(reads(browser, program, shipped))


def test_two_editors_on_one_text_are_told_and_a_broken_placeholder_is_refused(
    browser: Browser, program: Program, editors: tuple[Member, Member]
) -> None:
    vlad, ina = (sign_in(browser, program, member, 360) for member in editors)
    for page in (vlad, ina):
        page.goto(f"{program.console}/texts/ro/page.heading")
        page.wait_for_load_state("load")
    vlad.locator("textarea").fill(HEADING)
    act(vlad, "Save as a draft")
    ina.locator("textarea").fill("Altceva")
    ina.get_by_role("button", name="Save as a draft").click()
    expect(ina.get_by_role("alert")).to_contain_text("Vlad has changed this text meanwhile.")
    assert ina.locator("textarea").input_value() == "Altceva"  # nothing is lost

    vlad.wait_for_load_state("load")
    vlad.locator("textarea").fill("Scrie {aici")
    expect(vlad.locator(".findings .grave")).to_contain_text("placeholder")
    vlad.get_by_role("button", name="Save as a draft").click()
    expect(vlad.get_by_role("alert")).to_contain_text("a placeholder in braces is broken")
    assert vlad.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_card_is_chosen_looked_at_and_taken_along(
    browser: Browser, program: Program, editors: tuple[Member, Member], width: int
) -> None:
    page = sign_in(browser, program, editors[0], width)
    page.get_by_role("link", name="Cards", exact=True).click()
    page.get_by_label("Language").select_option("ar")
    page.get_by_label("Numbers of").select_option("TR")
    page.get_by_label("Theme").select_option("work")
    page.get_by_label("Form").select_option("poster")
    page.get_by_label("Address").fill("https://www.example.org")
    page.get_by_role("button", name="Show", exact=True).click()
    picture = page.locator("img.proof")
    expect(picture).to_be_visible()
    page.wait_for_load_state("load")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.expect_download() as taken:
        page.get_by_role("link", name="PDF, to print").click()
    assert taken.value.suggested_filename == "ar-work-poster.pdf"
    page.get_by_label("Address").fill("example.org")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text(
        "The address of the page must be whole, such as https://www.example.org."
    )
