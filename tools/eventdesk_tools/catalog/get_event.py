"""`get_event`: one event with its tickets, and the parts that were asked for."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from eventdesk_tools.answers import BUDGET, Answer, compact, cut_text, filled, weigh, without_empty
from eventdesk_tools.desk import Account, Call
from eventdesk_tools.effects import Effect
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import Event, EventDetail, Include, Json, Ticket
from eventdesk_tools.money import Money
from eventdesk_tools.naming import NamedEvent, name_event
from eventdesk_tools.ports import Capability
from eventdesk_tools.refs import Kind
from eventdesk_tools.spec import ToolArgs, ToolSpec
from eventdesk_tools.text import line, paragraphs, web_address
from eventdesk_tools.times import Moment, parse_date

PARTS_MOST = 40
CHOICES_MOST = 12
_TABLES = ("tickets", "extras", "fields", "sessions", "speakers", "coupons")
_BESIDE = 1_000
"""What is kept of the budget for a description and notes."""


class GetEventArgs(ToolArgs):
    """Arguments of `get_event`."""

    event: Annotated[str, Field(description="Ref, slug or title.", max_length=300)]
    occurrence: Annotated[str, Field(max_length=10)] = ""
    include: Annotated[
        list[Literal["description", "sessions", "speakers", "fields", "coupons"]], Field(max_length=5)
    ] = []


async def get_event(call: Call, args: GetEventArgs) -> Answer:
    """Get one event: state, dates, place, tickets with price, sold, left. `fields`: what registering asks for."""
    named = await name_event(call, args.event, Capability.GET_EVENT, writing=False)
    occurrence = parse_date(args.occurrence, field="occurrence") if args.occurrence else None
    include = frozenset(Include(part) for part in args.include)
    detail = await named.account.provider.get_event(named.id, include, occurrence)
    event = detail.event
    if occurrence is not None and event.occurrences is None:
        raise InvalidArguments("This event does not repeat: leave occurrence out.", field="occurrence")
    call.notes.extend(line(note, 240) for note in detail.notes)
    body = without_empty(
        {
            **event_facts(named.account, event),
            "tickets": tickets(named, detail.tickets, Kind.TICKET),
            "extras": tickets(named, detail.tickets, Kind.EXTRA),
            "fields": _fields(detail),
            "sessions": _sessions(named, detail),
            "speakers": _speakers(detail),
            "coupons": _coupons(detail),
        }
    )
    for part in Include:
        if part in include and getattr(detail, part.value) is None:
            call.notes.add(f"{part.value}: {named.account.title} does not offer this.")
    _fit(call, body)
    if detail.description:
        room = max(BUDGET - weigh(compact(body)) - 400, 400)
        body["description"] = cut_text(paragraphs(detail.description), room, "the rest is on the event's page")
    return Answer(without_empty({**body, "notes": call.notes.as_list()}))


def _fit(call: Call, body: dict[str, Json]) -> None:
    """Cut the longest tables until all fit, at `PARTS_MOST` rows each, and say what is not shown."""
    tables: dict[str, list[Json]] = {name: body[name]["rows"] for name in _TABLES if name in body}
    whole = {name: len(rows) for name, rows in tables.items()}
    for rows in tables.values():
        del rows[PARTS_MOST:]
    while weigh(compact(body)) > BUDGET - _BESIDE and any(len(rows) > 1 for rows in tables.values()):
        longest = max(tables, key=lambda name: (len(tables[name]) > 1, weigh(compact(tables[name]))))
        del tables[longest][-1]
    for name, rows in tables.items():
        if len(rows) < whole[name]:
            rest = " list_sessions shows all." if name == "sessions" else ""
            call.notes.add(f"{len(rows)} of {whole[name]} {name} are shown.{rest}")


def event_facts(account: Account, event: Event) -> dict[str, Json]:
    """An event as an object."""
    return without_empty(
        {
            "ref": str(account.ref(event.id)),
            "title": line(event.title),
            "status": event.status.value,
            "starts": when(event.starts),
            "ends": when(event.ends),
            "zone": line(event.zone or "", 40),
            "place": line(event.place),
            "online": event.online or None,
            "url": web_address(event.url),
            "book_at": web_address(event.book_at) if event.book_at != event.url else None,
            "calendar": line(event.calendar, 80),
            "category": line(event.category, 80),
            "tags": [line(tag, 40) for tag in event.tags[:20]],
            "repeats": line(event.repeats),
            "registered": event.registered,
            "updated": event.updated.isoformat(timespec="minutes") if event.updated is not None else None,
        }
    )


def when(moment: Moment | None) -> str | None:
    return str(moment) if moment is not None else None


def price_text(price: Money | None) -> str | None:
    """A price as tables show it."""
    return None if price is None else "free" if price.free else str(price)


def tickets(event: NamedEvent, items: Sequence[Ticket] | None, kind: Kind) -> Json:
    """Tickets or extras as a table; columns that no row fills are left out."""
    chosen = [item for item in items or () if item.kind is kind]
    if not chosen:
        return None
    rows = [
        [
            str(event.ref.inside(kind, item.id)), line(item.name, 80), price_text(item.price), item.sold, item.left,
            item.on_sale, line(item.note, 80),
        ]
        for item in chosen
    ]  # fmt: skip
    return _table(("ref", "name", "price", "sold", "left", "on_sale", "note"), rows)


def _table(columns: Sequence[str], rows: Sequence[Sequence[Json]]) -> dict[str, Json]:
    used, kept = filled(columns, rows)
    return {"columns": used, "rows": [[None if value == "" else value for value in row] for row in kept]}


def _fields(detail: EventDetail) -> Json:
    if not detail.fields:
        return None
    rows = [
        [
            line(f.ticket, 60),
            line(f.field, 60),
            line(f.kind, 20),
            f.required,
            _choices(f.choices),
        ]
        for f in detail.fields
    ]
    return _table(("ticket", "field", "kind", "required", "choices"), rows)


def _choices(choices: Sequence[str]) -> Json:
    more = [f"… {len(choices) - CHOICES_MOST} more"] if len(choices) > CHOICES_MOST else []
    return [*(line(choice, 40) for choice in choices[:CHOICES_MOST]), *more] or None


def _sessions(event: NamedEvent, detail: EventDetail) -> Json:
    if not detail.sessions:
        return None
    rows = [
        [
            str(event.ref.inside(Kind.SESSION, s.id)), line(s.title, 100), when(s.starts),
            ", ".join(line(name, 60) for name in s.speakers[:6]), line(s.room, 60), line(s.status, 20), s.left,
        ]
        for s in detail.sessions
    ]  # fmt: skip
    return _table(("ref", "title", "starts", "speakers", "room", "status", "left"), rows)


def _speakers(detail: EventDetail) -> Json:
    if not detail.speakers:
        return None
    rows = [[line(s.name, 80), line(s.role, 80), line(s.company, 80)] for s in detail.speakers]
    return _table(("name", "role", "company"), rows)


def _coupons(detail: EventDetail) -> Json:
    if not detail.coupons:
        return None
    rows = [[line(c.code, 40), line(c.title, 80), line(c.discount, 40), c.usable] for c in detail.coupons]
    return _table(("code", "title", "discount", "usable"), rows)


TOOL = ToolSpec(title="Get event", args=GetEventArgs, handler=get_event, effect=Effect.READ, needs=Capability.GET_EVENT)
