"""Archiving a HeySummit event: version 1's action, whichever version reads. Nothing takes it back."""

from collections.abc import Mapping
from dataclasses import replace

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.providers.heysummit import operations, wire
from eventdesk_server.providers.heysummit.routes import Routes, digits
from eventdesk_tools.errors import OutcomeUnknown
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Change, Found, Question, Why, WritePlan
from eventdesk_tools.refs import shown

_EFFECT = {"effect": "archived"}


async def plan(routes: Routes, action: ProviderClient, event_id: str) -> WritePlan | WriteResult:
    """How to archive an event; a result where it is archived already. `action` is the client that has the call."""
    event = await routes.event(digits(event_id))
    if event.is_archived:
        return replace(_result(event, Outcome.ALREADY_DONE), makes_true=("archived", event.id))
    heads = await routes.head_count(event.id)

    def kept(answer: wire.Archived) -> Mapping[str, str]:
        if answer.id != event.id:
            raise OutcomeUnknown("HeySummit answered for another event than the one to be archived.")
        return {"event": answer.id}

    async def find(_values: Mapping[str, str]) -> tuple[Found, ...]:
        now = await routes.event(event.id)
        return (Found(now.id, {"event": now.id}),) if now.is_archived else ()

    async def finish(_values: Mapping[str, str]) -> WriteResult:
        return _result(await routes.event(event.id), Outcome.DONE)

    async def stands(_values: Mapping[str, str]) -> WriteResult | None:
        now = await routes.event(event.id)
        return _result(now, Outcome.ALREADY_DONE) if now.is_archived else None

    who = "an unknown number of people are" if heads is None else "1 person is" if heads == 1 else f"{heads} people are"
    prepared = action.prepare(operations.ARCHIVE_EVENT, path={"event": event.id})
    return WritePlan(
        summary=f"Archive {shown(event.title)}",
        makes_true=("archived", event.id),
        steps=(action.step("archive the event", prepared, wire.Archived, kept, find=find),),
        finish=finish,
        stands=stands,
        question=Question(
            text=f"Archive {shown(event.title, 120)} on HeySummit? The public can no longer see it; {who} registered. "
            "HeySummit's API has no way to undo this.",
            why=frozenset({Why.DESTRUCTIVE}),
            reversible=False,
        ),
        changes=(Change("archived", before=False, after=True),),
        mail="unknown",
        facts={**_EFFECT, "registered": heads} if heads is not None else _EFFECT,
    )


def _result(event: wire.Event, outcome: Outcome) -> WriteResult:
    """The event as it is read now: what the action answered is not proof."""
    notes: tuple[str, ...] = ()
    if event.is_archived is False:
        outcome = Outcome.UNKNOWN
        notes = ("HeySummit accepted the call, and still shows the event as not archived: look in its dashboard.",)
    elif event.is_archived is None:
        notes = ("HeySummit accepted the call; this event's record does not say whether it is archived.",)
    return WriteResult(
        outcome=outcome,
        event_id=event.id,
        status="archived" if event.is_archived else "unknown",
        facts=_EFFECT,
        notes=notes,
    )
