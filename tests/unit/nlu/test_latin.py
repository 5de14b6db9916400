import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.concepts import concepts_of
from nlu.latin import MARK, respelt, sounds
from nlu.reading import Reader

LANGUAGES = ("el", "ar", "fa", "hbs", "mk", "bg", "ru", "uk", "sq", "tr", "ro", "en", "xx", "")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _says(reader: Reader, typed: str, locale: str, words: str) -> bool:
    return set(words.split()) <= set(reader.read(typed, locale).glossed.split())


@pytest.mark.parametrize("typed", ["ksero", "xero", "xerw", "kserw", "3erw", "KSERO", "kseroo"])
def test_every_habit_of_greeklish_reads_as_the_greek_word(reader: Reader, typed: str) -> None:
    assert reader.read(typed, "el").glossed == reader.read("ξέρω", "el").glossed == "know"


@pytest.mark.parametrize(
    "typed", ["voithia", "voitheia", "bohtheia", "voh8eia", "boh8eia", "voh8ia", "VOITHEIA", "voi8eia", "boi8eia"]
)
def test_every_habit_of_greeklish_asks_for_help(reader: Reader, typed: str) -> None:
    assert _says(reader, typed, "el", "help")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("o thios mou", "uncle my"), ("o 8eios mou", "uncle my"), ("fovamai", "afraid"), ("fobamai", "afraid"), ("phovamai", "afraid"),
        ("4wmi", "bread"), ("psomi", "bread"), ("den mporw", "cannot"), ("8elw na fygw", "want"), ("thelo spiti", "want house"),
    ],
)  # fmt: skip
def test_greek_in_latin_letters_is_understood(reader: Reader, typed: str, words: str) -> None:
    assert _says(reader, typed, "el", words)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("saa3dni", "help i"), ("sa3edni", "help i"), ("sa3idni", "help i"), ("5ayef", "afraid"), ("khayef", "afraid"), ("shurta", "police"),
        ("shor6a", "police"), ("madrase", "school"), ("mo5adderat", "drug"), ("3ayez amoot", "want die"), ("ma3 sa7bi", "with friend"),
        ("3ammi", "uncle"), ("bdi amoot", "want die"),
    ],
)  # fmt: skip
def test_arabizi_is_understood(reader: Reader, typed: str, words: str) -> None:
    assert _says(reader, typed, "ar", words)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("madrese", "school"), ("madreseh", "school"), ("mitarsam", "afraid"), ("komak", "help"), ("komakam kon", "help i"),
        ("ghamgin", "sad"), ("qamgin", "sad"), ("dokhtar", "girl"), ("doxtar", "girl"), ("mikham bemiram", "want die"),
        ("mixam bemiram", "want die"),
    ],
)  # fmt: skip
def test_finglish_is_understood(reader: Reader, typed: str, words: str) -> None:
    assert _says(reader, typed, "fa", words)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("pomo6t", "help"), ("pomosht", "help"), ("u4ili6te", "school"), ("uchilishte", "school"), ("4ovek", "person"), ("4akam", "wait"),
        ("nqmam nikogo", "nobody"), ("niama", "not"), ("nyama", "not"), ("spq", "sleep"), ("jivot", "life"), ("zhivot", "life"),
        ("az 6te umra", "will die"), ("iskam vka6ti", "want home"), ("iskam vkyshti", "want home"), ("4icho mi", "uncle"), ("majka mi", "mother"),
        ("mayka mi", "mother"), ("maika mi", "mother"),
    ],
)  # fmt: skip
def test_shlyokavitsa_is_understood(reader: Reader, typed: str, words: str) -> None:
    assert _says(reader, typed, "bg", words)


def test_the_bulgarian_for_i_am_is_no_sim_card_in_either_habit(reader: Reader) -> None:
    for typed in ("az sum sam", "az sym sam"):
        assert not _says(reader, typed, "bg", "card")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ucilishte", "school"), ("uchilishte", "school"), ("pomosh", "help"), ("kuka", "house"), ("kukja", "house"), ("se plasham", "afraid"),
        ("se plasam", "afraid"), ("kje umram", "will die"), ("ke umram", "will die"), ("zhivot", "life"), ("vuyko mi", "uncle"),
    ],
)  # fmt: skip
def test_macedonian_in_latin_letters_is_understood(reader: Reader, typed: str, words: str) -> None:
    assert _says(reader, typed, "mk", words)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("dopomozhit", "help"), ("dopomoga", "help"), ("dopomoha", "help"), ("shkola", "school"), ("skola", "school"), ("ia boiusia", "i afraid"),
        ("ja bojusja", "i afraid"), ("ya boyusya", "i afraid"), ("ya khochu dodomu", "want home"), ("ya xochu dodomu", "want home"),
        ("zhyttia", "life"),
    ],
)  # fmt: skip
def test_ukrainian_in_latin_letters_is_understood(reader: Reader, typed: str, words: str) -> None:
    assert _says(reader, typed, "uk", words)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ya boyus", "i afraid"), ("ia boius", "i afraid"), ("ya bojus", "i afraid"), ("zhizn", "life"), ("uchitel", "teacher"),
        ("pomogi pozhaluysta", "help please"), ("pomogi pojaluista", "help please"), ("4to delat", "what"), ("papa byl doma", "father at home"),
        ("ya hochu domoi", "want home"),
    ],
)  # fmt: skip
def test_russian_in_latin_letters_is_understood(reader: Reader, typed: str, words: str) -> None:
    assert _says(reader, typed, "ru", words)


@pytest.mark.parametrize("typed", ["papa bil menya", "papa bil menja", "Papa bil menia", "PAPA BIL MENYA"])
def test_a_russian_beat_that_is_typed_like_a_was_is_not_lost(reader: Reader, typed: str) -> None:
    assert {"parent", "violence", "self"} <= set(concepts_of(reader.read(typed, "ru")))


