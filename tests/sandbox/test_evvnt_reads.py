"""evvnt's stand-in: log-ins, lists, shapes of answers."""

import base64
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.evvnt import EvvntStandIn
from eventdesk_server.sandbox.evvnt.state import Role
from eventdesk_server.sandbox.world import Sandbox

pytestmark = pytest.mark.anyio

NOW = datetime(2027, 3, 2, 12, tzinfo=UTC)
USER = "550e8400-e29b-41d4-a716-446655440000"
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


class Desk:
    def __init__(self, season: dict[str, Any] | None = None, **switches: Any) -> None:
        self.world = World(clock=Clock(NOW), switches={f"evvnt.{name}": value for name, value in switches.items()})
        self.standin = EvvntStandIn(self.world)
        self.standin.load(season or {})

    @asynccontextmanager
    async def client(self, role: Role = "organiser") -> AsyncGenerator[httpx2.AsyncClient]:
        login = self.standin.credentials_for(role)
        transport = httpx2.ASGITransport(app=self.standin.app())
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://evvnt.invalid", auth=(login["key"], login["secret"])
        ) as client:
            yield client

    async def get(self, path: str, role: Role = "organiser", status: int = 200) -> Any:
        async with self.client(role) as client:
            answer = await client.get(path)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def ids(self, path: str, role: Role = "organiser") -> list[int | str]:
        return [row["id"] for row in await self.get(path, role)]


async def test_an_event_has_every_documented_key_in_the_documented_form() -> None:
    event = await Desk({"events": [JAZZ]}).get("/events/70021")
    website = event["links"]["Website"]
    assert website.startswith("https://go.evvnt.com/")
    assert len(website) == len("https://go.evvnt.com/aa11bb")
    assert event == {
        "id": 70021,
        "title": "Quayside Jazz",
        "capacity": 120,
        "category_id": 19,
        "sub_category_ids": [],
        "timestamp": "2027-03-02T10:05:00Z",
        "start_time": "2027-06-12T19:30:00+01:00",
        "end_time": "2027-06-12T23:00:00+01:00",
        "door_time": "2027-06-12T19:00:00+0100",
        "summary": "An evening by the river.\r\n",
        "description": "Two sets.\r\nBar open.",
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
        "links": {"Website": website},
        "prices": {"Door": "GBP 12.5", "Patron": "USD 80.0", "Cheap": "pay what you can"},
        "artists": "Trio One, Duo Two",
        "keywords": "jazz, river",
        "hashtag": "quayjazz",
    }


async def test_an_event_without_optional_parts_has_no_keys_for_them_and_winter_is_z() -> None:
    event = await Desk({"events": [listing(7)]}).get("/events/7")
    assert set(event) == {
        "id", "title", "category_id", "sub_category_ids", "timestamp", "start_time", "end_time", "summary",
        "description", "venue", "prices",
    }  # fmt: skip
    assert event["start_time"] == "2027-01-10T19:30:00Z"


async def test_keys_can_be_missing_that_the_reference_calls_always_present() -> None:
    omitted = ["contact", "prices", "sub_category_ids", "capacity"]
    event = await Desk({"events": [{**JAZZ, "omitted": omitted}]}).get("/events/70021")
    assert not set(omitted) & set(event)


