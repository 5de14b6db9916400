"""What a waiting child is told of its wait: its place, how long the last ones waited, or that nobody is there. Never more than is known."""

from __future__ import annotations

import structlog

from bot.answers import WAITING, Answers
from bot.messages import Bubble
from bot.session import Session
from escalation.intake import Intake, NoSuchCase
from escalation.ledger import LedgerIsAway

log = structlog.get_logger("wait")


class Wait:
    """Says how a case stands, honestly."""

    def __init__(self, answers: Answers, intake: Intake) -> None:
        self._answers = answers
        self._intake = intake

    async def said(self, session: Session) -> Bubble:
        """One bubble with the ways out below it. Failing to look up the wait must not undo what was stored (promise 1)."""
        assert session.case  # noqa: S101
        say = self._answers.say
        try:
            standing = await self._intake.standing(session.case.id)
        except (LedgerIsAway, NoSuchCase):
            log.warning("wait_not_known")
            return say(session, "human.wait_unknown", WAITING)
        if not standing.on_duty:
            return say(session, "human.nobody", WAITING)
        before, minutes = (standing.place or 1) - 1, standing.typical_wait_minutes
        place = self._answers.count(session, "human.place", before) if before else say(session, "human.next").text
        long = (
            say(session, "human.wait_unknown").text
            if minutes is None
            else self._answers.count(session, "human.wait", max(1, minutes))
        )
        return self._answers.said(session, f"{place} {long}", WAITING)
