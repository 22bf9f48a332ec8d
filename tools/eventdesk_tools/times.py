"""Times: wall time in an event's zone going in, RFC 3339 with offset coming out, and no guess in between."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from typing_extensions import override

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.refs import shown

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(
    r"(?P<wall>\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s?(?P<offset>Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?"
)
# The ends of the calendar are kept clear, so that zones and sums of days never overflow.
_EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo | None:
    """The zone of an IANA name, or None when there is no such zone. Never raises: platforms do not check names."""
    try:
        return ZoneInfo(name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a platform tells it: an instant, a whole day, or wall time whose zone nobody tells.

    Exactly one of `at`, `day` and `wall` is set. `at` is aware and in the event's zone. `wall` reads
    `2027-07-06T18:00` and is shown as it is, never labelled UTC.
    """

    at: datetime | None = None
    day: date | None = None
    wall: str = ""

    @classmethod
    def instant(cls, at: datetime, zone: str | None = None) -> Self:
        """An instant, shown in `zone` if that is a zone.

        Raises:
            ValueError: `at` is naive.
        """
        if at.tzinfo is None:
            raise ValueError("an instant needs an offset")
        where = zone_of(zone) if zone else None
        return cls(at=at.astimezone(where) if where else at)

    @classmethod
    def local(cls, wall: datetime, zone: str | None) -> Self:
        """Wall time in `zone`; without a usable zone it stays wall time."""
        where = zone_of(zone) if zone else None
        naive = wall.replace(tzinfo=None)
        if where is None:
            return cls(wall=naive.isoformat(timespec="minutes"))
        return cls(at=naive.replace(tzinfo=where))

    @classmethod
    def whole_day(cls, day: date) -> Self:
        return cls(day=day)

    @override
    def __str__(self) -> str:
        """To the minute: `2027-06-12T19:30+01:00`, `2027-06-12`, or `2027-07-06T18:00` without offset."""
        if self.at is not None:
            return self.at.isoformat(timespec="minutes")
        return self.day.isoformat() if self.day is not None else self.wall

    @property
    def date(self) -> date:
        """The day it falls on, where it happens."""
        if self.at is not None:
            return self.at.date()
        return self.day if self.day is not None else datetime.fromisoformat(self.wall).date()

    def utc(self, zone: str | None = None) -> datetime:
        """An instant for ordering and comparing. Days and wall times are taken in `zone`, else in UTC."""
        if self.at is not None:
            return self.at.astimezone(UTC)
        where = (zone_of(zone) if zone else None) or UTC
        if self.day is not None:
            return datetime(self.day.year, self.day.month, self.day.day, tzinfo=where).astimezone(UTC)
        return datetime.fromisoformat(self.wall).replace(tzinfo=where).astimezone(UTC)


def parse_date(text: str, *, field: str) -> date:
    """Read `2027-06-12`.

    Raises:
        InvalidArguments: There is no such day.
    """
    if not _DAY.fullmatch(text.strip()):
        raise InvalidArguments(f"{shown(text)} is not a date. Write it like 2027-06-12.", field=field)
    try:
        return date.fromisoformat(text.strip())
    except ValueError as exc:
        raise InvalidArguments(f"{shown(text)} is not a day of the calendar.", field=field) from exc


def parse_time(text: str, zone: str, *, field: str) -> datetime:
    """Read wall time in `zone`; an offset, when given, must be the zone's at that time.

    Raises:
        InvalidArguments: Not a time; a wall time that clocks skip or repeat (both readings are named); a wrong offset.
    """
    matched = _TIME.fullmatch(text.strip())
    if matched is None:
        raise InvalidArguments(f"{shown(text)} is not a time. Write wall time like 2027-06-12T19:30.", field=field)
    where = zone_of(zone)
    if where is None:
        raise InvalidArguments(f"{shown(zone)} is not a time zone. Write it like Europe/London.", field="zone")
    try:
        wall = datetime.fromisoformat(matched["wall"].replace(" ", "T"))
    except ValueError as exc:
        raise InvalidArguments(f"{shown(text)} is not a time of the calendar.", field=field) from exc
    readings = wall_readings(wall, where)
    if matched["offset"]:
        return _with_offset(text, wall, matched["offset"], readings, zone, field)
    if len(readings) == 1 and _exists(readings[0], wall):
        return readings[0]
    both = [reading.isoformat(timespec="minutes") for reading in readings]
    why = "comes twice" if _exists(readings[0], wall) else "does not exist"
    raise InvalidArguments(
        f"{wall.isoformat(timespec='minutes')} {why} in {zone}: clocks change.", field=field, allowed=both
    )


