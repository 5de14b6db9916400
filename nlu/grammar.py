"""A small grammar over glosses: who a message is about, when it is, and whether it is meant.

What alarms wrongly is past and solved, planned, denied, supposed, told by others, or happens in a game, a film, a song
or homework. These few signs are the same in every language once a message is glossed. They do not decide: they are clues
that the weighing learns from, and they keep an explicit statement from alarming where it is plainly not meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nlu.concepts import concepts
from nlu.reading import Reading


class Who(StrEnum):
    """Whom a message is about, as far as its words tell."""

    SELF = "self"
    OTHER = "other"
    UNSAID = "unsaid"


_SELF = frozenset("i my me mine myself we us our".split())
_OTHERS = frozenset(
    "friend sister brother cousin girl boy classmate child neighbour baby niece nephew she her roommate".split()
)
_THEIRS = frozenset("her his she he him they their".split())
_NEGATION = frozenset("not no never nobody nothing without none neither cannot".split())
_ABILITY = frozenset("cannot leave help know let allow want give pay go out eat see escape stop".split())
_PAST = frozenset("before ago once earlier childhood last".split())
_SOLVED = frozenset("solve finish over sorry apologise now fine good back return".split())
_PLANNED = frozenset("tomorrow will plan soon tonight".split())
_SUPPOSED = frozenset("if would suppose imagine maybe could what-if".split())
_QUESTION = frozenset("? how why which what can where who when".split())
_FRAMES = {
    "in a game": frozenset(
        "game level play player minecraft fortnite roblox sims chess monopoly skin clan server boss console character".split()
    ),
    "in a film or book": frozenset(
        "film series episode book novel character season netflix actor cinema documentary cartoon theatre play story".split()
    ),
    "in a song": frozenset("song lyric rap sing chorus singer concert".split()),
    "for school": frozenset(
        "homework essay exam lesson project class history biology teacher presentation topic grade math".split()
    ),
    "in sport": frozenset(
        "football match coach goal training team basketball league referee karate judo box tournament gym".split()
    ),
    "in the news": frozenset("news newspaper tv report article radio".split()),
    "a joke": frozenset("lol joke funny prank meme".split()),
    "an animal": frozenset(
        "dog cat bird fish horse parrot hamster rabbit chicken mouse mosquito pet animal turtle".split()
    ),
    "all is well": frozenset("fine happy love nice okay great fun best".split()),
}


@dataclass(frozen=True)
class Sense:
    """How a message is meant. `frames` names the harmless settings it speaks of ("in a game", "in a song")."""

    who: Who
    now: bool
    past: bool
    planned: bool
    negated: bool
    supposed: bool
    asking: bool
    quoted: bool
    frames: tuple[str, ...]

    @property
    def earnest(self) -> bool:
        """Whether nothing speaks against taking the message at its word."""
        return not self.frames and not self.supposed and not self.asking and not (self.past and not self.now)

    def clues(self) -> tuple[str, ...]:
        """Return the sense as words for the weighing."""
        flags = {
            "is now": self.now, "is past": self.past, "is planned": self.planned, "is denied": self.negated,
            "is supposed": self.supposed, "is asked": self.asking, "is quoted": self.quoted,
        }  # fmt: skip
        return (f"who {self.who.value}", *(name for name, holds in flags.items() if holds), *self.frames)


def sense(reading: Reading) -> Sense:
    """Tell how a message is meant from its glosses alone."""
    words = reading.glossed.split()
    present = set(words)
    return Sense(
        who=_who(words),
        now=bool(present & {"now", "tonight", "today", "immediately", "hour"}),
        past=bool(present & _PAST),
        planned=bool(present & _PLANNED),
        negated=_denied(words),
        supposed=bool(present & _SUPPOSED),
        asking="?" in present or bool(words and words[0] in _QUESTION),
        quoted=any(mark in reading.written for mark in ('"', "„", "“", "«")),
        frames=tuple(name for name, marks in _FRAMES.items() if present & marks),
    )


def _who(words: list[str]) -> Who:
    """The child speaks of itself unless somebody else comes first and the child is not the one it happens to."""
    mine = sum(word in _SELF - {"my", "our"} for word in words)
    others = sum(word in _OTHERS for word in words)
    if others and not mine:
        return Who.OTHER
    if (
        others
        and mine
        and next((word for word in words if word in _OTHERS or word in _SELF - {"my", "our"}), "") in _OTHERS
    ):
        theirs = sum(word in _THEIRS for word in words)
        return Who.OTHER if theirs + others > mine else Who.SELF
    return Who.SELF if mine else Who.UNSAID


def _denied(words: list[str]) -> bool:
    """A denial is a negation right before something alarming; "cannot leave" and "not let" are alarming themselves."""
    table = concepts()
    alarming = {
        "violence",
        "killing",
        "threat",
        "debt",
        "sexual",
        "afraid",
        "self-harm",
        "wanting to die",
        "sold",
        "must",
    }
    for at, word in enumerate(words[:-1]):
        if word in _NEGATION:
            near = [after for after in words[at + 1 : at + 3] if after not in _ABILITY]
            if any(alarming.intersection(table.get(after, ())) for after in near):
                return True
    return False
