"""What `update_event` is given, held against the event as it is: only what differs is sent."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from eventdesk_server.providers.eventschedule import wire
from eventdesk_server.providers.eventschedule.calendars import refuse_second_reading
from eventdesk_server.providers.eventschedule.changes import refuse_what_breaks
from eventdesk_server.providers.eventschedule.copying import utc_digits
from eventdesk_server.providers.eventschedule.drafting import (
    TEXTS,
    category_of,
    ends_of,
    hours_between,
    prices_of,
    refuse_images_and_packages,
    texts_of,
    ticket_rows,
    venue_of,
)
from eventdesk_server.providers.eventschedule.mapping import Home, currency_of, pattern
from eventdesk_server.providers.eventschedule.putting import Put, already, plan_put
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import Json, WriteResult
from eventdesk_tools.money import Money
from eventdesk_tools.plans import Change, WritePlan
from eventdesk_tools.records import EventDraft, Place
from eventdesk_tools.times import Moment, parse_time

_EMPTIED = {
    "ends": "duration", "summary": "short_description", "description": "description", "category": "category_id",
    "website": "event_url", "booking_url": "registration_url",
}  # fmt: skip
_UNDO_LIMIT = 600
_TICKETS_BODY = frozenset({"tickets", "tickets_enabled", "ticket_currency_code"})


async def plan_update(reader: Reader, event_id: str, draft: EventDraft) -> WritePlan | WriteResult:
    """How to change an event.

    Raises:
        Unsupported: An argument that the platform cannot express, or a change that it would mangle.
        InvalidArguments: An argument that is impossible.
    """
    _refuse_what_no_change_takes(draft)
    texts = texts_of(draft)
    venue = venue_of(draft.place) if draft.place is not None else {}
    event = await reader.event(event_id)
    home = await reader.home(event)
    refuse_what_breaks(event, home, start_sent=draft.starts is not None)
    wanted: dict[str, Json] = {name: texts[field] for name, field in TEXTS.items() if field in texts}
    body: dict[str, Json] = {**texts, **_times(event, home, draft, wanted)}
    notes: list[str] = []
    if draft.category is not None:
        category = await category_of(reader, _subdomain(event, home), draft.category)
        wanted["category"] = category.name
        body["category_id"] = category.id
    if draft.place is not None and _place(draft.place) != _place_of(event):
        await _refuse_place(reader, event)
        wanted["place"] = _place(draft.place)
        body |= venue
    if draft.published is not None:
        if draft.published and event.is_internal:
            raise Unsupported(
                "The event is internal, which keeps it a draft.",
                next="Tell the person to make it public in Event Schedule itself.",
                field="published",
            )
        if draft.published != _told(event, home)["published"]:
            wanted["published"] = draft.published
            body["is_draft"] = not draft.published
    if draft.tickets is not None:
        notes += _tickets(event, reader.settings.currency, draft, body, wanted)
    for name in draft.clear:
        wanted[name] = None
        body[_EMPTIED[name]] = None
    before = _told(event, home)
    changes = tuple(
        Change(name, before.get(name), value) for name, value in wanted.items() if before.get(name) != value
    )
    changed = {change.field for change in changes}
    # A start that moves takes the end along; where the end stays, the length is what changes.
    kept = {"ends"} if "starts" in changed and draft.ends is not None else set[str]()
    if not changes:
        drafted: dict[str, Json] = {} if draft.published is None else {"is_draft": not draft.published}
        return already(reader, event, home, {**body, **venue, **drafted})
    body = {field: value for field, value in body.items() if _argument(field) in changed | kept}
    put = Put(
        body=body, changes=changes, told=lambda found: _told(found, home), undo=_undo(changes), notes=tuple(notes)
    )
    return await plan_put(reader, event, home, put)


def _refuse_what_no_change_takes(draft: EventDraft) -> None:
    refuse_images_and_packages(draft)
    for name, why in (
        ("zone", "an event is in its schedule's time zone"),
        ("calendar", "an event stays on the schedules that hold it"),
        ("recurrence", "how an event repeats is changed in Event Schedule itself"),
    ):
        if getattr(draft, name) is not None:
            raise Unsupported(f"{name}: {why}.", next=f"Repeat the call without {name}.", field=name)
    if "tickets" in draft.clear:
        raise Unsupported(
            "Taking all tickets away would retire them for good.",
            next="Tell the person to do this in Event Schedule itself.",
            field="clear",
        )
    if strange := [name for name in draft.clear if name not in _EMPTIED]:
        raise InvalidArguments(f"{strange[0]} cannot be emptied.", field="clear", allowed=tuple(_EMPTIED))


def _argument(field: str) -> str:
    """The argument that a field of the platform comes from."""
    if field in _TICKETS_BODY:
        return "tickets"
    if field.startswith("venue_"):
        return "place"
    others = {"starts_at": "starts", "duration": "ends", "category_id": "category", "is_draft": "published"}
    return others.get(field) or next(name for name, own in TEXTS.items() if own == field)


def _subdomain(event: wire.Event, home: Home) -> str:
    if home.schedule is not None:
        return home.schedule.subdomain
    if not event.schedules:
        raise Unsupported("The event is on no schedule, so it has no list of categories.", field="category")
    return event.schedules[0].subdomain


def _times(event: wire.Event, home: Home, draft: EventDraft, wanted: dict[str, Json]) -> dict[str, Json]:
    """Start and length. A start alone keeps the length, which is what the platform stores."""
    if draft.starts is None and draft.ends is None:
        return {}
    if home.zone is None:
        raise Unsupported(
            "The time zone of this event's schedule is not known.",
            next="Tell the person to set zone for this account in Eventdesk's settings.",
        )
    body: dict[str, Json] = {}
    starts = event.starts_at
    if draft.starts is not None:
        at = parse_time(draft.starts, home.tz.key, field="starts")
        refuse_second_reading(at, home.tz)
        _refuse_off_pattern(event, home, at)
        starts = at
        wanted["starts"] = str(Moment.instant(at.astimezone(UTC), home.zone))
        body["starts_at"] = utc_digits(at)
    if draft.ends is not None:
        if starts is None:
            raise InvalidArguments("The event has no start: give starts too.", field="starts")
        ends = ends_of(draft.ends, home.tz)
        body["duration"] = hours_between(starts, ends)
        wanted["ends"] = str(Moment.instant(ends.astimezone(UTC), home.zone))
    return body


def _refuse_off_pattern(event: wire.Event, home: Home, at: datetime) -> None:
    """A weekly event whose first date is none of its weekdays has one date that nobody expects."""
    days = event.days_of_week
    if event.recurring_frequency not in {"weekly", "every_n_weeks"} or len(days) != 7:
        return
    if days[(at.weekday() + 1) % 7] != "1":
        raise Unsupported(
            f"The event repeats {pattern(event, home)}: this start is on another weekday.",
            next="Choose a start on one of its weekdays; which days it repeats on is changed in Event Schedule itself.",
            field="starts",
        )


async def _refuse_place(reader: Reader, event: wire.Event) -> None:
    mine = await reader.schedules()
    own = [mine[attached.id] for attached in event.schedules if attached.id in mine]
    if own and all(schedule.type == "venue" for schedule in own):
        raise Unsupported(
            f"The event is on the schedule of a venue, {own[0].name or own[0].subdomain}, which is its place.",
            next="Tell the person: it can be copied to another schedule with clone_event.",
            field="place",
        )
    if sum(attached.id != event.venue_id for attached in event.schedules) > 1:
        raise Unsupported(
            f"The event hangs off {len(event.schedules)} schedules, some of which a change of place would detach.",
            next="Tell the person to do this in Event Schedule itself.",
            field="place",
        )


def _place(place: Place) -> str:
    return f"{place.name.strip()}, {place.address.strip()}"


def _place_of(event: wire.Event) -> str:
    return ", ".join(part.strip() for part in (event.venue_name, event.venue_address1) if part.strip())


def _tickets(
    event: wire.Event, fallback: str, draft: EventDraft, body: dict[str, Json], wanted: dict[str, Json]
) -> list[str]:
    """The whole list anew; see `ticket_rows`. What the account's currency is taken for is said."""
    own = currency_of(event, fallback)
    prices, code, taken = prices_of(draft.tickets or (), own or "")
    rows = ticket_rows(draft.tickets or (), prices, event.tickets)
    body["tickets"] = rows
    if not event.tickets_enabled:
        body["tickets_enabled"] = True
    if code and code != own:
        body["ticket_currency_code"] = code
    wanted["tickets"] = _ticket_texts(
        [
            (str(row["type"]), price.amount, int(row.get("quantity") or 0))
            for row, price in zip(rows, prices, strict=True)
        ],
        code or own,
    )
    return [f"Prices without a currency are taken as {code}."] if taken else []


