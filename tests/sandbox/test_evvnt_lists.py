"""evvnt's stand-in: pages, filters, and which lists show whose events."""

import httpx2
import pytest

from tests.sandbox.evvnt_desk import NOW, USER, Desk
from tests.sandbox.evvnt_listings import REPORT, listing, owners, sites

pytestmark = pytest.mark.anyio


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


async def test_the_feed_is_everybodys_and_mine_and_ours_are_not() -> None:
    desk = Desk(owners())
    for role in ("publisher", "organiser", "partner"):
        assert await desk.ids("/events", role) == [70021, 2, 3, 4]
    assert await desk.ids("/events/mine") == [70021]
    assert await desk.ids("/events/mine", "partner") == [3]
    assert await desk.ids("/events/ours", "partner") == [2, 3]
    assert await desk.ids(f"/events/ours?user_id={USER}", "partner") == [2]
    assert await desk.ids("/events/ours?user_id=nobody", "partner") == []


async def test_mine_has_no_venue_id_and_a_report_link_when_there_is_a_report() -> None:
    (event,) = await Desk(owners()).get("/events/mine")
    assert "id" not in event["venue"]
    assert event["report_url"].startswith("https://app.evvnt.com/reports/")
    assert "?" not in event["report_url"]
    assert "user_id" not in event


async def test_ours_tells_the_owner_and_a_report_link_that_runs_out() -> None:
    desk = Desk(owners())
    first, second = await desk.get("/events/ours", "partner")
    assert first["user_id"] == USER
    link = httpx2.URL(first["report_url"])
    assert int(link.params["timestamp"]) - int(NOW.timestamp()) == 1800
    assert len(link.params["digest"]) == 32
    assert not {"user_id", "report_url"} & set(second)
    assert await desk.get("/events/ours/2", "partner") == first
    await desk.get("/events/ours/70021", "partner", 404)


async def test_a_report_has_the_documented_shape_and_is_for_owners() -> None:
    desk = Desk(owners())
    assert await desk.get("/events/70021/report") == {"event_id": 70021, **REPORT}
    await desk.get("/events/2/report", "partner")
    await desk.get("/events/2/report", status=404)
    await desk.get("/events/4/report", status=404)


async def test_an_event_nobody_broadcast_yet_has_a_report_with_a_header_only() -> None:
    assert (await Desk(owners()).get("/events/3/report", "partner")) == {
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


async def test_only_assigned_publishers_are_seen_and_one_may_have_no_url() -> None:
    desk = Desk(sites())
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
    desk = Desk(sites())

    async def ids(query: str) -> set[int]:
        return {row["id"] for row in await desk.get(f"/publishers/324/categories{query}", "publisher")}

    assert await ids("?filter=direct") == {17}
    assert await ids("?filter=direct_to_root") == {17, 1, 26}
    assert await ids("") == await ids("?filter=all") == {17, 1, 26, 18, 19, 20, 21, 22}
    await desk.get("/publishers/324/categories?filter=some", "publisher", 400)


async def test_published_events_are_those_to_come() -> None:
    desk = Desk(sites())
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
