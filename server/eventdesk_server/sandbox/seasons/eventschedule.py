"""Event Schedule's demo season: five schedules in five zones, sixteen events, some 450 sales."""

import random
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from eventdesk_server.sandbox.seasons.vocabulary import PLACES, Cast, long_markdown

_STAMP = "%Y-%m-%d %H:%M:%S"
_LONDON, _NEW_YORK, _TOKYO = ZoneInfo("Europe/London"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")
_KUWAIT, _KATHMANDU = ZoneInfo("Asia/Kuwait"), ZoneInfo("Asia/Kathmandu")
_STATUSES = ("paid",) * 13 + ("unpaid",) * 3 + ("cancelled",) * 2 + ("refunded", "expired")
_PHONES = ("+44 20 7946 0{:03d}", "+1 212 555 0{:03d}", "020 7946 0{:03d}")


def default_season(rng: random.Random, now: datetime) -> dict[str, Any]:
    """The season, relative to `now` and the same for the same generator."""
    maker = _Maker(rng, now)
    schedules = [{**row, "created_at": maker.ago(24 * 400 + index)} for index, row in enumerate(_schedules())]
    events = [{**row, "created_at": maker.ago(24 * 75 - index)} for index, row in enumerate(_events(maker))]
    return {"schedules": schedules, "events": events}


class _Maker:
    """Moments around today, and buyers."""

    def __init__(self, rng: random.Random, now: datetime) -> None:
        self.rng = rng
        self.now = now
        self.cast = Cast(rng)

    def at(self, days: int, hour: int, zone: ZoneInfo, minute: int = 0) -> str:
        """A wall time some days from today, as a UTC stamp."""
        local = self.now.astimezone(zone) + timedelta(days=days)
        return self.stamp(local.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0))

    def day(self, days: int, zone: ZoneInfo) -> str:
        return (self.now.astimezone(zone) + timedelta(days=days)).strftime("%Y-%m-%d")

    def ago(self, hours: float) -> str:
        return self.stamp(self.now - timedelta(hours=hours))

    def stamp(self, moment: datetime) -> str:
        return moment.astimezone(ZoneInfo("UTC")).strftime(_STAMP)

    def sale(self, tickets: int, *, before: int = 0, **more: Any) -> dict[str, Any]:
        """One buyer, at least `before` days ago; the first ticket types are the popular ones."""
        person = self.cast.person()
        row: dict[str, Any] = {
            "name": person.name,
            "email": person.email,
            "status": self.rng.choice(_STATUSES),
            "created_at": self.ago(24 * before + self.rng.randint(2, 40 * 24) + self.rng.random()),
        }
        if tickets:
            ticket = min(self.rng.randrange(tickets), self.rng.randrange(tickets))
            row["lines"] = [{"ticket": ticket, "quantity": self.rng.choice((1, 1, 1, 2, 2, 3, 4))}]
        else:
            row["status"] = self.rng.choice(("paid",) * 9 + ("cancelled",))
        if self.rng.random() < 0.2:
            row["phone"] = self.rng.choice(_PHONES).format(self.rng.randrange(1000))
        if row["status"] == "paid" and tickets and self.rng.random() < 0.5:
            row["transaction_reference"] = "Manual payment"
        return row | more

    def sales(self, count: int, tickets: int, **more: Any) -> list[dict[str, Any]]:
        return [self.sale(tickets, **more) for _ in range(count)]


