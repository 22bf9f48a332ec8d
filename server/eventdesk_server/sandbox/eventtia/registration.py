"""Registering, cancelling, and seats in activities."""

import re
import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast

from starlette.responses import Response

from eventdesk_server.sandbox.eventtia.answers import Json, Refusal, answer, empty, invalid, not_found
from eventdesk_server.sandbox.eventtia.attendees import Types, attendee_answer
from eventdesk_server.sandbox.eventtia.books import HOLDS_SEAT, Books, Record
from eventdesk_server.sandbox.eventtia.calls import Call, E, Endpoint, Included, optional_text, printed, required_id
from eventdesk_server.sandbox.eventtia.catalogue_resources import CITY, COUNTRY, GUEST, PURCHASE, PURCHASE_ITEM, REGION
from eventdesk_server.sandbox.eventtia.events import capacity
from eventdesk_server.sandbox.eventtia.resources import ATTENDEE, ATTENDEE_TYPE, BOOKING, CUSTOM_FIELD, WORKSHOP
from eventdesk_server.sandbox.eventtia.values import day_first, record_id

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TEXTS: Final = (
    "first_name",
    "last_name",
    "email",
    "company",
    "telephone",
    "job_title",
    "alternative_email",
    "timezone",
)


def register(books: Books, call: Call) -> Response:
    """`POST E/attendees/register`: the person nested under `attendee`, the rest beside it. All of it, or nothing.

    Custom fields under ids of another attendee type are ignored, as any unknown parameter is.
    """
    event = books.event(call.parts["event_uri"])
    sent: Any = call.body.get("attendee")
    person: Json = cast("Json", sent) if isinstance(sent, dict) else {}
    blank = {
        name: ["can't be blank"]
        for name in ("attendee_type_id", "first_name", "last_name", "email")
        if person.get(name) is None or not str(person[name]).strip()
    }
    if blank:
        raise Refusal(422, blank)
    kind = books.get(ATTENDEE_TYPE, required_id(person, "attendee_type_id"), event.id)
    known: Json = {name: optional_text(person, name) or None for name in _TEXTS}
    known["birthdate"] = _birthdate(person)
    known["city_id"] = _place(books, call.body)
    _check_email(books, event, known["email"])
    limit = capacity(books, kind)
    if limit is not None and books.seats_taken(kind.id) >= limit:
        raise invalid("attendee_type_id", "has no seats available")
    custom = _custom(books, kind, person)
    group = _group(books, event, kind, call.body.get("group_registration_uuid"))
    workshops = [books.get(WORKSHOP, key, event.id) for key in _pairs(call.body, "workshops", same=True)]
    due = _amount(kind.doc["price"]) + sum(_price_for(each, kind) for each in workshops)
    now = books.now()
    doc = ATTENDEE.fresh(now) | {
        "uuid": secrets.token_hex(3),
        "status": "pending" if kind.doc["confirmation_required"] else "confirmed",
        "paid": due == 0,
        "attendee_type": kind.id,
        "archived": False,
        "person": known,
        "custom": custom,
        "group": group,
    }
    attendee = Record(books.next_id("eventtia_attendees"), doc, event.id)
    books.keep_attendee(attendee, new=True)
    for workshop in workshops:
        take_seat(books, event, workshop, attendee)
    _buy(books, event, kind, attendee, call.body)
    for guest in books.of_event(GUEST, event.id):
        if guest.doc["attendee"] is None and guest.doc["email"].casefold() == str(known["email"]).casefold():
            guest.doc["attendee"] = attendee.id
            books.keep(GUEST, guest)
    types = Types(books, event)
    body: Json = {"data": types.attendee_resource(attendee), "included": [types.type_resource(kind)]}
    if group is not None:
        seats = int(kind.doc["group_seats"])
        row = books.store.row(
            "select count(*) as n from eventtia_attendees where event_id = ? and json_extract(doc, '$.group') = ?"
            f" and {HOLDS_SEAT}",
            [event.id, group],
        )
        used = row["n"] if row else 0
        profiles = {str(kind.id): {"seats": seats, "available": max(0, seats - used)}}
        body["meta"] = {"group_uuid": group, "profiles": profiles}
    status = books.switch("register_status", 200)
    return answer(body, 201 if status == 201 else 200)


def cancel(books: Books, call: Call) -> Response:
    """`PUT E/attendees/:attendee_id/cancel`. What it answers is not documented: a switch chooses."""
    event = books.event(call.parts["event_uri"])
    attendee = books.attendee(event.id, call.parts["attendee_id"])
    attendee.doc.update(status="cancelled", archived=True, updated_at=books.now())
    books.keep_attendee(attendee)
    books.store.execute("delete from eventtia_bookings where attendee_id = ?", [attendee.id])
    shape = books.switch("cancel_answer", "empty")
    if shape == "no_content":
        return empty(204)
    if shape == "null":
        return answer(None)
    return attendee_answer(books, call, event, attendee) if shape == "resource" else empty()


