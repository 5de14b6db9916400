"""How long the Telegram channel waits, for what; all in one place, so that a test can be quick."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiogram.utils.backoff import BackoffConfig


@dataclass(frozen=True, slots=True)
class Pace:
    """All times in seconds.

    `poll`: one long poll. `request`: any other call. `hearing`: how long updates stay unconfirmed with Telegram while the conversation
    still hears them. `silence`: after it a child who waits sees "typing". `patience`: how long one answer is tried in all. `later`: when
    a delivery is worth another try after the network failed. `goodbye`: what closing grants to answers under way.
    """

    poll: int = 30
    request: int = 5
    hearing: float = 10.0
    silence: float = 0.3
    patience: float = 120.0
    later: float = 3.0
    goodbye: float = 5.0
    backoff: BackoffConfig = field(
        default_factory=lambda: BackoffConfig(min_delay=1.0, max_delay=30.0, factor=1.7, jitter=0.1)
    )
