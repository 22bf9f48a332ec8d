"""HeySummit: online summits. Version 2 of its API is preferred; version 1 is spoken where the settings say so."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from typing_extensions import override

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.credentials import Credentials, HeaderKey
from eventdesk_server.http.operations import Operation
from eventdesk_server.providers.base import Setup
from eventdesk_server.providers.declared import DeclaredOperations, Guarded
from eventdesk_server.providers.heysummit import (
    archiving,
    drafting,
    figures,
    guarding,
    operations,
    people,
    programme,
    registering,
    registering_many,
    selling,
    wire,
)
from eventdesk_server.providers.heysummit.dialect import DIALECT
from eventdesk_server.providers.heysummit.routes import Routes, RoutesV1, RoutesV2
from eventdesk_server.settings import HeySummitSettings
from eventdesk_tools.errors import NotFound, PermissionDenied, Unsupported
from eventdesk_tools.models import (
    AccountFacts,
    Event,
    EventDetail,
    EventQuery,
    Include,
    Json,
    Registration,
    RegistrationField,
    SaleOrder,
    Session,
    Speaker,
    WriteResult,
)
from eventdesk_tools.plans import Planned, WritePlan
from eventdesk_tools.ports import Capability, Cell, ProviderName, emulated, hand_off, native, unsupported
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

BASE_V2 = "https://app.heysummit.com/api/v2/"
BASE_V1 = "https://api.heysummit.com/api/"
_V1 = "HeySummit API reference, version 1"
_V2 = "HeySummit OpenAPI document, version 2"
_DASHBOARD = "Tell the person to do it in HeySummit's dashboard."


class HeySummit(DeclaredOperations):
    """One HeySummit account."""

    name = ProviderName.HEYSUMMIT
    support: ClassVar[Mapping[Capability, Cell]] = MappingProxyType(
        {
            Capability.LIST_EVENTS: native(f"{_V1}, Get All Events"),
            Capability.GET_EVENT: native(f"{_V1}, Get an Event"),
            Capability.REGISTER_ATTENDEE: native(_V2, "a ticket is a price of a ticket; on api_version v1 a ticket"),
            Capability.CREATE_SALE: hand_off("makes a checkout link; its API records no orders", _V2),
            Capability.CLONE_EVENT: unsupported(
                "its API copies no events", "Tell the person to duplicate it in HeySummit's dashboard.", _V2
            ),
            Capability.ARCHIVE_EVENT: native(f"{_V1}, Archive an Event", "version 1's action; no undo"),
            Capability.LIST_SESSIONS: native(_V2, "talks"),
            Capability.LIST_ATTENDEES: native(_V2, "registrations; on version 2 without their tickets"),
            Capability.LIST_SALES: unsupported(
                "version 2 of its API shows no orders and no tickets held",
                "Look in HeySummit's dashboard, or ask to set api_version to v1 for this account: it shows tickets held.",
                _V2,
            ),
            Capability.EVENT_SUMMARY: native(_V2, "counted from the registrations; no money"),
            Capability.CREATE_EVENT: unsupported("its API can, in fields that are not documented", _DASHBOARD, _V2),
            Capability.UPDATE_EVENT: unsupported("its API can, in fields that are not documented", _DASHBOARD, _V2),
            Capability.CANCEL_REGISTRATION: unsupported(
                "its API can only delete a registration for good", _DASHBOARD, _V2
            ),
            Capability.UPDATE_SALE: unsupported("its API keeps no orders", _DASHBOARD, _V2),
        }
    )
    _ON_V1: ClassVar[Mapping[Capability, Cell]] = MappingProxyType(
        {
            Capability.CREATE_SALE: unsupported(
                "version 1 of its API makes no checkout links",
                "Send the person to the event's page, or ask to set api_version to v2 for this account.",
                _V1,
            ),
            Capability.LIST_SALES: emulated("the tickets that people hold; amounts without a currency", _V1),
        }
    )
    declared: ClassVar[tuple[Operation, ...]] = operations.ALL

    def __init__(self, setup: Setup, settings: HeySummitSettings) -> None:
        self._setup = setup
        self._settings = settings
        default = BASE_V2 if settings.api_version == "v2" else BASE_V1
        self._http = self._client(settings.base_url or default)
        routes = RoutesV2 if settings.api_version == "v2" else RoutesV1
        self._routes: Routes = routes(self._http, settings.currency)
        self._archive_http: ProviderClient | None = None

    def _client(self, base_url: str) -> ProviderClient:
        def key() -> Credentials:
            return HeaderKey("Authorization", "Token", self._setup.secret(self._settings.key, "key"))

        return self._setup.client(base_url, DIALECT, key)

    @override
    def cell(self, capability: Capability) -> Cell:
        narrowed = self._ON_V1.get(capability) if self._settings.api_version == "v1" else None
        return narrowed or super().cell(capability)

    @property
    @override
    def http(self) -> ProviderClient:
        return self._http

    @override
    def offered(self, operation: Operation) -> str:
        return operations.not_spoken(operation, self._settings.api_version)

    @override
    def guarded(self) -> Guarded:
        return guarding.guarded(self._routes, self.plan_archive)

    @override
    async def read_operation(self, name: str, arguments: Mapping[str, Json]) -> Json:
        elsewhere = operations.AT_TOP.get(name)
        if elsewhere is None:
            return await super().read_operation(name, arguments)
        with suppress(PermissionDenied, NotFound):
            return await super().read_operation(name, arguments)
        answer = await self.read_declared(elsewhere, arguments)
        return wire.of_event(answer, str(arguments.get("event", "")))

    @override
    async def check(self) -> AccountFacts:
        page = await self._http.read(operations.LIST_EVENTS, wire.Page[wire.Event])
        return AccountFacts(notes=() if page.count is None else (f"{page.count} events",))

    @override
    async def list_events(self, query: EventQuery) -> AsyncIterator[Event]:
        """All of them: only version 1 filters by flags, and no version by date."""
        async for event in self._routes.events():
            yield self._event(event)

    def _event(self, event: wire.Event) -> Event:
        return event.to_event(self._setup.now(), self._settings.zone, self._settings.currency)

    @override
    async def get_event(
        self, event_id: str, include: frozenset[Include], occurrence: date | None = None
    ) -> EventDetail:
        row = await self._routes.event(event_id)
        shelf = await self._routes.shelf(row.id)
        zone = row.zone(self._settings.zone)
        notes = list(shelf.notes)
        if not shelf.priced and shelf.tickets:
            notes.append("Version 1 of HeySummit's API tells no prices.")
        talks = speakers = coupons = fields = None
        if include & {Include.SESSIONS, Include.SPEAKERS}:
            talks = tuple([talk async for talk in self._routes.talks(row.id)])
        if Include.SPEAKERS in include:
            speakers = await self._speakers(row.id, talks or ())
        if Include.COUPONS in include:
            if isinstance(self._routes, RoutesV2):
                coupons = tuple([coupon.to_coupon() for coupon in await self._routes.coupons(row.id)])
            else:
                notes.append("Version 1 of HeySummit's API lists no coupons.")
        if Include.FIELDS in include:
            fields = _FIELDS
            notes.append("HeySummit's API does not list the event's questions; an answer names its question by number.")
        return EventDetail(
            event=replace(self._event(row), registered=await self._routes.head_count(row.id, completed=True)),
            tickets=shelf.tickets,
            description=row.description if Include.DESCRIPTION in include else None,
            sessions=_sorted([talk.to_session(zone) for talk in talks or ()], zone)
            if Include.SESSIONS in include
            else None,
            speakers=speakers,
            fields=fields,
            coupons=coupons,
            notes=tuple(notes),
        )

    async def _speakers(self, event_id: str, talks: tuple[wire.Talk, ...]) -> tuple[Speaker, ...]:
        """Version 1 shows speakers on their talks only."""
        if isinstance(self._routes, RoutesV2):
            listed = list(await self._routes.speakers(event_id))
        else:
            listed = [speaker for talk in talks for speaker in talk.speakers]
        shown = [speaker.to_speaker() for speaker in listed if speaker.full_name and speaker.is_active is not False]
        return tuple(dict.fromkeys(shown))

    @override
    async def list_sessions(self, query: SessionQuery, *, at: int | None = None) -> AsyncIterator[Page[Session]]:
        async for page in programme.pages(self._routes, query, self._settings.zone, at):
            yield page

    @override
    async def list_attendees(self, query: AttendeeQuery, *, at: int | None = None) -> AsyncIterator[Page[Attendee]]:
        async for page in people.attendees(self._routes, query, self._settings.zone, at):
            yield page

    @override
    async def list_sales(self, query: SaleQuery, *, at: int | None = None) -> AsyncIterator[Page[Sale]]:
        self.require(Capability.LIST_SALES)
        async for page in people.sales(self._routes, query, self._settings.zone, at):
            yield page

    @override
    async def event_figures(self, query: SummaryQuery) -> EventFigures:
        return await figures.figures(self._routes, query, self._settings.zone)

    @override
    async def draft_of(self, event_id: str) -> EventDraft:
        event = await self._routes.event(event_id)
        return drafting.draft(event, await self._routes.shelf(event.id), self._settings.zone)

    @override
    async def plan_registration(self, wanted: Registration) -> WritePlan | WriteResult:
        return await registering.plan(registering.Looks(self._routes, wanted.event_id), wanted)

    @override
    async def plan_registrations(self, wanted: Sequence[Registration]) -> list[Planned]:
        return await registering_many.plan_registrations(self._routes, wanted)

    @override
    async def plan_sale(self, wanted: SaleOrder) -> WritePlan | WriteResult:
        self.require(Capability.CREATE_SALE)
        return await selling.plan(self._routes, wanted)

    @override
    async def plan_archive(self, event_id: str, *, restore: bool) -> WritePlan | WriteResult:
        if restore:
            raise Unsupported(
                "HeySummit's API has no way to take an event out of the archive.",
                next="Tell the person to look in HeySummit's dashboard.",
                field="restore",
            )
        return await archiving.plan(self._routes, self._archiver(), event_id)

    def _archiver(self) -> ProviderClient:
        """The client that has the action: version 1's, with the same key, never on a host the settings do not name."""
        if self._settings.api_version == "v1" or self._settings.archive_on_v2:
            return self._http
        if self._archive_http is None:
            self._archive_http = self._client(self._v1_base())
        return self._archive_http

    def _v1_base(self) -> str:
        base = self._settings.base_url
        if self._settings.v1_base_url or not base:
            return self._settings.v1_base_url or BASE_V1
        stem = base.rstrip("/").removesuffix("/v2")
        if stem != base.rstrip("/"):
            return f"{stem}/"
        raise Unsupported(
            "Archiving needs version 1 of HeySummit's API, and this account's base_url does not tell where it is.",
            next="Tell the person to set v1_base_url for this account.",
        )

    @override
    async def aclose(self) -> None:
        await self._http.aclose()
        if self._archive_http is not None:
            await self._archive_http.aclose()


_FIELDS = (
    RegistrationField(ticket="", field="name", kind="text", required=True),
    RegistrationField(ticket="", field="email", kind="email", required=True),
)


def _sorted(sessions: list[Session], zone: str | None) -> tuple[Session, ...]:
    """By start; the list comes in no order, and those without a date stand last."""
    dated = [(session.starts.utc(zone), session) for session in sessions if session.starts is not None]
    undated = tuple(session for session in sessions if session.starts is None)
    return (*(session for _, session in sorted(dated, key=lambda pair: pair[0])), *undated)


def build(setup: Setup) -> HeySummit:
    """An account from its settings. Nothing is connected and no key is read."""
    settings = setup.settings
    if not isinstance(settings, HeySummitSettings):
        raise TypeError("not the settings of a HeySummit account")
    return HeySummit(setup, settings)
