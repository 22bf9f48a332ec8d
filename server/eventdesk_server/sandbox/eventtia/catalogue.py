"""Speakers, merchandise, stands, places near the venue, Q&A, guests, messages, payments and files of an event."""

import secrets
from collections.abc import Callable, Sequence
from typing import Final

from starlette.responses import Response

from eventdesk_server.sandbox.eventtia.activities import workshop_resource
from eventdesk_server.sandbox.eventtia.answers import Json, Refusal, answer, invalid
from eventdesk_server.sandbox.eventtia.attendees import Types
from eventdesk_server.sandbox.eventtia.books import Books, Record
from eventdesk_server.sandbox.eventtia.calls import (
    Call,
    E,
    Endpoint,
    Included,
    Upload,
    cut,
    listing,
    optional_text,
    page_wanted,
    plain_list,
    printed,
    required_id,
    required_text,
)  # fmt: skip
from eventdesk_server.sandbox.eventtia.catalogue_resources import (
    EVENT_FILE,
    FILE_CATEGORY,
    GUEST,
    LEAD,
    MESSAGE,
    PAYMENT,
    POI,
    PURCHASE,
    PURCHASE_ITEM,
    QA_SESSION,
    SPEAKER,
    STAND,
    STAND_CATEGORY,
    WORKSHOP_CATEGORY,
    ZONE,
)  # fmt: skip
from eventdesk_server.sandbox.eventtia.resources import ATTENDEE_TYPE, WORKSHOP
from eventdesk_server.sandbox.eventtia.shapes import Shape
from eventdesk_server.sandbox.eventtia.values import iso_prefix, record_id, stored

_PAYMENT_CODES: Final = {"1": "Manual payment", "3": "Electronic payment"}


def _of_event(shape: Shape) -> Callable[[Books, Call], Response]:
    """A list of all records of a type in an event, as they are kept."""

    def handler(books: Books, call: Call) -> Response:
        event = books.event(call.parts["event_uri"])
        return plain_list(books, call, shape, books.of_event(shape, event.id), event)

    return handler


def list_speakers(books: Books, call: Call) -> Response:
    """`GET E/speakers`; a public client calls the activities `activities` in `include`."""
    event = books.event(call.parts["event_uri"])
    workshops = books.of_event(WORKSHOP, event.id)
    page = page_wanted(books, call)
    speakers = books.of_event(SPEAKER, event.id)
    wanted = call.includes("workshops", "activities")
    with_categories = any(path[1:2] == ["workshop_categories"] for path in call.include)
    included = Included() if call.include else None
    data: list[Json] = []
    for speaker in cut(speakers, page):
        own = [workshop for workshop in workshops if speaker.id in workshop.doc["speakers"]]
        data.append(printed(books, SPEAKER, speaker, event, workshops=[workshop.id for workshop in own]))
        if included is not None and wanted:
            for workshop in own:
                included.add(workshop_resource(books, event, workshop))
                for key in workshop.doc["workshop_categories"] if with_categories else ():
                    category = books.find(WORKSHOP_CATEGORY, key, event.id)
                    if category is not None:
                        included.add(printed(books, WORKSHOP_CATEGORY, category, event))
    return listing(books, call, page, len(speakers), data, included=included)


def get_purchase_item(books: Books, call: Call) -> Response:
    """`GET E/purchase_items/:purchase_item_id`."""
    event = books.event(call.parts["event_uri"])
    item = books.get(PURCHASE_ITEM, call.parts["purchase_item_id"], event.id)
    return answer({"data": printed(books, PURCHASE_ITEM, item, event)})


def list_purchases(books: Books, call: Call) -> Response:
    """`GET E/attendee_purchase_items`."""
    event = books.event(call.parts["event_uri"])
    return _with_attendees(books, call, event, PURCHASE, books.of_event(PURCHASE, event.id))


def attendee_purchases(books: Books, call: Call) -> Response:
    """`GET E/attendees/:attendee_id/attendee_purchase_items`."""
    event = books.event(call.parts["event_uri"])
    attendee = books.attendee(event.id, call.parts["attendee_id"])
    return _with_attendees(books, call, event, PURCHASE, books.of_parent(PURCHASE, attendee.id))


