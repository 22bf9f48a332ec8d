"""What is true of an event, in the words of `event_summary`, and how its answers are brought into the same form.

Each platform's module beside this one makes random seasons of it, and asks the sandbox's own tables what is true of
them. Nothing here uses an adapter.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

ZONES = ("UTC", "America/New_York", "Asia/Beirut", "Pacific/Auckland", "America/Havana", "Asia/Kathmandu")
NIGHTS = (date(2026, 10, 24), date(2026, 11, 1), date(2027, 1, 1), date(2026, 12, 31), date(2027, 2, 28))
"""Days at whose edges something is likely to go wrong."""
TURNS = {"Asia/Beirut": NIGHTS[0], "America/New_York": NIGHTS[1], "America/Havana": NIGHTS[1]}
"""Days that are an hour longer: in Beirut the last hour comes twice, in Havana the first."""
OPENED = datetime(2026, 10, 20, tzinfo=UTC)
DAYS_OPEN = 132

Row = tuple[str, str, "tuple[Decimal, str] | None", "int | None", "int | str | None"]


@dataclass(frozen=True, slots=True)
class Window:
    """A span as it is asked for, and the instants it means. Both ends belong to it."""

    asked: Mapping[str, str]
    first: datetime | None
    last: datetime | None

    def holds(self, at: datetime) -> bool:
        """Days begin with their first instant and end before the next day's: `last` is that next beginning."""
        return (self.first is None or at >= self.first) and (self.last is None or at < self.last)

    @property
    def given(self) -> bool:
        return bool(self.asked)


def beginning(day: date, zone: str) -> datetime:
    """The first instant of a day, also of one whose midnight clocks skip."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def window(rng: random.Random, zone: str) -> Window:
    """No span, or one of days or of instants, in the account's zone."""
    turn = TURNS.get(zone, NIGHTS[4])
    first = (
        turn if rng.random() < 0.4 else rng.choice([*NIGHTS, OPENED.date() + timedelta(days=rng.randrange(DAYS_OPEN))])
    )
    last = first + timedelta(days=rng.choice([0, 0, 0, 0, 1, 40]))
    asked = {"since": first.isoformat(), "until": last.isoformat()}
    start, end = beginning(first, zone), beginning(last + timedelta(days=1), zone)
    form = rng.choice(["none", "since", "until", "days", "days", "days", "times"])
    if form == "times":
        end -= timedelta(hours=2)
        start = min(start + timedelta(hours=1), end)
        # To the second, and both inclusive: the next second is outside.
        asked = {"since": f"{start:%Y-%m-%dT%H:%M:%S}Z", "until": f"{end:%Y-%m-%dT%H:%M:%S}+00:00"}
        return Window(asked, start, end + timedelta(seconds=1))
    kept = {"none": (), "since": ("since",), "until": ("until",)}.get(form, ("since", "until"))
    return Window(
        {name: text for name, text in asked.items() if name in kept},
        start if "since" in kept else None,
        end if "until" in kept else None,
    )


def moment(rng: random.Random, zone: str, span: Window) -> datetime:
    """When somebody registered: now and then at the edge of a day or of the span, to the second."""
    edges = [edge for edge in (span.first, span.last) if edge is not None]
    edges += [beginning(rng.choice(NIGHTS) + timedelta(days=rng.randrange(2)), zone)]
    if rng.random() < 0.3:
        return rng.choice(edges) + timedelta(seconds=rng.choice([-3601, -1800, -1, 0, 0, 1, 1800]))
    return OPENED + timedelta(seconds=rng.randrange(DAYS_OPEN * 86_400))


@dataclass(slots=True, kw_only=True)
class Truth:
    """What holds of an event, or of one date of it. None: the platform does not tell it."""

    title: str
    registered: int | None = None
    pending: int | None = None
    cancelled: int | None = None
    checked_in: int | None = None
    made: Sequence[tuple[datetime, int]] | None = None
    """When heads that count registered."""
    zone: str = "UTC"
    """Of the event: weeks are counted in it."""
    starts: date | None = None
    left: int | None = None
    revenue: Mapping[str, Decimal] | None = None
    refunded: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    unpaid: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    tickets: Sequence[Row] = ()
    sites: int | None = None
    live: int | None = None
    reach: int | None = None
    clicks: int | None = None
    basis: str = ""
    notes: Sequence[str] = ()
    """Beginnings of notes that must be there."""

    def by_day(self) -> Counter[date]:
        days: Counter[date] = Counter()
        for at, heads in self.made or ():
            days[at.astimezone(ZoneInfo(self.zone)).date()] += heads
        return days

    def new(self, span: Window) -> int | None:
        if self.made is None or not span.given:
            return None
        return sum(heads for at, heads in self.made if span.holds(at))

    def pace(self) -> list[list[Any]]:
        """Heads by the Monday of their week, the last eight weeks that had any."""
        weeks: Counter[date] = Counter()
        for day, heads in self.by_day().items():
            weeks[day - timedelta(days=day.weekday())] += heads
        return [[monday.isoformat(), heads] for monday, heads in sorted(weeks.items()) if heads][-8:]

    def facts(self, span: Window) -> dict[str, Any]:
        """The answer for this one event, but for its ref, start and notes."""
        told: dict[str, Any] = {
            "title": self.title, "registered": self.registered, "pending": self.pending, "cancelled": self.cancelled,
            "checked_in": self.checked_in, "new": self.new(span), "sites": self.sites, "live": self.live,
            "reach": self.reach, "clicks": self.clicks, "left": self.left,
            "revenue": dict(self.revenue or {}) or None, "refunded": dict(self.refunded) or None,
            "unpaid": dict(self.unpaid) or None, "pace": self.pace() or None, "basis": self.basis,
            "tickets": sorted(self.tickets, key=str) or None,
        }  # fmt: skip
        return {name: value for name, value in told.items() if value is not None}


def money(text: str) -> dict[str, Decimal]:
    """Money as answered: `12.50 EUR, 3 JPY`."""
    parts = [part.split(" ") for part in text.split(", ")]
    assert len({code for _, code in parts}) == len(parts)
    return {code: Decimal(amount) for amount, code in parts}


def told(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer for one event in the form of `Truth.facts`."""
    facts = {name: value for name, value in answer.items() if name not in {"ref", "starts", "notes", "sandbox"}}
    for name in ("revenue", "refunded", "unpaid"):
        if name in facts:
            facts[name] = money(facts[name])
    if "tickets" in facts:
        table = facts["tickets"]
        assert table["columns"] == ["ref", "name", "price", "sold", "left"]
        facts["tickets"] = sorted((_row(answer["ref"], row) for row in table["rows"]), key=str)
    return facts


def _row(event: str, row: Sequence[Any]) -> Row:
    ref, name, price, sold, left = row
    assert ref.startswith(f"{event}:")
    (amount,) = money(price).items() if price is not None else (None,)
    return ref.removeprefix(f"{event}:")[:2], name, (amount[1], amount[0]) if amount else None, sold, left


def pages(count: int, size: int) -> str:
    """`3 of 3 pages`; an empty list is one page."""
    number = max(-(-count // size), 1)
    return f"{number} of {number} page{'s' * (number != 1)}"
