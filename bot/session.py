"""A child's session: what the helpline must remember while they are here, and forgets when they go.

It lives in the vault only. The id is random and is all that Rasa or a log may know; the way from a telephone or a browser
to it is a vault entry of its own, which ends with the session (promise 2).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.messages import Bubble, Button, Channel, Incoming, Kind, Sender, Speaker
from bot.placeholders import Placeholders
from bot.vault import Vault
from escalation.cases import Category, Facts, Opened, Perspective, Urgency
from escalation.sealing import CaseKey

LINES_KEPT = 80
"""How many lines of the dialogue are remembered: enough to hand over to a counsellor, and small enough for a slow telephone."""

ACTS_KEPT = 40
"""How many acts of a page without JavaScript are remembered: more pages back nobody reloads."""

BEFORE = 6
"""How many of the child's earlier messages are weighed together with a new one."""

WAITING_LIVES = timedelta(hours=12)
"""How long a session with an open case lives without a message: somebody who waits for an answer is not idle. It ends when the
case is closed, the child leaves, or the browser has been gone for the idle time."""


class Age(StrEnum):
    """Which version of the texts a child wants. Nobody has to say; then it is the one for 13 to 17."""

    UNKNOWN = ""
    ASKED = "asked"
    YOUNGER = "9-12"
    OLDER = "13-17"


@dataclass(slots=True)
class Line:
    """One line of the dialogue, redacted, as the child's screen and the counsellor's thread show it. `at` is in ISO 8601, UTC.

    `private` lines are on the child's screen alone: what it answered in a check is nobody's (mission M8).
    """

    speaker: str
    text: str
    at: str
    marks: list[list[int]] = field(default_factory=list)
    buttons: list[list[str]] = field(default_factory=list)
    private: bool = False


@dataclass(slots=True)
class Alarm:
    """A disclosure that was noticed and not yet settled with the child: the next turns belong to it.

    `asked` is how often the choice of a human was put; `facts` is what a case would be opened with. `case` is what it is opened as, once a
    human is wanted: the vault knows it before the ledger does, so that whatever breaks in between, asking again gives the same case.
    """

    facts: Facts
    soft: bool = False
    asked: int = 0
    case: Opened | None = None


