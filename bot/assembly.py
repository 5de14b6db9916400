"""The composition root: the one place that knows every part and puts them together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass

import structlog
import uvicorn

from bot import meaning, rasa
from bot.aftermath import Aftermath
from bot.answers import Answers
from bot.companion import Companion
from bot.conversation import Conversation
from bot.dialogue import Dialogue
from bot.disclosure import Detector
from bot.language import Languages, Words
from bot.messages import Bubble, Channel, Sender
from bot.relay import Deliver, Delivery, Relay
from bot.session import Sessions
from bot.settings import Settings
from bot.training import words_file
from bot.understanding import Understanding
from bot.vault import SqliteVault
from bot.web.app import WebChat
from escalation.bell import Bell
from escalation.console.app import console
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
    folder = settings.models / "disclosure"
    detector = Detector.load(folder) if folder.exists() else Detector.without_training()
    offered = [locale.code for locale in catalogue.locales]
    detector.warm(offered)
    return Understanding(Languages(offered, Words.load(words_file(settings))), detector)


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
    meanings = meaning.load(catalogues.FOLDER)
    conversation = Conversation(
        sessions,
        understanding(settings, catalogue),
        dialogue,
        answers,
        Aftermath(answers, meanings, intake),
        Companion(answers, meanings, intake),
    )
    return Chat(catalogue, vault, sessions, dialogue, answers, conversation)


async def run(settings: Settings, parts: frozenset[str], ready: asyncio.Event | None = None) -> None:
    """Run the parts ("chat", "console", "rasa") until cancelled, and end every one of them on the way out."""
    async with AsyncExitStack() as stack:
        group = await stack.enter_async_context(asyncio.TaskGroup())
        if "rasa" in parts:
            group.create_task(rasa.RasaProcess(settings).keep_running())
        if not parts & {"chat", "console"}:
            return
        side = escalation(settings)
        stack.push_async_callback(side.ledger.close)
        await side.ledger.migrate()
        servers = []
        if "chat" in parts:
            child = chat(settings, side.intake)
            stack.push_async_callback(child.dialogue.close)
            stack.callback(child.vault.close)
            web = WebChat(child.conversation.converse, child.catalogue, settings.default_locale)
            servers.append(_server(web.app, settings.chat_host, settings.chat_port))
            channels = {Channel.WEB: _web(web)}
            if settings.telegram_token:
                channels[Channel.TELEGRAM] = await _telegram(settings, child, group, web, stack)
            relay = Relay(
                side.outbox, side.intake, side.bell, child.sessions, child.answers, child.conversation.turn_of, channels
            )
            group.create_task(relay.run())
            group.create_task(_sweep(side.retention, child.vault))
        if "console" in parts:
            app = console(side.counsel, side.duty, side.staff, side.bell, secure_cookies=settings.console_https)
            servers.append(_server(app, settings.console_host, settings.console_port))
        for server in servers:
            group.create_task(server.serve())
        while not all(server.started for server in servers):
            await asyncio.sleep(0.02)
        if ready:
            ready.set()


class Server(uvicorn.Server):
    """A web server that leaves signals to whoever runs it: there are two of them in one process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def _server(app: object, host: str, port: int) -> uvicorn.Server:
    """A web server that logs no access and says nothing of itself."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
        ws_max_size=256 * 1024,
        ws="websockets-sansio",
    )
    return Server(config)


def _web(web: WebChat) -> Deliver:
    async def deliver(sender: Sender, bubbles: Sequence[Bubble]) -> Delivery:
        # Without an open socket the bubble waits on the session's screen, where the page looks for it.
        await web.deliver(sender, bubbles)
        return Delivery(arrived=True)

    return deliver


async def _telegram(
    settings: Settings, child: Chat, group: asyncio.TaskGroup, web: WebChat, stack: AsyncExitStack
) -> Deliver:
    from bot.telegram.channel import TelegramChannel

    channel = TelegramChannel(
        settings.telegram_token,
        child.conversation.converse,
        api=settings.telegram_api,
        webhook=settings.telegram_webhook,
        secret=settings.telegram_secret,
    )
    stack.push_async_callback(channel.close)
    if settings.telegram_webhook:
        web.app.router.routes.append(channel.webhook_route())
        await channel.set_webhook()
    else:
        group.create_task(channel.run())
    return channel.deliver


async def _sweep(retention: Retention, vault: SqliteVault) -> None:
    while True:
        try:
            await retention.sweep()
            vault.sweep()
        except Exception as error:
            log.error("sweep_failed", error=type(error).__name__)
        await asyncio.sleep(SWEEP_SECONDS)
