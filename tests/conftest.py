"""Fixtures for all tests."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """The loop that the server itself runs on."""
    return "asyncio"
