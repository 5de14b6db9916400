"""What the page, the form and the socket share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.crowd import Crowd
from bot.messages import Bubble
from bot.web.door import Door
from bot.web.turns import Turns

Numbers = Callable[[str], Bubble | None]


@dataclass(frozen=True, slots=True)
class House:
    """The conversation, who else writes, and the door. `numbers` says in a locale where to call in danger."""

    turns: Turns
    crowd: Crowd
    door: Door
    numbers: Numbers
