"""What of an event a copy carries: the request body made of it, and the names of what goes along and what does not.

The platform has no copy operation; an event is read and created anew. Row ids never go along: the platform would match
them with unrelated rows. Nothing is sent as null: some fields fail at it after half of the event is saved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from eventdesk_server.providers.eventschedule import wire
from eventdesk_server.providers.eventschedule.recurrence import moved_days
from eventdesk_tools.models import Json

PARTS = ("tickets", "extras", "sessions", "speakers", "description", "places")
"""What can be left out."""
_METHODS = frozenset({"cash", "stripe", "invoiceninja", "payment_url", "payfast"})
_OWN_CATEGORIES = 100
"""Categories from this number on belong to one schedule; those below to the platform (seen running)."""


@dataclass(slots=True)
class Copy:
    """A body in the making, and what it carries."""

    body: dict[str, Json]
    copied: list[str] = field(default_factory=list[str])
    lost: list[str] = field(default_factory=list[str])

    def carry(self, what: str, values: Mapping[str, Json]) -> None:
        """Put values in, leaving out the empty ones; name what was put in."""
        kept = {name: value for name, value in values.items() if value not in (None, "", [])}
        if kept:
            self.body |= kept
            self.copied += [] if what in self.copied else [what]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """From when to when: the same number of days for everything dated, with wall times kept, also into another zone."""

    days: int
    zone: ZoneInfo
    to: ZoneInfo

    def instant(self, at: datetime | None) -> str | None:
        """A stamp moved, as digits of UTC: an offset in the input is ignored by the platform."""
        if at is None:
            return None
        wall = at.astimezone(self.zone).replace(tzinfo=None) + timedelta(days=self.days)
        return utc_digits(wall.replace(tzinfo=self.to))

    def day(self, text: str) -> str | None:
        year, _, rest = text.strip()[:10].partition("-")
        month, _, day = rest.partition("-")
        if not (year.isdecimal() and month.isdecimal() and day.isdecimal()):
            return None
        if not (1 <= int(year) < 9000 and 1 <= int(month) <= 12 and 1 <= int(day) <= 31):
            return None
        return (date(int(year), int(month), 1) + timedelta(days=int(day) - 1 + self.days)).isoformat()


def utc_digits(at: datetime) -> str:
    """`2027-06-12 18:30:00`, the only form of time that the platform takes."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")


def number(amount: Decimal | None) -> int | float | None:
    """A price as the platform wants it: it answers text and takes numbers."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def copy_of(
    event: wire.Event,
    *,
    title: str,
    starts: datetime,
    move: Move,
    target: wire.Schedule,
    same_schedule: bool,
    group: str,
    mine: Mapping[str, wire.Schedule],
    skip: frozenset[str],
    website: str,
    booking_url: str,
    published: bool,
) -> Copy:
    """The body of a copy on `target`."""
    # Without is_draft the schedule's own default would decide, which may be to publish.
    copy = Copy({"name": title, "starts_at": utc_digits(starts), "is_draft": not published})
    copy.carry("length", {"duration": number(event.duration)})
    if "description" in skip:
        copy.lost += ["description (as asked)"] if event.description or event.short_description else []
    else:
        copy.carry("description", {"short_description": event.short_description, "description": event.description})
    _links(copy, event, website, booking_url)
    _category(copy, event, same_schedule)
    copy.carry("sub-schedule", {"schedule": group})
    _hidden(copy, event)
    _repeats(copy, event, move)
    if event.rsvp_enabled:
        copy.carry("RSVP", {"rsvp_enabled": True, "rsvp_limit": event.rsvp_limit or None})
    if event.tickets_enabled:
        _tickets(copy, event, move, skip)
    if event.event_parts:
        parts = [
            _filled({"name": p.name, "description": p.description, "start_time": p.start_time, "end_time": p.end_time})
            for p in event.event_parts
        ]
        _carry_unless(copy, skip, "sessions", {"event_parts": parts})
    _venue(copy, event, target, skip)
    _members(copy, event, target, mine, skip)
    if event.flyer_image_url:
        copy.lost.append("flyer")
    copy.lost += ["payment instructions and custom fields (not visible)"]
    return copy


def _filled(row: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in row.items() if value not in (None, "", [])}


def _carry_unless(copy: Copy, skip: frozenset[str], part: str, values: Mapping[str, Json]) -> None:
    if part in skip:
        copy.lost.append(f"{part} (as asked)")
    else:
        copy.carry(part, values)


def _links(copy: Copy, event: wire.Event, website: str, booking_url: str) -> None:
    for what, name, given, held in (
        ("website", "event_url", website, event.event_url),
        ("booking_url", "registration_url", booking_url, event.registration_url),
    ):
        parts = urlsplit(held) if held.isprintable() and "[" not in held else None
        if given:
            copy.body[name] = given
        elif parts is not None and parts.scheme in {"http", "https"} and "." in parts.netloc:
            copy.carry(what, {name: held})
        elif held:
            copy.lost.append(f"{what} (no full address)")


def _category(copy: Copy, event: wire.Event, same_schedule: bool) -> None:
    if event.category_id is None:
        return
    if same_schedule or event.category_id < _OWN_CATEGORIES:
        copy.carry("category", {"category_id": event.category_id})
    else:
        copy.lost.append("category (the other schedule's own)")


def _hidden(copy: Copy, event: wire.Event) -> None:
    """Who may see it. A hidden event's copy is never more visible than the event."""
    if event.is_internal:
        copy.carry("internal", {"is_internal": True})
    elif event.is_private:
        copy.carry("unlisted", {"is_private": True})
    if event.is_password_protected:
        copy.lost.append("password")


