"""What a person is to get when registering: whether it may be taken, and the request that asks for it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from eventdesk_server.providers.eventtia.forms import Filled
from eventdesk_server.providers.eventtia.reads import Form, Programme
from eventdesk_server.providers.eventtia.tickets import PurchaseItem
from eventdesk_server.providers.eventtia.wire import EventRecord
from eventdesk_server.providers.loose import count
from eventdesk_tools.errors import InvalidArguments, SoldOut, Unsupported
from eventdesk_tools.models import Json, Registration, Ticket
from eventdesk_tools.people import clean_email
from eventdesk_tools.refs import Kind, shown

_DAY_FIRST = re.compile(r"\d{2}/\d{2}/\d{4}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person is to get: all of it found, and free where it is counted."""

    event: EventRecord
    form: Form
    ticket: Ticket
    sessions: tuple[Programme, ...]
    extras: tuple[tuple[PurchaseItem, int], ...]

    @property
    def due(self) -> Decimal | None:
        """What the ticket and the sessions cost; None where a price is not told."""
        prices = [s.activity.price_for(self.form.type.id) or Decimal(0) for s in self.sessions]
        price = self.form.type.attributes.price
        return None if price is None else price + sum(prices)


def request_body(chosen: Chosen, first: str, last: str, email: str, filled: Filled) -> dict[str, Json]:
    """The request. The person is nested, as in the reference's sample; its table is flat. Empty fields are left out."""
    person: dict[str, Json] = {
        "attendee_type_id": number(chosen.form.type.id),
        "first_name": first,
        "last_name": last,
        "email": email,
        **filled.person,
    }
    if filled.custom:
        person["custom_fields"] = filled.custom
    body: dict[str, Json] = {"attendee": person, **filled.top}
    if chosen.sessions:
        body["workshops"] = {s.activity.id: number(s.activity.id) for s in chosen.sessions}
    if chosen.extras:
        body["purchase_items"] = {item.id: quantity for item, quantity in chosen.extras}
    return body


def given_person(event: str, body: Mapping[str, Json]) -> Registration:
    """Who and what a request body asks for, in the terms that the checks read.

    Raises:
        InvalidArguments: A part is missing or not written as the platform takes it.
    """
    given = cast("Mapping[str, Json]", body["attendee"])
    texts = {name: str(given.get(name) or "").strip() for name in ("attendee_type_id", "first_name", "last_name")}
    missing = [name for name, text in texts.items() if not text]
    if missing:
        raise InvalidArguments(f"attendee needs {', '.join(missing)}.", field="arguments.attendee")
    birthdate = given.get("birthdate")
    if birthdate and not _DAY_FIRST.fullmatch(str(birthdate)):
        raise InvalidArguments("birthdate is written day first, like 09/03/1990.", field="arguments.attendee")
    quantities = {item: count(quantity) for item, quantity in _map(body, "purchase_items").items()}
    wrong = [item for item, quantity in quantities.items() if quantity is None]
    if wrong:
        raise InvalidArguments(
            f"The quantity of item {shown(wrong[0])} is no number.", field="arguments.purchase_items"
        )
    return Registration(
        event_id=event,
        name=f"{texts['first_name']} {texts['last_name']}",
        last_name=texts["last_name"],
        email=clean_email(str(given.get("email") or "")),
        ticket=f"{Kind.TICKET}-{texts['attendee_type_id']}",
        sessions=tuple(f"{Kind.SESSION}-{activity}" for activity in _map(body, "workshops")),
        extras=tuple((f"{Kind.EXTRA}-{item}", quantity) for item, quantity in quantities.items() if quantity),
    )


def _map(body: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    return cast("Mapping[str, Json]", body.get(name) or {})


def check_seats(sessions: Sequence[Programme]) -> None:
    for session in sessions:
        if session.activity.left == 0:
            raise SoldOut(
                f"The session {shown(session.activity.attributes.name)} is full.",
                next="Ask the person, then repeat the call without it or with another one.",
                field="sessions",
            )


def check_extra(item: PurchaseItem, quantity: int, form: Form) -> None:
    told = item.attributes
    most = told.maximum_quantity_per_attendee
    if most and quantity > most:
        raise InvalidArguments(f"A person may take {most} of {shown(told.name)} at most.", field="extras")
    if told.available_for_attendee_types and form.type.id not in told.available_for_attendee_types:
        raise InvalidArguments(
            f"{shown(told.name)} is not offered with {shown(form.type.attributes.name)}.",
            next="Leave it out, or choose another ticket with the person.",
            field="extras",
        )
    # Whether this is what there is in all or what is left is not documented: more than it is neither.
    if told.quantity is not None and quantity > told.quantity:
        raise SoldOut(f"There are only {told.quantity} of {shown(told.name)}.", field="extras")


def check_free(chosen: Chosen) -> None:
    """Refuse to give away what costs money: Eventtia's API has no way to leave a price out.

    Raises:
        Unsupported: The ticket, a session or an extra has a price, or its price is not told.
    """
    amounts = [item.attributes.available_for_attendee_types.get(chosen.form.type.id) for item, _ in chosen.extras]
    if chosen.due == 0 and all(amount == 0 for amount in amounts):
        return
    raise Unsupported(
        "Eventtia's API cannot register somebody without the price: complimentary needs a ticket that costs nothing.",
        next="Ask the person: choose a free ticket, or register without complimentary and leave it unpaid.",
        field="complimentary",
    )


def number(record: str) -> Json:
    """An id as the platform's bodies hold it: a number, where it is one."""
    return int(record) if record.isascii() and record.isdigit() else record
