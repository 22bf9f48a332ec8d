"""Tickets with their seats, and what they add up to: the platform's own counts."""

from collections import Counter
from dataclasses import replace

from eventdesk_server.providers.eventtia.reads import Form
from eventdesk_server.providers.eventtia.tickets import SeatCount
from eventdesk_tools.models import Event, EventStatus, Ticket


def counted_tickets(forms: tuple[Form, ...], counts: tuple[SeatCount, ...], currency: str | None) -> tuple[Ticket, ...]:
    """The attendee types, with the seats used where a name stands once in both lists: the counts carry no ids."""
    types = Counter(form.type.attributes.name for form in forms)
    rows = Counter(count.name for count in counts)
    once = {count.name: count for count in counts if rows[count.name] == 1 and types[count.name] == 1}
    tickets: list[Ticket] = []
    for form in forms:
        count = once.get(form.type.attributes.name)
        ticket = form.type.to_ticket(currency, count.used_seats if count is not None else None)
        if ticket.left is None and count is not None and None not in {count.seats_limit, count.used_seats}:
            ticket = replace(ticket, left=max(0, (count.seats_limit or 0) - (count.used_seats or 0)))
        tickets.append(ticket)
    return tuple(tickets)


def counted(event: Event, forms: tuple[Form, ...], tickets: tuple[Ticket, ...]) -> Event:
    """The event with what its tickets add up to, each figure only where every ticket tells its part."""
    if not tickets:
        return event
    sold = [ticket.sold for ticket in tickets]
    left = [ticket.left for ticket in tickets]
    limits = [form.type.attributes.capacity for form in forms]
    event = replace(
        event,
        sold=sum(one for one in sold if one is not None) if None not in sold else None,
        left=sum(one for one in left if isinstance(one, int)) if all(isinstance(one, int) for one in left) else None,
        capacity=sum(one for one in limits if one) if all(limits) else None,
    )
    full = event.status is EventStatus.LIVE and all(one == 0 for one in left)
    return replace(event, status=EventStatus.SOLD_OUT) if full else event
