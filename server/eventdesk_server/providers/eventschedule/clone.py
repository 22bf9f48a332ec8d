"""Copying an event: reading it, creating it anew on another date, and looking whether the copy is what was meant."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from eventdesk_server.providers.eventschedule import operations, wire
from eventdesk_server.providers.eventschedule.calendars import (
    events_like,
    named_calendar,
    refuse_second_reading,
    zone_for,
)
from eventdesk_server.providers.eventschedule.copying import PARTS, Copy, Move, copy_of, utc_digits
from eventdesk_server.providers.eventschedule.mapping import Home, home_of, pattern, shown, status_of
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import CloneOrder, Json, Outcome, WriteResult
from eventdesk_tools.plans import Found, Question, Why, WritePlan
from eventdesk_tools.text import line
from eventdesk_tools.times import Moment, parse_date, parse_time

_TITLE_LIMIT = 255
_QUESTION_TITLE = 80


async def plan_clone(reader: Reader, wanted: CloneOrder) -> WritePlan | WriteResult:
    """A copy on the same schedule or another of the account, a draft unless it is to be published."""
    if wanted.package:
        raise Unsupported("Event Schedule has no packages.", next="Repeat the call without package.", field="package")
    if unknown := [part for part in wanted.skip if part not in PARTS]:
        raise Unsupported(
            f"Event Schedule's events have no {', '.join(unknown)} to leave out.",
            next="Repeat the call with skip holding only parts named in allowed.",
            field="skip",
            allowed=PARTS,
        )
    event = await reader.event(wanted.event_id)
    mine = await reader.schedules()
    home = home_of(event, mine, reader.settings.zone)
    calendar = wanted.calendar or (reader.settings.calendar if home.schedule is None else "")
    target, group = _target(event, home, mine, calendar)
    zone = zone_for(target, reader.settings.zone)
    if event.is_internal and wanted.published:
        raise Unsupported(
            "The event is internal, which keeps its copy a draft.",
            next="Repeat the call without published.",
            field="published",
        )
    title = (wanted.title or event.name).strip()
    if not title or len(title) > _TITLE_LIMIT:
        raise InvalidArguments(f"Event Schedule takes titles of 1 to {_TITLE_LIMIT} characters.", field="title")
    starts = _starts(event, wanted.starts, home.tz, zone)
    before = event.starts_at.astimezone(home.tz) if event.starts_at is not None else starts
    copy = copy_of(
        event,
        title=title,
        starts=starts,
        move=Move(days=(starts.date() - before.date()).days, zone=home.tz, to=zone),
        target=target,
        same_schedule=home.schedule is not None and target.id == home.schedule.id,
        group=group,
        mine=mine,
        skip=frozenset(wanted.skip),
        website=wanted.website,
        booking_url=wanted.booking_url,
        published=wanted.published,
    )
    return _plan(reader, event, copy, wanted, target=target, zone=zone, starts=starts)


def _target(
    event: wire.Event, home: Home, mine: Mapping[str, wire.Schedule], calendar: str
) -> tuple[wire.Schedule, str]:
    """The schedule that the copy goes to, and the slug of its sub-schedule or "".

    Raises:
        InvalidArguments: The account has no such schedule, or the event is on none of the account's.
    """
    names = [schedule.subdomain for schedule in mine.values()]
    if not calendar:
        if home.schedule is None:
            raise InvalidArguments(
                "The event is on no schedule of this account: where shall the copy go?",
                next="Ask the person, then repeat the call with calendar.",
                field="calendar",
                allowed=names[:10],
            )
        held = {a.group.slug for a in event.schedules if a.id == home.schedule.id and a.group is not None}
        slugs = [group.slug for group in home.schedule.groups if group.slug in held]
        return home.schedule, slugs[0] if slugs else ""
    return named_calendar(mine, calendar)


def _starts(event: wire.Event, text: str, own: ZoneInfo, zone: ZoneInfo) -> datetime:
    """The copy's start, in the zone of its schedule. A date alone keeps the event's time of day.

    Raises:
        InvalidArguments: No time; a wall time that does not exist or comes twice; the second of a repeated hour.
    """
    if len(text.strip()) == len("2027-06-12") and event.starts_at is not None:
        day = parse_date(text, field="starts")
        text = f"{day.isoformat()}T{event.starts_at.astimezone(own):%H:%M:%S}"
    starts = parse_time(text, zone.key, field="starts")
    refuse_second_reading(starts, zone)
    return starts


def _plan(
    reader: Reader,
    event: wire.Event,
    copy: Copy,
    wanted: CloneOrder,
    *,
    target: wire.Schedule,
    zone: ZoneInfo,
    starts: datetime,
) -> WritePlan:
    title = str(copy.body["name"])
    # In UTC: a time of a repeated hour never equals the same instant in another zone.
    starts = starts.astimezone(UTC)

    async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
        # A server that fails half-way has saved the event already; lists show it, drafts included.
        rows = await events_like(reader, target, title, starts)
        return tuple(Found(row.id, {"event": row.id}) for row in rows if row.id != event.id)

    async def result(made: wire.Event) -> WriteResult:
        home = await reader.home(made)
        return _result(reader, copy, made, home, starts=starts, title=title, zone=zone)

    async def stands(values: Mapping[str, str]) -> WriteResult | None:
        made = await reader.event_if_there(values["event"])
        return await result(made) if made is not None else None

    async def finish(values: Mapping[str, str]) -> WriteResult:
        # The answer to a creation echoes what was sent; only a read tells what was stored.
        return await result(await reader.event(values["event"]))

    prepared = reader.client.prepare(operations.CREATE_EVENT, path={"subdomain": target.subdomain}, body=copy.body)
    step = reader.client.step(
        "create the copy", prepared, wire.One[wire.Event], lambda answer: {"event": answer.data.id}, find=find
    )
    facts: dict[str, Json] = {
        "starts": str(Moment.instant(starts, zone.key)),
        "calendar": "/".join(part for part in (target.subdomain, str(copy.body.get("schedule", ""))) if part),
        "copied": copy.copied,
        "not_copied": copy.lost,
    }
    notes = ["The copy starts in the past."] if starts < reader.now() else []
    return WritePlan(
        summary=f"Copy {line(event.name)} to {facts['starts']}",
        makes_true=(
            "copy",
            event.id,
            str(facts["calendar"]),
            utc_digits(starts),
            title,
            ",".join(sorted(wanted.skip)),
            wanted.website,
            wanted.booking_url,
            "published" if wanted.published else "draft",
        ),
        steps=(step,),
        finish=finish,
        stands=stands,
        question=_question(event, title, facts) if wanted.published else None,
        mail="no",
        notes=tuple(notes),
        facts=facts,
    )


def _question(event: wire.Event, title: str, facts: Mapping[str, Json]) -> Question:
    how = " as an unlisted event" if event.is_private else ""
    bare = " Its password is not copied." if event.is_password_protected else ""
    name = line(title, _QUESTION_TITLE + 1)
    return Question(
        text=f"Publish a copy of this event{how}: '{name}', {facts['starts']}, on {facts['calendar']}?{bare}",
        why=frozenset({Why.PUBLIC}),
        reversible=False,
    )


def _result(
    reader: Reader, copy: Copy, made: wire.Event, home: Home, *, starts: datetime, title: str, zone: ZoneInfo
) -> WriteResult:
    """The copy as it is stored, with whatever differs from what was sent."""
    now = reader.now()
    at = Moment.instant(made.starts_at, zone.key) if made.starts_at is not None else None
    facts: dict[str, Json] = {"title": made.name, "starts": str(at) if at is not None else None}
    if made.repeats:
        facts["repeats"] = str(pattern(made, home) or "")
    facts |= {"copied": copy.copied, "not_copied": copy.lost}
    return WriteResult(
        outcome=Outcome.DONE,
        event_id=made.id,
        status=status_of(made, shown(made, home, now)),
        url=made.url,
        mail="no",
        facts=facts,
        notes=tuple(_disagreements(copy.body, made, at, starts, title)),
    )


def _disagreements(
    body: Mapping[str, Json], made: wire.Event, at: Moment | None, starts: datetime, title: str
) -> list[str]:
    notes: list[str] = []
    if made.starts_at != starts:
        notes.append(f"Event Schedule stored another start than was sent: {at}. Correct it before publishing.")
    if made.name != title:
        notes.append("Event Schedule stored another title than was sent.")
    if bool(body["is_draft"]) != made.is_draft and not made.is_internal:
        notes.append("The copy is a draft, though it was to be published." if made.is_draft else "The copy is public.")
    if body.get("is_private") and not made.is_private:
        notes.append("The copy is not unlisted: the plan may lack that. Event Schedule makes it a draft then.")
    for field, rows, what in (
        ("tickets", made.tickets, "tickets"),
        ("addons", made.addons, "extras"),
        ("event_parts", made.event_parts, "sessions"),
    ):
        sent = len(body.get(field) or ())
        if sent != len(rows):
            notes.append(f"The copy has {len(rows)} {what} where {sent} were sent: it was saved in part only.")
    attached = {schedule.id for schedule in made.schedules}
    if body.get("venue_id") and body["venue_id"] not in attached:
        notes.append("The place was not attached to the copy.")
    performers = sum(schedule.type == "talent" for schedule in made.schedules)
    if len(body.get("members") or ()) > performers:
        notes.append("Not every performer was attached to the copy.")
    return notes
