"""evvnt's small worlds: an organiser with a listing and a package, and a partner with one customer."""

from typing import Any

from bench.faults.deeds import ACCOUNT, Deed, Part, Stage, counted
from eventdesk_server.sandbox.core import Store

USER = "af356362-b1cd-3e2a-22aa-112142abcded"
_PACKAGES = {"organiser": "ea6bd8a9-d9d0-4b64-af4f-c8593d4ddf7e", "partner": "fb7ce9b0-e0e1-4c75-bf5f-d9604e5eef8f"}
_VENUE = {"name": "Old Boathouse", "address_1": "1 Quay Rd", "town": "London", "country": "GB", "postcode": "SE1 0AA"}
CENSUS = {
    "listings": "select seq from evvnt_events",
    "customers": "select seq from evvnt_users",
    "packages": "select seq from evvnt_packages",
}


def _season(role: str) -> dict[str, Any]:
    customer = {"user_id": USER} if role == "partner" else {}
    return {
        "users": [{"uuid": USER, "name": "Quay Arts", "email": "quay@example.org"}],
        "packages": [{"uuid": _PACKAGES[role], "owner": role, "type": "SinglePackage", "broadcast_volume": 45,
                      "event_quantity": 50, "used": 2, "purchase_date": "2027-01-31", **customer}],
        "events": [{"id": 70_021, "owner": role, "package_id": _PACKAGES[role], "timestamp": "2027-02-02T10:05:00Z",
                    "title": "Quayside Jazz", "category_id": 19, "start_time": "2027-06-12T19:30:00+0100",
                    "end_time": "2027-06-12T22:30:00+0100", "summary": "An evening by the river.",
                    "description": "Two sets. Bar open.", "venue": _VENUE, "prices": {"Door": "GBP 5"},
                    "contact": {"name": "Lee Dock", "email": "lee@example.com", "tel": "020 0000 0000"}, **customer}],
    }  # fmt: skip


def _settings(role: str) -> dict[str, Any]:
    return {
        "role": role, "zone": "Europe/London", "currency": "GBP", "package": _PACKAGES[role],
        "contact": {"name": "Lee Dock", "email": "lee@example.com", "tel": "020 0000 0000"},
        **({"user_id": USER} if role == "partner" else {}),
    }  # fmt: skip


def _listings(n: int) -> tuple[Deed, ...]:
    title = f"Regatta {n}"
    listing = f"{ACCOUNT}:70021"
    named = "select seq from evvnt_events where json_extract(body, '$.title') = ?"
    return (
        Deed(tool="create_event", grows={"listings": 1}, asks=True, parts=(Part("", counted(named, title)),),
             arguments={"title": title, "starts": "2027-07-12T19:30", "ends": "2027-07-12T21:30", "summary": "A fair.",
                        "description": "Stalls and music by the water, all evening long.", "published": True,
                        "category": "Arts & Entertainment > Music", "tickets": [{"name": "Door", "price": "5"}],
                        "place": {"name": "Quay", "address": "1 Quay Road", "town": "Bristol", "postcode": "BS1 4RN",
                                  "country": "GB"}, "website": "https://quay.example.org/fair"}),
        Deed(tool="clone_event", grows={"listings": 1}, asks=True, parts=(Part("", counted(named, title)),),
             arguments={"event": listing, "starts": "2027-07-19T19:30", "title": title, "published": True,
                        "website": "https://quay.example.org/fair"}),
        Deed(tool="update_event", asks=True, parts=(Part("", counted(f"{named} and id = '70021'", title), makes=False),),
             arguments={"event": listing, "title": title}),
    )  # fmt: skip


def _organiser(store: Store, n: int) -> tuple[Deed, ...]:  # noqa: ARG001 - a stage's shape
    bought = "select seq from evvnt_packages where purchase_order_id = ?"
    return (
        *_listings(n),
        Deed(tool="call_write_operation", grows={"packages": 1}, asks=True, parts=(Part("", counted(bought, f"PO {n}")),),
             arguments={"operation": "create_package", "arguments": {
                 "id": 61, "event_quantity": 3, "purchase_order_id": f"PO {n}"}}),
    )  # fmt: skip


def _partner(store: Store, n: int) -> tuple[Deed, ...]:  # noqa: ARG001 - a stage's shape
    customer = counted("select seq from evvnt_users where email = ?", f"ada{n}@pier.example")
    return (
        *_listings(n),
        Deed(tool="call_write_operation", grows={"customers": 1}, parts=(Part("", customer),),
             arguments={"operation": "create_user", "arguments": {"name": "Ada Pier", "email": f"ada{n}@pier.example"}}),
    )  # fmt: skip


ORGANISER = Stage(
    provider="evvnt", season=_season("organiser"), settings=_settings("organiser"), deeds=_organiser, census=CENSUS
)
PARTNER = Stage(
    provider="evvnt", season=_season("partner"), settings=_settings("partner"), deeds=_partner, census=CENSUS,
    credentials="partner",
)  # fmt: skip
