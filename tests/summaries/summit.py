"""HeySummit's part of a random season, and what its tables hold. Both versions of its API share one store."""

import json
import random
from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Any

from eventdesk_server.sandbox.core import Store
from tests.summaries.truth import Row, Truth, Window, moment, pages

TITLES = ("Design Week", "Design Week 2026")
STATES = ("Completed Order", "Completed Order", "Completed Order", "Started Order", "Abandoned", "")
SINCE = "2026-01-05T09:00:00+00:00"


def season(rng: random.Random, zone: str, span: Window) -> dict[str, Any]:
    return {
        "events": [
            _event(rng, 4711, TITLES[0], "2027-07-06T09:30:00", zone, span),
            _event(rng, 4712, TITLES[1], "2026-12-07T09:30:00", zone, span),
        ]
    }


def _event(rng: random.Random, number: int, title: str, starts: str, zone: str, span: Window) -> dict[str, Any]:
    base = number * 100
    tickets = [
        {"id": base + 1, "title": "Free pass", "created_at": SINCE, "is_paid": rng.choice(["false", False]),
         "prices": [{"id": base + 11, "title": "", "price": "30"}]},
        {"id": base + 2, "title": "All access", "created_at": SINCE, "is_paid": "true", "prices_as": "array",
         "quantity_remaining": rng.choice(["12", 0, None]),
         "prices": [{"id": base + 12, "title": "Early", "price": "49"},
                    {"id": base + 13, "title": "Late", "price": "£1,079.50"}]},
        {"id": base + 3, "title": "Odd", "created_at": SINCE, "is_paid": "true",
         "prices_as": rng.choice(["broken", "text"]), "prices": [{"id": base + 14, "title": "One", "price": "5.00"}]},
    ]  # fmt: skip
    count = rng.choice([0, 1, rng.randint(2, 70)])
    return {
        "id": number, "title": title, "event_url": "https://week.example.com/", "first_talk_at": starts,
        "last_talk_at": starts.replace("T09", "T19"), "tickets": tickets,
        "attendees": [_person(rng, base + 100 + one, base, moment(rng, zone, span)) for one in range(count)],
        **rng.choice([{"timezone": "Europe/London"}, {"timezone": "Asia/Beirut"}, {}]),
    }  # fmt: skip


def _person(rng: random.Random, key: int, base: int, at: datetime) -> dict[str, Any]:
    held = rng.sample([rng.choice([11]), rng.choice([12, 13]), 14], rng.randint(0, 3))
    return {
        "id": key, "email": f"p{key}@example.org", "name": f"Person {key}", "created_at": at.isoformat(),
        "registration_status": rng.choice(STATES),
        # Amounts without a currency: never revenue.
        "tickets": [{"ticket_price_id": base + one, "amount_gross": rng.choice(["49.00", None])} for one in held],
    }  # fmt: skip


def truth(store: Store, title: str, version: str, settings: dict[str, Any]) -> Truth:
    (row,) = store.rows("select * from heysummit_events where json_extract(data, '$.title') = ?", (title,))
    event = json.loads(row["data"])
    people = store.rows("select * from heysummit_attendees where event_id = ?", (row["id"],))
    done = [person for person in people if person["status"] == "Completed Order"]
    # Version 1 tells no zone, nor which registrations are completed but one by one.
    zone = (event["timezone"] if version == "v2" else None) or settings.get("zone")
    others = len(people) - len(done)
    notes = [f"Not counted: {others} registrations"] if others else []
    notes += ["HeySummit does not tell: checked_in, revenue"]
    notes += ["No time zone is told"] if zone is None and done else []
    read = len(done) if version == "v2" else len(people)
    what = "completed registrations" if version == "v2" else "registrations"
    tickets = _held(store, row["id"]) if version == "v1" else _priced(store, row["id"], settings.get("currency", "?"))
    broken = version == "v2" and store.row(
        "select 1 from heysummit_tickets where event_id = ? and json_extract(data, '$.prices_as') = 'broken'",
        (row["id"],),
    )
    return Truth(
        title=title,
        registered=len(done),
        made=[(datetime.fromisoformat(person["created_at"]), 1) for person in done],
        zone=zone or "UTC",
        starts=datetime.fromisoformat(event["first_talk_at"]).date(),
        tickets=tickets,
        basis=f"{read} of {read} {what}, {_pages(read, version)}",
        notes=[*notes, *(["The prices of the ticket 'Odd'"] if broken else [])],
    )


def _pages(read: int, version: str) -> str:
    """Version 2 takes fifty rows at a time, version 1 ten; the word stays plural."""
    return pages(read, 50 if version == "v2" else 10).replace("1 of 1 page", "1 of 1 pages")


def _priced(store: Store, event_id: int, currency: str) -> list[Row]:
    """One row a price. The pound sign tells its currency; what is not paid is free."""
    found: list[Row] = []
    for row in store.rows("select * from heysummit_tickets where event_id = ?", (event_id,)):
        data, left = json.loads(row["data"]), json.loads(row["remaining"])
        for price in store.rows("select * from heysummit_prices where ticket_id = ?", (row["id"],)):
            if data["prices_as"] == "broken":
                continue
            code = "GBP" if "£" in price["price"] else currency
            amount = (Decimal(price["price"].strip("£").replace(",", "")), code)
            if data["is_paid"] in {"false", False}:
                amount = (Decimal(0), currency)
            name = ", ".join(part for part in (data["title"], price["title"]) if part)
            found.append(("t-", name, amount, None, None if left is None else int(left)))
    return found


def _held(store: Store, event_id: int) -> list[Row]:
    """How many of those who completed hold each ticket."""
    held = Counter(
        row["ticket_id"]
        for row in store.rows(
            "select h.ticket_id from heysummit_holdings h join heysummit_attendees a on a.id = h.attendee_id"
            " where a.event_id = ? and a.status = 'Completed Order'",
            (event_id,),
        )
    )
    rows = store.rows(
        "select id, json_extract(data, '$.title') as title from heysummit_tickets where event_id = ?", (event_id,)
    )
    return [("t-", row["title"], None, held[row["id"]], None) for row in rows]
