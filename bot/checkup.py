"""`helpline doctor`: one line for each thing that is well or not, so that an operator sees what to mend before a child meets it."""

from __future__ import annotations

import json
import logging
import socket
import stat
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot import memory, rasa, training
from bot.dialogue import Dialogue
from bot.settings import Settings
from bot.vault import VaultIsAway, VaultIsOnDisk, is_tmpfs
from bot.vault_redis import RedisVault
from escalation import migrations
from escalation.audit import Audit
from escalation.bell import Bell
from escalation.editions import Editions
from escalation.ledger import PRAGMAS, Ledger, LedgerIsAway
from escalation.listings import published
from escalation.staff import Staff
from locales import catalogue, service_entries
from locales.services import Directory, Doubt, doubt

PRAGMA_VALUES = {"ON": "1", "FULL": "2", "MEMORY": "2", "INCREMENTAL": "2", "WAL": "wal"}
"""How SQLite says the values that it was given."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: `well` is True, False (mend it), or None (only to be known)."""

    well: bool | None
    line: str


async def report(settings: Settings, say: Callable[[str], object]) -> int:
    """Say every finding; 0 when nothing is wrong, 1 otherwise."""
    wrong = 0
    async for finding in _findings(settings):
        mark = {True: "well ", False: "WRONG", None: "note "}[finding.well]
        wrong += finding.well is False
        say(f"{mark} {finding.line}")
    return 1 if wrong else 0


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    yield _rasa_environment()
    yield _models(settings)
    yield await _vault(settings)
    yield _core_dumps()
    yield _log_level(settings)
    for path in (settings.rasa_token_file, settings.state / "ledger.sqlite3"):
        if path.exists():
            yield _private(path)
    answering = await _rasa_answers(settings)
    yield answering
    for name, port in (("chat", settings.chat_port), ("console", settings.console_port)):
        yield _port(name, port, answering.well is True)
    async for finding in _ledger(settings):
        yield finding
    yield _locales(settings)
    yield services(await _directory(settings), datetime.now(UTC).date())


