"""Noticing whether a message may be a disclosure: the judgement that comes before dialogue and does not need it.

Every message is read twice (nlu/reading.py), explicit statements are found by patterns and weighed by the grammar,
and the trained models weigh all of it. An uncertain judgement is a concern, which is answered softly; only a sure
one alarms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from escalation.cases import Category, Perspective, Urgency
from nlu.concepts import concepts
from nlu.disguise import undisguised
from nlu.grammar import Sense, Who, sense
from nlu.patterns import Found, explicit
from nlu.reading import Reader, Reading, Source
from nlu.telling import Telling, telling
from nlu.weighing import Thresholds, Weigher, Weight

_SHORT = 8
"""A statement of at most this many glossed words can alarm by itself."""

_AGREED = 0.5
"""What is said outright alarms from here on, also where the models alone would not be sure enough."""

_BARE = 3
"""A message of at most this many words has to have something that can be named before it alarms, unless it is surely an emergency."""

_SURELY = 0.6
"""From this chance of an emergency on. Of the so short lines of the test sets five emergencies are over it, and no harmless line."""

_END = 2_000
"""Of a very long message the first and the last so many characters are read."""

_REMEMBERED = 3
"""How many of the child's earlier messages are weighed with the new one."""

_ENOUGH = 3
"""So many small signs are one alarm."""

_TELLING = {
    "violence", "killing", "wanting to die", "self-harm", "locked in", "cannot leave", "watched", "threat", "secret", "afraid",
    "asking for help", "document", "debt", "no pay", "begging", "crime", "sold", "marriage", "sexual", "picture", "gift", "smuggling", "stranger",
    "abroad", "money", "hungry", "street life", "sad", "body", "must", "work", "offer", "small child",
}  # fmt: skip


@dataclass(frozen=True)
class Because:
    """Why a message was noticed: the child's own words, the concept in a counsellor's words, and the span in the text."""

    words: str
    concept: str
    start: int
    end: int


@dataclass(frozen=True)
class Judgement:
    """What was noticed in a message. `score` is the probability of a disclosure, 0 to 1; `because` is empty when nothing was noticed."""

    urgency: Urgency
    categories: tuple[Category, ...]
    perspective: Perspective
    because: tuple[Because, ...]
    score: float


_NOTHING = Judgement(Urgency.NONE, (), Perspective.SELF, (), 0.0)


FEAR = "afraid"
"""What every language's words for being afraid are glossed as."""

_AROUND_FEAR = frozenset(
    "i me my am be have very really much so please help now still again here too and but . !".split()
)
"""What may stand around it: whoever says of what they are afraid says more, and is weighed like everybody."""


@dataclass(frozen=True)
class Weighed:
    """One message after reading: what it says outright, how it is meant, and its weight when there are models."""

    text: str
    reading: Reading
    sense: Sense
    said: tuple[Found, ...]
    weight: Weight | None

    @classmethod
    def of(cls, text: str, reading: Reading, weight: Weight | None) -> Weighed:
        """Look for statements and for how they are meant in a reading of `text`."""
        return cls(text, reading, sense(reading), explicit(reading), weight)

    @property
    def outright(self) -> tuple[Found, ...]:
        """The explicit statements that may alarm by themselves: in a short message that nothing speaks against."""
        if len(self.reading.glossed.split()) > _SHORT or not self.sense.earnest or self.sense.negated:
            return ()
        return self.said

    @property
    def score(self) -> float:
        """How likely this is a disclosure, 0 to 1."""
        return self.weight.disclosure if self.weight is not None else 0.9 if self.outright else 0.0


