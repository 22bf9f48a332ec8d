"""The provider port: what the desk asks of a platform, and how a platform says what it can do."""

from abc import ABC
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from eventdesk_tools.errors import Unsupported
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
    WriteResult,
)
from eventdesk_tools.operations import OperationInfo
from eventdesk_tools.plans import Fit, Planned, WritePlan, plan_all
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


class ProviderName(StrEnum):
    """The platforms, as settings and answers name them."""

    HEYSUMMIT = "heysummit"
    EVENTHQ = "eventhq"
    EVENTTIA = "eventtia"
    EVVNT = "evvnt"
    EVENTSCHEDULE = "eventschedule"


PROVIDER_TITLES: Mapping[ProviderName, str] = {
    ProviderName.HEYSUMMIT: "HeySummit",
    ProviderName.EVENTHQ: "EventHQ",
    ProviderName.EVENTTIA: "Eventtia",
    ProviderName.EVVNT: "evvnt",
    ProviderName.EVENTSCHEDULE: "Event Schedule",
}


class Capability(StrEnum):
    """What a tool needs of a platform. Each adapter accounts for every one."""

    LIST_EVENTS = "list_events"
    GET_EVENT = "get_event"
    REGISTER_ATTENDEE = "register_attendee"
    CREATE_SALE = "create_sale"
    CLONE_EVENT = "clone_event"
    ARCHIVE_EVENT = "archive_event"
    LIST_SESSIONS = "list_sessions"
    LIST_ATTENDEES = "list_attendees"
    LIST_SALES = "list_sales"
    EVENT_SUMMARY = "event_summary"
    CREATE_EVENT = "create_event"
    UPDATE_EVENT = "update_event"
    CANCEL_REGISTRATION = "cancel_registration"
    UPDATE_SALE = "update_sale"


class Mode(StrEnum):
    """How far a platform offers what a tool promises."""

    NATIVE = "native"
    EMULATED = "emulated"
    HAND_OFF = "hand_off"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Cell:
    """One tool on one platform: the mode, how or why in a few words, and where that is known from."""

    mode: Mode
    how: str = ""
    source: str = ""
    instead: str = ""
    """What to do instead, for an unsupported cell: it becomes the `next` of the refusal."""


def native(source: str = "", how: str = "") -> Cell:
    return Cell(Mode.NATIVE, how, source)


def emulated(how: str, source: str = "") -> Cell:
    return Cell(Mode.EMULATED, how, source)


def hand_off(how: str, source: str = "") -> Cell:
    return Cell(Mode.HAND_OFF, how, source)


def unsupported(why: str, instead: str = "", source: str = "") -> Cell:
    return Cell(Mode.UNSUPPORTED, why, source, instead)


