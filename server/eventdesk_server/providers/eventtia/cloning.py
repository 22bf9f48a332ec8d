"""Copying an event: Eventtia copies in the background, tells no id, and keeps the old dates.

The copy may be public at once. So it is looked for from the start of the copying, and renamed, dated and deactivated as
soon as it is found; only then is the end of the copying waited for, and the sessions moved, which do not follow it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from eventdesk_server.http.client import Later, ProviderClient
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.envelope import ANYTHING, Single
from eventdesk_server.providers.eventtia.moving import Move, Target, exists, moved, wall, written
from eventdesk_server.providers.eventtia.parts import PARTS, skipped
from eventdesk_server.providers.eventtia.reads import Reads
from eventdesk_server.providers.eventtia.scalars import day_first, moment
from eventdesk_server.providers.eventtia.wire import Activity, CloneProgress, EventRecord
from eventdesk_tools.errors import InvalidArguments, NotFound, StillRunning
from eventdesk_tools.models import CloneOrder, Json, Outcome, WriteResult
from eventdesk_tools.plans import Found, Question, Step, StepContext, Why, WritePlan
from eventdesk_tools.refs import shown
from eventdesk_tools.times import parse_told_once

MOST_SESSIONS = 20
"""So many sessions are moved one by one; more would take a good part of the 100 requests a minute."""

_PAUSES = (1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 5.0, 5.0)
_RESERVE = 4.0
"""Seconds that a further look may take."""

_LOOKS_WHEN_FINISHED = 4
"""Progress is told per source, so right after the request it may still tell of an earlier copying."""

_CANDIDATES = 12


class Cloning:
    """Plans of `clone_event` at one account."""

    def __init__(
        self, http: ProviderClient, reads: Reads, now: Callable[[], datetime], zone: str, currency: str
    ) -> None:
        self._http = http
        self._reads = reads
        self._now = now
        self._zone = zone
        self._currency = currency

    async def plan(self, wanted: CloneOrder) -> WritePlan:
        for name in ("calendar", "website", "booking_url", "package"):
            if getattr(wanted, name):
                raise InvalidArguments(
                    f"A copy at Eventtia takes no {name}.", next=f"Repeat the call without {name}.", field=name
                )
        left_out = skipped(wanted.skip)
        source = await self._reads.event(wanted.event_id)
        target, shift = self._target(source, wanted)
        moves, unmoved = (), 0
        if "sessions" not in left_out:
            moves, unmoved = await self._moves(source, target.zone, shift)
        copied = [part for part in PARTS if part not in left_out]
        facts: dict[str, Json] = {
            "title": target.title,
            "starts": written(target.starts),
            **({"ends": written(target.ends)} if target.ends is not None else {}),
            "copied": copied,
            "not_copied": [*(part for part in PARTS if part in left_out), "registrations", "payments"],
        }

        async def finish(values: Mapping[str, str]) -> WriteResult:
            copy = await self._reads.event(values["copy"])
            notes = target.differences(copy) + _fewer(source, copy, left_out)
            moved = await self._moved(copy, moves)
            if moved < len(moves):
                notes.append(
                    f"{len(moves) - moved} of {len(moves)} sessions are not at their new time. Tell the person."
                )
            return self._result(copy, {**facts, **({"sessions_moved": moved} if moves else {})}, notes)

        async def stands(values: Mapping[str, str]) -> WriteResult | None:
            # Through the list: an event that is gone is no failure here, and one renamed or moved is still the copy.
            async for row in self._reads.events():
                if row.id == values.get("copy_id"):
                    return self._result(await self._reads.event(row.key), {}, [])
            return None

        return WritePlan(
            summary=f"Copy {shown(source.attributes.name)} to {written(target.starts)}.",
            makes_true=("clone", source.key, target.starts.isoformat(timespec="minutes"), target.title),
            steps=(
                self._copy(source, left_out),
                self._find(source),
                self._put(target),
                self._wait(source, moves),
                *(self._move(move) for move in moves),
            ),
            finish=finish,
            stands=stands,
            question=_question(target) if target.published else None,
            notes=tuple(_notes(target, shift, left_out, moves=moves, unmoved=unmoved)),
            facts=facts,
        )

    def _target(self, source: EventRecord, wanted: CloneOrder) -> tuple[Target, timedelta]:
        """What the copy is to be, and by how much wall times move."""
        zone = source.zone(self._zone)
        if zone is None:
            raise InvalidArguments(
                "Eventtia does not tell this event's time zone, so its dates cannot be moved.",
                next="Tell the person to set the zone of this account in Eventdesk's settings.",
                field="starts",
            )
        old = moment(source.attributes.start_date, zone)
        if old is None or old.at is None:
            raise InvalidArguments(
                "Eventtia tells no start of this event, so nothing can be moved from it.",
                next="Tell the person to set its dates in Eventtia's dashboard first.",
                field="event",
            )
        starts = parse_told_once(wanted.starts, zone, field="starts", platform="Eventtia")
        shift = wall(starts) - wall(old.at)
        ends = moved(source.attributes.end_date, zone, shift)
        title = wanted.title.strip() or source.attributes.name
        return Target(source, zone, title, starts, ends, wanted.published), shift

    async def _moves(self, source: EventRecord, zone: str, shift: timedelta) -> tuple[tuple[Move, ...], int]:
        """The sessions to move, oldest id first so that a session added meanwhile changes no step's place; and how many
        stay as they are."""
        sessions = sorted((one.activity for one in await self._reads.activities(source.key)), key=lambda s: _age(s.id))
        moves = [
            Move(session, starts, moved(session.attributes.end_date, zone, shift))
            for session in sessions
            if (starts := moved(session.attributes.start_date, zone, shift)) is not None
        ]
        if len(moves) > MOST_SESSIONS or not shift:
            return (), len(moves) if shift else 0
        return tuple(moves), 0

    # The steps -------------------------------------------------------------------------------------------------------

    def _copy(self, source: EventRecord, left_out: frozenset[str]) -> Step:
        flags = {flag: "false" if part in left_out else "true" for part, flag in PARTS.items()}
        prepared = self._http.prepare(operations.CLONE_EVENT, path={"event": source.key}, query=flags)

        async def send(context: StepContext) -> Mapping[str, str]:
            before = await self._candidates(source)
            await self._http.send(prepared, ANYTHING, context.values)
            return {"before": ",".join(sorted(before))}

        async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
            copies = await self._copies(source, await self._candidates(source))
            return tuple(Found(copy.id, {"copy": copy.key, "copy_id": copy.id}) for copy in copies)

        return Step(name="copy the event", request=prepared.planned, send=send, find=find)

    def _find(self, source: EventRecord) -> Step:
        async def send(context: StepContext) -> Mapping[str, str]:
            if context.values.get("copy"):
                return {}
            before = frozenset(context.values.get("before", "").split(","))
            finished = 0
            for look, pause in enumerate(_PAUSES, 1):
                finished += await self._finished(source)
                rows = {key: row for key, row in (await self._candidates(source)).items() if key not in before}
                copies = await self._copies(source, rows)
                if copies:
                    newest = max(copies, key=_made)
                    return {"copy": newest.key, "copy_id": newest.id}
                if finished >= _LOOKS_WHEN_FINISHED:
                    raise NotFound(
                        "Eventtia says that the copying is finished, but its list shows no copy of this event.",
                        next="Tell the person to look in Eventtia's dashboard. The same call looks again; nothing is "
                        "copied twice.",
                    )
                await _pause(context, look, pause, "Eventtia is copying the event.")
            raise _still(context)

        return Step(name="find the copy", request=None, send=send)

    def _put(self, target: Target) -> Step:
        body: dict[str, Json] = {"name": target.title, "start_date": day_first(target.starts)}
        if target.ends is not None:
            body["end_date"] = day_first(target.ends)
        body["active"] = target.published

        async def find(values: Mapping[str, str]) -> tuple[Found, ...]:
            copy = await self._reads.event(values["copy"])
            return (Found(copy.id, {"copy": copy.key}),) if target.met_by(copy) else ()

        prepared = self._http.prepare(operations.UPDATE_EVENT, path={"event": Later("copy")}, body=body)
        name = "name, date and publish the copy" if target.published else "name, date and deactivate the copy"
        return self._http.step(name, prepared, Single[EventRecord], lambda answer: {"copy": answer.data.key}, find=find)

    def _wait(self, source: EventRecord, moves: Sequence[Move]) -> Step:
        async def send(context: StepContext) -> Mapping[str, str]:
            for look, pause in enumerate(_PAUSES, 1):
                if await self._finished(source):
                    return await self._matched(context.values["copy"], moves)
                await _pause(context, look, pause, "Eventtia is still filling the copy.")
            raise _still(context)

        return Step(name="wait until the copy is complete", request=None, send=send)

    def _move(self, move: Move) -> Step:
        body: dict[str, Json] = {"start_date": day_first(move.starts)}
        if move.ends is not None:
            body["end_date"] = day_first(move.ends)
        path = {"event": Later("copy"), "activity": Later(move.slot)}
        prepared = self._http.prepare(operations.UPDATE_ACTIVITY, path=path, body=body)

        async def send(context: StepContext) -> Mapping[str, str]:
            if move.slot not in context.values:
                return {}  # the copy lacks it, or it is at its new time already: `finish` counts
            if context.seconds_left < _RESERVE:
                raise _still(context)
            await self._http.send(prepared, Single[Activity], context.values)
            return {}

        async def find(values: Mapping[str, str]) -> tuple[Found, ...]:
            if move.slot not in values:
                return ()
            session = await self._reads.activity(values["copy"], values[move.slot])
            return (Found(session.id),) if move.done_in(session) else ()

        name = f"move the session {shown(move.source.attributes.name, 40)}"
        return Step(name=name, request=prepared.planned, send=send, find=find, repeatable=True, optional=True)

    # Looking ---------------------------------------------------------------------------------------------------------

    async def _finished(self, source: EventRecord) -> bool:
        path = {"event": source.key}
        return bool((await self._http.read(operations.GET_CLONE_PROGRESS, CloneProgress, path=path)).finished)

    async def _candidates(self, source: EventRecord) -> dict[str, EventRecord]:
        """Events that may be copies of this one, by id. The list tells of no event what it was copied from, and its
        filter for that is documented for templates; a copy's name holds the source's."""
        found = {row.id: row async for row in self._reads.events(template=source.id)}
        async for row in self._reads.events(name=source.attributes.name):
            found.setdefault(row.id, row)
        found.pop(source.id, None)
        return found

    async def _copies(self, source: EventRecord, rows: Mapping[str, EventRecord]) -> list[EventRecord]:
        """Those that say of themselves that they were copied from this event. Ids grow, so the newest are looked at."""
        newest = sorted(rows, key=_age, reverse=True)[:_CANDIDATES]
        details = [await self._reads.event(rows[row_id].key) for row_id in newest if _age(row_id) > _age(source.id)]
        return [copy for copy in details if copy.attributes.cloned_from_id == source.id]

    async def _matched(self, copy: str, moves: Sequence[Move]) -> dict[str, str]:
        """The ids of the copy's sessions that are still to be moved."""
        if not moves:
            return {}
        unmatched = [one.activity for one in await self._reads.activities(copy)]
        found = dict[str, str]()
        for move in moves:
            session = next((one for one in unmatched if move.is_copied_as(one)), None)
            if session is not None:
                unmatched.remove(session)
                if not move.done_in(session):
                    found[move.slot] = session.id
        return found

    async def _moved(self, copy: EventRecord, moves: Sequence[Move]) -> int:
        """How many sessions of the copy are at their new time."""
        if not moves:
            return 0
        there = [one.activity for one in await self._reads.activities(copy.key)]
        count = 0
        for move in moves:
            session = next(
                (one for one in there if one.attributes.name == move.source.attributes.name and move.done_in(one)), None
            )
            if session is not None:
                there.remove(session)
                count += 1
        return count

    def _result(self, copy: EventRecord, facts: Mapping[str, Json], notes: Sequence[str]) -> WriteResult:
        event = copy.to_event(self._now(), self._zone, self._currency)
        told: dict[str, Json] = {"title": event.title}
        if event.starts is not None:
            told["starts"] = str(event.starts)
        if event.ends is not None:
            told["ends"] = str(event.ends)
        return WriteResult(
            outcome=Outcome.DONE,
            event_id=copy.key,
            status=event.status.value,
            url=event.url,
            facts={**facts, **told},
            notes=tuple(notes),
        )


