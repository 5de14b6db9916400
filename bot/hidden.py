"""What was hidden from a child's message in an emergency, and the child's choice to let the counsellor see one piece, once.

In an emergency a child may want to be found. The pieces are held in the memory of this process and nowhere else, for half an hour at
most; what the child agrees to passes on sealed (escalation.showing). Nothing happens without a yes to exactly that piece (promise 3).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

import structlog

from bot.answers import Answers
from bot.messages import Bubble
from bot.redaction import Piece
from bot.session import Session
from escalation.showing import KEPT_SECONDS, PiecesAreAway, Showings

log = structlog.get_logger("hidden")

MOST_PIECES = 5
"""Pieces of one session: the newest, since those are where the child is now."""

MOST_SESSIONS = 10_000


class Hidden:
    """The pieces of emergencies, by session, in memory only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: OrderedDict[str, list[tuple[Piece, float]]] = OrderedDict()

    def remember(self, session: str, pieces: Iterable[Piece]) -> None:
        """Hold new pieces, each once; the oldest go when there are too many."""
        until = self._clock() + KEPT_SECONDS
        held = self._alive(session)
        for piece in pieces:
            held = [other for other in held if other[0].placeholder != piece.placeholder] + [(piece, until)]
        if held:
            self._held[session] = held[-MOST_PIECES:]
            self._held.move_to_end(session)
        while len(self._held) > MOST_SESSIONS:
            self._held.popitem(last=False)

    def next(self, session: str) -> Piece | None:
        """The piece to ask about next."""
        held = self._alive(session)
        return held[0][0] if held else None

    def take(self, session: str, placeholder: str) -> Piece | None:
        """A piece, which is forgotten here by that; None when it is held no longer."""
        held = self._alive(session)
        found = next((piece for piece, _ in held if piece.placeholder == placeholder), None)
        self._held[session] = [other for other in held if other[0].placeholder != placeholder]
        return found

    def forget(self, session: str) -> None:
        """The session has ended."""
        self._held.pop(session, None)

    def sweep(self) -> None:
        """Forget what has been held for too long."""
        for session in list(self._held):
            if not self._alive(session):
                del self._held[session]

    def _alive(self, session: str) -> list[tuple[Piece, float]]:
        now = self._clock()
        return [(piece, until) for piece, until in self._held.get(session, []) if until > now]


class ShowOnce:
    """Asks about one piece after the other, and passes on the ones that the child says yes to."""

    def __init__(self, answers: Answers, hidden: Hidden, showings: Showings | None) -> None:
        self._answers = answers
        self._hidden = hidden
        self._showings = showings

    def ask(self, session: Session) -> list[Bubble]:
        """The question about the next piece, while a counsellor is there to see it; nothing where there is none to ask about."""
        if self._showings is None or not (session.case and session.with_human and session.emergency):
            return []
        piece = self._hidden.next(session.id)
        if piece is None:
            return []
        taps = (f"show:{piece.placeholder}", f"hide:{piece.placeholder}")
        return [self._answers.say_once(session, "show.ask", taps, piece=piece.said)]

    async def settle(self, session: Session, tap: str) -> list[Bubble]:
        """What the child tapped: show exactly this piece, once, or keep it hidden."""
        choice, _, placeholder = tap.partition(":")
        piece = self._hidden.take(session.id, placeholder)
        if choice == "hide":
            return [self._answers.say(session, "show.hidden"), *self.ask(session)]
        if piece is None or self._showings is None or session.case is None:
            return [self._answers.say(session, "show.gone")]
        try:
            await self._showings.offer(session.case, placeholder, piece.said)
        except PiecesAreAway:
            log.error("piece_not_passed_on")
            return [self._answers.say(session, "show.gone")]
        return [self._answers.say(session, "show.done", piece=placeholder), *self.ask(session)]
