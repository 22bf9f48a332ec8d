"""The demo season of HeySummit: thirteen summits, from a closed archive to next summer's design week."""

import json
import random
from datetime import datetime, timedelta
from typing import Any

from eventdesk_server.sandbox.seasons.vocabulary import Cast, Person, long_html

_EVERGREEN = {"is_evergreen": True, "omit": ["first_talk_at", "last_talk_at"]}
# title, zone (None: the record has none), days from now to the first talk (None: undated), days it lasts, talks,
# attendees, and what is special about its record.
_SUMMITS: tuple[tuple[str, str | None, int | None, int, int, int, dict[str, Any]], ...] = (
    ("Quayside Jazz Online", "Europe/London", -400, 1, 4, 30, {"is_archived": True, "is_live": False}),
    ("Winter Chess Cup Summit", "America/New_York", -21, 2, 6, 40, {"is_open_for_registrations": False}),
    ("Data in Practice", "Europe/Madrid", -1, 2, 9, 45, {}),
    ("東京デザインの夜", "Asia/Tokyo", 34, 1, 5, 30, {}),
    ("Founders' Breakfast Autumn", "Europe/London", None, 0, 0, 0, {"is_live": False, "status": "draft"}),
    ("Ceramics for Beginners (any time)", "Europe/London", -90, 0, 6, 25, _EVERGREEN),
    ("Open Studio Without Borders", None, 48, 1, 5, 20, {}),
    ("City Half Marathon Forum", "America/New_York", 12, 1, 4, 35, {"is_open_for_registrations": False}),
    ("Rust & Rivets", "Europe/Warsaw", 75, 1, 4, 15, {"omit": ["is_archived", "is_open_for_registrations"]}),
    ("مهرجان الربيع", "Asia/Kuwait", 26, 2, 5, 20, {}),
    ("Hill Farming Exchange", "Asia/Kathmandu", 60, 1, 4, 10, {}),
    ("Fête de la Musique", "Europe/Atlantis", 90, 1, 3, 5, {}),
)  # fmt: skip
_SUBJECTS = (
    "tides", "light", "colour & sound", "open data", "maps", "音と光", "الموجات", "small rooms", "paper", "bridges",
    "getting started", "what we got wrong", "the first year", "money", "accessibility", "night trains",
)  # fmt: skip
_STATUSES = ("Completed Order",) * 9 + ("Started Order", "Cancelled")


def _at(day: datetime, hour: int, minute: int = 0) -> str:
    """Wall-clock time, as the platform writes it."""
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None).isoformat()


def _next_july(now: datetime) -> datetime:
    """The design week's first day: summer time in London, at least some weeks away."""
    this = now.replace(month=7, day=6, hour=0, minute=0, second=0, microsecond=0)
    return this if this - now > timedelta(days=20) else this.replace(year=this.year + 1)


