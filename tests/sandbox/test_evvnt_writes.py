"""evvnt's stand-in: what it takes of an organiser, what it refuses and in which words."""

from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.evvnt_desk import MINE, NEW, SPENT, THEIRS, USER, StockedDesk

pytestmark = pytest.mark.anyio


async def test_a_submitted_event_is_public_at_once_and_its_links_are_tracked() -> None:
    desk = StockedDesk()
    number = await desk.create(links={"Website": "https://quay.example.com/jazz"}, package_id=MINE)
    assert number == 70021
    event = await desk.event(number)
    assert event["links"]["Website"].startswith("https://go.evvnt.com/")
    assert (event["summary"], event["prices"]) == ("An evening by the river.\r\n", {"Door": "GBP 12.5"})
    assert event["timestamp"] == "2027-03-02T12:00:00Z"
    assert isinstance(event["venue"]["id"], str)
    assert (await desk.send("GET", f"/events/{number}/report"))["broadcast_results"]["num_sites_total"] == 45


async def test_links_that_were_read_and_written_back_lose_the_originals() -> None:
    desk = StockedDesk()
    number = await desk.create(links={"Website": "https://quay.example.com/jazz"})
    tracked = (await desk.event(number))["links"]
    await desk.send("PUT", f"/events/{number}", {"links": tracked})
    assert (await desk.event(number))["links"] != tracked


async def test_success_may_be_201_and_a_put_may_answer_nothing() -> None:
    desk = StockedDesk(created=201, put_answer="empty")
    number = (await desk.send("POST", "/events", NEW, status=201))["id"]
    assert await desk.send("PUT", f"/events/{number}", {"title": "New"}) is None
    await desk.send("POST", "/users", {"name": "A", "email": "a@example.com"}, "partner", 201)
    await desk.send("POST", "/packages", {"id": 61, "event_quantity": 1}, status=201)


async def test_all_complaints_come_at_once() -> None:
    assert await StockedDesk().complaints({}) == [
        "Event title can't be blank",
        "Event category_id can't be blank",
        "Event start_time can't be blank",
        "Event end_time can't be blank",
        "Event summary can't be blank",
        "Event description can't be blank",
        "Event contact can't be blank",
        "Event venue can't be blank",
        "Event prices can't be blank",
    ]


_TIME = "is not a valid ISO8601 time with an offset from UTC"


