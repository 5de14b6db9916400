"""Texts: editors find one, write it beside its source, and see it as a child would; a second person reviews it; it is published."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field, StringConstraints

from escalation.console.answers import Refusal
from escalation.console.desk import Desk, OnDesk
from escalation.console.door import Editor
from escalation.console.page import signed_in_page
from escalation.console.shelf import (
    DERIVED,
    STANDINGS,
    Book,
    NoSuchTextHere,
    books,
    rule_of,
    shipped_texts,
    standings,
)
from escalation.console.sought import Sought, kind, neighbours
from escalation.echo import SMALLEST
from escalation.editions import LONGEST, LONGEST_REASON, SERVICES, SHIPPED, Edition, Name, State
from escalation.ledger import utc_now
from escalation.listings import doubts, listings
from locales import examples, plurals
from locales.catalogue import NAMES, SOURCE, YOUNGER, direction
from locales.checker import Finding, look, look_forms, placeholders

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/texts", tags=["texts"])

SHOWN = 150
"""Texts on one page of the list; a search or a filter finds the others."""

VISIBLE = r"^[^\x00-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+$"
"""A name that can be seen and turns nothing around."""

LONGEST_FORM = LONGEST // plurals.MOST_FORMS
"""Characters of one form of a text that has a form for each number."""

Written = (
    Annotated[str, Field(max_length=LONGEST)]
    | Annotated[list[Annotated[str, Field(max_length=LONGEST_FORM)]], Field(max_length=plurals.MOST_FORMS)]
)
"""A text as it comes from an editor; of one with a form for each number, all its forms in the order of the language."""

QUICKER: dict[int | str, dict[str, object]] = {
    404: {"model": Refusal, "description": "There is no such text."},
    409: {"model": Refusal, "description": "Somebody has changed or decided meanwhile."},
}


class CannotBeSaid(Exception):
    """A text would break what children see; `args[0]` says what."""


class Draft(BaseModel):
    """A text that an editor wrote. `seen` is the newest edition that they saw (0: what ships)."""

    version: str = Field(pattern=f"^(|{YOUNGER})$")
    text: Written
    seen: int = Field(ge=0)


class Back(BaseModel):
    """Which edition is published again (0: what ships), and the newest one that the editor saw."""

    version: str = Field(pattern=f"^(|{YOUNGER})$")
    to: int = Field(ge=0)
    seen: int = Field(ge=0)


class NewPilot(BaseModel):
    """What editors call a pilot."""

    name: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(pattern=VISIBLE, max_length=80)


class PilotAnswer(BaseModel):
    """The code of a new pilot's link, told once."""

    code: str


class Named(BaseModel):
    """One text of a language."""

    key: str = Field(max_length=80)
    version: str = Field(pattern=f"^(|{YOUNGER})$")


class Approved(BaseModel):
    """Texts that somebody has read and found right."""

    texts: list[Named] = Field(max_length=SHOWN)


class ApprovedAnswer(BaseModel):
    """How many texts were approved, and the keys of those that were not because they would break something."""

    texts: int
    refused: list[str]


class NotLikeThis(BaseModel):
    """Why a draft is sent back, for its writer; nothing when that was said otherwise."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(
        "", pattern=f"^$|{VISIBLE}", max_length=LONGEST_REASON
    )


class Chosen(BaseModel):
    """Editions that somebody wants published."""

    editions: list[int] = Field(max_length=5000)


class ManyAnswer(BaseModel):
    """How many texts it was done to."""

    texts: int


class Tried(BaseModel):
    """A text that is being written, to be looked over."""

    version: str = Field(pattern=f"^(|{YOUNGER})$")
    text: Written


class FindingAnswer(BaseModel):
    """What is wrong with a text and how to mend it; a grave one is refused."""

    says: str
    grave: bool


class EditionAnswer(BaseModel):
    """An edition, and its number for whoever goes on from it."""

    id: int
    state: str
    text: str = Field(description="Of a text with a form for each number: all forms, as a JSON list.")
    writer: str | None
    reason: str = Field(description="Why it was sent back, if it was.")

    @classmethod
    def of(cls, edition: Edition) -> EditionAnswer:
        """The answer that shows this edition."""
        return cls(
            id=edition.id,
            state=edition.state.value,
            text=edition.text,
            writer=edition.writer,
            reason=edition.reason,
        )


@pages.get("/texts")
async def texts_page(request: Request, desk: OnDesk, session: Editor) -> Response:
    """How the texts of every language stand, and which of the editor's own drafts came back."""
    current = await desk.editions.current()
    returned = Counter(
        edition.name.locale
        for edition in current
        if edition.state is State.RETURNED and edition.writer == session.person.name
    )
    return await signed_in_page(
        request,
        desk,
        session,
        "texts.html",
        rows=standings(current),
        returned=[
            (code, name, returned[code]) for code, name in (*NAMES.items(), (SERVICES, "Services")) if returned[code]
        ],
        doubts=doubts(listings(current), utc_now().date()),
        pilots=await desk.pilots.running(),
        drafts_are_shown=desk.drafts_are_shown,
    )


