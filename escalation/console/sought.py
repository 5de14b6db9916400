"""What an editor looks for among the texts of a language: it travels in the address, so that it is still there after an act and on the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, Field

from escalation.console.shelf import Book
from escalation.editions import State


class Search(BaseModel):
    """Words, a standing and a kind; what is empty excludes nothing."""

    q: str = Field("", max_length=100)
    standing: str = Field("", max_length=20)
    group: str = Field("", max_length=40)

    def among(self, books: Sequence[Book]) -> list[Book]:
        """The texts that are looked for."""
        return [
            book
            for book in books
            if (not self.q or book.has(self.q))
            and (not self.standing or book.standing == self.standing)
            and (not self.group or kind(book) == self.group)
        ]

    @property
    def query(self) -> str:
        """The same as the end of an address; nothing where nothing is looked for."""
        chosen = {name: value for name, value in self.model_dump().items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""


Sought = Annotated[Search, Query()]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The keys around a text in what was found, and the next one that wants a review."""

    before: str | None
    after: str | None
    to_review: str | None


def kind(book: Book) -> str:
    """The first part of a text's key."""
    return book.name.key.partition(".")[0]


def neighbours(books: Sequence[Book], found: Sequence[Book], key: str, reader: str) -> Neighbours:
    """Around a text that need not be found itself any more: whoever has just reviewed it goes on from where it stood.

    What `reader` wrote is reviewed by somebody else; after the last text the first one is next.
    """
    order = {name: at for at, name in enumerate(dict.fromkeys(book.name.key for book in books))}
    here = order[key]
    keys = list(dict.fromkeys(book.name.key for book in found))
    before = [other for other in keys if order[other] < here]
    after = [other for other in keys if order[other] > here]
    waiting = {
        book.name.key for book in found if book.open and book.open.state is State.DRAFT and book.open.writer != reader
    }
    to_review = next((other for other in (*after, *before) if other in waiting), None)
    return Neighbours(before[-1] if before else None, after[0] if after else None, to_review)
