"""The adapter: Eventtia's API v3, JSON:API in style, a bearer token obtained by logging in."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import ClassVar, cast

from typing_extensions import override

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.credentials import Credentials, LoginToken
from eventdesk_server.providers.base import Setup
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.activating import Activating
from eventdesk_server.providers.eventtia.cloning import Cloning
from eventdesk_server.providers.eventtia.dialect import DIALECT
from eventdesk_server.providers.eventtia.envelope import Page
from eventdesk_server.providers.eventtia.forms import questions
from eventdesk_server.providers.eventtia.reads import Form, Reads
from eventdesk_server.providers.eventtia.registering import Registering
from eventdesk_server.providers.eventtia.tickets import SeatCount
from eventdesk_server.providers.eventtia.wire import EventRecord
from eventdesk_server.settings import EventtiaSettings
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import (
    AccountFacts,
    CloneOrder,
    Event,
    EventDetail,
    EventQuery,
    EventStatus,
    Include,
    Registration,
    Ticket,
    WriteResult,
)
from eventdesk_tools.plans import WritePlan
from eventdesk_tools.ports import Capability, Cell, EventProvider, ProviderName, emulated, native, unsupported

BASE_URL = "https://connect.eventtia.com/api/v3"
_REFERENCE = "Eventtia API v3 reference"


class Eventtia(EventProvider):
    """One login at Eventtia."""

    name: ClassVar[ProviderName] = ProviderName.EVENTTIA
    support: ClassVar[Mapping[Capability, Cell]] = MappingProxyType(
        {
            Capability.LIST_EVENTS: native(f"{_REFERENCE}, List of Events", "lists do not say which are active"),
            Capability.GET_EVENT: native(f"{_REFERENCE}, Event"),
            Capability.REGISTER_ATTENDEE: native(f"{_REFERENCE}, Create Attendee", "Eventtia writes to the person"),
            Capability.CREATE_SALE: unsupported(
                "its API sells nothing to a person; items are taken while registering",
                "Call register_attendee with ticket and extras.",
                f"{_REFERENCE}, which has no such call",
            ),
            Capability.CLONE_EVENT: native(
                f"{_REFERENCE}, Clone Event", "in the background; dated and renamed afterwards"
            ),
            Capability.ARCHIVE_EVENT: emulated(
                "sets the event inactive; it is never archived", f"{_REFERENCE}, Update Event"
            ),
        }
    )

    def __init__(self, http: ProviderClient, now: Callable[[], datetime], zone: str, currency: str) -> None:
        self._http = http
        self._now = now
        self._zone = zone
        self._currency = currency
        self._reads = Reads(http)
        self._registering = Registering(http, self._reads, now, zone, currency)
        self._cloning = Cloning(http, self._reads, now, zone, currency)
        self._activating = Activating(http, self._reads, now)

    @override
    async def check(self) -> AccountFacts:
        query = {"page[number]": 1, "page[size]": 1}
        await self._http.read(operations.LIST_EVENTS, Page[EventRecord], query=query)
        return AccountFacts()

    @override
    async def list_events(self, query: EventQuery) -> AsyncIterator[Event]:
        # Nothing narrows it: there is no filter by date, and the one by name would miss a match in the place.
        async for record in self._reads.events():
            yield record.to_event(query.now, self._zone, self._currency)

    @override
    async def get_event(
        self, event_id: str, include: frozenset[Include], occurrence: date | None = None
    ) -> EventDetail:
        if occurrence is not None:
            raise InvalidArguments(
                "Eventtia has no repeating events.", next="Repeat the call without occurrence.", field="occurrence"
            )
        record = await self._reads.event(event_id)
        event = record.to_event(self._now(), self._zone, self._currency)
        forms = await self._reads.forms(record.key)
        counts = await self._reads.seat_counts(record.key)
        tickets = _tickets(forms, counts, event.currency)
        names = {form.type.id: form.type.attributes.name for form in forms}
        extras = tuple(item.to_ticket(names) for item in await self._reads.items(record.key))
        sessions = speakers = None
        if Include.SESSIONS in include:
            found = await self._reads.activities(record.key, speakers=True)
            sessions = tuple(one.activity.to_session(event.zone, one.speakers) for one in found)
        if Include.SPEAKERS in include:
            speakers = tuple(one.to_speaker() for one in await self._reads.speakers(record.key))
        return EventDetail(
            event=_counted(event, forms, tickets),
            tickets=tickets + extras,
            description=record.attributes.description if Include.DESCRIPTION in include else None,
            sessions=sessions,
            speakers=speakers,
            fields=questions(forms) if Include.FIELDS in include else None,
        )

    @override
    async def plan_registration(self, wanted: Registration) -> WritePlan | WriteResult:
        return await self._registering.plan(wanted)

    @override
    async def plan_clone(self, wanted: CloneOrder) -> WritePlan | WriteResult:
        return await self._cloning.plan(wanted)

    @override
    async def plan_archive(self, event_id: str, *, restore: bool) -> WritePlan | WriteResult:
        return await self._activating.plan(event_id, active=restore)

    @override
    async def aclose(self) -> None:
        await self._http.aclose()


def _tickets(forms: tuple[Form, ...], counts: tuple[SeatCount, ...], currency: str | None) -> tuple[Ticket, ...]:
    """The attendee types, with the seats used where a name stands once in both lists: the counts carry no ids."""
    types = Counter(form.type.attributes.name for form in forms)
    rows = Counter(count.name for count in counts)
    once = {count.name: count for count in counts if rows[count.name] == 1 and types[count.name] == 1}
    tickets: list[Ticket] = []
    for form in forms:
        count = once.get(form.type.attributes.name)
        ticket = form.type.to_ticket(currency, count.used_seats if count is not None else None)
        if ticket.left is None and count is not None and None not in {count.seats_limit, count.used_seats}:
            ticket = replace(ticket, left=max(0, (count.seats_limit or 0) - (count.used_seats or 0)))
        tickets.append(ticket)
    return tuple(tickets)


def _counted(event: Event, forms: tuple[Form, ...], tickets: tuple[Ticket, ...]) -> Event:
    """The event with what its tickets add up to, each figure only where every ticket tells its part."""
    if not tickets:
        return event
    sold = [ticket.sold for ticket in tickets]
    left = [ticket.left for ticket in tickets]
    limits = [form.type.attributes.capacity for form in forms]
    event = replace(
        event,
        sold=sum(one for one in sold if one is not None) if None not in sold else None,
        left=sum(one for one in left if isinstance(one, int)) if all(isinstance(one, int) for one in left) else None,
        capacity=sum(one for one in limits if one) if all(limits) else None,
    )
    full = event.status is EventStatus.LIVE and all(one == 0 for one in left)
    return replace(event, status=EventStatus.SOLD_OUT) if full else event


def build(setup: Setup) -> Eventtia:
    """An account from its settings. Nothing is connected and no key is read before the first request."""
    settings = cast("EventtiaSettings", setup.settings)

    def credentials() -> Credentials:
        if settings.client_id is not None or settings.client_secret is not None:
            return LoginToken(
                path=operations.LOG_IN_AS_SERVER.path,
                fields={
                    "client_id": setup.secret(settings.client_id, "client_id"),
                    "client_secret": setup.secret(settings.client_secret, "client_secret"),
                },
                answer="access_token",
                now=setup.now,
            )
        return LoginToken(
            path=operations.LOG_IN.path,
            fields={
                "email": setup.secret(settings.email, "email"),
                "password": setup.secret(settings.password, "password"),
            },
            answer="auth_token",
            now=setup.now,
        )

    http = setup.client(settings.base_url or BASE_URL, DIALECT, credentials)
    return Eventtia(http, setup.now, settings.zone, settings.currency)


__all__ = ["BASE_URL", "Eventtia", "build"]