@pytest.mark.parametrize(
    ("typed", "locale"),
    [
        ("o mpampas me xtypaei", "el"), ("o babas me htipaei", "el"), ("abi yadrebni", "ar"), ("baba bydrbni", "ar"), ("pedaram mano mizane", "fa"),
        ("ba6ta mi me bie", "bg"), ("bashta mi me bie", "bg"), ("tatko me tepa", "mk"), ("tato bie mene", "uk"), ("papa byet menya", "ru"),
    ],
)  # fmt: skip
def test_who_is_beaten_by_whom_is_understood_in_latin_letters(reader: Reader, typed: str, locale: str) -> None:
    assert {"parent", "violence", "self"} <= set(concepts_of(reader.read(typed, locale)))


@pytest.mark.parametrize("locale", ["el", "ar", "fa", "bg", "mk", "uk", "ru", "sr-Cyrl"])
@pytest.mark.parametrize("word", ["police", "teacher", "friend", "school", "phone", "passport", "secret", "alone"])
def test_english_inside_any_language_stays_english(reader: Reader, locale: str, word: str) -> None:
    assert reader.read(word, "en").glossed in reader.read(f"mama {word} mama", locale).glossed.split()


@pytest.mark.parametrize(
    ("word", "locale"), [("kill", "uk"), ("kill", "ro"), ("sell", "ru"), ("tell", "ar"), ("tell", "bg"), ("call", "sq"), ("room", "mk")]
)  # fmt: skip
def test_an_english_word_with_a_doubled_letter_is_not_taken_for_a_stretched_one(
    reader: Reader, word: str, locale: str
) -> None:
    assert reader.read(word, "en").glossed in reader.read(word, locale).glossed.split()


@pytest.mark.parametrize(
    ("typed", "locale", "words"),
    [
        ("o mpampas me xtypaei please police", "el", "father i please police"),
        ("abi yadrebni please my teacher knows", "ar", "father i please teacher know"),
        ("ba6ta mi me bie, my friend knows", "bg", "father beat i friend know"),
        ("papa udaril menya at school", "ru", "father hit i school"),
    ],
)
def test_both_languages_of_a_mixed_message_are_read(reader: Reader, typed: str, locale: str, words: str) -> None:
    assert _says(reader, typed, locale, words)


@pytest.mark.parametrize(
    ("word", "language"),
    [("να", "el"), ("με", "el"), ("بيت", "ar"), ("اب", "ar"), ("بد", "fa"), ("ما", "fa"), ("", "el")],
)
def test_fewer_than_three_sounds_have_no_key(word: str, language: str) -> None:
    assert sounds(word, language) is None


@pytest.mark.parametrize(("word", "language"), [("na", "el"), ("me", "el"), ("bayt", "ar"), ("baba", "fa"), ("", "ar")])
def test_fewer_than_three_sounds_in_latin_letters_have_no_key_either(word: str, language: str) -> None:
    assert respelt(word, language) == ()


@pytest.mark.parametrize(("word", "language"), [("ξερω", "el"), ("خايف", "ar"), ("شرطه", "ar"), ("مدرسه", "fa")])
def test_a_key_is_never_taken_for_a_word(word: str, language: str) -> None:
    key = sounds(word, language)
    assert key is None or (key.startswith(MARK) and len(key) >= len(MARK) + 3)


@pytest.mark.parametrize("language", ["sq", "tr", "ro", "en", "xx", ""])
def test_a_language_that_is_written_in_latin_needs_no_spelling(language: str) -> None:
    assert respelt("kserw", language) == ()
    assert sounds("ξερω", language) is None


@pytest.mark.parametrize("language", ["bg", "mk", "uk", "ru", "hbs"])
def test_cyrillic_words_are_spellings_and_never_the_word_itself(language: str) -> None:
    forms = respelt("4yjivot", language)
    assert forms
    assert "4yjivot" not in forms
    assert not any(form.startswith(MARK) for form in forms)


def test_the_likeliest_spelling_comes_first() -> None:
    assert respelt("xerw", "el") == ("~hero", "~ksero")
    assert respelt("bil", "ru")[0] == "byl"


@given(st.text(alphabet="xhub3yjiwq4680179ae", max_size=60), st.sampled_from(LANGUAGES))
def test_only_a_few_spellings_of_a_word_are_tried_and_each_once(word: str, language: str) -> None:
    forms = respelt(word, language)
    assert len(forms) == len(set(forms)) <= 12
    assert all(forms)


@given(st.text(max_size=40), st.sampled_from(LANGUAGES))
def test_no_word_is_too_strange_for_a_key(word: str, language: str) -> None:
    assert isinstance(respelt(word, language), tuple)
    key = sounds(word, language)
    assert key is None or key.startswith(MARK)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", ["x", "h", "xhub3", "yj", "ψ", "ا", "خ", "ou", "3'7'"])
def test_a_very_long_word_takes_no_time(word: str, language: str) -> None:
    began = time.perf_counter()
    respelt(word * 20_000, language)
    sounds(word * 20_000, language)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("locale", ["el", "ar", "fa", "bg", "mk", "uk", "ru", "sr-Cyrl"])
@pytest.mark.parametrize(
    "text", ["xhub3" * 800, "yj 4q6 " * 600, "3'7' " * 800, "x" * 4_000, "ξ" * 4_000, "خا" * 2_000]
)
def test_a_long_message_is_read_quickly(reader: Reader, locale: str, text: str) -> None:
    reader.read("mama", locale)
    began = time.perf_counter()
    reader.read(text, locale)
    assert time.perf_counter() - began < 2
