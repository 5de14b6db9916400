"""Which language a message is written in, so that a child is answered in their own (promise 4).

Scripts and letters that a language cannot have decide first; then the words that children use in each language, and its letters
(bot/ngrams.py); then the session, because people seldom change language between two lines. What stays unclear is asked, not guessed.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.ngrams import Ngrams, in_latin
from nlu.languages import language_of

UNDERSTOOD = ("en", "sq", "hbs", "ro", "bg", "mk", "el", "tr", "uk", "ru", "ar", "fa")
"""Languages that the helpline can weigh a message in. hbs is Bosnian, Croatian, Montenegrin and Serbian, which a few words cannot tell apart."""

NEIGHBOURS = ("rom", "ps", "de", "it", "hu", "fr", "es")
"""Languages that are only told apart from the others, so that they are asked about and not taken for Albanian or English."""

SURE = 0.73
"""Below this the child is asked."""

STAY = 0.95
"""The prior that a child goes on in the language of the session."""

RARELY = 0.01
"""How likely a child writes in a language that is not offered, against each locale that is."""

IN_LATIN = 0.3
"""How many of those whose language has a script of its own type it in Latin letters: few enough that «kako si» alone is no Macedonian."""

WORD_WEIGHT = 1_000_000
"""A word that makes up one in a million of a language's words would count as little as one never seen (found on the examples)."""

FEWEST_WORDS = 20_000
"""A language of which fewer words are known is read as if there were so many, or each of its few would shout."""

NGRAM_TEMPERATURE = 8.0
"""Neighbouring n-grams repeat each other's and the words' evidence: their sum is divided by this before it counts."""

LETTER_WEIGHT = 2.0
"""What one letter that only a few languages write is worth, as a logarithm."""

LONGEST = 400
"""Characters that are looked at: what they leave unclear, more of them seldom clears."""

SHARED = frozenset(
    "zdravo selam selamun alejkum ajde hajde haj hej ej ejj hey heyy hi hello helo halo alo ciao cao cau caos pozdrav bok servus salut "
    "merhaba mersi merci bravo ok okej oke okay k kk super top stop chat help sos lol haha hahaha hehe hm hmm mm mhm aha uh ah oh e a o i "
    "no jo da bye bay baj pa papa robot test tel telefon internet problem mama tata baba babo bre be more brate bro sori sorry pls plz "
    "thx wow omg yo marshalla mashallah inshallah insallah vallahi valla".split()
)
"""Greetings and small words that are typed in several of these languages: alone, they never change the language of a session."""

_LETTERS = {
    "hbs": "đžćčšћђљњџ", "sq": "ëç", "ro": "ăâîșțşţ", "tr": "ığşçöü", "de": "äöüß", "hu": "őűöüóáé", "mk": "ѓќѕѐѝ", "uk": "їєґі", "ru": "ыэё",
    "bg": "ъщ", "fa": "پچژگکی", "ar": "ةىيك", "rom": "čšž", "ps": "ټډړږښځڅڼېۍ", "fr": "çéèêàâîô", "es": "ñáéíóú", "it": "àèéìòù",
}  # fmt: skip
_ONLY_SERBIAN = frozenset("ђћ")
_NOT_SERBIAN = frozenset("ъыэщюяйёьіїєґѓќѕѝѐ")
_WORD = re.compile(r"[^\W\d_]+")
_URL = re.compile(r"https?://\S+|\[[^\]]*\]")
_STRETCHED = re.compile(r"(.)\1{2,}")
_SCRIPTS = {
    "greek": (re.compile(r"[\u0370-\u03ff]"), ("el",)),
    "arabic": (re.compile(r"[\u0600-\u06ff]"), ("ar", "fa", "ps")),
    "cyrillic": (re.compile(r"[\u0400-\u04ff]"), ("hbs", "bg", "mk", "uk", "ru")),
    "latin": (re.compile(r"[A-Za-z\u00c0-\u024f]"), (*UNDERSTOOD, *NEIGHBOURS)),
}
"""The languages of each script. All of them are also typed in Latin letters."""