@dataclass(slots=True)
class Session:
    """One child's conversation. `sender` is the address for the reply; everything else identifies nobody.

    `chosen`: the language is known, by choice or by what was written; `hinted`: the browser or Telegram suggested it. `unanswered` is what
    the child wrote just before the language was asked. `alarm` and `case` say whether something is to be settled or a human is wanted;
    the case's key lives here only, in the vault, while the chat lives. `emergency`: a life or safety was at stake in this case.
    `placeholders` numbers what was redacted. `last_letter` is the counsellor's letter that the screen got last.
    `farewells` are cases that were closed while a counsellor's last words are on their way. `heard` is the last act that was answered, where the
    channel numbers them; `acts` names the last ones, where it names them. `age` is which version of the texts was chosen; `last_answered` is the
    tap of the guidance that was given last.
    `pilot`: it was opened with a pilot's link, and is told what editors have drafted.
    `say_better` is the key of a text that the child may say better with its next words. `listening`: it began to tell, and was told to go on.
    `wait_told` is what a waiting child was told last of its wait.
    """

    id: str
    sender: Sender
    locale: str
    chosen: bool = False
    asked_language: bool = False
    lines: list[Line] = field(default_factory=list)
    alarm: Alarm | None = None
    case: Opened | None = None
    farewells: list[Opened] = field(default_factory=list)
    with_human: bool = False
    emergency: bool = False
    country: str | None = None
    unanswered: str | None = None
    placeholders: Placeholders = field(default_factory=Placeholders)
    last_letter: int = 0
    heard: int = 0
    acts: list[str] = field(default_factory=list)
    hinted: bool = False
    ended: bool = False
    age: Age = Age.UNKNOWN
    last_answered: str = ""
    pilot: bool = False
    say_better: str = ""
    listening: bool = False
    wait_told: str = ""

    @property
    def younger(self) -> bool:
        """Whether texts are said in their version for 9 to 12."""
        return self.age is Age.YOUNGER

    def child_said(self) -> list[str]:
        """The child's latest messages, oldest first, for weighing a new one among them."""
        return [line.text for line in self.lines if line.speaker == Speaker.CHILD and not line.private][-BEFORE:]

    def add(
        self,
        speaker: Speaker,
        text: str,
        marks: list[list[int]] | None = None,
        buttons: tuple[Button, ...] = (),
        *,
        private: bool = False,
    ) -> Line:
        """Remember one line; the oldest go when there are too many."""
        line = Line(
            speaker.value,
            text,
            datetime.now(UTC).isoformat(timespec="seconds"),
            marks or [],
            [[b.label, b.tap] for b in buttons],
            private,
        )
        self.lines = [*self.lines[-LINES_KEPT + 1 :], line]
        return line

    @property
    def called(self) -> Opened | None:
        """The case of this session, also one that may or may not have been stored when something broke."""
        return self.case or (self.alarm.case if self.alarm else None)

    def take_up_case(self) -> None:
        """The ledger has the case that was asked for: it is this session's."""
        if self.case is None and self.alarm:
            self.case, self.alarm = self.alarm.case, None

    def leave_case(self) -> None:
        """The case has ended for this session: its key is forgotten with it."""
        self.case, self.with_human, self.emergency, self.wait_told = None, False, False, ""

    def found_closed(self) -> None:
        """The counsellor has closed the case, and the child has not been told yet: what is on its way still arrives (promise 1)."""
        if self.called:
            self.farewells = [*self.farewells, self.called]
        self.leave_case()

    def knows(self, case: str) -> Opened | None:
        """The case of this id, if it is this session's, or was and has not said goodbye yet."""
        return next((one for one in (self.case, *self.farewells) if one and one.id == case), None)

    def heard_before(self, incoming: Incoming) -> list[Bubble] | None:
        """What is still to be shown of an act that came before; None when it is new. The page without JavaScript shows the screen anyway."""
        if 0 < incoming.number <= self.heard:
            return self.last_answer() if incoming.number == self.heard else []
        return [] if incoming.act and incoming.act in self.acts else None

    def has_heard(self, incoming: Incoming, *, once: bool) -> None:
        """An act is answered. One whose answer is remembered nowhere (`once`) could not be shown again, so it may come a second time: but
        for words, which are never to be said twice; what a page is asked beside them it is asked again."""
        if not once:
            self.heard = max(self.heard, incoming.number)
        if incoming.act and (incoming.kind is Kind.TEXT or not once):
            self.acts = [*self.acts[-ACTS_KEPT + 1 :], incoming.act]

    def last_answer(self) -> list[Bubble]:
        """What followed the child's last words."""
        said = self.screen()
        last = max((at for at, bubble in enumerate(said) if bubble.speaker is Speaker.CHILD), default=-1)
        return said[last + 1 :]

    def screen(self) -> list[Bubble]:
        """The dialogue as bubbles: for the page without JavaScript, and for a browser that comes back."""
        return [
            Bubble(
                Speaker(line.speaker),
                line.text,
                self.locale,
                tuple(Button(label, tap) for label, tap in line.buttons),
                private=line.private,
            )
            for line in self.lines
        ]


