"""A wrong setting stops the start by its name."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings import SettingIsWrong, read


def test_nothing_set_is_a_helpline_that_only_this_machine_reaches() -> None:
    settings = read({})
    assert (settings.chat_host, settings.chat_port, settings.console_host, settings.console_port) == (
        "127.0.0.1", 8000, "127.0.0.1", 8001,
    )  # fmt: skip
    assert settings.idle == timedelta(minutes=30)
    assert settings.retention == timedelta(hours=24)
    assert settings.vault.is_relative_to("/dev/shm")  # noqa: S108
    assert not settings.vault_may_be_on_disk


def test_a_name_that_is_not_known_stops_the_start() -> None:
    with pytest.raises(SettingIsWrong, match="HELPLINE_CHATPORT is not a setting"):
        read({"HELPLINE_CHATPORT": "8000"})


def test_names_of_others_are_none_of_our_business() -> None:
    assert read({"PATH": "/bin", "HELP": "x"}) == read({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHAT_PORT", "eight"),
        ("CHAT_PORT", "0"),
        ("CONSOLE_PORT", "65536"),
        ("RASA_PORT", "50.5"),
        ("RASA_SECONDS", "nan"),
        ("RASA_SECONDS", "inf"),
        ("RETENTION_HOURS", "-1"),
        ("IDLE_MINUTES", "0"),
        ("CONSOLE_HTTPS", "true"),
        ("VAULT_MAY_BE_ON_DISK", "1"),
        ("COUNTRY", "Serbia"),
        ("ADDRESS", "www.example.org"),
        ("ADDRESS", "http://www.example.org"),
        ("DEFAULT_LOCALE", "sr"),
        ("LOG_LEVEL", "trace"),
        ("LOG_LEVEL", "10"),
        ("SESSIONS_PER_MINUTE", "0"),
        ("SESSIONS_PER_MINUTE", "1.5"),
        ("FRAME_ANCESTORS", "http://www.example.org"),
        ("FRAME_ANCESTORS", "https://www.example.org/"),
        ("FRAME_ANCESTORS", "https://*.example.org"),
        ("FRAME_ANCESTORS", "https://WWW.example.org"),
        ("FRAME_ANCESTORS", "https://www.example.org;script-src https://elsewhere.example"),
        ("FRAME_ANCESTORS", "https://www.example.org, https://example.org"),
        ("FRAME_ANCESTORS", "https://me@example.org"),
        ("FRAME_ANCESTORS", "https://example.org:0"),
        ("FRAME_ANCESTORS", "'self'"),
        ("FRAME_ANCESTORS", "*"),
    ],
)
def test_a_value_that_cannot_be_used_stops_the_start_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingIsWrong, match=f"HELPLINE_{name} must be"):
        read({f"HELPLINE_{name}": value})


def test_a_webhook_without_a_secret_is_refused() -> None:
    with pytest.raises(SettingIsWrong, match="HELPLINE_TELEGRAM_SECRET"):
        read({"HELPLINE_TELEGRAM_WEBHOOK": "https://example.org/telegram"})
    settings = read(
        {"HELPLINE_TELEGRAM_WEBHOOK": "https://example.org/telegram", "HELPLINE_TELEGRAM_SECRET": "invented"}
    )
    assert settings.telegram_secret == "invented"


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = read({"HELPLINE_TELEGRAM_TOKEN": "1:canary-token", "HELPLINE_TELEGRAM_SECRET": "canary-secret"})
    assert "canary" not in repr(settings)


def test_values_are_read_as_people_write_them() -> None:
    settings = read({"HELPLINE_COUNTRY": " rs ", "HELPLINE_CONSOLE_HTTPS": "Yes", "HELPLINE_DEFAULT_LOCALE": "sq"})
    assert (settings.country, settings.console_https, settings.default_locale) == ("RS", True, "sq")


def test_the_level_of_the_logs_is_a_word() -> None:
    assert read({}).log_level == logging.WARNING
    assert read({"HELPLINE_LOG_LEVEL": "Debug"}).log_level == logging.DEBUG


def test_who_may_frame_the_page_is_a_list_of_origins() -> None:
    assert read({}).frame_ancestors == ()
    two = read({"HELPLINE_FRAME_ANCESTORS": " https://www.example.org  https://example.org:8443 "})
    assert two.frame_ancestors == ("https://www.example.org", "https://example.org:8443")


def test_two_helplines_on_a_machine_have_two_vaults(tmp_path: Path) -> None:
    one, other = read({"HELPLINE_STATE": str(tmp_path / "a")}), read({"HELPLINE_STATE": str(tmp_path / "b")})
    assert one.vault != other.vault
    assert one.ledger != other.ledger
    assert one.models == tmp_path / "a" / "models"


@pytest.mark.parametrize(
    "address", ["redis://127.0.0.1:6379/3", "rediss://name:invented@vault.example:6380", "redis://[::1]"]
)
def test_the_vault_can_be_a_redis(address: str) -> None:
    assert read({"HELPLINE_VAULT": address}).vault == address


@pytest.mark.parametrize(
    "address",
    ["redis://", "redis://host:port/0", "redis://host/first", "http://host", "redis://host:99999/0", "unix:///redis"],
)
def test_an_address_that_is_no_vault_stops_the_start(address: str) -> None:
    with pytest.raises(SettingIsWrong, match=r"^HELPLINE_VAULT must be a file on tmpfs, redis://"):
        read({"HELPLINE_VAULT": address})


def test_an_address_that_is_no_ledger_stops_the_start() -> None:
    with pytest.raises(SettingIsWrong, match=r"^HELPLINE_LEDGER must be "):
        read({"HELPLINE_LEDGER": "mysql://host/database"})


def test_passwords_in_addresses_are_not_in_the_repr() -> None:
    settings = read(
        {"HELPLINE_VAULT": "redis://:invented@host", "HELPLINE_LEDGER": "postgresql://name:invented@host/db"}
    )
    assert "invented" not in repr(settings)
