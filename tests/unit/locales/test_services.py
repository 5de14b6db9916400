"""Numbers come from here and nowhere else. Those of these tests are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from locales.service_entries import (
    CONFIRMERS,
    FOLDER,
    ServiceIsWrong,
    dump,
    load,
    mistakes,
    parse,
    read,
    shipped,
    written,
)
from locales.services import NEEDS, Directory, Doubt, doubt

ENTRY = """
- id: RS-invented
  name: "Invented line"
  label: service.children
  need: children
  number: "000 111"
  free: true
  source: https://example.org
  seen: 2026-01-01
  verified: null
"""


def folder_with(tmp_path: Path, **files: str) -> Path:
    for country, words in files.items():
        (tmp_path / f"{country}.yml").write_text(words, encoding="utf-8")
    return tmp_path


def test_a_file_is_a_country_and_says_what_is_not_known(tmp_path: Path) -> None:
    (service,) = load(folder_with(tmp_path, RS=ENTRY.replace("  free: true\n", ""))).all()
    assert (service.countries, service.number, service.free, service.hours, service.verified) == (
        ("RS",),
        "000 111",
        None,
        "",
        None,
    )


def test_services_are_found_by_country_in_the_order_of_the_needs(tmp_path: Path) -> None:
    police = ENTRY.replace("need: children", "need: police").replace("000 111", "000 222")
    directory = load(folder_with(tmp_path, RS=ENTRY + police, AL=ENTRY.replace("000 111", "000 333")))
    assert [service.number for service in directory.find("RS", "police", "children")] == ["000 222", "000 111"]
    assert [service.number for service in directory.find("AL", "police", "children")] == ["000 333"]
    assert directory.find("XK", "children") == ()


def test_without_a_country_only_what_works_in_several_is_found(tmp_path: Path) -> None:
    regional = ENTRY + "  countries: [RS, AL]\n"
    directory = load(folder_with(tmp_path, RS=ENTRY, region=regional.replace("000 111", "000 444")))
    assert [service.number for service in directory.find(None, "children")] == ["000 444"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('  number: "000 111"\n', "", "RS.yml: Invented line: 'number' is missing"),
        ("need: children", "need: fun", "RS.yml: Invented line: 'need' must be one of"),
        ("seen: 2026-01-01", "seen: yesterday", "'seen' must be a date"),
        ("verified: null", "verified: soon", "'verified' must be a date"),
        ('"000 111"', "0112", "'number' must be in quotes"),
        ('"000 111"', "112", "'number' must be in quotes"),
        ('"000 111"', "[", "RS.yml: line"),
        ("2026-01-01", "2026-13-41", "RS.yml: month must be in 1..12"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_in_one_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(ServiceIsWrong, match=says):
        load(folder_with(tmp_path, RS=ENTRY.replace(old, new)))


def test_a_file_that_is_no_list_is_named_too(tmp_path: Path) -> None:
    with pytest.raises(ServiceIsWrong, match=r"RS\.yml"):
        load(folder_with(tmp_path, RS="name: x\n"))


def test_a_regional_entry_must_say_where_it_works(tmp_path: Path) -> None:
    with pytest.raises(ServiceIsWrong, match=r"region\.yml: Invented line: 'countries' is missing"):
        load(folder_with(tmp_path, region=ENTRY))


def test_an_empty_file_or_folder_is_no_service(tmp_path: Path) -> None:
    assert load(folder_with(tmp_path, RS="# nothing yet\n")).all() == ()
    assert Directory(()).find("RS", *NEEDS) == ()


def test_every_service_of_the_helpline_has_a_source_and_a_day() -> None:
    services = load(FOLDER).all()
    assert services
    assert all(
        service.source.startswith(("http://", "https://")) and service.seen and service.number.strip()
        for service in services
    )


def entry(**changed: Any) -> dict[str, Any]:
    (whole,) = parse(ENTRY, "RS.yml")
    return {**whole, **changed}


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("id", "../x", "must be letters without accents, a hyphen"),
        ("name", " ", "is empty"),
        ("name", "Invented\u202e line", "has a hidden sign"),
        ("name", "x" * 301, "has 301 characters; 300 fit"),
        ("label", "service.nothing", "must be one of service.emergency"),
        ("label", ["service.children"], "must be one of"),
        ("number", "000-111", "must be digits in groups"),
        ("number", "call us", "must be digits in groups"),
        ("number", "\u0660\u0660\u0660 \u0661", "must be digits in groups"),
        ("number", "00", "has 2 digits; a telephone number has 3 to 15"),
        ("number", "000 " * 5 + "1234", "has 19 digits"),
        ("countries", ["RS", "XX"], "names 'XX', which is not known"),
        ("countries", ["RS", "RS"], "names one twice"),
        ("countries", [], "must name at least one"),
        ("countries", "RS", "must be a list"),
        ("languages", ["klingon"], "names 'klingon', which is not known"),
        ("hours", "from nine to five", "must be in opening_hours syntax"),
        ("source", "example.org", "must be an address that begins with https://"),
        ("source", "javascript:alert(1)", "must be an address"),
        ("source", "https://[", "must be an address"),
        ("free", "yes", "must be true, false, or null"),
        ("seen", None, "must be a date"),
        ("seen", date(2026, 1, 4), "is a day that has not come yet"),
        ("verified", datetime(2026, 1, 1, 12, 0), "must be a date"),  # noqa: DTZ001 - as YAML reads it
        ("confirmed_by", "Mrs Invented", f"must be one of {', '.join(CONFIRMERS)}, or empty"),
        ("nmber", "000", "is no field of a service"),
    ],
)
def test_each_mistake_has_one_line_that_says_what_to_do(field: str, value: object, says: str) -> None:
    found = mistakes(entry(**{field: value}), today=date(2026, 1, 2))
    assert list(found) == [field]
    assert says in found[field]


def test_a_confirmation_ends_with_the_number_that_was_confirmed() -> None:
    confirmed = entry(verified=date(2026, 1, 1), confirmed_by="office")
    assert not mistakes(confirmed)
    assert "is missing" in mistakes(entry(confirmed_by="office"))["verified"]
    changed = {**confirmed, "number": "000 112"}
    assert "is from before the number changed" in mistakes(changed, before=read(confirmed))["verified"]
    assert not mistakes({**changed, "verified": date(2026, 1, 2)}, before=read(confirmed))


def test_every_service_is_written_down_and_read_again_without_loss() -> None:
    every = (*shipped(), replace(read(entry()), number="+381 000 0112", languages=("sr", "rom"), retired=True))
    assert tuple(read(one) for one in parse(dump(every), "services.yml")) == every
    assert not any(mistakes(written(service)) for service in every)
    assert len({service.id for service in every}) == len(every)


def test_what_is_published_counts_instead_of_what_ships_and_what_is_retired_is_told_to_nobody() -> None:
    ships = read(entry())
    directory = Directory((ships,))
    directory.take(
        {"RS-invented": replace(ships, number="000 112"), "RS-new": replace(ships, id="RS-new", need="police")}
    )
    assert [service.number for service in directory.find("RS", "children", "police")] == ["000 112", "000 111"]
    directory.take({"RS-invented": replace(ships, retired=True)})
    assert directory.all() == ()
    assert directory.covered() == set()
    directory.take({})
    assert directory.all() == (ships,)


@pytest.mark.parametrize(
    ("verified", "found"),
    [(None, Doubt.NEVER), (date(2025, 1, 1), Doubt.OLD), (date(2025, 1, 2), None), (date(2026, 1, 2), None)],
)
def test_a_service_has_to_be_asked_again_after_a_year(verified: date | None, found: Doubt | None) -> None:
    assert doubt(replace(read(entry()), verified=verified), date(2026, 1, 2)) is found
