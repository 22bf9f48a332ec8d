"""Events: the three shapes in which they are shown, lists, creation and change, the account's fields, ticket stats."""

import re
from collections.abc import Mapping
from typing import Any, Final, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

from starlette.responses import Response

from eventdesk_server.sandbox.eventtia.answers import SLIM_SIZE, Json, Refusal, answer, invalid
from eventdesk_server.sandbox.eventtia.books import Books, Record
from eventdesk_server.sandbox.eventtia.calls import (
    Call,
    E,
    Endpoint,
    listing,
    optional_text,
    page_wanted,
    plain_list,
    required_text,
)  # fmt: skip
from eventdesk_server.sandbox.eventtia.catalogue_resources import QUESTION
from eventdesk_server.sandbox.eventtia.resources import ATTENDEE_TYPE, EVENT, EVENT_MORE
from eventdesk_server.sandbox.eventtia.shapes import Attribute, Shape
from eventdesk_server.sandbox.eventtia.values import flag, iso_prefix, record_id, slug, stored, wall_time, zone

_LANGUAGES: Final = ("es", "en", "fr", "de")
_URI: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_NOT_A_DATE: Final = "is not a valid date, use DD/MM/YYYY - HH:MM:SS"
_FIELD_FILTER: Final = re.compile(r"search_custom_fields\[([^\]]*)\](?:\[\])?")

_ROW: Final = Shape(
    "events",
    {
        "name": EVENT.attributes["name"],
        "event_uri": EVENT.attributes["event_uri"],
        "start_date": Attribute("offset"),
        "end_date": Attribute("offset"),
        **{
            name: EVENT.attributes[name]
            for name in (
                "logo", "coordinates", "address", "google_analytics_tracking_code", "google_tag_manager_tracking_code",
            )
        },
    },
)  # fmt: skip
_SLIM: Final = Shape(
    "events",
    {
        **{name: EVENT.attributes[name] for name in ("start_date", "end_date", "created_at", "updated_at")},
        "registration_start_date": EVENT_MORE["registration_start_date"],
        "registration_end_date": EVENT_MORE["registration_end_date"],
        "name": EVENT.attributes["name"],
        "latitude": Attribute("number"),
        "longitude": Attribute("number"),
        "timezone": EVENT.attributes["timezone"],
        "banner_image": EVENT.attributes["banner_image"],
        "address_details": EVENT_MORE["address_details"],
        "city_id": EVENT.attributes["city_id"],
        "custom_fields_data": EVENT_MORE["custom_fields_data"],
    },
)


def list_events(books: Books, call: Call) -> Response:
    """`GET /events`: all events, templates and inactive ones too, in the list shape."""
    where: list[str] = []
    values: list[object] = []
    since = call.param("updated_since")
    if since:
        moment = iso_prefix(since, ZoneInfo("UTC"))
        if moment is None:
            raise Refusal(400, "invalid date")
        where.append("updated_at >= ?")
        values.append(stored(moment))
    if flag(call.param("templates")):
        where.append("is_template = 1")
    template = call.param("template")
    if template:
        where.append("cloned_from_id = ?")
        values.append(record_id(template) or 0)
        if books.switch("template_lists_templates_only", False):
            where.append("cloned_from_id in (select id from eventtia_events where is_template = 1)")
    name = call.param("name")
    if name:
        where.append("instr(folded, ?) > 0")
        values.append(name.casefold())
    _places(call, where, values)
    for field, wanted in _searched(call).items():
        marks = ", ".join("?" for _ in wanted)
        data = "json_each(doc, '$.custom_fields_data')"
        where.append(f"exists (select 1 from {data} where key = ? and cast(value as text) in ({marks}))")
        values.extend((field, *wanted))
    return _events(books, call, where, values, _ROW)


def list_slim(books: Books, call: Call) -> Response:
    """`GET /events/slim`: more rows a page, dates to filter by, no address of the event, no `meta`."""
    where: list[str] = []
    values: list[object] = []
    for name, sign in (("start_date_lower_bound", ">="), ("start_date_upper_bound", "<=")):
        text = call.param(name)
        if text:
            moment = iso_prefix(text, ZoneInfo("UTC"))
            if moment is None:
                raise Refusal(400, "invalid date")
            where.append(f"start_at {sign} ?")
            values.append(stored(moment))
    _places(call, where, values)
    return _events(books, call, where, values, _SLIM)


