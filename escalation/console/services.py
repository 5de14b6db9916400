"""Services: editors see where children are sent, change, add, retire and confirm it; a second person reviews it; it is published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from escalation.console import board
from escalation.console.answers import country_name
from escalation.console.desk import OnDesk
from escalation.console.door import Editor
from escalation.console.page import signed_in_page
from escalation.console.shelf import STANDINGS
from escalation.console.texts import QUICKER, CannotBeSaid, Chosen, ManyAnswer
from escalation.editions import LONGEST_REASON, SHIPPED, NotInThisState, State
from escalation.listings import Listing, doubts, listings, name_of, new_id, text_of, uncovered
from locales import service_entries
from locales.catalogue import NAMES
from locales.service_entries import CONFIRMERS
from locales.services import COUNTRIES, NEEDS, Doubt

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/services", tags=["services"])

NEW = "new"
"""What stands in an address in place of the id of a service that is being added."""

RETIRED = "retired"

LONGEST = 1000
"""Characters of a field that are read at all; what is longer than a field takes is told in a line."""

LANGUAGES = tuple(
    dict.fromkeys((*(code.partition("-")[0] for code in NAMES), "rom", "hu", "sl", "de", "fr", "it", "ku", "ps", "ur"))
)
"""Languages that are offered to be ticked; a file can name any other."""


class NoSuchService(Exception):
    """There is no service of this id."""

    def __init__(self) -> None:
        super().__init__("There is no such service.")


Text = Annotated[str, Field(max_length=LONGEST)]


class Written(BaseModel):
    """A service as an editor wrote it, to be looked at: days as they were typed, empty where there is none."""

    name: Text
    label: Text
    need: Text
    number: Text
    countries: list[Text] = Field(max_length=LONGEST)
    free: bool | None
    anonymous: bool | None
    languages: list[Text] = Field(max_length=LONGEST)
    hours: Text
    source: Text
    seen: Text
    verified: Text
    confirmed_by: Text
    retired: bool

    def entry(self, id: str) -> dict[str, Any]:  # noqa: A002 - so it is called in the entry
        """The entry of this service."""
        return {**self.model_dump(), "id": id, "seen": _day(self.seen), "verified": _day(self.verified)}


class Draft(BaseModel):
    """A service that an editor wrote. `seen` is the newest edition that they saw (0: what ships, or nothing yet)."""

    service: Written
    seen: int = Field(ge=0)


class Back(BaseModel):
    """Which edition is published again (0: what ships), and the newest one that the editor saw."""

    to: int = Field(ge=0)
    seen: int = Field(ge=0)


class LookAnswer(BaseModel):
    """What is wrong with a service, by field, and what a child would read of its hours now."""

    mistakes: dict[str, str]
    hours: str


class DraftAnswer(BaseModel):
    """The draft of a service; where it takes a country's last one for a need away, that is said."""

    service: str
    edition: int
    uncovered: list[str]


