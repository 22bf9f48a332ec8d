"""Booking at EventHQ: its API takes none, so the answer is the booking form for a person."""

from collections.abc import Sequence
from datetime import datetime

from eventdesk_server.providers.eventhq.wire import Event
from eventdesk_tools.choose import choose_ticket
from eventdesk_tools.errors import InvalidArguments, NotOnSale, ProviderChanged, SoldOut, Unsupported
from eventdesk_tools.models import Outcome, Registration, SaleOrder, Ticket, WriteResult
from eventdesk_tools.refs import Kind, shown


def check_registration(wanted: Registration) -> None:
    """Refuse what no booking form can be told, before any request."""
    if wanted.occurrence is not None:
        raise InvalidArguments("EventHQ's events do not repeat: leave occurrence out.", field="occurrence")
    if wanted.sessions:
        raise Unsupported("EventHQ has no sessions.", next="Leave sessions out.", field="sessions")
    if wanted.complimentary:
        raise Unsupported(
            "EventHQ's booking form charges what a ticket costs; its API gives none away.",
            next="Leave complimentary out, or tell the person to add the booking in EventHQ.",
            field="complimentary",
        )


def check_order(wanted: SaleOrder) -> None:
    """Refuse what no booking form can be told, before any request."""
    if wanted.occurrence is not None:
        raise InvalidArguments("EventHQ's events do not repeat: leave occurrence out.", field="occurrence")
    if wanted.coupon.strip():
        raise Unsupported(
            "A booking link of EventHQ carries no coupon.",
            next="Leave coupon out; the buyer may type it.",
            field="coupon",
        )


def chosen(tickets: Sequence[Ticket], text: str, *, field: str, kind: Kind | None = None) -> Ticket:
    """The ticket or extra that is meant; by name, either where `kind` is None."""
    if kind is None:
        named = [ticket for ticket in tickets if ticket.name.casefold() == text.strip().casefold()]
        extra = text.strip().startswith(f"{Kind.EXTRA}-") or (bool(named) and named[0].kind is Kind.EXTRA)
        kind = Kind.EXTRA if extra else Kind.TICKET
    ticket = choose_ticket(tickets, text, field=field, kind=kind)
    if ticket.left == 0:
        raise SoldOut(f"{shown(ticket.name)} is sold out.")
    if ticket.on_sale is False:
        raise NotOnSale(f"{shown(ticket.name)} is not on sale: {shown(ticket.note or 'registration is closed', 80)}.")
    return ticket


def form(event: Event, now: datetime, zone: str, items: Sequence[str], *, answers: bool = False) -> WriteResult:
    """The booking form, for a person.

    Raises:
        NotOnSale: Nobody can book now.
        SoldOut: No place is left.
        ProviderChanged: The platform tells no address.
    """
    if event.ended(now, zone):
        raise NotOnSale(f"{shown(event.name)} is over.")
    if why := event.closed(now, zone):
        raise NotOnSale(f"{shown(event.name)}: {why}.")
    if event.sold_out:
        raise SoldOut(f"{shown(event.name)} is sold out.")
    if not event.booking_page:
        raise ProviderChanged("EventHQ tells no booking page for this event.")
    notes = [
        "Nothing was done: EventHQ's API takes no bookings. The person books on this page and enters name and e-mail."
    ]
    if items:
        notes.append(f"To be chosen there: {', '.join(items)}.")
    if answers:
        notes.append("The link carries no answers: they are to be entered there.")
    if event.test:
        notes.append("The event is in test mode: bookings are not real.")
    return WriteResult(
        outcome=Outcome.HAND_OFF, event_id=event.slug, url=event.booking_page, mail="no", notes=tuple(notes)
    )