def get_event(books: Books, call: Call) -> Response:
    """`GET E`: the detail shape with the four attributes that only this call shows."""
    event = books.event(call.parts["event_uri"])
    row = books.store.row(
        "select count(*) as n from eventtia_attendees where event_id = ? and archived = 0 and status != 'rejected'",
        [event.id],
    )
    resource = detail(books, event)
    resource["attributes"] |= {
        "budget": event.doc["budget"],
        "total_attendees": row["n"] if row else 0,
        "api_key": event.doc["api_key"],
        "fields": event.doc["custom_fields_data"],
    }
    return answer({"data": resource})


def create_event(books: Books, call: Call) -> Response:
    """`POST /events`. Answers 200, not 201. Refused without a name, a start or an end."""
    body = call.body
    now = books.now()
    doc: Json = EVENT.fresh(now) | {name: each.default for name, each in EVENT_MORE.items()}
    doc["timezone"] = books.setting("timezone", "UTC")
    doc["iso_code"] = books.setting("iso_code", "") or None
    doc["currency"] = books.setting("currency", "USD")
    doc["api_key"] = str(uuid4())
    event = Record(books.next_id("eventtia_events"), doc)
    wrong = {name: ["can't be blank"] for name in ("name", "start_date", "end_date") if not body.get(name)}
    if wrong:
        raise Refusal(422, wrong)
    if not body.get("event_uri"):
        body = {**body, "event_uri": free_uri(books, slug(str(body["name"])) or f"event-{event.id}", "-")}
    _change(books, event, body)
    books.keep_event(event, new=True)
    return answer({"data": detail(books, event), "meta": {"api_key": doc["api_key"]}})


def update_event(books: Books, call: Call) -> Response:
    """`PUT E`: only what was sent changes. A new `event_uri` moves every path of the event at once."""
    event = books.event(call.parts["event_uri"])
    _change(books, event, call.body)
    event.doc["updated_at"] = books.now()
    books.keep_event(event)
    return answer({"data": detail(books, event)})


def event_custom_fields(books: Books, call: Call) -> Response:
    """`GET /event-custom-fields`: the account's own fields for events."""
    fields = [field for field in books.everywhere(QUESTION) if field.parent_id is None]
    return plain_list(books, call, QUESTION, fields, None)


def tickets_stats(books: Books, call: Call) -> Response:
    """`GET E/tickets-stats`: a bare array; a type without a limit has the text `∞`."""
    event = books.event(call.parts["event_uri"])
    rows: list[Json] = []
    for kind in books.of_event(ATTENDEE_TYPE, event.id):
        limit = capacity(books, kind)
        used = books.seats_taken(kind.id)
        rows.append({"name": kind.doc["name"], "used_seats": used, "seats_limit": "∞" if limit is None else limit})
    return answer(rows)


def detail(books: Books, event: Record) -> Json:
    """The detail shape, without the attributes that only the reading of one event has."""
    types = [kind.id for kind in books.of_event(ATTENDEE_TYPE, event.id)]
    doc = event.doc | {
        "attendee_types": types,
        "website": event.doc["website"]
        or f"https://live.eventtia.example/{event.doc['default_language']}/{event.doc['event_uri']}",
        "attendance_mode": event.doc["attendance_mode"] or ("online" if event.doc["is_virtual"] else "offline"),
    }
    return EVENT.resource(event.id, doc, books.event_zone(event), books.switch("dates"))


def capacity(books: Books, kind: Record) -> int | None:
    """How many an attendee type holds; none for any number."""
    return None if books.switch("unlimited_types", False) else kind.doc["capacity"]


def free_uri(books: Books, wanted: str, joint: str) -> str:
    """The first free slug among `wanted`, `wanted<joint>2`, …"""
    uri, number = wanted, 2
    while books.store.row("select 1 from eventtia_events where event_uri = ?", [uri]):
        uri, number = f"{wanted}{joint}{number}", number + 1
    return uri


def written_time(body: Mapping[str, Any], name: str, where: ZoneInfo) -> str:
    """A time of a body in the platform's own spelling, day first.

    Raises:
        Refusal: 422, any other spelling.
    """
    moment = wall_time(body.get(name), where)
    if moment is None:
        raise invalid(name, _NOT_A_DATE)
    return stored(moment)


