"""Rasa's own test stories, played by Rasa."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

pytestmark = pytest.mark.rasa

Play = Callable[[Path, Path], "CompletedProcess[str]"]

WRONG = """
version: "3.1"
stories:
  - story: a greeting is answered with a quiz
    steps:
      - user: |
          /greet
        intent: greet
      - action: utter_quiz
"""


def test_the_conversations_go_as_written(play: Play, tmp_path: Path) -> None:
    played = play(Path(__file__).parent / "test_stories.yml", tmp_path)
    assert played.returncode == 0, played.stdout[-3000:] + played.stderr[-3000:]


def test_a_conversation_that_goes_otherwise_is_noticed(play: Play, tmp_path: Path) -> None:
    wrong = tmp_path / "test_wrong.yml"
    wrong.write_text(WRONG)
    assert play(wrong, tmp_path).returncode != 0
