"""How far somebody has come with telling: whether a message only begins ("there is this man who", "my dad"), or says that no person is wanted.

A child who writes half a sentence waits for somebody to listen. It says too little to be weighed or to be a question, and a text
about the nearest topic would end it. Like the grammar, this looks at glosses alone, so that it is the same in every language.
"""

from __future__ import annotations

import re
from enum import StrEnum

from nlu.reading import Reading


class Telling(StrEnum):
    """How far a message has come: it says something of its own, has only begun, or says that no person is wanted."""

    SAID = "said"
    BEGUN = "begun"
    NO_PERSON = "no person"


LONGEST = 9
"""Words of a beginning; whoever writes more has said something."""

_SHORT = 4

_PEOPLE = frozenset(
    "he she they father mother parent stepfather stepmother uncle aunt cousin brother sister grandfather grandmother family relative "
    "boyfriend girlfriend husband man woman boy girl guy neighbour teacher coach boss friend stranger".split()
)
_NOBODY_KNOWN = frozenset("man woman guy stranger husband".split())
"""Who may be anybody: a language's one word for them has two or three of these as its gloss."""

_ANYBODY = frozenset("person someone somebody people you".split())
_TO_TELL = frozenset("tell say happen something thing explain describe problem confess".split())
_NOT_YET = frozenset("want need must try know how not can cannot begin start ?".split())
"""Words of somebody who has something to tell and has not told it; beside people alone they say something ("he wants me")."""

_AROUND = frozenset(
    "i me my mine your we us our it this that these those there be exist have a an the one and but because so if when "
    "who which about with from to of in on at by for as also only just really very well please yes okay "
    "still his her him their new old other some write message basically . !".split()
)
_JUDGED = frozenset("normal wrong bad stupid terrible strange weird".split())
"""What is asked or said of something that is not told: "is it normal that my uncle", "i did something bad"."""
_ASKED_WITH = frozenset("? what".split())

_HE_SAID = frozenset("he she they say tell i and but so that because".split())
_ASKS = frozenset("who what where when why how which be do can".split())
_YOU_TELL = re.compile(r"\byou (?:will |would )?(?:tell|say)\b")
"""A question about us, not the beginning of a telling: "will you tell my parents"."""

_ME = frozenset("i me we us".split())
_WRITES = frozenset("write message".split())
_POINTING = frozenset("it this that these those".split())

_NO_PERSON = re.compile(
    r"\bnot (?:\w+ )?(?:want|need) (?:(?!want|need)\w+ ){0,3}"
    r"(?:(?:talk|speak)\b(?! (?:\w+ )?(?:he|she|they|him|her|them)\b)|person|human|counsellor"
    r"|(?:somebody|someone|anyone)\b(?! (?:know|see|find|touch|hurt)\b))"
)
_MACHINES = frozenset("robot machine bot computer program".split())


def telling(reading: Reading) -> Telling:
    """Tell how far a message has come, from its glosses alone."""
    glosses = reading.glossed.split()
    if not glosses or len(reading.words) > LONGEST:
        return Telling.SAID
    if _NO_PERSON.search(reading.glossed) and _MACHINES.isdisjoint(glosses):
        return Telling.NO_PERSON
    return Telling.BEGUN if _begins(glosses, reading.glossed) else Telling.SAID


def _begins(glosses: list[str], glossed: str) -> bool:
    """Whether it names somebody, or says that there is something to tell, and nothing else."""
    to_tell = not _TO_TELL.isdisjoint(glosses)
    if _YOU_TELL.search(glossed) or (glosses[0] in _ASKS and not to_tell) or ("you" in glosses and not to_tell):
        return False
    if "not" in glosses and "know" not in glosses:
        return False  # "he told me not to tell" is no beginning
    if to_tell:
        if _HE_SAID.issuperset(glosses):
            return len(glosses) <= _SHORT  # "he told me"
        people = _PEOPLE if "happen" in glosses else frozenset()  # "he will tell my family" is a threat
        return all(one in _AROUND | _JUDGED | _TO_TELL | _NOT_YET | _ANYBODY | people for one in glosses)
    first = next((at for at, one in enumerate(glosses) if one in _PEOPLE or one in _ANYBODY), None)
    around = _AROUND if _JUDGED.isdisjoint(glosses) else _AROUND | _JUDGED | _ASKED_WITH
    if first is None or not all(one in around | _PEOPLE | _ANYBODY for one in glosses):
        return False
    named = {
        one if one in _PEOPLE - _NOBODY_KNOWN else "somebody" for one in glosses if one in _PEOPLE or one in _ANYBODY
    }
    return len(named) == 1 and not _is_done_to(glosses, first)  # of two, one may do something to the other


def _is_done_to(glosses: list[str], first: int) -> bool:
    """Whether somebody does something to somebody, although no word says what: "they have me", "he did it to me" ("do" has no gloss)."""
    to_me = not _ME.isdisjoint(glosses[first + 1 :]) and _WRITES.isdisjoint(glosses)
    has = any(one == "have" and at and glosses[at - 1] != "i" for at, one in enumerate(glosses))
    does = any(one in _POINTING for one in glosses[first + 1 :])
    return to_me or has or does
