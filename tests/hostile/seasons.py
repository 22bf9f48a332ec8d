"""Seasons in whose tables strangers wrote: as many records of a kind as there are payloads, another one in every text of each.

The texts are those that the formats of the seasons allow, read off the formats, but for what a platform makes itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from eventdesk_server.sandbox.eventhq import season as hq
from eventdesk_server.sandbox.eventschedule import seasonformat as es
from eventdesk_server.sandbox.eventtia import catalogue_resources as et
from eventdesk_server.sandbox.eventtia import conference_resources as matches
from eventdesk_server.sandbox.eventtia.resources import ATTENDEE_TYPE, CUSTOM_FIELD, EVENT, WORKSHOP
from eventdesk_server.sandbox.eventtia.shapes import Shape
from eventdesk_server.sandbox.heysummit import season as summit
from tests.hostile.payloads import PAYLOADS, numbered
from tests.mcp.matrix import USER

SIZE = len(PAYLOADS)
MAIN = "Main"
"""The title of the event that holds a season's people, tickets and sessions; the others hold one of each."""
MADE_BY_THE_PLATFORM = frozenset(
    "subdomain owner creator user timezone slug color country_code days_of_week recurring_end_value ticket_currency_code"
    " start_time end_time order made_by event_password password api_key currency event_uri iso_code default_language"
    " time_format attendance_mode virtual_timezone status uuid guid total_amount vat type country color".split()
)
"""Texts of a season that are codes, words for states, keys, amounts, or names of other records."""
Row = dict[str, Any]


class Pen:
    """Writes payloads: the n-th record's text of a name holds another one than its neighbours. `written` counts the pairs."""

    def __init__(self) -> None:
        self.written: defaultdict[str, set[int]] = defaultdict(set)
        self._shifts: dict[str, int] = {}

    def text(self, field: str, number: int) -> str:
        at = (number + self._shifts.setdefault(field, 7 * len(self._shifts))) % SIZE
        self.written[field].add(at)
        return numbered(at)

    def all(self, kind: str, fields: Iterator[str], number: int) -> Row:
        """Every text of a record."""
        return {name: self.text(f"{kind}.{name}", number) for name in fields if name not in MADE_BY_THE_PLATFORM}


# Event Schedule -------------------------------------------------------------------------------------------------------


def _of_table(table: Mapping[str, Any]) -> Iterator[str]:
    return (key.rstrip("!") for key, kind in table.items() if kind is str)


def schedule(pen: Pen) -> Row:
    owner = "organiser@sandbox.example"

    def sale(n: int) -> Row:
        return pen.all("sale", _of_table(es.SALE), n) | {
            "status": "paid", "lines": [{"ticket": n, "quantity": 1}], "email": f"p{n}@mail.test",
            "feedback": {"rating": 4, **pen.all("feedback", _of_table(es.FEEDBACK), n)},
        }  # fmt: skip

    def tickets(numbers: range) -> Row:
        return {
            "tickets_enabled": True, "ticket_currency_code": "GBP",
            "tickets": [pen.all("ticket", _of_table(es.TICKET), n) | {"type": pen.text("ticket.type", n), "price": n, "quantity": 500}
                        for n in numbers],
            "addons": [pen.all("addon", _of_table(es.ADDON), n) | {"type": pen.text("addon.type", n), "price": 2} for n in numbers],
            "parts": [pen.all("part", _of_table(es.PART), n) | {"start_time": f"{n % 24:02}:00"} for n in numbers],
        }  # fmt: skip

    def event(n: int) -> Row:
        return pen.all("event", _of_table(es.EVENT), n) | {
            "schedules": [{"subdomain": f"place-{n}"}], "starts_at": "2027-06-01 23:00:00", "duration": 2, **tickets(range(n, n + 1)),
        }  # fmt: skip

    def group(n: int) -> Row:
        return pen.all("group", _of_table(es.GROUP), n) | {"slug": f"g-{n}"}

    events = [event(0), *(event(n) for n in range(SIZE))]
    events[0] |= {
        "name": MAIN, "sales": [sale(n) for n in range(SIZE)], **tickets(range(SIZE)),
        "fan_content": [{"kind": "comment", **pen.all("fan", _of_table(es.FAN), n)} for n in range(SIZE)],
    }  # fmt: skip
    places = [
        pen.all("schedule", _of_table(es.SCHEDULE), n)
        | {"subdomain": f"place-{n}", "type": "venue", "owner": owner, "timezone": "Europe/London",
           "groups": [group(m) for m in numbers], "categories": [{"id": 100 + m, **pen.all("category", _of_table(es.CATEGORY), m)} for m in numbers]}
        for n in range(SIZE)
        for numbers in [range(SIZE) if n == 0 else range(n, n + 1)]
    ]  # fmt: skip
    return {"schedules": places, "events": events}


