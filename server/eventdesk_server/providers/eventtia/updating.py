"""Changing an event: only what is given is sent, the person sees before and after, and the event is read again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.drafting import (
    Body,
    checked_uri,
    from_day_first,
    in_order,
    refuse_untaken,
    titled,
    zone_needed,
)
from eventdesk_server.providers.eventtia.envelope import Single
from eventdesk_server.providers.eventtia.moving import moved, same, wall, written
from eventdesk_server.providers.eventtia.reads import Reads
from eventdesk_server.providers.eventtia.scalars import day_first, moment
from eventdesk_server.providers.eventtia.wire import EventRecord
from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.plans import Change, Found, Question, Why, WritePlan
from eventdesk_tools.records import EventDraft
from eventdesk_tools.refs import shown
from eventdesk_tools.text import line
from eventdesk_tools.times import parse_told_once

_TIMES = {"starts": "start_date", "ends": "end_date"}
_NAMES = {"title": "name", "description": "description", "published": "active", **_TIMES}
"""Our words and the platform's, for what can be read again."""
_UNDO_TEXT = 300


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an event is to be, by our words; `uri` where that changes too."""

    values: Mapping[str, Any]
    uri: str = ""

    def unmet(self, event: EventRecord) -> list[str]:
        return [name for name, value in self.values.items() if not _is(event, name, value)]


class Updating:
    """Plans of `update_event` at one account."""

    def __init__(
        self, http: ProviderClient, reads: Reads, now: Callable[[], datetime], zone: str, currency: str
    ) -> None:
        self._http = http
        self._reads = reads
        self._now = now
        self._zone = zone
        self._currency = currency

    async def plan(self, event_id: str, draft: EventDraft) -> WritePlan | WriteResult:
        refuse_untaken(draft, "zone")
        event = await self._reads.event(event_id)
        values: dict[str, Any] = {}
        if draft.title is not None:
            values["title"] = titled(draft.title)
        values |= self._times(event, draft)
        if draft.description is not None and "description" in draft.clear:
            raise InvalidArguments("description is both given and to be emptied.", field="clear")
        if draft.description is not None or "description" in draft.clear:
            values["description"] = draft.description or ""
        if draft.published is not None:
            values["published"] = draft.published
        if not values:
            raise InvalidArguments("Nothing is to be changed.", next="Name what is to change.", field="event")
        wanted = _Wanted({name: value for name, value in values.items() if not _is(event, name, value)})
        whole = {_NAMES[name]: _sent(value) for name, value in values.items()}
        return await self._plan(event, wanted, {_NAMES[name]: whole[_NAMES[name]] for name in wanted.values}, whole)

    async def plan_given(self, given: Body) -> WritePlan | WriteResult:
        """The change that an operation's arguments describe, sent as given."""
        event = await self._reads.event(str(given["event"]))
        body = {name: value for name, value in given.items() if name != "event"}
        if not body:
            raise InvalidArguments("Nothing is to be changed.", next="Name what is to change.", field="arguments")
        values: dict[str, Any] = {}
        for name, theirs in _NAMES.items():
            if theirs not in body:
                continue
            if name in _TIMES:
                zone = str(given.get("virtual_timezone") or zone_needed(event.zone(self._zone), f"arguments.{theirs}"))
                values[name] = from_day_first(body[theirs], zone, theirs)
            else:
                values[name] = body[theirs]
        self._ordered(event, values, "arguments.end_date")
        uri = checked_uri(body["event_uri"]) if "event_uri" in body else ""
        wanted = _Wanted({name: value for name, value in values.items() if not _is(event, name, value)}, uri)
        settled = not wanted.values and set(body) <= set(_NAMES.values())
        return await self._plan(event, wanted, {} if settled else body, body)

    def _times(self, event: EventRecord, draft: EventDraft) -> dict[str, datetime]:
        """Start and end. A start alone keeps the length, on the wall."""
        if draft.starts is None and draft.ends is None:
            return {}
        zone = zone_needed(event.zone(self._zone), "starts" if draft.starts is not None else "ends")
        times: dict[str, datetime] = {}
        if draft.starts is not None:
            times["starts"] = parse_told_once(draft.starts, zone, field="starts", platform="Eventtia")
            old = moment(event.attributes.start_date, zone)
            if draft.ends is None and old is not None and old.at is not None:
                ends = moved(event.attributes.end_date, zone, wall(times["starts"]) - wall(old.at))
                if ends is not None:
                    times["ends"] = ends
        if draft.ends is not None:
            times["ends"] = parse_told_once(draft.ends, zone, field="ends", platform="Eventtia")
        self._ordered(event, times, "ends")
        return times

    def _ordered(self, event: EventRecord, values: Mapping[str, Any], field: str) -> None:
        if not values.keys() & _TIMES.keys():
            return
        starts = values.get("starts", event.attributes.start_date)
        ends = values.get("ends", event.attributes.end_date)
        if all(isinstance(at, datetime) and at.tzinfo is not None for at in (starts, ends)):
            in_order(starts, ends, field)

    async def _plan(self, event: EventRecord, wanted: _Wanted, body: Body, whole: Body) -> WritePlan | WriteResult:
        """`whole`: also with what is so already."""
        if not body:
            return replace(self._result(event, Outcome.ALREADY_DONE, (), ()), makes_true=_makes_true(event, whole))
        key, after = event.key, wanted.uri or event.key
        zone = event.zone(self._zone)
        changes = [Change(name, _told(event, name, zone), _shown(value)) for name, value in wanted.values.items()]
        if wanted.uri and wanted.uri != event.attributes.event_uri:
            changes.append(Change("event_uri", event.attributes.event_uri, wanted.uri))
        undo = _undo(changes, body)

        async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
            # Under its new URI it is there only once the change was made.
            found = [row async for row in self._reads.events() if row.id == event.id]
            keys = [row.key for row in found if not wanted.uri or row.key == after]
            now = [await self._reads.event(one) for one in keys]
            return tuple(Found(one.id, {"event": one.key}) for one in now if not wanted.unmet(one))

        async def finish(values: Mapping[str, str]) -> WriteResult:
            now = await self._reads.event(values.get("event", after))
            unmet = wanted.unmet(now)
            notes = tuple(
                f"Eventtia shows {name} as {line(str(_told(now, name, zone)))}, not {_shown(wanted.values[name])}. Tell the person."
                for name in unmet
            )
            kept = unmet and len(unmet) == len(wanted.values)
            made = tuple(change for change in changes if change.field not in unmet)
            outcome = Outcome.UNKNOWN if kept else Outcome.DONE
            return self._result(now, outcome, made, notes, None if unmet else undo)

        prepared = self._http.prepare(operations.UPDATE_EVENT, path={"event": key}, body=body)
        step = self._http.step(
            "change the event", prepared, Single[EventRecord], lambda answer: {"event": answer.data.key}, find=find
        )
        return WritePlan(
            summary=f"Change {', '.join(change.field for change in changes) or ', '.join(body)} of "
            f"{shown(event.attributes.name)}.",
            makes_true=_makes_true(event, body),
            steps=(step,),
            finish=finish,
            question=_question(event, wanted, changes, body),
            changes=tuple(changes),
            notes=tuple(await self._warnings(event, wanted)),
        )

    async def _warnings(self, event: EventRecord, wanted: _Wanted) -> list[str]:
        notes: list[str] = []
        if wanted.values.keys() & _TIMES.keys():
            sessions = len(await self._reads.activities(event.key))
            if sessions:
                notes.append(
                    f"Its {sessions} sessions do not move with the event; update_activity moves one."
                    if sessions > 1
                    else "Its session does not move with the event; update_activity moves it."
                )
        if wanted.uri:
            notes.append("Its page and its ref change: links to the old URI may no longer work.")
        return notes

    def _result(
        self,
        event: EventRecord,
        outcome: Outcome,
        changes: tuple[Change, ...],
        notes: tuple[str, ...],
        undo: Mapping[str, Json] | None = None,
    ) -> WriteResult:
        facts: dict[str, Json] = {
            "changed": [{"field": change.field, "before": change.before, "after": change.after} for change in changes]
        }
        return WriteResult(
            outcome=outcome,
            event_id=event.key,
            status=event.status(self._now()).value,
            facts=facts if changes else {},
            notes=notes,
            undo=undo,
        )


