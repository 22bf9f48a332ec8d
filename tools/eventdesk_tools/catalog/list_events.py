"""`list_events`: one calendar of all accounts."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from eventdesk_tools.answers import (
    BUDGET,
    BUDGET_MOST,
    Answer,
    Position,
    event_cursor,
    table,
    without_empty,
)
from eventdesk_tools.desk import Account, Call, failure_note
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import EventdeskError, Unsupported
from eventdesk_tools.listing import after_cursor, note_silent
from eventdesk_tools.models import Event, EventQuery, EventStatus, Json, Ticket
from eventdesk_tools.naming import folded
from eventdesk_tools.ports import Capability
from eventdesk_tools.reading import read_events
from eventdesk_tools.spec import ToolArgs, ToolSpec, column_names
from eventdesk_tools.text import line, web_address
from eventdesk_tools.times import Moment, parse_span

Column = Literal[
    "ref", "title", "starts", "status", "place", "ends", "zone", "url", "calendar", "category", "tags", "repeats", "test",
    "updated", "sold", "left", "capacity", "currency",
]  # fmt: skip
DEFAULT: tuple[Column, ...] = ("ref", "title", "starts", "status", "place")
COSTLY = frozenset({"sold", "left", "capacity"})
COSTLY_ROWS = 20
Status = Literal[
    "", "archived", "inactive", "draft", "test", "ended", "sold_out", "closed", "unlisted", "live", "unknown",
]  # fmt: skip


class ListEventsArgs(ToolArgs):
    """Arguments of `list_events`."""

    account: str = ""
    when: Literal["upcoming", "past", "all"] = "upcoming"
    status: Status = ""
    text: Annotated[str, Field(max_length=500)] = ""
    since: Annotated[str, Field(max_length=40)] = ""
    until: Annotated[str, Field(max_length=40)] = ""
    fields: Annotated[list[Column], column_names(18, "Columns instead")] = []
    limit: Annotated[int, Field(ge=1, le=200)] = 20
    cursor: Annotated[str, Field(max_length=200)] = ""


async def list_events(call: Call, args: ListEventsArgs) -> Answer:
    """List all accounts' events as one calendar; a repeating event is one row with its next date."""
    accounts = call.chosen(args.account, Capability.LIST_EVENTS)
    columns: tuple[Column, ...] = tuple(dict.fromkeys(args.fields)) or DEFAULT
    query = _query(call, args, accounts)
    filters = call.filters(args.account, args.when, args.status, folded(args.text), args.since, args.until)
    backwards = args.when == "past"
    rows: list[tuple[Position, Account, Event]] = []
    complete = True
    for account, events, failure in await read_events(call, accounts, query):
        if failure is not None:
            if len(accounts) == 1 and not events:
                raise failure
            complete = False
            call.notes.add(failure_note(account, failure))
        kept = [event for event in events if fits(event, args, query, account.zone)]
        kept = _with_status(call, account, kept, args.status)
        rows += [(_position(account, event, backwards), account, event) for event in kept]
    rows.sort(key=lambda row: row[0])
    total = len(rows)
    rest = after_cursor(call, rows, args.cursor, filters, lambda row: row[0])
    limit = min(args.limit, COSTLY_ROWS) if COSTLY & set(columns) else args.limit
    chosen = rest[:limit]
    counts = await _counts(call, chosen) if COSTLY & set(columns) else {}
    zone = _shared_zone([event for _, _, event in chosen]) if "zone" not in columns else None
    cells = [
        [cell(name, account, event, counts, whole=bool(args.fields)) for name in columns]
        for _, account, event in chosen
    ]
    _silent_columns(call, chosen, cells, columns)
    extra = without_empty({"total": total if complete else None, "zone": zone, "notes": call.notes.as_list()})
    budget = BUDGET_MOST if "limit" in args.model_fields_set else BUDGET
    data, shown = table(columns, cells, extra=extra, budget=budget)
    more: dict[str, Json] = {}
    if 0 < shown < len(rest):
        more = {"next_cursor": event_cursor(filters, chosen[shown - 1][0], total - len(rest) + shown)}
    return Answer({**data, **extra, **more})


def _query(call: Call, args: ListEventsArgs, accounts: list[Account]) -> EventQuery:
    zone = next((account.zone for account in accounts if account.zone), "UTC")
    since, until = parse_span(args.since, args.until, zone)
    return EventQuery(now=call.desk.now(), when=args.when, since=since, until=until, text=args.text)


def fits(event: Event, args: ListEventsArgs, query: EventQuery, zone: str) -> bool:
    """Whether an event is within the asked range and holds the asked words."""
    over = has_ended(event, query.now, zone)
    if (args.when == "upcoming" and over) or (args.when == "past" and not over):
        return False
    if query.since is not None or query.until is not None:
        if event.starts is None:
            return False
        starts = event.starts.utc(event.zone or zone)
        if (query.since is not None and starts < query.since.astimezone(UTC)) or (
            query.until is not None and starts > query.until.astimezone(UTC)
        ):
            return False
    wanted = folded(args.text)
    return not wanted or any(
        wanted in folded(text) for text in (event.title, event.place, event.calendar, *event.tags) if text
    )


