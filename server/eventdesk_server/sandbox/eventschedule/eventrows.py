"""An event's tickets, add-ons and agenda parts: what a write keeps, retires and makes anew."""

import json
from typing import Any

from eventdesk_server.sandbox.eventschedule import php, times
from eventdesk_server.sandbox.eventschedule.answers import FrameworkError, server_error
from eventdesk_server.sandbox.eventschedule.state import Row, State

_USAGES = ("per_occurrence", "total", "unlimited")
_SCOPES = ("this_event", "all_events", "sub_schedule", "specific_events")


def check_passes(data: dict[str, Any]) -> None:
    """Refuse a pass that makes no sense, in the framework's shape.

    Raises:
        FrameworkError: A pass names an unknown usage or scope, or covers named events and names none.
    """
    if not php.truthy(data.get("tickets_enabled", True)):
        return
    for key, row in php.entries(data.get("tickets")):
        if not php.truthy(php.get(row, "is_pass")):
            continue
        for name, choices in (("pass_usage_type", _USAGES), ("pass_scope", _SCOPES)):
            value = php.get(row, name)
            if value is not None and value not in choices:
                _refuse(f"tickets.{key}.{name}", f"The selected tickets.{key}.{name} is invalid.")
        if php.get(row, "pass_scope") == "specific_events" and not php.entries(php.get(row, "pass_event_ids")):
            field = f"tickets.{key}.pass_event_ids"
            _refuse(field, f"The {field} field is required.")


def _refuse(field: str, message: str) -> None:
    raise FrameworkError(422, message, errors={field: [message]})


def save_rows(state: State, event: Row, data: dict[str, Any], *, had_tickets: bool) -> None:
    """Write tickets, then add-ons, then agenda parts.

    Raises:
        FrameworkError: A collection is null, or a ticket that should be kept has custom fields. Everything written
            before that point stays.
    """
    if event["tickets_enabled"]:
        if "tickets" in data:
            _replace_tickets(state, event, data["tickets"], addons=False)
        elif had_tickets:
            _rewrite_tickets(state, event)
        if "addons" in data:
            _replace_tickets(state, event, data["addons"], addons=True)
    else:
        state.store.update("eventschedule_ticket", {"event_id": event["id"]}, {"is_deleted": 1})
    if "event_parts" in data:
        _replace_parts(state, event, data["event_parts"])


def _rewrite_tickets(state: State, event: Row) -> None:
    """Tickets that a request does not mention are kept, but lose their order limit and stop being passes."""
    for ticket in state.tickets(event["id"]):
        if ticket["custom_fields"] is not None:
            raise server_error(keep=True)
        state.store.update(
            "eventschedule_ticket", {"id": ticket["id"]}, {"max_per_order": None, "is_pass": 0, "pass": None}
        )


def _replace_tickets(state: State, event: Row, rows: Any, *, addons: bool) -> None:
    """Make the list anew. A row with an `id` is compared with raw row numbers: it changes that row or is dropped."""
    if rows is None:
        raise server_error(keep=True)
    kept: list[int] = []
    for _, row in php.entries(rows):
        values = _ticket_values(row, addons=addons)
        raw = php.get(row, "id")
        if php.truthy(raw):
            number = php.integer(raw) if isinstance(raw, str | int | float) else 0
            found = state.find("ticket", number)
            if found is not None and found["event_id"] == event["id"] and bool(found["is_addon"]) == addons:
                state.store.update("eventschedule_ticket", {"id": number}, values)
                kept.append(number)
            continue
        values |= {"event_id": event["id"], "is_addon": int(addons)}
        kept.append(state.store.insert("eventschedule_ticket", values))
    for ticket in state.tickets(event["id"], addons=addons):
        if ticket["id"] not in kept:
            state.store.update("eventschedule_ticket", {"id": ticket["id"]}, {"is_deleted": 1})


def _ticket_values(row: Any, *, addons: bool) -> dict[str, Any]:
    values: dict[str, Any] = {
        "type": php.get(row, "type"),
        "quantity": php.column_integer(php.get(row, "quantity")),
        "price": php.price(php.get(row, "price")),
        "description": php.get(row, "description"),
        "max_per_order": _positive(php.get(row, "max_per_order")),
    }
    if addons:
        return values | {"url": php.get(row, "url")}
    is_pass = php.truthy(php.get(row, "is_pass"))
    starts, ends = php.get(row, "sales_start_at"), php.get(row, "sales_end_at")
    return values | {
        "sales_start_at": times.parse_loose(starts) if isinstance(starts, str) else None,
        "sales_end_at": times.parse_loose(ends) if isinstance(ends, str) else None,
        "volume_discount": _discount(php.get(row, "volume_discount")),
        "is_pass": int(is_pass),
        "pass": json.dumps(_pass(row)) if is_pass else None,
        # A pass is one redeemable unit, so an order holds one.
        "max_per_order": 1 if is_pass else values["max_per_order"],
    }


def _positive(value: Any) -> int | None:
    number = php.column_integer(value) if isinstance(value, str | int | float) else None
    return number if number is not None and number > 0 else None


def _discount(value: Any) -> str | None:
    least, kind, amount = (php.get(value, name) for name in ("min_quantity", "type", "value"))
    if not php.is_integer(least) or not isinstance(kind, str) or not php.is_numeric(amount):
        return None
    return json.dumps({"min_quantity": php.integer(least), "type": kind, "value": php.number(php.as_float(amount))})


def _pass(row: Any) -> dict[str, Any]:
    usage = php.get(row, "pass_usage_type") or "total"
    return {
        "pass_usage_type": usage,
        "pass_max_uses": _positive(php.get(row, "pass_max_uses")) if usage == "total" else None,
        "pass_valid_days": _positive(php.get(row, "pass_valid_days")),
        "pass_scope": php.get(row, "pass_scope") or "this_event",
        "pass_allow_booking": php.truthy(php.get(row, "pass_allow_booking")),
        "pass_admits_per_event": _positive(php.get(row, "pass_admits_per_event")) or 1,
        "pass_event_ids": [
            item for _, item in php.entries(php.get(row, "pass_event_ids")) if isinstance(item, str | int)
        ],
    }


def _replace_parts(state: State, event: Row, rows: Any) -> None:
    if rows is None:
        raise server_error(keep=True)
    kept: list[int] = []
    for order, (_, row) in enumerate(php.entries(rows)):
        values = {name: php.get(row, name) for name in ("name", "description", "start_time", "end_time")}
        values["sort_order"] = order
        raw = php.get(row, "id")
        if php.truthy(raw):
            number = php.integer(raw) if isinstance(raw, str | int | float) else 0
            found = state.find("part", number)
            if found is not None and found["event_id"] == event["id"]:
                state.store.update("eventschedule_part", {"id": number}, values)
                kept.append(number)
            continue
        kept.append(state.store.insert("eventschedule_part", values | {"event_id": event["id"]}))
    for part in state.store.rows("select id from eventschedule_part where event_id = ?", (event["id"],)):
        if part["id"] not in kept:
            state.store.execute("delete from eventschedule_part where id = ?", (part["id"],))
