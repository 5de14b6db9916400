"""What is in memory stays there: a program that crashes must not leave a picture of its memory on a disk (promise 2)."""

from __future__ import annotations

import ctypes
import resource
import sys
from pathlib import Path

PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4
"""prctl(2). A process that is not dumpable leaves no core, and no other process of the same user may read its memory."""

CORE_PATTERN = Path("/proc/sys/kernel/core_pattern")
"""Where the kernel says what it does with a core. If it begins with a pipe, the limit below is not looked at (core(5))."""


def keep_off_disk() -> bool:
    """Switch core dumps off for this process, and by the limit for those that it starts; whether that was possible.

    Both are needed: the limit is inherited (Rasa runs on it), but does not count where cores are piped to a program; not being
    dumpable always counts, but ends with exec.
    """
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    except (OSError, ValueError, AttributeError):
        return False
    return stays_off_disk()


def stays_off_disk() -> bool:
    """Whether a crash of this process would leave nothing behind."""
    limit = resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
    if sys.platform != "linux":
        return limit
    return limit and ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0


def cores_are_piped() -> bool:
    """Whether the kernel hands cores to a program (systemd-coredump, apport), also those of Rasa, which only the limit holds back."""
    try:
        return CORE_PATTERN.read_text(encoding="ascii").startswith("|")
    except OSError:
        return False
