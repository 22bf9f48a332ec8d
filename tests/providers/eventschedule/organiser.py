"""A hand at the stand-in: what an organiser would set up in Event Schedule before Eventdesk is asked anything."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from tests.support import ROOT, Rehearsal


class Organiser:
    """Speaks Event Schedule's API directly, past the adapter under test."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def call(self, method: str, path: str, body: Any = None, *, wanted: int | None = None) -> Any:
        """One request; anything but success (or `wanted`) fails the test."""
        answer = await self._http.request(method, path, json=body)
        if wanted is None:
            assert answer.status_code < 300, answer.text
        else:
            assert answer.status_code == wanted, answer.text
        return answer.json()

    async def schedule(self, name: str, type_: str = "venue", zone: str = "America/New_York", **more: Any) -> Any:
        body = {"name": name, "type": type_, "timezone": zone, **more}
        return (await self.call("POST", "/schedules", body))["data"]

    async def group(self, subdomain: str, name: str) -> Any:
        return (await self.call("POST", f"/schedules/{subdomain}/groups", {"name": name}))["data"]

    async def event(self, subdomain: str, **fields: Any) -> Any:
        body = {"name": "Harbour Folk", "starts_at": "2027-04-01 23:00:00", "is_draft": False, **fields}
        made = (await self.call("POST", f"/events/{subdomain}", body))["data"]
        return await self.read(made["id"])

    async def ticketed(self, subdomain: str, **fields: Any) -> Any:
        """An event with a free and a priced ticket and an add-on."""
        selling = {
            "tickets_enabled": True,
            "ticket_currency_code": "EUR",
            "tickets": [{"type": "Free", "price": 0, "quantity": 3}, {"type": "Balcony", "price": 30, "quantity": 2}],
            "addons": [{"type": "Soup", "price": 4.5, "quantity": 10}],
        }
        return await self.event(subdomain, **{**selling, **fields})

    async def read(self, event_id: str) -> Any:
        return (await self.call("GET", f"/events/{event_id}"))["data"]

    async def sale(self, event: Any, email: str, ticket: str, quantity: int = 1, **more: Any) -> Any:
        body = {"event_id": event["id"], "name": "Ida Berg", "email": email, "tickets": {ticket: quantity}, **more}
        return (await self.call("POST", "/sales", body))["data"]

    async def sales(self, event: Any) -> list[Any]:
        return (await self.call("GET", f"/sales?event_id={event['id']}"))["data"]

    async def act(self, sale: Any, action: str) -> None:
        await self.call("PUT", f"/sales/{sale['id']}", {"action": action})


@asynccontextmanager
async def organiser(r: Rehearsal) -> AsyncGenerator[Organiser]:
    """An organiser at the rehearsal's stand-in; what it sends is not counted among the adapter's requests."""
    connection = r.sandbox.connections(ROOT)["eventschedule"]
    headers = {"X-API-Key": connection["key"], "Accept": "application/json"}
    transport = r.sandbox.transport()
    assert transport is not None
    async with httpx2.AsyncClient(transport=transport, base_url=connection["base_url"], headers=headers) as http:
        yield Organiser(http)
    r.sandbox.faults.seen.clear()


def ticket(event: Any, name: str) -> str:
    return next(row["id"] for row in event["tickets"] if row["type"] == name)


def extra(event: Any, name: str) -> str:
    return next(row["id"] for row in event["addons"] if row["type"] == name)
