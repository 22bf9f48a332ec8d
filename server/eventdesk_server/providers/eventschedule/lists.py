"""Lists of orders: as sales, and as the registrations of an event. An agenda is part of its event."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from eventdesk_server.providers.eventschedule import operations, wire
from eventdesk_server.providers.eventschedule.mapping import Home, currency_of, shown, to_sessions
from eventdesk_server.providers.eventschedule.occurrence import date_of
from eventdesk_server.providers.eventschedule.reads import PER_PAGE, Reader
from eventdesk_server.providers.eventschedule.words import FILTERS, paid, person_status, sale_status
from eventdesk_tools.errors import Unsupported
from eventdesk_tools.models import PersonStatus, Session
from eventdesk_tools.money import Money
from eventdesk_tools.records import Attendee, AttendeeQuery, Page, Sale, SaleQuery, SaleStatus, SessionQuery

_UNTOLD = {
    "checked_in": "who is checked in", "checked_in_at": "when people were checked in", "company": "companies",
    "answers": "answers to questions", "sessions": "who comes to which part of the agenda",
}  # fmt: skip
_UNTOLD_OF_SESSIONS = {"track": "tracks", "seats": "seats", "left": "seats left", "url": "addresses of agenda parts"}


def list_sessions(reader: Reader, query: SessionQuery, at: int | None) -> AsyncIterator[Page[Session]]:
    """The agenda of an event, on its next date where it repeats: one page.

    Raises:
        Unsupported: Somebody's own sessions, or a column that agenda parts lack.
    """
    if query.attendee:
        raise Unsupported(
            "Event Schedule registers for an event, not for parts of its agenda.",
            next="Repeat the call without attendee.",
            field="attendee",
        )
    _refuse_columns(query.columns, _UNTOLD_OF_SESSIONS)
    return _sessions(reader, query, at)


async def _sessions(reader: Reader, query: SessionQuery, at: int | None) -> AsyncIterator[Page[Session]]:
    if at not in {None, 1}:
        return
    event = await reader.event(query.event_id)
    home = await reader.home(event)
    rows = to_sessions(event, shown(event, home, reader.now()), home)
    yield Page(rows, 1, len(rows) if query.day is None else None)


def list_attendees(reader: Reader, query: AttendeeQuery, at: int | None) -> AsyncIterator[Page[Attendee]]:
    """The orders of an event as registrations; an RSVP is one too.

    Raises:
        Unsupported: A filter or column that orders do not tell.
    """
    _refuse_columns(query.columns, _UNTOLD)
    if query.session:
        raise Unsupported(
            "Event Schedule's orders are for the whole event, not for a part of its agenda.",
            next="Repeat the call without session.",
            field="session",
        )
    if query.checked_in is not None:
        raise Unsupported(
            "Event Schedule's API does not tell who is checked in.",
            next="Repeat the call without checked_in.",
            field="checked_in",
        )
    if query.status in {"incomplete", "rejected"}:
        raise Unsupported(
            f"Event Schedule has no {query.status} registrations.",
            next="Repeat the call with a status of allowed.",
            field="status",
            allowed=("active", "confirmed", "pending", "cancelled", "unknown", "all"),
        )
    return _attendees(reader, query, at)


async def _attendees(reader: Reader, query: AttendeeQuery, at: int | None) -> AsyncIterator[Page[Attendee]]:
    event = await reader.event(query.event_id)
    home = await reader.home(event)
    if query.occurrence is not None:
        date_of(event, home, query.occurrence)
    asked: dict[str, str] = {"event_id": event.id}
    if _askable(query.email):
        asked["email"] = query.email
    if query.occurrence is not None:
        asked["event_date"] = query.occurrence.isoformat()
    # Paid is confirmed, exactly; every other word of ours stands for several of the platform's, which takes one.
    if query.status == "confirmed" or (query.paid is True and query.status in {"active", "all"}):
        asked["status"] = "paid"
    exact = (
        (query.status == "all" or asked.get("status") == "paid")
        and (not query.email or "email" in asked)
        and not (query.name or query.ticket or query.since)
        and (query.paid is None or (query.paid and "status" in asked))
    )
    currency = currency_of(event, reader.settings.currency)
    async for page in _orders(reader, asked, at, query.since):
        rows = [to_attendee(sale, home, currency) for sale in page.rows]
        yield page.of(rows, page.total if exact else None)


def list_sales(reader: Reader, query: SaleQuery, at: int | None) -> AsyncIterator[Page[Sale]]:
    """Orders of an event or of the whole account.

    Raises:
        Unsupported: A status that orders never have.
    """
    if query.status in {SaleStatus.PENDING, SaleStatus.FAILED}:
        raise Unsupported(
            f"Event Schedule's orders are never {query.status}.",
            next="Repeat the call with a status of allowed.",
            field="status",
            allowed=("unpaid", "paid", "refunded", "cancelled", "expired", "mismatch"),
        )
    return _sales(reader, query, at)


async def _sales(reader: Reader, query: SaleQuery, at: int | None) -> AsyncIterator[Page[Sale]]:
    asked: dict[str, str] = {}
    if query.event_id:
        asked["event_id"] = query.event_id
    if query.event_id and query.occurrence is not None:
        event = await reader.event(query.event_id)
        date_of(event, await reader.home(event), query.occurrence)
    if query.occurrence is not None:
        asked["event_date"] = query.occurrence.isoformat()
    if _askable(query.email):
        asked["email"] = query.email
    if query.status in FILTERS:
        asked["status"] = query.status
    exact = (not query.email or "email" in asked) and (not query.status or "status" in asked)
    exact = exact and query.since is None and query.until is None
    async for page in _orders(reader, asked, at, query.since):
        codes = await reader.currencies([sale.event_id for sale in page.rows])
        rows = [
            to_sale(sale, codes.get(sale.event_id, "").upper() or reader.settings.currency or None)
            for sale in page.rows
        ]
        yield page.of(rows, page.total if exact else None)


async def _orders(
    reader: Reader, asked: dict[str, str], at: int | None, since: datetime | None
) -> AsyncIterator[Page[wire.Sale]]:
    """Orders, latest first: what lies behind a page that is too old is older still."""
    found = reader.page_by_page(operations.LIST_SALES, wire.Page[wire.Sale], asked, PER_PAGE, at)
    async for page in found:
        yield page
        made = [sale.created_at for sale in page.rows]
        if since is not None and made and all(at is not None and at < since.astimezone(UTC) for at in made):
            return


def _askable(email: str) -> bool:
    """Whether the platform's filter takes an address: it refuses what it holds for none. Others are filtered here."""
    name, _, host = email.partition("@")
    return bool(name) and "." in host.strip(".") and email.isascii() and not any(c.isspace() for c in email)


