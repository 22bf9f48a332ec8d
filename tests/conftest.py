"""Fixtures for all tests."""

import logging
import os
from collections.abc import Callable, Generator
from pathlib import Path

import platformdirs
import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The loop that the server itself runs on."""
    return "asyncio"


@pytest.fixture(autouse=True, scope="session")
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:  # pyright: ignore[reportUnusedFunction] - every test takes it
    """No test reads or writes the settings, the journal or the data of whoever runs it, nor does a program it starts."""
    folder = tmp_path_factory.mktemp("person")

    def own(kind: str) -> Callable[..., Path]:
        return lambda *_, **__: folder / kind / "eventdesk"

    with pytest.MonkeyPatch.context() as patch:
        for kind in ("config", "state", "data"):
            patch.setenv(f"XDG_{kind.upper()}_HOME", str(folder / kind))
            patch.setattr(platformdirs, f"user_{kind}_path", own(kind))
        for name in [name for name in os.environ if name.startswith("EVENTDESK_")]:
            patch.delenv(name)
        yield


@pytest.fixture(autouse=True)
def _log_levels() -> Generator[None]:  # pyright: ignore[reportUnusedFunction] - every test takes it
    """A server that a test builds sets how much is logged, for the whole process; the next test begins anew."""
    loggers = {name: logging.getLogger(name) for name in ("eventdesk", "httpx2", "httpcore2", "mcp")}
    levels = {name: logger.level for name, logger in loggers.items()}
    yield
    for name, logger in loggers.items():
        logger.setLevel(levels[name])