class EventProvider(ABC):
    """One account at one platform.

    Every method refuses by default, with the platform's reason, before any request. An adapter overrides what its
    platform offers. Reads raise `ProviderError`s; the `plan_…` methods read what they need, check it, and answer a
    plan of the requests to send, or a result when there is nothing to send (a hand-off, already so). They send no write.
    """

    name: ClassVar[ProviderName]
    support: ClassVar[Mapping[Capability, Cell]]

    def cell(self, capability: Capability) -> Cell:
        """How this account offers a capability; settings such as a role or an API version may narrow the class's table."""
        return self.support[capability]

    def require(self, capability: Capability) -> None:
        """Refuse what this account cannot do.

        Raises:
            Unsupported: The cell is unsupported.
        """
        if self.cell(capability).mode is Mode.UNSUPPORTED:
            raise self._refuse(capability)

    def _refuse(self, capability: Capability) -> Unsupported:
        cell = self.cell(capability)
        return Unsupported(
            f"{PROVIDER_TITLES[self.name]} cannot do this: {cell.how}.",
            next=cell.instead or "Tell the person; list_accounts shows what each account can do.",
        )

    async def check(self) -> AccountFacts:
        """Make the cheapest request that proves the key good, and tell what the account has."""
        raise NotImplementedError

    def list_events(self, query: EventQuery) -> AsyncIterator[Event]:
        """Every event that fits the query's times, page by page, in any order; more are allowed.

        Raises:
            ListIncomplete: The list broke off; what was yielded before is good.
        """
        raise self._refuse(Capability.LIST_EVENTS)

    async def get_event(
        self, event_id: str, include: frozenset[Include], occurrence: date | None = None
    ) -> EventDetail:
        """One event; for a repeating one, `occurrence` chooses the date that times and counts are of."""
        raise self._refuse(Capability.GET_EVENT)

    async def plan_registration(self, wanted: Registration) -> WritePlan | WriteResult:
        """How to register a person."""
        raise self._refuse(Capability.REGISTER_ATTENDEE)

    async def plan_registrations(self, wanted: Sequence[Registration]) -> list[Planned]:
        """How to register many people for one event, each or why not: what they share is read once.

        Raises:
            ProviderError: What they share cannot be read.
        """
        return await plan_all(wanted, self.plan_registration)

    def fit(self, writes: int) -> Fit:
        """How many of so many writes the platform's rate limits take now."""
        return Fit(writes)

    async def plan_sale(self, wanted: SaleOrder) -> WritePlan | WriteResult:
        """How to record an order."""
        raise self._refuse(Capability.CREATE_SALE)

    async def plan_clone(self, wanted: CloneOrder) -> WritePlan | WriteResult:
        """How to copy an event."""
        raise self._refuse(Capability.CLONE_EVENT)

    async def plan_archive(self, event_id: str, *, restore: bool) -> WritePlan | WriteResult:
        """How to take an event out of the public's sight, or back."""
        raise self._refuse(Capability.ARCHIVE_EVENT)

    def list_sessions(self, query: SessionQuery, *, at: int | None = None) -> AsyncIterator[Page[Session]]:
        """Agenda items that fit, page by page, from position `at` (None: the first).

        Raises:
            ListIncomplete: The list broke off; what was yielded before is good.
        """
        raise self._refuse(Capability.LIST_SESSIONS)

    def list_attendees(self, query: AttendeeQuery, *, at: int | None = None) -> AsyncIterator[Page[Attendee]]:
        """Registrations of an event; see `list_sessions`.

        Raises:
            Unsupported: The platform cannot answer a filter or column of the query; the message names it.
        """
        raise self._refuse(Capability.LIST_ATTENDEES)

    def list_sales(self, query: SaleQuery, *, at: int | None = None) -> AsyncIterator[Page[Sale]]:
        """Orders and payments; see `list_attendees`."""
        raise self._refuse(Capability.LIST_SALES)

    async def event_figures(self, query: SummaryQuery) -> EventFigures:
        """An event in figures, the platform's own counts first."""
        raise self._refuse(Capability.EVENT_SUMMARY)

    async def plan_event(self, draft: EventDraft) -> WritePlan | WriteResult:
        """How to make an event."""
        raise self._refuse(Capability.CREATE_EVENT)

    async def plan_update(self, event_id: str, draft: EventDraft) -> WritePlan | WriteResult:
        """How to change an event."""
        raise self._refuse(Capability.UPDATE_EVENT)

    async def plan_cancellation(self, event_id: str, record: str, *, whole_order: bool) -> WritePlan | WriteResult:
        """How to cancel one registration; `record` is its id."""
        raise self._refuse(Capability.CANCEL_REGISTRATION)

    async def plan_cancellations(self, event_id: str, records: Sequence[str], *, whole_order: bool) -> list[Planned]:
        """How to cancel several registrations of one event, each or why not: what they share is read once."""
        return await plan_all(records, lambda record: self.plan_cancellation(event_id, record, whole_order=whole_order))

    async def plan_sale_update(
        self, event_id: str, record: str, action: SaleAction, *, whole_order: bool
    ) -> WritePlan | WriteResult:
        """How to mark one sale paid, refunded or cancelled."""
        raise self._refuse(Capability.UPDATE_SALE)

    def operations(self) -> tuple[OperationInfo, ...]:
        """Every endpoint of the platform's documentation that this account may be asked about, withheld ones included."""
        return ()

    async def read_operation(self, name: str, arguments: Mapping[str, Json]) -> Json:
        """Call a reading operation; answers the platform's decoded body."""
        raise Unsupported(f"{PROVIDER_TITLES[self.name]} has no operation {name}.")

    async def plan_operation(self, name: str, arguments: Mapping[str, Json]) -> WritePlan | WriteResult:
        """How to carry out a writing operation, under the same guards as the tools."""
        raise Unsupported(f"{PROVIDER_TITLES[self.name]} has no operation {name}.")

    async def draft_of(self, event_id: str) -> EventDraft:
        """What an event says of itself, in the neutral terms that `plan_event` of any account takes."""
        raise self._refuse(Capability.GET_EVENT)

    async def aclose(self) -> None:
        """Give back connections."""
