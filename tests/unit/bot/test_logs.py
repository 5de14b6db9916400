"""Nothing of a child gets into a log, whoever writes it. The canary stands for what a child wrote or where they are."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest
import structlog

from bot import logs
from bot.messages import Channel, Incoming, Kind, Sender

CANARY = "canary my uncle and +381640000000"


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test sets up is afterwards as it was before."""
    monkeypatch.setattr(logging, "raiseExceptions", True)
    for owner, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(owner, hook, getattr(owner, hook))
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()


def written(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    return captured.out + captured.err


def fail() -> None:
    raise ValueError(CANARY)


def test_an_event_of_ours_shows_its_name_and_the_allowed_fields(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)
    structlog.get_logger().warning("case_opened", channel="web", urgency="urgent", count=3)
    shown = written(capsys)
    assert all(word in shown for word in ("case_opened", "channel=web", "urgency=urgent", "count=3"))


def test_a_field_that_is_not_allowed_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)
    structlog.get_logger().warning("event", text=CANARY, chat=CANARY, sender=Sender(Channel.WEB, CANARY))
    assert "canary" not in written(capsys)


def test_a_sentence_in_an_allowed_field_or_as_an_event_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)
    structlog.get_logger().error("event", error=CANARY, part=[CANARY], urgency=ValueError(CANARY))
    structlog.get_logger().error(CANARY)
    structlog.get_logger().bind(logger=CANARY).error("event")
    assert "canary" not in written(capsys)


def test_an_exception_in_an_event_of_ours_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)
    try:
        fail()
    except ValueError as error:
        structlog.get_logger().exception("broken")
        structlog.get_logger().error("broken", exc_info=error, stack_info=True)
    shown = written(capsys)
    assert "broken" in shown
    assert "canary" not in shown


def test_what_a_library_logs_is_cut_down_to_who_and_how_grave(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)
    library = logging.getLogger("some.library")
    library.warning("got %s", CANARY)
    library.warning(CANARY, extra={"chat": CANARY})
    shown = written(capsys)
    assert shown.count("[warning] some.library") == 2
    assert "canary" not in shown


def test_a_librarys_exception_is_shown_by_its_type_alone(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)
    try:
        fail()
    except ValueError:
        logging.getLogger("some.library").exception(CANARY, stack_info=True)
    shown = written(capsys)
    assert "some.library ValueError" in shown
    assert "canary" not in shown


def test_a_warning_is_not_shown_with_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(CANARY, RuntimeWarning, stacklevel=1)
    assert "canary" not in written(capsys)


def test_an_exception_that_nobody_catches_shows_its_type_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)
    try:
        fail()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    shown = written(capsys)
    assert "uncaught ValueError at" in shown
    assert "test_logs.py" in shown
    assert "canary" not in shown


def test_an_exception_in_a_thread_is_not_shown_with_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    shown = written(capsys)
    assert "uncaught ValueError" in shown
    assert "canary" not in shown


def test_an_exception_while_something_is_thrown_away_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)

    class Leaving:
        def __del__(self) -> None:
            fail()

    leaving = Leaving()
    del leaving
    gc.collect()
    shown = written(capsys)
    assert "uncaught ValueError" in shown
    assert "canary" not in shown


def test_a_task_that_nobody_asked_after_is_not_shown_with_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)

    async def forgotten() -> None:
        async def broken() -> None:
            fail()

        task = asyncio.create_task(broken(), name=CANARY)
        await asyncio.sleep(0)
        del task
        gc.collect()

    asyncio.run(forgotten())
    gc.collect()
    assert "canary" not in written(capsys)


def test_a_record_that_cannot_be_written_is_not_printed_instead(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)

    class Broken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            self.handleError(record)

    logging.getLogger().addHandler(Broken())
    logging.getLogger("some.library").error(CANARY)
    assert "canary" not in written(capsys)


def test_an_incoming_message_does_not_show_itself_when_it_is_printed() -> None:
    assert "canary" not in repr(Incoming(Sender(Channel.TELEGRAM, CANARY), Kind.TEXT, CANARY, CANARY))
