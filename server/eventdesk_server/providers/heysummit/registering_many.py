"""Registering many people for one event: what they share is read once, and who is there already from one list."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from typing_extensions import override

from eventdesk_server.providers.heysummit import wire
from eventdesk_server.providers.heysummit.registering import Looks, plan
from eventdesk_server.providers.heysummit.routes import Routes
from eventdesk_server.providers.heysummit.shelf import Shelf
from eventdesk_server.providers.roll import read_roll
from eventdesk_tools.models import Registration, WriteResult
from eventdesk_tools.plans import Planned, WritePlan, plan_all


class Shared(Looks):
    """What the people of one call share: the event and who is there, read before; the rest once, when first needed."""

    many: ClassVar[bool] = True

    def __init__(self, routes: Routes, event: wire.Event, roll: Sequence[wire.Attendee]) -> None:
        super().__init__(routes, event.id)
        self._event = event
        self._roll = roll
        self._talks: Sequence[wire.Talk] | None = None
        self._shelf: Shelf | None = None
        self.looking = False
        """Whether an address is looked up rather than searched for in the list."""

    @override
    async def event(self) -> wire.Event:
        return self._event

    @override
    async def talks(self, event_id: str) -> Sequence[wire.Talk]:
        if self._talks is None:
            self._talks = await super().talks(event_id)
        return self._talks

    @override
    async def shelf(self, event_id: str) -> Shelf:
        if self._shelf is None:
            self._shelf = await super().shelf(event_id)
        return self._shelf

    @override
    async def registered(self, event_id: str, email: str) -> tuple[wire.Attendee, ...]:
        if self.looking:
            return await super().registered(event_id, email)
        return tuple(person for person in self._roll if person.belongs(event_id, email))


async def plan_registrations(routes: Routes, wanted: Sequence[Registration]) -> list[Planned]:
    """A plan for each, or why there is none."""
    if not wanted:
        return []
    event = await routes.event(wanted[0].event_id)
    listed = routes.people_list(event.id)
    if routes.finds_by_email:
        roll = await read_roll(listed.pages(), len(wanted))
    else:
        # A look-up would read the same list, for each of them.
        roll = tuple([person async for person in listed.rows()])
    shared = Shared(routes, event, roll or ())

    async def one(person: Registration) -> WritePlan | WriteResult:
        planned = await plan(shared, person)
        if roll is not None or not isinstance(planned, WritePlan):
            return planned
        return replace(planned, anew=partial(plan, shared, person))

    planned = await plan_all(wanted, one)
    shared.looking = True
    return planned
