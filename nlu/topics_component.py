"""The topic of a message, decided inside Rasa: a graph component around the helpline's own reader and model.

Rasa brings no model that knows our languages, and none is to be had offline. This component reads every message
twice, as written and glossed into plain English (nlu/reading.py), so that one model learns from all locales at once. It
runs in Rasa's environment only. The words that a team has taught lie in the folder HELPLINE_TAUGHT while it is trained; they are kept in the
model, so that it goes on reading as it has learned.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    METADATA,
    METADATA_EXAMPLE,
    METADATA_INTENT,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu import taught
from nlu.reading import Reader, Reading
from nlu.topics import fit_topics
from nlu.vectors import LinearModel, vectorise

_MODEL = "topics.npz"
_SPACE = "space.txt"
_TAUGHT = "taught.json"


class OutdatedModel(Exception):
    """The model was trained with another vectoriser, so that its weights would mean something else now."""


def _space() -> str:
    """Return a digest of how `vectorise` numbers what it reads; glossaries and readings may change without changing it."""
    matrix = vectorise([Reading("mund te flas me dikë? 42", "can i talk to someone ?", ())])
    return hashlib.sha256(matrix.indices.tobytes()).hexdigest()


def _taught_words() -> taught.Words:
    """The words that training is to read with beside the glossaries."""
    folder = os.environ.get("HELPLINE_TAUGHT")
    return taught.read(Path(folder)).words if folder else {}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Ranks the topics a message may be about, whatever its language.

    The locale comes with the message, as metadata `{"locale": "sq"}`; in the training data it stands at the intent or
    at the example. Without one the message is read in the configuration's `locale`. `ranking_length` is how many
    topics are named.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings that config.yml may change."""
        return {"locale": "en", "ranking_length": 10}

    @staticmethod
    def required_packages() -> list[str]:
        """Return what must be installed in Rasa's environment for this component."""
        return ["sklearn", "scipy", "simplemma"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:  # noqa: ARG003 - Rasa's signature
        """Return a digest of glossaries and reader, so that `rasa train` notices when only they have changed."""
        digest = hashlib.sha256()
        folder = Path(__file__).parent
        for path in sorted([*folder.glob("*.py"), *folder.glob("glossary/*.tsv")]):
            digest.update(path.name.encode() + path.read_bytes())
        if words := _taught_words():
            digest.update(json.dumps(words, sort_keys=True).encode())
        return digest.hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa's signature
    ) -> TopicClassifier:
        """Return an untrained classifier."""
        return cls(config, model_storage, resource, LinearModel())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa's signature
        **kwargs: Any,  # noqa: ARG003 - Rasa's signature
    ) -> TopicClassifier:
        """Return the trained classifier, its glossaries open.

        Raises OutdatedModel; ValueError or OSError when it was never trained.
        """
        with model_storage.read_from(resource) as folder:
            if (folder / _SPACE).read_text() != _space():
                raise OutdatedModel("The topics were learned by an older nlu/vectors.py: train again.")
            classifier = cls(config, model_storage, resource, LinearModel.load(folder / _MODEL))
            words = folder / _TAUGHT  # a model of before knows of none
            classifier._reader.teach(json.loads(words.read_text(encoding="utf-8")) if words.exists() else {})
        classifier.warm()
        return classifier

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: LinearModel
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._model = model
        self._reader = Reader()

    def warm(self) -> None:
        """Open the glossary of every language now, so that no child waits for it."""
        self._reader.warm(sorted(path.stem for path in (Path(__file__).parent / "glossary").glob("*.tsv")))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples of all locales together, and keep what was learned with the model."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        words = _taught_words()
        self._reader.teach(words)
        if examples:
            self._model = fit_topics(vectorise(self._read(examples)), [example.get(INTENT) for example in examples])
            with self._storage.write_to(self._resource) as folder:
                self._model.save(folder / _MODEL)
                (folder / _SPACE).write_text(_space())
                (folder / _TAUGHT).write_text(json.dumps(words), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set on every message its likeliest topic and the ranking behind it."""
        matrix = vectorise(self._read(messages))
        for message, probabilities in zip(messages, self._model.probabilities(matrix), strict=True):
            best = probabilities.argsort()[::-1][: self._config["ranking_length"]]
            ranking = [
                {INTENT_NAME_KEY: self._model.labels[place], PREDICTED_CONFIDENCE_KEY: float(probabilities[place])}
                for place in best
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _read(self, messages: list[Message]) -> list[Reading]:
        return [self._reader.read(message.get(TEXT) or "", self._locale_of(message)) for message in messages]

    def _locale_of(self, message: Message) -> str:
        metadata = message.get(METADATA) or {}
        for place in (metadata, metadata.get(METADATA_EXAMPLE), metadata.get(METADATA_INTENT)):
            if isinstance(place, dict) and isinstance(place.get("locale"), str):
                return str(place["locale"])
        return str(self._config["locale"])
