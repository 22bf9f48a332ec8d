"""Creating a sale: the refusals in their order, the lookup of tickets, and the totals."""

import json
import re
from typing import Any

from eventdesk_server.sandbox.eventschedule import names, php, times
from eventdesk_server.sandbox.eventschedule.answers import Answer, Refusal, check, success
from eventdesk_server.sandbox.eventschedule.inputs import Call
from eventdesk_server.sandbox.eventschedule.inventory import check_stock, move_stock, sold
from eventdesk_server.sandbox.eventschedule.render import sale_data
from eventdesk_server.sandbox.eventschedule.state import Row, State, random_text
from eventdesk_server.sandbox.eventschedule.validation import (
    ARRAY,
    DAY,
    EMAIL,
    INTEGER,
    NULLABLE,
    REQUIRED,
    STRING,
    Rule,
    at_least,
    at_most,
    validate,
)  # fmt: skip

_RULES: dict[str, tuple[Rule, ...]] = {
    "event_id": (REQUIRED, STRING),
    "name": (REQUIRED, STRING, at_most(255)),
    "email": (REQUIRED, STRING, EMAIL, at_most(255)),
    "tickets": (REQUIRED, ARRAY),
    "tickets.*": (REQUIRED, INTEGER, at_least(1)),
    "event_date": (NULLABLE, DAY),
    "addons": (NULLABLE, ARRAY),
    "addons.*": (INTEGER, at_least(0)),
}
_PAST = "Cannot sell tickets for events in the past"
_CLOSED = "Event does not have tickets enabled or is not a Pro account"
_FREE_PLAN_TICKETS = 25
_INTEGER_KEY = re.compile(r"0|-?[1-9]\d{0,17}", re.ASCII)


def create_sale(state: State, call: Call, user: Row) -> Answer:
    check(validate(call.input, _RULES))
    event = state.find("event", state.decode(call.get("event_id")))
    if event is None:
        raise Refusal(404, "Event not found")
    if not state.may_edit(user, event):
        raise Refusal(403, "Unauthorized")
    recurring = bool(event["recurring_frequency"])
    if not recurring and event["starts_at"] is not None and _is_past(state, event, event["starts_at"]):
        raise Refusal(422, _PAST)
    tickets = state.tickets(event["id"])
    if not _can_sell(state, event, tickets):
        raise Refusal(422, _CLOSED)
    date: str | None = call.get("event_date")
    if recurring and date is None:
        raise Refusal(422, "The event_date parameter is required for recurring events")
    wanted = _wanted_tickets(state, tickets, call.get("tickets"))
    date = date or state.event_date(event)
    if date is None:
        raise Refusal(422, "Event has no start date. Please provide event_date parameter.")
    if recurring and event["starts_at"] is not None:
        start = times.occurrence(event["starts_at"], date, state.event_zone(event))
        if _is_past(state, event, times.stamp(start)):
            raise Refusal(422, _PAST)
    subdomain = _subdomain(state, event)
    for ticket in tickets:
        ticket["code"] = state.encode(ticket["id"])
    check_stock(event, tickets, wanted, date)
    addons = _wanted_addons(state, event, call.get("addons"), date)
    by_id = {ticket["id"]: ticket for ticket in tickets}
    lines = [(by_id[number], quantity) for number, quantity in wanted.items()]
    values = {
        "event_id": event["id"],
        "user_id": user["id"],
        "subdomain": subdomain,
        "name": call.get("name"),
        "email": call.get("email"),
        "event_date": date,
        "payment_method": event["payment_method"],
    }
    sale = _store(state, values, lines, addons)
    return success(sale_data(state, sale, user), "Sale created successfully", status=201)


def _is_past(state: State, event: Row, starts_at: str) -> bool:
    """Started; or ended, when the event lasts a day or more or sells after its start."""
    moment = times.read_stamp(starts_at)
    if event["sell_after_start"] or (event["duration"] or 0) >= 24:
        moment = times.hours_later(moment, event["duration"])
    return moment < state.now()


def _can_sell(state: State, event: Row, tickets: list[Row]) -> bool:
    if not event["tickets_enabled"] or event["is_cancelled"]:
        return False
    if tickets and all(_window(state, ticket) for ticket in tickets):
        return False
    if state.is_pro_event(event) or event["payment_method"] in (None, "cash"):
        return True
    if not any(float(ticket["price"] or 0) > 0 for ticket in tickets):
        return True
    row = state.store.row(
        "select coalesce(sum(l.quantity), 0) as n from eventschedule_line l "
        "join eventschedule_sale s on s.id = l.sale_id join eventschedule_event e on e.id = s.event_id "
        "where e.creator_role_id = ? and s.payment_amount > 0 and substr(s.created_at, 1, 7) = ?",
        (event["creator_role_id"], state.stamp()[:7]),
    )
    return row is None or row["n"] < _FREE_PLAN_TICKETS


