"""What is answered first when a message may be a disclosure: the whole policy, in one file, to be read by whoever answers for it.

- emergency: a case is opened at once, and the child is told so, with the numbers for help right now. Somebody comes unless they stop it.
- urgent:    a warm first answer, safety first; then the child is asked whether a human may come. Nothing happens behind their back. Whoever may
             want to hurt themselves also gets the numbers.
- concern:   the topic's own answer stays, then one soft question. A wrong concern costs little; a wrong alarm costs trust.

Promise 1 (never lost) goes before promise 3 (the child decides) only in an emergency, and even then they can leave at any word.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue import GUIDANCE
from escalation.cases import Category, Facts, Perspective, Urgency

ASKED_AT_MOST = 3
"""How often the choice of a human is put after one alarm before the dialogue goes on; the offer stays in the menu."""

ANSWERED_BEFORE_ASKING = GUIDANCE - {"myths"} | {"find_help", "phone_number"}
"""Topics whose answer comes before the soft question to a concern: a question deserves its answer first."""

SPEAKS_OF = {
    "selfharm": "safety.selfharm",
    "violence_at_home": "safety.violence_at_home",
    "sexual_exploitation": "safety.sexual_exploitation",
    "control": "safety.control",
    "recruitment": "safety.recruitment",
    "forced_marriage": "safety.forced_marriage",
    "on_the_move": "safety.on_the_move",
    "forced_labour": "safety.forced_labour",
    "forced_begging_or_crime": "safety.forced_begging_or_crime",
    "sale_of_child": "safety.sale_of_child",
}
"""The one safety sentence that is said for a category, most pressing first: only one is said, so that it is read."""


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """How a noticed message is answered: the keys to say, whether a case is opened at once, and whether the topic is answered too."""

    keys: tuple[str, ...]
    open_case: bool
    answer_topic: bool


def safety_of(facts: Facts) -> tuple[str, ...]:
    """The key of the one safety sentence for what was noticed; none when the kind of harm is not clear."""
    if facts.perspective is Perspective.OTHER:
        return ("safety.other",)
    return tuple(key for category, key in SPEAKS_OF.items() if category in facts.categories)[:1]


def first_answer(facts: Facts) -> FirstAnswer:
    """The policy for one noticed message."""
    other = ".other" if facts.perspective is Perspective.OTHER else ""
    safety = safety_of(facts)
    if facts.urgency is Urgency.EMERGENCY:
        return FirstAnswer((f"alarm.emergency{other}", *safety), open_case=True, answer_topic=False)
    if facts.urgency is Urgency.URGENT:
        numbers = ("alarm.numbers",) if Category.SELFHARM in facts.categories else ()
        return FirstAnswer((f"alarm.urgent{other}", *safety, *numbers), open_case=False, answer_topic=False)
    return FirstAnswer((f"alarm.concern{other}",), open_case=False, answer_topic=True)
