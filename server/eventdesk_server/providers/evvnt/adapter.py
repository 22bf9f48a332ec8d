"""evvnt: listings for many calendars, as an organiser, a partner or a publisher."""

from collections.abc import AsyncIterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from typing_extensions import override

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.credentials import BasicAuth, Credentials
from eventdesk_server.http.operations import Operation
from eventdesk_server.providers.base import Setup
from eventdesk_server.providers.declared import DeclaredOperations, Guarded
from eventdesk_server.providers.evvnt import (
    clone,
    creating,
    drafting,
    figures,
    guarding,
    handoff,
    operations,
    updating,
    wire,
)
from eventdesk_server.providers.evvnt.dialect import DIALECT
from eventdesk_server.providers.evvnt.listings import Listings
from eventdesk_server.settings import EvvntSettings
from eventdesk_tools.models import (
    AccountFacts,
    CloneOrder,
    Event,
    EventDetail,
    EventQuery,
    Include,
    Json,
    Registration,
    SaleOrder,
    Speaker,
    WriteResult,
)
from eventdesk_tools.plans import WritePlan
from eventdesk_tools.ports import Capability, Cell, ProviderName, emulated, hand_off, native, unsupported
from eventdesk_tools.records import EventDraft, EventFigures, SummaryQuery

BASE = "https://api.evvnt.com"
_SOURCE = "evvnt REST API documentation"
_ELSEWHERE = "Ask the person where the event's tickets are sold; that account can tell."
_ANOTHER_ROLE = "Ask for an account with role organiser or partner."


