"""What an editor sees in place of a placeholder: there is something for every one, and nothing is made up."""

from __future__ import annotations

import pytest

from locales import catalogue, service_entries
from locales.catalogue import NAMES, SOURCE
from locales.checker import placeholders
from locales.examples import EXAMPLES, Text, of

IN_USE = {name for entry in catalogue.entries(SOURCE).values() for text in entry.texts for name in placeholders(text)}


def test_every_placeholder_in_use_has_an_example_and_no_other_has() -> None:
    assert set(EXAMPLES) == IN_USE


@pytest.mark.parametrize("locale", NAMES)
def test_examples_are_in_every_language_and_leave_no_placeholder(locale: str) -> None:
    texts = {key: entry.text for (key, version), entry in catalogue.entries(locale).items() if not version}
    for key in ("self_check.noted", "safety_plan.noted"):
        examples = of(Text(key, locale, texts), IN_USE)
        assert all(said and "{" not in said for said in examples.values()), examples
    signs = of(Text("self_check.noted", locale, texts), {"lines"})["lines"].splitlines()
    assert {sign.removeprefix("• ") for sign in signs} <= set(texts.values())


def test_numbers_are_those_of_a_country_of_the_directory() -> None:
    texts = {key: entry.text for (key, version), entry in catalogue.entries("ro").items() if not version}
    numbers = of(Text("alarm.numbers", "ro", texts), {"numbers"})["numbers"].splitlines()
    known = [service.number for service in service_entries.load().all() if "RO" in service.countries]
    assert numbers
    assert all(any(number in line for number in known) for line in numbers)
