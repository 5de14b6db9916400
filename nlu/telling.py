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

_PEOPLE = frozenset(
    "he she they father mother parent stepfather stepmother uncle aunt cousin brother sister grandfather grandmother family relative "
    "boyfriend girlfriend husband man woman boy girl guy person someone somebody people neighbour teacher coach boss friend stranger".split()
)
_TO_TELL = frozenset("tell say happen something thing explain describe problem confess".split())
_NOT_YET = frozenset("want need must try know how not can cannot begin start ?".split())
"""Words of somebody who has something to tell and has not told it; beside people alone they say something ("he wants me")."""

_AROUND = frozenset(
    "i me my mine you your we our us it this that these those there be exist have do will would a an the one and but because so if when "
    "who which about with from to of in on at by for as also only just really very well please yes okay "
    "still his her him their new old other some write message basically . !".split()
)
_ASKS = frozenset("who what where when why how which be do can".split())
_YOU_TELL = re.compile(r"\byou (?:will |would )?(?:tell|say)\b")
"""A question about us, not the beginning of a telling: "will you tell my parents"."""

_NO_PERSON = re.compile(
    r"\bnot (?:\w+ )?(?:want|need) (?:(?!want|need)\w+ ){0,3}(?:talk|speak|person|human|counsellor|somebody|someone|anyone)\b"
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
    around = _AROUND | _TO_TELL | _NOT_YET if to_tell else _AROUND
    return (to_tell or not _PEOPLE.isdisjoint(glosses)) and all(one in around or one in _PEOPLE for one in glosses)
