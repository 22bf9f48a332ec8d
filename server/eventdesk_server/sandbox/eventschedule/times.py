"""Stamps, zones, and the round trip through a wall clock that every event's start takes."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

_STAMP = "%Y-%m-%d %H:%M:%S"
_LOOSE = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%B %d %Y",
    "%b %d, %Y",
)
_TAIL = re.compile(r"\s*(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$", re.IGNORECASE)
_FRACTION = re.compile(r"(\d\d:\d\d:\d\d)\.\d+")


def stamp(moment: datetime) -> str:
    """A moment as its column keeps it: UTC, to the second."""
    return moment.astimezone(UTC).strftime(_STAMP).rjust(19, "0")


def read_stamp(text: str) -> datetime:
    """The moment of a stamp."""
    return datetime.strptime(text, _STAMP).replace(tzinfo=UTC)


def iso(text: str | None) -> str | None:
    """A stamp as answers show it: `+00:00`, never `Z`."""
    return None if text is None else text.replace(" ", "T") + "+00:00"


def parse_loose(text: str) -> str | None:
    """The stamp of a date in one of many spellings. An offset is dropped: the digits are taken as they stand."""
    bare = _FRACTION.sub(r"\1", _TAIL.sub("", text.strip().replace("T", " ") if text[:4].isdigit() else text.strip()))
    for form in _LOOSE:
        try:
            found = datetime.strptime(bare, form)  # noqa: DTZ007 - wall digits are stored as UTC
        except ValueError:
            continue
        return stamp(found.replace(tzinfo=UTC))
    return None


@cache
def zone(name: str) -> tzinfo | None:
    """A real zone, or None."""
    if not re.fullmatch(r"[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*", name):
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return None


def round_trip(text: str, out: tzinfo, back: tzinfo) -> str:
    """A UTC stamp through a wall clock and back.

    The wall clock keeps no offset, so in the hour that clocks repeat the first of the two moments comes back.
    """
    try:
        wall = read_stamp(text).astimezone(out).replace(tzinfo=None, fold=0)
        return stamp(wall.replace(tzinfo=back))
    except OverflowError:
        return text


def local_date(text: str, where: tzinfo) -> str:
    """The calendar date of a UTC stamp in a zone."""
    try:
        return read_stamp(text).astimezone(where).strftime("%Y-%m-%d").rjust(10, "0")
    except OverflowError:
        return text[:10]


def occurrence(text: str, date: str, where: tzinfo) -> datetime:
    """When the occurrence on a local date starts: that date at the event's own wall time."""
    try:
        wall = read_stamp(text).astimezone(where).time()
        day = datetime.strptime(date, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar date
        return datetime.combine(day, wall, tzinfo=where).astimezone(UTC)
    except (OverflowError, ValueError):
        return read_stamp(text)


def hours_later(moment: datetime, hours: Any) -> datetime:
    """`moment` plus a duration, as far as the calendar goes."""
    try:
        return moment + timedelta(hours=float(hours or 0))
    except (OverflowError, ValueError):
        return moment
