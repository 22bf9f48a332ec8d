"""The HeySummit stand-in's older dialect, and what no request may provoke in either."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.heysummit import HeySummitStandIn

pytestmark = pytest.mark.anyio

NOW = datetime(2027, 5, 1, 8, 15, tzinfo=UTC)
SEASON: dict[str, Any] = {
    "events": [
        {
            "id": 24, "title": "Harbour Design Week", "event_url": "https://harbour.example.com/",
            "timezone": "Europe/London",
            "speakers": [{"id": 51, "first_name": "Ada", "last_name": "Pier", "bio": ""}],
            "categories": [{"id": 7, "title": "Main stage", "description": None}],
            "talks": [
                {"id": 1, "title": "Early", "date": "2027-07-06T09:30:00", "speakers": [51], "categories": [7],
                 "slug": "early", "broadcast_duration_mins": 30},
                {"id": 2, "title": "Late", "date": "2027-07-06T20:00:00Z", "is_active": False},
                {"id": 3, "title": "Undated"},
                *({"id": 10 + n, "title": f"Talk {n}", "date": f"2027-07-07T10:{n:02}:00.000500"} for n in range(12)),
            ],
            "tickets": [
                {"id": 30, "title": "Day pass", "quantity_remaining": 1, "created_at": "2027-01-01T10:00:00",
                 "prices": [{"id": 8801, "title": "Early", "price": "49"}]}
            ],
            "attendees": [
                {"id": 245, "email": "kim@example.org", "name": "Kim Quay", "created_at": "2027-04-30T08:15:00",
                 "agreed_terms": "2027-04-30T08:15:00", "ip_address": "192.0.2.1", "categories": [7], "talks": [1],
                 "questions": [{"question_id": 4, "answer": "Yes"}],
                 "tickets": [{"ticket_price_id": 8801, "amount_gross": "49.00", "amount_net": "47.00"}]},
            ],
        },
        {"id": 25, "title": "Old", "is_live": False, "is_archived": True, "omit": ["is_evergreen"],
         "tickets": [{"id": 31, "title": "Old pass", "created_at": "2026-01-01T00:00:00"}],
         "attendees": [{"id": 246, "email": "kim@example.org", "name": "Kim", "created_at": "2026-04-30T08:15:00"}]},
    ]
}  # fmt: skip
BASE = "http://127.0.0.1:9/api/"


def connect(world: World) -> httpx2.AsyncClient:
    standin = HeySummitStandIn(world)
    standin.load(SEASON)
    headers = {"Authorization": f"Token {standin.credentials()['key']}", "User-Agent": "eventdesk-tests/1"}
    origin = "http://127.0.0.1:9"
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=standin.app()), base_url=origin + standin.v1_base_path, headers=headers
    )


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOW))


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    async with connect(world) as made:
        yield made


async def test_an_event_has_a_string_id_no_zone_and_ten_fields(client: httpx2.AsyncClient) -> None:
    assert (await client.get("events/24/")).json() == {
        "id": "24",
        "url": f"{BASE}events/24/",
        "title": "Harbour Design Week",
        "event_url": "https://harbour.example.com/",
        "first_talk_at": "2027-07-06T09:30:00",
        "last_talk_at": "2027-07-07T10:11:00.000500",
        "is_live": True,
        "is_archived": False,
        "is_evergreen": False,
        "is_open_for_registrations": True,
    }
    assert "is_evergreen" not in (await client.get("events/25/")).json()


async def test_a_talk_names_its_event_by_a_v2_address_and_has_no_v2_extras(client: httpx2.AsyncClient) -> None:
    assert (await client.get("talks/1/")).json() == {
        "id": 1,
        "title": "Early",
        "date": "2027-07-06T09:30:00",
        "event": f"{BASE}v2/events/24/",
        "speakers": [
            {"id": 51, "event": 24, "first_name": "Ada", "last_name": "Pier", "company": None, "company_title": None,
             "headshot": "https://cdn.heysummit.example/default-headshot.png", "expert_creds": "", "bio": "",
             "is_active": True}
        ],
        "categories": [{"id": 7, "event": 24, "title": "Main stage", "description": None}],
        "is_active": True,
        "is_featured": False,
    }  # fmt: skip


async def test_times_are_bare_wall_clock_times_in_the_events_zone(client: httpx2.AsyncClient, world: World) -> None:
    async def dates() -> list[str | None]:
        return [(await client.get(f"talks/{number}/")).json()["date"] for number in (1, 2, 3, 10)]

    assert await dates() == ["2027-07-06T09:30:00", "2027-07-06T21:00:00", None, "2027-07-07T10:00:00.000500"]
    world.switches["heysummit.v1_dates"] = "microseconds"
    assert (await dates())[0] == "2027-07-06T09:30:00.000000"
    world.switches["heysummit.v1_dates"] = "seconds"
    assert (await dates())[3] == "2027-07-07T10:00:00"


async def test_an_attendee_has_talks_as_addresses_and_tickets_inline(client: httpx2.AsyncClient) -> None:
    assert (await client.get("attendees/245/")).json() == {
        "id": 245,
        "url": f"{BASE}attendees/245/",
        "email": "kim@example.org",
        "name": "Kim Quay",
        "registration_status": "Completed Order",
        "event_id": 24,
        "event_name": "Harbour Design Week",
        "created_at": "2027-04-30T08:15:00.000000",
        "agreed_terms": "2027-04-30T08:15:00.000000",
        "affiliate_email": None,
        "speaker_referrer_email": None,
        "utm_source": None,
        "utm_medium": None,
        "utm_campaign": None,
        "referer_ref": None,
        "http_referer": None,
        "http_referer_domain": None,
        "ip_address": "192.0.2.1",
        "categories": [{"id": 7, "event": 24, "title": "Main stage", "description": None}],
        "talks": [f"{BASE}talks/1/"],
        "questions": [{"question_id": 4, "answer": "Yes"}],
        "tickets": [
            {
                "ticket_id": 30,
                "ticket_name": "Day pass",
                "amount_gross": "49.00",
                "amount_net": "47.00",
                "created_at": "2027-04-30T08:15:00.000000",
            }
        ],
    }


async def test_a_ticket_has_no_price(client: httpx2.AsyncClient) -> None:
    assert (await client.get("tickets/30/")).json() == {
        "id": 30,
        "url": f"{BASE}tickets/30/",
        "name": "Day pass",
        "event_id": 24,
        "event_name": "Harbour Design Week",
        "created_at": "2027-01-01T10:00:00.000000",
    }


async def test_self_links_can_be_as_wrong_as_in_the_reference(client: httpx2.AsyncClient, world: World) -> None:
    world.switches["heysummit.odd_self_links"] = True
    assert (await client.get("attendees/245/")).json()["url"].endswith("/attendees/246/")
    assert (await client.get("tickets/30/")).json()["url"] == "http://api.heysummit.example/api/tickets/58/"


async def test_lists_come_newest_first_in_pages_whose_links_keep_the_filters(client: httpx2.AsyncClient) -> None:
    first = (await client.get("talks/", params={"event": "24"})).json()
    assert (first["count"], first["next"]) == (15, f"{BASE}talks/?event=24&page=2")
    second = (await client.get(first["next"])).json()
    assert second["previous"] == f"{BASE}talks/?event=24"
    ids = [row["id"] for row in first["results"] + second["results"]]
    assert ids == [*range(21, 9, -1), 2, 1, 3]
    assert (await client.get("talks/", params={"page": "3"})).json() == {"detail": "Invalid page."}
    offset = (await client.get("talks/", params={"limit": "1", "offset": "14"})).json()
    assert len(offset["results"]) == 10


async def test_lists_filter_by_event_and_flags_only(client: httpx2.AsyncClient) -> None:
    async def ids(path: str, **query: str) -> list[Any]:
        return [row["id"] for row in (await client.get(path, params=query)).json()["results"]]

    assert await ids("events/", is_archived="True") == ["25"]
    assert await ids("events/", is_live="True") == ["24"]
    assert await ids("events/", is_live="maybe") == ["25", "24"]
    assert await ids("talks/", is_active="False") == [2]
    assert await ids("attendees/", event="25") == [246]
    assert await ids("attendees/", event="24", email="nobody@example.org") == [245]
    assert await ids("tickets/", event="24") == [30]
    assert await ids("tickets/", event="99") == []
    assert (await client.get("tickets/", params={"event": "x"})).status_code == 400


async def test_registering_answers_without_a_status(client: httpx2.AsyncClient) -> None:
    body = {"event": 24, "email": "new@example.org", "name": "New", "ticket_id": 30}
    answer = await client.post("attendees/", json=body)
    shown = answer.json()
    assert (answer.status_code, shown["id"], shown["event_id"], shown["talks"]) == (201, 247, 24, [])
    assert shown["tickets"] == [
        {
            "ticket_id": 30,
            "ticket_name": "Day pass",
            "amount_gross": None,
            "amount_net": None,
            "created_at": "2027-05-01T08:15:00.000000",
        }
    ]
    kept = (await client.get("attendees/247/")).json()
    assert kept.pop("registration_status") == "Completed Order"
    assert kept == shown
    full = await client.post("attendees/", json=body | {"email": "next@example.org"})
    assert (full.status_code, full.json()) == (400, {"ticket_id": ["This ticket is sold out."]})
    again = await client.post("attendees/", json=body | {"email": "NEW@example.org"})
    assert again.status_code == 400
    assert "already" in again.text
    assert (await client.get("attendees/")).json()["count"] == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"event": None}, "event"),
        ({"event": "24"}, "event"),
        ({"event": 99}, "event"),
        ({"event": True}, "event"),
        ({"ticket_id": 31}, "ticket_id"),
        ({"ticket_id": 8801}, "ticket_id"),
        ({"ticket_id": 10**30}, "ticket_id"),
        ({"name": None}, "name"),
        ({"email": "kim"}, "email"),
    ],
)
async def test_a_wrong_registration_names_the_field(
    client: httpx2.AsyncClient, changes: dict[str, Any], field: str
) -> None:
    body = {"event": 24, "email": "new@example.org", "name": "New"} | changes
    answer = await client.post("attendees/", json=body)
    assert (answer.status_code, list(answer.json())) == (400, [field])


async def test_archiving_takes_the_event_offline_and_may_be_repeated(client: httpx2.AsyncClient) -> None:
    for _ in range(2):
        answer = await client.post("events/24/archive/")
        assert answer.status_code == 200
        assert (answer.json()["is_archived"], answer.json()["is_live"]) == (True, False)
    v2 = (await client.get("v2/events/24/")).json()
    assert (v2["is_archived"], v2["is_live"]) == (True, False)
    assert (await client.get("events/24/archive/")).status_code == 405
    assert (await client.post("events/99/archive/")).status_code == 404


async def test_what_one_dialect_writes_the_other_reads(client: httpx2.AsyncClient) -> None:
    body = {"email": "new@example.org", "name": "New", "ticket_price_id": 8801}
    number = (await client.post("v2/events/24/attendees/", json=body)).json()["id"]
    assert (await client.get(f"attendees/{number}/")).json()["tickets"][0]["ticket_id"] == 30


async def test_v1_has_no_other_routes_and_wants_its_slash_and_key(client: httpx2.AsyncClient) -> None:
    for path in ("speakers/", "sales/", "webhooks/", "events/24/talks/"):
        assert (await client.get(path)).status_code == 404
    moved = await client.post("attendees", json={"event": 24, "email": "new@example.org", "name": "New"})
    assert (moved.status_code, moved.headers["Location"]) == (301, "/api/attendees/")
    assert (await client.get("events/", headers={"Authorization": "Bearer x"})).status_code == 401
    assert (await client.get("events/", headers={"User-Agent": "curl/8"})).status_code == 200


# Anything at all

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(st.characters(), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ANSWERS: st.SearchStrategy[Any] = st.lists(st.fixed_dictionaries({}, optional={"question_id": JSON, "answer": JSON}))
BODY = st.fixed_dictionaries(
    {},
    optional={
        "event": JSON | st.just(24),
        "email": JSON | st.sampled_from(["a@b.co", "a@\ud800.co", "a@" + "x" * 80 + ".co"]),
        "name": JSON | st.just("New"),
        "ticket_id": JSON,
        "ticket_price_id": JSON | st.just(8801),
        "questions": JSON | ANSWERS,
        "coupon": JSON,
        "talk_id": JSON,
    },
)
SEGMENT = st.sampled_from(["24", "245", "1", "30", "9" * 25, "²", "%00", "%0A", "..", "x"])
TEMPLATES = (
    "attendees/", "events/", "events/{}/", "talks/", "v2/events/", "v2/events/{}/attendees/",
    "v2/events/{}/attendees/{}/tickets/", "v2/events/{}/attendees/{}/talks/{}/", "v2/events/{}/talks/{}/",
    "v2/events/{}/tickets/{}/checkout-link/", "v2/events/{}/sponsors/", "{}/{}/{}/",
)  # fmt: skip
QUERY = st.dictionaries(
    st.sampled_from(["page", "limit", "offset", "email", "event", "is_live", "format"]),
    st.text(max_size=6) | st.sampled_from(["9" * 30, "last", "\0", "²"]),
    max_size=2,
)
KNOWN = {200, 201, 301, 400, 401, 403, 404, 405, 406, 409, 415}


@settings(max_examples=150, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT"]),
    template=st.sampled_from(TEMPLATES),
    segments=st.tuples(SEGMENT, SEGMENT, SEGMENT),
    query=QUERY,
    body=BODY | JSON,
)
def test_no_request_provokes_anything_undocumented(
    method: str, template: str, segments: tuple[str, str, str], query: dict[str, str], body: Any
) -> None:
    async def ask() -> None:
        async with connect(World(clock=Clock(NOW))) as client:
            content = json.dumps(body).encode()
            headers = {"Content-Type": "application/json"}
            path = template.format(*segments)
            answer = await client.request(method, path, params=query, content=content, headers=headers)
            assert answer.status_code in KNOWN

    anyio.run(ask)
