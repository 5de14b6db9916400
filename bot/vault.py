"""The vault: what may identify a child and must vanish. It lies in memory (tmpfs), and every entry expires.

Promise 2: nothing of it is ever on a disk. It survives a restart of the program, so that a child who is waiting is still
reached, but not of the machine.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol


class VaultIsOnDisk(RuntimeError):
    """The vault's folder is not on tmpfs: what identifies a child would be written to a disk."""


class VaultIsAway(RuntimeError):
    """The vault cannot be reached at the moment; nothing is known of any child until it is back."""

    def __init__(self) -> None:
        super().__init__("The vault cannot be reached; start it again, 'helpline doctor' says more.")


class Vault(Protocol):
    """A store of small values by key, each with its end. Every call raises VaultIsAway when the store cannot be reached."""

    async def get(self, key: str) -> Any | None:
        """The value, or None when there is none or it has ended."""

    async def put(self, key: str, value: Any, seconds: float) -> None:
        """Keep a JSON value for so many seconds from now."""

    async def take(self, key: str) -> Any | None:
        """The value, which is forgotten at once: of several who take, one gets it and the others None."""

    async def delete(self, key: str) -> None:
        """Forget a key; nothing happens when it is not there."""

    async def sweep(self) -> int:
        """Remove what has ended; how many entries that were."""

    async def close(self) -> None:
        """Let go of the store; what it holds stays for the next start."""


def is_tmpfs(path: Path) -> bool:
    """Whether a folder (or the nearest one above that exists) lies on tmpfs, by the kernel's mount table."""
    while not path.exists():
        path = path.parent
    real = path.resolve()
    best, kind = "", ""
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _, mount, filesystem, *_ = line.split(" ")
        inside = str(real) == mount or str(real).startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, filesystem
    return kind in {"tmpfs", "ramfs"}


class SqliteVault:
    """The embedded vault: one SQLite file on tmpfs, opened by the chat process.

    Calls do not wait for anything: a look-up in memory takes some twenty microseconds, less than handing it to a thread.
    """

    def __init__(self, path: Path, *, may_be_on_disk: bool = False, clock: Callable[[], float] = time.time) -> None:
        if not may_be_on_disk and not is_tmpfs(path.parent):
            raise VaultIsOnDisk(f"the vault {path} is not on tmpfs; set HELPLINE_VAULT to a path that is")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        previous = os.umask(0o077)
        try:
            self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode=TRUNCATE")  # a write-ahead log would keep what was forgotten
            self._file.execute("PRAGMA synchronous=OFF")  # tmpfs: there is no disk to wait for
            self._file.execute("PRAGMA secure_delete=ON")
            self._file.execute("PRAGMA busy_timeout=2000")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value TEXT NOT NULL, ends REAL NOT NULL) WITHOUT ROWID"
            )
            path.chmod(0o600)  # also where it lay there before, open to others; not ours to change: PermissionError
        finally:
            os.umask(previous)
        self._clock = clock

    async def get(self, key: str) -> Any | None:
        """The value, or None when there is none or it has ended."""
        rows = self._run("SELECT value FROM entries WHERE key=? AND ends>?", (key, self._clock()))
        return json.loads(rows[0][0]) if rows else None

    async def put(self, key: str, value: Any, seconds: float) -> None:
        """Keep a JSON value for so many seconds from now."""
        self._run(
            "INSERT INTO entries VALUES (?,?,?) ON CONFLICT (key) DO UPDATE SET value=excluded.value, ends=excluded.ends",
            (key, json.dumps(value, ensure_ascii=False, separators=(",", ":")), self._clock() + seconds),
        )

    async def take(self, key: str) -> Any | None:
        """The value, which is forgotten at once: of several who take, one gets it and the others None."""
        rows = self._run("DELETE FROM entries WHERE key=? RETURNING value, ends", (key,))
        return json.loads(rows[0][0]) if rows and rows[0][1] > self._clock() else None

    async def delete(self, key: str) -> None:
        """Forget a key; nothing happens when it is not there."""
        self._run("DELETE FROM entries WHERE key=?", (key,))

    async def sweep(self) -> int:
        """Remove what has ended; how many entries that were."""
        return len(self._run("DELETE FROM entries WHERE ends<=? RETURNING 1", (self._clock(),)))

    async def close(self) -> None:
        """Close the file; what it holds stays for the next start."""
        self._file.close()

    def _run(self, sql: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._file.execute(sql, values).fetchall()
        except sqlite3.Error as error:  # the memory is full, or somebody holds the file
            raise VaultIsAway from error
