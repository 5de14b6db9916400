"""Children on both channels and counsellors, who all go on whatever happens to the program, and remember what they were told."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import websockets
from bot_api import BotApi, Child
from members import PASSWORD, Member

from locales import catalogue as catalogues

CATALOGUE = catalogues.load()
CODE = re.compile(r"\d{4} \d{4} \d{4} \d{4}")
PATIENCE = 2.0
"""Seconds after which somebody on Telegram who has heard nothing writes again."""


def says(key: str) -> str:
    """The beginning of a text, up to what is filled in."""
    return CATALOGUE.say(key, "en").partition("{")[0].strip()


OPENED, JOINED, CLOSED, TROUBLE = (says(key) for key in ("human.opened", "human.joined", "human.closed", "trouble"))


def word(moments: random.Random) -> str:
    """An invented word that nobody else writes."""
    return "".join(moments.choice("bdfgklmnprstvz") + moments.choice("aeiou") for _ in range(6))


@dataclass
class OnTheWeb:
    """A child with the page open. When the line is lost the page comes back with its token, and unread words go back into the box."""

    chat: str
    moments: random.Random
    wants_code: bool
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    screen: list[str] = field(default_factory=list)
    code: str = ""
    told: bool = False
    done: bool = False

    def __post_init__(self) -> None:
        self.words = f"they want to sell me tonight {word(self.moments)}"
        self.thanks = f"thank you {word(self.moments)}"
        self.taken_up: set[str] = set()
        self._n = 0

    async def live(self) -> None:
        """Until the counsellor has ended the talk."""
        while not self.done:
            with contextlib.suppress(OSError, TimeoutError, websockets.WebSocketException):
                async with self._line() as socket:
                    await self._talk(socket)
            await asyncio.sleep(0.02)

    async def look(self) -> None:
        """Open the page once more: what it shows now."""
        async with self._line() as socket, asyncio.timeout(20):
            await socket.send(json.dumps({"token": self.key, "locale": "en"}))
            while "screen" not in (frame := json.loads(await socket.recv())):
                pass
            self.screen = [bubble["text"] for bubble in frame["screen"]]

    async def comes_back(self) -> str:
        """Somebody new types the code of this child; what is answered."""
        async with self._line() as socket, asyncio.timeout(30):
            await socket.send(json.dumps({"token": secrets.token_urlsafe(32), "locale": "en"}))
            await socket.send(json.dumps({"kind": "text", "text": self.code, "n": 1}))
            answer = ""
            while "n" not in (frame := json.loads(await socket.recv())):
                answer += "\n".join(bubble["text"] for bubble in frame.get("bubbles", []))
            return answer

    def _line(self) -> Any:
        address = self.chat.removeprefix("http://")
        return websockets.connect(
            f"ws://{address}/talk", origin=self.chat, proxy=None, open_timeout=5, close_timeout=0.1
        )  # type: ignore[arg-type]

    async def _talk(self, socket: websockets.ClientConnection) -> None:
        await socket.send(json.dumps({"token": self.key, "locale": "en"}))
        waiting_for, sent = 0, ""
        while True:
            async with asyncio.timeout(20):
                frame = json.loads(await socket.recv())
            bubbles = frame.get("screen", frame.get("bubbles", []))
            texts = [bubble["text"] for bubble in bubbles]
            self.screen = texts if "screen" in frame else self.screen + texts
            self._notice(texts)
            if self.done:
                return
            if frame.get("busy") is False and frame.get("n") == waiting_for:
                if sent == self.thanks and not any(text.startswith(TROUBLE) for text in self.screen[-2:]):
                    self.taken_up.add(sent)
                waiting_for = 0
            shown = "screen" in frame
            if not waiting_for and (act := self._next_act()) and (shown or frame.get("busy") is False or texts):
                self._n = waiting_for = self._n + 1
                sent = act.get("text", "")
                await socket.send(json.dumps({**act, "n": waiting_for}))

    def _notice(self, texts: list[str]) -> None:
        for text in texts:
            self.told = self.told or text.startswith(OPENED)
            self.done = self.done or text.startswith(CLOSED)
            if code := CODE.search(text):
                self.code = code.group()

    def _next_act(self) -> dict[str, str] | None:
        if not self.told:
            return {"kind": "text", "text": self.words if self.words not in self.screen else "are you there"}
        if self.wants_code and not self.code:
            return {"kind": "tap", "tap": "code:give"}
        if (
            any(text.startswith(JOINED) for text in self.screen)
            and self.thanks not in self.screen
            and not self.taken_up
        ):
            return {"kind": "text", "text": self.thanks}
        return None


@dataclass
class OnTelegram:
    """A child with a telephone. Telegram keeps what it wrote until the program has heard it."""

    api: BotApi
    moments: random.Random
    wants_code: bool
    told: bool = False
    done: bool = False
    code: str = ""

    def __post_init__(self) -> None:
        self.account = Child(self.api, id=secrets.randbelow(10**9) + 10**9, language="en")
        self.words = f"they want to sell me tonight {word(self.moments)}"
        self.thanks = f"thank you {word(self.moments)}"
        self.taken_up: set[str] = set()

    @property
    def screen(self) -> list[str]:
        """What the telephone shows of the helpline."""
        return [message.text for message in self.api.messages if message.chat == self.account.id]

    async def live(self) -> None:
        """Until the counsellor has ended the talk."""
        asked_code = thanked = False
        self.account.writes(self.words)
        heard, since = 0, asyncio.get_running_loop().time()
        while not self.done:
            await asyncio.sleep(0.03)
            screen, now = self.screen, asyncio.get_running_loop().time()
            if len(screen) != heard:
                heard, since = len(screen), now
            joined = any(text.startswith(JOINED) for text in screen)
            self.told = any(text.startswith(OPENED) for text in screen)
            self.done = any(text.startswith(CLOSED) for text in screen)
            if codes := [found.group() for text in screen if (found := CODE.search(text))]:
                self.code = codes[
                    -1
                ]  # a tap that Telegram repeats gives another code, which counts instead of the first
            if not screen and now - since > PATIENCE:
                self.account.writes("are you there")
                since = now
            if heard and self.wants_code and not asked_code:
                self.account.taps("code:give")
                asked_code = True
            if joined and not thanked:
                self.account.writes(self.thanks)
                thanked = True


@dataclass
class Counsellor:
    """Somebody with the console open, who takes cases, writes and closes, and looks again when an answer is lost."""

    console: str
    member: Member
    moments: random.Random
    claimed: set[str] = field(default_factory=set)
    replied: list[tuple[str, str]] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._browser = httpx.AsyncClient(base_url=self.console, trust_env=False, timeout=20)
        self._browser.headers["Origin"] = self.console

    async def sign_in(self) -> None:
        form = {"name": self.member.name, "password": PASSWORD, "code": self.member.code(datetime.now(UTC))}
        assert (await self._browser.post("/sign-in", data=form)).status_code == 303
        self._browser.headers["X-Helpline-Token"] = (await self._browser.get("/api/me")).json()["page_token"]

    async def work(self) -> None:
        """Until cancelled."""
        while True:
            with contextlib.suppress(httpx.HTTPError, OSError):
                await self._take()
                for case in (await self._get("/api/chats"))["chats"]:
                    await self._answer(case["id"])
            await asyncio.sleep(self.moments.uniform(0.01, 0.1))

    async def close(self) -> None:
        await self._browser.aclose()

    async def _take(self) -> None:
        for case in (await self._get("/api/queue"))["waiting"][:2]:
            if (await self._post(f"/api/cases/{case['id']}/claim")) == 200:
                self.claimed.add(case["id"])

    async def _answer(self, case: str) -> None:
        """Write what is not there yet, and close after two replies."""
        said = (await self._get(f"/api/cases/{case}"))["lines"]
        if sum(line["author"] == "counsellor" for line in said) < 2:
            text = f"I am here with you {word(self.moments)}"
            if (await self._post(f"/api/cases/{case}/replies", {"text": text})) == 201:
                self.replied.append((case, text))
        elif (await self._post(f"/api/cases/{case}/close", {"outcome": "supported"})) == 204:
            self.closed.add(case)

    async def _get(self, path: str) -> Any:
        answer = await self._browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def _post(self, path: str, content: dict[str, str] | None = None) -> int:
        answer = await self._browser.post(path, json=content)
        assert answer.status_code < 500, answer.text
        return answer.status_code
