"""A small season of EventHQ, and how tests ask for its lists."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx2
from starlette.applications import Starlette
from starlette.routing import Mount

from eventdesk_server.sandbox.core import World
from eventdesk_server.sandbox.eventhq import EventHQStandIn

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
SURREY, PONDS = "52498daf-ee31-fa1e-b87e-6d41c0a80002", "52498daf-20b0-4cbe-b87e-6d41c0a80002"
MEMBER = "5b0c1f3e-1111-4a2b-9c3d-77aa12bc34de"
MADE = {"created": "2026-11-02T10:20:30", "modified": "2026-11-02T10:20:30+0000"}


def event(number: int, slug: str, starts: str | None, opens: str | None, closes: str | None, **more: Any) -> Any:
    row: dict[str, Any] = {
        "id": number,
        "name": slug.title(),
        "slug": slug,
        "event_starts": starts,
        "event_ends": starts,
    }
    ticket = {"id": f"ticket-{number}", "name": "Ticket", **MADE}
    return row | {"registration_opens": opens, "registration_closes": closes, "products": [ticket]} | more


SEASON: dict[str, Any] = {
    "tags": [{"id": SURREY, "name": "Surrey"}, {"id": PONDS, "name": "Ponds"}],
    "events": [
        event(
            3307, "pond-survey-april-2027", "2027-04-12T00:00:00", "2026-12-08T00:00:00+0100", "2027-04-01",
            name="Pond Survey April 2027", location="Mill Lane, Surrey", summary="One day by the water.\r\n",
            tags=[SURREY, PONDS], attendee_count=2,
            products=[
                {
                    "id": MEMBER, "name": "Member", "description": "Includes lunch &amp; a &pound;5 guide",
                    "event_days": ["Monday"], "total_available": 40, "total_used": 7, "max_order_per_attendee": 2,
                    "position": 3, "prices": [{"value": "95.50"}], **MADE,
                },
                {
                    "id": "extra", "name": "Lunch", "primary": False, "total_available": 3, "total_used": 3,
                    "position": 1, **MADE,
                    "prices": [{"value": "5.00", "until_end_of": "2027-02-28"}, {"value": "7.00"}],
                },
            ],
        ),
        event(2, "sold-out", "2027-05-01", "2027-01-01", "2027-04-30", capacity=5, attendee_count=5),
        event(3, "tickets-gone", "2027-03-31", "2027-01-01", "2027-03-30", products=[
            {"id": "gone", "name": "Gone", "total_available": 1, "total_used": 1, **MADE},
            {"id": "old", "name": "Old", "deleted": True, "published": False, **MADE}]),
        event(4, "not-yet", "2027-12-31", "2027-06-01", "2027-12-01", location="Richmond Park", tags=[SURREY]),
        event(5, "over", "2026-03-05", "2026-01-01", "2026-03-01", tags=[PONDS]),
        event(6, "try-out", "2027-03-02", None, None, test=True),
        event(7, "committee", "2027-02-01", None, None, products=[
            {"id": "staff", "name": "Staff", "admin_only": True, **MADE}]),
        event(8, "undated", None, None, None, products=[]),
        *(event(100 + n, f"series-{n}", f"2028-01-{n + 1:02}", "2027-06-01", None) for n in range(20)),
    ],
}  # fmt: skip
ROOT = "http://127.0.0.1:9/eventhq"
TOKEN = "token:sandbox-eventhq-key"


def connect(world: World) -> httpx2.AsyncClient:
    standin = EventHQStandIn(world)
    standin.load(SEASON)
    assert f"token:{standin.credentials()['key']}" == TOKEN
    app = Starlette(routes=[Mount("/eventhq", app=standin.app())])
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ROOT + standin.base_path + "/")


async def slugs(client: httpx2.AsyncClient, *segments: str) -> list[str]:
    path = "/".join(quote(segment, safe=":") for segment in ("limit:100", *segments))
    answer = await client.get(f"events/index/{TOKEN}/{path}")
    assert answer.status_code == 200, answer.text
    return [row["slug"] for row in answer.json()["events"]]


async def own(client: httpx2.AsyncClient, *conditions: str) -> set[str]:
    """What these filters leave of the events that are not part of the long series."""
    return {slug for slug in await slugs(client, "f:" + "|".join(conditions)) if not slug.startswith("series")}
