"""Cancelling a registration. What the platform makes of it is not documented, so it is looked at afterwards."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.envelope import ANYTHING
from eventdesk_server.providers.eventtia.people import HIDDEN, KEPT_SECONDS, Readable
from eventdesk_server.providers.eventtia.reads import GONE, Reads
from eventdesk_server.providers.eventtia.wire import Attendee as Row
from eventdesk_server.providers.eventtia.wire import EventRecord
from eventdesk_server.providers.roll import read_roll
from eventdesk_tools.errors import InvalidArguments, NotFound
from eventdesk_tools.models import Outcome, PersonStatus, WriteResult
from eventdesk_tools.people import someone
from eventdesk_tools.plans import Change, Found, Planned, Question, Why, WritePlan, plan_all
from eventdesk_tools.records import Attendee
from eventdesk_tools.refs import Kind, shown


@dataclass(frozen=True, slots=True)
class _Registration:
    """A registration as it was found when the write was planned."""

    event: str
    title: str
    person: Attendee

    @property
    def record(self) -> tuple[Kind, str]:
        return Kind.REGISTRATION, self.person.id


class Cancelling:
    """Plans of `cancel_registration` at one account."""

    def __init__(
        self,
        http: ProviderClient,
        reads: Reads,
        done: Callable[[], None],
    ) -> None:
        """`done` is called after each cancellation."""
        self._http = http
        self._reads = reads
        self._done = done
        self._monotonic = http.monotonic
        self._kept: dict[str, tuple[float, EventRecord, Readable]] = {}

    async def plan(self, event_id: str, record: str, *, whole_order: bool) -> WritePlan | WriteResult:
        _refuse_whole(whole_order=whole_order)
        event, read = await self._event(event_id)
        row = await self._reads.attendee_if_there(event.key, record)
        if row is None:
            raise NotFound(
                "Eventtia shows no such registration at this event: it is gone, or never was.",
                next="Call list_attendees with status all for current refs.",
                field="attendees",
            )
        one = _Registration(event.key, event.attributes.name, read.of(row))
        return self._plan(one, await self._status(one, row), looked=False)

    async def plan_many(self, event_id: str, records: Sequence[str], *, whole_order: bool) -> list[Planned]:
        """The same for several of one event: who takes part stands in one list; the others are looked up."""
        _refuse_whole(whole_order=whole_order)
        event, read = await self._event(event_id)
        people = self._reads.people(operations.LIST_ATTENDEES, {"event": event.key}, {})
        roll = {row.id: row for row in await read_roll(people, len(records)) or () if row.status not in GONE}

        async def plan(record: str) -> WritePlan | WriteResult:
            row = roll.get(record)
            if row is None:
                return await self.plan(event_id, record, whole_order=whole_order)
            return self._plan(_Registration(event.key, event.attributes.name, read.of(row)), row.status, looked=True)

        return await plan_all(records, plan)

    def _plan(self, one: _Registration, status: PersonStatus, *, looked: bool) -> WritePlan | WriteResult:
        """`looked`: a moment before sending, when the write was planned, the registration stood."""
        record = one.person.id
        if status in GONE:
            notes = ("It was rejected, and holds no seat.",) if status is PersonStatus.REJECTED else ()
            result = _result(one, Outcome.ALREADY_DONE, status.value, notes)
            return replace(result, makes_true=("cancellation", one.event, record))

        async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
            nonlocal looked
            if looked:
                looked = False
                return ()
            now = await self._now(one)
            return (Found(record),) if now is None or now in GONE else ()

        async def finish(_: Mapping[str, str]) -> WriteResult:
            self._done()
            now = await self._now(one)
            if now is None:
                gone = ("Eventtia no longer shows the registration.",)
                return _result(one, Outcome.DONE, PersonStatus.CANCELLED.value, gone)
            if now in GONE:
                return _result(one, Outcome.DONE, now.value)
            kept = ("Eventtia took the request, but still shows the registration as it was. Tell the person.",)
            return _result(one, Outcome.UNKNOWN, now.value, kept)

        path = {"event": one.event, "attendee": record}
        prepared = self._http.prepare(operations.CANCEL_REGISTRATION, path=path)
        return WritePlan(
            summary=f"Cancel a registration for {shown(one.title)}.",
            makes_true=("cancellation", one.event, record),
            steps=(self._http.step("cancel the registration", prepared, ANYTHING, lambda _: {}, find=find),),
            finish=finish,
            question=_question(one),
            changes=(Change("status", status.value, PersonStatus.CANCELLED.value),),
            mail="unknown",
            facts={"ticket": one.person.ticket} if one.person.ticket else {},
            notes=("No money is returned by this.",) if one.person.paid else (),
            looks=2 if looked else 4,
        )

    async def _event(self, event_id: str) -> tuple[EventRecord, Readable]:
        """The event and how its people are read; for many registrations of one event it is read once."""
        until, event, read = self._kept.get(event_id, (0.0, None, None))
        if event is None or read is None or until <= self._monotonic():
            event = await self._reads.event(event_id)
            read = Readable(await self._reads.forms(event.key), None)
            self._kept = {event_id: (self._monotonic() + KEPT_SECONDS, event, read)}
        return event, read

    async def _now(self, one: _Registration) -> PersonStatus | None:
        """The present status; None when the registration is gone."""
        row = await self._reads.attendee_if_there(one.event, one.person.id)
        return None if row is None else await self._status(one, row)

    async def _status(self, one: _Registration, row: Row) -> PersonStatus:
        """What the registration says of itself; cancelled where only the list with deleted ones shows it."""
        if row.status in GONE:
            return row.status
        query = {"email": one.person.email.strip().lower()} if one.person.email else {}
        if await self._listed(one, query) or not await self._listed(one, {**HIDDEN, **query}):
            return row.status
        return PersonStatus.CANCELLED

    async def _listed(self, one: _Registration, query: Mapping[str, str]) -> bool:
        pages = self._reads.people(operations.LIST_ATTENDEES, {"event": one.event}, query)
        return any([row.id == one.person.id async for page in pages for row in page.rows])


def _refuse_whole(*, whole_order: bool) -> None:
    if whole_order:
        raise InvalidArguments(
            "Eventtia's registrations each stand for one person: there is no order to cancel whole.",
            next="Repeat the call without whole_order, with a ref for each registration that is meant.",
            field="whole_order",
        )


def _question(one: _Registration) -> Question:
    person = one.person
    ticket = f" ({shown(person.ticket, 40)})" if person.ticket else ""
    paid = " It is paid, and no money is returned." if person.paid else ""
    return Question(
        text=f"Cancel the registration a-{person.id} of '{someone(person.name or person.email)}'{ticket} for {shown(one.title, 80)} "
        f"on Eventtia? Nothing takes it back.{paid}",
        why=frozenset({Why.DESTRUCTIVE}),
        reversible=False,
    )


def _result(one: _Registration, outcome: Outcome, status: str, notes: tuple[str, ...] = ()) -> WriteResult:
    return WriteResult(
        outcome=outcome,
        event_id=one.event,
        record=one.record,
        status=status,
        mail="unknown" if outcome is Outcome.DONE else "",
        facts={"ticket": one.person.ticket} if one.person.ticket else {},
        notes=notes,
    )
