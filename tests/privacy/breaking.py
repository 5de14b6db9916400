"""The helpline as an operator starts it, in which every stage breaks once: `python breaking.py run people`.

Each stage raises an exception whose message holds everything that was handed to it, which is the worst that a mistake can do.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot import aftermath, answers, companion, conversation, dialogue, relay, returning, session, understanding
from bot.command import helpline
from bot.telegram import post
from bot.web import screen
from escalation import counsel, intake, outbox, receipts
from escalation.console import answers as console_answers

STAGES: tuple[tuple[Any, str], ...] = (
    (session.Sessions, "of"),
    (session.Sessions, "keep"),
    (understanding.Understanding, "of"),
    (understanding.Understanding, "weigh"),
    (conversation.Conversation, "_hear"),
    (conversation.Conversation, "_first_answer"),
    (dialogue.Dialogue, "turn"),
    (answers.Answers, "say"),
    (aftermath.Aftermath, "emergency"),
    (companion.Companion, "stay"),
    (companion.Companion, "told"),
    (returning.Returning, "give"),
    (returning.Returning, "come_back"),
    (relay.Relay, "_hand_over"),
    (relay.Relay, "_bubbles"),
    (screen, "drawn"),
    (post.Post, "send"),
    (intake.Intake, "open"),
    (intake.Intake, "add"),
    (outbox.Outbox, "due"),
    (receipts.Receipts, "give"),
    (counsel.Counsel, "claim"),
    (counsel.Counsel, "reply"),
    (counsel.Counsel, "thread"),
    (console_answers.Line, "of"),
)
"""What is broken: from the channel to the counsellor's screen and back."""


def breaks_once(owner: Any, name: str, told: Path) -> None:
    """Let the first call fail, and write down that it did."""
    kind = inspect.getattr_static(owner, name)
    whole = kind.__func__ if isinstance(kind, classmethod) else kind
    broken = False

    def fail(given: Any) -> None:
        nonlocal broken
        if not broken:
            broken = True
            with told.open("a", encoding="utf-8") as file:
                file.write(f"{getattr(owner, '__name__', owner)}.{name}\n")
            raise RuntimeError(f"broken on purpose with {_everything(given)}")

    wrapped: Callable[..., Any]
    if inspect.iscoroutinefunction(whole):

        @functools.wraps(whole)
        async def wrapped(*given: Any, **named: Any) -> Any:
            fail((given, named))
            return await whole(*given, **named)

    else:

        @functools.wraps(whole)
        def wrapped(*given: Any, **named: Any) -> Any:
            fail((given, named))
            return whole(*given, **named)

    setattr(owner, name, classmethod(wrapped) if isinstance(kind, classmethod) else wrapped)


def _everything(given: Any, depth: int = 4) -> str:
    """What objects hold inside, also where their repr hides it."""
    if depth == 0:
        return repr(given)
    if isinstance(given, (list, tuple, set)):
        return " ".join(_everything(one, depth - 1) for one in given)
    if isinstance(given, dict):
        return " ".join(f"{key}={_everything(one, depth - 1)}" for key, one in given.items())
    inside = {name: getattr(given, name, None) for name in getattr(given, "__slots__", ())} or getattr(
        given, "__dict__", {}
    )
    return f"{given!r} " + " ".join(_everything(one, depth - 1) for one in inside.values())


if __name__ == "__main__":
    log = Path(sys.argv.pop(1))
    for owner, name in STAGES:
        breaks_once(owner, name, log)
    helpline()
