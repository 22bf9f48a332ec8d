"""A small season in HeySummit's newer dialect."""

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2027, 5, 1, 8, 15, tzinfo=UTC)
AGENT = "eventdesk-tests/1"
SEASON: dict[str, Any] = {
    "events": [
        {
            "id": 4711,
            "title": "Harbour Design Week",
            "event_url": "https://harbour-design.example.com/",
            "company_name": "Harbour Co",
            "timezone": "Europe/London",
            "first_talk_at": "2027-07-06T09:30:00",
            "last_talk_at": "2027-07-09T17:00:00",
            "speakers": [
                {"id": 51, "first_name": "Ada", "last_name": "Pier", "company_title": "Engineer",
                 "headshot": "https://cdn.example.com/51.png"}
            ],
            "categories": [{"id": 7, "title": "Main stage"}],
            "talks": [
                {"id": 90210, "title": "Keynote: tides", "date": "2027-07-06T18:00:00", "speakers": [51],
                 "categories": [7], "broadcast_duration_mins": 45},
                {"id": 90211, "title": "To be announced"},
                {"id": 90212, "title": "Knots", "date": "2027-07-06T09:30:00", "capacity": 1, "admits": [610]},
                {"id": 90213, "title": "Undated in full", "omit": ["date"]},
            ],
            "tickets": [
                {"id": 610, "title": "Day pass", "is_paid": "true", "quantity_remaining": "2",
                 "prices": [{"id": 8801, "title": "Early", "price": "49"},
                            {"id": 8802, "title": "Regular", "price": "79"}],
                 "checkout_link": "https://harbour-design.example.com/checkout/ticket/610-ab12/",
                 "created_at": "2027-01-01T00:00:00"},
                {"id": 8802, "title": "Free", "prices": [{"id": 610, "title": "Free", "price": "0.00"}],
                 "prices_as": "array", "is_paid": False, "created_at": "2027-01-01T00:00:00"},
                {"id": 612, "title": "Broken", "prices": [{"id": 8900, "title": "x", "price": "1"}],
                 "prices_as": "broken", "quantity_remaining": 0, "created_at": "2027-01-01T00:00:00"},
            ],
            "attendees": [
                {"id": 33001, "email": "kim@example.org", "name": "Kim Quay",
                 "created_at": "2027-05-01T08:15:00+00:00", "talks": [90210]},
                {"id": 33002, "email": "Ines+x@Example.org", "name": "Ines", "created_at": "2027-05-01T09:00:00",
                 "registration_status": "Started Order"},
            ],
            "coupons": [{"id": 1, "coupon_code": "EARLY", "title": "Early"}],
            "sponsors": [{"id": 2, "title": "Rope", "slug": "rope", "sponsor_categories": [3]}],
            "sponsor_categories": [{"id": 3, "title": "Gold"}],
        },
        {"id": 4712, "title": "No zone", "omit": ["is_live"],
         "tickets": [{"id": 900, "title": "Elsewhere", "prices": [{"id": 9900, "title": "x", "price": "0"}],
                      "created_at": "2027-01-01T00:00:00"}]},
        *({"id": number, "title": f"Summit {number}"} for number in range(5000, 5010)),
    ],
    "webhooks": [{"id": 1, "event": 4711, "url": "https://hooks.example.org/", "action": "talk_added"}],
}  # fmt: skip
