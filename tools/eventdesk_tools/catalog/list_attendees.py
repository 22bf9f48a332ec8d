"""`list_attendees`: who is registered."""

from collections import Counter
from collections.abc import Callable
from typing import Annotated, Literal, cast

from pydantic import Field

from eventdesk_tools.answers import Answer, fingerprint, table, without_empty
from eventdesk_tools.choose import choose
from eventdesk_tools.desk import Account, Call, failure_note
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.listing import (
    CHANGED,
    Place,
    Read,
    Source,
    answer_list,
    note_silent,
    read_cursor,
    read_sources,
    read_whole,
)
from eventdesk_tools.models import EventQuery, EventStatus, Json, PersonStatus
from eventdesk_tools.naming import NamedEvent, folded, inside, name_event
from eventdesk_tools.people import clean_email
from eventdesk_tools.ports import Capability
from eventdesk_tools.privacy import PersonalData, Privacy
from eventdesk_tools.reading import read_events
from eventdesk_tools.records import Attendee, AttendeeQuery
from eventdesk_tools.refs import Kind
from eventdesk_tools.spec import ToolArgs, ToolSpec, column_names
from eventdesk_tools.text import line
from eventdesk_tools.times import parse_bound, parse_date

Column = Literal[
    "ref", "name", "email", "ticket", "status", "paid", "checked_in", "checked_in_at", "company", "phone", "answers",
    "sessions", "quantity", "amount", "registered", "source", "occurrence",
]  # fmt: skip
DEFAULT: tuple[Column, ...] = ("ref", "name", "email", "ticket", "status")
PERSONAL = frozenset({"name", "email", "company", "phone", "answers"})
ACTIVE = frozenset({PersonStatus.CONFIRMED, PersonStatus.PENDING})
COSTLY_ROWS = 20
GROUPS_MOST = 60
_COUNTED = {"ticket": "ticket", "status": "status", "day": "registered", "source": "source"}
"""What is counted by, and the column that it needs; anything else is a field that people answered."""


class ListAttendeesArgs(ToolArgs):
    """Arguments of `list_attendees`."""

    event: Annotated[str, Field(max_length=300)] = ""
    email: Annotated[str, Field(max_length=254)] = ""
    name: Annotated[str, Field(max_length=200)] = ""
    status: Literal["active", "confirmed", "pending", "incomplete", "rejected", "cancelled", "unknown", "all"] = (
        "active"
    )
    ticket: Annotated[str, Field(max_length=200)] = ""
    session: Annotated[str, Field(max_length=200)] = ""
    occurrence: Annotated[str, Field(max_length=10)] = ""
    paid: bool | None = None
    checked_in: bool | None = None
    since: Annotated[str, Field(max_length=40)] = ""
    duplicates: bool = False
    not_in: Annotated[str, Field(description="Event: without those active there.", max_length=300)] = ""
    count_by: Annotated[str, Field(description="ticket, status, day, source or a field.", max_length=120)] = ""
    fields: Annotated[list[Column], column_names(17)] = []
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=200)] = ""


Keep = Callable[[Source[Attendee], Attendee], bool]


async def list_attendees(call: Call, args: ListAttendeesArgs) -> Answer:
    """List people registered for an event, or count them; with `email` alone in all events to come. Active: confirmed or
    pending. `duplicates`: one address, several registrations."""
    if not args.event and not args.email:
        raise InvalidArguments("Give an event, or an email to look for in all.", field="event")
    inside_one = next((name for name in ("ticket", "session", "occurrence") if getattr(args, name)), "")
    if inside_one and not args.event:
        raise InvalidArguments(f"{inside_one} needs an event.", field="event")
    columns = tuple(cast("list[Column]", call.desk.people.columns(args.fields, DEFAULT, PERSONAL)))
    call.notes.add(call.desk.people.note)
    email = clean_email(args.email) if args.email else ""
    if (args.count_by or args.duplicates) and not args.event:
        raise InvalidArguments("count_by and duplicates need an event.", field="event")
    sources, keep, everywhere = await _sources(call, args, columns, email)
    if args.not_in:
        keep = _and(keep, await _absent_from(call, args.not_in))
    filters = call.filters("list_attendees", args.model_dump(exclude={"fields", "limit", "cursor"}))
    if args.count_by or args.duplicates:
        people = await read_whole(call, sources[0], key=lambda a: a.id, keep=keep)
        if args.count_by:
            if args.count_by not in _COUNTED and call.desk.people.mode is PersonalData.NONE:
                raise call.desk.people.refusal(f"count_by {line(args.count_by, 60)}")
            return _counted(call, sources[0], people, args.count_by)
        return _duplicates(call, sources[0], people, columns, args, filters)
    limit = min(args.limit, COSTLY_ROWS) if "sessions" in columns else args.limit
    after = read_cursor(args.cursor, filters) if args.cursor else None
    read = await read_sources(
        call, sources, key=lambda a: a.id, keep=keep, after=after, limit=limit, exact=not args.not_in
    )
    read.total = read.total if everywhere else None
    return answer_list(
        call, read, columns, lambda s, a: [cell(name, s, a, call.desk.people) for name in columns],
        filters=filters, limit=limit, limit_given="limit" in args.model_fields_set, asked=bool(args.fields),
    )  # fmt: skip


