"""Eventtia's part of a random season, and what its tables hold."""

import json
import random
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from eventdesk_server.sandbox.core import Store
from tests.summaries.truth import Row, Truth, Window, moment, pages

TITLES = ("Spring Fair", "Spring Fair 2026")
WORDS = ("confirmed", "confirmed", "confirmed", "pending", "rejected", "cancelled", "archived", "waitlisted")
PAYMENTS = ("processing", "accepted", "accepted", "refuted", "expired", "error", "refunded", "chargeback")
CITY = {"id": 11, "name": "Bogota", "latitude": 4.7, "longitude": -74.1, "time_zone": "America/Bogota"}


def season(rng: random.Random, zone: str, span: Window) -> dict[str, Any]:
    events = [
        _event(rng, 90, TITLES[0], "2027-05-01", zone, span),
        _event(rng, 91, TITLES[1], "2026-12-03", zone, span),
    ]
    region = {"id": 2, "name": "Bogota", "cities": [CITY]}
    places = [{"id": 1, "name": "Colombia", "currency_code": "COP", "regions": [region]}]
    return {"account": {"timezone": "America/Bogota", "currency": "COP"}, "countries": places, "events": events}


def _event(rng: random.Random, number: int, title: str, day: str, zone: str, span: Window) -> dict[str, Any]:
    base = number * 1000
    types = [
        {"id": base + 1, "name": "Day", "price": 0.0, "first_field_id": base * 10 + 100},
        {"id": base + 2, "name": "VIP", "price": 120.5, "capacity": 60, "first_field_id": base * 10 + 200},
        {"id": base + 3, "name": "Press", "price": 10.0, "capacity": 3, "first_field_id": base * 10 + 300},
    ]
    count = rng.choice([0, 1, rng.randint(2, 70)])
    people = [_person(rng, base + 100 + one, base, moment(rng, zone, span)) for one in range(count)]
    for one in range(rng.randint(0, 40) if people else 0):
        rng.choice(people)["payments"].append(_payment(rng, base + 500 + one))
    where: dict[str, Any] = rng.choice(
        [{}, {"is_virtual": True, "virtual_timezone": rng.choice(["Asia/Beirut", "Pacific/Auckland"])}]
    )
    return {
        "id": number, "name": title, "event_uri": title.lower().replace(" ", "-"), "currency": "COP", "city_id": 11,
        "timezone": "America/Bogota", "start_date": f"{day}T09:00:00-05:00", "end_date": f"{day}T18:00:00-05:00",
        "attendee_types": types[: rng.choice([2, 3])] if not people else types, "attendees": people, **where,
    }  # fmt: skip


def _person(rng: random.Random, key: int, base: int, at: datetime) -> dict[str, Any]:
    word = rng.choice(WORDS)
    deleted = word in {"cancelled", "archived"}
    return {
        "id": key, "attendee_type": base + rng.randint(1, 3), "first_name": "Ana", "last_name": f"Ruiz {key}",
        "email": "" if rng.random() < 0.1 else f"person{key % 9}@fair.example", "archived": deleted,
        # Whether a deleted registration keeps the word that it had is not documented.
        "status": rng.choice([word, "confirmed", "pending"]) if deleted else word, "paid": rng.random() < 0.7,
        "checked_in": rng.random() < 0.3, "created_at": at.isoformat(), "payments": [],
    }  # fmt: skip


def _payment(rng: random.Random, key: int) -> dict[str, Any]:
    return {
        "id": key, "payment_type": "Manual payment", "currency": rng.choice(["COP", "EUR", "JPY"]),
        "total_amount": rng.choice([f"{rng.randrange(1, 20_000) / 100:.2f}", f"{rng.randrange(1, 500)}.0"]),
        "status": rng.choice(PAYMENTS), "created_at": (datetime(2027, 1, 1) + timedelta(hours=key % 97)).isoformat(),  # noqa: DTZ001 - wall time of the event
    }  # fmt: skip


def truth(store: Store, title: str) -> Truth:
    (event,) = store.rows("select * from eventtia_events where json_extract(doc, '$.name') = ?", (title,))
    doc = json.loads(event["doc"])
    zone = doc["virtual_timezone"] if doc["is_virtual"] else doc["timezone"]
    people = store.rows("select * from eventtia_attendees where event_id = ?", (event["id"],))
    states = {row["id"]: "cancelled" if row["archived"] else row["status"] for row in people}
    active = [row for row in people if states[row["id"]] in {"confirmed", "pending"}]
    count = list(states.values()).count
    sums: dict[str, dict[str, Decimal]] = {"accepted": defaultdict(Decimal), "refunded": defaultdict(Decimal)}
    read = 0
    for row in store.rows("select doc from eventtia_records where type = 'payments' and event_id = ?", (event["id"],)):
        payment = json.loads(row["doc"])
        if payment["status"] in sums:
            read += 1
            sums[payment["status"]][payment["currency"]] += Decimal(payment["total_amount"])
    tickets = _tickets(store, event["id"])
    limits = [row[4] for row in tickets]
    whole = all(isinstance(one, int) for one in limits)
    owing = sum(not json.loads(row["doc"])["paid"] for row in active)
    notes = [f"{owing} not paid"] if owing else []
    notes += [f"{count('rejected')} rejected"] if count("rejected") else []
    notes += [f"{count('waitlisted')} with a status that"] if count("waitlisted") else []
    return Truth(
        title=title,
        registered=len(active),
        pending=count("pending"),
        cancelled=count("cancelled"),
        checked_in=sum(json.loads(row["doc"])["checked_in"] for row in active),
        made=[(datetime.fromisoformat(row["created_at"]), 1) for row in active],
        zone=zone,
        starts=datetime.fromisoformat(doc["start_date"]).astimezone(ZoneInfo(zone)).date(),
        left=sum(one for one in limits if isinstance(one, int)) if whole else None,
        revenue=sums["accepted"],
        refunded=sums["refunded"],
        tickets=tickets,
        basis=(
            f"{len(people)} of {len(people)} registration{'s' * (len(people) != 1)}, {pages(len(people), 24)}; "
            f"{read} of {read} accepted or refunded payment{'s' * (read != 1)}, {pages(read, 24)}; seats as Eventtia counts them"
        ),
        notes=notes,
    )


def _tickets(store: Store, event_id: int) -> list[Row]:
    """Seats are held by everybody who is neither rejected nor deleted, whatever else their status says."""
    found: list[Row] = []
    for row in store.rows("select * from eventtia_records where type = 'attendee_types' and event_id = ?", (event_id,)):
        kind = json.loads(row["doc"])
        (held,) = store.rows(
            "select count(*) as n from eventtia_attendees where type_id = ? and not archived"
            " and status not in ('cancelled', 'rejected')",
            (row["id"],),
        )
        limit = kind["capacity"]
        left = "unlimited" if limit is None else max(limit - held["n"], 0)
        found.append(("t-", kind["name"], (Decimal(str(kind["price"])), "COP"), held["n"], left))
    return found
