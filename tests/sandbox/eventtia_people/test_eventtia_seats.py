"""Eventtia's stand-in: seats in activities, guests, payments, purchases."""

from typing import Any

import httpx2
import pytest

from tests.sandbox.eventtia_people.people import ATTENDEES, HARBOR, register, total

pytestmark = pytest.mark.anyio


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