def list_payments(books: Books, call: Call) -> Response:
    """`GET E/attendee-payments`: filters by code, answers with labels. Bounds are wall clock in the event's zone."""
    event = books.event(call.parts["event_uri"])
    payments = books.of_event(PAYMENT, event.id)
    kind = call.param("payment_type")
    if kind:
        payments = [each for each in payments if each.doc["payment_type"] == _PAYMENT_CODES.get(kind)]
    statuses = call.param("status")
    if statuses:
        wanted = {part.strip() for part in statuses.split(",")}
        payments = [each for each in payments if each.doc["status"] in wanted]
    for name, after in (("start_date_time", True), ("end_date_time", False)):
        text = call.param(name)
        if text:
            moment = iso_prefix(text, books.event_zone(event))
            if moment is None:
                raise Refusal(400, "invalid date")
            bound = stored(moment)
            payments = [
                each
                for each in payments
                if (each.doc["created_at"] >= bound if after else each.doc["created_at"] <= bound)
            ]
    return _with_attendees(books, call, event, PAYMENT, payments)


def list_guests(books: Books, call: Call) -> Response:
    """`GET E/guests`."""
    event = books.event(call.parts["event_uri"])
    return _with_attendees(books, call, event, GUEST, books.of_event(GUEST, event.id))


def get_guest(books: Books, call: Call) -> Response:
    """`GET E/guests/:guest_id`."""
    event = books.event(call.parts["event_uri"])
    guest = books.get(GUEST, call.parts["guest_id"], event.id)
    body: Json = {"data": printed(books, GUEST, guest, event)}
    if call.include:
        included = Included()
        _include_people(books, call, event, included, [guest])
        body["included"] = included.items()
    return answer(body)


def create_guest(books: Books, call: Call) -> Response:
    """`POST E/guests`: a flat body. Answers 200, not 201."""
    event = books.event(call.parts["event_uri"])
    body = call.body
    doc = GUEST.fresh(books.now()) | {"uuid": secrets.token_hex(3)}
    for name in ("first_name", "last_name", "email"):
        doc[name] = required_text(body, name)
    if "@" not in doc["email"]:
        raise invalid("email", "is invalid")
    doc["company"] = optional_text(body, "company")
    if body.get("attendee_type_id") not in (None, ""):
        doc["attendee_type"] = books.get(ATTENDEE_TYPE, required_id(body, "attendee_type_id"), event.id).id
    key = books.add(GUEST, doc, event_id=event.id)
    return answer({"data": printed(books, GUEST, Record(key, doc), event)})


def list_stands(books: Books, call: Call) -> Response:
    """`GET E/stand_reservations`: the public ones."""
    event = books.event(call.parts["event_uri"])
    stands = [stand for stand in books.of_event(STAND, event.id) if stand.doc.get("public", True)]
    name = (call.param("company_name") or "").casefold()
    if name:
        stands = [stand for stand in stands if name in stand.doc["display_name"].casefold()]
    for filtered, relation in (("zone", "zone"), ("category", "stand_category")):
        wanted = call.param(filtered)
        if wanted:
            stands = [stand for stand in stands if stand.doc[relation] == record_id(wanted)]
    # The reference shows `included` here without its content.
    included = Included()
    for stand in cut(stands, page_wanted(books, call)):
        for relation, shape in (("zone", ZONE), ("stand_category", STAND_CATEGORY)):
            record = books.find(shape, stand.doc[relation], event.id)
            if record is not None:
                included.add(printed(books, shape, record, event))
    return plain_list(books, call, STAND, stands, event, included=included)


def list_leads(books: Books, call: Call) -> Response:
    """`GET E/stand_reservations/:stand_reservation_id/leads`."""
    event = books.event(call.parts["event_uri"])
    stand = books.get(STAND, call.parts["stand_reservation_id"], event.id)
    return plain_list(books, call, LEAD, books.of_parent(LEAD, stand.id), event)


def message_stats(books: Books, call: Call) -> Response:
    """`GET E/massive_messages/:id/stats`: a bare object."""
    event = books.event(call.parts["event_uri"])
    message = books.get(MESSAGE, call.parts["id"], event.id)
    return answer({"errors": message.doc["failed_messages_count"], "opened": message.doc["opened_messages_count"]})