async def _pause(context: StepContext, look: int, pause: float, message: str) -> None:
    """Wait for the next look, or say that it goes on, before the call's time is up."""
    if context.seconds_left < pause + _RESERVE:
        raise _still(context)
    await context.progress(look, len(_PAUSES) + 1, message)
    await context.sleep(pause)


def _still(context: StepContext) -> StillRunning:
    return StillRunning("The copy is not complete yet.", dict(context.values))


def _question(target: Target) -> Question:
    return Question(
        text=f"Copy {shown(target.source.attributes.name, 80)} on Eventtia and publish the copy as "
        f"{shown(target.title, 80)}, starting {written(target.starts)}?",
        why=frozenset({Why.PUBLIC}),
        reversible=False,
    )


def _notes(
    target: Target, shift: timedelta, left_out: frozenset[str], *, moves: Sequence[Move], unmoved: int
) -> list[str]:
    notes = list[str]()
    if target.source.attributes.active is not False:
        notes.append(
            "Until it is found, the copy may be public with the old dates: v3 copies first and dates afterwards."
        )
    if shift % timedelta(days=1):
        notes.append("The start has another time of day than before: the end and the sessions move by the same time.")
    if unmoved:
        notes.append(f"{unmoved} sessions keep their old dates: more than {MOST_SESSIONS} are not moved one by one.")
    stay = [
        "price end dates of tickets" if "tickets" not in left_out else "",
        "booking deadlines" if any(m.source.attributes.booking_deadline_date for m in moves) else "",
        "networking times" if "networking" not in left_out else "",
    ]
    if shift and any(stay):
        notes.append(f"Not moved, because Eventtia's API cannot: {', '.join(word for word in stay if word)}.")
    if target.ends is not None and not exists(target.ends):
        notes.append(f"The end falls into an hour that clocks change in {target.zone}: check it.")
    return notes


def _fewer(source: EventRecord, copy: EventRecord, left_out: frozenset[str]) -> list[str]:
    there, here = (len(event.relationships.attendee_types.data) for event in (source, copy))
    if "tickets" in left_out or here >= there:
        return []
    return [f"The copy has {here} of {there} tickets so far."]


def _age(record: str) -> tuple[int, int | str]:
    return (0, int(record)) if record.isascii() and record.isdigit() else (1, record)


def _made(copy: EventRecord) -> tuple[float, tuple[int, int | str]]:
    made = copy.attributes.created_at
    return (made.timestamp() if isinstance(made, datetime) else 0.0), _age(copy.id)
