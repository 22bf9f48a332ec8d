"""Event Schedule's records as neutral ones: zone, status, dates of repeating events, prices, agenda."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from eventdesk_server.providers.eventschedule import wire
from eventdesk_server.providers.eventschedule.recurrence import Pattern, pattern_of
from eventdesk_tools.models import Event, EventStatus, Session, Speaker, Ticket
from eventdesk_tools.money import Money
from eventdesk_tools.refs import Kind
from eventdesk_tools.times import Moment, zone_of

_CLOCK = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\s*(?P<half>[ap])?\.?m?\.?", re.IGNORECASE)
UNKNOWN_PATTERN = "repeats, pattern not known"


@dataclass(frozen=True, slots=True)
class Home:
    """The schedule an event was made on, as far as that can be told, and the zone its dates are in.

    The API does not mark the creator among the attached schedules. Where several of the account's own are attached we take
    a curator, since only the creator of an event can be one, else the first, the order of attachment being performers,
    creator, venue. `sure` is False where another of them has another zone.
    """

    schedule: wire.Schedule | None
    zone: str | None
    sure: bool = True

    @property
    def tz(self) -> ZoneInfo:
        return (zone_of(self.zone) if self.zone else None) or ZoneInfo("UTC")


def home_of(event: wire.Event, mine: Mapping[str, wire.Schedule], fallback: str) -> Home:
    """Where an event is at home; `mine` by id, `fallback` the account's zone."""
    own = [mine[attached.id] for attached in event.schedules if attached.id in mine]
    curators = [schedule for schedule in own if schedule.type == "curator"]
    chosen = (curators or own or [None])[0]
    zones = {schedule.timezone for schedule in own}
    zone = chosen.timezone if chosen is not None and zone_of(chosen.timezone or "-") else fallback
    return Home(chosen, zone or None, len(zones) < 2 or bool(curators))