def _repeats(copy: Copy, event: wire.Event, move: Move) -> None:
    if not event.repeats:
        return
    ends = event.recurring_end_type
    value = move.day(event.recurring_end_value) if ends == "on_date" else event.recurring_end_value
    weekly = event.recurring_frequency in {"weekly", "every_n_weeks"}
    copy.carry(
        "recurrence",
        {
            "schedule_type": "recurring",
            "recurring_frequency": event.recurring_frequency,
            "recurring_interval": event.recurring_interval if event.recurring_frequency == "every_n_weeks" else None,
            "days_of_week": moved_days(event.days_of_week, move.days) if weekly else None,
            "recurring_end_type": ends,
            "recurring_end_value": value if ends in {"on_date", "after_events"} else None,
        },
    )
    copy.lost.append("dates skipped or added by hand (not visible)")


def _tickets(copy: Copy, event: wire.Event, move: Move, skip: frozenset[str]) -> None:
    tickets = [_row(row, move) for row in event.tickets if not row.is_pass]
    if passes := [row.type for row in event.tickets if row.is_pass]:
        copy.lost.append(f"passes: {', '.join(passes)}")
    extras = [_row(row, move) for row in event.addons]
    if any(row.image_url for row in event.addons) and "extras" not in skip:
        copy.lost.append("images of extras")
    if not tickets or "tickets" in skip:
        # Without tickets nothing is sold, so nothing is said of selling.
        copy.lost += ["tickets (as asked)"] if "tickets" in skip and event.tickets else []
        copy.lost += ["extras (they need tickets)"] if extras else []
        return
    method = event.payment_method if event.payment_method in _METHODS else None
    currency = event.ticket_currency_code if len(event.ticket_currency_code) == 3 else None
    copy.carry(
        "tickets",
        {"tickets_enabled": True, "ticket_currency_code": currency, "payment_method": method, "tickets": tickets},
    )
    if any(row.get("sales_start_at") or row.get("sales_end_at") for row in tickets):
        copy.copied.append("sales windows, moved along")
    if extras:
        _carry_unless(copy, skip, "extras", {"addons": extras})
    copy.lost.append("per-order limits (not visible)")


def _row(row: wire.Ticket, move: Move) -> dict[str, Json]:
    discount = row.volume_discount
    return _filled(
        {
            "type": row.type,
            "price": number(row.price),
            "quantity": row.quantity if row.quantity > 0 else None,
            "description": row.description,
            "url": row.url,
            "sales_start_at": move.instant(row.sales_start_at),
            "sales_end_at": move.instant(row.sales_end_at),
            "volume_discount": _filled(
                {"min_quantity": discount.min_quantity, "type": discount.type, "value": number(discount.value)}
            )
            if discount is not None
            else None,
        }
    )


def _venue(copy: Copy, event: wire.Event, target: wire.Schedule, skip: frozenset[str]) -> None:
    if not event.venue_id or event.venue_id == target.id:
        return
    if target.type == "venue":
        copy.lost.append(f"place (it is {target.name or target.subdomain} itself)")
    else:
        _carry_unless(copy, skip, "places", {"venue_id": event.venue_id})


def _members(
    copy: Copy, event: wire.Event, target: wire.Schedule, mine: Mapping[str, wire.Schedule], skip: frozenset[str]
) -> None:
    """Performers go by name, and only those the account holds: one it neither owns nor follows fails the request."""
    others = {id_: member for id_, member in event.members.items() if id_ != target.id}
    if not others:
        return
    if target.type == "talent":
        copy.lost.append(f"speakers (on a performer's schedule it is {target.name or target.subdomain} alone)")
        return
    own = [m for id_, m in others.items() if id_ in mine and (m.name or m.email)]
    if own:
        _carry_unless(copy, skip, "speakers", {"members": [_filled({"name": m.name, "email": m.email}) for m in own]})
    foreign = [member.name for id_, member in others.items() if id_ not in mine]
    if foreign and "speakers" not in skip:
        copy.lost.append(f"speakers not of this account: {', '.join(foreign)}")
