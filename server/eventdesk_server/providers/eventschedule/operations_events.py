"""Endpoints about events. The password of an event is a secret and no parameter here."""

from eventdesk_server.http.operations import Effect, Operation, Param
from eventdesk_server.providers.eventschedule.operations_schedules import PAGE

_EVENT = Param("event", "path", required=True)
_KINDS = ("single", "recurring")
_SEEN = "seen on a running server of August 2026"

LIST_EVENTS = Operation(
    name="list_events",
    method="GET",
    path="events",
    effect=Effect.READ,
    summary="Events on schedules of the account, latest start first; past, draft and unlisted ones too.",
    params=(
        Param("subdomain", about="of an attached schedule"),
        Param("starts_after", kind="date", about="inclusive, UTC; a repeating event's first date"),
        Param("starts_before", kind="date", about="inclusive, UTC; a repeating event's first date"),
        Param("venue_id"),
        Param("category_id", kind="integer"),
        Param("name", about="part of the name"),
        Param("schedule_type", choices=_KINDS),
        Param("tickets_enabled", kind="integer", about="1 or 0", choices=("1", "0")),
        Param("rsvp_enabled", kind="integer", about="1 or 0", choices=("1", "0")),
        Param("group_id", about="sub-schedule; an id that is none finds events without one"),
        *PAGE,
    ),
    source="reference page, List Events",
)

SHOW_EVENT = Operation(
    name="show_event",
    method="GET",
    path="events/{event}",
    effect=Effect.READ,
    summary="One event with tickets, add-ons, performers and agenda.",
    params=(_EVENT,),
    source="reference page, Show Event",
)

_EVENT_BODY = (
    Param("duration", "body", "number", about="hours, at most 8760"),
    Param("short_description", "body", about="at most 500 characters"),
    Param("description", "body", about="Markdown, at most 10000 characters"),
    Param("event_url", "body", about="at most 255 characters"),
    Param("registration_url", "body", about="at most 2048 characters"),
    Param("category_id", "body", "integer", about="of the schedule's list"),
    Param("category", "body", about="name, used only without category_id"),
    Param("schedule", "body", about="slug of a sub-schedule"),
    Param("schedule_type", "body", about="on a change, what is omitted beside it resets", choices=_KINDS),
    Param(
        "recurring_frequency",
        "body",
        choices=("daily", "weekly", "every_n_weeks", "monthly_date", "monthly_weekday", "yearly"),
    ),
    Param("recurring_interval", "body", "integer", about="weeks, from 2, for every_n_weeks"),
    Param("days_of_week", "body", about="seven of 0 and 1, Sunday first; for weekly and every_n_weeks"),
    Param("recurring_end_type", "body", choices=("never", "on_date", "after_events")),
    Param("recurring_end_value", "body", about="a date or a number"),
    Param("is_draft", "body", "boolean"),
    Param("is_private", "body", "boolean", about="unlisted; on lower plans it makes a draft"),
    Param("is_internal", "body", "boolean", about="forces a draft"),
    Param("rsvp_enabled", "body", "boolean"),
    Param("rsvp_limit", "body", "integer"),
    Param("tickets_enabled", "body", "boolean", about="tickets are dropped without it; false retires them for good"),
    Param("ticket_currency_code", "body", about="three letters; USD without it"),
    Param(
        "payment_method",
        "body",
        about="manual is stored as cash",
        choices=("cash", "stripe", "invoiceninja", "payment_url", "payfast", "manual"),
    ),
    Param("payment_instructions", "body", about="at most 5000 characters; cannot be read back"),
    Param("tickets", "body", "list", about="type, price, quantity, description, sales_start_at, sales_end_at; no ids"),
    Param("addons", "body", "list", about="type, price, quantity, description, url; no ids"),
    Param("event_parts", "body", "list", about="name, description, start_time, end_time; no ids"),
    Param("members", "body", "list", about="name, email of own or followed talents"),
    Param("venue_id", "body", about="any schedule's id"),
    Param("venue_name", "body", about="with venue_address1: an own or followed venue"),
    Param("venue_address1", "body", about="with venue_name"),
)

CREATE_EVENT = Operation(
    name="create_event",
    method="POST",
    path="events/{subdomain}",
    effect=Effect.ADD,
    summary="Create an event on a schedule.",
    params=(
        Param("subdomain", "path", required=True),
        Param("name", "body", required=True, about="at most 255 characters"),
        Param("starts_at", "body", "time", required=True, about="UTC, 2027-06-12 19:30:00"),
        *_EVENT_BODY,
    ),
    source=f"reference page, Create Event; UTC and further fields {_SEEN}",
)

UPDATE_EVENT = Operation(
    name="update_event",
    method="PUT",
    path="events/{event}",
    effect=Effect.CHANGE,
    summary="Change fields of an event. May detach sibling schedules and erases skipped dates and per-order limits.",
    params=(
        _EVENT,
        Param("name", "body", about="at most 255 characters"),
        Param("starts_at", "body", "time", about="UTC, 2027-06-12 19:30:00"),
        *_EVENT_BODY,
    ),
    source=f"reference page, Update Event; side effects {_SEEN}",
)

DELETE_EVENT = Operation(
    name="delete_event",
    method="DELETE",
    path="events/{event}",
    effect=Effect.REMOVE,
    summary="Delete an event for good, with all its orders, and a venue or talent that had nothing else.",
    params=(_EVENT,),
    source=f"reference page, Delete Event; what goes along {_SEEN}",
)

UPLOAD_FLYER = Operation(
    name="upload_flyer",
    method="POST",
    path="events/flyer/{event}",
    effect=Effect.CHANGE,
    summary="Upload an event's flyer; it replaces the old one, and none can be deleted.",
    params=(
        _EVENT,
        Param(
            "flyer_image",
            "body",
            "file",
            required=True,
            about="path of a file in the import folder, at most 10 MB",
            choices=("jpg", "jpeg", "png", "gif", "webp"),
        ),
    ),
    source="reference page, Upload Flyer",
)

ALL: tuple[Operation, ...] = (LIST_EVENTS, SHOW_EVENT, CREATE_EVENT, UPDATE_EVENT, DELETE_EVENT, UPLOAD_FLYER)
