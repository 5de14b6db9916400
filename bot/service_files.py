"""The directory of services carried out into a file, and back in: `helpline content export | import services`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from escalation.editions import Editions
from escalation.listings import Listing, listings, name_of, new_id, text_of
from locales import service_entries
from locales.service_entries import Entry, ServiceIsWrong
from locales.services import COUNTRIES, Service


async def carry_out(editions: Editions, file: Path) -> None:
    """Write every service as it counts now, the retired ones too, so that nothing is lost on the way back."""
    every = [listing.said for listing in listings(await editions.current()) if listing.said]
    _write(file, service_entries.dump(every))
    click.echo(f"{len(every)} services in {file}")


async def take_in(editions: Editions, file: Path) -> None:
    """Take the services of a file that are new or differ from what counts now, as drafts: all of them, or none."""
    entries = _read(file)
    there = {listing.id: listing for listing in listings(await editions.current())}
    changed, findings = changes(entries, there, datetime.now(UTC).date())
    for finding in findings:
        click.echo(f"{file.name}: {finding}", err=True)
    if findings:
        raise click.ClickException("nothing was taken; mend these lines and import again")
    await editions.draft_all([(name_of(service.id), text_of(service), None) for service in changed], None)
    new = sum(service.id not in there for service in changed)
    click.echo(f"{len(changed)} drafts, {new} of them new services; a second person reviews them in the console")


def changes(entries: Sequence[Entry], there: dict[str, Listing], today: date) -> tuple[list[Service], list[str]]:
    """The services of a file that are others than those that count, and what is wrong with them. An entry without an id is a new service."""
    changed, findings = [], []
    times = Counter(str(entry["id"]) for entry in entries if "id" in entry)
    findings += [f"{key}: stands there {n} times; leave one" for key, n in times.items() if n > 1]
    for written in entries:
        entry = {"id": new_id(_country(written)), **written}
        listing = there.get(str(entry["id"]))
        before = listing.said if listing else None
        if found := service_entries.mistakes(entry, today, before):
            findings += service_entries.lines(entry, found)
        elif (service := service_entries.read(entry)) != before:
            changed.append(service)
    return changed, findings


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{file.name} cannot be written: {error.strerror}") from None


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        return service_entries.parse(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file.name} cannot be read: {error}") from None
    except ServiceIsWrong as error:
        raise click.ClickException(str(error)) from None


def _country(entry: Entry) -> str:
    countries = entry.get("countries")
    first = countries[0] if isinstance(countries, list) and countries else ""
    return first if first in COUNTRIES else "new"
