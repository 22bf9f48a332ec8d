"""evvnt's demo season: an organiser's listings, a reseller's with two customers, and what others put into the feed."""

import random
import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from eventdesk_server.sandbox.seasons.vocabulary import PLACES, TITLES, Cast, Person

_ZONES = {
    "London": "Europe/London",
    "Leeds": "Europe/London",
    "Barcelona": "Europe/Madrid",
    "New York": "America/New_York",
    "Tokyo": "Asia/Tokyo",
    "Kuwait City": "Asia/Kuwait",
    "Lalitpur": "Asia/Kathmandu",
}
_CURRENCIES = {"GB": "GBP", "ES": "EUR", "US": "USD", "JP": "JPY", "KW": "KWD", "NP": "NPR"}
_POINTS = {
    "London": (51.5, -0.08), "Leeds": (53.8, -1.54), "Barcelona": (41.37, 2.18), "New York": (40.72, -74.0),
    "Tokyo": (35.64, 139.75), "Kuwait City": (29.37, 47.98), "Lalitpur": (27.67, 85.32),
}  # fmt: skip
_SUMMARIES = (
    "An evening by the river.\r\n",
    "Two days of talks, tools and tea.",
    "Bring a friend; the first drink is on the house.",
    "أمسية موسيقية على ضفاف النهر.",
    "川沿いの夜をお楽しみください。",
)
_DESCRIPTIONS = (
    "Two sets.\r\nBar open.",
    "Doors open early and the bar stays open.\r\n\r\nStep-free entrance on the quay side. Cycle parking at the back.",
    "受付は開場の30分前から始まります。\r\nご来場をお待ちしております。",
    "Tickets are limited; a few places are kept for neighbours.\r\nÀ bientôt!",
    "يبدأ البرنامج في السابعة مساءً.\r\nأهلاً بكم 🌊",
)
_ARTISTS = ("Trio One, Duo Two", "The Rivets, Ada Quay", "さくら, 健", "Quartet Ñ")
_KEYWORDS = ("jazz, river", "design, talks, city", "running, half marathon", "family, outdoors")
_LEAVES = (19, 20, 21, 30, 34, 97, 98, 127, 131, 132)
_SOURCES = ("Twitter", "Facebook", "Calendars", "Partner sites", "E-mail")
_SITES = (
    (133, "- Finance: Financial Conferences", "https://conferences.example.com/", "Global"),
    (141, "City Listings", "https://listings.example.org/", "City"),
    (152, "What's On Weekly", "https://weekly.example.net/", "Region"),
    (167, "Radio Quay", "https://radio.example.org/", "City"),
)


