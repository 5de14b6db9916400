"""Cards from the command line: the files, what to do before printing, and one line for what cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.command import helpline
from locales import service_entries

ADDRESS = "https://www.example.org"


def run(tmp_path: Path, *words: str, **settings: str) -> Result:
    environment = {"HELPLINE_STATE": str(tmp_path / "state"), **settings}
    return CliRunner().invoke(helpline, ["content", "cards", "--out", str(tmp_path / "print"), *words], env=environment)


def test_each_form_is_written_as_svg_and_pdf_and_the_numbers_to_confirm_are_named(tmp_path: Path) -> None:
    done = run(tmp_path, "--locale", "ro", "--country", "RO", "--theme", "talk", HELPLINE_ADDRESS=ADDRESS)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "print").iterdir()) == [
        f"ro-RO-talk-{form}.{ending}" for form in ("card", "poster", "sheet") for ending in ("pdf", "svg")
    ]
    (line, *_) = service_entries.load().find("RO", "children")
    assert f"before you print, have {line.number} confirmed by {line.name}" in done.stderr


def test_the_operators_country_is_taken_and_an_empty_one_means_no_numbers(tmp_path: Path) -> None:
    chosen = ("--locale", "en", "--theme", "talk", "--address", ADDRESS)
    assert "en-RO-talk-card.svg" in run(tmp_path, *chosen, HELPLINE_COUNTRY="RO").output
    without = run(tmp_path, *chosen, "--country", "", HELPLINE_COUNTRY="RO")
    assert "en-talk-card.svg" in without.output
    assert "before you print" not in without.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "which page do the cards lead to? Give --address, or set HELPLINE_ADDRESS"),
        (("--address", "example"), "The address of the page must be whole, such as https://www.example.org."),
        (("--address", ADDRESS, "--country", "DE"), "There is no country “DE”; choose one of AL, "),
    ],
)
def test_what_cannot_be_made_is_said_in_one_line(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    done = run(tmp_path, "--locale", "ro", *words)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {says}")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "print").exists()
