"""Who is registered for an event, page by page, and what version 1 shows of the tickets that they hold."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from eventdesk_server.providers.heysummit import wire
from eventdesk_server.providers.heysummit.routes import Routes
from eventdesk_server.providers.heysummit.rows import Listed
from eventdesk_tools.choose import choose
from eventdesk_tools.errors import InvalidArguments, Unsupported
from eventdesk_tools.models import PersonStatus
from eventdesk_tools.money import totals
from eventdesk_tools.records import Attendee, AttendeeQuery, Page, Sale, SaleQuery, SaleStatus
from eventdesk_tools.refs import Kind

_NEVER = frozenset(
    {"paid", "checked_in", "checked_in_at", "company", "phone", "answers", "quantity", "occurrence"}
)  # fmt: skip
_USUAL = frozenset({"ref", "name", "email", "ticket", "status"})
"""What `list_attendees` shows unasked: of these the ticket stays empty on version 2."""
_COMPLETED = frozenset({"active", PersonStatus.CONFIRMED})
_STATES = frozenset({*_COMPLETED, PersonStatus.INCOMPLETE, PersonStatus.UNKNOWN, "all"})


def check_occurrence(occurrence: object) -> None:
    """Refuse a date of a repeating event: HeySummit's do not repeat."""
    if occurrence is not None:
        raise InvalidArguments("HeySummit's events do not repeat: leave occurrence out.", field="occurrence")


def _check(routes: Routes, query: AttendeeQuery) -> None:
    """Refuse, before any request, what HeySummit does not tell.

    Raises:
        Unsupported: A filter or column; the message names it.
    """
    check_occurrence(query.occurrence)
    for field, given in (("paid", query.paid), ("checked_in", query.checked_in)):
        if given is not None:
            raise Unsupported(
                f"HeySummit's API does not tell {field} of a person.",
                next=f"Leave {field} out; the person can look in HeySummit's dashboard.",
                field=field,
            )
    if query.status not in _STATES:
        raise Unsupported(
            f"HeySummit has no registrations that are {query.status}.",
            next="Use one of allowed as status.",
            field="status",
            allowed=sorted(_STATES),
        )
    missing = sorted(query.columns & _NEVER)
    if missing:
        raise Unsupported(
            f"HeySummit's API does not tell {', '.join(missing)} of a person.",
            next=f"Leave {', '.join(missing)} out of fields.",
            field="fields",
            columns=missing,
        )
    if routes.version == "v2":
        tickets = "ticket" in query.columns and query.columns != _USUAL
        if query.ticket or tickets or "amount" in query.columns:
            raise Unsupported(
                "Version 2 of HeySummit's API does not tell which tickets a person holds.",
                next="Leave ticket and amount out, or ask the person to set api_version to v1 for this account.",
                field="ticket" if query.ticket else "fields",
                columns=() if query.ticket else ["ticket", "amount"],
            )


async def attendees(routes: Routes, query: AttendeeQuery, zone: str, at: int | None) -> AsyncIterator[Page[Attendee]]:
    """Registrations, narrowed by address and by completed orders where the version can.

    Raises:
        Unsupported: See `_check`.
    """
    _check(routes, query)
    event = await routes.event(query.event_id)
    titles: Mapping[str, str] = {}
    if query.session or "sessions" in query.columns:
        titles = {talk.id: talk.title async for talk in routes.talks(event.id)}
    talk = _talk(titles, query.session) if query.session else ""
    reading = _Reading(query, event.id, event.zone(zone), titles, talk)
    async for page in (await _list(routes, event.id, query, at)).pages(at):
        yield reading.page(page, narrowed=routes.version == "v2")


def _talk(titles: Mapping[str, str], wanted: str) -> str:
    found = choose(
        list(titles.items()), wanted, kind=Kind.SESSION, field="session", id_of=lambda t: t[0], name_of=lambda t: t[1]
    )
    return found[0]


async def _list(routes: Routes, event_id: str, query: AttendeeQuery, at: int | None) -> Listed[wire.Attendee]:
    """The shortest list in which all who are asked for stand.

    Version 2 finds an address exactly as it is kept, and ours are asked for whatever their case: where no usual way to
    write it finds anybody, everybody is read. A list found by address fits on one page, so a later position is of that.
    """
    completed = query.status in _COMPLETED
    everybody = routes.people_list(event_id, completed=completed)
    if not query.email or not routes.finds_by_email or at:
        return everybody
    for written in spellings(query.email):
        found = routes.people_list(event_id, email=written, completed=completed)
        async for person in found.rows():
            if person.belongs(event_id, query.email):
                return found
    return everybody