def _ticket_texts(rows: list[tuple[str, Decimal, int]], currency: str | None) -> list[str]:
    return sorted(f"{name}, {Money(amount, currency)}, {quantity or 'unlimited'}" for name, amount, quantity in rows)


def _told(event: wire.Event, home: Home) -> Mapping[str, Json]:
    """An event in the words of the arguments. None is empty."""
    starts = Moment.instant(event.starts_at, home.zone) if event.starts_at is not None else None
    ends = None
    if event.starts_at is not None and event.length is not None:
        # Lengths are stored as hours with decimals, so a third of an hour comes back a moment off.
        end = event.starts_at + event.length + timedelta(seconds=30)
        ends = Moment.instant(end.replace(second=0, microsecond=0), home.zone)
    tickets = [(row.type, row.price if row.price is not None else Decimal(0), row.quantity) for row in event.tickets]
    return {
        **{name: str(getattr(event, field)).strip() or None for name, field in TEXTS.items()},
        "starts": str(starts) if starts is not None else None,
        "ends": str(ends) if ends is not None else None,
        "category": event.category_name or None,
        "place": _place_of(event) or None,
        "published": not (event.is_draft or event.is_internal),
        "tickets": _ticket_texts(tickets, currency_of(event, "")) or None,
    }


def _undo(changes: tuple[Change, ...]) -> Mapping[str, Json] | None:
    """The arguments that take the changes back; None where tickets or the place are among them, or texts are long."""
    if {change.field for change in changes} & {"tickets", "place"}:
        return None
    undo: dict[str, Json] = {change.field: change.before for change in changes if change.before is not None}
    cleared = [change.field for change in changes if change.before is None]
    if any(name not in _EMPTIED for name in cleared) or sum(len(str(value)) for value in undo.values()) > _UNDO_LIMIT:
        return None
    return undo | ({"clear": sorted(cleared)} if cleared else {})
