"""The composition root: the one place that knows every part and puts them together."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import structlog

from bot import meaning, rasa
from bot.aftermath import Aftermath
from bot.answers import Answers
from bot.companion import Companion
from bot.conversation import Conversation
from bot.crowd import Crowd
from bot.dialogue import Dialogue
from bot.disclosure import Detector
from bot.language import Languages, Words
from bot.messages import Bubble, Channel, Sender
from bot.relay import Deliver, Delivery, Relay
from bot.serving import Server, server
from bot.session import Sessions
from bot.settings import Settings
from bot.training import words_file
from bot.understanding import Understanding
from bot.vault import SqliteVault
from bot.wait import Wait
from bot.web.app import WebChat
from escalation.bell import Bell
from escalation.console.app import console
from escalation.console.live import LARGEST_FRAME
from escalation.counsel import Counsel
from escalation.duty import Duty
from escalation.intake import Intake
from escalation.ledger import Ledger
from escalation.outbox import Outbox
from escalation.retention import Retention
from escalation.staff import Staff
from locales import catalogue as catalogues
from locales import services
from locales.catalogue import Catalogue

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
    counsel: Counsel
    duty: Duty
    staff: Staff
    retention: Retention


@dataclass(frozen=True, slots=True)
class Chat:
    """The child's side, put together."""

    catalogue: Catalogue
    vault: SqliteVault
    sessions: Sessions
    dialogue: Dialogue
    answers: Answers
    conversation: Conversation


def understanding(settings: Settings, catalogue: Catalogue) -> Understanding:
    """What reads messages; with no trained model it still notices what the patterns catch (promise 1)."""
    try:
        detector = Detector.load(settings.models / "disclosure")
    except (OSError, KeyError, ValueError) as error:
        log.error("models_not_loaded", error=type(error).__name__)
        detector = Detector.without_training()
    offered = [locale.code for locale in catalogue.locales]
    detector.warm(offered)
    return Understanding(
        Languages(offered, Words.load(words_file(settings))), detector, meaning.load(catalogues.FOLDER)
    )


def escalation(settings: Settings) -> Escalation:
    """Open the ledger and put the counsellor's side on it."""
    ledger, bell = Ledger.open(settings.ledger), Bell()
    return Escalation(
        ledger,
        bell,
        Intake(ledger, bell),
        Outbox(ledger, bell),
        Counsel(ledger, bell),
        Duty(ledger, bell),
        Staff(ledger, bell),
        Retention(ledger, settings.retention),
    )


def chat(settings: Settings, intake: Intake) -> Chat:
    """Put the child's side together on an intake."""
    catalogue = catalogues.load()
    vault = SqliteVault(settings.vault, may_be_on_disk=settings.vault_may_be_on_disk)
    sessions = Sessions(vault, settings.idle, settings.default_locale)
    dialogue = Dialogue(settings.rasa_port, rasa.token(settings), settings.rasa_seconds)
    answers = Answers(catalogue, services.load(), settings.country)
    meanings, wait = meaning.load(catalogues.FOLDER), Wait(answers, intake)
    conversation = Conversation(
        sessions,
        understanding(settings, catalogue),
        dialogue,
        answers,
        Aftermath(answers, meanings, intake, wait),
        Companion(answers, meanings, intake, wait),
    )
    return Chat(catalogue, vault, sessions, dialogue, answers, conversation)


async def run(settings: Settings, parts: frozenset[str], ready: asyncio.Event | None = None) -> None:
    """Run the parts ("chat", "console", "rasa") until cancelled, and end every one of them on the way out."""
    async with AsyncExitStack() as stack:
        # What the tasks use is opened before them and closed after them.
        tasks: list[Coroutine[Any, Any, None]] = []
        servers: list[Server] = []
        if "rasa" in parts:
            tasks.append(rasa.RasaProcess(settings).keep_running())
        if parts & {"chat", "console"}:
            side = escalation(settings)
            stack.push_async_callback(side.ledger.close)
            await side.ledger.migrate()
            if "chat" in parts:
                child = chat(settings, side.intake)
                stack.callback(child.vault.close)
                stack.push_async_callback(child.dialogue.close)
                tasks += _child_side(settings, side, child, servers, stack)
            if "console" in parts:
                app = console(side.counsel, side.duty, side.staff, side.bell, secure_cookies=settings.console_https)
                servers.append(server(app, settings.console_host, settings.console_port, LARGEST_FRAME))
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
    )
    return [*tasks, relay.run(), _sweep(side, child.vault)]


def _web(web: WebChat) -> Deliver:
    async def deliver(sender: Sender, bubbles: Sequence[Bubble]) -> Delivery:
        # Without an open socket the bubble waits on the session's screen, where the page looks for it.
        await web.deliver(sender, bubbles)
        return Delivery(arrived=True)

    return deliver


async def _sweep(side: Escalation, vault: SqliteVault) -> None:
    while True:
        try:
            await side.retention.sweep()
            await side.counsel.return_abandoned()
            vault.sweep()
        except Exception as error:
            log.error("sweep_failed", error=type(error).__name__)
        await asyncio.sleep(SWEEP_SECONDS)
