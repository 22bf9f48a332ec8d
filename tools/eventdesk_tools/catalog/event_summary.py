"""`event_summary`: events in figures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from eventdesk_tools.answers import BUDGET, Answer, compact, table, weigh, without_empty
from eventdesk_tools.card import card
from eventdesk_tools.desk import Call, failure_note
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import EventdeskError, ListIncomplete
from eventdesk_tools.listing import note_silent
from eventdesk_tools.models import EventQuery, EventStatus, Json
from eventdesk_tools.money import Money
from eventdesk_tools.naming import NamedEvent, name_event
from eventdesk_tools.ports import Capability
from eventdesk_tools.reading import MARGIN, read_events
from eventdesk_tools.records import EventFigures, SummaryQuery
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.text import line
from eventdesk_tools.times import parse_date, parse_span, zone_of

EVENTS_MOST = 20
WEEKS = 8
_FACTS = ("registered", "pending", "cancelled", "checked_in", "new", "sites", "live_sites", "reach", "clicks")
_OUTPUT = {"live_sites": "live"}


class EventSummaryArgs(ToolArgs):
    """Arguments of `event_summary`."""

    events: Annotated[list[str], Field(max_length=EVENTS_MOST)] = []
    account: Annotated[str, Field(max_length=64)] = ""
    since: Annotated[str, Field(max_length=40)] = ""
    until: Annotated[str, Field(max_length=40)] = ""
    occurrence: Annotated[str, Field(max_length=10)] = ""


async def event_summary(call: Call, args: EventSummaryArgs) -> Answer:
    """An event in figures: registered, checked in, tickets, revenue, pace; a listing's reach and clicks. Several, or all
    upcoming if none is named: a table with `new` since–until."""
    given = [await name_event(call, text, Capability.EVENT_SUMMARY, writing=False) for text in args.events]
    named = list({str(event.ref): event for event in given}.values())
    if not named:
        named = await _upcoming(call, args.account)
    found = await _figures(call, args, named)
    picture = card(call, named, found)
    return replace(_told(call, args, named, found), card=picture)


def _told(call: Call, args: EventSummaryArgs, named: list[NamedEvent], found: dict[str, EventFigures]) -> Answer:
    if args.events and len(named) == 1:
        return _single(call, named[0], found)
    if args.events and len(named) == 2 and all(str(n.ref) in found for n in named):
        return _two(call, named, found)
    return _several(call, named, found)


async def _upcoming(call: Call, account: str) -> list[NamedEvent]:
    accounts = call.chosen(account, Capability.EVENT_SUMMARY)
    found: list[tuple[str, NamedEvent]] = []
    for at, events, failure in await read_events(call, accounts, EventQuery(now=call.desk.now(), when="upcoming")):
        if failure is not None:
            call.notes.add(failure_note(at, failure))
        found += [
            (str(event.starts or "9"), NamedEvent(at, event.id))
            for event in events
            if event.status not in {EventStatus.ENDED, EventStatus.ARCHIVED}
        ]
    found.sort(key=lambda pair: pair[0])
    if len(found) > EVENTS_MOST:
        call.notes.add(f"The next {EVENTS_MOST} of {len(found)} upcoming events; name others for theirs.")
    return [named for _, named in found[:EVENTS_MOST]]


async def _figures(call: Call, args: EventSummaryArgs, named: list[NamedEvent]) -> dict[str, EventFigures]:
    found: dict[str, EventFigures] = {}
    failures: list[EventdeskError] = []
    done = 0

    def job(event: NamedEvent):
        zone = event.account.zone or "UTC"
        since, until = parse_span(args.since, args.until, zone)
        query = SummaryQuery(
            event_id=event.id, now=call.desk.now(), since=since, until=until,
            occurrence=parse_date(args.occurrence, field="occurrence") if args.occurrence else None,
        )  # fmt: skip

        async def run() -> None:
            nonlocal done
            try:
                async with call.desk.runtime.within(max(call.seconds_left - MARGIN, 0.1)) as limit:
                    found[str(event.ref)] = await event.account.provider.event_figures(query)
                if limit.expired:
                    call.notes.add(f"{event.ref}: not read whole in time, so no figures.")
            except EventdeskError as exc:
                failures.append(exc)
                call.notes.add(f"{event.ref}: {exc.code}, {exc.message}")
            done += 1
            await call.tell(done, len(named), f"{done} of {len(named)} events")

        return run

    await call.desk.runtime.together([job(event) for event in named])
    if not found and failures:
        raise failures[0]
    return found


def _single(call: Call, named: NamedEvent, found: dict[str, EventFigures]) -> Answer:
    figures = found.get(str(named.ref))
    if figures is None:
        raise ListIncomplete(
            f"{named.ref} could not be read whole in time, so there are no figures.",
            next="Make the call again in a minute, or name an occurrence.",
        )
    call.notes.extend(line(note, 240) for note in figures.notes)
    missing = [
        name
        for name in ("registered", "checked_in", "revenue")
        if getattr(figures, name) is None and figures.sites is None
    ]
    if missing:
        call.notes.add(f"{named.account.title} does not tell: {', '.join(missing)}.")
    (body,) = _bodies(call, [named], found)
    return Answer(without_empty({**body, "notes": call.notes.as_list()}))


def _bodies(call: Call, named: list[NamedEvent], found: dict[str, EventFigures]) -> list[dict[str, Json]]:
    """Events in full; their tickets share what room the rest leaves."""
    bodies = [_one(event, found[str(event.ref)]) for event in named]
    room = BUDGET - weigh(compact([bodies, call.notes.as_list()])) - 400
    for body, event in zip(bodies, named, strict=True):
        body.update(without_empty({"tickets": _tickets(call, event, found[str(event.ref)], room // len(named))}))
    return bodies


def _one(named: NamedEvent, figures: EventFigures) -> dict[str, Json]:
    return without_empty(
        {
            "ref": str(named.ref),
            "title": line(figures.title),
            "starts": str(figures.starts) if figures.starts is not None else None,
            **{_OUTPUT.get(name, name): getattr(figures, name) for name in _FACTS},
            "left": figures.left,
            "revenue": _money(figures.revenue),
            "refunded": _money(figures.refunded),
            "unpaid": _money(figures.unpaid),
            "pace": pace(figures),
            "basis": "; ".join(figures.basis),
        }
    )


def pace(figures: EventFigures) -> list[list[Json]] | None:
    """Heads registered in each of the last weeks that had any, by the week's Monday."""
    if not figures.by_day:
        return None
    weeks: Counter[date] = Counter()
    for day, heads in figures.by_day.items():
        weeks[day - timedelta(days=day.weekday())] += heads
    return [[week.isoformat(), heads] for week, heads in sorted(weeks.items())[-WEEKS:]]


