"""Fixtures that several tests stand on: the trained models, a real Rasa, fresh stores."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from world import Program, World, assembled, free_port, rasa_process, start_program, stop

from bot import assembly, rasa, training
from bot.settings import Settings, read
from bot.understanding import Understanding
from locales.catalogue import Catalogue


@pytest.fixture(scope="session", autouse=True)
def one_reading() -> Iterator[None]:
    """What reads messages keeps nothing of them and takes seconds to load: the tests of a run share it."""
    read_anew, held = assembly.understanding, dict[object, Understanding]()

    def shared(settings: Settings, catalogue: Catalogue) -> Understanding:
        which = (settings.models.resolve(), settings.default_locale, tuple(locale.code for locale in catalogue.locales))
        if which not in held:
            held[which] = read_anew(settings, catalogue)
        return held[which]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembly, "understanding", shared)
        yield


@pytest.fixture(scope="session")
def trained() -> Settings:
    """The settings of the trained models; `make test` trains them first."""
    settings = read({})
    if not training.is_current(settings):
        pytest.fail("the models are not trained from what is there now; run 'make train' first")
    return settings


@pytest.fixture(scope="session")
def rasa_port(trained: Settings) -> Iterator[int]:
    """A real Rasa with the trained model, for the whole run."""
    port = free_port()
    settings = replace(trained, rasa_port=port)
    process = rasa_process(settings)
    yield port
    stop(process)


@pytest.fixture
def settings(trained: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Fresh stores: a ledger in the test's folder, a vault in memory, the trained models."""
    memory = Path(tempfile.mkdtemp(prefix="helpline-test-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    (state / "models").symlink_to(trained.models)
    rasa.token(trained)  # makes it where no Rasa was started yet
    shutil.copy(trained.rasa_token_file, state / "rasa.token")
    yield read(
        {
            "HELPLINE_STATE": str(state),
            "HELPLINE_VAULT": str(memory / "vault.sqlite3"),
            "HELPLINE_CHAT_PORT": str(free_port()),
            "HELPLINE_CONSOLE_PORT": str(free_port()),
            "HELPLINE_RASA_PORT": str(free_port()),
        }
    )
    shutil.rmtree(memory, ignore_errors=True)


@pytest.fixture
async def world(settings: Settings, rasa_port: int) -> AsyncIterator[World]:
    """Everything together, with the real Rasa."""
    async with assembled(replace(settings, rasa_port=rasa_port)) as built:
        yield built


@pytest.fixture
async def world_without_rasa(settings: Settings) -> AsyncIterator[World]:
    """Everything together, but nobody listens on Rasa's port."""
    async with assembled(settings) as built:
        yield built


@pytest.fixture
def program(settings: Settings, rasa_port: int) -> Iterator[Program]:
    """The program with the real Rasa."""
    started = start_program(replace(settings, rasa_port=rasa_port))
    yield started
    stop(started.process)
