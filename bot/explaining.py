"""What each step saw in a message, for whoever asks why the helpline answered as it did: `helpline classify --explain`.

Nothing is computed here that a chat does not compute; only what each word adds is found by leaving it out and weighing again.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.disclosure import Weighed
from bot.language import SURE
from bot.understanding import Understanding, Understood
from nlu.concepts import concepts
from nlu.reading import Source
from nlu.weighing import Thresholds

MOST = 8
"""Words whose weight is shown."""

_SIGNS = {Source.GUESS: "≈", Source.UNKNOWN: "?", Source.ENGLISH: "=", Source.GLOSSARY: "=", Source.SIGN: "="}


def explain(
    understanding: Understanding, understood: Understood, topic: str | None, confidence: float
) -> Iterator[str]:
    """Return one line for each step, in the order of a message's way."""
    yield f"text        {understood.text}"
    likely = understanding.languages(understood.text)
    languages = ", ".join(f"{language} {chance:.2f}" for language, chance in list(likely.items())[:3])
    answered = understood.heard.locale or f"none, asked below {SURE:.2f}"
    yield f"language    {languages or 'no letters'}; answered in {answered}, read as {understood.read_as}"
    if not understood.text:
        return
    forms, thresholds = understanding.steps(understood.text, understood.read_as)
    for form, weighed in enumerate(forms):
        yield from _seen(weighed)
        yield from _weight(weighed, thresholds)
        yield from _words(understanding, weighed, understood.read_as, form)
    judgement = understood.judgement
    categories = ", ".join(category.value for category in judgement.categories)
    yield f"judgement   {judgement.urgency.value} {categories} {judgement.perspective.value if categories else ''}".rstrip()
    for because in judgement.because:
        yield f"            because of “{because.words}”: {because.concept}"
    yield f"topic       {topic or 'none'} {confidence:.2f}"


def _seen(weighed: Weighed) -> Iterator[str]:
    """The words with their plain English ("≈": guessed, "?": not known), what is said outright, how it is meant, and its concepts."""
    yield "words       " + "  ".join(
        word.text + _SIGNS[word.source] + ("" if word.source is Source.UNKNOWN else word.gloss or "-")
        for word in weighed.reading.words
    )
    for found in weighed.said:
        words = " ".join(weighed.reading.words[at].text for at in found.words)
        decides = (
            "" if found in weighed.outright else " (a clue only: the message is long, or something speaks against it)"
        )
        yield f"statement   {found.says}: {found.category}, {found.urgency}, {found.perspective}, by “{words}”{decides}"
    yield "meant       " + ", ".join(weighed.sense.clues())
    table = concepts()
    named = dict.fromkeys(name for gloss in weighed.reading.glossed.split() for name in table.get(gloss, ()))
    if named:
        yield "concepts    " + ", ".join(named)


def _weight(weighed: Weighed, thresholds: Thresholds) -> Iterator[str]:
    if weighed.weight is None:
        yield "weight      none: there are no trained models, or no words"
        return
    yield (
        f"weight      {weighed.weight.disclosure:.3f} (noticed from {thresholds.noticed:.3f}, alarms from {thresholds.alarmed:.3f}); "
        f"emergency {weighed.weight.emergency:.3f} (from {thresholds.emergency:.3f})"
    )
    for name in ("urgency", "category", "perspective"):
        chances = sorted(getattr(weighed.weight, name).items(), key=lambda pair: -pair[1])[:3]
        if chances:
            yield f"{name:<12}" + ", ".join(f"{label} {chance:.2f}" for label, chance in chances)


def _words(understanding: Understanding, weighed: Weighed, read_as: str, form: int) -> Iterator[str]:
    """How much the chance falls (or, with a minus, rises) when a word is left out."""
    if weighed.weight is None or len(weighed.reading.words) < 2:
        return
    drops = []
    for word in weighed.reading.words:
        without, _ = understanding.steps(weighed.text[: word.start] + " " + weighed.text[word.end :], read_as)
        drops.append((weighed.weight.disclosure - without[min(form, len(without) - 1)].score, word.text))
    drops.sort(key=lambda pair: -abs(pair[0]))
    yield "adds        " + ", ".join(f"{text} {drop:+.2f}" for drop, text in drops[:MOST])
