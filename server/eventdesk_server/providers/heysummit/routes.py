"""The two versions of HeySummit's API, behind the same questions."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from typing import ClassVar, Literal, TypeVar

from typing_extensions import override

from eventdesk_server.http.client import PreparedWrite, ProviderClient
from eventdesk_server.http.operations import Operation
from eventdesk_server.providers.heysummit import operations, wire
from eventdesk_server.providers.heysummit.rows import Listed
from eventdesk_server.providers.heysummit.shelf import Shelf
from eventdesk_tools.errors import NotFound, PermissionDenied, UnknownRef
from eventdesk_tools.models import Json
from eventdesk_tools.refs import shown

COMPLETED = "Completed Order"
"""The only state of a registration that the reference names."""
Version = Literal["v1", "v2"]
Row = TypeVar("Row", bound=wire.Record)
Placed = TypeVar("Placed", bound=wire.Placed)


def digits(record: str) -> str:
    """A record's id where the platform takes whole numbers only.

    Raises:
        UnknownRef: It is none.
    """
    if not (record.isascii() and record.isdigit() and len(record) <= 18):
        raise UnknownRef(f"{shown(record)} is not an id of HeySummit: its ids are whole numbers.")
    return record


class Routes(ABC):
    """What Eventdesk asks of HeySummit, whichever version answers."""

    version: ClassVar[Version]
    finds_by_email: ClassVar[bool]

    def __init__(self, http: ProviderClient, currency: str) -> None:
        self.http = http
        self.currency = currency

    def events(self) -> AsyncIterator[wire.Event]:
        """All events of the account."""
        return Listed(self.http, operations.LIST_EVENTS, wire.Page[wire.Event]).rows()

    async def event(self, event_id: str) -> wire.Event:
        """One event."""
        return await self.http.read(operations.GET_EVENT, wire.Event, path={"event": digits(event_id)})

    @abstractmethod
    def talk_list(self, event_id: str) -> Listed[wire.Talk]:
        """The list in which the event's talks stand; on version 1 those of other events may stand among them."""

    async def talks(self, event_id: str) -> AsyncIterator[wire.Talk]:
        """The event's talks, cancelled, hidden and undated ones among them."""
        async for talk in self.talk_list(event_id).rows():
            if talk.event in {"", event_id}:
                yield talk

    @abstractmethod
    async def shelf(self, event_id: str) -> Shelf:
        """The event's tickets."""

    @abstractmethod
    def people_list(self, event_id: str, *, email: str = "", completed: bool = False) -> Listed[wire.Attendee]:
        """The list in which registrations stand, narrowed as far as this version can; see `people`."""

    async def people(self, event_id: str, email: str) -> AsyncIterator[wire.Attendee]:
        """Registrations among which all of exactly this address are; others may be. Everybody's, where it is empty."""
        async for person in self.people_list(event_id, email=email).rows():
            if person.event in {"", event_id}:
                yield person

    @abstractmethod
    async def person(self, event_id: str, attendee_id: str) -> wire.Attendee:
        """One registration."""

    @abstractmethod
    async def head_count(self, event_id: str, *, completed: bool = False) -> int | None:
        """How many registrations there are, or completed ones; None where the platform does not say."""

    @abstractmethod
    def registration(
        self, event_id: str, email: str, name: str, ticket_id: str, answers: Sequence[tuple[int, str]]
    ) -> PreparedWrite:
        """The request that registers a person."""

    async def registered(self, event_id: str, email: str, *, thorough: bool = False) -> tuple[wire.Attendee, ...]:
        """Who is registered under this address, whatever its case.

        Version 2 finds exactly what is asked for, so that an address kept in another case than the given and the lower
        one is found by reading everybody, which is done where it is `thorough`.
        """
        for written in dict.fromkeys((email.strip(), email.strip().lower())):
            found = tuple(
                [person async for person in self.people(event_id, written) if person.belongs(event_id, email)]
            )
            if found or not self.finds_by_email:
                return found
        if not thorough:
            return ()
        return tuple([person async for person in self.people(event_id, "") if person.belongs(event_id, email)])


