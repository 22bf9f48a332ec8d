"""A link where a person buys a HeySummit ticket. No order can be recorded through its API."""

from collections.abc import Mapping

from eventdesk_server.providers.heysummit import operations, wire
from eventdesk_server.providers.heysummit.routes import Routes
from eventdesk_server.providers.heysummit.shelf import Shelf, check_available
from eventdesk_tools.errors import InvalidArguments, ProviderChanged
from eventdesk_tools.models import Outcome, SaleOrder, WriteResult
from eventdesk_tools.plans import WritePlan
from eventdesk_tools.refs import shown

_URL = "url"


async def plan(routes: Routes, wanted: SaleOrder) -> WritePlan:
    """How to make the link. Making it changes nothing in the event and may be repeated.

    Raises:
        InvalidArguments: More than one ticket is asked for: a link sells one.
        SoldOut: None is left.
    """
    if wanted.occurrence is not None:
        raise InvalidArguments("HeySummit's events do not repeat: leave occurrence out.", field="occurrence")
    if len(wanted.items) != 1:
        raise InvalidArguments(
            "A checkout link of HeySummit sells one ticket.", next="Make one call for each ticket.", field="items"
        )
    item, quantity = wanted.items[0]
    event = await routes.event(wanted.event_id)
    row, name = _meant(await routes.shelf(event.id), item)
    body = {"coupon": wanted.coupon.strip()} if wanted.coupon.strip() else {}
    prepared = routes.http.prepare(
        operations.CREATE_CHECKOUT_LINK, path={"event": event.id, "ticket": row.id}, body=body
    )
    notes = [
        f"Nothing is sold or reserved: the buyer chooses {shown(name)} on that page, pays, and enters name and e-mail."
    ]
    if quantity > 1:
        notes.append(f"The link carries no quantity: {quantity} are to be chosen there.")
    if body:
        notes.append("Whether the coupon fits is seen on the page.")

    async def finish(values: Mapping[str, str]) -> WriteResult:
        return WriteResult(
            outcome=Outcome.HAND_OFF,
            event_id=event.id,
            url=values[_URL],
            mail="no",
            facts={"ticket": name},
            notes=tuple(notes),
        )

    return WritePlan(
        summary=f"Make a checkout link for {shown(name)} of {shown(event.title)}",
        makes_true=("checkout link", event.id, row.id, body.get("coupon", "")),
        steps=(routes.http.step("make the checkout link", prepared, wire.CheckoutLink, _kept),),
        finish=finish,
        mail="no",
        notes=tuple(notes),
        facts={"ticket": name},
    )


def _meant(shelf: Shelf, item: str) -> tuple[wire.Ticket, str]:
    """The ticket behind a price. A link needs no price, so one whose prices cannot be read will do."""
    for row in shelf.unreadable:
        if row.title.strip().casefold() == item.strip().casefold():
            return row, row.title
    ticket = shelf.choose(item, field="items")
    check_available(ticket)
    return shelf.row_of(ticket), ticket.name


def _kept(answer: wire.CheckoutLink) -> Mapping[str, str]:
    if not answer.address:
        raise ProviderChanged("HeySummit made a checkout link that is no web address.")
    return {_URL: answer.address}
