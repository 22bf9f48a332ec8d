"""The season that tests of people at the Eventtia stand-in share, and how they register."""

import random
from datetime import UTC, datetime
from typing import Any, Final

import httpx2

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.eventtia import EventtiaStandIn

NOW: Final = datetime(2026, 4, 7, 10, 0, tzinfo=UTC)
HARBOR: Final = "/events/harbor-design-days"
ATTENDEES: Final = f"{HARBOR}/attendees"
TEO: Final[dict[str, Any]] = {
    "attendee_type_id": 51001, "first_name": "Teo", "last_name": "Marsh", "email": "Teo@marsh.example",
    "company": "Marsh Ltd", "telephone": "+447700900123", "job_title": "Lead", "birthdate": "09/03/1990",
    "timezone": "Europe/London", "custom_fields": {"880112": "Vegetarian", "880212": "of another type"},
}  # fmt: skip


# Only what these tests look at, for each of them loads it anew.
_WANTED: Final = {"harbor-design-days", "bread-and-butter", "city-half-marathon"}
SHARED: Final = EventtiaStandIn(World(clock=Clock(NOW), limits=False))
SEASON: Final = SHARED.default_season(random.Random(7))
SEASON["events"] = [row for row in SEASON["events"] if row["event_uri"] in _WANTED]
SHARED.load(SEASON)


async def register(client: httpx2.AsyncClient, beside: dict[str, Any] | None = None, **change: Any) -> httpx2.Response:
    return await client.post(f"{ATTENDEES}/register", json={"attendee": {**TEO, **change}, **(beside or {})})


async def total(client: httpx2.AsyncClient, path: str = ATTENDEES, **filters: str) -> int:
    return (await client.get(path, params=filters)).json()["meta"]["total_attendees"]