class Sessions:
    """Finds, keeps and ends sessions in the vault."""

    def __init__(
        self, vault: Vault, idle: timedelta, locale: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._vault = vault
        self._idle = idle
        self._locale = locale
        self._clock = clock

    def begin(self, sender: Sender, locale: str | None = None) -> Session:
        """A new session with a random id (128 bits)."""
        return Session(
            id=secrets.token_hex(16), sender=sender, locale=locale or self._locale, hinted=locale is not None
        )

    async def of(self, sender: Sender) -> Session | None:
        """The session of whoever writes from this address, or None."""
        identity = await self._vault.get(_address(sender))
        return await self._read(identity) if identity else None

    async def of_case(self, case: str) -> Session | None:
        """The session whose child waits for or writes with a counsellor; None when it has ended."""
        identity = await self._vault.get(f"case:{case}")
        return await self._read(identity) if identity else None

    async def keep(self, session: Session) -> None:
        """Write the session back; it lives on for the idle time from now (longer while a case is open on Telegram)."""
        called = session.called
        waits = called is not None and session.sender.channel is Channel.TELEGRAM
        seconds = (WAITING_LIVES if waits else self._idle).total_seconds()
        before = await self._vault.get(f"session:{session.id}")
        case_before = _called(before) if before else None
        held = [case for case in (called, *session.farewells) if case]
        if case_before and case_before not in {case.id for case in held}:
            await self._vault.delete(f"case:{case_before}")
        await self._vault.put(f"session:{session.id}", _to_json(session), seconds)
        await self._vault.put(_address(session.sender), session.id, seconds)
        for case in held:
            await self._vault.put(f"case:{case.id}", session.id, seconds)

    async def end(self, session: Session) -> None:
        """Forget everything of a session."""
        for key in (f"session:{session.id}", _address(session.sender)):
            await self._vault.delete(key)
        for case in (session.called, *session.farewells):
            if case:
                await self._vault.delete(f"case:{case.id}")

    async def _read(self, identity: str) -> Session | None:
        value = await self._vault.get(f"session:{identity}")
        return _from_json(value) if value else None


def _address(sender: Sender) -> str:
    """The vault key for an address. Hashed only so that a key of fixed length results; it hides nothing, the vault does."""
    return f"{sender.channel.value}:{hashlib.sha256(sender.key.encode()).hexdigest()}"


def _to_json(session: Session) -> dict[str, object]:
    alarm = session.alarm
    plain = asdict(replace(session, case=None, farewells=[], alarm=None, placeholders=Placeholders()))
    return plain | {
        "case": _case_to_json(session.case),
        "farewells": [_case_to_json(case) for case in session.farewells],
        "alarm": asdict(replace(alarm, case=None)) | {"case": _case_to_json(alarm.case)} if alarm else None,
        "placeholders": session.placeholders.to_dict(),
    }


def _case_to_json(case: Opened | None) -> dict[str, str] | None:
    return {"id": case.id, "key": case.key.text()} if case else None


def _case_from_json(value: object) -> Opened | None:
    return Opened(value["id"], CaseKey.from_text(value["key"])) if isinstance(value, dict) else None


def _called(value: Mapping[str, Any]) -> str | None:
    """The id of a written session's case, see `Session.called`."""
    case = value["case"] or (value["alarm"] or {}).get("case")
    return case["id"] if case else None


def _from_json(value: dict[str, object]) -> Session:
    read: dict[str, object] = dict(value)
    sender = value["sender"]
    assert isinstance(sender, dict)  # noqa: S101 - what we wrote ourselves
    read["sender"] = Sender(Channel(sender["channel"]), sender["key"])
    lines = value["lines"]
    assert isinstance(lines, list)  # noqa: S101
    read["lines"] = [Line(**line) for line in lines]
    alarm = value["alarm"]
    if isinstance(alarm, dict):
        read["alarm"] = Alarm(
            facts_from_json(alarm["facts"]), alarm["soft"], alarm["asked"], _case_from_json(alarm.get("case"))
        )
    read["case"] = _case_from_json(value["case"])
    farewells = value.get("farewells", [])
    assert isinstance(farewells, list)  # noqa: S101
    read["farewells"] = [case for one in farewells if (case := _case_from_json(one))]
    placeholders = value["placeholders"]
    assert isinstance(placeholders, dict)  # noqa: S101
    read["placeholders"] = Placeholders.from_dict(placeholders)
    read["age"] = Age(str(value.get("age", "")))
    return Session(**read)  # type: ignore[arg-type]


def facts_from_json(value: dict[str, object]) -> Facts:
    """Facts as they were before the vault made JSON of them."""
    categories, because = value["categories"], value["because"]
    assert isinstance(categories, list)  # noqa: S101
    assert isinstance(because, list)  # noqa: S101
    return Facts(
        urgency=Urgency(str(value["urgency"])),
        categories=tuple(Category(name) for name in categories),
        perspective=Perspective(str(value["perspective"])),
        locale=str(value["locale"]),
        channel=str(value["channel"]),
        country=None if value["country"] is None else str(value["country"]),
        because=tuple(because),
    )
