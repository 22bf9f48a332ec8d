"""Eventtia's stand-in: events, cloning, activities."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import httpx2
import pytest

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.eventtia import EventtiaStandIn
from tests.sandbox.eventtia_desk import logged_in

pytestmark = pytest.mark.anyio
NOW: Final = datetime(2026, 4, 7, 10, 0, tzinfo=UTC)
HARBOR: Final = "/events/harbor-design-days"
NEW: Final[dict[str, Any]] = {
    "name": "Quay Day",
    "start_date": "05/06/2026 - 09:00:00",
    "end_date": "05/06/2026 - 18:00:00",
}
FLAGS: Final = (
    "clone_zones", "clone_speakers", "clone_workshops", "clone_pois", "clone_attendee_types", "clone_business_conference",
    "clone_event_page",
)  # fmt: skip


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOW), limits=False)


_SHARED: Final = EventtiaStandIn(World(clock=Clock(NOW), limits=False))
_SEASON: Final = _SHARED.default_season(random.Random(7))
_SHARED.load(_SEASON)


@pytest.fixture
async def reader() -> AsyncIterator[httpx2.AsyncClient]:
    """For tests that change nothing: their events are made once."""
    async with logged_in(_SHARED) as client:
        yield client


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    stand_in = EventtiaStandIn(world)
    stand_in.load(_SEASON)
    async with logged_in(stand_in) as client:
        yield client


async def names(client: httpx2.AsyncClient, path: str = "/events", **query: str) -> list[str]:
    return [row["attributes"]["name"] for row in (await client.get(path, params=query)).json()["data"]]


async def test_the_list_holds_inactive_events_and_templates_too(client: httpx2.AsyncClient) -> None:
    found = await names(client)
    assert {"Winter Chess Cup", "Conference template", "Harbor Design Days"} <= set(found)
    assert await names(client, templates="true") == ["Conference template"]


async def test_events_are_found_by_part_of_the_name_in_any_case(client: httpx2.AsyncClient) -> None:
    assert await names(client, name="FOUNDERS") == ["Founders' Breakfast"] * 2
    assert await names(client, name="デザイン") == ["東京デザインの夜"]
    assert await names(client, name="%") == []


async def test_events_are_filtered_by_place_source_change_and_field(client: httpx2.AsyncClient, world: World) -> None:
    assert await names(client, city_id="40601") == ["Patan Storytelling Walk"]
    assert await names(client, country_id="6") == ["東京デザインの夜"]
    assert await names(client, template="90101") == ["Autumn Summit"]
    assert await names(client, **{"search_custom_fields[7001]": "Design"}) == ["Harbor Design Days"]
    both = {"search_custom_fields[7001][]": ["Design", "Business"]}
    body = (await client.get("/events", params=both)).json()
    assert [row["id"] for row in body["data"]] == ["90211", "90213"]
    await client.put(HARBOR, json={"description": "Now"})
    assert await names(client, updated_since="2026-04-07T12:00:00+02:00") == ["Harbor Design Days"]
    assert await names(client, updated_since="2026-04-07") == ["Harbor Design Days"]
    assert "Open Studio" in await names(client, updated_since="2026")
    assert (await client.get("/events", params={"updated_since": "07/04/2026"})).status_code == 400


async def test_slim_events_are_filtered_by_start(client: httpx2.AsyncClient) -> None:
    bounds = {"start_date_lower_bound": "2026-05-11T07:00:00Z", "start_date_upper_bound": "2026-05-11T07:00:00Z"}
    assert await names(client, "/events/slim", **bounds) == ["Founders' Breakfast", "Harbor Design Days"]
    rows = (await client.get("/events/slim", params=bounds)).json()["data"]
    assert "event_uri" not in rows[1]["attributes"]
    assert rows[1]["attributes"]["custom_fields_data"] == {"7001": "Design"}


async def test_a_new_event_is_answered_with_200_its_key_in_meta_and_the_accounts_zone(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.post("/events", json=NEW)
    assert answer.status_code == 200
    event = answer.json()["data"]["attributes"]
    assert event["event_uri"] == "quay-day"
    assert (event["timezone"], event["start_date"]) == ("Europe/Madrid", "2026-06-05T07:00:00.000Z")
    assert (event["active"], event["default_language"], event["attendance_mode"]) == (True, "en", "offline")
    read = (await client.get("/events/quay-day")).json()["data"]["attributes"]
    assert answer.json()["meta"] == {"api_key": read["api_key"]}
    assert read["total_attendees"] == 0


async def test_the_wall_clock_of_an_online_event_is_that_of_its_virtual_zone(
    client: httpx2.AsyncClient, world: World
) -> None:
    online = {**NEW, "is_virtual": True, "virtual_timezone": "Asia/Kathmandu"}
    event = (await client.post("/events", json=online)).json()["data"]["attributes"]
    assert event["start_date"] == "2026-06-05T03:15:00.000Z"
    assert event["attendance_mode"] == "online"
    offline = {**NEW, "virtual_timezone": "Asia/Kathmandu"}
    event = (await client.post("/events", json=offline)).json()["data"]["attributes"]
    assert event["start_date"] == "2026-06-05T07:00:00.000Z"
    world.switches["eventtia.zone_from_virtual"] = True
    event = (await client.post("/events", json=offline)).json()["data"]["attributes"]
    assert event["start_date"] == "2026-06-05T03:15:00.000Z"


async def test_the_day_comes_first_and_seconds_may_be_missing(client: httpx2.AsyncClient) -> None:
    event = (await client.put(HARBOR, json={"start_date": "03/05/2026 - 09:30"})).json()["data"]["attributes"]
    assert event["start_date"] == "2026-05-03T07:30:00.000Z"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"), ({"name": None}, "name"), ({"start_date": None}, "start_date"),
        ({"start_date": "2026-06-05T09:00:00"}, "start_date"), ({"start_date": "2026-06-05 09:00"}, "start_date"),
        ({"start_date": "05/13/2026 - 09:00:00"}, "start_date"), ({"start_date": "5/6/2026 - 09:00"}, "start_date"),
        ({"end_date": "04/06/2026 - 09:00:00"}, "end_date"), ({"event_uri": "a b"}, "event_uri"),
        ({"event_uri": "harbor-design-days"}, "event_uri"), ({"default_language": "it"}, "default_language"),
        ({"virtual_timezone": "Mars/Base"}, "virtual_timezone"), ({"virtual_timezone": [1]}, "virtual_timezone"),
        ({"is_virtual": "perhaps"}, "is_virtual"), ({"custom_fields_data": "7001"}, "custom_fields_data"),
    ],
)  # fmt: skip
async def test_a_new_event_with_a_wrong_field_is_422_and_names_it(
    reader: httpx2.AsyncClient, change: dict[str, Any], field: str
) -> None:
    answer = await reader.post("/events", json={**NEW, **change})
    assert answer.status_code == 422
    assert list(answer.json()["message"]) == [field]


async def test_a_body_wrapped_as_json_api_counts_as_empty(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/events", json={"data": {"type": "events", "attributes": NEW}})
    assert answer.status_code == 422
    assert set(answer.json()["message"]) == {"name", "start_date", "end_date"}


async def test_an_update_changes_only_what_was_sent_and_moves_the_event_with_its_uri(
    client: httpx2.AsyncClient,
) -> None:
    before = (await client.get(HARBOR)).json()["data"]["attributes"]
    answer = await client.put(
        HARBOR, json={"event_uri": "harbour", "active": False, "custom_fields_data": {"7002": "x"}}
    )
    assert set(answer.json()) == {"data"}
    assert (await client.get(HARBOR)).status_code == 404
    after = (await client.get("/events/harbour")).json()["data"]["attributes"]
    assert {name for name in after if after[name] != before[name]} == {
        "event_uri",
        "active",
        "fields",
        "updated_at",
        "website",
    }
    assert after["fields"] == {"7001": "Design", "7002": "x"}


async def test_a_refused_update_changes_nothing(client: httpx2.AsyncClient) -> None:
    before = (await client.get(HARBOR)).json()
    assert (await client.put(HARBOR, json={"name": "Other", "end_date": "01/01/2020 - 09:00"})).status_code == 422
    assert (await client.get(HARBOR)).json() == before


async def test_a_name_without_ascii_letters_still_gets_an_address_and_a_taken_one_a_number(
    client: httpx2.AsyncClient,
) -> None:
    first = (await client.post("/events", json={**NEW, "name": "音楽の夜"})).json()["data"]
    assert first["attributes"]["event_uri"] == f"event-{first['id']}"
    again = (await client.post("/events", json={**NEW, "name": "Loft Sessions"})).json()["data"]
    assert again["attributes"]["event_uri"] == "loft-sessions-2"


async def test_ticket_stats_are_a_bare_array_with_the_sign_for_infinity(client: httpx2.AsyncClient) -> None:
    general, vip = (await client.get(f"{HARBOR}/tickets-stats")).json()
    assert (general["name"], general["seats_limit"]) == ("General", "∞")
    assert (vip["name"], vip["seats_limit"]) == ("VIP", 40)
    assert general["used_seats"] + vip["used_seats"] == 61


async def test_a_clone_answers_null_and_is_there_after_two_looks_at_its_progress(client: httpx2.AsyncClient) -> None:
    answer = await client.post(f"{HARBOR}/clone", params=dict.fromkeys(FLAGS, "true"))
    assert (answer.status_code, answer.text) == (200, "null")
    looks = [(await client.get(f"{HARBOR}/clone-progress")).json()["finished"] for _ in range(2)]
    assert (looks, await names(client, template="90211")) == ([False, False], [])
    assert (await client.get(f"{HARBOR}/clone-progress")).json() == {"finished": True}
    row = (await client.get("/events", params={"template": "90211"})).json()["data"][0]
    assert row["attributes"]["event_uri"] == "harbor-design-days-copy-1"
    copy = (await client.get("/events/harbor-design-days-copy-1")).json()["data"]["attributes"]
    source = (await client.get(HARBOR)).json()["data"]["attributes"]
    assert (copy["cloned_from_id"], copy["total_attendees"], copy["active"]) == (90211, 0, True)
    assert copy["api_key"] != source["api_key"]
    for name in ("name", "start_date", "end_date", "timezone", "description"):
        assert copy[name] == source[name]


async def test_a_clone_takes_the_parts_that_its_flags_name_under_new_ids(
    client: httpx2.AsyncClient, world: World
) -> None:
    world.switches["eventtia.clone_polls"] = 0
    copy = "/events/harbor-design-days-copy-1"
    await client.post(f"{HARBOR}/clone", params=dict.fromkeys(FLAGS, "true"))
    await client.get(f"{HARBOR}/clone-progress")
    types = (await client.get(f"{copy}/attendee_types")).json()
    assert [row["attributes"]["name"] for row in types["data"]] == ["General", "VIP"]
    assert len(types["included"]) == 24
    assert {row["id"] for row in types["data"]}.isdisjoint({"51001", "51002"})
    lab = next(
        row for row in (await client.get(f"{copy}/workshops")).json()["data"]
        if row["attributes"]["name"] == "Prototyping Lab"
    )  # fmt: skip
    assert lab["attributes"]["used_seats"] == 0
    assert set(lab["attributes"]["price"]) == {row["id"] for row in types["data"]}
    speakers = [row["id"] for row in (await client.get(f"{copy}/speakers")).json()["data"]]
    assert lab["relationships"]["speakers"]["data"] == [{"id": speakers[0], "type": "speakers"}]
    assert (await client.get(f"{copy}/business_conferences")).json()["included"][0]["type"] == (
        "business_conference_participant_types"
    )
    await client.post(f"{HARBOR}/clone", params={"clone_zones": "true"})
    await client.get(f"{HARBOR}/clone-progress")
    bare = "/events/harbor-design-days-copy-2"
    assert await names(client, f"{bare}/zones") == ["North hall", "South hall"]
    for part in ("attendee_types", "workshops", "speakers", "pois", "business_conferences"):
        assert (await client.get(f"{bare}/{part}")).json()["data"] == []
    assert (await client.get(bare)).json()["data"]["attributes"]["description"] == ""


async def test_a_clone_may_never_finish_and_an_unknown_source_is_404(client: httpx2.AsyncClient, world: World) -> None:
    world.switches["eventtia.clone_stuck"] = True
    await client.post(f"{HARBOR}/clone")
    for _ in range(5):
        assert (await client.get(f"{HARBOR}/clone-progress")).json() == {"finished": False}
    for answer in (await client.post("/events/nope/clone"), await client.get("/events/nope/clone-progress")):
        assert (answer.status_code, answer.json()) == (404, {"message": "ActiveRecord::RecordNotFound"})


async def test_a_source_that_is_no_template_may_not_list_its_copies(client: httpx2.AsyncClient, world: World) -> None:
    world.switches |= {"eventtia.clone_polls": 0, "eventtia.template_lists_templates_only": True}
    await client.post(f"{HARBOR}/clone")
    await client.get(f"{HARBOR}/clone-progress")
    assert await names(client, template="90211") == []
    assert await names(client, template="90101") == ["Autumn Summit"]


async def test_activities_are_filtered_by_name_day_change_and_the_mere_presence_of_in_the_future(
    client: httpx2.AsyncClient, world: World
) -> None:
    path = f"{HARBOR}/workshops"
    assert await names(client, path) == ["Opening talk", "Prototyping Lab", "Boat tour", "Portfolio hour"]
    assert await names(client, path, name="LAB") == ["Prototyping Lab"]
    assert await names(client, path, date="2026-05-12") == ["Boat tour"]
    assert await names(client, path, date="12/05/2026") == ["Boat tour"]
    assert (await client.get(path, params={"date": "soon"})).status_code == 400
    loft = "/events/loft-sessions/workshops"
    world.clock.pinned = datetime(2026, 4, 11, 0, 0, tzinfo=UTC)
    assert await names(client, loft) == ["Loft Sessions: first set", "Loft Sessions: second set"]
    assert await names(client, loft, in_the_future="false") == ["Loft Sessions: second set"]
    await client.put(f"{path}/73003", json={"location": "Quay"})
    assert await names(client, path, updated_date_time="2026-04-10T23:59:59") == ["Boat tour"]
    assert await names(client, path, updated_date_time="2026-04-11T00:00:00") == []


async def test_an_activitys_availability_is_its_limit_and_prices_mix_text_and_number(
    client: httpx2.AsyncClient, world: World
) -> None:
    lab = (await client.get(f"{HARBOR}/workshops/73001")).json()["data"]["attributes"]
    assert (lab["availability"], lab["used_seats"]) == (30, 12)
    assert lab["price"] == {"51001": "0", "51002": 15}
    world.switches["eventtia.price_as"] = "number"
    assert (await client.get(f"{HARBOR}/workshops/73001")).json()["data"]["attributes"]["price"] == {
        "51001": 0.0,
        "51002": 15,
    }
    world.switches["eventtia.price_as"] = "text"
    assert (await client.get(f"{HARBOR}/workshops/73001")).json()["data"]["attributes"]["price"] == {
        "51001": "0",
        "51002": "15",
    }
    types = (await client.get(f"{HARBOR}/attendee_types")).json()["data"]
    assert types[1]["attributes"]["price"] == "120.0"


async def test_speakers_and_categories_of_activities_come_when_asked_for(client: httpx2.AsyncClient) -> None:
    assert "included" not in (await client.get(f"{HARBOR}/workshops")).json()
    both = (await client.get(f"{HARBOR}/workshops", params={"include": "speakers,workshop_categories,nonsense"})).json()
    assert [(row["type"], row["id"]) for row in both["included"]] == [
        ("workshop_categories", "3302"), ("workshop_categories", "3301"), ("speakers", "6101"), ("speakers", "6102"),
    ]  # fmt: skip
    for name in ("workshops.workshop_categories", "activities.workshop_categories"):
        body = (await client.get(f"{HARBOR}/speakers", params={"include": name})).json()
        assert [row["type"] for row in body["included"]].count("workshops") == 2
        assert [row["type"] for row in body["included"]].count("workshop_categories") == 2


async def test_a_new_activity_is_answered_with_200_and_can_be_changed(client: httpx2.AsyncClient) -> None:
    body = {
        "name": "Knots", "start_date": "12/05/2026 - 10:00:00", "end_date": "12/05/2026 - 11:00", "availability": 12,
        "price": {"51002": 25}, "show_for_attendee_type": {"51002": "true"}, "streaming_type": "jitsi_oficial",
        "translation_snippet": "<iframe src='x'></iframe>", "allow_blocking_workshops": True,
    }  # fmt: skip
    answer = await client.post(f"{HARBOR}/workshops", json=body)
    assert answer.status_code == 200
    made = answer.json()["data"]
    assert made["attributes"]["start_date"] == "2026-05-12T08:00:00.000Z"
    assert made["attributes"]["price"] == {"51002": 25}
    assert made["attributes"]["translation_snippet"] == "<iframe src='x'></iframe>"
    assert made["attributes"].keys().isdisjoint({"show_for_attendee_type", "allow_blocking_workshops"})
    changed = await client.put(f"{HARBOR}/workshops/{made['id']}", json={"location": "Pier"})
    expected = {**made["attributes"], "location": "Pier"}
    assert (changed.status_code, changed.json()["data"]["attributes"]) == (200, expected)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"streaming_type": "zoom"}, "streaming_type"), ({"streaming_type": "jitsi_official"}, "streaming_type"),
        ({"interactivity_type": "x"}, "interactivity_type"), ({"price": 3}, "price"), ({"availability": -1}, "availability"),
        ({"start_date": "2026-05-12T10:00:00Z"}, "start_date"), ({"streaming_embed_code": "<b>"}, "streaming_embed_code"),
        ({"enable_chat": "?"}, "enable_chat"), ({"name": ["a"]}, "name"),
    ],
)  # fmt: skip
async def test_an_activity_with_a_wrong_field_is_422(
    reader: httpx2.AsyncClient, change: dict[str, Any], field: str
) -> None:
    answer = await reader.put(f"{HARBOR}/workshops/73001", json=change)
    assert answer.status_code == 422
    assert list(answer.json()["message"]) == [field]


async def test_setting_categories_replaces_them(client: httpx2.AsyncClient) -> None:
    path = f"{HARBOR}/workshops/73001/set-categories"
    answer = await client.post(path, params={"categories": "3302"})
    related = answer.json()["data"]["relationships"]["workshop_categories"]["data"]
    assert (answer.status_code, related) == (200, [{"id": "3302", "type": "workshop_categories"}])
    answer = await client.post(path, json={"categories": "3301,3302"})
    assert len(answer.json()["data"]["relationships"]["workshop_categories"]["data"]) == 2
    assert (await client.post(path, params={"categories": "3301,9"})).status_code == 404
    assert (await client.post(path)).status_code == 422
