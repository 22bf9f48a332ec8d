"""Neutral records: what an adapter answers and a tool shows. No platform's words, no naive time, no float."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

from eventdesk_tools.money import Money
from eventdesk_tools.refs import Kind
from eventdesk_tools.times import Moment

Json = Any
"""A value that JSON can hold."""


class EventStatus(StrEnum):
    """One word for the state of an event; the first that fits, in this order."""

    ARCHIVED = "archived"
    INACTIVE = "inactive"
    DRAFT = "draft"
    TEST = "test"
    ENDED = "ended"
    SOLD_OUT = "sold_out"
    CLOSED = "closed"
    UNLISTED = "unlisted"
    LIVE = "live"
    UNKNOWN = "unknown"


class PersonStatus(StrEnum):
    """One word for the state of a registration."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    INCOMPLETE = "incomplete"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Occurrences(Protocol):
    """The dates of a repeating event."""

    def first_from(self, at: datetime) -> Moment | None:
        """The first date whose start is not before `at`; None when there is none."""
        ...

    def last_before(self, at: datetime) -> Moment | None:
        """The last date whose start is before `at`."""
        ...

    def on(self, day: date) -> Moment | None:
        """The date that falls on `day` in the event's zone; None when the pattern has none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event as lists show it. None and "" mean that the platform does not tell."""

    id: str
    title: str
    status: EventStatus
    starts: Moment | None = None
    ends: Moment | None = None
    zone: str | None = None
    place: str = ""
    venue: str = ""
    """The place as tables show it, without the rest of its address; "" where that is all."""
    online: bool | None = None
    url: str = ""
    book_at: str = ""
    calendar: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    repeats: str = ""
    occurrences: Occurrences | None = None
    evergreen: bool = False
    test: bool | None = None
    updated: datetime | None = None
    registered: int | None = None
    capacity: int | None = None
    sold: int | None = None
    left: int | None = None
    currency: str | None = None
    aliases: tuple[str, ...] = ()
    """Other names by which a person may call it: a slug, a numeric id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What can be chosen when registering or buying. `kind` is TICKET or EXTRA."""

    id: str
    name: str
    price: Money | None = None
    sold: int | None = None
    left: int | Literal["unlimited"] | None = None
    on_sale: bool | None = None
    kind: Kind = Kind.TICKET
    description: str = ""
    note: str = ""
    """Why it is not on sale, or until when, in a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationField:
    """What registering asks for."""

    ticket: str
    field: str
    kind: str
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An agenda item: talk, activity, workshop, part."""

    id: str
    title: str
    starts: Moment | None = None
    ends: Moment | None = None
    speakers: tuple[str, ...] = ()
    room: str = ""
    status: str = ""
    seats: int | None = None
    left: int | None = None
    track: str = ""
    url: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    name: str
    role: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    code: str
    title: str = ""
    discount: str = ""
    usable: bool | None = None


class Include(StrEnum):
    """Parts of an event that are fetched only when asked for."""

    DESCRIPTION = "description"
    SESSIONS = "sessions"
    SPEAKERS = "speakers"
    FIELDS = "fields"
    COUPONS = "coupons"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetail:
    """One event, whole. A part that was not asked for, or that the platform does not have, is None."""

    event: Event
    tickets: tuple[Ticket, ...] | None = None
    description: str | None = None
    """HTML or Markdown as the platform holds it; the answer makes plain text of it."""
    sessions: tuple[Session, ...] | None = None
    speakers: tuple[Speaker, ...] | None = None
    fields: tuple[RegistrationField, ...] | None = None
    coupons: tuple[Coupon, ...] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Which events are wanted. An adapter may narrow its requests by it, and may answer more; the tool filters.

    `now` is the present; a repeating event's `starts` is its next date from `since` (else `now`).
    """

    now: datetime
    when: Literal["upcoming", "past", "all"] = "all"
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A person to be registered. `ticket`, `sessions` and items are names or record ids, as the person gave them."""

    event_id: str
    name: str
    email: str
    last_name: str = ""
    ticket: str = ""
    occurrence: date | None = None
    answers: tuple[tuple[str, str], ...] = ()
    sessions: tuple[str, ...] = ()
    extras: tuple[tuple[str, int], ...] = ()
    complimentary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleOrder:
    """An order to be recorded. Items are names or record ids with their quantity."""

    event_id: str
    name: str
    email: str
    items: tuple[tuple[str, int], ...]
    occurrence: date | None = None
    coupon: str = ""
    nth: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneOrder:
    """A copy to be made. `starts` is wall time as written; the adapter reads it in the event's zone."""

    event_id: str
    starts: str
    title: str = ""
    calendar: str = ""
    skip: tuple[str, ...] = ()
    website: str = ""
    booking_url: str = ""
    package: str = ""
    published: bool = False


class Outcome(StrEnum):
    """What became of a write."""

    DONE = "done"
    ALREADY_DONE = "already_done"
    ALREADY_REGISTERED = "already_registered"
    HAND_OFF = "hand_off"
    PREVIEW = "preview"
    DECLINED = "declined"
    RUNNING = "running"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteResult:
    """What a write made true. `record` is the kind and id inside the event; `facts` are changed fields to show."""

    outcome: Outcome
    event_id: str = ""
    record: tuple[Kind, str] | None = None
    status: str = ""
    url: str = ""
    mail: Literal["yes", "no", "unknown", ""] = ""
    facts: Mapping[str, Json] = field(default_factory=dict[str, Json])
    notes: tuple[str, ...] = ()
    undo: Mapping[str, Json] | None = None
    """Arguments that, added to the same tool and event, reverse it: `{"restore": True}`. None when nothing does."""
    makes_true: tuple[str, ...] = ()
    """What a plan would have made true, where planning found it true already: as in `WritePlan`."""
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """With `makes_true`: what the plan's steps would have yielded, for its `stands`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What an account tells of itself when it is checked."""

    calendars: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
