"""Writes of the HeySummit stand-in: registering attendees, giving them tickets and talks, checkout links, archiving."""

from typing import Any, cast
from urllib.parse import quote, urlencode

from starlette.responses import Response

from eventdesk_server.sandbox.heysummit import shapes
from eventdesk_server.sandbox.heysummit.records import Full, Selection
from eventdesk_server.sandbox.heysummit.rest import Ask, Fields, Refusal, answer, json_body, not_found

_SOLD_OUT = "This ticket is sold out."


def event_of(ask: Ask, number: str) -> dict[str, Any]:
    """The event named in a path."""
    event = ask.records.event(as_id(number))
    if event is None:
        raise not_found()
    return event


def as_id(text: str) -> int:
    """An id in a path: decimal digits, or there is no such record."""
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise not_found()
    return int(text)


def row_of(ask: Ask, table: str, event_id: int | None, number: str) -> dict[str, Any]:
    """One record by the id in a path, of this event if one is given."""
    selection = Selection(table)
    if event_id is not None:
        selection = selection.also("event_id = ?", event_id)
    row = ask.records.one(selection, as_id(number))
    if row is None:
        raise not_found()
    return row


def _unknown_key(number: int) -> str:
    if abs(number) > 2**63:
        return "Integer value too large."
    return f'Invalid pk "{number}" - object does not exist.'


def _questions(fields: Fields) -> list[dict[str, Any]]:
    """The answers to an event's questions; which questions it has is not readable, so any positive id will do."""
    asked: Any = fields.data.get("questions", [])
    if not isinstance(asked, list):
        kind = type(asked).__name__
        fields.errors["questions"] = {"non_field_errors": [f'Expected a list of items but got type "{kind}".']}
        return []
    read: list[dict[str, Any]] = []
    wrong: list[dict[str, Any]] = []
    for item in cast("list[Any]", asked):
        if not isinstance(item, dict):
            message = f"Invalid data. Expected a dictionary, but got {type(item).__name__}."
            wrong.append({"non_field_errors": [message]})
            continue
        own = Fields(cast("dict[str, Any]", item))
        number = own.whole("question_id", required=True)
        if number is not None and number <= 0:
            own.wrong("question_id", "Ensure this value is greater than or equal to 1.")
        elif number is not None and number >= 2**63:
            own.wrong("question_id", "Integer value too large.")
        if "answer" in own.data and own.data["answer"] is not None and not isinstance(own.data["answer"], str):
            own.wrong("answer", "Not a valid string.")
        else:
            read.append({"question_id": number, "answer": own.text("answer", longest=10_000)})
        wrong.append(own.errors)
    if any(wrong):
        fields.errors["questions"] = wrong
    return read


def _refuse_duplicate(ask: Ask, event_id: int, email: str) -> None:
    """Early integrations saw 409 and later ones 400; both wordings of DRF occur."""
    if not ask.records.is_registered(event_id, email):
        return
    form = str(ask.switch("duplicate", "field"))
    if form == "unique":
        raise Refusal(400, {"non_field_errors": ["The fields event, email must make a unique set."]})
    body = {"email": ["An attendee with this email address is already registered for this event."]}
    raise Refusal(409 if form == "409" else 400, body)


def register(ask: Ask, number: str) -> Response:
    """`POST events/<id>/attendees/`. A ticket is named by one of its prices; the ticket's own id means nothing here."""
    event = event_of(ask, number)
    fields = Fields(json_body(ask))
    email, name = fields.address("email"), fields.text("name")
    price = fields.whole("ticket_price_id", required=False)
    ticket = ask.records.ticket_of_price(price, event["id"]) if price is not None else None
    if price is not None and ticket is None:
        fields.wrong("ticket_price_id", _unknown_key(price))
    questions = _questions(fields)
    fields.check()
    _refuse_duplicate(ask, event["id"], email)
    person: dict[str, Any] = {"email": email, "name": name, "questions": questions}
    row = _add(ask, event["id"], person, (ticket, price, "ticket_price_id") if ticket else None)
    return answer(shapes.attendee(ask, row), 201)


def register_v1(ask: Ask) -> Response:
    """`POST attendees/` of v1. A ticket is named by its own id, and the answer has no registration status."""
    fields = Fields(json_body(ask))
    event_id = fields.whole("event", required=True)
    email, name = fields.address("email"), fields.text("name")
    wanted = fields.whole("ticket_id", required=False)
    event = ask.records.event(event_id) if event_id is not None else None
    if event_id is not None and event is None:
        fields.wrong("event", _unknown_key(event_id))
    ticket: dict[str, Any] | None = None
    if wanted is not None and event is not None:
        ticket = ask.records.one(Selection("heysummit_tickets", "event_id = ?", (event["id"],)), wanted)
        if ticket is None:
            fields.wrong("ticket_id", _unknown_key(wanted))
    fields.check()
    if event is None:  # check() has refused that already
        raise not_found()
    _refuse_duplicate(ask, event["id"], email)
    prices = ask.records.prices(ticket["id"]) if ticket else []
    got = (ticket, prices[0]["id"] if prices else None, "ticket_id") if ticket else None
    row = _add(ask, event["id"], {"email": email, "name": name}, got)
    shape = shapes.attendee(ask, row)
    del shape["registration_status"]
    return answer(shape, 201)


