"""The EventHQ stand-in: the shapes of its list and its view."""

import httpx2
import pytest

from eventdesk_server.sandbox.core import World
from tests.sandbox.eventhq.desk import MEMBER, ROOT, TOKEN

pytestmark = pytest.mark.anyio


async def test_a_row_of_the_list_has_the_documented_keys(client: httpx2.AsyncClient) -> None:
    answer = (await client.get(f"events/index/{TOKEN}/q:Pond")).json()
    assert answer == {
        "message": "success",
        "events": [
            {
                "id": "3307",
                "url": f"{ROOT}/api/v1/events/view/event:pond-survey-april-2027",
                "register_url": f"{ROOT}/bookings/start/event:pond-survey-april-2027",
                "name": "Pond Survey April 2027",
                "slug": "pond-survey-april-2027",
                "location": "Mill Lane, Surrey",
                "summary": "One day by the water.\r\n",
                "registration_opens": "2026-12-08T00:00:00+0100",
                "registration_closes": "2027-04-01T00:00:00+0100",
                "event_starts": "2027-04-12T00:00:00+0100",
                "event_ends": "2027-04-12T00:00:00+0100",
                "tags": ["Surrey", "Ponds"],
                "attendee_count": "2",
                "test": False,
                "sold_out": False,
            }
        ],
    }


async def test_the_view_lacks_four_fields_and_all_tags_and_disagrees_about_the_offset(
    client: httpx2.AsyncClient,
) -> None:
    answer = (await client.get(f"events/view/event:pond-survey-april-2027/{TOKEN}")).json()
    assert answer == {
        "message": "success",
        "event": {
            "id": "3307",
            "register_url": f"{ROOT}/bookings/start/event:pond-survey-april-2027",
            "name": "Pond Survey April 2027",
            "slug": "pond-survey-april-2027",
            "location": "Mill Lane, Surrey",
            "summary": "One day by the water.\r\n",
            "registration_opens": "2026-12-08T00:00:00+0000",
            "registration_closes": "2027-04-01T00:00:00+0000",
            "event_starts": "2027-04-12T00:00:00+0000",
            "event_ends": "2027-04-12T00:00:00+0000",
            "tags": [],
            "products": [
                {
                    "id": "extra",
                    "event_id": "3307",
                    "event_days": [],
                    "primary": False,
                    "name": "Lunch",
                    "description": "",
                    "total_available": "3",
                    "admin_only": False,
                    "max_order_per_attendee": "1",
                    "vat_rate": None,
                    "position": "1",
                    "total_used": "3",
                    "published": True,
                    "deleted": False,
                    "deleted_date": None,
                    "created": "2026-11-02T10:20:30+0000",
                    "modified": "2026-11-02T10:20:30+0000",
                    "sold_out": "1",
                    "current_price": 7,
                    "prices": [
                        {"value": "5.00", "until_end_of": "2027-02-28", "product_id": "extra"},
                        {"value": "7.00", "until_end_of": None, "product_id": "extra"},
                    ],
                },
                {
                    "id": MEMBER,
                    "event_id": "3307",
                    "event_days": ["Monday"],
                    "primary": True,
                    "name": "Member",
                    "description": "Includes lunch &amp; a &pound;5 guide",
                    "total_available": "40",
                    "admin_only": False,
                    "max_order_per_attendee": "2",
                    "vat_rate": None,
                    "position": "3",
                    "total_used": "7",
                    "published": True,
                    "deleted": False,
                    "deleted_date": None,
                    "created": "2026-11-02T10:20:30+0000",
                    "modified": "2026-11-02T10:20:30+0000",
                    "sold_out": "0",
                    "current_price": 95.5,
                    "prices": [{"value": "95.50", "until_end_of": None, "product_id": MEMBER}],
                },
            ],
        },
    }


async def test_a_price_step_holds_to_the_end_of_its_last_day(client: httpx2.AsyncClient, world: World) -> None:
    world.switches["eventhq.today"] = "2027-02-28"
    answer = await client.get(f"events/view/event:pond-survey-april-2027/{TOKEN}")
    assert answer.json()["event"]["products"][0]["current_price"] == 5


async def test_the_clean_mode_completes_the_view_and_tells_true_offsets(
    client: httpx2.AsyncClient, world: World
) -> None:
    world.switches["eventhq.clean_view"] = True
    row = (await client.get(f"events/index/{TOKEN}/q:Pond")).json()["events"][0]
    view = (await client.get(f"events/view/event:pond-survey-april-2027/{TOKEN}")).json()["event"]
    del view["products"]
    assert view == row
    assert (row["registration_opens"][-5:], row["event_starts"][-5:]) == ("+0000", "+0100")


async def test_json_is_written_as_php_writes_it(client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"events/index/{TOKEN}/limit:1")
    assert "http:\\/\\/127.0.0.1:9\\/eventhq\\/api\\/v1\\/events" in answer.text
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_times_may_be_null(client: httpx2.AsyncClient) -> None:
    row = (await client.get(f"events/index/{TOKEN}/q:undated")).json()["events"][0]
    assert (row["event_starts"], row["registration_opens"]) == (None, None)