_OWN_SCRIPT = frozenset().union(*(own for script, (_, own) in _SCRIPTS.items() if script != "latin")) - {"hbs"}
_KNOWN = (*UNDERSTOOD, *NEIGHBOURS)
_COLUMN = {language: column for column, language in enumerate(_KNOWN)}


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard: the locale to answer in (None: ask), the language to read the message in, and how sure that is (0 to 1)."""

    locale: str | None
    language: str
    confidence: float


class Words:
    """How often children use a word in each language, and its letters, from the project's own example messages (`helpline train` counts them).

    The counts themselves are not kept: they would be a tenth of the application's memory.
    """

    def __init__(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        self.ngrams = Ngrams(_KNOWN, counts)
        self._rows: dict[str, int] = {}
        for language in _KNOWN:
            for word in counts.get(language, ()):
                self._rows.setdefault(word, len(self._rows))
        self._table = np.zeros((len(self._rows), len(_KNOWN)), dtype=np.float16)
        for language, column in _COLUMN.items():
            own = counts.get(language, {})
            total = max(sum(own.values()), FEWEST_WORDS)
            for word, count in own.items():
                self._table[self._rows[word], column] = math.log1p(WORD_WEIGHT * count / total)

    @classmethod
    def count(cls, lines: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
        """Count (language, line) pairs; words are folded as a hurried child types them."""
        counts: dict[str, Counter[str]] = {}
        for language, line in lines:
            counts.setdefault(language, Counter()).update(_words(line.lower()))
        return {language: dict(own) for language, own in counts.items()}

    @classmethod
    def load(cls, path: Path) -> Words:
        """From the JSON that training wrote; without the file nothing is known and n-grams alone decide."""
        return cls(json.loads(path.read_text(encoding="utf-8")) if path.exists() else {})

    def evidence(self, words: Iterable[str]) -> NDArray[np.float64]:
        """How much the known words speak for each language (log-likelihood against a word never seen); unknown words say nothing."""
        rows = [row for word in words if (row := self._rows.get(word)) is not None]
        return np.asarray(self._table[rows].sum(axis=0, dtype=np.float64))


class Languages:
    """Hears the language of a message among those that the helpline offers, and says when it cannot tell.

    A word of one letter is a word in most of them, and what is left of "zzz": it says nothing.
    """

    def __init__(self, offered: Iterable[str], words: Words, first: str = "") -> None:
        """`first` is the locale of a language with several that is answered in where nothing was chosen: the operator's setting."""
        self._first = first
        self._offered = tuple(sorted(offered, key=lambda locale: locale != first))
        self._words = words
        self._prior = {script: _prior(self._offered, script) for script in _SCRIPTS}

    def knowing(self, words: Words) -> Languages:
        """The same languages, told apart by other words."""
        return Languages(self._offered, words, self._first)

    def hear(self, text: str, session: str | None = None) -> Heard:
        """The language of a text, given the session's locale if there is one. Never raises; nothing readable keeps the session's."""
        plain = _plain(text)
        weights = self._weights(plain, session)
        if not weights or (session and SHARED.issuperset(_words(plain))):
            return Heard(session, language_of(session or "en"), 1.0 if session else 0.0)
        best = max(weights, key=lambda language: weights[language])
        cyrillic = _candidates(plain)[0] == "cyrillic"
        return self._answer(best, weights[best], session, cyrillic=cyrillic)

    def weights(self, text: str) -> dict[str, float]:
        """How likely each language is for the first message of a conversation, likeliest first; nothing where there are no letters."""
        return dict(sorted(self._weights(_plain(text), None).items(), key=lambda pair: -pair[1]))

    def _weights(self, plain: str, session: str | None) -> dict[str, float]:
        script, candidates = _candidates(plain)
        if not candidates:
            return {}
        scores = (
            self._prior[script]
            + self._words.evidence(word for word in _words(plain) if len(word) > 1)
            + self._words.ngrams.evidence(plain) / NGRAM_TEMPERATURE
        )
        for language, letters in _LETTERS.items():
            scores[_COLUMN[language]] += LETTER_WEIGHT * len(set(letters).intersection(plain))
        if session:
            scores += math.log((1 - STAY) / (len(_KNOWN) - 1))
            scores[_COLUMN[language_of(session)]] += math.log(STAY * (len(_KNOWN) - 1) / (1 - STAY))
        columns = [_COLUMN[language] for language in candidates]
        weights = np.exp(scores[columns] - scores[columns].max())
        return dict(zip(candidates, (weights / weights.sum()).tolist(), strict=True))

    def _answer(self, best: str, confidence: float, session: str | None, *, cyrillic: bool) -> Heard:
        if confidence < SURE:
            return Heard(session, language_of(session) if session else best, confidence)
        if best == "hbs" and cyrillic and "sr-Cyrl" in self._offered:
            return Heard(
                "sr-Cyrl", best, confidence
            )  # whoever types Cyrillic wants to read it; typing Latin says nothing
        if session and language_of(session) == best:
            return Heard(session, best, confidence)
        return Heard(next((locale for locale in self._offered if language_of(locale) == best), None), best, confidence)


def _prior(offered: Iterable[str], script: str) -> NDArray[np.float64]:
    """How likely each language is before anything is read: as likely as the locales that it is offered in and written in this script in.

    Serbian alone is offered in two; whoever types a language in a script that is not its own counts once, and in Latin letters less.
    """
    locales: Counter[str] = Counter()
    for locale in offered:
        locales[language_of(locale)] += locale.endswith("-Cyrl") == (script == "cyrillic")
    typed = IN_LATIN if script == "latin" else 1.0
    return np.log(
        [
            (max(locales[language], 1) if language in locales else RARELY) * (typed if language in _OWN_SCRIPT else 1.0)
            for language in _KNOWN
        ]
    )


def _plain(text: str) -> str:
    """The beginning of a text as languages are told apart by it: small letters, no addresses, nothing stretched."""
    return _STRETCHED.sub(r"\1", _URL.sub(" ", text[: 2 * LONGEST]).lower())[:LONGEST]


def _candidates(plain: str) -> tuple[str, tuple[str, ...]]:
    """The script that most of a text is written in, and the languages that it can be; none where there are no letters."""
    counts = {script: len(letters.findall(plain)) for script, (letters, _) in _SCRIPTS.items()}
    script = max(counts, key=lambda name: counts[name])
    if not counts[script]:
        return "", ()
    languages = _SCRIPTS[script][1]
    if script == "cyrillic" and _NOT_SERBIAN.intersection(plain):
        languages = tuple(language for language in languages if language != "hbs")
    elif script == "cyrillic" and _ONLY_SERBIAN.intersection(plain):
        languages = ("hbs",)
    return script, languages


def _words(plain: str) -> list[str]:
    """The words of a text in small letters, folded into Latin: a language is known by them whatever the keyboard."""
    return [in_latin(word) for word in _WORD.findall(plain)]
