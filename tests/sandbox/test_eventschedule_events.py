"""Event Schedule's events: listing, flyers, deleting."""

import pytest

from tests.sandbox.organiser import OWNER, Desk
from tests.sandbox.programme import create, schedule

pytestmark = pytest.mark.anyio


async def test_filters_combine_and_have_their_traps(desk: Desk) -> None:
    desk.load(
        schedules=[schedule("loft", groups=[{"name": "Late"}]), schedule("duo", "talent")],
        events=[
            {
                "name": "Alpha_1",
                "starts_at": "2027-03-01 23:59:59",
                "schedules": [{"subdomain": "loft", "group": "late"}],
                "tickets_enabled": True,
                "category_id": 4,
            },
            {
                "name": "Beta",
                "starts_at": "2027-03-02 00:00:00",
                "schedules": [{"subdomain": "loft"}],
                "rsvp_enabled": True,
            },
            {"name": "Gamma", "starts_at": None, "schedules": [{"subdomain": "duo"}]},
            {
                "name": "Delta",
                "starts_at": "2026-01-01 10:00:00",
                "schedules": [{"subdomain": "duo"}],
                "recurring_frequency": "daily",
                "is_draft": True,
                "cancelled": True,
            },
            {
                "name": "Booked",
                "starts_at": "2027-01-01 10:00:00",
                "schedules": [{"subdomain": "duo"}],
                "appointment": True,
            },
        ],
    )

    async def names(**params: str) -> list[str]:
        return [row["name"] for row in (await desk.call("GET", "events", params=params))["data"]]

    loft = (await desk.call("GET", "schedules/loft"))["data"]
    assert await names() == ["Beta", "Alpha_1", "Delta", "Gamma"]
    assert await names(subdomain="LOFT") == ["Beta", "Alpha_1"]
    assert await names(subdomain="") == []
    assert await names(starts_after="2027-03-01", starts_before="2027-03-01") == ["Alpha_1"]
    assert await names(venue_id=loft["id"]) == ["Beta", "Alpha_1"]
    assert await names(venue_id="garbage!") == []
    assert await names(category_id="4") == ["Alpha_1"]
    assert await names(name="A_1") == ["Alpha_1"]
    assert await names(schedule_type="recurring") == ["Delta"]
    assert await names(schedule_type="") == ["Beta", "Alpha_1", "Gamma"]
    assert await names(tickets_enabled="1") == ["Alpha_1"]
    assert await names(rsvp_enabled="yes") == ["Beta"]
    assert await names(rsvp_enabled="maybe") == ["Alpha_1", "Delta", "Gamma"]
    assert await names(group_id=loft["groups"][0]["id"]) == ["Alpha_1"]
    assert await names(group_id="garbage!") == ["Beta", "Delta", "Gamma"]
    assert await names(unknown="x", subdomain="duo") == ["Delta", "Gamma"]
    for params in ({"tickets_enabled": "true"}, {"starts_after": "2027-3-1"}, {"per_page": "501"}, {"per_page": "0"}):
        status, body = await desk.refusal("GET", "events", params=params)
        assert (status, set(body["errors"])) == (422, set(params))
    assert (await desk.call("GET", "events", params={"per_page": ""}))["meta"]["per_page"] == 15


async def test_rows_with_equal_starts_may_change_places_between_pages(desk: Desk) -> None:
    events = [
        {"name": f"E{n}", "starts_at": "2027-03-01 10:00:00", "schedules": [{"subdomain": "loft"}]} for n in range(4)
    ]
    desk.load(schedules=[schedule("loft")], events=events)

    async def walk() -> list[str]:
        pages = [await desk.call("GET", "events", params={"page": page, "per_page": 2}) for page in (1, 2)]
        return [row["name"] for page in pages for row in page["data"]]

    assert sorted(await walk()) == ["E0", "E1", "E2", "E3"]
    desk.world.switches["eventschedule.unstable_ties"] = True
    assert len(set(await walk())) < 4