def _schedules() -> list[dict[str, Any]]:
    owner = "organiser@sandbox.example"
    boathouse, corn_hall, _, loft, minato, bahr, patan = PLACES
    del corn_hall, bahr
    return [
        {
            "subdomain": "boathouse", "type": "venue", "name": boathouse[0], "owner": owner,
            "email": "boathouse@example.org", "phone": "+44 20 7946 0100", "website": "https://boathouse.example.org",
            "timezone": "Europe/London", "address1": boathouse[1], "city": boathouse[2], "postal_code": boathouse[3],
            "country_code": boathouse[4], "description": "A **wooden hall** by the water.",
            "groups": [
                {"name": "Main Hall", "color": "#4E81FA"},
                {"name": "Boat Deck", "color": "#FF5733"},
                {"name": "Workshops"},
            ],
        },
        {
            "subdomain": "loft", "type": "venue", "name": loft[0], "owner": owner, "email": "loft@example.com",
            "timezone": "America/New_York", "address1": loft[1], "city": loft[2], "state": "NY",
            "postal_code": loft[3], "country_code": loft[4],
            "groups": [{"name": "Late", "color": "#222222"}],
        },
        {
            "subdomain": "minato", "type": "venue", "name": minato[0], "owner": owner, "email": "minato@example.com",
            "timezone": "Asia/Tokyo", "language_code": "en", "address1": minato[1], "city": minato[2],
            "postal_code": minato[3], "country_code": minato[4], "description": "雨天の場合は屋内で行います。",
        },
        {
            "subdomain": "duo", "type": "talent", "name": "Duo Nine", "owner": owner, "email": "duo@studio.example",
            "timezone": "Asia/Kuwait", "language_code": "ar", "country_code": "KW",
            "youtube_url": "https://www.youtube.com/watch?v=sandboxduo9",
        },
        {
            "subdomain": "patan", "type": "curator", "name": patan[0], "owner": owner, "email": "patan@example.org",
            "timezone": "Asia/Kathmandu", "city": patan[2], "country_code": patan[4],
            "categories": [
                {"id": 1, "name": "Art & Culture", "color": None},
                {"id": 4, "name": "Concerts", "color": "#0F766E"},
                {"id": 100, "name": "Mountain Days", "color": "#B45309"},
            ],
        },
    ]  # fmt: skip


def _on(*subdomains: str, group: str | None = None) -> list[dict[str, Any]]:
    first = {"subdomain": subdomains[0]} | ({"group": group} if group else {})
    return [first, *({"subdomain": subdomain} for subdomain in subdomains[1:])]


def _events(maker: _Maker) -> list[dict[str, Any]]:
    events = [*_london(maker), *_new_york(maker), *_east(maker)]
    for event in events:
        _keep_within_capacity(event)
    return events


def _keep_within_capacity(event: dict[str, Any]) -> None:
    """Cancel the sales that a full date could not have taken."""
    sold: dict[tuple[int, str | None], int] = {}
    for sale in event.get("sales", []):
        for line in sale.get("lines", []):
            key = line["ticket"], sale.get("event_date")
            limit = event["tickets"][line["ticket"]].get("quantity") or 1_000_000
            if sale["status"] in ("paid", "unpaid"):
                if sold.get(key, 0) + line["quantity"] > limit:
                    sale["status"] = "cancelled"
                else:
                    sold[key] = sold.get(key, 0) + line["quantity"]


