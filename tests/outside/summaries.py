"""Invented data for the page, at its edges: long, empty, many, of several currencies, from the right."""

from typing import Any

from eventdesk_tools.card import VERSION


def heads(days: int) -> list[int]:
    """Registrations of so many days: one a day on average, some days none."""
    return [(0, 2, 1, 0, 3, 0, 1)[day % 7] for day in range(days)]


def event(**changed: Any) -> dict[str, Any]:
    """An event as the server tells it; what is changed to None it does not tell."""
    told: dict[str, Any] = {
        "ref": "club:e1", "title": "Quayside Jazz: an evening on the water", "account": "club", "platform": "Eventtia",
        "starts": "2027-06-12T19:30+01:00", "registered": 140, "pending": 12, "cancelled": 7, "checked_in": 41, "left": 88,
        "days": {"first": "2026-10-05", "heads": heads(140)},
        "tickets": [
            {"name": "Standing", "kind": "ticket", "price": "18.00 GBP", "sold": 80, "left": 70},
            {"name": "Balcony", "kind": "ticket", "price": "32.50 GBP", "sold": 60, "left": 0},
            {"name": "Under 16", "kind": "ticket", "price": "free", "sold": 31, "left": "unlimited"},
            {"name": "Programme", "kind": "extra", "price": "4.00 GBP", "sold": 12, "left": 18},
        ],
        "money": [{"currency": "GBP", "revenue": "5230.50", "refunded": "64.00", "unpaid": "216.00"}],
        "basis": ["140 of 140 registrations, 3 of 3 pages"], "notes": ["2 registrations were rejected."],
    }  # fmt: skip
    return {name: value for name, value in {**told, **changed}.items() if value is not None}


def page(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "version": VERSION,
        "now": "2027-03-01T09:00+00:00",
        "asked": len(events),
        "sandbox": True,
        "events": [*events],
        **more,
    }


ARABIC = "مهرجان الميناء: أمسية موسيقية على ضفاف النهر"
HEBREW = "כרטיס רגיל (2027)"
LONG = "W" * 60 + " </script><script>alert(1)</script> " + "é" * 80
SUMMARIES: dict[str, dict[str, Any]] = {
    "usual": page(event()),
    "arabic": page(
        event(
            title=ARABIC,
            tickets=[
                {"name": "تذكرة عادية", "kind": "ticket", "price": "45.000 KWD", "sold": 20, "left": 10},
                {"name": HEBREW, "kind": "ticket", "price": "120.000 KWD", "sold": 3, "left": 2},
            ],
            money=[{"currency": "KWD", "revenue": "1260.250"}],
        )
    ),
    "currencies": page(
        event(
            money=[
                {"currency": "GBP", "revenue": "5230.50", "refunded": "64.00"},
                {"currency": "JPY", "revenue": "120000"},
                {"currency": "?", "revenue": "79.00"},
            ]
        )
    ),
    "free": page(
        event(
            tickets=[{"name": "Entry", "kind": "ticket", "price": "free", "sold": 140, "left": "unlimited"}],
            money=None,
            left=None,
            checked_in=None,
            untold=["check-ins"],
        )
    ),
    "none": page(
        event(
            registered=0,
            pending=None,
            cancelled=None,
            checked_in=0,
            days={"first": None, "heads": []},
            tickets=None,
            money=None,
        )
    ),
    "undated": page(event(registered=144)),
    "long": page(event(title=LONG, registered=5_000, days={"first": "2013-06-01", "heads": [1] * 5_000})),
    "two": page(
        event(
            title="Harbour Fair",
            starts="2026-06-10T10:00+01:00",
            registered=196,
            days={"first": "2025-11-20", "heads": heads(196)},
        ),
        event(title="Harbour Fair", ref="club:e2"),
    ),
    "many": page(
        event(title="Quayside Jazz"),
        event(
            title="Founders' Breakfast",
            registered=18,
            money=[{"currency": "GBP", "revenue": "216.00"}, {"currency": "EUR", "revenue": "20.00"}],
        ),
        event(title=ARABIC, registered=64, left=None),
        event(title="Harbour Design Days 2027: craft, light and water in the cities of the north", registered=512),
        event(title="Pond Survey", registered=0, untold=["revenue"], money=None, platform="EventHQ"),
        asked=6,
        notes=["listings: rate_limited, evvnt asks to wait."],
    ),
    "listing": page(
        {
            "ref": "l:1",
            "title": "Lantern Parade",
            "account": "l",
            "platform": "evvnt",
            "starts": "2027-11-05",
            "sites": 24,
            "live": 19,
            "reach": 81234,
            "clicks": 412,
            "basis": ["evvnt's report: 24 sites"],
        }
    ),
}
