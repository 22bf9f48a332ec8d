"""A season made by dice, and what is true of it: written down while it is made, never read back from the platform."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Bogota")
URI = "spring-fair"
TYPES = {501: "Day", 502: "VIP", 503: "Press"}
_WORDS = ("confirmed", "confirmed", "confirmed", "pending", "rejected", "cancelled", "archived")
_PAYMENTS = ("processing", "accepted", "refuted", "expired", "error", "refunded")


@dataclass
class Truth:
    """What holds of a season."""

    statuses: dict[str, str] = field(default_factory=dict[str, str])
    checked_in: set[str] = field(default_factory=set[str])
    unpaid: set[str] = field(default_factory=set[str])
    emails: dict[str, str] = field(default_factory=dict[str, str])
    booked: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    made: dict[str, datetime] = field(default_factory=dict[str, datetime])
    payments: dict[str, tuple[str, str, Decimal, str]] = field(default_factory=dict[str, tuple[str, str, Decimal, str]])
    """Id to status, currency, amount and payer."""

    def of(self, *statuses: str) -> set[str]:
        return {one for one, status in self.statuses.items() if status in statuses}

    @property
    def active(self) -> set[str]:
        return self.of("confirmed", "pending")

    def by_day(self) -> dict[date, int]:
        return dict(Counter(self.made[one].astimezone(ZONE).date() for one in self.active))

    def money(self, status: str) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = {}
        for told, currency, amount, _ in self.payments.values():
            if told == status:
                sums[currency] = sums.get(currency, Decimal(0)) + amount
        return sums


def season(seed: int, people: int = 237, payments: int = 237, sessions: int = 237) -> tuple[dict[str, Any], Truth]:
    """One event with so many registrations of every status, payments of every status, and sessions."""
    rng = random.Random(seed)
    truth = Truth()
    starts = [datetime(2027, 5, 1, 9, tzinfo=ZONE) + timedelta(hours=rng.randrange(60)) for _ in range(sessions)]
    workshops = [
        {
            "id": 7000 + number,
            "name": f"Talk {number}",
            "start_date": starts[number].isoformat(),
            "end_date": (starts[number] + timedelta(hours=1)).isoformat(),
            "availability": 0,
            "speakers": [61] if number % 3 else [],
            "workshop_categories": [33] if number % 2 else [],
        }
        for number in range(sessions)
    ]
    attendees = [_attendee(rng, truth, number, workshops) for number in range(people)]
    for number in range(payments):
        _payment(rng, truth, number, rng.choice(attendees))
    event = {
        "id": 90,
        "name": "Spring Fair",
        "event_uri": URI,
        "start_date": "2027-05-01T09:00:00-05:00",
        "end_date": "2027-05-03T18:00:00-05:00",
        "timezone": "America/Bogota",
        "city_id": 11,
        "currency": "COP",
        "active": True,
        "attendee_types": [
            {"id": 501, "name": "Day", "price": 0.0, "first_field_id": 8101,
             "custom_fields": [{"id": 8190, "name": "Diet", "alias": "diet"}]},
            {"id": 502, "name": "VIP", "price": 120.0, "capacity": 500, "first_field_id": 8201},
            {"id": 503, "name": "Press", "price": 0.0, "capacity": 90, "first_field_id": 8301},
        ],
        "speakers": [{"id": 61, "full_name": "Rhea Sol"}],
        "workshop_categories": [{"id": 33, "name": "Hands-on"}],
        "workshops": workshops,
        "attendees": attendees,
    }  # fmt: skip
    city = {"id": 11, "name": "Bogota", "latitude": 4.7, "longitude": -74.1, "time_zone": "America/Bogota"}
    region = {"id": 2, "name": "Bogota", "cities": [city]}
    places = [{"id": 1, "name": "Colombia", "currency_code": "COP", "regions": [region]}]
    return {"account": {"timezone": "America/Bogota", "currency": "COP"}, "countries": places, "events": [event]}, truth


def _attendee(rng: random.Random, truth: Truth, number: int, workshops: list[dict[str, Any]]) -> dict[str, Any]:
    record, status = 6000 + number, rng.choice(_WORDS)
    # Late in the evening UTC, so that the local day is often another one.
    made = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=rng.randrange(40), hours=rng.choice((2, 14, 23)))
    gone = status in {"cancelled", "archived"}
    booked = rng.sample(workshops, min(len(workshops), rng.randrange(4))) if not gone and status != "rejected" else []
    key = str(record)
    truth.statuses[key] = "cancelled" if gone else status
    truth.made[key] = made
    truth.emails[key] = f"person{number}@fair.example"
    truth.booked[key] = {str(one["id"]) for one in booked}
    # Deleted registrations may keep the word that they had.
    word = rng.choice((status, "confirmed", "pending")) if gone else status
    checked_in, paid = rng.random() < 0.3, rng.random() < 0.7
    if checked_in:
        truth.checked_in.add(key)
    if not paid:
        truth.unpaid.add(key)
    return {
        "id": record,
        "attendee_type": rng.choice(list(TYPES)),
        "first_name": "Ana",
        "last_name": f"Ruiz {number}",
        "email": f"person{number}@fair.example",
        "company": "Brisa" if number % 2 else "",
        "telephone": "+573001234567",
        "status": word,
        "archived": gone,
        "paid": paid,
        "checked_in": checked_in,
        "created_at": made.isoformat(),
        "workshops": [one["id"] for one in booked],
        "payments": [],
    }


def _payment(rng: random.Random, truth: Truth, number: int, attendee: dict[str, Any]) -> None:
    status, currency = rng.choice(_PAYMENTS), rng.choice(("COP", "EUR", "JPY"))
    amount = Decimal(rng.randrange(1, 20_000)) / 100
    truth.payments[str(4000 + number)] = (status, currency, amount, str(attendee["id"]))
    attendee["payments"].append(
        {
            "id": 4000 + number,
            "payment_type": "Manual payment",
            "currency": currency,
            "total_amount": str(amount),
            "status": status,
            "created_at": (datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=number)).isoformat(),
        }
    )
