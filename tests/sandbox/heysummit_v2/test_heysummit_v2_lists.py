"""The HeySummit stand-in's newer dialect: pages, filters, orders and their switches."""

import httpx2
import pytest

from eventdesk_server.sandbox.core import World

pytestmark = pytest.mark.anyio


async def test_events_come_in_pages_of_ten_with_links_on_the_callers_host(client: httpx2.AsyncClient) -> None:
    first = (await client.get("events/", params={"is_live": "True", "limit": "3"})).json()
    base = "http://127.0.0.1:9/heysummit/api/v2/events/"
    assert (first["count"], len(first["results"]), first["previous"]) == (12, 10, None)
    assert first["next"] == f"{base}?is_live=True&limit=3&page=2"
    second = (await client.get(first["next"])).json()
    assert (len(second["results"]), second["next"]) == (2, None)
    assert second["previous"] == f"{base}?is_live=True&limit=3"
    for page in ("3", "0", "x", "-1", "9" * 400):
        answer = await client.get("events/", params={"page": page})
        assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


async def test_nested_lists_go_by_limit_and_offset_and_ignore_the_page(client: httpx2.AsyncClient) -> None:
    path = "events/4711/talks/"
    answer = (await client.get(path, params={"limit": "1", "offset": "2", "page": "9"})).json()
    base = f"http://127.0.0.1:9/heysummit/api/v2/{path}"
    assert answer["next"] == f"{base}?limit=1&offset=3&page=9"
    assert answer["previous"] == f"{base}?limit=1&offset=1&page=9"
    assert [row["id"] for row in answer["results"]] == [90211]
    past = (await client.get(path, params={"offset": "40"})).json()
    assert (past["count"], past["results"], past["next"]) == (4, [], None)
    for nonsense in ({"limit": "x"}, {"limit": "0"}, {"limit": "-1"}, {"offset": "-2"}, {"offset": "x"}):
        assert len((await client.get(path, params=nonsense)).json()["results"]) == 4


async def test_attendees_are_found_by_exact_address_and_status(client: httpx2.AsyncClient, world: World) -> None:
    async def found(**query: str) -> list[int]:
        return [row["id"] for row in (await client.get("events/4711/attendees/", params=query)).json()["results"]]

    assert await found(email="kim@example.org") == [33001]
    assert await found(email="Ines+x@Example.org") == [33002]
    assert await found(email="ines+x@example.org") == []
    assert await found(email="kim") == []
    unencoded = await client.get("events/4711/attendees/?email=Ines+x@Example.org")
    assert unencoded.json()["count"] == 0
    assert await found(registration_status="Started Order") == [33002]
    world.switches["heysummit.email_filter"] = "iexact"
    assert await found(email="ines+X@example.org") == [33002]


async def test_switches_bend_the_lists(client: httpx2.AsyncClient, world: World) -> None:
    world.switches["heysummit.omit_next"] = True
    assert "next" not in (await client.get("events/")).json()
    world.switches["heysummit.omit_next"] = "null"
    assert (await client.get("events/")).json()["next"] is None
    world.switches["heysummit.omit_next"] = False
    world.switches["heysummit.next_host"] = "http://evil.example:8000"
    assert (await client.get("events/")).json()["next"] == "http://evil.example:8000/api/v2/events/?page=2"
    world.switches["heysummit.ignore_paging"] = True
    first, second = (await client.get("events/")).json(), (await client.get("events/?page=2")).json()
    assert first["results"] == second["results"]
    world.switches["heysummit.envelope"] = False
    assert isinstance((await client.get("events/")).json(), list)


async def test_the_order_of_lists_can_be_switched(client: httpx2.AsyncClient, world: World) -> None:
    async def ids() -> list[int]:
        return [row["id"] for page in "12" for row in (await client.get(f"events/?page={page}")).json()["results"]]

    oldest = await ids()
    world.switches["heysummit.order"] = "newest"
    assert await ids() == oldest[::-1]
    world.switches["heysummit.order"] = "shuffled"
    shuffled = await ids()
    assert shuffled not in (oldest, oldest[::-1])
    assert sorted(shuffled) == oldest


async def test_some_accounts_are_served_lists_at_the_top_level_only(client: httpx2.AsyncClient, world: World) -> None:
    world.switches["heysummit.top_level_lists"] = True
    assert (await client.get("events/4711/speakers/")).status_code == 403
    assert (await client.get("speakers/", params={"event": "4712"})).json()["count"] == 0
    world.switches["heysummit.top_level_lists"] = "unfiltered"
    assert (await client.get("speakers/", params={"event": "4712"})).json()["count"] == 1
    assert (await client.get("talks/")).status_code == 403


async def test_switches_rename_fields_and_thin_out_talks(client: httpx2.AsyncClient, world: World) -> None:
    world.switches |= {
        "heysummit.zone_field": "tz",
        "heysummit.talk_date_field": "starts_at",
        "heysummit.inline": False,
    }
    assert (await client.get("events/4711/")).json()["tz"] == "Europe/London"
    talk = (await client.get("events/4711/talks/90210/")).json()
    assert talk["starts_at"] == "2027-07-06T18:00:00"
    assert (talk["speakers"], talk["categories"]) == ([51], [7])
