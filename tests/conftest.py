"""Fixtures for all tests."""

import logging
from collections.abc import Generator

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The loop that the server itself runs on."""
    return "asyncio"


@pytest.fixture(autouse=True)
def _log_levels() -> Generator[None]:  # pyright: ignore[reportUnusedFunction] - every test takes it
    """A server that a test builds sets how much is logged, for the whole process; the next test begins anew."""
    loggers = {name: logging.getLogger(name) for name in ("eventdesk", "httpx2", "httpcore2", "mcp")}
    levels = {name: logger.level for name, logger in loggers.items()}
    yield
    for name, logger in loggers.items():
        logger.setLevel(levels[name])
