"""A child on Telegram and a counsellor, with the whole program between them, started as an operator starts it."""

from __future__ import annotations

import asyncio

from bot_api import TOKEN, BotApi, Child
from members import found, join
from world import Settings, start_program, stop

from escalation.bell import Bell
from escalation.cases import Outcome, Presence
from escalation.counsel import Counsel
from escalation.ledger import Ledger


async def texts_until(api: BotApi, words: str) -> list[str]:
    """What the child reads until something with these words comes."""
    read: list[str] = []
    async with asyncio.timeout(30):
        while not read or words not in read[-1]:
            read.append((await api.message()).text)
    return read


async def test_half_a_sentence_on_telegram_reaches_a_counsellor_and_the_answer_comes_back(settings: Settings) -> None:
    async with BotApi() as api:
        telegram = {"HELPLINE_TELEGRAM_TOKEN": TOKEN, "HELPLINE_TELEGRAM_API": api.url}
        program = await asyncio.to_thread(start_program, settings, **telegram)
        ledger, bell = Ledger.open(settings.ledger), Bell()
        counsel = Counsel(ledger, bell)
        try:
            child = Child(api, language="en")
            child.writes("they want to sell me tonight, my name is Kanarina")
            told = await texts_until(api, "No counsellor is here")
            assert any("I have asked a counsellor" in text for text in told)

            team = await found(ledger)
            ana = await join(ledger, team, "Test Ana")
            (case,) = await counsel.queue(team)
            await counsel.claim(case.id, ana.id, team)
            await counsel.reply(case.id, ana.id, team, "I am here. Is it safe to write?")
            assert (await texts_until(api, "Is it safe"))[-1] == "I am here. Is it safe to write?"

            child.writes("yes for now")
            async with asyncio.timeout(10):
                while "yes for now" not in [said.text for said in await counsel.thread(case.id, team)]:
                    await asyncio.sleep(0.1)
            await counsel.close(case.id, ana.id, Outcome.SUPPORTED)
            await texts_until(api, "automatic helper answers again")

            thread = " ".join(said.text for said in await counsel.thread(case.id, team))
            output = "".join(path.read_text() for path in settings.state.glob("output-*"))
            for canary in (child.first_name, child.username, str(child.id)):
                assert canary not in thread
                assert canary not in output
        finally:
            await ledger.close()
            stop(program.process)


async def test_a_child_who_leaves_on_telegram_is_gone_for_the_counsellor(settings: Settings) -> None:
    async with BotApi() as api:
        telegram = {"HELPLINE_TELEGRAM_TOKEN": TOKEN, "HELPLINE_TELEGRAM_API": api.url}
        program = await asyncio.to_thread(start_program, settings, **telegram)
        ledger = Ledger.open(settings.ledger)
        try:
            child = Child(api, language="en")
            child.writes("they want to sell me tonight")
            await texts_until(api, "No counsellor is here")
            child.writes("/exit")
            await texts_until(api, "The chat has ended")
            (case,) = await Counsel(ledger, Bell()).queue(None)
            assert case.presence is Presence.GONE
        finally:
            await ledger.close()
            stop(program.process)
