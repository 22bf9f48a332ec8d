"""Event Schedule's sales: selling, stock by date, status actions, groups."""

from typing import Any, cast

import pytest

from tests.sandbox.organiser import OWNER, Desk

pytestmark = pytest.mark.anyio


LOFT = {"subdomain": "loft", "type": "venue", "name": "Loft", "owner": OWNER, "email": "loft@mail.test",
        "timezone": "America/New_York"}  # fmt: skip


def _event(**more: Any) -> dict[str, Any]:
    base = {"name": "Harbour Folk", "starts_at": "2027-04-01 01:00:00", "schedules": [{"subdomain": "loft"}]}
    return base | {"tickets": [{"type": "Balcony", "price": "30", "quantity": 5}]} | more


def _stage(desk: Desk, *events: dict[str, Any], **loft: Any) -> str:
    """Load one schedule and some events; answers the first one's id."""
    desk.load(schedules=[LOFT | loft], events=list(events))
    return desk.platform.state.encode(1)


def _buy(event_id: str, tickets: Any, **more: Any) -> dict[str, Any]:
    return {"event_id": event_id, "name": "Ida Berg", "email": "ida@mail.test", "tickets": tickets} | more


async def _sell(desk: Desk, event_id: str, tickets: Any, **more: Any) -> dict[str, Any]:
    answer = await desk.call("POST", "sales", json=_buy(event_id, tickets, **more))
    assert answer["meta"] == {"message": "Sale created successfully"}
    return answer["data"]


async def _refused(desk: Desk, event_id: str, tickets: Any, **more: Any) -> str:
    status, body = await desk.refusal("POST", "sales", json=_buy(event_id, tickets, **more))
    assert (status, set(body)) == (422, {"error"})
    return body["error"]


async def test_a_sale_has_exactly_the_documented_shape(desk: Desk) -> None:
    event = _stage(desk, _event())
    ticket = (await desk.call("GET", f"events/{event}"))["data"]["tickets"][0]["id"]
    made = await _sell(desk, event, {ticket: 2}, status="paid", phone="1", payment_amount=1, notes="x")
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
    event = _stage(desk, _event())
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
        _, body = await desk.refusal("POST", "sales", json=_buy(event, empty))
        assert body["errors"] == {"tickets": ["The tickets field is required."]}


async def test_unknown_and_foreign_events_differ(desk: Desk) -> None:
    desk.load(users=[{"email": "zoe@mail.test", "name": "Zoe"}])
    event = _stage(desk, _event(user="zoe@mail.test"), owner="zoe@mail.test")
    assert await desk.refusal("POST", "sales", json=_buy("nope", {"Balcony": 1})) == (404, {"error": "Event not found"})
    assert await desk.refusal("POST", "sales", json=_buy(event, {"Balcony": 1})) == (403, {"error": "Unauthorized"})


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
    number = _stage(desk, _event(**event))
    if sentence is None:
        assert (await _sell(desk, number, {"Balcony": 1}))["total_quantity"] == 1
    else:
        assert await _refused(desk, number, {"Balcony": 1}) == sentence


async def test_an_occurrence_that_started_is_past_and_the_pattern_is_not_checked(desk: Desk) -> None:
    event = _stage(desk, _event(recurring_frequency="weekly", days_of_week="0100000", starts_at="2026-01-05 15:00:00"))
    assert await _refused(desk, event, {"Balcony": 1}, event_date="2027-01-04") == PAST
    assert (await _sell(desk, event, {"Balcony": 1}, event_date="2027-01-05"))["event_date"] == "2027-01-05"


async def test_stock_is_counted_for_each_date_by_itself(desk: Desk) -> None:
    event = _stage(desk, _event())
    ticket = (await desk.call("GET", f"events/{event}"))["data"]["tickets"][0]["id"]
    await _sell(desk, event, {"Balcony": 4})
    assert await _refused(desk, event, {"Balcony": 2}) == f"Tickets not available for ticket {ticket}. Remaining: 1"
    assert (await _sell(desk, event, {"Balcony": 5}, event_date="2027-04-01"))["event_date"] == "2027-04-01"


