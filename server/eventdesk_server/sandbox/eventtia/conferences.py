"""Business conferences: participant types with their slots and blocked hours, participants, agendas, meetings."""

from typing import Final
from zoneinfo import ZoneInfo

from starlette.responses import Response

from eventdesk_server.sandbox.eventtia.answers import Json, Refusal, answer, invalid
from eventdesk_server.sandbox.eventtia.attendees import Types
from eventdesk_server.sandbox.eventtia.books import Books, Record
from eventdesk_server.sandbox.eventtia.calls import (
    Call,
    E,
    Endpoint,
    Included,
    cut,
    listing,
    page_wanted,
    plain_list,
    printed,
)  # fmt: skip
from eventdesk_server.sandbox.eventtia.conference_resources import (
    CONFERENCE,
    MEETING,
    PARTICIPANT,
    PARTICIPANT_TYPE,
    UNAVAILABLE,
)  # fmt: skip
from eventdesk_server.sandbox.eventtia.values import iso_prefix, record_id, stored, wall_time

_STATUSES: Final = {"requested": 1, "accepted": 2, "rejected": 3, "expired": 4}


def list_conferences(books: Books, call: Call) -> Response:
    """`GET E/business_conferences`, the participant types in `included`."""
    event = books.event(call.parts["event_uri"])
    conferences = _updated_since(call, books.of_event(CONFERENCE, event.id))
    page = page_wanted(books, call)
    included = Included()
    data: list[Json] = []
    for conference in cut(conferences, page):
        kinds = books.of_parent(PARTICIPANT_TYPE, conference.id)
        for kind in kinds:
            included.add(printed(books, PARTICIPANT_TYPE, kind, event, business_conference=conference.id))
        meetings = [meeting.doc["status"] for meeting in books.of_parent(MEETING, conference.id)]
        counts = {
            f"total_{word}_meetings": meetings.count(code) for word, code in _STATUSES.items() if word != "expired"
        }
        more = {"event_id": event.id, "business_conference_participant_types": [kind.id for kind in kinds]}
        data.append(printed(books, CONFERENCE, conference, event, **counts, **more))
    return listing(books, call, page, len(conferences), data, included=included)


def list_participant_types(books: Books, call: Call) -> Response:
    """`GET C/business_conference_participant_types`, attendee types and their fields in `included`."""
    event, conference = _conference(books, call)
    kinds = books.of_parent(PARTICIPANT_TYPE, conference.id)
    types = Types(books, event)
    page = page_wanted(books, call)
    included = Included()
    data: list[Json] = []
    for kind in cut(kinds, page):
        data.append(printed(books, PARTICIPANT_TYPE, kind, event, business_conference=conference.id))
        for key in kind.doc["attendee_types"]:
            if key in types.kinds:
                included.add(types.type_resource(types.kinds[key]))
                for field in types.fields[key]:
                    included.add(types.field_resource(field))
    return listing(books, call, page, len(kinds), data, included=included)


def list_unavailable(books: Books, call: Call) -> Response:
    """`GET C/business_conference_participant_types/:tid/unavailable_hours`."""
    event, kind = _participant_type(books, call)
    return plain_list(books, call, UNAVAILABLE, books.of_parent(UNAVAILABLE, kind.id), event)


def add_unavailable(books: Books, call: Call) -> Response:
    """`POST` to the same path: two dates, in the body or in the query."""
    event, kind = _participant_type(books, call)
    doc = _hours(books, call, event, {})
    key = books.add(UNAVAILABLE, doc, event_id=event.id, parent_id=kind.id)
    return answer({"data": printed(books, UNAVAILABLE, Record(key, doc), event)})


def change_unavailable(books: Books, call: Call) -> Response:
    """`PUT` to the same path and an id."""
    event, kind = _participant_type(books, call)
    record = books.get(UNAVAILABLE, call.parts["id"], parent_id=kind.id)
    changed = Record(record.id, _hours(books, call, event, record.doc))
    books.keep(UNAVAILABLE, changed)
    return answer({"data": printed(books, UNAVAILABLE, changed, event)})


def delete_unavailable(books: Books, call: Call) -> Response:
    """`DELETE`: answers with the record that is gone."""
    event, kind = _participant_type(books, call)
    record = books.get(UNAVAILABLE, call.parts["id"], parent_id=kind.id)
    books.drop(UNAVAILABLE, record.id)
    return answer({"data": printed(books, UNAVAILABLE, record, event)})