@pytest.mark.parametrize(
    ("change", "complaints"),
    [
        ({"title": " "}, ["Event title can't be blank"]),
        ({"title": 5}, ["Event title is invalid"]),
        ({"capacity": "many"}, ["Event capacity is not a number"]),
        ({"capacity": -1}, ["Event capacity is not a number"]),
        ({"category_id": "19"}, ["Event category_id is not a number"]),
        ({"category_id": True}, ["Event category_id is not a number"]),
        ({"category_id": 7777}, ["Event category_id is not a known category"]),
        ({"sub_category_ids": 19}, ["Event sub_category_ids is invalid"]),
        ({"sub_category_ids": [19, 7777]}, ["Event sub_category_ids is not a known category"]),
        ({"start_time": "2027-06-12T19:30:00"}, [f"Event start_time {_TIME}"]),
        ({"start_time": "2027-06-12 19:30:00+0100"}, [f"Event start_time {_TIME}"]),
        ({"end_time": "2027-02-30T19:30:00+0100"}, [f"Event end_time {_TIME}"]),
        ({"end_time": 1812}, [f"Event end_time {_TIME}"]),
        ({"end_time": "2027-06-12T19:29:59+0100"}, ["Event end_time must not be before start_time"]),
        ({"summary": "x" * 201}, ["Event summary is too long (maximum is 200 characters)"]),
        ({"description": "x" * 2001}, ["Event description is too long (maximum is 2000 characters)"]),
        ({"contact": {"name": "Lee"}}, ["Contact email can't be blank", "Contact tel can't be blank"]),
        ({"contact": {**NEW["contact"], "email": "lee"}}, ["Contact email is not a valid email address"]),
        ({"contact": "Lee"}, ["Event contact is invalid"]),
        ({"venue": {}}, ["Event venue can't be blank"]),
        (
            {"venue": {"country": "FR"}},
            ["Venue name can't be blank", "Venue address_1 can't be blank", "Venue town can't be blank"],
        ),
        ({"venue": {**NEW["venue"], "country": "England"}}, ["Venue country is not a two letter ISO code"]),
        ({"venue": {**NEW["venue"], "country": "gb"}}, ["Venue country is not a two letter ISO code"]),
        ({"venue": {**NEW["venue"], "postcode": ""}}, ["Venue postcode can't be blank"]),
        ({"venue": {**NEW["venue"], "country": "US", "postcode": None}}, ["Venue postcode can't be blank"]),
        ({"venue": {**NEW["venue"], "latitude": "51"}}, ["Venue latitude is not a number"]),
        ({"venue": {**NEW["venue"], "longitude": 181}}, ["Venue longitude is not a number"]),
        ({"venue": {**NEW["venue"], "id": "x"}}, ["Venue id is not a number"]),
        ({"venue": {**NEW["venue"], "town": 5}}, ["Venue town is invalid"]),
        ({"prices": {"Door": 12.5}}, ["Event prices is invalid"]),
        ({"prices": {"Door": "12.5 GBP"}}, ["Event prices is invalid"]),
        ({"prices": ["GBP 1"]}, ["Event prices is invalid"]),
        ({"links": {"Web": "https://a.example"}}, ["Event links contains an unknown name"]),
        ({"links": {"Website": "a.example"}}, ["Event links contains an invalid url"]),
        ({"links": "https://a.example"}, ["Event links is invalid"]),
        ({"image_urls": ["https://a.example/1"] * 3}, ["Event image_urls is too long (maximum is 2 urls)"]),
        ({"image_urls": "https://a.example/1"}, ["Event image_urls is invalid"]),
        ({"image_urls": ["//a.example/1"]}, ["Event image_urls is invalid"]),
        ({"package_id": "nobody"}, ["Event package_id is not one of your packages"]),
        ({"package_id": 5}, ["Event package_id is not one of your packages"]),
        ({"package_id": THEIRS}, ["Event package_id is not one of your packages"]),
        ({"package_id": SPENT}, ["Package has no credits left"]),
        (
            {"last_entry_time": "2027-06-13T19:30:00+0100"},
            ["Event last_entry_time must be on or after start_time and on or before end_time"],
        ),
        ({"door_time": "2027-06-12T23:00:00+0100"}, ["Event door_time must be before end_time"]),
        (
            {"door_time": "2027-06-12T20:30:00+0100", "last_entry_time": "2027-06-12T20:00:00+0100"},
            ["Event door_time must be before last_entry_time"],
        ),
    ],
)
async def test_a_wrong_field_is_refused_in_a_sentence(change: dict[str, Any], complaints: list[str]) -> None:
    desk = StockedDesk()
    assert await desk.complaints({**NEW, **change}) == complaints
    assert desk.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"venue": {**NEW["venue"], "country": "FR", "postcode": ""}},
        {"prices": {"Free": "GBP 0"}},
        {"summary": "x" * 200, "description": "ж" * 2000},
        {"end_time": NEW["start_time"]},
        {"start_time": "2027-06-12T18:30:00Z", "end_time": "2027-06-12T21:00+02:00"},
        {"door_time": "2027-06-12T19:00:00+0100", "last_entry_time": "2027-06-12T23:00:00+0100"},
        {"capacity": None, "links": None, "door_time": "", "image_urls": []},
        {"image_urls": ["https://a.example/1", "http://b.example/2"], "sub_category_ids": [22, 31]},
        {"unheard_of": {"a": 1}},
        {"venue": {**NEW["venue"], "id": 15, "latitude": 51.5, "longitude": -0.08}},
    ],
)
async def test_what_the_rules_allow_is_taken(change: dict[str, Any]) -> None:
    desk = StockedDesk()
    await desk.event(await desk.create(**change))


async def test_the_partners_door_rule_differs_from_the_organisers() -> None:
    desk = StockedDesk()
    early = {**NEW, "door_time": "2027-06-12T19:00:00+0100"}
    assert await desk.complaints(early, f"/events?user_id={USER}", "partner") == [
        "Event door_time must be on or after start_time and on or before end_time"
    ]
    await desk.send("POST", "/events", early)
    await StockedDesk(door_rule="lenient").send("POST", f"/events?user_id={USER}", early, "partner")


