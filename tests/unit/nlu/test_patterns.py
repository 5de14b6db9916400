import pytest

from escalation.cases import Category, Perspective, Urgency
from nlu.concepts import concepts
from nlu.patterns import explicit, patterns
from nlu.reading import Reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_every_pattern_uses_the_words_of_the_vocabulary() -> None:
    for pattern in patterns():
        assert Category(pattern.category)
        assert Urgency(pattern.urgency)


def test_concepts_are_readable() -> None:
    assert "violence" in concepts()["beat"]


@pytest.mark.parametrize(
    ("text", "locale", "category"),
    [
        ("my uncle touches me", "en", "sexual_exploitation"),
        ("i want to die", "en", "selfharm"),
        ("they sold my sister", "en", "sale_of_child"),
        ("he took my passport", "en", "control"),
        ("dua te vdes", "sq", "selfharm"),
        ("s'më lënë të dal", "sq", "control"),
        ("baba më rreh", "sq", "violence_at_home"),
        ("tata me tuče", "sr-Latn", "violence_at_home"),
        ("хоћу да умрем", "sr-Cyrl", "selfharm"),
        ("ne puštaju me da izađem", "sr-Latn", "control"),
        ("teraju me da prosim", "sr-Latn", "forced_begging_or_crime"),
    ],
)
def test_a_short_explicit_statement_is_found_in_every_language(
    reader: Reader, text: str, locale: str, category: str
) -> None:
    assert category in {found.category for found in explicit(reader.read(text, locale))}


@pytest.mark.parametrize(
    "text", ["my brother made a cake", "nice weather today", "how do i get a passport", "good night"]
)
def test_harmless_words_say_nothing(reader: Reader, text: str) -> None:
    assert explicit(reader.read(text, "en")) == ()


def test_who_it_happens_to_is_told(reader: Reader) -> None:
    assert explicit(reader.read("they sold my sister", "en"))[0].perspective == Perspective.OTHER
    assert explicit(reader.read("they sold me", "en"))[0].perspective == Perspective.SELF
