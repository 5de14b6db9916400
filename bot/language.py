"""Which language a message is written in, so that a child is answered in their own (promise 4).

Scripts and letters that a language cannot have decide first; then langdetect's n-gram profiles, read as a deterministic model (its own
`detect` draws random numbers), and the words of each language that children use; then the session, because people seldom change
language between two lines. What stays unclear is asked, not guessed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import langdetect
from langdetect.detector_factory import DetectorFactory
from langdetect.utils.ngram import NGram

UNDERSTOOD = ("en", "sq", "hbs", "ro", "bg", "mk", "el", "tr", "uk", "ru", "ar", "fa")
"""Languages that the helpline can weigh a message in. hbs is Bosnian, Croatian, Montenegrin and Serbian, which a few words cannot tell apart."""

NEIGHBOURS = ("de", "it", "hu", "fr", "es")
"""Languages that are only told apart from the others, so that they are asked about and not taken for Albanian or English."""

_PROFILES = {"hbs": "hr"}
"""langdetect knows no Serbian; its Croatian profile serves, Cyrillic being folded to Latin before."""

SURE = 0.9
"""Below this the child is asked (measured in shared experience: asking below 0.9; see docs/measurements.md)."""

STAY = 0.95
"""The prior that a child goes on in the language of the session."""

RARELY = 0.05
"""How likely a child writes in a language that is not offered, against one that is."""

WORD_WEIGHT = 20_000
"""A word that makes up one in twenty thousand of a language's words counts as much as not knowing it (found on the examples)."""

NGRAM_TEMPERATURE = 4.0
"""Neighbouring n-grams repeat each other's evidence: their sum is divided by this before it is a log-probability."""

