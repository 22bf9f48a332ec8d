"""evvnt's wire format: times, redirect links, prices, and reading what a client sent."""

import hashlib
import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

LINK_NAMES = (
    "Website", "Booking", "Inquiries", "Tickets", "Facebook", "Twitter", "MySpace", "YouTube", "Brochure", "MobileApp",
    "Periscope",
)  # fmt: skip
"""The names that `links` may have (reference, Events)."""

EVENT_ID = re.compile(r"[1-9][0-9]{0,17}[a-z]?", re.ASCII)
"""Digits; the newer edition knows a one-letter suffix that tells the source."""

_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PRICE = re.compile(r"([A-Z]{3}) ([0-9]{1,12}(?:\.[0-9]{1,6})?)")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class NotJson(Exception):
    """A body that cannot be read."""


def read_time(text: object) -> datetime | None:
    """A time with an offset; None if it is none."""
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    day, clock, offset = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if offset == 'Z' else offset}")
    except ValueError:
        return None
    return moment if 1900 <= moment.year <= 2999 else None


def read_moment(text: str) -> datetime | None:
    """The value of `newer_than`: a time with an offset, or a bare date, which is its midnight UTC (seen in clients)."""
    return read_time(f"{text}T00:00:00Z" if _DATE.fullmatch(text) else text)


def stamp(moment: datetime) -> str:
    """A `timestamp`: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def colon_time(text: str) -> str:
    """The form of `start_time` and `end_time`: `+01:00`, or `Z` where the offset is zero."""
    moment = read_time(text)
    if moment is None:
        return text
    written = moment.replace(microsecond=0).isoformat()
    return f"{written[:-6]}Z" if written.endswith("+00:00") else written


def plain_time(text: str) -> str:
    """The form of `door_time` and `last_entry_time`: `+0100`. The reference's samples differ in form too."""
    moment = read_time(text)
    return text if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S%z")


def redirect(event_id: str, name: str, url: str) -> str:
    """The tracking link that stands in answers for a submitted one."""
    digest = hashlib.sha256(f"{event_id}\n{name}\n{url}".encode("utf-8", "replace")).digest()
    return "https://go.evvnt.com/" + "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:6])


def is_price(text: object) -> bool:
    """Whether it is a currency and an amount: `GBP 12.5`."""
    return isinstance(text, str) and _PRICE.fullmatch(text) is not None


def price(text: str) -> str:
    """A price as answered: the amount with one decimal at least, `GBP 50` → `GBP 50.0`. Other text as it is."""
    found = _PRICE.fullmatch(text)
    if found is None:
        return text
    whole, _, rest = format(Decimal(found[2]), "f").partition(".")
    return f"{found[1]} {whole}.{rest.rstrip('0') or '0'}"


def lines(text: str) -> str:
    """Text as answered: line breaks are `\\r\\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def read_object(body: bytes, content_type: str) -> dict[str, Any]:
    """The fields of a request. A body that is not announced as JSON has none.

    Raises:
        NotJson: The body is not a JSON object.
    """
    if content_type.partition(";")[0].strip().lower() != "application/json":
        return {}
    try:
        data = _clean(json.loads(body, parse_constant=_refuse))
    except (ValueError, RecursionError) as cause:
        raise NotJson from cause
    if not isinstance(data, dict):
        raise NotJson
    return cast("dict[str, Any]", data)


def _refuse(_: str) -> Any:
    raise ValueError("not a number of JSON")


def _clean(value: Any) -> Any:
    """Text without lone surrogates, which no database of ours can keep."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_clean(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in cast("dict[str, Any]", value).items()}
    return value
