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
    ina.get_by_text("Not like this").click()
    ina.get_by_label(re.compile("What should be different")).fill("Shorter, please.")
    act(ina, "Send it back")
    vlad.goto(f"{program.console}/texts")
    vlad.locator("#returned a").click()
    vlad.get_by_role("link", name="page.heading").click()
    vlad.wait_for_load_state("load")
    expect(vlad.locator(".notice").first).to_contain_text("Shorter, please.")
    vlad.locator("textarea").fill(HEADING + ".")
    act(vlad, "Save as a draft")
    vlad.locator("textarea").fill(HEADING)
    act(vlad, "Save as a draft")
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


def test_a_list_keeps_its_search_and_its_place_and_shows_texts_as_children_see_them(
    browser: Browser, program: Program, editors: tuple[Member, Member]
) -> None:
    vlad = sign_in(browser, program, editors[0], 360)
    search = f"{program.console}/texts/ro?standing=shipped&group=topic"
    vlad.goto(search)
    vlad.get_by_role("link", name="topic.phone_number").first.click()
    vlad.wait_for_load_state("load")
    expect(vlad.locator(".phone.web [data-preview]").first).to_contain_text("116 111")
    expect(vlad.locator(".phone.telegram [data-preview]").first).not_to_contain_text("{numbers}")
    vlad.get_by_role("link", name="Next", exact=True).click()
    after = vlad.locator("h1").text_content()
    vlad.get_by_role("link", name="Română, as searched").click()
    assert vlad.url == f"{search}#{after}"
    expect(vlad.get_by_role("link", name=after or "", exact=True).first).to_be_in_viewport()
    vlad.wait_for_load_state("load")
    place = vlad.evaluate("scrollY")
    with vlad.expect_navigation():
        vlad.locator("#approve").evaluate(
            "button => button.click()"
        )  # where it stands, the list would have to be scrolled
    assert vlad.url == f"{search}#{after}"
    expect(vlad.get_by_text("Nothing is found.")).to_be_visible()
    vlad.go_back()
    assert place > 0

    vlad.goto(f"{program.console}/texts/ro/human.wait")
    vlad.wait_for_load_state("load")
    assert vlad.locator(".form").count() == 3
    vlad.get_by_label("As for 20").fill("Au așteptat {n} de minute.")
    expect(vlad.locator(".phone.web [data-preview]").nth(2)).to_have_text("Au așteptat 20 de minute.")
    act(vlad, "Save as a draft")
    assert vlad.get_by_label("As for 20").input_value() == "Au așteptat {n} de minute."
    assert vlad.evaluate("document.documentElement.scrollWidth <= innerWidth")


def choose(page: Page, key: str) -> None:
    """A child taps the latest button of a text."""
    page.locator("button.choice:not([disabled])", has_text=catalogue.load().say(key, "en")).last.click()


def test_a_service_is_added_approved_by_a_colleague_and_told_to_a_child_in_the_middle_of_a_chat(
    browser: Browser, program: Program, editors: tuple[Member, Member]
) -> None:
    child = browser.new_context(locale="en-GB", viewport={"width": 360, "height": 640}).new_page()
    child.goto(program.chat)
    child.locator("#text").fill("where can i find help")
    child.locator("#send").click()
    choose(child, "country.RS")

    vlad, ina = sign_in(browser, program, editors[0]), sign_in(browser, program, editors[1], 360)
    vlad.get_by_role("link", name="Services").first.click()
    vlad.get_by_role("link", name="Add a service").click()
    vlad.wait_for_load_state("load")
    vlad.get_by_label("Its own name").fill("Invented police")
    vlad.get_by_label("What a child reads").select_option("service.police")
    vlad.get_by_label("Need").select_option("police")
    vlad.get_by_label("Telephone number").fill("000-0001")
    vlad.get_by_label("Hours").fill("24/7")
    expect(vlad.locator("#hours-read")).to_have_text("")
    vlad.get_by_label("Source", exact=True).fill("https://example.org")
    vlad.get_by_label("Serbia", exact=True).check()
    expect(vlad.locator("#hours-read")).to_have_text("Open day and night.")
    expect(vlad.locator("[data-field=number] .mistake")).to_contain_text("must be digits in groups")
    vlad.get_by_role("button", name="Save as a draft").click()
    expect(vlad.get_by_role("alert")).to_contain_text("Invented police: 'number' must be digits in groups")
    vlad.get_by_label("Telephone number").fill("000 0001")
    act(vlad, "Save as a draft")
    expect(vlad.get_by_role("heading", name="Invented police")).to_be_visible()
    expect(vlad.get_by_role("button", name="It is right")).to_be_disabled()

    ina.goto(f"{program.console}/services?standing=draft")
    assert ina.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ina.get_by_role("link", name="Invented police").click()
    act(ina, "It is right")
    act(ina, "Publish")
    assert ina.evaluate("document.documentElement.scrollWidth <= innerWidth")
    time.sleep(2)
    choose(child, "service.police")
    expect(child.locator('a[href="tel:0000001"]').last).to_be_visible()

    ina.get_by_text("Retire it", exact=True).click()
    expect(ina.locator(".warning")).to_have_count(0)  # another one is left
    act(ina, "Retire it, as a draft")
    vlad.reload()
    act(vlad, "It is right")
    act(vlad, "Publish")
    time.sleep(2)
    choose(child, "button.find_else")
    cards = child.locator('a[href^="tel:"]')
    before = cards.count()
    choose(child, "service.police")
    expect(cards).to_have_count(before + 1)
    expect(cards.last).to_have_attribute("href", "tel:192")


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
