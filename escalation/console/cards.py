"""Cards and posters: editors choose a language, a country and a theme, look at what it becomes, and take it to the printer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.datastructures import URL

from escalation.console.desk import Desk, OnDesk
from escalation.console.door import Editor
from escalation.console.page import signed_in_page
from escalation.editions import State
from escalation.listings import published
from locales.cards import Card, CardIsImpossible, Form, Theme, compose, countries
from locales.catalogue import NAMES, SOURCE, is_published

pages = APIRouter(include_in_schema=False)


class Wanted(BaseModel):
    """What somebody chose in the form; nothing yet when the page is opened. No country means: without numbers."""

    locale: str = Field(SOURCE, max_length=20)
    country: str | None = Field(None, max_length=20)
    theme: str = Field(Theme.TRAVEL, max_length=20)
    form: str = Field(Form.CARD, max_length=20)
    address: str = Field("", max_length=500)


Chosen = Annotated[Wanted, Query()]


@dataclass(frozen=True, slots=True)
class Proof:
    """A card in its form, ready to be looked at; `unread` is how many of its words nobody of the team has published."""

    card: Card
    form: Form
    svg: str
    unread: int


@pages.get("/cards")
async def cards_page(request: Request, desk: OnDesk, session: Editor, wanted: Chosen) -> Response:
    """The form, and under it the card as it will be printed, with what to do before."""
    wanted = _filled(desk, wanted)
    proof, error = None, None
    if wanted.address:
        try:
            proof = await _proof(desk, wanted)
        except CardIsImpossible as refusal:
            error = refusal
    await _take(desk)
    query = URL().include_query_params(**wanted.model_dump()).query
    return await signed_in_page(
        request,
        desk,
        session,
        "cards.html",
        status=422 if error else 200,
        wanted=wanted,
        proof=proof,
        error=error,
        query=query,
        address_is_set=bool(desk.address),
        languages=NAMES,
        countries={code: desk.catalogue.say(f"country.{code}", SOURCE) for code in countries(desk.directory)},
        themes=list(Theme),
        forms=list(Form),
    )


@pages.get("/cards/card.svg")
async def card_as_svg(desk: OnDesk, _: Editor, wanted: Chosen) -> Response:
    """The picture, for the page and for whoever lays out print. Raises CardIsImpossible."""
    proof = await _proof(desk, _filled(desk, wanted))
    return Response(proof.svg, media_type="image/svg+xml", headers=_named(proof, "svg"))


@pages.get("/cards/card.pdf")
async def card_as_pdf(desk: OnDesk, _: Editor, wanted: Chosen) -> Response:
    """The same for a printer. Raises CardIsImpossible."""
    proof = await _proof(desk, _filled(desk, wanted))
    drawn = await asyncio.to_thread(_pdf, proof.card, proof.form)
    return Response(drawn, media_type="application/pdf", headers=_named(proof, "pdf"))


def _filled(desk: Desk, wanted: Wanted) -> Wanted:
    """What was not chosen comes from the operator's settings."""
    country = desk.country if wanted.country is None else wanted.country
    return wanted.model_copy(update={"country": country, "address": wanted.address.strip() or desk.address})


async def _proof(desk: Desk, wanted: Wanted) -> Proof:
    """The card in the words that children would read now. Raises CardIsImpossible."""
    if wanted.form not in set(Form):
        raise CardIsImpossible(f"There is no form “{wanted.form}”; choose one of {', '.join(Form)}.")
    if desk.address and urlsplit(wanted.address).hostname != urlsplit(desk.address).hostname:
        raise CardIsImpossible(f"Cards of this helpline lead to {urlsplit(desk.address).hostname}, and nowhere else.")
    words = await _take(desk)
    card = compose(desk.catalogue, desk.directory, wanted.locale, wanted.country, wanted.theme, wanted.address)
    drawn = await asyncio.to_thread(_svg, card, Form(wanted.form))
    drafts = sum(not is_published(card.locale, (key, ""), words) for key in card.keys)
    return Proof(card, Form(wanted.form), drawn, drafts)


def _svg(card: Card, form: Form) -> str:
    from locales import printing  # its libraries are a quarter of a start; most consoles print nothing

    return printing.svg(card, form)


def _pdf(card: Card, form: Form) -> bytes:
    from locales import printing

    return printing.pdf(card, form)


async def _take(desk: Desk) -> dict[tuple[str, str, str], str]:
    """Take over what is published, texts and services; the texts."""
    current = await desk.editions.current()
    words = {
        (one.name.locale, one.name.key, one.name.version): one.text
        for one in current
        if one.state is State.PUBLISHED and not one.name.is_service
    }
    desk.catalogue.take(words, {})
    desk.directory.take(published(current))
    return words


def _named(proof: Proof, ending: str) -> dict[str, str]:
    name = f"{proof.card.locale}-{proof.card.theme}-{proof.form}.{ending}"
    return {"Content-Disposition": f'inline; filename="{name}"'}
