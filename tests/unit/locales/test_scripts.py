"""Serbian in its two scripts."""

from __future__ import annotations

import pytest

from locales.scripts import to_cyrillic, to_latin


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Nisam ja kriv", "Нисам ја крив"),
        ("Ljubav, njiva i džep", "Љубав, њива и џеп"),
        ("LJUBAV NJEGOŠ DŽEP", "ЉУБАВ ЊЕГОШ ЏЕП"),
        ("Njegoš", "Његош"),
        ("Đak uči, šta ćeš", "Ђак учи, шта ћеш"),
        ("", ""),
        ("12:30 – 5 %", "12:30 – 5 %"),
    ],
)
def test_the_scripts_are_the_same_text(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic
    assert to_latin(cyrillic) == latin


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Injekcija", "Инјекција"),
        ("konjugacija", "конјугација"),
        ("nadživeti", "надживети"),
        ("podžanr", "поджанр"),
        ("Tanjug", "Танјуг"),
    ],
)
def test_two_letters_stay_two_where_the_language_wants_it(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    "kept",
    [
        "{numbers}",
        "{n}",
        "https://example.org/strana",
        "www.example.org",
        "ime@example.org",
        "Telegram",
        "WhatsApp",
        "online",
        "SMS",
        "wifi",
        "/exit",
    ],
)
def test_what_is_latin_everywhere_stays_latin(kept: str) -> None:
    if kept == "/exit":
        assert to_cyrillic("napiši /exit") == "напиши /exit"
    else:
        assert to_cyrillic(f"piši {kept} ovde") == f"пиши {kept} овде"


def test_a_whole_sentence_is_written_in_one_script() -> None:
    derived = to_cyrillic(
        "Nisi kriv za ono što se desilo. Tu smo, i ti odlučuješ koliko ćeš da kažeš. SOS i policija su dva broja."
    )
    assert not any("a" <= letter.lower() <= "z" for letter in derived)


def test_capitals_at_the_end_of_a_shouted_word_stay_capitals() -> None:
    assert to_latin("КОЊ") == "KONJ"
    assert to_latin("РАЗМИШЉАЊЕ") == "RAZMIŠLJANJE"


def test_other_letters_stay_as_they_are() -> None:
    assert to_latin("ëçşğ щы αβ") == "ëçşğ щы αβ"
