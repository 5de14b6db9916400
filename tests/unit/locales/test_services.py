"""Numbers come from here and nowhere else. Those of these tests are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from locales.services import FOLDER, NEEDS, Directory, ServiceIsWrong, load

ENTRY = """
- name: "Invented line"
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
        ('  number: "000 111"\n', "", "RS.yml: Invented line has no 'number'"),
        ("need: children", "need: fun", "RS.yml: Invented line: need must be one of"),
        ("seen: 2026-01-01", "seen: yesterday", "'seen' must be a date"),
        ("verified: null", "verified: soon", "'verified' must be a date"),
        ('"000 111"', "0112", "'number' must be in quotes"),
        ('"000 111"', "112", "'number' must be in quotes"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_in_one_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(ServiceIsWrong, match=says):
        load(folder_with(tmp_path, RS=ENTRY.replace(old, new)))


def test_a_file_that_is_no_list_is_named_too(tmp_path: Path) -> None:
    with pytest.raises(ServiceIsWrong, match=r"RS\.yml"):
        load(folder_with(tmp_path, RS="name: x\n"))


def test_a_regional_entry_must_say_where_it_works(tmp_path: Path) -> None:
    with pytest.raises(ServiceIsWrong, match=r"region\.yml: Invented line has no 'countries'"):
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
