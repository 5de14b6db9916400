from pathlib import Path

import pytest

from nlu import checking
from nlu.checking import check

DISCLOSURES = """disclosures:
  control:
    urgent:
      self:
      - my uncle keeps my passport
      other:
      - my friend may never go out
harmless:
- we lost our passports on holiday
"""
TOPICS = """version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello there
  - intent: rights
    examples: |
      - what are my rights
"""
HEAD = "kind\tcategory\turgency\tperspective\tstyle\ttext"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "nlu"
    for name in ("en", "sq", "glossary"):
        (folder / name).mkdir(parents=True)
    (folder / "en" / "disclosures.yml").write_text(DISCLOSURES, encoding="utf-8")
    (folder / "en" / "topics.yml").write_text(TOPICS, encoding="utf-8")
    (folder / "sq" / "disclosures.yml").write_text(DISCLOSURES, encoding="utf-8")
    _glossary(folder, "babi\tfather", "po\t-", "nuk mundem me\tcannot any more")
    return folder


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "en.tsv").write_text(f"{HEAD}\nharmless\tnone\tnone\tnone\t\tnice weather\n", encoding="utf-8")
    return tests


def _glossary(folder: Path, *rows: str, head: str = "lemma\tgloss") -> None:
    (folder / "glossary" / "sq.tsv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def _disclosures(folder: Path, *, told: str = "", harmless: str = "") -> None:
    text = DISCLOSURES.replace("      other:\n", f"      - {told}\n      other:\n") if told else DISCLOSURES
    text += f"- {harmless}\n" if harmless else ""
    (folder / "en" / "disclosures.yml").write_text(text, encoding="utf-8")


def test_nothing_is_found_in_a_good_folder(folder: Path, tests: Path) -> None:
    assert check(folder) == []
    assert check(folder, tests) == []


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    assert check(tmp_path) == []


def test_a_line_that_stands_twice_is_found(folder: Path) -> None:
    _disclosures(folder, told="my uncle keeps my passport")
    assert check(folder) == ["en: “my uncle keeps my passport” stands twice as disclosure (control); remove one"]


@pytest.mark.parametrize(
    "again", ["My Uncle keeps my passport", "my  uncle keeps my pásspórt", "my uncle keeps my passsssport"]
)
def test_a_line_that_differs_only_in_how_it_is_typed_stands_twice(folder: Path, again: str) -> None:
    _disclosures(folder, told=f'"{again}"')
    found = check(folder)
    assert len(found) == 1
    assert "stands twice" in found[0]
    assert again in found[0]


def test_a_harmless_line_that_stands_twice_has_no_category(folder: Path) -> None:
    _disclosures(folder, harmless="we lost our passports on holiday")
    assert check(folder) == ["en: “we lost our passports on holiday” stands twice as harmless; remove one"]


def test_a_line_that_is_both_told_and_harmless_is_a_contradiction(folder: Path) -> None:
    _disclosures(folder, harmless="my uncle keeps my passport")
    assert check(folder) == ["en: “my uncle keeps my passport” is disclosure (control) and harmless; keep one of them"]


def test_a_line_of_two_categories_is_a_contradiction(folder: Path) -> None:
    more = "  debt_bondage:\n    urgent:\n      self:\n      - my uncle keeps my passport\nharmless:"
    (folder / "en" / "disclosures.yml").write_text(DISCLOSURES.replace("harmless:", more), encoding="utf-8")
    assert check(folder) == [
        "en: “my uncle keeps my passport” is disclosure (control) and disclosure (debt_bondage); keep one of them"
    ]


def test_a_line_that_is_both_told_and_a_topic_is_a_contradiction(folder: Path) -> None:
    (folder / "en" / "topics.yml").write_text(TOPICS + "      - my friend may never go out\n", encoding="utf-8")
    assert check(folder) == [
        "en: “my friend may never go out” is disclosure (control) and topic (rights); keep one of them"
    ]


def test_a_topic_question_may_also_be_a_harmless_line_or_another_topic(folder: Path) -> None:
    (folder / "en" / "topics.yml").write_text(
        TOPICS + "      - hello there\n      - we lost our passports on holiday\n", encoding="utf-8"
    )
    assert check(folder) == []


def test_a_line_that_stands_twice_in_the_second_of_its_topics_is_found(folder: Path) -> None:
    (folder / "en" / "topics.yml").write_text(TOPICS + "      - hello there\n" * 2, encoding="utf-8")
    assert check(folder) == ["en: “hello there” stands twice as topic (rights); remove one"]


def test_one_line_in_two_languages_is_no_duplicate(folder: Path) -> None:
    assert (folder / "sq" / "disclosures.yml").read_text() == (folder / "en" / "disclosures.yml").read_text()
    assert check(folder) == []


def test_a_line_of_the_test_set_is_found(folder: Path, tests: Path) -> None:
    (tests / "en.tsv").write_text(
        f"{HEAD}\ndisclosure\tcontrol\turgent\tself\t\tMy uncle keeps my pasport\n"
        "disclosure\tcontrol\turgent\tself\t\tMY FRIEND  may never go out\n",
        encoding="utf-8",
    )
    assert check(folder, tests) == [
        "en: “my friend may never go out” is in the test set; remove it, or it measures nothing"
    ]


def test_a_line_of_the_test_set_of_another_locale_is_none(folder: Path, tests: Path) -> None:
    (tests / "ro.tsv").write_text(f"{HEAD}\nharmless\tnone\tnone\tnone\t\thello there\n", encoding="utf-8")
    assert check(folder, tests) == []


def test_lines_are_the_same_whatever_their_marks_and_spaces() -> None:
    assert checking.key("  Tata ME  tuče ") == checking.key("тата ме туче") == "tata me tuce"


@pytest.mark.parametrize("head", ["babi\tfather", "gloss\tlemma", "lemma", ""])
def test_a_glossary_without_its_head_is_found(folder: Path, head: str) -> None:
    _glossary(folder, "nena\tmother", head=head)
    assert check(folder) == ["sq.tsv, line 1: write the head “lemma<tab>gloss” here; this line is not read"]


def test_a_glossary_may_have_more_columns(folder: Path) -> None:
    _glossary(folder, "babi\tfather\tas children say", head="lemma\tgloss\tnote")
    assert check(folder) == []


@pytest.mark.parametrize("row", ["nena mother", "nena\t", "\tmother", "nena", "nena\t  ", "\u200b\tmother"])
def test_a_row_without_a_word_or_a_gloss_is_found(folder: Path, row: str) -> None:
    _glossary(folder, "babi\tfather", row)
    assert check(folder) == [
        "sq.tsv, line 3: write a word, a tab and plain English (or - for a word that means nothing)"
    ]


@pytest.mark.parametrize("word", ["nuk dua me te jetoj", "a-b-c-d-e"])
def test_an_expression_of_too_many_words_is_found(folder: Path, word: str) -> None:
    _glossary(folder, f"{word}\tnot want live")
    assert check(folder) == [f"sq.tsv, line 2: “{word}” has more than 4 words and is never found; shorten it"]


def test_a_gloss_that_is_a_sentence_is_found(folder: Path) -> None:
    gloss = "the man who always drives the school bus"
    _glossary(folder, f"shofer\t{gloss}", "babi\tone two three four five six")
    assert check(folder) == [f"sq.tsv, line 2: “{gloss}” is a sentence; two or three plain words say more"]


def test_a_word_that_is_there_twice_with_the_same_gloss_is_found(folder: Path) -> None:
    _glossary(folder, "nëna\tmother", "", "Nena\tmother")
    assert check(folder) == ["sq.tsv, line 4: “Nena” is there already as the same; remove one of them"]


def test_a_word_that_is_there_twice_with_another_gloss_is_found(folder: Path) -> None:
    _glossary(folder, "nëna\tmother", "NËNA\tgrandmother")
    assert check(folder) == ["sq.tsv, line 3: “NËNA” is there already as “mother”, which counts; remove one of them"]


def test_two_words_that_only_their_letters_tell_apart_may_both_be_there_but_not_two_expressions(folder: Path) -> None:
    _glossary(folder, "parë\tseen", "pare\tmoney", "ka parë\thas seen", "ka pare\thas money")
    assert check(folder) == [
        "sq.tsv, line 5: “ka pare” is there already as “has seen”, which counts; remove one of them"
    ]


def test_a_word_after_its_row_without_a_gloss_is_the_one_that_counts(folder: Path) -> None:
    _glossary(folder, "nena\t", "nena\tmother")
    assert check(folder) == [
        "sq.tsv, line 2: write a word, a tab and plain English (or - for a word that means nothing)"
    ]


def test_every_finding_is_listed(folder: Path, tests: Path) -> None:
    _disclosures(folder, told="my uncle keeps my passport", harmless="nice weather")
    _glossary(folder, "nena", "babi\tfather", "babi\tdad")
    found = check(folder, tests)
    assert [finding.split(":")[0] for finding in found] == ["en", "en", "sq.tsv, line 2", "sq.tsv, line 4"]


def test_a_broken_file_is_refused_by_name(folder: Path) -> None:
    (folder / "en" / "disclosures.yml").write_text("harmless: [", encoding="utf-8")
    with pytest.raises(ValueError, match=r"disclosures\.yml"):
        check(folder)
