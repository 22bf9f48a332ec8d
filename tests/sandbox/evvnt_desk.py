"""A desk at the evvnt stand-in: its client in each role, and what tests send."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.evvnt import EvvntStandIn
from eventdesk_server.sandbox.evvnt.state import Role

NOW = datetime(2027, 3, 2, 12, tzinfo=UTC)
USER, OTHER = "550e8400-e29b-41d4-a716-446655440000", "af356362-b1cd-4e2a-82aa-112142abcded"
MINE, SPENT, THEIRS = "package-mine", "package-spent", "package-theirs"
NEW: dict[str, Any] = {
    "title": "Quayside Jazz",
    "category_id": 19,
    "start_time": "2027-06-12T19:30:00+0100",
    "end_time": "2027-06-12T23:00:00+0100",
    "summary": "An evening by the river.\n",
    "description": "Two sets.\nBar open.",
    "contact": {"name": "Lee Dock", "email": "lee@example.com", "tel": "020 0000 0000"},
    "venue": {
        "name": "Old Boathouse",
        "address_1": "1 Quay Rd",
        "town": "London",
        "country": "GB",
        "postcode": "SE1 0AA",
    },
    "prices": {"Door": "GBP 12.50"},
}


def package(uuid: str, owner: str, **more: Any) -> dict[str, Any]:
    return {
        "uuid": uuid,
        "owner": owner,
        "type": "SinglePackage",
        "broadcast_volume": 45,
        "event_quantity": 2,
        "purchase_date": "2027-01-31",
        **more,
    }


class Desk:
    """The stand-in with a season (none when it is not given), its switches set."""

    def __init__(self, season: dict[str, Any] | None = None, **switches: Any) -> None:
        self.world = World(clock=Clock(NOW), switches={f"evvnt.{name}": value for name, value in switches.items()})
        self.standin = EvvntStandIn(self.world)
        self.standin.load(season or {})

    @asynccontextmanager
    async def client(self, role: Role = "organiser") -> AsyncGenerator[httpx2.AsyncClient]:
        login = self.standin.credentials_for(role)
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.standin.app()),
            base_url="http://evvnt.invalid",
            auth=(login["key"], login["secret"]),
        ) as client:
            yield client

    async def send(self, method: str, path: str, body: Any = None, role: Role = "organiser", status: int = 200) -> Any:
        async with self.client(role) as client:
            answer = await client.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def get(self, path: str, role: Role = "organiser", status: int = 200) -> Any:
        return await self.send("GET", path, None, role, status)

    async def ids(self, path: str, role: Role = "organiser") -> list[int | str]:
        return [row["id"] for row in await self.get(path, role)]


class StockedDesk(Desk):
    """A desk with users, packages and a publisher, where events are submitted."""

    def __init__(self, **switches: Any) -> None:
        users = [{"uuid": uuid, "name": "Richard Green", "email": "richard@example.com"} for uuid in (USER, OTHER)]
        packages = [
            package(MINE, "organiser"),
            package(SPENT, "organiser", used=2),
            package(THEIRS, "partner", user_id=USER),
        ]
        sites = [{"id": 324, "name": "Suuper", "url": "https://suuper.example.com/", "roles": ["publisher", "partner"]}]
        super().__init__({"users": users, "packages": packages, "publishers": sites}, **switches)

    async def create(self, role: Role = "organiser", path: str = "/events", **more: Any) -> int:
        return (await self.send("POST", path, {**NEW, **more}, role))["id"]

    async def event(self, number: int) -> dict[str, Any]:
        return await self.send("GET", f"/events/{number}")

    async def complaints(
        self, body: Any, path: str = "/events", role: Role = "organiser", method: str = "POST"
    ) -> list[str]:
        answer = await self.send(method, path, body, role, 400)
        assert set(answer) == {"errors"}
        return answer["errors"]

    def used(self, uuid: str) -> int:
        row = self.world.store.row("select used from evvnt_packages where uuid = ?", (uuid,))
        assert row is not None
        return row["used"]

    def count(self) -> int:
        return len(self.world.store.rows("select 1 from evvnt_events"))
