"""Words that are hidden from somebody looking over the shoulder, or from a filter: "k1ll", "r@pe", "h e l p", "p.o.l.i.c.e".

The undisguised form has the same length, so that every word still knows where it stands. It can be wrong ("4" is a number
and a Bulgarian letter), so a message is weighed in both forms and the more telling one counts.
"""

from __future__ import annotations

import re

_LETTERS = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "€": "e"}
)
_DISGUISED = re.compile(r"(?<![\w@$!€])(?=[^\W\d_]|[@$])(?=[\w@$!€]*[^\W\d_])(?=[\w@$!€]+[\w@$])[\w@$!€]{3,}(?<!!)")
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_](?P<gap>[ .\-_*·]))(?:[^\W\d_](?P=gap)){1,20}[^\W\d_](?![^\W_])")
_PAIR = re.compile(r"(?<![^\W_])[^\W\d_] [^\W\d_](?=\s{2,}|\s*$)")
_SHORT = re.compile(r"(?<![\w@$!€])[^\W\d_][013457@$](?![\w@$!€])")
_JOINT = "\u2060"
"""A character of no width: reading skips it inside a word."""


def undisguised(text: str) -> str:
    """Return `text` with letters in place of digits and signs inside words, and spaced-out words joined; as long as it was.

    Words of two letters ("h e", "m3") are too often something else: they are changed only beside longer ones that are hidden in the same way.
    """
    plain = _SPACED.sub(lambda found: found[0].replace(found["gap"], _JOINT), text)
    if plain != text:
        plain = _PAIR.sub(lambda found: found[0].replace(" ", _JOINT), plain)
    lettered = _DISGUISED.sub(lambda found: found[0].translate(_LETTERS), plain)
    return lettered if lettered == plain else _SHORT.sub(lambda found: found[0].translate(_LETTERS), lettered)
