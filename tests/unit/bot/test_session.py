"""A session remembers while the child is here and forgets when they go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.messages import Button, Channel, Sender, Speaker
from bot.session import BEFORE, LINES_KEPT, Alarm, Sessions
from bot.vault import SqliteVault
from escalation.cases import Category, Facts, Opened, Perspective, Urgency
from escalation.sealing import CaseKey

WEB = Sender(Channel.WEB, "an-invented-session-token")
TELEGRAM = Sender(Channel.TELEGRAM, "100000001")
FACTS = Facts(
    urgency=Urgency.URGENT,
    categories=(Category.CONTROL, Category.FORCED_LABOUR),
    perspective=Perspective.OTHER,
    locale="sr-Cyrl",
    channel="web",
    country="RS",
    because=("takes the passport",),
)


@pytest.fixture
def sessions(vault: SqliteVault) -> Sessions:
    return Sessions(vault, timedelta(minutes=30), "en")


def keys(vault: SqliteVault) -> list[str]:
    return [key for (key,) in vault._file.execute("SELECT key FROM entries")]


async def test_everything_of_a_session_comes_back_from_the_vault(sessions: Sessions) -> None:
    session = sessions.begin(WEB, "sr-Cyrl")
    session.chosen, session.asked_language, session.country = True, True, "RS"
    session.case = Opened("case-1", CaseKey.fresh())
    session.with_human, session.unanswered = True, "ђак 😭"
    session.alarm = Alarm(FACTS, soft=True, asked=2)
    session.add(Speaker.CHILD, "uzeo mi je pasoš", marks=[[0, 5]])
    session.add(Speaker.HELPLINE, "Tu smo.", buttons=(Button("Da", "person:yes"),))
    await sessions.keep(session)
    assert await sessions.of(WEB) == session
    assert await sessions.of_case("case-1") == session


async def test_an_alarm_without_a_country_and_with_nothing_marked_comes_back_too(sessions: Sessions) -> None:
    session = sessions.begin(WEB)
    session.alarm = Alarm(
        Facts(
            urgency=Urgency.CONCERN,
            categories=(),
            perspective=Perspective.SELF,
            locale="en",
            channel="web",
            country=None,
            because=(),
        )
    )
    await sessions.keep(session)
    assert await sessions.of(WEB) == session


async def test_ending_forgets_every_key(sessions: Sessions, vault: SqliteVault) -> None:
    session = sessions.begin(WEB)
    session.case = Opened("case-1", CaseKey.fresh())
    await sessions.keep(session)
    assert len(keys(vault)) == 3
    await sessions.end(session)
    assert keys(vault) == []


async def test_a_case_that_was_closed_before_leaves_no_key_either(sessions: Sessions, vault: SqliteVault) -> None:
    session = sessions.begin(WEB)
    session.case = Opened("case-1", CaseKey.fresh())
    await sessions.keep(session)
    session.case = None
    await sessions.keep(session)
    assert await sessions.of_case("case-1") is None
    session.case = Opened("case-2", CaseKey.fresh())
    await sessions.keep(session)
    await sessions.end(session)
    assert keys(vault) == []


async def test_a_session_ends_by_itself_when_nobody_writes(sessions: Sessions, clock: Any) -> None:
    await sessions.keep(sessions.begin(WEB))
    clock.now += 29 * 60
    assert await sessions.of(WEB)
    clock.now += 2 * 60
    assert await sessions.of(WEB) is None


async def test_somebody_who_waits_on_telegram_is_not_idle(sessions: Sessions, clock: Any) -> None:
    session = sessions.begin(TELEGRAM)
    session.case = Opened("case-1", CaseKey.fresh())
    await sessions.keep(session)
    clock.now += 3 * 60 * 60
    assert await sessions.of_case("case-1")
    clock.now += 10 * 60 * 60
    assert await sessions.of_case("case-1") is None


@pytest.mark.parametrize("sender", [WEB, TELEGRAM])
def test_the_id_is_random_and_says_nothing_of_the_address(sessions: Sessions, sender: Sender) -> None:
    ids = {sessions.begin(sender).id for _ in range(50)}
    assert len(ids) == 50
    assert all(len(identity) == 32 and sender.key not in identity for identity in ids)


async def test_the_address_is_not_a_key_as_it_is(sessions: Sessions, vault: SqliteVault) -> None:
    await sessions.keep(sessions.begin(TELEGRAM))
    assert not any(TELEGRAM.key in key for key in keys(vault))


async def test_the_same_number_on_two_channels_is_two_children(sessions: Sessions) -> None:
    await sessions.keep(sessions.begin(TELEGRAM))
    assert await sessions.of(Sender(Channel.WEB, TELEGRAM.key)) is None


def test_the_oldest_lines_go_when_there_are_too_many(sessions: Sessions) -> None:
    session = sessions.begin(WEB)
    for number in range(LINES_KEPT + 5):
        session.add(Speaker.CHILD, str(number))
    assert [line.text for line in session.lines] == [str(number) for number in range(5, LINES_KEPT + 5)]
    assert session.child_said() == [line.text for line in session.lines[-BEFORE:]]


def test_only_the_childs_own_messages_are_weighed_with_a_new_one(sessions: Sessions) -> None:
    session = sessions.begin(WEB)
    session.add(Speaker.CHILD, "mine")
    session.add(Speaker.HELPLINE, "ours")
    session.add(Speaker.COUNSELLOR, "theirs")
    assert session.child_said() == ["mine"]


async def test_a_page_that_comes_back_shows_what_was_said_with_its_buttons(sessions: Sessions) -> None:
    session = sessions.begin(WEB, "sq")
    session.add(Speaker.HELPLINE, "Përshëndetje", buttons=(Button("Menu", "menu"),))
    await sessions.keep(session)
    found = await sessions.of(WEB)
    assert found
    (bubble,) = found.screen()
    assert (bubble.speaker, bubble.text, bubble.locale, bubble.buttons) == (
        Speaker.HELPLINE, "Përshëndetje", "sq", (Button("Menu", "menu"),),
    )  # fmt: skip


def test_a_browsers_hint_begins_the_session_and_is_remembered_as_a_hint(sessions: Sessions) -> None:
    assert (sessions.begin(WEB).locale, sessions.begin(WEB).hinted) == ("en", False)
    assert (sessions.begin(WEB, "sq").locale, sessions.begin(WEB, "sq").hinted) == ("sq", True)
