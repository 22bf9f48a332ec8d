"""Listings at the evvnt stand-in."""

from typing import Any

from tests.sandbox.evvnt_desk import USER

REPORT: dict[str, Any] = {
    "broadcast_results": {"num_sites_total": 90, "num_sites_live": 30, "num_sites_submitted": 60},
    "audience_reach": {"uniques": 79302819, "local_reach": 790108, "mobile_apps": 29},
    "clicks_by_day": [["x", "Twitter", "Total clicks"], ["1 Mar", 5, 5]],
    "referrers": {"social.example.com": 3},
    "search_indexing": {"google_url": "https://search.example.org/search?q=Jazz"},
    "broadcasts": [],
}
JAZZ: dict[str, Any] = {
    "id": 70021,
    "owner": "organiser",
    "timestamp": "2027-03-02T10:05:00Z",
    "title": "Quayside Jazz",
    "capacity": 120,
    "category_id": 19,
    "sub_category_ids": [],
    "start_time": "2027-06-12T19:30:00+0100",
    "end_time": "2027-06-12T23:00:00+01:00",
    "door_time": "2027-06-12T19:00:00+01:00",
    "summary": "An evening by the river.\n",
    "description": "Two sets.\nBar open.",
    "image_urls": ["https://img.example.com/jazz.jpg"],
    "organiser_name": "Quay Arts",
    "contact": {"name": "Lee Dock", "email": "lee@example.com", "tel": "020 0000 0000"},
    "venue": {
        "id": "88",
        "name": "Old Boathouse",
        "address_1": "1 Quay Rd",
        "address_2": "",
        "town": "London",
        "country": "GB",
        "postcode": "SE1 0AA",
        "latitude": 51.5,
        "longitude": -0.08,
    },
    "links": {"Website": "https://quay.example.com/jazz"},
    "prices": {"Door": "GBP 12.50", "Patron": "USD 80", "Cheap": "pay what you can"},
    "artists": "Trio One, Duo Two",
    "keywords": "jazz, river",
    "hashtag": "quayjazz",
}


def listing(number: int | str, **more: Any) -> dict[str, Any]:
    """A listing with what every one has."""
    return {
        "id": number,
        "owner": "feed",
        "timestamp": "2027-03-01T00:00:00Z",
        "title": f"Listing {number}",
        "category_id": 26,
        "start_time": "2027-01-10T19:30:00+0000",
        "end_time": "2027-01-10T21:30:00+0000",
        "summary": "Short.",
        "description": "Long.",
        "venue": {"name": "Hall", "address_1": "1 Road", "town": "Leeds", "country": "GB", "postcode": "LS1"},
        **more,
    }


def owners() -> dict[str, Any]:
    return {
        "users": [{"uuid": USER, "name": "Richard Green", "email": "richard@example.com"}],
        "events": [
            {**JAZZ, "report": REPORT},
            {**JAZZ, "id": 2, "owner": "partner", "user_id": USER, "report": REPORT},
            {**JAZZ, "id": 3, "owner": "partner"},
            listing(4),
        ],
    }


def sites() -> dict[str, Any]:
    return {
        "publishers": [
            {"id": 324, "name": "Suuper", "url": "https://suuper.example.com/", "category_ids": [17]},
            {"id": 325, "name": "Plain", "roles": ["publisher", "partner"]},
            {"id": 326, "name": "Other", "roles": ["partner"]},
        ],
        "events": [
            JAZZ,
            listing(9, start_time="2027-03-02T11:59:59+0000"),
            listing("8x", start_time="2027-05-01T10:00:00+0530"),
        ],
        "published_events": [
            {"publisher_id": 324, "event_id": 70021, "url": "https://suuper.example.com/e/1"},
            {"publisher_id": 324, "event_id": 9},
            {"publisher_id": 324, "event_id": "8x"},
        ],
    }  # fmt: skip
