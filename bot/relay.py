"""Brings what counsellors write to the child, on the channel the child is on, in order, and never after the child has left.

It wakes when the bell rings and looks by itself every half second, so that a reply arrives within a second also when the console runs
in another process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from bot.answers import WITH_HUMAN, Answers
from bot.hidden import ShowOnce
from bot.messages import Bubble, Channel, Sender, Speaker
from bot.session import Session, Sessions
from bot.vault import VaultIsAway
from bot.wait import Wait
from escalation.bell import Bell, is_ending
from escalation.casefile import read_letter
from escalation.cases import Letter, Opened, Presence
from escalation.intake import Intake
from escalation.ledger import LedgerIsAway
from escalation.outbox import Outbox

LOOK_SECONDS = 0.5
GONE_SECONDS = 20.0
"""How often it is checked whether the session behind an open case still exists."""

CHANNEL_AWAY_SECONDS = 60.0
"""How long a letter waits when its channel is not running."""

log = structlog.get_logger("relay")


@dataclass(frozen=True, slots=True)
class Delivery:
    """How handing a bubble to a channel went: it arrived, it may be tried again after some seconds, or the child cannot be reached."""

    arrived: bool
    again_after: float | None = None


Deliver = Callable[[Sender, Sequence[Bubble]], Awaitable[Delivery]]


class Relay:
    """The way from a counsellor to a child."""

    def __init__(
        self,
        outbox: Outbox,
        intake: Intake,
        bell: Bell,
        sessions: Sessions,
        answers: Answers,
        turn_of: Callable[[Sender], asyncio.Lock],
        channels: Mapping[Channel, Deliver],
        is_open: Callable[[Sender], bool],
        wait: Wait,
        show_once: ShowOnce,
    ) -> None:
        self._outbox = outbox
        self._intake = intake
        self._bell = bell
        self._sessions = sessions
        self._answers = answers
        self._turn_of = turn_of
        self._channels = channels
        self._is_open = is_open
        self._wait = wait
        self._show_once = show_once
        self._missing: set[str] = set()

    async def run(self) -> None:
        """Deliver until cancelled; a ledger that is away for a moment does not end it."""
        with self._bell.subscribe() as ringing:
            looked = asyncio.get_running_loop().time()
            while not is_ending():
                await ringing.wait(LOOK_SECONDS)
                try:
                    await self.deliver_due()
                    now = asyncio.get_running_loop().time()
                    if now - looked >= GONE_SECONDS:
                        looked = now
                        await self.notice_gone()
                except LedgerIsAway:
                    log.error("ledger_is_away")
                    await asyncio.sleep(1)
                except VaultIsAway:  # not the same as a child who is gone: every letter waits
                    log.error("vault_is_away")
                    await asyncio.sleep(1)
                except asyncio.CancelledError:
                    if is_ending():
                        raise
                    log.error("relay_failed", error="CancelledError")  # a driver gave up something of its own
                except Exception as error:  # whatever it is, the relay goes on: children wait for it (promise 1)
                    log.error("relay_failed", error=type(error).__name__)
                    await asyncio.sleep(1)

    async def deliver_due(self) -> None:
        """Hand over every letter that is due, one case after the other."""
        while letters := await self._outbox.due():
            progress = [await self._hand_over(letter) for letter in letters]
            if not any(progress):
                return

    async def notice_gone(self) -> None:
        """A session that ended by itself (idle, or a power cut) is shown to the counsellors as gone.

        Somebody who waits with the page open is not idle: their session is kept, however long the wait. Gone is final, so a session
        has to be missing at two looks in a row: a case is stored a moment before its session knows it.
        """
        cases = set(await self._intake.open_cases())
        missing = {case for case in cases if await self._sessions.of_case(case) is None}
        for case in missing & self._missing:
            await self._intake.presence(case, Presence.GONE)
        self._missing = missing
        for case in cases - missing:
            session = await self._sessions.of_case(case)
            if session is not None and self._is_open(session.sender):
                async with self._turn_of(session.sender):
                    if waiting := await self._sessions.of_case(case):
                        await self._sessions.keep(waiting)

    async def _hand_over(self, letter: Letter) -> bool:
        """One letter; False when it has to wait."""
        session = await self._sessions.of_case(letter.case)
        if session is None:
            return await self._nobody_there(letter)
        async with self._turn_of(session.sender):
            session = await self._sessions.of_case(letter.case)  # again, now that no turn can change it
            if session is None:
                return True
            if session.case is None and session.called and session.called.id == letter.case:
                session.take_up_case()  # there is a letter: it was stored, although the last process ended before it was said
            deliver = self._channels.get(session.sender.channel)
            if deliver is None:  # this start has no Telegram: the next one may
                await self._outbox.postponed(letter.id, CHANNEL_AWAY_SECONDS)
                return False
            if letter.id <= session.last_letter:  # the screen has it: the last process ended before it was noted
                await self._note(session, letter)
                return True
            case = session.knows(letter.case)
            if case is None:
                return await self._nobody_there(letter)
            bubbles = await self._bubbles(session, letter, case)
            delivery = await deliver(session.sender, bubbles)
            if delivery.again_after is not None:
                await self._outbox.postponed(letter.id, delivery.again_after)
                return False
            if not delivery.arrived:
                await self._intake.presence(letter.case, Presence.GONE)
                await self._sessions.end(session)
                return True
            for bubble in bubbles:
                if not bubble.once:
                    session.add(bubble.speaker, bubble.text, buttons=bubble.buttons)
            if letter.kind == "closed" and session.case and session.case.id == letter.case:
                session.leave_case()
                session.farewells = [
                    *session.farewells,
                    case,
                ]  # until it is noted, so that the next process finds whom to ask
            session.last_letter = letter.id
            await self._sessions.keep(session)
            # Delivered, and on the session's screen, before it is noted: after a crash, or with the vault gone, in between it arrives
            # twice rather than never (promise 1).
            await self._note(session, letter)
            return True

    async def _note(self, session: Session, letter: Letter) -> None:
        """The child has it; after the last words the session forgets the case and its key."""
        await self._outbox.delivered(letter.id)
        if letter.kind == "closed":
            session.farewells = [farewell for farewell in session.farewells if farewell.id != letter.case]
            await self._sessions.keep(session)

    async def _nobody_there(self, letter: Letter) -> bool:
        """Gone, if it was so at the last look too: whoever comes back with a code is in the ledger a moment before they have a session."""
        if letter.case not in self._missing:
            self._missing.add(letter.case)
            await self._outbox.postponed(letter.id, LOOK_SECONDS)
            return False
        self._missing.discard(letter.case)
        await self._intake.presence(letter.case, Presence.GONE)  # undeliverable, or it waits for the child's code
        return True

    async def _bubbles(self, session: Session, letter: Letter, case: Opened) -> list[Bubble]:
        if letter.kind == "joined":
            session.with_human = session.with_human or case is session.case
            return [self._answers.say(session, "human.joined", WITH_HUMAN), *self._show_once.ask(session)]
        if letter.kind == "returned":
            if case is not session.case:
                return []
            session.with_human = False
            return [self._answers.say(session, "human.waiting"), await self._wait.said(session)]
        if letter.kind == "closed":
            return [self._answers.menu_after(session, "human.closed")]
        return [Bubble(Speaker.COUNSELLOR, read_letter(letter, case.key), session.locale)]
