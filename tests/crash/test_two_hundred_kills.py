"""The program is killed (SIGKILL) at 200 random moments while children write on both channels and counsellors claim, answer and close.

After a last start everything that anybody was told is compared with what is stored: nothing that was told is untrue, no case is lost or
doubled, no word and no reply is lost, what was closed stays closed, and a code that was told opens its case.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa
from bot_api import TOKEN, BotApi
from lives import Lives
from members import found, join
from people import CLOSED, JOINED, Counsellor, OnTelegram, OnTheWeb, says

from bot.settings import Settings
from escalation.bell import Bell
from escalation.casefile import LetterState
from escalation.cases import Author, CaseState, Outcome, Presence
from escalation.counsel import Counsel
from escalation.ledger import Ledger, cases, letters
from escalation.sealing import Pair

KILLS = 200
WEB = TELEGRAM = 3
"""Children on each channel at the same time; when one is done the next one comes."""


@dataclass
class Town:
    """Everybody who has to do with the helpline, while it is killed again and again."""

    settings: Settings
    api: BotApi
    moments: random.Random
    counsellors: list[Counsellor]
    web: list[OnTheWeb] = field(default_factory=list)
    telegram: list[OnTelegram] = field(default_factory=list)
    over: bool = False

    async def on_the_web(self) -> None:
        """One child after the other."""
        while not self.over:
            child = OnTheWeb(f"http://127.0.0.1:{self.settings.chat_port}", self.moments, len(self.web) % 4 == 0)
            self.web.append(child)
            await child.live()

    async def on_telegram(self) -> None:
        """One child after the other."""
        while not self.over:
            child = OnTelegram(self.api, self.moments, len(self.telegram) % 4 == 0)
            self.telegram.append(child)
            await child.live()


@dataclass
class Told:
    """A case as the ledger has it at the end."""

    id: str
    state: CaseState
    outcome: str
    presence: Presence
    child: list[str]
    counsellor: list[str]


@pytest.mark.timeout(900)
async def test_whatever_was_told_is_true_after_two_hundred_kills(stores: Settings):
    moments = random.Random(20261128)  # noqa: S311 - moments, not secrets
    async with town(stores, moments) as (scene, lives, team):
        counselling = [asyncio.create_task(one.work()) for one in scene.counsellors]
        children = [asyncio.create_task(scene.on_the_web()) for _ in range(WEB)]
        children += [asyncio.create_task(scene.on_telegram()) for _ in range(TELEGRAM)]
        for _ in range(KILLS):
            if moments.random() < 0.8:
                await lives.up()
                await asyncio.sleep(moments.uniform(0, 0.5))
            else:
                await asyncio.sleep(moments.uniform(0, 0.3))
            await lives.kill()
            assert not any(task.done() for task in (*counselling, *children)), "somebody has given up"
            await lives.begin()
        await lives.up()
        scene.over = True
        await asyncio.wait(children, timeout=60)
        assert not any(task.done() for task in counselling), "a counsellor has given up"
        waiting = [child for child in (*scene.web, *scene.telegram) if not child.done]
        assert not waiting, "\n".join([*(seen(child) for child in waiting), lives.output[-2000:]])
        ledger = Ledger.open(stores.ledger)
        await nothing_is_queued(ledger)
        for task in counselling:
            task.cancel()
        told = await stored(ledger, team)
        await ledger.close()
        for child in scene.web:
            await child.look()
        codes = [child for child in (*scene.web, *scene.telegram) if child.code]
        no_case_is_lost_or_doubled(scene, told)
        no_word_is_lost(scene, told)
        no_reply_is_lost(scene, told)
        what_counsellors_were_told_is_true(scene, told)
        back = OnTheWeb(f"http://127.0.0.1:{stores.chat_port}", moments, wants_code=False)
        assert codes
        for child in codes:
            back.code = child.code
            assert says("code.back") in await back.comes_back(), "a code that was told opens nothing"


@asynccontextmanager
async def town(settings: Settings, moments: random.Random) -> AsyncIterator[tuple[Town, Lives, Pair]]:
    """A founded helpline in its first life, with two counsellors signed in, and a Telegram."""
    async with AsyncExitStack() as stack:
        ledger = Ledger.open(settings.ledger)
        await ledger.migrate()
        team = await found(ledger)
        members = [await join(ledger, team, name) for name in ("Test Ana", "Test Besa")]
        await ledger.close()
        api = await stack.enter_async_context(BotApi())
        lives = await stack.enter_async_context(
            Lives(
                settings,
                HELPLINE_TELEGRAM_TOKEN=TOKEN,
                HELPLINE_TELEGRAM_API=api.url,
                HELPLINE_SESSIONS_PER_MINUTE="10000",  # nobody here is asked to work first
                HELPLINE_MESSAGES_PER_SECOND="1000",
            )
        )
        counsellors = [Counsellor(f"http://127.0.0.1:{settings.console_port}", member, moments) for member in members]
        await lives.begin()
        await lives.up()
        for counsellor in counsellors:
            stack.push_async_callback(counsellor.close)
            await counsellor.sign_in()
        yield Town(settings, api, moments, counsellors), lives, team


async def nothing_is_queued(ledger: Ledger) -> None:
    """Wait until the outbox is empty: the child of every letter is there."""
    async with asyncio.timeout(30):
        while True:
            async with ledger.read() as connection:
                queued = await connection.scalar(
                    sa.select(sa.func.count()).select_from(letters).where(letters.c.state == LetterState.QUEUED)
                )
            if not queued:
                return
            await asyncio.sleep(0.2)


async def stored(ledger: Ledger, team: Pair) -> list[Told]:
    """Every case, opened with the team's key."""
    counsel = Counsel(ledger, Bell())
    async with ledger.read() as connection:
        rows = (await connection.execute(sa.select(cases))).all()
        undelivered = await connection.scalar(
            sa.select(sa.func.count()).select_from(letters).where(letters.c.state != LetterState.DELIVERED)
        )
    assert undelivered == 0, "letters to children who are there are marked as delivered"
    found = []
    for row in rows:
        thread = await counsel.thread(row.id, team)
        said = {author: [line.text for line in thread if line.author is author] for author in Author}
        found.append(
            Told(
                row.id,
                CaseState(row.state),
                row.outcome or "",
                Presence(row.presence),
                said[Author.CHILD],
                said[Author.COUNSELLOR],
            )
        )
    return found


