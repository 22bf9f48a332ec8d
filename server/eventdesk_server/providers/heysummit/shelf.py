"""What can be chosen when registering: prices of tickets on version 2, tickets on version 1."""

from dataclasses import dataclass

from eventdesk_server.providers.heysummit import wire
from eventdesk_tools.choose import choose_ticket, ticket_label
from eventdesk_tools.errors import AmbiguousName, InvalidArguments, NotOnSale, ProviderChanged, SoldOut
from eventdesk_tools.models import Ticket
from eventdesk_tools.refs import shown


@dataclass(frozen=True, slots=True)
class Shelf:
    """An event's tickets as refs name them.

    Attributes:
        tickets: What a ref may name.
        rows: The platform's own rows; on version 2 one has several prices, each a ticket here.
        priced: Whether prices are told at all: not on version 1.
    """

    tickets: tuple[Ticket, ...]
    rows: tuple[wire.Ticket, ...]
    priced: bool

    @property
    def unreadable(self) -> tuple[wire.Ticket, ...]:
        """Rows whose prices cannot be read, so that nothing can name them in a registration."""
        return tuple(row for row in self.rows if row.known_prices is None) if self.priced else ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the tickets do not show."""
        return tuple(
            f"The prices of the ticket {shown(row.title)} cannot be read; it cannot be chosen here."
            for row in self.unreadable
        )

    def choose(self, wanted: str, *, field: str = "ticket") -> Ticket:
        """The ticket that is meant: a ref's tail, an exact name, or the name of a ticket that has one price.

        Raises:
            ProviderChanged: Its prices cannot be read.
            AmbiguousName: The ticket has several prices; `allowed` lists them.
            InvalidArguments: None is named and it is not certain which is meant.
            UnknownRef: There is none of that name.
        """
        text = wanted.strip().casefold()
        if text:
            return self._named(text, wanted, field)
        if not self.tickets:
            raise NotOnSale(
                "The event has no ticket whose price can be read, and registering without one may give paid access.",
                next="Tell the person: add a free ticket to the event in HeySummit, or register there.",
            )
        if any(row.is_active is not False for row in self.unreadable):
            raise InvalidArguments(
                "Which ticket? The prices of one cannot be read, so that none is taken by itself.",
                next=f"Ask the person, then repeat the call with one of allowed as {field}.",
                field=field,
                allowed=[ticket_label(ticket) for ticket in self.tickets if ticket.on_sale is not False][:10],
            )
        return choose_ticket(self.tickets, "", field=field)

    def _named(self, text: str, wanted: str, field: str) -> Ticket:
        if any(ticket.name.strip().casefold() == text for ticket in self.tickets):
            return choose_ticket(self.tickets, wanted, field=field)
        for row in self.unreadable:
            if row.title.strip().casefold() == text:
                raise ProviderChanged(
                    f"The prices of the ticket {shown(row.title)} cannot be read, so that no price of it can be named.",
                    next="Choose another ticket, or tell the person to register in HeySummit itself.",
                )
        prices = self.of_row(text)
        if len(prices) > 1:
            raise AmbiguousName(
                f"The ticket {shown(wanted)} has {len(prices)} prices.",
                next=f"Repeat the call with one of allowed as {field}.",
                field=field,
                allowed=[ticket_label(price) for price in prices[:10]],
            )
        return prices[0] if prices else choose_ticket(self.tickets, wanted, field=field)

    def of_row(self, title: str) -> list[Ticket]:
        """The prices of the tickets of this name."""
        ids = {
            price.id
            for row in self.rows
            if self.priced and row.title.strip().casefold() == title
            for price in row.known_prices or ()
        }
        return [ticket for ticket in self.tickets if ticket.id in ids]

    def row_of(self, ticket: Ticket) -> wire.Ticket:
        """The platform's own ticket behind a price."""
        return next(row for row in self.rows if any(price.id == ticket.id for price in row.known_prices or ()))


def check_available(ticket: Ticket) -> None:
    """Refuse what nobody can have.

    Raises:
        SoldOut: None is left.
        NotOnSale: It is switched off.
    """
    if ticket.left == 0:
        raise SoldOut(f"The ticket {shown(ticket.name)} is sold out.")
    if ticket.on_sale is False:
        raise NotOnSale(f"The ticket {shown(ticket.name)} is not on sale.")
