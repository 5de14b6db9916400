from pathlib import Path

import pytest

from nlu.reading import Reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_serbian_reads_the_same_in_either_script(reader: Reader) -> None:
    assert (
        reader.read("не пуштају ме да изађем", "sr-Cyrl").glossed
        == reader.read("ne pustaju me da izadjem", "sr-Latn").glossed
    )


def test_diacritics_and_case_do_not_matter(reader: Reader) -> None:
    assert reader.read("NE PUŠTAJU ME", "sr-Latn").glossed == reader.read("ne pustaju me", "hr").glossed


def test_invisible_characters_inside_a_word_do_not_hide_it(reader: Reader) -> None:
    assert "help" in reader.read("he\u200blp m\u2060e", "en").glossed


def test_stretched_letters_do_not_hide_a_word(reader: Reader) -> None:
    assert "help" in reader.read("heeeelp", "en").glossed or "help" in reader.read("helpppp", "en").glossed


def test_languages_agree_on_one_form(reader: Reader) -> None:
    for text, locale in (("my mum is crying", "en"), ("mami qan", "sq"), ("mama plače", "sr-Latn")):
        assert {"mother", "cry"} <= set(reader.read(text, locale).glossed.split())


def test_a_placeholder_is_read_around(reader: Reader) -> None:
    assert "name beat i" in reader.read("[name 1] beats me", "en").glossed


def test_every_word_knows_where_it_stands_in_the_original(reader: Reader) -> None:
    text = "  они ме   закључали, [phone]!"
    for word in reader.read(text, "sr-Cyrl").words:
        assert text[word.start : word.end] == word.text


def test_english_in_the_middle_of_another_language_is_read_as_english(reader: Reader) -> None:
    assert "police" in reader.read("zovi police", "sr-Latn").glossed


@pytest.mark.parametrize("locale", ["xx", "", "rom", "../../etc", "en_GB", "sr", "zh-Hant-TW"])
def test_an_unknown_locale_is_read_as_well_as_can_be(reader: Reader, locale: str) -> None:
    assert reader.read("hello", locale).written == "hello"


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\xff\ud800", "😂" * 500, "\u200b" * 500, "'''", "' OR 1=1; --", "<b>x</b>", "ا" * 50]
)
def test_no_text_is_too_strange_to_read(reader: Reader, text: str) -> None:
    for locale in ("en", "sq", "sr-Latn"):
        reader.read(text, locale)


def test_a_new_glossary_line_works_at_once(tmp_path: Path) -> None:
    (tmp_path / "en.tsv").write_text("lemma\tgloss\nmum\tmother\n", encoding="utf-8")
    (tmp_path / "rom.tsv").write_text("lemma\tgloss\ndaj\tmum\n", encoding="utf-8")
    assert Reader(tmp_path).read("daj", "rom").glossed == "mother"


HOMOGRAPHS = [
    ("bg", "пушка", "gun"), ("bg", "пуска", "let go"), ("mk", "шега", "joke"), ("mk", "сега", "now"), ("uk", "музика", "music"),
    ("uk", "мужика", "man"), ("el", "ποτέ", "never"), ("el", "πότε", "when"), ("sr-Latn", "reči", "word"), ("sr-Cyrl", "речи", "word"),
    ("sr-Latn", "reci", "tell"), ("sr-Cyrl", "реци", "tell"), ("tr", "öldü", "die"),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "word", "gloss"), HOMOGRAPHS)
def test_words_that_only_their_letters_tell_apart_are_read_as_they_are_typed(
    reader: Reader, locale: str, word: str, gloss: str
) -> None:
    assert gloss in reader.read(word, locale).glossed
    assert gloss in reader.read(word.upper(), locale).glossed


def test_what_is_typed_without_its_letters_is_the_first_word_of_the_glossary(tmp_path: Path) -> None:
    (tmp_path / "bg.tsv").write_text("lemma\tgloss\nпуска\tlet go\nпушка\tgun\n", encoding="utf-8")
    reader = Reader(tmp_path)
    assert [reader.read(word, "bg").glossed for word in ("puska", "пуска", "пушка")] == ["let go", "let go", "gun"]
    reader.teach({"bg": {"пушка": "weapon"}})
    assert {reader.read(word, "bg").glossed for word in ("пуска", "пушка")} == {"weapon"}


@pytest.mark.parametrize(("typed", "locale", "proper"), [("spvam", "sr-Latn", "spavam"), ("kok", "sq", "kokë")])
def test_a_vowel_left_out_does_not_hide_a_word(reader: Reader, typed: str, locale: str, proper: str) -> None:
    assert reader.read(typed, locale).glossed == reader.read(proper, locale).glossed != typed


def test_a_number_keeps_all_its_zeros(reader: Reader) -> None:
    assert "3000" in reader.read("duhet me kthy 3000 euro", "sq").glossed


@pytest.mark.parametrize("kind", ["name", "phone", "email", "address", "place", "link", "number", "code", "card"])
def test_a_numbered_placeholder_reads_as_one_without_a_number(reader: Reader, kind: str) -> None:
    numbered, bare = (reader.read(f"my uncle [{kind}{end}] hits me", "en") for end in (" 12", ""))
    assert (numbered.written, numbered.glossed) == (bare.written, bare.glossed)
