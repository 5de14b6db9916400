"""Nothing of a child gets into a log, whoever writes it. The canary stands for what a child wrote or where they are."""

from __future__ import annotations

import asyncio
import gc
import logging
import logging.handlers
import queue
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog
import uvicorn

from bot import logs
from bot.messages import Channel, Incoming, Kind, Sender

CANARY = "canary my uncle and +381640000000"

LIBRARIES = ("uvicorn", "uvicorn.error", "websockets", "websockets.server", "aiogram", "aiogram.event", "aiohttp.access", "aiohttp.client",
             "sqlalchemy", "sqlalchemy.engine.Engine", "sqlalchemy.pool", "aiosqlite", "asyncio", "httpx", "httpcore", "redis", "asyncpg",
             "alembic", "alembic.runtime.migration", "concurrent.futures", "multipart", "py.warnings")  # fmt: skip
EVERYTHING = " ".join(f"%({name})s" for name in logging.makeLogRecord({}).__dict__ if name not in {"exc_text", "args"})
"""A format that shows whatever a record has."""


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test sets up is afterwards as it was before."""
    monkeypatch.setattr(logging, "raiseExceptions", True)
    monkeypatch.setattr(logging.Logger, "handle", logging.Logger.handle)
    for owner, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(owner, hook, getattr(owner, hook))
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:] = before
    root.setLevel(level)
    for name in (*LIBRARIES, "some.library", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.NOTSET)
        logger.propagate = True
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


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL])
def test_no_library_says_more_than_its_name_at_any_level(
    name: str, level: int, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(logging.DEBUG)
    library = logging.getLogger(name)
    library.setLevel(logging.DEBUG)
    library.log(level, "%s wrote %s", CANARY, {"text": CANARY}, extra={"client_addr": CANARY, "headers": CANARY})
    try:
        canary = CANARY
        raise LookupError(canary) from ValueError(CANARY)
    except LookupError:
        library.log(level, CANARY, exc_info=True, stack_info=True)
    shown = written(capsys)
    assert "canary" not in shown
    assert "640000000" not in shown
    word = logging.getLevelName(level).lower()
    assert [line.split(" ", 2)[2] for line in shown.splitlines()] == [
        f"[{word}] {name}",
        f"[{word}] {name} LookupError",
    ]


def test_a_library_that_brings_its_own_handler_has_nothing_to_show(capsys: pytest.CaptureFixture[str]) -> None:
    library = logging.getLogger("some.library")
    early, late = logging.StreamHandler(sys.stderr), logging.StreamHandler(sys.stdout)
    for handler in (early, late):
        handler.setFormatter(logging.Formatter(EVERYTHING))
    library.addHandler(early)
    library.propagate = False
    logs.configure(logging.DEBUG)
    library.addHandler(late)
    logging.getLogger().addHandler(late)
    try:
        fail()
    except ValueError:
        library.exception("%s", CANARY, extra={"chat": CANARY}, stack_info=True)
    logging.LoggerAdapter(library, {"chat": CANARY}).error(CANARY)
    logging.getLogger("another.library").error(CANARY)
    shown = written(capsys)
    assert shown.count("some.library") == 4
    assert "another.library" in shown
    assert "ValueError" in shown
    assert not any(word in shown for word in ("canary", "640000000", "test_logs", "Traceback", "fail()"))


def test_a_library_with_no_handler_at_all_has_nothing_to_show_either(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)
    logging.getLogger().handlers.clear()
    logging.getLogger("some.library").error(CANARY)
    assert "canary" not in written(capsys)


def test_a_handler_that_keeps_records_for_later_keeps_no_words() -> None:
    kept: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    logs.configure(logging.DEBUG)
    logging.getLogger("some.library").addHandler(logging.handlers.QueueHandler(kept))  # type: ignore[arg-type]
    logging.getLogger("some.library").warning(CANARY, extra={"chat": CANARY})
    assert "canary" not in repr(vars(kept.get()))


def test_a_logger_that_makes_records_of_its_own_kind_is_cut_down_too(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)

    class Odd(logging.Logger):
        def makeRecord(self, *_: Any, **__: Any) -> logging.LogRecord:  # noqa: N802 - the name is logging's
            return logging.makeLogRecord({"name": "odd", "levelno": logging.ERROR, "msg": CANARY, "exc_text": CANARY})

    odd = Odd("odd")
    odd.addHandler(logging.StreamHandler(sys.stderr))
    odd.error("anything")
    logging.getLogger().handlers[0].handle(logging.makeLogRecord({"name": "past", "msg": CANARY, "exc_text": CANARY}))
    shown = written(capsys)
    assert "past" in shown
    assert "canary" not in shown


def test_a_name_that_could_be_an_address_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(logging.DEBUG)
    logging.getLogger("chat.0640000000").error("here")
    assert "640000000" not in written(capsys)


async def test_a_web_server_that_sets_up_its_own_logging_says_nothing_of_who_asks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def breaks(scope: Any, _receive: Any, _send: Any) -> None:
        raise RuntimeError(CANARY, scope)

    logs.configure(logging.DEBUG)
    server = uvicorn.Server(uvicorn.Config(breaks, port=0, log_level="trace", access_log=True, lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers={"User-Agent": "canary"}) as browser:
        assert (await browser.post("/canary?canary=1", content="canary")).status_code == 500
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"canary canary\r\n\r\n")
    await reader.read()
    writer.close()
    server.should_exit = True
    await running
    shown = written(capsys)
    assert "ERROR:    RuntimeError" in shown
    assert "INFO:" in shown
    assert not any(word in shown for word in ("canary", "127.0.0.1", "Traceback"))


def test_setting_up_twice_changes_the_level_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger().info("too_quiet")
    logs.configure(logging.INFO)
    structlog.get_logger().info("heard")
    logging.getLogger("some.library").info(CANARY)
    shown = written(capsys)
    assert "too_quiet" not in shown
    assert shown.count("heard") == shown.count("some.library") == 1
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
