"""Words and examples: editors see what is known, add to it, try what that changes; a colleague approves; models learn when they are asked to."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from escalation.cases import Category, Perspective, Urgency
from escalation.console.answers import Refusal
from escalation.console.desk import Desk, OnDesk
from escalation.console.door import Editor
from escalation.console.page import signed_in_page
from escalation.ledger import utc_now
from escalation.lessons import Request as Asked
from escalation.lessons import Wish
from escalation.teachings import Kind, Lesson, Stand, Teaching
from locales.catalogue import NAMES, direction
from nlu import examples
from nlu.checking import LONGEST_LINE, Finding, look_at_line, look_at_word
from nlu.examples import Line
from nlu.glossaries import MEANINGLESS, entries, entry
from nlu.languages import language_of
from nlu.marks import TESTS, read_test
from nlu.reading import FOLDER, Source

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/words", tags=["words and examples"])

SHOWN = 200
"""Words and lines on one page; older ones are in the ledger."""

URGENCIES = (Urgency.EMERGENCY, Urgency.URGENT, Urgency.CONCERN)

DECIDED: dict[int | str, dict[str, object]] = {
    404: {"model": Refusal, "description": "There is no such language or request."},
    409: {"model": Refusal, "description": "Somebody has decided meanwhile, or it is your own."},
}


class CannotBeTaught(Exception):
    """A word or line would teach something wrong; `args[0]` says what."""


class NothingToTeachHere(Exception):
    """There is no such language, or nothing of that number was asked for."""

    def __init__(self) -> None:
        super().__init__("There is no such language or request.")


class Written(BaseModel):
    """A word with its plain English, or an example line with its labels: the topic of a question, or all that is known of a disclosure."""

    kind: Kind
    text: str = Field(max_length=LONGEST_LINE)
    gloss: str = Field(default="", max_length=120)
    topic: str = Field(default="", max_length=40)
    category: Category | None = None
    urgency: Urgency | None = None
    perspective: Perspective = Perspective.SELF


class FoundAnswer(BaseModel):
    """What is to be known about a word or line before it is taught; a grave finding is refused."""

    says: str
    grave: bool


class TeachingAnswer(BaseModel):
    """A word or line, and how it stands."""

    id: int
    state: str


class AskedAnswer(BaseModel):
    """How far something is that was asked for."""

    id: int
    state: str
    step: str
    under_way: bool
    seconds: int = Field(description="Since it was begun.")

    @classmethod
    def of(cls, asked: Asked) -> AskedAnswer:
        """The answer that shows this request."""
        return cls(
            id=asked.id,
            state=asked.progress.value,
            step=asked.step,
            under_way=asked.under_way,
            seconds=seconds(asked),
        )


def seconds(asked: Asked) -> int:
    """How long it has been worked on, or was."""
    begun: datetime | None = asked.begun_at
    return int(((asked.ended_at or utc_now()) - begun).total_seconds()) if begun else 0


@pages.get("/words")
async def overview(request: Request, desk: OnDesk, session: Editor) -> Response:
    """What was taught in every language, and how the models stand to it."""
    live = await desk.teachings.standing(Stand.DRAFT, Stand.APPROVED)
    counts = Counter((one.lesson.locale, one.stand) for one in live)
    rows = [
        (locale, NAMES[locale], *(sum(counts[name, stand] for name in _both(locale)) for stand in (Stand.DRAFT, Stand.APPROVED)))
        for locale in examples.locales()
    ]  # fmt: skip
    learning = await desk.lessons.latest(Wish.LEARNING)
    return await signed_in_page(
        request,
        desk,
        session,
        "teaching.html",
        rows=rows,
        learning=learning,
        seconds=seconds,
        not_learned=await desk.teachings.changed_since(await desk.lessons.learned_at()),
    )


@pages.get("/words/{locale}")
async def language_page(
    request: Request,
    locale: str,
    desk: OnDesk,
    session: Editor,
    asked: Annotated[str, Query(alias="q", max_length=LONGEST_LINE)] = "",
) -> Response:
    """One language: what is known of words, what was taught, and what waits for a second person."""
    _must_be_there(locale)
    taught = (await desk.teachings.of(_both(locale)))[:SHOWN]
    return await signed_in_page(
        request,
        desk,
        session,
        "teach.html",
        locale=locale,
        language=NAMES[locale],
        direction=direction(locale),
        shared=language_of(locale) == "hbs",
        q=asked,
        known=await asyncio.to_thread(_known, desk, asked, locale) if asked.strip() else [],
        groups=[(stand.value, [one for one in taught if one.stand is stand]) for stand in Stand],
        topics=await asyncio.to_thread(_topics),
        categories=list(Category),
        urgencies=URGENCIES,
        effect=await desk.lessons.latest(Wish.EFFECT, locale),
        seconds=seconds,
        longest=LONGEST_LINE,
    )


@api.post("/learning", status_code=202, summary="Have the models learn what was approved")
async def learn(desk: OnDesk, session: Editor) -> AskedAnswer:
    """Takes some minutes beside the chat; the new models are taken over when none of their marks is worse."""
    return AskedAnswer.of(await desk.lessons.ask(Wish.LEARNING, session.person.id))


@api.get("/requests/{number}", summary="How far something is", responses=DECIDED)
async def how_far(number: int, desk: OnDesk, _: Editor) -> AskedAnswer:
    """Learning, or what drafts would change."""
    found = await desk.lessons.get(number)
    if found is None:
        raise NothingToTeachHere
    return AskedAnswer.of(found)


@api.post("/{locale}/look", summary="Look a word or line over while it is written", responses=DECIDED)
async def look_over(locale: str, written: Written, desk: OnDesk, _: Editor) -> list[FoundAnswer]:
    """With the same rules as `helpline nlu check`."""
    found = await _findings(desk, locale, _lesson(locale, written))
    return [FoundAnswer(says=finding.says, grave=finding.grave) for finding in found]


@api.post("/{locale}", status_code=201, summary="Write a word or line down", responses=DECIDED)
async def write(locale: str, written: Written, desk: OnDesk, session: Editor) -> TeachingAnswer:
    """It teaches nothing before a second person approves it."""
    lesson = _lesson(locale, written)
    if grave := [finding.says for finding in await _findings(desk, locale, lesson) if finding.grave]:
        raise CannotBeTaught(grave[0])
    return _answer(await desk.teachings.write(lesson, session.person.id))


@api.post(
    "/{locale}/effect", status_code=202, summary="Try what the drafts of a language would change", responses=DECIDED
)
async def effect(locale: str, desk: OnDesk, session: Editor) -> AskedAnswer:
    """On the separate test sets, in a few minutes, beside the chat."""
    _must_be_there(locale)
    return AskedAnswer.of(await desk.lessons.ask(Wish.EFFECT, session.person.id, locale))


@api.post("/teachings/{teaching}/approve", summary="Say that a word or line is right", responses=DECIDED)
async def approve(teaching: int, desk: OnDesk, session: Editor) -> TeachingAnswer:
    """By somebody else than its writer. A word is read within two seconds, in every process."""
    return _answer(await desk.teachings.approve(teaching, session.person.id))


@api.post("/teachings/{teaching}/retire", summary="Take a word or line back", responses=DECIDED)
async def retire(teaching: int, desk: OnDesk, session: Editor) -> TeachingAnswer:
    """A word is gone within two seconds; a line when the models learn the next time."""
    return _answer(await desk.teachings.retire(teaching, session.person.id))


def _answer(teaching: Teaching) -> TeachingAnswer:
    return TeachingAnswer(id=teaching.id, state=teaching.stand.value)


def _both(locale: str) -> set[str]:
    """What teachings of a locale are written for: its lines for itself, its words for its language."""
    return {locale, language_of(locale)}


def _must_be_there(locale: str) -> None:
    if locale not in examples.locales():
        raise NothingToTeachHere


def _lesson(locale: str, written: Written) -> Lesson:
    """What was written, with the labels of its kind. Raises NothingToTeachHere or CannotBeTaught."""
    _must_be_there(locale)
    text = " ".join(written.text.split())
    match written.kind:
        case Kind.WORD:
            return Lesson(Kind.WORD, language_of(locale), text, " ".join(written.gloss.split()))
        case Kind.TOPIC:
            if written.topic not in _topics():
                raise CannotBeTaught("Choose the topic that this line asks about.")
            return Lesson(Kind.TOPIC, locale, text, category=written.topic)
        case Kind.DISCLOSURE:
            if written.category is None or written.urgency not in URGENCIES:
                raise CannotBeTaught("Choose what is happening, and how urgent it is.")
            return Lesson(
                Kind.DISCLOSURE,
                locale,
                text,
                category=written.category.value,
                urgency=written.urgency.value,
                perspective=written.perspective.value,
            )
    return Lesson(Kind.HARMLESS, locale, text)


async def _findings(desk: Desk, locale: str, lesson: Lesson) -> list[Finding]:
    beside = [
        one.lesson for one in await desk.teachings.of({lesson.locale}) if one.stand is not Stand.RETIRED
    ]  # the newest first
    return await asyncio.to_thread(lambda: list(_look(desk, locale, lesson, beside)))


def _look(desk: Desk, locale: str, lesson: Lesson, beside: list[Lesson]) -> Iterator[Finding]:
    if lesson.kind is Kind.WORD:
        taught = {entry(one.text): one.gloss for one in reversed(beside) if one.kind is Kind.WORD}
        yield from look_at_word(lesson.text, lesson.gloss, _shipped(lesson.locale) | taught)
        yield from _hidden(desk, lesson.text)
        return
    known = [*examples.lines_of(locale), *(_line(one) for one in beside if one.kind is not Kind.WORD)]
    yield from look_at_line(_line(lesson), known, [line for line in _unseen() if line.locale == locale])
    yield from _hidden(desk, lesson.text)


def _hidden(desk: Desk, text: str) -> Iterator[Finding]:
    for said, placeholder in desk.hidden_in(text):
        bare = re.sub(r" \d+\]$", "]", placeholder)
        yield Finding(f"“{said}” would be hidden in a chat, as what could lead to a person; write {bare} in its place.")


def _line(lesson: Lesson) -> Line:
    return Line(lesson.locale, lesson.text, lesson.kind.value, lesson.category, lesson.urgency, lesson.perspective)


def _known(desk: Desk, text: str, locale: str) -> list[tuple[str, str, str]]:
    """Every word or expression of a text, what it is read as, and how that was found."""
    unknown = "itself" if language_of(locale) == "en" else Source.UNKNOWN.value
    return [
        (word.text, word.gloss or MEANINGLESS, unknown if word.source is Source.UNKNOWN else word.source.value)
        for word in desk.reader.read(text, locale).words
        if word.source is not Source.SIGN
    ]


@lru_cache(maxsize=4)
def _shipped(language: str) -> dict[str, str]:
    return entries(FOLDER / f"{language}.tsv")


@lru_cache(maxsize=1)
def _topics() -> list[str]:
    return sorted({line.category for line in examples.lines_of("en") if line.kind == "topic"})


@lru_cache(maxsize=1)
def _unseen() -> list[Line]:
    return read_test(TESTS)
