"""What a HeySummit event says of itself, in the terms in which any account makes an event."""

from eventdesk_server.providers.heysummit import wire
from eventdesk_server.providers.heysummit.shelf import Shelf
from eventdesk_server.providers.loose import moment, web_address
from eventdesk_tools.money import Money
from eventdesk_tools.records import EventDraft, NewTicket
from eventdesk_tools.text import paragraphs
from eventdesk_tools.times import Moment


def draft(event: wire.Event, shelf: Shelf, zone: str) -> EventDraft:
    """Its title, times, text, page and priced tickets. An online summit has no place; how many of a ticket there are
    is not told, only what is left."""
    where = event.zone(zone)
    return EventDraft(
        title=event.title.strip() or None,
        starts=wall(moment(event.first_talk_at, where)),
        ends=wall(moment(event.last_talk_at, where)),
        zone=where,
        description=paragraphs(event.description) or None,
        category=event.categories[0] if event.categories else None,
        tickets=tuple(
            NewTicket(name=ticket.name, price=price(ticket.price))
            for ticket in shelf.tickets
            if ticket.price is not None and ticket.on_sale is not False
        )
        or None,
        website=web_address(event.event_url) or None,
    )


def wall(when: Moment | None) -> str | None:
    """A time as a person writes it: wall time where it happens, or a day."""
    if when is None:
        return None
    return when.at.replace(tzinfo=None).isoformat(timespec="minutes") if when.at is not None else str(when)


def price(money: Money) -> str:
    """`12.50 GBP`; without a code where nobody tells one."""
    return str(money) if money.currency else str(money.amount)
