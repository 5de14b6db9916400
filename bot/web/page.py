"""The page, and the plain form that holds the same conversation without JavaScript."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.crowd import PATIENCE
from bot.messages import Bubble, Channel, Incoming, Kind, Sender
from bot.web import reading, screen
from bot.web.door import Work
from bot.web.headers import NEUTRAL
from bot.web.house import House
from bot.web.preference import Preference
from bot.web.tokens import is_token, new_token
from bot.web.turns import Answer
from locales.catalogue import Catalogue

MOST_FIELDS = 20
LONGEST_CODE = 40
"""Characters of a pilot's code that are looked at."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one rendering of the page shows. `draft` stays in the text box, `note` is the key of a text above it.

    `ticket` is what a newcomer brings back when many come at once.
    """

    token: str
    locale: str
    bubbles: Sequence[Bubble] = ()
    draft: str = field(default="", repr=False)
    note: str = ""
    ticket: str = ""


class TooLarge(Exception):
    """A request body is larger than is read."""


def _from_this_page(request: Request) -> bool:
    """Whether a form was sent by our own page: a foreign one could choose the token that the child then writes under.

    Browsers say so in Sec-Fetch-Site; older ones in Origin, which is "null" because our page sends no referrer.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "null")
    return origin == "null" or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


class Page:
    """Answers GET / and POST /."""

    def __init__(self, house: House, catalogue: Catalogue, default_locale: str) -> None:
        self._house = house
        self._turns = house.turns
        self._catalogue = catalogue
        self._default = default_locale
        self._codes = [locale.code for locale in catalogue.locales]
        templates = FileSystemLoader(Path(__file__).parent / "templates")
        environment = Environment(
            loader=templates, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._template = environment.get_template("page.html")

    async def show(self, request: Request) -> Response:
        """A fresh page with a fresh token, in the language the browser asks for."""
        preference, token = self._preference(request), new_token()
        sender, hint = Sender(Channel.WEB, token), preference.hint(preference.locale)
        pilot = request.query_params.get("pilot", "")[:LONGEST_CODE]
        incoming = Incoming(sender, Kind.PILOT, pilot, hint) if pilot else Incoming(sender, Kind.BACK, hint=hint)
        welcome = await self._turns.take(incoming, preference.locale)
        return self._render(Shown(token, preference.locale, () if welcome.failed else welcome.bubbles))

    async def answer(self, request: Request) -> Response:
        """One act of a child without JavaScript: the page again, with the whole dialogue, and never a redirect but the one that leaves.

        A redirect to the page would have to say in its address or in a cookie whose dialogue it is (promise 2). So a reload sends the form
        once more, and the conversation knows the act again.
        """
        preference = self._preference(request)
        if not _from_this_page(request):
            return self._render(Shown(new_token(), preference.locale), 403)
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return self._render(Shown(new_token(), preference.locale), 415)
        try:
            fields = _fields(await _body(request))
        except TooLarge:
            return self._render(Shown(new_token(), preference.locale, note="page.too_long"), 413)
        except ValueError:
            return self._render(Shown(new_token(), preference.locale), 400)
        return await self._act(fields, preference)

    async def _act(self, fields: dict[str, str], preference: Preference) -> Response:
        locale = fields.get("locale", "")
        locale = locale if locale in self._codes else preference.locale
        hint = preference.hint(locale)
        token, action = fields.get("token", ""), fields.get("action", "")
        if action in {"exit", "gone"}:
            if is_token(token):
                await self._turns.take(Incoming(Sender(Channel.WEB, token), Kind.EXIT, hint=hint), locale)
            return RedirectResponse(NEUTRAL, 303) if action == "exit" else Response(status_code=204)
        if not is_token(token) or token in self._turns.departed:
            # What was written with a token of another form is still heard; what a browser sends again after leaving is not.
            fields = {} if is_token(token) else fields
            token = new_token()
        sender = Sender(Channel.WEB, token)
        if action != "look":
            if work := await self._asked_of(sender, fields.get("ticket", ""), hint, locale):
                return await self._wait(
                    Shown(token, locale, (), fields.get("text", ""), "page.busy_form", work.challenge), work.seconds
                )
            if not await self._house.crowd.turn(token, PATIENCE):
                return await self._wait(Shown(token, locale, (), fields.get("text", ""), "page.slow"), int(PATIENCE))
        answer = Answer()
        if fields and (action == "language" or locale != fields.get("shown", locale)):
            answer = await self._turns.take(_named(Incoming(sender, Kind.LANGUAGE, locale, hint), fields), locale)
        incoming, note = None, ""
        if tap := fields.get("tap", ""):
            incoming = reading.tapped(tap, sender, hint)
        elif action not in {"look", "language"}:
            incoming = reading.written(fields.get("text", ""), sender, hint)
            note = "empty" if incoming is None and fields else ""
        if incoming:
            answer = await self._turns.take(_named(incoming, fields), locale)
        back = await self._back(sender, hint, locale)
        bubbles = screen.with_answer(back.bubbles, answer.bubbles)
        read = incoming is not None and incoming.kind is Kind.TEXT and not answer.failed
        draft = "" if read else fields.get("text", "")
        shown = locale if action == "language" else screen.spoken(bubbles, self._catalogue, locale)
        return self._render(Shown(token, shown, bubbles, draft, note))

    async def _asked_of(self, sender: Sender, ticket: str, hint: str, locale: str) -> Work | None:
        """What a newcomer is asked for while very many come at once; None for whoever is in, or comes in now."""
        door = self._house.door
        if ticket and door.opens(sender.key, ticket):
            return None
        work = door.knock(sender.key)
        if work and screen.has_begun((await self._back(sender, hint, locale)).bubbles):
            door.let_in(sender.key)
            return None
        return work

    async def _wait(self, shown: Shown, seconds: int) -> Response:
        """The page again, with what the child wrote still in the box, and the numbers for whoever cannot wait (promise 1)."""
        hint = Preference(shown.locale, self._default).hint(shown.locale)
        back = await self._back(Sender(Channel.WEB, shown.token), hint, shown.locale)
        numbers = self._house.numbers(shown.locale)
        bubbles = (*back.bubbles, *([numbers] if numbers else []))
        response = self._render(replace(shown, bubbles=bubbles), 429)
        response.headers["Retry-After"] = str(seconds)
        return response

    async def _back(self, sender: Sender, hint: str, locale: str) -> Answer:
        return await self._turns.take(Incoming(sender, Kind.BACK, hint=hint), locale)

    def _preference(self, request: Request) -> Preference:
        return Preference.of(request.headers.get("accept-language", ""), self._codes, self._default)

    def _render(self, shown: Shown, status: int = 200) -> Response:
        offering = screen.offering(shown.bubbles)
        html = self._template.render(
            words=screen.words(self._catalogue, shown.locale),
            locale=shown.locale,
            direction=screen.direction(shown.locale),
            locales=self._catalogue.locales,
            token=shown.token,
            ticket=shown.ticket,
            once=secrets.token_urlsafe(16),
            bubbles=screen.drawn(shown.bubbles),
            offering=offering,
            draft=shown.draft,
            begun=screen.has_begun(shown.bubbles),
            note=self._catalogue.say(shown.note, shown.locale) if shown.note else "",
            neutral=NEUTRAL,
            most=reading.MOST_CHARACTERS,
        )
        return HTMLResponse(html, status)


def _named(incoming: Incoming, fields: dict[str, str]) -> Incoming:
    """An act with its name, so that a form which a browser sends again (a reload, a trembling finger) is one act. Other words sent from the same
    page are another. The page's own 128 random bits go into the digest: nothing can be told from it of what was written."""
    once = fields.get("once", "")
    said = f"{once}\n{incoming.kind.value}\n{incoming.text}".encode("utf-8", "replace")
    return replace(incoming, act=hashlib.sha256(said).hexdigest()[:32]) if once else incoming


async def _body(request: Request) -> bytes:
    received, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= reading.MOST_BYTES:
            received += chunk  # the rest is thrown away, so that the browser gets to read the answer
    if size > reading.MOST_BYTES:
        raise TooLarge
    return bytes(received)


def _fields(body: bytes) -> dict[str, str]:
    """The form's fields, the first of each name counting. Raises ValueError for more fields than the form has."""
    pairs = parse_qsl(
        body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace"
    )
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value)
    return fields
