"""Event Schedule's sales as they are made: validation, stock by date, prices, plans."""

from typing import Any, cast

import pytest

from tests.sandbox.box_office import buy, folk, refused, sell, stage
from tests.sandbox.organiser import Desk

pytestmark = pytest.mark.anyio


async def test_a_sale_has_exactly_the_documented_shape(desk: Desk) -> None:
    event = stage(desk, folk())
    ticket = (await desk.call("GET", f"events/{event}"))["data"]["tickets"][0]["id"]
    made = await sell(desk, event, {ticket: 2}, status="paid", phone="1", payment_amount=1, notes="x")
    secret = made.pop("secret")
    assert len(secret) == 32
    assert secret.isalnum()
    assert secret == secret.lower()
    assert made == {
        "id": desk.platform.state.encode(1),
        "event_id": event,
        "event_name": "Harbour Folk",
        "subdomain": "loft",
        "name": "Ida Berg",
        "email": "ida@mail.test",
        "phone": None,
        "event_date": "2027-03-31",
        "status": "unpaid",
        "payment_method": "cash",
        "payment_amount": 60,
        "volume_discount_amount": None,
        "discount_amount": None,
        "gift_card_amount": None,
        "order_id": None,
        "is_order_primary": False,
        "transaction_reference": None,
        "created_at": "2027-01-05T09:10:11+00:00",
        "updated_at": "2027-01-05T09:10:11+00:00",
        "tickets": [
            {"ticket_id": ticket, "quantity": 2, "price": 30, "type": "Balcony", "is_addon": False, "is_pass": False}
        ],
        "total_quantity": 2,
        "group_id": None,
        "is_primary": False,
    }
    read = await desk.call("GET", f"sales/{made['id']}")
    assert read == {"data": made | {"secret": secret}}
    assert (await desk.call("GET", "sales"))["data"] == [read["data"]]


async def test_validation_names_each_ticket(desk: Desk) -> None:
    event = stage(desk, folk())
    status, body = await desk.refusal(
        "POST",
        "sales",
        json={
            "event_id": event,
            "email": "no",
            "tickets": {"VIP": 0, "Balcony": "x"},
            "addons": {"a": -1},
            "event_date": "2027-4-1",
        },
    )
    assert (status, body["errors"]) == (
        422,
        {
            "name": ["The name field is required."],
            "email": ["The email field must be a valid email address."],
            "event_date": ["The event date field must match the format Y-m-d."],
            "tickets.VIP": ["The tickets.VIP field must be at least 1."],
            "tickets.Balcony": ["The tickets.Balcony field must be an integer."],
            "addons.a": ["The addons.a field must be at least 0."],
        },
    )
    for empty in cast("tuple[Any, ...]", ({}, [], None)):
        _, body = await desk.refusal("POST", "sales", json=buy(event, empty))
        assert body["errors"] == {"tickets": ["The tickets field is required."]}


async def test_unknown_and_foreign_events_differ(desk: Desk) -> None:
    desk.load(users=[{"email": "zoe@mail.test", "name": "Zoe"}])
    event = stage(desk, folk(user="zoe@mail.test"), owner="zoe@mail.test")
    assert await desk.refusal("POST", "sales", json=buy("nope", {"Balcony": 1})) == (404, {"error": "Event not found"})
    assert await desk.refusal("POST", "sales", json=buy(event, {"Balcony": 1})) == (403, {"error": "Unauthorized"})


