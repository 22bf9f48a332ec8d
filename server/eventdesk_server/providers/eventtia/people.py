"""People as a list shows them: their answers read by the ids of their attendee type, and who of them still takes part."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.operations import Operation
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.reads import GONE, Form, Reads
from eventdesk_server.providers.eventtia.scalars import moment
from eventdesk_server.providers.eventtia.tickets import FormField
from eventdesk_server.providers.eventtia.wire import Attendee as Row
from eventdesk_tools.choose import choose
from eventdesk_tools.errors import AuthenticationFailed, ListIncomplete, Unsupported
from eventdesk_tools.models import PersonStatus
from eventdesk_tools.records import Attendee, AttendeeQuery, Page
from eventdesk_tools.refs import Kind
from eventdesk_tools.text import web_address

_PARTS = ("first_name", "last_name", "email", "company", "telephone")
"""Built-in questions that have a column of their own."""

_UNTOLD = {
    "amount": "what a person owes or paid; call list_sales for payments, or get_event for prices",
    "source": "where a person came from",
    "occurrence": "dates of an event: it has no repeating events",
}
HIDDEN = {"include_rejected": "true", "include_archived": "true"}
_FLAGS: Mapping[str, Mapping[str, str]] = {
    "confirmed": {"only_confirmed": "true"},
    "rejected": {"include_rejected": "true"},
    "cancelled": HIDDEN,
    "unknown": HIDDEN,
    "all": HIDDEN,
}


KEPT_SECONDS = 60.0
"""So long it stays known who the ordinary list shows: pages of a list that goes on are not worth reading it anew."""

_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Shown:
    """Who the ordinary list, without those rejected or deleted, shows; `since` a moment, and kept `until` another."""

    ids: frozenset[str]
    since: datetime
    until: float

    def hides(self, row: Row) -> bool:
        """Whether the row is none of them. One registered since then is not known of."""
        made = row.attributes.created_at
        new = isinstance(made, datetime) and made.tzinfo is not None and made > self.since - _CLOCKS_DIFFER
        return row.id not in self.ids and not new


@dataclass(frozen=True, slots=True)
class Everyone:
    """All registrations of an event, and how many rows on how many pages that were."""

    people: tuple[Attendee, ...]
    pages: int


class Readable:
    """Turns registrations into people. Each attendee type has questions, and so ids, of its own."""

    def __init__(self, forms: tuple[Form, ...], zone: str | None) -> None:
        self._fields = {field.id: field for form in forms for field in form.fields}
        self._tickets = {form.type.id: form.type.attributes.name for form in forms}
        self._emails = {form.type.id: form.email_fields for form in forms if form.email_fields}
        self._zone = zone

    def of(self, row: Row, *, hidden: bool = False) -> Attendee:
        """A person. `hidden`: only a list of archived ones shows the row, whatever its status says."""
        parts: dict[str, str] = {}
        answers: list[tuple[str, str]] = []
        for field_id, value in row.attributes.fields.items():
            field, text = self._fields.get(field_id), _shown(value)
            if field is not None and _built_in(field) in _PARTS:
                parts[field.attributes.name] = text
            elif text:
                answers.append((_label(field, field_id), text))
        told = row.attributes
        status = PersonStatus.CANCELLED if hidden and row.status not in GONE else row.status
        return Attendee(
            id=row.id,
            name=" ".join(part for part in (parts.get("first_name", ""), parts.get("last_name", "")) if part),
            email=parts.get("email", ""),
            status=status,
            word=told.status if status is PersonStatus.UNKNOWN else "",
            ticket=self._tickets.get(row.type_id, ""),
            ticket_id=row.type_id,
            paid=told.paid,
            checked_in=told.checked_in,
            checked_in_at=self._at(told.checked_in_date),
            company=parts.get("company", ""),
            phone=parts.get("telephone", ""),
            answers=tuple(answers),
            quantity=1,
            registered=self._at(told.created_at),
        )

    def check(self, rows: Sequence[Row]) -> None:
        """Notice the reduced view that is given without a login: no row tells the address that its form asks for.

        Raises:
            AuthenticationFailed: It is given; nobody could be told from anybody else.
        """
        asked = [(row, self._emails[row.type_id]) for row in rows if row.type_id in self._emails]
        if asked and not any(emails & row.attributes.fields.keys() for row, emails in asked):
            raise AuthenticationFailed(
                "Eventtia shows these people without their addresses, as it does where a login has lapsed."
            )

    def knows(self, row: Row) -> bool:
        return row.attributes.fields.keys() <= self._fields.keys()

    def _at(self, when: Any) -> datetime | None:
        told = moment(when, self._zone)
        return told.at if told is not None else None


class People:
    """`list_attendees` at one account."""

    def __init__(
        self,
        http: ProviderClient,
        reads: Reads,
        now: Callable[[], datetime],
        zone: str,
    ) -> None:
        self._http = http
        self._reads = reads
        self._now = now
        self._zone = zone
        self._monotonic = http.monotonic
        self._kept: dict[str, Shown] = {}

    async def pages(self, query: AttendeeQuery, at: int | None) -> AsyncIterator[Page[Attendee]]:
        """The pages of a list. Eventtia has no filter by ticket, payment or check-in, and none by name that would find
        a first and a last name together: those are left to the tool."""
        _refuse(query)
        event = await self._reads.event(query.event_id)
        key, zone = event.key, event.zone(self._zone)
        forms = await self._reads.forms(key)
        operation, path = await self._place(key, query.session)
        narrowed = _narrowed(query)
        flags = _FLAGS.get(query.status, {})
        shown = await self._shown(operation, path, narrowed) if flags == HIDDEN else None
        read = Readable(forms, zone)
        exact = query.status in {"all", "confirmed"} and not narrowed and _takes_all(query)
        renewed = False
        async for page in self._reads.people(operation, path, {**flags, **narrowed}, first=at or 1):
            if not renewed and not all(read.knows(row) for row in page.rows):
                # A question added meanwhile; one of a ticket that is gone stays without its words.
                read, renewed = Readable(await self._reads.forms(key), zone), True
            read.check(page.rows)
            people = [read.of(row, hidden=shown is not None and shown.hides(row)) for row in page.rows]
            if "sessions" in query.columns:
                people = [await self._with_sessions(key, one) if _wanted(one, query) else one for one in people]
            yield page.of(people, page.total if exact else None)

    async def everyone(self, key: str, forms: tuple[Form, ...], zone: str | None) -> Everyone:
        """All registrations, cancelled and rejected ones too.

        Whether a deleted registration keeps its old status is not documented. Where the platform counts fewer than say
        of themselves that they take part, the ordinary list tells who does.
        """
        path, read = {"event": key}, Readable(forms, zone)
        rows: list[Row] = []
        pages, told = 0, None
        async for page in self._reads.people(operations.LIST_ATTENDEES, path, HIDDEN):
            read.check(page.rows)
            rows.extend(page.rows)
            pages, told = pages + 1, page.total
        if told is not None and told > len(rows):
            raise ListIncomplete(f"{self._http.who} counts {told} registrations and gave {len(rows)}.")
        there = frozenset(row.id for row in rows if row.status not in GONE)
        if await self._reads.head_count(key) != len(there):
            there = await self._ids(operations.LIST_ATTENDEES, path, {})
        return Everyone(tuple(read.of(row, hidden=row.id not in there) for row in rows), pages)

    async def _place(self, event: str, session: str) -> tuple[Operation, Mapping[str, str]]:
        """Which list: the event's people, or those of one session, by its ref or exact name."""
        if not session.strip():
            return operations.LIST_ATTENDEES, {"event": event}
        one = choose(
            await self._reads.activities(event),
            session,
            kind=Kind.SESSION,
            field="session",
            id_of=lambda s: s.activity.id,
            name_of=lambda s: s.activity.attributes.name,
        )
        return operations.LIST_ACTIVITY_ATTENDEES, {"event": event, "activity": one.activity.id}

    async def _ids(self, operation: Operation, path: Mapping[str, str], query: Mapping[str, str]) -> frozenset[str]:
        """Who the ordinary list shows: neither rejected nor deleted."""
        return frozenset([row.id async for page in self._reads.people(operation, path, query) for row in page.rows])

    async def _shown(self, operation: Operation, path: Mapping[str, str], query: Mapping[str, str]) -> Shown:
        key = repr((operation.name, sorted(path.items()), sorted(query.items())))
        self._kept = {name: kept for name, kept in self._kept.items() if kept.until > self._monotonic()}
        if key not in self._kept:
            since = self._now()
            ids = await self._ids(operation, path, query)
            self._kept[key] = Shown(ids, since, self._monotonic() + KEPT_SECONDS)
        return self._kept[key]

    def forget(self) -> None:
        """Know nothing any more: a registration was cancelled."""
        self._kept.clear()

    async def _with_sessions(self, event: str, person: Attendee) -> Attendee:
        return replace(person, sessions=await self._reads.session_names(event, person.id))


