"""What a page shows: bubbles as the template and the socket need them, and the words around them in the child's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel import Locale as Cldr
from babel import UnknownLocaleError

from bot.messages import Bubble, Speaker
from locales.catalogue import Catalogue

WORDS = (
    "title", "heading", "who", "kept", "choice", "limits", "language", "placeholder", "send", "leave", "look", "you", "helpline",
    "counsellor", "lost", "back", "slow", "too_long", "typing", "unsent", "skip", "busy_work", "numbers", "below",
)  # fmt: skip
"""The page's own words; each is the catalogue's `page.<word>`."""


def words(catalogue: Catalogue, locale: str) -> dict[str, str]:
    """All words of the page in a locale, by name."""
    return {word: catalogue.say(f"page.{word}", locale) for word in WORDS}


def drawn(bubbles: Sequence[Bubble]) -> list[dict[str, Any]]:
    """Bubbles as docs/web-protocol.md describes them. A child's own words find their direction themselves."""
    return [
        {
            "speaker": bubble.speaker.value,
            "text": bubble.text,
            "locale": bubble.locale,
            "dir": "auto" if bubble.speaker is Speaker.CHILD else direction(bubble.locale),
            "buttons": [{"label": button.label, "tap": button.tap} for button in bubble.buttons],
        }
        for bubble in bubbles
    ]


def offering(bubbles: Sequence[Bubble]) -> int:
    """From which bubble on buttons can be tapped: all that came since the child's last words, because one answer may be several bubbles."""
    spoken = [index for index, bubble in enumerate(bubbles) if bubble.speaker is Speaker.CHILD]
    return spoken[-1] + 1 if spoken else 0


def has_begun(bubbles: Sequence[Bubble]) -> bool:
    """Whether the child has said anything yet; until then the page shows its beginning."""
    return any(bubble.speaker is Speaker.CHILD for bubble in bubbles)


def direction(locale: str) -> str:
    """`ltr`, `rtl`, or `auto` for a locale that Unicode's repository does not know."""
    try:
        found: str = Cldr.parse(locale, sep="-").text_direction  # "ltr" or "rtl"
    except (UnknownLocaleError, ValueError):
        return "auto"
    return found


def spoken(bubbles: Sequence[Bubble], catalogue: Catalogue, otherwise: str) -> str:
    """The locale the helpline spoke last, so that the page follows a child who begins to write in another language."""
    known = {locale.code for locale in catalogue.locales}
    for bubble in reversed(bubbles):
        if bubble.speaker is Speaker.HELPLINE and bubble.locale in known:
            return bubble.locale
    return otherwise


def with_answer(screen: Sequence[Bubble], answer: Sequence[Bubble]) -> list[Bubble]:
    """The screen, ending in the answer: a farewell or an apology is in no session any more, and is still to be read."""
    if not has_begun(screen) and answer:
        return list(answer)  # the session has just ended: no welcome above a farewell
    tail = [(bubble.speaker, bubble.text) for bubble in screen[len(screen) - len(answer) :]]
    if tail == [(bubble.speaker, bubble.text) for bubble in answer]:
        return list(screen)
    return [*screen, *answer]
