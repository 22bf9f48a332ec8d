"""The HeySummit stand-in's newer dialect: registering, tickets, talks, checkout links."""

from typing import Any

import httpx2
import pytest

from eventdesk_server.sandbox.core import World

pytestmark = pytest.mark.anyio


async def test_registering_answers_an_active_attendee_without_talks(client: httpx2.AsyncClient) -> None:
    body = {"email": "new@example.org", "name": "New Person", "ticket_price_id": 8801,
            "questions": [{"question_id": 1, "answer": "Yes"}]}  # fmt: skip
    answer = await client.post("events/4711/attendees/", json=body)
    assert answer.status_code == 201
    assert answer.json() == {
        "id": 33003, "email": "new@example.org", "name": "New Person", "registration_status": "Completed Order",
        "event_id": 4711, "created_at": "2027-05-01T08:15:00+00:00", "utm_source": None, "utm_medium": None,
        "utm_campaign": None, "referer_ref": None, "http_referer_domain": None, "affiliate_email": None, "talks": [],
    }  # fmt: skip
    assert (await client.get("events/4711/tickets/610/")).json()["quantity_remaining"] == "1"


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"email": ["This field is required."], "name": ["This field is required."]}),
        ({"email": "x", "name": ""},
         {"email": ["Enter a valid email address."], "name": ["This field may not be blank."]}),
        ({"email": None, "name": []}, {"email": ["This field may not be null."], "name": ["Not a valid string."]}),
        ({"email": "a@b.co", "name": "a\0"}, {"name": ["Null characters are not allowed."]}),
        ({"email": "a@b.co", "name": "A", "ticket_price_id": "8801"},
         {"ticket_price_id": ["A valid integer is required."]}),
        ({"email": "a@b.co", "name": "A", "ticket_price_id": 9900},
         {"ticket_price_id": ['Invalid pk "9900" - object does not exist.']}),
        ({"email": "a@b.co", "name": "A", "ticket_price_id": 612},
         {"ticket_price_id": ['Invalid pk "612" - object does not exist.']}),
        ({"email": "a@b.co", "name": "A", "ticket_price_id": 8900}, {"ticket_price_id": ["This ticket is sold out."]}),
        ({"email": "a@b.co", "name": "A", "questions": [{"question_id": 0, "answer": ""}]},
         {"questions": [{"question_id": ["Ensure this value is greater than or equal to 1."],
                         "answer": ["This field may not be blank."]}]}),
        ([], {"non_field_errors": ["Invalid data. Expected a dictionary, but got list."]}),
    ],
)  # fmt: skip
async def test_a_wrong_registration_is_refused_field_by_field(
    client: httpx2.AsyncClient, body: Any, errors: dict[str, Any]
) -> None:
    answer = await client.post("events/4711/attendees/", json=body)
    assert (answer.status_code, answer.json()) == (400, errors)
    assert (await client.get("events/4711/attendees/")).json()["count"] == 2


async def test_a_price_is_not_named_by_its_tickets_id(client: httpx2.AsyncClient) -> None:
    """Both kinds of id overlap here: 610 is the day pass, and the price of the free ticket."""
    await client.post("events/4711/attendees/", json={"email": "a@b.co", "name": "A", "ticket_price_id": 610})
    assert (await client.get("events/4711/tickets/610/")).json()["quantity_remaining"] == "2"


@pytest.mark.parametrize(
    ("form", "status", "key"), [("field", 400, "email"), ("unique", 400, "non_field_errors"), ("409", 409, "email")]
)
async def test_the_same_address_registers_once_per_event_whatever_its_case(
    client: httpx2.AsyncClient, world: World, form: str, status: int, key: str
) -> None:
    world.switches["heysummit.duplicate"] = form
    answer = await client.post("events/4711/attendees/", json={"email": "KIM@example.ORG", "name": "Kim"})
    assert (answer.status_code, list(answer.json())) == (status, [key])
    assert any(word in answer.text.lower() for word in ("already", "unique"))
    elsewhere = await client.post("events/4712/attendees/", json={"email": "KIM@example.ORG", "name": "Kim"})
    assert elsewhere.status_code == 201


async def test_a_body_that_is_not_json_is_refused(client: httpx2.AsyncClient) -> None:
    path = "events/4711/attendees/"
    form = await client.post(path, data={"email": "a@b.co", "name": "A"})
    assert form.status_code == 415
    for content in (b"{", b'{"a": NaN}', b"\xff", b"[" * 100_000, b'{"email": ' + b"9" * 5000 + b"}"):
        answer = await client.post(path, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("JSON parse error - ")


async def test_giving_a_ticket_twice_changes_nothing_even_at_another_price(client: httpx2.AsyncClient) -> None:
    path = "events/4711/attendees/33001/tickets/"
    for price in (8801, 8801, 8802):
        assert (await client.post(path, json={"ticket_price_id": price})).status_code == 200
    assert (await client.get("events/4711/tickets/610/")).json()["quantity_remaining"] == "1"
    assert (await client.post(path, json={"ticket_price_id": 9900})).status_code == 404
    assert (await client.post(path, json={"ticket_price_id": 8900})).status_code == 400
    assert (await client.post(path, json={})).json() == {"ticket_price_id": ["This field is required."]}
    assert (await client.post("events/4711/attendees/1/tickets/", json={"ticket_price_id": 8801})).status_code == 404


async def test_a_talk_takes_only_ticket_holders_up_to_its_capacity(client: httpx2.AsyncClient) -> None:
    async def go(attendee: int, talk: int) -> int:
        return (await client.post(f"events/4711/attendees/{attendee}/talks/{talk}/", json={})).status_code

    assert await go(33001, 90212) == 400
    for attendee in (33001, 33002):
        await client.post(f"events/4711/attendees/{attendee}/tickets/", json={"ticket_price_id": 8801})
    assert [await go(33001, 90212), await go(33001, 90212), await go(33002, 90212)] == [200, 200, 400]
    assert (await client.get("events/4711/attendees/33001/")).json()["talks"] == [90210, 90212]
    assert [await go(33001, 1), await go(1, 90212)] == [404, 404]


async def test_a_checkout_link_names_ticket_coupon_and_talk_and_changes_nothing(
    client: httpx2.AsyncClient, world: World
) -> None:
    path = "events/4711/tickets/610/checkout-link/"
    plain = await client.post(path, json={})
    assert plain.status_code in (200, 201)
    assert list(plain.json()) == ["checkout_link"]
    assert plain.json()["checkout_link"].startswith("https://harbour-design.example.com/checkout/ticket/610-")
    full = await client.post(path, json={"coupon": "EARLY", "talk_id": 90210})
    assert full.json()["checkout_link"] == plain.json()["checkout_link"] + "?coupon=EARLY&talk=90210"
    assert (await client.post(path, json={"talk_id": 1})).status_code == 400
    assert (await client.post(path, json={"coupon": "NOPE"})).status_code == 201
    world.switches["heysummit.bad_coupon"] = "refused"
    assert (await client.post(path, json={"coupon": "NOPE"})).status_code == 400
    assert (await client.post("events/4712/tickets/610/checkout-link/", json={})).status_code == 404


async def test_v2_has_no_archive_action_unless_switched_on(client: httpx2.AsyncClient, world: World) -> None:
    assert (await client.post("events/4711/archive/")).status_code == 404
    world.switches["heysummit.v2_archive"] = True
    event = (await client.post("events/4711/archive/")).json()
    assert (event["id"], event["is_archived"], event["is_live"]) == (4711, True, False)
