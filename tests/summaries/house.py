"""EventHQ's part of a random season, and what its tables hold."""

import json
import random
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from eventdesk_server.sandbox.core import Store
from tests.summaries.truth import Row, Truth

TITLES = ("Pond Survey", "Bird Count")
MADE = "2026-11-02T10:20:30"


def season(rng: random.Random, today: date) -> dict[str, Any]:
    return {"events": [_event(rng, 3300 + number, title, today) for number, title in enumerate(TITLES)]}


def _event(rng: random.Random, number: int, title: str, today: date) -> dict[str, Any]:
    def product(place: int, name: str, **more: Any) -> dict[str, Any]:
        ends = date.fromordinal(today.toordinal() + rng.choice([-1, 0, 1]))
        steps = [{"value": "80.50", "until_end_of": ends.isoformat()}, {"value": "95"}]
        limit = rng.choice([None, 0, 5, 40])
        return {
            "id": f"{number}-{place}", "name": name, "position": place, "created": MADE, "modified": MADE,
            "prices": rng.choice([steps, steps[1:]]), "total_available": limit,
            "total_used": rng.choice([None, 0, rng.randint(0, 40)]), **more,
        }  # fmt: skip

    products = [
        product(1, "Member"), product(2, "Guest", deleted=rng.random() < 0.3), product(3, "Lunch", primary=False),
        product(4, "Staff", admin_only=True, published=False),
    ]  # fmt: skip
    return {
        "id": number, "name": title, "slug": title.lower().replace(" ", "-"), "location": "Mill Lane",
        "event_starts": f"2027-04-{10 + number % 10}T00:00:00", "event_ends": f"2027-04-{10 + number % 10}T00:00:00",
        "attendee_count": rng.choice([0, rng.randint(1, 90)]), "test": rng.random() < 0.2,
        "products": rng.sample(products, rng.randint(0, 4)),
    }  # fmt: skip


def truth(store: Store, title: str, today: date) -> Truth:
    (row,) = store.rows("select * from eventhq_events where json_extract(data, '$.name') = ?", (title,))
    event = json.loads(row["data"])
    rows = store.rows("select data from eventhq_products where event_id = ?", (row["id"],))
    tickets = [_ticket(json.loads(one["data"]), today) for one in rows]
    primary = sum(one[0] == "t-" for one in tickets)
    extras = len(tickets) - primary
    counted = f"EventHQ's head count, {primary} of {primary} tickets"
    counted += f" and {extras} of {extras} extras" if extras else ""
    notes = [
        "registered includes people who are in the middle of booking",
        "EventHQ does not tell: checked_in, revenue",
    ]
    notes += ["EventHQ's API states no currency"] if tickets else []
    notes += ["The event is in test mode"] if event["test"] else []
    return Truth(
        title=title,
        registered=event["attendee_count"],
        starts=datetime.fromisoformat(event["event_starts"]).date(),
        tickets=tickets,
        basis=f"{counted} as it counts them",
        notes=notes,
    )


def _ticket(product: dict[str, Any], today: date) -> Row:
    """The first price whose last day is not over; with a limit of none, any number."""
    prices = [one["value"] for one in product["prices"] if (one["until_end_of"] or "9") >= today.isoformat()]
    used, limit = product["total_used"] or 0, product["total_available"]
    left = "unlimited" if limit is None else max(limit - used, 0)
    return ("t-" if product["primary"] else "x-", product["name"], (Decimal(prices[0]), "GBP"), used, left)