def list_files(books: Books, call: Call) -> Response:
    """`GET E/event_file_categories/:event_file_category_id/event_files`."""
    event = books.event(call.parts["event_uri"])
    category = books.get(FILE_CATEGORY, call.parts["event_file_category_id"], event.id)
    above = {"event": event.id, "event_file_category": category.id}
    files = [Record(each.id, each.doc | above) for each in books.of_parent(EVENT_FILE, category.id)]
    return plain_list(books, call, EVENT_FILE, files, event)


def upload_file(books: Books, call: Call) -> Response:
    """`POST` to the same path, `multipart/form-data`. The content is not kept."""
    event = books.event(call.parts["event_uri"])
    category = books.get(FILE_CATEGORY, call.parts["event_file_category_id"], event.id)
    name, upload = call.form.get("event_file[name]"), call.form.get("event_file[event_file]")
    if not isinstance(name, str) or not name.strip():
        raise invalid("name", "can't be blank")
    if not isinstance(upload, Upload):
        raise invalid("event_file", "can't be blank")
    description = call.form.get("event_file[description]")
    doc = EVENT_FILE.fresh(books.now()) | {
        "name": name,
        "description": description if isinstance(description, str) else "",
        "event_file": f"https://files.example/{secrets.token_hex(8)}/{upload.filename}",
        "is_image": upload.content_type.startswith("image/"),
    }
    key = books.add(EVENT_FILE, doc, event_id=event.id, parent_id=category.id)
    above = {"event": event.id, "event_file_category": category.id}
    return answer({"data": printed(books, EVENT_FILE, Record(key, doc), event, **above)}, 201)


def _with_attendees(books: Books, call: Call, event: Record, shape: Shape, records: list[Record]) -> Response:
    """A list of records that stand in a relationship with an attendee."""
    included = Included() if call.include else None
    if included is not None:
        _include_people(books, call, event, included, cut(records, page_wanted(books, call)))
    return plain_list(books, call, shape, records, event, included=included)


def _include_people(books: Books, call: Call, event: Record, included: Included, records: Sequence[Record]) -> None:
    types = Types(books, event)
    for record in records:
        if call.includes("attendee") and record.doc.get("attendee") is not None:
            included.add(types.attendee_resource(books.attendee(event.id, record.doc["attendee"])))
        kind = types.kinds.get(record.doc.get("attendee_type") or 0)
        if call.includes("attendee_type") and kind is not None:
            included.add(types.type_resource(kind))
        if call.includes("purchase_item") and record.doc.get("purchase_item") is not None:
            item = books.get(PURCHASE_ITEM, record.doc["purchase_item"], event.id)
            included.add(printed(books, PURCHASE_ITEM, item, event))


_FILES: Final = f"{E}/event_file_categories/:event_file_category_id/event_files"

ENDPOINTS: Final = (
    Endpoint("GET", f"{E}/speakers", list_speakers, public=True),
    Endpoint("GET", f"{E}/purchase_items", _of_event(PURCHASE_ITEM)),
    Endpoint("GET", f"{E}/purchase_items/:purchase_item_id", get_purchase_item),
    Endpoint("GET", f"{E}/attendee_purchase_items", list_purchases),
    Endpoint("GET", f"{E}/attendees/:attendee_id/attendee_purchase_items", attendee_purchases),
    Endpoint("GET", f"{E}/attendee-payments", list_payments),
    Endpoint("GET", f"{E}/guests", list_guests),
    Endpoint("POST", f"{E}/guests", create_guest),
    Endpoint("GET", f"{E}/guests/:guest_id", get_guest),
    Endpoint("GET", f"{E}/stand_categories", _of_event(STAND_CATEGORY), public=True),
    Endpoint("GET", f"{E}/zones", _of_event(ZONE), public=True),
    Endpoint("GET", f"{E}/stand_reservations", list_stands, public=True),
    Endpoint("GET", f"{E}/stand_reservations/:stand_reservation_id/leads", list_leads),
    Endpoint("GET", f"{E}/pois", _of_event(POI), public=True),
    Endpoint("GET", f"{E}/event_qa_sessions", _of_event(QA_SESSION), public=True),
    Endpoint("GET", f"{E}/massive_messages", _of_event(MESSAGE)),
    Endpoint("GET", f"{E}/massive_messages/:id/stats", message_stats),
    Endpoint("GET", _FILES, list_files),
    Endpoint("POST", _FILES, upload_file),
)
