"""Making an event: without tickets and place, which Eventtia's API cannot set; not public unless that is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.drafting import (
    LANGUAGE,
    Body,
    checked_uri,
    from_day_first,
    in_order,
    refuse_untaken,
    titled,
    uri_of,
)
from eventdesk_server.providers.eventtia.envelope import Single
from eventdesk_server.providers.eventtia.moving import same, written
from eventdesk_server.providers.eventtia.reads import Reads
from eventdesk_server.providers.eventtia.scalars import day_first, moment
from eventdesk_server.providers.eventtia.wire import EventRecord
from eventdesk_tools.errors import Conflict, InvalidArguments
from eventdesk_tools.models import Json, Outcome, WriteResult
from eventdesk_tools.plans import Found, Question, Why, WritePlan
from eventdesk_tools.records import EventDraft
from eventdesk_tools.refs import shown
from eventdesk_tools.times import parse_told_once


@dataclass(frozen=True, slots=True)
class _New:
    """The event to be."""

    title: str
    starts: datetime
    ends: datetime
    zone: str
    active: bool | None
    body: Body
    family: str
    """How its URI begins: a number may follow, so that it is unique."""

    def is_like(self, row: EventRecord) -> bool:
        """Whether a row of the list has its name and its start."""
        return row.attributes.name.strip() == self.title and same(row.attributes.start_date, self.starts)

    def is_it(self, row: EventRecord) -> bool:
        """Whether a row may be the event that was asked for."""
        told = row.attributes
        return self.is_like(row) and same(told.end_date, self.ends) and told.event_uri.startswith(self.family)

    def differences(self, event: EventRecord) -> list[str]:
        told, found = event.attributes, list[str]()
        if not same(told.start_date, self.starts):
            found.append(
                f"Eventtia shows the start as {moment(told.start_date, self.zone)}, not {written(self.starts)}."
            )
        if not same(told.end_date, self.ends):
            found.append(f"Eventtia shows the end as {moment(told.end_date, self.zone)}, not {written(self.ends)}.")
        if told.name.strip() != self.title:
            found.append("Eventtia shows another title than the one sent.")
        if self.active is not None and told.active is not self.active:
            state = "active: the public may see it" if told.active else "inactive"
            found.append(f"Eventtia shows the event as {state}.")
        return found


class Making:
    """Plans of `create_event` at one account."""

    def __init__(
        self, http: ProviderClient, reads: Reads, now: Callable[[], datetime], zone: str, currency: str
    ) -> None:
        self._http = http
        self._reads = reads
        self._now = now
        self._zone = zone
        self._currency = currency

    async def plan(self, draft: EventDraft) -> WritePlan:
        refuse_untaken(draft)
        title = titled(draft.title or "")
        zone = draft.zone or self._zone
        for name, value in (("starts", draft.starts), ("ends", draft.ends), ("zone", zone)):
            if not value:
                raise InvalidArguments(
                    f"An event at Eventtia needs {name}.",
                    next=f"Ask the person, then repeat the call with {name}.",
                    field=name,
                )
        starts = parse_told_once(draft.starts or "", zone, field="starts", platform="Eventtia")
        ends = parse_told_once(draft.ends or "", zone, field="ends", platform="Eventtia")
        in_order(starts, ends)
        rows = [row async for row in self._reads.events()]
        body: dict[str, Json] = {
            "name": title,
            "start_date": day_first(starts),
            "end_date": day_first(ends),
            "virtual_timezone": zone,
            "default_language": LANGUAGE,
            "event_uri": uri_of(title, starts, {row.attributes.event_uri for row in rows}),
            "active": bool(draft.published),
        }
        if draft.description:
            body["description"] = draft.description
        new = _New(title, starts, ends, zone, bool(draft.published), body, uri_of(title, starts, ()))
        return self._plan(new, [row for row in rows if new.is_like(row)])

    async def plan_given(self, given: Body) -> WritePlan:
        """The event that an operation's arguments describe, sent as given."""
        title = titled(str(given["name"]))
        zone = str(given.get("virtual_timezone") or self._zone or "UTC")
        starts = from_day_first(given["start_date"], zone, "start_date")
        ends = from_day_first(given["end_date"], zone, "end_date")
        in_order(starts, ends, "arguments.end_date")
        uri = checked_uri(given["event_uri"])
        rows = [row async for row in self._reads.events()]
        if any(row.attributes.event_uri == uri for row in rows):
            raise Conflict(
                f"An event of this account has the URI {shown(uri)} already.",
                next="Look at that event first; for another one, choose another event_uri.",
                field="arguments.event_uri",
            )
        active = given.get("active")
        new = _New(title, starts, ends, zone, active if isinstance(active, bool) else None, dict(given), uri)
        return self._plan(new, [row for row in rows if new.is_like(row)])

    def _plan(self, new: _New, alike: list[EventRecord]) -> WritePlan:
        async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
            rows = [row async for row in self._reads.events(name=new.title) if new.is_it(row)]
            return tuple(Found(row.id, {"event": row.key, "event_id": row.id}) for row in rows)

        async def finish(values: Mapping[str, str]) -> WriteResult:
            event = await self._reads.event(values["event"])
            return self._result(event, new.differences(event))

        async def stands(values: Mapping[str, str]) -> WriteResult | None:
            # Through the list: an event that is gone is no failure here.
            async for row in self._reads.events():
                if row.id == values.get("event_id"):
                    return self._result(await self._reads.event(row.key), [])
            return None

        prepared = self._http.prepare(operations.CREATE_EVENT, body=new.body)
        step = self._http.step(
            "make the event",
            prepared,
            Single[EventRecord],
            lambda answer: {"event": answer.data.key, "event_id": answer.data.id},
            find=find,
        )
        notes = [f"An event of that title and start is there already: {row.key}." for row in alike[:3]]
        return WritePlan(
            summary=f"Make the event {shown(new.title)}, starting {written(new.starts)}.",
            makes_true=("event", new.title, new.starts.isoformat(timespec="minutes")),
            steps=(step,),
            finish=finish,
            stands=stands,
            question=_question(new),
            notes=(*notes, "Tickets and place are set in Eventtia's dashboard: its API cannot set them."),
            facts={"starts": written(new.starts), "ends": written(new.ends), "zone": new.zone},
        )

    def _result(self, event: EventRecord, notes: list[str]) -> WriteResult:
        made = event.to_event(self._now(), self._zone, self._currency)
        facts: dict[str, Json] = {"title": made.title}
        facts |= {
            name: str(at) for name, at in (("starts", made.starts), ("ends", made.ends), ("zone", made.zone)) if at
        }
        return WriteResult(
            outcome=Outcome.DONE,
            event_id=event.key,
            status=made.status.value,
            url=made.url,
            facts=facts,
            notes=tuple(notes),
        )


def _question(new: _New) -> Question | None:
    """What is public at once is asked about. Whether an event is active that does not say is not documented."""
    if new.active is False:
        return None
    return Question(
        text=f"Make {shown(new.title, 80)} on Eventtia and publish it, starting {written(new.starts)}?",
        why=frozenset({Why.PUBLIC}),
        reversible=False,
    )
