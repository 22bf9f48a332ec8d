"""An event of EventHQ in figures, and what it says of itself: a head count, and how many of each ticket are used."""

from collections.abc import Sequence

from eventdesk_server.providers.eventhq import wire
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import Ticket
from eventdesk_tools.records import EventDraft, EventFigures, NewTicket, Place, SummaryQuery
from eventdesk_tools.refs import Kind
from eventdesk_tools.times import Moment


def check(query: SummaryQuery) -> None:
    """Refuse a date of a repeating event, before any request."""
    if query.occurrence is not None:
        raise InvalidArguments("EventHQ's events do not repeat: leave occurrence out.", field="occurrence")


def figures(
    event: wire.Event, query: SummaryQuery, zone: str, tickets: Sequence[Ticket], *, assumed: bool
) -> EventFigures:
    """The platform's own counts. Prices change by date, so that what was paid cannot be told from what is used."""
    extras = sum(ticket.kind is Kind.EXTRA for ticket in tickets)
    primary = len(tickets) - extras
    counts = [] if event.attendee_count is None else ["EventHQ's head count"]
    products = f"{primary} of {primary} tickets" + (f" and {extras} of {extras} extras" if extras else "")
    notes: list[str] = []
    if event.attendee_count is None:
        notes.append("EventHQ's list does not show this event: its head count is not known.")
    else:
        notes.append("registered includes people who are in the middle of booking.")
    if query.since is not None or query.until is not None:
        notes.append("EventHQ does not tell when anybody registered: there are no new ones within a span.")
    if tickets and assumed:
        notes.append("EventHQ's API states no currency: GBP is assumed.")
    if event.test:
        notes.append("The event is in test mode: bookings are not real.")
    return EventFigures(
        title=event.name,
        starts=wire.moment(event.event_starts, zone),
        registered=event.attendee_count,
        tickets=tuple(tickets) or None,
        basis=(", ".join((*counts, f"{products} as it counts them")),),
        notes=tuple(notes),
    )


def draft(event: wire.Event, zone: str, tickets: Sequence[Ticket]) -> EventDraft:
    """In neutral terms. EventHQ tells days, not times of day, and places in one line."""
    starts, ends = wire.moment(event.event_starts, zone), wire.moment(event.event_ends, zone)
    offered = {product.id: product for product in event.products if not product.hidden and product.total_available != 0}
    return EventDraft(
        title=event.name or None,
        starts=_wall(starts),
        ends=_wall(ends) if ends != starts else None,
        zone=zone,
        description=event.summary or None,
        place=Place(name=event.location) if event.location else None,
        tickets=tuple(
            NewTicket(name=ticket.name, price=str(ticket.price), quantity=offered[ticket.id].total_available)
            for ticket in tickets
            if ticket.id in offered and ticket.kind is Kind.TICKET and ticket.price is not None
        )
        or None,
        booking_url=event.booking_page or None,
    )


def _wall(when: Moment | None) -> str | None:
    if when is None:
        return None
    return when.at.replace(tzinfo=None).isoformat(timespec="minutes") if when.at is not None else str(when)
