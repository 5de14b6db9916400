"""What is read of what a page sends, and what is not: the same limits for the form and for the socket."""

from __future__ import annotations

import re

from bot.messages import Incoming, Kind, Sender

MOST_BYTES = 64 * 1024
"""A larger form or frame is not parsed at all."""

MOST_CHARACTERS = 4_000
"""A longer message is not read: a weighed answer to it would be a lie."""

MOST_TAP = 64
"""Bytes of a button's tap; ours have at most 48."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def written(text: str, sender: Sender, hint: str) -> Incoming | None:
    """What was typed as an act of the child; None where nothing was. Lone surrogates and control characters go: no store takes them."""
    clean = _CONTROLS.sub("", text.replace("\r\n", "\n")).encode("utf-8", "replace").decode("utf-8")
    if not clean.strip():
        return None
    if len(clean) > MOST_CHARACTERS:
        return Incoming(sender, Kind.TOO_LONG, hint=hint)
    return Incoming(sender, Kind.TEXT, clean, hint)


def tapped(tap: str, sender: Sender, hint: str) -> Incoming | None:
    """A tap as an act of the child; None for what no button of ours can have sent (telephone links send nothing)."""
    plain = tap.encode("utf-8", "replace")
    if not plain.strip() or len(plain) > MOST_TAP or tap.startswith("tel:") or _CONTROLS.search(tap):
        return None
    return Incoming(sender, Kind.TAP, plain.decode("utf-8"), hint)
