"""Two editors teach in a browser: what is known, a word with its findings, a second person, and what a child then sees."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from members import Member
from playwright.sync_api import Browser, Page, expect
from test_editor import act, editors, sign_in  # noqa: F401 - a fixture is used by its name
from world import Program, start_program, stop

from bot.settings import Settings

pytestmark = pytest.mark.browser


@pytest.fixture
def program(settings: Settings) -> Iterator[Program]:
    """Chat and console; nothing here asks Rasa."""
    started = start_program(settings)
    yield started
    stop(started.process)


def add(page: Page, title: str, **fields: str) -> None:
    form = page.locator("section", has=page.get_by_role("heading", name=title)).locator("form")
    for label, value in fields.items():
        field = form.locator(f"[name={label}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def test_a_word_is_taught_by_two_and_its_next_message_is_an_alarm(
    browser: Browser,
    program: Program,
    editors: tuple[Member, Member],  # noqa: F811
) -> None:
    vlad, ina = (sign_in(browser, program, member, width) for member, width in zip(editors, (1280, 360), strict=True))
    vlad.goto(f"{program.console}/words/en?q=zbrrlo+tonight")
    expect(vlad.get_by_role("row", name="zbrrlo zbrrlo stands for itself")).to_be_visible()
    add(vlad, "Add a word", text="i'm", gloss="i")
    expect(vlad.get_by_text("“i'm” is there already as the same.")).to_be_visible()
    add(vlad, "Add a word", text="zbrrlo", gloss="he will kill me")
    vlad.wait_for_load_state("load")
    with vlad.expect_navigation():
        vlad.get_by_role("button", name="Add for a second person to approve").first.click()
    expect(vlad.get_by_role("button", name="It is right: zbrrlo")).to_be_disabled()
    add(vlad, "Add an example", text="zbrrlo is my cat", kind="harmless")
    with vlad.expect_navigation():
        vlad.get_by_role("button", name="Add for a second person to approve").last.click()
    ina.goto(f"{program.console}/words/en")
    for text in ("zbrrlo", "zbrrlo is my cat"):
        act(ina, f"It is right: {text}")
    assert ina.evaluate("document.documentElement.scrollWidth") <= 360
    child = browser.new_context(locale="en-GB").new_page()
    child.goto(program.chat)
    child.get_by_role("textbox").fill("zbrrlo tonight")
    child.keyboard.press("Enter")
    expect(child.get_by_text("112").first).to_be_visible()
    vlad.goto(f"{program.console}/words")
    expect(vlad.get_by_text("2 approved changes are not learned yet.")).to_be_visible()
