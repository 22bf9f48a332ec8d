"""Eventtia's stand-in: web hooks, params, places, surveys, conferences, stands, files."""

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
HOOKS: Final = f"{HARBOR}/event_web_hooks"
CONFERENCE: Final = f"{HARBOR}/business_conferences/15001"
HOURS: Final = f"{CONFERENCE}/business_conference_participant_types/15101/unavailable_hours"
HOOK: Final = {"target_url": "https://hooks.example/new", "trigger": "attendee_updated"}


_SEASON: Final = EventtiaStandIn(World(clock=Clock(NOW))).default_season(random.Random(7))
# Only what these tests look at, for each of them loads it anew.
_SEASON["events"] = [row for row in _SEASON["events"] if row["event_uri"] in {"harbor-design-days", "loft-sessions"}]


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOW), limits=False)


@pytest.fixture
def stand_in(world: World) -> EventtiaStandIn:
    made = EventtiaStandIn(world)
    made.load(_SEASON)
    return made


@pytest.fixture
async def client(stand_in: EventtiaStandIn) -> AsyncIterator[httpx2.AsyncClient]:
    async with logged_in(stand_in) as client:
        yield client


async def ids(client: httpx2.AsyncClient, path: str, **query: str) -> list[str]:
    return [row["id"] for row in (await client.get(path, params=query)).json()["data"]]


async def test_hooks_of_the_account_have_no_event_and_the_list_can_be_narrowed(client: httpx2.AsyncClient) -> None:
    rows = (await client.get("/web_hooks")).json()["data"]
    assert [row["relationships"]["event"]["data"] for row in rows] == [{"id": "90211", "type": "events"}, None]
    assert await ids(client, "/web_hooks", event_uri="harbor-design-days") == ["11951"]
    assert await ids(client, "/web_hooks", event_uri="loft-sessions") == []
    assert await ids(client, "/events/loft-sessions/event_web_hooks") == ["11951", "11952"]


async def test_a_hook_is_made_once_for_each_scope_address_and_trigger(
    client: httpx2.AsyncClient, stand_in: EventtiaStandIn
) -> None:
    answer = await client.post(HOOKS, json=HOOK)
    assert answer.status_code == 201
    assert answer.json()["data"]["attributes"] == {**HOOK, "created_at": "2026-04-07T12:00:00.000+02:00"}
    assert answer.json()["data"]["relationships"] == {"event": {"data": {"id": "90211", "type": "events"}}}
    assert (await client.post(HOOKS, json=HOOK)).status_code == 422
    assert (await client.post(HOOKS, json={**HOOK, "trigger": "attendee_created"})).status_code == 201
    account = f"/accounts/{stand_in.account_key()}/web_hooks"
    answer = await client.post(account, json=HOOK)
    assert (answer.status_code, answer.json()["data"]["relationships"]) == (201, {"event": {"data": None}})
    assert (await client.post("/accounts/another/web_hooks", json=HOOK)).status_code == 404


@pytest.mark.parametrize("change", [{"target_url": ""}, {"trigger": None}, {"target_url": "ftp://a"}, {"trigger": 3}])
async def test_a_hook_needs_an_address_and_a_trigger(client: httpx2.AsyncClient, change: dict[str, Any]) -> None:
    answer = await client.post(HOOKS, json={**HOOK, **change})
    assert (answer.status_code, list(answer.json()["message"])) == (422, list(change))


async def test_hooks_may_be_disabled(client: httpx2.AsyncClient, world: World) -> None:
    world.switches["eventtia.hooks_disabled"] = True
    assert (await client.post(HOOKS, json=HOOK)).status_code == 422


async def test_a_hook_is_removed_by_query_or_body_and_without_a_trigger_all_of_that_address_are(
    client: httpx2.AsyncClient, stand_in: EventtiaStandIn
) -> None:
    for trigger in ("attendee_created", "attendee_updated", "other"):
        await client.post(HOOKS, json={**HOOK, "trigger": trigger})
    answer = await client.delete(HOOKS, params=HOOK)
    assert (answer.status_code, answer.text) == (200, "null")
    assert (await client.delete(HOOKS, params=HOOK)).status_code == 404
    assert len(await ids(client, "/web_hooks")) == 4
    answer = await client.request("DELETE", HOOKS, json={"target_url": HOOK["target_url"]})
    assert answer.status_code == 200
    assert await ids(client, "/web_hooks") == ["11951", "11952"]
    account = f"/accounts/{stand_in.account_key()}/web_hooks"
    # One scope's hook is not removed through the other's path.
    assert (await client.delete(account, params={"target_url": "https://hooks.example/e/7c1f"})).status_code == 404
    assert (await client.delete(account, params={"target_url": "https://hooks.example/a/19d2"})).status_code == 200
    assert await ids(client, "/web_hooks") == ["11951"]