@pages.get("/services")
async def services_page(
    request: Request,
    desk: OnDesk,
    session: Editor,
    country: Annotated[str, Query(max_length=20)] = "",
    need: Annotated[str, Query(max_length=20)] = "",
    warning: Annotated[str, Query(max_length=20)] = "",
    standing: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Every service by country."""
    every = [board.row(listing) for listing in listings(await desk.editions.current())]
    found = [
        row
        for row in every
        if (not country or country in row.service.countries)
        and (not need or row.service.need == need)
        and (not warning or row.doubt == warning)
        and (not standing or standing in {row.listing.standing, RETIRED if row.service.retired else ""})
    ]
    groups: dict[str, list[board.Row]] = {}
    for row in sorted(found, key=board.place):
        groups.setdefault(board.place(row)[1], []).append(row)
    return await signed_in_page(
        request,
        desk,
        session,
        "services.html",
        groups=groups,
        doubts=doubts((row.listing for row in every), board.today()),
        countries={code: country_name(code) for code in COUNTRIES},
        needs=NEEDS,
        warnings=list(Doubt),
        standings=(*STANDINGS, RETIRED),
        country=country,
        need=need,
        warning=warning,
        standing=standing,
        reviewed=[
            row.listing.open.id for row in every if row.listing.open and row.listing.open.state is State.REVIEWED
        ],
    )


@pages.get("/services/{service}")
async def service_page(request: Request, service: str, desk: OnDesk, session: Editor) -> Response:
    """One service: what is known of it, how a child will read it, and how it came to be. `new` is an empty one."""
    every = listings(await desk.editions.current())
    listing = _find(every, service)
    latest = listing.latest if listing else None
    history = await desk.editions.history(name_of(service)) if listing else []
    now = listing.said if listing else None
    return await signed_in_page(
        request,
        desk,
        session,
        "service.html",
        listing=listing,
        service=latest,
        now_told=now,
        row=board.row(listing) if listing else None,
        hours=board.hours(latest.hours, latest.countries[0]) if latest else "",
        place=f"/api/services/{service}",
        seen=history[0].id if history else SHIPPED,
        changed=board.changed(now, latest) if listing and listing.open else [],
        uncovered=board.named(uncovered(listing, latest, every)) if listing and latest and listing.open else [],
        last=board.named(uncovered(listing, board.retired(latest), every)) if listing and latest else [],
        history=board.history(listing, history) if listing else [],
        countries={code: country_name(code) for code in COUNTRIES},
        needs=NEEDS,
        labels={key: board.english(key) for key in service_entries.labels()},
        languages={
            code: service_entries.languages()[code]
            for code in dict.fromkeys((*LANGUAGES, *(latest.languages if latest else ())))
        },
        confirmers=CONFIRMERS,
        today=board.today(),
        longest=service_entries.LONGEST,
        longest_reason=LONGEST_REASON,
    )


@api.post("/publish", summary="Publish every service that was reviewed", responses=QUICKER)
async def publish_reviewed(chosen: Chosen, desk: OnDesk, session: Editor) -> ManyAnswer:
    """Those that are reviewed still; live in every process within two seconds."""
    own = {listing.open.id for listing in listings(await desk.editions.current()) if listing.open}
    numbers = [number for number in chosen.editions if number in own]
    return ManyAnswer(texts=await desk.editions.publish_reviewed(numbers, session.person.id))


@api.post("/{service}/look", summary="Look a service over while it is written", responses=QUICKER)
async def look_over(service: str, written: Written, desk: OnDesk, _: Editor) -> LookAnswer:
    """With the same rules as the files that ship."""
    listing = _find(listings(await desk.editions.current()), service)
    entry = written.entry(listing.id if listing else new_id(NEW))
    mistakes = service_entries.mistakes(entry, board.today(), listing.said if listing else None)
    known = "hours" not in mistakes and "countries" not in mistakes
    return LookAnswer(mistakes=mistakes, hours=board.hours(written.hours, written.countries[0]) if known else "")


@api.post("/{service}/draft", status_code=201, summary="Write a draft of a service", responses=QUICKER)
async def draft(service: str, written: Draft, desk: OnDesk, session: Editor) -> DraftAnswer:
    """Refused where something is wrong with it, or where somebody else has written meanwhile. `new` adds one."""
    every = listings(await desk.editions.current())
    listing = _find(every, service)
    entry = written.service.entry(listing.id if listing else new_id(NEW))
    if mistakes := service_entries.mistakes(entry, board.today(), listing.said if listing else None):
        raise CannotBeSaid("\n".join(service_entries.lines(entry, mistakes)))
    if listing is None:
        entry["id"] = new_id(entry["countries"][0])
        listing = Listing(entry["id"], None)
    wanted = service_entries.read(entry)
    if listing.said and wanted == listing.latest:
        raise CannotBeSaid("Nothing has changed.")
    edition = await desk.editions.draft(name_of(wanted.id), text_of(wanted), session.person.id, written.seen)
    return DraftAnswer(
        service=wanted.id,
        edition=edition.id,
        uncovered=[f"{country}: {need}" for country, need in board.named(uncovered(listing, wanted, every))],
    )


@api.post(
    "/{service}/roll-back", status_code=204, summary="Publish an earlier edition of a service again", responses=QUICKER
)
async def roll_back(service: str, back: Back, desk: OnDesk, session: Editor) -> None:
    """Live at once: it was reviewed before. An open draft ends with it."""
    listing = _find(listings(await desk.editions.current()), service)
    if listing is None or (back.to == SHIPPED and listing.shipped is None):
        raise NotInThisState
    await desk.editions.roll_back(name_of(service), back.to, session.person.id, back.seen)


def _find(every: Iterable[Listing], service: str) -> Listing | None:
    """The listing of an id; None for one that is being added. Raises NoSuchService."""
    if service == NEW:
        return None
    for listing in every:
        if listing.id == service:
            return listing
    raise NoSuchService


def _day(typed: str) -> date | str | None:
    """A day as it was typed, or what was typed where that is none."""
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        return typed
