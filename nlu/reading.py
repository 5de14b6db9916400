"""Reading a message twice: as written, and glossed word by word into plain English.

This is the one space of meaning for all languages (design): what is learned from an Albanian example helps a Greek
child, and an editor's new glossary line works everywhere at once. The disclosure detector and Rasa's pipeline both read through here, so
it imports neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nlu.folding import fold, typed
from nlu.glossaries import LONGEST, MEANINGLESS, Glossary, entries, entry
from nlu.languages import language_of
from nlu.lemmas import Lemmas, lemmas

FOLDER = Path(__file__).parent / "glossary"

_MARKS = r"'’‘ʼ`´\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u2060-\u2064\ufe0e\ufe0f\ufeff"
_TOKEN = re.compile(rf"\[(?P<held>[^\W\d_]+)[ _]?\d*\]|(?P<word>\w[\w{_MARKS}]*)|(?P<sign>[^\w\s{_MARKS}])(?P=sign)*")

_FOREIGN = 3
"""A word of more letters than this that is English is read as English before it is taken for a misspelling: children mix."""

_HELD = {
    "name": "name",
    "phone": "phone number",
    "email": "email",
    "address": "address",
    "place": "place",
    "link": "link",
}
_SIGNS = {"?": "?", "؟": "?", "!": "!", ".": ".", "…": "."} | dict.fromkeys("😂🤣😹😆😅💀", "lol")


class Source(StrEnum):
    """How a gloss was found: in the language's glossary, as English, as what is probably meant, not at all, or it is no word."""

    GLOSSARY = "glossary"
    ENGLISH = "English"
    GUESS = "guess"
    UNKNOWN = "unknown"
    SIGN = "sign"


@dataclass(frozen=True)
class Word:
    """A word or expression of a message: its text as written, its span there, its gloss ("" for what means nothing), and how that was found."""

    text: str
    start: int
    end: int
    gloss: str
    source: Source


@dataclass(frozen=True)
class Reading:
    """A message read twice: `written` is folded and spaced, `glossed` is its glosses in order, `words` ties them to the original text."""

    written: str
    glossed: str
    words: tuple[Word, ...]


@dataclass(frozen=True)
class _Token:
    """A piece of the original text: its span, as it was typed, its folded form, and its gloss where that needs no glossary."""

    start: int
    end: int
    typed: str
    folded: str
    gloss: str | None = None


