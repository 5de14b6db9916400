"""What a child is told about what it asked: topics and guides, in the version for its age. Rasa leads; when it is away the menu is there.

What is answered in a guide is the child's alone: it stays on the screen and in the session, and no counsellor gets it (mission M8).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import structlog

from bot.aftermath import Aftermath
from bot.answers import AGES, LISTENING, STOP, Answers
from bot.dialogue import GO, GUIDANCE, GUIDES, Dialogue, DialogueIsAway, Reply, Turn
from bot.finding import Finding
from bot.messages import Bubble
from bot.offered import TURNS, Offered
from bot.reception import Reception
from bot.session import Age, Session
from bot.whereabouts import Whereabouts
from locales.services import COUNTRIES
from nlu.telling import Telling

log = structlog.get_logger("guidance")


class Guidance:
    """Asks the dialogue what to say, and says it."""

    def __init__(
        self,
        dialogue: Dialogue,
        answers: Answers,
        aftermath: Aftermath,
        offered: Offered,
        finding: Finding,
        reception: Reception,
        whereabouts: Whereabouts,
    ) -> None:
        self._dialogue = dialogue
        self._answers = answers
        self._aftermath = aftermath
        self._offered = offered
        self._finding = finding
        self._reception = reception
        self._whereabouts = whereabouts

    async def answer(self, session: Session, text: str, telling: Telling, place: str | None) -> list[Bubble]:
        """What is said to a message in which nothing is to be noticed: what there is where a child says that it is, or the dialogue's answer.

        Whoever has only begun to tell is listened to.
        """
        again, session.listening = session.listening, telling is Telling.BEGUN
        if place is not None:
            return self.where(session, place) if place in COUNTRIES else [self._answers.no_country(session)]
        match telling:
            case Telling.BEGUN:
                return [self._answers.say(session, "listening.again" if again else "listening", LISTENING)]
            case Telling.NO_PERSON:
                return [self._answers.say(session, "human.not_wanted", STOP)]
        return await self.topic(session, text)

    async def topic(self, session: Session, text: str, only: Collection[str] | None = None) -> list[Bubble]:
        """The dialogue's answer; without it the child still gets the menu and the way to a human (promise 1).

        With `only`, nothing unless the message is about one of those topics.
        """
        turn = await self._ask_dialogue(session, text)
        if only is not None and (turn is None or turn.topic not in only):
            return []
        if turn is None:
            if text == "/find_help":
                return [self._finding.begin(session)]
            if text == "/talk_to_human":
                self._aftermath.asked_for_human(session)
            if text.startswith("/") and text != "/menu":
                return [self._answers.topic_without_dialogue(session, text)]
            return [self._answers.menu(session, "trouble")]
        bubbles = []
        for reply in turn.replies:
            bubbles.append(self._said(session, reply, turn))
            if reply.key == "human.ask":
                self._aftermath.asked_for_human(session)
        guiding = turn.topic in GUIDES
        if guiding or turn.topic in GUIDANCE:
            session.last_answered = (GO + turn.guide if turn.guide else "") if guiding else f"/{turn.topic}"
            if session.age is Age.UNKNOWN and not session.alarm and not session.case:
                session.age = Age.ASKED
                bubbles.append(self._answers.say(session, "age.ask", AGES))
        return [replace(bubble, private=True) for bubble in bubbles] if guiding else bubbles

    def _said(self, session: Session, reply: Reply, turn: Turn) -> Bubble:
        """One reply of the dialogue, with what belongs below it."""
        if reply.key == "topic.find_help":
            return self._finding.begin(session)
        taps = reply.taps
        if reply.key == "unknown.rephrase":
            taps = (*(f"/{topic}" for topic in turn.likely[:3]), "/talk_to_human")
        if turn.guide and turn.topic not in GUIDES and turn.topic != "stop":
            taps = (*taps, GO + turn.guide)  # a question in the middle of a guide is answered, and the way back stays
        if turn.topic in GUIDANCE and not session.alarm and not session.case:
            taps = (*taps, *self._reception.shown(session, reply.key))
        return self._answers.reply(session, replace(reply, taps=taps))

    async def _ask_dialogue(self, session: Session, text: str) -> Turn | None:
        try:
            return await self._dialogue.turn(session.id, text, session.locale)
        except DialogueIsAway:
            log.warning("dialogue_is_away")
            return None

    async def step(self, session: Session, tap: str) -> list[Bubble]:
        """A step in a guide. What is answered there is the child's alone: no counsellor gets it (mission M8)."""
        return [] if session.with_human else await self.topic(session, tap)

    async def choose_age(self, session: Session, what: str) -> list[Bubble]:
        """Take the version of the texts that the child chose, and say in it what was said last."""
        session.age = Age.YOUNGER if what == "younger" else Age.OLDER
        again = await self.again(session)
        return [self._answers.say(session, "age.younger"), *again] if session.younger else again

    async def again(self, session: Session) -> list[Bubble]:
        """What was said last, once more: in another language, or in other words."""
        return await self.topic(session, session.last_answered or "/menu")

    def received(self, session: Session, tap: str) -> list[Bubble]:
        """A child said whether a text helped."""
        return self._reception.tapped(session, tap)

    async def better(self, session: Session, key: str, redacted: str) -> list[Bubble]:
        """A child said how it would say a text better."""
        return await self._reception.better(session, key, redacted)

    def find(self, session: Session, tap: str) -> list[Bubble]:
        """The next step to a service: "find" begins anew, "need:children" shows who is there."""
        need = tap.partition(":")[2]
        return self._finding.services(session, need) if need else [self._finding.begin(session)]

    def where(self, session: Session, country: str) -> list[Bubble]:
        """The child said where it is: the numbers for right now, then what else there is."""
        session.country = country
        return [self._answers.say(session, "alarm.numbers"), self._finding.needs(session)]

    def place(self, session: Session, text: str, screen: Sequence[Bubble] = ()) -> str | None:
        """The country that a child says it is in; one of the directory is remembered, so that numbers are those of there."""
        latest = screen[-1].buttons if screen else ()
        asked = any(button.tap.removeprefix("country:") in COUNTRIES for button in latest)
        country = self._whereabouts.said(text, session.locale, asked=asked)
        session.country = country if country in COUNTRIES else session.country
        return country

    def meant(self, text: str, session: Session, screen: Sequence[Bubble]) -> str | None:
        """The open choice on the screen that typed words mean, as its tap; None when they say something else.

        While a counsellor is waited for, words are theirs unless they answer what was asked just now.
        """
        return self._offered.meant(text, session.locale, screen, 0 if session.case else TURNS)

    async def forget(self, session: str) -> None:
        """Let Rasa forget a session."""
        await self._dialogue.forget(session)
