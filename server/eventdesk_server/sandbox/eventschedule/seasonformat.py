"""The season's format, checked before anything is stored.

Each table below lists an object's keys. A value is `str`, `int`, `float`, `bool`, a choice (a frozenset), "stamp"
(`YYYY-MM-DD HH:MM:SS`, UTC), "day" (`YYYY-MM-DD`), "object", a list of one table, or another table. `!` marks a key
that must be there; every other may be left out or null.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from eventdesk_server.sandbox.core import unknown_keys
from eventdesk_server.sandbox.eventschedule.eventrules import FREQUENCIES
from eventdesk_server.sandbox.eventschedule.feedback import KINDS
from eventdesk_server.sandbox.eventschedule.state import LANGUAGES

USER = {
    "email!": str,
    "name!": str,
    "password": str,
    "api_key": str,
    "api_key_expires_at": "stamp",
    "timezone": str,
    "language_code": frozenset(LANGUAGES),
    "two_factor": bool,
}
GROUP = {"name!": str, "slug": str, "color": str}
CATEGORY = {"id!": int, "name!": str, "color": str}
SCHEDULE = {
    "subdomain!": str,
    "type!": frozenset({"venue", "talent", "curator"}),
    "name": str,
    "owner": str,
    "members": "object",
    "email": str,
    "phone": str,
    "website": str,
    "description": str,
    "short_description": str,
    "show_phone": bool,
    "timezone": str,
    "language_code": frozenset(LANGUAGES),
    "profile_image_url": str,
    "address1": str,
    "city": str,
    "state": str,
    "postal_code": str,
    "country_code": str,
    "youtube_url": str,
    "plan": frozenset({"free", "trial", "pro", "enterprise"}),
    "verified": bool,
    "default_state": frozenset({"published", "draft", "private", "internal"}),
    "categories": [CATEGORY],
    "accept_requests": bool,
    "is_deleted": bool,
    "groups": [GROUP],
    "created_at": "stamp",
}
TICKET = {
    "type!": str,
    "price": "price",
    "quantity": int,
    "description": str,
    "sales_start_at": "stamp",
    "sales_end_at": "stamp",
    "volume_discount": {"min_quantity!": int, "type!": str, "value!": float},
    "pass": "object",
    "max_per_order": int,
    "custom_fields": "object",
    "retired": bool,
}
ADDON = {
    "type!": str,
    "price": "price",
    "quantity": int,
    "description": str,
    "image_url": str,
    "url": str,
    "retired": bool,
}
PART = {"name!": str, "description": str, "start_time": str, "end_time": str}
LINE = {"ticket": int, "addon": int, "quantity!": int}
FEEDBACK = {"rating!": int, "comment": str, "created_at": "stamp"}
_SALE: dict[str, Any] = {
    "name!": str,
    "email!": str,
    "phone": str,
    "status": frozenset({"unpaid", "paid", "cancelled", "refunded", "expired", "amount_mismatch"}),
    "event_date": "day",
    "payment_method": str,
    "payment_amount": float,
    "volume_discount_amount": float,
    "discount_amount": float,
    "gift_card_amount": float,
    "transaction_reference": str,
    "made_by": str,
    "subdomain": str,
    "order": str,
    "lines": [LINE],
    "feedback": FEEDBACK,
    "is_deleted": bool,
    "created_at": "stamp",
}
SALE: dict[str, Any] = {**_SALE, "guests": [_SALE]}
FAN = {
    "kind!": frozenset(KINDS),
    "content!": str,
    "submitted_by!": str,
    "part": int,
    "event_date": "day",
    "is_guest": bool,
    "is_approved": bool,
    "created_at": "stamp",
}
EVENT = {
    "name!": str,
    "user": str,
    "schedules!": [{"subdomain!": str, "group": str}],
    "creator": str,
    "short_description": str,
    "description": str,
    "starts_at": "stamp",
    "duration": float,
    "category_id": int,
    "is_private": bool,
    "is_draft": bool,
    "is_internal": bool,
    "event_password": str,
    "event_url": str,
    "registration_url": str,
    "flyer": str,
    "recurring_frequency": frozenset(FREQUENCIES),
    "recurring_interval": int,
    "days_of_week": str,
    "recurring_end_type": frozenset({"never", "on_date", "after_events"}),
    "recurring_end_value": str,
    "skipped_dates": "days",
    "added_dates": "days",
    "rsvp_enabled": bool,
    "rsvp_limit": int,
    "tickets_enabled": bool,
    "ticket_currency_code": str,
    "payment_method": str,
    "payment_instructions": str,
    "terms_url": str,
    "cancelled": bool,
    "appointment": bool,
    "sell_after_start": bool,
    "shared_pool": bool,
    "reserved": "object",
    "tickets": [TICKET],
    "addons": [ADDON],
    "parts": [PART],
    "sales": [SALE],
    "fan_content": [FAN],
    "created_at": "stamp",
}
SEASON = {"users": [USER], "schedules": [SCHEDULE], "events": [EVENT]}
_NAMES: dict[Any, str] = {str: "a string", int: "an integer", float: "a number", bool: "true or false"}


def _wrong(path: str, what: str) -> ValueError:
    return ValueError(f"{path}: {what}")


def check_object(value: Any, table: Mapping[str, Any], path: str) -> dict[str, Any]:
    """An object of the format.

    Raises:
        ValueError: It does not fit; the message names the path of the wrong part.
    """
    if not isinstance(value, Mapping):
        raise _wrong(path, "must be an object")
    row = cast("Mapping[str, Any]", value)
    unknown_keys(row, [key.rstrip("!") for key in table], path)
    for key, kind in table.items():
        name = key.rstrip("!")
        item = row.get(name)
        if item is None:
            if key.endswith("!"):
                raise _wrong(f"{path}.{name}", "is missing")
            continue
        _check(item, kind, f"{path}.{name}")
    return dict(row)


def _check(value: Any, kind: Any, path: str) -> None:
    if isinstance(kind, list):
        if not isinstance(value, list):
            raise _wrong(path, "must be a list")
        for index, item in enumerate(cast("list[Any]", value)):
            check_object(item, cast("list[dict[str, Any]]", kind)[0], f"{path}[{index}]")
    elif isinstance(kind, dict):
        check_object(value, cast("dict[str, Any]", kind), path)
    elif isinstance(kind, frozenset):
        choices = cast("frozenset[str]", kind)
        if not isinstance(value, str) or value not in choices:
            raise _wrong(path, f"must be one of {', '.join(sorted(choices))}")
    elif isinstance(kind, str):
        _check_named(value, kind, path)
    else:
        wanted: tuple[type, ...] = (int, float) if kind is float else (kind,)
        if not isinstance(value, wanted) or (isinstance(value, bool) and kind is not bool):
            raise _wrong(path, f"must be {_NAMES[kind]}")


def _check_named(value: Any, kind: str, path: str) -> None:
    if kind == "object":
        if not isinstance(value, Mapping):
            raise _wrong(path, "must be an object")
    elif kind == "price":
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise _wrong(path, "must be a number or decimal text")
    elif kind == "days":
        if not isinstance(value, list):
            raise _wrong(path, "must be a list")
        for index, item in enumerate(cast("list[Any]", value)):
            _check_named(item, "day", f"{path}[{index}]")
    else:
        pattern, shown = ("%Y-%m-%d", "YYYY-MM-DD") if kind == "day" else ("%Y-%m-%d %H:%M:%S", "YYYY-MM-DD HH:MM:SS")
        try:
            fits = isinstance(value, str) and datetime.strptime(value, pattern).strftime(pattern) == value  # noqa: DTZ007 - stamps carry no offset
        except ValueError:
            fits = False
        if not fits:
            raise _wrong(path, f"must be written {shown}")
