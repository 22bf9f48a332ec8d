"""Ratings after an event, and what fans sent in. Both are read only; an empty filter is ignored here."""

import json
from typing import Any

from eventdesk_server.sandbox.eventschedule import names, php, times
from eventdesk_server.sandbox.eventschedule.answers import Answer, check
from eventdesk_server.sandbox.eventschedule.inputs import Call
from eventdesk_server.sandbox.eventschedule.paging import PER_PAGE_RULE, newest_first, page, paged
from eventdesk_server.sandbox.eventschedule.state import MANAGING, Row, State
from eventdesk_server.sandbox.eventschedule.validation import (
    BOOLEAN,
    DAY,
    INTEGER,
    NULLABLE,
    STRING,
    Rule,
    at_least,
    at_most,
    one_of,
    validate,
)  # fmt: skip

_COMMON: dict[str, tuple[Rule, ...]] = {
    "event_id": (NULLABLE, STRING),
    "subdomain": (NULLABLE, STRING),
    "event_date": (NULLABLE, DAY),
    "per_page": PER_PAGE_RULE,
}
KINDS = ("comment", "photo", "video")


def list_feedback(state: State, call: Call, user: Row) -> Answer:
    rules = _COMMON | {
        "min_rating": (NULLABLE, INTEGER, at_least(1), at_most(5)),
        "from": (NULLABLE, DAY),
        "to": (NULLABLE, DAY),
    }
    check(validate(call.input, rules))
    events = {row["id"]: row for row in state.listed_events(user)}
    rows = [
        row
        for row in state.store.rows(
            "select f.*, s.name as attendee_name, s.email as attendee_email, s.subdomain from eventschedule_feedback f "
            "join eventschedule_sale s on s.id = f.sale_id and s.status = 'paid' and s.is_deleted = 0"
        )
        if row["event_id"] in events
    ]
    rows = _narrowed(state, call, rows)
    if call.get("subdomain") is not None:
        rows = [row for row in rows if names.folded(row["subdomain"]) == names.folded(call.get("subdomain"))]
    if call.get("min_rating") is not None:
        rows = [row for row in rows if row["rating"] >= php.integer(call.get("min_rating"))]
    if call.get("from") is not None:
        rows = [row for row in rows if row["created_at"][:10] >= call.get("from")]
    if call.get("to") is not None:
        rows = [row for row in rows if row["created_at"][:10] <= call.get("to")]

    def data(row: Row) -> dict[str, Any]:
        return {
            "id": state.encode(row["id"]),
            "event_id": state.encode(row["event_id"]),
            "event_name": events[row["event_id"]]["name"],
            "event_date": row["event_date"],
            "rating": row["rating"],
            "comment": row["comment"],
            "attendee_name": row["attendee_name"],
            "attendee_email": row["attendee_email"],
            "created_at": times.iso(row["created_at"]),
        }

    return paged(call, newest_first(state, rows, "created_at", page(call)), data)


def _narrowed(state: State, call: Call, rows: list[Row]) -> list[Row]:
    if call.get("event_id") is not None:
        wanted = state.decode(call.get("event_id"))
        rows = [row for row in rows if row["event_id"] == wanted]
    if call.get("event_date") is not None:
        rows = [row for row in rows if row["event_date"] == call.get("event_date")]
    return rows


def list_fan_content(state: State, call: Call, user: Row) -> Answer:
    rules = _COMMON | {"type": (NULLABLE, STRING, one_of(*KINDS)), "is_approved": (NULLABLE, BOOLEAN)}
    check(validate(call.input, rules))
    approved = php.boolean(call.get("is_approved")) if call.has("is_approved") else True
    managed = set(state.memberships(user["id"], *MANAGING))
    wanted = call.get("type")
    rows: list[Row] = []
    for row in _narrowed(state, call, state.store.rows("select * from eventschedule_fan")):
        schedules = state.attached(row["event_id"])
        if not any(role["id"] in managed for role in schedules):
            continue
        if bool(row["is_approved"]) != approved or (wanted is not None and row["kind"] != wanted):
            continue
        subdomain = call.get("subdomain")
        if subdomain is not None and names.folded(subdomain) not in {names.folded(r["subdomain"]) for r in schedules}:
            continue
        rows.append(row)
    number = max(1, php.integer(call.get("page", 1)))
    return paged(
        call,
        newest_first(state, rows, "created_at", number),
        lambda row: _fan_data(state, row, call.site),
        number=number,
    )


def _fan_data(state: State, row: Row, site: str) -> dict[str, Any]:
    event = state.find("event", row["event_id"])
    content: dict[str, Any] = json.loads(row["content"] or "{}")
    data: dict[str, Any] = {
        "id": state.encode(row["number"]),
        "type": row["kind"],
        "event_id": state.encode(row["event_id"]),
        "event_name": event["name"] if event else None,
        "event_part_id": state.encode(row["part_id"]) if row["part_id"] is not None else None,
        "event_date": row["event_date"],
        "submitted_by": row["submitted_by"],
        "is_guest_submission": bool(row["is_guest"]),
        "is_approved": bool(row["is_approved"]),
    }
    if row["kind"] == "comment":
        data["comment"] = content.get("comment")
    elif row["kind"] == "photo":
        data["photo_url"] = f"{site}/storage/{content.get('photo')}"
    else:
        data["youtube_url"] = f"https://www.youtube.com/watch?v={content.get('video')}"
        data["embed_url"] = f"https://www.youtube.com/embed/{content.get('video')}"
    data["created_at"] = times.iso(row["created_at"])
    return data
