"""The composition root: the one place that knows every part and puts them together."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from bot import content, meaning, models, rasa, redaction, teaching, texts, training, vault_redis, whereabouts
from bot.aftermath import Aftermath
from bot.answers import Answers
from bot.companion import Companion
from bot.conversation import Conversation
from bot.crowd import Crowd
from bot.dialogue import Dialogue
from bot.disclosure import Detector
from bot.finding import Finding
from bot.guidance import Guidance
from bot.hidden import Hidden, ShowOnce
from bot.language import Languages, Words
from bot.learning import Learning
from bot.messages import Bubble, Channel, Sender
from bot.offered import Offered
from bot.reception import Reception
from bot.relay import Deliver, Delivery, Relay
from bot.returning import Returning
from bot.serving import Server, server
from bot.session import Sessions
from bot.settings import Settings
from bot.understanding import Understanding
from bot.vault import SqliteVault, Vault
from bot.vault_redis import RedisVault
from bot.wait import Wait
from bot.web.app import WebChat
from escalation.audit import Audit
from escalation.bell import Bell, is_ending
from escalation.bell_postgres import PostgresBell
from escalation.console.app import console
from escalation.console.desk import Desk
from escalation.console.live import LARGEST_FRAME
from escalation.counsel import Counsel
from escalation.counts import Counts
from escalation.duty import Duty
from escalation.echo import Echo
from escalation.editions import Editions
from escalation.intake import Intake
from escalation.joining import Joining
from escalation.ledger import Ledger, LedgerIsAway
from escalation.lessons import Lessons
from escalation.outbox import Outbox
from escalation.passwords import Passwords
from escalation.pilots import Pilots
from escalation.receipts import Receipts
from escalation.retention import Retention
from escalation.showing import Memory, Pieces, Showings
from escalation.showing_redis import InRedis
from escalation.staff import Staff
from escalation.supervision import Supervision
from escalation.teachings import Teachings
from locales import catalogue as catalogues
from locales import service_entries
from locales.catalogue import Catalogue
from locales.services import Directory
from nlu import taught
from nlu.reading import Reader

SWEEP_SECONDS = 300.0
"""How often retention and the vault's ends are carried out."""

log = structlog.get_logger("assembly")


@dataclass(frozen=True, slots=True)
class Escalation:
    """The counsellor's side, put together over one ledger."""

    ledger: Ledger
    bell: Bell
    intake: Intake
    outbox: Outbox
    receipts: Receipts
    counsel: Counsel
    duty: Duty
    joining: Joining
    staff: Staff
    audit: Audit
    showings: Showings
    retention: Retention
    editions: Editions
    pilots: Pilots
    echo: Echo
    teachings: Teachings
    lessons: Lessons


@dataclass(frozen=True, slots=True)
class Chat:
    """The child's side, put together."""

    catalogue: Catalogue
    directory: Directory
    vault: Vault
    sessions: Sessions
    dialogue: Dialogue
    understanding: Understanding
    answers: Answers
    hidden: Hidden
    show_once: ShowOnce
    reception: Reception
    conversation: Conversation


def understanding(settings: Settings, catalogue: Catalogue) -> Understanding:
    """What reads messages; with no trained model it still notices what the patterns catch (promise 1).

    What it has loaded stays: the collector of garbage is told not to walk through it again, which would hold every chat for a moment.
    """
    try:
        detector = Detector.load(settings.models / "disclosure")
    except (OSError, KeyError, ValueError) as error:
        log.error("models_not_loaded", error=type(error).__name__)
        detector = Detector.without_training()
    offered = [locale.code for locale in catalogue.locales]
    detector.reader.teach(taught.read(training.taught_folder(settings)).words)
    detector.warm(offered)
    redaction.warm()
    loaded = Understanding(
        Languages(offered, Words.load(training.words_file(settings)), settings.default_locale),
        detector,
        meaning.load(catalogues.FOLDER),
    )
    gc.collect()
    gc.freeze()
    return loaded


