"""Learning while the helpline runs: editors ask in the console, a process of its own computes, the models are exchanged only when none got worse.

The chat's process looks for requests and does one at a time. What computes runs beside it with the lowest priority, so that children are
answered as quickly as ever, and ends with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog

from bot import models, training
from bot.rasa import die_with_parent
from bot.settings import ROOT, Settings, alike
from bot.teaching import taught
from escalation.bell import LESSONS, Bell, is_ending
from escalation.ledger import LedgerIsAway
from escalation.lessons import ENDED_IN_THE_MIDDLE, Lessons, Request, Wish
from escalation.teachings import Stand, Teachings
from nlu import taught as taught_beside
from nlu.languages import language_of
from nlu.marks import TESTS

SECONDS = 2.0
"""How often it is looked for requests, and how often whoever asked is told how far it is."""

COMMAND = (sys.executable, "-m", "bot", "nlu")
"""What computes: it gets "candidate" or "effect", says a line for each step, and leaves its result in the state folder."""

log = structlog.get_logger("learning")


def learn(settings: Settings, say: Callable[[str], None]) -> dict[str, Any]:
    """Train the candidate, and measure it and the models in use on the test sets: which marks there are, and which fell."""
    from bot import measuring

    candidate = models.candidate(settings)
    beside = taught_beside.read(training.taught_folder(candidate))
    training.train(candidate, say)
    say("measuring the models in use")
    there = (settings.models / "trained.json").exists()
    before = measuring.measure(settings, beside.words) if there else {}
    say("measuring the new models")
    after = measuring.measure(candidate, beside.words)
    return {
        "words": sum(map(len, beside.words.values())),
        "examples": len(beside.lines),
        "worse": measuring.worse(before, after),
        "marks": [[mark, str(before.get("all", {}).get(mark, "-")), str(now)] for mark, now in after["all"].items()],
    }


def effect(settings: Settings, say: Callable[[str], None]) -> dict[str, Any]:
    """What the drafts change, beside everything that is approved: the marks that move, and how many lines of the test sets."""
    from nlu import effects
    from nlu.weighing import Weigher

    learned, trial = settings.models / "learned", _trial(settings)
    found = effects.effect(
        Weigher.load(settings.models / "disclosure"),
        effects.Material(learned, trial / "approved"),
        effects.Material(learned, trial / "drafted"),
        TESTS,
        say,
    )
    return {"changed": len(found.changed), "marks": list(found.marks()), "moved": list(found.moved())}


def keep_result(settings: Settings, result: Mapping[str, Any]) -> None:
    """Leave a result for the process that asked."""
    _result(settings).write_text(json.dumps(result), encoding="utf-8")


class Learning:
    """Carries out what editors ask for. `command` is what computes."""

    def __init__(
        self,
        settings: Settings,
        lessons: Lessons,
        teachings: Teachings,
        bell: Bell,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._settings = settings
        self._lessons = lessons
        self._teachings = teachings
        self._bell = bell
        self._command = command

    async def run(self) -> None:
        """Look for requests until cancelled."""
        with self._bell.subscribe() as ear:
            while not is_ending():
                try:
                    while await self.once():
                        pass
                except LedgerIsAway:
                    log.warning("requests_not_read")
                except Exception as mistake:  # whatever it is, children are answered, and the next request may do
                    log.error("request_failed", error=type(mistake).__name__)
                while (heard := await ear.wait(SECONDS)) and not heard & {LESSONS, ""}:
                    pass

    async def once(self) -> bool:
        """Carry out one request, if one waits and nobody works on another."""
        request = await self._lessons.begin()
        if request is None:
            return False
        log.info("begins", wish=request.wish.value)
        try:
            await self._prepare(request)
            result, last = await self._compute(request)
            if result is None:
                await self._lessons.end(request.id, None, f"It failed, and nothing has changed. Its last words: {last}")
                return True
            if not await self._lessons.say(request.id, "decides"):
                return True  # it was given up meanwhile, because nobody heard of us
            if request.wish is Wish.LEARNING:
                result["taken_over"] = not result["worse"]
                if result["taken_over"]:
                    await asyncio.to_thread(models.take_over, self._settings)
            await self._lessons.end(request.id, result)
        except asyncio.CancelledError:
            with contextlib.suppress(LedgerIsAway):
                await self._lessons.end(request.id, None, ENDED_IN_THE_MIDDLE)
            raise
        except (OSError, ValueError, KeyError) as error:
            await self._lessons.end(request.id, None, f"It failed, and nothing has changed: {type(error).__name__}.")
        return True

    async def _prepare(self, request: Request) -> None:
        """Lay out what is taught for whoever computes."""
        approved = [one.lesson for one in await self._teachings.standing(Stand.APPROVED)]
        if request.wish is Wish.LEARNING:
            candidate = models.candidate(self._settings)
            shutil.rmtree(candidate.state, ignore_errors=True)
            taught_beside.write(taught(approved), training.taught_folder(candidate))
            return
        own = {request.locale, language_of(request.locale)}
        drafts = [one.lesson for one in await self._teachings.standing(Stand.DRAFT) if one.lesson.locale in own]
        trial = _trial(self._settings)
        shutil.rmtree(trial, ignore_errors=True)
        taught_beside.write(taught(approved), trial / "approved")
        taught_beside.write(taught([*drafts, *approved]), trial / "drafted")

    async def _compute(self, request: Request) -> tuple[dict[str, Any] | None, str]:
        """Run what computes and pass on what it says; its result (None when it failed), and its last line."""
        _result(self._settings).unlink(missing_ok=True)
        what = "candidate" if request.wish is Wish.LEARNING else "effect"
        process = await asyncio.create_subprocess_exec(
            *self._command, what, cwd=ROOT, env=os.environ | alike(self._settings),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            start_new_session=True, preexec_fn=_beside,
        )  # fmt: skip
        assert process.stdout  # noqa: S101
        said = ["begins"]

        async def pass_on() -> None:
            while True:
                with contextlib.suppress(LedgerIsAway):
                    await self._lessons.say(request.id, said[-1])
                await asyncio.sleep(SECONDS)

        telling = asyncio.create_task(pass_on())
        try:
            async for raw in process.stdout:
                said.append(raw.decode(errors="replace").strip() or said[-1])
            failed = await process.wait()
        finally:
            telling.cancel()
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if failed or not _result(self._settings).exists():
            return None, said[-1]
        found: dict[str, Any] = json.loads(_result(self._settings).read_text(encoding="utf-8"))
        return found, said[-1]


def _trial(settings: Settings) -> Path:
    return settings.state / "trial"


def _result(settings: Settings) -> Path:
    return settings.state / "result.json"


def _beside() -> None:
    """In the new process: it gets what time is left over, and ends with us."""
    os.nice(19)
    die_with_parent()