# Eventtia -------------------------------------------------------------------------------------------------------------


def _of_shape(shape: Shape) -> Iterator[str]:
    return (name for name, each in shape.attributes.items() if each.kind == "text" and name not in shape.computed)


def fair(pen: Pen) -> Row:
    at = {"start_date": "2027-05-12T09:00:00", "end_date": "2027-05-14T18:00:00"}

    def rows(shape: Shape, first: int, more: Callable[[int], Row] = lambda _: {}) -> list[Row]:
        return [{"id": first + n, **pen.all(shape.type, _of_shape(shape), n), **more(n)} for n in range(SIZE)]

    def person(n: int) -> Row:
        own = ("first_name", "last_name", "company", "telephone", "job_title", "picture", "alternative_email")
        return pen.all("attendees", iter(own), n) | {
            "attendee_type": 51_001, "email": f"p{n}@fair.example", "status": "confirmed", "workshops": [7_000 + n],
            "custom_fields": {"880101": pen.text("attendees.custom", n)},
            "purchases": [{"id": 8_000 + n, "purchase_item": 9_000 + n}],
            "payments": rows_of_one(et.PAYMENT, 4_000, n, {"currency": "EUR", "total_amount": "12.50", "status": "accepted"}),
        }  # fmt: skip

    def rows_of_one(shape: Shape, first: int, n: int, more: Row) -> list[Row]:
        return [{"id": first + n, **pen.all(shape.type, _of_shape(shape), n), **more}]

    kinds = rows(ATTENDEE_TYPE, 51_001, lambda n: {"price": 0, "first_field_id": 880_001 + 1_000 * n})
    for n, kind in enumerate(kinds):
        kind["custom_fields"] = [{"id": 880_101 + 1_000 * n, **pen.all(CUSTOM_FIELD.type, iter(("name", "alias")), n)}]
    early = {"scheduling_starts_on": "2027-05-12T09:00:00", "booking_deadline_date": "2027-05-12T09:00:00"}
    conferences = rows(matches.CONFERENCE, 1, lambda _: at | early)
    conferences[0] |= {
        "participant_types": rows(matches.PARTICIPANT_TYPE, 1),
        "participants": rows(matches.PARTICIPANT, 1, lambda n: {"participant_type_id": 1, "attendee_id": 600_001 + n}),
        "meetings": rows(
            matches.MEETING, 1, lambda n: at | {"business_conference_participants": [1, 2 + n % (SIZE - 1)]}
        ),
    }
    main: Row = {
        "id": 1, "name": MAIN, "event_uri": "main", "active": True, "city_id": 11, **at, "attendee_types": kinds,
        "attendees": [{"id": 600_001 + n, **person(n)} for n in range(SIZE)],
        "speakers": rows(et.SPEAKER, 61), "workshop_categories": rows(et.WORKSHOP_CATEGORY, 3_000),
        "workshops": rows(WORKSHOP, 7_000, lambda n: at | {"speakers": [61 + n], "workshop_categories": [3_000 + n]}),
        "purchase_items": rows(et.PURCHASE_ITEM, 9_000), "guests": rows(et.GUEST, 1), "pois": rows(et.POI, 1),
        "zones": rows(et.ZONE, 1), "stand_categories": rows(et.STAND_CATEGORY, 1), "event_qa_sessions": rows(et.QA_SESSION, 1),
        "massive_messages": rows(et.MESSAGE, 1),
        "stand_reservations": rows(et.STAND, 1, lambda n: {} if n else {"leads": rows(et.LEAD, 1)}),
        "event_params": {"aux_json_data": {f"p{n}": pen.text("event_params", n) for n in range(SIZE)}},
        "event_file_categories": rows(et.FILE_CATEGORY, 1, lambda n: {} if n else {"event_files": rows(et.EVENT_FILE, 1)}),
        "surveys": rows(et.SURVEY, 1, lambda n: {} if n else {
            "questions": rows(et.QUESTION, 20_000),
            "answers": [{"values": {"20000": pen.text("survey_answers.values", m)}} for m in range(SIZE)]}),
        "business_conferences": conferences,
    }  # fmt: skip
    events = [main] + [
        {"id": 2 + n, **pen.all("events", _of_shape(EVENT), n), "event_uri": f"e-{n}", "active": True, "city_id": 11, **at}
        for n in range(SIZE)
    ]  # fmt: skip
    cities = [
        {"id": 11 + n, "latitude": 1.0, "longitude": 1.0, "time_zone": "Europe/Madrid", **pen.all("cities", iter(("name",)), n)}
        for n in range(SIZE)
    ]  # fmt: skip
    regions: list[Row] = [{"id": 1 + n, **pen.all("regions", iter(("name",)), n)} for n in range(SIZE)]
    regions[0]["cities"] = cities
    countries: list[Row] = [
        {"id": 1 + n, "currency_code": "EUR", **pen.all("countries", iter(("name",)), n)} for n in range(SIZE)
    ]
    countries[0]["regions"] = regions
    return {
        "account": {"timezone": "Europe/Madrid", "currency": "EUR"}, "countries": countries, "events": events,
        "event_custom_fields": rows(et.QUESTION, 1), "web_hooks": rows(et.HOOK, 1),
    }  # fmt: skip