class Detector:
    """Weighs messages. Stateless: what a child wrote before is handed in, and nothing is kept."""

    def __init__(self, weigher: Weigher | None, reader: Reader | None = None) -> None:
        self._weigher = weigher
        self.reader = reader or Reader()
        self.thresholds = weigher.thresholds if weigher is not None else Thresholds()

    def take(self, weigher: Weigher) -> None:
        """Weigh with other models from the next message on."""
        self._weigher, self.thresholds = weigher, weigher.thresholds

    @classmethod
    def load(cls, folder: Path) -> Detector:
        """Load what `nlu.training.train` saved. Raises OSError, KeyError or ValueError when it is missing or damaged."""
        return cls(Weigher.load(folder))

    @classmethod
    def without_training(cls) -> Detector:
        """A detector that knows the patterns alone, so that an explicit disclosure is noticed even before any training."""
        return cls(None)

    def warm(self, locales: Sequence[str]) -> None:
        """Load the glossaries of `locales` and weigh a word in each, so that no child waits for it."""
        self.reader.warm(list(locales))
        for locale in locales:
            self.weigh("?", locale)

    def weigh(self, text: str, locale: str, before: Sequence[str] = ()) -> Judgement:
        """Judge `text`, with the child's previous messages in `before`, oldest first. Never raises, whatever the text.

        A sentence that was begun in the messages right before is read as a whole. Small signs add up over several messages, but only when this
        message is a sign itself: a harmless word after an alarm repeats nothing.
        """
        weighed = self.read(text, locale)
        alone = max((judge(one, self.thresholds) for one in weighed), key=lambda one: (one.urgency.rank, one.score))
        if begun := self._begun(before, locale):
            whole = max(
                (judge(one, self.thresholds) for one in self.read(f"{begun} {text}", locale)),
                key=lambda one: one.urgency.rank,
            )
            if whole.urgency.rank > alone.urgency.rank:
                return _from(whole, len(begun) + 1)
        score = max(one.score for one in weighed)
        if not before or score < self.thresholds.noticed / 2 or alone.urgency.rank >= Urgency.URGENT.rank:
            return alone
        earlier = [max(self.read(said, locale), key=lambda one: one.score) for said in before[-_REMEMBERED:]]
        return self._with_earlier(alone, score, earlier)

    def telling(self, text: str, locale: str) -> Telling:
        """How far a message has come: said, or only begun."""
        return telling(self.reader.read(_capped(text), locale))

    def read(self, text: str, locale: str) -> list[Weighed]:
        """Weigh a message as it was typed, and as it was meant where words are hidden in digits and signs."""
        text = _capped(text)
        found = []
        for form in dict.fromkeys((text, undisguised(text))):
            reading = self.reader.read(form, locale)
            says_something = any(letter.isalpha() for word in reading.words for letter in word.text)
            weight = self._weigher.weigh(reading) if self._weigher is not None and says_something else None
            found.append(Weighed.of(text, reading, weight))
        return found

    def _begun(self, before: Sequence[str], locale: str) -> str:
        """The half-sentences right before a message, which it may finish: "my dad", "when he drinks", "he does things"."""
        halves: list[str] = []
        for said in reversed(before[-_REMEMBERED:]):
            if self.telling(said, locale) is not Telling.BEGUN:
                break
            halves.insert(0, said)
        return " ".join(halves)

    def _with_earlier(self, alone: Judgement, score: float, earlier: Sequence[Weighed]) -> Judgement:
        """Add up the signs of several messages: three that are noticed are one alarm; weaker ones when together they are as likely."""
        signs = [one.score for one in earlier if one.score >= self.thresholds.noticed / 2]
        if len(signs) < _ENOUGH - 1:
            return alone
        together = 1 - math.prod(1 - value for value in (score, *signs))
        noticed = sum(value >= self.thresholds.noticed for value in (score, *signs))
        if noticed < _ENOUGH and together < max(self.thresholds.alarmed, score):
            return alone
        judged = [judge(one, self.thresholds) for one in earlier]
        categories = tuple(
            dict.fromkeys(category for one in (alone, *reversed(judged)) for category in one.categories)
        )[:3]
        return Judgement(Urgency.URGENT, categories or alone.categories, alone.perspective, alone.because, together)


