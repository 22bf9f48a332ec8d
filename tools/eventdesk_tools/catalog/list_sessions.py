"""`list_sessions`: an event's programme."""

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
from eventdesk_tools.desk import Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.listing import Source, after_cursor, note_silent, read_whole
from eventdesk_tools.models import Json, Session
from eventdesk_tools.naming import NamedEvent, name_event, person_in
from eventdesk_tools.ports import Capability
from eventdesk_tools.records import SessionQuery
from eventdesk_tools.refs import Kind
from eventdesk_tools.spec import ToolArgs, ToolSpec, column_names
from eventdesk_tools.text import line, paragraphs, web_address
from eventdesk_tools.times import parse_date

Column = Literal[
    "ref", "title", "starts", "speakers", "room", "ends", "track", "status", "seats", "left", "url", "description"
]
DEFAULT: tuple[Column, ...] = ("ref", "title", "starts", "speakers", "room")


class ListSessionsArgs(ToolArgs):
    """Arguments of `list_sessions`."""

    event: Annotated[str, Field(max_length=300)]
    attendee: Annotated[str, Field(max_length=300)] = ""
    day: Annotated[str, Field(max_length=10)] = ""
    fields: Annotated[list[Column], column_names(12)] = []
    limit: Annotated[int, Field(ge=1, le=200)] = 40
    cursor: Annotated[str, Field(max_length=200)] = ""


async def list_sessions(call: Call, args: ListSessionsArgs) -> Answer:
    """List an event's sessions (talks, activities, agenda parts) by start; of a person with `attendee`."""
    named = await name_event(call, args.event, Capability.LIST_SESSIONS, writing=False)
    columns = tuple(dict.fromkeys(args.fields)) or DEFAULT
    day = parse_date(args.day, field="day") if args.day else None
    query = SessionQuery(
        event_id=named.id, attendee=person_in(args.attendee, named), day=day, columns=frozenset(columns)
    )
    filters = call.filters("list_sessions", str(named.ref), args.attendee.strip().casefold(), args.day)
    now = call.desk.runtime.seconds()
    found = call.desk.sessions.get(named.account.name, query, now) if args.cursor else None
    if found is None:
        source = Source(named.account, str(named.ref), lambda at: named.account.provider.list_sessions(query, at=at))
        found = await read_whole(
            call,
            source,
            key=lambda s: s.id,
            keep=lambda _, s: day is None or (s.starts is not None and s.starts.date == day),
        )
        call.desk.sessions.put(named.account.name, query, now, found)
    rows = sorted(((_position(named, session), session) for session in found), key=lambda row: row[0])
    total = len(rows)
    rows = after_cursor(call, rows, args.cursor, filters, lambda row: row[0])
    cells = [[_cell(name, named, session) for name in columns] for _, session in rows[: args.limit]]
    note_silent(call, [named.account.name] * len(cells), cells, columns)
    extra = without_empty({"total": total, "notes": call.notes.as_list()})
    budget = BUDGET_MOST if "limit" in args.model_fields_set else BUDGET
    data, shown = table(columns, cells, extra=extra, budget=budget)
    more = {}
    if 0 < shown < len(rows):
        more = {"next_cursor": event_cursor(filters, rows[shown - 1][0], total - len(rows) + shown)}
    return Answer({**data, **extra, **more})


def _position(named: NamedEvent, session: Session) -> Position:
    starts = session.starts.utc(named.account.zone) if session.starts is not None else None
    return Position.of(starts, session.id)


def _cell(name: Column, named: NamedEvent, session: Session) -> Json:
    match name:
        case "ref":
            return str(named.ref.inside(Kind.SESSION, session.id))
        case "title" | "room" | "track":
            return line(getattr(session, name), 120)
        case "starts" | "ends":
            moment = session.starts if name == "starts" else session.ends
            return str(moment) if moment is not None else None
        case "speakers":
            return ", ".join(line(speaker, 60) for speaker in session.speakers[:8])
        case "status":
            return line(session.status, 20)
        case "seats" | "left":
            return session.seats if name == "seats" else session.left
        case "url":
            return web_address(session.url)
        case "description":
            return line(paragraphs(session.description), 300)


TOOL = ToolSpec(
    title="List sessions",
    args=ListSessionsArgs,
    handler=list_sessions,
    effect=Effect.READ,
    needs=Capability.LIST_SESSIONS,
)