PAST = "Cannot sell tickets for events in the past"
CLOSED = "Event does not have tickets enabled or is not a Pro account"


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ({"starts_at": "2027-01-05 09:10:10", "tickets": []}, PAST),
        ({"starts_at": "2027-01-05 09:00:00", "sell_after_start": True, "duration": 2}, None),
        ({"starts_at": "2027-01-04 20:00:00", "duration": 24}, None),
        ({"starts_at": "2027-01-04 09:00:00", "duration": 24}, PAST),
        ({"tickets": [], "rsvp_enabled": True}, CLOSED),
        ({"cancelled": True}, CLOSED),
        ({"tickets": [{"type": "Balcony", "sales_end_at": "2027-01-01 00:00:00"}]}, CLOSED),
        (
            {"recurring_frequency": "daily", "starts_at": "2026-01-01 01:00:00"},
            "The event_date parameter is required for recurring events",
        ),
        ({"tickets": [{"type": "Balcony", "retired": True}, {"type": "Other"}]}, "Ticket not found"),
        (
            {"tickets": [{"type": "Balcony", "sales_end_at": "2027-01-01 00:00:00"}, {"type": "Other"}]},
            "Ticket sales have ended",
        ),
        (
            {"tickets": [{"type": "Balcony", "sales_start_at": "2027-02-01 00:00:00"}, {"type": "Other"}]},
            "Ticket sales have not started",
        ),
        ({"starts_at": None}, "Event has no start date. Please provide event_date parameter."),
        ({"is_draft": True}, None),
        ({"is_private": True}, None),
        ({"is_internal": True}, None),
    ],
)
async def test_refusals_by_what_the_event_is(desk: Desk, event: dict[str, Any], sentence: str | None) -> None:
    number = stage(desk, folk(**event))
    if sentence is None:
        assert (await sell(desk, number, {"Balcony": 1}))["total_quantity"] == 1
    else:
        assert await refused(desk, number, {"Balcony": 1}) == sentence


async def test_an_occurrence_that_started_is_past_and_the_pattern_is_not_checked(desk: Desk) -> None:
    event = stage(desk, folk(recurring_frequency="weekly", days_of_week="0100000", starts_at="2026-01-05 15:00:00"))
    assert await refused(desk, event, {"Balcony": 1}, event_date="2027-01-04") == PAST
    assert (await sell(desk, event, {"Balcony": 1}, event_date="2027-01-05"))["event_date"] == "2027-01-05"


async def test_stock_is_counted_for_each_date_by_itself(desk: Desk) -> None:
    event = stage(desk, folk())
    ticket = (await desk.call("GET", f"events/{event}"))["data"]["tickets"][0]["id"]
    await sell(desk, event, {"Balcony": 4})
    assert await refused(desk, event, {"Balcony": 2}) == f"Tickets not available for ticket {ticket}. Remaining: 1"
    assert (await sell(desk, event, {"Balcony": 5}, event_date="2027-04-01"))["event_date"] == "2027-04-01"


async def test_cancelling_refunding_and_deleting_release_stock(desk: Desk) -> None:
    event = stage(desk, folk())
    for ending in ("cancel", "refund", "delete"):
        path = f"sales/{(await sell(desk, event, {'Balcony': 5}))['id']}"
        assert "Remaining: 0" in await refused(desk, event, {"Balcony": 1})
        if ending == "refund":
            await desk.call("PUT", path, json={"action": "mark_paid"})
        if ending == "delete":
            assert await desk.call("DELETE", path) == {"data": {"message": "Sale deleted successfully"}}
        else:
            await desk.call("PUT", path, json={"action": ending})
    assert desk.world.store.row("select sold from eventschedule_ticket") == {"sold": '{"2027-03-31": 0}'}


async def test_a_shared_pool_and_the_whole_house_have_their_own_sentences(desk: Desk) -> None:
    two = [{"type": "Adult", "quantity": 4}, {"type": "Child", "quantity": 4}]
    pool = stage(desk, folk(tickets=two, shared_pool=True), folk(tickets=two, reserved={"2027-03-31": 7}))
    await sell(desk, pool, {"Adult": 3})
    assert await refused(desk, pool, {"Child": 2}) == "Tickets not available. Remaining: 1"
    house = desk.platform.state.encode(2)
    assert await refused(desk, house, {"Child": 2}) == "Tickets not available."
    assert (await sell(desk, house, {"Child": 1}))["status"] == "paid"


