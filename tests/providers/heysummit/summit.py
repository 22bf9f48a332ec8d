"""Summits of any size for these tests, as seasons of the stand-in."""

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from eventdesk_tools.ports import EventProvider
from eventdesk_tools.records import Attendee, AttendeeQuery, Page

T = TypeVar("T")
V1_SETTINGS: Mapping[str, Any] = {
    "api_version": "v1", "base_url": "http://sandbox.localhost/heysummit/api/", "zone": "Europe/London",
}  # fmt: skip
VERSIONS: Mapping[str, Mapping[str, Any]] = {"v2": {}, "v1": V1_SETTINGS}
OPENED = datetime(2027, 1, 4, 20, 0, tzinfo=UTC)
SINCE = "2026-01-05T09:00:00+00:00"
TICKETS: list[dict[str, Any]] = [
    {"id": 601, "title": "Free pass", "created_at": SINCE, "is_paid": "false", "is_active": True,
     "prices": [{"id": 8801, "title": "Free", "price": "0.00"}]},
    {"id": 602, "title": "All access", "created_at": SINCE, "is_paid": "true", "is_active": True, "quantity_remaining": "12",
     "prices": [{"id": 8802, "title": "Early", "price": "49"}, {"id": 8803, "title": "Regular", "price": "£79"}]},
]  # fmt: skip


def person(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": 40_000 + number,
        "email": f"p{number}@example.org",
        "name": f"Person {number}",
        "registration_status": "Completed Order",
        "created_at": (OPENED + timedelta(hours=7 * number)).isoformat(),
        "tickets": [{"ticket_price_id": 8801, "amount_gross": "0.00", "amount_net": "0.00"}],
        "talks": [],
    } | changes


def talk(number: int, **changes: Any) -> dict[str, Any]:
    at = datetime.fromisoformat("2027-07-06T09:00") + timedelta(minutes=15 * number)
    return {"id": 90_000 + number, "title": f"Talk {number}", "date": at.isoformat()} | changes


def season(people: Sequence[Mapping[str, Any]] = (), talks: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """One summit in London, and another whose people and talks must not be taken for its own."""
    event = {
        "title": "Harbour Design Week", "event_url": "https://harbour.example.com/", "timezone": "Europe/London",
        "tickets": TICKETS, "attendees": list(people), "talks": list(talks), "description": "<p>Tides &amp; light</p>",
        "categories": [{"id": 7, "title": "Main stage", "description": ""}],
    }  # fmt: skip
    other: dict[str, Any] = {
        "id": 24, "title": "Another", "timezone": "Europe/London", "attendees": [person(9_000)], "talks": [talk(9_000)],
        "tickets": [{"id": 9_601, "title": "Free", "created_at": SINCE, "is_paid": "false", "is_active": True,
                     "prices": [{"id": 98_801, "title": "", "price": "0"}]}],
    }  # fmt: skip
    other["attendees"][0]["tickets"] = []
    return {"events": [event | {"id": 4711}, other]}


def crowd(seed: int, size: int) -> list[dict[str, Any]]:
    """People in every state, some with several tickets, some without a date."""
    rng = random.Random(seed)
    made: list[dict[str, Any]] = []
    for number in range(size):
        tickets = [
            {"ticket_price_id": price, "amount_gross": gross, "amount_net": gross}
            for price, gross in rng.sample(
                [(8801, "0.00"), rng.choice([(8802, "49.00"), (8803, "79.5")])], rng.randint(0, 2)
            )
        ]
        at = OPENED + timedelta(minutes=rng.randint(0, 60 * 24 * 60))
        made.append(
            person(
                number,
                registration_status=rng.choice(["Completed Order", "Completed Order", "Started Order", "Cancelled"]),
                created_at=at.isoformat(),
                tickets=tickets,
                utm_source=rng.choice(["social", "mail", None]),
            )
        )
    return made


async def whole(pages: AsyncIterator[Page[T]]) -> list[Page[T]]:
    return [page async for page in pages]


async def people_of(provider: EventProvider, **filters: Any) -> list[Attendee]:
    query = AttendeeQuery(event_id="4711", **filters)
    return [row for page in await whole(provider.list_attendees(query)) for row in page.rows]
