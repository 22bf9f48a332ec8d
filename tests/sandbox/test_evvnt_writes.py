"""evvnt's stand-in: what it takes, what it refuses and in which words, and that nothing makes it stumble."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.evvnt import EvvntStandIn
from eventdesk_server.sandbox.evvnt.state import Role

pytestmark = pytest.mark.anyio

NOW = datetime(2027, 3, 2, 12, tzinfo=UTC)
USER, OTHER = "550e8400-e29b-41d4-a716-446655440000", "af356362-b1cd-4e2a-82aa-112142abcded"
MINE, SPENT, THEIRS = "package-mine", "package-spent", "package-theirs"
NEW: dict[str, Any] = {
    "title": "Quayside Jazz",
    "category_id": 19,
    "start_time": "2027-06-12T19:30:00+0100",
    "end_time": "2027-06-12T23:00:00+0100",
    "summary": "An evening by the river.\n",
    "description": "Two sets.\nBar open.",
    "contact": {"name": "Lee Dock", "email": "lee@example.com", "tel": "020 0000 0000"},
    "venue": {
        "name": "Old Boathouse",
        "address_1": "1 Quay Rd",
        "town": "London",
        "country": "GB",
        "postcode": "SE1 0AA",
    },
    "prices": {"Door": "GBP 12.50"},
}


def _package(uuid: str, owner: str, **more: Any) -> dict[str, Any]:
    return {
        "uuid": uuid,
        "owner": owner,
        "type": "SinglePackage",
        "broadcast_volume": 45,
        "event_quantity": 2,
        "purchase_date": "2027-01-31",
        **more,
    }


class Desk:
    def __init__(self, **switches: Any) -> None:
        self.world = World(clock=Clock(NOW), switches={f"evvnt.{name}": value for name, value in switches.items()})
        self.standin = EvvntStandIn(self.world)
        users = [{"uuid": uuid, "name": "Richard Green", "email": "richard@example.com"} for uuid in (USER, OTHER)]
        packages = [
            _package(MINE, "organiser"),
            _package(SPENT, "organiser", used=2),
            _package(THEIRS, "partner", user_id=USER),
        ]
        sites = [{"id": 324, "name": "Suuper", "url": "https://suuper.example.com/", "roles": ["publisher", "partner"]}]
        self.standin.load({"users": users, "packages": packages, "publishers": sites})

    @asynccontextmanager
    async def client(self, role: Role = "organiser") -> AsyncGenerator[httpx2.AsyncClient]:
        login = self.standin.credentials_for(role)
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.standin.app()),
            base_url="http://evvnt.invalid",
            auth=(login["key"], login["secret"]),
        ) as client:
            yield client

    async def send(self, method: str, path: str, body: Any = None, role: Role = "organiser", status: int = 200) -> Any:
        async with self.client(role) as client:
            answer = await client.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def create(self, role: Role = "organiser", path: str = "/events", **more: Any) -> int:
        return (await self.send("POST", path, {**NEW, **more}, role))["id"]

    async def event(self, number: int) -> dict[str, Any]:
        return await self.send("GET", f"/events/{number}")

    async def complaints(
        self, body: Any, path: str = "/events", role: Role = "organiser", method: str = "POST"
    ) -> list[str]:
        answer = await self.send(method, path, body, role, 400)
        assert set(answer) == {"errors"}
        return answer["errors"]

    def used(self, uuid: str) -> int:
        row = self.world.store.row("select used from evvnt_packages where uuid = ?", (uuid,))
        assert row is not None
        return row["used"]

    def count(self) -> int:
        return len(self.world.store.rows("select 1 from evvnt_events"))


async def test_a_submitted_event_is_public_at_once_and_its_links_are_tracked() -> None:
    desk = Desk()
    number = await desk.create(links={"Website": "https://quay.example.com/jazz"}, package_id=MINE)
    assert number == 70021
    event = await desk.event(number)
    assert event["links"]["Website"].startswith("https://go.evvnt.com/")
    assert (event["summary"], event["prices"]) == ("An evening by the river.\r\n", {"Door": "GBP 12.5"})
    assert event["timestamp"] == "2027-03-02T12:00:00Z"
    assert isinstance(event["venue"]["id"], str)
    assert (await desk.send("GET", f"/events/{number}/report"))["broadcast_results"]["num_sites_total"] == 45


async def test_links_that_were_read_and_written_back_lose_the_originals() -> None:
    desk = Desk()
    number = await desk.create(links={"Website": "https://quay.example.com/jazz"})
    tracked = (await desk.event(number))["links"]
    await desk.send("PUT", f"/events/{number}", {"links": tracked})
    assert (await desk.event(number))["links"] != tracked


async def test_success_may_be_201_and_a_put_may_answer_nothing() -> None:
    desk = Desk(created=201, put_answer="empty")
    number = (await desk.send("POST", "/events", NEW, status=201))["id"]
    assert await desk.send("PUT", f"/events/{number}", {"title": "New"}) is None
    await desk.send("POST", "/users", {"name": "A", "email": "a@example.com"}, "partner", 201)
    await desk.send("POST", "/packages", {"id": 61, "event_quantity": 1}, status=201)


async def test_all_complaints_come_at_once() -> None:
    assert await Desk().complaints({}) == [
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
    desk = Desk()
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
    desk = Desk()
    await desk.event(await desk.create(**change))


async def test_the_partners_door_rule_differs_from_the_organisers() -> None:
    desk = Desk()
    early = {**NEW, "door_time": "2027-06-12T19:00:00+0100"}
    assert await desk.complaints(early, f"/events?user_id={USER}", "partner") == [
        "Event door_time must be on or after start_time and on or before end_time"
    ]
    await desk.send("POST", "/events", early)
    await Desk(door_rule="lenient").send("POST", f"/events?user_id={USER}", early, "partner")


async def test_what_the_reference_leaves_open_can_be_switched() -> None:
    await Desk(check_end=False).create(end_time="2027-06-12T18:00:00+0100")
    await Desk(contact_required=False).create(contact=None)
    assert await Desk(package_required=True).complaints(NEW) == ["Event package_id can't be blank"]


async def test_a_hashtag_loses_what_is_not_allowed() -> None:
    desk = Desk()
    assert (await desk.event(await desk.create(hashtag="#quay-jazz_27 é")))["hashtag"] == "quayjazz_27"


async def test_an_event_uses_up_a_credit_until_none_is_left() -> None:
    desk = Desk()
    for _ in range(2):
        await desk.create(package_id=MINE)
    assert desk.used(MINE) == 2
    assert await desk.complaints({**NEW, "package_id": MINE}) == ["Package has no credits left"]
    assert (desk.used(MINE), desk.count()) == (2, 2)


async def test_a_refused_event_uses_up_nothing() -> None:
    desk = Desk()
    await desk.complaints({**NEW, "title": "", "package_id": MINE})
    assert desk.used(MINE) == 0


async def test_the_same_submission_twice_makes_two_events() -> None:
    desk = Desk()
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
    async with Desk().client() as client:
        answer = await client.post("/events", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["errors"][0]) == (400, first)


async def test_an_update_changes_what_it_names_and_nothing_else() -> None:
    desk = Desk()
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
    desk = Desk()
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
        desk = Desk(nested=nested)
        number = await desk.create(links=links)
        await desk.send("PUT", f"/events/{number}", {"links": {"Website": "https://c.example"}})
        assert set((await desk.event(number))["links"]) == names
    desk = Desk(nested="merge")
    number = await desk.create()
    await desk.send("PUT", f"/events/{number}", {"venue": {"name": "New hall"}})
    assert (await desk.event(number))["venue"]["town"] == "London"


async def test_an_unknown_or_foreign_event_cannot_be_updated() -> None:
    desk = Desk()
    theirs = await desk.create("partner", f"/events?user_id={USER}")
    for number in (theirs, 1, "x", "99999999999999999999999"):
        await desk.send("PUT", f"/events/{number}", {"title": "New"}, status=404)


async def test_a_partner_writes_for_a_user_it_names() -> None:
    desk = Desk()
    for path in ("/events", "/events?user_id=nobody", "/packages", "/packages?user_id=nobody"):
        assert await desk.send("POST", path, NEW, "partner", 403) == {"errors": ["Unknown user id"]}
    query = f"user_id={USER}&publisher_id=324&package_id={THEIRS}"
    number = await desk.create("partner", f"/events?{query}")
    assert desk.used(THEIRS) == 1
    assert (await desk.send("GET", f"/events/ours/{number}", role="partner"))["user_id"] == USER
    for wrong in ("", "?user_id=nobody", f"?user_id={OTHER}"):
        answer = await desk.send("PUT", f"/events/{number}{wrong}", {"title": "N"}, "partner", 403)
        assert answer == {"errors": ["Incorrect user id"]}
    assert await desk.send("PUT", f"/events/{number}?user_id={USER}", {"title": "N"}, "partner") == {}
    await desk.send("PUT", f"/events/1?user_id={USER}", {"title": "N"}, "partner", 404)


async def test_a_partners_package_and_publisher_must_fit_the_user() -> None:
    desk = Desk()
    for query, complaint in (
        (f"user_id={OTHER}&package_id={THEIRS}", "Event package_id is not one of your packages"),
        (f"user_id={USER}&publisher_id=1", "Publisher is not known"),
        (f"user_id={USER}&publisher_id=x", "Publisher is not known"),
    ):
        assert await desk.complaints(NEW, f"/events?{query}", "partner") == [complaint]
    await desk.create("partner", f"/events?user_id={USER}", package_id=THEIRS)
    assert desk.used(THEIRS) == 1


async def test_a_partner_may_send_one_image_as_text() -> None:
    desk = Desk()
    number = await desk.create("partner", f"/events?user_id={USER}", image_urls="https://a.example/1")
    assert (await desk.event(number))["image_urls"] == ["https://a.example/1"]


async def test_a_package_is_bought_and_listed() -> None:
    desk = Desk()
    order = {"id": 61, "event_quantity": 5, "purchase_order_id": "PO235"}
    number = (await desk.send("POST", "/packages", order))["id"]
    package = {
        "uuid": number,
        "type": "SinglePackage",
        "broadcast_volume": 45,
        "event_quantity": 5,
        "purchase_order_id": "PO235",
        "notes": "",
        "purchase_date": "2027-03-02",
    }
    assert (await desk.send("GET", "/packages/mine"))[-1] == package
    assert await desk.send("GET", f"/packages/{number}") == package
    await desk.send("GET", f"/packages/{number}", role="partner", status=404)
    theirs = (await desk.send("POST", f"/packages?user_id={OTHER}", order, "partner"))["id"]
    assert await desk.send("GET", f"/users/{OTHER}/packages", role="partner") == [
        {**package, "uuid": theirs, "user_id": OTHER}
    ]
    assert await desk.send("GET", "/packages/mine", role="partner") == []


@pytest.mark.parametrize(
    ("body", "complaints"),
    [
        ({"id": 61}, ["Package event_quantity can't be blank, is not a number"]),
        ({}, ["Package id can't be blank", "Package event_quantity can't be blank, is not a number"]),
        ({"id": 61, "event_quantity": "5"}, ["Package event_quantity is not a number"]),
        ({"id": 61, "event_quantity": 0}, ["Package event_quantity must be greater than 0"]),
        ({"id": 62, "event_quantity": 1}, ["Package id is not a package option of your contract"]),
        ({"id": 61, "event_quantity": 1, "notes": 5}, ["Package notes is invalid"]),
    ],
)
async def test_a_wrong_order_buys_nothing(body: dict[str, Any], complaints: list[str]) -> None:
    desk = Desk()
    assert await desk.complaints(body, "/packages") == complaints
    assert len(await desk.send("GET", "/packages/mine")) == 2


async def test_users_are_made_read_and_changed() -> None:
    desk = Desk()
    number = (await desk.send("POST", "/users", {"name": "Delores Smith", "email": "d@example.com"}, "partner"))["id"]
    path = f"/users/{number}"
    everybody = await desk.send("GET", "/users", role="partner")
    assert everybody[-1] == {"uuid": number, "name": "Delores Smith", "email": "d@example.com"}
    assert await desk.send("GET", path, role="partner") == {"name": "Delores Smith", "email": "d@example.com"}
    assert await desk.send("PUT", path, {"email": "d2@example.com"}, "partner") == {}
    assert await desk.send("PUT", path, {}, "partner") == {}
    assert await desk.send("GET", path, role="partner") == {"name": "Delores Smith", "email": "d2@example.com"}
    assert "uuid" in await Desk(user_uuid=True).send("GET", f"/users/{USER}", role="partner")
    for method, where in (("GET", "/users/nobody"), ("PUT", "/users/nobody"), ("GET", "/users/nobody/packages")):
        await desk.send(method, where, {}, "partner", 404)


@pytest.mark.parametrize(
    ("method", "body", "complaints"),
    [
        ("POST", {}, ["Name can't be blank", "Not a valid email address"]),
        ("POST", {"name": 5, "email": "a@example"}, ["Name is invalid", "Not a valid email address"]),
        ("PUT", {"email": "nowhere"}, ["Not a valid email address"]),
        ("PUT", {"name": ""}, ["Name can't be blank"]),
    ],
)
async def test_a_wrong_user_is_refused(method: str, body: dict[str, Any], complaints: list[str]) -> None:
    path = "/users" if method == "POST" else f"/users/{USER}"
    assert await Desk().complaints(body, path, "partner", method) == complaints


async def test_a_live_page_is_reported_by_url_or_slug() -> None:
    desk = Desk()
    number = await desk.create()
    desk.standin.load({"published_events": [{"publisher_id": 324, "event_id": number}]})
    path = f"/publishers/324/published_events/{number}"

    async def url_after(body: dict[str, Any]) -> str:
        assert await desk.send("PUT", path, body, "publisher") == {}
        return (await desk.send("GET", path, role="publisher"))["url"]

    assert await url_after({"url": "https://new.example.com"}) == "https://new.example.com"
    assert await url_after({"slug": "events/quay"}) == "https://suuper.example.com/events/quay"
    assert await url_after({"url": "https://c.example", "slug": "d"}) == "https://c.example"
    for body, complaint in (
        ({}, "Url can't be blank"), ({"url": 5}, "Url is invalid"), ({"url": "x"}, "Url is invalid"),
        ({"slug": 5}, "Slug is invalid"),
    ):  # fmt: skip
        assert await desk.complaints(body, path, "publisher", "PUT") == [complaint]
    await desk.send("PUT", path, {"url": "https://c.example"}, "organiser", 404)
    await desk.send("PUT", "/publishers/324/published_events/1", {"url": "https://c.example"}, "publisher", 404)
    desk.world.switches["evvnt.slug_and_url"] = "reject"
    both = {"url": "https://c.example", "slug": "d"}
    assert await desk.complaints(both, path, "publisher", "PUT") == ["Slug is not allowed together with url"]


@pytest.mark.parametrize(
    ("season", "message"),
    [
        ({"evnets": []}, "season: unknown key 'evnets'"),
        ({"events": {}}, "events: must be a list"),
        ({"events": [5]}, "events[0]: must be an object"),
        ({"users": [{"uuid": "u", "name": "N"}]}, "users[0].email: missing"),
        ({"users": [{"uuid": "u", "name": "N", "email": 5}]}, "users[0].email: 5 does not fit"),
        ({"users": [{"uuid": USER, "name": "N", "email": "e"}]}, f"users[0].uuid: {USER!r} is there already"),
        ({"packages": [_package("p", "publisher")]}, "packages[0].owner: 'publisher' does not fit"),
        ({"packages": [_package("p", "organiser", user_id=USER)]}, "packages[0].user_id: not a user of the partner"),
        ({"published_events": [{"publisher_id": 1, "event_id": 5}]}, "published_events[0].event_id: no such event"),
        ({"categories": [{"id": 1, "parent_id": "x", "name": "N"}]}, "categories[0].parent_id: 'x' does not fit"),
        ({"contract": [{"id": 1}]}, "contract[0].type: missing"),
        (
            {"events": [{**NEW, "id": 5, "owner": "feed", "timestamp": "2027-01-01"}]},
            "events[0].timestamp: '2027-01-01' does not fit",
        ),
        (
            {"events": [{**NEW, "id": 5, "owner": "feed", "timestamp": "2027-01-01T00:00:00Z", "category_id": 7777}]},
            "events[0].category_id: no such category",
        ),
        ({"events": [{"id": "x5"}]}, "events[0].id: 'x5' does not fit"),
        ({"events": [{"id": 5, "venue": 5, "colour": 1}]}, "events[0]: unknown key 'colour'"),
    ],
)
def test_a_wrong_season_is_refused_by_its_path_and_leaves_nothing(season: dict[str, Any], message: str) -> None:
    desk = Desk()
    with pytest.raises(ValueError, match=r".") as raised:
        desk.standin.load({"publishers": [{"id": 999, "name": "New"}], **season})
    assert str(raised.value) == message
    assert desk.world.store.row("select 1 from evvnt_publishers where id = 999") is None


_KEYS = st.sampled_from(
    [
        *NEW,
        "capacity",
        "links",
        "image_urls",
        "door_time",
        "hashtag",
        "package_id",
        "id",
        "event_quantity",
        "name",
        "email",
        "url",
        "slug",
        "sub_category_ids",
        "country",
        "latitude",
        "Website",
    ]
)
_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**70),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        [
            "\ud800",
            "\x00",
            "2027-06-12T19:30:00+0100",
            "0001-01-01T00:00:00+2359",
            "9999-12-31T23:59:59-2359",
            "GBP 1",
            "https://a.example",
            "a@b.example",
            "GB",
            MINE,
        ]
    ),
)
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS | st.text(max_size=3), inner, max_size=4)
)
_BODIES = st.one_of(
    _JSON,
    st.dictionaries(_KEYS, _JSON, max_size=4),
    st.dictionaries(_KEYS, _JSON, max_size=2).map(lambda some: {**NEW, **some}),
)
_PATHS = st.sampled_from(
    [
        "/events",
        "/events/mine",
        "/events/ours",
        "/events/70021",
        "/events/70021/report",
        "/events/ours/70021",
        "/packages",
        "/packages/mine",
        f"/packages/{MINE}",
        "/users",
        f"/users/{USER}",
        f"/users/{USER}/packages",
        "/publishers",
        "/publishers/324/categories",
        "/publishers/324/published_events",
        "/publishers/324/published_events/70021",
        "/categories",
        "/contract",
    ]
)
_QUERIES = st.dictionaries(
    st.sampled_from(
        [
            "max_results",
            "page",
            "newer_than",
            "category_id",
            "country",
            "user_id",
            "publisher_id",
            "package_id",
            "filter",
        ]
    ),
    st.one_of(
        st.text(max_size=6), st.integers().map(str), st.sampled_from([USER, "0001-01-01", "2027-01-01T00:00:00+14:00"])
    ),
    max_size=3,
)


@settings(max_examples=300, deadline=None)
@given(
    role=st.sampled_from(["publisher", "organiser", "partner"]),
    method=st.sampled_from(["GET", "POST", "PUT"]),
    path=_PATHS,
    query=_QUERIES,
    body=_BODIES,
)
def test_no_request_makes_it_stumble(role: Role, method: str, path: str, query: dict[str, str], body: Any) -> None:
    desk = Desk()

    async def run() -> None:
        number = await desk.create()
        desk.standin.load({"published_events": [{"publisher_id": 324, "event_id": number}]})
        async with desk.client(role) as client:
            content = json.dumps(body).encode() if method != "GET" else None
            headers = {"Content-Type": "application/json"}
            answer = await client.request(method, path, params=query, content=content, headers=headers)
            assert answer.status_code in (200, 400, 403, 404)
            if answer.status_code in (400, 403):
                assert set(answer.json()) == {"errors"}
            assert (await client.get("/events")).status_code == 200

    anyio.run(run)