async def test_having_made_an_event_gives_reading_but_not_listing(desk: Desk) -> None:
    desk.load(
        users=[{"email": "zoe@mail.test", "name": "Zoe", "api_key": "f" * 32}],
        schedules=[schedule("hers", owner="zoe@mail.test", members={OWNER: "viewer"})],
        events=[
            {"name": "Mine", "schedules": [{"subdomain": "hers"}], "user": OWNER},
            {"name": "Hers", "schedules": [{"subdomain": "hers"}], "user": "zoe@mail.test"},
        ],
    )
    assert (await desk.call("GET", "events"))["data"] == []
    zoe = desk.client_with(desk.platform.key_of("zoe@mail.test"))
    rows = {row["name"]: row["id"] for row in (await zoe.get("events")).json()["data"]}
    assert set(rows) == {"Mine", "Hers"}
    assert (await desk.call("GET", f"events/{rows['Mine']}"))["data"]["name"] == "Mine"
    assert await desk.refusal("GET", f"events/{rows['Hers']}") == (403, {"error": "Unauthorized"})


async def test_deleting_an_event_takes_its_sales_and_a_lonely_schedule(desk: Desk) -> None:
    await desk.call("POST", "schedules", json={"name": "Bare", "type": "venue"})
    made = await create(desk, "bare", tickets_enabled=True, tickets=[{"type": "A"}])
    sale = (
        await desk.call(
            "POST", "sales", json={"event_id": made["id"], "name": "Ida", "email": "ida@mail.test", "tickets": {"A": 1}}
        )
    )["data"]
    assert await desk.call("DELETE", f"events/{made['id']}") == {"data": {"message": "Event deleted successfully"}}
    assert await desk.refusal("GET", f"sales/{sale['id']}") == (404, {"error": "Sale not found"})
    assert await desk.refusal("DELETE", f"events/{made['id']}") == (404, {"error": "Event not found"})
    assert await desk.refusal("GET", "schedules/bare") == (404, {"error": "Schedule not found"})


async def test_an_appointment_is_cancelled_with_a_body_that_is_not_wrapped(desk: Desk) -> None:
    desk.load(
        schedules=[schedule("loft")],
        events=[
            {
                "name": "Talk",
                "schedules": [{"subdomain": "loft"}],
                "appointment": True,
                "starts_at": "2027-02-01 10:00:00",
            }
        ],
    )
    path = f"events/{desk.platform.state.encode(1)}"
    assert await desk.call("DELETE", path) == {"message": "Appointment cancelled"}
    assert (await desk.call("GET", path))["data"]["name"] == "Talk"


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


async def test_a_flyer_needs_the_right_content_and_the_right_name(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")])
    made = await create(desk)
    path = f"events/flyer/{made['id']}"
    up = await desk.call("POST", path, files={"flyer_image": ("poster.PNG", PNG, "image/png")})
    assert up["meta"] == {"message": "Flyer uploaded successfully"}
    assert up["data"]["flyer_image_url"].startswith("http://desk.test/eventschedule/storage/flyer_")
    assert up["data"]["flyer_image_url"].endswith(".png")
    assert up["data"]["ticket_currency_code"] == "USD"
    status, body = await desk.refusal("POST", path, files={"flyer_image": ("poster.png", b"text", "image/png")})
    assert (status, body["errors"]) == (
        422,
        {"flyer_image": ["The flyer image field must be a file of type: jpg, jpeg, png, gif, webp."]},
    )
    assert await desk.refusal("POST", path, files={"flyer_image": ("poster.txt", PNG)}) == (
        422,
        {"error": "Invalid file type"},
    )
    big = PNG + b"\0" * (10_240 * 1024)
    assert (await desk.refusal("POST", path, files={"flyer_image": ("poster.png", big)}))[1]["errors"] == {
        "flyer_image": ["The flyer image field must not be greater than 10240 kilobytes."]
    }
    assert (await desk.refusal("POST", path))[1]["errors"] == {"flyer_image": ["The flyer image field is required."]}
    assert await desk.refusal("POST", "events/flyer/none") == (404, {"error": "Event not found"})
