"""Eventtia's stand-in: registering, groups, cancelling."""

from typing import Any

import httpx2
import pytest

from eventdesk_server.sandbox.core import World
from tests.sandbox.eventtia_people.people import ATTENDEES, HARBOR, TEO, register, total

pytestmark = pytest.mark.anyio


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
