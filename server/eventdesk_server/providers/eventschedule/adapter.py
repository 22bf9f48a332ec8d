"""Event Schedule's REST API: key header, page-number pagination, UTC times, orders instead of attendees."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from types import MappingProxyType
from typing import cast

from typing_extensions import override

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.credentials import HeaderKey
from eventdesk_server.providers.base import Setup
from eventdesk_server.providers.declared import DeclaredOperations, Guarded
from eventdesk_server.providers.eventschedule import operations, wire
from eventdesk_server.providers.eventschedule.archive import plan_archive
from eventdesk_server.providers.eventschedule.clone import plan_clone
from eventdesk_server.providers.eventschedule.creating import plan_event
from eventdesk_server.providers.eventschedule.dialect import DEFAULT_BASE_URL, DIALECT
from eventdesk_server.providers.eventschedule.drafting import draft_of
from eventdesk_server.providers.eventschedule.figures import event_figures
from eventdesk_server.providers.eventschedule.guards import guarded, without_secrets
from eventdesk_server.providers.eventschedule.lists import list_attendees, list_sales, list_sessions
from eventdesk_server.providers.eventschedule.mapping import (
    counted,
    shown,
    to_event,
    to_sessions,
    to_speakers,
    to_tickets,
)
from eventdesk_server.providers.eventschedule.occurrence import SKIPPED_DATES, date_of
from eventdesk_server.providers.eventschedule.orders import plan_registration, plan_registrations, plan_sale
from eventdesk_server.providers.eventschedule.reads import PER_PAGE, Counted, Reader
from eventdesk_server.providers.eventschedule.settling import plan_cancellation, plan_sale_update
from eventdesk_server.providers.eventschedule.updating import plan_update
from eventdesk_server.settings import EventScheduleSettings
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
    Session,
    Ticket,
    WriteResult,
)
from eventdesk_tools.plans import Planned, WritePlan
from eventdesk_tools.ports import Capability, ProviderName, emulated, native
from eventdesk_tools.records import (
    Attendee,
    AttendeeQuery,
    EventDraft,
    EventFigures,
    Page,
    Sale,
    SaleAction,
    SaleQuery,
    SessionQuery,
    SummaryQuery,
)
from eventdesk_tools.refs import Kind

_LONGEST = timedelta(hours=8760)
"""The longest that an event may last: whatever began earlier is over."""


class EventSchedule(DeclaredOperations):
    """One Event Schedule account: the schedules that a key's user owns or administers."""

    name = ProviderName.EVENTSCHEDULE
    declared = operations.ALL
    support = MappingProxyType(
        {
            Capability.LIST_EVENTS: native("reference page, List Events"),
            Capability.GET_EVENT: native("reference page, Show Event", "sold and left are summed from the orders"),
            Capability.REGISTER_ATTENDEE: emulated(
                "an order of one ticket, unpaid if priced; RSVP-only: a link to the event's page",
                "reference page, Create Sale",
            ),
            Capability.CREATE_SALE: native("reference page, Create Sale", "an order, unpaid unless it costs nothing"),
            Capability.CLONE_EVENT: emulated(
                "the event is read and created anew; not_copied names what is lost", "reference page, Create Event"
            ),
            Capability.ARCHIVE_EVENT: emulated(
                "made a draft: hidden from the public page, orders are kept", "running server, August 2026"
            ),
            Capability.LIST_SESSIONS: native(
                "reference page, Show Event", "agenda parts; times are free text and read where they are clock times"
            ),
            Capability.LIST_ATTENDEES: emulated("orders: one row each, RSVPs too", "reference page, List Sales"),
            Capability.LIST_SALES: native("reference page, List Sales"),
            Capability.EVENT_SUMMARY: emulated("all orders are read and counted", "reference page, List Sales"),
            Capability.CREATE_EVENT: native("reference page, Create Event", "a draft unless published"),
            Capability.UPDATE_EVENT: native("reference page, Update Event", "only what differs is sent, then re-read"),
            Capability.CANCEL_REGISTRATION: emulated(
                "cancels the order; no money is returned", "reference page, Update Sale Status"
            ),
            Capability.UPDATE_SALE: native("reference page, Update Sale Status", "a record: no money moves"),
        }
    )

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    @property
    @override
    def http(self) -> ProviderClient:
        return self._reader.client

    @override
    def guarded(self) -> Guarded:
        return guarded(self._reader)

    @override
    async def read_operation(self, name: str, arguments: Mapping[str, Json]) -> Json:
        """The platform's answer without the secrets of orders: whoever has one can open the order's page."""
        return without_secrets(await super().read_operation(name, arguments))

    @override
    async def check(self) -> AccountFacts:
        page: wire.Page[wire.Schedule] = await self._reader.client.read(
            operations.LIST_SCHEDULES, wire.Page[wire.Schedule], query={"per_page": PER_PAGE, "page": 1}
        )
        calendars = [
            name
            for schedule in page.data
            for name in (schedule.subdomain, *(f"{schedule.subdomain}/{group.slug}" for group in schedule.groups))
        ]
        notes: list[str] = []
        if not page.data:
            notes.append("The key reaches no schedule: it must belong to an owner or admin of one.")
        zoneless = [schedule.subdomain for schedule in page.data if not schedule.timezone]
        if zoneless and not self._reader.settings.zone:
            notes.append(
                f"Schedules without a time zone: {', '.join(zoneless[:5])}. Set zone in the account's settings."
            )
        if page.meta.total is not None and page.meta.total > len(page.data):
            notes.append(f"{len(page.data)} of {page.meta.total} schedules are named.")
        return AccountFacts(calendars=tuple(calendars), notes=tuple(notes))

    @override
    async def list_events(self, query: EventQuery) -> AsyncIterator[Event]:
        singles = _range(query)
        if not singles:
            async for event in self._reader.events({}):
                yield await self._to_event(event, query)
            return
        read = 0
        async for event in self._reader.events({"schedule_type": "single", **singles}):
            read += 1
            yield await self._to_event(event, query)
        # A filter by date knows a repeating event's first date only, so these are read whole.
        async for event in self._reader.events({"schedule_type": "recurring"}):
            yield await self._to_event(event, query)
        if query.when == "upcoming" and query.since is None and query.until is None:
            async for event in self._reader.undated(read):
                yield await self._to_event(event, query)

    async def _to_event(self, event: wire.Event, query: EventQuery) -> Event:
        home = await self._reader.home(event)
        return to_event(event, home, query.now, since=query.since, currency=self._reader.settings.currency)

    @override
    async def get_event(
        self, event_id: str, include: frozenset[Include], occurrence: date | None = None
    ) -> EventDetail:
        event = await self._reader.event(event_id)
        home = await self._reader.home(event)
        now = self._reader.now()
        if occurrence is not None:
            date_of(event, home, occurrence)
        when = shown(event, home, now, on=occurrence)
        day = when.starts.date if when.starts is not None else None
        notes = ["Event Schedule shows a cancelled event like any other."]
        orders = None
        if event.rsvp_enabled or (event.tickets_enabled and (event.tickets or event.addons)):
            orders = await self._reader.sales_for_counting(event.id, day if event.repeats else None)
            notes += _about_counts(event, orders, day)
        sales = orders.sales if orders is not None and orders.complete else None
        currency = self._reader.settings.currency
        tickets = to_tickets(
            event, now, home, over=when.over, currency=currency,
            sold=counted(sales, None) if sales is not None else None,
            taken=counted(sales, day) if sales is not None else None,
        )  # fmt: skip
        left = [ticket.left for ticket in tickets if ticket.kind is Kind.TICKET]
        gone = bool(left) and all(places == 0 for places in left)
        shape = to_event(event, home, now, on=occurrence, currency=currency, sold_out=gone)
        if not home.sure:
            notes.append(
                "Several schedules of this account hold the event, in different zones: times are of the first."
            )
        if home.zone is None:
            notes.append("The schedule's time zone is not known: times are UTC. Set zone in the account's settings.")
        if Include.FIELDS in include:
            notes.append("Name and e-mail suffice: the API neither shows nor takes further questions.")
        return EventDetail(
            event=_with_counts(shape, tickets, sales) if sales is not None else shape,
            tickets=tickets,
            description=(event.description or event.short_description) if Include.DESCRIPTION in include else None,
            sessions=to_sessions(event, when, home) if Include.SESSIONS in include else None,
            speakers=to_speakers(event) if Include.SPEAKERS in include else None,
            fields=() if Include.FIELDS in include else None,
            notes=tuple(notes),
        )

    @override
    async def plan_registration(self, wanted: Registration) -> WritePlan | WriteResult:
        return await plan_registration(self._reader, wanted)

    @override
    async def plan_registrations(self, wanted: Sequence[Registration]) -> list[Planned]:
        return await plan_registrations(self._reader, wanted)

    @override
    async def plan_sale(self, wanted: SaleOrder) -> WritePlan | WriteResult:
        return await plan_sale(self._reader, wanted)

    @override
    async def plan_clone(self, wanted: CloneOrder) -> WritePlan | WriteResult:
        return await plan_clone(self._reader, wanted)

    @override
    async def plan_archive(self, event_id: str, *, restore: bool) -> WritePlan | WriteResult:
        return await plan_archive(self._reader, event_id, restore=restore)

    @override
    def list_sessions(self, query: SessionQuery, *, at: int | None = None) -> AsyncIterator[Page[Session]]:
        return list_sessions(self._reader, query, at)

    @override
    def list_attendees(self, query: AttendeeQuery, *, at: int | None = None) -> AsyncIterator[Page[Attendee]]:
        return list_attendees(self._reader, query, at)

    @override
    def list_sales(self, query: SaleQuery, *, at: int | None = None) -> AsyncIterator[Page[Sale]]:
        return list_sales(self._reader, query, at)

    @override
    async def event_figures(self, query: SummaryQuery) -> EventFigures:
        return await event_figures(self._reader, query)

    @override
    async def plan_event(self, draft: EventDraft) -> WritePlan | WriteResult:
        return await plan_event(self._reader, draft)

    @override
    async def plan_update(self, event_id: str, draft: EventDraft) -> WritePlan | WriteResult:
        return await plan_update(self._reader, event_id, draft)

    @override
    async def draft_of(self, event_id: str) -> EventDraft:
        event = await self._reader.event(event_id)
        return draft_of(event, await self._reader.home(event), self._reader.settings.currency)

    @override
    async def plan_cancellation(self, event_id: str, record: str, *, whole_order: bool) -> WritePlan | WriteResult:
        return await plan_cancellation(self._reader, event_id, record, whole_order=whole_order)

    @override
    async def plan_sale_update(
        self, event_id: str, record: str, action: SaleAction, *, whole_order: bool
    ) -> WritePlan | WriteResult:
        return await plan_sale_update(self._reader, event_id, record, action, whole_order=whole_order)

    @override
    async def aclose(self) -> None:
        await self._reader.client.aclose()