async def test_cancelling_refunding_and_deleting_release_stock(desk: Desk) -> None:
    event = _stage(desk, _event())
    for ending in ("cancel", "refund", "delete"):
        path = f"sales/{(await _sell(desk, event, {'Balcony': 5}))['id']}"
        assert "Remaining: 0" in await _refused(desk, event, {"Balcony": 1})
        if ending == "refund":
            await desk.call("PUT", path, json={"action": "mark_paid"})
        if ending == "delete":
            assert await desk.call("DELETE", path) == {"data": {"message": "Sale deleted successfully"}}
        else:
            await desk.call("PUT", path, json={"action": ending})
    assert desk.world.store.row("select sold from eventschedule_ticket") == {"sold": '{"2027-03-31": 0}'}


async def test_a_shared_pool_and_the_whole_house_have_their_own_sentences(desk: Desk) -> None:
    two = [{"type": "Adult", "quantity": 4}, {"type": "Child", "quantity": 4}]
    pool = _stage(desk, _event(tickets=two, shared_pool=True), _event(tickets=two, reserved={"2027-03-31": 7}))
    await _sell(desk, pool, {"Adult": 3})
    assert await _refused(desk, pool, {"Child": 2}) == "Tickets not available. Remaining: 1"
    house = desk.platform.state.encode(2)
    assert await _refused(desk, house, {"Child": 2}) == "Tickets not available."
    assert (await _sell(desk, house, {"Child": 1}))["status"] == "paid"


async def test_ticket_keys_are_ids_then_names_and_the_dearest_of_equal_names(desk: Desk) -> None:
    event = _stage(
        desk,
        _event(
            tickets=[
                {"type": "Seat", "price": 5},
                {"type": "SEAT", "price": 9},
                {"type": "2 days", "price": 20},
                {"type": "Other", "price": 1},
            ]
        ),
    )

    async def bought(tickets: Any) -> list[tuple[str, int]]:
        return [(row["type"], row["quantity"]) for row in (await _sell(desk, event, tickets))["tickets"]]

    seat = next(
        row["id"] for row in (await desk.call("GET", f"events/{event}"))["data"]["tickets"] if row["type"] == "SEAT"
    )
    assert await bought({"seat": 1}) == [("SEAT", 1)]
    assert await bought({seat: 1, "Seat": 3}) == [("SEAT", 3)]
    assert await bought({"2": 1}) == [("2 days", 1)]
    assert await bought([2]) == [("SEAT", 2)]
    assert await _refused(desk, event, {"3": 1}) == "Ticket not found"
    assert await _refused(desk, event, {"VIP": 1}) == "Ticket not found"


async def test_addons_go_by_id_and_a_wrong_one_undoes_the_sale(desk: Desk) -> None:
    event = _stage(desk, _event(addons=[{"type": "Coat", "price": 2.5, "quantity": 2}]))
    coat = (await desk.call("GET", f"events/{event}"))["data"]["addons"][0]["id"]
    made = await _sell(desk, event, {"Balcony": 1}, addons={coat: 2})
    assert (made["payment_amount"], made["total_quantity"]) == (35, 1)
    assert [(row["type"], row["is_addon"], row["price"]) for row in made["tickets"]] == [
        ("Balcony", False, 30),
        ("Coat", True, 2.5),
    ]
    assert await _refused(desk, event, {"Balcony": 1}, addons={coat: 1}) == (
        f"Add-on not available: {coat}. Remaining: 0"
    )
    assert await _refused(desk, event, {"Balcony": 1}, addons={"Coat": 1}) == "Add-on not found: Coat"
    assert await _refused(desk, event, {coat: 1}) == "Ticket not found" or coat == made["tickets"][0]["ticket_id"]
    assert (await desk.call("GET", "sales"))["meta"]["total"] == 1


async def test_a_volume_discount_is_taken_off_and_recorded(desk: Desk) -> None:
    discount = {"min_quantity": 3, "type": "percentage", "value": 10}
    event = _stage(desk, _event(tickets=[{"type": "Seat", "price": 10, "volume_discount": discount}]))
    assert (await desk.call("GET", f"events/{event}"))["data"]["tickets"][0]["volume_discount"] == discount
    made = await _sell(desk, event, {"Seat": 3})
    assert (made["payment_amount"], made["volume_discount_amount"]) == (27, 3)
    assert (await _sell(desk, event, {"Seat": 2}))["volume_discount_amount"] is None


async def test_the_same_person_can_be_sold_to_again_and_nothing_is_recognised(desk: Desk) -> None:
    event = _stage(desk, _event())
    first, second = await _sell(desk, event, {"Balcony": 1}), await _sell(desk, event, {"Balcony": 1})
    assert first["id"] != second["id"]
    found = await desk.call("GET", "sales", params={"event_id": event, "email": "IDA@mail.test"})
    assert found["meta"]["total"] == 2