@pages.get("/texts/{locale}")
async def language_page(request: Request, locale: str, desk: OnDesk, session: Editor, sought: Sought) -> Response:
    """The texts of a language, searched and filtered, each with what is found about it."""
    every = books(locale, await desk.editions.current())
    found = sought.among(every)
    return await signed_in_page(
        request,
        desk,
        session,
        "language.html",
        locale=locale,
        language=NAMES[locale],
        direction=direction(locale),
        found=[(book, _findings(desk, book.name, book.written)) for book in found[:SHOWN]],
        more=max(0, len(found) - SHOWN),
        groups=sorted({kind(book) for book in every}),
        standings=STANDINGS,
        sought=sought,
        reviewed=[book.open.id for book in found if book.open and book.open.state is State.REVIEWED],
        derived=DERIVED.get(locale),
    )


@pages.get("/texts/{locale}/{key}")
async def text_page(request: Request, locale: str, key: str, desk: OnDesk, session: Editor, sought: Sought) -> Response:
    """One text: its source, both versions, how a child will see it, what is found, and how it came to be."""
    every = books(locale, await desk.editions.current())
    versions = _versions(every, key)
    histories = {book.name.version: await desk.editions.history(book.name) for book in versions}
    counts = await desk.echo.counts(locale)
    wanted = {name for book in versions for name in placeholders(book.english)}
    said = {book.name.key: book.said for book in every if not book.name.version}
    return await signed_in_page(
        request,
        desk,
        session,
        "text.html",
        locale=locale,
        language=NAMES[locale],
        direction=direction(locale),
        key=key,
        versions=versions,
        examples=examples.of(examples.Text(key, locale, said), wanted),
        numbers=rule_of(locale).examples() if versions[0].many else (),
        sought=sought,
        around=neighbours(every, sought.among(every), key, session.person.name),
        histories=histories,
        seen={version: history[0].id if history else SHIPPED for version, history in histories.items()},
        counts={book.name.version: counts.get(book.name, {}) for book in versions},
        notes={book.name.version: await desk.echo.notes(book.name) for book in versions},
        smallest=SMALLEST,
        findings={book.name.version: _findings(desk, book.name, book.written) for book in versions},
        is_source=locale == SOURCE,
        is_button=key.startswith("button.") or key in desk.needed.labels,
        longest=LONGEST_FORM if versions[0].many else LONGEST,
        longest_reason=LONGEST_REASON,
    )


@api.post("/pilots", status_code=201, summary="Make a link for a pilot")
async def make_pilot(wanted: NewPilot, desk: OnDesk, _: Editor) -> PilotAnswer:
    """The code is told once; put it behind the address of the page (?pilot=...) or of the bot (?start=...)."""
    return PilotAnswer(code=await desk.pilots.make(wanted.name.strip()))


@api.post("/pilots/{pilot}/end", status_code=204, summary="Let a pilot's link work no longer")
async def end_pilot(pilot: int, desk: OnDesk, _: Editor) -> None:
    """Chats that were opened with it go on as they are."""
    await desk.pilots.end(pilot)


@api.post("/{locale}/approve", summary="Say that texts are right as they ship", responses=QUICKER)
async def approve(locale: str, read: Approved, desk: OnDesk, session: Editor) -> ApprovedAnswer:
    """Those that somebody has begun on meanwhile are left alone; those that would break something are refused and named."""
    wanted = {(one.key, one.version) for one in read.texts}
    found = [
        book
        for book in books(locale, await desk.editions.current())
        if (book.name.key, book.name.version) in wanted and book.can_be_approved
    ]
    grave = [book.name for book in found if any(one.grave for one in _findings(desk, book.name, book.shipped))]
    right = [(book.name, book.shipped) for book in found if book.name not in grave]
    return ApprovedAnswer(
        texts=await desk.editions.approve_shipped(right, session.person.id),
        refused=[f"{name.key} ({name.version})" if name.version else name.key for name in grave],
    )


