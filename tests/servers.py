"""Real servers for tests: a Redis of the test's own, and databases of its own on a PostgreSQL that runs."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis
from world import free_port, stop, wait_until

POSTGRESQL = os.environ.get("TEST_POSTGRESQL", "postgresql://127.0.0.1:5432/test")
"""A database that may be connected to, by a user who may make others."""


def missing(what: str) -> None:
    """Without a server its tests are skipped, except where everything has to be tested."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is needed here")
    pytest.skip(f"{what} is not there")


class RedisServer:
    """A Redis on a port of its own, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        if not shutil.which("redis-server"):
            missing("redis-server")
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/3"

    def start(self, *options: str) -> None:
        """Start it, in memory only unless the options say otherwise, and wait until it answers."""
        kept_in_memory = options or ("--save", "", "--appendonly", "no")
        self._process = subprocess.Popen(
            [
                "redis-server",
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--dir",
                str(self._folder),
                *kept_in_memory,
            ],
            stdout=subprocess.DEVNULL,
        )
        wait_until(self._answers, 10, self._process)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def hang(self) -> None:
        """Let it answer nobody, and forget nothing."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it."""
        if self._process:
            stop(self._process)

    def asked(self, *words: str) -> Any:
        """The answer to a command, for what a test looks at or sets."""
        with redis.Redis.from_url(self.url, decode_responses=True) as client:
            return client.execute_command(*words)

    def _answers(self) -> bool:
        try:
            return bool(self.asked("PING"))
        except redis.RedisError:
            return False


class PostgresServer:
    """A PostgreSQL of the test's own, on a port of its own, which can be stopped and started as a machine's is."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
        if not found[-1].is_file():
            missing("PostgreSQL's initdb")
        self._programs = found[-1].parent
        self._data = folder / "postgresql"
        self._data.mkdir(mode=0o700)
        # PostgreSQL refuses to run as root; the folders above have to let its user through.
        self._as: list[str] = []
        if os.getuid() == 0:
            shutil.chown(self._data, "postgres", "postgres")
            for parent in [folder, *folder.parents][:-2]:
                parent.chmod(parent.stat().st_mode | 0o011)
            self._as = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "-D", str(self._data))

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self._run(
            "pg_ctl", "start", "-w", "-t", "60", "-D", str(self._data), "-l", str(self._data / "log"), "-o", options
        )

    def stop(self, how: str = "fast") -> None:
        """End it: "fast" as an operator does, "immediate" as a power cut does."""
        self._run("pg_ctl", "stop", "-w", "-m", how, "-D", str(self._data))

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as, str(self._programs / program), *arguments],
            check=True,
            cwd=self._data,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@asynccontextmanager
async def postgresql_database(template: str = "") -> AsyncIterator[str]:
    """A database of the test's own, empty or a copy of another one, as a URL; dropped afterwards."""
    name = await _create(template)
    try:
        yield _url(name)
    finally:
        await _drop(name)


@contextmanager
def postgresql_template(migrate: Callable[[str], object]) -> Iterator[str]:
    """A database to copy others from, migrated once; its name."""
    name = asyncio.run(_create())
    try:
        migrate(_url(name))
        yield name
    finally:
        asyncio.run(_drop(name))


async def _create(template: str = "") -> str:
    name = f"helpline_test_{secrets.token_hex(6)}"
    async with _server() as server:
        await server.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    return name


async def _drop(name: str) -> None:
    async with _server() as server:
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _url(name: str) -> str:
    return POSTGRESQL.rpartition("/")[0] + f"/{name}"


@asynccontextmanager
async def _server() -> AsyncIterator[Any]:
    try:
        server = await asyncpg.connect(POSTGRESQL, timeout=5)
    except OSError:
        missing("PostgreSQL")
    try:
        yield server
    finally:
        await server.close()


async def end_connections(url: str) -> int:
    """Have PostgreSQL end every connection to this database, as its restart would; how many those were."""
    async with _server() as server:
        ended = await server.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", url.rpartition("/")[2]
        )
        return len(ended)


async def refuse_connections(url: str, refuse: bool) -> None:
    """Have PostgreSQL end every connection to this database and refuse new ones, or allow them again."""
    async with _server() as server:
        await server.execute(f"ALTER DATABASE {url.rpartition('/')[2]} ALLOW_CONNECTIONS {not refuse}")
    if refuse:
        await end_connections(url)