def judge(weighed: Weighed, thresholds: Thresholds) -> Judgement:
    """Decide on one message alone: patterns, grammar and models together."""
    weight, outright = weighed.weight, weighed.outright
    score = weight.disclosure if weight is not None else 0.0
    if outright:
        score = max(score, 0.9 if weight is None else thresholds.noticed)
    if _only_afraid(weighed.reading):
        return Judgement(Urgency.URGENT, (), Perspective.SELF, _afraid(weighed), max(score, thresholds.noticed))
    if score < thresholds.noticed or not weighed.reading.words:
        return Judgement(Urgency.NONE, (), Perspective.SELF, (), score)
    urgency = _urgency(weight, score, outright, thresholds)
    because = _because(weighed)
    if not because and len(weighed.reading.words) <= _BARE and not _surely(weighed):
        urgency = Urgency.CONCERN  # asked softly, unless they are such as "he's coming"
    if not outright and telling(weighed.reading) is Telling.BEGUN:
        urgency = Urgency.CONCERN  # "a man writes to me" is listened to, and weighed with what comes next
    return Judgement(urgency, _categories(weight, weighed.said), _perspective(weight, weighed), because, score)


def _urgency(weight: Weight | None, score: float, outright: tuple[Found, ...], thresholds: Thresholds) -> Urgency:
    """An uncertain disclosure is a concern; a sure one is as urgent as its words, in doubt the more urgent."""
    plainly = max((Urgency(found.urgency) for found in outright), key=lambda one: one.rank, default=Urgency.CONCERN)
    if weight is None:
        return plainly
    if weight.emergency >= thresholds.emergency:
        return Urgency.EMERGENCY
    if score < thresholds.alarmed:
        return plainly if score >= _AGREED else Urgency.CONCERN
    return max(plainly, Urgency(weight.likeliest_urgency), key=lambda one: one.rank)


def _from(judgement: Judgement, start: int) -> Judgement:
    """A judgement of several messages, with the words named that stand in the last of them, which begins at `start`."""
    named = tuple(
        replace(one, start=one.start - start, end=one.end - start) for one in judgement.because if one.start >= start
    )
    return replace(judgement, because=named)


def _surely(weighed: Weighed) -> bool:
    """Whether so few words are an emergency although none of them can be named: where every one of them is known."""
    known = all(word.source is not Source.UNKNOWN for word in weighed.reading.words)
    return known and weighed.weight is not None and weighed.weight.emergency >= _SURELY


def _only_afraid(reading: Reading) -> bool:
    """Whether somebody says that they are afraid, and nothing else: the half-sentence that nobody may answer with a lecture."""
    glosses = reading.glossed.split()
    return FEAR in glosses and all(gloss == FEAR or gloss in _AROUND_FEAR for gloss in glosses)


def _afraid(weighed: Weighed) -> tuple[Because, ...]:
    return tuple(
        Because(weighed.text[word.start : word.end], FEAR, word.start, word.end)
        for word in weighed.reading.words
        if FEAR in word.gloss.split()
    )


def _capped(text: str) -> str:
    """Keep the beginning and the end of a huge message: what matters is said there, and no message may slow the others down."""
    return text if len(text) <= 2 * _END else f"{text[:_END]}\n{text[-_END:]}"


def _categories(weight: Weight | None, said: tuple[Found, ...]) -> tuple[Category, ...]:
    """The likeliest category, a second one that is nearly as likely, and what was said outright."""
    names: list[str] = []
    if weight is not None:
        names += weight.likeliest_categories
    if not names or len(said) == 1:
        names += [found.category for found in said]
    return tuple(Category(name) for name in dict.fromkeys(names))[:3]


def _perspective(weight: Weight | None, weighed: Weighed) -> Perspective:
    if weight is not None:
        return Perspective.OTHER if weight.perspective.get("other", 0.0) > 0.5 else Perspective.SELF
    if weighed.said:
        return Perspective(weighed.said[0].perspective)
    return Perspective.OTHER if weighed.sense.who is Who.OTHER else Perspective.SELF


def _because(weighed: Weighed) -> tuple[Because, ...]:
    """Name the words of what is said outright, then other telling words with their concept, in the order of the text."""
    found: dict[int, str] = {}
    for statement in weighed.said:
        for at in statement.words:
            found.setdefault(at, statement.says)
    table = concepts()
    for at, word in enumerate(weighed.reading.words):
        if at not in found:
            telling = next(
                (name for gloss in word.gloss.split() for name in table.get(gloss, ()) if name in _TELLING), None
            )
            if telling is not None:
                found[at] = telling
    words = weighed.reading.words
    return tuple(
        Because(weighed.text[words[at].start : words[at].end], concept, words[at].start, words[at].end)
        for at, concept in sorted(found.items())
    )