# HeySummit and EventHQ ------------------------------------------------------------------------------------------------


def _of_model(model: type[BaseModel]) -> Iterator[str]:
    """The texts of a model that nothing restricts but their length."""
    for name, known in model.model_fields.items():
        free = not any(hasattr(rule, "func") or getattr(rule, "pattern", None) for rule in known.metadata)
        if str(known.annotation) in {"<class 'str'>", "str | None"} and free:
            yield name


def week(pen: Pen) -> Row:
    made = {"created_at": "2027-01-05T10:00:00Z"}

    def rows(model: type[BaseModel], first: int, more: Callable[[int], Row] = lambda _: {}) -> list[Row]:
        kind = model.__name__.lower()
        found = [{"id": first + n, **pen.all(kind, _of_model(model), n), **more(n)} for n in range(SIZE)]
        slugs = {"slug"} & set(model.model_fields)
        return [row | dict.fromkeys(slugs, f"s-{n}") for n, row in enumerate(found)]

    main: Row = {
        "id": 4711, "title": MAIN, "timezone": "Europe/London", "first_talk_at": "2027-07-06T09:30:00",
        "categories": rows(summit.Category, 1), "speakers": rows(summit.Speaker, 1), "sponsors": rows(summit.Sponsor, 1),
        "sponsor_categories": rows(summit.SponsorCategory, 1), "coupons": rows(summit.Coupon, 1),
        "talks": rows(summit.Talk, 1, lambda n: {"date": "2027-07-06T10:00:00", "speakers": [1 + n], "categories": [1 + n]}),
        "tickets": rows(summit.Ticket, 1, lambda n: made | {
            "prices": [{"id": 1 + n, "title": pen.text("price.title", n), "price": "0.00"}]}),
        "attendees": rows(summit.Attendee, 1, lambda n: made | {
            "email": f"p{n}@mail.test", "registration_status": "Completed Order", "talks": [1 + n],
            "tickets": [{"ticket_price_id": 1 + n}], "questions": [{"question_id": 1, "answer": pen.text("answer.answer", n)}]}),
    }  # fmt: skip
    others = rows(
        summit.Event,
        5_000,
        lambda n: {"timezone": "Europe/London", "status": "live", "tags": [pen.text("event.tags", n)]},
    )
    hooks = rows(summit.Webhook, 1, lambda _: {"event": 4711})
    return {"events": [main, *others], "webhooks": hooks}


