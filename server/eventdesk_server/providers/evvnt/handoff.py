"""Registering and buying at an evvnt listing: it has neither, only a booking link for a person."""

from datetime import date, datetime

from eventdesk_server.providers.evvnt.wire import Event
from eventdesk_tools.choose import choose_ticket
from eventdesk_tools.errors import InvalidArguments, NotOnSale, Unsupported
from eventdesk_tools.models import Outcome, Registration, SaleOrder, WriteResult
from eventdesk_tools.refs import shown


def check_occurrence(occurrence: date | None) -> None:
    """Refuse a date of a repeating event: evvnt's listings have one date."""
    if occurrence is not None:
        raise InvalidArguments("evvnt's listings do not repeat: leave occurrence out.", field="occurrence")


def check_registration(wanted: Registration) -> None:
    """Refuse what no link carries, before any request."""
    check_occurrence(wanted.occurrence)
    if wanted.complimentary:
        raise Unsupported(
            "evvnt sells nothing and so gives nothing away.",
            next="Leave complimentary out, or register the person where the tickets are sold.",
            field="complimentary",
        )
    for field, given in (("sessions", wanted.sessions), ("extras", wanted.extras), ("answers", wanted.answers)):
        if given:
            raise Unsupported(f"An evvnt listing takes no {field}.", next=f"Leave {field} out.", field=field)


def check_order(wanted: SaleOrder) -> None:
    """Refuse what no link carries, before any request."""
    check_occurrence(wanted.occurrence)
    if wanted.coupon.strip():
        raise Unsupported(
            "An evvnt listing takes no coupon.", next="Leave coupon out; the buyer may type it.", field="coupon"
        )


def link(event: Event, now: datetime, zone: str, chosen: tuple[tuple[str, int], ...], *, field: str) -> WriteResult:
    """The booking link, for a person.

    Raises:
        NotOnSale: It is over.
        Unsupported: The listing has no booking link.
    """
    if event.over(now, zone):
        raise NotOnSale(f"{shown(event.title)} is over.")
    if not event.booking_link:
        raise Unsupported(
            f"evvnt distributes listings and registers nobody, and {shown(event.title)} has no booking link.",
            next="Ask the person where tickets for it are to be had.",
        )
    tickets = event.to_tickets()
    names = [
        f"{quantity} × {shown(choose_ticket(tickets, text, field=field).name)}"
        for text, quantity in chosen
        if text.strip()
    ]
    notes = ["Nothing was done: evvnt registers nobody. The link leads to the page where the organiser sells."]
    if names:
        notes.append(f"To be chosen there: {', '.join(names)}.")
    return WriteResult(
        outcome=Outcome.HAND_OFF, event_id=event.id, url=event.booking_link, mail="no", notes=tuple(notes)
    )
