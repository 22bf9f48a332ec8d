"""Neutral records about people, orders, programmes and figures, and the queries that ask for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from eventdesk_tools.models import PersonStatus, Ticket
from eventdesk_tools.money import Money
from eventdesk_tools.refs import Kind
from eventdesk_tools.times import Moment

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list as the platform cuts it.

    `at` is its position, which read again gives this page; `total` is how many rows the platform counts for exactly
    this query, None when it does not tell or filters remain to be applied here. `moved`: rows came, went or changed
    places while the list was read.
    """

    rows: Sequence[T]
    at: int
    total: int | None = None
    moved: bool = False

    def of(self, rows: "Sequence[U]", total: int | None = None) -> "Page[U]":
        """The page with what was made of its rows."""
        return Page(rows, self.at, total, self.moved)


class SaleStatus(StrEnum):
    """One word for the state of a sale."""

    UNPAID = "unpaid"
    PAID = "paid"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    MISMATCH = "mismatch"
    PENDING = "pending"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """A registration. `kind` is ORDER where the platform's registration is an order. None: not told.

    `heads` is how many people it brings: the quantity of an order, one for an RSVP. `word` is the platform's own word
    for a status that has none of ours.
    """

    id: str
    name: str
    email: str
    status: PersonStatus
    word: str = ""
    kind: Kind = Kind.REGISTRATION
    ticket: str = ""
    ticket_id: str = ""
    paid: bool | None = None
    checked_in: bool | None = None
    checked_in_at: datetime | None = None
    company: str = ""
    phone: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    sessions: tuple[str, ...] | None = None
    quantity: int | None = None
    heads: int = 1
    amount: Money | None = None
    registered: datetime | None = None
    source: str = ""
    occurrence: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeQuery:
    """Who is wanted. An adapter narrows its requests by what its platform can filter, and may answer more; the tool
    filters by all of it again. Fields are as in `list_attendees`. `columns` says which costly columns are needed."""

    event_id: str
    email: str = ""
    name: str = ""
    status: str = "active"
    ticket: str = ""
    session: str = ""
    occurrence: date | None = None
    paid: bool | None = None
    checked_in: bool | None = None
    since: datetime | None = None
    columns: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """An order or payment. `items` are names with quantities."""

    id: str
    buyer: str
    email: str
    status: SaleStatus
    event_id: str
    event: str = ""
    items: tuple[tuple[str, int], ...] = ()
    amount: Money | None = None
    made: datetime | None = None
    quantity: int | None = None
    method: str = ""
    discount: Money | None = None
    occurrence: date | None = None
    reference: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleQuery:
    """Which sales are wanted; see `AttendeeQuery`. Without `event_id`: all of the account, where the platform can."""

    event_id: str = ""
    email: str = ""
    status: str = ""
    since: datetime | None = None
    until: datetime | None = None
    occurrence: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionQuery:
    """Which agenda items are wanted. `attendee` is `a-id` (the tail of a ref) or an e-mail address."""

    event_id: str
    attendee: str = ""
    day: date | None = None
    columns: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryQuery:
    """Of which event, date and span figures are wanted. `since` and `until` bound `new`."""

    event_id: str
    since: datetime | None = None
    until: datetime | None = None
    occurrence: date | None = None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFigures:
    """An event in figures. None: the platform does not tell. Nothing is estimated.

    `registered` counts heads of confirmed and pending registrations, `pending` and `cancelled` heads of those states;
    money is per currency and never added across currencies; `by_day` are heads by the local day they registered on
    (the tool makes the pace of it); `basis` says what was read: "212 of 212 registrations, 3 of 3 pages".
    """

    title: str
    starts: Moment | None = None
    registered: int | None = None
    pending: int | None = None
    cancelled: int | None = None
    checked_in: int | None = None
    tickets: tuple[Ticket, ...] | None = None
    revenue: Mapping[str, Money] | None = None
    refunded: Mapping[str, Money] | None = None
    unpaid: Mapping[str, Money] | None = None
    by_day: Mapping[date, int] | None = None
    new: int | None = None
    sites: int | None = None
    live_sites: int | None = None
    reach: int | None = None
    clicks: int | None = None
    left: int | None = None
    basis: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an event is to be."""

    name: str = ""
    address: str = ""
    town: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """A ticket as given: the price is text such as `12.50 GBP`; `quantity` None is unlimited."""

    name: str
    price: str
    quantity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDraft:
    """An event to be made or changed, as given. None: not given. Times are wall time as written.

    For a change, `clear` names the fields to empty. `capacity` and `packages` belong to listings.
    """

    title: str | None = None
    starts: str | None = None
    ends: str | None = None
    zone: str | None = None
    summary: str | None = None
    description: str | None = None
    place: Place | None = None
    category: str | None = None
    tickets: tuple[NewTicket, ...] | None = None
    website: str | None = None
    booking_url: str | None = None
    image_url: str | None = None
    recurrence: str | None = None
    package: str | None = None
    calendar: str | None = None
    published: bool | None = None
    clear: frozenset[str] = field(default_factory=frozenset[str])


SaleAction = Literal["mark_paid", "refund", "cancel"]
