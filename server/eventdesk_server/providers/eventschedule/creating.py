"""Creating an event: on a schedule of the account, a draft unless it is to be published."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from eventdesk_server.providers.eventschedule import operations, wire
from eventdesk_server.providers.eventschedule.calendars import (
    events_like,
    named_calendar,
    refuse_second_reading,
    zone_for,
)
from eventdesk_server.providers.eventschedule.copying import utc_digits
from eventdesk_server.providers.eventschedule.drafting import (
    category_of,
    ends_of,
    hours_between,
    prices_of,
    refuse_images_and_packages,
    texts_of,
    ticket_rows,
    venue_of,
)
from eventdesk_server.providers.eventschedule.mapping import pattern, shown, status_of
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_server.providers.eventschedule.rrules import fields_of
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.plans import Found, Question, Why, WritePlan
from eventdesk_tools.records import EventDraft, Place
from eventdesk_tools.text import line
from eventdesk_tools.times import Moment, parse_time

_QUESTION_TITLE = 80
_TOLERANCE = timedelta(minutes=1)


async def plan_event(reader: Reader, draft: EventDraft) -> WritePlan | WriteResult:
    """How to create an event.

    Raises:
        Unsupported: An argument that the platform cannot express; it is named.
        InvalidArguments: One that is missing or impossible.
    """
    refuse_images_and_packages(draft)
    if draft.clear:
        raise InvalidArguments("A new event has nothing to empty.", field="clear")
    for name in ("title", "starts"):
        if not (getattr(draft, name) or "").strip():
            raise InvalidArguments(f"{name} must be given.", field=name, next="Ask the person.")
    body = texts_of(draft)
    venue = venue_of(draft.place) if draft.place is not None else {}
    mine = await reader.schedules()
    target, group = _target(mine, draft.calendar or reader.settings.calendar)
    zone = zone_for(target, reader.settings.zone)
    starts = parse_time(draft.starts or "", draft.zone or zone.key, field="starts")
    written = starts.tzinfo if isinstance(starts.tzinfo, ZoneInfo) else zone
    local = starts.astimezone(zone)
    refuse_second_reading(local, zone)
    body["starts_at"] = utc_digits(starts)
    if draft.ends is not None:
        body["duration"] = hours_between(starts, ends_of(draft.ends, written))
    # Without is_draft the schedule's own default would decide, which may be to publish.
    body["is_draft"] = not draft.published
    if group:
        body["schedule"] = group
    if draft.category is not None:
        body["category_id"] = (await category_of(reader, target.subdomain, draft.category)).id
    body |= _venue_on(target, draft.place, venue)
    notes: list[str] = []
    if draft.tickets is not None:
        prices, code, taken = prices_of(draft.tickets, reader.settings.currency)
        # Tickets without tickets_enabled are dropped without a word.
        body |= {"tickets_enabled": True, "tickets": ticket_rows(draft.tickets, prices)}
        if code:
            body["ticket_currency_code"] = code
        if taken:
            notes.append(f"Prices without a currency are taken as {code}.")
    if draft.recurrence is not None:
        if written.key != zone.key:
            raise Unsupported(
                f"The event would repeat in its schedule's time zone, {zone.key}, not in {written.key}.",
                next="Repeat the call without zone, with starts in the schedule's zone.",
                field="zone",
            )
        body |= fields_of(draft.recurrence, local)
    if written.key != zone.key:
        notes.append(f"Event Schedule keeps the event in its schedule's time zone, {zone.key}.")
    if starts < reader.now():
        notes.append("The event starts in the past.")
    return await _plan(reader, body, target, zone, starts.astimezone(UTC), notes)


def _target(mine: Mapping[str, wire.Schedule], calendar: str) -> tuple[wire.Schedule, str]:
    if calendar:
        return named_calendar(mine, calendar)
    if len(mine) == 1:
        return next(iter(mine.values())), ""
    raise InvalidArguments(
        "On which schedule?" if mine else "The account's key reaches no schedule.",
        next="Ask the person, then repeat the call with calendar.",
        field="calendar",
        allowed=[schedule.subdomain for schedule in mine.values()][:10],
    )


def _venue_on(target: wire.Schedule, place: Place | None, venue: Mapping[str, Json]) -> Mapping[str, Json]:
    """The venue's fields. A venue's own schedule is the place of its events, whatever is sent."""
    if target.type != "venue" or place is None:
        return venue
    if place.name.strip().casefold() == target.name.strip().casefold():
        return {}
    raise Unsupported(
        f"On the schedule of a venue the place is {target.name or target.subdomain} itself.",
        next="Repeat the call without place, or with the calendar of an organiser or performer.",
        field="place",
    )


async def _plan(
    reader: Reader,
    body: Mapping[str, Json],
    target: wire.Schedule,
    zone: ZoneInfo,
    starts: datetime,
    notes: Sequence[str],
) -> WritePlan:
    title = str(body["name"])
    calendar = "/".join(part for part in (target.subdomain, str(body.get("schedule", ""))) if part)
    there = await events_like(reader, target, title, starts)
    if there:
        notes = [*notes, f"An event of this title and start is there already: {', '.join(e.id for e in there[:3])}."]

    async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
        # A server that fails half-way has saved the event already; lists show it, drafts included.
        return tuple(Found(row.id, {"event": row.id}) for row in await events_like(reader, target, title, starts))

    async def result(made: wire.Event) -> WriteResult:
        return await _result(reader, made, body, starts, zone)

    async def stands(values: Mapping[str, str]) -> WriteResult | None:
        made = await reader.event_if_there(values["event"])
        return await result(made) if made is not None else None

    async def finish(values: Mapping[str, str]) -> WriteResult:
        # The answer to a creation echoes what was sent; only a read tells what was stored.
        return await result(await reader.event(values["event"]))

    prepared = reader.client.prepare(operations.CREATE_EVENT, path={"subdomain": target.subdomain}, body=dict(body))
    step = reader.client.step(
        "create the event", prepared, wire.One[wire.Event], lambda answer: {"event": answer.data.id}, find=find
    )
    at = str(Moment.instant(starts, zone.key))
    question = None
    if not body["is_draft"]:
        short = line(title, _QUESTION_TITLE + 1)
        question = Question(
            text=f"Publish a new event: '{short}', {at}, on {calendar}?", why=frozenset({Why.PUBLIC}), reversible=False
        )
    return WritePlan(
        summary=f"Create {line(title)}, {at}, on {calendar}",
        makes_true=("new_event", calendar, json.dumps(body, sort_keys=True, ensure_ascii=False)),
        steps=(step,),
        finish=finish,
        stands=stands,
        question=question,
        mail="no",
        notes=tuple(notes),
        facts={"starts": at, "calendar": calendar},
    )


async def _result(
    reader: Reader, made: wire.Event, body: Mapping[str, Json], starts: datetime, zone: ZoneInfo
) -> WriteResult:
    home = await reader.home(made)
    at = str(Moment.instant(made.starts_at, zone.key)) if made.starts_at is not None else None
    facts: dict[str, Json] = {"title": made.name, "starts": at}
    if made.repeats:
        facts["repeats"] = str(pattern(made, home) or "")
    if made.venue_name:
        facts["place"] = ", ".join(part for part in (made.venue_name, made.venue_address1) if part)
    return WriteResult(
        outcome=Outcome.DONE,
        event_id=made.id,
        status=status_of(made, shown(made, home, reader.now())),
        url=made.url,
        mail="no",
        facts=facts,
        notes=tuple(_disagreements(made, body, starts, at)),
    )


def _disagreements(made: wire.Event, body: Mapping[str, Json], starts: datetime, at: str | None) -> list[str]:
    """What was stored otherwise than sent."""
    notes: list[str] = []
    if made.starts_at != starts:
        notes.append(f"Event Schedule stored another start than was sent: {at}.")
    if made.name.strip() != str(body["name"]).strip():
        notes.append("Event Schedule stored another title than was sent.")
    if made.is_draft != body["is_draft"]:
        notes.append(
            "The event is a draft, though it was to be published." if made.is_draft else "The event is public."
        )
    sent_hours = body.get("duration")
    length = made.length or timedelta(0)
    if sent_hours is not None and abs(length - timedelta(hours=float(sent_hours))) > _TOLERANCE:
        notes.append("Event Schedule stored another length than was sent.")
    sent = len(body.get("tickets") or ())
    if sent != len(made.tickets):
        notes.append(f"The event has {len(made.tickets)} tickets where {sent} were sent: it was saved in part only.")
    venue = str(body.get("venue_name", ""))
    if venue and made.venue_name.strip().casefold() != venue.casefold():
        notes.append("The place was not attached to the event.")
    if body.get("category_id") is not None and made.category_id != body["category_id"]:
        notes.append("Event Schedule stored another category than was sent.")
    if body.get("recurring_frequency") and made.recurring_frequency != body["recurring_frequency"]:
        notes.append("Event Schedule stored another recurrence than was sent.")
    return notes
