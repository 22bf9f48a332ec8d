"""The EventHQ stand-in: switches, the season, and what no request provokes."""

import random
from typing import Any
from urllib.parse import quote

import anyio
import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.eventhq import EventHQStandIn
from tests.sandbox.eventhq.desk import NOW, ROOT, TOKEN, connect

pytestmark = pytest.mark.anyio


async def test_switches_reproduce_a_trailing_colon_and_a_failure_with_status_200(
    client: httpx2.AsyncClient, world: World
) -> None:
    world.switches["eventhq.trailing_colon"] = True
    rows = (await client.get(f"events/index/{TOKEN}/limit:1")).json()["events"]
    assert rows[0]["url"].endswith("/event:series-19:")
    world.switches["eventhq.failure_message"] = "Try later"
    answer = await client.get(f"events/index/{TOKEN}")
    assert (answer.status_code, answer.json()) == (200, {"message": "Try later"})


async def test_the_booking_address_leads_to_a_page(client: httpx2.AsyncClient) -> None:
    assert "Book: Sold-Out" in (await client.get(f"{ROOT}/bookings/start/event:sold-out")).text
    assert (await client.get(f"{ROOT}/bookings/start/event:nope")).status_code == 404


async def test_the_demo_season_holds_what_a_demonstration_needs(world: World) -> None:
    standin = EventHQStandIn(world)
    season = standin.default_season(random.Random("a"))
    assert season == standin.default_season(random.Random("a"))
    standin.load(season)
    assert set(standin.tag_ids()) >= {"Surrey", "Ponds"}
    events = season["events"]
    assert len(events) >= 26
    products = [product for event in events for product in event["products"]]
    assert any("&amp;" in event["name"] for event in events)
    assert any("\r\n" in event["summary"] for event in events)
    assert any("\t" in event["summary"] for event in events)
    assert any(event["event_ends"] != event["event_starts"] and event["products"][0]["event_days"] for event in events)
    assert any(product.get("deleted") for product in products)
    assert any(product.get("primary") is False for product in products)
    assert any(len(product["prices"]) == 2 for product in products)


@pytest.mark.parametrize(
    ("season", "path"),
    [
        ({"events": [{"id": "1", "name": "x", "slug": "x"}]}, r"eventhq\.events\.0\.id"),
        ({"events": [{"id": 1, "name": "x", "slug": "x", "event_starts": "12 April"}]},
         r"eventhq\.events\.0\.event_starts"),
        ({"events": [{"id": 1, "name": "x", "slug": "x", "colour": "red"}]}, r"eventhq\.events\.0\.colour"),
        ({"events": [{"id": 1, "name": "x", "slug": "x", "tags": ["y"]}]}, r"eventhq\.events\.0\.tags"),
        ({"events": [{"id": n, "name": "x", "slug": "x"} for n in (1, 2)]}, r"eventhq\.events\.1"),
    ],
)  # fmt: skip
async def test_a_wrong_season_is_refused_whole_and_the_message_names_the_place(
    world: World, season: dict[str, Any], path: str
) -> None:
    standin = EventHQStandIn(world)
    with pytest.raises(ValueError, match=path):
        standin.load(season)
    assert world.store.rows("select * from eventhq_events") == []


VALUE = st.text(max_size=8) | st.sampled_from(
    ["%00", "%0A", "9" * 30, "²", "|", "live:1|", "event_starts >:0000-00-00"]
)
SEGMENTS = st.lists(
    st.tuples(st.sampled_from(["limit", "page", "sort", "direction", "q", "f", "event", "token", "f:year"]), VALUE),
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(action=st.sampled_from(["index", "count", "view"]), segments=SEGMENTS, host=st.sampled_from(["x", "[", "a b"]))
def test_no_request_provokes_a_server_error(action: str, segments: list[tuple[str, str]], host: str) -> None:
    tail = "/".join(quote(f"{key}:{value}", safe=":/") for key, value in segments)

    async def ask() -> None:
        async with connect(World(clock=Clock(NOW))) as client:
            answer = await client.get(f"events/{action}/{TOKEN}/{tail}", headers={"Host": host})
            assert answer.status_code in {200, 400, 401, 404}

    anyio.run(ask)
