"""`list_sales`: Eventtia's payments. They are not orders: what was never paid is not among them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.envelope import One, ToOne
from eventdesk_server.providers.eventtia.envelope import Page as WirePage
from eventdesk_server.providers.eventtia.people import HIDDEN, KEPT_SECONDS, Readable
from eventdesk_server.providers.eventtia.reads import PAGE_SIZE, Reads
from eventdesk_server.providers.eventtia.scalars import Amount, EmptyObject, Id, Text, When, Wire, moment
from eventdesk_tools.errors import Unsupported
from eventdesk_tools.money import Money
from eventdesk_tools.records import Attendee, Page, Sale, SaleQuery, SaleStatus

_WORDS: Mapping[str, SaleStatus] = MappingProxyType(
    {
        "processing": SaleStatus.PENDING,
        "accepted": SaleStatus.PAID,
        "refuted": SaleStatus.FAILED,
        "error": SaleStatus.FAILED,
        "expired": SaleStatus.EXPIRED,
        "refunded": SaleStatus.REFUNDED,
    }
)
_ONE_BY_ONE = 2
"""So few people are read one by one, however short the list is."""
_OWES = "Payments are not orders: who owes is list_attendees with paid false."


class PaymentAttributes(Wire):
    payment_type: Text = ""
    identifier: Text = ""
    currency: Text = ""
    description: Text = ""
    total_amount: Amount = None
    status: Text = ""
    created_at: When = None


class PaymentLinks(Wire):
    attendee: One = Field(default_factory=ToOne)


class Payment(Wire):
    id: Id
    attributes: PaymentAttributes
    relationships: Annotated[PaymentLinks, EmptyObject] = Field(default_factory=PaymentLinks)

    @property
    def status(self) -> SaleStatus:
        return _WORDS.get(self.attributes.status.strip().casefold(), SaleStatus.UNKNOWN)

    @property
    def payer(self) -> str:
        return self.relationships.attendee.data.id if self.relationships.attendee.data else ""

    @property
    def amount(self) -> Money | None:
        told = self.attributes
        return None if told.total_amount is None else Money(told.total_amount, told.currency.upper() or None)

    def to_sale(self, event: tuple[str, str], zone: str | None, payer: Attendee | None) -> Sale:
        told = self.attributes
        made = moment(told.created_at, zone)
        return Sale(
            id=self.id,
            buyer=payer.name if payer is not None else "",
            email=payer.email if payer is not None else "",
            status=self.status,
            event_id=event[0],
            event=event[1],
            amount=self.amount,
            made=made.at if made is not None else None,
            method=told.payment_type,
            reference=told.identifier or told.description,
            word=told.status if self.status is SaleStatus.UNKNOWN else "",
        )


@dataclass(slots=True)
class _Book:
    """Who is known by number, None where nobody is, and whether all are. Kept `until` a moment."""

    until: float
    people: dict[str, Attendee | None] = field(default_factory=dict[str, Attendee | None])
    whole: bool = False
    read: Readable | None = None

    def without(self, payers: Sequence[str]) -> list[str]:
        """Those who are not in it, each once."""
        return [one for one in dict.fromkeys(payers) if one not in self.people]


class Payments:
    """`list_sales` at one account."""

    def __init__(self, http: ProviderClient, reads: Reads, zone: str) -> None:
        self._reads = reads
        self._zone = zone
        self._monotonic = http.monotonic
        self._books: dict[tuple[str, str], _Book] = {}

    async def pages(self, query: SaleQuery, at: int | None) -> AsyncIterator[Page[Sale]]:
        """The payments of an event. They name the payer by number, so those people are read besides."""
        _refuse(query)
        event = await self._reads.event(query.event_id)
        named, zone = (event.key, event.attributes.name), event.zone(self._zone)
        async for page in self.of(event.key, _narrowed(query), first=at or 1):
            people = await self._people(event.key, query.email, [one.payer for one in page.rows if one.payer])
            sales = [payment.to_sale(named, zone, people.get(payment.payer)) for payment in page.rows]
            yield page.of(sales)

    def of(self, event: str, query: Mapping[str, str], *, first: int = 1) -> AsyncIterator[Page[Payment]]:
        return self._reads.paged(
            operations.LIST_PAYMENTS,
            WirePage[Payment],
            lambda page: page.data,
            lambda row: row.id,
            path={"event": event},
            query=query,
            first=first,
        )

    async def _people(self, event: str, email: str, payers: Sequence[str]) -> Mapping[str, Attendee | None]:
        """Who paid, deleted and rejected registrations too: one by one, or from the list where that takes fewer requests."""
        self._books = {key: book for key, book in self._books.items() if book.until > self._monotonic()}
        book = self._books.setdefault((event, email), _Book(self._monotonic() + KEPT_SECONDS))
        if not (missing := book.without(payers)):
            return book.people
        read = book.read = book.read or Readable(await self._reads.forms(event), None)
        if not book.whole and (email or await self._few_pages(event, len(missing))):
            narrowed = {"email": email.strip().lower()} if email else {}
            async for page in self._reads.people(operations.LIST_ATTENDEES, {"event": event}, {**HIDDEN, **narrowed}):
                read.check(page.rows)
                book.people.update((row.id, read.of(row)) for row in page.rows)
            book.whole = True
        for one in () if email else book.without(payers):
            row = await self._reads.attendee_if_there(event, one)
            if row is not None:
                read.check([row])
            book.people[one] = read.of(row) if row is not None else None
        return book.people

    async def _few_pages(self, event: str, payers: int) -> bool:
        """Whether the list of all people has fewer pages than there are payers to be read one by one."""
        if payers <= _ONE_BY_ONE:
            return False
        count = await self._reads.head_count(event)
        return count is None or count < payers * PAGE_SIZE


def _refuse(query: SaleQuery) -> None:
    """Raises Unsupported for what payments cannot answer."""
    if query.status in {"unpaid", "cancelled", "mismatch"}:
        raise Unsupported(f"Eventtia's payments are never {query.status}.", next=_OWES, field="status")
    if query.occurrence is not None:
        raise Unsupported(
            "Eventtia has no repeating events.", next="Repeat the call without occurrence.", field="occurrence"
        )
    if not query.event_id:
        raise Unsupported(
            "Eventtia lists payments by event only.",
            next="Repeat the call for each event that is meant.",
            field="event",
        )


def _narrowed(query: SaleQuery) -> dict[str, str]:
    """What Eventtia filters, never narrower than meant. The zone of its times is not documented, hence the days."""
    narrowed: dict[str, str] = {}
    words = [word for word, status in _WORDS.items() if status.value == query.status]
    if words:
        narrowed["status"] = ",".join(words)
    if query.since is not None:
        narrowed["start_date_time"] = _minute(query.since - timedelta(days=1))
    if query.until is not None:
        narrowed["end_date_time"] = _minute(query.until + timedelta(days=1))
    return narrowed


def _minute(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
