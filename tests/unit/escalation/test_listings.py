"""The directory as editors change it, and as it goes out into a file and back in, on SQLite and on PostgreSQL. All numbers are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click
import pytest

from bot import checkup
from bot.service_files import carry_out, take_in
from escalation.editions import OPEN, Editions, SomebodyWasQuicker, State
from escalation.listings import doubts, listings, name_of, published, service_of, text_of, uncovered
from locales import service_entries
from locales.services import Directory, Doubt

SHIPPED = service_entries.shipped()
ASTRA = next(service for service in SHIPPED if service.id == "RS-trafficking")
CHANGED = replace(ASTRA, number="000 0001")
ADDED = replace(ASTRA, id="RS-invented", name="Ο „Invented” : line #1", number="000 0002", countries=("RS", "XK"))
TODAY = date(2031, 3, 5)
LINE = """
- name: Invented
  label: service.police
  need: police
  number: '000 0003'
  source: https://example.org
  seen: 2026-01-01
  verified: null
"""


@pytest.fixture
def editions(room):
    return Editions(room.ledger, room.bell, room.clock)


async def publish(room, editions, *services):
    vlad, ina = [await room.person(f"{name} {services[0].number}") for name in ("Vlad", "Ina")]
    drafts = await editions.draft_all([(name_of(service.id), text_of(service), None) for service in services], vlad)
    for draft in drafts:
        await editions.review(draft.id, ina)
    assert await editions.publish_reviewed([draft.id for draft in drafts], vlad) == len(services)


async def test_a_service_is_published_beside_what_ships(room, editions):
    await editions.draft(name_of(ASTRA.id), text_of(replace(ASTRA, number="000 0009")), await room.person("Mira"), 0)
    with pytest.raises(SomebodyWasQuicker, match="Mira has changed this service meanwhile"):
        await editions.draft(name_of(ASTRA.id), text_of(CHANGED), None, 0)
    await publish(room, editions, CHANGED, ADDED)
    assert published(await editions.current()) == {CHANGED.id: CHANGED, ADDED.id: ADDED}
    told = {listing.id: listing.said for listing in listings(await editions.current())}
    assert told == {service.id: service for service in SHIPPED} | {CHANGED.id: CHANGED, ADDED.id: ADDED}


async def test_whoever_would_be_left_alone_is_named(room, editions):
    every = listings(await editions.current())
    (astra,) = [listing for listing in every if listing.id == ASTRA.id]
    assert uncovered(astra, replace(ASTRA, retired=True), every) == [("RS", "trafficking")]
    assert uncovered(astra, CHANGED, every) == []
    await publish(room, editions, ADDED)
    assert uncovered(astra, replace(ASTRA, retired=True), listings(await editions.current())) == []


async def test_doctor_and_console_warn_of_the_same(room, editions):
    confirmed = replace(ASTRA, verified=TODAY)
    old = replace(ADDED, verified=date(2030, 3, 4))
    await publish(room, editions, confirmed, old, replace(ADDED, id="RS-gone", retired=True))
    current = await editions.current()
    counted = doubts(listings(current), TODAY)
    assert counted == {Doubt.NEVER: len(SHIPPED) - 1, Doubt.OLD: 1, None: 1}
    directory = Directory(SHIPPED)
    directory.take(published(current))
    said = checkup.services(directory, TODAY)
    assert said.well is None
    assert said.line.startswith(f"services: {len(SHIPPED) + 1}; {len(SHIPPED) - 1} were never verified")
    assert "1 not for a year" in said.line


async def test_what_goes_out_comes_back_without_loss(room, editions, tmp_path: Path, capsys):
    retired = replace(
        ADDED, id="RS-gone", retired=True, verified=date(2026, 1, 1), confirmed_by="office", languages=("rom",)
    )
    await publish(room, editions, CHANGED, ADDED, retired)
    file = tmp_path / "services.yml"
    await carry_out(editions, file)
    assert [service_entries.read(entry) for entry in service_entries.parse(file.read_text(), file.name)] == [
        CHANGED if service.id == CHANGED.id else service for service in SHIPPED
    ] + [ADDED, retired]
    await take_in(editions, file)
    assert "0 drafts" in capsys.readouterr().out
    await editions.roll_back(
        name_of(ASTRA.id), 0, await room.person("Mira"), (await editions.history(name_of(ASTRA.id)))[0].id
    )
    await take_in(editions, file)
    assert "1 drafts, 0 of them new" in capsys.readouterr().out
    (draft,) = [edition for edition in await editions.current() if edition.state in OPEN]
    assert (service_of(draft), draft.writer) == (CHANGED, None)


async def test_a_file_is_taken_whole_or_not_at_all(editions, tmp_path: Path, capsys):
    file = tmp_path / "RS.yml"
    line = LINE
    wrong = line.replace("need: police", "need: fun").replace("'000 0003'", "'call'")
    file.write_text(line + wrong + "- id: RS-police\n" * 2)
    with pytest.raises(click.ClickException, match="nothing was taken"):
        await take_in(editions, file)
    said = capsys.readouterr().err.splitlines()
    assert "RS.yml: Invented: 'need' must be one of emergency, children, trafficking, missing, police" in said
    assert "RS.yml: RS-police: stands there 2 times; leave one" in said
    assert sum("Invented: 'number' must be digits" in one for one in said) == 1
    assert await editions.current() == []
    file.write_text(line)
    await take_in(editions, file)
    (draft,) = await editions.current()
    assert (draft.state, service_of(draft).countries) == (State.DRAFT, ("RS",))
    for broken in ("- id: [", "name: x", b"\xff\xfe\x00"):
        file.write_bytes(broken if isinstance(broken, bytes) else broken.encode())
        with pytest.raises(click.ClickException, match=r"^RS\.yml"):
            await take_in(editions, file)
