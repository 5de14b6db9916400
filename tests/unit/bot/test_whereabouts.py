"""A child says where it is, in few words of any language."""

from __future__ import annotations

import pytest

from bot.whereabouts import Whereabouts, load
from locales.catalogue import FOLDER


@pytest.fixture(scope="module")
def places() -> Whereabouts:
    return load(FOLDER)


@pytest.mark.parametrize(
    ("locale", "text", "country"),
    [("en", "im in romania", "RO"), ("en", "I am in Serbia now", "RS"), ("en", "romania", "RO"), ("en", "number in italy", "IT"),
     ("en", "bosnia", "BA"), ("sq", "jam në Rumani", "RO"), ("sr-Latn", "u srbiji sam", "RS"), ("sr-Cyrl", "ја сам у Србији", "RS"),
     ("hr", "broj u Njemačkoj", "DE"), ("ro", "sunt in serbia", "RS"), ("tr", "Romanya'dayım", "RO"), ("uk", "я в румунії", "RO"),
     ("el", "είμαι στη ρουμανία", "RO"), ("ar", "أنا في رومانيا", "RO"), ("rom", "serbia", "RS")],
)  # fmt: skip
def test_a_country_is_heard(places: Whereabouts, locale: str, text: str, country: str) -> None:
    assert places.said(text, locale) == country


@pytest.mark.parametrize(
    ("locale", "text"),
    [("en", "i am romanian"), ("en", "romanian"), ("en", "they take me to italy"), ("en", "i am from serbia"), ("en", "im not in serbia"),
     ("en", "italy"), ("en", "hello"), ("en", ""), ("sr-Latn", "ja sam mali"), ("hr", "hrvatski"), ("sq", "rumanisht"), ("en", "in romania " * 5)],
)  # fmt: skip
def test_other_words_with_a_country_say_something_else(places: Whereabouts, locale: str, text: str) -> None:
    assert places.said(text, locale) is None


def test_the_bare_name_of_a_country_elsewhere_counts_where_it_was_asked_for(places: Whereabouts) -> None:
    assert places.said("italy", "en", asked=True) == "IT"