def _tickets(call: Call, named: NamedEvent, figures: EventFigures, room: int) -> Json:
    if not figures.tickets:
        return None
    rows: list[list[Json]] = [
        [
            str(named.ref.inside(t.kind, t.id)),
            line(t.name, 80),
            str(t.price) if t.price is not None else None,
            t.sold,
            t.left,
        ]
        for t in figures.tickets
    ]
    data, shown = table(["ref", "name", "price", "sold", "left"], rows, extra={}, budget=room)
    if shown < len(rows):
        call.notes.add(f"{named.ref}: {shown} of {len(rows)} tickets fit; get_event lists them.")
    return {"columns": data["columns"], "rows": data["rows"]}


def _money(sums: Mapping[str, Money] | None) -> str | None:
    """Sums of several currencies side by side; they are never added."""
    return ", ".join(str(money) for money in sums.values()) if sums else None


def _two(call: Call, named: list[NamedEvent], found: dict[str, EventFigures]) -> Answer:
    """Two editions side by side, and the earlier one at the same distance from its start."""
    earlier, later = _by_start(named, found)
    before, after = found[str(earlier.ref)], found[str(later.ref)]
    for figures in (before, after):
        call.notes.extend(line(note, 240) for note in figures.notes)
    bodies = _bodies(call, [earlier, later], found)
    if before.by_day is not None and before.starts is not None and after.starts is not None:
        zone = after.starts.at.tzinfo if after.starts.at is not None else zone_of(later.account.zone or "UTC")
        today = call.desk.now().astimezone(zone).date()
        days_left = (after.starts.date - today).days
        if days_left > 0:
            point = before.starts.date - timedelta(days=days_left)
            bodies[0]["same_point"] = {
                "date": point.isoformat(),
                "registered": sum(n for d, n in before.by_day.items() if d <= point),
            }
    return Answer(without_empty({"events": bodies, "notes": call.notes.as_list()}))


def _by_start(named: list[NamedEvent], found: dict[str, EventFigures]) -> tuple[NamedEvent, NamedEvent]:
    first, second = sorted(named, key=lambda n: str(found[str(n.ref)].starts or "9"))
    return first, second


def _several(call: Call, named: list[NamedEvent], found: dict[str, EventFigures]) -> Answer:
    columns = ["ref", "title", "starts", "registered", "left", "checked_in", "revenue", "new", "reach", "clicks"]
    rows: list[list[Json]] = []
    for event in named:
        figures = found.get(str(event.ref))
        if figures is None:
            continue
        rows.append(
            [str(event.ref), line(figures.title, 100), str(figures.starts) if figures.starts is not None else None, figures.registered,
             figures.left, figures.checked_in, _money(figures.revenue), figures.new, figures.reach, figures.clicks]
        )  # fmt: skip
    used = [i for i in range(len(columns)) if i < 3 or any(row[i] not in (None, "") for row in rows)]
    read = [event for event in named if str(event.ref) in found]
    told = [found[str(event.ref)] for event in read]
    note_silent(
        call,
        [event.account.name for event in read],
        [[figures.registered, None if figures.revenue is None else True] for figures in told],
        ["registered", "revenue"],
    )
    columns, rows = [columns[i] for i in used], [[row[i] for i in used] for row in rows]
    facts: dict[str, Json] = {"total": len(rows), "basis": f"{len(rows)} of {len(named)} events"}
    data, shown = table(columns, rows, extra={**facts, "notes": [*call.notes.as_list(), "…" * 40]})
    if shown < len(rows):
        call.notes.add(f"{shown} of {len(rows)} events fit; name the others for theirs.")
    return Answer({**data, **facts, **without_empty({"notes": call.notes.as_list()})})


TOOL = ToolSpec(
    title="Event summary",
    args=EventSummaryArgs,
    handler=event_summary,
    effect=Effect.READ,
    needs=Capability.EVENT_SUMMARY,
)