async def test_ticket_keys_are_ids_then_names_and_the_dearest_of_equal_names(desk: Desk) -> None:
    event = stage(
        desk,
        folk(
            tickets=[
                {"type": "Seat", "price": 5},
                {"type": "SEAT", "price": 9},
                {"type": "2 days", "price": 20},
                {"type": "Other", "price": 1},
            ]
        ),
    )

    async def bought(tickets: Any) -> list[tuple[str, int]]:
        return [(row["type"], row["quantity"]) for row in (await sell(desk, event, tickets))["tickets"]]

    seat = next(
        row["id"] for row in (await desk.call("GET", f"events/{event}"))["data"]["tickets"] if row["type"] == "SEAT"
    )
    assert await bought({"seat": 1}) == [("SEAT", 1)]
    assert await bought({seat: 1, "Seat": 3}) == [("SEAT", 3)]
    assert await bought({"2": 1}) == [("2 days", 1)]
    assert await bought([2]) == [("SEAT", 2)]
    assert await refused(desk, event, {"3": 1}) == "Ticket not found"
    assert await refused(desk, event, {"VIP": 1}) == "Ticket not found"


async def test_addons_go_by_id_and_a_wrong_one_undoes_the_sale(desk: Desk) -> None:
    event = stage(desk, folk(addons=[{"type": "Coat", "price": 2.5, "quantity": 2}]))
    coat = (await desk.call("GET", f"events/{event}"))["data"]["addons"][0]["id"]
    made = await sell(desk, event, {"Balcony": 1}, addons={coat: 2})
    assert (made["payment_amount"], made["total_quantity"]) == (35, 1)
    assert [(row["type"], row["is_addon"], row["price"]) for row in made["tickets"]] == [
        ("Balcony", False, 30),
        ("Coat", True, 2.5),
    ]
    assert await refused(desk, event, {"Balcony": 1}, addons={coat: 1}) == (
        f"Add-on not available: {coat}. Remaining: 0"
    )
    assert await refused(desk, event, {"Balcony": 1}, addons={"Coat": 1}) == "Add-on not found: Coat"
    assert await refused(desk, event, {coat: 1}) == "Ticket not found" or coat == made["tickets"][0]["ticket_id"]
    assert (await desk.call("GET", "sales"))["meta"]["total"] == 1


async def test_a_volume_discount_is_taken_off_and_recorded(desk: Desk) -> None:
    discount = {"min_quantity": 3, "type": "percentage", "value": 10}
    event = stage(desk, folk(tickets=[{"type": "Seat", "price": 10, "volume_discount": discount}]))
    assert (await desk.call("GET", f"events/{event}"))["data"]["tickets"][0]["volume_discount"] == discount
    made = await sell(desk, event, {"Seat": 3})
    assert (made["payment_amount"], made["volume_discount_amount"]) == (27, 3)
    assert (await sell(desk, event, {"Seat": 2}))["volume_discount_amount"] is None


async def test_the_same_person_can_be_sold_to_again_and_nothing_is_recognised(desk: Desk) -> None:
    event = stage(desk, folk())
    first, second = await sell(desk, event, {"Balcony": 1}), await sell(desk, event, {"Balcony": 1})
    assert first["id"] != second["id"]
    found = await desk.call("GET", "sales", params={"event_id": event, "email": "IDA@mail.test"})
    assert found["meta"]["total"] == 2


async def test_the_free_plan_sells_a_few_paid_tickets_online_a_month(desk: Desk) -> None:
    sold = [
        {
            "name": "A",
            "email": "a@mail.test",
            "lines": [{"ticket": 0, "quantity": 25}],
            "created_at": "2027-01-02 00:00:00",
        }
    ]
    big = [{"type": "Seat", "price": 5}]
    event = stage(desk, folk(tickets=big, payment_method="stripe", sales=sold), folk(tickets=big), plan="free")
    desk.world.switches["eventschedule.hosted"] = True
    assert await refused(desk, event, {"Seat": 1}) == CLOSED
    body = buy(desk.platform.state.encode(2), {"Seat": 1})
    assert (await desk.client.post("sales", json=body)).status_code == 201
    assert await desk.refusal("GET", f"sales/{desk.platform.state.encode(1)}") == (
        403,
        {"error": "API usage is limited to Pro accounts"},
    )
    assert (await desk.call("GET", "sales"))["data"] == []