def build(setup: Setup) -> EventSchedule:
    """An account as its settings describe it; nothing is connected yet."""
    settings = cast("EventScheduleSettings", setup.settings)
    client = setup.client(
        settings.base_url or DEFAULT_BASE_URL,
        DIALECT,
        lambda: HeaderKey("X-API-Key", "", setup.secret(settings.key, "key")),
    )
    return EventSchedule(Reader(client, settings, setup.now))


def _range(query: EventQuery) -> dict[str, str]:
    """The filters by start that lose nothing: UTC days, both inclusive."""
    low, high = query.since, query.until
    if query.when == "upcoming":
        begun = query.now - _LONGEST
        low = begun if low is None else max(low, begun)
    if query.when == "past":
        high = query.now if high is None else min(high, query.now)
    bounds = {"starts_after": low, "starts_before": high}
    return {name: at.astimezone(UTC).date().isoformat() for name, at in bounds.items() if at is not None}


def _about_counts(event: wire.Event, orders: Counted, day: date | None) -> list[str]:
    """What the counts are of, or why there are none."""
    if not orders.complete:
        return [f"sold, left and registered are not counted: the event has {orders.total} orders."]
    if event.repeats and day is not None:
        return [f"sold, left and registered are of {day.isoformat()}.", SKIPPED_DATES]
    elsewhere = {sale.event_date for sale in orders.sales if sale.holds_places and sale.event_date not in {None, day}}
    if elsewhere and not event.repeats:
        return ["Some orders bear another date than the event's: they count as sold, but take none of its places."]
    return []


def _with_counts(event: Event, tickets: tuple[Ticket, ...], sales: tuple[wire.Sale, ...]) -> Event:
    """The event with its heads, and sold and left where every ticket tells; an RSVP takes a place of the RSVP limit."""
    heads = sum(sale.heads for sale in sales if sale.active)
    real = [ticket for ticket in tickets if ticket.kind is Kind.TICKET]
    if not real:
        return replace(event, registered=heads, left=max(event.capacity - heads, 0) if event.capacity else None)
    left = [ticket.left for ticket in real if isinstance(ticket.left, int)]
    return replace(
        event,
        registered=heads,
        sold=sum(ticket.sold or 0 for ticket in real),
        left=sum(left) if len(left) == len(real) else None,
    )
