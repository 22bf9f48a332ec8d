"""A client of the EventHQ stand-in."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from eventdesk_server.sandbox.core import Clock, World
from tests.sandbox.eventhq.desk import NOW, connect


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOW))


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    async with connect(world) as made:
        yield made
