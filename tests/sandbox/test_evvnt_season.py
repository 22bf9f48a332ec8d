"""evvnt's stand-in: its season, and where the sandbox mounts it."""

import random
from typing import Any

import httpx2
import pytest

from eventdesk_server.sandbox.evvnt import EvvntStandIn
from eventdesk_server.sandbox.world import Sandbox
from tests.sandbox.evvnt_desk import NEW, NOW, USER, Desk, StockedDesk, package

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("season", "message"),
    [
        ({"evnets": []}, "season: unknown key 'evnets'"),
        ({"events": {}}, "events: must be a list"),
        ({"events": [5]}, "events[0]: must be an object"),
        ({"users": [{"uuid": "u", "name": "N"}]}, "users[0].email: missing"),
        ({"users": [{"uuid": "u", "name": "N", "email": 5}]}, "users[0].email: 5 does not fit"),
        ({"users": [{"uuid": USER, "name": "N", "email": "e"}]}, f"users[0].uuid: {USER!r} is there already"),
        ({"packages": [package("p", "publisher")]}, "packages[0].owner: 'publisher' does not fit"),
        ({"packages": [package("p", "organiser", user_id=USER)]}, "packages[0].user_id: not a user of the partner"),
        ({"published_events": [{"publisher_id": 1, "event_id": 5}]}, "published_events[0].event_id: no such event"),
        ({"categories": [{"id": 1, "parent_id": "x", "name": "N"}]}, "categories[0].parent_id: 'x' does not fit"),
        ({"contract": [{"id": 1}]}, "contract[0].type: missing"),
        (
            {"events": [{**NEW, "id": 5, "owner": "feed", "timestamp": "2027-01-01"}]},
            "events[0].timestamp: '2027-01-01' does not fit",
        ),
        (
            {"events": [{**NEW, "id": 5, "owner": "feed", "timestamp": "2027-01-01T00:00:00Z", "category_id": 7777}]},
            "events[0].category_id: no such category",
        ),
        ({"events": [{"id": "x5"}]}, "events[0].id: 'x5' does not fit"),
        ({"events": [{"id": 5, "venue": 5, "colour": 1}]}, "events[0]: unknown key 'colour'"),
    ],
)
def test_a_wrong_season_is_refused_by_its_path_and_leaves_nothing(season: dict[str, Any], message: str) -> None:
    desk = StockedDesk()
    with pytest.raises(ValueError, match=r".") as raised:
        desk.standin.load({"publishers": [{"id": 999, "name": "New"}], **season})
    assert str(raised.value) == message
    assert desk.world.store.row("select 1 from evvnt_publishers where id = 999") is None


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