def wall_readings(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The aware times that a wall time can mean: one, two where clocks are put back, or the two beside a gap."""
    early = wall.replace(tzinfo=zone, fold=0)
    late = wall.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return [early]
    readings = [early.astimezone(UTC).astimezone(zone), late.astimezone(UTC).astimezone(zone)]
    return sorted(readings, key=lambda at: at.astimezone(UTC))


def parse_told_once(text: str, zone: str, *, field: str, platform: str) -> datetime:
    """Read wall time as `parse_time` does, for a platform that keeps wall time without an offset.

    Raises:
        InvalidArguments: See `parse_time` and `refuse_later_reading`.
    """
    at = parse_time(text, zone, field=field)
    where = zone_of(zone)
    if where is not None:
        refuse_later_reading(at, where, field=field, platform=platform)
    return at


def refuse_later_reading(at: datetime, zone: ZoneInfo, *, field: str, platform: str) -> None:
    """Refuse the second of two hours that clocks repeat, for a platform that would store the first.

    Raises:
        InvalidArguments: It is the second; `allowed` holds the first.
    """
    readings = wall_readings(at.replace(tzinfo=None, fold=0), zone)
    if len(readings) > 1 and at.timestamp() != readings[0].timestamp():
        raise InvalidArguments(
            f"{platform} keeps wall time: it would store the first of the two hours that this time can mean.",
            next="Repeat the call with the earlier reading, in allowed, or with another time.",
            field=field,
            allowed=[readings[0].isoformat(timespec="minutes")],
        )


def _exists(reading: datetime, wall: datetime) -> bool:
    return reading.replace(tzinfo=None, fold=0) == wall


def _with_offset(text: str, wall: datetime, offset: str, readings: list[datetime], zone: str, field: str) -> datetime:
    given = datetime.fromisoformat(wall.isoformat() + ("+00:00" if offset == "Z" else offset)).utcoffset()
    for reading in readings:
        if reading.utcoffset() == given and _exists(reading, wall):
            return reading
    allowed = [reading.isoformat(timespec="minutes") for reading in readings]
    raise InvalidArguments(f"{shown(text)}: {zone} has another offset then.", field=field, allowed=allowed)


def parse_span(since: str, until: str, zone: str) -> tuple[datetime | None, datetime | None]:
    """Read both bounds of a range, of which either may be empty; see `parse_bound`.

    Raises:
        InvalidArguments: One of them is no bound, or the range ends before it begins.
    """
    first = parse_bound(since, zone, field="since", end=False) if since else None
    last = parse_bound(until, zone, field="until", end=True) if until else None
    if first is not None and last is not None and last < first:
        raise InvalidArguments("until lies before since.", field="until")
    return first, last


def parse_bound(text: str, zone: str, *, field: str, end: bool) -> datetime:
    """Read a bound of a range: a date (the whole day in `zone`) or a time. Both bounds are inclusive.

    A bound far from every event, as `9999-12-31` for no end, is moved inwards, so that it can be counted with.
    Answers tell times to the minute, so an end to the minute takes in all of it.

    Raises:
        InvalidArguments: It is neither.
    """
    return min(max(_bound(text, zone, field, end=end), _EARLIEST), _LATEST)


def _bound(text: str, zone: str, field: str, *, end: bool) -> datetime:
    if _DAY.fullmatch(text.strip()):
        day = parse_date(text, field=field)
        where = zone_of(zone) or UTC
        if end and day < date.max:
            day += timedelta(days=1)
            # Counted back in UTC: a day's last hour comes twice where clocks are put back at midnight.
            midnight = datetime(day.year, day.month, day.day, tzinfo=where).astimezone(UTC)
            return (midnight - timedelta(microseconds=1)).astimezone(where)
        return datetime(day.year, day.month, day.day, tzinfo=where)
    matched = _TIME.fullmatch(text.strip())
    rest = timedelta(minutes=1, microseconds=-1) if end and text.strip().count(":", 0, 17) == 1 else timedelta(0)
    if matched is not None and matched["offset"]:
        try:
            return rest + datetime.fromisoformat(
                matched["wall"].replace(" ", "T") + matched["offset"].replace("Z", "+00:00")
            )
        except ValueError as exc:
            raise InvalidArguments(f"{shown(text)} is not a time of the calendar.", field=field) from exc
    return parse_time(text, zone, field=field) + rest