async def test_one_id_may_have_a_letter_and_the_newer_edition_has_only_text() -> None:
    season = {"events": [listing("67890x"), listing(5)]}
    assert await Desk(season).ids("/events") == ["67890x", 5]
    assert await Desk(season, string_ids=True).ids("/events") == ["67890x", "5"]
    assert (await Desk(season).get("/events/67890x"))["id"] == "67890x"
    await Desk(season).get("/events/67890", status=404)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Basic",
        "Basic !!!",
        "Bearer sandbox-organiser-key",
        "Basic " + base64.b64encode(b"sandbox-organiser-key:wrong").decode(),
        "Basic " + base64.b64encode(b"sandbox-organiser-key:sandbox-partner-secret").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe").decode(),
        "Basic " + base64.b64encode(b"sandbox-organiser-key:sandbox-organiser-secret").decode()[:20] + " =",
    ],
)
@pytest.mark.parametrize("path", ["/events", "/nowhere"])
async def test_a_wrong_login_is_told_so_everywhere(header: str | None, path: str) -> None:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=Desk().standin.app()), base_url="http://evvnt.invalid"
    ) as client:
        answer = await client.get(path, headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.json() == {"errors": ["authentication failed bad key/secret"]}


@pytest.mark.parametrize(
    ("role", "path", "allowed"),
    [
        ("publisher", "/events", True),
        ("publisher", "/events/mine", False),
        ("publisher", "/contract", False),
        ("publisher", "/packages/mine", False),
        ("publisher", "/users", False),
        ("organiser", "/events", True),
        ("organiser", "/publishers", True),
        ("organiser", "/events/mine", True),
        ("organiser", "/users", False),
        ("organiser", "/events/ours", False),
        ("partner", "/users", True),
        ("partner", "/contract", True),
        ("partner", "/events/ours", True),
    ],
)
async def test_a_login_reaches_the_endpoints_of_its_api(role: Role, path: str, allowed: bool) -> None:
    await Desk().get(path, role, 200 if allowed else 403)
    await Desk(role_refusal=404).get(path, role, 200 if allowed else 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nowhere"), ("GET", "/v3/events"), ("GET", "/"), ("GET", "/events/1/"), ("DELETE", "/events/70021"),
     ("PATCH", "/events/70021"), ("POST", "/events/70021/archive"), ("PUT", "/events"), ("POST", "/events/"),
     ("PUT", "/events/70021/"), ("HEAD", "/events"), ("GET", "/events//report"), ("GET", "/events/mine/70021")],
)  # fmt: skip
async def test_what_does_not_exist_is_a_404_without_a_body(method: str, path: str) -> None:
    async with Desk({"events": [JAZZ]}).client() as client:
        answer = await client.request(method, path)
    assert (answer.status_code, answer.content) == (404, b"")


async def test_a_404_may_have_a_body_of_json_or_html() -> None:
    assert await Desk(not_found="json").get("/events/1", status=404) == {"errors": ["Not found"]}
    async with Desk(not_found="html").client() as client:
        assert (await client.get("/events/1")).headers["content-type"].startswith("text/html")


async def test_a_suffix_and_a_trailing_slash_are_accepted_on_reading() -> None:
    desk = Desk({"events": [JAZZ]})
    for path in ("/events/70021.json", "/events/70021/"):
        assert (await desk.get(path))["id"] == 70021
    for path in ("/events.json", "/events/", "/events/mine.json", "/events/mine/"):
        assert await desk.ids(path) == [70021]
    await Desk(slashes=False).get("/events/", status=404)


async def test_lists_are_bare_and_empty_without_matches() -> None:
    for path in ("/events", "/events/mine", "/publishers", "/packages/mine"):
        assert await Desk().get(path) == []


async def test_twenty_rows_come_and_more_than_a_hundred_is_ignored() -> None:
    desk = Desk({"events": [listing(number) for number in range(1, 131)]})
    for query, rows in (
        ("", 20), ("?max_results=100", 100), ("?max_results=101", 20), ("?max_results=1", 1), ("?max_results=0", 20),
        ("?max_results=-3", 20), ("?max_results=x", 20), ("?max_results=99999999999999999999", 20),
    ):  # fmt: skip
        assert len(await desk.ids(f"/events{query}")) == rows, query


async def test_pages_count_from_one_in_steps_of_max_results() -> None:
    desk = Desk({"events": [listing(number) for number in range(1, 48)]})
    assert await desk.ids("/events?max_results=20&page=1") == list(range(1, 21))
    assert await desk.ids("/events?max_results=20&page=3") == list(range(41, 48))
    assert await desk.ids("/events?max_results=20&page=4") == []
    assert await desk.ids("/events?page=0") == await desk.ids("/events?page=x") == list(range(1, 21))
    assert await desk.ids("/events?page=999999999999999") == []


async def test_newer_than_is_strict_and_takes_a_bare_date() -> None:
    desk = Desk({"events": [listing(n, timestamp=f"2027-03-0{n}T10:00:00Z") for n in (1, 2, 3)]})
    assert await desk.ids("/events?newer_than=2027-03-02T10:00:00Z") == [3]
    assert await desk.ids("/events?newer_than=2027-03-02T09:59:59Z") == [2, 3]
    assert await desk.ids("/events?newer_than=2027-03-02T11:00:00%2B0100") == [3]
    assert await desk.ids("/events?newer_than=2027-03-02") == [2, 3]
    assert await desk.ids("/events?newer_than=") == [1, 2, 3]


async def test_a_plus_that_became_a_blank_is_refused() -> None:
    path = "/events?newer_than=2027-03-02T11:00:00+0100"
    assert await Desk().get(path, status=400) == {"errors": ["newer_than is invalid"]}
    assert await Desk({"events": [listing(1)]}, bad_filters="ignore").ids(path) == [1]


