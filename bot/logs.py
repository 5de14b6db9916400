"""Logs that cannot lead to a child: what is not on the list is dropped, not masked (promise 2).

Our own events carry a name and the few fields listed here. What libraries log is cut down to who logged, how grave it is, and the type of
the exception: their messages may quote an address or a text. The cut is made before any handler sees the record, because a library may
install handlers of its own, keep its records from the root logger, or do either later.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

ALLOWED = frozenset(
    {"event", "level", "timestamp", "logger", "urgency", "channel", "count", "seconds", "error", "part", "port", "kind"}
)
"""The only fields that an event of ours may carry. None of them can hold what a child wrote or where they are."""

_PLAIN = re.compile(r"[\w.:-]{1,60}")
_LOGGER = re.compile(r"(?!.*\d{4})[A-Za-z_][\w.]{0,60}")
"""Names of loggers are names of modules; one with a number in it could be an address."""


class Bare(logging.LogRecord):
    """What is left of a library's record: when, how grave, which logger, and the exception's type as its whole message.

    No text, no arguments, no traceback (whose lines may hold values), no `extra`, no name of a task, a thread or a file.
    """

    def __init__(self, full: logging.LogRecord) -> None:
        kind = full.exc_info[0] if isinstance(full.exc_info, tuple) else None
        name = full.name if _LOGGER.fullmatch(full.name) else "?"
        super().__init__(name, full.levelno, "", 0, kind.__name__ if kind else "", None, None)
        self.created, self.msecs, self.relativeCreated = full.created, full.msecs, full.relativeCreated
        self.threadName = self.processName = self.taskName = ""


class Line(logging.Formatter):
    """One line for a library's record."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger and the exception's type; never what is in the record beside them, wherever it comes from."""
        bare = record if isinstance(record, Bare) else Bare(record)
        return f"{self.formatTime(bare)} [{bare.levelname.lower()}] {bare.name} {bare.msg}".rstrip()


_handle = logging.Logger.handle


def _handle_bare(logger: logging.Logger, record: logging.LogRecord) -> None:
    """Every record passes here, whoever makes it: nobody below this line gets to see more than is left of it."""
    _handle(logger, record if isinstance(record, Bare) else Bare(record))


def _only_allowed(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: _safe(key, value) for key, value in event.items() if key in ALLOWED}


def _safe(key: str, value: Any) -> Any:
    """A number or one plain word stays as it is; anything else could be a sentence of a child's."""
    return value if key == "timestamp" or isinstance(value, (int, float)) or _PLAIN.fullmatch(str(value)) else "?"


def _uncaught(kind: type[BaseException], _error: object, trace: TracebackType | None) -> None:
    """Where a program broke, and on what; never the exception's message."""
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    sys.stderr.write(f"uncaught {kind.__name__} at {where}\n")


def configure(level: int = logging.WARNING) -> None:
    """Set up structlog and the root logger; called by whatever starts a process, and again once the settings are known."""
    logging.Logger.handle = _handle_bare  # type: ignore[method-assign, assignment]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # or a record that cannot be written would be printed whole
    sys.excepthook = _uncaught
    threading.excepthook = lambda caught: _uncaught(caught.exc_type, None, caught.exc_traceback)
    sys.unraisablehook = lambda caught: _uncaught(caught.exc_type, None, caught.exc_traceback)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=True),
            _only_allowed,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
