"""How a child's typing is brought to one plain form before anything is looked up in it.

Children leave out diacritics, stretch letters, switch keyboards and paste invisible characters. Everything that is compared
(a message, a glossary's key, a lemma) passes through here first, so that the same word is the same string.
"""

from __future__ import annotations

import re
import unicodedata

_LATIN = {
    "đ": "dj", "ð": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i",
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'", "ʻ": "'",
}  # fmt: skip
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ѓ": "gj", "ђ": "dj", "е": "e", "ё": "e", "є": "je", "ж": "z",
    "з": "z", "ѕ": "dz", "и": "i", "і": "i", "ї": "ji", "й": "j", "ј": "j", "к": "k", "ќ": "kj", "л": "l", "љ": "lj",
    "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u", "ў": "u", "ф": "f",
    "х": "h", "ц": "c", "ч": "c", "џ": "dz", "ш": "s", "щ": "st", "ъ": "a", "ы": "y", "ь": "", "э": "e", "ю": "ju", "я": "ja",
}  # fmt: skip
_GREEK = {"ς": "σ"}
_ARABIC = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ی": "ي", "ې": "ي", "ئ": "ي", "ؤ": "و", "ک": "ك", "ہ": "ه",
    "ھ": "ه", "ۀ": "ه", "ء": "", "ـ": "", "؟": "?", "،": ",", "؛": ";",
}  # fmt: skip
_PLAIN = str.maketrans(_LATIN | _CYRILLIC | _GREEK | _ARABIC)
_SERBIAN = str.maketrans(
    {letter: _CYRILLIC[letter] for letter in "абвгдезијклљмнњопрстуфхц"}
    | {"ђ": "đ", "ж": "ž", "ћ": "ć", "ч": "č", "џ": "dž", "ш": "š"}
)
_UNSEEN = frozenset({"Mn", "Me", "Cf", "Cc"})
"""Unicode's categories of marks on a letter and of characters that are not seen."""

_ALPHABETS_END = 0x2E80
"""Beyond it are the many thousand signs of writing that has no alphabet, which nobody shall be able to fill the memory with."""


class _Letters(dict[int, str]):
    """What becomes of each letter, kept for those of the alphabets: dictionaries have millions of words, but few letters."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFKD", chr(code).translate(_PLAIN))
        plain = "".join(part for part in apart if unicodedata.category(part) not in _UNSEEN).translate(_PLAIN)
        if code < _ALPHABETS_END:
            self[code] = plain
        return plain


_LETTERS = _Letters()
_STRETCHED = re.compile(r"(\D)\1{2,}", re.DOTALL)


def fold(word: str) -> str:
    """Return `word` in lower case without diacritics and invisible characters, Cyrillic in Latin letters, a letter at most twice
    in a row (a digit as often as it stands: 3000 is not 300).

    All Cyrillic languages share one transliteration, so that Serbian in either script is the same word, and the Slavic
    languages help each other.
    """
    plain = word.lower() if word.isascii() else unicodedata.normalize("NFKC", word).lower().translate(_LETTERS)
    return _STRETCHED.sub(r"\1\1", plain)


def typed(word: str) -> str:
    """Return `word` in lower case and otherwise as it was typed, what Serbian writes in both scripts in Latin letters."""
    return unicodedata.normalize("NFC", word).lower().translate(_SERBIAN)


def unstretch(word: str) -> str:
    """Return a folded word with every doubled letter single, for words stretched out like "heelp"."""
    return re.sub(r"(.)\1+", r"\1", word, flags=re.DOTALL)
