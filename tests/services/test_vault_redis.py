"""The vault on a real Redis: everything ends, nothing is on a disk, and a Redis that was away is used again."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from servers import RedisServer

from bot.vault import VaultIsAway, VaultIsOnDisk
from bot.vault_redis import PREFIX, RedisVault


@pytest.fixture
async def vault(redis_server: RedisServer):
    opened = await RedisVault.open(redis_server.url)
    yield opened
    await opened.close()


async def test_what_was_put_is_there_until_its_end(vault: RedisVault):
    await vault.put("key", {"a": [1, "ž"]}, 0.3)
    assert await vault.get("key") == {"a": [1, "ž"]}
    await asyncio.sleep(0.35)
    assert await vault.get("key") is None


async def test_putting_again_changes_the_value_and_begins_the_time_anew(vault: RedisVault):
    await vault.put("key", "old", 0.3)
    await asyncio.sleep(0.2)
    await vault.put("key", "new", 0.3)
    await asyncio.sleep(0.2)
    assert await vault.get("key") == "new"


async def test_deleting_forgets_at_once_and_deleting_nothing_is_fine(vault: RedisVault):
    await vault.put("key", 1, 10)
    await vault.delete("key")
    await vault.delete("key")
    assert await vault.get("key") is None


async def test_of_many_who_take_at_once_one_gets_it(vault: RedisVault):
    await vault.put("key", {"a": 1}, 10)
    taken = await asyncio.gather(*(vault.take("key") for _ in range(20)))
    assert [value for value in taken if value is not None] == [{"a": 1}]


async def test_every_entry_ends_and_every_key_is_the_helplines(vault: RedisVault, redis_server: RedisServer):
    await vault.put("session:1", "a", 0.0001)
    await vault.put("session:2", "b", 60)
    await asyncio.sleep(0.1)
    keys = redis_server.asked("KEYS", "*")
    assert keys == [f"{PREFIX}session:2"]
    assert 0 < redis_server.asked("PTTL", keys[0]) <= 60_000


async def test_what_is_kept_survives_a_restart_of_the_program(vault: RedisVault, redis_server: RedisServer):
    await vault.put("key", "kept", 60)
    await vault.close()
    again = await RedisVault.open(redis_server.url)
    assert await again.get("key") == "kept"
    await again.close()


@pytest.mark.parametrize("saves", [("--save", "900 1"), ("--save", "", "--appendonly", "yes")])
async def test_a_redis_that_saves_to_disk_is_refused_unless_the_operator_says_so(
    tmp_path: Path, saves: tuple[str, ...]
):
    server = RedisServer(tmp_path)
    server.start(*saves)
    try:
        with pytest.raises(VaultIsOnDisk, match=r"^the Redis of HELPLINE_VAULT saves to disk; start it with "):
            await RedisVault.open(server.url)
        vault = await RedisVault.open(server.url, may_be_on_disk=True)
        await vault.put("key", 1, 10)
        await vault.close()
    finally:
        server.stop()


async def test_a_redis_that_does_not_say_whether_it_saves_is_refused(redis_server: RedisServer):
    redis_server.asked("ACL", "SETUSER", "helpline", "on", ">invented", "~*", "+@all", "-config")
    url = redis_server.url.replace("redis://", "redis://helpline:invented@")
    with pytest.raises(
        VaultIsOnDisk, match=r"^the Redis of HELPLINE_VAULT does not say .* permit CONFIG GET"
    ) as refusal:
        await RedisVault.open(url)
    assert "invented" not in str(refusal.value)


async def test_a_redis_that_begins_to_save_is_told_nothing_more(vault: RedisVault, redis_server: RedisServer):
    await vault.put("before", 1, 60)
    redis_server.asked("CONFIG", "SET", "save", "900 1")
    with pytest.raises(VaultIsAway):
        await vault.sweep()
    with pytest.raises(VaultIsAway):
        await vault.put("after", 1, 60)
    assert redis_server.asked("KEYS", "*") == [f"{PREFIX}before"]
    redis_server.asked("CONFIG", "SET", "save", "")
    await vault.put("after", 1, 60)


async def test_a_redis_that_is_not_there_stops_the_start_in_one_line(redis_server: RedisServer):
    redis_server.kill()
    with pytest.raises(VaultIsAway, match="helpline doctor"):
        await RedisVault.open(redis_server.url)


async def test_a_redis_that_was_killed_is_used_again_when_it_is_back(vault: RedisVault, redis_server: RedisServer):
    await asyncio.gather(*(vault.put(f"key {number}", number, 60) for number in range(20)))
    redis_server.kill()
    for _ in range(3):
        with pytest.raises(VaultIsAway):
            await vault.get("key 1")
    redis_server.start()
    assert await vault.get("key 1") is None  # it was in memory only
    await asyncio.gather(*(vault.put(f"key {number}", number, 60) for number in range(20)))
    assert await vault.get("key 19") == 19


async def test_a_restart_between_two_calls_is_not_even_noticed(vault: RedisVault, redis_server: RedisServer):
    await asyncio.gather(*(vault.put(f"key {number}", number, 60) for number in range(20)))
    redis_server.kill()
    redis_server.start()
    await asyncio.gather(*(vault.put(f"key {number}", number, 60) for number in range(20)))


async def test_a_redis_that_hangs_keeps_nobody_waiting(vault: RedisVault, redis_server: RedisServer):
    await vault.put("key", 1, 60)
    redis_server.asked("CLIENT", "PAUSE", "60000", "ALL")
    began = time.monotonic()
    with pytest.raises(VaultIsAway):
        await vault.get("key")
    assert time.monotonic() - began < 2.5
