"""The return code on the child's side: offered, never forced; shown once; and the way back to a case on any channel."""

from __future__ import annotations

import structlog

from bot.answers import Answers
from bot.messages import Bubble, Speaker
from bot.session import Session, Sessions
from bot.wait import Wait
from escalation.cases import Author, CaseState, Said, Urgency
from escalation.ledger import LedgerIsAway, utc_now
from escalation.receipts import CaseIsNotOpen, Receipts, Returned
from escalation.slowing import SlowDown, Slowing, WrongCredentials

AGAIN = ("code:enter", "/talk_to_human", "menu")
AFTER = ("menu", "exit")
GROUP = 4

log = structlog.get_logger("returning")


class Returning:
    """Gives a child its code, and brings a child with a code back."""

    def __init__(self, answers: Answers, receipts: Receipts, sessions: Sessions, wait: Wait) -> None:
        self._answers = answers
        self._receipts = receipts
        self._sessions = sessions
        self._wait = wait
        # Wrong codes slow down whoever types them. Beyond that two codes at a time are computed, whoever asks (escalation.receipts).
        self._slowing = Slowing(utc_now)

    async def give(self, session: Session) -> list[Bubble]:
        """A new code for the case of this session. The bubble is shown once and kept nowhere (promise 2)."""
        if session.case is None:
            return [self._answers.say(session, "code.no_case", ("/talk_to_human", "menu"))]
        try:
            code = await self._receipts.give(session.case)
        except (LedgerIsAway, CaseIsNotOpen):
            log.warning("code_not_stored")
            return [self._answers.say(session, "code.unsaved", ("code:give", "menu"))]
        grouped = " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))
        return [self._answers.say_once(session, "code.given", AFTER, code=grouped)]

    def ask(self, session: Session) -> list[Bubble]:
        """Ask for the code that somebody has."""
        return [self._answers.say(session, "code.ask", ("/talk_to_human", "menu"))]

    def keep(self, session: Session) -> Bubble:
        """The child typed its code where none is needed: it was hidden, and is to be kept."""
        return self._answers.say(session, "code.keep")

    async def come_back(self, session: Session, code: str) -> list[Bubble]:
        """The case of a code, here and now. A wrong code, an old one and one that never was are answered alike."""
        try:
            async with self._slowing.attempt(session.id):
                returned = await self._receipts.come_back(code)
                if returned is None:
                    raise WrongCredentials
        except SlowDown as slow:
            return [self._answers.say(session, "code.slow", AGAIN, seconds=slow.seconds)]
        except WrongCredentials:
            return [self._answers.say(session, "code.wrong", AGAIN)]
        except LedgerIsAway:
            log.error("code_not_looked_up")
            return [self._answers.say(session, "human.unsaved", ("code:enter",))]
        return await self._take_up(session, returned)

    async def _take_up(self, session: Session, returned: Returned) -> list[Bubble]:
        """Go on with the case where it stands; whoever was in it on another channel no longer is."""
        other = await self._sessions.of_case(returned.case.id)
        if other is not None and other.id != session.id:
            await self._sessions.end(other)
        session.alarm = None
        session.placeholders.continue_from(said.text for said in returned.thread)
        if not session.chosen:
            session.locale, session.chosen = returned.facts.locale, True
        written = [Bubble(Speaker.COUNSELLOR, said.text, session.locale) for said in _unanswered(returned.thread)]
        log.info("came_back", channel=session.sender.channel.value)
        if returned.state is CaseState.CLOSED:
            return [
                self._answers.say(session, "code.back"),
                *written,
                self._answers.say(session, "code.back_closed", ("/talk_to_human", "menu")),
            ]
        session.case = returned.case
        session.with_human = returned.state is CaseState.CLAIMED
        session.emergency = returned.facts.urgency is Urgency.EMERGENCY
        if session.with_human:
            return [self._answers.say(session, "code.back"), *written, self._answers.say(session, "code.back_human")]
        return [self._answers.say(session, "code.back"), *written, await self._wait.said(session)]


def _unanswered(thread: tuple[Said, ...]) -> list[Said]:
    """What the counsellor has written since the child wrote last."""
    since: list[Said] = []
    for said in reversed(thread):
        if said.author is Author.CHILD:
            break
        if said.author is Author.COUNSELLOR:
            since.insert(0, said)
    return since