def _add(
    ask: Ask, event_id: int, person: dict[str, Any], got: tuple[dict[str, Any], int | None, str] | None
) -> dict[str, Any]:
    """Register, with a ticket or without: `got` is the ticket, its price's id, and the field that asked for it.

    The address is not verified; terms count as agreed to.
    """
    now = ask.world.clock.now().isoformat()
    with ask.records.transaction():
        number = ask.records.add_attendee(event_id, created_at=now, agreed_terms=now, **person)
        if got is not None:
            ticket, price, field = got
            try:
                ask.records.hold(number, ticket, price, now)
            except Full as full:
                raise Refusal(400, {field: [_SOLD_OUT]}) from full
    return row_of(ask, "heysummit_attendees", event_id, str(number))


def give_ticket(ask: Ask, number: str, attendee: str) -> Response:
    """`POST events/<id>/attendees/<pk>/tickets/`. Nothing happens if the ticket is held, at whichever price."""
    event = event_of(ask, number)
    row = row_of(ask, "heysummit_attendees", event["id"], attendee)
    fields = Fields(json_body(ask))
    price = fields.whole("ticket_price_id", required=True)
    fields.check()
    ticket = ask.records.ticket_of_price(price, event["id"]) if price is not None else None
    if ticket is None or price is None:
        raise not_found()
    with ask.records.transaction():
        try:
            ask.records.hold(row["id"], ticket, price, ask.world.clock.now().isoformat())
        except Full as full:
            raise Refusal(400, {"ticket_price_id": [_SOLD_OUT]}) from full
    return answer(shapes.attendee(ask, row))


def give_talk(ask: Ask, number: str, attendee: str, talk: str) -> Response:
    """`POST events/<id>/attendees/<pk>/talks/<talk>/`. Respects what the held tickets admit to, and capacity."""
    event = event_of(ask, number)
    row = row_of(ask, "heysummit_attendees", event["id"], attendee)
    wanted = row_of(ask, "heysummit_talks", event["id"], talk)
    json_body(ask)
    admits = wanted["data"]["admits"]
    held = {each["ticket_id"] for each in ask.records.holdings_of(row["id"])}
    on_it = wanted["id"] in ask.records.talks_of(row["id"])
    opened = admits is None or bool(wanted["data"]["extras"].get("is_open_access"))
    if not on_it and not opened and held.isdisjoint(admits or ()):
        raise Refusal(400, "This attendee has no ticket that gives access to this talk.")
    with ask.records.transaction():
        try:
            ask.records.schedule(row["id"], wanted, ask.world.clock.now().isoformat())
        except Full as full:
            raise Refusal(400, "This talk has reached its capacity.") from full
    return answer(shapes.attendee(ask, row))


def checkout_link(ask: Ask, number: str, ticket: str) -> Response:
    """`POST events/<id>/tickets/<pk>/checkout-link/`. Only mints an address. A coupon that fits nothing is ignored."""
    event = event_of(ask, number)
    row = row_of(ask, "heysummit_tickets", event["id"], ticket)
    fields = Fields(json_body(ask))
    coupon = fields.text("coupon", required=False)
    talk = fields.whole("talk_id", required=False)
    here = Selection("heysummit_talks", "event_id = ?", (event["id"],))
    if talk is not None and ask.records.one(here, talk) is None:
        fields.wrong("talk_id", _unknown_key(talk))
    known = ask.records.parts("coupons", event["id"]).values()
    fits = any(each["coupon_code"] == coupon and each["is_active"] for each in known)
    if coupon and not fits and ask.switch("bad_coupon", "ignored") == "refused":
        fields.wrong("coupon", "This coupon is not valid.")
    fields.check()
    marks = urlencode([(name, value) for name, value in (("coupon", coupon), ("talk", talk)) if value])
    public = event["event_url"] or f"{ask.root}/public/{event['id']}/"
    seal = f"{(row['id'] * 40503 + event['id']) % 65536:04x}"
    link = f"{public.rstrip('/')}/checkout/ticket/{quote(str(row['id']))}-{seal}/" + (f"?{marks}" if marks else "")
    return answer({"checkout_link": link}, 201)


def archive(ask: Ask, number: str) -> Response:
    """`POST events/<id>/archive/`: the public sees the event no longer. Repeating it is harmless."""
    event = event_of(ask, number)
    with ask.records.transaction():
        ask.records.archive(event["id"])
    event = event_of(ask, number)
    return answer(shapes.event_v1(ask, event) if ask.v1 else shapes.event_v2(ask, event))