@api.post("/{locale}/publish", summary="Publish everything of a language that was reviewed", responses=QUICKER)
async def publish_reviewed(locale: str, chosen: Chosen, desk: OnDesk, session: Editor) -> ManyAnswer:
    """Those that are reviewed still; live in every process within two seconds."""
    own = {book.open.id for book in books(locale, await desk.editions.current()) if book.open}
    numbers = [number for number in chosen.editions if number in own]
    return ManyAnswer(texts=await desk.editions.publish_reviewed(numbers, session.person.id))


@api.post("/{locale}/{key}/look", summary="Look a text over while it is written", responses=QUICKER)
async def look_over(locale: str, key: str, tried: Tried, desk: OnDesk, _: Editor) -> list[FindingAnswer]:
    """With the same rules as `helpline content check`."""
    book = await _book(desk, Name(locale, key, tried.version))
    found = _findings(desk, book.name, _as_one(book, tried.text))
    return [FindingAnswer(says=finding.says, grave=finding.grave) for finding in found]


@api.post("/{locale}/{key}/draft", status_code=201, summary="Write a draft", responses=QUICKER)
async def draft(locale: str, key: str, written: Draft, desk: OnDesk, session: Editor) -> EditionAnswer:
    """Refused where it would break something, or where somebody else has written meanwhile."""
    book = await _book(desk, Name(locale, key, written.version))
    text = _as_one(book, written.text)
    if text == book.written:
        raise CannotBeSaid("Nothing has changed.")
    if grave := [finding.says for finding in _findings(desk, book.name, text) if finding.grave]:
        raise CannotBeSaid(f"This text {grave[0]}.")
    return EditionAnswer.of(await desk.editions.draft(book.name, text, session.person.id, written.seen))


@api.post("/editions/{edition}/review", summary="Say that a draft is right", responses=QUICKER)
async def review(edition: int, desk: OnDesk, session: Editor) -> EditionAnswer:
    """By somebody else than its writer."""
    return EditionAnswer.of(await desk.editions.review(edition, session.person.id))


@api.post("/editions/{edition}/send-back", summary="Say that a draft is not right", responses=QUICKER)
async def send_back(edition: int, back: NotLikeThis, desk: OnDesk, session: Editor) -> EditionAnswer:
    """What children read stays as it is; its writer is told, with the reason."""
    return EditionAnswer.of(await desk.editions.send_back(edition, session.person.id, back.reason))


@api.post("/editions/{edition}/leave", status_code=204, summary="Leave a text as it was before", responses=QUICKER)
async def leave(edition: int, desk: OnDesk, _: Editor) -> None:
    """A draft that was sent back is written no more."""
    await desk.editions.leave(edition)


@api.post("/editions/{edition}/publish", summary="Let children read a reviewed text", responses=QUICKER)
async def publish(edition: int, desk: OnDesk, session: Editor) -> EditionAnswer:
    """Live in every process within two seconds."""
    return EditionAnswer.of(await desk.editions.publish(edition, session.person.id))


@api.post("/{locale}/{key}/roll-back", status_code=204, summary="Publish an earlier edition again", responses=QUICKER)
async def roll_back(locale: str, key: str, back: Back, desk: OnDesk, session: Editor) -> None:
    """Live at once: it was reviewed before. An open draft ends with it."""
    name = Name(locale, key, back.version)
    await _book(desk, name)
    await desk.editions.roll_back(name, back.to, session.person.id, back.seen)


def _versions(every: list[Book], key: str) -> list[Book]:
    """Both versions of a text, or the one that there is. Raises NoSuchTextHere."""
    found = [book for book in every if book.name.key == key]
    if not found:
        raise NoSuchTextHere
    return sorted(found, key=lambda book: book.name.version)


async def _book(desk: Desk, name: Name) -> Book:
    """One version of a text. Raises NoSuchTextHere."""
    every = books(name.locale, await desk.editions.current())
    found = [book for book in _versions(every, name.key) if book.name == name]
    if not found:
        raise NoSuchTextHere
    return found[0]


def _as_one(book: Book, written: str | list[str]) -> str:
    """What an editor wrote, as an edition keeps it. Raises CannotBeSaid where forms were expected, or one text alone."""
    if book.many != isinstance(written, list):
        raise CannotBeSaid("This text has a form for each number." if book.many else "This text has one form alone.")
    if isinstance(written, list):
        return plurals.joined(map(_tidy, written))
    return _tidy(written)


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _findings(desk: Desk, name: Name, text: str) -> list[Finding]:
    source, labels = shipped_texts(SOURCE)[name.key, name.version], desk.needed.labels
    if source.many:
        forms, rule = plurals.forms(text), rule_of(name.locale)
        return list(look_forms(name.locale, name.key, name.version, forms, source, rule, labels))
    return list(look(name.locale, name.key, name.version, text, source, labels))