TERMINAL = ("cancelled", "refunded", "expired", "amount_mismatch")


async def test_only_documented_transitions_pass(desk: Desk) -> None:
    event = _stage(desk, _event(tickets=[{"type": "Seat", "price": 0}, {"type": "Paid", "price": 3}]))
    free = await _sell(desk, event, {"Seat": 1})
    assert free["status"] == "paid"
    answer = await desk.call("PUT", f"sales/{free['id']}", json={"action": "refund"})
    assert (answer["data"]["status"], answer["meta"]) == ("refunded", {"message": "Sale updated successfully"})
    path = f"sales/{(await _sell(desk, event, {'Paid': 1}))['id']}"
    assert await desk.refusal("PUT", path, json={"action": "refund"}) == (
        422,
        {"error": 'Action "refund" cannot be performed on a sale with status "unpaid"'},
    )
    paid = (await desk.call("PUT", path, json={"action": "mark_paid"}))["data"]
    assert (paid["status"], paid["transaction_reference"]) == ("paid", "Manual payment (API)")
    assert (await desk.refusal("PUT", path, json={"action": "mark_paid"}))[0] == 422
    assert (await desk.call("PUT", path, json={"action": "cancel"}))["data"]["status"] == "cancelled"
    status, body = await desk.refusal("PUT", path, json={"action": "archive"})
    assert (status, body["errors"]) == (422, {"action": ["The selected action is invalid."]})


@pytest.mark.parametrize("status", TERMINAL)
@pytest.mark.parametrize("action", ["mark_paid", "refund", "cancel"])
async def test_terminal_states_cannot_be_left(desk: Desk, status: str, action: str) -> None:
    _stage(desk, _event(sales=[{"name": "Ida", "email": "ida@mail.test", "status": status}]))
    assert (await desk.refusal("PUT", f"sales/{desk.platform.state.encode(1)}", json={"action": action}))[0] == 422


async def test_a_deleted_sale_is_gone_from_every_route(desk: Desk) -> None:
    event = _stage(desk, _event())
    path = f"sales/{(await _sell(desk, event, {'Balcony': 1}))['id']}"
    await desk.call("DELETE", path)
    for method in ("GET", "PUT", "DELETE"):
        assert await desk.refusal(method, path) == (404, {"error": "Sale not found"})
    assert (await desk.call("GET", "sales"))["data"] == []


async def test_a_group_is_handled_through_its_primary(desk: Desk) -> None:
    _stage(
        desk,
        _event(
            sales=[
                {
                    "name": "Ida",
                    "email": "ida@mail.test",
                    "lines": [{"ticket": 0, "quantity": 2}],
                    "status": "unpaid",
                    "guests": [{"name": "Bo", "email": "bo@mail.test", "lines": [{"ticket": 0, "quantity": 1}]}],
                }
            ]
        ),
    )
    rows = {row["name"]: row for row in (await desk.call("GET", "sales"))["data"]}
    assert (rows["Ida"]["is_primary"], rows["Ida"]["total_quantity"], rows["Ida"]["payment_amount"]) == (True, 2, 60)
    assert (rows["Bo"]["is_primary"], rows["Bo"]["total_quantity"], rows["Bo"]["payment_amount"]) == (False, 0, 0)
    assert rows["Ida"]["group_id"] == rows["Bo"]["group_id"] == rows["Ida"]["id"]
    guest = f"sales/{rows['Bo']['id']}"
    assert await desk.refusal("PUT", guest, json={"action": "mark_paid"}) == (
        403,
        {"error": "Cannot modify non-primary grouped sales"},
    )
    assert (await desk.refusal("PUT", guest, json={}))[0] == 422
    assert await desk.refusal("DELETE", guest) == (403, {"error": "Cannot delete non-primary grouped sales"})
    await desk.call("PUT", f"sales/{rows['Ida']['id']}", json={"action": "mark_paid"})
    assert (await desk.call("GET", guest))["data"]["status"] == "paid"
    await desk.call("DELETE", f"sales/{rows['Ida']['id']}")
    assert (await desk.call("GET", "sales"))["data"] == []


