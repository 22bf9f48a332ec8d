"""Registering a person at HeySummit: look first, name a price, never give paid access unasked."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from eventdesk_server.http.client import Later
from eventdesk_server.providers.heysummit import operations, wire
from eventdesk_server.providers.heysummit.routes import Routes
from eventdesk_server.providers.heysummit.shelf import Shelf, check_available
from eventdesk_tools.choose import choose, split_name
from eventdesk_tools.errors import InvalidArguments, NotFound, OutcomeUnknown, Unsupported
from eventdesk_tools.models import Outcome, PersonStatus, Registration, Ticket, WriteResult
from eventdesk_tools.plans import Found, Question, Step, Why, WritePlan
from eventdesk_tools.refs import Kind, shown

_ATTENDEE = "attendee"
"""The value under which the registration's id is kept between steps."""


class Looks:
    """What registering reads of an event, when it is needed. `many`: for many people at once."""

    many: ClassVar[bool] = False

    def __init__(self, routes: Routes, event_id: str) -> None:
        self.routes = routes
        self._event_id = event_id

    async def event(self) -> wire.Event:
        return await self.routes.event(self._event_id)

    async def talks(self, event_id: str) -> Sequence[wire.Talk]:
        return [talk async for talk in self.routes.talks(event_id)]

    async def shelf(self, event_id: str) -> Shelf:
        return await self.routes.shelf(event_id)

    async def registered(self, event_id: str, email: str) -> tuple[wire.Attendee, ...]:
        return await self.routes.registered(event_id, email)


async def plan(looks: Looks, wanted: Registration) -> WritePlan | WriteResult:
    """How to register a person; a result where they are registered and nothing is to be added.

    One person's named ticket is added where they are registered already; of many people's only the talks are.

    Raises:
        InvalidArguments: It is not certain which ticket is meant, or a priced one is not said to be complimentary.
        Unsupported: The platform, or this version of its API, cannot take an argument.
        SoldOut: None of that ticket is left.
    """
    routes = looks.routes
    answers = _checked(routes, wanted)
    event = await looks.event()
    known = await looks.registered(event.id, wanted.email)
    talks = await _talks(looks, event.id, wanted.sessions)
    unchanged = _Registering(routes, wanted, event, None, talks, answers)
    if known and not wanted.ticket.strip():
        return unchanged.additions(known)
    shelf = await looks.shelf(event.id)
    ticket = shelf.choose(wanted.ticket)
    if known and looks.many:
        return unchanged.additions(known)
    work = _Registering(routes, wanted, event, ticket, talks, answers, looked=looks.many)
    if known and routes.version == "v1":
        return work.additions(known)
    check_available(ticket)
    _check_price(shelf, ticket, wanted)
    return work.additions(known) if known else work.registration()


def _checked(routes: Routes, wanted: Registration) -> tuple[tuple[int, str], ...]:
    """Refuse what cannot be expressed, before any request; the answers by question number."""
    if wanted.occurrence is not None:
        raise InvalidArguments("HeySummit's events do not repeat: leave occurrence out.", field="occurrence")
    if wanted.extras:
        raise Unsupported(
            "HeySummit has no extras to register for.",
            next="Leave extras out; tickets are chosen by ticket.",
            field="extras",
        )
    if wanted.last_name.strip():
        split_name(wanted.name, wanted.last_name)
    if routes.version == "v1" and (wanted.sessions or wanted.answers):
        field = "sessions" if wanted.sessions else "answers"
        raise Unsupported(
            f"Version 1 of HeySummit's API takes no {field}.",
            next=f"Leave {field} out, or ask the person to set api_version to v2 for this account.",
            field=field,
        )
    return _numbered(wanted.answers)


def _numbered(answers: Sequence[tuple[str, str]]) -> tuple[tuple[int, str], ...]:
    numbered: dict[int, str] = {}
    for question, answer in answers:
        text = question.strip()
        if not (text.isascii() and text.isdigit() and len(text) <= 18 and int(text) > 0):
            raise InvalidArguments(
                f"HeySummit names a question by its number, and {shown(question)} is none.",
                next="Its API does not list the questions: ask the person for the number, or leave the answer out.",
                field="answers",
            )
        if not answer.strip():
            raise InvalidArguments(f"The answer to question {text} is empty: leave it out instead.", field="answers")
        if int(text) in numbered:
            raise InvalidArguments(f"HeySummit takes one answer to question {text}.", field="answers")
        numbered[int(text)] = answer
    return tuple(numbered.items())


async def _talks(looks: Looks, event_id: str, wanted: Sequence[str]) -> tuple[wire.Talk, ...]:
    """The talks that are meant, each once."""
    if not wanted:
        return ()
    offered = await looks.talks(event_id)
    chosen: dict[str, wire.Talk] = {}
    for text in wanted:
        talk = choose(
            offered, text, kind=Kind.SESSION, field="sessions", id_of=lambda t: t.id, name_of=lambda t: t.title
        )
        if talk.talk_cancelled:
            raise InvalidArguments(f"The talk {shown(talk.title)} is cancelled.", field="sessions")
        chosen[talk.id] = talk
    return tuple(chosen.values())


