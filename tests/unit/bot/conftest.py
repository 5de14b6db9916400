"""A clock that a test turns by hand, a vault in memory, and somebody who writes. All of it is invented."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.vault import SqliteVault


@dataclass
class Clock:
    """Seconds since the beginning of the test's world."""

    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder of our own on tmpfs."""
    if not Path("/dev/shm").is_dir():  # noqa: S108
        pytest.fail("needs /dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="helpline-test-", dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def vault(memory: Path, clock: Clock) -> AsyncIterator[SqliteVault]:
    opened = SqliteVault(memory / "vault.sqlite3", clock=clock)
    yield opened
    await opened.close()
