"""The event endpoints."""

from typing import Any

from eventdesk_server.sandbox.eventschedule import names, php
from eventdesk_server.sandbox.eventschedule.answers import Answer, FrameworkError, Refusal, check, success, unwrapped
from eventdesk_server.sandbox.eventschedule.erase import erase_event
from eventdesk_server.sandbox.eventschedule.eventrules import INPUTS, event_rules
from eventdesk_server.sandbox.eventschedule.eventsave import save_event
from eventdesk_server.sandbox.eventschedule.inputs import Call
from eventdesk_server.sandbox.eventschedule.paging import PER_PAGE_RULE, newest_first, page, paged
from eventdesk_server.sandbox.eventschedule.render import event_data
from eventdesk_server.sandbox.eventschedule.resolve import current_schedule
from eventdesk_server.sandbox.eventschedule.state import MANAGING, Row, State, random_text
from eventdesk_server.sandbox.eventschedule.validation import (
    BOOLEAN,
    DAY,
    INTEGER,
    NULLABLE,
    STRING,
    Rule,
    one_of,
    validate,
)  # fmt: skip

_FILTERS: dict[str, tuple[Rule, ...]] = {
    "subdomain": (NULLABLE, STRING),
    "starts_after": (NULLABLE, DAY),
    "starts_before": (NULLABLE, DAY),
    "venue_id": (NULLABLE, STRING),
    "category_id": (NULLABLE, INTEGER),
    "name": (NULLABLE, STRING),
    "schedule_type": (NULLABLE, STRING, one_of("single", "recurring")),
    "tickets_enabled": (NULLABLE, BOOLEAN),
    "group_id": (NULLABLE, STRING),
    "per_page": PER_PAGE_RULE,
}
_FLYER_BYTES = 10_240 * 1024
_MAGIC = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
_PLAN = "API usage is limited to Pro accounts"
_DAILY = {"free": (100, 300), "trial": (100, 300), "pro": (500, 1500), "enterprise": (1000, 3000)}


def list_events(state: State, call: Call, user: Row) -> Answer:
    check(validate(call.input, _FILTERS))
    rows = [row for row in state.listed_events(user) if not row["is_appointment"]]
    rows = _filtered(state, call, rows)
    ordered = newest_first(state, rows, "starts_at", page(call))
    return paged(call, ordered, lambda row: event_data(state, row, call.site))


def _filtered(state: State, call: Call, rows: list[Row]) -> list[Row]:
    get = call.get
    if call.has("subdomain"):
        role = state.role_of(str(get("subdomain") or ""))
        rows = _on_schedule(state, rows, role["id"] if role else None)
    if get("starts_after") is not None:
        first = f"{get('starts_after')} 00:00:00"
        rows = [row for row in rows if row["starts_at"] is not None and row["starts_at"] >= first]
    if get("starts_before") is not None:
        last = f"{get('starts_before')} 23:59:59"
        rows = [row for row in rows if row["starts_at"] is not None and row["starts_at"] <= last]
    if call.has("venue_id"):
        venue = state.find("role", state.decode(get("venue_id")))
        rows = _on_schedule(state, rows, venue["id"] if venue and venue["type"] == "venue" else None)
    if call.has("category_id"):
        category = php.column_integer(get("category_id"))
        rows = [row for row in rows if row["category_id"] == category]
    if call.has("name"):
        part = names.folded(get("name"))
        rows = [row for row in rows if part in names.folded(row["name"])]
    if call.has("schedule_type"):
        recurring = get("schedule_type") == "recurring"
        rows = [row for row in rows if bool(row["recurring_frequency"]) == recurring]
    if call.has("tickets_enabled"):
        enabled = php.truthy(get("tickets_enabled"))
        rows = [row for row in rows if bool(row["tickets_enabled"]) == enabled]
    if call.has("rsvp_enabled"):
        enabled = php.boolean(get("rsvp_enabled"))
        rows = [row for row in rows if bool(row["rsvp_enabled"]) == enabled]
    if call.has("group_id"):
        # An id that does not decode becomes null, and null is what an attachment without a sub-schedule has.
        group = state.decode(get("group_id"))
        rows = [row for row in rows if any(role["group_id"] == group for role in state.attached(row["id"]))]
    return rows


def _on_schedule(state: State, rows: list[Row], role_id: int | None) -> list[Row]:
    found = state.store.rows("select event_id from eventschedule_attachment where role_id = ?", (role_id,))
    numbers = {row["event_id"] for row in found}
    return [row for row in rows if row["id"] in numbers]


