"""The EventHQ stand-in's path-style parameters: segments `key:value`, the filter grammar, sorting and paging."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from eventdesk_server.sandbox.core import World
from eventdesk_server.sandbox.eventhq import records

LONDON = ZoneInfo("Europe/London")
PAGE = 20
Test = Callable[[dict[str, Any]], bool]

_CONDITION = re.compile(r"(event_starts|event_ends) ([<>]):(.*)|(\w+):(.*)", re.DOTALL)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_SORTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    **{name: lambda event, name=name: event[name] for name in (*records.EVENT_TIMES, "id", "attendee_count", "test")},
    **{name: lambda event, name=name: event[name].lower() for name in ("name", "slug", "location")},
    "sold_out": records.sold_out,
}


class Wrong(Exception):
    """A parameter that the platform cannot make sense of."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, in London."""

    now: datetime
    """Wall-clock time."""

    @property
    def today(self) -> date:
        return self.now.date()

    @classmethod
    def of(cls, world: World) -> "Moment":
        """The world's clock, or the day that a switch pins."""
        pinned = world.switch("eventhq.today")
        if pinned is not None:
            return cls(datetime.fromisoformat(f"{pinned}T12:00:00"))
        return cls(world.clock.now().astimezone(LONDON).replace(tzinfo=None))


def true_offset(wall: str) -> str:
    """London's offset at that wall-clock time, as the platform writes offsets."""
    return datetime.fromisoformat(wall).replace(tzinfo=LONDON).strftime("%z")


def named(segments: Iterable[str]) -> dict[str, str]:
    """Named parameters: the first colon splits. What has no colon is ignored; of a repeated key the last counts."""
    pairs = (segment.partition(":") for segment in segments)
    return {key: value for key, colon, value in pairs if colon}


def _period(text: str, today: date) -> Callable[[date], bool]:
    periods: dict[str, Callable[[date], bool]] = {
        "this_month": lambda day: (day.year, day.month) == (today.year, today.month),
        "this_quarter": lambda day: (day.year, (day.month - 1) // 3) == (today.year, (today.month - 1) // 3),
        "this_year": lambda day: day.year == today.year,
    }
    if text not in periods:
        raise Wrong(f"Invalid period: {text}")
    return periods[text]


def _day(event: dict[str, Any], field: str) -> date | None:
    return datetime.fromisoformat(event[field]).date() if event[field] else None


def _on(field: str, fits: Callable[[date], bool]) -> Test:
    def test(event: dict[str, Any]) -> bool:
        day = _day(event, field)
        return day is not None and fits(day)

    return test


def _compared(field: str, operator: str, text: str) -> Test:
    if not _DATE.fullmatch(text):
        raise Wrong(f"Invalid date: {text}")
    try:
        limit = date.fromisoformat(text)
    except ValueError as wrong:
        raise Wrong(f"Invalid date: {text}") from wrong
    return _on(field, lambda day: day > limit if operator == ">" else day < limit)


def _live(value: str, now: datetime) -> Test:
    """`1`: open with a ticket to choose. Anything else: not yet open, or closed; open but sold out is in neither."""
    if value == "1":
        return lambda event: records.registration_open(event, now) and records.selectable(event)
    return lambda event: not records.registration_open(event, now)


def conditions(text: str, moment: Moment, year_of: str) -> list[Test]:
    """The tests of an `f` parameter; an event has to pass all of them.

    Raises:
        Wrong: A condition is not one.
    """
    tests: list[Test] = []
    wanted: set[str] = set()
    unwanted: set[str] = set()
    for condition in text.split("|") if text else ():
        found = _CONDITION.fullmatch(condition)
        if not found:
            raise Wrong(f"Invalid filter: {condition}")
        field, operator, day, key, value = found.groups()
        if field:
            tests.append(_compared(field, operator, day))
        elif key in ("event_starts", "event_ends"):
            tests.append(_on(key, _period(value, moment.today)))
        elif key == "live":
            tests.append(_live(value, moment.now))
        elif key == "year" and _YEAR.fullmatch(value):
            tests.append(_on(year_of, lambda day, year=int(value): day.year == year))
        elif key == "tag":
            wanted.add(value)
        elif key == "tag_not":
            unwanted.add(value)
        elif key == "test":
            tests.append(lambda event, test=value == "1": event["test"] is test)
        else:
            raise Wrong(f"Invalid filter: {condition}")
    if wanted:
        tests.append(lambda event: not wanted.isdisjoint(event["tags"]))
    if unwanted:
        tests.append(lambda event: unwanted.isdisjoint(event["tags"]))
    return tests


def searched(text: str) -> Test:
    """Part of the name or of the location, in any case."""
    part = text.lower()
    return lambda event: part in event["name"].lower() or part in event["location"].lower()


def ordered(events: list[dict[str, Any]], field: str, direction: str) -> list[dict[str, Any]]:
    """Sorted; what has no value comes last.

    Raises:
        Wrong: There is no such field or direction.
    """
    if field not in _SORTS:
        raise Wrong(f"Invalid sort: {field}")
    if direction not in ("asc", "desc"):
        raise Wrong(f"Invalid direction: {direction}")
    key = _SORTS[field]
    known = [event for event in events if key(event) is not None]
    known.sort(key=key, reverse=direction == "desc")
    return known + [event for event in events if key(event) is None]


def positive(parameters: dict[str, str], name: str, otherwise: int) -> int:
    """A whole number of at least one.

    Raises:
        Wrong: It is something else.
    """
    text = parameters.get(name)
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) >= 1):
        raise Wrong(f"Invalid {name}: {text}")
    return int(text)