class _Season:
    """Hands out ids and people while the season is drawn."""

    def __init__(self, rng: random.Random, now: datetime) -> None:
        self.rng = rng
        self.now = now
        self._cast = Cast(rng)
        self._ids = {"event": 4710, "talk": 90199, "speaker": 50, "category": 6, "ticket": 600, "price": 8800}
        self._ids |= {"attendee": 33000, "coupon": 300, "sponsor": 70, "sponsor_category": 3, "webhook": 0}

    def number(self, kind: str) -> int:
        self._ids[kind] += 1
        return self._ids[kind]

    def person(self) -> Person:
        return self._cast.person()

    def ago(self, days: float) -> str:
        return (self.now - timedelta(days=days)).replace(microsecond=0).isoformat()

    # The parts of an event

    def speaker(self) -> dict[str, Any]:
        person, number = self.person(), self.number("speaker")
        row: dict[str, Any] = {"id": number, "first_name": person.first, "last_name": person.last}
        row["company"] = self.rng.choice((None, "", "Harbour Co", "Studio Neun"))
        row["company_title"] = self.rng.choice((None, "", "Engineer", "建築家"))
        row["bio"] = self.rng.choice((None, "", "<p>Builds boats &amp; books.</p>"))
        row["expert_creds"] = self.rng.choice((None, "", "Author of <em>Low Water</em>"))
        row["headshot"] = f"https://cdn.heysummit.example/{number}.png"
        return row

    def talk(self, day: datetime, slot: int, speakers: list[int], categories: list[int]) -> dict[str, Any]:
        rng = self.rng
        minutes = rng.choice((30, 45, 60))
        return {
            "id": self.number("talk"),
            "title": f"{rng.choice(('Keynote', 'Workshop', 'Panel', 'Talk'))}: {rng.choice(_SUBJECTS)}",
            "date": _at(day, 9 + slot % 9, rng.choice((0, 30))),
            "speakers": rng.sample(speakers, min(len(speakers), rng.choice((1, 1, 2)))),
            "categories": [rng.choice(categories)],
            "broadcast_duration_mins": minutes,
            "description_short": "Bring a question.",
            "description_long": long_html(rng, 2),
            "talk_cancelled": False,
            "is_agenda_item": False,
        }

    def ticket(self, title: str, prices: list[tuple[str, str]], **more: Any) -> dict[str, Any]:
        paid = any(float(amount.strip("£€$")) > 0 for _, amount in prices)
        drawn = [{"id": self.number("price"), "title": name, "price": amount} for name, amount in prices]
        row: dict[str, Any] = {"id": self.number("ticket"), "title": title, "is_paid": "true" if paid else "false"}
        return row | {"prices": drawn, "created_at": self.ago(420)} | more

    def tickets(self, site: str) -> list[dict[str, Any]]:
        free = self.ticket("Free pass", [("Free", "0.00")])
        paid = self.ticket("All access", [("Early", "49"), ("Regular", "£79")], quantity_remaining="120")
        link = f"{site}checkout/ticket/{paid['id']}-ab12/"
        return [free, paid | {"checkout_link": link, "mark_as_popular": True, "apply_to_replays": True}]

    def attendee(self, event: dict[str, Any], registered: float) -> dict[str, Any]:
        rng, person = self.rng, self.person()
        on_sale = [ticket for ticket in event["tickets"] if ticket["is_active"] is not False]
        status = rng.choice(_STATUSES)
        row: dict[str, Any] = {
            "id": self.number("attendee"),
            "email": person.email,
            "name": person.name,
            "registration_status": status,
            "created_at": self.ago(registered),
            "utm_source": rng.choice((None, None, "newsletter", "social")),
            "ip_address": f"192.0.2.{rng.randrange(1, 250)}",
        }
        if status == "Completed Order":
            row["agreed_terms"] = row["created_at"]
            price = rng.choice(rng.choice(on_sale)["prices"]) if on_sale else None
            if price is not None:
                amount = f"{float(price['price'].strip('£€$')):.2f}"
                row["tickets"] = [{"ticket_price_id": price["id"], "amount_gross": amount, "amount_net": amount}]
            talks = [talk["id"] for talk in event["talks"] if talk.get("capacity") is None and not talk.get("admits")]
            row["talks"] = sorted(rng.sample(talks, min(len(talks), rng.choice((0, 0, 1, 2, 3)))))
        return row

    def summit(
        self, title: str, zone: str | None, first: datetime | None, days: int, talks: int, **more: Any
    ) -> dict[str, Any]:
        """A summit without attendees."""
        number = self.number("event")
        site = f"https://summit-{number}.example.com/"
        speakers = [self.speaker() for _ in range(min(10, talks))]
        categories: list[dict[str, Any]] = [
            {"id": self.number("category"), "title": name, "description": text}
            for name, text in (("Main stage", ""), ("Side room", None))
        ]
        who, tracks = [row["id"] for row in speakers], [row["id"] for row in categories]
        drawn: list[dict[str, Any]] = []
        if first is not None:
            drawn = [self.talk(first + timedelta(days=n * days // talks), n, who, tracks) for n in range(talks)]
        event: dict[str, Any] = {"id": number, "title": title, "event_url": site, "company_name": "Harbour Co"}
        if zone is not None:
            event["timezone"] = zone
        event |= {
            "description": long_html(self.rng, 3),
            "tags": self.rng.sample(["design", "online", "music", "free", "港"], 2),
            "categories": categories,
            "speakers": speakers,
            "talks": drawn,
            "tickets": [{"is_active": True, **ticket} for ticket in self.tickets(site)],
        }
        return event | more

    def fill(self, event: dict[str, Any], attendees: int, until: float) -> dict[str, Any]:
        """Register people over the weeks up to `until` days ago."""
        days = sorted((until + self.rng.random() * 60 for _ in range(attendees)), reverse=True)
        return event | {"attendees": [self.attendee(event, each) for each in days]}


def _design_week(season: _Season) -> dict[str, Any]:
    """London, next July: thirty talks, and every kind of talk and ticket."""
    first = _next_july(season.now)
    event = season.summit("Harbour Design Week", "Europe/London", first, 4, 26)
    talks: list[dict[str, Any]] = event["talks"]
    who, tracks = [row["id"] for row in event["speakers"]], [row["id"] for row in event["categories"]]
    event["speakers"][0] |= {"company": None, "bio": None, "expert_creds": ""}
    event["speakers"][1] |= {"company": "", "bio": "", "expert_creds": None}
    special: list[dict[str, Any]] = [season.talk(first, slot, who, tracks) for slot in range(6)]
    site: str = event["event_url"]
    special[0] |= {"title": "Keynote: tides", "date": _at(first, 18), "is_featured": True, "stage": {"title": "Quay"}}
    special[0] |= {"slug": "keynote-tides", "url": f"{site}talks/keynote-tides/", "broadcast_duration_mins": 45}
    special[1] |= {"title": "To be announced", "date": None, "speakers": []}
    special[2] |= {"title": "Withdrawn workshop", "is_active": False}
    special[3] |= {"title": "Night Swim briefing", "talk_cancelled": True}
    special[4] |= {"title": "Lunch", "is_agenda_item": True, "speakers": [], "inperson_venue": 3}
    special[5] |= {"title": "Masterclass: knots", "capacity": 3, "inperson_available": True, "inperson_venue": "Loft"}
    talks += special
    press = season.ticket("Press", [("Press", "0")], is_active=False)
    last = season.ticket("Boat seat", [("Seat", "12.50")], quantity_remaining="0", apply_to_inperson=True)
    broken = season.ticket("Supporter", [("Any amount", "5")], prices_as="broken")
    listed = season.ticket("Student", [("Student", "£0"), ("Student + replays", "£9")], prices_as="array", is_paid=True)
    # A price of this event bears the number of another of its tickets: the two kinds of id overlap.
    press["prices"].append({"id": last["id"], "title": "Press, on site", "price": "0.00"})
    event["tickets"] += [press, last, broken, listed]
    special[5]["admits"] = [event["tickets"][1]["id"]]
    for ticket in event["tickets"]:
        ticket.setdefault("is_active", True)
    event["shown_categories"] = tracks[:1]
    event["coupons"] = [
        {"id": season.number("coupon"), "coupon_code": code, "title": title, "is_active": active, "type_discount": kind,
         "amount_discount": amount, "max_purchases": limit, "restrict_to_specific_tickets": [event["tickets"][1]["id"]]}
        for code, title, active, kind, amount, limit in (
            ("EARLYBOAT", "Early boat", True, 1, "20.00", 50),
            ("LASTYEAR", "Last year's", False, "percentage", 10, None),
            ("", "Automatic", True, 2, 5.5, None),
        )
    ]  # fmt: skip
    kinds = [{"id": season.number("sponsor_category"), "title": title} for title in ("Gold", "Friends")]
    event["sponsor_categories"] = kinds
    event["sponsors"] = [
        {"id": season.number("sponsor"), "title": title, "slug": slug, "url": f"https://{slug}.example/",
         "short_description": "Keeps us afloat.", "long_description": "<p>Ropes &amp; sails.</p>",
         "is_main_sponsor": main, "sponsor_categories": [kinds[0 if main else 1]["id"]]}
        for title, slug, main in (("Rope & Sail", "rope-sail", True), ("Studio Neun", "studio-neun", False))
    ]  # fmt: skip
    filled = season.fill(event, 130, 1)
    filled["attendees"][0] |= {"email": "Kim.Quay@Example.org", "name": "Kim Quay"}
    return filled


def default_season(rng: random.Random, now: datetime) -> dict[str, Any]:
    """The season, in the stand-in's own format, relative to now and the same for the same seed."""
    season = _Season(rng, now)
    events = [_design_week(season)]
    for title, zone, start, days, talks, attendees, more in _SUMMITS:
        first = None if start is None else now + timedelta(days=start)
        event = season.summit(title, zone, first, max(days, 1), talks, **more)
        if more.get("is_archived"):
            event["status"] = "archived"
        if zone == "Asia/Kathmandu":  # some v2 values carry an offset
            for talk, offset in zip(event["talks"], ("Z", "+05:45"), strict=False):
                talk["date"] += offset
        if more.get("is_evergreen"):
            for talk in event["talks"]:
                talk["date"] = None
        events.append(season.fill(event, attendees, max(1, 1 - (start or 0))))
    hooks = [
        {"id": season.number("webhook"), "event": events[0]["id"], "url": f"https://hooks.example.org/{action}",
         "action": action}
        for action in ("registration_started", "checkout_complete", "talk_added")
    ]  # fmt: skip
    drawn: dict[str, Any] = {"events": events, "webhooks": hooks}
    return json.loads(json.dumps(drawn))
