"""Rasa as a process of its own, in its own environment: trained, started, watched and ended from here, never imported.

It listens on loopback only, with a token, and dies with the helpline.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import secrets
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.settings import ROOT, Settings

PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
MODEL = "topics"
PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that the kernel sends to a child when its parent is gone, so that even SIGKILL leaves no Rasa behind."""

log = structlog.get_logger("rasa")


class RasaIsNotInstalled(RuntimeError):
    """Rasa's environment is missing."""

    def __init__(self) -> None:
        super().__init__("Rasa's environment is not there; run 'make setup'")


class TrainingFailed(RuntimeError):
    """`rasa train` ended with an error; its output says why."""


def token(settings: Settings) -> str:
    """The secret between the application and Rasa; made once, readable by the owner alone."""
    path = settings.rasa_token_file
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _environment(secret: str) -> dict[str, str]:
    return os.environ | {
        "HELPLINE_RASA_TOKEN": secret,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "LOG_LEVEL": "ERROR",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "NO_COLOR": "1",
    }


def _data(taught: Path) -> list[str]:
    """What Rasa learns from: what ships, and the questions that were taught."""
    ships = [
        path.relative_to(ROOT)
        for pattern in ("stories/*.yml", "nlu/*/topics.yml")
        for path in sorted(ROOT.glob(pattern))
    ]
    return [str(path) for path in (*ships, *sorted(taught.glob("*/topics.yml")))]


async def train(settings: Settings, taught: Path, progress: Callable[[str], None]) -> None:
    """Train the topic model from nlu/, stories/ and what was `taught` into the models folder. Raises TrainingFailed with Rasa's last lines."""
    if not PYTHON.exists():
        raise RasaIsNotInstalled
    process = await asyncio.create_subprocess_exec(
        str(PYTHON), "-m", "rasa", "train", "--domain", "domain.yml", "--config", "config.yml", "--data", *_data(taught),
        "--out", str(settings.models), "--fixed-model-name", MODEL,
        cwd=ROOT, env=_environment("training") | {"LOG_LEVEL": "INFO", "HELPLINE_TAUGHT": str(taught)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, preexec_fn=die_with_parent,
    )  # fmt: skip
    assert process.stdout
    lines: list[str] = []
    async for raw in process.stdout:
        line = raw.decode(errors="replace").strip()
        lines.append(line)
        if "Starting to train component" in line or "Finished training component" in line:
            progress(f"Rasa: {line.split('  - ')[-1].rstrip('.')}")
    if await process.wait():
        raise TrainingFailed("\n".join(lines[-15:]))


class RasaProcess:
    """A running Rasa server. `keep_running` starts it again when it dies."""

    def __init__(self, settings: Settings, credentials: Path = ROOT / "credentials.yml") -> None:
        self._settings = settings
        self._credentials = credentials
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start it; it takes 20 to 25 seconds until it answers."""
        if not PYTHON.exists():
            raise RasaIsNotInstalled
        self._process = await asyncio.create_subprocess_exec(
            str(PYTHON), "-m", "rasa", "run", "--model", str(self._settings.models / f"{MODEL}.tar.gz"),
            "--interface", "127.0.0.1", "--port", str(self._settings.rasa_port), "--endpoints", "endpoints.yml",
            "--credentials", str(self._credentials),
            cwd=ROOT, env=_environment(token(self._settings)), stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,  # promise 2: its output may quote a message
            start_new_session=True, preexec_fn=die_with_parent,
        )  # fmt: skip

    async def keep_running(self) -> None:
        """Start it, and again whenever it ends, a little later each time; until cancelled."""
        pause = 1.0
        try:
            while True:
                began = asyncio.get_running_loop().time()
                await self.start()
                assert self._process
                await self._process.wait()
                log.warning("rasa_ended")
                if asyncio.get_running_loop().time() - began > 120:
                    pause = 1.0
                await asyncio.sleep(pause)
                pause = min(60.0, pause * 2)
        finally:
            await self.stop()

    async def stop(self) -> None:
        """End it and everything it started."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        os.killpg(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def die_with_parent() -> None:
    """Have the kernel end this process when its parent is gone; for the moment between fork and exec."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def model_path(settings: Settings) -> Path:
    """Where the trained topic model lies."""
    return settings.models / f"{MODEL}.tar.gz"
