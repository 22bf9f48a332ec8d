"""Attendee types with their fields, and attendees: how they are shown, lists with all filters, look-ups."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.responses import Response

from eventdesk_server.sandbox.eventtia.answers import Json, Page, Refusal, answer, not_found
from eventdesk_server.sandbox.eventtia.books import SEARCHED, Books, Record
from eventdesk_server.sandbox.eventtia.calls import Call, E, Endpoint, Included, cut, listing, page_wanted, printed
from eventdesk_server.sandbox.eventtia.conference_resources import PARTICIPANT
from eventdesk_server.sandbox.eventtia.events import capacity
from eventdesk_server.sandbox.eventtia.logins import UNAUTHORISED
from eventdesk_server.sandbox.eventtia.resources import ATTENDEE, ATTENDEE_TYPE, CUSTOM_FIELD
from eventdesk_server.sandbox.eventtia.values import flag, iso_prefix, stored

UNDEFINED_FIELD: Final = "999000111"
"""The id, without a definition, that the switch `eventtia.unknown_fields` puts into every attendee's fields."""


class Types:
    """The attendee types of one event as one request needs them, read once."""

    def __init__(self, books: Books, event: Record) -> None:
        self.books = books
        self.event = event
        self.kinds = {kind.id: kind for kind in books.of_event(ATTENDEE_TYPE, event.id)}
        self.fields: dict[int, list[Record]] = {key: [] for key in self.kinds}
        for field in books.of_event(CUSTOM_FIELD, event.id):
            self.fields.setdefault(field.parent_id or 0, []).append(field)
        self.participants: dict[int, list[int]] = {}
        for participant in books.of_event(PARTICIPANT, event.id):
            self.participants.setdefault(participant.doc["attendee_id"] or 0, []).append(participant.id)

    def type_resource(self, kind: Record) -> Json:
        """An attendee type. Unlimited shows as `capacity: null` with `availability: 0`, which is not sold out."""
        limit = capacity(self.books, kind)
        left = 0 if limit is None else max(0, limit - self.books.seats_taken(kind.id))
        more = {
            "capacity": limit,
            "availability": left,
            "attendee_type_custom_fields": [field.id for field in self.fields[kind.id]],
            "business_conference_participant_type": kind.doc.get("participant_type"),
        }
        for name in ("price", "price_without_vat"):
            more[name] = as_price(kind.doc[name], self.books.switch("price_as"))
        return printed(self.books, ATTENDEE_TYPE, kind, self.event, **more)

    def field_resource(self, field: Record) -> Json:
        return printed(self.books, CUSTOM_FIELD, field, self.event, attendee_type=field.parent_id)

    def attendee_resource(self, attendee: Record, *, with_fields: bool = False, public: bool = False) -> Json:
        """An attendee: the person is in `fields`, under the ids of the fields of that attendee's type."""
        doc = attendee.doc
        person: Mapping[str, Any] = doc["person"]
        fields: Json = {}
        definitions = self.fields.get(doc["attendee_type"] or 0, [])
        for field in definitions:
            if not public or field.doc["available_public_listings"]:
                key = str(field.id)
                fields[key] = person.get(field.doc["name"]) if field.doc["default"] else doc["custom"].get(key)
        if self.books.switch("unknown_fields", False):
            fields[UNDEFINED_FIELD] = "left over"
        job = person.get("job_title")
        parts = (
            doc["uuid"],
            f"{person.get('first_name') or ''} {person.get('last_name') or ''}",
            person.get("email") or "",
            f"{person.get('company') or ''} - {job}" if job else person.get("company") or "",
            person.get("telephone") or "",
        )
        more = {
            "fields": fields,
            "qr_code": "" if public else "|".join(str(part) for part in parts),
            "attendee_type": None if self.books.switch("untyped_attendees", False) else doc["attendee_type"],
            "attendee_type_custom_fields": [field.id for field in definitions] if with_fields else [],
            "business_conference_participants": self.participants.get(attendee.id, []),
        }
        return printed(self.books, ATTENDEE, attendee, self.event, **more)

    def include(self, call: Call, included: Included, attendees: Sequence[Record]) -> None:
        """Add what `include` asks of attendees: their types, and the definitions of their fields."""
        nested = any(path[1:2] == ["attendee_type_custom_fields"] for path in call.include)
        for attendee in attendees:
            kind = self.kinds.get(attendee.doc["attendee_type"] or 0)
            if kind is None:
                continue
            if call.includes("attendee_type"):
                included.add(self.type_resource(kind))
            if nested or call.includes("attendee_type_custom_fields"):
                for field in self.fields[kind.id]:
                    included.add(self.field_resource(field))


def as_price(amount: Any, wanted: object) -> Any:
    """An amount as text or as number where a switch wants one of them throughout."""
    if wanted == "text":
        return str(amount)
    if wanted == "number" and isinstance(amount, str):
        try:
            return float(amount)
        except ValueError:
            return amount
    return amount


