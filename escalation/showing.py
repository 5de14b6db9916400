"""Showing once: in an emergency a child may want to be found, and lets the counsellor see a piece that was hidden.

The piece passes through memory only, sealed with the case key even there; it is shown one time, ends by itself after half an
hour, and is never written to the ledger, the vault or a log (promise 2). The child has said yes to exactly this piece (promise 3).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from escalation.bell import Bell, case_topic
from escalation.casefile import find, key_of
from escalation.cases import Opened
from escalation.ledger import Ledger, LedgerIsAway
from escalation.sealing import Pair

KEPT_SECONDS = 30 * 60
"""How long a piece waits for a counsellor: as long as an idle session lasts."""


class PiecesAreAway(LedgerIsAway):
    """The memory where pieces wait cannot be reached at the moment."""

    def __init__(self) -> None:
        Exception.__init__(self, "What the child has agreed to show cannot be reached at the moment; try again.")


class Pieces(Protocol):
    """Where sealed pieces wait: by case and placeholder, in memory, each until its end. Every call may raise PiecesAreAway."""

    async def put(self, case: str, placeholder: str, sealed: bytes) -> None:
        """Keep a piece, in place of one with the same placeholder."""

    async def names(self, case: str) -> list[str]:
        """The placeholders that wait for this case, oldest first."""

    async def take(self, case: str, placeholder: str) -> bytes | None:
        """The piece, which is gone by that; None when there is none."""

    async def close(self) -> None:
        """Let go of the memory."""


class Memory:
    """Pieces in this process: enough where chat and console run in one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[tuple[str, str], tuple[bytes, float]] = {}

    async def put(self, case: str, placeholder: str, sealed: bytes) -> None:
        """Keep a piece, in place of one with the same placeholder."""
        self._end()
        self._held[case, placeholder] = (sealed, self._clock() + KEPT_SECONDS)

    async def names(self, case: str) -> list[str]:
        """The placeholders that wait for this case, oldest first."""
        self._end()
        return [placeholder for held, placeholder in self._held if held == case]

    async def take(self, case: str, placeholder: str) -> bytes | None:
        """The piece, which is gone by that; None when there is none."""
        self._end()
        sealed, _ = self._held.pop((case, placeholder), (None, 0.0))
        return sealed

    async def close(self) -> None:
        """Nothing to let go of: it ends with the process."""

    def _end(self) -> None:
        now = self._clock()
        for key in [key for key, (_, until) in self._held.items() if until <= now]:
            del self._held[key]


class Showings:
    """What children have agreed to show, between the chat and the console."""

    def __init__(self, ledger: Ledger, bell: Bell, pieces: Pieces) -> None:
        self._ledger = ledger
        self._bell = bell
        self._pieces = pieces

    async def offer(self, case: Opened, placeholder: str, piece: str) -> None:
        """The child said yes to this piece: it waits, sealed, for whoever has the case. Raises PiecesAreAway."""
        await self._pieces.put(case.id, placeholder, case.key.seal(piece.encode(), _place(case.id, placeholder)))
        self._bell.ring(case_topic(case.id))

    async def waiting(self, case: str) -> list[str]:
        """The placeholders that can be looked behind, once each; none while that cannot be known, for the case must open all the same."""
        try:
            return await self._pieces.names(case)
        except PiecesAreAway:
            return []

    async def take(self, case: str, placeholder: str, team: Pair) -> str | None:
        """The piece, once; None when it was shown already or has ended. Raises NoSuchCase or PiecesAreAway."""
        async with self._ledger.read() as connection:
            key = key_of(await find(connection, case), team)
        sealed = await self._pieces.take(case, placeholder)
        return None if sealed is None else key.open(sealed, _place(case, placeholder)).decode()

    async def close(self) -> None:
        """Let go of the memory where pieces wait."""
        await self._pieces.close()


def _place(case: str, placeholder: str) -> str:
    return f"{case}/shown/{placeholder}"
