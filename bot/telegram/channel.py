"""The Telegram channel: translates what a child does there into Incoming, and bubbles into messages. It never writes first."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.methods import AnswerCallbackQuery, DeleteWebhook, EditMessageReplyMarkup, LeaveChat, SetWebhook
from aiogram.utils.token import TokenValidationError
from starlette.routing import Route

from bot.crowd import Crowd
from bot.messages import Bubble, Converse, Incoming, Kind, Sender
from bot.relay import Delivery
from bot.settings import SettingIsWrong
from bot.telegram import webhook as web
from bot.telegram.lately import Lately
from bot.telegram.menu import menus
from bot.telegram.pace import Pace
from bot.telegram.polling import happenings
from bot.telegram.post import Post
from bot.telegram.turns import SESSION_SECONDS, Turns
from bot.telegram.updates import ALLOWED, Membership, Message, Tap, Update, read
from locales.catalogue import Catalogue

MOMENT_SECONDS = 5.0
"""Within it a second tap on the same button is a trembling finger, and several photos are one album. Later it is meant."""

log = structlog.get_logger("telegram")

Turn = Coroutine[Any, Any, None]


class TelegramChannel:
    """Children on Telegram, in private chats only.

    `api` is the base address of another Bot API server than Telegram's, `webhook` the public address of our chat (empty:
    long polling), `secret` what Telegram must show there. With a catalogue the list of commands is in the child's language. `crowd` is shared with
    the other channels.
    Raises SettingIsWrong.
    """

    def __init__(
        self,
        token: str,
        converse: Converse,
        *,
        api: str = "",
        webhook: str = "",
        secret: str = "",
        catalogue: Catalogue | None = None,
        pace: Pace | None = None,
        crowd: Crowd | None = None,
    ) -> None:
        _silence_aiogram()
        if (webhook or secret) and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise SettingIsWrong("HELPLINE_TELEGRAM_SECRET must be 1 to 256 letters, digits, - or _")
        session = AiohttpSession(api=TelegramAPIServer.from_base(api) if api else PRODUCTION)
        try:
            self._bot = Bot(token, session=session)
        except TokenValidationError:
            raise SettingIsWrong(
                "HELPLINE_TELEGRAM_TOKEN is not a token of Telegram's (digits, a colon, letters)"
            ) from None
        self._webhook = webhook
        self._secret = secret
        self._catalogue = catalogue
        self._pace = pace or Pace()
        self._post = Post(self._bot, self._pace)
        self._turns = Turns(converse, self._post, self._pace, crowd or Crowd())
        self._lately = Lately(20_000, SESSION_SECONDS)
        self._moment = Lately(2_000, MOMENT_SECONDS)

    async def run(self) -> None:
        """Listen until cancelled: by long polling, or, with a webhook, by having told Telegram where to bring updates.

        Raises nothing: whatever is wrong with the network or with Telegram, it is tried again.
        """
        if self._webhook:
            await self.set_webhook()
            await asyncio.Event().wait()
        await self._post.insist(
            DeleteWebhook(drop_pending_updates=False)
        )  # Telegram allows no polling beside a webhook
        await self._show_commands()
        async for batch in happenings(self._post, self._pace):
            await self._take(batch)

    async def set_webhook(self) -> None:
        """Tell Telegram where to bring updates; returns when it knows."""
        await self._post.insist(
            SetWebhook(
                url=web.address(self._webhook),
                secret_token=self._secret,
                allowed_updates=ALLOWED,
                drop_pending_updates=False,
            )
        )
        await self._show_commands()

    def webhook_route(self) -> Route:
        """The route for our web server. Raises SettingIsWrong where there is no secret: the door would be open."""
        if not self._secret:
            raise SettingIsWrong(
                "HELPLINE_TELEGRAM_WEBHOOK needs HELPLINE_TELEGRAM_SECRET, so that only Telegram can call it"
            )
        return web.route(self._secret, self._take)

    async def deliver(self, sender: Sender, bubbles: Sequence[Bubble]) -> Delivery:
        """Hand over what a counsellor wrote. Raises nothing.

        `again_after` is set for flood control and a lost network: then nothing, or not everything, has arrived. Without it
        the child has blocked us or is gone, and must not be written to again.
        """
        return await self._turns.deliver(sender, bubbles)

    async def close(self) -> None:
        """Let answers under way arrive, for a moment, and close the connections. `run` must have been cancelled before."""
        await self._turns.close()
        await self._bot.session.close()

    async def _show_commands(self) -> None:
        for menu in menus(self._catalogue):
            await self._post.attempt(menu)

    async def _take(self, batch: Sequence[object]) -> None:
        """Begin a turn for every update; returns when the conversation has heard all of them.

        After some seconds it returns in any case: one turn that hangs must not keep all other children from being heard.
        """
        turns = [self._turns.begin(turn) for raw in batch if (turn := self._turn(raw))]
        if turns:
            await asyncio.wait(turns, timeout=self._pace.hearing)
            await self._turns.room()

    def _turn(self, raw: object) -> Turn | None:
        update = read(raw)
        if update is None:
            log.warning("telegram_update_unreadable")
            return None
        if not self._lately.is_news("update", update.update_id):
            return None
        match update:
            case Update(message=Message() as message) if message.chat.is_private:
                return self._written(message, update.update_id)
            case Update(edited_message=Message() as message) if message.chat.is_private:
                return self._edited(message, update.update_id)
            case Update(callback_query=Tap(message=Message() as message) as tap) if message.chat.is_private:
                return self._tapped(tap, message, update.update_id)
            case Update(my_chat_member=Membership() as membership):
                return self._moved(membership)
        return None

    def _written(self, message: Message, number: int) -> Turn | None:
        incoming = replace(message.incoming(), number=number)
        self._lately.is_news("message", message.chat.id, message.message_id, says=message.typed)
        album = message.media_group_id
        again = album and not self._moment.is_news("album", message.chat.id, album)
        if message.is_service or (again and incoming.kind is Kind.NOT_TEXT):
            return None
        return self._turns.hear(incoming)

    def _edited(self, message: Message, number: int) -> Turn | None:
        """A changed text is heard like a new one: the disclosure may be in the change (promise 1). Nothing else of an edit
        counts: a live location, for one, is an edit every few seconds.
        """
        # Edits of older messages belong to no session.
        fresh = message.date >= time.time() - SESSION_SECONDS  # compared, for no number is too large for that
        news = self._lately.is_news("message", message.chat.id, message.message_id, says=message.typed)
        return (
            self._turns.hear(replace(message.incoming(), number=number)) if message.typed and fresh and news else None
        )

    def _tapped(self, tap: Tap, message: Message, number: int) -> Turn | None:
        self._turns.begin(self._settle(tap, message))  # beside the turn, which need not wait for it
        if not tap.data or not self._moment.is_news("tap", message.chat.id, message.message_id, tap.data):
            return None
        return self._turns.hear(Incoming(message.chat.sender, Kind.TAP, tap.data, tap.person.language_code, number))

    def _moved(self, membership: Membership) -> Turn | None:
        """Blocked by a child: they have left. Added to a group: we leave it, for others would read along (promise 2)."""
        chat, status = membership.chat, membership.new_chat_member.status
        if chat.is_private:
            return self._turns.gone(chat.sender) if status == "kicked" else None
        return self._leave(chat.id) if status not in {"left", "kicked"} else None

    async def _settle(self, tap: Tap, message: Message) -> None:
        """End the button's spinner, and take the buttons away that are answered."""
        await self._post.attempt(AnswerCallbackQuery(callback_query_id=tap.id))
        await self._post.attempt(EditMessageReplyMarkup(chat_id=message.chat.id, message_id=message.message_id))

    async def _leave(self, chat: int) -> None:
        await self._post.attempt(LeaveChat(chat_id=chat))


def _silence_aiogram() -> None:
    """Its loggers quote chat ids, the bot's name and, when a response cannot be read, everybody's messages (promise 2)."""
    silent = logging.getLogger("aiogram")
    silent.setLevel(logging.CRITICAL + 1)
    silent.propagate = False
