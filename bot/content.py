"""`helpline content`: the words, looked over, counted, carried out to translators and back in; the services too (bot/service_files.py)."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from locales import catalogue, plurals
from locales.catalogue import NAMES, SOURCE

if TYPE_CHECKING:
    from bot.assembly import Escalation
    from locales.checker import Needed

SERVICES = "services"
KINDS = (*NAMES, SERVICES)
WHAT = f"LOCALE|{SERVICES}"

OnLedger = Callable[[Callable[["Escalation"], Awaitable[None]]], None]
"""Runs something on the ledger of the settings; handed in by bot/command.py, which is the one to open it."""


def needed(*, everywhere: bool = False) -> Needed:
    """What the guides need of the catalogues, and if wanted all that anything else can say."""
    from locales.checker import Needed
    from stories import guiding

    every = guiding.load().all.values()
    labels = {screen.label(choice) for guide in every for screen in guide.screens.values() for choice in screen.choices}
    keys = frozenset(key for guide in every for key in guide.needs())
    if not everywhere:
        return Needed(keys, frozenset(labels))
    from bot.reached import reached

    return Needed(keys, frozenset(labels), reached())


def commands(on_ledger: OnLedger) -> click.Group:
    """The group of commands."""

    @click.group()
    def content() -> None:
        """The words of the helpline."""

    @content.command()
    def check() -> None:
        """Look for missing, unused and broken texts; one line each. The exit code is 1 where something is wrong."""
        from locales import checker

        findings = checker.check(needed=needed(everywhere=True))
        for finding in findings:
            click.echo(finding)
        click.echo(f"{len(findings)} finding(s)")
        sys.exit(1 if findings else 0)

    @content.command(name="compile")
    def compile_content() -> None:
        """Compile the catalogues of all locales."""
        click.echo("compiled: " + " ".join(catalogue.compile_all()))

    @content.command()
    def coverage() -> None:
        """How many texts each locale has, and how they stand. The exit code is 1 where one is missing."""

        async def show(side: Escalation) -> None:
            from escalation.editions import State

            states = Counter((edition.name.locale, edition.state) for edition in await side.editions.current())
            source = catalogue.entries(SOURCE)
            complete = True
            for code, name in NAMES.items():
                own = catalogue.entries(code)
                there = sum(key in own and all(own[key].texts) for key in source)
                complete = complete and there == len(source)
                stands = ", ".join(
                    f"{states[code, state]} {says}"
                    for state, says in (
                        (State.DRAFT, "drafts"),
                        (State.REVIEWED, "reviewed"),
                        (State.PUBLISHED, "published"),
                    )
                )
                click.echo(f"{code:8} {there:5} of {len(source)} {there / len(source):6.1%}  {stands}  {name}")
            sys.exit(0 if complete else 1)

        on_ledger(show)

    @content.command()
    @click.argument("locale", metavar=WHAT, type=click.Choice(KINDS))
    @click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
    def export(locale: str, file: Path) -> None:
        """Write the texts of a locale, as children read them now, into a .po FILE for translators; or the services into a .yml FILE."""
        from bot import service_files

        on_ledger(
            lambda side: (
                service_files.carry_out(side.editions, file) if locale == SERVICES else _carry_out(side, locale, file)
            )
        )

    @content.command(name="import")
    @click.argument("locale", metavar=WHAT, type=click.Choice(KINDS))
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def import_content(locale: str, file: Path) -> None:
        """Take changed texts of a .po FILE, or services of a .yml FILE, as drafts, which somebody reviews in the console. All of them, or none."""
        from bot import service_files

        on_ledger(
            lambda side: (
                service_files.take_in(side.editions, file) if locale == SERVICES else _take_in(side, locale, file)
            )
        )

    return content


async def _carry_out(side: Escalation, locale: str, file: Path) -> None:
    exported = catalogue.read(locale)
    published = await _published(side, locale)
    for message in exported:
        key = str(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)
        if edition := published.get((key, message.context or "")):
            message.string = plurals.forms(edition) if message.pluralizable else edition
    catalogue.write(exported, file)
    click.echo(f"{len(exported)} texts in {file}")


async def _take_in(side: Escalation, locale: str, file: Path) -> None:
    from escalation.editions import Name

    changed, findings = _changes(locale, file, await _published(side, locale))
    for finding in findings:
        click.echo(f"{file.name}: {finding}", err=True)
    if findings:
        raise click.ClickException("nothing was taken; mend these lines and import again")
    await side.editions.draft_all([(Name(locale, *name), text, None) for name, text in changed.items()], None)
    click.echo(f"{len(changed)} drafts; a second person reviews them in the console")


async def _published(side: Escalation, locale: str) -> dict[tuple[str, str], str]:
    from escalation.editions import State

    return {
        (edition.name.key, edition.name.version): edition.text
        for edition in await side.editions.current()
        if edition.name.locale == locale and edition.state is State.PUBLISHED
    }


def _changes(
    locale: str, file: Path, published: Mapping[tuple[str, str], str]
) -> tuple[dict[tuple[str, str], str], list[str]]:
    """The texts of a file that differ from what children read, and what is gravely wrong with them."""
    from locales.checker import look, look_forms

    try:
        written = catalogue.parsed(catalogue.parse(file, locale))
    except (OSError, UnicodeDecodeError, catalogue.PoIsWrong) as error:
        raise click.ClickException(f"{file.name} is not a readable .po file: {error}") from None
    own = catalogue.read(locale)
    shipped, rule, source = catalogue.parsed(own), plurals.rule(own.plural_forms), catalogue.entries(SOURCE)
    labels = needed().labels
    changed, findings = {}, []
    for (key, version), entry in written.items():
        named = f"{key} ({version})" if version else key
        if (key, version) not in source:
            findings.append(f"{named}: the helpline has no such text; remove it")
            continue
        if entry.many != source[key, version].many:
            wanted = "a form for each number (msgid_plural)" if source[key, version].many else "one form alone"
            findings.append(f"{named}: wants {wanted}; export the texts again and write into that file")
            continue
        now = published.get((key, version)) or (shipped[key, version].text if (key, version) in shipped else "")
        if any(entry.texts) and entry.text != now:
            changed[key, version] = entry.text
            found = (
                look_forms(locale, key, version, entry.texts, source[key, version], rule, labels)
                if entry.many
                else look(locale, key, version, entry.text, source[key, version], labels)
            )
            findings += [f"{named}: {finding.says}" for finding in found if finding.grave]
    return changed, findings