def add_booking(books: Books, call: Call) -> Response:
    """`POST E/attendee_workshops`."""
    event, workshop, attendee = _booking_parties(books, call)
    key = take_seat(books, event, workshop, attendee)
    rows = books.store.rows(
        "select workshop_id from eventtia_bookings where attendee_id = ? order by id", [attendee.id]
    )
    current = [row["workshop_id"] for row in rows]
    resource = _booking_resource(
        books, event, {"id": key, "checked_in": 0, "checked_in_date": None}, workshop, attendee
    )
    return answer({"data": resource, "meta": {"current_attendee_workshops": current}})


def remove_booking(books: Books, call: Call) -> Response:
    """`DELETE E/attendee_workshops`, with the same JSON body."""
    event, workshop, attendee = _booking_parties(books, call)
    row = books.store.row(
        "select * from eventtia_bookings where workshop_id = ? and attendee_id = ?", [workshop.id, attendee.id]
    )
    if row is None:
        raise not_found()
    books.store.execute("delete from eventtia_bookings where id = ?", [row["id"]])
    return answer({"data": _booking_resource(books, event, row, workshop, attendee)})


def replace_bookings(books: Books, call: Call) -> Response:
    """`PUT E/attendees/:attendee_id/update_activities`: one text of ids; what is not in it goes."""
    event = books.event(call.parts["event_uri"])
    attendee = books.attendee(event.id, call.parts["attendee_id"])
    ids = call.body.get("workshop_ids")
    if not isinstance(ids, str):
        raise invalid("workshop_ids", "can't be blank" if ids is None else "is invalid")
    wanted = [books.get(WORKSHOP, part.strip(), event.id) for part in ids.split(",") if part.strip()]
    rows = books.store.rows("select id, workshop_id from eventtia_bookings where attendee_id = ?", [attendee.id])
    had = {row["workshop_id"]: row["id"] for row in rows}
    for workshop_id in had.keys() - {workshop.id for workshop in wanted}:
        books.store.execute("delete from eventtia_bookings where id = ?", [had[workshop_id]])
    for workshop in {each.id: each for each in wanted}.values():
        if workshop.id not in had:
            take_seat(books, event, workshop, attendee)
    attendee.doc["updated_at"] = books.now()
    books.keep_attendee(attendee)
    types = Types(books, event)
    included = Included()
    kind = types.kinds.get(attendee.doc["attendee_type"] or 0)
    if kind is not None:
        included.add(types.type_resource(kind))
    return answer({"data": types.attendee_resource(attendee), "included": included.items()})


def take_seat(books: Books, event: Record, workshop: Record, attendee: Record) -> int:
    """Seat an attendee in an activity; answers the booking's id.

    Raises:
        Refusal: 422, no seat is left, or the attendee has one.
    """
    if books.store.row(
        "select 1 from eventtia_bookings where workshop_id = ? and attendee_id = ?", [workshop.id, attendee.id]
    ):
        raise invalid("workshop_id", "has already been taken")
    limit = workshop.doc["availability"]
    # 0 is no limit, as in the platform's newer interface; null is taken for the same.
    if limit and books.booked(workshop.id) >= limit:
        raise invalid("workshop_id", "has no seats available")
    values = {"event_id": event.id, "workshop_id": workshop.id, "attendee_id": attendee.id}
    return books.store.insert("eventtia_bookings", values)


def _booking_parties(books: Books, call: Call) -> tuple[Record, Record, Record]:
    event = books.event(call.parts["event_uri"])
    workshop = books.get(WORKSHOP, required_id(call.body, "workshop_id"), event.id)
    attendee = books.attendee(event.id, required_id(call.body, "attendee_id"))
    if attendee.doc["archived"]:
        raise not_found()
    return event, workshop, attendee


def _booking_resource(
    books: Books, event: Record, row: Mapping[str, Any], workshop: Record, attendee: Record
) -> Json:  # fmt: skip
    doc = {"checked_in_date": row["checked_in_date"], "checked_in": bool(row["checked_in"])}
    record = Record(row["id"], doc | {"attendee": attendee.id, "workshop": workshop.id})
    return printed(books, BOOKING, record, event)


def _birthdate(person: Mapping[str, Any]) -> str | None:
    sent = person.get("birthdate")
    if sent is None or sent == "":
        return None
    found = day_first(sent)
    if found is None:
        raise invalid("birthdate", "is not a valid date, use DD/MM/YYYY")
    return found.isoformat()


def _place(books: Books, body: Mapping[str, Any]) -> int | None:
    """The city beside the person. All three ids are checked, only the city is kept.

    Raises:
        Refusal: 404, one of the ids names nothing.
    """
    for name, shape in (("country_id", COUNTRY), ("region_id", REGION), ("city_id", CITY)):
        if body.get(name) not in (None, ""):
            books.get(shape, body[name])
    return record_id(body.get("city_id"))


