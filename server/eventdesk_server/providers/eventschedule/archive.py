"""Archiving, which here is hiding: the platform has no archive, and a draft is off the public page with its orders kept."""

from collections.abc import Mapping
from dataclasses import replace

from eventdesk_server.providers.eventschedule import operations, wire
from eventdesk_server.providers.eventschedule.changes import (
    LIMITS_CLEARED,
    differences,
    reattach_step,
    refuse_what_breaks,
    risks,
)
from eventdesk_server.providers.eventschedule.mapping import Home, shown, status_of
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_tools.errors import Unsupported
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Change, Found, Question, Step, Why, WritePlan
from eventdesk_tools.text import line

_TITLE_LIMIT = 80


async def plan_archive(reader: Reader, event_id: str, *, restore: bool) -> WritePlan | WriteResult:
    """Make a draft of an event, or take that back."""
    event = await reader.event(event_id)
    home = await reader.home(event)
    if restore and event.is_internal:
        raise Unsupported(
            "The event is internal, which keeps it a draft.",
            next="Tell the person to make it public in Event Schedule itself.",
        )
    hide = not restore
    makes_true = ("event", event.id, "is_draft", str(hide).lower())
    if hidden(event) == hide:
        return replace(_result(reader, event, home, hide, Outcome.ALREADY_DONE, ()), makes_true=makes_true)
    refuse_what_breaks(event, home)
    orders = await reader.orders_open(event.id)

    async def present() -> wire.Event | None:
        found = await reader.event_if_there(event.id)
        return found if found is not None and hidden(found) == hide else None

    async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
        return (Found(event.id),) if await present() is not None else ()

    async def stands(_: Mapping[str, str]) -> WriteResult | None:
        found = await present()
        return _result(reader, found, home, hide, Outcome.DONE, ()) if found is not None else None

    async def finish(_: Mapping[str, str]) -> WriteResult:
        after = await reader.event(event.id)
        notes = differences(event, after, home)
        if hidden(after) != hide:
            notes.insert(0, "Event Schedule took the change, but the event shows no effect of it.")
        return _result(reader, after, home, hide, Outcome.DONE, tuple(notes))

    prepared = reader.client.prepare(operations.UPDATE_EVENT, path={"event": event.id}, body={"is_draft": hide})
    name = "hide the event" if hide else "show the event again"
    steps: list[Step] = [reader.client.step(name, prepared, wire.One[wire.Event], lambda _: {}, find=find)]
    if len(event.schedules) > 1:
        steps.append(reattach_step(reader, event, home))
    return WritePlan(
        summary=f"{'Hide' if hide else 'Show again'}: {line(event.name)}",
        makes_true=makes_true,
        steps=tuple(steps),
        finish=finish,
        stands=stands,
        question=_question(event, home, hide, orders),
        changes=(Change("published", before=hide, after=not hide),),
        mail="no",
        notes=(LIMITS_CLEARED,) if event.tickets else (),
        facts={"effect": "hidden"} if hide else {},
    )


def hidden(event: wire.Event) -> bool:
    return event.is_draft or event.is_internal


def _question(event: wire.Event, home: Home, hide: bool, orders: int) -> Question | None:
    """Asked where the public or people with orders would notice, where it becomes public, or where something may be lost."""
    losses = risks(event, home)
    if not losses and event.is_private and hide and not orders:
        return None
    title = line(event.name, _TITLE_LIMIT + 1)
    held = f" {orders} open order{'s' if orders != 1 else ''} on it stay{'s' if orders == 1 else ''}." if orders else ""
    if hide:
        text = f"Hide '{title}' from its public page (make it a draft)?{held}"
        why = {Why.VISIBLE_CHANGE}
    else:
        text = f"Publish '{title}' again{' (unlisted)' if event.is_private else ''}?{held}"
        why = {Why.VISIBLE_CHANGE} if event.is_private else {Why.PUBLIC}
    if losses:
        why.add(Why.DESTRUCTIVE)
    lost_for_good = event.repeats or len(event.schedules) > 2
    return Question(
        text=" ".join([text, *losses])[:400],
        why=frozenset(why),
        reversible=not lost_for_good and Why.PUBLIC not in why,
    )


def _result(
    reader: Reader, event: wire.Event, home: Home, hide: bool, outcome: Outcome, notes: tuple[str, ...]
) -> WriteResult:
    return WriteResult(
        outcome=outcome,
        event_id=event.id,
        status=status_of(event, shown(event, home, reader.now())),
        mail="no",
        facts={"effect": "hidden"} if hide else {"effect": "restored"},
        notes=notes,
        undo=({"restore": True} if not event.is_internal else None) if hide else {},
    )
