"""What somebody means who types instead of tapping: the button with these words, or the yes, no or "I don't know" among the buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.dialogue import GO
from bot.meaning import Meaning, Meanings
from bot.messages import Bubble
from nlu.folding import fold

_ENDS = {Meaning.YES: ("/yes", "/next"), Meaning.NO: ("/no",), Meaning.UNSURE: ("/dont_know",)}


class Offered:
    """Reads typed words as one of the choices of a guide that stand on the screen."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings

    def meant(self, text: str, locale: str, before: Sequence[Bubble]) -> str | None:
        """The tap that the words mean, among the buttons of the last answer; None when they say something else."""
        taps = {button.tap: button.label for bubble in before for button in bubble.buttons if button.tap.startswith(GO)}
        if not taps:
            return None
        said = _same(text)
        for tap, label in taps.items():
            if _same(label) == said:
                return tap
        meaning = self._meanings.of(text, locale)
        return _ending(taps, _ENDS[meaning]) if meaning in _ENDS else None


def _same(words: str) -> str:
    return " ".join(fold(words).strip(" .!?,").split())


def _ending(taps: Iterable[str], ends: tuple[str, ...]) -> str | None:
    return next((tap for tap in taps if tap.endswith(ends)), None)
