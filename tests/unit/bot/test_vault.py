"""The vault: what may identify a child vanishes, and was never on a disk."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

from bot.vault import SqliteVault, VaultIsAway, VaultIsOnDisk, is_tmpfs

CANARY = "canary-of-the-test"


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


async def test_what_was_put_is_there_until_its_end(vault: SqliteVault, clock: Any) -> None:
    await vault.put("key", {"a": [1, "ž"]}, 10)
    clock.now += 9.9
    assert await vault.get("key") == {"a": [1, "ž"]}
    clock.now += 0.1
    assert await vault.get("key") is None


async def test_putting_again_changes_the_value_and_begins_the_time_anew(vault: SqliteVault, clock: Any) -> None:
    await vault.put("key", "old", 10)
    clock.now += 8
    await vault.put("key", "new", 10)
    clock.now += 8
    assert await vault.get("key") == "new"


async def test_deleting_forgets_at_once_and_deleting_nothing_is_fine(vault: SqliteVault) -> None:
    await vault.put("key", 1, 10)
    await vault.delete("key")
    await vault.delete("key")
    assert await vault.get("key") is None


async def test_what_is_taken_is_taken_once(vault: SqliteVault, clock: Any) -> None:
    await vault.put("key", {"a": 1}, 10)
    assert [await vault.take("key") for _ in range(2)] == [{"a": 1}, None]
    await vault.put("ended", 1, 10)
    clock.now += 10
    assert await vault.take("ended") is None


async def test_a_vault_that_cannot_be_used_says_so_in_one_line(memory: Path) -> None:
    vault, other = SqliteVault(memory / "vault.sqlite3"), sqlite3.connect(memory / "vault.sqlite3")
    other.execute("DROP TABLE entries")
    other.close()
    with pytest.raises(VaultIsAway, match=r"^The vault cannot be reached.*helpline doctor"):
        await vault.get("key")
    await vault.close()


async def test_a_sweep_counts_what_has_ended_and_leaves_the_rest(vault: SqliteVault, clock: Any) -> None:
    await vault.put("short", 1, 5)
    await vault.put("long", 2, 50)
    clock.now += 10
    assert await vault.sweep() == 1
    assert await vault.get("long") == 2


@pytest.mark.parametrize("size", [1, 2000])
async def test_after_a_sweep_nothing_of_what_ended_is_in_the_files(memory: Path, clock: Any, size: int) -> None:
    vault = SqliteVault(memory / "vault.sqlite3", clock=clock)
    await vault.put(f"{CANARY}-key", CANARY * size, 5)
    await vault.put("overwritten", CANARY, 60)
    await vault.put("overwritten", "other", 60)
    await vault.put("deleted", CANARY, 60)
    await vault.delete("deleted")
    assert CANARY.encode() in everything_in(memory)
    clock.now += 10
    await vault.sweep()
    assert CANARY.encode() not in everything_in(memory)
    await vault.close()


async def test_what_is_kept_survives_a_restart_of_the_program(memory: Path) -> None:
    first = SqliteVault(memory / "vault.sqlite3")
    await first.put("key", "kept", 60)
    await first.close()
    second = SqliteVault(memory / "vault.sqlite3")
    assert await second.get("key") == "kept"
    await second.close()


async def test_only_the_owner_can_read_the_vault_and_its_folder(memory: Path) -> None:
    vault = SqliteVault(memory / "own" / "vault.sqlite3")
    await vault.put("key", 1, 60)
    files = list((memory / "own").iterdir())
    assert files
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((memory / "own").stat().st_mode) == 0o700
    await vault.close()


async def test_a_file_that_lay_open_to_others_is_closed_to_them(memory: Path) -> None:
    path = memory / "vault.sqlite3"
    path.touch(mode=0o644)
    path.chmod(0o644)
    vault = SqliteVault(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await vault.close()


async def test_a_vault_on_a_disk_is_refused_unless_the_operator_says_so(tmp_path: Path) -> None:
    if is_tmpfs(tmp_path):
        pytest.skip("this machine's temporary folder is in memory")
    path = tmp_path / "vault" / "vault.sqlite3"
    with pytest.raises(VaultIsOnDisk, match="HELPLINE_VAULT"):
        SqliteVault(path)
    assert not path.exists()
    await SqliteVault(path, may_be_on_disk=True).close()


def test_a_folder_that_is_not_there_yet_is_judged_by_the_one_above(memory: Path) -> None:
    assert is_tmpfs(memory / "not" / "there")
    assert not is_tmpfs(Path("/proc"))
