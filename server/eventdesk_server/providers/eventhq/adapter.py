"""EventHQ: lists, counts and views events. Nothing can be written through its API."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import ClassVar

from typing_extensions import override

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.http.credentials import Credentials, PathToken
from eventdesk_server.http.operations import Operation
from eventdesk_server.http.paging import Slice, walk
from eventdesk_server.providers.base import Setup
from eventdesk_server.providers.declared import DeclaredOperations
from eventdesk_server.providers.eventhq import figures, handoff, operations, wire
from eventdesk_server.providers.eventhq.dialect import DIALECT
from eventdesk_server.settings import EventHQSettings
from eventdesk_tools.errors import AuthenticationFailed
from eventdesk_tools.models import (
    AccountFacts,
    Event,
    EventDetail,
    EventQuery,
    Include,
    Registration,
    SaleOrder,
    Ticket,
    WriteResult,
)
from eventdesk_tools.ports import Capability, Cell, ProviderName, hand_off, native, unsupported
from eventdesk_tools.records import EventDraft, EventFigures, SummaryQuery
from eventdesk_tools.refs import Kind, shown

_SOURCE = "EventHQ API reference, Events"
_PAGE = 100
_DASHBOARD = "Tell the person to do it in EventHQ; Eventdesk can list and show events, and hand out the booking link."


class EventHQ(DeclaredOperations):
    """One EventHQ account."""

    name = ProviderName.EVENTHQ
    support: ClassVar[Mapping[Capability, Cell]] = MappingProxyType(
        {
            Capability.LIST_EVENTS: native(_SOURCE),
            Capability.GET_EVENT: native(_SOURCE, "the view, with counts and tags from the list"),
            Capability.REGISTER_ATTENDEE: hand_off("answers the booking form; its public API is read-only", _SOURCE),
            Capability.CREATE_SALE: hand_off("answers the booking form; its public API is read-only", _SOURCE),
            Capability.CLONE_EVENT: unsupported("its public API is read-only", _DASHBOARD, _SOURCE),
            Capability.ARCHIVE_EVENT: unsupported("its public API is read-only", _DASHBOARD, _SOURCE),
            Capability.LIST_SESSIONS: unsupported("its public API has no programme", _DASHBOARD, _SOURCE),
            Capability.LIST_ATTENDEES: unsupported(
                "its public API tells a head count and no people", "Call event_summary or get_event for it.", _SOURCE
            ),
            Capability.LIST_SALES: unsupported(
                "its public API shows no bookings", "Call event_summary for the tickets used.", _SOURCE
            ),
            Capability.EVENT_SUMMARY: native(_SOURCE, "head count and tickets used; no money"),
            Capability.CREATE_EVENT: unsupported("its public API is read-only", _DASHBOARD, _SOURCE),
            Capability.UPDATE_EVENT: unsupported("its public API is read-only", _DASHBOARD, _SOURCE),
            Capability.CANCEL_REGISTRATION: unsupported("its public API is read-only", _DASHBOARD, _SOURCE),
            Capability.UPDATE_SALE: unsupported("its public API is read-only", _DASHBOARD, _SOURCE),
        }
    )
    declared: ClassVar[tuple[Operation, ...]] = operations.ALL

    def __init__(self, setup: Setup, settings: EventHQSettings) -> None:
        self._setup = setup
        self._settings = settings
        host = f"{settings.subdomain}.eventhq.co.uk" if settings.subdomain else "eventhq.co.uk"
        self._http = setup.client(settings.base_url or f"https://{host}/api/v1", DIALECT, self._key)
        self._zone = settings.zone or wire.ZONE
        self._currency = settings.currency or "GBP"

    def _key(self) -> Credentials:
        if not self._settings.subdomain and not self._settings.base_url:
            account = self._setup.account
            raise AuthenticationFailed(
                f"The account {account} does not say where it is: set accounts.{account}.subdomain.",
                next="Tell the person to set the subdomain of their EventHQ address in Eventdesk's settings.",
            )
        return PathToken(self._setup.secret(self._settings.key, "key"))

    @property
    @override
    def http(self) -> ProviderClient:
        return self._http

    @override
    async def check(self) -> AccountFacts:
        total = await self._http.read(operations.COUNT_EVENTS, wire.EventCount)
        return AccountFacts(notes=(f"{total.count} events",))

    @override
    async def list_events(self, query: EventQuery) -> AsyncIterator[Event]:
        """Filtered by start only where a start is asked for: a filter by date also leaves out undated events."""
        async for row in self._rows(self._conditions(query), direction="desc" if query.when == "past" else "asc"):
            yield row.to_event(self._setup.now(), self._zone, self._currency)

    def _conditions(self, query: EventQuery) -> str:
        """Bounds of the start as filters, which are exclusive and count days of London: wider by two days."""
        conditions: list[str] = []
        if query.since is not None:
            conditions.append(f"event_starts >:{(query.since - timedelta(days=2)).date().isoformat()}")
        if query.until is not None:
            conditions.append(f"event_starts <:{(query.until + timedelta(days=2)).date().isoformat()}")
        return "|".join(conditions)

    async def _rows(self, conditions: str = "", words: str = "", direction: str = "asc") -> AsyncIterator[wire.Event]:
        """Rows to the end of the list. A page does not tell whether more follow, and may hold fewer than asked for."""
        selected = {"q": words, "f": conditions}
        total = (await self._http.read(operations.COUNT_EVENTS, wire.EventCount, query=selected)).count
        size = _PAGE
        read = 0

        async def fetch(page: int) -> Slice[wire.Event]:
            nonlocal size, read
            query = {"limit": _PAGE, "page": page, "sort": "event_starts", "direction": direction, **selected}
            rows = (await self._http.read(operations.LIST_EVENTS, wire.EventRows, query=query)).events
            size = min(size, len(rows)) if page == 1 else size
            read += len(rows)
            more = bool(rows) and len(rows) >= size and read < total
            return Slice(rows, page + 1 if more else None, total)

        if total:
            async for row in walk(fetch, key=lambda row: row.id, who="EventHQ"):
                yield row

    async def _whole(self, slug: str) -> wire.Event:
        """The view of an event, with what only its list row tells."""
        view = (await self._http.read(operations.VIEW_EVENT, wire.EventView, query={"event": slug})).event
        return view.merged(await self._row_of(view))

    async def _row_of(self, view: wire.Event) -> wire.Event | None:
        """The list row of an event, looked for among those that start on its day; an undated one, by its name."""
        day = view.day()
        if day is None:
            rows = self._rows(words=view.name)
        else:
            before, after = (day - timedelta(days=1)).isoformat(), (day + timedelta(days=1)).isoformat()
            rows = self._rows(f"event_starts >:{before}|event_starts <:{after}")
        async for row in rows:
            if row.id == view.id:
                return row
        return None

    @override
    async def get_event(
        self, event_id: str, include: frozenset[Include], occurrence: date | None = None
    ) -> EventDetail:
        event = await self._whole(event_id)
        now = self._setup.now()
        notes: list[str] = []
        if event.products and not self._settings.currency:
            notes.append("EventHQ's API states no currency: GBP is assumed.")
        if event.attendee_count is None:
            notes.append("EventHQ's list does not show this event: head count, tags and test mode are not known.")
        else:
            notes.append("registered includes people who are in the middle of booking.")
        return EventDetail(
            event=event.to_event(now, self._zone, self._currency),
            tickets=event.to_tickets(now, self._zone, self._currency),
            description=event.summary if Include.DESCRIPTION in include else None,
            notes=tuple(notes),
        )

    @override
    async def event_figures(self, query: SummaryQuery) -> EventFigures:
        figures.check(query)
        event = await self._whole(query.event_id)
        return figures.figures(event, query, self._zone, self._tickets(event), assumed=not self._settings.currency)

    @override
    async def draft_of(self, event_id: str) -> EventDraft:
        event = await self._whole(event_id)
        return figures.draft(event, self._zone, self._tickets(event))

    @override
    async def plan_registration(self, wanted: Registration) -> WriteResult:
        handoff.check_registration(wanted)
        event = await self._whole(wanted.event_id)
        tickets = self._tickets(event)
        items: list[str] = []
        if wanted.ticket.strip():
            items.append(shown(handoff.chosen(tickets, wanted.ticket, field="ticket", kind=Kind.TICKET).name))
        for text, quantity in wanted.extras:
            extra = handoff.chosen(tickets, text, field="extras", kind=Kind.EXTRA)
            items.append(f"{quantity} × {shown(extra.name)}")
        return handoff.form(event, self._setup.now(), self._zone, items, answers=bool(wanted.answers))

    @override
    async def plan_sale(self, wanted: SaleOrder) -> WriteResult:
        handoff.check_order(wanted)
        event = await self._whole(wanted.event_id)
        tickets = self._tickets(event)
        items = [
            f"{quantity} × {shown(handoff.chosen(tickets, text, field='items').name)}"
            for text, quantity in wanted.items
        ]
        return handoff.form(event, self._setup.now(), self._zone, items)

    def _tickets(self, event: wire.Event) -> tuple[Ticket, ...]:
        return event.to_tickets(self._setup.now(), self._zone, self._currency)

    @override
    async def aclose(self) -> None:
        await self._http.aclose()


def build(setup: Setup) -> EventHQ:
    """An account from its settings. Nothing is connected and no key is read."""
    settings = setup.settings
    if not isinstance(settings, EventHQSettings):
        raise TypeError("not the settings of an EventHQ account")
    return EventHQ(setup, settings)