def _editable(state: State, text: str, user: Row) -> Row:
    """The event of an id.

    Raises:
        Refusal: It is unknown (404), not the user's to edit (403), or not in the plan (403).
    """
    event = state.find("event", state.decode(text))
    if event is None:
        raise Refusal(404, "Event not found")
    if not state.may_edit(user, event):
        raise Refusal(403, "Unauthorized")
    if not state.is_pro_event(event):
        raise Refusal(403, _PLAN)
    return event


def show_event(state: State, call: Call, user: Row) -> Answer:
    return success(event_data(state, _editable(state, call.parameters["id"], user), call.site))


def create_event(state: State, call: Call, user: Row) -> Answer:
    role = state.role_of(call.parameters["subdomain"])
    if role is None or role["is_deleted"]:
        raise Refusal(404, "Schedule not found")
    if state.level(user["id"], role["id"]) not in MANAGING:
        raise Refusal(403, "Unauthorized")
    if not state.is_pro(role):
        raise Refusal(403, _PLAN)
    check(validate(call.input, event_rules(state.categories(role), partial=False)))
    _daily_cap(state, call, user, role)
    event, echo = save_event(state, user, role, None, _inputs(call))
    return success(event_data(state, event, call.site, echo), "Event created successfully", status=201)


def _daily_cap(state: State, call: Call, user: Row, role: Row) -> None:
    if not (state.hosted and state.world.limits):
        return
    of_schedule, of_user = _DAILY.get(role["plan"], _DAILY["free"])
    today = state.stamp()[:10]
    for column, number, cap in (("creator_role_id", role["id"], of_schedule), ("user_id", user["id"], of_user)):
        row = state.store.row(
            f"select count(*) as n from eventschedule_event where {column} = ? and substr(created_at, 1, 10) = ?",
            (number, today),
        )
        if row is not None and row["n"] >= cap:
            if not call.wants_json:
                raise FrameworkError(302, "", headers={"Location": f"{call.site}/"})
            raise Refusal(422, "You have reached the daily limit for creating events. Please try again tomorrow.")


def _inputs(call: Call) -> dict[str, Any]:
    return {name: value for name, value in call.input.items() if name in INPUTS}


def update_event(state: State, call: Call, user: Row) -> Answer:
    event = _editable(state, call.parameters["id"], user)
    current = current_schedule(state, user, event)
    check(validate(call.input, event_rules(state.categories(current), partial=True)))
    if current is None:
        raise Refusal(422, "No schedule found for this event that you have access to")
    event, echo = save_event(state, user, current, event, _inputs(call))
    return success(event_data(state, event, call.site, echo), "Event updated successfully")


def delete_event(state: State, call: Call, user: Row) -> Answer:
    event = _editable(state, call.parameters["id"], user)
    if event["is_appointment"]:
        state.store.update("eventschedule_event", {"id": event["id"]}, {"is_cancelled": 1, "updated_at": state.stamp()})
        return unwrapped({"message": "Appointment cancelled"})
    erase_event(state, event["id"])
    return success({"message": "Event deleted successfully"})


def _kind(content: bytes) -> str | None:
    """What an image really is, by its first bytes."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return next((kind for magic, kind in _MAGIC if content.startswith(magic)), None)


def upload_flyer(state: State, call: Call, user: Row) -> Answer:
    event = _editable(state, call.parameters["event_id"], user)
    upload = call.files.get("flyer_image")
    field = "The flyer image field"
    if upload is None:
        sent = call.get("flyer_image")
        message = f"{field} is required." if sent is None else f"{field} must be a file."
        raise Refusal(422, "Validation failed", {"flyer_image": [message]})
    messages: list[str] = []
    if _kind(upload.content) is None:
        messages.append(f"{field} must be a file of type: jpg, jpeg, png, gif, webp.")
    if len(upload.content) > _FLYER_BYTES:
        messages.append(f"{field} must not be greater than 10240 kilobytes.")
    check({"flyer_image": messages} if messages else {})
    extension = upload.name.rpartition(".")[2].lower()
    if extension not in ("jpg", "jpeg", "png", "gif", "webp"):
        raise Refusal(422, "Invalid file type")
    state.store.update(
        "eventschedule_event",
        {"id": event["id"]},
        {"flyer": f"flyer_{random_text(32)}.{extension}", "updated_at": state.stamp()},
    )
    event = state.find("event", event["id"]) or event
    return success(event_data(state, event, call.site), "Flyer uploaded successfully")