def courses(pen: Pen) -> Row:
    at = {"created": "2027-01-01T00:00:00", "modified": "2027-01-01T00:00:00"}

    def product(n: int, first: int = 7_000) -> Row:
        days = {"event_days": [pen.text("product.event_days", n)]}
        return pen.all("product", _of_model(hq.Product), n) | at | {"id": f"{first + n}"} | days

    def event(n: int) -> Row:
        return pen.all("event", _of_model(hq.Event), n) | {
            "id": 1 + n, "slug": f"e-{n}", "event_starts": "2027-05-01T00:00:00", "event_ends": "2027-05-01T00:00:00",
            "tags": [f"t{n}"], "products": [product(n)],
        }  # fmt: skip

    events = [event(0), *(event(n) for n in range(SIZE))]
    events[0] |= {"id": SIZE + 1, "name": MAIN, "slug": "main", "products": [product(n, 9_000) for n in range(SIZE)]}
    return {"tags": [{"id": f"t{n}", "name": pen.text("tag.name", n)} for n in range(SIZE)], "events": events}


# evvnt ----------------------------------------------------------------------------------------------------------------


def listings(pen: Pen) -> Row:
    texts = ("title", "summary", "description", "image_url", "organiser_name", "artists", "keywords", "hashtag")
    place = ("name", "address_1", "address_2", "town", "postcode", "tel")
    owners: tuple[Row, ...] = ({"owner": "organiser"}, {"owner": "partner", "user_id": USER}, {"owner": "feed"})

    def event(n: int, number: int, owner: Row) -> Row:
        return pen.all("event", iter(texts), n) | owner | {
            "id": number, "timestamp": "2027-02-01T10:00:00Z", "category_id": 500 + n,
            "start_time": "2027-06-12T19:30:00+0100", "end_time": "2027-06-12T22:30:00+0100",
            "contact": pen.all("event.contact", iter(("name", "tel", "email")), n),
            "venue": pen.all("event.venue", iter(place), n) | {"country": "GB"},
            "links": {"Website": pen.text("event.links", n), pen.text("event.links.names", n): "https://a.example"},
            "prices": {pen.text("event.prices.names", n): pen.text("event.prices", n)},
            "image_urls": [pen.text("event.image_urls", n)],
        }  # fmt: skip

    def package(n: int, number: int, owner: Row) -> Row:
        return pen.all("package", iter(("purchase_order_id", "notes")), n) | owner | {
            "uuid": f"7f1c9a52-0d0e-4a6e-9a53-{number:012d}", "type": "SinglePackage", "broadcast_volume": 45,
            "event_quantity": 5, "purchase_date": "2027-01-31",
        }  # fmt: skip

    return {
        "categories": [{"id": 500 + n, "parent_id": 26, "name": pen.text("category.name", n)} for n in range(SIZE)],
        "contract": [{"id": 600 + n, "type": pen.text("contract.type", n), "broadcast_volume": 1, "currency": "EUR",
                      "cost_per_event": "1.0"} for n in range(SIZE)],
        "publishers": [{"id": 700 + n, **pen.all("publisher", iter(("name", "url")), n), "category_ids": [500 + n]} for n in range(SIZE)],
        "users": [{"uuid": USER, "name": "Rhea", "email": "rhea@a.example"}]
        + [{"uuid": f"8f1c9a52-0d0e-4a6e-9a53-{n:012d}", **pen.all("user", iter(("name", "email")), n)} for n in range(SIZE)],
        "packages": [package(n, 1_000 * at + n, owner) for at, owner in enumerate(owners[:2]) for n in range(SIZE)],
        "events": [event(n, 10_000 * (at + 1) + n, owner) for at, owner in enumerate(owners) for n in range(SIZE)],
        "published_events": [{"publisher_id": 700, "event_id": 10_000 + n, "url": pen.text("published.url", n)} for n in range(SIZE)],
    }  # fmt: skip


SEASONS: Mapping[str, Callable[[Pen], Row]] = {
    "eventschedule": schedule, "eventtia": fair, "heysummit": week, "eventhq": courses, "evvnt": listings,
}  # fmt: skip
