"""Sales at the Event Schedule stand-in: how tests make them."""

from typing import Any

from tests.sandbox.organiser import OWNER, Desk

LOFT = {"subdomain": "loft", "type": "venue", "name": "Loft", "owner": OWNER, "email": "loft@mail.test",
        "timezone": "America/New_York"}  # fmt: skip


def folk(**more: Any) -> dict[str, Any]:
    base = {"name": "Harbour Folk", "starts_at": "2027-04-01 01:00:00", "schedules": [{"subdomain": "loft"}]}
    return base | {"tickets": [{"type": "Balcony", "price": "30", "quantity": 5}]} | more


def stage(desk: Desk, *events: dict[str, Any], **loft: Any) -> str:
    """Load one schedule and some events; answers the first one's id."""
    desk.load(schedules=[LOFT | loft], events=list(events))
    return desk.platform.state.encode(1)


def buy(event_id: str, tickets: Any, **more: Any) -> dict[str, Any]:
    return {"event_id": event_id, "name": "Ida Berg", "email": "ida@mail.test", "tickets": tickets} | more


async def sell(desk: Desk, event_id: str, tickets: Any, **more: Any) -> dict[str, Any]:
    answer = await desk.call("POST", "sales", json=buy(event_id, tickets, **more))
    assert answer["meta"] == {"message": "Sale created successfully"}
    return answer["data"]


async def refused(desk: Desk, event_id: str, tickets: Any, **more: Any) -> str:
    status, body = await desk.refusal("POST", "sales", json=buy(event_id, tickets, **more))
    assert (status, set(body)) == (422, {"error"})
    return body["error"]
