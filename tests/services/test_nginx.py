"""The sample proxy leaves no trace: a real nginx runs deploy/nginx.conf in front of the real page, and everything it wrote is searched.

Only what the file itself says may be changed is changed here: names, ports, paths and the user. Everything is on loopback; the visitor's
address is one of loopback's own.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import getpass
import json
import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import websockets
from fake_helpline import FakeHelpline
from world import free_port

from bot import serving
from bot.settings import ROOT
from bot.web.tokens import new_token

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or ""
ADDRESS = "127.0.55.66"
"""Where the visitor of these tests comes from."""

AGENT, QUERY, PATH, BODY, WORDS, REFERRER, COOKIE = (f"canary{n}-{new_token()[:8]}" for n in range(7))
CANARIES = (ADDRESS, AGENT, QUERY, PATH, BODY, WORDS, REFERRER, COOKIE)
HOST = "chat.example.org"

pytestmark = pytest.mark.skipif(
    not NGINX and not os.environ.get("CI"), reason="nginx is not installed; see 'make nginx'"
)


@dataclass
class Proxy:
    """A running nginx: where it listens, its folder, and what it said."""

    folder: Path
    https: int
    http: int
    chat: int
    chatting: asyncio.Task[None] | None = None
    seen: list[dict[str, Any]] = field(default_factory=list)
    helpline: FakeHelpline = field(default_factory=FakeHelpline)

    def trusts(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "tls" / "chat.pem"))

    async def helpline_goes(self) -> None:
        assert self.chatting
        self.chatting.cancel()
        await asyncio.wait([self.chatting])

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(
            "127.0.0.1", self.https, ssl=self.trusts(), server_hostname=HOST, local_addr=(ADDRESS, 0)
        )

    async def ask(self, method: str, body: bytes = b"", *more: str, path: str = f"/{PATH}?q={QUERY}") -> bytes:
        """What is answered to a request that is full of canaries."""
        head = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"User-Agent: {AGENT}", f"Referer: https://{REFERRER}/",
                f"X-Forwarded-For: {ADDRESS}", f"X-Real-IP: {ADDRESS}", f"Forwarded: for={ADDRESS}", f"Cookie: a={COOKIE}",
                "Sec-Fetch-Site: same-origin", "Connection: close", *more]  # fmt: skip
        if body and not any("chunked" in line for line in more):
            head.append(f"Content-Length: {len(body)}")
        reader, writer = await self.open()
        try:
            writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
            async with asyncio.timeout(5):
                return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


def certificate(folder: Path) -> None:
    """A certificate that signs itself, for both names."""
    folder.mkdir()
    for name in ("chat", "console"):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/", "-addext", f"subjectAltName=DNS:{name}.example.org",
             "-out", folder / f"{name}.pem", "-keyout", folder / f"{name}-key.pem"],
            check=True, capture_output=True,
        )  # fmt: skip


def configuration(proxy: Proxy) -> str:
    """deploy/nginx.conf with what it says may be changed."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for there, here in (
        ("www-data", getpass.getuser() if os.getuid() else "www-data"),
        ("listen 443", f"listen 127.0.0.1:{proxy.https}"),
        ("listen 80", f"listen 127.0.0.1:{proxy.http}"),
        ("/etc/helpline/tls/", f"{proxy.folder}/tls/"),
        ("127.0.0.1:8000", f"127.0.0.1:{proxy.chat}"),
        ("127.0.0.1:8001", f"127.0.0.1:{free_port()}"),
        ("/run/", f"{proxy.folder}/run/"),
    ):
        assert there in text
        text = text.replace(there, here)
    return text


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that nginx's own user can enter too, so that what it would write could be written."""
    made = Path(tempfile.mkdtemp(prefix="helpline-nginx-"))
    made.chmod(0o755)
    for name in ("run", "logs", "conf"):
        (made / name).mkdir()
        (made / name).chmod(0o777)
    certificate(made / "tls")
    yield made
    shutil.rmtree(made)


