"""Eventtia's stand-in: attendee types, attendees, registration, seats, guests, purchases, payments."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2
import pytest

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.eventtia import EventtiaStandIn

pytestmark = pytest.mark.anyio
NOW: Final = datetime(2026, 4, 7, 10, 0, tzinfo=UTC)
HARBOR: Final = "/events/harbor-design-days"
ATTENDEES: Final = f"{HARBOR}/attendees"
TEO: Final[dict[str, Any]] = {
    "attendee_type_id": 51001, "first_name": "Teo", "last_name": "Marsh", "email": "Teo@marsh.example",
    "company": "Marsh Ltd", "telephone": "+447700900123", "job_title": "Lead", "birthdate": "09/03/1990",
    "timezone": "Europe/London", "custom_fields": {"880112": "Vegetarian", "880212": "of another type"},
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOW), limits=False)


# Only what these tests look at, for each of them loads it anew.
_WANTED: Final = {"harbor-design-days", "bread-and-butter", "city-half-marathon"}
_SHARED: Final = EventtiaStandIn(World(clock=Clock(NOW), limits=False))
_SEASON: Final = _SHARED.default_season(random.Random(7))
_SEASON["events"] = [row for row in _SEASON["events"] if row["event_uri"] in _WANTED]
_SHARED.load(_SEASON)


@pytest.fixture
async def reader() -> AsyncIterator[httpx2.AsyncClient]:
    """For tests that change nothing: their events are made once."""
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=_SHARED.app()), base_url="http://desk.example/api/v3"
    ) as client:
        token = (await client.post("/auth", json=_SHARED.credentials())).json()["auth_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    stand_in = EventtiaStandIn(world)
    stand_in.load(_SEASON)
    transport = httpx2.ASGITransport(app=stand_in.app())
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.example/api/v3") as client:
        token = (await client.post("/auth", json=stand_in.credentials())).json()["auth_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


async def register(client: httpx2.AsyncClient, beside: dict[str, Any] | None = None, **change: Any) -> httpx2.Response:
    return await client.post(f"{ATTENDEES}/register", json={"attendee": {**TEO, **change}, **(beside or {})})


async def total(client: httpx2.AsyncClient, path: str = ATTENDEES, **filters: str) -> int:
    return (await client.get(path, params=filters)).json()["meta"]["total_attendees"]


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


async def test_registering_answers_200_the_person_and_the_type(client: httpx2.AsyncClient, world: World) -> None:
    answer = await register(client, {"city_id": 40102, "region_id": 31, "country_id": 3})
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"data", "included"}
    assert [(row["type"], row["id"]) for row in body["included"]] == [("attendee_types", "51001")]
    seen = body["data"]["attributes"]
    assert seen["fields"] == {
        "880101": "Teo", "880102": "Marsh", "880103": "Teo@marsh.example", "880104": "Marsh Ltd", "880105": "+447700900123",
        "880106": 40102, "880107": "Lead", "880108": None, "880109": None, "880110": "1990-03-09", "880111": "Europe/London",
        "880112": "Vegetarian",
    }  # fmt: skip
    assert (seen["status"], seen["paid"], seen["checked_in"]) == ("confirmed", True, False)
    assert seen["qr_code"] == f"{seen['uuid']}|Teo Marsh|Teo@marsh.example|Marsh Ltd - Lead|+447700900123"
    world.switches["eventtia.register_status"] = 201
    assert (await register(client, email="b@marsh.example")).status_code == 201


async def test_a_type_to_confirm_registers_pending_and_one_with_a_price_unpaid(client: httpx2.AsyncClient) -> None:
    body = (await register(client, attendee_type_id=51002)).json()
    assert body["data"]["attributes"]["status"] == "pending"
    assert body["data"]["attributes"]["paid"] is False
    assert body["data"]["attributes"]["fields"]["880212"] == "of another type"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"attendee_type_id": None}, "attendee_type_id"), ({"first_name": ""}, "first_name"), ({"last_name": " "}, "last_name"),
        ({"email": None}, "email"), ({"email": "teo"}, "email"), ({"birthdate": "1990-03-09"}, "birthdate"),
        ({"birthdate": "31/02/1990"}, "birthdate"), ({"custom_fields": []}, "custom_fields"), ({"company": {}}, "company"),
        ({"attendee_type_id": "VIP"}, "attendee_type_id"),
    ],
)  # fmt: skip
async def test_a_registration_with_a_wrong_field_is_422_and_names_it(
    reader: httpx2.AsyncClient, change: dict[str, Any], field: str
) -> None:
    answer = await register(reader, **change)
    assert answer.status_code == 422
    assert list(answer.json()["message"]) == [field]


async def test_a_person_who_is_not_nested_is_not_seen(client: httpx2.AsyncClient) -> None:
    answer = await client.post(f"{ATTENDEES}/register", json=TEO)
    assert answer.status_code == 422
    assert set(answer.json()["message"]) == {"attendee_type_id", "first_name", "last_name", "email"}


async def test_an_address_registers_once_unless_its_registration_was_cancelled(
    client: httpx2.AsyncClient, world: World
) -> None:
    key = (await register(client)).json()["data"]["id"]
    answer = await register(client, email="teo@MARSH.example")
    assert (answer.status_code, answer.json()) == (422, {"message": {"email": ["has already been taken"]}})
    await client.put(f"{ATTENDEES}/{key}/cancel")
    assert (await register(client)).status_code == 200
    world.switches["eventtia.duplicate_emails"] = True
    assert (await register(client)).status_code == 200


async def test_a_full_type_refuses_until_a_seat_is_freed(client: httpx2.AsyncClient) -> None:
    baking = "/events/bread-and-butter"
    kind = (await client.get(f"{baking}/attendee_types")).json()["data"][0]
    assert kind["attributes"]["availability"] == 0
    person = {"attendee": {**TEO, "attendee_type_id": int(kind["id"])}}
    answer = await client.post(f"{baking}/attendees/register", json=person)
    assert (answer.status_code, list(answer.json()["message"])) == (422, ["attendee_type_id"])
    someone = (await client.get(f"{baking}/attendees")).json()["data"][0]["id"]
    await client.put(f"{baking}/attendees/{someone}/cancel")
    assert (await client.post(f"{baking}/attendees/register", json=person)).status_code == 200


async def test_a_required_field_of_the_type_must_be_answered(client: httpx2.AsyncClient) -> None:
    race = "/events/city-half-marathon"
    types = (await client.get(f"{race}/attendee_types")).json()
    size = next(field for field in types["included"] if field["attributes"]["alias"] == "shirt")
    person = {**TEO, "attendee_type_id": int(types["data"][0]["id"])}
    answer = await client.post(f"{race}/attendees/register", json={"attendee": person})
    assert (answer.status_code, answer.json()) == (422, {"message": {"shirt": ["can't be blank"]}})
    person["custom_fields"] = {size["id"]: "M"}
    answer = await client.post(f"{race}/attendees/register", json={"attendee": person})
    assert answer.json()["data"]["attributes"]["fields"][size["id"]] == "M"


async def test_registering_takes_seats_and_records_purchases(client: httpx2.AsyncClient) -> None:
    beside = {"workshops": {"73001": 73001}, "purchase_items": {"8801": 2, "8802": 0}}
    key = (await register(client, beside)).json()["data"]["id"]
    booked = (await client.get(f"{ATTENDEES}/{key}/workshops")).json()["data"]
    assert [(row["id"], row["attributes"]["used_seats"]) for row in booked] == [("73001", 13)]
    bought = (await client.get(f"{ATTENDEES}/{key}/attendee_purchase_items")).json()["data"]
    assert [(row["relationships"]["purchase_item"]["data"]["id"], row["attributes"]["quantity"]) for row in bought] == [
        ("8801", 2)
    ]


@pytest.mark.parametrize(
    ("beside", "status"),
    [
        ({"workshops": {"73003": 73003}}, 422), ({"workshops": {"73001": 1}}, 422), ({"workshops": [73001]}, 422),
        ({"workshops": {"9": 9}}, 404), ({"purchase_items": {"8801": 3}}, 422), ({"purchase_items": {"8801": -1}}, 422),
        ({"purchase_items": {"9": 1}}, 404), ({"city_id": 9}, 404), ({"group_registration_uuid": "none"}, 200),
    ],
)  # fmt: skip
async def test_a_registration_is_made_whole_or_not_at_all(
    client: httpx2.AsyncClient, beside: dict[str, Any], status: int
) -> None:
    assert (await register(client, {"purchase_items": {"8802": 1}, **beside})).status_code == status
    assert await total(client, email="teo@marsh.example") == (status == 200)
    sold = (await client.get(f"{HARBOR}/attendee_purchase_items")).json()["data"]
    assert len(sold) == 2 + (status == 200)


async def test_a_group_is_opened_by_its_first_member_and_joined_until_it_is_full(client: httpx2.AsyncClient) -> None:
    meta = (await register(client, attendee_type_id=51002)).json()["meta"]
    assert meta["profiles"] == {"51002": {"seats": 3, "available": 2}}
    group = {"group_registration_uuid": meta["group_uuid"]}
    for left in (1, 0):
        answer = await register(client, group, attendee_type_id=51002, email=f"teo{left}@marsh.example")
        assert answer.json()["meta"] == {
            "group_uuid": meta["group_uuid"],
            "profiles": {"51002": {"seats": 3, "available": left}},
        }
    assert (await register(client, group, attendee_type_id=51002, email="x@marsh.example")).status_code == 422
    unknown = {"group_registration_uuid": "nope"}
    assert (await register(client, unknown, attendee_type_id=51002, email="x@marsh.example")).status_code == 404


async def test_cancelling_frees_seats_and_the_person_is_still_read_by_id(client: httpx2.AsyncClient) -> None:
    answer = await client.put(f"{ATTENDEES}/600001/cancel")
    assert (answer.status_code, answer.content) == (200, b"")
    assert (await client.get(f"{ATTENDEES}/600001")).json()["data"]["attributes"]["status"] == "cancelled"
    assert await total(client) == 60
    assert await total(client, include_archived="true") == 67
    assert (await client.get(f"{HARBOR}/workshops/73001")).json()["data"]["attributes"]["used_seats"] == 11
    assert (await client.put(f"{ATTENDEES}/1/cancel")).status_code == 404


@pytest.mark.parametrize(
    ("shape", "status", "text"), [("no_content", 204, ""), ("null", 200, "null"), ("resource", 200, "{")]
)
async def test_cancelling_answers_in_every_way_that_a_client_may_meet(
    client: httpx2.AsyncClient, world: World, shape: str, status: int, text: str
) -> None:
    world.switches["eventtia.cancel_answer"] = shape
    answer = await client.put(f"{ATTENDEES}/600001/cancel")
    assert (answer.status_code, answer.text[:4].rstrip('"da')) == (status, text)


async def test_a_cancelled_person_may_be_gone_altogether(client: httpx2.AsyncClient, world: World) -> None:
    world.switches["eventtia.cancelled_is_gone"] = True
    await client.put(f"{ATTENDEES}/600001/cancel")
    assert (await client.get(f"{ATTENDEES}/600001")).status_code == 404


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


async def test_a_seat_is_taken_once_and_only_while_there_is_one(client: httpx2.AsyncClient) -> None:
    path = f"{HARBOR}/attendee_workshops"

    async def book(workshop: object, attendee: object = 600040) -> int:
        return (await client.post(path, json={"workshop_id": workshop, "attendee_id": attendee})).status_code

    assert await book(73004) == 200
    assert await book(73004) == 422
    assert await book(73003) == 422
    assert await book(9) == 404
    assert await book(73004, 9) == 404
    assert await book("x") == 422
    assert (await client.post(path, json={"workshop_id": 73004})).status_code == 422


async def test_a_seat_is_given_back_with_a_body_on_delete(client: httpx2.AsyncClient) -> None:
    path = f"{HARBOR}/attendee_workshops"
    body = {"workshop_id": 73001, "attendee_id": 600001}
    in_query = await client.delete(path, params=body)
    assert in_query.status_code == 422
    answer = await client.request("DELETE", path, json=body)
    assert answer.status_code == 200
    assert set(answer.json()) == {"data"}
    assert answer.json()["data"]["relationships"]["workshop"]["data"]["id"] == "73001"
    assert (await client.request("DELETE", path, json=body)).status_code == 404


async def test_replacing_activities_drops_those_that_are_not_in_the_text(client: httpx2.AsyncClient) -> None:
    path = f"{ATTENDEES}/600001/update_activities"

    async def seats() -> list[str]:
        return [row["id"] for row in (await client.get(f"{ATTENDEES}/600001/workshops")).json()["data"]]

    assert await seats() == ["73001"]
    answer = await client.put(path, json={"workshop_ids": "73002, 73004"})
    assert (answer.status_code, set(answer.json())) == (200, {"data", "included"})
    assert await seats() == ["73002", "73004"]
    assert (await client.put(path, json={"workshop_ids": "73001,9"})).status_code == 404
    assert (await client.put(path, json={"workshop_ids": "73001,73003"})).status_code == 422
    assert (await client.put(path, json={"workshop_ids": [73001]})).status_code == 422
    assert (await client.put(path, json={"workshop_id": 73001, "attendee_id": 600001})).status_code == 422
    assert await seats() == ["73002", "73004"]
    await client.put(path, json={"workshop_ids": ""})
    assert await seats() == []


async def test_the_attendees_of_an_activity_are_filtered_like_all_others(client: httpx2.AsyncClient) -> None:
    path = f"{HARBOR}/workshops/73001/attendees"
    assert await total(client, path) == 12
    assert await total(client, path, only_confirmed="true") < 12


async def test_a_guest_is_invited_and_found(client: httpx2.AsyncClient) -> None:
    body = {"first_name": "Ada", "last_name": "Holm", "email": "ada@holm.example", "attendee_type_id": 51002}
    answer = await client.post(f"{HARBOR}/guests", json=body)
    assert answer.status_code == 200
    assert answer.json()["data"]["relationships"] == {
        "attendee": {"data": None},
        "attendee_type": {"data": {"id": "51002", "type": "attendee_types"}},
    }
    read = await client.get(
        f"{HARBOR}/guests/{answer.json()['data']['id']}", params={"include": "attendee_type,attendee"}
    )
    assert [row["id"] for row in read.json()["included"]] == ["51002"]
    key = (await register(client, email="ADA@holm.example")).json()["data"]["id"]
    guests = (await client.get(f"{HARBOR}/guests")).json()["data"]
    assert guests[-1]["relationships"]["attendee"]["data"] == {"id": key, "type": "attendees"}
    both = (await client.get(f"{HARBOR}/guests/210002", params={"include": "attendee"})).json()
    assert [row["type"] for row in both["included"]] == ["attendees"]
    assert (await client.post(f"{HARBOR}/guests", json={**body, "attendee_type_id": 1})).status_code == 404


async def test_payments_are_filtered_by_code_status_and_time(client: httpx2.AsyncClient) -> None:
    path = f"{HARBOR}/attendee-payments"

    async def rows(**query: str) -> list[dict[str, Any]]:
        pages = [await client.get(path, params={**query, "page[number]": str(n)}) for n in (1, 2, 3)]
        return [row["attributes"] for page in pages for row in page.json()["data"]]

    everything = await rows()
    assert {row["currency"] for row in everything} == {"EUR", "USD"}
    for currency in ("EUR", "USD"):
        assert {row["status"] for row in everything if row["currency"] == currency} >= {"accepted", "refunded"}
    assert {row["status"] for row in everything} == {
        "processing",
        "accepted",
        "refuted",
        "expired",
        "error",
        "refunded",
    }
    assert all(isinstance(row["total_amount"], str) for row in everything)
    assert {row["payment_type"] for row in await rows(payment_type="1")} == {"Manual payment"}
    assert {row["status"] for row in await rows(status="refunded, error")} == {"refunded", "error"}
    assert await rows(payment_type="2") == []
    # 48.5 dollars each, one a day: the last on the fourth day before now, seen from Madrid.
    late = await rows(start_date_time="2026-04-03 12:00", end_date_time="2026-04-03 12:00")
    assert [(row["total_amount"], row["created_at"]) for row in late if row["currency"] == "USD"] == [
        ("48.5", "2026-04-03T12:00:00.000+02:00")
    ]
    with_people = (await client.get(path, params={"include": "attendee"})).json()
    assert {row["type"] for row in with_people["included"]} == {"attendees"}


async def test_purchases_come_with_the_item_and_the_person_when_asked_for(client: httpx2.AsyncClient) -> None:
    body = (await client.get(f"{HARBOR}/attendee_purchase_items", params={"include": "attendee,purchase_item"})).json()
    assert [row["type"] for row in body["included"]] == ["attendees", "purchase_items"] * 2
    item = (await client.get(f"{HARBOR}/purchase_items/8801")).json()["data"]["attributes"]
    assert item["available_for_attendee_types"] == {"51001": "9"}