def _london(maker: _Maker) -> list[dict[str, Any]]:
    rng = maker.rng
    guests = maker.sales(60, 2, before=26)
    past: dict[str, Any] = {
        "name": "Harbour Folk Night", "schedules": _on("boathouse", group="main-hall"), "category_id": 4,
        "starts_at": maker.at(-26, 19, _LONDON, 30), "duration": 3, "ticket_currency_code": "GBP",
        "payment_method": "stripe", "description": long_markdown(rng, 6), "short_description": "Songs by the water",
        "tickets": [
            {"type": "Standing", "price": "18.50", "quantity": 120},
            {"type": "Balcony", "price": "32.00", "quantity": 60, "description": "Numbered seats"},
        ],
        "addons": [{"type": "Songbook", "price": "6.00", "quantity": 50, "url": "https://example.org/songbook"}],
        "parts": [
            {"name": "Doors", "start_time": "19:00", "end_time": "19:30"},
            {"name": "First set", "start_time": "19:30", "end_time": "20:30", "description": "Shanties"},
            {"name": "Second set", "start_time": "21:00", "end_time": "22:30"},
        ],
        "sales": guests,
        "fan_content": [
            {"kind": "comment", "content": "What a night! 🌊", "submitted_by": "Rhea Vidal", "part": 1},
            {"kind": "photo", "content": "fan_quayside.jpg", "submitted_by": "Teo Marsh", "is_guest": True},
            {"kind": "video", "content": "sandboxset2", "submitted_by": "Olu Berg", "part": 2},
            {"kind": "comment", "content": "Buy cheap boats", "submitted_by": "Anon", "is_approved": False},
        ],
    }  # fmt: skip
    ratings = ((5, "Lovely"), (4, None), (5, "すごい"), (3, "Too loud"), (2, None))
    for sale, (rating, comment) in zip(guests, ratings, strict=False):
        feedback = {"rating": rating, "comment": comment, "created_at": maker.ago(96 * rating)}
        sale |= {"status": "paid", "feedback": feedback}
    live = {
        "name": "Ceramics for Beginners", "schedules": _on("boathouse", group="workshops"), "category_id": 5,
        "starts_at": maker.ago(1.5), "duration": 6, "ticket_currency_code": "GBP", "sell_after_start": True,
        "tickets": [{"type": "Place", "price": "45.00", "quantity": 14}],
        "sales": maker.sales(9, 1, lines=[{"ticket": 0, "quantity": 1}]),
    }  # fmt: skip
    sold_out = {
        "name": "Été à vélo 🚲", "schedules": _on("boathouse", group="boat-deck"), "category_id": 10,
        "starts_at": maker.at(12, 9, _LONDON), "duration": 8.5, "ticket_currency_code": "GBP",
        "tickets": [{"type": "Rider", "price": "12.00", "quantity": 30}],
        "sales": maker.sales(30, 1, status="paid", lines=[{"ticket": 0, "quantity": 1}])
        + maker.sales(4, 1, status="cancelled"),
    }  # fmt: skip
    weekly = {
        "name": "Choir Workshop", "schedules": _on("boathouse", group="workshops"), "category_id": 3,
        "starts_at": maker.at(-42, 18, _LONDON), "duration": 1.5, "recurring_frequency": "weekly",
        "days_of_week": _weekday(maker, -42, _LONDON), "recurring_end_type": "after_events",
        "recurring_end_value": "20",
        "skipped_dates": [maker.day(14, _LONDON)], "ticket_currency_code": "GBP",
        "tickets": [
            {"type": "Drop-in", "price": "8.00", "quantity": 25},
            {"type": "Concession", "price": "4.00", "quantity": 25},
            {
                "type": "Ten evenings", "price": "60.00", "quantity": 20, "max_per_order": 1,
                "pass": {"pass_usage_type": "total", "pass_max_uses": 10, "pass_scope": "this_event",
                         "pass_allow_booking": True},
            },
        ],
        "sales": [
            sale
            for week in range(-6, 3)
            for sale in maker.sales(5, 3, before=max(0, -7 * week), event_date=maker.day(7 * week, _LONDON))
        ],
    }  # fmt: skip
    draft = {
        "name": "Harbour Lights — Closing Party 🎆", "schedules": _on("boathouse"), "category_id": 8, "is_draft": True,
        "starts_at": maker.at(75, 20, _LONDON), "duration": 5, "ticket_currency_code": "GBP",
        "description": long_markdown(rng, 12),
        "tickets": [{"type": "Early", "price": None, "quantity": 50},
                    {"type": "Regular", "price": "27.50", "quantity": 0}],
    }  # fmt: skip
    cancelled = {
        "name": "Night Swim", "schedules": _on("boathouse"), "category_id": 7, "cancelled": True,
        "starts_at": maker.at(6, 21, _LONDON), "duration": 2, "ticket_currency_code": "GBP",
        "tickets": [{"type": "Swimmer", "price": "10.00", "quantity": 60}],
        "sales": maker.sales(11, 1, status="refunded"),
    }  # fmt: skip
    return [past, live, sold_out, weekly, draft, cancelled]


def _weekday(maker: _Maker, days: int, zone: ZoneInfo) -> str:
    """The seven flags, Sunday first, of one day's weekday."""
    index = (maker.now.astimezone(zone) + timedelta(days=days)).isoweekday() % 7
    return "".join("1" if position == index else "0" for position in range(7))


