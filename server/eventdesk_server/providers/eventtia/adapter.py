"""The adapter: Eventtia's API v3, JSON:API in style, a bearer token obtained by logging in."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import ClassVar, cast

from typing_extensions import override

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.credentials import Credentials, LoginToken
from eventdesk_server.http.operations import Operation
from eventdesk_server.providers.base import Setup
from eventdesk_server.providers.declared import DeclaredOperations, Guarded
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.activating import Activating
from eventdesk_server.providers.eventtia.cancelling import Cancelling
from eventdesk_server.providers.eventtia.cloning import Cloning
from eventdesk_server.providers.eventtia.counting import counted, counted_tickets
from eventdesk_server.providers.eventtia.dialect import DIALECT
from eventdesk_server.providers.eventtia.drafting import draft
from eventdesk_server.providers.eventtia.envelope import Page as WirePage
from eventdesk_server.providers.eventtia.figures import Figures
from eventdesk_server.providers.eventtia.forms import questions
from eventdesk_server.providers.eventtia.guarding import Guards, without_keys
from eventdesk_server.providers.eventtia.making import Making
from eventdesk_server.providers.eventtia.payments import Payments
from eventdesk_server.providers.eventtia.people import People
from eventdesk_server.providers.eventtia.programme import Programmes
from eventdesk_server.providers.eventtia.reads import Reads
from eventdesk_server.providers.eventtia.registering import Registering
from eventdesk_server.providers.eventtia.registering_many import plan_registrations
from eventdesk_server.providers.eventtia.updating import Updating
from eventdesk_server.providers.eventtia.wire import EventRecord
from eventdesk_server.settings import EventtiaSettings
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import (
    AccountFacts,
    CloneOrder,
    Event,
    EventDetail,
    EventQuery,
    Include,
    Json,
    Registration,
    Session,
    WriteResult,
)
from eventdesk_tools.plans import Planned, WritePlan
from eventdesk_tools.ports import Capability, Cell, ProviderName, emulated, native, unsupported
from eventdesk_tools.records import (
    Attendee,
    AttendeeQuery,
    EventDraft,
    EventFigures,
    Page,
    Sale,
    SaleQuery,
    SessionQuery,
    SummaryQuery,
)

BASE_URL = "https://connect.eventtia.com/api/v3"
_REFERENCE = "Eventtia API v3 reference"


class Eventtia(DeclaredOperations):
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
            Capability.CREATE_EVENT: native(f"{_REFERENCE}, Create Event", "without tickets or place"),
            Capability.UPDATE_EVENT: native(f"{_REFERENCE}, Update Event", "without tickets or place"),
            Capability.CANCEL_REGISTRATION: native(
                f"{_REFERENCE}, Cancel registration", "one registration each; nothing takes it back"
            ),
            Capability.LIST_SESSIONS: native(f"{_REFERENCE}, List of Activities"),
            Capability.LIST_ATTENDEES: native(f"{_REFERENCE}, List of Attendees"),
            Capability.LIST_SALES: native(
                f"{_REFERENCE}, List of Attendee Payments",
                "payments only, by event; who owes is list_attendees with paid false",
            ),
            Capability.EVENT_SUMMARY: native(
                f"{_REFERENCE}, Tickets Stats, List of Attendees", "ticket stats, attendees and payments"
            ),
            Capability.UPDATE_SALE: unsupported(
                "its payments can only be read",
                "Tell the person to record or refund payments in Eventtia's dashboard.",
                f"{_REFERENCE}, which has no such call",
            ),
        }
    )

    declared: ClassVar[tuple[Operation, ...]] = operations.ALL

    def __init__(self, http: ProviderClient, now: Callable[[], datetime], zone: str, currency: str) -> None:
        self._http = http
        self._now = now
        self._zone = zone
        self._currency = currency
        self._reads = Reads(http)
        self._registering = Registering(http, self._reads, now, zone, currency)
        self._cloning = Cloning(http, self._reads, now, zone, currency)
        self._activating = Activating(http, self._reads, now)
        self._people = People(http, self._reads, now, zone)
        self._cancelling = Cancelling(http, self._reads, self._people.forget)
        self._making = Making(http, self._reads, now, zone, currency)
        self._updating = Updating(http, self._reads, now, zone, currency)
        self._payments = Payments(http, self._reads, zone)
        self._programmes = Programmes(self._reads, zone)
        self._figures = Figures(self._reads, self._people, self._payments, zone, currency)

    @override
    async def check(self) -> AccountFacts:
        query = {"page[number]": 1, "page[size]": 1}
        await self._http.read(operations.LIST_EVENTS, WirePage[EventRecord], query=query)
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
        tickets = counted_tickets(forms, counts, event.currency)
        names = {form.type.id: form.type.attributes.name for form in forms}
        extras = tuple(item.to_ticket(names) for item in await self._reads.items(record.key))
        sessions = speakers = None
        if Include.SESSIONS in include:
            found = await self._reads.activities(record.key, speakers=True)
            sessions = tuple(one.activity.to_session(event.zone, one.speakers) for one in found)
        if Include.SPEAKERS in include:
            speakers = tuple(one.to_speaker() for one in await self._reads.speakers(record.key))
        return EventDetail(
            event=counted(event, forms, tickets),
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
    async def plan_registrations(self, wanted: Sequence[Registration]) -> list[Planned]:
        return await plan_registrations(self._http, self._now, self._zone, self._currency, wanted)

    @override
    async def plan_clone(self, wanted: CloneOrder) -> WritePlan | WriteResult:
        return await self._cloning.plan(wanted)

    @override
    async def plan_archive(self, event_id: str, *, restore: bool) -> WritePlan | WriteResult:
        return await self._activating.plan(event_id, active=restore)

    @override
    def list_sessions(self, query: SessionQuery, *, at: int | None = None) -> AsyncIterator[Page[Session]]:
        return self._programmes.pages(query, at)

    @override
    def list_attendees(self, query: AttendeeQuery, *, at: int | None = None) -> AsyncIterator[Page[Attendee]]:
        return self._people.pages(query, at)

    @override
    def list_sales(self, query: SaleQuery, *, at: int | None = None) -> AsyncIterator[Page[Sale]]:
        return self._payments.pages(query, at)

    @override
    async def event_figures(self, query: SummaryQuery) -> EventFigures:
        return await self._figures.of(query)

    @override
    async def plan_event(self, draft: EventDraft) -> WritePlan | WriteResult:
        return await self._making.plan(draft)

    @override
    async def plan_update(self, event_id: str, draft: EventDraft) -> WritePlan | WriteResult:
        return await self._updating.plan(event_id, draft)

    @override
    async def plan_cancellation(self, event_id: str, record: str, *, whole_order: bool) -> WritePlan | WriteResult:
        return await self._cancelling.plan(event_id, record, whole_order=whole_order)

    @override
    async def plan_cancellations(self, event_id: str, records: Sequence[str], *, whole_order: bool) -> list[Planned]:
        return await self._cancelling.plan_many(event_id, records, whole_order=whole_order)

    @override
    async def draft_of(self, event_id: str) -> EventDraft:
        event = await self._reads.event(event_id)
        currency = event.attributes.currency.upper() or self._currency or None
        return draft(event, await self._reads.forms(event.key), self._zone, currency)

    @property
    @override
    def http(self) -> ProviderClient:
        return self._http

    @override
    def guarded(self) -> Guarded:
        return Guards(
            self._reads,
            self._zone,
            self._registering,
            self._cancelling,
            self._cloning,
            self._making,
            self._updating,
            self.plan_declared,
        ).all()

    @override
    async def read_operation(self, name: str, arguments: Mapping[str, Json]) -> Json:
        return without_keys(await super().read_operation(name, arguments))

    @override
    async def aclose(self) -> None:
        await self._http.aclose()


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
                monotonic=setup.monotonic,
            )
        return LoginToken(
            path=operations.LOG_IN.path,
            fields={
                "email": setup.secret(settings.email, "email"),
                "password": setup.secret(settings.password, "password"),
            },
            answer="auth_token",
            now=setup.now,
            monotonic=setup.monotonic,
        )

    http = setup.client(settings.base_url or BASE_URL, DIALECT, credentials)
    return Eventtia(http, setup.now, settings.zone, settings.currency)


__all__ = ["BASE_URL", "Eventtia", "build"]
