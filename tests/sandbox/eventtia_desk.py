"""A client that is logged in at the Eventtia stand-in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2

from eventdesk_server.sandbox.eventtia import EventtiaStandIn


@asynccontextmanager
async def logged_in(stand_in: EventtiaStandIn) -> AsyncGenerator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=stand_in.app())
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.example/api/v3") as client:
        token = (await client.post("/auth", json=stand_in.credentials())).json()["auth_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client
