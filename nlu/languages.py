"""Which language a locale is written in: one glossary, one word list and one judgement serve all locales of a language."""

from __future__ import annotations

import re

_SAME = dict.fromkeys(("sr", "hr", "bs", "me", "cnr", "sh"), "hbs") | {"pes": "fa", "prs": "fa", "als": "sq"}


def language_of(locale: str) -> str:
    """Return the language of a locale: Bosnian, Croatian, Montenegrin and Serbian, which a few words cannot tell apart, are "hbs".

    Whatever is no code of a language is "en".
    """
    code = re.split(r"[-_]", locale.strip().lower(), maxsplit=1)[0]
    code = code if code.isalpha() and len(code) <= 8 else "en"
    return _SAME.get(code, code)
