"""Brings up one life of the program after the other, without the seconds that its imports cost.

    python cradle.py      reads "live" and "die" from standard input, writes "cradle", "live", "dead"

What only reads (imports, models, catalogues) is loaded once; every life is a fork of that. From the first line that opens a store on, a life is the
program as `helpline run people` runs it, and "die" is SIGKILL. How a life and its start are killed must not depend on this file: it knows no store.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable

import uvloop

import bot.telegram.channel
from bot import assembly, logs
from bot.settings import Settings, read
from locales import catalogue as catalogues
from locales import service_entries

PR_SET_PDEATHSIG = 1


def loaded_once(settings: Settings) -> None:
    """Load what only reads, and let every life have it."""
    catalogue, directory = catalogues.load(), service_entries.load()
    read_by = assembly.understanding(settings, catalogue)
    catalogues.load = lambda: catalogue  # type: ignore[assignment]
    service_entries.load = lambda: directory  # type: ignore[assignment]
    assembly.understanding = lambda *_: read_by  # type: ignore[assignment]
    assert bot.telegram.channel.TelegramChannel
    gc.freeze()


def live(settings: Settings) -> None:
    """One life; it ends with SIGKILL, or with the cradle."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    async def serve() -> None:
        ready = asyncio.Event()
        serving = asyncio.create_task(assembly.run(settings, frozenset({"chat", "console"}), ready))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            os.write(1, b"live\n")
        await serving

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


def forked(what: Callable[[], None]) -> int:
    """Do something in a process of its own; its id."""
    process = os.fork()
    if process:
        return process
    os.close(0)
    try:
        what()
    finally:
        os._exit(1)


def main() -> None:
    settings = read()
    logs.configure(settings.log_level)
    loaded_once(settings)
    os.write(1, b"cradle\n")
    process = 0
    for line in sys.stdin:
        if line == "live\n":
            process = forked(lambda: live(settings))
        else:
            os.kill(process, signal.SIGKILL)
            _, how = os.waitpid(process, 0)
            os.write(1, b"dead\n" if os.WIFSIGNALED(how) else b"ended by itself\n")


if __name__ == "__main__":
    main()
