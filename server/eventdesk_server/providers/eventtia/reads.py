"""Reading Eventtia: its lists page by page, and what several plans need of an event."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.operations import Operation
from eventdesk_server.http.paging import Slice, pages, walk
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.envelope import Page, Single
from eventdesk_server.providers.eventtia.tickets import (
    AttendeeType,
    FormField,
    Purchase,
    PurchaseItem,
    SeatCount,
    SeatCounts,
    TypesPage,
)
from eventdesk_server.providers.eventtia.wire import (
    ActivitiesPage,
    Activity,
    Attendee,
    EventRecord,
    SpeakerRecord,
)
from eventdesk_tools import records
from eventdesk_tools.errors import NotFound
from eventdesk_tools.models import PersonStatus, Session

PAGE_SIZE = 24
"""The default and, as the vendor's own client notes, the most: a larger size is passed over. It stays the same on
every page, and a page shorter than it is not the last for that."""

T = TypeVar("T")
P = TypeVar("P", bound=Page[Any])
GONE = frozenset({PersonStatus.REJECTED, PersonStatus.CANCELLED})
"""No longer taking part."""


@dataclass(frozen=True, slots=True)
class Form:
    """An attendee type and the questions of its registration form."""

    type: AttendeeType
    fields: tuple[FormField, ...]

    @property
    def email_fields(self) -> frozenset[str]:
        return frozenset(one.id for one in self.fields if one.attributes.name == "email")


@dataclass(frozen=True, slots=True)
class Programme:
    """An activity and the names of the speakers and categories that came with its page."""

    activity: Activity
    speakers: Mapping[str, str]
    tracks: Mapping[str, str] = field(default_factory=dict[str, str])

    def to_session(self, zone: str | None) -> Session:
        return self.activity.to_session(zone, self.speakers, self.tracks)


class Reads:
    """The reading half of one account."""

    def __init__(self, http: ProviderClient) -> None:
        self._http = http

    async def event(self, key: str) -> EventRecord:
        return (await self._http.read(operations.GET_EVENT, Single[EventRecord], path={"event": key})).data

    async def events(self, **filters: str) -> AsyncIterator[EventRecord]:
        """Every event; `name` and `template` narrow it."""
        pages = self._pages(
            operations.LIST_EVENTS, Page[EventRecord], lambda page: page.data, _event_key, path={}, query=filters
        )
        async for record in pages:
            yield record

    async def forms(self, event: str) -> tuple[Form, ...]:
        """The attendee types. The questions come along without asking, joined from either side."""

        def join(page: TypesPage) -> list[Form]:
            return [
                Form(kind, tuple(sorted((f for f in page.included if _asked(f, kind)), key=_order)))
                for kind in page.data
            ]

        path = {"event": event}
        pages = self._pages(operations.LIST_ATTENDEE_TYPES, TypesPage, join, lambda form: form.type.id, path=path)
        return tuple([form async for form in pages])

    async def seat_counts(self, event: str) -> tuple[SeatCount, ...]:
        counts = await self._http.read(operations.GET_TICKET_STATS, SeatCounts, path={"event": event})
        return tuple(counts.root)

    async def activities(self, event: str, *, speakers: bool = False) -> tuple[Programme, ...]:
        query = {"include": "speakers"} if speakers else {}
        path = {"event": event}
        pages = self._pages(
            operations.LIST_ACTIVITIES, ActivitiesPage, _joined, lambda item: item.activity.id, path=path, query=query
        )
        return tuple([item async for item in pages])

    async def activity(self, event: str, activity: str) -> Activity:
        path = {"event": event, "activity": activity}
        return (await self._http.read(operations.GET_ACTIVITY, Single[Activity], path=path)).data

    async def speakers(self, event: str) -> tuple[SpeakerRecord, ...]:
        path = {"event": event}
        pages = self._pages(
            operations.LIST_SPEAKERS, Page[SpeakerRecord], lambda page: page.data, lambda row: row.id, path=path
        )
        return tuple([speaker async for speaker in pages])

    async def items(self, event: str) -> tuple[PurchaseItem, ...]:
        path = {"event": event}
        pages = self._pages(
            operations.LIST_PURCHASE_ITEMS, Page[PurchaseItem], lambda page: page.data, lambda row: row.id, path=path
        )
        return tuple([item async for item in pages])

    async def registered(self, event: str, email: str, email_fields: frozenset[str]) -> tuple[Attendee, ...]:
        """Every active registration of an address: by the list's filter, as the call by e-mail answers only one.

        What the filter matches is not documented, so the address is compared here.
        """
        pages = self._pages(
            operations.LIST_ATTENDEES,
            Page[Attendee],
            lambda page: page.data,
            lambda row: row.id,
            path={"event": event},
            query={"email": email.strip().lower()},
        )
        return tuple([row async for row in pages if row.has_address(email, email_fields) and row.status not in GONE])

    async def attendee(self, event: str, attendee: str) -> Attendee:
        path = {"event": event, "attendee": attendee}
        return (await self._http.read(operations.GET_ATTENDEE, Single[Attendee], path=path)).data

    async def attendee_if_there(self, event: str, attendee: str) -> Attendee | None:
        """A registration; None where the platform has none under this number."""
        with suppress(NotFound):
            return await self.attendee(event, attendee)
        return None

    def people(
        self, operation: Operation, path: Mapping[str, str], query: Mapping[str, str], *, first: int = 1
    ) -> AsyncIterator[records.Page[Attendee]]:
        """Registrations page by page: of an event, or of one of its activities."""
        return self.paged(
            operation, Page[Attendee], lambda page: page.data, lambda row: row.id, path=path, query=query, first=first
        )

    async def head_count(self, event: str) -> int | None:
        """How many registrations the platform counts, without those rejected or deleted; None where it does not."""
        query = {"page[number]": 1, "page[size]": PAGE_SIZE}
        page = await self._http.read(operations.LIST_ATTENDEES, Page[Attendee], path={"event": event}, query=query)
        return page.counted(PAGE_SIZE)

    async def booked(self, event: str, attendee: str) -> frozenset[str]:
        """The activities that a person is booked into."""
        path = {"event": event, "attendee": attendee}
        pages = self._pages(
            operations.LIST_ATTENDEE_ACTIVITIES, Page[Activity], lambda page: page.data, lambda row: row.id, path=path
        )
        return frozenset([activity.id async for activity in pages])

    async def session_names(self, event: str, attendee: str) -> tuple[str, ...]:
        """The names of the activities that a person is booked into: a request for each person."""
        pages = self.booked_sessions(event, attendee)
        return tuple([one.activity.attributes.name async for page in pages for one in page.rows])

    def booked_sessions(self, event: str, attendee: str, *, first: int = 1) -> AsyncIterator[records.Page[Programme]]:
        """The activities that a person is booked into, page by page."""
        path = {"event": event, "attendee": attendee}
        return self._programme(operations.LIST_ATTENDEE_ACTIVITIES, path, first)

    def programme(self, event: str, *, first: int = 1) -> AsyncIterator[records.Page[Programme]]:
        """The activities of an event with speakers and categories, page by page."""
        return self._programme(operations.LIST_ACTIVITIES, {"event": event}, first)

    def _programme(
        self, operation: Operation, path: Mapping[str, str], first: int
    ) -> AsyncIterator[records.Page[Programme]]:
        query = {"include": "workshop_categories,speakers"}
        return self.paged(
            operation, ActivitiesPage, _joined, lambda item: item.activity.id, path=path, query=query, first=first
        )

    async def purchased(self, event: str, attendee: str) -> dict[str, int]:
        """The purchase items of a person, with their quantities."""
        path = {"event": event, "attendee": attendee}
        pages = self._pages(
            operations.LIST_ATTENDEE_PURCHASES, Page[Purchase], lambda page: page.data, lambda row: row.id, path=path
        )
        held: dict[str, int] = {}
        async for row in pages:
            item = row.relationships.purchase_item.data
            if item is not None:
                held[item.id] = held.get(item.id, 0) + (row.attributes.quantity or 0)
        return held

    def paged(
        self,
        operation: Operation,
        page_type: type[P],
        rows_of: Callable[[P], Sequence[T]],
        key: Callable[[T], str],
        *,
        path: Mapping[str, str],
        query: Mapping[str, str] | None = None,
        first: int = 1,
    ) -> AsyncIterator[records.Page[T]]:
        """A list page by page, from page `first` on."""
        fetch = self._fetch(operation, page_type, rows_of, key, path, query)
        return pages(fetch, key=key, first=first, before=(first - 1) * PAGE_SIZE, who=self._http.who)

    async def _pages(
        self,
        operation: Operation,
        page_type: type[P],
        rows_of: Callable[[P], Sequence[T]],
        key: Callable[[T], str],
        *,
        path: Mapping[str, str],
        query: Mapping[str, str] | None = None,
    ) -> AsyncIterator[T]:
        """A list, whole, row by row."""
        async for row in walk(self._fetch(operation, page_type, rows_of, key, path, query), key=key):
            yield row

    def _fetch(
        self,
        operation: Operation,
        page_type: type[P],
        rows_of: Callable[[P], Sequence[T]],
        key: Callable[[T], str],
        path: Mapping[str, str],
        query: Mapping[str, str] | None,
    ) -> Callable[[int], Awaitable[Slice[T]]]:
        """How to read a page. It goes on as `meta.total_pages` says, else `links.next`, else until a page is empty or
        repeats the one before. The next request is made of our own parameters: the link may drop filters, and following
        it could take the token to another host."""
        before: list[str] = []

        async def fetch(number: int) -> Slice[T]:
            asked = {**(query or {}), "page[number]": number, "page[size]": PAGE_SIZE}
            page = await self._http.read(operation, page_type, path=path, query=asked)
            rows = rows_of(page)
            goes_on = page.goes_on(number)
            keys = [key(row) for row in rows]
            if goes_on is None:
                goes_on = bool(rows) and keys != before
                rows = rows if goes_on else ()
            before[:] = keys
            return Slice(rows, number + 1 if goes_on else None, page.counted(PAGE_SIZE))

        return fetch


def _joined(page: ActivitiesPage) -> list[Programme]:
    names = {speaker.id: speaker.attributes.full_name for speaker in page.included}
    tracks = {track.id: track.attributes.name for track in page.tracks}
    return [Programme(activity, names, tracks) for activity in page.data]


def _event_key(record: EventRecord) -> str:
    # Both, because the reference shows two events of one id in a list: a row may be dropped for neither alone.
    return f"{record.id} {record.attributes.event_uri}"


def _asked(field: FormField, kind: AttendeeType) -> bool:
    owner = field.relationships.attendee_type.data
    if owner is not None:
        return owner.id == kind.id
    return field.id in kind.relationships.attendee_type_custom_fields.ids


def _order(field: FormField) -> int:
    return field.attributes.order or 0
