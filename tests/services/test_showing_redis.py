"""What a child agrees to show goes from the chat's process to the console's through a Redis, once, and lies there sealed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from servers import RedisServer

from bot import vault_redis
from escalation.bell import Bell
from escalation.cases import Author, Category, Facts, Perspective, Said, Urgency
from escalation.intake import Intake
from escalation.ledger import Ledger
from escalation.showing import PiecesAreAway, Showings
from escalation.showing_redis import InRedis
from escalation.team import founding

FACTS = Facts(Urgency.EMERGENCY, (Category.CONTROL,), Perspective.SELF, "en", "web")
PIECE = "064 000 0000"


@pytest.fixture
async def processes(postgresql: str, redis_server: RedisServer) -> AsyncIterator[tuple[Showings, Showings, Ledger]]:
    """The chat's showings and the console's."""
    ledger = Ledger.open(postgresql)
    await ledger.migrate()
    chat, console = (Showings(ledger, Bell(), InRedis(vault_redis.client(redis_server.url))) for _ in range(2))
    yield chat, console, ledger
    await chat.close()
    await console.close()
    await ledger.close()


async def test_a_piece_is_seen_once_in_the_other_process_and_redis_never_sees_it(processes, redis_server: RedisServer):
    chat, console, ledger = processes
    case = await Intake(ledger, Bell()).open(FACTS, [Said(Author.CHILD, "[phone 1]", datetime.now(UTC))])
    async with ledger.read() as connection:
        team = await founding(connection)
    assert team
    await chat.offer(case, "[phone 1]", PIECE)
    (key,) = redis_server.asked("KEYS", "*")
    assert redis_server.asked("TTL", key) > 0
    assert PIECE not in str(redis_server.asked("HGETALL", key))
    assert await console.waiting(case.id) == ["[phone 1]"]
    assert await console.take(case.id, "[phone 1]", team) == PIECE
    assert await console.take(case.id, "[phone 1]", team) is None
    assert redis_server.asked("KEYS", "*") == []


@pytest.mark.parametrize("trouble", ["away", "saves to a disk"])
async def test_when_redis_is_away_or_begins_to_save_nothing_is_passed_on_and_the_case_still_opens(
    processes, redis_server: RedisServer, trouble: str
):
    chat, console, ledger = processes
    case = await Intake(ledger, Bell()).open(FACTS, [Said(Author.CHILD, "[phone 1]", datetime.now(UTC))])
    if trouble == "away":
        redis_server.kill()
    else:
        redis_server.asked("CONFIG", "SET", "save", "900 1")
    with pytest.raises(PiecesAreAway):
        await chat.offer(case, "[phone 1]", PIECE)
    assert await console.waiting(case.id) == []
