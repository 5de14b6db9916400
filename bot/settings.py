"""The operator's settings: read once from the environment into a frozen object; a wrong value stops the start by name."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from bot.crowd import MESSAGES_PER_SECOND, SESSIONS_PER_MINUTE
from locales import cards, service_entries
from locales.catalogue import NAMES, pack_is_wrong
from locales.pack import PACK, VARIABLE

ROOT = Path(__file__).resolve().parent.parent
"""The project folder: nlu/, locales/ and the environments are found from here, wherever it was cloned."""


LOG_LEVELS = {"error": logging.ERROR, "warning": logging.WARNING, "info": logging.INFO, "debug": logging.DEBUG}

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(rf"https://{_LABEL}(?:\.{_LABEL})+(?::[1-9][0-9]{{0,4}})?")
"""An origin as browsers write it: https, a full name in lower case, a port if need be, nothing behind it and no wildcard."""


class SettingIsWrong(ValueError):
    """A setting has a value that cannot be used; the message names the variable and what it accepts."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set. Secrets are kept out of the repr."""

    chat_host: str = "127.0.0.1"
    chat_port: int = 8000
    console_host: str = "127.0.0.1"
    console_port: int = 8001
    console_https: bool = False
    rasa_port: int = 5005
    rasa_seconds: float = 2.0
    state: Path = ROOT / "var"
    ledger: str = field(default="", repr=False)  # a URL may carry a password
    vault: Path | str = field(default=Path(), repr=False)  # a file on tmpfs, or the URL of a Redis
    vault_may_be_on_disk: bool = False
    retention: timedelta = timedelta(hours=24)
    idle: timedelta = timedelta(minutes=30)
    address: str = ""
    country: str = ""
    default_locale: str = "en"
    drafts: bool = True
    log_level: int = logging.WARNING
    frame_ancestors: tuple[str, ...] = ()
    messages_per_second: int = MESSAGES_PER_SECOND
    sessions_per_minute: int = SESSIONS_PER_MINUTE
    telegram_token: str = field(default="", repr=False)
    telegram_api: str = ""
    telegram_webhook: str = ""
    telegram_secret: str = field(default="", repr=False)

    @property
    def models(self) -> Path:
        """Where the trained models lie."""
        return self.state / "models"

    @property
    def rasa_token_file(self) -> Path:
        """The token between the application and Rasa: made at the first start, readable by the owner alone."""
        return self.state / "rasa.token"


