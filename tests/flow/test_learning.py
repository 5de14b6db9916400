"""A word is approved while children write, and the models learn beside them. What computes is replaced by a small program; all words are invented."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from world import World, child, eventually

from bot import models, teaching
from bot.learning import Learning
from escalation.cases import Urgency
from escalation.lessons import ENDED_IN_THE_MIDDLE, Progress, Wish
from escalation.teachings import Kind, Lesson, Teaching

TRAINER = """
import json, os, shutil, sys, time
from pathlib import Path
state = Path(os.environ["HELPLINE_STATE"])
assert sys.argv[1] == "candidate" and os.nice(0) == 19
new = state / "candidate" / "models"
assert (new / "taught" / "glossary" / "sq.tsv").read_text() == "lemma\\tgloss\\nzbrrlim\\tbeating\\n"
print("learning", flush=True)
shutil.copytree(state / "models", new, dirs_exist_ok=True)
(new / "words.json").write_text('{"sq": {"zbrrlim": 1000}}')
(new / "trained.json").write_text('{"fingerprint": "new", "at": 0}')
%s
(state / "result.json").write_text(json.dumps({"words": 1, "examples": 0, "worse": %r, "marks": []}))
"""
WORD = Lesson(Kind.WORD, "sq", "zbrrlim", "beating")


@contextlib.asynccontextmanager
async def beside(*tasks: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """What runs beside the conversations for a while."""
    running = [asyncio.create_task(task) for task in tasks]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def approved(world: World, lesson: Lesson) -> Teaching:
    vlad, ina = await world.counsellor("Vlad"), await world.counsellor("Ina")
    written = await world.side.teachings.write(lesson, vlad)
    return await world.side.teachings.approve(written.id, ina)


def learning(world: World, folder: Path, *worse: str, first: str = "") -> Learning:
    """Learning with a program that copies the models in use, with other words."""
    (folder / "trainer.py").write_text(TRAINER % (first, list(worse)), encoding="utf-8")
    command = [sys.executable, str(folder / "trainer.py")]
    return Learning(world.settings, world.side.lessons, world.side.teachings, world.side.bell, command)


async def test_a_word_that_was_approved_makes_the_next_message_an_alarm_and_taken_back_it_does_not(
    world_without_rasa: World,
) -> None:
    world, reader = world_without_rasa, world_without_rasa.chat.understanding.reader
    weigh = world.chat.understanding.weigh
    who = child()
    await world.write(who, "zbrrlo tonight")
    assert await world.side.counsel.queue(world.team) == []
    before = weigh("zbrrlo tonight", "en").urgency
    assert before is not Urgency.EMERGENCY
    async with beside(teaching.follow(reader, world.side.teachings, world.side.bell)):
        word = await approved(world, Lesson(Kind.WORD, "en", "zbrrlo", "he will kill me"))
        await eventually(lambda: weigh("zbrrlo tonight", "en").urgency is Urgency.EMERGENCY, 2)
        await world.write(who, "zbrrlo tonight")
        assert [case.facts.urgency for case in await world.side.counsel.queue(world.team)] == [Urgency.EMERGENCY]
        await world.side.teachings.retire(word.id, 1)
        await eventually(lambda: weigh("zbrrlo tonight", "en").urgency is before, 2)


async def test_models_that_are_no_worse_are_used_from_the_next_message_on(
    world_without_rasa: World, tmp_path: Path
) -> None:
    world, understanding = world_without_rasa, world_without_rasa.chat.understanding
    before = understanding.languages("zbrrlim")["sq"]
    await approved(world, WORD)
    asked = await world.side.lessons.ask(Wish.LEARNING, 1)
    into_chat = partial(models.into_chat, world.settings, understanding)
    async with beside(models.follow(world.settings, into_chat)):
        assert await learning(world, tmp_path).once()
        await eventually(lambda: understanding.languages("zbrrlim")["sq"] > before, 10)
    done = await world.side.lessons.get(asked.id)
    assert done is not None
    assert (done.progress, done.result["taken_over"]) == (Progress.DONE, True)
    assert json.loads((world.settings.models / "trained.json").read_text())["fingerprint"] == "new"
    assert (world.settings.state / "models.before" / "trained.json").exists()
    assert understanding.weigh("they want to sell me tonight", "en").urgency is Urgency.EMERGENCY
    world.settings.models.rename(tmp_path / "new")
    (world.settings.state / "models.before").rename(world.settings.models)
    await into_chat()  # what reads messages is shared by the tests of a run


@pytest.mark.parametrize(
    ("worse", "first", "says"),
    [
        (["sq: topic right was 9/9, is 5/9"], "", ""),
        ([], "sys.exit('out of memory')", "It failed, and nothing has changed. Its last words: out of memory"),
        ([], "os.kill(os.getpid(), 9)", "It failed, and nothing has changed. Its last words: learning"),
    ],
)
async def test_models_that_are_worse_or_were_never_finished_are_not_used(
    world_without_rasa: World, tmp_path: Path, worse: list[str], first: str, says: str
) -> None:
    world = world_without_rasa
    used = (world.settings.models / "trained.json").read_bytes()
    await approved(world, WORD)
    asked = await world.side.lessons.ask(Wish.LEARNING, 1)
    assert await learning(world, tmp_path, *worse, first=first).once()
    done = await world.side.lessons.get(asked.id)
    assert done is not None
    assert done.progress is (Progress.FAILED if says else Progress.DONE)
    assert done.step == says
    assert not done.result.get("taken_over")
    assert (world.settings.models / "trained.json").read_bytes() == used


async def test_a_program_that_stops_in_the_middle_ends_what_computes_and_says_so(
    world_without_rasa: World, tmp_path: Path
) -> None:
    world = world_without_rasa
    used = (world.settings.models / "trained.json").read_bytes()
    await approved(world, WORD)
    asked = await world.side.lessons.ask(Wish.LEARNING, 1)
    (tmp_path / "pid").touch()
    slow = f"Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid())); time.sleep(60)"
    async with beside(learning(world, tmp_path, first=slow).run()):
        await eventually(lambda: (tmp_path / "pid").read_text() != "", 10)
    ended = await world.side.lessons.get(asked.id)
    assert ended is not None
    assert (ended.progress, ended.step) == (Progress.FAILED, ENDED_IN_THE_MIDDLE)
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text()}").exists()
    assert (world.settings.models / "trained.json").read_bytes() == used
