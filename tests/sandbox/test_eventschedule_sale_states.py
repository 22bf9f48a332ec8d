"""Event Schedule's sales afterwards: status actions, groups, what is read and by whom."""

import pytest

from tests.sandbox.box_office import folk, sell, stage
from tests.sandbox.organiser import Desk

pytestmark = pytest.mark.anyio
TERMINAL = ("cancelled", "refunded", "expired", "amount_mismatch")


async def test_only_documented_transitions_pass(desk: Desk) -> None:
    event = stage(desk, folk(tickets=[{"type": "Seat", "price": 0}, {"type": "Paid", "price": 3}]))
    free = await sell(desk, event, {"Seat": 1})
    assert free["status"] == "paid"
    answer = await desk.call("PUT", f"sales/{free['id']}", json={"action": "refund"})
    assert (answer["data"]["status"], answer["meta"]) == ("refunded", {"message": "Sale updated successfully"})
    path = f"sales/{(await sell(desk, event, {'Paid': 1}))['id']}"
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
    stage(desk, folk(sales=[{"name": "Ida", "email": "ida@mail.test", "status": status}]))
    assert (await desk.refusal("PUT", f"sales/{desk.platform.state.encode(1)}", json={"action": action}))[0] == 422


async def test_a_deleted_sale_is_gone_from_every_route(desk: Desk) -> None:
    event = stage(desk, folk())
    path = f"sales/{(await sell(desk, event, {'Balcony': 1}))['id']}"
    await desk.call("DELETE", path)
    for method in ("GET", "PUT", "DELETE"):
        assert await desk.refusal(method, path) == (404, {"error": "Sale not found"})
    assert (await desk.call("GET", "sales"))["data"] == []


async def test_a_group_is_handled_through_its_primary(desk: Desk) -> None:
    stage(
        desk,
        folk(
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
    stage(desk, folk(sales=[{"name": "One"} | line]), folk(sales=[{"name": "Two"} | line]))
    rows = {row["name"]: row for row in (await desk.call("GET", "sales"))["data"]}
    assert rows["One"]["order_id"] == rows["Two"]["order_id"] is not None
    assert (rows["One"]["is_order_primary"], rows["Two"]["is_order_primary"]) == (True, False)
    await desk.call("PUT", f"sales/{rows['One']['id']}", json={"action": "refund"})
    assert {row["status"] for row in (await desk.call("GET", "sales"))["data"]} == {"refunded"}


async def test_a_web_rsvp_is_a_paid_sale_of_nothing(desk: Desk) -> None:
    stage(desk, folk(tickets=[], rsvp_enabled=True, sales=[{"name": "Ida", "email": "ida@mail.test"}]))
    row = (await desk.call("GET", "sales"))["data"][0]
    assert (row["status"], row["payment_method"], row["payment_amount"]) == ("paid", "rsvp", 0)
    assert (row["tickets"], row["total_quantity"]) == ([], 0)


async def test_prices_and_types_are_the_current_ones_and_the_amount_is_not(desk: Desk) -> None:
    event = stage(desk, folk())
    made = await sell(desk, event, {"Balcony": 1})
    await desk.call("PUT", f"events/{event}", json={"tickets": [{"id": 1, "type": "Circle", "price": 99}]})
    read = (await desk.call("GET", f"sales/{made['id']}"))["data"]
    assert (read["tickets"][0]["type"], read["tickets"][0]["price"], read["payment_amount"]) == ("Circle", 99, 30)


async def test_the_secret_is_for_who_made_the_sale_or_the_event(desk: Desk) -> None:
    desk.load(users=[{"email": "zoe@mail.test", "name": "Zoe", "api_key": "f" * 32}])
    sales = [
        {"name": "Web", "email": "w@mail.test"},
        {"name": "Api", "email": "a@mail.test", "made_by": "zoe@mail.test"},
    ]
    stage(desk, folk(sales=sales), members={"zoe@mail.test": "admin"})
    rows = (await desk.client_with("f" * 32).get("sales")).json()["data"]
    assert {row["name"]: "secret" in row for row in rows} == {"Web": False, "Api": True}
    assert all("secret" in row for row in (await desk.call("GET", "sales"))["data"])


async def test_filters_are_exact_and_an_empty_one_finds_nothing(desk: Desk) -> None:
    event = stage(
        desk,
        folk(
            sales=[
                {"name": "A", "email": "a@mail.test", "status": "paid", "created_at": "2027-01-01 00:00:00"},
                {"name": "B", "email": "b@mail.test", "status": "expired", "created_at": "2027-01-03 00:00:00"},
            ]
        ),
        folk(
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
