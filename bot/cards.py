"""`helpline content cards`: cards and posters as files, for a printer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.content import OnLedger
from locales import catalogue, service_entries
from locales.cards import Card, CardIsImpossible, Form, Theme, compose
from locales.catalogue import NAMES

if TYPE_CHECKING:
    from bot.assembly import Escalation
    from bot.settings import Settings

THEMES = [theme.value for theme in Theme]


def command(on_ledger: OnLedger, settings: Callable[[], Settings]) -> click.Command:
    """The command."""

    @click.command()
    @click.option("--locale", type=click.Choice(list(NAMES)), required=True, help="The language.")
    @click.option(
        "--country", help="Two letters: whose numbers are on it; HELPLINE_COUNTRY where it is left out, and then none."
    )
    @click.option(
        "--theme",
        "themes",
        type=click.Choice(THEMES),
        multiple=True,
        default=THEMES,
        help="All of them unless named.",
    )
    @click.option("--address", help="Of the child's page; HELPLINE_ADDRESS where it is left out.")
    @click.option(
        "--out",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        required=True,
        help="The folder for the files.",
    )
    def cards(locale: str, country: str | None, themes: tuple[str, ...], address: str | None, folder: Path) -> None:
        """Write cards, sheets of cards and posters with a QR code, each as SVG and PDF, in the words that children read now."""
        chosen = settings()
        country = (chosen.country if country is None else country).upper()
        address = address or chosen.address
        if not address:
            raise click.ClickException("which page do the cards lead to? Give --address, or set HELPLINE_ADDRESS")

        words, directory = catalogue.load(), service_entries.load()

        async def take(side: Escalation) -> None:
            from bot import texts

            await texts.take(words, directory, side.editions)

        on_ledger(take)
        try:
            made = [compose(words, directory, locale, country, theme, address) for theme in themes]
            folder.mkdir(parents=True, exist_ok=True)
            for card in made:
                _write(card, folder, country)
        except CardIsImpossible as refusal:
            raise click.ClickException(str(refusal)) from None
        except OSError as error:
            raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from None
        for service in dict.fromkeys(service for card in made for service in card.unverified):
            click.echo(
                f"before you print, have {service.number} confirmed by {service.name}: "
                f"it was read on {service.seen} at {service.source}",
                err=True,
            )

    return cards


def _write(card: Card, folder: Path, country: str) -> None:
    from locales import printing

    for form in Form:
        file = folder / "-".join(filter(None, (card.locale, country, card.theme, form)))
        file.with_suffix(".svg").write_text(printing.svg(card, form), encoding="utf-8")
        file.with_suffix(".pdf").write_bytes(printing.pdf(card, form))
        click.echo(f"{file}.svg, {file.name}.pdf")