class RoutesV2(Routes):
    """Version 2: everything below its event; a registration names a price of a ticket."""

    version = "v2"
    finds_by_email = True

    def _below(
        self,
        event_id: str,
        operation: Operation,
        answer: type[wire.Page[Row]],
        query: Mapping[str, str | int] | None = None,
    ) -> Listed[Row]:
        return Listed(self.http, operation, answer, {"event": digits(event_id)}, query or {}, "offset")

    @override
    def talk_list(self, event_id: str) -> Listed[wire.Talk]:
        return self._below(event_id, operations.LIST_TALKS, wire.Page[wire.Talk])

    async def speakers(self, event_id: str) -> tuple[wire.SpeakerRow, ...]:
        return await self._anywhere(event_id, operations.LIST_SPEAKERS, wire.Page[wire.SpeakerRow])

    async def coupons(self, event_id: str) -> tuple[wire.Coupon, ...]:
        return await self._anywhere(event_id, operations.LIST_COUPONS, wire.Page[wire.Coupon])

    async def _anywhere(
        self, event_id: str, operation: Operation, answer: type[wire.Page[Placed]]
    ) -> tuple[Placed, ...]:
        """A list below its event, or, where that is refused, at the top without the rows of other events."""
        with suppress(PermissionDenied, NotFound):
            return tuple([row async for row in self._below(event_id, operation, answer).rows()])
        everywhere = operations.AT_TOP[operation.name]
        found = Listed(self.http, everywhere, answer, query={"event": digits(event_id)}, style="offset")
        return tuple([row async for row in found.rows() if row.event in {"", event_id}])

    @override
    async def shelf(self, event_id: str) -> Shelf:
        found = self._below(event_id, operations.LIST_TICKETS, wire.Page[wire.Ticket])
        kept = tuple([row async for row in found.rows()])
        return Shelf(
            tuple(ticket for row in kept for ticket in row.to_priced_tickets(self.currency)), kept, priced=True
        )

    @override
    def people_list(self, event_id: str, *, email: str = "", completed: bool = False) -> Listed[wire.Attendee]:
        query: dict[str, str | int] = {"email": email} if email else {}
        if completed:
            query["registration_status"] = COMPLETED
        return self._below(event_id, operations.LIST_ATTENDEES, wire.Page[wire.Attendee], query)

    @override
    async def person(self, event_id: str, attendee_id: str) -> wire.Attendee:
        path = {"event": digits(event_id), "attendee": digits(attendee_id)}
        return await self.http.read(operations.GET_ATTENDEE, wire.Attendee, path=path)

    @override
    async def head_count(self, event_id: str, *, completed: bool = False) -> int | None:
        query: dict[str, str | int] = {"registration_status": COMPLETED} if completed else {}
        page = await self.http.read(
            operations.LIST_ATTENDEES,
            wire.Page[wire.Attendee],
            path={"event": digits(event_id)},
            query=query | {"limit": 1},
        )
        return page.count

    @override
    def registration(
        self, event_id: str, email: str, name: str, ticket_id: str, answers: Sequence[tuple[int, str]]
    ) -> PreparedWrite:
        body: dict[str, Json] = {"email": email, "name": name, "ticket_price_id": int(ticket_id)}
        if answers:
            body["questions"] = [{"question_id": question, "answer": answer} for question, answer in answers]
        return self.http.prepare(operations.REGISTER_ATTENDEE, path={"event": digits(event_id)}, body=body)


class RoutesV1(Routes):
    """Version 1: collections filtered by event; a registration names a ticket, and no price is told."""

    version = "v1"
    finds_by_email = False

    def _of(self, event_id: str, operation: Operation, answer: type[wire.Page[Row]]) -> Listed[Row]:
        return Listed(self.http, operation, answer, query={"event": digits(event_id)})

    @override
    def talk_list(self, event_id: str) -> Listed[wire.Talk]:
        return self._of(event_id, operations.LIST_TALKS_V1, wire.Page[wire.Talk])

    @override
    async def shelf(self, event_id: str) -> Shelf:
        found = self._of(event_id, operations.LIST_TICKETS_V1, wire.Page[wire.Ticket])
        kept = tuple([row async for row in found.rows() if row.event in {"", event_id}])
        return Shelf(tuple(row.to_ticket() for row in kept), kept, priced=False)

    @override
    def people_list(self, event_id: str, *, email: str = "", completed: bool = False) -> Listed[wire.Attendee]:
        """All registrations of the event: version 1 finds nobody by address or state."""
        return self._of(event_id, operations.LIST_ATTENDEES_V1, wire.Page[wire.Attendee])

    @override
    async def person(self, event_id: str, attendee_id: str) -> wire.Attendee:
        return await self.http.read(operations.GET_ATTENDEE_V1, wire.Attendee, path={"attendee": digits(attendee_id)})

    @override
    async def head_count(self, event_id: str, *, completed: bool = False) -> int | None:
        if completed:
            return None
        query = {"event": digits(event_id)}
        page = await self.http.read(operations.LIST_ATTENDEES_V1, wire.Page[wire.Attendee], query=query)
        return page.count

    @override
    def registration(
        self, event_id: str, email: str, name: str, ticket_id: str, answers: Sequence[tuple[int, str]]
    ) -> PreparedWrite:
        body = {"event": int(digits(event_id)), "email": email, "name": name, "ticket_id": int(digits(ticket_id))}
        return self.http.prepare(operations.REGISTER_ATTENDEE_V1, body=body)