def escalation(settings: Settings) -> Escalation:
    """Open the ledger and put the counsellor's side on it. On PostgreSQL there may be other processes for the bell to reach."""
    ledger = Ledger.open(settings.ledger)
    bell = PostgresBell(settings.ledger) if settings.ledger.startswith("postgresql") else Bell()
    passwords = Passwords()
    return Escalation(
        ledger,
        bell,
        Intake(ledger, bell),
        Outbox(ledger, bell),
        Receipts(ledger, bell),
        Counsel(ledger, bell),
        Duty(ledger, bell),
        Joining(ledger, passwords),
        Staff(ledger, bell, passwords=passwords),
        Audit(ledger),
        Showings(ledger, bell, _pieces(settings)),
        Retention(ledger, settings.retention),
        Editions(ledger, bell),
        Pilots(ledger),
        Echo(ledger),
        Teachings(ledger, bell),
        Lessons(ledger, bell),
    )


def _pieces(settings: Settings) -> Pieces:
    """Where what is shown once waits: where the vault is a server, the console may be another process than the chat."""
    if isinstance(settings.vault, Path):
        return Memory()
    return InRedis(vault_redis.client(settings.vault, may_be_on_disk=settings.vault_may_be_on_disk))


def desk(side: Escalation, settings: Settings, reader: Reader) -> Desk:
    """What the console works with; `reader` knows the words."""
    return Desk(
        counsel=side.counsel,
        duty=side.duty,
        joining=side.joining,
        staff=side.staff,
        bell=side.bell,
        supervision=Supervision(side.ledger, side.bell),
        showings=side.showings,
        audit=side.audit,
        counts=Counts(side.ledger),
        editions=side.editions,
        pilots=side.pilots,
        echo=side.echo,
        teachings=side.teachings,
        lessons=side.lessons,
        reader=reader,
        hidden_in=lambda text: [(piece.said, piece.placeholder) for piece in redaction.redact(text).pieces],
        needed=content.needed(),
        catalogue=catalogues.load(),
        directory=service_entries.load(),
        address=settings.address,
        country=settings.country,
        drafts_are_shown=settings.drafts,
        secure=settings.console_https,
    )


async def chat(settings: Settings, side: Escalation) -> Chat:
    """Open the vault and put the child's side together on the counsellor's."""
    catalogue, directory = catalogues.load(), service_entries.load()
    await texts.take(catalogue, directory, side.editions)
    if not settings.drafts:
        catalogue.offer(await texts.published_locales(side.editions))
    vault = await _vault(settings)
    sessions = Sessions(vault, settings.idle, settings.default_locale)
    dialogue = Dialogue(settings.rasa_port, rasa.token(settings), settings.rasa_seconds)
    answers = Answers(catalogue, directory, settings.country)
    meanings, wait = meaning.load(catalogues.FOLDER), Wait(answers, side.intake)
    places = whereabouts.load(catalogues.FOLDER)
    hidden = Hidden()
    show_once = ShowOnce(answers, hidden, side.showings)
    aftermath = Aftermath(answers, meanings, sessions, side.intake, wait)
    finding = Finding(answers, directory, settings.country)
    reception = Reception(answers, side.echo)

    async def pilots(code: str) -> bool:
        try:
            return await side.pilots.is_running(code)
        except LedgerIsAway:
            return False

    understood = understanding(settings, catalogue)
    await teaching.take(understood.reader, side.teachings)
    conversation = Conversation(
        sessions,
        understood,
        Guidance(dialogue, answers, aftermath, Offered(meanings), finding, reception, places),
        answers,
        aftermath,
        Companion(answers, meanings, side.intake, wait),
        Returning(answers, side.receipts, sessions, wait),
        hidden,
        show_once,
        pilots,
    )
    return Chat(
        catalogue, directory, vault, sessions, dialogue, understood, answers, hidden, show_once, reception, conversation
    )


async def _vault(settings: Settings) -> Vault:
    """A file on tmpfs, or a Redis: the setting decides."""
    if isinstance(settings.vault, Path):
        return SqliteVault(settings.vault, may_be_on_disk=settings.vault_may_be_on_disk)
    return await RedisVault.open(settings.vault, may_be_on_disk=settings.vault_may_be_on_disk)


