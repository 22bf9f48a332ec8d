"""A scripted HeySummit account for these tests."""

from pathlib import Path
from typing import Any

from tests.providers.scripted import Reply, Scripted, answers, example

HERE = Path(__file__).parent
EVENT: dict[str, Any] = example(HERE, "event_v2")
TALK: dict[str, Any] = example(HERE, "talk_v2")
PAID: dict[str, Any] = example(HERE, "ticket_v2")
FREE: dict[str, Any] = {
    "id": 611, "title": "Free pass", "is_paid": "false", "is_active": True, "quantity_remaining": None,
    "prices": [{"id": 8803, "title": "", "price": "0.00"}],
}  # fmt: skip
BROKEN: dict[str, Any] = {"id": 612, "title": "Mystery pass", "is_active": True, "prices": "[{'id': 1}]"}
KIM: dict[str, Any] = example(HERE, "attendee_v2")
V2 = "/api/v2/events/4711/"
SETTINGS: dict[str, Any] = {"provider": "heysummit", "key": "a-canary-key"}
V1: dict[str, Any] = SETTINGS | {"api_version": "v1"}


def page(*rows: Any, **more: Any) -> dict[str, Any]:
    return {"count": len(rows), "next": None, "previous": None, "results": list(rows)} | more


def v2(*, tickets: tuple[Any, ...] = (FREE,), people: tuple[Any, ...] = (), **more: Reply) -> Scripted:
    """Version 2 with one event; `more` scripts further requests."""
    script: dict[str, Reply] = {
        f"GET {V2}": answers(EVENT),
        f"GET {V2}tickets/": answers(page(*tickets)),
        f"GET {V2}talks/": answers(page(TALK)),
        f"GET {V2}attendees/": answers(page(*people)),
        f"GET {V2}attendees/33001/": answers(KIM),
        f"POST {V2}attendees/": answers(KIM, 201),
    }
    return Scripted(script | more)


def v1(*, people: tuple[Any, ...] = (), tickets: tuple[Any, ...] = ()) -> Scripted:
    """Version 1 with the same event."""
    event = {key: value for key, value in EVENT.items() if key != "timezone"} | {"id": "4711"}
    return Scripted(
        {
            "GET /api/events/4711/": answers(event),
            "GET /api/tickets/": answers(page(*tickets)),
            "GET /api/attendees/": answers(page(*people)),
            "GET /api/attendees/33001/": answers(KIM),
            "POST /api/attendees/": answers({k: v for k, v in KIM.items() if k != "registration_status"}, 201),
            "POST /api/events/4711/archive/": answers(event | {"is_archived": True}),
        }
    )
