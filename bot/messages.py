"""What passes between a channel and the conversation: one incoming message, and the bubbles that answer it.

A channel translates its own protocol into these and back and knows nothing else of the helpline.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Channel(StrEnum):
    """Where a child writes from."""

    WEB = "web"
    TELEGRAM = "telegram"


class Kind(StrEnum):
    """What a child did: wrote, tapped a button, sent something that is not text, or gave a command.

    BACK: the page was opened again or reloaded; the whole screen is the answer. AWAY: the connection closed without a word.
    PILOT: the chat was opened with the link of a pilot, whose code is the text.
    TOO_LONG: more text than is read came in; it was dropped by the channel and only its being too long is told.
    """

    TEXT = "text"
    TAP = "tap"
    NOT_TEXT = "not_text"
    START = "start"
    HELP = "help"
    LANGUAGE = "language"
    EXIT = "exit"
    BACK = "back"
    AWAY = "away"
    TOO_LONG = "too_long"
    PILOT = "pilot"


class Speaker(StrEnum):
    """Who speaks in a bubble on the child's screen."""

    CHILD = "child"
    HELPLINE = "helpline"
    COUNSELLOR = "counsellor"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, as far as the channel must know to answer. Lives in memory and the vault only.

    `key` is the session token (web) or the chat id as text (Telegram); it never appears in a log, hence the repr.
    """

    channel: Channel
    key: str

    def __repr__(self) -> str:
        return f"Sender({self.channel.value})"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One act of a child. `text` holds what was typed, or the button's `tap` for Kind.TAP.

    `hint` is the locale that the browser or Telegram suggests (BCP 47), used once, when a session begins. `number` rises with every act where
    the channel may bring one twice, as Telegram does after a crash; 0 elsewhere. `act` names an act that a browser may send again, when the
    page without JavaScript is reloaded; empty elsewhere.
    """

    sender: Sender
    kind: Kind
    text: str = ""
    hint: str = ""
    number: int = field(default=0, compare=False)
    act: str = field(default="", compare=False)

    def __repr__(self) -> str:
        return f"Incoming({self.sender!r}, {self.kind.value})"


@dataclass(frozen=True, slots=True)
class Button:
    """A choice offered below a bubble: what it says, and what comes back as Incoming.text when it is tapped (at most 48 bytes).

    A tap that begins with "tel:" is a telephone link: the channel shows it as one and sends nothing back.
    """

    label: str
    tap: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on the child's screen, already in the child's language. `locale` gives direction and voice.

    `once`: it holds something that nobody else may ever read (a return code, a piece that was hidden). It is shown and remembered
    nowhere: neither in the session nor in the case. `private`: it stays on the child's screen and in its session, and no counsellor gets it.
    """

    speaker: Speaker
    text: str
    locale: str
    buttons: tuple[Button, ...] = ()
    once: bool = False
    private: bool = False


Converse = Callable[[Incoming], Awaitable[list[Bubble]]]
"""The one callable a channel knows: what the child did in, what the helpline answers out."""