def written_flag(body: Mapping[str, Any], name: str) -> bool:
    """A switch of a body.

    Raises:
        Refusal: 422, it is none.
    """
    value = flag(body.get(name))
    if value is None:
        raise invalid(name, "is not a boolean")
    return value


def _events(books: Books, call: Call, where: list[str], values: list[object], shape: Shape) -> Response:
    slim = shape is _SLIM
    page = page_wanted(books, call, SLIM_SIZE) if slim else page_wanted(books, call)
    condition = " and ".join(where) or "true"
    row = books.store.row(f"select count(*) as n from eventtia_events where {condition}", values)
    found = books.store.rows(
        f"select event_uri from eventtia_events where {condition} order by id limit ? offset ?",
        [*values, page.size, page.offset],
    )
    data: list[Json] = []
    for each in found:
        event = books.event(each["event_uri"])
        place = event.doc["coordinates"]
        doc = event.doc | {"latitude": place.get("lat"), "longitude": place.get("lng")}
        data.append(shape.resource(event.id, doc, books.event_zone(event), books.switch("dates")))
    return listing(books, call, page, row["n"] if row else 0, data, slim=slim, slash=not slim)


def _places(call: Call, where: list[str], values: list[object]) -> None:
    city, country = call.param("city_id"), call.param("country_id")
    if city:
        where.append("city_id = ?")
        values.append(record_id(city) or 0)
    if country:
        where.append(
            "city_id in (select city.id from eventtia_records city join eventtia_records region"
            " on region.type = 'regions' and region.id = city.parent_id"
            " where city.type = 'cities' and region.parent_id = ?)"
        )
        values.append(record_id(country) or 0)


def _searched(call: Call) -> dict[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    for name, value in call.query:
        match = _FIELD_FILTER.fullmatch(name)
        if match is not None:
            wanted.setdefault(match[1], []).append(value)
    return wanted


def _change(books: Books, event: Record, body: Mapping[str, Any]) -> None:
    """Put a body's fields into an event. The zone comes first: the dates are wall clock in it."""
    doc = event.doc
    for name in ("is_virtual", "active"):
        if name in body:
            doc[name] = written_flag(body, name)
    if "virtual_timezone" in body:
        wanted = optional_text(body, "virtual_timezone")
        if wanted and zone(wanted) is None:
            raise invalid("virtual_timezone", "is not included in the list")
        doc["virtual_timezone"] = wanted or None
    if "is_virtual" in body:
        doc["attendance_mode"] = None
    where = books.event_zone(event)
    for name in ("start_date", "end_date"):
        if name in body:
            doc[name] = written_time(body, name, where)
    if doc["end_date"] < doc["start_date"]:
        raise invalid("end_date", "must be after the start date")
    if "name" in body:
        doc["name"] = required_text(body, "name")
    for name in ("description", "sender_name", "sender_email"):
        if name in body:
            doc[name] = optional_text(body, name)
    if "default_language" in body:
        if body["default_language"] not in _LANGUAGES:
            raise invalid("default_language", "is not included in the list")
        doc["default_language"] = body["default_language"]
    if "event_uri" in body:
        doc["event_uri"] = _uri(books, event, body)
    if "custom_fields_data" in body:
        data = body["custom_fields_data"]
        if not isinstance(data, dict):
            raise invalid("custom_fields_data", "is invalid")
        doc["custom_fields_data"] = doc["custom_fields_data"] | cast("Json", data)


def _uri(books: Books, event: Record, body: Mapping[str, Any]) -> str:
    uri = required_text(body, "event_uri")
    if not _URI.fullmatch(uri):
        raise invalid("event_uri", "is invalid")
    taken = books.store.row("select id from eventtia_events where event_uri = ? and id != ?", [uri, event.id])
    if taken is not None:
        raise invalid("event_uri", "has already been taken")
    return uri


ENDPOINTS: Final = (
    Endpoint("GET", "events", list_events),
    Endpoint("GET", "events/slim", list_slim),
    Endpoint("POST", "events", create_event),
    Endpoint("GET", "event-custom-fields", event_custom_fields),
    Endpoint("GET", E, get_event),
    Endpoint("PUT", E, update_event),
    Endpoint("GET", f"{E}/tickets-stats", tickets_stats),
)
