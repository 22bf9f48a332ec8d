"""Writing an event: visibility, recurrence, the start's round trip, and what an answer echoes.

Only the row and the attachments are written here; tickets, add-ons and agenda parts follow in `eventrows`. The
platform runs all of it without a transaction, so what fails late leaves the earlier part saved.
"""

import json
import re
from typing import Any

from eventdesk_server.sandbox.eventschedule import names, php, times
from eventdesk_server.sandbox.eventschedule.answers import server_error
from eventdesk_server.sandbox.eventschedule.eventrows import check_passes, save_rows
from eventdesk_server.sandbox.eventschedule.resolve import attach, create_venue, resolve
from eventdesk_server.sandbox.eventschedule.state import Row, State, random_text

_TEXTS = ("name", "description", "short_description", "event_url", "registration_url", "payment_instructions")
_FLAGS = ("is_private", "is_draft", "is_internal")
_EVERY_DAY = "1111111"


def save_event(
    state: State, user: Row, current: Row, event: Row | None, data: dict[str, Any]
) -> tuple[Row, dict[str, Any]]:
    """Create or change an event; answers its row and what the reply echoes in place of stored values.

    Raises:
        Refusal, FrameworkError: As the platform refuses or fails; some failures keep what was written before them.
    """
    wanted = resolve(state, user, current, data)
    check_passes(data)
    starts_at = _start(state, current, event, data, venue=wanted.venue, user=user)
    values = _scalars(data, event)
    if wanted.category is not None:
        values["category_id"] = wanted.category
    values |= _visibility(state, current, event, data)
    values |= _recurrence(event, data)
    values |= {"starts_at": starts_at, "updated_at": state.stamp()}
    if wanted.new_venue is not None:
        wanted.venue = create_venue(state, user, current, wanted.new_venue)
    echo = _echo(data, event)
    if event is None:
        values |= {
            "user_id": user["id"],
            "creator_role_id": current["id"],
            "slug": names.slug(data["name"]) or random_text(8),
            "created_at": state.stamp(),
        }
        number = state.store.insert("eventschedule_event", values)
    else:
        number = event["id"]
        state.store.update("eventschedule_event", {"id": number}, values)
    saved = state.find("event", number) or {}
    if event is not None and not saved["recurring_frequency"] and event["starts_at"] != saved["starts_at"]:
        _move_sales(state, saved)
    attach(state, number, current, wanted, user, fresh=event is None)
    save_rows(state, saved, data, had_tickets=event is not None and bool(event["tickets_enabled"]))
    return state.find("event", number) or saved, echo


def _start(state: State, current: Row, event: Row | None, data: dict[str, Any], *, venue: int | None, user: Row) -> str:
    """The start after its way through a wall clock and back; the two halves may use different zones."""
    out = state.zone_of(current, user)
    back = out
    if "starts_at" not in data:
        if event is None or event["starts_at"] is None:
            raise server_error()
        text = event["starts_at"]
    else:
        text = data["starts_at"]
        place = state.find("role", venue)
        if not current["timezone"] and place is not None and place["timezone"]:
            back = times.zone(place["timezone"])
    if out is None or back is None:
        raise server_error()
    return times.round_trip(text, out, back)


def _scalars(data: dict[str, Any], event: Row | None) -> dict[str, Any]:
    values: dict[str, Any] = {name: data[name] for name in _TEXTS if name in data}
    if "duration" in data:
        values["duration"] = None if data["duration"] is None else php.as_float(data["duration"])
    for name in ("category_id", "rsvp_limit"):
        if name in data:
            values[name] = php.column_integer(data[name])
    for name in ("rsvp_enabled", "tickets_enabled"):
        if name in data:
            values[name] = int(php.truthy(data[name]))
    if "ticket_currency_code" in data:
        if data["ticket_currency_code"] is None:
            raise server_error()
        values["ticket_currency_code"] = data["ticket_currency_code"]
    if "payment_method" in data:
        method = data["payment_method"]
        values["payment_method"] = "cash" if method == "manual" else method
    if event is None:
        values.setdefault("tickets_enabled", 0)
    return values