async def test_a_category_includes_all_below_it() -> None:
    desk = Desk({"events": [listing(1, category_id=19), listing(2, category_id=31), listing(3, category_id=48)]})
    assert await desk.ids("/events?category_id=17") == [1]
    assert await desk.ids("/events?category_id=1") == [1, 2]
    assert await desk.ids("/events?category_id=17,48") == [1, 3]
    assert await desk.ids("/events?category_id=26") == [1, 2, 3]
    assert await desk.ids("/events?category_id=777") == []
    await desk.get("/events?category_id=jazz", status=400)


async def test_a_country_is_that_of_the_venue() -> None:
    paris = {"name": "Salle", "country": "FR"}
    desk = Desk({"events": [listing(1), listing(2, venue=paris)]})
    assert await desk.ids("/events?country=FR") == [2]
    assert await desk.ids("/events?country=fr") == [2]
    assert await desk.ids("/events?country=ES") == []


async def test_the_order_of_lists_is_not_promised() -> None:
    events = [listing(n, timestamp=f"2027-03-0{day}T10:00:00Z") for n, day in ((1, 2), (2, 3), (3, 1))]
    assert await Desk({"events": events}, order="updated").ids("/events") == [2, 1, 3]
    assert await Desk({"events": events}, order="reversed").ids("/events") == [3, 2, 1]


def _owners() -> dict[str, Any]:
    return {
        "users": [{"uuid": USER, "name": "Richard Green", "email": "richard@example.com"}],
        "events": [
            {**JAZZ, "report": REPORT},
            {**JAZZ, "id": 2, "owner": "partner", "user_id": USER, "report": REPORT},
            {**JAZZ, "id": 3, "owner": "partner"},
            listing(4),
        ],
    }


async def test_the_feed_is_everybodys_and_mine_and_ours_are_not() -> None:
    desk = Desk(_owners())
    for role in ("publisher", "organiser", "partner"):
        assert await desk.ids("/events", role) == [70021, 2, 3, 4]
    assert await desk.ids("/events/mine") == [70021]
    assert await desk.ids("/events/mine", "partner") == [3]
    assert await desk.ids("/events/ours", "partner") == [2, 3]
    assert await desk.ids(f"/events/ours?user_id={USER}", "partner") == [2]
    assert await desk.ids("/events/ours?user_id=nobody", "partner") == []


async def test_mine_has_no_venue_id_and_a_report_link_when_there_is_a_report() -> None:
    (event,) = await Desk(_owners()).get("/events/mine")
    assert "id" not in event["venue"]
    assert event["report_url"].startswith("https://app.evvnt.com/reports/")
    assert "?" not in event["report_url"]
    assert "user_id" not in event


async def test_ours_tells_the_owner_and_a_report_link_that_runs_out() -> None:
    desk = Desk(_owners())
    first, second = await desk.get("/events/ours", "partner")
    assert first["user_id"] == USER
    link = httpx2.URL(first["report_url"])
    assert int(link.params["timestamp"]) - int(NOW.timestamp()) == 1800
    assert len(link.params["digest"]) == 32
    assert not {"user_id", "report_url"} & set(second)
    assert await desk.get("/events/ours/2", "partner") == first
    await desk.get("/events/ours/70021", "partner", 404)


async def test_a_report_has_the_documented_shape_and_is_for_owners() -> None:
    desk = Desk(_owners())
    assert await desk.get("/events/70021/report") == {"event_id": 70021, **REPORT}
    await desk.get("/events/2/report", "partner")
    await desk.get("/events/2/report", status=404)
    await desk.get("/events/4/report", status=404)


async def test_an_event_nobody_broadcast_yet_has_a_report_with_a_header_only() -> None:
    assert (await Desk(_owners()).get("/events/3/report", "partner")) == {
        "event_id": 3,
        "broadcast_results": {"num_sites_total": 0, "num_sites_live": 0, "num_sites_submitted": 0},
        "audience_reach": {"uniques": 0, "local_reach": 0, "mobile_apps": 0},
        "clicks_by_day": [["x", "Total clicks"]],
        "referrers": {},
        "search_indexing": {},
        "broadcasts": [],
    }


async def test_categories_are_one_tree_with_repeated_names() -> None:
    rows = await Desk().get("/categories")
    assert all(set(row) == {"id", "parent_id", "name"} for row in rows)
    assert [row for row in rows if row["parent_id"] is None] == [{"id": 26, "parent_id": None, "name": "All"}]
    assert len([row for row in rows if row["name"] == "Festivals"]) == 3
    known = {row["id"] for row in rows}
    assert all(row["parent_id"] in known for row in rows if row["id"] != 26)


def _sites() -> dict[str, Any]:
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


