"""What a copy is to be, and whether it has become so: times moved on the wall, and compared as instants."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from eventdesk_server.providers.eventtia.scalars import moment
from eventdesk_server.providers.eventtia.wire import Activity, EventRecord
from eventdesk_tools.times import Moment, zone_of


@dataclass(frozen=True, slots=True)
class Target:
    """What the copy is to be."""

    source: EventRecord
    zone: str
    title: str
    starts: datetime
    ends: datetime | None
    published: bool

    def met_by(self, copy: EventRecord) -> bool:
        told = copy.attributes
        return (
            told.name == self.title
            and told.active is self.published
            and same(told.start_date, self.starts)
            and (self.ends is None or same(told.end_date, self.ends))
        )

    def differences(self, copy: EventRecord) -> list[str]:
        """Where the copy, re-read, is not what was asked for."""
        told = copy.attributes
        found = list[str]()
        if not same(told.start_date, self.starts):
            found.append(
                f"Eventtia shows the start as {moment(told.start_date, self.zone)}, not {written(self.starts)}."
            )
        if self.ends is not None and not same(told.end_date, self.ends):
            found.append(f"Eventtia shows the end as {moment(told.end_date, self.zone)}, not {written(self.ends)}.")
        if told.name != self.title:
            found.append("Eventtia shows another title than the one sent.")
        if told.active is not self.published:
            state = "active: the public may see it" if told.active else "inactive"
            found.append(f"Eventtia shows the copy as {state}.")
        return found


@dataclass(frozen=True, slots=True)
class Move:
    """A session of the source, and when its copy is to be."""

    source: Activity
    starts: datetime
    ends: datetime | None

    @property
    def slot(self) -> str:
        """The name under which the copy's id is kept."""
        return f"session_{self.source.id}"

    def is_copied_as(self, other: Activity) -> bool:
        """Whether another event's session is the copy: same name, at the old time or at the new one."""
        told, mine = other.attributes, self.source.attributes
        return told.name == mine.name and (told.start_date == mine.start_date or same(told.start_date, self.starts))

    def done_in(self, other: Activity) -> bool:
        return same(other.attributes.start_date, self.starts)


def moved(when: datetime | date | None, zone: str, shift: timedelta) -> datetime | None:
    """A time moved on the wall, in `zone`."""
    at = moment(when, zone)
    where = zone_of(zone)
    return None if at is None or at.at is None else (wall(at.at) + shift).replace(tzinfo=where)


def wall(at: datetime) -> datetime:
    return at.replace(tzinfo=None, fold=0)


def exists(at: datetime) -> bool:
    return wall(at.astimezone(UTC).astimezone(at.tzinfo)) == wall(at)


def same(told: datetime | date | None, meant: datetime) -> bool:
    """Whether a time of the wire is the instant that was meant."""
    return isinstance(told, datetime) and told.tzinfo is not None and told.astimezone(UTC) == meant.astimezone(UTC)


def written(at: datetime) -> str:
    return str(Moment(at=at))
