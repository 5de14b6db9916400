"""Looks for canaries: invented words that identify an invented child, in every form in which a program might have written them."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

CHUNK = 8 * 1024 * 1024


def forms(canary: str) -> frozenset[bytes]:
    """The canary in UTF-8, UTF-16, URL-, base64-, hex- and JSON-escaped form, in small letters and as it is."""
    found: set[bytes] = set()
    for text in {canary, canary.lower(), canary.upper()}:
        raw = text.encode()
        wide = [text.encode("utf-16-le"), text.encode("utf-16-be")]
        found |= {raw, *wide, raw.hex().encode(), raw.hex().upper().encode(), *(form.hex().encode() for form in wide)}
        found |= {quote(text).encode(), quote(text, safe="").encode(), quote_plus(text).encode()}
        found |= {json.dumps(text)[1:-1].encode(), _escaped(text).encode()}
        for shift in range(3):  # base64 looks different by where in a longer text it begins
            found |= _base64(b"\0" * shift + raw, shift)
    return frozenset(form for form in found if len(form) >= 6)


def hits(places: Iterable[Path], canaries: Iterable[str], since: float = 0.0) -> list[str]:
    """One line for each canary in a file that was written since then (seconds of the epoch); empty when there is none."""
    wanted = {form: canary for canary in canaries for form in forms(canary)}
    longest = max(map(len, wanted))
    found: set[str] = set()
    for path in _files(places, since):
        try:
            with path.open("rb") as file:
                before = b""
                while piece := file.read(CHUNK):
                    here = before + piece
                    found |= {f"{path}: {canary}" for form, canary in wanted.items() if form in here}
                    before = here[-longest:]
        except FileNotFoundError:  # ended meanwhile
            continue
    return sorted(found)


def _files(places: Iterable[Path], since: float) -> Iterator[Path]:
    for place in places:
        every = (
            [place]
            if place.is_file()
            else (Path(folder, name) for folder, _, names in os.walk(place, followlinks=True) for name in names)
        )
        for path in every:
            try:
                if path.is_file() and path.stat().st_mtime >= since:
                    yield path
            except FileNotFoundError:
                continue


def _escaped(text: str) -> str:
    """Every character as JSON and Python may escape it."""
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


def _base64(raw: bytes, shift: int) -> set[bytes]:
    """The middle of the base64 form, which does not depend on what stands before and after."""
    first = 0 if shift == 0 else 4
    encoded = base64.b64encode(raw)
    middle = encoded[first : len(encoded) // 4 * 4 - 4]
    return {middle, middle.replace(b"+", b"-").replace(b"/", b"_")}
