"""Wall times drawn by dice, with what each must become: the instant, or a refusal. Worked out from the zone alone."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = (
    "Europe/London", "Europe/Madrid", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe",
    "America/Sao_Paulo", "Pacific/Auckland", "UTC",
)  # fmt: skip


@dataclass(frozen=True)
class Wall:
    """`given` is the argument. `at` is the instant it means; None where clocks skip or repeat it and no offset says which."""

    zone: str
    given: str
    at: datetime | None
    wall: datetime

    @property
    def repeated(self) -> bool:
        return len(meant(self.wall, ZoneInfo(self.zone))) > 1


def meant(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants at which the clocks of a zone show a wall time: none, one or two. Found by looking at every offset there is."""
    found: list[datetime] = []
    for minutes in range(-12 * 60, 14 * 60 + 1, 15):
        at = wall.replace(tzinfo=timezone(timedelta(minutes=minutes)))
        if at.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
            found.append(at.astimezone(UTC))
    return sorted(found)


def changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The wall times just before which the clocks of a zone change in a year."""
    found: list[datetime] = []
    first = datetime(year, 1, 1, tzinfo=UTC)
    for day in (first + timedelta(days=n) for n in range((first.replace(year=year + 1) - first).days)):
        if day.astimezone(zone).utcoffset() == (day + timedelta(days=1)).astimezone(zone).utcoffset():
            continue  # no clocks change twice a day
        for at in (day + timedelta(minutes=30 * n) for n in range(48)):
            later = at + timedelta(minutes=30)
            if at.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
                found.append(later.astimezone(zone).replace(tzinfo=None, fold=0))
    return found


def drawn(seed: int, count: int, zones: tuple[str, ...] = ZONES) -> Iterator[Wall]:
    """So many wall times from April 2027 on: ordinary ones, around changes of the clocks, at midnight and the turn of years."""
    draw = random.Random(seed)
    turns = {name: [turn for year in (2028, 2029) for turn in changes(ZoneInfo(name), year)] for name in zones}
    for number in range(count):
        name = zones[number % len(zones)]
        kind = draw.randrange(5)
        wall = datetime(2027, 4, 1) + timedelta(minutes=draw.randrange(60 * 24 * 900))  # noqa: DTZ001 - wall time
        if kind == 0 and turns[name]:
            wall = draw.choice(turns[name]) + timedelta(minutes=draw.randrange(-150, 150, 15))
        elif kind == 1:
            wall = datetime(draw.randint(2027, 2029), 12, 31, 23, draw.randrange(60))  # noqa: DTZ001 - wall time
        elif kind == 2:
            wall = wall.replace(hour=0, minute=draw.choice([0, 0, 1, 30]))
        instants = meant(wall, ZoneInfo(name))
        text = wall.isoformat(timespec="minutes")
        if instants and draw.random() < 0.3:
            at = draw.choice(instants)
            yield Wall(name, text + at.astimezone(ZoneInfo(name)).isoformat()[-6:], at, wall)
        else:
            yield Wall(name, text, instants[0] if len(instants) == 1 else None, wall)
