"""One change of an event, whoever asks for it: every guard before it, one PUT, and a look at what it did.

`update_event` comes here with what it made of its arguments, the operation of the same name with what it was given.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from eventdesk_server.providers.eventschedule import operations, wire
from eventdesk_server.providers.eventschedule.archive import hidden
from eventdesk_server.providers.eventschedule.changes import (
    LIMITS_CLEARED,
    differences,
    reattach_step,
    refuse_what_breaks,
    risks,
)
from eventdesk_server.providers.eventschedule.copying import utc_digits
from eventdesk_server.providers.eventschedule.mapping import Home, shown, status_of
from eventdesk_server.providers.eventschedule.reads import Reader
from eventdesk_tools.errors import Unsupported
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.plans import Change, Found, Question, Step, Why, WritePlan
from eventdesk_tools.text import line

_TITLE_LIMIT = 80
_LISTS = frozenset({"tickets", "addons", "event_parts", "members"})
_VENUE = frozenset({"venue_id", "venue_name", "venue_address1"})
_REPEATING = frozenset(
    {"schedule_type", "recurring_frequency", "recurring_interval", "days_of_week", "recurring_end_type", "recurring_end_value"}
)  # fmt: skip
_WORDS = {"starts_at": "start", "is_draft": "visibility", "duration": "length", "name": "title"}
_BY_HAND = "Tell the person to do this in Event Schedule itself."


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A change to be made. `told` shows the fields of an event that change, in the words of whoever asked."""

    body: Mapping[str, Json]
    changes: tuple[Change, ...]
    told: Callable[[wire.Event], Mapping[str, Json]]
    undo: Mapping[str, Json] | None = None
    notes: tuple[str, ...] = ()
    ask: bool = False
    compared: bool = True
    """Whether the fields after it can be held against what was to be, word by word."""


def refuse_what_mangles(body: Mapping[str, Json], *, creating: bool = False) -> None:
    """Refuse fields with which the platform does something else than they say.

    Raises:
        Unsupported: The field is named.
    """
    for name in sorted(_LISTS & set(body)):
        rows = body[name]
        if rows is None:
            raise _mangled(name, "null makes the platform fail half-way")
        held = [cast("Mapping[str, Json]", row) for row in cast("Sequence[Json]", rows) if isinstance(row, Mapping)]
        if len(held) < len(rows) or any("id" in row for row in held):
            raise _mangled(name, "rows are objects without id: one with an id would retire what is there")
        if name == "members" and not all(row.get("name") or row.get("email") for row in held):
            raise _mangled(name, "an entry without name and e-mail would attach somebody else")
        if name == "tickets" and any(row.get("is_pass") for row in held):
            raise _mangled(name, "passes cannot be made through the API")
        if not creating and name in {"tickets", "addons"} and not rows:
            raise _mangled(name, "an empty list retires all of them for good")
    if ("venue_name" in body) != ("venue_address1" in body):
        raise _mangled("venue_name", "without venue_address1 it attaches anybody's venue or makes a new one")
    if not creating and body.get("tickets_enabled") is False:
        raise _mangled("tickets_enabled", "false retires all tickets for good")
    if not creating and "is_private" in body:
        raise _mangled("is_private", "a lower plan makes a draft of the event by it")
    if creating and (body.get("tickets") or body.get("addons")) and body.get("tickets_enabled") is not True:
        raise _mangled("tickets_enabled", "without true beside them tickets and add-ons are dropped")
    if _REPEATING & set(body) - {"schedule_type"} and body.get("schedule_type") != "recurring":
        raise _mangled("schedule_type", "without recurring beside it the recurrence is ignored")


def _mangled(name: str, why: str) -> Unsupported:
    return Unsupported(f"{name}: {why}.", next="Correct the arguments and call again.", field=name)


