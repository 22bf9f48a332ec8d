"""Event Schedule's part of a random season, and what its tables hold."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from eventdesk_server.sandbox.core import Store
from tests.summaries.truth import Row, Truth, Window, moment

STATUSES = ("paid", "paid", "paid", "unpaid", "unpaid", "cancelled", "refunded", "expired", "amount_mismatch")
ACTIVE = {"paid", "unpaid", "amount_mismatch"}
GONE = {"cancelled", "refunded", "expired"}
DATES = ("2027-06-01", "2027-06-08", "2027-06-15")
TITLES = ("Folk Night", "Folk Night 2026", "Weekly Jam", "Open Door", "Free Lunch")
"""Tickets; the edition before; a repeating event; places without tickets; tickets that are all limited and free."""


def season(rng: random.Random, zone: str, span: Window) -> dict[str, Any]:
    """Five events in one zone; `zone` is the account's, in which the span is meant."""
    home = rng.choice(["America/New_York", "Asia/Beirut", "Pacific/Auckland", zone])
    currency = rng.choice(["EUR", "JPY", "KWD", "GBP"])

    def event(name: str, starts: str, **more: Any) -> dict[str, Any]:
        return {
            "name": name, "schedules": [{"subdomain": "harbour"}], "starts_at": starts, "duration": 2,
            "ticket_currency_code": currency, **more,
        }  # fmt: skip

    def priced(limits: tuple[int | None, ...] = (400, 9, None)) -> dict[str, Any]:
        tickets = [
            {"type": "Free", "price": "0", "quantity": limits[0]},
            {"type": "Balcony", "price": f"{rng.randrange(1, 90_000) / 1000:.3f}", "quantity": limits[1]},
            {"type": "Stalls", "price": f"{rng.randrange(1, 60)}", "quantity": limits[2]},
            {"type": "Gone", "price": "5", "quantity": 10, "retired": True},
        ]
        extras = [{"type": "Soup", "price": "4.500"}, {"type": "Mug", "price": "7", "quantity": 30}]
        return {"tickets_enabled": True, "tickets": tickets, "addons": extras}

    def orders(most: int, **more: Any) -> list[dict[str, Any]]:
        count = rng.choice([0, 1, rng.randint(2, most)])
        return [_order(rng, number, moment(rng, zone, span), **more) for number in range(count)]

    tuesday = datetime(2027, 6, 1, 19, tzinfo=ZoneInfo(home)).astimezone(UTC)
    weekly = {"recurring_frequency": "weekly", "days_of_week": "0010000"}
    free = {"tickets_enabled": True, "tickets": [{"type": "Seat", "price": None, "quantity": 60}]}
    door = {"tickets_enabled": False, "rsvp_enabled": True, "rsvp_limit": rng.choice([None, 8, 500])}
    owner = {"owner": "organiser@sandbox.example", "type": "curator", "name": "Harbour"}
    return {
        "schedules": [{"subdomain": "harbour", "timezone": home, **owner}],
        "events": [
            event(TITLES[0], "2027-06-01 23:00:00", **priced(), sales=orders(40)),
            event(TITLES[1], "2026-12-20 23:00:00", **priced(), sales=orders(40)),
            event(
                TITLES[2],
                f"{tuesday:%Y-%m-%d %H:%M:%S}",
                **weekly,
                **priced((50, 40, 30)),
                sales=orders(30, dates=DATES),
            ),
            event(TITLES[3], "2027-06-02 23:00:00", **door, sales=orders(20, rsvp=True)),
            event(TITLES[4], "2027-06-03 23:00:00", **free, sales=orders(20, tickets=1)),
        ],
    }


def _order(
    rng: random.Random, number: int, at: datetime, *, dates: tuple[str, ...] = (), rsvp: bool = False, tickets: int = 3
) -> dict[str, Any]:
    order: dict[str, Any] = {
        "name": f"Person {number}", "email": f"p{number % 7}@mail.test", "created_at": f"{at:%Y-%m-%d %H:%M:%S}",
        "status": rng.choice(STATUSES), "is_deleted": rng.random() < 0.05,
    }  # fmt: skip
    if dates:
        order["event_date"] = rng.choice(dates)
    if rsvp:
        return order
    chosen = rng.sample(range(tickets), rng.randint(1, min(tickets, 2)))
    order["lines"] = [{"ticket": ticket, "quantity": rng.randint(1, 4)} for ticket in chosen]
    if tickets > 1:
        if rng.random() < 0.2:
            order["lines"].append({"addon": rng.randrange(2), "quantity": rng.randint(1, 3)})
        if rng.random() < 0.05:
            order["lines"].append({"ticket": 3, "quantity": 1})
        if rng.random() < 0.05:
            order["lines"] = [{"addon": 0, "quantity": 2}]
    if rng.random() < 0.15:
        order |= {"payment_amount": rng.randrange(50_000) / 1000, "discount_amount": 1.5}
    if rng.random() < 0.15:
        order["guests"] = [{"name": "Guest", "email": f"g{number}{one}@mail.test"} for one in range(rng.randint(1, 3))]
    return order


