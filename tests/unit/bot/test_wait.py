"""An honest line about the wait. The ledger here says what the test wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from bot.answers import WAITING, Answers
from bot.messages import Channel, Sender
from bot.session import Session
from bot.wait import Wait
from escalation.cases import CaseState, Opened, Standing
from escalation.intake import Intake
from escalation.ledger import LedgerIsAway
from escalation.sealing import CaseKey
from locales import catalogue
from locales.service_entries import load


@dataclass
class Ledger:
    """Stands where the intake asks how a case is doing."""

    answer: Standing | None

    async def standing(self, _case: str) -> Standing:
        if self.answer is None:
            raise LedgerIsAway
        return self.answer


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(catalogue.load(), load())


def waiting(locale: str = "en") -> Session:
    return Session(
        id="0" * 32,
        sender=Sender(Channel.WEB, "an-invented-token"),
        locale=locale,
        case=Opened("case-1", CaseKey.fresh()),
        country="RS",
    )


def wait(answers: Answers, standing: Standing | None) -> Wait:
    return Wait(answers, cast(Intake, Ledger(standing)))


@pytest.mark.parametrize("locale", list(catalogue.NAMES))
@pytest.mark.parametrize("place", [None, 1, 2, 3, 6, 22])
@pytest.mark.parametrize("minutes", [None, 0, 1, 2, 5, 21])
async def test_the_wait_is_told_in_whole_sentences(
    answers: Answers, locale: str, place: int | None, minutes: int | None
) -> None:
    bubble = await wait(answers, Standing(CaseState.WAITING, place, 1, minutes)).said(waiting(locale))
    assert bubble.text.strip()
    assert "{" not in bubble.text
    before = (place or 1) - 1
    in_words = locale == "ar" and before <= 2  # Arabic has a word form for one and for two
    assert str(before) in bubble.text or before == 0 or in_words


async def test_that_nobody_is_there_is_told_plainly_with_numbers_and_the_ways_out(answers: Answers) -> None:
    bubble = await wait(answers, Standing(CaseState.WAITING, 1, 0, 5)).said(waiting())
    assert [button.tap for button in bubble.buttons if button.tap.startswith("tel:")]
    assert [button.tap for button in bubble.buttons][-len(WAITING) :] == list(WAITING)


async def test_a_wait_that_cannot_be_looked_up_is_not_invented(answers: Answers) -> None:
    bubble = await wait(answers, None).said(waiting())
    assert not any(letter.isdigit() for letter in bubble.text)