def _check_price(shelf: Shelf, ticket: Ticket, wanted: Registration) -> None:
    """Refuse a priced ticket that nobody said to give away. Registering charges nobody at HeySummit."""
    free = ticket.price is not None and ticket.price.free
    if free or wanted.complimentary or not shelf.priced:
        return
    costs = f"costs {ticket.price}" if ticket.price is not None else "has a price that cannot be read"
    raise InvalidArguments(
        f"The ticket {shown(ticket.name)} {costs}, and registering charges nobody.",
        next="Call create_sale for a link where it is paid, or ask whether it is given away: then complimentary=true.",
        field="complimentary",
    )


@dataclass(frozen=True, slots=True)
class _Registering:
    """One person, one event, and what they are to get. `ticket` is None where nothing names one.

    `looked`: nobody of this address was there a moment before sending, when the write was planned.
    """

    routes: Routes
    wanted: Registration
    event: wire.Event
    ticket: Ticket | None
    talks: tuple[wire.Talk, ...]
    answers: tuple[tuple[int, str], ...]
    looked: bool = False
    made: list[wire.Attendee] = field(default_factory=list[wire.Attendee])
    """What the platform answered to the registration."""

    @property
    def email(self) -> str:
        return self.wanted.email.strip()

    @property
    def title(self) -> str:
        return shown(self.event.title)

    @property
    def notes(self) -> tuple[str, ...]:
        return ("The event is archived: the public no longer sees it.",) if self.event.is_archived else ()

    @property
    def _makes_true(self) -> tuple[str, ...]:
        return ("registration", self.event.id, "", self.ticket.id if self.ticket else "", self.email.casefold(), "1")

    def registration(self) -> WritePlan:
        """The person is not there yet."""
        ticket = self.ticket.id if self.ticket else ""
        prepared = self.routes.registration(
            self.event.id, self.email, " ".join(self.wanted.name.split()), ticket, self.answers
        )
        register = self.routes.http.step(
            "register the person", prepared, wire.Attendee, self._created, find=self._finder()
        )
        return WritePlan(
            summary=f"Register {shown(self.wanted.name)} for {self.title}",
            makes_true=self._makes_true,
            steps=(register, *(self._to_talk(talk, Later(_ATTENDEE)) for talk in self.talks)),
            finish=self._registered,
            stands=self._still_registered,
            question=self._question(),
            mail="yes",
            notes=self.notes,
            facts=self._facts(self.talks),
        )

    def additions(self, known: Sequence[wire.Attendee]) -> WritePlan | WriteResult:
        """The person is there: a named ticket and talks are added, nothing else changes."""
        person = known[0]
        steps: list[Step] = []
        notes = self.notes
        if self.ticket is not None and self.routes.version == "v2":
            steps.append(self._to_ticket(person, self.ticket))
        elif self.ticket is not None and all(held.ticket_id != self.ticket.id for held in person.tickets):
            notes = (
                *notes,
                "The ticket was not added: version 1 of HeySummit's API gives none to a registered person.",
            )
        steps += [self._to_talk(talk, person.id) for talk in self.talks if talk.id not in person.talks]
        if not steps:
            result = self._result(person, Outcome.ALREADY_REGISTERED, notes, mail="no")
            return replace(result, makes_true=self._makes_true)
        added = tuple(sorted(talk.id for talk in self.talks if talk.id not in person.talks))

        async def finish(_values: Mapping[str, str]) -> WriteResult:
            now = await self.routes.person(self.event.id, person.id)
            return self._result(now, Outcome.ALREADY_REGISTERED, (*notes, *self._missing_talks(now)), mail="unknown")

        return WritePlan(
            summary=f"Add to the registration of {shown(self.wanted.name)} for {self.title}",
            # Where no talk is added this is what a first call made true, and the journal may know it.
            makes_true=("talks added", *self._makes_true, *added) if added else self._makes_true,
            steps=tuple(steps),
            finish=finish,
            stands=None if added else self._still_registered,
            question=self._question(),
            mail="unknown",
            notes=("This address is registered already; only what is named is added.", *notes),
            facts=self._facts(self.talks),
        )

    def _to_ticket(self, person: wire.Attendee, ticket: Ticket) -> Step:
        prepared = self.routes.http.prepare(
            operations.ASSIGN_TICKET,
            path={"event": self.event.id, "attendee": person.id},
            body={"ticket_price_id": int(ticket.id)},
        )
        return self.routes.http.step(
            f"give the ticket t-{ticket.id}", prepared, object, lambda _: {_ATTENDEE: person.id}
        )

    def _to_talk(self, talk: wire.Talk, attendee: str | Later) -> Step:
        """Failing to join a talk does not undo the registration."""
        path = {"event": self.event.id, "attendee": attendee, "talk": talk.id}
        prepared = self.routes.http.prepare(operations.ADD_TO_TALK, path=path, body={})
        return self.routes.http.step(f"add to the talk s-{talk.id}", prepared, object, lambda _: {}, optional=True)

    def _created(self, answer: wire.Attendee) -> Mapping[str, str]:
        """The id of what was created, if it is what was asked for."""
        if not answer.belongs(self.event.id, self.email):
            raise OutcomeUnknown(
                "HeySummit answered with a registration of another event or address than was sent.",
                next="Make the same call again: it looks the person up and sends nothing twice.",
            )
        self.made.append(answer)
        return {_ATTENDEE: answer.id}

    def _finder(self) -> Callable[[Mapping[str, str]], Awaitable[tuple[Found, ...]]]:
        """Looks for the person: by address before sending, and everywhere once the platform has said "already"."""
        found_nobody, looked = self.looked, False

        async def find(_values: Mapping[str, str]) -> tuple[Found, ...]:
            nonlocal found_nobody, looked
            if found_nobody:
                found_nobody = False
                return ()
            known = await self.routes.registered(self.event.id, self.email, thorough=looked or self.looked)
            looked = True
            return tuple(Found(person.id, {_ATTENDEE: person.id}) for person in known)

        return find

    async def _registered(self, values: Mapping[str, str]) -> WriteResult:
        if self.looked and self.made and not self.talks:
            # One of many: the answer to the registration has told what a further look would.
            return self._result(self.made[-1], Outcome.DONE, self.notes, mail="yes")
        person = await self.routes.person(self.event.id, values[_ATTENDEE])
        notes = [*self.notes, *self._missing_talks(person)]
        if not person.belongs(self.event.id, self.email):
            notes.append("HeySummit now shows another address or event on this registration: tell the person.")
        return self._result(person, Outcome.DONE, notes, mail="yes")

    async def _still_registered(self, values: Mapping[str, str]) -> WriteResult | None:
        for person in await self.routes.registered(self.event.id, self.email):
            if person.id == values.get(_ATTENDEE):
                return self._result(person, Outcome.ALREADY_DONE, self._missing_talks(person), mail="no")
        return None

    def _missing_talks(self, person: wire.Attendee) -> tuple[str, ...]:
        missing = [f"s-{talk.id}" for talk in self.talks if talk.id not in person.talks]
        return (f"HeySummit does not show this person on: {', '.join(missing)}.",) if missing else ()

    def _result(self, person: wire.Attendee, outcome: Outcome, notes: Sequence[str], *, mail: str) -> WriteResult:
        told = list(notes)
        if person.status is PersonStatus.INCOMPLETE:
            told.append(f"HeySummit's word for this registration: {shown(person.registration_status or '')}.")
        return WriteResult(
            outcome=outcome,
            event_id=self.event.id,
            record=(Kind.REGISTRATION, person.id),
            status=person.status,
            mail="yes" if mail == "yes" else "no" if mail == "no" else "unknown",
            facts=self._facts([talk for talk in self.talks if talk.id in person.talks]),
            notes=tuple(told),
        )

    def _facts(self, talks: Sequence[wire.Talk]) -> dict[str, object]:
        facts: dict[str, object] = {}
        if self.ticket is not None:
            facts["ticket"] = self.ticket.name
        if talks:
            facts["sessions"] = [talk.title for talk in talks]
        return facts

    def _question(self) -> Question | None:
        """Asked where access is given that somebody would otherwise pay for, or might."""
        if self.ticket is None or (self.ticket.price is not None and self.ticket.price.free):
            return None
        who, name = shown(self.wanted.name), shown(self.ticket.name)
        price = f", which costs {self.ticket.price}," if self.ticket.price is not None else ""
        unsure = "" if price else " No price is told: if it costs anything, nobody pays it."
        return Question(
            text=f"Give {who} the ticket {name}{price} for {self.title} without payment?{unsure} "
            "HeySummit charges nobody for this, and its API cannot take it back.",
            why=frozenset({Why.UNPAID_ACCESS}),
            reversible=False,
        )


async def assignment(routes: Routes, event_id: str, attendee_id: str, price_id: str) -> WritePlan | WriteResult:
    """How to give a registered person a price of a ticket: asked about where somebody would otherwise pay for it.

    Raises:
        NotFound: There is no such person at this event.
        UnknownRef: The event has no such price.
        SoldOut: None of that ticket is left.
    """
    event = await routes.event(event_id)
    person = await routes.person(event.id, attendee_id)
    if person.event not in {"", event.id}:
        raise NotFound("That registration is of another event.", next="Call list_attendees for this event.")
    ticket = (await routes.shelf(event.id)).choose(f"{Kind.TICKET}-{price_id}")
    check_available(ticket)
    wanted = Registration(
        event_id=event.id, name=person.name, email=person.email, ticket=f"{Kind.TICKET}-{ticket.id}", complimentary=True
    )
    return _Registering(routes, wanted, event, ticket, (), ()).additions([person])
