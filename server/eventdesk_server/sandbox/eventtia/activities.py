"""Activities (the wire calls them workshops), their categories, and who is in them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

from starlette.responses import Response

from eventdesk_server.sandbox.eventtia.answers import Json, Refusal, answer, invalid
from eventdesk_server.sandbox.eventtia.attendees import as_price, attendees_answer
from eventdesk_server.sandbox.eventtia.books import Books, Record
from eventdesk_server.sandbox.eventtia.calls import (
    Call,
    E,
    Endpoint,
    Included,
    cut,
    listing,
    optional_text,
    page_wanted,
    plain_list,
    printed,
    required_text,
)  # fmt: skip
from eventdesk_server.sandbox.eventtia.catalogue_resources import SPEAKER, WORKSHOP_CATEGORY
from eventdesk_server.sandbox.eventtia.events import written_flag, written_time
from eventdesk_server.sandbox.eventtia.registration import bookings_of
from eventdesk_server.sandbox.eventtia.resources import WORKSHOP
from eventdesk_server.sandbox.eventtia.values import day_first, iso_prefix, local_day, record_id, stored

_STREAMING: Final = (
    "google_meet", "webex", "microsoft_teams", "youtube", "other", "jitsi", "jitsi_oficial", "daily_co",
)  # fmt: skip
_INTERACTIVITY: Final = ("mentimeter", "slido", "sparkup", "other_interactivity")
_TEXTS: Final = (
    "description", "location", "streaming_url", "chat_name", "interactivity_snippet", "translation_snippet",
)  # fmt: skip
_FLAGS: Final = ("show_on_register", "enable_chat", "enabled_emotions")


def workshop_resource(books: Books, event: Record, workshop: Record) -> Json:
    """An activity. `availability` is its limit here, not what is left."""
    wanted = books.switch("price_as")
    price: Mapping[str, Any] | None = workshop.doc["price"]
    shown = {key: as_price(amount, wanted) for key, amount in price.items()} if price is not None else None
    return printed(books, WORKSHOP, workshop, event, used_seats=books.booked(workshop.id), price=shown)


def include_of(books: Books, call: Call, event: Record, workshops: Sequence[Record]) -> Included | None:
    """The speakers and categories of activities, where `include` asks for them."""
    if not call.include:
        return None
    included = Included()
    for name, shape in (("workshop_categories", WORKSHOP_CATEGORY), ("speakers", SPEAKER)):
        if call.includes(name):
            for key in (key for workshop in workshops for key in workshop.doc[name]):
                record = books.find(shape, key, event.id)
                if record is not None:
                    included.add(printed(books, shape, record, event))
    return included


def workshops_answer(books: Books, call: Call, event: Record, workshops: Sequence[Record]) -> Response:
    """A list of activities."""
    page = page_wanted(books, call)
    shown = cut(workshops, page)
    data = [workshop_resource(books, event, workshop) for workshop in shown]
    return listing(books, call, page, len(workshops), data, included=include_of(books, call, event, shown))


def workshop_answer(books: Books, event: Record, workshop: Record) -> Response:
    """One activity."""
    return answer({"data": workshop_resource(books, event, workshop)})


def list_activities(books: Books, call: Call) -> Response:
    """`GET E/workshops`. `in_the_future` counts by being there, whatever its value."""
    event = books.event(call.parts["event_uri"])
    where = books.event_zone(event)
    found = books.of_event(WORKSHOP, event.id)
    name = (call.param("name") or "").casefold()
    if name:
        found = [each for each in found if name in each.doc["name"].casefold()]
    day = call.param("date")
    if day:
        # The spelling is not documented; the newer interface writes the day first.
        wanted = day_first(day) or _date(day)
        found = [each for each in found if local_day(each.doc["start_date"], where) == wanted.isoformat()]
    since = call.param("updated_date_time")
    if since:
        moment = iso_prefix(since, ZoneInfo("UTC"))
        if moment is None:
            raise Refusal(400, "invalid date")
        found = [each for each in found if each.doc["updated_at"] > stored(moment)]
    if call.param("in_the_future") is not None:
        found = [each for each in found if each.doc["start_date"] > books.now()]
    found.sort(key=lambda each: (each.doc["start_date"], each.id))
    return workshops_answer(books, call, event, found)


def get_activity(books: Books, call: Call) -> Response:
    """`GET E/workshops/:id`."""
    event = books.event(call.parts["event_uri"])
    workshop = books.get(WORKSHOP, call.parts["id"], event.id)
    body: Json = {"data": workshop_resource(books, event, workshop)}
    included = include_of(books, call, event, [workshop])
    return answer(body if included is None else body | {"included": included.items()})


def create_activity(books: Books, call: Call) -> Response:
    """`POST E/workshops`. Answers 200, not 201. Refused without a name, a start or an end."""
    event = books.event(call.parts["event_uri"])
    wrong = {name: ["can't be blank"] for name in ("name", "start_date", "end_date") if not call.body.get(name)}
    if wrong:
        raise Refusal(422, wrong)
    doc = WORKSHOP.fresh(books.now()) | {"guid": str(uuid4()), "availability": 0}
    _change(books, event, doc, call.body)
    key = books.add(WORKSHOP, doc, event_id=event.id)
    return workshop_answer(books, event, Record(key, doc, event.id))


def update_activity(books: Books, call: Call) -> Response:
    """`PUT E/workshops/:id`: only what was sent changes."""
    event = books.event(call.parts["event_uri"])
    workshop = books.get(WORKSHOP, call.parts["id"], event.id)
    _change(books, event, workshop.doc, call.body)
    workshop.doc["updated_at"] = books.now()
    books.keep(WORKSHOP, workshop)
    return workshop_answer(books, event, workshop)


def activity_attendees(books: Books, call: Call) -> Response:
    """`GET E/workshops/:workshop_id/attendees`, with the filters of the list of attendees."""
    event = books.event(call.parts["event_uri"])
    workshop = books.get(WORKSHOP, call.parts["workshop_id"], event.id)
    where = "event_id = ? and id in (select attendee_id from eventtia_bookings where workshop_id = ?)"
    return attendees_answer(books, call, event, where, [event.id, workshop.id])


def attendee_activities(books: Books, call: Call) -> Response:
    """`GET E/attendees/:attendee_id/workshops`: activities in full."""
    event = books.event(call.parts["event_uri"])
    attendee = books.attendee(event.id, call.parts["attendee_id"])
    found = [books.get(WORKSHOP, key, event.id) for key in bookings_of(books, attendee.id)]
    return workshops_answer(books, call, event, found)


def list_categories(books: Books, call: Call) -> Response:
    """`GET E/workshop_categories`."""
    event = books.event(call.parts["event_uri"])
    return plain_list(books, call, WORKSHOP_CATEGORY, books.of_event(WORKSHOP_CATEGORY, event.id), event)


def set_categories(books: Books, call: Call) -> Response:
    """`POST E/workshops/:id/set-categories`: replaces them all, whatever the reference's title says."""
    event = books.event(call.parts["event_uri"])
    workshop = books.get(WORKSHOP, call.parts["id"], event.id)
    ids = call.either("categories")
    if not isinstance(ids, str):
        raise invalid("categories", "can't be blank" if ids is None else "is invalid")
    wanted = [books.get(WORKSHOP_CATEGORY, part.strip(), event.id).id for part in ids.split(",") if part.strip()]
    workshop.doc["workshop_categories"] = list(dict.fromkeys(wanted))
    workshop.doc["updated_at"] = books.now()
    books.keep(WORKSHOP, workshop)
    return workshop_answer(books, event, workshop)


