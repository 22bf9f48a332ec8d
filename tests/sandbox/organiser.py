"""An organiser at the Event Schedule stand-in: its client."""

from datetime import UTC, datetime
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.routing import Mount

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.eventschedule import EventScheduleStandIn

NOW = datetime(2027, 1, 5, 9, 10, 11, tzinfo=UTC)
OWNER = "organiser@sandbox.example"


class Desk:
    """A stand-in below a prefix, and a client with the organiser's key."""

    def __init__(self) -> None:
        self.world = World(clock=Clock(pinned=NOW), limits=False, switches={"eventschedule.pause": 0})
        self.platform = EventScheduleStandIn(self.world)
        self.client = self.client_with(self.platform.credentials()["key"])

    def client_with(self, key: str | None, accept: str = "application/json") -> httpx2.AsyncClient:
        app = Starlette(routes=[Mount("/eventschedule", app=self.platform.app())])
        headers = {"Accept": accept} | ({"X-API-Key": key} if key else {})
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://desk.test/eventschedule/api/", headers=headers
        )

    def load(self, **season: Any) -> None:
        self.platform.load(season)

    async def call(self, method: str, path: str, **more: Any) -> Any:
        """The body of an answer that must be a success."""
        answer = await self.client.request(method, path, **more)
        assert answer.is_success, answer.text
        return answer.json()

    async def refusal(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        answer = await self.client.request(method, path, **more)
        assert not answer.is_success, answer.text
        return answer.status_code, answer.json()
