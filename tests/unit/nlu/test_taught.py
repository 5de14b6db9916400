"""What was taught beside what ships: read at once, kept in files of the same formats, and part of what the models are."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.training import fingerprint
from nlu.checking import check
from nlu.examples import Line
from nlu.reading import Reader, Source
from nlu.taught import Taught, read, write

LINES = (
    Line("sq", "a kam te drejte te pyes: 'pse'", "topic", "my_rights"),
    Line("sq", "zbrrlimi i tij - nuk pushon", "disclosure", "violence_at_home", "urgent", "self"),
    Line("sq", "yes", "harmless"),
    Line("sr-Latn", "[name] je pobedio u igrici", "harmless"),
)
TAUGHT = Taught({"sq": {"zbrrlim": "beating", "po de": "-"}, "hbs": {"žbrljati": "beat"}}, LINES)


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    (tmp_path / "sq.tsv").write_text("lemma\tgloss\nbabi\tfather\nsonte\ttonight\n", encoding="utf-8")
    (tmp_path / "en.tsv").write_text("lemma\tgloss\nbeating\tbeat\n", encoding="utf-8")
    return Reader(tmp_path)


def test_a_taught_word_is_read_from_then_on_and_forgotten_when_it_is_taken_back(reader: Reader) -> None:
    assert reader.read("zbrrlim sonte", "sq").words[0].source is Source.UNKNOWN
    reader.teach({"sq": {"Zbrrlim": "beating"}})
    assert reader.read("babi zbrrlim sonte", "sq").glossed == "father beat tonight"
    reader.teach({})
    assert reader.read("babi zbrrlim sonte", "sq").glossed == "father zbrrlim tonight"


@pytest.mark.parametrize("typed", ["ZBRRLIM", "zbrrrlim", "zbrrlimi", "zbrlim"])
def test_a_taught_word_is_found_stretched_inflected_and_misspelt(reader: Reader, typed: str) -> None:
    reader.teach({"sq": {"zbrrlim": "beating"}})
    assert reader.read(typed, "sq").glossed == "beat"


def test_a_taught_expression_goes_before_its_words_and_a_taught_gloss_before_that_of_the_file(reader: Reader) -> None:
    reader.teach({"sq": {"babi sonte": "alone", "babi": "stepfather", "sonte": "-"}})
    assert reader.read("babi sonte", "sq").glossed == "alone"
    assert reader.read("babi . sonte", "sq").glossed == "stepfather ."


def test_english_slang_can_be_taught_and_changes_no_other_gloss(reader: Reader) -> None:
    reader.teach({"en": {"gyatt": "body", "father": "priest"}})
    assert reader.read("gyatt", "en").glossed == "body"
    assert reader.read("gyatt", "sq").glossed == "body"
    assert reader.read("babi", "sq").glossed == "father"


def test_a_language_that_is_opened_later_is_read_with_what_was_taught_before(reader: Reader) -> None:
    reader.teach({"sq": {"zbrrlim": "beating"}, "xx": {"a": "b"}})
    assert reader.read("zbrrlim", "sq").glossed == "beat"


def test_what_is_written_into_files_is_read_back_and_fit_for_what_ships(tmp_path: Path) -> None:
    write(TAUGHT, tmp_path)
    back = read(tmp_path)
    assert back.words == TAUGHT.words
    assert set(back.lines) == set(LINES)
    assert check(tmp_path) == []


def test_where_nothing_was_taught_there_is_nothing_and_the_models_are_those_of_what_ships(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == read(None) == Taught()
    write(Taught(), tmp_path / "taught")
    assert fingerprint(taught=tmp_path / "taught") == fingerprint()
    write(TAUGHT, tmp_path / "taught")
    assert fingerprint(taught=tmp_path / "taught") != fingerprint()
