"""The demo season of Eventtia's stand-in: one organiser's year, relative to now.

Seventeen events and about 580 attendees: past, running, next month and next year; offline, online and both; seven
zones, one of them a quarter of an hour off; currencies with no, two and three digits. All people are invented.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from eventdesk_server.sandbox.seasons.eventtia_places import city, countries, iso_code
from eventdesk_server.sandbox.seasons.vocabulary import Cast, long_html

Row = dict[str, Any]

_STATUSES: Final = (
    "accepted",
    "processing",
    "accepted",
    "refuted",
    "accepted",
    "expired",
    "accepted",
    "error",
    "refunded",
)
_COMPANIES: Final = (
    "Faro SL",
    "Marsh Ltd",
    "Kite & Co",
    "Brisa",
    "港デザイン",
    "بيت البحر",
    "",
    "Åkesson AB",
    "Sol Studio",
)
_JOBS: Final = ("Curator", "Lead", "", "Designer", "CTO", "Ceramicist", "Founder & baker")
_DIETS: Final = ("Vegetarian", "Vegan", "None", "Halal", "Kosher", "نباتي")


def default_season(rng: random.Random, now: datetime) -> Row:
    """The season in the format that `EventtiaStandIn.load` takes."""
    maker = _Maker(rng, now)
    return {
        "account": {"timezone": "Europe/Madrid", "currency": "EUR", "iso_code": "ES"},
        "countries": countries(),
        "event_custom_fields": [{"id": 7001, "name": "Track"}, {"id": 7002, "name": "Cost centre"}],
        "events": maker.events(),
        "web_hooks": [
            {"id": 11951, "target_url": "https://hooks.example/e/7c1f", "trigger": "attendee_created",
             "event": "harbor-design-days"},
            {"id": 11952, "target_url": "https://hooks.example/a/19d2", "trigger": "event_updated"},
        ],
    }  # fmt: skip


class _Maker:
    """Makes events; counts ids, so that no two of a kind are the same."""

    def __init__(self, rng: random.Random, now: datetime) -> None:
        self.rng = rng
        self.now = now
        self.cast = Cast(rng)
        self.attendee = 600000
        self.payment = 4400000
        self.kind = 51002
        self.field = 881000
        self.texts = [long_html(rng, paragraphs) for paragraphs in (2, 8, 40)]

    def at(self, days: float, clock: str, zone: str) -> datetime:
        """That many days from now, at that time of day there."""
        day = (self.now.astimezone(ZoneInfo(zone)) + timedelta(days=days)).date()
        hour, minute = (int(part) for part in clock.split(":"))
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))

    def ago(self, days: float) -> str:
        return (self.now - timedelta(days=days)).isoformat(timespec="milliseconds")

    def event(self, key: int, name: str, uri: str, days: float, **more: Any) -> Row:
        """An event with its place and times. `span` is how many days it lasts, `clock` from when to when."""
        place = more.pop("city_id", None)
        zone = more.get("virtual_timezone") or (city(place)[3] if place else "Europe/Madrid")
        opens, closes = more.pop("clock", ("19:00", "23:00"))
        start, end = self.at(days, opens, zone), self.at(days + more.pop("span", 1) - 1, closes, zone)
        row: Row = {
            "id": key, "name": name, "event_uri": uri, "start_date": start.isoformat(), "end_date": end.isoformat(),
            "created_at": self.ago(200 - key % 50), "updated_at": self.ago(20 - key % 13),
            "description": self.texts[key % 3], "sender_email": "hello@harbor.example", "budget": 0.0,
        }  # fmt: skip
        if place:
            _, lat, lng, _ = city(place)
            row |= {"city_id": place, "iso_code": iso_code(place), "coordinates": {"lat": lat, "lng": lng}}
        return row | more

    def type(self, name: str, price: float = 0.0, capacity: int | None = None, **more: Any) -> Row:
        """An attendee type with a question about food."""
        self.kind += 1
        self.field += 100
        return {
            "id": self.kind, "name": name, "price": price, "price_without_vat": round(price / 1.21, 2),
            "capacity": capacity, "first_field_id": self.field, "updated_at": self.ago(30),
            "custom_fields": [{"id": self.field + 11, "name": "Diet", "alias": "diet"}],
        } | more  # fmt: skip

    def people(self, kinds: Sequence[Row], count: int, currency: str, **more: Any) -> list[Row]:
        """Attendees of these types, in turn, every fourth of them of the last; with payments where a price is due."""
        rows: list[Row] = []
        for place in range(count):
            kind = kinds[-1] if place % 4 == 3 else kinds[place % max(1, len(kinds) - 1)]
            rows.append(self.person(kind, place, currency) | more)
        return rows

    def person(self, kind: Row, place: int, currency: str) -> Row:
        self.attendee += 1
        someone = self.cast.person()
        due = kind["price"] > 0
        status = _STATUSES[place % len(_STATUSES)] if due else ""
        pending = kind.get("confirmation_required", False) and place % 3 == 0
        created = 60 - place % 55
        row: Row = {
            "id": self.attendee, "attendee_type": kind["id"], "first_name": someone.first, "last_name": someone.last,
            "email": someone.email, "company": _COMPANIES[place % len(_COMPANIES)] or None,
            "job_title": _JOBS[place % len(_JOBS)] or None, "telephone": f"+4477009{place:05d}",
            "status": "pending" if pending else "confirmed", "paid": not due or status == "accepted",
            "created_at": self.ago(created), "updated_at": self.ago(created / 2),
        }  # fmt: skip
        if place % 3 == 0:
            row["custom_fields"] = {str(kind["custom_fields"][0]["id"]): _DIETS[place % len(_DIETS)]}
        if place % 7 == 0:
            row |= {"birthdate": f"19{60 + place % 40}-02-{1 + place % 28:02d}", "timezone": "Europe/Madrid"}
        if due:
            row["payments"] = [self.paid(str(kind["price"]), currency, status, place, created)]
        return row

    def paid(self, amount: str, currency: str, status: str, place: int, days: float) -> Row:
        self.payment += 1
        electronic = place % 2 == 1
        return {
            "id": self.payment, "payment_type": "Electronic payment" if electronic else "Manual payment",
            "identifier": f"PAY-{self.payment}" if electronic else None, "currency": currency,
            "description": "Card" if electronic else "Bank transfer", "total_amount": amount, "status": status,
            "created_at": self.ago(days), "updated_at": self.ago(days), "vat": "0.0",
        }  # fmt: skip

    def gone(self, kind: Row, currency: str) -> list[Row]:
        """People whom a list leaves out: rejected, cancelled, deleted."""
        rows = [self.person(kind, place, currency) for place in range(6)]
        for row, status in zip(
            rows, ("rejected", "rejected", "cancelled", "cancelled", "cancelled", "archived"), strict=True
        ):
            row |= {"status": status, "archived": status != "rejected", "paid": False}
            row.pop("payments", None)
        return rows

    def workshop(self, key: int, name: str, start: datetime, hours: float, **more: Any) -> Row:
        return {
            "id": key, "name": name, "start_date": start.isoformat(), "created_at": self.ago(50),
            "end_date": (start + timedelta(hours=hours)).isoformat(), "updated_at": self.ago(40),
        } | more  # fmt: skip

    def events(self) -> list[Row]:
        return [self.harbor(), *self.near(), *self.scripts(), *self.corners()]

    def harbor(self) -> Row:
        """The event with a bit of everything."""
        general: Row = {
            "id": 51001, "name": "General", "order": 1, "first_field_id": 880101, "price": 0.0,
            "price_end_date": self.at(32, "23:59", "Europe/Madrid").isoformat(), "updated_at": self.ago(60),
            "custom_fields": [{"id": 880112, "name": "Diet", "alias": "diet"}],
        }  # fmt: skip
        vip: Row = {
            "id": 51002, "name": "VIP", "order": 2, "first_field_id": 880201, "price": 120.0, "capacity": 40,
            "price_without_vat": 99.17, "confirmation_required": True, "valid_if_no_payments": False, "group_seats": 3,
            "updated_at": self.ago(60), "custom_fields": [{"id": 880212, "name": "Diet", "alias": "diet"}],
        }  # fmt: skip
        event = self.event(90211, "Harbor Design Days", "harbor-design-days", 34, city_id=40102, span=3,
                           clock=("09:00", "18:00"), currency="EUR", address="Moll 4", budget=12500.0,
                           custom_fields_data={"7001": "Design"}, featured=True)  # fmt: skip
        start = datetime.fromisoformat(event["start_date"])
        people = self.people([general, vip], 61, "EUR")
        for place, row in enumerate(people):
            row["workshops"] = [73001] * (place < 12) + [73002] * (place % 2) + [73003] * (20 <= place < 25)
        # One that paid in another currency, in each status, and two that share an address: both happen.
        dollars = zip(people[40:46], ("accepted", "processing", "refuted", "expired", "error", "refunded"), strict=True)
        for place, (row, status) in enumerate(dollars):
            row.setdefault("payments", []).append(self.paid("48.5", "USD", status, place, 9 - place))
        people[50]["email"] = people[10]["email"]
        people[0]["purchases"] = [{"id": 99101, "purchase_item": 8801, "quantity": 2, "paid": False}]
        people[1]["purchases"] = [{"id": 99102, "purchase_item": 8802, "quantity": 1, "paid": True}]
        return event | {
            "attendee_types": [general, vip],
            "workshop_categories": [
                {"id": 3301, "name": "Hands-on"},
                {"id": 3302, "name": "Talks", "color": "#b03a2e"},
            ],
            "speakers": [
                {"id": 6101, "full_name": "Rhea Sol", "email": "rhea@sol.example", "position": "Designer",
                 "bio": "Writes about boats", "company": "Sol Studio"},
                {"id": 6102, "full_name": "田中 さくら", "email": "sakura@tanaka.example", "position": "Illustrator"},
            ],
            "workshops": [
                self.workshop(73001, "Prototyping Lab", start + timedelta(hours=1), 2, location="Room 2",
                              availability=30, price={"51001": "0", "51002": 15}, enable_chat=True, speakers=[6101],
                              booking_deadline_date=(start - timedelta(days=1)).isoformat(),
                              workshop_categories=[3301]),
                self.workshop(73002, "Opening talk", start, 1, location="Main stage", availability=0,
                              price={"51001": "0", "51002": "0"}, speakers=[6101, 6102], workshop_categories=[3302]),
                self.workshop(73003, "Boat tour", start + timedelta(days=1), 3, location="Pier", availability=5),
                self.workshop(73004, "Portfolio hour", start + timedelta(days=2), 1, streaming_type="zoom",
                              streaming_url="https://meet.example/portfolio", attendance_mode="online"),
            ],
            "attendees": [*people, *self.gone(general, "EUR")],
            "guests": [
                {"id": 210001, "first_name": "Olu", "last_name": "Adeyemi", "email": "olu@adeyemi.example",
                 "company": "Kite", "attendee_type": 51002},
                {"id": 210002, "first_name": people[3]["first_name"], "last_name": people[3]["last_name"],
                 "email": people[3]["email"], "attendee": people[3]["id"], "attendee_type": 51002},
            ],
            "purchase_items": [
                {"id": 8801, "name": "Tote bag", "description": "Cotton", "quantity": 40,
                 "maximum_quantity_per_attendee": 2, "available_for_attendee_types": {"51001": "9"}},
                {"id": 8802, "name": "Catalogue", "quantity": 200, "maximum_quantity_per_attendee": 5,
                 "available_for_attendee_types": {"51001": "24.5", "51002": "0"}},
            ],
            "event_params": {"aux_json_data": [{"hall": "A"}], "pay_u_api_key": "FAKE-gateway-secret"},
            **self.around(start, people),
        }  # fmt: skip

    def around(self, start: datetime, people: Sequence[Row]) -> Row:
        """What only one event of the season has: stands, surveys, messages, files, a conference with slots."""
        slots = [start + timedelta(minutes=30 * place) for place in range(4)]
        length, wall = timedelta(minutes=25), "%Y-%m-%d %H:%M:%S"
        agenda = {
            str(int(slot.timestamp())): [slot.strftime(wall), (slot + length).strftime(wall), 4101 + place]
            for place, slot in enumerate(slots)
        }  # fmt: skip
        times = {"start_date": start.isoformat(), "end_date": (start + timedelta(hours=9)).isoformat()}
        lunch = start + timedelta(hours=4)
        statuses = (1, 2, 3, 4)
        return {
            "pois": [{"id": 2901, "latitude": 41.38, "longitude": 2.17, "name": "Port hotel",
                      "description": "Five minutes away", "category_name": "Hotel"}],
            "zones": [{"id": 2601, "name": "North hall"}, {"id": 2602, "name": "South hall"}],
            "stand_categories": [{"id": 2501, "name": "Furniture"}],
            "stand_reservations": [
                {"id": 2701, "display_name": "Faro SL", "profile_description": "Lamps", "website": "faro.example",
                 "zone": 2601, "stand_category": 2501,
                 "leads": [{"id": 2801, "name": "Ana Ruiz", "company": "Brisa", "email": "ana@brisa.example"}]},
                {"id": 2702, "display_name": "Kite & Co", "zone": 2602},
                {"id": 2703, "display_name": "Not announced yet", "zone": 2602, "public": False},
            ],
            "event_qa_sessions": [{"id": 3001, "name": "Ask the jury"}],
            "massive_messages": [{"id": 95001, "subject": "See you soon", "body": "<p>Programme inside</p>",
                                  "sent_messages_count": 58, "failed_messages_count": 4, "opened_messages_count": 31,
                                  "conditions": {"attendee_types": ["51001"], "register": "0", "event_id": 90211,
                                                 "register_date_lower_bound": "", "register_date_upper_bound": ""}}],
            "event_file_categories": [{"id": 1201, "name": "Maps", "event_files": [
                {"id": 170001, "name": "floor-plan", "description": "Hall A",
                 "event_file": "https://files.example/a.pdf"}]}],
            "surveys": [{"id": 10051, "name": "How was it", "description": "Two minutes",
                         "entity_ids": ["51001", "51002"],
                         "questions": [{"id": 514, "name": "Marks"}, {"id": 515, "name": "Best"},
                                       {"id": 516, "name": "More"}],
                         "answers": [
                             {"id": 250001, "entity_id": people[0]["id"],
                              "values": {"514": 4, "515": "Loved the lab", "516": ["Talks", "Food"]}},
                             {"id": 250002, "entity_id": people[1]["id"], "values": {"514": 2}}]}],
            "business_conferences": [{
                "id": 15001, "name": "Meet the studios", "location": "Hall B", "mail_sender_name": "Harbor", **times,
                "scheduling_starts_on": (start - timedelta(days=11)).isoformat(),
                "booking_deadline_date": times["end_date"],
                "meeting_rejection_description_options": ["Agenda full"],
                "participant_types": [
                    {"id": 15101, "name": "Studios", "agenda": agenda, "attendee_types": [51002], "unavailable_hours": [
                        {"id": 15201, "start_date": lunch.isoformat(),
                         "end_date": (lunch + timedelta(hours=1)).isoformat()}]},
                    {"id": 15102, "name": "Buyers", "agenda": agenda}],
                "participants": [
                    {"id": 15301 + place, "participant_type_id": kind, "attendee_id": row["id"],
                     "participant_type_name": name, "profile_display_name": row["company"] or "",
                     "profile_contact_name": f"{row['first_name']} {row['last_name']}",
                     "profile_contact_email": row["email"], "blocked_slots": [list(agenda)[1]] * 2}
                    for place, (row, kind, name) in enumerate(
                        ((people[3], 15101, "Studios"), (people[7], 15101, "Studios"), (people[0], 15102, "Buyers")))],
                "meetings": [
                    {"id": 15401 + place, "status": status, "slot_id": 4101 + place, "location": f"Table {place + 1}",
                     "start_date": slots[place].isoformat(), "user_message": "Coffee?",
                     "end_date": (slots[place] + length).isoformat(),
                     "rejection_description": "Agenda full" if status == 3 else "",
                     "business_conference_participants": [15301 + place % 2, 15303]}
                    for place, status in enumerate(statuses)]}],
        }  # fmt: skip

    def near(self) -> list[Row]:
        """Events around today: one past, one today, a sold-out one, two of the same name, an inactive one."""
        day, early = self.type("Day pass"), self.type("Early bird", 35.0, 30)
        last = self.event(90190, "Harbor Design Days", "harbor-design-days-last-year", -331, city_id=40102, span=3,
                          clock=("09:00", "18:00"), currency="EUR")  # fmt: skip
        came = self.people([day, early], 70, "EUR")
        for place, row in enumerate(came):
            if place % 5:
                row |= {"checked_in": True, "checked_in_date": self.at(-331, "09:20", "Europe/Madrid").isoformat()}
        visitor = self.type("Visitor")
        studio = self.event(
            90201, "Open Studio", "open-studio", 0, city_id=40202, clock=("00:05", "23:55"), currency="GBP"
        )
        baker = self.type("Place at the table", 42.5, 24)
        baking = self.event(90202, "Bread & Butter: a baking day", "bread-and-butter", 12, city_id=40201,
                            clock=("10:00", "16:00"), currency="GBP")  # fmt: skip
        guest, guest2 = self.type("Guest"), self.type("Guest")
        breakfast = self.event(
            90203, "Founders' Breakfast", "founders-breakfast", 6, city_id=40201, clock=("08:00", "10:00")
        )
        second = self.event(90204, "Founders' Breakfast", "founders-breakfast-2", 34, city_id=40202,
                            clock=("08:00", "10:00"))  # fmt: skip
        player = self.type("Player", 8.0, 64)
        chess = self.event(
            90205, "Winter Chess Cup", "winter-chess-cup", 75, city_id=40202, active=False, currency="GBP"
        )
        return [
            last | {"attendee_types": [day, early], "attendees": came},
            studio | {"attendee_types": [visitor], "attendees": self.people([visitor], 18, "GBP")},
            baking | {"attendee_types": [baker], "attendees": self.people([baker], 24, "GBP")},
            breakfast | {"attendee_types": [guest], "attendees": self.people([guest], 12, "EUR")},
            second | {"attendee_types": [guest2], "attendees": self.people([guest2], 8, "EUR")},
            chess | {"attendee_types": [player], "attendees": self.people([player], 3, "GBP")},
        ]

    def scripts(self) -> list[Row]:
        """Events in other scripts, zones and currencies."""
        rows: list[Row] = []
        for key, name, uri, days, place, currency, price, count in (
            (90206, "مهرجان الربيع", "spring-festival-kuwait", 48, 40501, "KWD", 12.755, 45),
            (90207, "ליל ג'אז ביפו", "jazz-night-jaffa", 20, 40701, "ILS", 90.0, 30),
            (90208, "東京デザインの夜", "tokyo-design-night", 27, 40401, "JPY", 4500.0, 50),
            (90209, "Harbour Lights — Closing Party 🎆", "closing-party", 90, 40201, "GBP", 25.0, 35),
            (90210, "Patan Storytelling Walk", "patan-storytelling", 41, 40601, "USD", 5.5, 20),
            (90212, "Loft Sessions", "loft-sessions", 3, 40301, "USD", 18.0, 40),
        ):
            free, paying = self.type("Friends"), self.type("入場券" if currency == "JPY" else "Ticket", price, 60)
            row = self.event(key, name, uri, days, city_id=place, currency=currency)
            start = datetime.fromisoformat(row["start_date"])
            session = key * 10
            rows.append(row | {
                "attendee_types": [free, paying], "attendees": self.people([free, paying], count, currency),
                "workshops": [self.workshop(session, f"{name}: first set", start, 1, availability=0),
                              self.workshop(session + 1, f"{name}: second set", start + timedelta(hours=2), 1.5)],
            })  # fmt: skip
        return rows

    def corners(self) -> list[Row]:
        """A template and its copy, an online event in a zone of its own, and one with a long start list."""
        template = self.event(90101, "Conference template", "conference-template", 300, city_id=40102, is_template=True,
                              active=False, span=2, clock=("09:00", "18:00"))  # fmt: skip
        copied = self.event(90213, "Autumn Summit", "autumn-summit", 120, city_id=40102, cloned_from_id=90101, span=2,
                            clock=("09:00", "18:00"), currency="EUR",
                            custom_fields_data={"7001": "Business"})  # fmt: skip
        online = self.event(90214, "Data in Practice", "data-in-practice", 10, is_virtual=True, currency="USD",
                            virtual_timezone="America/Sao_Paulo", clock=("15:00", "18:30"))  # fmt: skip
        seat, both, viewer = self.type("Seat", 180.0, 200), self.type("Delegate", 95.0, 80), self.type("Viewer")
        pro = self.type("Viewer with recordings", 12.0, attendance_mode="online")
        runner = self.type("Runner", 30.0, 400, custom_fields=[])
        runner["custom_fields"] = [{"id": self.field + 11, "name": "Shirt size", "alias": "shirt", "required": True}]
        race = self.event(90215, "City Half Marathon", "city-half-marathon", 160, city_id=40302, currency="USD",
                          clock=("07:30", "13:00"), registration_start_date=self.ago(30),
                          registration_end_date=self.at(150, "23:59", "America/Los_Angeles").isoformat())  # fmt: skip
        runners = self.people([runner], 60, "USD")
        for place, row in enumerate(runners):
            row["custom_fields"] = {str(self.field + 11): "SML"[place % 3]}
        return [
            template | {"attendee_types": [seat]},
            copied | {"attendee_types": [both], "attendees": self.people([both], 15, "EUR")},
            online | {"attendee_types": [viewer, pro], "attendees": self.people([viewer, pro], 90, "USD")},
            race | {"attendee_types": [runner], "attendees": runners},
        ]
