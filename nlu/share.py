"""So many of so many: how the measurements count."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Share:
    """So many of so many; printed as both, because small sets mislead."""

    hits: int = 0
    of: int = 0

    def add(self, hit: bool) -> None:
        """Count one."""
        self.hits += hit
        self.of += 1

    @property
    def rate(self) -> float:
        """The share as a number; 0 of 0 is 0."""
        return self.hits / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.rate:.3f} ({self.hits}/{self.of})" if self.of else "-"