async def plan_put(reader: Reader, event: wire.Event, home: Home, put: Put) -> WritePlan | WriteResult:
    """The plan of a change, after every guard; nothing is sent where the event is so already.

    Raises:
        Unsupported: A guard refuses it.
    """
    body = put.body
    refuse_what_mangles(body)
    refuse_what_breaks(event, home, start_sent="starts_at" in body)
    _refuse_toggling(event, body)
    if agrees(event, body):
        return already(reader, event, home, body)
    moved = "starts_at" in body and (event.starts_at is None or utc_digits(event.starts_at) != body["starts_at"])
    selling = bool({"tickets", "addons"} & set(body))
    placed = bool(_VENUE & set(body))
    seen = moved or selling or placed or "is_draft" in body or "is_internal" in body
    orders = await reader.orders_made(event.id) if seen or put.ask else 0
    if selling and orders:
        raise Unsupported(
            f"The event has {orders} order{'s' if orders != 1 else ''}: a new list of tickets would cut them off from it "
            "and sell their places again.",
            next=_BY_HAND,
            field="tickets",
        )
    if moved and orders:
        await _refuse_several_dates(reader, event)
    meant = {name for name, said in (("starts", moved), ("tickets", selling), ("place", placed)) if said}

    async def present() -> wire.Event | None:
        found = await reader.event_if_there(event.id)
        return found if found is not None and agrees(found, body) else None

    async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
        return (Found(event.id),) if await present() is not None else ()

    async def stands(_: Mapping[str, str]) -> WriteResult | None:
        found = await present()
        return _result(reader, event, found, home, put, ()) if found is not None else None

    async def finish(_: Mapping[str, str]) -> WriteResult:
        # The answer to a change echoes what was sent; only a read tells what was stored.
        after = await reader.event(event.id)
        return _result(reader, event, after, home, put, differences(event, after, home, meant))

    prepared = reader.client.prepare(operations.UPDATE_EVENT, path={"event": event.id}, body=dict(body))
    steps: list[Step] = [
        reader.client.step("change the event", prepared, wire.One[wire.Event], lambda _: {}, find=find)
    ]
    if len(event.schedules) > 1 and not placed:
        steps.append(reattach_step(reader, event, home))
    notes = [*put.notes]
    if event.tickets and not selling:
        notes.append(LIMITS_CLEARED)
    return WritePlan(
        summary=f"Change {line(event.name)}: {', '.join(_words(put))}",
        makes_true=_makes_true(event, body),
        steps=tuple(steps),
        finish=finish,
        stands=stands,
        question=_question(event, home, put, orders, moved=moved, seen=seen),
        changes=put.changes,
        mail="no" if set(body) == {"is_draft"} else "unknown",
        notes=tuple(notes),
    )


def already(reader: Reader, event: wire.Event, home: Home, body: Mapping[str, Json]) -> WriteResult:
    """The event is as this body would make it."""
    return WriteResult(
        outcome=Outcome.ALREADY_DONE,
        event_id=event.id,
        status=status_of(event, shown(event, home, reader.now())),
        url=event.url,
        mail="no",
        makes_true=_makes_true(event, body),
    )


def _makes_true(event: wire.Event, body: Mapping[str, Json]) -> tuple[str, ...]:
    return ("event", event.id, *(part for pair in sorted(body.items()) for part in (pair[0], _said(pair[1]))))


def _refuse_toggling(event: wire.Event, body: Mapping[str, Json]) -> None:
    """Refuse a venue that is attached already: naming it once more would detach it.

    Raises:
        Unsupported: It is attached.
    """
    named = str(body.get("venue_name", "")).strip().casefold()
    for attached in event.schedules:
        if body.get("venue_id") == attached.id or (named and named == attached.name.strip().casefold()):
            raise _mangled("venue_id" if "venue_id" in body else "venue_name", "naming an attached venue detaches it")


