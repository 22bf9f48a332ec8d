"""Operations under the guards of the tools: the same checks, whichever way a write is asked for."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import cast

from eventdesk_server.http.operations import Operation
from eventdesk_server.http.redaction import HIDDEN, is_secret_name
from eventdesk_server.providers.declared import Guarded
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.cancelling import Cancelling
from eventdesk_server.providers.eventtia.cloning import Cloning
from eventdesk_server.providers.eventtia.drafting import from_day_first, in_order, zone_needed
from eventdesk_server.providers.eventtia.making import Making
from eventdesk_server.providers.eventtia.parts import PARTS
from eventdesk_server.providers.eventtia.reads import Reads
from eventdesk_server.providers.eventtia.registering import Registering
from eventdesk_server.providers.eventtia.scalars import moment
from eventdesk_server.providers.eventtia.updating import Updating
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import CloneOrder, Json, WriteResult
from eventdesk_tools.plans import Change, WritePlan

Given = Mapping[str, Json]
_IDS = re.compile(r"\d+(\s*,\s*\d+)*")
_ACCOUNT_ONLY = ("event_created", "event_updated")


class Guards:
    """The guarded operations of one account. `as_declared` plans one as its declaration alone says."""

    def __init__(
        self,
        reads: Reads,
        zone: str,
        registering: Registering,
        cancelling: Cancelling,
        cloning: Cloning,
        making: Making,
        updating: Updating,
        as_declared: Callable[[Operation, Given], WritePlan],
    ) -> None:
        self._reads = reads
        self._zone = zone
        self._registering = registering
        self._cancelling = cancelling
        self._cloning = cloning
        self._making = making
        self._updating = updating
        self._as_declared = as_declared

    def all(self) -> Guarded:
        return {
            operations.CREATE_EVENT.name: self._making.plan_given,
            operations.UPDATE_EVENT.name: self._updating.plan_given,
            operations.CLONE_EVENT.name: self._clone,
            operations.REGISTER_ATTENDEE.name: self._registering.plan_given,
            operations.CANCEL_REGISTRATION.name: self._cancel,
            operations.ADD_TO_ACTIVITY.name: self._registering.plan_booking,
            operations.REPLACE_ACTIVITIES.name: self._replace_activities,
            operations.CREATE_ACTIVITY.name: self._dated(operations.CREATE_ACTIVITY),
            operations.UPDATE_ACTIVITY.name: self._dated(operations.UPDATE_ACTIVITY),
            operations.ADD_UNAVAILABLE_HOUR.name: self._dated(operations.ADD_UNAVAILABLE_HOUR),
            operations.UPDATE_UNAVAILABLE_HOUR.name: self._dated(operations.UPDATE_UNAVAILABLE_HOUR),
            operations.SET_ACTIVITY_CATEGORIES.name: self._set_categories,
            operations.CREATE_EVENT_WEBHOOK.name: self._create_hook,
        }

    async def _cancel(self, given: Given) -> WritePlan | WriteResult:
        return await self._cancelling.plan(str(given["event"]), str(given["attendee"]), whole_order=False)

    async def _clone(self, given: Given) -> WritePlan | WriteResult:
        """The copy keeps name and dates, as the endpoint has no others; it is found and deactivated all the same."""
        source = await self._reads.event(str(given["event"]))
        zone = zone_needed(source.zone(self._zone), "arguments.event")
        starts = moment(source.attributes.start_date, zone)
        skip = tuple(part for part, flag in PARTS.items() if given[flag] is False)
        plan = await self._cloning.plan(
            CloneOrder(event_id=source.key, starts=str(starts) if starts is not None else "", skip=skip)
        )
        return replace(plan, notes=(*plan.notes, "The copy keeps its dates; clone_event makes one with others."))

    async def _replace_activities(self, given: Given) -> WritePlan | WriteResult:
        event, attendee = str(given["event"]), str(given["attendee"])
        wanted = _ids(given["workshop_ids"], "workshop_ids")
        booked = sorted(await self._reads.booked(event, attendee))
        plan = self._as_declared(operations.REPLACE_ACTIVITIES, given)
        return replace(plan, changes=(Change("activities", booked, wanted),))

    async def _set_categories(self, given: Given) -> WritePlan | WriteResult:
        wanted = _ids(given["categories"], "categories")
        activity = await self._reads.activity(str(given["event"]), str(given["activity"]))
        before = sorted(activity.relationships.workshop_categories.ids)
        plan = self._as_declared(operations.SET_ACTIVITY_CATEGORIES, given)
        note = "Whether it replaces the categories or adds to them is not documented: name all that are meant."
        return replace(plan, changes=(Change("categories", before, wanted),), notes=(*plan.notes, note))

    async def _create_hook(self, given: Given) -> WritePlan | WriteResult:
        trigger = str(given["trigger"])
        if trigger in _ACCOUNT_ONLY:
            raise InvalidArguments(
                f"{trigger} never fires for a hook of one event: Eventtia takes it and stays silent.",
                next="Tell the person to add a hook of the whole account in Eventtia's dashboard.",
                field="arguments.trigger",
                allowed=["attendee_created", "attendee_updated"],
            )
        return self._as_declared(operations.CREATE_EVENT_WEBHOOK, given)

    def _dated(self, operation: Operation) -> Callable[[Given], Awaitable[WritePlan | WriteResult]]:
        """Times must be written day first: a swapped day gives no error at the platform."""

        async def plan(given: Given) -> WritePlan | WriteResult:
            if "start_date" in given or "end_date" in given:
                event = await self._reads.event(str(given["event"]))
                zone = zone_needed(event.zone(self._zone), "arguments.start_date")
                read = {
                    name: from_day_first(given[name], zone, name)
                    for name in ("start_date", "end_date")
                    if name in given
                }
                if len(read) > 1:
                    in_order(read["start_date"], read["end_date"], "arguments.end_date")
            return self._as_declared(operation, given)

        return plan


def without_keys(answer: Json) -> Json:
    """An answer without the keys that it holds: an event's own opens another generation of the API."""
    if isinstance(answer, dict):
        items = cast("dict[str, Json]", answer).items()
        return {name: HIDDEN if value and is_secret_name(name) else without_keys(value) for name, value in items}
    return [without_keys(item) for item in cast("list[Json]", answer)] if isinstance(answer, list) else answer


def _ids(value: Json, name: str) -> list[str]:
    """The ids of a comma-separated list. An empty one would drop them all, and is refused."""
    if not isinstance(value, str) or not _IDS.fullmatch(value.strip()):
        raise InvalidArguments(
            f"{name} must be ids, comma-separated, and not empty.",
            next="Name every one that is to stay.",
            field=f"arguments.{name}",
        )
    return sorted(part.strip() for part in value.split(","))