async def _sources(
    call: Call, args: ListAttendeesArgs, columns: tuple[str, ...], email: str
) -> tuple[list[Source[Attendee]], Keep, bool]:
    """The lists to be read, which of their rows are meant, and whether no list is missing because its account failed."""
    if args.event:
        named = await name_event(call, args.event, Capability.LIST_ATTENDEES, writing=False)
        call.tell_how(named.account, Capability.LIST_ATTENDEES)
        ticket = inside(args.ticket, named, Kind.TICKET, "ticket")
        session = inside(args.session, named, Kind.SESSION, "session")
        query = _query(args, named.account, named.id, columns, email, ticket=ticket, session=session)
        ticket_id = await _ticket_id(named, ticket) if ticket else ""
        return [source(named, query)], lambda _, a: fits(a, query, ticket_id), True
    everywhere = True
    sources: list[Source[Attendee]] = []
    queries: dict[str, AttendeeQuery] = {}
    able = call.desk.able(Capability.LIST_ATTENDEES)
    unable = [name for name in call.desk.accounts if name not in {account.name for account in able}]
    able = call.accounts(among=able)
    if unable:
        call.notes.add(f"Not searched, the platform tells no attendees: {', '.join(unable)}.")
    for account, events, failure in await read_events(call, able, EventQuery(now=call.desk.now(), when="upcoming")):
        call.tell_how(call.use(account), Capability.LIST_ATTENDEES)
        if failure is not None:
            everywhere = False
            call.notes.add("Not searched: " + failure_note(account, failure))
        for event in events:
            if event.status in {EventStatus.ENDED, EventStatus.ARCHIVED}:
                continue
            found = source(NamedEvent(account, event.id), _query(args, account, event.id, columns, email))
            queries[found.name] = _query(args, account, event.id, columns, email)
            sources.append(found)
    return sources, lambda s, a: fits(a, queries[s.name], ""), everywhere


def source(named: NamedEvent, query: AttendeeQuery) -> Source[Attendee]:
    return Source(named.account, str(named.ref), lambda at: named.account.provider.list_attendees(query, at=at))


def _query(
    args: ListAttendeesArgs, account: Account, event_id: str, columns: tuple[str, ...], email: str,
    *, ticket: str = "", session: str = "",
) -> AttendeeQuery:  # fmt: skip
    needed = {_COUNTED.get(args.count_by, "answers")} if args.count_by else set(columns)
    return AttendeeQuery(
        event_id=event_id, email=email, name=args.name.strip(), status=args.status, ticket=ticket, session=session,
        occurrence=parse_date(args.occurrence, field="occurrence") if args.occurrence else None,
        paid=args.paid, checked_in=args.checked_in,
        since=parse_bound(args.since, account.zone or "UTC", field="since", end=False) if args.since else None,
        columns=frozenset(needed),
    )  # fmt: skip


async def _ticket_id(named: NamedEvent, ticket: str) -> str:
    detail = await named.account.provider.get_event(named.id, frozenset())
    tickets = [t for t in detail.tickets or () if t.kind is Kind.TICKET]
    return choose(tickets, ticket, kind=Kind.TICKET, field="ticket", id_of=lambda t: t.id, name_of=lambda t: t.name).id


def fits(person: Attendee, query: AttendeeQuery, ticket_id: str) -> bool:
    """Whether a registration is one of those asked for, whatever the platform filtered."""
    if query.status == "active" and person.status not in ACTIVE:
        return False
    if query.status not in {"active", "all"} and person.status != query.status:
        return False
    return (
        (not query.email or person.email.strip().casefold() == query.email.casefold())
        and (not query.name or folded(query.name) in folded(person.name))
        and (not ticket_id or ticket_id in {person.ticket_id, *person.ticket_id.split(",")})
        and (query.occurrence is None or person.occurrence is None or person.occurrence == query.occurrence)
        and (query.paid is None or person.paid is query.paid)
        and (query.checked_in is None or person.checked_in is query.checked_in)
        and (query.since is None or (person.registered is not None and person.registered >= query.since))
    )


def _and(keep: Keep, other: Callable[[Attendee], bool]) -> Keep:
    return lambda s, a: keep(s, a) and other(a)