class Evvnt(DeclaredOperations):
    """One evvnt login."""

    name = ProviderName.EVVNT
    support: ClassVar[Mapping[Capability, Cell]] = MappingProxyType(
        {
            Capability.LIST_EVENTS: native(f"{_SOURCE}, GET /events/mine", "own listings; a publisher's whole feed"),
            Capability.GET_EVENT: native(f"{_SOURCE}, GET /events/:event_id"),
            Capability.REGISTER_ATTENDEE: hand_off("the listing's booking link, where it has one", _SOURCE),
            Capability.CREATE_SALE: hand_off("the listing's booking link, where it has one", _SOURCE),
            Capability.CLONE_EVENT: emulated(
                "reads the listing and submits it anew; public at once, uses a credit", f"{_SOURCE}, POST /events"
            ),
            Capability.ARCHIVE_EVENT: unsupported(
                "a listing cannot be cancelled, archived or taken back through its API",
                "Tell the person to ask evvnt's support.",
                _SOURCE,
            ),
            Capability.LIST_SESSIONS: unsupported("a listing has no programme", _ELSEWHERE, _SOURCE),
            Capability.LIST_ATTENDEES: unsupported(
                "evvnt distributes listings and registers nobody", _ELSEWHERE, _SOURCE
            ),
            Capability.LIST_SALES: unsupported("evvnt distributes listings and sells nothing", _ELSEWHERE, _SOURCE),
            Capability.EVENT_SUMMARY: native(
                f"{_SOURCE}, GET /events/:event_id/report", "the report: sites, reach, clicks; own listings only"
            ),
            Capability.CREATE_EVENT: native(f"{_SOURCE}, POST /events", "public at once; uses a credit of a package"),
            Capability.UPDATE_EVENT: native(f"{_SOURCE}, PUT /events/:event_id", "own listings; public at once"),
            Capability.CANCEL_REGISTRATION: unsupported("evvnt registers nobody", _ELSEWHERE, _SOURCE),
            Capability.UPDATE_SALE: unsupported("evvnt sells nothing", _ELSEWHERE, _SOURCE),
        }
    )
    declared: ClassVar[tuple[Operation, ...]] = operations.ALL
    _PUBLISHER: ClassVar[Mapping[Capability, Cell]] = MappingProxyType(
        {
            Capability.LIST_EVENTS: native(
                f"{_SOURCE}, GET /events", "the whole feed that the key sees, not own listings"
            ),
            Capability.CLONE_EVENT: unsupported("a publisher's key submits no listings", _ANOTHER_ROLE, _SOURCE),
            Capability.CREATE_EVENT: unsupported("a publisher's key submits no listings", _ANOTHER_ROLE, _SOURCE),
            Capability.UPDATE_EVENT: unsupported("a publisher's key changes no listings", _ANOTHER_ROLE, _SOURCE),
            Capability.EVENT_SUMMARY: unsupported(
                "only organisers and partners have reports, of their own listings", _ANOTHER_ROLE, _SOURCE
            ),
        }
    )
    _PARTNER: ClassVar[Mapping[Capability, Cell]] = MappingProxyType(
        {
            Capability.LIST_EVENTS: native(f"{_SOURCE}, GET /events/ours"),
            Capability.GET_EVENT: native(f"{_SOURCE}, GET /events/ours/:event_id"),
        }
    )

    def __init__(self, setup: Setup, settings: EvvntSettings) -> None:
        self._setup = setup
        self._settings = settings
        self._http = setup.client(settings.base_url or BASE, DIALECT, self._login)
        self._listings = Listings(self._http, settings, setup.now)

    def _login(self) -> Credentials:
        return BasicAuth(
            self._setup.secret(self._settings.key, "key"), self._setup.secret(self._settings.secret, "secret")
        )

    @override
    def cell(self, capability: Capability) -> Cell:
        narrowed = {"publisher": self._PUBLISHER, "partner": self._PARTNER}.get(self._settings.role, {})
        return narrowed.get(capability) or super().cell(capability)

    @property
    @override
    def http(self) -> ProviderClient:
        return self._http

    @override
    def offered(self, operation: Operation) -> str:
        return operations.not_for(operation, self._settings.role)

    @override
    def guarded(self) -> Guarded:
        return guarding.guarded(self._listings, self._setup.account)

    @override
    async def read_operation(self, name: str, arguments: Mapping[str, Json]) -> Json:
        """A listing's `report_url` logs its holder in without a question: it is left out."""
        return guarding.without_logins(await super().read_operation(name, arguments))

    @override
    async def check(self) -> AccountFacts:
        """A call that the role may make: its packages, the sites of a publisher, or a row of a partner's own list."""
        if self._settings.role == "publisher":
            sites = await self._listings.publishers()
            return AccountFacts(calendars=tuple(site.name for site in sites))
        if self._settings.role == "partner" and not self._settings.user_id:
            await self._listings.reach()
            return AccountFacts(notes=("user_id is not set: listings can be read, not submitted.",))
        packages = await self._listings.packages()
        return AccountFacts(packages=tuple(package.line for package in packages))

    @override
    async def list_events(self, query: EventQuery) -> AsyncIterator[Event]:
        """All of them: there is no filter by date."""
        async for row in self._listings.all():
            yield row.to_event(self._setup.now(), self._settings.zone)

    @override
    async def get_event(
        self, event_id: str, include: frozenset[Include], occurrence: date | None = None
    ) -> EventDetail:
        row = await self._listings.one(event_id)
        category = await self._listings.category(row.category_id)
        notes: list[str] = []
        if row.prices:
            notes.append("evvnt sells no tickets: prices are what the listing says.")
        if row.booking_link:
            notes.append("book_at is evvnt's tracking address of the organiser's page, not the page itself.")
        event = row.to_event(self._setup.now(), self._settings.zone, category)
        if event.zone is None:
            notes.append("evvnt tells no time zone; times carry the offset that it shows.")
        return EventDetail(
            event=event,
            tickets=row.to_tickets(),
            description=(row.description or row.summary) if Include.DESCRIPTION in include else None,
            speakers=_artists(row) if Include.SPEAKERS in include else None,
            notes=tuple(notes),
        )

    @override
    async def plan_registration(self, wanted: Registration) -> WriteResult:
        handoff.check_registration(wanted)
        row = await self._listings.one(wanted.event_id)
        chosen = ((wanted.ticket, 1),)
        return handoff.link(row, self._setup.now(), self._settings.zone, chosen, field="ticket")

    @override
    async def plan_sale(self, wanted: SaleOrder) -> WriteResult:
        handoff.check_order(wanted)
        row = await self._listings.one(wanted.event_id)
        return handoff.link(row, self._setup.now(), self._settings.zone, wanted.items, field="items")

    @override
    async def plan_clone(self, wanted: CloneOrder) -> WritePlan | WriteResult:
        self.require(Capability.CLONE_EVENT)
        return await clone.plan(self._listings, self._setup.account, wanted)

    @override
    async def event_figures(self, query: SummaryQuery) -> EventFigures:
        self.require(Capability.EVENT_SUMMARY)
        return await figures.figures(self._listings, query)

    @override
    async def draft_of(self, event_id: str) -> EventDraft:
        row = await self._listings.one(event_id)
        return drafting.draft(row, await self._listings.category(row.category_id), self._settings.zone)

    @override
    async def plan_event(self, draft: EventDraft) -> WritePlan | WriteResult:
        self.require(Capability.CREATE_EVENT)
        return await creating.plan(self._listings, self._setup.account, draft)

    @override
    async def plan_update(self, event_id: str, draft: EventDraft) -> WritePlan | WriteResult:
        self.require(Capability.UPDATE_EVENT)
        return await updating.plan(self._listings, self._setup.account, event_id, draft)

    @override
    async def aclose(self) -> None:
        await self._http.aclose()


def _artists(row: wire.Event) -> tuple[Speaker, ...]:
    return tuple(Speaker(name=name) for name in wire.split(row.artists))


def build(setup: Setup) -> Evvnt:
    """An account from its settings. Nothing is connected and no key is read."""
    settings = setup.settings
    if not isinstance(settings, EvvntSettings):
        raise TypeError("not the settings of an evvnt account")
    return Evvnt(setup, settings)
