"""How texts are received: whether one helped, and how a child would say it better. It belongs to the text, never to the chat (mission M20, M21)."""

from __future__ import annotations

from collections import Counter

import structlog

from bot.answers import Answers
from bot.messages import Bubble
from bot.session import Session
from escalation.echo import LONGEST_NOTE, Echo, What
from escalation.editions import Name
from escalation.ledger import LedgerIsAway

HELPED, NOT_HELPED = "helped:", "not_helped:"
"""How the taps below a text begin; the key of the text follows."""

MOST = 2_000
"""Different counts that are collected before the ledger has them; what a flood brings beyond is not counted."""

log = structlog.get_logger("reception")


class Reception:
    """Asks whether a text helped, and collects what is said of it."""

    def __init__(self, answers: Answers, echo: Echo) -> None:
        self._answers = answers
        self._echo = echo
        self._counted: Counter[tuple[Name, What]] = Counter()

    def shown(self, session: Session, key: str) -> tuple[str, str]:
        """A text is shown; the taps that ask about it."""
        self._count(session, key, What.SHOWN)
        return f"{HELPED}{key}", f"{NOT_HELPED}{key}"

    def tapped(self, session: Session, tap: str) -> list[Bubble]:
        """A child said whether a text helped: thanks, or the question how to say it better."""
        kind, _, key = tap.partition(":")
        if f"{kind}:" == HELPED:
            self._count(session, key, What.HELPED)
            return [self._answers.say(session, "feedback.thanks", ("menu",))]
        self._count(session, key, What.NOT_HELPED)
        session.say_better = key
        return [self._answers.say(session, "feedback.better", ("/talk_to_human", "menu"))]

    async def better(self, session: Session, key: str, redacted: str) -> list[Bubble]:
        """Keep how a child would say the text that it was asked about."""
        try:
            await self._echo.note(self._name(session, key), redacted[:LONGEST_NOTE])
        except LedgerIsAway:  # a note is no reason to trouble a child
            log.warning("note_not_stored")
        return [self._answers.say(session, "feedback.thanks", ("menu", "/talk_to_human"))]

    async def flush(self) -> None:
        """Hand what was counted to the ledger; when it is away, the counts wait."""
        counted, self._counted = self._counted, Counter()
        if not counted:
            return
        try:
            await self._echo.add(counted)
        except LedgerIsAway:
            self._counted += counted

    def _count(self, session: Session, key: str, what: What) -> None:
        entry = (self._name(session, key), what)
        if entry in self._counted or len(self._counted) < MOST:
            self._counted[entry] += 1

    @staticmethod
    def _name(session: Session, key: str) -> Name:
        return Name(session.locale, key, "9-12" if session.younger else "")
