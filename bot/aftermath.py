"""The turn after a disclosure belongs to it: "yes", "I don't know", "what should I do", "forget it" are answered in its context.

Here the child decides whether a human comes (promise 3). A case is committed before the child is told that somebody will (promise 1).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import structlog

from bot.answers import ASK_SOFTLY, OFFER, Answers
from bot.meaning import Meaning, Meanings
from bot.messages import Bubble, Speaker
from bot.policy import ASKED_AT_MOST, first_answer, safety_of
from bot.session import Alarm, Session, Sessions
from bot.wait import Wait
from escalation.cases import Author, Facts, Opened, Perspective, Said, Urgency
from escalation.intake import CaseIsClosed, Intake, merge
from escalation.ledger import LedgerIsAway


class Topic(Protocol):
    """The dialogue's answer to a message; with `only`, nothing unless its topic is one of those."""

    async def __call__(self, session: Session, text: str, only: Collection[str] | None = None) -> list[Bubble]:
        """The bubbles of the answer."""


FAIR_QUESTIONS = frozenset(
    {"is_it_anonymous", "are_you_human", "police_fear", "it_is_not_my_fault", "going_home", "phone_number"}
)
"""Questions that somebody who is deciding about a human will ask: they are answered, and the choice stays."""

log = structlog.get_logger("aftermath")


