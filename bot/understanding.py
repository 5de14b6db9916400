"""What is understood of one message before anybody answers it: redacted, its language heard, and weighed as a possible disclosure.

The conversation and `helpline classify` both go through here, so that what is measured is what a child meets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.disclosure import Detector, Judgement, Weighed
from bot.language import Heard, Languages, Words
from bot.meaning import Meanings
from bot.placeholders import Placeholders
from bot.redaction import Piece, redact
from escalation.cases import Perspective, Urgency
from nlu.languages import language_of
from nlu.reading import Reader
from nlu.telling import Telling
from nlu.weighing import Thresholds, Weigher

NOTHING = Judgement(Urgency.NONE, (), Perspective.SELF, (), 0.0)
"""The judgement of a message in which nothing is to be noticed."""

_READ_AS = {"hbs": "sr-Latn"}
"""The glossary's locale for a language that has several."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A message without what could identify anybody, the language it is in, how it was weighed, the locale it was read as, and how far it has come.

    `pieces` are what was taken out of it. They live as long as the turn: a child may want one of them shown to the counsellor.
    """

    text: str
    heard: Heard
    judgement: Judgement
    read_as: str
    pieces: tuple[Piece, ...] = ()
    telling: Telling = Telling.SAID


class Understanding:
    """Reads messages: redaction, then language, then disclosure. None of them needs Rasa (promise 1)."""

    def __init__(self, languages: Languages, detector: Detector, meanings: Meanings) -> None:
        self._languages = languages
        self._detector = detector
        self._meanings = meanings

    @property
    def reader(self) -> Reader:
        """What reads the words; what editors teach is told to it."""
        return self._detector.reader

    def knowing(self, words: Words) -> Languages:
        """The languages that are offered, told apart by other words; takes a second or two and may run in a thread."""
        return self._languages.knowing(words)

    def take(self, weigher: Weigher, languages: Languages) -> None:
        """Go on with newly trained models; called between two messages, from the event loop."""
        self._detector.take(weigher)
        self._languages = languages

    def of(
        self,
        typed: str,
        session: str | None = None,
        before: Sequence[str] = (),
        placeholders: Placeholders | None = None,
    ) -> Understood:
        """Understand one message; `session` is the child's locale if it is known, `before` are their earlier messages, oldest first, and
        `placeholders` are those of the conversation: without them the message stands alone."""
        redacted = redact(typed.encode(errors="ignore").decode(), placeholders)  # half a character cannot be stored
        text = redacted.text.strip()
        heard = self._languages.hear(text, session)
        # In the child's own language their locale's glossary reads it; otherwise that of the language it was heard to be.
        own = session if session and heard.language == language_of(session) else None
        read_as = own or heard.locale or _READ_AS.get(heard.language, heard.language)
        weighed = self.weigh(text, read_as, before)
        return Understood(text, heard, weighed, read_as, redacted.pieces, self._detector.telling(text, read_as))

    def languages(self, text: str) -> dict[str, float]:
        """How likely each language is for a redacted first message, likeliest first."""
        return self._languages.weights(text)

    def steps(self, text: str, read_as: str) -> tuple[list[Weighed], Thresholds]:
        """What the detector saw in a redacted message, in each form it was read in, and from where on it notices and alarms."""
        return self._detector.read(text, read_as), self._detector.thresholds

    def weigh(self, text: str, read_as: str, before: Sequence[str] = ()) -> Judgement:
        """Weigh a redacted message, read with the glossary of a locale. A bare "no" or "I don't know" tells nothing by itself."""
        if self._meanings.of(text, read_as) is not None:
            return NOTHING
        return self._detector.weigh(text, read_as, before)
