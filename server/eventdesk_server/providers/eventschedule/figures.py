"""An event in figures: the platform counts nothing, so its orders are read whole and counted here."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from eventdesk_server.providers.eventschedule import wire
from eventdesk_server.providers.eventschedule.mapping import Home, counted, currency_of, shown, to_tickets
from eventdesk_server.providers.eventschedule.occurrence import SKIPPED_DATES, date_of
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_server.providers.eventschedule.words import person_status
from eventdesk_tools.models import PersonStatus, Ticket
from eventdesk_tools.money import Money
from eventdesk_tools.records import EventFigures, SummaryQuery
from eventdesk_tools.refs import Kind


async def event_figures(reader: Reader, query: SummaryQuery) -> EventFigures:
    """What the orders of an event, or of one date of it, come to."""
    event = await reader.event(query.event_id)
    home = await reader.home(event)
    asked = {"event_id": event.id}
    if query.occurrence is not None:
        date_of(event, home, query.occurrence)
        asked["event_date"] = query.occurrence.isoformat()
    sales, total, pages = await reader.orders_counted(asked)
    when = shown(event, home, query.now, on=query.occurrence)
    day = query.occurrence or (when.starts.date if when.starts is not None and not event.repeats else None)
    currency = currency_of(event, reader.settings.currency)
    active = [s for s in sales if person_status(s.status) in {PersonStatus.CONFIRMED, PersonStatus.PENDING}]
    registered = _heads(active)
    per_date = event.repeats and query.occurrence is None
    tickets = to_tickets(
        event, query.now, home, over=when.over, currency=reader.settings.currency,
        sold=counted(sales, None), taken=None if per_date else counted(sales, day),
    )  # fmt: skip
    return EventFigures(
        title=event.name,
        starts=when.starts,
        registered=registered,
        pending=_heads([s for s in active if person_status(s.status) is PersonStatus.PENDING]),
        cancelled=_heads([s for s in sales if person_status(s.status) is PersonStatus.CANCELLED]),
        tickets=tickets if event.tickets_enabled else None,
        revenue=_money(sales, "paid", currency, always=event.tickets_enabled),
        refunded=_money(sales, "refunded", currency),
        unpaid=_money(sales, "unpaid", currency),
        by_day=_by_day(active, home),
        new=_new(active, query.since, query.until),
        left=_left(event, tickets, registered, per_date),
        basis=(f"{len(sales)} of {total} orders, {pages} of {pages} pages",),
        notes=tuple(_notes(event, home, sales, total, day, per_date, currency)),
    )


def _heads(sales: Sequence[wire.Sale]) -> int:
    return sum(sale.heads for sale in sales)


def _money(sales: Sequence[wire.Sale], status: str, currency: str | None, *, always: bool = False) -> dict[str, Money]:
    """What the orders of a status come to. The currency is the event's only one."""
    amounts = [sale.payment_amount for sale in sales if sale.status == status and sale.payment_amount]
    if not amounts and not always:
        return {}
    return {currency or "?": Money(sum(amounts, Decimal(0)), currency)}


def _by_day(sales: Sequence[wire.Sale], home: Home) -> dict[date, int]:
    days: Counter[date] = Counter()
    for sale in sales:
        if sale.created_at is not None and sale.heads:
            days[sale.created_at.astimezone(home.tz).date()] += sale.heads
    return dict(sorted(days.items()))


def _new(sales: Sequence[wire.Sale], since: datetime | None, until: datetime | None) -> int | None:
    if since is None and until is None:
        return None
    return sum(
        sale.heads
        for sale in sales
        if sale.created_at is not None
        and (since is None or sale.created_at >= since)
        and (until is None or sale.created_at <= until)
    )


def _left(event: wire.Event, tickets: Sequence[Ticket], registered: int, per_date: bool) -> int | None:
    """Places left, where every ticket is limited, or of the RSVP limit."""
    if per_date:
        return None
    real = [ticket.left for ticket in tickets if ticket.kind is Kind.TICKET]
    left = [places for places in real if isinstance(places, int)]
    if real:
        return sum(left) if len(left) == len(real) else None
    return max(event.rsvp_limit - registered, 0) if event.rsvp_enabled and event.rsvp_limit else None


def _notes(
    event: wire.Event,
    home: Home,
    sales: Sequence[wire.Sale],
    total: int,
    day: date | None,
    per_date: bool,
    currency: str | None,
) -> list[str]:
    notes: list[str] = []
    if total > len(sales):
        notes.append(f"Event Schedule counts {total} orders and shows {len(sales)}: figures are of those shown.")
    dates = {sale.event_date for sale in sales if sale.holds_places and sale.event_date is not None}
    if per_date:
        notes.append("All dates together: places are counted per date, so what is left needs occurrence.")
    elif event.repeats:
        notes.append(SKIPPED_DATES)
    elif dates - {day}:
        notes.append("Some orders bear another date than the event's: they count as sold, but take none of its places.")
    mismatched = sum(sale.status == "amount_mismatch" for sale in sales)
    if mismatched:
        notes.append(f"{mismatched} orders were paid with another amount than was due: in no sum of money.")
    strange = Counter(s.status for s in sales if person_status(s.status) is PersonStatus.UNKNOWN)
    notes += [f"{n} orders of status {word[:30]} are in no figure." for word, n in strange.items()]
    if currency is None and any(sale.payment_amount for sale in sales):
        notes.append("The currency is not known: set it in the account's settings.")
    if not home.sure:
        notes.append("Several schedules of this account hold the event, in different zones: days are of the first.")
    return notes
