"""Telegram's door in the chat, without Telegram: the route alone, behind which nobody listens."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import Route

from bot.telegram import webhook


def webhook_route() -> Route:
    """The webhook's route with an invented secret."""

    async def take(_: Sequence[object]) -> None:
        raise AssertionError("nothing is sent through it here")

    return webhook.route("invented", take)
