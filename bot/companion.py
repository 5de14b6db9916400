"""Stays with a child while it waits for a counsellor, and is silent while a human has the chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from bot.aftermath import Topic
from bot.answers import WAITING, Answers
from bot.meaning import Meaning, Meanings
from bot.messages import Bubble, Speaker
from bot.policy import ANSWERED_BEFORE_ASKING
from bot.session import Line, Session
from bot.wait import Wait
from escalation.cases import Author, CaseState, Facts, Opened, Presence, Said, Urgency
from escalation.intake import CaseIsClosed, Intake
from escalation.ledger import LedgerIsAway

log = structlog.get_logger("companion")


class Companion:
    """What is said to a child with an open case."""

    def __init__(self, answers: Answers, meanings: Meanings, intake: Intake, wait: Wait) -> None:
        self._answers = answers
        self._meanings = meanings
        self._intake = intake
        self._wait = wait

    async def stay(
        self, session: Session, line: Line, facts: Facts, topic: Topic, tap: str = ""
    ) -> list[Bubble] | None:
        """Pass on what the child says; answer it only while no human does. None when the case has ended meanwhile."""
        assert session.case  # noqa: S101
        try:
            state = await self._pass_on(session.case, line, facts)
        except LedgerIsAway:
            log.error("line_not_stored")
            return [self._answers.say(session, "human.unsaved")]
        if state is CaseState.CLAIMED:
            return []
        if state is not CaseState.WAITING:
            session.found_closed()
            return None
        return await self._keep_company(session, line.text, facts, topic, tap)

    async def told(self, session: Session, bubbles: Sequence[Bubble]) -> None:
        """Put what the child was told into the thread, so that the counsellor does not say it again (mission M10)."""
        assert session.case  # noqa: S101
        try:
            await self._intake.add(
                session.case,
                *(Said(Author.HELPLINE, bubble.text, datetime.now(UTC)) for bubble in bubbles if _to_tell(bubble)),
            )
        except (CaseIsClosed, LedgerIsAway):
            log.warning("told_not_stored")
        except Exception as mistake:  # whatever it is, the child reads the answer (promise 1)
            log.error("told_not_stored", error=type(mistake).__name__)

    async def learned(self, session: Session, facts: Facts) -> None:
        """The child has said where they are, or changed the language: the counsellors see it at once."""
        assert session.case  # noqa: S101
        try:
            await self._intake.worsen(session.case, facts)
        except (CaseIsClosed, LedgerIsAway):
            log.warning("learned_not_stored")

    async def presence(self, session: Session, presence: Presence) -> None:
        """Tell the counsellors whether the child is here; leaving must work even when that cannot be stored."""
        assert session.case  # noqa: S101
        try:
            await self._intake.presence(session.case.id, presence)
        except LedgerIsAway:
            log.error("presence_not_stored")

    async def _pass_on(self, case: Opened, line: Line, facts: Facts) -> CaseState | None:
        said = Said(
            Author.CHILD, line.text, datetime.fromisoformat(line.at), tuple((start, end) for start, end in line.marks)
        )
        try:
            await self._intake.add(case, said)
            if facts.urgency is not Urgency.NONE:
                await self._intake.worsen(case, facts)
        except CaseIsClosed:
            return None
        return await self._intake.state(case.id)

    async def _keep_company(self, session: Session, text: str, facts: Facts, topic: Topic, tap: str) -> list[Bubble]:
        assert session.case  # noqa: S101
        meaning = self._meanings.of(tap or text, session.locale)
        if tap in {
            "person:cancel",
            "person:not_meant",
        }:  # only a tap takes it back: typed words may be another's, or misread (promise 1)
            try:
                await self._intake.withdraw(session.case.id)
            except LedgerIsAway:  # it may or may not have been taken back: neither is said
                log.error("not_taken_back")
                return [self._answers.say(session, "human.unsaved", ["person:cancel"])]
            session.leave_case()
            return [self._answers.menu_after(session, "human.cancelled")]
        if tap in {"/talk_to_human", "person:yes"} or meaning is Meaning.YES:
            return [self._answers.say(session, "human.already", WAITING)]
        if tap.startswith("/") or tap == "menu":
            return await topic(session, "/menu" if tap == "menu" else tap)
        say = self._answers.say
        if facts.urgency is Urgency.EMERGENCY:
            return [say(session, "after.emergency"), say(session, "alarm.numbers", WAITING)]
        match meaning:
            case Meaning.WHAT_NOW:
                return [say(session, "after.what_now"), say(session, "alarm.numbers", WAITING)]
            case Meaning.FORGET | Meaning.NO | Meaning.NOT_MEANT:
                return [say(session, "after.forget.waiting", WAITING)]
            case Meaning.UNSURE:
                return [say(session, "human.waiting_calm", WAITING)]
        asks = "?" in text or "؟" in text
        if asks and (answered := await topic(session, text, ANSWERED_BEFORE_ASKING)):
            return answered
        return await self._still_here(session)

    async def _still_here(self, session: Session) -> list[Bubble]:
        """The first time in full words; after that one short line, with how the wait stands only where that has changed."""
        wait, before = await self._wait.said(session), session.wait_told
        session.wait_told = wait.text
        if not before:
            return [self._answers.say(session, "human.waiting"), wait]
        if wait.text == before:
            return [self._answers.say(session, "human.passed_on", WAITING)]
        return [self._answers.say(session, "human.passed_on"), wait]


def _to_tell(bubble: Bubble) -> bool:
    """What the helpline said, but for what is the child's alone; a counsellor's own words are in the thread already."""
    return bubble.speaker is Speaker.HELPLINE and not bubble.once and not bubble.private