def alike(settings: Settings) -> dict[str, str]:
    """What a process that this one starts elsewhere needs to know beside its environment: folders that were named from here."""
    return {"HELPLINE_STATE": str(settings.state.absolute())} | ({VARIABLE: str(PACK.folder)} if PACK else {})


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read every HELPLINE_* variable. Raises SettingIsWrong for a value that cannot be used or a name that is unknown."""
    known = {
        "CHAT_HOST", "CHAT_PORT", "CONSOLE_HOST", "CONSOLE_PORT", "CONSOLE_HTTPS", "RASA_PORT", "RASA_SECONDS", "STATE", "LEDGER",
        "VAULT", "VAULT_MAY_BE_ON_DISK", "RETENTION_HOURS", "IDLE_MINUTES", "COUNTRY", "DEFAULT_LOCALE", "TELEGRAM_TOKEN",
        "TELEGRAM_API", "TELEGRAM_WEBHOOK", "TELEGRAM_SECRET", "RASA_TOKEN", "LOG_LEVEL", "FRAME_ANCESTORS", "SESSIONS_PER_MINUTE",
        "MESSAGES_PER_SECOND", "DRAFTS", "PACK", "ADDRESS",
    }  # fmt: skip
    for name in environment:
        if name.startswith("HELPLINE_") and name.removeprefix("HELPLINE_") not in known:
            raise SettingIsWrong(f"{name} is not a setting of the helpline; see docs/operating.md")

    def text(name: str, default: str = "") -> str:
        return environment.get(f"HELPLINE_{name}", "").strip() or default  # an empty value is no value

    def number(name: str, default: float, least: float, most: float) -> float:
        value = text(name, str(default))
        try:
            parsed = float(value)
        except ValueError:
            parsed = least - 1
        if not least <= parsed <= most:
            raise SettingIsWrong(f"HELPLINE_{name} must be a number from {least:g} to {most:g}")
        return parsed

    def whole(name: str, default: int, least: int, most: int) -> int:
        value = number(name, default, least, most)
        if value != int(value):
            raise SettingIsWrong(f"HELPLINE_{name} must be a whole number from {least} to {most}")
        return int(value)

    def port(name: str, default: int) -> int:
        return whole(name, default, 1, 65535)

    def switch(name: str, default: str = "no") -> bool:
        value = text(name, default).lower()
        if value not in {"yes", "no"}:
            raise SettingIsWrong(f"HELPLINE_{name} must be yes or no")
        return value == "yes"

    _look_at_pack()
    country, locale = text("COUNTRY").upper(), text("DEFAULT_LOCALE", "en")
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise SettingIsWrong("HELPLINE_COUNTRY must be a country's two letters, such as RS")
    if locale not in NAMES:
        raise SettingIsWrong(f"HELPLINE_DEFAULT_LOCALE must be one of {', '.join(NAMES)}")
    if text("LOG_LEVEL", "warning").lower() not in LOG_LEVELS:
        raise SettingIsWrong(f"HELPLINE_LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}")
    if text("ADDRESS"):
        try:
            cards.checked(text("ADDRESS"))
        except cards.CardIsImpossible:
            raise SettingIsWrong(
                "HELPLINE_ADDRESS must be the whole address of the child's page, such as https://www.example.org"
            ) from None
    ancestors = tuple(text("FRAME_ANCESTORS").split())
    if not all(_ORIGIN.fullmatch(origin) for origin in ancestors):
        raise SettingIsWrong(
            "HELPLINE_FRAME_ANCESTORS must be origins with spaces between them, such as https://www.example.org"
        )
    state = Path(text("STATE", str(ROOT / "var"))).absolute()
    # One vault for each state folder and user, so that two helplines on a machine do not meet.
    own = hashlib.sha256(str(state).encode()).hexdigest()[:12]
    vault = text("VAULT", f"/dev/shm/helpline-{os.getuid()}-{own}/vault.sqlite3")  # noqa: S108 - tmpfs is the point
    if "://" in vault and not _is_redis(vault):
        raise SettingIsWrong("HELPLINE_VAULT must be a file on tmpfs, redis://host:port/db or rediss://host:port/db")
    ledger = text("LEDGER") or f"sqlite+aiosqlite:///{state / 'ledger.sqlite3'}"
    if urlsplit(ledger).scheme.partition("+")[0] not in {"sqlite", "postgresql"}:
        raise SettingIsWrong("HELPLINE_LEDGER must be sqlite:///path or postgresql://user@host:port/database")
    if text("TELEGRAM_WEBHOOK") and not text("TELEGRAM_SECRET"):
        raise SettingIsWrong(
            "HELPLINE_TELEGRAM_WEBHOOK needs HELPLINE_TELEGRAM_SECRET, so that only Telegram can call it"
        )
    return Settings(
        chat_host=text("CHAT_HOST", "127.0.0.1"),
        chat_port=port("CHAT_PORT", 8000),
        console_host=text("CONSOLE_HOST", "127.0.0.1"),
        console_port=port("CONSOLE_PORT", 8001),
        console_https=switch("CONSOLE_HTTPS"),
        rasa_port=port("RASA_PORT", 5005),
        rasa_seconds=number("RASA_SECONDS", 2, 0.1, 30),
        state=state,
        ledger=ledger,
        vault=vault if "://" in vault else Path(vault),
        vault_may_be_on_disk=switch("VAULT_MAY_BE_ON_DISK"),
        retention=timedelta(hours=number("RETENTION_HOURS", 24, 0, 24 * 90)),
        idle=timedelta(minutes=number("IDLE_MINUTES", 30, 1, 24 * 60)),
        address=text("ADDRESS"),
        country=country,
        default_locale=locale,
        drafts=switch("DRAFTS", "yes"),
        log_level=LOG_LEVELS[text("LOG_LEVEL", "warning").lower()],
        frame_ancestors=ancestors,
        messages_per_second=whole("MESSAGES_PER_SECOND", MESSAGES_PER_SECOND, 1, 100_000),
        sessions_per_minute=whole("SESSIONS_PER_MINUTE", SESSIONS_PER_MINUTE, 1, 1_000_000),
        telegram_token=text("TELEGRAM_TOKEN"),
        telegram_api=text("TELEGRAM_API"),
        telegram_webhook=text("TELEGRAM_WEBHOOK"),
        telegram_secret=text("TELEGRAM_SECRET"),
    )


def _look_at_pack() -> None:
    """The pack was read when the words were, so that every part of the program knows the same languages; here it is refused."""
    if mistake := pack_is_wrong():
        raise SettingIsWrong(mistake)
    try:
        service_entries.shipped()
    except service_entries.ServiceIsWrong as wrong:
        raise SettingIsWrong(str(wrong)) from None


def _is_redis(address: str) -> bool:
    try:
        parts = urlsplit(address)
        number = parts.path.removeprefix("/")
        return (
            parts.scheme in {"redis", "rediss"}
            and bool(parts.hostname)
            and parts.port != 0
            and (not number or number.isdecimal())
        )
    except ValueError:  # the port
        return False