def unsettle(rng: random.Random, store: Store) -> None:
    """Give some orders a status that no documentation names."""
    for row in store.rows("select id from eventschedule_sale where group_id is null"):
        if rng.random() < 0.04:
            store.update("eventschedule_sale", {"id": row["id"]}, {"status": rng.choice(["disputed", "on_hold"])})


def truth(store: Store, title: str, day: date | None = None) -> Truth:
    """What the tables say, of all dates or of one."""
    (event,) = store.rows("select * from eventschedule_event where name = ?", (title,))
    (home,) = store.rows("select timezone from eventschedule_role where id = ?", (event["creator_role_id"],))
    sales = store.rows(
        """
        select s.*, (select count(*) from eventschedule_line l where l.sale_id = s.id) as rows,
          (select coalesce(sum(l.quantity), 0) from eventschedule_line l
             join eventschedule_ticket t on t.id = l.ticket_id where l.sale_id = s.id and not t.is_addon) as seats
        from eventschedule_sale s where s.event_id = ? and not s.is_deleted and coalesce(?, s.event_date) = s.event_date
        """,
        (event["id"], day.isoformat() if day else None),
    )
    active = [sale for sale in sales if sale["status"] in ACTIVE]
    start = datetime.fromisoformat(event["starts_at"]).replace(tzinfo=UTC).astimezone(ZoneInfo(home["timezone"])).date()
    repeats = bool(event["recurring_frequency"])
    on = day or (None if repeats else start)
    tickets = [_ticket(store, event, row, day, on) for row in _rows(store, event)] if event["tickets_enabled"] else []
    money = {status: _money(sales, status, event["ticket_currency_code"]) for status in ("paid", "refunded", "unpaid")}
    if event["tickets_enabled"]:
        money["paid"] = money["paid"] or {event["ticket_currency_code"]: Decimal(0)}
    limits = [row[4] for row in tickets if row[0] == "t-"]
    left: int | None = None
    if on is not None and limits and all(isinstance(one, int) for one in limits):
        left = sum(one for one in limits if isinstance(one, int))
    elif not limits and event["rsvp_limit"]:
        left = max(event["rsvp_limit"] - _heads(active), 0)
    strange = {sale["status"] for sale in sales} - ACTIVE - GONE
    return Truth(
        title=title,
        registered=_heads(active),
        pending=_heads([sale for sale in active if sale["status"] != "paid"]),
        cancelled=_heads([sale for sale in sales if sale["status"] in GONE]),
        made=[(datetime.fromisoformat(sale["created_at"]).replace(tzinfo=UTC), _heads([sale])) for sale in active],
        zone=home["timezone"],
        starts=day or start,
        left=left,
        revenue=money["paid"],
        refunded=money["refunded"],
        unpaid=money["unpaid"],
        tickets=tickets,
        basis=f"{len(sales)} of {len(sales)} orders, 1 of 1 pages",
        notes=["Event Schedule does not tell: checked_in"]
        + [f"{sum(s['status'] == word for s in sales)} orders of status {word}" for word in strange],
    )


def _heads(sales: list[dict[str, Any]]) -> int:
    """Tickets; one for an order without any line; of a group only the first order counts."""
    counting = [sale for sale in sales if sale["group_id"] in {None, sale["id"]}]
    return sum(sale["seats"] if sale["rows"] else 1 for sale in counting)


def _rows(store: Store, event: dict[str, Any]) -> list[dict[str, Any]]:
    return store.rows("select * from eventschedule_ticket where event_id = ? and not is_deleted", (event["id"],))


def _ticket(store: Store, event: dict[str, Any], row: dict[str, Any], day: date | None, on: date | None) -> Row:
    """`day` is asked for; `on` is the date whose places are meant, where there is one."""
    held = store.rows(
        """
        select s.event_date, sum(l.quantity) as n from eventschedule_line l join eventschedule_sale s on s.id = l.sale_id
        where l.ticket_id = ? and s.status in ('unpaid', 'paid') and not s.is_deleted group by 1
        """,
        (row["id"],),
    )
    by_date = {one["event_date"]: one["n"] for one in held}
    sold = by_date.get(day.isoformat(), 0) if day else sum(by_date.values())
    left: int | str | None = "unlimited"
    if row["quantity"]:
        left = max(row["quantity"] - by_date.get(on.isoformat(), 0), 0) if on else None
    price = (Decimal(row["price"] or 0), event["ticket_currency_code"])
    return ("x-" if row["is_addon"] else "t-", row["type"], price, sold, left)


def _money(sales: list[dict[str, Any]], status: str, currency: str) -> dict[str, Decimal]:
    amounts = [Decimal(str(sale["payment_amount"])) for sale in sales if sale["status"] == status]
    return {currency: sum(amounts, Decimal(0))} if any(amounts) else {}


def occurrence(rng: random.Random) -> date:
    """A Tuesday of the repeating event, with or without orders."""
    return date.fromisoformat(DATES[0]) + timedelta(days=7 * rng.randrange(4))