def _visibility(state: State, current: Row, event: Row | None, data: dict[str, Any]) -> dict[str, Any]:
    """The three flags and the password, after the schedule's default and the plan had their say."""
    before = event or {}
    flags = {name: bool(before.get(name)) for name in _FLAGS}
    sent = [name for name in _FLAGS if name in data]
    default = current["default_state"] or "published"
    flags |= {name: php.truthy(data[name]) for name in sent}
    if event is None and not sent:
        flags = {
            "is_private": default == "private",
            "is_draft": default in ("draft", "internal"),
            "is_internal": default == "internal",
        }
    elif event is None and "is_draft" not in data and not (flags["is_private"] or flags["is_internal"]):
        flags["is_draft"] = default == "draft"
    if flags["is_internal"]:
        flags |= {"is_draft": True, "is_private": False}
    if not state.is_enterprise(current):
        if flags["is_private"]:
            flags |= {"is_draft": True, "is_private": False}
        flags["is_internal"] = False
    password = data.get("event_password", before.get("event_password"))
    return {name: int(flag) for name, flag in flags.items()} | {
        "event_password": password if flags["is_private"] else None
    }


def _recurrence(event: Row | None, data: dict[str, Any]) -> dict[str, Any]:
    """The recurrence columns. Dates skipped or added elsewhere never survive a write."""
    erased = {"skipped_dates": None, "added_dates": None}
    if "schedule_type" not in data and event is not None and event["recurring_frequency"]:
        kept: dict[str, Any] = {}
        if data.get("days_of_week") is not None and event["recurring_frequency"] in ("weekly", "every_n_weeks"):
            kept["days_of_week"] = data["days_of_week"]
        return kept | erased
    if data.get("schedule_type") != "recurring":
        return erased | {
            "recurring_frequency": None,
            "recurring_interval": None,
            "days_of_week": None,
            "recurring_end_type": "never",
            "recurring_end_value": None,
        }
    frequency = data["recurring_frequency"]
    by_week = frequency in ("weekly", "every_n_weeks")
    interval = max(2, php.integer(data.get("recurring_interval") or 2)) if frequency == "every_n_weeks" else None
    end_type = data.get("recurring_end_type") or "never"
    return erased | {
        "recurring_frequency": frequency,
        "recurring_interval": php.column_integer(interval),
        "days_of_week": data.get("days_of_week") if by_week else _EVERY_DAY,
        "recurring_end_type": end_type,
        "recurring_end_value": _end_value(end_type, data.get("recurring_end_value")),
    }


def _end_value(end_type: str, value: str | None) -> str | None:
    """An end that fits its type, else nothing."""
    if value is None or end_type == "never":
        return None
    if end_type == "on_date":
        return value if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else None
    count = php.integer(value) if php.is_numeric(value) else 0
    return str(count) if count > 0 else None


def _echo(data: dict[str, Any], event: Row | None) -> dict[str, Any]:
    """What the in-memory record shows: values as they were sent, and null where the database fills in a default."""
    echo: dict[str, Any] = {name: data[name] for name in ("category_id", "rsvp_limit") if data.get(name) is not None}
    if event is None:
        echo |= {name: None for name in ("ticket_currency_code", "payment_method") if name not in data}
    return echo


def _move_sales(state: State, event: Row) -> None:
    """A single event that moves takes all its sales along; a ticket's counters become its first date's."""
    date = state.event_date(event)
    state.store.update("eventschedule_sale", {"event_id": event["id"]}, {"event_date": date})
    for ticket in state.store.rows("select id, sold from eventschedule_ticket where event_id = ?", (event["id"],)):
        sold: dict[str, int] = json.loads(ticket["sold"])
        if sold and date is not None:
            moved = json.dumps({date: next(iter(sold.values()))})
            state.store.update("eventschedule_ticket", {"id": ticket["id"]}, {"sold": moved})