async def run(settings: Settings, parts: frozenset[str], ready: asyncio.Event | None = None) -> None:
    """Run the parts ("chat", "console", "rasa") until cancelled, and end every one of them on the way out."""
    async with AsyncExitStack() as stack:
        # What the tasks use is opened before them and closed after them.
        tasks: list[Coroutine[Any, Any, None]] = []
        servers: list[Server] = []
        if "rasa" in parts:
            process = rasa.RasaProcess(settings)
            tasks += [process.keep_running(), models.follow(settings, partial(models.into_rasa, settings, process))]
        if parts & {"chat", "console"}:
            side = escalation(settings)
            stack.push_async_callback(side.ledger.close)
            stack.push_async_callback(side.showings.close)
            stack.push_async_callback(side.bell.close)
            await side.ledger.migrate()
            reader = Reader()
            if "chat" in parts:
                child = await chat(settings, side)
                reader = child.understanding.reader
                stack.push_async_callback(child.vault.close)
                stack.push_async_callback(child.dialogue.close)
                tasks += _child_side(settings, side, child, servers, stack)
            if "console" in parts:
                app = console(desk(side, settings, reader))
                servers.append(server(app, settings.console_host, settings.console_port, LARGEST_FRAME))
            tasks += [side.bell.run(), teaching.follow(reader, side.teachings, side.bell)]
        group = await stack.enter_async_context(asyncio.TaskGroup())
        for task in (*tasks, *(one.serve() for one in servers)):
            group.create_task(task)
        while not all(one.started for one in servers):
            await asyncio.sleep(0.02)
        if ready:
            ready.set()


def _child_side(
    settings: Settings, side: Escalation, child: Chat, servers: list[Server], stack: AsyncExitStack
) -> list[Coroutine[Any, Any, None]]:
    """The channels, and what runs beside them: the relay, and the ends of what is kept."""
    tasks: list[Coroutine[Any, Any, None]] = []
    crowd = Crowd(settings.messages_per_second, settings.sessions_per_minute)
    web = WebChat(
        child.conversation.converse,
        child.catalogue,
        settings.default_locale,
        crowd=crowd,
        numbers=lambda locale: child.answers.numbers(child.sessions.begin(Sender(Channel.WEB, ""), locale)),
        frame_ancestors=settings.frame_ancestors,
    )
    servers.append(server(web.app, settings.chat_host, settings.chat_port))
    channels = {Channel.WEB: _web(web)}
    if settings.telegram_token:
        from bot.telegram.channel import TelegramChannel

        telegram = TelegramChannel(
            settings.telegram_token,
            child.conversation.converse,
            api=settings.telegram_api,
            webhook=settings.telegram_webhook,
            secret=settings.telegram_secret,
            catalogue=child.catalogue,
            crowd=crowd,
        )
        stack.push_async_callback(telegram.close)
        if settings.telegram_webhook:
            web.app.router.routes.append(telegram.webhook_route())
        tasks.append(telegram.run())
        channels[Channel.TELEGRAM] = telegram.deliver
    relay = Relay(
        side.outbox,
        side.intake,
        side.bell,
        child.sessions,
        child.answers,
        child.conversation.turn_of,
        channels,
        web.is_open,
        Wait(child.answers, side.intake),
        child.show_once,
    )
    return [
        *tasks,
        relay.run(),
        texts.follow(child.catalogue, child.directory, side.editions, side.bell),
        models.follow(settings, partial(models.into_chat, settings, child.understanding)),
        Learning(settings, side.lessons, side.teachings, side.bell).run(),
        _sweep(side, child),
    ]


def _web(web: WebChat) -> Deliver:
    async def deliver(sender: Sender, bubbles: Sequence[Bubble]) -> Delivery:
        # Without an open socket the bubble waits on the session's screen, where the page looks for it.
        await web.deliver(sender, bubbles)
        return Delivery(arrived=True)

    return deliver


async def _sweep(side: Escalation, child: Chat) -> None:
    while not is_ending():
        try:
            await side.retention.sweep()
            await side.echo.sweep()
            await side.counsel.return_abandoned()
            await child.vault.sweep()
            child.hidden.sweep()
            await child.reception.flush()
        except Exception as error:
            log.error("sweep_failed", error=type(error).__name__)
        await asyncio.sleep(SWEEP_SECONDS)
