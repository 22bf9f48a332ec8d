"""Setting an event inactive, and active again. Eventtia archives nothing, and this never says so."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.envelope import Single
from eventdesk_server.providers.eventtia.reads import Reads
from eventdesk_server.providers.eventtia.wire import EventRecord
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Change, Found, Question, Why, WritePlan
from eventdesk_tools.refs import shown


class Activating:
    """Plans of `archive_event` at one account."""

    def __init__(self, http: ProviderClient, reads: Reads, now: Callable[[], datetime]) -> None:
        self._http = http
        self._reads = reads
        self._now = now

    async def plan(self, event_id: str, *, active: bool) -> WritePlan | WriteResult:
        event = await self._reads.event(event_id)
        key, before = event.key, event.attributes.active
        makes_true = ("event_active", key, str(active).lower())
        if before is active:
            result = self._result(event, Outcome.ALREADY_DONE, active=active)
            return replace(result, makes_true=makes_true)

        async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
            now = await self._reads.event(key)
            return (Found(now.id),) if now.attributes.active is active else ()

        async def finish(_: Mapping[str, str]) -> WriteResult:
            after = await self._reads.event(key)
            done = after.attributes.active is active
            return self._result(after, Outcome.DONE if done else Outcome.UNKNOWN, active=active)

        prepared = self._http.prepare(operations.UPDATE_EVENT, path={"event": key}, body={"active": active})
        name = "activate the event" if active else "deactivate the event"
        return WritePlan(
            summary=f"{'Activate' if active else 'Deactivate'} {shown(event.attributes.name)}.",
            makes_true=makes_true,
            steps=(self._http.step(name, prepared, Single[EventRecord], lambda _: {}, find=find),),
            finish=finish,
            question=_question(event, active=active),
            changes=(Change("active", before, active),),
            facts={"effect": _effect(active=active)},
            notes=() if active else ("Eventtia has no archive: the event is set inactive, and its data is kept.",),
        )

    def _result(self, event: EventRecord, outcome: Outcome, *, active: bool) -> WriteResult:
        notes = (
            ("Eventtia took the change, but still shows the event as it was.",) if outcome is Outcome.UNKNOWN else ()
        )
        return WriteResult(
            outcome=outcome,
            event_id=event.key,
            status=event.status(self._now()).value,
            facts={} if outcome is Outcome.UNKNOWN else {"effect": _effect(active=active)},
            notes=notes,
            undo={} if active else {"restore": True},
        )


def _effect(*, active: bool) -> str:
    return "activated" if active else "deactivated"


def _question(event: EventRecord, *, active: bool) -> Question:
    """An active event is public, so changing that is always asked."""
    people = event.attributes.total_attendees
    registered = "" if people is None else f" {people} registered." if people != 1 else " 1 person registered."
    title = shown(event.attributes.name, 80)
    if active:
        return Question(
            text=f"Activate {title} on Eventtia? The public can see it again.{registered}",
            why=frozenset({Why.PUBLIC, Why.VISIBLE_CHANGE}),
            reversible=False,
        )
    return Question(
        text=f"Deactivate {title} on Eventtia? It goes out of the public's sight; nothing is deleted.{registered}",
        why=frozenset({Why.VISIBLE_CHANGE}),
        reversible=True,
    )
