"""Children chat about everyday things (tests/judgement/README.md), and at most one of the chats in a language wakes a counsellor."""

from __future__ import annotations

import pytest
from world import World, child

from bot.messages import Incoming, Kind
from nlu.marks import TESTS, read_test

EVERYDAY = {
    locale: [line.text for line in read_test(TESTS) if (line.locale, line.kind) == (locale, "everyday")]
    for locale in ("ar", "bg", "bs", "el", "en", "fa", "hr", "mk", "ro", "ru", "sq", "sr-Latn", "tr", "uk")
}
A_CHAT = 5


@pytest.mark.parametrize("locale", EVERYDAY)
async def test_chats_about_everyday_things_hardly_ever_wake_a_counsellor(
    world_without_rasa: World, locale: str
) -> None:
    world, texts = world_without_rasa, EVERYDAY[locale]
    assert len(texts) >= 30
    for start in range(0, len(texts), A_CHAT):
        who = child()
        for text in texts[start : start + A_CHAT]:
            assert await world.chat.conversation.converse(Incoming(who, Kind.TEXT, text, hint=locale))
    opened = await world.side.counsel.queue(world.team)
    assert len(opened) <= 1, [case.facts.urgency for case in opened]