def _rasa_environment() -> Finding:
    if not rasa.PYTHON.exists():
        return Finding(False, "environments: Rasa's is missing; run 'make setup'")
    version = subprocess.run(
        [rasa.PYTHON, "-c", "import importlib.metadata as m; print(m.version('rasa'))"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = version.stdout.strip()
    return Finding(
        found == "3.6.21",
        f"environments: the application's is here, Rasa is {found or 'not installed'} (3.6.21 is wanted)",
    )


def _models(settings: Settings) -> Finding:
    stamp = settings.models / "trained.json"
    if not stamp.exists():
        return Finding(False, "models: never trained; run 'make train'")
    at = datetime.fromtimestamp(json.loads(stamp.read_text(encoding="utf-8"))["at"], UTC)
    if not training.is_current(settings):
        return Finding(
            False, f"models: trained {at:%Y-%m-%d %H:%M} UTC, older than what they learn from; run 'make train'"
        )
    return Finding(True, f"models: trained {at:%Y-%m-%d %H:%M} UTC from what is there now")


async def _vault(settings: Settings) -> Finding:
    if not isinstance(settings.vault, Path):
        return await _redis_vault(settings.vault, settings.vault_may_be_on_disk)
    if is_tmpfs(settings.vault.parent):
        return Finding(True, "vault: on tmpfs")
    if settings.vault_may_be_on_disk:
        return Finding(
            None, "vault: on a disk, because HELPLINE_VAULT_MAY_BE_ON_DISK says so; only for trying things out"
        )
    return Finding(False, f"vault: {settings.vault.parent} is not on tmpfs; set HELPLINE_VAULT to a path that is")


async def _redis_vault(url: str, may_be_on_disk: bool) -> Finding:
    try:
        await (await RedisVault.open(url)).close()
    except VaultIsOnDisk as refusal:
        return Finding(None if may_be_on_disk else False, f"vault: {refusal}")
    except VaultIsAway:
        return Finding(
            False, "vault: the Redis of HELPLINE_VAULT cannot be reached; start it, or correct HELPLINE_VAULT"
        )
    address = urlsplit(url)
    if address.scheme == "redis" and address.hostname not in {"localhost", "127.0.0.1", "::1"}:
        return Finding(False, "vault: what identifies children goes to another machine in the clear; use rediss://")
    return Finding(True, "vault: on a Redis that keeps it in memory only")


def _core_dumps() -> Finding:
    """Tried here, in a process that ends in a moment, as `helpline run` does it."""
    if not memory.keep_off_disk():
        return Finding(False, "core dumps: cannot be switched off here; switch them off for the machine (ulimit -c 0)")
    if memory.cores_are_piped():
        return Finding(
            None,
            "core dumps: off for the helpline; the machine pipes Rasa's to a program (kernel.core_pattern): stop that",
        )
    return Finding(True, "core dumps: off")


def _log_level(settings: Settings) -> Finding:
    name = logging.getLevelName(settings.log_level).lower()
    return Finding(
        None if settings.log_level < logging.WARNING else True,
        f"logs: {name}; names and types only, whatever the level",
    )


def _private(path: Path) -> Finding:
    mode = stat.S_IMODE(path.stat().st_mode)
    return Finding(
        mode & 0o077 == 0,
        f"permissions: {path.name} is {mode:03o}" + ("" if mode & 0o077 == 0 else "; run 'chmod 600' on it"),
    )


async def _rasa_answers(settings: Settings) -> Finding:
    if not settings.rasa_token_file.exists():
        return Finding(False, "Rasa: never started here; start the helpline with 'make run'")
    dialogue = Dialogue(settings.rasa_port, rasa.token(settings), settings.rasa_seconds)
    try:
        if await dialogue.is_ready():
            return Finding(True, f"Rasa: answers on port {settings.rasa_port}")
    finally:
        await dialogue.close()
    return Finding(False, f"Rasa: does not answer on port {settings.rasa_port}; start the helpline with 'make run'")


def _port(name: str, port: int, running: bool) -> Finding:
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    if taken:
        return Finding(
            True if running else None,
            f"ports: {name} {port} " + ("answers" if running else "is taken; is a helpline running?"),
        )
    return Finding(None, f"ports: {name} {port} is free; the {name} is not running")


async def _ledger(settings: Settings) -> AsyncIterator[Finding]:
    path = settings.state / "ledger.sqlite3"
    if "sqlite" in settings.ledger and not path.exists():
        yield Finding(None, "ledger: not there yet; the first start makes it")
        return
    ledger = Ledger.open(settings.ledger)
    try:
        revision = await ledger.revision()
        yield Finding(
            revision == migrations.head(), f"ledger: at revision {revision}, the program wants {migrations.head()}"
        )
        pragmas = await ledger.pragmas()
        odd = [
            name
            for name, value in PRAGMAS.items()
            if name in pragmas and pragmas[name].lower() not in {value.lower(), PRAGMA_VALUES.get(value, value)}
        ]
        if pragmas:
            yield Finding(
                not odd,
                "ledger: "
                + ("WAL, secure_delete and foreign keys are on" if not odd else f"wrong pragmas: {', '.join(odd)}"),
            )
        odd_server = await ledger.unsafe_server()
        if odd_server is not None:
            yield Finding(
                not odd_server,
                "ledger: on a PostgreSQL that "
                + (
                    f"is not safe: {', '.join(odd_server)}; see docs/operating.md"
                    if odd_server
                    else "has every commit on its disk and no statement in its log"
                ),
            )
        if revision == migrations.head():
            async for finding in team(ledger):
                yield finding
    except LedgerIsAway:
        yield Finding(
            False,
            "ledger: cannot be opened; is its server running, its disk full, its address right (HELPLINE_LEDGER)?",
        )
    finally:
        await ledger.close()


async def team(ledger: Ledger) -> AsyncIterator[Finding]:
    """Who can open what, and whether the audit log is whole."""
    staff = Staff(ledger, Bell())
    in_the_clear = await staff.cases_in_the_clear()
    if in_the_clear is not None:
        what_to_do = "open the link that the start prints, join, and print the recovery key"
        yield Finding(
            False if in_the_clear else None,
            f"team: nobody has joined yet, so the key of {in_the_clear} case(s) lies beside them in the clear; {what_to_do}",
        )
    people = [person for person in await staff.list() if person.active]
    without = [person.name for person in people if not person.second_factor]
    if people:
        yield Finding(
            None if without else True,
            f"team: {len(people)} account(s), "
            + (f"without a second factor: {', '.join(without)}" if without else "each with a second factor"),
        )
    chain = await Audit(ledger).verify()
    yield Finding(
        chain.broken_at is None,
        f"audit log: {chain.entries} entries, the last digest is {chain.last}"
        if chain.broken_at is None
        else f"audit log: broken at entry {chain.broken_at}; somebody has changed it, do not trust it",
    )


def _locales(settings: Settings) -> Finding:
    missing = [code for code in catalogue.SHIPPED if not catalogue.source_file(code).with_suffix(".mo").exists()]
    if missing:
        return Finding(False, f"locales: not compiled: {', '.join(missing)}; run 'helpline content compile'")
    if settings.drafts:
        return Finding(None, "locales: compiled; children are shown drafts, because HELPLINE_DRAFTS is yes (a pilot)")
    return Finding(True, "locales: compiled; only languages that are published completely are offered")


async def _directory(settings: Settings) -> Directory:
    """What children are told of: what ships, and what editors have published instead where the ledger can be read."""
    directory = service_entries.load()
    if "sqlite" in settings.ledger and not (settings.state / "ledger.sqlite3").exists():
        return directory
    ledger = Ledger.open(settings.ledger)
    try:
        if await ledger.revision() == migrations.head():
            directory.take(published(await Editions(ledger, Bell()).current()))
    except LedgerIsAway:
        pass  # said already
    finally:
        await ledger.close()
    return directory


def services(directory: Directory, today: date) -> Finding:
    """How many services nobody has confirmed, by the rule that the console warns editors with."""
    every = directory.all()
    doubts = Counter(doubt(service, today) for service in every)
    return Finding(
        None if doubts[Doubt.NEVER] or doubts[Doubt.OLD] else True,
        f"services: {len(every)}; {doubts[Doubt.NEVER]} were never verified and are said to be so, "
        f"{doubts[Doubt.OLD]} not for a year; see Services in the console",
    )
