"""Lives of the program, brought up and killed by a test."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.settings import ROOT, Settings

CRADLE = Path(__file__).parent / "cradle.py"


class Lives:
    """`await begin()`, `await up()`, `await kill()`, again and again; see cradle.py."""

    def __init__(self, settings: Settings, **more: str) -> None:
        self._settings = settings
        self._environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "OPENBLAS_NUM_THREADS": "1",
            "HELPLINE_STATE": str(settings.state),
            "HELPLINE_VAULT": str(settings.vault),
            "HELPLINE_LEDGER": settings.ledger,
            "HELPLINE_CHAT_PORT": str(settings.chat_port),
            "HELPLINE_CONSOLE_PORT": str(settings.console_port),
            "HELPLINE_RASA_PORT": str(settings.rasa_port),
            **more,
        }

    async def __aenter__(self) -> Self:
        self._errors = (self._settings.state / "output-lives").open("ab")
        self._cradle = await asyncio.create_subprocess_exec(
            sys.executable, str(CRADLE), cwd=ROOT, env=self._environment,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=self._errors,
        )  # fmt: skip
        assert await self._says() == "cradle", self.output
        return self

    async def __aexit__(
        self, _t: type[BaseException] | None, _e: BaseException | None, _b: TracebackType | None
    ) -> None:
        assert self._cradle.stdin
        self._cradle.stdin.close()
        try:
            await asyncio.wait_for(self._cradle.wait(), 5)
        except TimeoutError:
            self._cradle.kill()
            await self._cradle.wait()
        self._errors.close()

    @property
    def output(self) -> str:
        """What all lives have logged."""
        return (self._settings.state / "output-lives").read_text()

    async def begin(self) -> None:
        """Begin a life."""
        self._tell("live")
        self._up = asyncio.create_task(self._says())

    async def up(self) -> None:
        """Wait until this life serves."""
        assert await asyncio.shield(self._up) == "live", self.output

    async def kill(self) -> None:
        """SIGKILL, whatever it is doing."""
        self._tell("die")
        if await self._up == "live":
            assert await self._says() == "dead", self.output
        else:
            assert self._up.result() == "dead", self.output

    def _tell(self, word: str) -> None:
        assert self._cradle.stdin
        self._cradle.stdin.write(f"{word}\n".encode())

    async def _says(self) -> str:
        assert self._cradle.stdout
        return (await asyncio.wait_for(self._cradle.stdout.readline(), 120)).decode().strip()