def _check_email(books: Books, event: Record, email: Any) -> None:
    if not isinstance(email, str) or not _EMAIL.fullmatch(email):
        raise invalid("email", "is invalid")
    taken = books.store.row(
        "select 1 from eventtia_attendees where event_id = ? and email = ? and archived = 0",
        [event.id, email.casefold()],
    )
    if taken and not books.switch("duplicate_emails", False):
        raise invalid("email", "has already been taken")


def _custom(books: Books, kind: Record, person: Mapping[str, Any]) -> Json:
    sent = person.get("custom_fields")
    if sent is not None and not isinstance(sent, dict):
        raise invalid("custom_fields", "is invalid")
    values = cast("Json", sent or {})
    fields = [field for field in books.of_parent(CUSTOM_FIELD, kind.id) if not field.doc["default"]]
    lacking = {
        str(field.doc["alias"] or field.doc["name"]): ["can't be blank"]
        for field in fields
        if field.doc["required"] and values.get(str(field.id)) in (None, "", [])
    }
    if lacking:
        raise Refusal(422, lacking)
    return {str(field.id): values[str(field.id)] for field in fields if str(field.id) in values}


def _group(books: Books, event: Record, kind: Record, uuid: Any) -> str | None:
    """The group that a registration opens or joins; none where the type has no groups."""
    seats = kind.doc.get("group_seats")
    if not seats:
        return None
    if uuid is None or uuid == "":
        made = secrets.token_hex(3)
        values = {"uuid": made, "event_id": event.id, "type_id": kind.id, "seats": seats}
        books.store.insert("eventtia_groups", values)
        return made
    row = books.store.row(
        "select uuid from eventtia_groups where uuid = ? and event_id = ? and type_id = ?",
        [str(uuid), event.id, kind.id],
    )
    if row is None:
        raise not_found()
    used = books.store.row(
        "select count(*) as n from eventtia_attendees where event_id = ? and json_extract(doc, '$.group') = ?"
        f" and {HOLDS_SEAT}",
        [event.id, row["uuid"]],
    )
    if used is not None and used["n"] >= seats:
        raise invalid("group_registration_uuid", "has no seats available")
    return str(row["uuid"])


def _pairs(body: Mapping[str, Any], name: str, *, same: bool = False) -> dict[int, int]:
    """An object from id to number. `same` is the odd spelling of activities, where both are the id."""
    sent = body.get(name)
    if sent is None:
        return {}
    if not isinstance(sent, dict):
        raise invalid(name, "is invalid")
    found: dict[int, int] = {}
    for key, value in cast("Json", sent).items():
        number = record_id(key)
        amount = record_id(value) if value not in (0, "0") else 0
        if number is None:
            raise not_found()
        if amount is None or (same and amount != number):
            raise invalid(name, "is invalid")
        found[number] = amount
    return found


def _buy(books: Books, event: Record, kind: Record, attendee: Record, body: Mapping[str, Any]) -> None:
    for key, quantity in _pairs(body, "purchase_items").items():
        item = books.get(PURCHASE_ITEM, key, event.id)
        if quantity == 0:
            continue
        sold = sum(
            each.doc["quantity"] for each in books.of_event(PURCHASE, event.id) if each.doc["purchase_item"] == item.id
        )
        if quantity > item.doc["maximum_quantity_per_attendee"] or sold + quantity > item.doc["quantity"]:
            raise invalid("purchase_items", "is not available in that quantity")
        price: Any = item.doc["available_for_attendee_types"].get(str(kind.id))
        doc = PURCHASE.fresh(books.now()) | {
            "quantity": quantity, "paid": _amount(price) == 0, "attendee": attendee.id, "purchase_item": item.id,
        }  # fmt: skip
        books.add(PURCHASE, doc, event_id=event.id, parent_id=attendee.id)


def _price_for(workshop: Record, kind: Record) -> Decimal:
    prices: Json = workshop.doc["price"] or {}
    return _amount(prices.get(str(kind.id)))


def _amount(value: Any) -> Decimal:
    """An amount as somebody wrote it; what is no sensible amount counts as nothing."""
    try:
        amount = Decimal(str(value or 0))
    except InvalidOperation:
        return Decimal(0)
    return amount if amount.is_finite() and amount.adjusted() < 15 else Decimal(0)


def bookings_of(books: Books, attendee_id: int) -> Sequence[int]:
    """The activities that an attendee has a seat in."""
    rows = books.store.rows(
        "select workshop_id from eventtia_bookings where attendee_id = ? order by workshop_id", [attendee_id]
    )
    return [row["workshop_id"] for row in rows]


ENDPOINTS: Final = (
    Endpoint("POST", f"{E}/attendees/register", register),
    Endpoint("PUT", f"{E}/attendees/:attendee_id/cancel", cancel),
    Endpoint("PUT", f"{E}/attendees/:attendee_id/update_activities", replace_bookings),
    Endpoint("POST", f"{E}/attendee_workshops", add_booking),
    Endpoint("DELETE", f"{E}/attendee_workshops", remove_booking),
)