async def test_a_param_is_read_in_every_possible_shape(client: httpx2.AsyncClient, world: World) -> None:
    path, value = f"{HARBOR}/event_params/aux_json_data", [{"hall": "A"}]
    resource = (await client.get(path)).json()["data"]
    assert (resource["type"], resource["attributes"]) == (
        "event_params",
        {"name": "aux_json_data", "param_value": value},
    )
    world.switches["eventtia.param_answer"] = "object"
    assert (await client.get(path)).json() == {"param_value": value}
    world.switches["eventtia.param_answer"] = "bare"
    assert (await client.get(path)).json() == value


async def test_only_the_param_for_any_json_can_be_written(client: httpx2.AsyncClient) -> None:
    path = "/events/loft-sessions/event_params"
    assert (await client.get(f"{path}/aux_json_data")).status_code == 404
    for value in ({"a": [1]}, None, "text"):
        assert (await client.patch(f"{path}/aux_json_data", json={"param_value": value})).status_code == 200
        read = (await client.get(f"{path}/aux_json_data")).json()["data"]["attributes"]["param_value"]
        assert read == value
    assert (await client.patch(f"{path}/aux_json_data", json={})).status_code == 422
    assert (await client.patch(f"{path}/pay_u_api_key", json={"param_value": "x"})).status_code == 403
    assert (await client.get(f"{HARBOR}/event_params/pay_u_api_key")).json()["data"]["attributes"]["param_value"]


async def test_countries_fill_about_ten_pages_and_cannot_be_searched(client: httpx2.AsyncClient) -> None:
    body = (await client.get("/countries", params={"name": "Spain"})).json()
    assert len(body["data"]) == 24
    assert body["meta"]["total_pages"] in {8, 9, 10}
    assert await ids(client, "/countries/3/regions") == ["31", "32"]
    assert await ids(client, "/countries/3/regions/31/cities") == ["40102", "40103"]


async def test_the_questions_of_a_survey_come_when_asked_for(client: httpx2.AsyncClient) -> None:
    body = (await client.get(f"{HARBOR}/surveys", params={"include": "custom_fields"})).json()
    assert [row["id"] for row in body["data"][0]["relationships"]["custom_fields"]["data"]] == ["514", "515", "516"]
    assert [row["type"] for row in body["included"]] == ["custom_fields"] * 3
    answers = (await client.get(f"{HARBOR}/surveys/10051/survey_answers")).json()["data"]
    assert answers[0]["attributes"]["values"] == {"514": 4, "515": "Loved the lab", "516": ["Talks", "Food"]}


async def test_answers_are_taken_under_their_name_or_bare(client: httpx2.AsyncClient) -> None:
    path = f"{HARBOR}/surveys/10051/answers"
    answer = await client.post(path, json={"answers": {"514": "Yes"}, "survey_type": "attendee"})
    assert (answer.status_code, answer.json()["data"]["attributes"]["answered"]) == (201, True)
    assert set(answer.json()["data"]["relationships"]) == {"custom_fields", "event_file_category", "event_files"}
    assert (await client.post(path, params={"survey_type": "attendee"}, json={"515": "No"})).status_code == 201
    refused: tuple[dict[str, Any], ...] = (
        {}, {"answers": []}, {"answers": {"9": "x"}}, {"answers": {"514": 1}, "survey_type": "x"},
    )  # fmt: skip
    for wrong in refused:
        assert (await client.post(path, json=wrong)).status_code == 422
    assert len(await ids(client, f"{HARBOR}/surveys/10051/survey_answers")) == 4
    assert (await client.post(f"{HARBOR}/surveys/9/answers", json={"514": 1})).status_code == 404


async def test_a_conference_counts_its_meetings_and_brings_its_participant_types(client: httpx2.AsyncClient) -> None:
    body = (await client.get(f"{HARBOR}/business_conferences")).json()
    seen = body["data"][0]["attributes"]
    counts = [seen[f"total_{word}_meetings"] for word in ("accepted", "requested", "rejected")]
    assert (counts, seen["event_id"]) == ([1, 1, 1], 90211)
    assert [row["id"] for row in body["included"]] == ["15101", "15102"]
    assert await ids(client, f"{HARBOR}/business_conferences", updated_since="2026-04-08") == []
    kinds = (await client.get(f"{CONFERENCE}/business_conference_participant_types")).json()
    assert {row["type"] for row in kinds["included"]} == {"attendee_types", "attendee_type_custom_fields"}
    vip = (await client.get(f"{HARBOR}/attendee_types")).json()["data"][1]
    assert vip["relationships"]["business_conference_participant_type"]["data"]["id"] == "15101"