def seen(child: OnTheWeb | OnTelegram) -> str:
    """What a child was told, for a test that fails."""
    return f"{type(child).__name__}: {child.words}: {[text[:40] for text in child.screen]}"


def case_of(child: OnTheWeb | OnTelegram, told: list[Told]) -> list[Told]:
    return [case for case in told if child.words in case.child]


def no_case_is_lost_or_doubled(scene: Town, told: list[Told]) -> None:
    """Every child was brought to a counsellor, under one case, whether or not it has seen the answer to its first words."""
    for child in (*scene.web, *scene.telegram):
        assert len(case_of(child, told)) == 1, seen(child)
    assert len(told) == len(scene.web) + len(scene.telegram)
    assert all(child.told for child in scene.web)


def no_word_is_lost(scene: Town, told: list[Told]) -> None:
    """What the helpline said it had dealt with, and what a page shows as said, is in the thread."""
    for child in scene.web:
        (case,) = case_of(child, told)
        assert child.taken_up <= set(case.child)
        assert child.words in child.screen


def no_reply_is_lost(scene: Town, told: list[Told]) -> None:
    """On the page once, on Telegram at least once, and in their order; a child who heard that somebody came or went heard the truth."""
    for child in (*scene.web, *scene.telegram):
        (case,) = case_of(child, told)
        shown = [text for text in child.screen if text in case.counsellor]
        if isinstance(child, OnTheWeb):
            assert shown == case.counsellor
        else:
            assert list(dict.fromkeys(shown)) == case.counsellor
        assert case.presence is not Presence.GONE
        for text, states in ((JOINED, {CaseState.CLAIMED, CaseState.CLOSED}), (CLOSED, {CaseState.CLOSED})):
            if any(line.startswith(text) for line in child.screen):
                assert case.state in states


def what_counsellors_were_told_is_true(scene: Town, told: list[Told]) -> None:
    by_id = {case.id: case for case in told}
    for counsellor in scene.counsellors:
        assert counsellor.claimed
        assert all(by_id[case].state is not CaseState.WAITING for case in counsellor.claimed)
        assert all(text in by_id[case].counsellor for case, text in counsellor.replied)
        assert counsellor.closed
        assert all(by_id[case].state is CaseState.CLOSED for case in counsellor.closed)
        assert all(by_id[case].outcome == Outcome.SUPPORTED for case in counsellor.closed)
