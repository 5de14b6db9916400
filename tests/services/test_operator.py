"""What an operator is told of the two servers: by `helpline doctor`, and by a start that is refused."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import replace

import asyncpg
import pytest
from servers import POSTGRESQL, RedisServer, refuse_connections

from bot import checkup
from bot.settings import ROOT, Settings
from escalation.ledger import Ledger


@pytest.fixture
async def scaled(settings: Settings, postgresql: str, redis_server: RedisServer) -> Settings:
    """Settings of the larger size, with a migrated ledger."""
    ledger = Ledger.open(postgresql)
    await ledger.migrate()
    await ledger.close()
    return replace(settings, ledger=postgresql, vault=redis_server.url)


async def doctor(settings: Settings, about: str) -> list[str]:
    """What doctor says about one thing."""
    lines: list[str] = []
    await checkup.report(settings, lines.append)
    return [line for line in lines if line[6:].startswith(about)]


async def test_doctor_says_which_servers_are_used_and_that_they_are_safe(scaled: Settings):
    assert await doctor(scaled, "vault") == ["well  vault: on a Redis that keeps it in memory only"]
    assert (
        "well  ledger: on a PostgreSQL that has every commit on its disk and no statement in its log"
        in await doctor(scaled, "ledger")
    )


async def test_doctor_says_what_is_not_safe(scaled: Settings, redis_server: RedisServer):
    redis_server.asked("CONFIG", "SET", "save", "900 1")
    server = await asyncpg.connect(POSTGRESQL)
    await server.execute(f"ALTER DATABASE {scaled.ledger.rpartition('/')[2]} SET log_statement = 'all'")
    await server.close()
    (vault,) = await doctor(scaled, "vault")
    assert vault.startswith("WRONG vault: the Redis of HELPLINE_VAULT saves to disk; ")
    assert "WRONG ledger: on a PostgreSQL that is not safe: log_statement = all; see docs/operating.md" in await doctor(
        scaled, "ledger"
    )


async def test_doctor_says_what_is_away(scaled: Settings, redis_server: RedisServer):
    redis_server.kill()
    await refuse_connections(scaled.ledger, True)
    assert (await doctor(scaled, "vault"))[0].startswith("WRONG vault: the Redis of HELPLINE_VAULT cannot be reached; ")
    assert (await doctor(scaled, "ledger"))[0].startswith("WRONG ledger: cannot be opened; ")


@pytest.mark.parametrize(
    ("trouble", "line"),
    [
        ("Redis saves", "Error: the Redis of HELPLINE_VAULT saves to disk; start it with --save '' --appendonly no"),
        ("Redis is away", "Error: The vault cannot be reached; start it again, 'helpline doctor' says more."),
        ("PostgreSQL is away", "Error: The ledger cannot be used at the moment; 'helpline doctor' says more."),
    ],
)
async def test_a_start_on_servers_that_cannot_be_used_is_refused_in_one_line(
    scaled: Settings, redis_server: RedisServer, trouble: str, line: str
):
    match trouble:
        case "Redis saves":
            redis_server.asked("CONFIG", "SET", "save", "900 1")
        case "Redis is away":
            redis_server.kill()
        case _:
            await refuse_connections(scaled.ledger, True)
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", "run", "chat"],
        cwd=ROOT,
        env=os.environ
        | {
            "HELPLINE_STATE": str(scaled.state),
            "HELPLINE_LEDGER": scaled.ledger,
            "HELPLINE_VAULT": str(scaled.vault),
            "HELPLINE_CHAT_PORT": str(scaled.chat_port),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [line]
