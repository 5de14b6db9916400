"""Texts: what editors will work with. Their pages come; until then this one says how the texts stand."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from escalation.console.desk import OnDesk
from escalation.console.door import Editor
from escalation.console.page import signed_in_page
from locales import catalogue

pages = APIRouter(include_in_schema=False)


@pages.get("/texts")
async def texts_page(request: Request, desk: OnDesk, session: Editor) -> Response:
    """Which languages there are; every text is a draft that nobody has reviewed yet."""
    languages = [(name, len(catalogue.read(code))) for code, name in catalogue.NAMES.items()]
    return await signed_in_page(request, desk, session, "texts.html", languages=languages)
