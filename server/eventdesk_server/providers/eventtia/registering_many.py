"""Registering many people for one event: what they share is read once, and who is there already from one list."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from typing_extensions import override

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.people import Readable
from eventdesk_server.providers.eventtia.reads import GONE, Form, Programme, Reads
from eventdesk_server.providers.eventtia.registering import Registering
from eventdesk_server.providers.eventtia.wire import Attendee, EventRecord
from eventdesk_server.providers.roll import read_roll
from eventdesk_tools.models import Registration, WriteResult
from eventdesk_tools.plans import Planned, WritePlan, plan_all


class Shared(Reads):
    """What the people of one call share: their event and its forms, read before; its activities, when first needed."""

    def __init__(
        self, http: ProviderClient, event: EventRecord, forms: tuple[Form, ...], roll: Sequence[Attendee]
    ) -> None:
        super().__init__(http)
        self._event = event
        self._forms = forms
        self._roll = roll
        self._activities: tuple[Programme, ...] | None = None
        self.looking = False
        """Whether an address is looked up rather than searched for in the list."""

    @override
    async def event(self, key: str) -> EventRecord:
        return self._event

    @override
    async def forms(self, event: str) -> tuple[Form, ...]:
        return self._forms

    @override
    async def activities(self, event: str, *, speakers: bool = False) -> tuple[Programme, ...]:
        if self._activities is None:
            self._activities = await super().activities(event)
        return self._activities

    @override
    async def registered(self, event: str, email: str, email_fields: frozenset[str]) -> tuple[Attendee, ...]:
        if self.looking:
            return await super().registered(event, email, email_fields)
        return tuple(row for row in self._roll if row.has_address(email, email_fields) and row.status not in GONE)


async def plan_registrations(
    http: ProviderClient, now: Callable[[], datetime], zone: str, currency: str, wanted: Sequence[Registration]
) -> list[Planned]:
    """A plan for each, or why there is none.

    Raises:
        AuthenticationFailed: The list comes without addresses, so that nobody could be told from anybody else.
    """
    if not wanted:
        return []
    reads = Reads(http)
    event = await reads.event(wanted[0].event_id)
    forms = await reads.forms(event.key)
    roll = await read_roll(reads.people(operations.LIST_ATTENDEES, {"event": event.key}, {}), len(wanted))
    Readable(forms, None).check(roll or ())
    shared = Shared(http, event, forms, roll or ())
    registering = Registering(http, shared, now, zone, currency, looked=True)

    async def plan(one: Registration) -> WritePlan | WriteResult:
        planned = await registering.plan(one)
        if roll is not None or not isinstance(planned, WritePlan):
            return planned
        return replace(planned, anew=partial(registering.plan, one))

    planned = await plan_all(wanted, plan)
    shared.looking = True
    return planned
