"""The dates of a repeating event, as wall time in its schedule's zone.

The rules are the platform's own (its public source, 2026): weeks begin on Sunday, also for "every n weeks"; a monthly
date that a month lacks is left out, and so is a fifth weekday; the end date is inclusive. Dates that somebody skipped or
added by hand are not visible through the API.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, YEARLY, rrule
from typing_extensions import override

from eventdesk_tools.times import Moment, zone_of

_DAYS = (SU, MO, TU, WE, TH, FR, SA)
_DAY_WORDS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_NTH = ("first", "second", "third", "fourth", "fifth")
# How far apart two dates of a pattern can lie, generously: a 29 February comes after eight years at the most.
_REACH = {"daily": 2, "weekly": 14, "monthly_date": 200, "monthly_weekday": 200, "yearly": 3300}
_MOST_COUNTED = 10_000
_EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


class Pattern:
    """A repeating event's dates; see `eventdesk_tools.models.Occurrences`."""

    def __init__(
        self,
        first: datetime,
        zone: str | None,
        *,
        frequency: str,
        days: str = "",
        interval: int | None = None,
        end_type: str = "",
        end_value: str = "",
    ) -> None:
        self._zone = (zone_of(zone) if zone else None) or ZoneInfo("UTC")
        self._first = first.astimezone(self._zone).replace(tzinfo=None, fold=0)
        self._frequency = frequency
        self._days = days
        self._every = max(interval or 2, 1) if frequency == "every_n_weeks" else 1
        self._until = _end_date(end_value) if end_type == "on_date" else None
        self._count = _end_count(end_value) if end_type == "after_events" else None

    def first_from(self, at: datetime) -> Moment | None:
        """The first date whose start is not before `at`."""
        wall = self._wall(at)
        for found in self._rule(wall).xafter(wall - timedelta(days=1), count=4, inc=True):
            moment = self._moment(found)
            if moment.utc() >= at:
                return moment
        return None

    def last_before(self, at: datetime) -> Moment | None:
        """The last date whose start is before `at`."""
        wall = self._wall(at)
        rule = self._rule(wall)
        found = rule.before(wall + timedelta(days=1), inc=True)
        while found is not None:
            moment = self._moment(found)
            if moment.utc() < at:
                return moment
            found = rule.before(found)
        return None

    def on(self, day: date) -> Moment | None:
        """The date that falls on `day` in the schedule's zone."""
        start = datetime.combine(day, time.min)
        found = self._rule(start).between(start, datetime.combine(day, time.max), inc=True)
        return self._moment(found[0]) if found else None

    @override
    def __str__(self) -> str:
        """`weekly on Tue, Thu until 2027-09-30`."""
        marked = [word for word, mark in zip(_DAY_WORDS, self._days, strict=False) if mark == "1"]
        on = f" on {', '.join(marked)}" if marked else ""
        nth = _NTH[(self._first.day - 1) // 7]
        weekday = _DAY_WORDS[(self._first.weekday() + 1) % 7]
        text = {
            "daily": "daily",
            "weekly": f"weekly{on}",
            "every_n_weeks": f"every {self._every} weeks{on}",
            "monthly_date": f"monthly on day {self._first.day}",
            "monthly_weekday": f"monthly on the {nth} {weekday}",
            "yearly": "yearly",
        }[self._frequency]
        if self._until is not None:
            return f"{text} until {self._until.isoformat()}"
        return f"{text}, {self._count} times" if self._count is not None else text

    def _wall(self, at: datetime) -> datetime:
        """Wall time of an instant. The ends of the calendar are kept clear for sums of days."""
        return min(max(at, _EARLIEST), _LATEST).astimezone(self._zone).replace(tzinfo=None, fold=0)

    def _moment(self, wall: datetime) -> Moment:
        """A date as an instant: wall time that clocks skip moves on by the gap, that comes twice is the first."""
        return Moment.instant(wall.replace(tzinfo=self._zone).astimezone(UTC), self._zone.key)

    def _rule(self, near: datetime) -> rrule:
        """The pattern, begun not long before `near` where nothing is counted, so that old events cost nothing."""
        start = self._first
        if self._count is None:
            step = 7 * self._every
            reach = max(_REACH.get(self._frequency, 14), 2 * step)
            periods = (near - timedelta(days=reach) - start).days // step
            if periods > 0:
                start += timedelta(days=periods * step)
        return _rule(self._frequency, start, self._first, self._days, self._every, self._until, self._count)


@lru_cache(maxsize=512)
def _rule(
    frequency: str, start: datetime, first: datetime, days: str, every: int, until: date | None, count: int | None
) -> rrule:
    end = datetime.combine(until, time.max) if until is not None else None
    if frequency == "daily":
        return rrule(DAILY, dtstart=start, until=end, count=count)
    if frequency == "monthly_date":
        return rrule(MONTHLY, dtstart=start, bymonthday=first.day, until=end, count=count)
    if frequency == "monthly_weekday":
        weekday = _DAYS[(first.weekday() + 1) % 7]((first.day - 1) // 7 + 1)
        return rrule(MONTHLY, dtstart=start, byweekday=weekday, until=end, count=count)
    if frequency == "yearly":
        return rrule(YEARLY, dtstart=start, bymonth=first.month, bymonthday=first.day, until=end, count=count)
    marked = [day for day, mark in zip(_DAYS, days, strict=False) if mark == "1"]
    if not marked:
        return rrule(DAILY, dtstart=start, count=0)
    return rrule(WEEKLY, dtstart=start, interval=every, wkst=SU, byweekday=marked, until=end, count=count)


def pattern_of(
    first: datetime,
    zone: str | None,
    *,
    frequency: str,
    days: str = "",
    interval: int | None = None,
    end_type: str = "",
    end_value: str = "",
) -> Pattern | None:
    """The pattern of a repeating event; None when its frequency is a word that we do not know."""
    if frequency not in {"daily", "weekly", "every_n_weeks", "monthly_date", "monthly_weekday", "yearly"}:
        return None
    return Pattern(
        first, zone, frequency=frequency, days=days, interval=interval, end_type=end_type, end_value=end_value
    )


def moved_days(days: str, by: int) -> str:
    """The same weekdays, so many days later."""
    if len(days) != 7:
        return days
    shift = by % 7
    return days[-shift:] + days[:-shift] if shift else days


def _end_date(value: str) -> date | None:
    digits = value.strip()[:10]
    parts = digits.split("-")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return None
    year, month, day = map(int, parts)
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return date(year, month, 1) + timedelta(days=day - 1)


def _end_count(value: str) -> int | None:
    """How many dates; a number past all sense counts as no end."""
    text = value.strip()
    if not text.isdecimal() or len(text) > 6 or int(text) > _MOST_COUNTED:
        return None
    return int(text)
