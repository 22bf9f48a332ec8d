"""A client of the HeySummit stand-in's newer dialect."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.heysummit import HeySummitStandIn
from tests.sandbox.heysummit_v2.season import AGENT, NOW, SEASON


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOW))


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    standin = HeySummitStandIn(world)
    standin.load(SEASON)
    app = Starlette(routes=[Mount("/heysummit", app=standin.app())])
    headers = {"Authorization": f"Token {standin.credentials()['key']}", "User-Agent": AGENT}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1:9/heysummit/api/v2/", headers=headers
    ) as made:
        yield made
