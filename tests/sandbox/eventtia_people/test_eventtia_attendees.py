"""Eventtia's stand-in: attendee types, attendees and their filters."""

from datetime import timedelta

import httpx2
import pytest

from eventdesk_server.sandbox.core import World
from tests.sandbox.eventtia_people.people import ATTENDEES, HARBOR, register, total

pytestmark = pytest.mark.anyio


async def test_an_unlimited_type_has_no_capacity_and_no_availability(client: httpx2.AsyncClient, world: World) -> None:
    general, vip = [row["attributes"] for row in (await client.get(f"{HARBOR}/attendee_types")).json()["data"]]
    used = await total(client, email="")
    assert (general["capacity"], general["availability"]) == (None, 0)
    stats = (await client.get(f"{HARBOR}/tickets-stats")).json()
    assert (vip["capacity"], vip["availability"]) == (40, 40 - stats[1]["used_seats"])
    assert used == 61
    world.switches["eventtia.unlimited_types"] = True
    vip = (await client.get(f"{HARBOR}/attendee_types")).json()["data"][1]["attributes"]
    assert (vip["capacity"], vip["availability"]) == (None, 0)


async def test_each_type_has_its_own_fields_and_a_person_is_found_under_them(client: httpx2.AsyncClient) -> None:
    types = (await client.get(f"{HARBOR}/attendee_types")).json()
    assert [field["attributes"]["name"] for field in types["included"] if field["id"].startswith("8801")] == [
        "first_name", "last_name", "email", "company", "telephone", "city_id", "job_title", "picture", "alternative_email",
        "birthdate", "timezone", "Diet",
    ]  # fmt: skip
    rows = (await client.get(ATTENDEES)).json()["data"]
    kinds = {row["relationships"]["attendee_type"]["data"]["id"]: row["attributes"]["fields"] for row in rows}
    assert sorted(kinds["51001"]) == [str(key) for key in range(880101, 880113)]
    assert sorted(kinds["51002"]) == [str(key) for key in range(880201, 880213)]
    assert "@" in kinds["51002"]["880203"]
    assert rows[0]["attributes"].keys().isdisjoint({"email", "first_name"})


async def test_rejected_and_cancelled_attendees_come_only_when_asked_for(client: httpx2.AsyncClient) -> None:
    assert await total(client) == 61
    assert await total(client, include_rejected="true") == 63
    assert await total(client, include_archived="true") == 67
    assert await total(client, include_archived="false") == 61
    rows = (await client.get(ATTENDEES, params={"include_archived": "true", "page[number]": "3"})).json()["data"]
    assert [row["attributes"]["status"] for row in rows[-6:]] == ["rejected"] * 2 + ["cancelled"] * 3 + ["archived"]
    confirmed = await total(client, only_confirmed="true")
    assert 0 < confirmed < 61


async def test_the_filter_by_email_finds_parts_in_any_case(client: httpx2.AsyncClient) -> None:
    await register(client)
    await register(client, email="anteo@marsh.example")
    assert await total(client, email="TEO@marsh.example") == 2
    assert await total(client, email="teo%") == 0
    assert await total(client, first_name="te", last_name="MARSH", company="ltd") == 2


async def test_times_of_attendees_are_filtered_strictly_after(client: httpx2.AsyncClient) -> None:
    await register(client)
    assert await total(client, created_date_time="2026-04-07T09:59:59") == 1
    assert await total(client, created_date_time="2026-04-07T10:00:00") == 0
    assert await total(client, updated_date_time="2026-04-07T09:59:59") == 1
    assert (await client.get(ATTENDEES, params={"created_date_time": "yesterday"})).status_code == 400


async def test_without_a_token_only_the_public_fields_are_shown(client: httpx2.AsyncClient, world: World) -> None:
    token = client.headers.pop("Authorization")
    first = (await client.get(ATTENDEES)).json()["data"][0]["attributes"]
    assert sorted(first["fields"]) == ["880101", "880102", "880104"]
    assert "@" not in first["qr_code"]
    client.headers["Authorization"] = token
    world.clock.advance(timedelta(days=31))
    assert (await client.get(ATTENDEES)).status_code == 401
    world.switches["eventtia.stale_token_is_public"] = True
    assert sorted((await client.get(ATTENDEES)).json()["data"][0]["attributes"]["fields"]) == [
        "880101",
        "880102",
        "880104",
    ]
    world.switches["eventtia.public_attendees"] = False
    assert (await client.get(ATTENDEES)).status_code == 401


async def test_types_and_fields_of_attendees_come_when_asked_for(client: httpx2.AsyncClient) -> None:
    plain = (await client.get(ATTENDEES)).json()
    assert "included" not in plain
    assert plain["data"][0]["relationships"]["attendee_type_custom_fields"] == {"data": []}
    asked = {"include": "attendee_type.attendee_type_custom_fields,attendee_type_custom_fields"}
    for path in (ATTENDEES, f"{ATTENDEES}/600001"):
        body = (await client.get(path, params=asked)).json()
        assert {row["type"] for row in body["included"]} == {"attendee_types", "attendee_type_custom_fields"}
    assert len(body["data"]["relationships"]["attendee_type_custom_fields"]["data"]) == 12


async def test_attendees_may_lack_a_type_and_have_fields_without_a_definition(
    client: httpx2.AsyncClient, world: World
) -> None:
    world.switches |= {"eventtia.untyped_attendees": True, "eventtia.unknown_fields": True}
    row = (await client.get(ATTENDEES)).json()["data"][0]
    assert row["relationships"]["attendee_type"] == {"data": None}
    types = (await client.get(f"{HARBOR}/attendee_types")).json()["included"]
    assert len(row["attributes"]["fields"].keys() - {field["id"] for field in types}) == 1


async def test_an_attendee_is_found_by_the_whole_address_only(client: httpx2.AsyncClient, world: World) -> None:
    await register(client, email="teo+vip@marsh.example")
    path = f"{ATTENDEES}/by_email"
    body = (await client.get(path, params={"email": "TEO+vip@marsh.example"})).json()
    assert body["data"]["attributes"]["fields"]["880103"] == "teo+vip@marsh.example"
    # A plus that is not encoded is a space.
    assert (await client.get(f"{path}?email=teo+vip@marsh.example")).status_code == 404
    assert (await client.get(path, params={"email": "vip@marsh.example"})).status_code == 404
    assert (await client.get(path)).status_code == 404
    world.switches["eventtia.by_email_miss"] = "null"
    assert (await client.get(path, params={"email": "x"})).json() == {"data": None}