_LETTERS = {
    "hbs": "đžćčš", "sq": "ë", "ro": "ăâîșțşţ", "tr": "ığşİ", "de": "äöüß", "hu": "őű",
}  # fmt: skip
_ONLY_SERBIAN = frozenset("ђћјљњџ")
_NOT_SERBIAN = frozenset("ъыэщюяйёіїєґѓќѕѝ")
_WORD = re.compile(r"[^\W\d_]+")
_URL = re.compile(r"https?://\S+|\[[^\]]*\]")
_GREEK, _ARABIC, _CYRILLIC = (
    re.compile(r"[\u0370-\u03ff]"),
    re.compile(r"[\u0600-\u06ff]"),
    re.compile(r"[\u0400-\u04ff]"),
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_SCRIPTS = {"greek": ("el",), "arabic": ("ar", "fa"), "cyrillic": ("hbs", "bg", "mk", "uk", "ru")}
_FOLD = str.maketrans("ёçëčćšžđșțşţăâîığüö", "еceccszdststaaiiguo")
_TO_LATIN = str.maketrans(
    dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
    | {"љ": "lj", "њ": "nj", "џ": "dž"}
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard: the locale to answer in (None: ask), the language to read the message in, and how sure that is (0 to 1)."""

    locale: str | None
    language: str
    confidence: float


class Words:
    """How often children use a word in each language, from the project's own example messages (`helpline train` counts them)."""

    def __init__(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        self._evidence: dict[str, dict[str, float]] = {}
        for language, own in counts.items():
            total = sum(own.values()) or 1
            for word, count in own.items():
                self._evidence.setdefault(word, {})[language] = math.log(1 + WORD_WEIGHT * count / total)

    @classmethod
    def count(cls, lines: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
        """Count (language, line) pairs; words are folded as a hurried child types them."""
        counts: dict[str, dict[str, int]] = {}
        for language, line in lines:
            own = counts.setdefault(language, {})
            for word in _words(line):
                own[word] = own.get(word, 0) + 1
        return counts

    @classmethod
    def load(cls, path: Path) -> Words:
        """From the JSON that training wrote; without the file nothing is known and n-grams alone decide."""
        return cls(json.loads(path.read_text(encoding="utf-8")) if path.exists() else {})

    def evidence(self, text: str) -> dict[str, float]:
        """How much the known words speak for each language (log-likelihood against a word never seen); unknown words say nothing."""
        scores: dict[str, float] = {}
        for word in _words(text):
            for language, weight in self._evidence.get(word, {}).items():
                scores[language] = scores.get(language, 0.0) + weight
        return scores


class Languages:
    """Hears the language of a message among those that the helpline offers, and says when it cannot tell."""

    def __init__(self, offered: Iterable[str], words: Words) -> None:
        self._offered = tuple(offered)
        self._words = words
        factory = DetectorFactory()
        folder = Path(langdetect.__file__).parent / "profiles"
        self._known = (*UNDERSTOOD, *NEIGHBOURS)
        factory.load_json_profile(
            [(folder / _PROFILES.get(name, name)).read_text(encoding="utf-8") for name in self._known]
        )
        # langdetect's table: n-gram -> probability in each profile, in the order in which they were loaded.
        self._ngrams: dict[str, list[float]] = factory.word_lang_prob_map

    def hear(self, text: str, session: str | None = None) -> Heard:
        """The language of a text, given the session's locale if there is one. Never raises; nothing readable keeps the session's."""
        plain = _URL.sub(" ", text).lower()
        candidates = self._candidates(plain)
        if not candidates:
            return Heard(session, language_of(session or "en"), 1.0 if session else 0.0)
        cyrillic = bool(_CYRILLIC.search(plain))
        folded = plain.translate(_TO_LATIN)
        scores = self._ngram_scores(plain, folded)
        for language, score in self._words.evidence(plain).items():
            scores[language] += score
        if cyrillic:  # the words of Serbian are known in Latin letters
            scores["hbs"] += self._words.evidence(folded).get("hbs", 0.0)
        for language, letters in _LETTERS.items():
            if not cyrillic and language in scores:
                scores[language] += 2.0 * len(set(letters) & set(plain))
        offered = {language_of(locale) for locale in self._offered}
        for language in candidates:
            scores[language] += 0.0 if language in offered else math.log(RARELY)
        if session:
            for language in candidates:
                scores[language] += math.log(
                    STAY if language == language_of(session) else (1 - STAY) / (len(self._known) - 1)
                )
        best, confidence = _best({language: scores[language] for language in candidates})
        return self._answer(best, confidence, session, cyrillic=cyrillic)

    def _answer(self, best: str, confidence: float, session: str | None, *, cyrillic: bool) -> Heard:
        if session and (language_of(session) == best or confidence < SURE):
            return Heard(session, best if confidence >= SURE else language_of(session), confidence)
        if confidence < SURE:
            return Heard(None, best, confidence)
        if best == "hbs":
            script = "sr-Cyrl" if cyrillic else "sr-Latn"
            return Heard(script if script in self._offered else None, best, confidence)
        return Heard(best if best in self._offered else None, best, confidence)

    def _candidates(self, plain: str) -> tuple[str, ...]:
        counts = {
            "greek": len(_GREEK.findall(plain)),
            "arabic": len(_ARABIC.findall(plain)),
            "cyrillic": len(_CYRILLIC.findall(plain)),
            "latin": len(_LATIN.findall(plain)),
        }
        script, count = max(counts.items(), key=lambda item: item[1])
        if not count:
            return ()
        if script == "latin":
            return self._known  # every one of them is also typed in Latin letters
        found = _SCRIPTS[script]
        if script == "cyrillic":
            letters = set(plain)
            if letters & _NOT_SERBIAN:
                found = tuple(language for language in found if language != "hbs")
            elif letters & _ONLY_SERBIAN - set("јљњџ"):
                found = ("hbs",)
        return found

    def _ngram_scores(self, plain: str, folded: str) -> dict[str, float]:
        scores = dict.fromkeys(self._known, 0.0)
        for index, language in enumerate(self._known):
            for gram in _grams(folded if language == "hbs" else plain):
                found = self._ngrams.get(gram)
                if found is not None:
                    scores[language] += math.log(found[index] + 0.5 / 10000) / NGRAM_TEMPERATURE
        return scores


def language_of(locale: str) -> str:
    """The language a locale is written in: the four of hbs are one."""
    return "hbs" if locale.split("-", maxsplit=1)[0] in {"sr", "hr", "bs", "cnr"} else locale.split("-", maxsplit=1)[0]


def _words(text: str) -> list[str]:
    return [word.translate(_FOLD) for word in _WORD.findall(_URL.sub(" ", text.lower()))]


def _grams(text: str) -> list[str]:
    ngram = NGram()
    grams: list[str] = []
    for character in f" {text[:400]} ":
        ngram.add_char(character)
        for size in range(1, NGram.N_GRAM + 1):
            gram = ngram.get(size)
            if gram:
                grams.append(gram)
    return grams


def _best(scores: Mapping[str, float]) -> tuple[str, float]:
    top = max(scores.values())
    weights = {language: math.exp(score - top) for language, score in scores.items()}
    best = max(weights, key=lambda language: weights[language])
    return best, weights[best] / sum(weights.values())