def list_participants(books: Books, call: Call) -> Response:
    """`GET C/business_conference_participants`, their attendees and the fields of these in `included`."""
    event, conference = _conference(books, call)
    participants = _updated_since(call, books.of_parent(PARTICIPANT, conference.id))
    kind = call.param("participant_type_id")
    if kind:
        participants = [each for each in participants if each.doc["participant_type_id"] == record_id(kind)]
    page = page_wanted(books, call)
    types = Types(books, event)
    included = Included()
    data: list[Json] = []
    for participant in cut(participants, page):
        data.append(_participant(books, event, conference, participant))
        if participant.doc["attendee_id"] is not None:
            attendee = books.attendee(event.id, participant.doc["attendee_id"])
            included.add(types.attendee_resource(attendee, with_fields=True))
            for field in types.fields.get(attendee.doc["attendee_type"] or 0, []):
                included.add(types.field_resource(field))
    return listing(books, call, page, len(participants), data, included=included)


def agenda(books: Books, call: Call) -> Response:
    """`GET C/business_conference_participants/:participant_id/agenda`: that one's meetings, and slots in `meta`."""
    event, conference = _conference(books, call)
    participant = books.get(PARTICIPANT, call.parts["participant_id"], parent_id=conference.id)
    kind = books.find(PARTICIPANT_TYPE, participant.doc["participant_type_id"], event.id)
    meta = {
        "agenda": kind.doc["agenda"] if kind else {},
        "blocked_slots": participant.doc["blocked_slots"],
        "meeting_statuses": _STATUSES,
    }
    meetings = [
        meeting
        for meeting in books.of_parent(MEETING, conference.id)
        if participant.id in meeting.doc["business_conference_participants"]
    ]
    return _meetings(books, call, event, conference, meetings, meta=meta)


def list_meetings(books: Books, call: Call) -> Response:
    """`GET C/business_conference_meetings`, the participants in `included`."""
    event, conference = _conference(books, call)
    return _meetings(books, call, event, conference, books.of_parent(MEETING, conference.id), meta={})


def _meetings(
    books: Books, call: Call, event: Record, conference: Record, meetings: list[Record], *, meta: Json
) -> Response:  # fmt: skip
    page = page_wanted(books, call)
    included = Included()
    data: list[Json] = []
    for meeting in cut(meetings, page):
        data.append(printed(books, MEETING, meeting, event, business_conference_id=conference.id))
        for key in meeting.doc["business_conference_participants"]:
            participant = books.find(PARTICIPANT, key, event.id)
            if participant is not None:
                included.add(_participant(books, event, conference, participant))
    return listing(books, call, page, len(meetings), data, included=included, meta=meta)


def _participant(books: Books, event: Record, conference: Record, participant: Record) -> Json:
    more = {"business_conference_id": conference.id, "attendee": participant.doc["attendee_id"]}
    return printed(books, PARTICIPANT, participant, event, **more)


def _conference(books: Books, call: Call) -> tuple[Record, Record]:
    event = books.event(call.parts["event_uri"])
    return event, books.get(CONFERENCE, call.parts["business_conference_id"], event.id)


def _participant_type(books: Books, call: Call) -> tuple[Record, Record]:
    event, conference = _conference(books, call)
    key = call.parts["business_conference_participant_type_id"]
    return event, books.get(PARTICIPANT_TYPE, key, parent_id=conference.id)


def _updated_since(call: Call, records: list[Record]) -> list[Record]:
    text = call.param("updated_since")
    if not text:
        return records
    moment = iso_prefix(text, ZoneInfo("UTC"))
    if moment is None:
        raise Refusal(400, "invalid date")
    return [record for record in records if record.doc["updated_at"] >= stored(moment)]


def _hours(books: Books, call: Call, event: Record, had: Json) -> Json:
    doc = dict(had)
    for name in ("start_date", "end_date"):
        text = call.either(name)
        if text is None and name in had:
            continue
        moment = wall_time(text, books.event_zone(event))
        if moment is None:
            raise invalid(name, "is not a valid date, use DD/MM/YYYY - HH:MM")
        doc[name] = stored(moment)
    if doc["end_date"] <= doc["start_date"]:
        raise invalid("end_date", "must be after the start date")
    return doc


_C: Final = f"{E}/business_conferences/:business_conference_id"
_T: Final = f"{_C}/business_conference_participant_types"
_HOURS: Final = f"{_T}/:business_conference_participant_type_id/unavailable_hours"

ENDPOINTS: Final = (
    Endpoint("GET", f"{E}/business_conferences", list_conferences),
    Endpoint("GET", _T, list_participant_types),
    Endpoint("GET", _HOURS, list_unavailable),
    Endpoint("POST", _HOURS, add_unavailable),
    Endpoint("PUT", f"{_HOURS}/:id", change_unavailable),
    Endpoint("DELETE", f"{_HOURS}/:id", delete_unavailable),
    Endpoint("GET", f"{_C}/business_conference_participants", list_participants),
    Endpoint("GET", f"{_C}/business_conference_participants/:participant_id/agenda", agenda),
    Endpoint("GET", f"{_C}/business_conference_meetings", list_meetings),
)
