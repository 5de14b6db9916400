"""Whether understanding got worse: today's figures beside those of the last committed report.

A word list that helps one language can cost another; nobody sees that by reading it. So `make eval` fails when a mark
drops by more than a point.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nlu.marks import GOALS

POINT = 0.01
"""A drop of more than this fails."""

Figures = Mapping[str, Any]


def committed(path: Path) -> Figures:
    """Return the figures of the last commit, or those on disk outside a repository, or nothing where there are none."""
    try:
        shown = subprocess.run(  # noqa: S603 - a fixed command on our own file
            ["git", "show", f"HEAD:./{path.name}"],  # noqa: S607
            cwd=path.parent, capture_output=True, check=True,
        ).stdout  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        shown = path.read_bytes() if path.is_file() else b"{}"
    found: Figures = json.loads(shown)
    return found


def drops(before: Figures, now: Figures, chance: int = 1) -> list[str]:
    """Return one line for every mark of the test sets that is worse by more than a point, over all locales or in one.

    In one locale a single line of its small test set is more than a point: there the drop has to be more lines than may turn by `chance`.
    """
    found = []
    for locale, marks in now.get("test", {}).items():
        for mark, (hits, of) in marks.items():
            was = before.get("test", {}).get(locale, {}).get(mark)
            goal = GOALS.get(mark)
            if was is None or not of or not was[1] or goal is None:
                continue
            worse = (hits / of - was[0] / was[1]) * (1 if goal.most else -1)
            if worse > POINT + 1e-9 and (locale == "all" or worse * of > chance + 1e-9):
                found.append(f"{locale}: {mark} was {was[0]}/{was[1]}, is {hits}/{of}")
    return found