class Aftermath:
    """Settles with the child what is to happen after something was noticed."""

    def __init__(self, answers: Answers, meanings: Meanings, sessions: Sessions, intake: Intake, wait: Wait) -> None:
        self._answers = answers
        self._meanings = meanings
        self._sessions = sessions
        self._intake = intake
        self._wait = wait

    def offer(self, session: Session) -> Bubble:
        """The choice of a human."""
        assert session.alarm  # noqa: S101 - only called while something is to be settled
        session.alarm.asked += 1
        return self._answers.say(session, "alarm.offer", OFFER)

    def ask_softly(self, session: Session, key: str) -> Bubble:
        """The soft question after a sign that may mean nothing."""
        return self._answers.say(session, key, ASK_SOFTLY)

    def asked_for_human(self, session: Session) -> None:
        """The child asked for a person itself: a yes to the next question opens a case, whatever was noticed before."""
        facts = Facts(
            Urgency.CONCERN, (), Perspective.SELF, locale=session.locale, channel=session.sender.channel.value
        )
        session.alarm = session.alarm or Alarm(facts)
        session.alarm.soft = False

    def again(self, session: Session) -> list[Bubble]:
        """What was said to an alarm, once more, after the language has changed."""
        assert session.alarm  # noqa: S101
        keys = first_answer(session.alarm.facts).keys
        if session.alarm.soft:
            return [self.ask_softly(session, keys[-1])]
        return [*(self._answers.say(session, key) for key in keys), self.offer(session)]

    async def settle(self, session: Session, text: str, facts: Facts, topic: Topic) -> list[Bubble]:
        """Answer what follows an alarm: a tap, a few words with a plain meaning, a new disclosure, or anything else."""
        alarm = session.alarm
        if alarm is None:
            return await self._old_button(session, text, topic)
        say = self._answers.say
        meaning = self._meanings.of(text, session.locale)
        if alarm.facts.urgency is Urgency.EMERGENCY and meaning not in {Meaning.NOT_MEANT, Meaning.NO}:
            return await self.emergency(session)  # it could not be stored before: try again with every word (promise 1)
        if alarm.case and meaning not in {Meaning.NOT_MEANT, Meaning.NO, Meaning.FORGET}:
            return await self.call_again(session, facts)
        if meaning is None and facts.urgency is not Urgency.NONE:
            return await self._more(session, alarm, facts)
        if text == "happening:no":
            meaning = Meaning.NO
        if alarm.soft and (text == "happening:yes" or meaning is Meaning.YES):
            alarm.soft = False
            return [self._answers.say(session, "after.happening"), *self._safety(session), self.offer(session)]
        match meaning:
            case Meaning.YES:
                return await self.call(session)
            case Meaning.NO:
                session.alarm = None
                return [self._answers.menu_after(session, "after.not_now")]
            case Meaning.NOT_MEANT:
                session.alarm = None
                return [self._answers.menu_after(session, "after.not_meant")]
            case Meaning.FORGET:
                session.alarm = None
                return [say(session, "after.forget", ["/talk_to_human", "menu", "exit"])]
            case Meaning.UNSURE:
                alarm.soft = False
                alarm.asked += 1
                return [say(session, "after.unsure", OFFER)]
            case Meaning.WHAT_NOW:
                alarm.soft = False
                return [say(session, "after.what_now"), *self._safety(session), self.offer(session)]
        return await self._something_else(session, alarm, text, topic)

    async def call(self, session: Session) -> list[Bubble]:
        """Open the case, then say so: in this order only. When it cannot be stored that is said too, with the numbers.

        Before the ledger, the vault gets to know under which name the case is opened. Then a kill or a broken line in between neither loses
        it nor doubles it, and a counsellor who is quick already reaches the child.
        """
        assert session.alarm  # noqa: S101
        told = [
            Said(
                _author(line.speaker), line.text, datetime.fromisoformat(line.at), tuple((a, b) for a, b in line.marks)
            )
            for line in session.lines
            if not line.private
        ]
        try:
            try:
                await self._open(session, session.alarm, told)
            except CaseIsClosed:  # it had been stored, and has ended since
                session.found_closed()
                session.alarm.case = None
                await self._open(session, session.alarm, told)
        except LedgerIsAway:
            log.error("case_not_stored")
            return [self._answers.say(session, "human.unsaved", ["person:yes"])]
        session.take_up_case()
        log.info("case_opened", channel=session.sender.channel.value)
        return [self._answers.say(session, "human.opened"), await self._wait.said(session)]

    async def _open(self, session: Session, alarm: Alarm, told: Sequence[Said]) -> None:
        alarm.case = alarm.case or Opened.fresh()
        await self._sessions.keep(session)
        facts = replace(alarm.facts, country=session.country or alarm.facts.country)  # it may have been said since
        await self._intake.open(facts, told, alarm.case)

    async def call_again(self, session: Session, learned: Facts | None = None) -> list[Bubble]:
        """A human was wanted, and something broke before the child could be told that one was asked."""
        assert session.alarm  # noqa: S101
        if learned and learned.urgency is not Urgency.NONE:
            session.alarm.facts = merge(session.alarm.facts, learned)
        urgent = session.alarm.facts.urgency is Urgency.EMERGENCY
        return await (self.emergency(session) if urgent else self.call(session))

    async def emergency(self, session: Session) -> list[Bubble]:
        """Safety first, the numbers for right now, and a counsellor is asked at once (bot/policy.py)."""
        assert session.alarm  # noqa: S101
        said = [self._answers.say(session, key) for key in first_answer(session.alarm.facts).keys]
        opened = await self.call(session)
        if not any(button.tap.startswith("tel:") for bubble in opened for button in bubble.buttons):
            said.append(self._answers.say(session, "alarm.numbers"))
        return [*said, *opened]

    async def _more(self, session: Session, alarm: Alarm, facts: Facts) -> list[Bubble]:
        """Another disclosure on top: what is known grows; an emergency does not wait for a yes."""
        alarm.facts = merge(alarm.facts, facts)
        alarm.soft = alarm.soft and facts.urgency is Urgency.CONCERN
        if alarm.facts.urgency is Urgency.EMERGENCY:
            return await self.emergency(session)
        alarm.soft = False  # two signs in a row are no longer a soft question
        safety = [self._answers.say(session, key) for key in safety_of(facts)]
        return [self._answers.say(session, "after.other"), *safety, self.offer(session)]

    async def _something_else(self, session: Session, alarm: Alarm, text: str, topic: Topic) -> list[Bubble]:
        if alarm.soft or alarm.asked >= ASKED_AT_MOST:
            # The sign was small, or the child has heard the offer often enough: the dialogue goes on, the way to a human stays in the menu.
            session.alarm = None
            return await topic(session, text)
        answered = await topic(session, text, FAIR_QUESTIONS)
        return [*(answered or [self._answers.say(session, "after.other")]), self.offer(session)]

    async def _old_button(self, session: Session, tap: str, topic: Topic) -> list[Bubble]:
        """A button of something already settled: a wish for a human still counts, the rest leads back to the menu."""
        if tap in {"person:yes", "happening:yes"}:
            self.asked_for_human(session)
            return await self.call(session)
        return await topic(session, "/menu")

    def _safety(self, session: Session) -> list[Bubble]:
        assert session.alarm  # noqa: S101
        return [self._answers.say(session, key) for key in safety_of(session.alarm.facts)]


def _author(speaker: str) -> Author:
    return {Speaker.CHILD: Author.CHILD, Speaker.HELPLINE: Author.HELPLINE, Speaker.COUNSELLOR: Author.COUNSELLOR}[
        Speaker(speaker)
    ]
