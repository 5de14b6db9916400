"""Trains what has to be trained, and only when what it learns from has changed.

What a team has taught (nlu/taught.py) lies in the models folder, as `taught`: it is part of what those models are, and goes with them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from bot import rasa
from bot.language import Words
from bot.settings import ROOT, Settings
from nlu.languages import language_of

_EVERYDAY = 20
"""How often a word of nlu/everyday.yml counts: examples are what children tell in whole sentences, where greetings are rare.

Found on half of those words, tried on the other half."""

Progress = Callable[[str], None]


def fingerprint(root: Path = ROOT, taught: Path | None = None) -> str:
    """A digest of everything that training reads: the same words give the same model. Where nothing was taught it is that of what ships."""
    digest = hashlib.sha256()
    for path in sorted(_sources(root)):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    if taught is not None:
        for path in sorted(taught.rglob("*.*")):
            digest.update(f"taught/{path.relative_to(taught)}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    for pattern in (
        "nlu/**/*.yml",
        "nlu/**/*.tsv",
        "nlu/**/*.py",
        "stories/*.yml",
        "config.yml",
        "domain.yml",
        "requirements/rasa.txt",
        "bot/language.py",
        "bot/ngrams.py",
    ):
        yield from (path for path in root.glob(pattern) if path.is_file() and "__pycache__" not in path.parts)


def is_current(settings: Settings) -> bool:
    """Whether the models that are there were trained from what is there now."""
    stamp = settings.models / "trained.json"
    if not stamp.exists() or not rasa.model_path(settings).exists():
        return False
    return bool(
        json.loads(stamp.read_text(encoding="utf-8"))["fingerprint"] == fingerprint(taught=taught_folder(settings))
    )


def taught_folder(settings: Settings) -> Path:
    """Where what was taught lies that the models learned from, or are about to."""
    return settings.models.absolute() / "taught"


def train(settings: Settings, progress: Progress) -> None:
    """Train everything into the models folder: languages and disclosures here, topics in Rasa's environment, at the same time."""
    from nlu import effects, training

    began = time.monotonic()
    taught = taught_folder(settings)
    now = fingerprint(taught=taught)
    settings.models.mkdir(mode=0o700, parents=True, exist_ok=True)

    def say(line: str) -> None:
        progress(f"[{time.monotonic() - began:4.0f} s] {line}")

    async def both() -> None:
        def ours() -> None:
            say("languages: counting words")
            counts = Words.count(_lines(ROOT / "nlu", taught))
            words_file(settings).write_text(json.dumps(counts, ensure_ascii=False), encoding="utf-8")
            training.train(settings.models / "disclosure", say, taught=taught)
            effects.keep(settings.models / "learned")

        await asyncio.gather(rasa.train(settings, taught, say), asyncio.to_thread(ours))

    asyncio.run(both())
    stamp = settings.models / "trained.json"
    stamp.write_text(json.dumps({"fingerprint": now, "at": int(time.time())}), encoding="utf-8")
    say("trained")


def words_file(settings: Settings) -> Path:
    """The word counts that `bot.language` reads."""
    return settings.models / "words.json"


def _lines(nlu: Path, *beside: Path) -> Iterator[tuple[str, str]]:
    """Every example message with its language, the words of the glossaries, the most usual ones of languages not offered, and everyday ones."""
    for folder in (nlu, *beside):
        yield from example_lines(folder)
        for path in sorted(folder.glob("glossary/*.tsv")):
            for row in path.read_text(encoding="utf-8").splitlines()[1:]:
                yield path.stem, row.split("\t")[0]
    yield from _usual(nlu / "common.yml")
    yield from _EVERYDAY * _usual(nlu / "everyday.yml")


def _usual(path: Path) -> list[tuple[str, str]]:
    return list(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).items())


def example_lines(nlu: Path) -> Iterator[tuple[str, str]]:
    """Every example message with its language."""
    for locale, _, text in topic_lines(nlu):
        yield language_of(locale), text
    for path in sorted(nlu.glob("*/disclosures.yml")):
        for line in _leaves(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)):
            yield language_of(path.parent.name), line


def topic_lines(nlu: Path) -> Iterator[tuple[str, str, str]]:
    """Every topic question: locale, topic, text."""
    for path in sorted(nlu.glob("*/topics.yml")):
        for intent in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            for example in str(intent.get("examples", "")).splitlines():
                yield path.parent.name, intent["intent"], example.removeprefix("- ")


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str):
        yield value
