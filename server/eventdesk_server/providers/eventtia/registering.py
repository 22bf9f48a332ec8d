"""Registering a person: look up, check everything, send one request."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from eventdesk_server.http.client import ProviderClient
from eventdesk_server.providers.eventtia import operations
from eventdesk_server.providers.eventtia.choosing import (
    Chosen,
    check_extra,
    check_free,
    check_seats,
    given_person,
    number,
    request_body,
)
from eventdesk_server.providers.eventtia.envelope import Single
from eventdesk_server.providers.eventtia.forms import fill
from eventdesk_server.providers.eventtia.reads import Form, Programme, Reads
from eventdesk_server.providers.eventtia.tickets import PurchaseItem
from eventdesk_server.providers.eventtia.wire import Attendee, BookingRecord, EventRecord
from eventdesk_tools.choose import choose, choose_ticket, split_name
from eventdesk_tools.errors import AmbiguousName, InvalidArguments, SoldOut
from eventdesk_tools.models import EventStatus, Json, Outcome, PersonStatus, Registration, Ticket, WriteResult
from eventdesk_tools.money import Money
from eventdesk_tools.plans import Found, Step, WritePlan
from eventdesk_tools.refs import Kind, shown

_YES_NO = {True: "yes", False: "no", None: ""}


class Registering:
    """Plans of `register_attendee` at one account."""

    def __init__(
        self,
        http: ProviderClient,
        reads: Reads,
        now: Callable[[], datetime],
        zone: str,
        currency: str,
        *,
        looked: bool = False,
    ) -> None:
        """`looked`: whoever is registered was looked up a moment before sending, when the write was planned."""
        self._http = http
        self._reads = reads
        self._now = now
        self._zone = zone
        self._currency = currency
        self._looked = looked

    async def plan(self, wanted: Registration) -> WritePlan | WriteResult:
        if wanted.occurrence is not None:
            raise InvalidArguments(
                "Eventtia has no repeating events.", next="Repeat the call without occurrence.", field="occurrence"
            )
        first, last = split_name(wanted.name, wanted.last_name)
        event = await self._reads.event(wanted.event_id)
        forms = await self._reads.forms(event.key)
        tickets = [form.type.to_ticket(self._money_of(event)) for form in forms]
        there = await self._reads.registered(event.key, wanted.email, _email_fields(forms))
        if there:
            ticket = choose_ticket(tickets, wanted.ticket) if wanted.ticket.strip() else None
            return await self._already(wanted, event, forms, there, ticket)
        ticket = choose_ticket(tickets, wanted.ticket)
        form = next(form for form in forms if form.type.id == ticket.id)
        if ticket.left == 0:
            raise SoldOut(f"{shown(ticket.name)} is sold out.", field="ticket")
        filled = fill(form, wanted.answers, event.zone(self._zone))
        sessions = await self._sessions(event.key, wanted.sessions)
        extras = await self._extras(event.key, wanted.extras, form)
        chosen = Chosen(event, form, ticket, sessions, extras)
        if wanted.complimentary:
            check_free(chosen)
        return self._new(
            wanted, chosen, request_body(chosen, first, last, wanted.email.strip(), filled), _email_fields(forms)
        )

    async def plan_given(self, given: Mapping[str, Json]) -> WritePlan | WriteResult:
        """The registration that an operation's arguments describe, sent as given after the same checks."""
        body = {name: value for name, value in given.items() if name != "event"}
        wanted = given_person(str(given["event"]), body)
        event = await self._reads.event(wanted.event_id)
        forms = await self._reads.forms(event.key)
        tickets = [form.type.to_ticket(self._money_of(event)) for form in forms]
        ticket = choose_ticket(tickets, wanted.ticket)
        form = next(form for form in forms if form.type.id == ticket.id)
        there = await self._reads.registered(event.key, wanted.email, _email_fields(forms))
        if there:
            return await self._already(wanted, event, forms, there, ticket)
        if ticket.left == 0:
            raise SoldOut(f"{shown(ticket.name)} is sold out.", field="arguments.attendee")
        sessions = await self._sessions(event.key, wanted.sessions)
        extras = await self._extras(event.key, wanted.extras, form)
        return self._new(wanted, Chosen(event, form, ticket, sessions, extras), body, _email_fields(forms))

    async def plan_booking(self, given: Mapping[str, Json]) -> WritePlan | WriteResult:
        """A registered person into one more session, as an operation asks for it."""
        event = await self._reads.event(str(given["event"]))
        one = await self._reads.attendee(event.key, str(given["attendee_id"]))
        forms = await self._reads.forms(event.key)
        wanted = Registration(event_id=event.key, name="", email="", sessions=(f"s-{given['workshop_id']}",))
        return await self._already(wanted, event, forms, (one,), None)

    # A person who is not registered yet ------------------------------------------------------------------------------

    def _new(
        self, wanted: Registration, chosen: Chosen, body: Mapping[str, Json], email_fields: frozenset[str]
    ) -> WritePlan:
        key, email = chosen.event.key, wanted.email.strip()

        looked = self._looked

        async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
            nonlocal looked
            if looked:
                # Planning found nobody of this address. The next look is one at what the request has done.
                looked = False
                return ()
            there = await self._reads.registered(key, email, email_fields)
            return tuple(Found(one.id, _kept(one)) for one in there if one.type_id == chosen.form.type.id)

        async def finish(values: Mapping[str, str]) -> WriteResult:
            return await self._registered(chosen, values)

        async def stands(values: Mapping[str, str]) -> WriteResult | None:
            there = await self._reads.registered(key, email, email_fields)
            again = next((one for one in there if one.id == values.get("attendee")), None)
            return await self._registered(chosen, _kept(again)) if again is not None else None

        prepared = self._http.prepare(operations.REGISTER_ATTENDEE, path={"event": key}, body=body)
        step = self._http.step(
            "register the person", prepared, Single[Attendee], lambda answer: _kept(answer.data), find=find
        )
        return WritePlan(
            summary=f"Register a person for {shown(chosen.event.attributes.name)} with {shown(chosen.ticket.name)}.",
            makes_true=("registration", key, "", chosen.form.type.id, email.lower(), "1"),
            steps=(step,),
            finish=finish,
            stands=stands,
            mail="yes",
            notes=tuple(self._warnings(chosen)),
            looks=bool(chosen.sessions) + bool(chosen.extras),
            facts={"ticket": chosen.ticket.name} | ({"price": str(chosen.ticket.price)} if chosen.ticket.price else {}),
        )

    async def _registered(self, chosen: Chosen, values: Mapping[str, str]) -> WriteResult:
        """What the platform answered, and whether the sessions and extras are there, of which it says nothing."""
        attendee = values.get("attendee", "")
        status = PersonStatus(values.get("status") or PersonStatus.UNKNOWN)
        facts: dict[str, Json] = {"ticket": chosen.ticket.name}
        notes: list[str] = []
        if values.get("paid"):
            facts["paid"] = values["paid"] == "yes"
        if status is PersonStatus.UNKNOWN:
            notes.append(f"Eventtia's word for the status is {shown(values.get('word', ''))}.")
        if values.get("type") not in {"", None, chosen.form.type.id}:
            notes.append(
                f"Eventtia registered the person with another attendee type, {values['type']}. Tell the person."
            )
        if chosen.sessions:
            booked = await self._reads.booked(chosen.event.key, attendee)
            facts["sessions"] = [s.activity.attributes.name for s in chosen.sessions if s.activity.id in booked]
            notes += _missing(
                "session", [s.activity.attributes.name for s in chosen.sessions if s.activity.id not in booked]
            )
        if chosen.extras:
            held = await self._reads.purchased(chosen.event.key, attendee)
            facts["extras"] = [f"{wanted} {item.attributes.name}" for item, wanted in chosen.extras if item.id in held]
            notes += _missing(
                "extra", [item.attributes.name for item, wanted in chosen.extras if held.get(item.id, 0) < wanted]
            )
        return WriteResult(
            outcome=Outcome.DONE,
            event_id=chosen.event.key,
            record=(Kind.REGISTRATION, attendee),
            status=status.value,
            mail="yes",
            facts=facts,
            notes=tuple(notes),
        )

    def _warnings(self, chosen: Chosen) -> list[str]:
        notes = list[str]()
        status = chosen.event.status(self._now())
        if status in {EventStatus.INACTIVE, EventStatus.ENDED}:
            notes.append("The event is inactive." if status is EventStatus.INACTIVE else "The event has ended.")
        if chosen.form.type.attributes.confirmation_required:
            notes.append("This ticket waits for the organiser's confirmation: the person will be pending.")
        if chosen.due is None:
            notes.append("Eventtia does not tell this ticket's price.")
        elif chosen.due > 0:
            notes.append(
                f"{Money(chosen.due, self._money_of(chosen.event))} will be due; nothing is charged by this call."
            )
        if chosen.extras:
            notes.append("Extras may cost more: Eventtia's API does not say what its amounts for them mean.")
        return notes

    # A person who is registered already ------------------------------------------------------------------------------

    async def _already(
        self,
        wanted: Registration,
        event: EventRecord,
        forms: Sequence[Form],
        there: Sequence[Attendee],
        ticket: Ticket | None,
    ) -> WritePlan | WriteResult:
        names = {form.type.id: form.type.attributes.name for form in forms}
        same = [one for one in there if ticket is not None and one.type_id == ticket.id]
        fits = same or list(there)
        one = fits[0]
        if len(fits) > 1 and wanted.sessions:
            raise AmbiguousName(
                f"This address has {len(fits)} active registrations, and the sessions can be added to one only.",
                next="Ask the person which ticket is meant, then repeat the call with it.",
                field="ticket",
                allowed=[
                    f"t-{each.type_id} {names.get(each.type_id, '')}, registration a-{each.id}" for each in fits[:10]
                ],
            )
        notes = list[str]()
        if ticket is not None and not same:
            notes.append(
                f"Registered with {shown(names.get(one.type_id, 'another ticket'))}; the ticket was not changed."
            )
        if len(there) > 1:
            refs = ", ".join(f"a-{each.id}" for each in there[:5])
            notes.append(f"This address has {len(there)} active registrations: {refs}.")
        if wanted.answers or wanted.extras:
            notes.append("Answers and extras were not sent: a registration cannot be changed through Eventtia's API.")
        facts: dict[str, Json] = {"ticket": names[one.type_id]} if one.type_id in names else {}
        if one.attributes.paid is not None:
            facts["paid"] = one.attributes.paid
        result = WriteResult(
            outcome=Outcome.ALREADY_REGISTERED,
            event_id=event.key,
            record=(Kind.REGISTRATION, one.id),
            status=one.status.value,
            facts=facts,
            notes=tuple(notes),
            makes_true=("registration", event.key, "", one.type_id, wanted.email.strip().lower(), "1"),
        )
        if not wanted.sessions:
            return result
        booked = await self._reads.booked(event.key, one.id)
        sessions = [s for s in await self._find_sessions(event.key, wanted.sessions) if s.activity.id not in booked]
        check_seats(sessions)
        return self._more_sessions(event, one, sessions, result) if sessions else result

    def _more_sessions(
        self, event: EventRecord, one: Attendee, sessions: Sequence[Programme], result: WriteResult
    ) -> WritePlan:
        async def finish(_: Mapping[str, str]) -> WriteResult:
            booked = await self._reads.booked(event.key, one.id)
            added = [s.activity.attributes.name for s in sessions if s.activity.id in booked]
            lost = [s.activity.attributes.name for s in sessions if s.activity.id not in booked]
            return WriteResult(
                outcome=result.outcome,
                event_id=result.event_id,
                record=result.record,
                status=result.status,
                mail="unknown",
                facts={**result.facts, "sessions_added": added},
                notes=(*result.notes, *_missing("session", lost)),
            )

        return WritePlan(
            summary=f"Book a person registered for {shown(event.attributes.name)} into {len(sessions)} more sessions.",
            makes_true=("sessions", event.key, one.id, *sorted(s.activity.id for s in sessions)),
            steps=tuple(self._book(event.key, one.id, session) for session in sessions),
            finish=finish,
            mail="unknown",
            notes=("The person is registered already; only the sessions are added.",),
            looks=len(sessions) + 1,
        )

    def _book(self, event: str, attendee: str, session: Programme) -> Step:
        activity = session.activity.id

        async def find(_: Mapping[str, str]) -> tuple[Found, ...]:
            return (Found(activity),) if activity in await self._reads.booked(event, attendee) else ()

        body = {"workshop_id": number(activity), "attendee_id": number(attendee)}
        prepared = self._http.prepare(operations.ADD_TO_ACTIVITY, path={"event": event}, body=body)
        name = f"book {shown(session.activity.attributes.name, 40)}"
        return self._http.step(name, prepared, Single[BookingRecord], lambda _: {}, find=find)

    # Choosing --------------------------------------------------------------------------------------------------------

    async def _find_sessions(self, event: str, names: Sequence[str]) -> tuple[Programme, ...]:
        if not names:
            return ()
        every = await self._reads.activities(event)
        chosen = {
            one.activity.id: one
            for name in names
            for one in [
                choose(
                    every,
                    name,
                    kind=Kind.SESSION,
                    field="sessions",
                    id_of=lambda s: s.activity.id,
                    name_of=lambda s: s.activity.attributes.name,
                )
            ]
        }
        return tuple(chosen.values())

    async def _sessions(self, event: str, names: Sequence[str]) -> tuple[Programme, ...]:
        chosen = await self._find_sessions(event, names)
        check_seats(chosen)
        return chosen

    async def _extras(
        self, event: str, wanted: Sequence[tuple[str, int]], form: Form
    ) -> tuple[tuple[PurchaseItem, int], ...]:
        if not wanted:
            return ()
        every = {item.id: item for item in await self._reads.items(event)}
        tickets = [item.to_ticket({}) for item in every.values()]
        quantities: dict[str, int] = {}
        for name, quantity in wanted:
            if quantity < 1:
                raise InvalidArguments("An extra's quantity is 1 or more.", field="extras")
            item = every[choose_ticket(tickets, name, field="extras", kind=Kind.EXTRA).id]
            quantities[item.id] = quantities.get(item.id, 0) + quantity
            check_extra(item, quantities[item.id], form)
        return tuple((every[item_id], quantity) for item_id, quantity in quantities.items())

    def _money_of(self, event: EventRecord) -> str | None:
        return event.attributes.currency.upper() or self._currency or None


def _kept(one: Attendee) -> dict[str, str]:
    """What later looks need of a registration: ids and states, nothing personal."""
    return {
        "attendee": one.id,
        "type": one.type_id,
        "status": one.status.value,
        "word": one.attributes.status[:30] if one.status is PersonStatus.UNKNOWN else "",
        "paid": _YES_NO[one.attributes.paid],
    }


def _missing(kind: str, names: Sequence[str]) -> list[str]:
    return [f"Not booked by Eventtia: {kind} {shown(name)}. Tell the person." for name in names]


def _email_fields(forms: Sequence[Form]) -> frozenset[str]:
    return frozenset(field for form in forms for field in form.email_fields)
