"""The way of a message, from top to bottom: session, redaction, language, disclosure, then a human or the dialogue.

A channel knows `Conversation.converse` and nothing else. Disclosure comes before dialogue and does not need it; while a counsellor has
the chat, Rasa is not called at all.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

import structlog

from bot.aftermath import Aftermath
from bot.answers import Answers
from bot.code import find_code
from bot.companion import Companion
from bot.dialogue import GO
from bot.disclosure import Judgement
from bot.guidance import Guidance
from bot.hidden import Hidden, ShowOnce
from bot.language import SURE, Heard
from bot.messages import Bubble, Channel, Incoming, Kind, Sender, Speaker
from bot.policy import ANSWERED_BEFORE_ASKING, first_answer
from bot.returning import Returning
from bot.session import Alarm, Line, Session, Sessions
from bot.tongue import in_own_script, nearest
from bot.understanding import NOTHING, Understanding, Understood
from bot.vault import VaultIsAway
from escalation.cases import Facts, Presence, Urgency
from nlu.telling import Telling

LONGEST = 4000
"""Characters that are read of one message. More than any child types; what is longer is dropped by the channel and said so."""

WORDS_BESIDE_A_CODE = 6
"""Words that somebody puts around a return code ("hi this is my code ..."), its placeholder among them."""

SHOWS = frozenset({"go", "more", "find", "need", "helped", "not_helped"})
"""Kinds of taps that only show something: a step in a guide, a service, whether a text helped."""

_ASKS = re.compile(r"[?؟;]")

log = structlog.get_logger("conversation")


class Conversation:
    """Hears what a child says and answers, one message of a session at a time."""

    def __init__(
        self,
        sessions: Sessions,
        understanding: Understanding,
        guidance: Guidance,
        answers: Answers,
        aftermath: Aftermath,
        companion: Companion,
        returning: Returning,
        hidden: Hidden,
        show_once: ShowOnce,
        pilots: Callable[[str], Awaitable[bool]],
    ) -> None:
        """`pilots` says whether a code is that of a pilot that runs now."""
        self._sessions = sessions
        self._understanding = understanding
        self._guidance = guidance
        self._answers = answers
        self._aftermath = aftermath
        self._companion = companion
        self._returning = returning
        self._hidden = hidden
        self._show_once = show_once
        self._pilots = pilots
        self._turns: WeakValueDictionary[Sender, asyncio.Lock] = WeakValueDictionary()

    def turn_of(self, sender: Sender) -> asyncio.Lock:
        """The lock of one sender: whoever changes a session (a turn, or the relay) holds it."""
        return self._turns.setdefault(sender, asyncio.Lock())

    async def converse(self, incoming: Incoming) -> list[Bubble]:
        """What the child did in, the bubbles that answer it out. Raises nothing that a channel would have to understand."""
        try:
            return await self._turn(incoming)
        except VaultIsAway:
            log.error("vault_is_away", channel=incoming.sender.channel.value)
            if incoming.kind is Kind.BACK:
                raise  # a page keeps what it shows
            return self._without_vault(incoming)

    async def _turn(self, incoming: Incoming) -> list[Bubble]:
        lock = self.turn_of(incoming.sender)
        async with lock:
            session = await self._sessions.of(incoming.sender)
            if session and (again := session.heard_before(incoming)) is not None:
                return again  # after a crash or a reload: the answer may be lost, what was said is not
            if incoming.kind is Kind.PILOT and not await self._pilots(incoming.text):
                incoming = replace(incoming, kind=Kind.BACK if incoming.sender.channel is Channel.WEB else Kind.START)
            match incoming.kind:
                case Kind.EXIT:
                    return await self._leave(session, incoming)
                case Kind.BACK | Kind.AWAY:
                    return await self._come_and_go(session, incoming)
            session = session or self._sessions.begin(incoming.sender, nearest(incoming.hint, self._answers.codes))
            bubbles = await self._answer(session, incoming)
            session.has_heard(incoming, once=any(bubble.once for bubble in bubbles))
            if not session.ended:
                await self._remember(session, bubbles)
            return bubbles

    async def _remember(self, session: Session, bubbles: Sequence[Bubble]) -> None:
        """What the child is told belongs to its screen, and with a case to the counsellor's thread."""
        for bubble in bubbles:
            if not bubble.once:
                session.add(bubble.speaker, bubble.text, buttons=bubble.buttons, private=bubble.private)
        await self._sessions.keep(session)
        if session.case and bubbles:
            await self._companion.told(session, bubbles)

    async def _answer(self, session: Session, incoming: Incoming) -> list[Bubble]:
        match incoming.kind:
            case Kind.TEXT:
                return await self._hear(session, incoming.text[:LONGEST])
            case Kind.TAP:
                return await self._tapped(session, incoming.text)
            case Kind.START:
                return self._welcome(session)
            case Kind.PILOT:  # its link is told what editors have drafted, and told so
                session.pilot = True
                return [self._answers.say(session, "pilot.on"), *self._welcome(session)]
            case Kind.HELP:
                more = (
                    [self._answers.say(session, "help.telegram")] if session.sender.channel is Channel.TELEGRAM else []
                )
                return [self._answers.say(session, "help"), *more, self._answers.menu(session)]
            case Kind.LANGUAGE:
                return await self._choose_language(session, incoming.text)
            case Kind.TOO_LONG:
                return [self._answers.say(session, "page.too_long")]
            case _:
                return [self._answers.say(session, "not_text")]

    async def _hear(self, session: Session, typed: str) -> list[Bubble]:
        known = session.locale if session.chosen or session.hinted else None
        understood = self._understanding.of(typed, known, session.child_said(), session.placeholders)
        text, heard, judgement = understood.text, understood.heard, understood.judgement
        if not text:
            return [self._answers.say(session, "empty")]
        code = find_code(typed)
        if code and not session.case and _is_mostly_code(understood):
            return await self._returning.come_back(session, code)
        if heard.locale:
            own = heard.locale if session.chosen else in_own_script(heard.locale, text, self._answers.codes)
            session.locale, session.chosen = own, True
        before = session.screen()
        line = session.add(Speaker.CHILD, text, marks=[[because.start, because.end] for because in judgement.because])

        facts = self._facts(session, judgement)
        if facts.urgency is Urgency.EMERGENCY:
            session.emergency = True
        if session.emergency:
            self._hidden.remember(session.id, understood.pieces)
        answer = await self._respond(session, line, facts, understood.telling, before)
        if answer is None:
            return self._ask_language(session, heard)
        if not session.chosen and not session.asked_language and not session.with_human:
            answer += self._ask_language(session, heard)
        if code:
            answer.append(self._returning.keep(session))
        return [*answer, *self._show_once.ask(session)]

    async def _respond(
        self, session: Session, line: Line, facts: Facts, telling: Telling, before: Sequence[Bubble]
    ) -> list[Bubble] | None:
        """Whose turn it is: an open case's, an alarm's, a new disclosure's, a guide's, a topic's. None: the language has to be asked first."""
        topic = self._guidance.topic
        better, session.say_better = session.say_better, ""  # only the very next words are about a text
        calm = facts.urgency is Urgency.NONE and not session.alarm and not session.with_human
        tap = self._guidance.meant(line.text, session, before) if calm else None
        if tap and session.case:  # what answers a guide is the guide's, typed as tapped
            return await self._answered(session, tap, line)
        place = self._guidance.place(session, line.text, before)
        facts = self._beside(place, session, facts)
        if place and session.case:
            await self._companion.learned(session, self._nothing_noticed(session))
        kept_company = await self._companion.stay(session, line, facts, topic) if session.case else None
        if kept_company is not None:
            return kept_company
        if session.alarm:
            return await self._aftermath.settle(session, line.text, facts, topic)
        if self._alarms(session, facts, telling):
            return await self._first_answer(session, line.text, facts)
        if tap:
            return await self._answered(session, tap, line)
        if better and telling is Telling.SAID and not place and not _ASKS.search(line.text):
            line.private = True
            return await self._guidance.better(session, better, line.text)
        if place or session.chosen or session.asked_language:
            return await self._guidance.answer(session, line.text, telling, place)
        return None

    def _beside(self, place: str | None, session: Session, facts: Facts) -> Facts:
        """What was noticed in a message that names a country: beside the name there are little words alone, so a mere sign is none."""
        return self._nothing_noticed(session) if place and facts.urgency is Urgency.CONCERN else facts

    def _alarms(self, session: Session, facts: Facts, telling: Telling) -> bool:
        """Whether a message is answered as a disclosure. Half a sentence that may be one is listened to first, the second one is asked about."""
        if telling is Telling.BEGUN and facts.urgency is Urgency.CONCERN:
            return session.listening
        return facts.urgency is not Urgency.NONE

    async def _answered(self, session: Session, tap: str, line: Line) -> list[Bubble]:
        """The child typed what it could have tapped."""
        line.private = tap.startswith(GO)
        return await self._follow(session, tap, line)

    async def _first_answer(self, session: Session, text: str, facts: Facts) -> list[Bubble]:
        """Policy (bot/policy.py): warm, short, safety first; then the choice of a human."""
        plan, session.listening = first_answer(facts), False
        log.info("disclosure_noticed", urgency=facts.urgency.value, channel=facts.channel)
        session.alarm = Alarm(facts, soft=plan.answer_topic)
        if plan.open_case:
            return await self._aftermath.emergency(session)
        if plan.answer_topic:
            said = await self._guidance.topic(session, text, only=ANSWERED_BEFORE_ASKING)
            return [*said, self._aftermath.ask_softly(session, plan.keys[-1])]
        return [*(self._answers.say(session, key) for key in plan.keys), self._aftermath.offer(session)]

    async def _tapped(self, session: Session, tap: str) -> list[Bubble]:
        label = self._answers.label(session, tap)
        if label is None:
            return [] if session.with_human else [self._answers.menu(session)]
        return await self._follow(session, tap, session.add(Speaker.CHILD, label, private=tap.startswith(GO)))

    async def _follow(self, session: Session, tap: str, line: Line) -> list[Bubble]:
        """Do what a tap says, whether it was tapped or typed."""
        answer = await self._set(session, tap)
        if answer is not None:
            return answer
        kind = tap.partition(":")[0]
        if kind in SHOWS:
            return [] if session.with_human else await self._show(session, tap, kind)
        if session.case:
            answer = await self._companion.stay(
                session, line, self._nothing_noticed(session), self._guidance.topic, tap
            )
            if answer is not None:
                return answer
        session.say_better = ""
        if kind in {"person", "happening"}:
            return await self._aftermath.settle(session, tap, self._nothing_noticed(session), self._guidance.topic)
        session.alarm = None if session.alarm and session.alarm.soft else session.alarm
        return await self._guidance.topic(session, "/menu" if tap == "menu" else tap)

    async def _show(self, session: Session, tap: str, kind: str) -> list[Bubble]:
        """Lead through what there is to learn and to find; no counsellor is troubled with it, and whoever waits for one may go on with it."""
        session.say_better = ""
        if kind in {"helped", "not_helped"}:
            return self._guidance.received(session, tap)
        session.alarm = None if session.alarm and session.alarm.soft else session.alarm
        match kind:
            case "more":
                return [self._answers.more(session)]
            case "find" | "need":
                return self._guidance.find(session, tap)
        return await self._guidance.step(session, tap)

    async def _set(self, session: Session, tap: str) -> list[Bubble] | None:
        """Answer a tap that says something about the child or the chat itself; None for any other."""
        match tap.partition(":"):
            case "show" | "hide", _, _:
                return await self._show_once.settle(session, tap)
            case "code", _, "give":
                return await self._returning.give(session)
            case "code", _, _:
                return self._returning.ask(session)
            case "language", _, code:
                return await self._choose_language(session, code)
            case "age", _, age:
                return [] if session.with_human else await self._guidance.choose_age(session, age)
            case "country", _, "ask":
                return [self._answers.countries(session)]
            case "country", _, code:
                said = self._guidance.where(session, code)
                if session.case:
                    await self._companion.learned(session, self._nothing_noticed(session))
                return said[:1] if session.case or session.alarm else said
            case "numbers", _, _:  # one tap from anywhere, whatever goes on
                return [self._answers.say(session, "alarm.numbers")]
            case "exit", _, _:
                return await self._leave(session, Incoming(session.sender, Kind.EXIT))
        return None

    def _welcome(self, session: Session) -> list[Bubble]:
        bubbles = [self._answers.say(session, "welcome")]
        if session.sender.channel is Channel.TELEGRAM:
            bubbles.append(self._answers.say(session, "welcome.telegram"))
        return [*bubbles, self._answers.languages(session), self._answers.menu(session)]

    async def _choose_language(self, session: Session, code: str) -> list[Bubble]:
        """Set the language; what the child wrote before it was asked is answered now, so that nobody has to write it again."""
        if code not in self._answers.codes:
            return [self._answers.languages(session)]
        session.locale, session.chosen = code, True
        bubbles = [self._answers.say(session, "language.changed")]
        if session.unanswered:
            text, session.unanswered = session.unanswered, None
            understood = self._understanding.of(text, code, session.child_said()[:-1])
            place = self._guidance.place(session, text)
            facts = self._beside(place, session, self._facts(session, understood.judgement))
            if not session.case and self._alarms(session, facts, understood.telling):
                return bubbles + await self._first_answer(session, text, facts)
            return bubbles + await self._guidance.answer(session, text, understood.telling, place)
        if session.alarm:
            return [*bubbles, *self._aftermath.again(session)]
        if session.case:
            await self._companion.learned(session, self._nothing_noticed(session))
            return bubbles
        return [*bubbles, *await self._guidance.again(session)]

    def _ask_language(self, session: Session, heard: Heard) -> list[Bubble]:
        session.asked_language = True
        said = session.child_said()
        session.unanswered = said[-1] if said and not session.case and not session.alarm else None
        foreign = heard.confidence >= SURE and heard.locale is None
        return [self._answers.languages(session, "language.not_yet" if foreign else "language.ask")]

    async def _come_and_go(self, session: Session | None, incoming: Incoming) -> list[Bubble]:
        back = incoming.kind is Kind.BACK
        if session is None:
            return (
                [
                    self._answers.menu(
                        self._sessions.begin(incoming.sender, nearest(incoming.hint, self._answers.codes)), "welcome"
                    )
                ]
                if back
                else []
            )
        if session.case:
            await self._companion.presence(session, Presence.HERE if back else Presence.AWAY)
        elif (
            back and session.called
        ):  # a human was wanted when something broke, and the page comes by itself (promise 1)
            opened = await self._aftermath.call_again(session)
            if session.case:
                await self._remember(session, opened)
        await self._sessions.keep(session)
        return [*session.screen(), *self._show_once.ask(session)] if back else []

    async def _leave(self, session: Session | None, incoming: Incoming) -> list[Bubble]:
        """Promise 3: leaving needs no reason and leaves nothing; after it the child is never written to."""
        farewell = session or self._sessions.begin(incoming.sender, nearest(incoming.hint, self._answers.codes))
        if session:
            if session.case:
                await self._companion.presence(session, Presence.GONE)
            await self._sessions.end(session)
            session.ended = True
            self._hidden.forget(session.id)
            await self._guidance.forget(session.id)
        bubbles = [self._answers.say(farewell, "exit.done")]
        if session and session.case:
            bubbles.append(self._answers.say(farewell, "exit.done.case"))
        if incoming.sender.channel is Channel.TELEGRAM:
            bubbles.append(self._answers.say(farewell, "exit.done.telegram"))
        return bubbles

    def _without_vault(self, incoming: Incoming) -> list[Bubble]:
        """Nobody who answers would find the child, so nobody is promised, whatever was stored in this turn; the numbers work (promise 1)."""
        if incoming.kind is Kind.AWAY:
            return []
        stranger = self._sessions.begin(incoming.sender, nearest(incoming.hint, self._answers.codes))
        return [self._answers.say(stranger, "human.unsaved", ["/talk_to_human", "menu"])]

    def _facts(self, session: Session, judgement: Judgement) -> Facts:
        return Facts(
            urgency=judgement.urgency,
            categories=judgement.categories,
            perspective=judgement.perspective,
            locale=session.locale,
            channel=session.sender.channel.value,
            country=session.country,
            because=tuple(dict.fromkeys(because.concept for because in judgement.because)),
        )

    def _nothing_noticed(self, session: Session) -> Facts:
        return self._facts(session, NOTHING)


def _is_mostly_code(understood: Understood) -> bool:
    """Whether somebody only wants to come back: a telling beside the digits goes first (promise 1)."""
    if understood.judgement.urgency in {Urgency.URGENT, Urgency.EMERGENCY}:
        return False
    return sum(not word.strip("[].,:").isdecimal() for word in understood.text.split()) <= WORDS_BESIDE_A_CODE