def spellings(email: str) -> tuple[str, ...]:
    """The ways in which an address is usually kept: as given, in lower case, with the capital that telephones write."""
    given = email.strip()
    lower = given.lower()
    return tuple(dict.fromkeys((given, lower, lower[:1].upper() + lower[1:])))


@dataclass(frozen=True, slots=True)
class _Reading:
    """How rows become attendees for one query."""

    query: AttendeeQuery
    event_id: str
    zone: str | None
    titles: Mapping[str, str]
    talk: str

    def page(self, page: Page[wire.Attendee], *, narrowed: bool) -> Page[Attendee]:
        people = [self._attendee(row) for row in page.rows if self._fits(row)]
        exact = (
            len(people) == len(page.rows)
            and self._all_counted(narrowed=narrowed)
            and all(self._expected(person) for person in people)
        )
        return page.of(people, page.total if exact else None)

    def _fits(self, row: wire.Attendee) -> bool:
        return row.event in {"", self.event_id} and (not self.talk or self.talk in row.talks)

    def _all_counted(self, *, narrowed: bool) -> bool:
        """Whether the platform's own count is of exactly what is asked for."""
        query = self.query
        rest = query.name or query.ticket or query.session or query.since is not None
        by_state = query.status == "all" or (narrowed and query.status in _COMPLETED)
        return not rest and by_state and (narrowed or not query.email)

    def _expected(self, person: Attendee) -> bool:
        query = self.query
        known = query.status == "all" or person.status is PersonStatus.CONFIRMED
        return known and (not query.email or person.email.strip().casefold() == query.email.strip().casefold())

    def _attendee(self, row: wire.Attendee) -> Attendee:
        sums = totals([amount for held in row.tickets if (amount := held.amount) is not None])
        return Attendee(
            id=row.id,
            name=row.name.strip(),
            email=row.email.strip(),
            status=row.status,
            word="" if row.status is PersonStatus.CONFIRMED else (row.registration_status or "").strip(),
            ticket=", ".join(held.ticket_name for held in row.tickets if held.ticket_name),
            ticket_id=",".join(held.ticket_id for held in row.tickets if held.ticket_id),
            sessions=tuple(self.titles.get(talk) or f"{Kind.SESSION}-{talk}" for talk in row.talks)
            if "sessions" in self.query.columns
            else None,
            amount=next(iter(sums.values())) if len(sums) == 1 else None,
            registered=row.registered(self.zone),
            source=row.utm_source.strip() or row.http_referer_domain.strip(),
        )


async def sales(routes: Routes, query: SaleQuery, zone: str, at: int | None) -> AsyncIterator[Page[Sale]]:
    """The tickets that stand on people's records: version 1 shows no other trace of a sale.

    Raises:
        Unsupported: No event is named, or a state is asked for that nobody tells.
    """
    check_occurrence(query.occurrence)
    if not query.event_id:
        raise Unsupported(
            "HeySummit shows tickets on the people of one event only.", next="Call again with event.", field="event"
        )
    if query.status not in {"", SaleStatus.UNKNOWN}:
        raise Unsupported(
            "HeySummit does not tell whether a ticket was paid for.", next="Leave status out.", field="status"
        )
    event = await routes.event(query.event_id)
    async for page in routes.people_list(event.id).pages(at):
        people = [row for row in page.rows if row.event in {"", event.id}]
        yield page.of([sale for row in people for sale in _held(row, event, event.zone(zone))])


def _held(row: wire.Attendee, event: wire.Event, zone: str | None) -> list[Sale]:
    """A person's tickets. A ticket held twice is told apart by a number, so that each has an id of its own."""
    seen: Counter[str] = Counter()
    return [
        Sale(
            id=_sale_id(row.id, held.ticket_id, seen),
            buyer=row.name.strip(),
            email=row.email.strip(),
            status=SaleStatus.UNKNOWN,
            event_id=event.id,
            event=event.title,
            items=((held.ticket_name, 1),),
            amount=held.amount,
            made=held.made(zone),
            quantity=1,
        )
        for held in row.tickets
    ]


def _sale_id(person: str, ticket: str, seen: Counter[str]) -> str:
    seen[ticket] += 1
    name = f"{person}-{ticket or '0'}"
    return name if seen[ticket] == 1 else f"{name}-{seen[ticket]}"