def _refuse(query: AttendeeQuery) -> None:
    """Raises Unsupported for what Eventtia does not tell."""
    if query.occurrence is not None:
        raise Unsupported(
            "Eventtia has no repeating events.", next="Repeat the call without occurrence.", field="occurrence"
        )
    if query.status == "incomplete":
        raise Unsupported(
            "Eventtia has no incomplete registrations.",
            next="Repeat the call with status pending, or paid false for who owes.",
            field="status",
        )
    for name in sorted(query.columns & _UNTOLD.keys()):
        raise Unsupported(
            f"Eventtia does not tell {name}: {_UNTOLD[name]}.",
            next=f"Repeat the call without {name}.",
            field="fields",
            columns=[name],
        )


def _narrowed(query: AttendeeQuery) -> dict[str, str]:
    """What Eventtia filters, never narrower than meant. The zone of its times is not documented, hence the day."""
    narrowed: dict[str, str] = {}
    if query.email:
        narrowed["email"] = query.email.strip().lower()
    if query.since is not None:
        since = query.since.astimezone(UTC) - timedelta(days=1)
        narrowed["created_date_time"] = since.strftime("%Y-%m-%dT%H:%M:%S")
    return narrowed


def _takes_all(query: AttendeeQuery) -> bool:
    """Whether nothing is left to be filtered but the status."""
    return not query.name and not query.ticket and query.paid is None and query.checked_in is None


def _wanted(person: Attendee, query: AttendeeQuery) -> bool:
    """Whether a row may be asked for: looking up what the others booked would be a request each for nothing."""
    status = person.status not in GONE if query.status == "active" else query.status in {"all", person.status.value}
    return (
        status
        and (not query.email or person.email.strip().casefold() == query.email.strip().casefold())
        and (query.paid is None or person.paid is query.paid)
        and (query.checked_in is None or person.checked_in is query.checked_in)
    )


def _built_in(field: FormField) -> str:
    """The machine name of a built-in question; "" for one of the organiser's own."""
    return "" if field.attributes.default is False else field.attributes.name


def _label(field: FormField | None, field_id: str) -> str:
    return (field.attributes.alias or field.attributes.name) if field is not None else f"field_{field_id}"


def _shown(value: Any) -> str:
    """An answer as text. A picture is its address, where there is one."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dict():
            told = cast("dict[str, Any]", value)
            return web_address(next((str(told[size]) for size in ("original", "large") if told.get(size)), ""))
        case list():
            return ", ".join(text for item in cast("list[Any]", value) if (text := _shown(item)))
        case _:
            return str(value)