def _said(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _words(put: Put) -> list[str]:
    return [_WORDS.get(change.field, change.field) for change in put.changes]


async def _refuse_several_dates(reader: Reader, event: wire.Event) -> None:
    dates = {sale.event_date async for sale in reader.sales({"event_id": event.id}) if sale.event_date is not None}
    if len(dates) > 1:
        raise Unsupported(
            f"The event's orders lie on {len(dates)} dates: moving it would put all of them on one.",
            next=_BY_HAND,
            field="starts",
        )


def _question(event: wire.Event, home: Home, put: Put, orders: int, *, moved: bool, seen: bool) -> Question | None:
    """Asked where the public or people with orders would notice, where it becomes public, or where something may be lost."""
    losses = risks(event, home)
    publishing = hidden(event) and put.body.get("is_draft") is False
    why: set[Why] = set()
    if publishing:
        why.add(Why.VISIBLE_CHANGE if event.is_private else Why.PUBLIC)
    elif put.ask or (seen and (orders or not hidden(event))):
        why.add(Why.VISIBLE_CHANGE)
    if losses:
        why.add(Why.DESTRUCTIVE)
    if not why:
        return None
    title = line(event.name, _TITLE_LIMIT + 1)
    parts = [f"Change '{title}': {', '.join(_words(put))}?"]
    if publishing:
        parts.append("It becomes public." if not event.is_private else "It becomes reachable by its link.")
    if orders:
        on = "is" if orders == 1 else "are"
        along = f" and move{'s' if orders == 1 else ''} along" if moved else ""
        parts.append(f"{orders} order{'s' if orders != 1 else ''} {on} on it{along}.")
    lost_for_good = event.repeats or len(event.schedules) > 2 or bool({"tickets", "addons"} & set(put.body))
    return Question(
        text=" ".join([*parts, *losses])[:500],
        why=frozenset(why),
        reversible=not lost_for_good and Why.PUBLIC not in why,
    )


def agrees(event: wire.Event, body: Mapping[str, Json]) -> bool:
    """Whether an event is as a body says. False too for a body with a field that cannot be read back."""
    return all(name in _READ_BACK and _READ_BACK[name](event, value) for name, value in body.items())


def _text(name: str) -> Callable[[wire.Event, Json], bool]:
    return lambda event, value: str(getattr(event, name)).strip() == str(value if value is not None else "").strip()


def _same(name: str) -> Callable[[wire.Event, Json], bool]:
    return lambda event, value: getattr(event, name) == value


def _length(event: wire.Event, value: Json) -> bool:
    return abs((event.length or timedelta(0)) - timedelta(hours=float(value or 0))) < timedelta(minutes=1)


def _rows(name: str) -> Callable[[wire.Event, Json], bool]:
    def same(event: wire.Event, value: Json) -> bool:
        held = sorted((row.type, float(row.price or 0), row.quantity) for row in getattr(event, name))
        rows = cast("Sequence[Mapping[str, Json]]", value or ())
        return held == sorted(
            (str(r["type"]).strip(), float(r.get("price") or 0), r.get("quantity") or 0) for r in rows
        )

    return same


def _starts(event: wire.Event, value: Json) -> bool:
    return event.starts_at is not None and utc_digits(event.starts_at) == value


def _named_venue(name: str) -> Callable[[wire.Event, Json], bool]:
    return lambda event, value: str(getattr(event, name)).strip().casefold() == str(value).strip().casefold()


_READ_BACK: Mapping[str, Callable[[wire.Event, Json], bool]] = {
    **{name: _text(name) for name in ("name", "short_description", "description", "event_url", "registration_url",
                                      "ticket_currency_code", "payment_method", "schedule_type", "recurring_frequency",
                                      "days_of_week", "recurring_end_type", "recurring_end_value")},
    **{name: _same(name) for name in ("is_draft", "is_internal", "category_id", "rsvp_enabled", "rsvp_limit",
                                      "tickets_enabled", "recurring_interval")},
    "starts_at": _starts,
    "duration": _length,
    "tickets": _rows("tickets"),
    "addons": _rows("addons"),
    "venue_name": _named_venue("venue_name"),
    "venue_address1": _named_venue("venue_address1"),
    "venue_id": lambda event, value: any(attached.id == value for attached in event.schedules),
}  # fmt: skip


def _result(
    reader: Reader, before: wire.Event, after: wire.Event, home: Home, put: Put, notes: Sequence[str]
) -> WriteResult:
    told = put.told(after)
    changed: list[Json] = []
    wrong: list[str] = []
    for change in put.changes:
        now = told.get(change.field)
        changed.append({"field": change.field, "before": change.before, "after": now})
        if put.compared and now != change.after:
            wrong.append(f"{change.field} is not as it was sent: show the person what it is now.")
    return WriteResult(
        outcome=Outcome.DONE,
        event_id=before.id,
        status=status_of(after, shown(after, home, reader.now())),
        url=after.url,
        mail="no" if set(put.body) == {"is_draft"} else "unknown",
        facts={"changed": changed},
        notes=(*wrong, *notes),
        undo=put.undo if not wrong and not notes and not risks(before, home) else None,
    )
