"""`list_sessions`: an event's activities, or those that a person is booked into."""

from collections.abc import AsyncIterator

from eventdesk_server.providers.eventtia.reads import Reads
from eventdesk_tools.errors import NotFound, UnknownRef
from eventdesk_tools.models import Session
from eventdesk_tools.records import Page, SessionQuery
from eventdesk_tools.refs import Kind, shown

_ROOM = 1_000
"""Pages of one registration; positions count on from here for the next one of the same address."""


class Programmes:
    """`list_sessions` at one account. The filter by day is left to the tool: its form and zone are not documented."""

    def __init__(self, reads: Reads, zone: str) -> None:
        self._reads = reads
        self._zone = zone

    async def pages(self, query: SessionQuery, at: int | None) -> AsyncIterator[Page[Session]]:
        event = await self._reads.event(query.event_id)
        zone = event.zone(self._zone)
        if not query.attendee:
            async for page in self._reads.programme(event.key, first=at or 1):
                yield page.of([one.to_session(zone) for one in page.rows])
            return
        turn, first = divmod(at or 1, _ROOM)
        seen: set[str] = set()
        for number, attendee in enumerate(await self._registrations(event.key, query.attendee)):
            if number < turn:
                continue
            pages = self._reads.booked_sessions(event.key, attendee, first=first if number == turn else 1)
            async for page in pages:
                rows = [one for one in page.rows if one.activity.id not in seen]
                seen.update(one.activity.id for one in rows)
                yield Page([one.to_session(zone) for one in rows], number * _ROOM + page.at, moved=page.moved)

    async def _registrations(self, event: str, attendee: str) -> tuple[str, ...]:
        """The registrations that are meant: one by its ref, or every active one of an address.

        Raises:
            UnknownRef: It is the ref of a payment.
            NotFound: Nobody of that address is registered.
        """
        if "@" not in attendee:
            kind, _, record = attendee.partition("-")
            if kind != Kind.REGISTRATION or not record:
                raise UnknownRef(
                    f"{shown(attendee)} is not a registration: Eventtia's orders are payments.",
                    field="attendee",
                    next="Call list_attendees for refs of registrations.",
                )
            return (record,)
        forms = await self._reads.forms(event)
        fields = frozenset(field for form in forms for field in form.email_fields)
        found = await self._reads.registered(event, attendee, fields)
        if not found:
            raise NotFound(
                f"Nobody is registered with {shown(attendee)} at this event.",
                field="attendee",
                next="Call list_attendees with part of the name.",
            )
        return tuple(sorted(one.id for one in found))