async def test_what_the_reference_leaves_open_can_be_switched() -> None:
    await StockedDesk(check_end=False).create(end_time="2027-06-12T18:00:00+0100")
    await StockedDesk(contact_required=False).create(contact=None)
    assert await StockedDesk(package_required=True).complaints(NEW) == ["Event package_id can't be blank"]


async def test_a_hashtag_loses_what_is_not_allowed() -> None:
    desk = StockedDesk()
    assert (await desk.event(await desk.create(hashtag="#quay-jazz_27 é")))["hashtag"] == "quayjazz_27"


async def test_an_event_uses_up_a_credit_until_none_is_left() -> None:
    desk = StockedDesk()
    for _ in range(2):
        await desk.create(package_id=MINE)
    assert desk.used(MINE) == 2
    assert await desk.complaints({**NEW, "package_id": MINE}) == ["Package has no credits left"]
    assert (desk.used(MINE), desk.count()) == (2, 2)


async def test_a_refused_event_uses_up_nothing() -> None:
    desk = StockedDesk()
    await desk.complaints({**NEW, "title": "", "package_id": MINE})
    assert desk.used(MINE) == 0


async def test_the_same_submission_twice_makes_two_events() -> None:
    desk = StockedDesk()
    assert await desk.create() != await desk.create()


@pytest.mark.parametrize(
    ("content", "kind", "first"),
    [
        (b"{", "application/json", "Request body is not a JSON object"),
        (b"[]", "application/json", "Request body is not a JSON object"),
        (b"\xff\xfe", "application/json", "Request body is not a JSON object"),
        (b'{"capacity": NaN}', "application/json", "Request body is not a JSON object"),
        (b"[" * 5000, "application/json", "Request body is not a JSON object"),
        (b'{"a":' * 400 + b"1" + b"}" * 400, "application/json; charset=utf-8", "Event title can't be blank"),
        (b"", "application/json", "Request body is not a JSON object"),
        (b'{"title": "x"}', "text/plain", "Event title can't be blank"),
        (b"title=x", "application/x-www-form-urlencoded", "Event title can't be blank"),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(content: bytes, kind: str, first: str) -> None:
    async with StockedDesk().client() as client:
        answer = await client.post("/events", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["errors"][0]) == (400, first)


async def test_an_update_changes_what_it_names_and_nothing_else() -> None:
    desk = StockedDesk()
    number = await desk.create(capacity=5, package_id=MINE)
    before = await desk.event(number)
    desk.world.clock.advance(timedelta(hours=1))
    assert await desk.send("PUT", f"/events/{number}", {"title": "New", "capacity": None}) == {}
    after = await desk.event(number)
    assert after.pop("title") == "New"
    assert after.pop("timestamp") == "2027-03-02T13:00:00Z"
    del before["title"], before["timestamp"], before["capacity"]
    assert after == before
    assert desk.used(MINE) == 1


async def test_an_update_is_checked_against_what_is_there() -> None:
    desk = StockedDesk()
    path = f"/events/{await desk.create()}"
    assert await desk.complaints({"title": "", "start_time": "2027-06-13T19:30:00+0100"}, path, method="PUT") == [
        "Event title can't be blank",
        "Event end_time must not be before start_time",
    ]
    assert await desk.complaints({"venue": {"name": "New hall"}}, path, method="PUT") == [
        "Venue address_1 can't be blank",
        "Venue town can't be blank",
        "Venue country can't be blank",
    ]


async def test_nested_parts_are_replaced_or_by_switch_merged() -> None:
    links = {"Website": "https://a.example", "Booking": "https://b.example"}
    for nested, names in (("replace", {"Website"}), ("merge", {"Website", "Booking"})):
        desk = StockedDesk(nested=nested)
        number = await desk.create(links=links)
        await desk.send("PUT", f"/events/{number}", {"links": {"Website": "https://c.example"}})
        assert set((await desk.event(number))["links"]) == names
    desk = StockedDesk(nested="merge")
    number = await desk.create()
    await desk.send("PUT", f"/events/{number}", {"venue": {"name": "New hall"}})
    assert (await desk.event(number))["venue"]["town"] == "London"


async def test_an_unknown_or_foreign_event_cannot_be_updated() -> None:
    desk = StockedDesk()
    theirs = await desk.create("partner", f"/events?user_id={USER}")
    for number in (theirs, 1, "x", "99999999999999999999999"):
        await desk.send("PUT", f"/events/{number}", {"title": "New"}, status=404)
