"""What somebody means who types instead of tapping: the button with these words, or the yes, no or "I don't know" among the buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.dialogue import GO
from bot.meaning import Meaning, Meanings
from bot.messages import Bubble, Speaker
from nlu.folding import fold

TURNS = 3
"""So many of the child's turns a question stays open: a detour in between, a word that was not understood, and back."""

_TYPED = (GO, "country:", "need:", "age:", "language:")
"""Choices that are also typed; all others have words of their own in the dialogue."""

_ENDS = {
    Meaning.YES: ("/yes", "/true", "/next"),
    Meaning.NO: ("/no", "/false"),
    Meaning.UNSURE: ("/dont_know", "/skip"),
    Meaning.SKIP: ("/skip", "/next"),
}
_AGE = re.compile(r"(?<!\d)(9|1[0-7])(?!\d)")
_OLDER_FROM = 13


class Offered:
    """Reads typed words as one of the choices that stand open on the screen."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings

    def meant(self, text: str, locale: str, screen: Sequence[Bubble], turns: int = TURNS) -> str | None:
        """The tap that the words mean, among the open choices on the screen; None when they say something else.

        With no `turns`, only the latest answer counts.
        """
        taps = _open(screen, turns)
        if not taps:
            return None
        said = _same(text)
        for tap, label in taps.items():
            if _same(label) == said:
                return tap
        if "age:skip" in taps and (age := _AGE.search(text)) and len(said.split()) <= TURNS:
            return "age:younger" if int(age[0]) < _OLDER_FROM else "age:older"
        meaning = self._meanings.of(text, locale)
        guided = [tap for tap in taps if tap.startswith(GO)]
        if guided and meaning is Meaning.BACK:
            return _one_back(screen)
        return _ending(guided, _ENDS[meaning]) if meaning in _ENDS else None


def _open(screen: Sequence[Bubble], most: int) -> dict[str, str]:
    """The choices that can be typed, by tap: those of the latest answer that has any, within the last turns."""
    turns, taps = 0, dict[str, str]()
    for bubble in reversed(screen):
        if bubble.speaker is Speaker.CHILD:
            turns += 1
            if taps or turns > most:
                break
        own = {button.tap: button.label for button in bubble.buttons if button.tap.startswith(_TYPED)}
        taps = own | taps if any("/" in tap or not tap.startswith(GO) for tap in own) else taps
    return taps


def _same(words: str) -> str:
    return " ".join(fold(words).strip(" .!?,").split())


def _ending(taps: Iterable[str], ends: tuple[str, ...]) -> str | None:
    return next((tap for end in ends for tap in taps if tap.endswith(end)), None)


def _one_back(screen: Sequence[Bubble]) -> str | None:
    """The screen of the guide before the one that is shown; after its end, or a detour, the one that was shown last. The first has none before it."""
    way: list[str] = []
    last = ""
    for bubble in screen:
        last = "" if bubble.speaker is Speaker.CHILD else last
        if shown := _screen_of(bubble):
            way = way[: way.index(shown)] if shown in way else way  # one has gone back to it
            way, last = [*way, shown], shown
    way = [one for one in way if _guide_of(one) == _guide_of(way[-1])]
    before = way[:-1] if last else way
    return GO + before[-1] if before else None


def _screen_of(bubble: Bubble) -> str:
    """The screen of a guide that a bubble shows; empty where it shows none that one can choose on."""
    taps = (button.tap for button in bubble.buttons)
    return next((tap.removeprefix(GO).partition("/")[0] for tap in taps if tap.startswith(GO) and "/" in tap), "")


def _guide_of(screen: str) -> str:
    return screen.partition(".")[0]
