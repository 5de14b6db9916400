"""How many inputs are tried, and how that is counted. HYPOTHESIS_PROFILE=short (the test suite) or long (`make fuzz`)."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, settings

LONG = 100_000
"""Inputs of a long run, at the least: it fails when it tried fewer."""

PROGRESS_SECONDS = 10.0

_EITHER = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("short", derandomize=True, phases=[Phase.explicit, Phase.generate, Phase.shrink], **_EITHER)
settings.register_profile("long", print_blob=True, **_EITHER)

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "short")
IS_LONG = PROFILE == "long"


def tried(*, short: int, long: int) -> Callable[[Any], Any]:
    """How often a test is given something, in the suite and in a long run. The suite's own tests keep Hypothesis' usual profile."""
    return settings(settings.get_profile(PROFILE), max_examples=long if IS_LONG else short)


@dataclass(slots=True)
class Share:
    """What one part of the helpline was given."""

    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0


@dataclass(slots=True)
class Tally:
    """The inputs of a whole run, by part."""

    shares: dict[str, Share] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)

    @property
    def total(self) -> int:
        return sum(share.inputs for share in self.shares.values())

    def add(self, part: str, seconds: float, inputs: int = 1) -> None:
        share = self.shares.setdefault(part, Share())
        share.inputs += inputs
        share.seconds += seconds
        share.slowest = max(share.slowest, seconds / max(1, inputs))
        if IS_LONG and time.monotonic() - self.told >= PROGRESS_SECONDS:
            self.told = time.monotonic()
            print(f"{self.told - self.began:6.0f} s {self.total:7,} inputs, now {part}", file=sys.__stderr__)

    def lines(self) -> Iterator[str]:
        yield f"{'part':30} {'inputs':>8} {'seconds':>8} {'slowest':>8}"
        for part, share in self.shares.items():
            yield f"{part:30} {share.inputs:8,} {share.seconds:8.1f} {share.slowest:8.2f}"
        yield f"{'all':30} {self.total:8,} {time.monotonic() - self.began:8.1f}"

    @contextmanager
    def one(self, part: str, most: float) -> Iterator[None]:
        """One input of work without waiting; fails when it takes longer than `most` seconds of this thread's own time."""
        began, worked = time.monotonic(), time.thread_time()
        yield
        worked = time.thread_time() - worked
        assert worked < most, f"{part} took {worked:.1f} s"
        self.add(part, time.monotonic() - began)


TALLY = Tally()


@contextmanager
def counted(part: str, inputs: int = 1) -> Iterator[None]:
    """Count what is tried inside."""
    began = time.monotonic()
    yield
    TALLY.add(part, time.monotonic() - began, inputs)


HANGS = 30.0
"""Seconds after which something that waits is said to hang, also on a machine that is busy."""


def in_time() -> asyncio.Timeout:
    """Nothing may hang."""
    return asyncio.timeout(HANGS)
