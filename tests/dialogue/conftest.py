"""A real Rasa with the real model, on a free port of this machine, printing as much as it can be told to."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
RASA = ROOT / ".venv-rasa" / "bin" / "rasa"
MODEL = ROOT / "var" / "models" / "topics.tar.gz"
SILENCE = 3.0
HELD = 5

ENDPOINTS = f"""
tracker_store: {{type: stories.memory.Memory, minutes: {SILENCE / 60}, conversations: {HELD}}}
lock_store: {{type: in_memory}}
"""


def surroundings(**more: str) -> dict[str, str]:
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore", "PYTHONPATH": str(ROOT)}
    return {**os.environ, **quiet, **more}


@pytest.fixture(scope="session")
def model() -> Path:
    if not (RASA.exists() and MODEL.exists()):
        pytest.fail("needs Rasa's environment and a trained model")
    return MODEL


@pytest.fixture(scope="session")
def play(model: Path) -> Callable[[Path, Path], subprocess.CompletedProcess[str]]:
    """Play Rasa's test stories with the trained model."""

    def playing(stories: Path, results: Path) -> subprocess.CompletedProcess[str]:
        command = [RASA, "test", "core", "--model", model, "--stories", stories, "--e2e", "--no-plot"]
        more = ["--fail-on-prediction-errors", "--endpoints", "endpoints.yml", "--out", results]
        everything = list(map(str, command + more))
        return subprocess.run(everything, cwd=ROOT, env=surroundings(), capture_output=True, text=True, check=False)

    return playing


@dataclass(frozen=True)
class Rasa:
    """A running Rasa: where it is, what it wants to be shown, where what it prints goes, and what it remembers."""

    url: str
    token: str
    printed: Path
    silence: float = SILENCE
    held: int = HELD

    def bare(self, method: str, path: str, **more: Any) -> httpx.Response:
        return httpx.request(method, f"{self.url}/webhooks/helpline/{path}", timeout=60, **more)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.bare(method, path, headers={"Authorization": f"Bearer {self.token}"}, **more)

    def turn(self, text: str, locale: str = "en", sender: str | None = None) -> dict[str, Any]:
        body = {"sender": sender or secrets.token_urlsafe(), "text": text, "locale": locale}
        answer = self.ask("POST", "turn", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture(scope="session")
def rasa(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rasa]:
    folder = tmp_path_factory.mktemp("rasa")
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(ENDPOINTS)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = Rasa(f"http://127.0.0.1:{port}", secrets.token_urlsafe(), folder / "printed.txt")
    command = [RASA, "run", "-i", "127.0.0.1", "-p", str(port), "-m", model, "--endpoints", endpoints]
    loud = surroundings(HELPLINE_RASA_TOKEN=started.token, LOG_LEVEL="DEBUG", LOG_LEVEL_LIBRARIES="DEBUG")
    with started.printed.open("w") as printed:
        process = subprocess.Popen(
            [*map(str, command), "--credentials", "credentials.yml", "--debug"],
            cwd=ROOT,
            env=loud,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                assert started.ask("GET", "").status_code == 200
                break
            except httpx.ConnectError:
                assert process.poll() is None, started.printed.read_text()[-2000:]
                assert time.monotonic() < deadline, "Rasa did not start"
                time.sleep(0.3)
        yield started
    finally:
        process.terminate()
        process.wait(20)
