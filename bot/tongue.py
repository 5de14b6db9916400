"""Which of the offered locales a child is answered in, before it has chosen one."""

from __future__ import annotations

import re
from collections.abc import Collection

from nlu.languages import language_of

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def nearest(hint: str, offered: Collection[str]) -> str | None:
    """The offered locale nearest to what the browser or Telegram suggests; None where there is none of that language."""
    wanted = hint.replace("_", "-").lower()
    exactly = (code for code in offered if code.lower() == wanted)
    alike = (code for code in offered if wanted and language_of(code) == language_of(wanted))
    return next(exactly, None) or next(alike, None)


def in_own_script(locale: str, text: str, offered: Collection[str]) -> str:
    """A browser in Serbian suggests Cyrillic; who then types in Latin letters is answered in those."""
    typed_latin = not _CYRILLIC.search(text)
    return "sr-Latn" if locale == "sr-Cyrl" and typed_latin and "sr-Latn" in offered else locale
