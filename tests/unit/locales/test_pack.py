"""An organisation's pack: its texts over what ships, and a language that stands on another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import SettingIsWrong, read
from locales import catalogue, pack

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
LOOK = """
import json, sys
from locales import catalogue, service_entries
words = catalogue.load()
print(json.dumps({
    "wrong": catalogue.pack_is_wrong(),
    "locales": [locale.code for locale in words.locales],
    "title": {code: words.say("page.title", code) for code in ("cnr", "sr-Latn", "sr-Cyrl")},
    "heading": {code: words.say("page.heading", code) for code in ("cnr", "sr-Latn", "sr-Cyrl", "en")},
    "minutes": words.say_many("human.wait", 5, "cnr"),
    "numbers": [service.number for service in service_entries.load().find("SI", "children")],
    "whole": len(catalogue.entries("cnr")) == len(catalogue.entries("en")),
}))
"""


SERVICE = """
- id: SI-example
  name: Invented service
  label: service.children
  need: children
  number: "000 0001"
  countries: [SI]
  free: null
  hours: ""
  source: https://example.org
  seen: 2026-11-29
  verified: null
"""


def seen(folder: Path) -> dict[str, object]:
    """What a program that starts with a pack finds: the pack belongs to the process, so it is looked at in one of its own."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=os.environ | {pack.VARIABLE: str(folder)}, capture_output=True, check=True
    )
    return dict(json.loads(done.stdout))


def write(folder: Path, locale: str, key: str, text: str) -> None:
    path = catalogue.source_file(locale, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{HEAD}msgid "{key}"\nmsgstr "{text}"\n', encoding="utf-8")


def test_a_pack_says_its_own_texts_and_adds_a_language_that_stands_on_another(tmp_path: Path) -> None:
    (tmp_path / "pack.yml").write_text(
        "name: Example\nlocales: {cnr: {name: Crnogorski, stands_on: sr-Latn}}\n", encoding="utf-8"
    )
    write(tmp_path, "sr-Latn", "page.title", "Primer")
    write(tmp_path, "cnr", "page.heading", "Ovđe možeš pisati")
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "SI.yml").write_text(SERVICE, encoding="utf-8")
    found = seen(tmp_path)
    shipped = catalogue.load()
    assert found["wrong"] == ""
    assert found["locales"] == [*catalogue.SHIPPED, "cnr"]
    assert found["title"] == {"cnr": "Primer", "sr-Latn": "Primer", "sr-Cyrl": "Пример"}
    assert found["heading"] == {
        "cnr": "Ovđe možeš pisati",
        **{code: shipped.say("page.heading", code) for code in ("sr-Latn", "sr-Cyrl", "en")},
    }
    assert found["minutes"] == shipped.say_many("human.wait", 5, "sr-Latn")
    assert found["numbers"] == ["000 0001"]
    assert found["whole"]


def test_without_a_pack_there_is_what_ships() -> None:
    assert pack.find("") is None
    assert catalogue.NAMES == catalogue.SHIPPED


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (None, "there is no pack.yml"),
        ("name: [", "is not readable YAML"),
        ("locales: {cnr: {name: Crnogorski, stands_on: sr-Latn}}", "needs a 'name'"),
        ("name: Example\nlocales: {cnr: {name: Crnogorski}}", "needs a 'name'"),
        ("name: Example\nlocales: {Montenegrin: {name: Crnogorski, stands_on: sr-Latn}}", "is not a language code"),
    ],
)
def test_a_pack_that_cannot_be_used_is_told_in_one_line(tmp_path: Path, written: str | None, says: str) -> None:
    if written is not None:
        (tmp_path / "pack.yml").write_text(written, encoding="utf-8")
    found = pack.find(str(tmp_path))
    assert found is not None
    assert says in found.mistake
    assert "\n" not in found.mistake


@pytest.mark.parametrize("locales", ["hr: {name: Hrvatski, stands_on: bs}", "cnr: {name: Crnogorski, stands_on: xx}"])
def test_a_language_that_stands_on_nothing_is_refused_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locales: str
) -> None:
    (tmp_path / "pack.yml").write_text(f"name: Example\nlocales: {{{locales}}}\n", encoding="utf-8")
    monkeypatch.setattr(catalogue, "PACK", pack.find(str(tmp_path)))
    with pytest.raises(SettingIsWrong, match=r"pack\.yml"):
        read({})