def list_types(books: Books, call: Call) -> Response:
    """`GET E/attendee_types`: the definitions of the fields are in `included` without asking."""
    event = books.event(call.parts["event_uri"])
    types = Types(books, event)
    page = page_wanted(books, call)
    kinds = sorted(types.kinds.values(), key=lambda kind: (kind.doc["order"], kind.id))
    included = Included()
    shown = cut(kinds, page)
    for kind in shown:
        for field in types.fields[kind.id]:
            included.add(types.field_resource(field))
    return listing(books, call, page, len(kinds), [types.type_resource(kind) for kind in shown], included=included)


def list_attendees(books: Books, call: Call) -> Response:
    """`GET E/attendees`. Without a token the fields are only those meant for public lists."""
    public = call.user is None
    if public and not books.switch("public_attendees", True):
        raise Refusal(401, UNAUTHORISED)
    event = books.event(call.parts["event_uri"])
    return attendees_answer(books, call, event, "event_id = ?", [event.id], public=public)


def attendees_answer(
    books: Books, call: Call, event: Record, where: str, values: Sequence[object], *, public: bool = False
) -> Response:
    """A list of attendees under the filters of a request.

    Rejected ones are left out unless asked for, cancelled and archived ones come only with `include_archived`.
    """
    conditions = [where]
    bound = list(values)
    if not flag(call.param("include_archived")):
        conditions.append("archived = 0")
        if not flag(call.param("include_rejected")):
            conditions.append("status != 'rejected'")
    if flag(call.param("only_confirmed")):
        conditions.append("status = 'confirmed'")
    for name in SEARCHED:
        text = call.param(name)
        if text:
            conditions.append(f"instr({name}, ?) > 0")
            bound.append(text.casefold())
    for name, column in (("created_date_time", "created_at"), ("updated_date_time", "updated_at")):
        text = call.param(name)
        if text:
            moment = iso_prefix(text, ZoneInfo("UTC"))
            if moment is None:
                raise Refusal(400, "invalid date")
            conditions.append(f"{column} > ?")
            bound.append(stored(moment))
    condition = " and ".join(conditions)
    row = books.store.row(f"select count(*) as n from eventtia_attendees where {condition}", bound)
    total = int(row["n"]) if row else 0
    page = page_wanted(books, call)
    found = _page_of_attendees(books, event, condition, bound, page)
    types = Types(books, event)
    included = Included() if call.include else None
    if included is not None and not public:
        types.include(call, included, found)
    wide = call.includes("attendee_type_custom_fields")
    data = [types.attendee_resource(each, with_fields=wide, public=public) for each in found]
    return listing(books, call, page, total, data, included=included, meta={"total_attendees": total})


def attendee_answer(books: Books, call: Call, event: Record, attendee: Record, status: int = 200) -> Response:
    """One attendee, with what `include` asks for."""
    types = Types(books, event)
    wide = call.includes("attendee_type_custom_fields")
    body: Json = {"data": types.attendee_resource(attendee, with_fields=wide)}
    if call.include:
        included = Included()
        types.include(call, included, [attendee])
        body["included"] = included.items()
    return answer(body, status)


def get_attendee(books: Books, call: Call) -> Response:
    """`GET E/attendees/:attendee_id`: also one that was cancelled, unless a switch hides it."""
    event = books.event(call.parts["event_uri"])
    attendee = books.attendee(event.id, call.parts["attendee_id"])
    if attendee.doc["archived"] and books.switch("cancelled_is_gone", False):
        raise not_found()
    return attendee_answer(books, call, event, attendee)


def by_email(books: Books, call: Call) -> Response:
    """`GET E/attendees/by_email`: the whole address, the first match that is not archived."""
    event = books.event(call.parts["event_uri"])
    email = (call.param("email") or "").casefold()
    found = _page_of_attendees(
        books, event, "event_id = ? and email = ? and archived = 0", [event.id, email], Page(1, 1)
    )
    if email and found:
        return attendee_answer(books, call, event, found[0])
    if books.switch("by_email_miss", "404") == "null":
        return answer({"data": None})
    raise not_found()


def _page_of_attendees(
    books: Books, event: Record, condition: str, values: Sequence[object], page: Page
) -> list[Record]:
    rows = books.store.rows(
        f"select id from eventtia_attendees where {condition} order by id limit ? offset ?",
        [*values, page.size, page.offset],
    )
    return [books.attendee(event.id, row["id"]) for row in rows]


ENDPOINTS: Final = (
    Endpoint("GET", f"{E}/attendee_types", list_types),
    Endpoint("GET", f"{E}/attendees", list_attendees, public=True),
    Endpoint("GET", f"{E}/attendees/by_email", by_email),
    Endpoint("GET", f"{E}/attendees/:attendee_id", get_attendee),
)