def _window(state: State, ticket: Row) -> str | None:
    """Why a ticket is not on sale now."""
    now = state.stamp()
    if ticket["sales_end_at"] is not None and ticket["sales_end_at"] <= now:
        return "Ticket sales have ended"
    if ticket["sales_start_at"] is not None and ticket["sales_start_at"] > now:
        return "Ticket sales have not started"
    return None


def _wanted_tickets(state: State, tickets: list[Row], asked: Any) -> dict[int, int]:
    """Quantities by ticket. The same ticket under two keys counts as the last one says."""
    wanted: dict[int, int] = {}
    for key, quantity in php.entries(asked):
        ticket = _lookup(state, tickets, key)
        if ticket is None:
            raise Refusal(422, "Ticket not found")
        closed = _window(state, ticket)
        if closed is not None:
            raise Refusal(422, closed)
        wanted[ticket["id"]] = php.column_integer(quantity) or 0
    return wanted


def _lookup(state: State, tickets: list[Row], key: str) -> Row | None:
    """A ticket by id, else by type; the dearest of several. `tickets` come with the dearest first.

    A whole number as key is compared as a number with what the type starts with, so 0 finds any type without digits.
    """
    number = state.decode(key)
    for ticket in tickets:
        if ticket["id"] == number:
            return ticket
    if _INTEGER_KEY.fullmatch(key):
        return next((ticket for ticket in tickets if php.leading_number(ticket["type"] or "") == int(key)), None)
    return next((ticket for ticket in tickets if names.folded(ticket["type"]) == names.folded(key)), None)


def _subdomain(state: State, event: Row) -> str:
    creator = state.find("role", event["creator_role_id"])
    schedules = state.attached(event["id"])
    venue = next((role for role in schedules if role["type"] == "venue"), None)
    home = creator or venue or (schedules[0] if schedules else None)
    if home is None:
        raise Refusal(422, "Unable to determine subdomain for event")
    return str(home["subdomain"])


def _wanted_addons(state: State, event: Row, asked: Any, date: str) -> list[tuple[Row, int]]:
    addons = {row["id"]: row for row in state.tickets(event["id"], addons=True)}
    wanted: list[tuple[Row, int]] = []
    for key, value in php.entries(asked):
        quantity = php.column_integer(value) or 0
        if quantity < 1:
            continue
        addon = addons.get(state.decode(key) or 0)
        if addon is None:
            raise Refusal(422, f"Add-on not found: {key}")
        if addon["quantity"]:
            left = addon["quantity"] - sold(addon, date)
            if quantity > left:
                raise Refusal(422, f"Add-on not available: {key}. Remaining: {left}")
        wanted.append((addon, quantity))
    return wanted


def _discount(ticket: Row, quantity: int) -> float:
    """What a volume discount takes off a line."""
    if not ticket["volume_discount"]:
        return 0.0
    discount: dict[str, Any] = json.loads(ticket["volume_discount"])
    if quantity < discount["min_quantity"]:
        return 0.0
    full = float(ticket["price"] or 0) * quantity
    if discount["type"] in ("percentage", "percent"):
        return min(full, full * discount["value"] / 100)
    return min(full, float(discount["value"]))


def _store(state: State, values: dict[str, Any], lines: list[tuple[Row, int]], addons: list[tuple[Row, int]]) -> Row:
    total = sum(float(row["price"] or 0) * quantity for row, quantity in (*lines, *addons))
    discount = round(sum(_discount(row, quantity) for row, quantity in lines), 3)
    total = round(total - discount, 3)
    values |= {
        "status": "paid" if total == 0 else "unpaid",
        "payment_amount": total,
        "volume_discount_amount": discount or None,
        "secret": random_text(32),
        "created_at": state.stamp(),
        "updated_at": state.stamp(),
    }
    number = state.store.insert("eventschedule_sale", values)
    for row, quantity in (*lines, *addons):
        state.store.insert("eventschedule_line", {"sale_id": number, "ticket_id": row["id"], "quantity": quantity})
    sale = state.find("sale", number) or {}
    move_stock(state, sale, 1)
    return sale
