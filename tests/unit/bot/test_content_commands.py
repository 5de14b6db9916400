"""Texts go out to translators as a .po file and come back as drafts: all of them or none, with a form for each number where numbers want it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.command import helpline
from escalation.bell import Bell
from escalation.editions import Edition, Editions, Name
from escalation.ledger import Ledger
from locales import catalogue, plurals

WAIT = ("Așteptați un minut.", "Așteptați {n} minute.", "Așteptați {n} de minute.")


class Office:
    """An operator with a terminal, and the ledger beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.file = folder / "ro.po"

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(
            helpline, ("content", *words), env={"HELPLINE_STATE": str(self._folder), "HELPLINE_LEDGER": ""}
        )

    def editions(self, work: Callable[[Editions], Awaitable[Any]]) -> Any:
        async def once() -> Any:
            ledger = Ledger.open(f"sqlite:///{self._folder}/ledger.sqlite3")
            await ledger.migrate()
            try:
                return await work(Editions(ledger, Bell()))
            finally:
                await ledger.close()

        return asyncio.run(once())

    def drafts(self) -> dict[Name, str]:
        current: list[Edition] = self.editions(lambda editions: editions.current())
        return {edition.name: edition.text for edition in current}

    def edit(self, key: str, *, forms: tuple[str, ...] | str) -> None:
        """What a translator does with the file."""
        catalog = catalogue.parse(self.file, "ro")
        message = catalog.get(key)
        assert message
        message.string = forms
        catalogue.write(catalog, self.file)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    assert office.run("export", "ro", str(office.file)).exit_code == 0
    return office


def test_what_went_out_and_comes_back_unchanged_is_no_draft(office: Office) -> None:
    assert "0 drafts" in office.run("import", "ro", str(office.file)).output
    assert office.drafts() == {}


def test_forms_for_each_number_come_back_as_one_draft_and_go_out_again(office: Office) -> None:
    office.edit("human.wait", forms=WAIT)
    office.edit("welcome", forms="Bine ai venit.")
    assert "2 drafts" in office.run("import", "ro", str(office.file)).output
    drafts = office.drafts()
    assert plurals.forms(drafts[Name("ro", "human.wait")]) == WAIT
    assert drafts[Name("ro", "welcome")] == "Bine ai venit."

    async def publish(editions: Editions) -> None:
        texts = [(Name("ro", "human.place"), plurals.joined(WAIT))]
        await editions.approve_shipped(texts, None)  # type: ignore[arg-type] - nobody is signed in here
        await editions.publish_reviewed([one.id for one in await editions.current()], None)  # type: ignore[arg-type]

    office.editions(publish)
    assert office.run("export", "ro", str(office.file)).exit_code == 0
    assert catalogue.entries("ro")["human.place", ""].texts != WAIT
    assert catalogue.parsed(catalogue.parse(office.file, "ro"))["human.place", ""].texts == WAIT


@pytest.mark.parametrize(
    ("forms", "says"),
    [
        ((WAIT[0], "", WAIT[2]), "human.wait: for 2: has no text"),
        ((WAIT[0], WAIT[1], "Așteptați mult."), "human.wait: for 20: does not say the number"),
    ],
)
def test_forms_that_would_break_something_are_not_taken(office: Office, forms: tuple[str, ...], says: str) -> None:
    office.edit("human.wait", forms=forms)
    refused = office.run("import", "ro", str(office.file))
    assert refused.exit_code == 1
    assert f"ro.po: {says}" in refused.output
    assert office.drafts() == {}


def test_a_text_that_lost_its_forms_is_not_taken(office: Office) -> None:
    written = office.file.read_text(encoding="utf-8")
    at = written.index('msgid_plural "human.wait"')
    lost = written[at:].split("\n\n")[0]
    office.file.write_text(written.replace(lost, 'msgstr "Așteptați {n} minute."'), encoding="utf-8")
    refused = office.run("import", "ro", str(office.file))
    assert "human.wait: wants a form for each number" in refused.output
    assert office.drafts() == {}