def _refuse_columns(columns: frozenset[str], untold: dict[str, str]) -> None:
    if wanting := [column for column in untold if column in columns]:
        raise Unsupported(
            f"Event Schedule's API does not tell {untold[wanting[0]]}.",
            next=f"Repeat the call without {' and '.join(wanting)} among fields, or without counting by it.",
            field="fields",
            columns=wanting,
        )


def to_attendee(sale: wire.Sale, home: Home, currency: str | None) -> Attendee:
    """An order as a registration. The buyer is the only person whom it names."""
    status = person_status(sale.status)
    tickets = [line for line in sale.tickets if not line.is_addon]
    amount = sale.payment_amount
    return Attendee(
        id=sale.id,
        name=sale.name,
        email=sale.email,
        status=status,
        word=sale.status if status is PersonStatus.UNKNOWN else "",
        ticket=", ".join(dict.fromkeys(line.type for line in tickets if line.type)),
        ticket_id=",".join(dict.fromkeys(line.ticket_id for line in tickets if line.ticket_id)),
        paid=paid(sale.status),
        phone=sale.phone,
        quantity=sale.total_quantity,
        heads=sale.heads,
        amount=Money(amount, currency) if amount is not None else None,
        registered=sale.created_at.astimezone(home.tz) if sale.created_at is not None else None,
        source=sale.payment_method if sale.payment_method in {"rsvp", "import"} else "order",
        occurrence=sale.event_date,
    )


def to_sale(sale: wire.Sale, currency: str | None) -> Sale:
    """An order. Names of its items are the tickets' present ones; its amount is of the time of sale."""
    status = sale_status(sale.status)
    return Sale(
        id=sale.id,
        buyer=sale.name,
        email=sale.email,
        status=status,
        word=sale.status if status is SaleStatus.UNKNOWN else "",
        event_id=sale.event_id,
        event=sale.event_name,
        items=tuple((line.type, line.quantity) for line in sale.tickets) or ((("RSVP", 1),) if sale.heads else ()),
        amount=Money(sale.payment_amount, currency) if sale.payment_amount is not None else None,
        made=sale.created_at,
        quantity=sale.total_quantity,
        method=sale.payment_method,
        discount=_discount([sale.volume_discount_amount, sale.discount_amount], currency),
        occurrence=sale.event_date,
        reference=sale.transaction_reference,
    )


def _discount(amounts: Sequence[Decimal | None], currency: str | None) -> Money | None:
    given = [amount for amount in amounts if amount is not None]
    return Money(sum(given, Decimal(0)), currency) if given else None