def pattern(event: wire.Event, home: Home) -> Pattern | None:
    """The dates of a repeating event; None for a single one and for a pattern that we do not know."""
    if not event.repeats or event.starts_at is None:
        return None
    return pattern_of(
        event.starts_at,
        home.zone,
        frequency=event.recurring_frequency,
        days=event.days_of_week,
        interval=event.recurring_interval,
        end_type=event.recurring_end_type,
        end_value=event.recurring_end_value,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """The date of an event that is shown: the only one, the one asked for, or of a repeating event the next."""

    starts: Moment | None
    ends: Moment | None
    over: bool


def shown(
    event: wire.Event, home: Home, now: datetime, *, since: datetime | None = None, on: date | None = None
) -> Shown:
    """Which date to show. A date that is under way now is the next one, unless `since` asks for later starts."""
    dates = pattern(event, home)
    if dates is None:
        starts = Moment.instant(event.starts_at, home.zone) if event.starts_at is not None else None
        # An event whose pattern is not known may go on; it is not called ended.
        return _shown(event, home, starts, now, over=False if event.repeats else None)
    if on is not None:
        return _shown(event, home, dates.on(on), now)
    length = event.length or timedelta(0)
    last = dates.last_before(now)
    running = last is not None and last.utc() + length > now.astimezone(UTC)
    if since is not None:
        later = dates.first_from(since)
    else:
        later = last if running else dates.first_from(now)
    over = not running and dates.first_from(now) is None
    return _shown(event, home, later or last, now, over=over)


def _shown(event: wire.Event, home: Home, starts: Moment | None, now: datetime, *, over: bool | None = None) -> Shown:
    if starts is None:
        return Shown(None, None, over=bool(over))
    ends = Moment.instant(starts.utc() + event.length, home.zone) if event.length is not None else None
    if over is None:
        # Without a length nobody knows when it ends; it is not called ended before its day is over.
        until = ends.utc() if ends is not None else _end_of_day(starts.date, home.tz)
        over = until <= now.astimezone(UTC)
    return Shown(starts, ends, over)


def _end_of_day(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone).astimezone(UTC)


def status_of(event: wire.Event, date_shown: Shown, *, sold_out: bool = False) -> EventStatus:
    """One word. A cancelled event looks like any other through this API."""
    if event.is_draft or event.is_internal:
        return EventStatus.DRAFT
    if date_shown.over:
        return EventStatus.ENDED
    if sold_out:
        return EventStatus.SOLD_OUT
    return EventStatus.UNLISTED if event.is_private else EventStatus.LIVE


def to_event(
    event: wire.Event,
    home: Home,
    now: datetime,
    *,
    since: datetime | None = None,
    on: date | None = None,
    currency: str = "",
    sold_out: bool = False,
) -> Event:
    """An event as lists show it."""
    dates = pattern(event, home)
    when = shown(event, home, now, since=since, on=on)
    online = None if bool(event.event_url) == bool(event.venue_id) else bool(event.event_url)
    return Event(
        id=event.id,
        title=event.name,
        status=status_of(event, when, sold_out=sold_out),
        starts=when.starts,
        ends=when.ends,
        zone=home.zone,
        place=", ".join(part for part in (event.venue_name, event.venue_address1) if part),
        venue=event.venue_name,
        online=online,
        url=event.url,
        book_at=event.registration_url,
        calendar=calendar_of(event, home),
        category=event.category_name,
        repeats=str(dates) if dates is not None else UNKNOWN_PATTERN if event.repeats else "",
        occurrences=dates,
        updated=event.updated_at,
        capacity=capacity_of(event),
        currency=currency_of(event, currency),
    )


def calendar_of(event: wire.Event, home: Home) -> str:
    """`schedule` or `schedule/sub-schedule`, as the `calendar` argument is written."""
    attached = event.schedules
    if home.schedule is not None:
        attached = [schedule for schedule in attached if schedule.id == home.schedule.id]
    if not attached or not attached[0].subdomain:
        return ""
    first = attached[0]
    return f"{first.subdomain}/{first.group.slug}" if first.group is not None and first.group.slug else first.subdomain


def currency_of(event: wire.Event, fallback: str) -> str | None:
    return event.ticket_currency_code.upper() or fallback or None


def capacity_of(event: wire.Event) -> int | None:
    """Places in all; None when one ticket has no limit or nothing is told."""
    if event.tickets_enabled and event.tickets:
        quantities = [ticket.quantity for ticket in event.tickets]
        return sum(quantities) if all(quantity > 0 for quantity in quantities) else None
    return event.rsvp_limit if event.rsvp_enabled else None


def to_tickets(
    event: wire.Event,
    now: datetime,
    home: Home,
    *,
    over: bool = False,
    currency: str = "",
    sold: Mapping[tuple[str, str], int] | None = None,
    taken: Mapping[tuple[str, str], int] | None = None,
) -> tuple[Ticket, ...]:
    """Tickets and add-ons. `sold` counts all, `taken` those that use up the shown date's places; None: not counted."""
    code = currency_of(event, currency)
    made: list[Ticket] = []
    for kind, rows in ((Kind.TICKET, event.tickets), (Kind.EXTRA, event.addons)):
        for row in rows if event.tickets_enabled else ():
            on_sale, note = _on_sale(row, now, home, over)
            key = (kind.value, row.id)
            made.append(
                Ticket(
                    id=row.id,
                    name=row.type,
                    # A price that was never set sells as free.
                    price=Money(row.price if row.price is not None else Decimal(0), code),
                    sold=sold.get(key, 0) if sold is not None else None,
                    left=_left(row, taken.get(key, 0) if taken is not None else None),
                    on_sale=on_sale,
                    kind=kind,
                    description=row.description,
                    note="; ".join(part for part in (note, "a pass" if row.is_pass else "") if part),
                )
            )
    return tuple(made)


def _left(row: wire.Ticket, taken: int | None) -> int | Literal["unlimited"] | None:
    if row.quantity <= 0:
        return "unlimited"
    return None if taken is None else max(row.quantity - taken, 0)


def _on_sale(row: wire.Ticket, now: datetime, home: Home, over: bool) -> tuple[bool, str]:
    if over:
        return False, "the event is over"
    if row.sales_end_at is not None and row.sales_end_at <= now:
        return False, f"sales ended {Moment.instant(row.sales_end_at, home.zone)}"
    if row.sales_start_at is not None and row.sales_start_at > now:
        return False, f"sales begin {Moment.instant(row.sales_start_at, home.zone)}"
    return True, f"until {Moment.instant(row.sales_end_at, home.zone)}" if row.sales_end_at is not None else ""


def to_sessions(event: wire.Event, when: Shown, home: Home) -> tuple[Session, ...]:
    """Agenda parts. Their times are free text: read where it is a clock time, left out where it is not."""
    return tuple(
        Session(
            id=part.id or f"part-{number}",
            title=part.name,
            starts=_part_time(part.start_time, when, home),
            ends=_part_time(part.end_time, when, home),
            status="" if _part_time(part.start_time, when, home) else "undated",
            description=part.description,
        )
        for number, part in enumerate(event.event_parts, start=1)
    )


def _part_time(text: str, when: Shown, home: Home) -> Moment | None:
    matched = _CLOCK.fullmatch(text.strip())
    if matched is None or when.starts is None or when.starts.at is None:
        return None
    hour, minute = int(matched["hour"]), int(matched["minute"])
    if matched["half"]:
        hour = hour % 12 + (12 if matched["half"].lower() == "p" else 0)
    if hour > 23 or minute > 59:
        return None
    start = when.starts.at
    wall = datetime.combine(start.date(), time(hour, minute), tzinfo=home.tz)
    # After midnight belongs to the next day, where the event lasts into it.
    if wall < start and when.ends is not None and (wall + timedelta(days=1)).astimezone(UTC) <= when.ends.utc():
        wall += timedelta(days=1)
    return Moment.instant(wall.astimezone(UTC), home.zone)


def to_speakers(event: wire.Event) -> tuple[Speaker, ...]:
    return tuple(Speaker(name=member.name) for member in event.members.values() if member.name)


def counted(sales: Sequence[wire.Sale], day: date | None) -> dict[tuple[str, str], int]:
    """Places by ticket and add-on that orders hold, of one date or (None) of all."""
    found: dict[tuple[str, str], int] = {}
    for sale in sales:
        if sale.holds_places and (day is None or sale.event_date in {None, day}):
            for key, quantity in sale.lines.items():
                found[key] = found.get(key, 0) + quantity
    return found
