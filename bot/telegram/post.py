"""The way to a chat: sends pieces, and says what happened in terms of the helpline instead of Telegram's.

aiogram's errors carry the method with the chat id and the text, and some messages the address with the token. They end in this module:
what leaves it has a name and no content (promise 2).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TypeVar

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import LinkPreviewOptions
from aiogram.utils.backoff import Backoff

from bot.messages import Bubble
from bot.telegram.pace import Pace
from bot.telegram.screen import Piece, pieces

NOBODY_THERE = ("chat not found", "peer_id_invalid", "user is deactivated", "user not found")
"""How Telegram says in a 400 that a chat is gone; the other ones concern the message."""

Result = TypeVar("Result")

log = structlog.get_logger("telegram")


class NobodyThere(Exception):
    """The child has blocked the helpline, or their account is gone."""


class NotNow(Exception):
    """Telegram wants us to wait, or could not be reached. `seconds` is how long it said, None if it said nothing."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__()
        self.seconds = seconds


class Post:
    """Sends to chats through one bot."""

    def __init__(self, bot: Bot, pace: Pace) -> None:
        self._bot = bot
        self._pace = pace

    async def send(self, chat: int, piece: Piece) -> None:
        """Send one message, once. Raises NobodyThere or NotNow; what Telegram will never take is dropped, so that the next one comes."""
        try:
            await self._bot.send_message(
                chat,
                piece.text,
                parse_mode=None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),  # nobody else learns that a link was sent
                protect_content=False,  # a child may keep the numbers
                reply_markup=piece.keyboard,
                request_timeout=self._pace.request,
            )
        except TelegramRetryAfter as error:
            raise NotNow(error.retry_after) from None
        except TelegramForbiddenError:
            raise NobodyThere from None
        except TelegramBadRequest as error:
            if any(words in error.message.lower() for words in NOBODY_THERE):
                raise NobodyThere from None
            log.warning("telegram_refused_a_message")
        except UnicodeError:
            log.warning("telegram_refused_a_message")
        except Exception:
            raise NotNow from None

    async def answer(self, chat: int, bubbles: Sequence[Bubble]) -> None:
        """Send all, waiting and trying again for as long as patience lasts. Raises NobodyThere.

        A message whose receipt was lost on the way is sent again: twice is better than never.
        """
        backoff, waited = Backoff(self._pace.backoff), 0.0
        for piece in pieces(bubbles):
            while True:
                try:
                    await self.send(chat, piece)
                    break
                except NotNow as reason:
                    seconds = next(backoff) if reason.seconds is None else reason.seconds
                waited += seconds
                if waited > self._pace.patience:
                    log.error("telegram_answer_given_up")
                    return
                await asyncio.sleep(seconds)

    async def attempt(self, method: TelegramMethod[Result]) -> Result | None:
        """A call that is only a courtesy (typing, ending a spinner, removing old buttons): whether it works changes nothing."""
        try:
            return await self._bot(method, request_timeout=self._pace.request)
        except Exception:
            return None

    async def insist(self, method: TelegramMethod[Result], seconds: int | None = None) -> Result:
        """A call without which there is no channel: tried until Telegram does it. Logged when it begins to fail, when it fails for
        another reason, and when it works again.
        """
        backoff, reason = Backoff(self._pace.backoff), ""
        while True:
            try:
                result = await self._bot(method, request_timeout=seconds or self._pace.request)
            except Exception as error:  # whatever it is, the channel must come back by itself (promise 1)
                if reason != (reason := _reason(error)):
                    log.error(reason)
                wanted = error.retry_after if isinstance(error, TelegramRetryAfter) else 0
                await asyncio.sleep(max(next(backoff), wanted))
            else:
                if reason:
                    log.info("telegram_is_back")
                return result


def _reason(error: Exception) -> str:
    match error:
        case TelegramUnauthorizedError() | TelegramNotFound():
            return "telegram_refuses_the_token"
        case TelegramConflictError():
            return "telegram_has_another_listener"  # a second helpline with the same token, or our last poll before a restart
        case TelegramBadRequest():
            return "telegram_refuses_the_settings"
        case _:
            return "telegram_is_away"