def has_ended(event: Event, now: datetime, zone: str) -> bool:
    """Whether it is over: its end, else the day of its start, has passed. Evergreen and undated events are not."""
    if event.status is EventStatus.ENDED:
        return True
    if event.evergreen:
        return False
    last = event.ends or event.starts
    if last is None:
        return False
    if event.ends is None or last.day is not None:
        last = Moment.whole_day(last.date + timedelta(days=1))
    return last.utc(event.zone or zone) < now.astimezone(UTC)


def _with_status(call: Call, account: Account, events: list[Event], status: str) -> list[Event]:
    if not status:
        return events
    kept = [event for event in events if event.status == status]
    untold = sum(event.status is EventStatus.UNKNOWN for event in events)
    if untold and status != EventStatus.UNKNOWN:
        if untold == len(events):
            error = Unsupported(f"{account.title}'s list does not tell the status")
            call.notes.add(f"{failure_note(account, error)}; get_event tells it for one event.")
        else:
            call.notes.add(f"{account.name}: {untold} events whose status the platform does not tell are left out.")
    return kept


def _position(account: Account, event: Event, backwards: bool) -> Position:
    ref = str(account.ref(event.id))
    starts = event.starts.utc(event.zone or account.zone) if event.starts is not None else None
    forward = Position.of(starts, ref)
    return Position(-forward.seconds, forward.mark) if backwards and starts is not None else forward


def _shared_zone(events: list[Event]) -> str | None:
    zones = {event.zone for event in events}
    return line(zone, 40) if len(zones) == 1 and (zone := zones.pop()) else None


async def _counts(call: Call, rows: Sequence[tuple[Position, Account, Event]]) -> dict[str, dict[str, int | None]]:
    """Sold, left and capacity of each row: from the list where it tells them, else from the event's tickets."""
    found: dict[str, dict[str, int | None]] = {}

    def job(account: Account, event: Event) -> "Callable[[], object]":
        async def run() -> None:
            counts: dict[str, int | None] = {"sold": event.sold, "left": event.left, "capacity": event.capacity}
            if all(value is None for value in counts.values()):
                try:
                    async with call.desk.runtime.within(max(call.seconds_left - 2, 0.1)) as limit:
                        detail = await account.provider.get_event(event.id, frozenset())
                        counts = sums(detail.tickets or ())
                    if limit.expired:
                        call.notes.add(f"{account.name}: not all counts were read in time.")
                except EventdeskError as exc:
                    call.notes.add(failure_note(account, exc))
            found[str(account.ref(event.id))] = counts

        return run

    await call.desk.runtime.together([job(account, event) for _, account, event in rows])  # pyright: ignore[reportArgumentType]
    return found


def sums(tickets: tuple[Ticket, ...]) -> dict[str, int | None]:
    """Sold, left and capacity over all tickets; None where one of them does not tell, or is unlimited."""
    real = [ticket for ticket in tickets if ticket.kind == "t"]
    sold = [ticket.sold for ticket in real]
    left = [ticket.left for ticket in real]
    all_sold = sum(n for n in sold if n is not None) if real and None not in sold else None
    all_left = sum(n for n in left if isinstance(n, int)) if real and all(isinstance(n, int) for n in left) else None
    return {
        "sold": all_sold,
        "left": all_left,
        "capacity": all_sold + all_left if all_sold is not None and all_left is not None else None,
    }


def cell(
    name: Column, account: Account, event: Event, counts: dict[str, dict[str, int | None]], *, whole: bool
) -> Json:
    """One cell. None means that the platform does not tell. `whole`: an address too, where the place has one."""
    ref = str(account.ref(event.id))
    match name:
        case "ref":
            return ref
        case "title" | "calendar" | "category" | "repeats":
            return line(getattr(event, name), 120)
        case "place":
            return line(event.place if whole else event.venue or event.place, 120)
        case "starts" | "ends":
            moment = event.starts if name == "starts" else event.ends
            return str(moment) if moment is not None else None
        case "status":
            return event.status.value
        case "url":
            return web_address(event.url)
        case "zone" | "currency":
            return line(getattr(event, name) or "", 40)
        case "tags":
            return ", ".join(line(tag, 40) for tag in event.tags[:10])
        case "test":
            return event.test
        case "updated":
            return event.updated.isoformat(timespec="minutes") if event.updated is not None else None
        case "sold" | "left" | "capacity":
            return counts.get(ref, {}).get(name)


def _silent_columns(
    call: Call, rows: Sequence[tuple[Position, Account, Event]], cells: list[list[Json]], columns: tuple[Column, ...]
) -> None:
    """Say which asked column an account's platform does not tell."""
    asked = [index for index, name in enumerate(columns) if name not in DEFAULT and name != "tags"]
    note_silent(
        call,
        [account.name for _, account, _ in rows],
        [[values[index] for index in asked] for values in cells],
        [columns[index] for index in asked],
    )


TOOL = ToolSpec(
    title="List events", args=ListEventsArgs, handler=list_events, effect=Effect.READ, needs=Capability.LIST_EVENTS
)