async def test_participants_are_filtered_by_type_and_bring_their_attendees(client: httpx2.AsyncClient) -> None:
    path = f"{CONFERENCE}/business_conference_participants"
    assert await ids(client, path) == ["15301", "15302", "15303"]
    assert await ids(client, path, participant_type_id="15102") == ["15303"]
    body = (await client.get(path)).json()
    assert {row["type"] for row in body["included"]} == {"attendees", "attendee_type_custom_fields"}
    attendee = body["data"][0]["attributes"]["attendee_id"]
    read = (await client.get(f"{HARBOR}/attendees/{attendee}")).json()["data"]["relationships"]
    assert read["business_conference_participants"]["data"] == [
        {"id": "15301", "type": "business_conference_participants"}
    ]


async def test_an_agenda_holds_the_participants_meetings_slots_and_the_words_for_statuses(
    client: httpx2.AsyncClient,
) -> None:
    body = (await client.get(f"{CONFERENCE}/business_conference_participants/15301/agenda")).json()
    assert [row["id"] for row in body["data"]] == ["15401", "15403"]
    assert body["meta"]["meeting_statuses"] == {"requested": 1, "accepted": 2, "rejected": 3, "expired": 4}
    assert len(body["meta"]["agenda"]) == 4
    blocked = body["meta"]["blocked_slots"]
    assert len(blocked) == 2
    assert set(blocked) < set(body["meta"]["agenda"])


async def test_blocked_hours_are_written_from_body_or_query_and_answer_themselves_when_removed(
    client: httpx2.AsyncClient,
) -> None:
    times = {"start_date": "11/05/2026 - 15:00", "end_date": "11/05/2026 - 15:30"}
    made = (await client.post(HOURS, json=times)).json()["data"]
    assert made["attributes"]["start_date"] == "2026-05-11T15:00:00.000+02:00"
    assert (await client.post(HOURS, params=times)).status_code == 200
    changed = await client.put(f"{HOURS}/{made['id']}", json={"end_date": "11/05/2026 - 16:00:00"})
    assert changed.json()["data"]["attributes"]["end_date"] == "2026-05-11T16:00:00.000+02:00"
    gone = await client.delete(f"{HOURS}/{made['id']}")
    assert (gone.status_code, gone.json()) == (200, changed.json())
    assert (await client.delete(f"{HOURS}/{made['id']}")).status_code == 404
    for wrong in ({}, {**times, "start_date": "2026-05-11 15:00"}, {**times, "end_date": times["start_date"]}):
        assert (await client.post(HOURS, json=wrong)).status_code == 422


async def test_stands_are_the_public_ones_filtered_by_name_zone_and_category(client: httpx2.AsyncClient) -> None:
    path = f"{HARBOR}/stand_reservations"
    assert await ids(client, path) == ["2701", "2702"]
    assert await ids(client, path, company_name="faro") == ["2701"]
    assert await ids(client, path, zone="2602") == ["2702"]
    assert await ids(client, path, category="2501") == ["2701"]
    included = (await client.get(path)).json()["included"]
    assert [(row["type"], row["id"]) for row in included] == [
        ("zones", "2601"), ("stand_categories", "2501"), ("zones", "2602"),
    ]  # fmt: skip


async def test_a_file_is_uploaded_as_a_form(client: httpx2.AsyncClient) -> None:
    path = f"{HARBOR}/event_file_categories/1201/event_files"
    upload = {"event_file[event_file]": ("map.png", b"\x89PNG", "image/png")}
    answer = await client.post(path, data={"event_file[name]": "Map", "event_file[description]": "North"}, files=upload)
    assert answer.status_code == 201
    seen = answer.json()["data"]["attributes"]
    assert (seen["name"], seen["description"], seen["is_image"]) == ("Map", "North", True)
    assert seen["event_file"].endswith("/map.png")
    assert len(await ids(client, path)) == 2
    assert (await client.post(path, data={"event_file[name]": "Map"})).status_code == 422
    assert (await client.post(path, files=upload)).status_code == 422
    assert (await client.post(path, json={"event_file[name]": "Map"})).status_code == 422
    assert (await client.get(f"{HARBOR}/event_file_categories/9/event_files")).status_code == 404
