"""What the channel reads of Telegram's updates: who to answer, what was done, and the suggested language. Nothing else.

Names, usernames, telephone numbers, places and files are in the same JSON; they are not in these models, so that they end with the
response (promise 2), and so that a field which Telegram adds or leaves out cannot make a child's message unreadable (promise 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.messages import Channel, Incoming, Kind, Sender

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
"""The updates that Telegram is asked for. Channel, business and inline updates are not even sent."""

LONGEST = 4000
"""Characters that are read of one message."""

COMMANDS = {
    "start": Kind.START,
    "help": Kind.HELP,
    "language": Kind.LANGUAGE,
    "exit": Kind.EXIT,
    "stop": Kind.EXIT,
}
COMMAND = re.compile(r"/(?P<name>[a-z]+)(@\w+)?(?P<payload>\s+[\w-]+)?\s*", re.IGNORECASE | re.ASCII)

SERVICE = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
    "proximity_alert_triggered",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
)
"""What Telegram itself notes in a chat. The child said nothing, so nothing is answered: they may be making the chat safer just now."""


class Read(BaseModel):
    """The part of an object of Telegram's that is read. Shows nothing of itself, wherever it may be printed."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        return ()


class Chat(Read):
    """Where something happened. A private chat's id is its child's id."""

    id: int
    type: str

    @property
    def is_private(self) -> bool:
        """Whether one child alone reads here."""
        return self.type == "private"

    @property
    def sender(self) -> Sender:
        """The address for the answer."""
        return Sender(Channel.TELEGRAM, str(self.id))


class Person(Read):
    """Who did it; only the language of their Telegram is read."""

    language_code: str = ""


class Message(Read):
    """A message, also one that carries a keyboard. `date` is in seconds since 1970, 0 for a message that is too old to be shown."""

    message_id: int
    chat: Chat
    date: int = 0
    person: Person = Field(default=Person(), alias="from")
    text: str = ""
    caption: str = ""
    media_group_id: str = ""
    is_service: Annotated[bool, BeforeValidator(lambda _: True)] = Field(False, validation_alias=AliasChoices(*SERVICE))

    @property
    def typed(self) -> str:
        """What the child typed. A caption counts, for a disclosure may stand below a photo (promise 1); the photo does not."""
        return self.text or self.caption

    def incoming(self) -> Incoming:
        """The message as the conversation understands it."""
        kind, text = _kind(self.typed)
        return Incoming(self.chat.sender, kind, text, self.person.language_code)


class Tap(Read):
    """A button was tapped. `message` is missing where it came from another chat than ours (inline mode)."""

    id: str
    person: Person = Field(default=Person(), alias="from")
    message: Message | None = None
    data: str = ""


class Role(Read):
    """What we are in a chat now: "member", "kicked" and so on."""

    status: str


class Membership(Read):
    """Our place in a chat has changed: blocked and unblocked by a child, added to a group, removed from it."""

    chat: Chat
    new_chat_member: Role


class Update(Read):
    """One thing that happened. At most one of the fields is there."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Tap | None = None
    my_chat_member: Membership | None = None


def read(raw: object) -> Update | None:
    """An update as far as it concerns us; None for what is none, which nobody can do anything about."""
    try:
        return Update.model_validate(raw)
    except ValidationError:
        return None


def _kind(typed: str) -> tuple[Kind, str]:
    if not typed:
        return Kind.NOT_TEXT, ""
    if len(typed) > LONGEST:
        return Kind.TOO_LONG, ""
    command = COMMAND.fullmatch(typed)
    kind = COMMANDS.get(command["name"].lower()) if command else None
    # A command counts where it stands alone, /start also with its deep link's payload: the code of a pilot, and dropped where it is none,
    # because it could tell who sent the link. "/help he hits me" is what a child says (promise 1).
    if command and kind is Kind.START and command["payload"]:
        return Kind.PILOT, command["payload"].strip()
    if command and kind and not command["payload"]:
        return kind, ""
    return Kind.TEXT, typed
