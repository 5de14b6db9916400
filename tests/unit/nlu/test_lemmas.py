"""What is kept between starts is only a help: damaged or in the way, it is made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.lemmas import Lemmas, kept


@pytest.mark.parametrize("damaged", [b"", b"PK", b"PK\x03\x04 half a file", b"not a table at all"])
def test_a_damaged_table_is_made_again_and_replaced(tmp_path: Path, damaged: bytes) -> None:
    path = tmp_path / "tables" / "rom-00000000.npz"
    path.parent.mkdir()
    path.write_bytes(damaged)
    assert kept(path, lambda: Lemmas.of({"went": "go"})).base("went") == "go"
    assert kept(path, lambda: pytest.fail("made twice")).base("went") == "go"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_where_nothing_can_be_kept_the_table_is_there_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "tables").write_text("a file where a folder should be")
    assert kept(tmp_path / "tables" / "rom-00000000.npz", lambda: Lemmas.of({"went": "go"})).base("went") == "go"