class _Maker:
    """Makes listings one after the other."""

    def __init__(self, rng: random.Random, now: datetime) -> None:
        self.rng = rng
        self.now = now
        self.cast = Cast(rng)
        self.titles = rng.sample(TITLES, len(TITLES))
        self.made = 0

    def uuid(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def event(self, day: int, organiser: str, contact: Person, **more: Any) -> dict[str, Any]:
        """A listing `day` days from now."""
        rng = self.rng
        place, street, town, postcode, country = PLACES[self.made % len(PLACES)]
        zone = ZoneInfo(_ZONES[town])
        local = (self.now + timedelta(days=day)).astimezone(zone)
        start = local.replace(hour=rng.choice((9, 18, 19, 20)), minute=rng.choice((0, 30)), second=0, microsecond=0)
        end = (start.replace(tzinfo=None) + timedelta(hours=rng.choice((2, 3, 4, 26)))).replace(tzinfo=zone)
        number = 67900 + 7 * self.made
        title = self.titles[self.made % len(self.titles)]
        slug = f"https://tickets.example.com/{number}"
        currency = _CURRENCIES[country]
        amount = (
            rng.choice(("12.5", "8", "40", "3.25"))
            if currency not in ("JPY", "KWD")
            else {"JPY": "3000", "KWD": "4.750"}[currency]
        )
        changed = min(self.now - timedelta(days=rng.randrange(1, 40), minutes=self.made), local - timedelta(days=2))
        latitude, longitude = _POINTS[town]
        event: dict[str, Any] = {
            "id": number,
            "owner": "organiser",
            "timestamp": changed.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "title": title,
            "capacity": rng.choice((60, 120, 400)),
            "category_id": _LEAVES[self.made % len(_LEAVES)],
            "sub_category_ids": [22] if self.made % 4 == 0 else [],
            "start_time": start.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "end_time": end.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "summary": rng.choice(_SUMMARIES),
            "description": rng.choice(_DESCRIPTIONS),
            "image_urls": [f"https://img.example.com/{number}.jpg"],
            "organiser_name": organiser,
            "contact": {"name": contact.name, "email": contact.email, "tel": f"020 0000 {1000 + self.made:04}"},
            "venue": {
                "id": str(80 + self.made % len(PLACES)),
                "name": place,
                "address_1": street,
                "address_2": "",
                "town": town,
                "country": country,
                "postcode": postcode,
                "latitude": latitude,
                "longitude": longitude,
            },
            "links": {"Website": slug, "Booking": f"{slug}/book"},
            "prices": {"Door": f"{currency} {amount}", "Free for children": f"{currency} 0"},
            "artists": rng.choice(_ARTISTS),
            "keywords": rng.choice(_KEYWORDS),
            "hashtag": f"season{number}",
            **more,
        }
        if self.made % 5 == 2:
            event["door_time"] = (start - timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M:%S%z")
            event["last_entry_time"] = (start + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S%z")
        self.made += 1
        return event

    def report(self, event: dict[str, Any], volume: int, days: int) -> dict[str, Any]:
        """A report with its own set of columns."""
        rng = self.rng
        sources = rng.sample(_SOURCES, rng.randrange(1, 4))
        rows: list[list[Any]] = [["x", *sources, "Total clicks"]]
        for back in range(days, 0, -1):
            day = self.now - timedelta(days=back)
            clicks = [rng.randrange(9) for _ in sources]
            rows.append([f"{day.day} {day:%b}", *clicks, sum(clicks)])
        live = rng.randrange(volume // 2, volume)
        words = str(event["title"]).replace(" ", "+")
        sites = rng.sample(_SITES, 3)
        return {
            "broadcast_results": {
                "num_sites_total": volume,
                "num_sites_live": live,
                "num_sites_submitted": volume - live,
            },
            "audience_reach": {"uniques": live * 81_234, "local_reach": live * 912, "mobile_apps": live // 3},
            "clicks_by_day": rows,
            "referrers": {"social.example.com": rng.randrange(40), "search.example.org": rng.randrange(40)},
            "search_indexing": {"google_url": f"https://search.example.org/search?q={words}"},
            "broadcasts": [
                {
                    "url": "" if index == 0 else f"{url}events/{event['id']}",
                    "category": "Targeted" if index == 0 else "General",
                    "publisher": {
                        "id": number,
                        "name": name,
                        "url": url,
                        "location_type_description": kind,
                        "site_unique_users": 15_000 * (index + 1),
                        "local_reach": 150 * (index + 1),
                        "mobile_app": index == 2,
                        "blog_post_url": f"https://blog.example.com/guide-to-{number}",
                    },
                }
                for index, (number, name, url, kind) in enumerate(sites)
            ],
        }


def default_season(rng: random.Random, now: datetime) -> dict[str, Any]:
    """22 listings: ten of the organiser, six of a partner's two customers, six of others. One package is used up."""
    maker = _Maker(rng, now)
    me = maker.cast.person()
    packages = [
        _package(maker, now, owner="organiser", quantity=12, used=6, order="PO235"),
        _package(maker, now, owner="organiser", quantity=4, used=4, order="PO198", notes="Spring 🌱"),
    ]
    events: list[dict[str, Any]] = []
    for index, day in enumerate((-200, -60, -12, 3, 9, 21, 34, 58, 90, 170)):
        package = packages[1] if index < 4 else packages[0]
        event = maker.event(day, "Quay Arts", me, package_id=package["uuid"])
        if index < 7:
            event["report"] = maker.report(event, 45, days=3 + index)
        events.append(event)
    events[1]["omitted"] = ["capacity", "sub_category_ids"]
    events[3]["image_urls"] = ["//img.example.com/protocol-relative.jpg", "https://img.example.com/second.jpg"]
    events[5]["prices"] = {"Free": "GBP 0"}
    del events[6]["artists"], events[6]["hashtag"], events[6]["links"]
    users = [
        {"uuid": maker.uuid(), "name": person.name, "email": person.email}
        for person in (maker.cast.person() for _ in range(2))
    ]
    for index, day in enumerate((-30, 5, 16, 27, 45, 120)):
        user = users[index % 2]
        if index < 2:
            packages.append(_package(maker, now, owner="partner", quantity=5, used=3, order="", user_id=user["uuid"]))
        package = packages[2 + index % 2]
        event = maker.event(
            day, user["name"], maker.cast.person(), owner="partner", user_id=user["uuid"], package_id=package["uuid"]
        )
        if index < 3:
            event["report"] = maker.report(event, 60, days=4)
        # The reference's sample of this list has neither.
        event["omitted"] = ["contact", "prices"] if index % 3 == 0 else []
        events.append(event)
    for index, day in enumerate((-5, 2, 7, 30, 66, 200)):
        events.append(maker.event(day, f"Promoter {index + 1}", maker.cast.person(), owner="feed"))
    events[-1]["id"] = f"{events[-1]['id']}x"
    events[-2]["omitted"] = ["contact", "prices", "sub_category_ids", "capacity"]
    events[-3]["prices"] = {"On the door": "pay what you can"}
    # An older form: one address instead of a list (seen in clients).
    events[-4]["image_url"] = events[-4].pop("image_urls")[0]
    return {
        "publishers": [
            {
                "id": 324,
                "name": "Suuper Events",
                "url": "https://suuper.example.com",
                "category_ids": [17, 127],
                "roles": ["publisher", "partner"],
            },
            {"id": 325, "name": "Intern: neighbourhood pages", "category_ids": [26], "roles": ["publisher"]},
        ],
        "users": users,
        "packages": packages,
        "events": events,
        "published_events": [
            {
                "publisher_id": 324,
                "event_id": event["id"],
                "url": None if index % 2 else f"https://suuper.example.com/events/{index}",
            }
            for index, event in enumerate(events[::3])
        ],
    }


def _package(
    maker: _Maker,
    now: datetime,
    *,
    owner: str,
    quantity: int,
    used: int,
    order: str,
    notes: str = "",
    user_id: str | None = None,
) -> dict[str, Any]:
    package: dict[str, Any] = {
        "uuid": maker.uuid(),
        "owner": owner,
        "type": "SinglePackage",
        "broadcast_volume": 45 if owner == "organiser" else 60,
        "event_quantity": quantity,
        "used": used,
        "purchase_order_id": order,
        "notes": notes,
        "purchase_date": (now - timedelta(days=maker.rng.randrange(60, 300))).date().isoformat(),
    }
    return package if user_id is None else {**package, "user_id": user_id}
