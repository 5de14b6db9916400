"""Reading what a child writes, with anything at all in its place: it never breaks, never hangs, and plain words are redacted once."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st
from inputs import TALLY, tried
from strange import EMAIL, PHONE, SAID, TOLD, any_text, hints, numbers, taps, texts

from bot.code import find_code
from bot.conversation import LONGEST
from bot.messages import Bubble, Button, Channel, Incoming, Kind, Sender, Speaker
from bot.placeholders import Placeholders
from bot.redaction import redact
from bot.telegram.screen import LONGEST_PIECE, pieces
from bot.understanding import Understanding
from bot.web import reading
from bot.web.preference import Preference

LOCALES = (None, "en", "sq", "sr-Latn", "sr-Cyrl")
SECONDS = 2.0
"""Of one thread's own work, for a text of 4,000 characters: a child's message takes some milliseconds."""

WEB = Sender(Channel.WEB, "x" * 43)


@tried(short=150, long=12_000)
@given(typed=texts, before=st.lists(texts, max_size=2), locale=st.sampled_from(LOCALES))
def test_any_message_is_understood(
    understanding: Understanding, typed: str, before: list[str], locale: str | None
) -> None:
    with TALLY.one("understanding", SECONDS):
        understood = understanding.of(typed[:LONGEST], locale, [text[:LONGEST] for text in before], Placeholders())
    assert 0.0 <= understood.heard.confidence <= 1.0
    understood.text.encode()
    for because in understood.judgement.because:
        assert 0 <= because.start <= because.end <= len(understood.text)


@tried(short=250, long=18_000)
@given(typed=texts)
@example(typed="[name 1] [phone 2] [code 3]")
def test_any_message_is_redacted_and_what_was_redacted_too(typed: str) -> None:
    """In arbitrary text a second reading may find more: what surrounds a piece, and how many words begin with a capital, has changed."""
    placeholders = Placeholders()
    typed = typed[:LONGEST].encode(errors="ignore").decode()
    with TALLY.one("redaction", SECONDS):
        once = redact(typed, placeholders)
    composed = unicodedata.normalize("NFC", typed)
    for piece in once.pieces:
        assert piece.said in composed
        assert piece.placeholder in once.text
    with TALLY.one("redaction, again", SECONDS):
        redact(once.text, Placeholders.from_dict(placeholders.to_dict()))


@tried(short=40, long=1_500)
@given(said=st.lists(st.sampled_from(TOLD + SAID), min_size=1, max_size=5))
def test_plain_words_that_were_redacted_are_not_redacted_again(said: list[str]) -> None:
    placeholders = Placeholders()
    with TALLY.one("redaction", SECONDS):
        once = redact("\n".join(said), placeholders).text
    assert PHONE not in once
    assert EMAIL not in once
    assert redact(once, placeholders).text == once


@tried(short=200, long=12_000)
@given(typed=texts)
def test_a_code_is_sixteen_digits_or_none(typed: str) -> None:
    with TALLY.one("codes", SECONDS):
        code = find_code(typed)
    assert code is None or re.fullmatch(r"[0-9]{16}", code)


@tried(short=150, long=10_000)
@given(typed=st.one_of(texts, taps), header=st.one_of(hints, any_text))
def test_what_a_page_sends_is_read_into_what_can_be_stored(typed: str, header: str) -> None:
    with TALLY.one("page reading", SECONDS):
        read = [reading.written(typed, WEB, header), reading.tapped(typed, WEB, header)]
        assert Preference.of(header, ["en", "sq"], "en").locale in {"en", "sq"}
    for incoming in filter(None, read):
        assert isinstance(incoming, Incoming)
        assert incoming.kind in {Kind.TEXT, Kind.TAP, Kind.TOO_LONG}
        incoming.text.encode()
        assert "\x00" not in incoming.text


@tried(short=100, long=8_000)
@given(text=texts, labels=st.lists(any_text, max_size=3), n=numbers)
def test_any_bubble_fits_into_telegrams_messages(text: str, labels: list[str], n: int) -> None:
    text = text.encode(errors="ignore").decode() * (3 if n == 2 else 1)
    buttons = tuple(Button(label.encode(errors="ignore").decode(), "menu") for label in labels)
    with TALLY.one("telegram pieces", SECONDS):
        found = list(pieces([Bubble(Speaker.COUNSELLOR, text, "en", buttons)]))
    assert all(piece.text.strip() and len(piece.text.encode("utf-16-le")) <= 2 * LONGEST_PIECE for piece in found)
    kept = "".join("".join(piece.text for piece in found).split())
    assert kept == "".join(text.split())
