import zipfile
from pathlib import Path

import numpy as np
import pytest

from nlu.reading import Reader, Reading
from nlu.vectors import WIDTH, LinearModel, vectorise


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    reader = Reader()
    texts = ["he beats me", "they beat us", "she hits me", "nice cake", "good cake", "we bake cake"]
    return [reader.read(text, "en") for text in texts]


LABELS = ["told", "told", "told", "harmless", "harmless", "harmless"]


def test_an_empty_message_is_a_row_like_any_other() -> None:
    matrix = vectorise([Reader().read("", "en")])
    assert matrix.shape == (1, WIDTH)


def test_nothing_to_read_is_no_rows() -> None:
    assert vectorise([]).shape == (0, WIDTH)


def test_the_same_message_is_the_same_numbers(readings: list[Reading]) -> None:
    assert (vectorise(readings[:1]) != vectorise(readings)[:1]).nnz == 0


def test_what_was_learned_is_told_apart(readings: list[Reading]) -> None:
    model = LinearModel(rarest=1).fit(vectorise(readings), LABELS)
    chances = model.probabilities(vectorise(readings))
    assert [model.labels[at] for at in chances.argmax(axis=1)] == LABELS
    assert np.allclose(chances.sum(axis=1), 1)


def test_a_saved_model_judges_as_before_and_holds_no_pickle(readings: list[Reading], tmp_path: Path) -> None:
    model = LinearModel(rarest=1).fit(vectorise(readings), LABELS)
    model.save(tmp_path / "model.npz")
    loaded = LinearModel.load(tmp_path / "model.npz")
    assert loaded.labels == model.labels
    assert np.allclose(loaded.probabilities(vectorise(readings)), model.probabilities(vectorise(readings)), atol=1e-3)
    with zipfile.ZipFile(tmp_path / "model.npz") as archive:
        assert not any(b"numpy.core.multiarray" in archive.read(name) for name in archive.namelist())


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.npz").write_bytes(b"not a model")
    with pytest.raises((OSError, ValueError)):
        LinearModel.load(tmp_path / "model.npz")
