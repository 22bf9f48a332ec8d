"""Registrations and sales: both are orders here. The platform looks for no duplicates and takes any date, so this does."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial

from eventdesk_server.providers.eventschedule import operations, wire
from eventdesk_server.providers.eventschedule.mapping import Home, shown, to_tickets
from eventdesk_server.providers.eventschedule.occurrence import SKIPPED_DATES, date_to_sell
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_server.providers.eventschedule.words import person_status, sale_status
from eventdesk_server.providers.roll import read_roll
from eventdesk_tools.choose import choose, choose_ticket, ticket_label
from eventdesk_tools.errors import AmbiguousName, InvalidArguments, NotOnSale, Unsupported
from eventdesk_tools.models import Json, Outcome, Registration, SaleOrder, Ticket, WriteResult
from eventdesk_tools.money import Money
from eventdesk_tools.plans import Found, Planned, WritePlan, plan_all
from eventdesk_tools.refs import Kind
from eventdesk_tools.text import line

_NO_MAIL = "Event Schedule sent no mail."
_NAME_LIMIT = 255


@dataclass(frozen=True, slots=True)
class _Scene:
    """What an order needs to know of its event."""

    event: wire.Event
    home: Home
    tickets: tuple[Ticket, ...]
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """An order to be recorded, everything chosen and checked."""

    scene: _Scene
    name: str
    email: str
    items: tuple[tuple[Ticket, int], ...]
    nth: int = 1

    @property
    def lines(self) -> dict[tuple[str, str], int]:
        return {(ticket.kind.value, ticket.id): quantity for ticket, quantity in self.items}

    @property
    def total(self) -> Money:
        amounts = [(ticket.price.amount if ticket.price else Decimal(0)) * quantity for ticket, quantity in self.items]
        prices = [ticket.price for ticket, _ in self.items if ticket.price is not None]
        return Money(sum(amounts, Decimal(0)), prices[0].currency if prices else None)

    @property
    def body(self) -> Json:
        """Ids, never names: of two tickets of one name the platform would take the dearest. A map, never a list."""
        tickets = {ticket.id: quantity for ticket, quantity in self.items if ticket.kind is Kind.TICKET}
        extras = {ticket.id: quantity for ticket, quantity in self.items if ticket.kind is Kind.EXTRA}
        body: dict[str, Json] = {"event_id": self.scene.event.id, "name": self.name, "email": self.email}
        if self.scene.day is not None:
            body["event_date"] = self.scene.day.isoformat()
        body["tickets"] = tickets
        return body | ({"addons": extras} if extras else {})

    @property
    def makes_true(self) -> tuple[str, ...]:
        """The same for a registration and a sale of the same lines: both reach the same endpoint."""
        return _order_of(self.scene, self.lines, self.email, self.nth)


def _order_of(scene: _Scene, lines: Mapping[tuple[str, str], int], email: str, nth: int) -> tuple[str, ...]:
    what = ",".join(f"{kind}-{item}*{quantity}" for (kind, item), quantity in sorted(lines.items()))
    day = scene.day.isoformat() if scene.day is not None else ""
    return ("order", scene.event.id, day, what, email.strip().lower(), str(nth))


async def plan_registration(reader: Reader, wanted: Registration) -> WritePlan | WriteResult:
    """An order of one ticket for a person who has none yet."""
    _check_registration(wanted)
    scene = await _scene(reader, wanted.event_id, wanted.occurrence)
    if isinstance(scene, WriteResult):
        return scene
    held = [sale async for sale in _orders_of(reader, scene, wanted.email) if sale.active]
    return _registration(reader, scene, wanted, held)


async def plan_registrations(reader: Reader, wanted: Sequence[Registration]) -> list[Planned]:
    """The same for many people at one date of one event, which is read once; and so are its orders, unless they are many."""
    if not wanted:
        return []
    scene = await _scene(reader, wanted[0].event_id, wanted[0].occurrence)
    roll = None
    if isinstance(scene, _Scene):
        roll = await read_roll(reader.orders(_orders_query(scene)), len(wanted))

    async def again(one: Registration) -> WritePlan | WriteResult:
        if isinstance(scene, WriteResult):
            return scene
        held = [sale async for sale in _orders_of(reader, scene, one.email) if sale.active]
        return _registration(reader, scene, one, held, looked=True)

    async def plan(one: Registration) -> WritePlan | WriteResult:
        _check_registration(one)
        if isinstance(scene, WriteResult):
            return scene
        held = [sale for sale in roll or () if sale.active and _is_of(sale, one.email)]
        planned = _registration(reader, scene, one, held, looked=True)
        if roll is not None or not isinstance(planned, WritePlan):
            return planned
        return replace(planned, anew=partial(again, one))

    return await plan_all(wanted, plan)


def _check_registration(wanted: Registration) -> None:
    """Refuse, before any request, what orders cannot say."""
    if wanted.answers:
        raise Unsupported(
            "Event Schedule's API takes no answers.", next="Repeat the call without answers.", field="answers"
        )
    if wanted.sessions:
        raise Unsupported(
            "Event Schedule registers for an event, not for parts of its agenda.",
            next="Repeat the call without sessions.",
            field="sessions",
        )
    _check_name(wanted.name, wanted.last_name)


def _registration(
    reader: Reader, scene: _Scene, wanted: Registration, held: Sequence[wire.Sale], *, looked: bool = False
) -> WritePlan | WriteResult:
    if held:
        return _already(scene, held)
    ticket = choose_ticket(scene.tickets, wanted.ticket)
    if wanted.complimentary and ticket.price is not None and not ticket.price.free:
        raise Unsupported(
            f"{ticket_label(ticket)} cannot be given free of charge: the order would stay unpaid.",
            next="Choose a ticket of price zero, or repeat the call without complimentary for an unpaid order.",
            field="complimentary",
        )
    extras = [
        (choose_ticket(scene.tickets, item, field="extras", kind=Kind.EXTRA), quantity)
        for item, quantity in wanted.extras
    ]
    order = _Order(scene=scene, name=wanted.name, email=wanted.email, items=_merged([(ticket, 1), *extras]))
    return _plan(reader, order, Kind.REGISTRATION, looked=looked)


async def plan_sale(reader: Reader, wanted: SaleOrder) -> WritePlan | WriteResult:
    """An order of tickets and add-ons."""
    if wanted.coupon:
        raise Unsupported(
            "Event Schedule's API ignores promo codes.",
            next="Repeat the call without coupon, or send the buyer to the event's page.",
            field="coupon",
        )
    _check_name(wanted.name, "")
    scene = await _scene(reader, wanted.event_id, wanted.occurrence)
    if isinstance(scene, WriteResult):
        return scene
    items = _merged([(_item(scene.tickets, item), quantity) for item, quantity in wanted.items])
    if not any(ticket.kind is Kind.TICKET for ticket, _ in items):
        raise InvalidArguments(
            "An order needs a ticket: Event Schedule sells add-ons only beside one.",
            next="Repeat the call with a ticket among items.",
            field="items",
            allowed=[ticket_label(ticket) for ticket in scene.tickets if ticket.kind is Kind.TICKET][:10],
        )
    order = _Order(scene=scene, name=wanted.name, email=wanted.email, items=items, nth=wanted.nth)
    same = [sale async for sale in _orders_of(reader, scene, order.email) if sale.active and sale.lines == order.lines]
    notes = ()
    if len(same) >= order.nth:
        known = ", ".join(f"o-{sale.id}" for sale in same[:3])
        notes = (
            f"This address already holds {len(same)} order(s) of the same items ({known}); this is a further one.",
        )
    return _plan(reader, order, Kind.ORDER, notes)


async def _scene(reader: Reader, event_id: str, occurrence: date | None) -> _Scene | WriteResult:
    """The event, its tickets and the date; a link where only a person can register.

    Raises:
        NotOnSale: It takes no orders.
        InvalidArguments: See `date_to_sell`.
    """
    event = await reader.event(event_id)
    home = await reader.home(event)
    now = reader.now()
    if not event.tickets_enabled or not event.tickets:
        return _hand_off(event)
    day = date_to_sell(event, home, occurrence, now)
    over = shown(event, home, now, on=day).over
    if over and day is None:
        raise NotOnSale("The event is over: Event Schedule takes no orders for it.", next="Tell the person.")
    tickets = to_tickets(event, now, home, currency=reader.settings.currency)
    return _Scene(event, home, tickets, day)


def _hand_off(event: wire.Event) -> WriteResult:
    notes = ["Nothing was done: RSVPs cannot be made through Event Schedule's API. The link is for the person."]
    url = event.url
    if not event.rsvp_enabled:
        if not event.registration_url:
            raise NotOnSale("The event sells no tickets and takes no RSVPs.", next="Tell the person.")
        notes = ["Nothing was done: registration is on another site. The link is for the person."]
        url = event.registration_url
    if event.is_draft or event.is_internal:
        notes.append("The event is a draft: its page is not public.")
    return WriteResult(outcome=Outcome.HAND_OFF, event_id=event.id, url=url, notes=tuple(notes))


async def _orders_of(reader: Reader, scene: _Scene, email: str) -> AsyncIterator[wire.Sale]:
    """The orders of an address on this event and, where it repeats, this date."""
    async for sale in reader.sales({**_orders_query(scene), "email": email}):
        if _is_of(sale, email):
            yield sale


def _orders_query(scene: _Scene) -> dict[str, str]:
    query = {"event_id": scene.event.id}
    return query | ({"event_date": scene.day.isoformat()} if scene.day is not None else {})


def _is_of(sale: wire.Sale, email: str) -> bool:
    return sale.email.strip().lower() == email.strip().lower()


def _already(scene: _Scene, held: Sequence[wire.Sale]) -> WriteResult:
    first = held[0]
    names = {ticket.id: ticket.name for ticket in scene.tickets}
    lines = [names.get(line.ticket_id, line.type) for line in first.tickets if not line.is_addon]
    notes = [f"This address holds {len(held)} orders here."] if len(held) > 1 else []
    return WriteResult(
        outcome=Outcome.ALREADY_REGISTERED,
        event_id=scene.event.id,
        record=(Kind.REGISTRATION, first.id),
        status=person_status(first.status),
        facts={"ticket": ", ".join(lines)} if lines else {},
        notes=tuple(notes),
        makes_true=_order_of(
            scene,
            {
                (str(Kind.EXTRA if line.is_addon else Kind.TICKET), line.ticket_id): line.quantity
                for line in first.tickets
            },
            first.email,
            1,
        ),
        values=kept(first),
    )


def _plan(reader: Reader, order: _Order, kind: Kind, notes: Sequence[str] = (), *, looked: bool = False) -> WritePlan:
    """`looked`: no order of this address was there a moment before sending, when the write was planned."""
    scene = order.scene
    for ticket, _ in order.items:
        if ticket.on_sale is False:
            raise NotOnSale(f"{ticket_label(ticket)} is not on sale: {ticket.note}.")

    async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
        nonlocal looked
        if looked:
            looked = False
            return ()
        orders = _orders_of(reader, scene, order.email)
        return tuple([Found(s.id, kept(s)) async for s in orders if s.active and s.lines == order.lines])

    async def stands(values: Mapping[str, str]) -> WriteResult | None:
        sale = await reader.sale_if_there(values["sale"])
        return _result(order, kind, kept(sale)) if sale is not None and sale.active else None

    async def finish(values: Mapping[str, str]) -> WriteResult:
        return _result(order, kind, values)

    prepared = reader.client.prepare(operations.CREATE_SALE, body=order.body)
    step = reader.client.step(
        "record the order", prepared, wire.One[wire.Sale], lambda answer: kept(answer.data), find=find
    )
    facts: dict[str, Json] = {
        "items": [f"{quantity} × {ticket.name}" for ticket, quantity in order.items],
        "total": str(order.total),
    }
    more = [*notes]
    discounted = {row.id for row in scene.event.tickets if row.volume_discount is not None}
    if any(ticket.id in discounted and quantity > 1 for ticket, quantity in order.items):
        more.append("total is before the ticket's volume discount.")
    if scene.day is not None:
        more.append(SKIPPED_DATES)
    return WritePlan(
        summary=f"Record an order of {order.email} on {line(scene.event.name)}",
        makes_true=order.makes_true,
        steps=(step,),
        finish=finish,
        stands=stands,
        mail="no",
        notes=tuple(more),
        facts=facts,
    )


def kept(sale: wire.Sale) -> Mapping[str, str]:
    """What the journal keeps of an order: no name and no address."""
    values = {"sale": sale.id, "status": sale.status}
    if sale.payment_amount is not None:
        values["amount"] = str(sale.payment_amount)
    if sale.event_date is not None:
        values["date"] = sale.event_date.isoformat()
    return values


def _result(order: _Order, kind: Kind, values: Mapping[str, str]) -> WriteResult:
    status = values.get("status", "")
    amount = Money(Decimal(values["amount"]), order.total.currency) if "amount" in values else order.total
    facts: dict[str, Json] = {"items": [f"{quantity} × {ticket.name}" for ticket, quantity in order.items]}
    facts["total"] = str(amount)
    if "date" in values:
        facts["occurrence" if order.scene.day is not None else "date"] = values["date"]
    notes = [_NO_MAIL]
    if status == "unpaid":
        notes.append(f"The order is unpaid: {amount} is due, and its places are held.")
    if order.scene.day is not None and values.get("date", order.scene.day.isoformat()) != order.scene.day.isoformat():
        notes.append(f"Event Schedule recorded the date {values['date']}, not {order.scene.day.isoformat()}.")
    return WriteResult(
        outcome=Outcome.DONE,
        event_id=order.scene.event.id,
        record=(kind, values["sale"]),
        status=person_status(status) if kind is Kind.REGISTRATION else sale_status(status),
        mail="no",
        facts=facts,
        notes=tuple(notes),
    )


def _merged(items: Sequence[tuple[Ticket, int]]) -> tuple[tuple[Ticket, int], ...]:
    """Each item once: of one item named twice the platform would count only the last."""
    sums: dict[tuple[Kind, str], tuple[Ticket, int]] = {}
    for ticket, quantity in items:
        key = (ticket.kind, ticket.id)
        sums[key] = (ticket, quantity + (sums[key][1] if key in sums else 0))
    return tuple(sums.values())


def _item(tickets: Sequence[Ticket], wanted: str) -> Ticket:
    """A ticket or an add-on, by the tail of its ref or by name."""
    text = wanted.strip()
    if text.startswith(f"{Kind.EXTRA}-") and any(text[2:] == t.id for t in tickets if t.kind is Kind.EXTRA):
        return choose_ticket(tickets, text, field="items", kind=Kind.EXTRA)
    if text.startswith(f"{Kind.TICKET}-") and any(text[2:] == t.id for t in tickets if t.kind is Kind.TICKET):
        return choose_ticket(tickets, text, field="items")
    named = [ticket for ticket in tickets if ticket.name.strip().casefold() == text.casefold()]
    if len(named) == 1:
        return named[0]
    if named:
        raise AmbiguousName(
            f"{len(named)} items bear this name.",
            next="Repeat the call with one of the refs in allowed among items.",
            field="items",
            allowed=[ticket_label(ticket) for ticket in named[:10]],
        )
    return choose(
        tickets,
        text,
        kind=Kind.TICKET,
        field="items",
        id_of=lambda t: t.id,
        name_of=lambda t: t.name,
        label=ticket_label,
    )


def _check_name(name: str, last_name: str) -> None:
    if not name.strip() or len(name) > _NAME_LIMIT:
        raise InvalidArguments(f"Event Schedule takes names of 1 to {_NAME_LIMIT} characters.", field="name")
    words, last = name.casefold().split(), last_name.casefold().split()
    if last and words[-len(last) :] != last and words[: len(last)] != last:
        raise InvalidArguments(
            "last_name must be the beginning or the end of name: Event Schedule keeps one name.", field="last_name"
        )