async def test_only_assigned_publishers_are_seen_and_one_may_have_no_url() -> None:
    desk = Desk(_sites())
    assert await desk.get("/publishers", "publisher") == [
        {"id": 324, "name": "Suuper", "url": "https://suuper.example.com/"},
        {"id": 325, "name": "Plain"},
    ]
    assert [row["id"] for row in await desk.get("/publishers", "partner")] == [325, 326]
    assert await desk.get("/publishers") == []
    for path in ("/publishers/324/categories", "/publishers/324/published_events"):
        await desk.get(path, "publisher")
        await desk.get(path, "partner", 404)
    for number in ("326", "x", "99999999999999999999"):
        await desk.get(f"/publishers/{number}/categories", "publisher", 404)


async def test_a_publishers_categories_can_be_direct_or_lead_to_the_root() -> None:
    desk = Desk(_sites())

    async def ids(query: str) -> set[int]:
        return {row["id"] for row in await desk.get(f"/publishers/324/categories{query}", "publisher")}

    assert await ids("?filter=direct") == {17}
    assert await ids("?filter=direct_to_root") == {17, 1, 26}
    assert await ids("") == await ids("?filter=all") == {17, 1, 26, 18, 19, 20, 21, 22}
    await desk.get("/publishers/324/categories?filter=some", "publisher", 400)


async def test_published_events_are_those_to_come() -> None:
    desk = Desk(_sites())
    first = {
        "publisher_id": 324,
        "event_id": 70021,
        "url": "https://suuper.example.com/e/1",
        "event_title": "Quayside Jazz",
        "event_start_time": "2027-06-12T19:30:00+01:00",
    }
    rows = await desk.get("/publishers/324/published_events", "publisher")
    assert rows[0] == first
    assert [(row["event_id"], row["url"]) for row in rows] == [(70021, first["url"]), ("8x", None)]
    newer = await desk.get("/publishers/324/published_events/?newer_than=2027-03-02", "publisher")
    assert newer == [first]
    assert await desk.get("/publishers/324/published_events/70021", "publisher") == first
    assert (await desk.get("/publishers/324/published_events/9", "publisher"))["url"] is None
    await desk.get("/publishers/324/published_events/1", "publisher", 404)
    await desk.get("/publishers/325/published_events/70021", "publisher", 404)


async def test_a_contract_has_prices_as_decimal_text() -> None:
    answer = await Desk().get("/contract")
    assert answer["package_options"][1] == {
        "id": 61,
        "type": "SinglePackage",
        "broadcast_volume": 45,
        "currency": "EUR",
        "cost_per_event": "320.0",
    }


async def test_mounted_in_the_sandbox_paths_hang_directly_below_the_mount() -> None:
    with Sandbox([EvvntStandIn], now=NOW) as sandbox:
        connection = sandbox.connections("http://sandbox.localhost")["evvnt"]
        assert connection == {
            "base_url": "http://sandbox.localhost/evvnt",
            "key": "sandbox-organiser-key",
            "secret": "sandbox-organiser-secret",
        }
        async with httpx2.AsyncClient(
            transport=sandbox.transport(), auth=(connection["key"], connection["secret"])
        ) as client:
            answer = await client.get(f"{connection['base_url']}/events/mine")
            assert len(answer.json()) == 10


async def test_the_demo_season_holds_22_listings_and_one_used_up_package() -> None:
    desk = Desk()
    season = desk.standin.default_season(random.Random(1))
    assert season == desk.standin.default_season(random.Random(1))
    desk.standin.load(season)
    assert len(await desk.ids("/events?max_results=100")) == 22
    assert len(await desk.ids("/events/mine")) == 10
    ours = await desk.get("/events/ours", "partner")
    assert len(ours) == 6
    assert len({event["user_id"] for event in ours}) == 2
    feed = await desk.get("/events?max_results=100", "publisher")
    assert [event["id"] for event in feed if isinstance(event["id"], str)] == ["68047x"]
    assert any(url.startswith("//") for event in feed for url in event.get("image_urls", []))
    reports = [await desk.get(f"/events/{event['id']}/report") for event in await desk.get("/events/mine")]
    assert len({tuple(report["clicks_by_day"][0]) for report in reports}) > 3
    assert any(row["url"] == "" for report in reports for row in report["broadcasts"])
    packages = desk.world.store.rows("select used, event_quantity from evvnt_packages where owner = 'organiser'")
    assert [package["used"] == package["event_quantity"] for package in packages] == [False, True]
    assert len(await desk.get("/publishers/324/published_events", "publisher")) > 1
