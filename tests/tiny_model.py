"""A weigher that is fitted in a moment on a dozen invented lines, for tests of what is built on one."""

from nlu.reading import Reader
from nlu.weighing import Example, Thresholds, Weigher

TOLD = [
    ("my dad beats me", "urgent", "violence_at_home", "self"), ("he hits my sister every night", "urgent", "violence_at_home", "other"),
    ("they locked me in a room help", "emergency", "control", "self"), ("i cannot leave the house", "urgent", "control", "self"),
    ("i am scared of my uncle", "concern", "violence_at_home", "self"), ("she is afraid to go home", "concern", "violence_at_home", "other"),
]  # fmt: skip
HARMLESS = [
    "we baked a cake",
    "my dog is cute",
    "i beat the boss in minecraft lol",
    "nice song by that band",
    "math exam tomorrow",
    "good game",
]
TOPICS = ["what are my rights", "how do i travel safely", "hello", "bye"]


def tiny_weigher() -> Weigher:
    """Fitted on the lines above; noticed from 0.4, alarmed from 0.6."""
    reader = Reader()
    examples = [
        Example(reader.read(text, "en"), "disclosure", urgency, category, who) for text, urgency, category, who in TOLD
    ]
    examples += [Example(reader.read(text, "en"), "harmless") for text in HARMLESS]
    examples += [Example(reader.read(text, "en"), "topic") for text in TOPICS]
    return Weigher.fit(examples, Thresholds(0.4, 0.6))