def _date(text: str) -> Any:
    moment = iso_prefix(text, ZoneInfo("UTC"))
    if moment is None:
        raise Refusal(400, "invalid date")
    return moment.date()


def _change(books: Books, event: Record, doc: Json, body: Mapping[str, Any]) -> None:
    """Put a body's fields into an activity. `show_for_attendee_type` and the like can be written, never read."""
    where = books.event_zone(event)
    if "name" in body:
        doc["name"] = required_text(body, "name")
    for name in ("start_date", "end_date"):
        if name in body:
            doc[name] = written_time(body, name, where)
    if doc["end_date"] < doc["start_date"]:
        raise invalid("end_date", "must be after the start date")
    for name in _TEXTS:
        if name in body:
            doc[name] = optional_text(body, name)
    for name in _FLAGS:
        if name in body:
            doc[name] = written_flag(body, name)
    if "allow_blocking_workshops" in body:
        written_flag(body, "allow_blocking_workshops")
    if "availability" in body:
        seats = body["availability"]
        number = 0 if seats in (0, "0", None) else record_id(seats)
        if number is None:
            raise invalid("availability", "is not a number")
        doc["availability"] = number
    for name in ("price", "show_for_attendee_type", "streaming_embed_code"):
        if body.get(name) is not None and not isinstance(body[name], dict):
            raise invalid(name, "is invalid")
    for name in ("price", "streaming_embed_code"):
        if name in body:
            doc[name] = cast("Json | None", body[name])
    for name, allowed in (("streaming_type", _STREAMING), ("interactivity_type", _INTERACTIVITY)):
        if name in body:
            if body[name] not in (None, "", *allowed):
                raise invalid(name, "is not included in the list")
            doc[name] = body[name] or None


ENDPOINTS: Final = (
    Endpoint("GET", f"{E}/workshops", list_activities),
    Endpoint("POST", f"{E}/workshops", create_activity),
    Endpoint("GET", f"{E}/workshops/:id", get_activity),
    Endpoint("PUT", f"{E}/workshops/:id", update_activity),
    Endpoint("GET", f"{E}/workshops/:workshop_id/attendees", activity_attendees),
    Endpoint("POST", f"{E}/workshops/:id/set-categories", set_categories),
    Endpoint("GET", f"{E}/attendees/:attendee_id/workshops", attendee_activities),
    Endpoint("GET", f"{E}/workshop_categories", list_categories),
)