class Reader:
    """Reads messages in any language for which there is a glossary, and tries its best in the others.

    A language is loaded when it is first met (`warm` does it ahead of time). `folder` holds `<language>.tsv`; what editors teach beside it
    (`teach`) is live at once.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or FOLDER
        self._opened: dict[str, Glossary | None] = {}
        self._glossaries: dict[str, Glossary | None] = {}  # those opened, with what was taught
        self._taught: Mapping[str, Mapping[str, str]] = {}
        self._english_file = entries(self._folder / "en.tsv")
        self._english_words = self._english_file
        self._english_lemmas: Lemmas | None = None
        self._english_bases: frozenset[str] = frozenset()

    def read(self, text: str, locale: str) -> Reading:
        """Read `text` as a message in `locale` (BCP 47 or one of the design's locales). Never raises, whatever the text."""
        tokens = _tokens(text)
        language = language_of(locale)
        words = tuple(self._words(text, tokens, self._glossary(language)))
        written = " ".join(token.folded for token in tokens)
        return Reading(written, " ".join(word.gloss for word in words if word.gloss), words)

    def teach(self, taught: Mapping[str, Mapping[str, str]]) -> None:
        """Read with these words too (by language: word or expression to gloss), instead of those that were taught before.

        Takes a fraction of a second and may run in a thread beside `read`, which has either the old words of a language or the new ones.
        """
        pivot = self._pivot_of_file()
        self._taught = {
            language: {
                entry(word): "" if gloss.strip() == MEANINGLESS else pivot(gloss)
                for word, gloss in words.items()
                if entry(word)
            }
            for language, words in taught.items()
        }
        for language in list(self._opened):
            self._glossaries[language] = self._with_taught(language)
        self._english_words = self._english_file | dict(self._taught.get("en", {}))

    def warm(self, locales: list[str]) -> None:
        """Load the glossaries of `locales` now, so that no child waits for it."""
        for locale in locales:
            self.read("?", locale)
            self._english("?")

    def _words(self, text: str, tokens: list[_Token], glossary: Glossary | None) -> list[Word]:
        found: list[Word] = []
        at = 0
        while at < len(tokens):
            length, gloss, source = self._longest(tokens, at, glossary)
            start, end = tokens[at].start, tokens[at + length - 1].end
            found.append(Word(text[start:end], start, end, gloss, source))
            at += length
        return found

    def _longest(self, tokens: list[_Token], at: int, glossary: Glossary | None) -> tuple[int, str, Source]:
        """Return how many tokens from `at` on belong together, their gloss, and how it was found."""
        token = tokens[at]
        if token.gloss is not None:
            return 1, token.gloss, Source.SIGN
        expressions = glossary.words if glossary is not None else self._english_words
        for length in range(min(LONGEST, len(tokens) - at), 1, -1):
            group = tokens[at : at + length]
            if any(one.gloss is not None for one in group):
                continue
            if (found := expressions.get(" ".join(one.folded for one in group))) is not None:
                return length, found, Source.GLOSSARY
        if glossary is not None and (gloss := glossary.homographs.get(token.typed)) is not None:
            return 1, gloss, Source.GLOSSARY
        if glossary is not None and (gloss := glossary.gloss(token.folded)) is not None:
            return 1, gloss, Source.GLOSSARY
        english, is_english = self._english(token.folded), self._is_english(token.folded)
        if glossary is None or (is_english and (english != token.folded or len(english) > _FOREIGN)):
            return 1, english, Source.ENGLISH if is_english else Source.UNKNOWN
        if (gloss := glossary.respelt(token.folded)) is not None:
            return 1, gloss, Source.GLOSSARY
        probably = glossary.likely(token.folded)
        return (1, english, Source.UNKNOWN) if probably is None else (1, probably, Source.GUESS)

    def _is_english(self, word: str) -> bool:
        """Whether a folded word is one that English has, so that it is not taken for a misspelling of another language's."""
        english = self._english(word)
        return english != word or word in self._english_words or word in self._english_bases

    def pivot(self, gloss: str) -> str:
        """Bring English words to the one form that all languages agree on: "went" and "goes" are "go", "mum" is "mother"."""
        return " ".join(word.gloss for word in self._words(gloss, _tokens(gloss), None) if word.gloss)

    def _english(self, word: str) -> str:
        """Return the pivot form of one folded English word; any other word comes back as it is."""
        for form in (word, word.replace("'", "")):
            if (entry := self._english_words.get(form)) is not None:
                return entry
        if self._english_lemmas is None:
            self._english_lemmas = lemmas("en", lambda _form: True, b"every word")
            self._english_bases = frozenset(self._english_lemmas.bases)
        base = self._english_lemmas.base(word)
        if base is None and word.endswith("'s"):
            word = word[:-2]
            base = self._english_lemmas.base(word)
        if base is None:
            return self._english_words.get(word, word)
        return self._english_words.get(base, base)

    def _glossary(self, language: str) -> Glossary | None:
        if language == "en":
            return None
        if language not in self._glossaries:
            path = self._folder / f"{language}.tsv"
            self._opened[language] = Glossary.open(path, self._pivot_of_file()) if path.is_file() else None
            self._glossaries[language] = self._with_taught(language)
        return self._glossaries[language]

    def _pivot_of_file(self) -> Callable[[str], str]:
        """The pivot that ships: what a gloss means does not change with the English slang that somebody teaches."""
        self._english("?")
        plain = copy(self)
        plain._english_words = self._english_file
        return plain.pivot

    def _with_taught(self, language: str) -> Glossary | None:
        opened, words = self._opened[language], self._taught.get(language)
        return opened.taught(words) if opened is not None and words else opened


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if held := match["held"]:
            name = fold(held)
            found.append(_Token(start, end, held, name, _HELD.get(name, name)))
        elif match["word"]:
            folded = fold(match["word"]).strip("'")
            if folded:
                found.append(_Token(start, end, typed(match["word"]), folded))
        else:
            sign = match["sign"]
            if unfolded := _SIGNS.get(sign, ""):
                found.append(_Token(start, end, sign, sign if unfolded == "lol" else unfolded, unfolded))
    return found