def _new_york(maker: _Maker) -> list[dict[str, Any]]:
    group = maker.sale(2, status="paid", lines=[{"ticket": 0, "quantity": 3}])
    group["guests"] = [
        {"name": person.name, "email": person.email} for person in (maker.cast.person(), maker.cast.person())
    ]
    jazz = {
        "name": "Quayside Jazz", "schedules": _on("loft", "duo", group="late"), "category_id": 4,
        "starts_at": maker.at(9, 21, _NEW_YORK), "duration": 4, "payment_method": "stripe",
        "description": long_markdown(maker.rng), "event_url": "https://example.com/jazz",
        "tickets": [
            {
                "type": "General", "price": "25", "quantity": 150,
                "volume_discount": {"min_quantity": 4, "type": "percentage", "value": 10},
            },
            {"type": "Table", "price": "80", "quantity": 60, "sales_end_at": maker.at(8, 12, _NEW_YORK)},
        ],
        "addons": [{"type": "Coat check", "price": "3", "quantity": None}],
        "sales": [group, *maker.sales(60, 2), *maker.sales(2, 2, order="loft-1", status="paid"),
                  maker.sale(2, status="amount_mismatch", discount_amount=5.5, gift_card_amount=10)],
    }  # fmt: skip
    private = {
        "name": "Founders' Breakfast", "schedules": _on("loft"), "category_id": 2, "is_private": True,
        "event_password": "porridge", "starts_at": maker.at(3, 8, _NEW_YORK), "duration": 1.5,
        "tickets": [{"type": "Seat", "price": "0", "quantity": 20}],
        "sales": maker.sales(12, 1, status="paid", lines=[{"ticket": 0, "quantity": 1}]),
    }  # fmt: skip
    free = {
        "name": "Data in Practice", "schedules": _on("loft"), "category_id": 12,
        "starts_at": maker.at(33, 10, _NEW_YORK), "duration": 30, "short_description": "Two days, no slides",
        "tickets": [
            {"type": "In the room", "price": "0", "quantity": 80},
            {"type": "2 days online", "price": "0", "quantity": None},
        ],
        "sales": maker.sales(48, 2, status="paid"),
    }  # fmt: skip
    rsvp = {
        "name": "Open Studio", "schedules": _on("loft"), "category_id": 1, "starts_at": maker.at(17, 14, _NEW_YORK),
        "duration": 3, "rsvp_enabled": True, "rsvp_limit": 60, "sales": maker.sales(30, 0),
    }  # fmt: skip
    undated = {
        "name": "Winter Chess Cup", "schedules": _on("loft"), "category_id": 10, "starts_at": None, "is_draft": True,
    }  # fmt: skip
    return [jazz, private, free, rsvp, undated]


def _east(maker: _Maker) -> list[dict[str, Any]]:
    tokyo = {
        "name": "東京デザインの夜", "schedules": _on("minato"), "category_id": 1, "starts_at": maker.at(20, 19, _TOKYO),
        "duration": 2.5, "ticket_currency_code": "JPY", "payment_method": "stripe",
        "description": "受付は開場の30分前から始まります。", "terms_url": "https://example.com/terms",
        "tickets": [{"type": "一般", "price": "3500", "quantity": 90},
                    {"type": "学生", "price": "1500", "quantity": 45}],
        "sales": maker.sales(52, 2),
    }  # fmt: skip
    tokyo_past = {
        "name": "Bread & Butter: a baking day", "schedules": _on("minato"), "category_id": 6,
        "starts_at": maker.at(-9, 10, _TOKYO), "duration": 7, "ticket_currency_code": "JPY",
        "tickets": [{"type": "Baker", "price": "6000", "quantity": 16}],
        "sales": maker.sales(14, 1, before=9, lines=[{"ticket": 0, "quantity": 1}]),
    }  # fmt: skip
    kuwait = {
        "name": "مهرجان الربيع", "schedules": _on("duo"), "category_id": 8, "starts_at": maker.at(27, 20, _KUWAIT),
        "duration": 4, "ticket_currency_code": "KWD", "description": "الدخول مجاني للأطفال 👧🏽",
        "tickets": [{"type": "عام", "price": "7.750", "quantity": 200},
                    {"type": "VIP", "price": "21.125", "quantity": 45}],
        "sales": maker.sales(48, 2),
    }  # fmt: skip
    kathmandu = {
        "name": "Pond Survey", "schedules": _on("patan"), "category_id": 100,
        "starts_at": maker.at(40, 6, _KATHMANDU, 15),
        "duration": 5, "rsvp_enabled": True, "registration_url": "https://example.org/pond",
        "sales": maker.sales(17, 0),
    }  # fmt: skip
    party = {
        "name": "春节联欢 🧧", "schedules": _on("patan", "duo"), "category_id": 4,
        "starts_at": maker.at(58, 18, _KATHMANDU), "duration": 3, "ticket_currency_code": "USD", "shared_pool": True,
        "tickets": [{"type": "Adult", "price": "9", "quantity": 40}, {"type": "Child", "price": "4.5", "quantity": 40}],
        "sales": maker.sales(15, 2, lines=[{"ticket": 1, "quantity": 2}]),
    }  # fmt: skip
    return [tokyo, tokyo_past, kuwait, kathmandu, party]