async def test_acting_on_the_primary_of_an_order_acts_on_all_of_it(desk: Desk) -> None:
    line = {"lines": [{"ticket": 0, "quantity": 1}], "status": "paid", "order": "A", "email": "ida@mail.test"}
    _stage(desk, _event(sales=[{"name": "One"} | line]), _event(sales=[{"name": "Two"} | line]))
    rows = {row["name"]: row for row in (await desk.call("GET", "sales"))["data"]}
    assert rows["One"]["order_id"] == rows["Two"]["order_id"] is not None
    assert (rows["One"]["is_order_primary"], rows["Two"]["is_order_primary"]) == (True, False)
    await desk.call("PUT", f"sales/{rows['One']['id']}", json={"action": "refund"})
    assert {row["status"] for row in (await desk.call("GET", "sales"))["data"]} == {"refunded"}


async def test_a_web_rsvp_is_a_paid_sale_of_nothing(desk: Desk) -> None:
    _stage(desk, _event(tickets=[], rsvp_enabled=True, sales=[{"name": "Ida", "email": "ida@mail.test"}]))
    row = (await desk.call("GET", "sales"))["data"][0]
    assert (row["status"], row["payment_method"], row["payment_amount"]) == ("paid", "rsvp", 0)
    assert (row["tickets"], row["total_quantity"]) == ([], 0)


async def test_prices_and_types_are_the_current_ones_and_the_amount_is_not(desk: Desk) -> None:
    event = _stage(desk, _event())
    made = await _sell(desk, event, {"Balcony": 1})
    await desk.call("PUT", f"events/{event}", json={"tickets": [{"id": 1, "type": "Circle", "price": 99}]})
    read = (await desk.call("GET", f"sales/{made['id']}"))["data"]
    assert (read["tickets"][0]["type"], read["tickets"][0]["price"], read["payment_amount"]) == ("Circle", 99, 30)


async def test_the_secret_is_for_who_made_the_sale_or_the_event(desk: Desk) -> None:
    desk.load(users=[{"email": "zoe@mail.test", "name": "Zoe", "api_key": "f" * 32}])
    sales = [
        {"name": "Web", "email": "w@mail.test"},
        {"name": "Api", "email": "a@mail.test", "made_by": "zoe@mail.test"},
    ]
    _stage(desk, _event(sales=sales), members={"zoe@mail.test": "admin"})
    rows = (await desk.client_with("f" * 32).get("sales")).json()["data"]
    assert {row["name"]: "secret" in row for row in rows} == {"Web": False, "Api": True}
    assert all("secret" in row for row in (await desk.call("GET", "sales"))["data"])


async def test_filters_are_exact_and_an_empty_one_finds_nothing(desk: Desk) -> None:
    event = _stage(
        desk,
        _event(
            sales=[
                {"name": "A", "email": "a@mail.test", "status": "paid", "created_at": "2027-01-01 00:00:00"},
                {"name": "B", "email": "b@mail.test", "status": "expired", "created_at": "2027-01-03 00:00:00"},
            ]
        ),
        _event(
            sales=[
                {
                    "name": "C",
                    "email": "c@mail.test",
                    "status": "paid",
                    "event_date": "2027-06-01",
                    "created_at": "2027-01-02 00:00:00",
                }
            ]
        ),
    )

    async def names(**params: str) -> list[str]:
        return [row["name"] for row in (await desk.call("GET", "sales", params=params))["data"]]

    assert await names() == ["B", "C", "A"]
    assert await names(event_id=event) == ["B", "A"]
    assert await names(event_id="garbage!") == []
    assert await names(subdomain="LOFT", status="paid") == ["C", "A"]
    assert await names(event_date="2027-06-01") == ["C"]
    for field in ("event_id", "subdomain", "status", "email", "event_date"):
        assert await names(**{field: ""}) == []
    for params in ({"status": "amount_mismatch"}, {"email": "no"}, {"event_date": "1.6.2027"}, {"per_page": "501"}):
        status, body = await desk.refusal("GET", "sales", params=params)
        assert (status, set(body["errors"])) == (422, set(params))


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
    event = _stage(desk, _event(tickets=big, payment_method="stripe", sales=sold), _event(tickets=big), plan="free")
    desk.world.switches["eventschedule.hosted"] = True
    assert await _refused(desk, event, {"Seat": 1}) == CLOSED
    body = _buy(desk.platform.state.encode(2), {"Seat": 1})
    assert (await desk.client.post("sales", json=body)).status_code == 201
    assert await desk.refusal("GET", f"sales/{desk.platform.state.encode(1)}") == (
        403,
        {"error": "API usage is limited to Pro accounts"},
    )
    assert (await desk.call("GET", "sales"))["data"] == []
