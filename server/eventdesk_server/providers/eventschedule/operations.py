"""Event Schedule's endpoints in use, as data. Paths relative to the base URL, never with a slash at the end."""

from eventdesk_server.http.operations import Effect, Operation, Param

_PAGE = (
    Param("page", kind="integer", about="from 1"),
    Param("per_page", kind="integer", about="1 to 500, 100 without it"),
)

LIST_SCHEDULES = Operation(
    name="list_schedules",
    method="GET",
    path="schedules",
    effect=Effect.READ,
    summary="Schedules that the key's user owns or administers, by name, with their sub-schedules.",
    params=(
        Param("subdomain", about="exact"),
        Param("name", about="part of the name"),
        Param("type", about="venue, talent or curator"),
        *_PAGE,
    ),
    source="reference page, List Schedules",
)

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
        Param("schedule_type", about="single or recurring"),
        Param("tickets_enabled", kind="integer", about="1 or 0"),
        Param("rsvp_enabled", kind="integer", about="1 or 0"),
        Param("group_id", about="sub-schedule"),
        *_PAGE,
    ),
    source="reference page, List Events",
)

SHOW_EVENT = Operation(
    name="show_event",
    method="GET",
    path="events/{event}",
    effect=Effect.READ,
    summary="One event with tickets, add-ons, performers and agenda.",
    params=(Param("event", "path", required=True),),
    source="reference page, Show Event",
)

_EVENT_BODY = (
    Param("duration", "body", "number", about="hours"),
    Param("short_description", "body", about="at most 500 characters"),
    Param("description", "body", about="Markdown, at most 10000 characters"),
    Param("event_url", "body"),
    Param("registration_url", "body"),
    Param("category_id", "body", "integer"),
    Param("schedule", "body", about="slug of a sub-schedule"),
    Param("schedule_type", "body", about="single or recurring"),
    Param("recurring_frequency", "body", about="daily weekly every_n_weeks monthly_date monthly_weekday yearly"),
    Param("recurring_interval", "body", "integer", about="weeks, from 2, for every_n_weeks"),
    Param("days_of_week", "body", about="seven of 0 and 1, Sunday first; for weekly and every_n_weeks"),
    Param("recurring_end_type", "body", about="never, on_date or after_events"),
    Param("recurring_end_value", "body", about="a date or a number"),
    Param("is_draft", "body", "boolean"),
    Param("is_private", "body", "boolean"),
    Param("is_internal", "body", "boolean"),
    Param("rsvp_enabled", "body", "boolean"),
    Param("rsvp_limit", "body", "integer"),
    Param("tickets_enabled", "body", "boolean", about="tickets are dropped without it"),
    Param("ticket_currency_code", "body"),
    Param("payment_method", "body", about="cash, stripe, invoiceninja, payment_url or payfast"),
    Param("tickets", "body", "list", about="type, price, quantity, description, sales_start_at, sales_end_at; no ids"),
    Param("addons", "body", "list", about="type, price, quantity, description, url; no ids"),
    Param("event_parts", "body", "list", about="name, description, start_time, end_time; no ids"),
    Param("members", "body", "list", about="name, email of own or followed talents"),
    Param("venue_id", "body"),
)

CREATE_EVENT = Operation(
    name="create_event",
    method="POST",
    path="events/{subdomain}",
    effect=Effect.ADD,
    summary="Create an event on a schedule.",
    params=(
        Param("subdomain", "path", required=True),
        Param("name", "body", required=True),
        Param("starts_at", "body", "time", required=True, about="UTC, 2027-06-12 19:30:00"),
        *_EVENT_BODY,
    ),
    source="reference page, Create Event; UTC and further fields seen on a running server of August 2026",
)

UPDATE_EVENT = Operation(
    name="update_event",
    method="PUT",
    path="events/{event}",
    effect=Effect.CHANGE,
    summary="Change fields of an event. May detach sibling schedules and erases skipped dates and per-order limits.",
    params=(
        Param("event", "path", required=True),
        Param("name", "body"),
        Param("starts_at", "body", "time", about="UTC, 2027-06-12 19:30:00"),
        *_EVENT_BODY,
    ),
    source="reference page, Update Event; side effects seen on a running server of August 2026",
)

LIST_SALES = Operation(
    name="list_sales",
    method="GET",
    path="sales",
    effect=Effect.READ,
    summary="Orders, latest first.",
    params=(
        Param("event_id"),
        Param("subdomain"),
        Param("status", about="unpaid, paid, cancelled, refunded or expired"),
        Param("email", about="exact, ignoring case"),
        Param("event_date", kind="date"),
        *_PAGE,
    ),
    source="reference page, List Sales",
)

SHOW_SALE = Operation(
    name="show_sale",
    method="GET",
    path="sales/{sale}",
    effect=Effect.READ,
    summary="One order with its lines.",
    params=(Param("sale", "path", required=True),),
    source="reference page, Show Sale",
)

CREATE_SALE = Operation(
    name="create_sale",
    method="POST",
    path="sales",
    effect=Effect.ADD,
    summary="Record an order; unpaid unless it costs nothing. No mail is sent and no duplicate is looked for.",
    params=(
        Param("event_id", "body", required=True),
        Param("name", "body", required=True),
        Param("email", "body", required=True),
        Param("tickets", "body", "object", required=True, about="ticket id to quantity"),
        Param("addons", "body", "object", about="add-on id to quantity"),
        Param("event_date", "body", "date", about="required for a repeating event, in the schedule's zone"),
    ),
    source="reference page, Create Sale",
)

OPERATIONS = (
    LIST_SCHEDULES,
    LIST_EVENTS,
    SHOW_EVENT,
    CREATE_EVENT,
    UPDATE_EVENT,
    LIST_SALES,
    SHOW_SALE,
    CREATE_SALE,
)
