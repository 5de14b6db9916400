"""What fuzzing stands on: mistakes that are listened for, and a summary of what was tried."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from inputs import IS_LONG, LONG, TALLY
from world import World, assembled

from bot import assembly
from bot.settings import ROOT, Settings
from bot.understanding import Understanding
from locales import catalogue as catalogues

GLOSSARIES = ROOT / "nlu" / "glossary"

MISTAKES = {"turn_failed", "web_mistake", "telegram_turn_failed", "console.mistake", "relay_failed"}
"""What the program logs where something broke that should not have."""


class _Heard(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[0] is UnicodeDecodeError:
            return  # uvicorn says so of a text frame that is no text, and closes the line (1007); bot/logs.py leaves its type alone
        self._heard.append(f"{record.name}: {record.getMessage()} {record.exc_info and record.exc_info[1]!r}")


@pytest.fixture
def mistakes() -> Iterator[list[str]]:
    """Whatever would be a traceback or a 500 in the program's output; a test asserts that it stays empty."""
    heard: list[str] = []

    def listen(_logger: object, _method: str, event: dict[str, object]) -> dict[str, object]:
        if event.get("event") in MISTAKES:
            heard.append(str(event))
        raise structlog.DropEvent

    before, handler = structlog.get_config(), _Heard(heard)
    structlog.configure(processors=[listen])
    logging.getLogger().addHandler(handler)
    yield heard
    logging.getLogger().removeHandler(handler)
    structlog.configure(**before)
    assert heard == []


@pytest.fixture(scope="session")
def understanding(trained: Settings) -> Understanding:
    """Read from the disk once, with every glossary open: the first message of a language opens it, from its cache in a fifth of a second."""
    understanding = assembly.understanding(trained, catalogues.load())
    for path in GLOSSARIES.glob("*.tsv"):
        understanding.weigh("?", path.stem)
    return understanding


@pytest.fixture
async def world_without_rasa(
    settings: Settings, understanding: Understanding, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """Everything together on fresh stores, but nobody listens on Rasa's port."""
    monkeypatch.setattr(assembly, "understanding", lambda *_: understanding)
    async with assembled(settings) as built:
        yield built


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if IS_LONG and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(3600))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if IS_LONG:
        terminalreporter.section("fuzz")
        for line in TALLY.lines():
            terminalreporter.write_line(line)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if IS_LONG and session.exitstatus == 0 and not session.config.option.keyword and TALLY.total < LONG:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
