"""Reading Eventtia: its lists page by page, and what several plans need of an event."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.operations import Operation
from eventdesk_server.http.paging import Slice, walk
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
from eventdesk_tools.models import PersonStatus

PAGE_SIZE = 24
"""The default and, as the vendor's own client notes, the most: a larger size is passed over. It stays the same on
every page, and a page shorter than it is not the last for that."""

T = TypeVar("T")
P = TypeVar("P", bound=Page[Any])
_GONE = frozenset({PersonStatus.REJECTED, PersonStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Form:
    """An attendee type and the questions of its registration form."""

    type: AttendeeType
    fields: tuple[FormField, ...]

    @property
    def email_fields(self) -> frozenset[str]:
        return frozenset(field.id for field in self.fields if field.attributes.name == "email")


@dataclass(frozen=True, slots=True)
class Programme:
    """An activity and the names of the speakers that came with its page."""

    activity: Activity
    speakers: Mapping[str, str]


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
        def join(page: ActivitiesPage) -> list[Programme]:
            names = {speaker.id: speaker.attributes.full_name for speaker in page.included}
            return [Programme(activity, names) for activity in page.data]

        query = {"include": "speakers"} if speakers else {}
        path = {"event": event}
        pages = self._pages(
            operations.LIST_ACTIVITIES, ActivitiesPage, join, lambda item: item.activity.id, path=path, query=query
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
        return tuple([row async for row in pages if row.has_address(email, email_fields) and row.status not in _GONE])

    async def booked(self, event: str, attendee: str) -> frozenset[str]:
        """The activities that a person is booked into."""
        path = {"event": event, "attendee": attendee}
        pages = self._pages(
            operations.LIST_ATTENDEE_ACTIVITIES, Page[Activity], lambda page: page.data, lambda row: row.id, path=path
        )
        return frozenset([activity.id async for activity in pages])

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
        """A list, whole. It goes on as `meta.total_pages` says, else `links.next`, else until a page is empty or
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
            return Slice(rows, number + 1 if goes_on else None)

        async for row in walk(fetch, key=key):
            yield row


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
