"""Scalars as this platform reads and writes them: times in five spellings, ids, switches, texts.

Times are kept as UTC text with milliseconds (`2026-05-12T07:00:00.000Z`), which sorts as text, and are spelled for an
answer by the kind of the attribute.
"""

import json
import math
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

MAX_ID: Final = 2**63 - 1
_MAX_DEPTH: Final = 100
"""As deep as the JSON parser of a Rails application goes."""

_WALL: Final = re.compile(r"(\d{2})/(\d{2})/(\d{4}) - (\d{2}):(\d{2})(?::(\d{2}))?")
_DAY_FIRST: Final = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_PREFIX: Final = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?)?)?)?)?(Z|[+-]\d{2}:?\d{2})?"
)
_TRUE: Final = {"true", "1", "t", "on", "yes"}
_FALSE: Final = {"false", "0", "f", "off", "no", ""}


@lru_cache(maxsize=256)
def zone(name: str | None) -> ZoneInfo | None:
    """The zone of that name; none if there is no such zone."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a key at all, or the name of a directory
        return None


def stored(moment: datetime) -> str:
    """How the store keeps an instant."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def instant(text: str) -> datetime:
    """The instant that the store keeps as `text`."""
    return datetime.fromisoformat(text)


def with_offset(text: str, where: ZoneInfo) -> str:
    """`2026-05-12T09:00:00.000+02:00`."""
    try:
        return instant(text).astimezone(where).isoformat(timespec="milliseconds")
    except OverflowError:  # the first and last day of the calendar have no local time everywhere
        return text


def local_day(text: str, where: ZoneInfo) -> str:
    """`2026-05-12`."""
    return with_offset(text, where)[:10]


def wall_time(value: object, where: ZoneInfo) -> datetime | None:
    """An instant from `DD/MM/YYYY - HH:MM[:SS]`, the wall clock of the event's zone; none for any other spelling."""
    match = _WALL.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
    return _utc((year, month, day), (hour, minute, second), where)


def day_first(value: object) -> date | None:
    """A day from `DD/MM/YYYY`; none for any other spelling."""
    match = _DAY_FIRST.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    day, month, year = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def iso_prefix(value: str, where: ZoneInfo) -> datetime | None:
    """An instant from ISO 8601 or any left part of it (`2026-04`, `2026-04-03T10`); without an offset in `where`."""
    match = _PREFIX.fullmatch(value.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) if part else None for part in match.groups()[:6])
    offset = match[7]
    moment = _utc((year or 0, month or 1, day or 1), (hour or 0, minute or 0, second or 0), UTC if offset else where)
    if moment is None or offset is None or offset == "Z":
        return moment
    shift = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    try:
        return moment - shift if offset[0] == "+" else moment + shift
    except OverflowError:
        return None


def season_time(value: str, where: ZoneInfo) -> str:
    """The stored form of a season's time, in any ISO spelling that the platform itself writes.

    Raises:
        ValueError: It is no such time.
    """
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=where)
    try:
        return stored(moment)
    except OverflowError as cause:
        raise ValueError(f"{value!r} lies outside the calendar") from cause


def _utc(day: tuple[int, int, int], clock: tuple[int, int, int], where: tzinfo) -> datetime | None:
    try:
        return datetime.combine(date(*day), time(*clock), tzinfo=where).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def record_id(value: object) -> int | None:
    """A record's id from a number or its digits; none for anything else, so that a look-up simply finds nothing."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if 0 < value <= MAX_ID else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return record_id(int(value))
    return None


def flag(value: object) -> bool | None:
    """A switch as Rails casts it; none for what is no switch."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return {0: False, 1: True}.get(value)
    if isinstance(value, str):
        return True if value.lower() in _TRUE else False if value.lower() in _FALSE else None
    return None


def slug(name: str) -> str:
    """A name as part of an address: ASCII letters, digits, single hyphens; empty where none is left."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().encode("ascii", "ignore").decode()).strip("-")[:80].strip("-")


def read_json(body: bytes) -> Any:
    """A request's JSON.

    Raises:
        ValueError: It is not JSON, is nested too deeply, or holds a number or a text that cannot be kept.
    """
    try:
        found = json.loads(body, parse_constant=_no_constant)
    except RecursionError as cause:
        raise ValueError("nesting is too deep") from cause
    level: list[Any] = [found]
    for _ in range(_MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                members = cast("dict[str, Any]", value)
                below.extend((*members.keys(), *members.values()))
            elif isinstance(value, list):
                below.extend(cast("list[Any]", value))
            elif isinstance(value, str):
                plain_text(value)
            elif isinstance(value, float) and not math.isfinite(value):
                raise ValueError("a number is out of range")
        if not below:
            return found
        level = below
    raise ValueError("nesting is too deep")


def plain_text(value: str) -> str:
    """`value`, if a database can keep it.

    Raises:
        ValueError: It holds NUL or half of a surrogate pair.
    """
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("a text holds a character that cannot be kept")
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