@asynccontextmanager
async def running(folder: Path, **changed: str) -> AsyncIterator[Proxy]:
    """The page behind nginx. `changed` names further changes: only to show that the search finds what there is."""
    assert NGINX, "nginx is needed"
    proxy = Proxy(folder, free_port(), free_port(), free_port())
    text = configuration(proxy)
    for name, line in changed.items():
        text = text.replace(f"{name} off;" if name == "access_log" else f"{name} /dev/null emerg;", line)
    path = folder / "conf" / "nginx.conf"
    path.write_text(text, encoding="utf-8")

    async def watched(scope: dict[str, Any], receive: Any, send: Any) -> None:
        proxy.seen.append(scope)
        await proxy.helpline.chat.app(scope, receive, send)

    server = serving.server(watched, "127.0.0.1", proxy.chat)
    proxy.chatting = asyncio.create_task(server.serve())
    with (folder / "logs" / "said").open("wb") as said:
        nginx = subprocess.Popen(
            [NGINX, "-p", folder, "-c", path, "-e", folder / "logs" / "start", "-g", "daemon off;"],
            stdout=said,
            stderr=said,
        )
        try:
            async with asyncio.timeout(10):
                while True:
                    assert nginx.poll() is None, (folder / "logs" / "said").read_text()
                    with contextlib.suppress(OSError):
                        _, writer = await asyncio.open_connection("127.0.0.1", proxy.http)
                        writer.close()
                        break
                    await asyncio.sleep(0.05)
            yield proxy
        finally:
            await proxy.helpline_goes()
            nginx.terminate()
            nginx.wait(10)


def forms(canary: str) -> list[bytes]:
    """A canary as it could lie in a file."""
    plain = canary.encode()
    return [plain, plain.hex().encode(), base64.b64encode(plain)[:-4], quote(canary, safe="").encode(),
            canary.encode("utf-16-le"), canary.encode("utf-16-be"), json.dumps(canary)[1:-1].encode()]  # fmt: skip


def traces(folder: Path) -> set[tuple[str, str]]:
    """Every file that nginx could have written in which a canary is, and which. Its usual folders are looked through as well."""
    found = set()
    for place in (folder, Path("/var/log/nginx"), Path("/var/lib/nginx"), Path("/var/cache/nginx"), Path("/run")):
        for path in place.rglob("*") if place.is_dir() else ():
            with contextlib.suppress(OSError):
                if path.is_file() and (place != Path("/run") or "nginx" in path.name):
                    content = path.read_bytes()
                    found |= {
                        (path.name, canary) for canary in CANARIES if any(form in content for form in forms(canary))
                    }
    return found


async def everything_happens(proxy: Proxy) -> set[bytes]:
    """A visit with all that can go wrong in it; the statuses that were answered."""
    form = "Content-Type: application/x-www-form-urlencoded"
    written = f"token={new_token()}&locale=en&shown=en&text={BODY}".encode()
    answers = [
        await proxy.ask("GET"),
        await proxy.ask("GET", path=f"/?q={QUERY}"),
        await proxy.ask("POST", written, form, path=f"/?q={QUERY}"),
        await proxy.ask(
            "POST", b"%x\r\n%s\r\n0\r\n\r\n" % (len(written), written), form, "Transfer-Encoding: chunked", path="/"
        ),
        await proxy.ask("POST", written + b"x" * 100_000, form, path="/"),
        await proxy.ask("POST", written + b"x" * 400_000, form, path="/"),
        await proxy.ask("POST", b"zz\r\n" + written, form, "Transfer-Encoding: chunked", path="/"),
        await proxy.ask("BREW", written, path=f"/?{QUERY}"),
        await proxy.ask("GET", b"", f"X-Long: {'x' * 30_000}"),
        await proxy.ask("GET", b"", "Bad Header: " + AGENT, path=f"/%00{PATH}"),
        await proxy.ask(f"{PATH} {QUERY} {AGENT}"),
    ]
    _, writer = await proxy.open()
    writer.write(f"POST /?{QUERY} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 9000\r\n\r\n{BODY}".encode())
    await asyncio.sleep(0.2)
    writer.transport.abort()  # the telephone is switched off in the middle of a sentence
    for host in (HOST, "elsewhere.example"):
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.http, local_addr=(ADDRESS, 0))
        writer.write(
            f"GET /{PATH}?{QUERY} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {AGENT}\r\nConnection: close\r\n\r\n".encode()
        )
        with contextlib.suppress(ConnectionError):  # another name is not even refused
            answers.append(await reader.read())
        writer.close()
    with pytest.raises(ssl.SSLError):
        await asyncio.open_connection(
            "127.0.0.1", proxy.https, ssl=proxy.trusts(), server_hostname="elsewhere.example", local_addr=(ADDRESS, 0)
        )
    return {answer.split(b" ")[1] for answer in answers if answer}


