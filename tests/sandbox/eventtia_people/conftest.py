"""Clients of the Eventtia stand-in."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.eventtia import EventtiaStandIn
from tests.sandbox.eventtia_desk import logged_in
from tests.sandbox.eventtia_people.people import NOW, SEASON, SHARED


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOW), limits=False)


@pytest.fixture
async def reader() -> AsyncIterator[httpx2.AsyncClient]:
    """For tests that change nothing: their events are made once."""
    async with logged_in(SHARED) as client:
        yield client


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    stand_in = EventtiaStandIn(world)
    stand_in.load(SEASON)
    async with logged_in(stand_in) as client:
        yield client
