"""A crash leaves no picture of the memory behind."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.settings import ROOT

CRASHES = """
import os, signal
from bot import memory
signal.signal(signal.SIGQUIT, signal.SIG_DFL)  # what runs in the background of a shell ignores it
print(memory.keep_off_disk(), flush=True)
os.kill(os.getpid(), signal.SIGQUIT)
"""
LIMIT = "from bot import memory; memory.keep_off_disk(); import subprocess; subprocess.run(['cat', '/proc/self/limits'], check=True)"


def test_a_program_that_crashes_dumps_no_core() -> None:
    ended = subprocess.Popen([sys.executable, "-c", CRASHES], cwd=ROOT, stdout=subprocess.PIPE)
    assert ended.stdout
    assert ended.stdout.read() == b"True\n"
    _, status = os.waitpid(ended.pid, 0)
    ended.returncode = status
    assert os.WIFSIGNALED(status)
    assert not os.WCOREDUMP(status)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_what_the_program_starts_dumps_none_either() -> None:
    limits = subprocess.run([sys.executable, "-c", LIMIT], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    [core] = [line.split() for line in limits.splitlines() if line.startswith("Max core file size")]
    assert core[4:6] == ["0", "0"]


def test_this_process_has_not_been_asked_yet_and_says_so() -> None:
    code = "from bot import memory; print(memory.stays_off_disk())"
    asked = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert asked.stdout == "False\n"
