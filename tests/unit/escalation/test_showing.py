"""What a child agrees to show is seen once, by whoever has the team's key, and lies in no file."""

import pytest

from escalation.sealing import Pair, SealIsBroken
from escalation.showing import KEPT_SECONDS, Memory, Showings

PIECE = "064 000 0000"


@pytest.fixture
def seconds() -> list[float]:
    return [0.0]


@pytest.fixture
def showings(room, seconds) -> Showings:
    return Showings(room.ledger, room.bell, Memory(lambda: seconds[0]))


async def test_a_piece_is_seen_once(room, showings):
    case = await room.open()
    await showings.offer(room.opened(case), "[phone 1]", PIECE)
    assert await showings.waiting(case) == ["[phone 1]"]
    assert await showings.take(case, "[phone 1]", room.team) == PIECE
    assert await showings.take(case, "[phone 1]", room.team) is None
    assert await showings.waiting(case) == []


async def test_a_piece_ends_by_itself(room, showings, seconds):
    case = await room.open()
    await showings.offer(room.opened(case), "[phone 1]", PIECE)
    seconds[0] = KEPT_SECONDS
    assert await showings.waiting(case) == []
    assert await showings.take(case, "[phone 1]", room.team) is None


@pytest.mark.in_a_file
async def test_it_opens_for_the_teams_key_only_and_lies_in_no_file(room, showings):
    case = await room.open()
    await showings.offer(room.opened(case), "[phone 1]", PIECE)
    with pytest.raises(SealIsBroken):
        await showings.take(case, "[phone 1]", Pair.fresh())
    assert await showings.take(case, "[phone 1]", room.team) == PIECE
    assert PIECE.encode() not in b"".join(file.read_bytes() for file in room.file.parent.iterdir())
