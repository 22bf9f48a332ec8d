"""Seasons for the stand-in, made in tests, with the truth about them."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

ZONE = "America/New_York"
OWNER = "organiser@sandbox.example"
TICKETS: list[dict[str, Any]] = [
    {"type": "Free", "price": "0", "quantity": 400},
    {"type": "Balcony", "price": "30.500", "quantity": 500},
    {"type": "Stalls", "price": "12.250", "quantity": 0},
]
EXTRAS: list[dict[str, Any]] = [{"type": "Soup", "price": "4.500"}]


def schedule(subdomain: str = "harbour", type_: str = "curator", **more: Any) -> dict[str, Any]:
    return {"subdomain": subdomain, "type": type_, "name": subdomain.title(), "owner": OWNER, "timezone": ZONE, **more}


def season(*events: dict[str, Any], schedules: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"schedules": schedules or [schedule()], "events": list(events)}


def event(name: str = "Harbour Folk", **more: Any) -> dict[str, Any]:
    return {
        "name": name, "schedules": [{"subdomain": "harbour"}], "starts_at": "2027-06-01 23:00:00", "duration": 2,
        "tickets_enabled": True, "ticket_currency_code": "EUR", "tickets": TICKETS, "addons": EXTRAS, **more,
    }  # fmt: skip


def sale(number: int, lines: list[dict[str, int]] | None = None, **more: Any) -> dict[str, Any]:
    made = datetime(2027, 1, 1, 8, 0, tzinfo=UTC) + timedelta(minutes=number)
    return {
        "name": f"Person {number}", "email": f"p{number}@mail.test", "created_at": f"{made:%Y-%m-%d %H:%M:%S}",
        **({"lines": lines} if lines is not None else {}), **more,
    }  # fmt: skip


def one_line(number: int, **more: Any) -> dict[str, Any]:
    return sale(number, [{"ticket": number % 3, "quantity": 1}], **more)


def random_sales(seed: int, count: int, dates: list[str] | None = None) -> list[dict[str, Any]]:
    """Orders of every status, with several lines, add-ons and RSVPs."""
    rng = random.Random(seed)
    made: list[dict[str, Any]] = []
    for number in range(count):
        status = rng.choice(["unpaid", "paid", "paid", "cancelled", "refunded", "expired", "amount_mismatch"])
        lines: list[dict[str, int]] | None = [
            {"ticket": t, "quantity": rng.randint(1, 3)} for t in rng.sample(range(3), rng.randint(1, 2))
        ]
        if rng.random() < 0.2:
            lines.append({"addon": 0, "quantity": rng.randint(1, 2)})
        if rng.random() < 0.1:
            lines, status = None, "paid"
        at = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(60 * 24 * 80))
        more = {"event_date": rng.choice(dates)} if dates else {}
        made.append(sale(number, lines, status=status, **more) | {"created_at": f"{at:%Y-%m-%d %H:%M:%S}"})
    return made
