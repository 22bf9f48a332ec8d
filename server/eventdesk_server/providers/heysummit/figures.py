"""An event in figures, from its registrations: HeySummit counts nothing else through its API."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from eventdesk_server.providers.heysummit import wire
from eventdesk_server.providers.heysummit.people import check_occurrence
from eventdesk_server.providers.heysummit.routes import Routes
from eventdesk_server.providers.loose import moment
from eventdesk_tools.errors import ListIncomplete
from eventdesk_tools.models import PersonStatus, Ticket
from eventdesk_tools.records import EventFigures, SummaryQuery

READ_MOST = {"v2": 5_000, "v1": 1_500}
"""Registrations that are read one by one. With more a call would not end in time, and the platform's count stands."""


async def figures(routes: Routes, query: SummaryQuery, zone: str) -> EventFigures:
    """Who has completed an order, by day and by ticket; no money, for HeySummit tells none with a currency."""
    check_occurrence(query.occurrence)
    event = await routes.event(query.event_id)
    shelf = await routes.shelf(event.id)
    everybody = await routes.head_count(event.id)
    completed = await routes.head_count(event.id, completed=True)
    where = event.zone(zone)
    plain = EventFigures(
        title=event.title, starts=moment(event.first_talk_at, where), tickets=shelf.tickets or None, notes=shelf.notes
    )
    count = everybody if completed is None else completed
    if count is not None and count > READ_MOST[routes.version]:
        return _counted(plain, everybody, completed)
    read = await _read(routes, event.id)
    people = [row for row in read.rows if row.status is PersonStatus.CONFIRMED]
    left_out = read.told(event.id) if everybody is None or completed is None else everybody - completed
    days = [at.date() for row in people if (at := row.registered(where)) is not None]
    # Version 2 gives those that completed an order, version 1 all.
    read_as = "completed registrations" if routes.version == "v2" else "registrations"
    spanned = query.since is not None or query.until is not None
    return replace(
        plain,
        registered=len(people),
        tickets=_with_sold(shelf.tickets, people) if routes.version == "v1" else plain.tickets,
        by_day=dict(sorted(Counter(days).items())),
        new=sum(_within(row.registered(where), query) for row in people) if spanned else None,
        basis=(f"{len(read.rows)} of {read.total} {read_as}, {read.pages} of {read.pages} pages",),
        notes=(*plain.notes, *_notes(len(people), len(days), left_out, where)),
    )


def _counted(plain: EventFigures, everybody: int | None, completed: int | None) -> EventFigures:
    """What can be said without reading everybody."""
    if completed is None:
        return replace(
            plain,
            basis=(f"{everybody} registrations of any state, as HeySummit counts them",),
            notes=(*plain.notes, "Too many to be read: version 1 of HeySummit's API counts only all states together."),
        )
    return replace(
        plain,
        registered=completed,
        basis=(f"{completed} completed registrations, as HeySummit counts them",),
        notes=(*plain.notes, "Too many to be read one by one: no pace and no new ones."),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """The registrations of an event, whole: on version 2 those that completed an order."""

    rows: Sequence[wire.Attendee]
    total: int
    pages: int

    def told(self, event_id: str) -> int:
        """How many of them did not complete an order."""
        return sum(row.event in {"", event_id} and row.status is not PersonStatus.CONFIRMED for row in self.rows)


async def _read(routes: Routes, event_id: str) -> _Read:
    """All of them.

    Raises:
        ListIncomplete: The platform counts more than it gives: nothing is computed from a part.
    """
    found: list[wire.Attendee] = []
    foreign = count = 0
    total: int | None = None
    async for page in routes.people_list(event_id, completed=True).pages():
        mine = [row for row in page.rows if row.event in {"", event_id}]
        foreign += len(page.rows) - len(mine)
        found += mine
        count += 1
        total = page.total
    if total is not None and total > len(found) + foreign:
        raise ListIncomplete(f"HeySummit counts {total} registrations and gave {len(found) + foreign}.")
    return _Read(found, len(found), count)


def _with_sold(tickets: Sequence[Ticket], people: Sequence[wire.Attendee]) -> tuple[Ticket, ...]:
    """Version 1 shows which tickets a person holds."""
    held = Counter(ticket.ticket_id for person in people for ticket in person.tickets)
    return tuple(replace(ticket, sold=held[ticket.id]) for ticket in tickets)


def _within(at: datetime | None, query: SummaryQuery) -> bool:
    return at is not None and (query.since is None or at >= query.since) and (query.until is None or at <= query.until)


def _notes(people: int, dated: int, left_out: int, zone: str | None) -> tuple[str, ...]:
    notes: list[str] = []
    if left_out > 0:
        notes.append(f"Not counted: {left_out} registrations that did not complete an order.")
    if dated < people:
        notes.append(f"{people - dated} registrations have no date and stand in no day.")
    if zone is None and people:
        notes.append("No time zone is told: days are those of UTC.")
    return tuple(notes)