async def talks(proxy: Proxy) -> websockets.ClientConnection:
    """A line over the proxy, on which something has been said and answered."""
    line = await websockets.connect(
        f"wss://{HOST}:{proxy.https}/talk?q={QUERY}", host="127.0.0.1", ssl=proxy.trusts(), local_addr=(ADDRESS, 0), proxy=None,
        origin=websockets.Origin(f"https://{HOST}:{proxy.https}"), user_agent_header=AGENT, additional_headers={"Referer": REFERRER},
    )  # fmt: skip
    await line.send(json.dumps({"token": new_token(), "locale": "en"}))
    await line.send(json.dumps({"kind": "text", "text": WORDS}))
    async with asyncio.timeout(5):
        while f"text: {WORDS}" not in str(await line.recv()):
            pass
    return line


async def test_a_visit_leaves_no_trace_in_anything_that_nginx_could_write(folder: Path) -> None:
    async with running(folder) as proxy:
        statuses = await everything_happens(proxy)
        line = await talks(proxy)
        with contextlib.suppress(websockets.ConnectionClosed):
            await line.send("x" * (serving.LARGEST_FRAME + 1))
        await line.wait_closed()
    assert {b"200", b"307", b"400", b"404", b"405", b"413"} <= statuses
    assert {incoming.text for incoming in proxy.helpline.heard} >= {BODY, WORDS}
    assert traces(folder) == set()
    assert [path for path in (folder / "run").rglob("*") if path.is_file()] == []


async def test_a_helpline_that_is_away_leaves_no_trace_either(folder: Path) -> None:
    async with running(folder) as proxy:
        line = await talks(proxy)
        written = f"token={new_token()}&text={BODY}".encode()
        await proxy.helpline_goes()
        answer = await proxy.ask("POST", written, "Content-Type: application/x-www-form-urlencoded", path=f"/?{QUERY}")
        await line.wait_closed()
        again = await proxy.ask("GET")
    for page in (answer, again):
        assert page.startswith(b"HTTP/1.1 502")
        assert b"no-store" in page
        assert b"no-referrer" in page
        assert b"nginx/" not in page
    assert traces(folder) == set()


async def test_the_search_would_find_what_a_proxy_usually_writes(folder: Path) -> None:
    logging = {"access_log": f"access_log {folder}/logs/access;", "error_log": f"error_log {folder}/logs/error info;"}
    async with running(folder, **logging) as proxy:
        await everything_happens(proxy)
    found = traces(folder)
    assert {
        ("access", AGENT),
        ("access", QUERY),
        ("access", REFERRER),
        ("access", ADDRESS),
        ("error", ADDRESS),
    } <= found


async def test_the_helpline_is_told_nothing_about_who_asks(folder: Path) -> None:
    async with running(folder) as proxy:
        await everything_happens(proxy)
        await (await talks(proxy)).close()
    assert {scope["type"] for scope in proxy.seen} == {"http", "websocket"}
    for scope in proxy.seen:
        told = {name.decode(): value.decode() for name, value in scope["headers"]}
        assert not {"user-agent", "referer", "cookie", "x-forwarded-for", "x-real-ip", "forwarded"} & set(told)
        assert told["host"].partition(":")[0] == HOST
        assert scope["client"][0] == "127.0.0.1"
        assert not any(canary in str(told) for canary in CANARIES)


async def test_what_the_page_says_of_itself_comes_through_once(folder: Path) -> None:
    async with running(folder) as proxy:
        page = await proxy.ask("GET", path="/")
        head = page.split(b"\r\n\r\n")[0].decode().lower()
        console = await proxy.ask("GET", path="/health")
    for name in (
        "content-security-policy",
        "cache-control",
        "referrer-policy",
        "x-content-type-options",
        "strict-transport-security",
    ):
        assert head.count(f"\n{name}:") == 1, name
    assert "script-src 'self'" in head
    assert console.endswith(b"ok")