def _makes_true(event: EventRecord, body: Body) -> tuple[str, ...]:
    return ("event_change", event.id, *(f"{name}={body[name]}" for name in sorted(body)))


def _is(event: EventRecord, name: str, value: Any) -> bool:
    told = event.attributes
    match name:
        case "title":
            return told.name == value
        case "description":
            return told.description == value
        case "published":
            return told.active is value
        case "starts":
            return same(told.start_date, value)
        case _:
            return same(told.end_date, value)


def _told(event: EventRecord, name: str, zone: str | None) -> Json:
    """A field as the event shows it. None: empty, or not told."""
    told = event.attributes
    match name:
        case "title":
            return told.name or None
        case "description":
            return told.description or None
        case "published":
            return told.active
        case _:
            at = moment(told.start_date if name == "starts" else told.end_date, zone)
            return str(at) if at is not None else None


def _shown(value: Any) -> Json:
    return written(value) if isinstance(value, datetime) else value if value != "" else None


def _sent(value: Any) -> Json:
    return day_first(value) if isinstance(value, datetime) else value


def _undo(changes: list[Change], body: Body) -> dict[str, Json] | None:
    """The arguments that set it back; None where some of it cannot be, or is too long to be handed over."""
    undo: dict[str, Json] = {}
    for change in changes:
        if change.field not in _NAMES or (change.before is None and change.field != "description"):
            return None
        if change.before is None:
            undo["clear"] = ["description"]
        elif isinstance(change.before, str) and len(change.before) > _UNDO_TEXT:
            return None
        else:
            undo[change.field] = change.before
    return undo if undo and set(body) <= set(_NAMES.values()) else None


def _question(event: EventRecord, wanted: _Wanted, changes: list[Change], body: Body) -> Question | None:
    """Asked: what moves, publishes or hides an event that is public or has people, and what cannot be read again."""
    visible = wanted.values.keys() & {"starts", "ends", "published"} or wanted.uri
    seen = event.attributes.active is not False or bool(event.attributes.total_attendees)
    publishes = wanted.values.get("published") is True
    others = not set(body) <= set(_NAMES.values())
    if not publishes and not others and not (visible and seen):
        return None
    people = event.attributes.total_attendees
    registered = f" {people} registered." if people else ""
    told = "; ".join(
        f"{change.field} from {_short(change.before)} to {_short(change.after)}"
        for change in changes
        if change.field != "description"
    )
    rest = ", ".join(sorted(set(body) - set(_NAMES.values())))
    what = "; ".join(part for part in (told, f"also {rest}" if rest else "") if part)
    why = {Why.VISIBLE_CHANGE, Why.PUBLIC} if publishes else {Why.VISIBLE_CHANGE}
    return Question(
        text=f"Change {shown(event.attributes.name, 80)} on Eventtia: {what}?{registered}",
        why=frozenset(why),
        reversible=not publishes,
    )


def _short(value: Json) -> str:
    return "nothing" if value is None else shown(value, 80) if isinstance(value, str) else str(value).lower()