async def _absent_from(call: Call, event: str) -> Callable[[Attendee], bool]:
    named = await name_event(call, event, Capability.LIST_ATTENDEES, writing=False)
    query = AttendeeQuery(event_id=named.id)
    there = await read_whole(call, source(named, query), key=lambda a: a.id, keep=lambda _, a: a.status in ACTIVE)
    known = {address for person in there if (address := person.email.strip().casefold())}
    call.notes.add(f"Left out: {len(known)} addresses active at {named.ref}.")
    return lambda a: a.email.strip().casefold() not in known


def _counted(call: Call, of: Source[Attendee], people: list[Attendee], by: str) -> Answer:
    groups: Counter[str] = Counter()
    for person in people:
        for group in _groups(person, by, call.desk.people):
            groups[group] += person.heads
    columns = [line(by, 40), "people"]
    rows: list[list[Json]] = [[name, count] for name, count in groups.most_common(GROUPS_MOST)]
    if by in _COUNTED:
        note_silent(call, [of.account.name] * len(rows), rows, columns)
    elif not any(groups):
        call.notes.add(f"Nobody answered {line(by, 60)}.")
    heads = sum(person.heads for person in people)
    facts: dict[str, Json] = {"total": heads, "basis": f"{len(people)} of {len(people)} registrations"}
    data, shown = table(columns, rows, extra={**facts, "notes": [*call.notes.as_list(), "…" * 40]})
    if len(groups) > shown:
        call.notes.add(f"{len(groups) - shown} smaller groups are left out.")
    return Answer({**data, **facts, **without_empty({"notes": call.notes.as_list()})})


def _groups(person: Attendee, by: str, people: Privacy) -> list[str]:
    match by:
        case "ticket":
            return [line(person.ticket, 60)]
        case "status":
            return [person.status.value]
        case "day":
            return [person.registered.date().isoformat() if person.registered is not None else ""]
        case "source":
            return [line(person.source, 60)]
        case _:
            answers = [line(answer, 60) for field, answer in person.answers if folded(field) == folded(by)]
            return [people.cell("answer", answer) for answer in answers] or [""]


def _duplicates(
    call: Call, of: Source[Attendee], people: list[Attendee], columns: tuple[Column, ...], args: ListAttendeesArgs,
    filters: bytes,
) -> Answer:  # fmt: skip
    often = Counter(person.email.strip().casefold() for person in people if person.email.strip())
    rows = [person for person in people if often[person.email.strip().casefold()] > 1]
    rows.sort(key=lambda p: (p.email.strip().casefold(), p.id))
    call.notes.add(f"basis: {len(people)} of {len(people)} registrations")
    # Read whole and sorted anew by every call, so a place is its person's; it has no page.
    marks = [fingerprint(person.id, size=4) for person in rows]
    found = [(of, one, Place.after(bytes(3), 0, at, marks[: at + 1])) for at, one in enumerate(rows)]
    if args.cursor:
        place = read_cursor(args.cursor, filters)
        told = next((marks.index(mark) + 1 for mark in place.marks if mark in marks), 0)
        if told != place.index + 1:
            call.notes.add(CHANGED)
        found = found[told:]
    return answer_list(
        call, Read(found, complete=True, total=len(rows)), columns, lambda s, a: [cell(name, s, a, call.desk.people) for name in columns],
        filters=filters, limit=args.limit, limit_given="limit" in args.model_fields_set, asked=bool(args.fields),
    )  # fmt: skip


def cell(name: Column, of: Source[Attendee], person: Attendee, people: Privacy) -> Json:
    """One cell. None means that the platform does not tell."""
    match name:
        case "ref":
            return f"{of.name}:{person.kind}-{person.id}"
        case "name" | "company" | "phone":
            return people.cell("person" if name == "name" else name, line(getattr(person, name), 100))
        case "source":
            return line(person.source, 100)
        case "email":
            return people.cell("email", line(person.email, 254))
        case "ticket":
            return line(person.ticket, 80)
        case "status":
            return (
                person.status.value
                if person.status is not PersonStatus.UNKNOWN or not person.word
                else f"unknown ({line(person.word, 30)})"
            )
        case "paid" | "checked_in" | "quantity":
            return getattr(person, name)
        case "checked_in_at" | "registered":
            at = person.checked_in_at if name == "checked_in_at" else person.registered
            return at.isoformat(timespec="minutes") if at is not None else None
        case "answers":
            return "; ".join(
                f"{line(field, 40)}: {people.cell('answer', line(answer, 80))}" for field, answer in person.answers[:12]
            )
        case "sessions":
            return ", ".join(line(session, 60) for session in person.sessions or ())
        case "amount":
            return str(person.amount) if person.amount is not None else None
        case "occurrence":
            return person.occurrence.isoformat() if person.occurrence is not None else None


TOOL = ToolSpec(
    title="List attendees",
    args=ListAttendeesArgs,
    handler=list_attendees,
    effect=Effect.READ,
    needs=Capability.LIST_ATTENDEES,
)
