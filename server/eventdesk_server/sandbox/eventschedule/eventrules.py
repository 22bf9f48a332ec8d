"""What an event's fields must look like on create and update."""

from eventdesk_server.sandbox.eventschedule.state import Row
from eventdesk_server.sandbox.eventschedule.validation import (
    ARRAY,
    BOOLEAN,
    DATE,
    INTEGER,
    MOMENT,
    NULLABLE,
    NUMERIC,
    REQUIRED,
    SOMETIMES,
    STRING,
    URL,
    Rule,
    at_least,
    at_most,
    exactly,
    matching,
    one_of,
    required_if,
    required_with,
)  # fmt: skip

FREQUENCIES = ("daily", "weekly", "every_n_weeks", "monthly_date", "monthly_weekday", "yearly")
_ROW = {
    "quantity": (NULLABLE, INTEGER, at_least(0)),
    "price": (NULLABLE, NUMERIC, at_least(0)),
    "description": (NULLABLE, STRING, at_most(1000)),
}
_FIELDS: dict[str, tuple[Rule, ...]] = {
    "duration": (NULLABLE, NUMERIC, at_least(0), at_most(8760)),
    "description": (NULLABLE, STRING, at_most(10_000)),
    "short_description": (NULLABLE, STRING, at_most(500)),
    "event_url": (NULLABLE, URL, at_most(255)),
    "event_password": (NULLABLE, STRING, at_most(255)),
    "is_private": (NULLABLE, BOOLEAN),
    "is_draft": (NULLABLE, BOOLEAN),
    "is_internal": (NULLABLE, BOOLEAN),
    "rsvp_enabled": (NULLABLE, BOOLEAN),
    "rsvp_limit": (NULLABLE, INTEGER, at_least(1)),
    "registration_url": (NULLABLE, URL, at_most(2048)),
    "category": (NULLABLE, STRING, at_most(255)),
    "tickets_enabled": (NULLABLE, BOOLEAN),
    "ticket_currency_code": (NULLABLE, STRING, exactly(3)),
    "payment_method": (
        NULLABLE,
        STRING,
        one_of("cash", "stripe", "invoiceninja", "payment_url", "payfast", "manual"),
    ),
    "payment_instructions": (NULLABLE, STRING, at_most(5000)),
    "schedule_type": (NULLABLE, STRING, one_of("single", "recurring")),
    "recurring_frequency": (
        required_if("schedule_type", "recurring"),
        NULLABLE,
        STRING,
        one_of(*FREQUENCIES),
    ),
    "days_of_week": (
        required_if("recurring_frequency", "weekly", "every_n_weeks"),
        NULLABLE,
        STRING,
        matching("[01]{7}"),
    ),
    "recurring_interval": (NULLABLE, INTEGER, at_least(2)),
    "recurring_end_type": (NULLABLE, STRING, one_of("never", "on_date", "after_events")),
    "recurring_end_value": (NULLABLE, STRING),
    "venue_name": (NULLABLE, STRING, at_most(255)),
    "venue_address1": (NULLABLE, STRING, at_most(255)),
    "members": (NULLABLE, ARRAY),
    "schedule": (NULLABLE, STRING, at_most(255)),
    "tickets": (NULLABLE, ARRAY),
    "tickets.*.type": (required_with("tickets"), STRING, at_most(255)),
    **{f"tickets.*.{name}": chain for name, chain in _ROW.items()},
    "tickets.*.sales_start_at": (NULLABLE, DATE),
    "tickets.*.sales_end_at": (NULLABLE, DATE),
    "addons": (NULLABLE, ARRAY),
    "addons.*.type": (required_with("addons"), STRING, at_most(255)),
    **{f"addons.*.{name}": chain for name, chain in _ROW.items()},
    "addons.*.url": (NULLABLE, STRING, at_most(2000)),
    "event_parts": (NULLABLE, ARRAY),
    "event_parts.*.name": (required_with("event_parts"), STRING, at_most(255)),
    "event_parts.*.description": (NULLABLE, STRING, at_most(1000)),
    "event_parts.*.start_time": (NULLABLE, STRING),
    "event_parts.*.end_time": (NULLABLE, STRING),
}
INPUTS = frozenset({name for name in _FIELDS if "*" not in name} | {"name", "starts_at", "category_id", "venue_id"})
"""The keys that are looked at; all others are dropped without a word."""


def event_rules(categories: list[Row], *, partial: bool) -> dict[str, tuple[Rule, ...]]:
    """The rules of create, or of update when `partial`; a category must be one of the schedule's."""
    first: tuple[Rule, ...] = (SOMETIMES, REQUIRED) if partial else (REQUIRED,)
    return {
        "name": (*first, STRING, at_most(255)),
        "starts_at": (*first, MOMENT),
        "category_id": (NULLABLE, INTEGER, one_of(*(row["id"] for row in categories))),
        **_FIELDS,
    }
