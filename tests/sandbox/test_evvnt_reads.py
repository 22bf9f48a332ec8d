"""evvnt's stand-in: log-ins, paths, shapes of answers."""

import base64

import httpx2
import pytest

from eventdesk_server.sandbox.evvnt.state import Role
from tests.sandbox.evvnt_desk import Desk
from tests.sandbox.evvnt_listings import JAZZ, listing

pytestmark = pytest.mark.anyio


async def test_an_event_has_every_documented_key_in_the_documented_form() -> None:
    event = await Desk({"events": [JAZZ]}).get("/events/70021")
    website = event["links"]["Website"]
    assert website.startswith("https://go.evvnt.com/")
    assert len(website) == len("https://go.evvnt.com/aa11bb")
    assert event == {
        "id": 70021,
        "title": "Quayside Jazz",
        "capacity": 120,
        "category_id": 19,
        "sub_category_ids": [],
        "timestamp": "2027-03-02T10:05:00Z",
        "start_time": "2027-06-12T19:30:00+01:00",
        "end_time": "2027-06-12T23:00:00+01:00",
        "door_time": "2027-06-12T19:00:00+0100",
        "summary": "An evening by the river.\r\n",
        "description": "Two sets.\r\nBar open.",
        "image_urls": ["https://img.example.com/jazz.jpg"],
        "organiser_name": "Quay Arts",
        "contact": {"name": "Lee Dock", "email": "lee@example.com", "tel": "020 0000 0000"},
        "venue": {
            "id": "88",
            "name": "Old Boathouse",
            "address_1": "1 Quay Rd",
            "address_2": "",
            "town": "London",
            "country": "GB",
            "postcode": "SE1 0AA",
            "latitude": 51.5,
            "longitude": -0.08,
        },
        "links": {"Website": website},
        "prices": {"Door": "GBP 12.5", "Patron": "USD 80.0", "Cheap": "pay what you can"},
        "artists": "Trio One, Duo Two",
        "keywords": "jazz, river",
        "hashtag": "quayjazz",
    }


async def test_an_event_without_optional_parts_has_no_keys_for_them_and_winter_is_z() -> None:
    event = await Desk({"events": [listing(7)]}).get("/events/7")
    assert set(event) == {
        "id", "title", "category_id", "sub_category_ids", "timestamp", "start_time", "end_time", "summary",
        "description", "venue", "prices",
    }  # fmt: skip
    assert event["start_time"] == "2027-01-10T19:30:00Z"


async def test_keys_can_be_missing_that_the_reference_calls_always_present() -> None:
    omitted = ["contact", "prices", "sub_category_ids", "capacity"]
    event = await Desk({"events": [{**JAZZ, "omitted": omitted}]}).get("/events/70021")
    assert not set(omitted) & set(event)


async def test_one_id_may_have_a_letter_and_the_newer_edition_has_only_text() -> None:
    season = {"events": [listing("67890x"), listing(5)]}
    assert await Desk(season).ids("/events") == ["67890x", 5]
    assert await Desk(season, string_ids=True).ids("/events") == ["67890x", "5"]
    assert (await Desk(season).get("/events/67890x"))["id"] == "67890x"
    await Desk(season).get("/events/67890", status=404)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Basic",
        "Basic !!!",
        "Bearer sandbox-organiser-key",
        "Basic " + base64.b64encode(b"sandbox-organiser-key:wrong").decode(),
        "Basic " + base64.b64encode(b"sandbox-organiser-key:sandbox-partner-secret").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe").decode(),
        "Basic " + base64.b64encode(b"sandbox-organiser-key:sandbox-organiser-secret").decode()[:20] + " =",
    ],
)
@pytest.mark.parametrize("path", ["/events", "/nowhere"])
async def test_a_wrong_login_is_told_so_everywhere(header: str | None, path: str) -> None:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=Desk().standin.app()), base_url="http://evvnt.invalid"
    ) as client:
        answer = await client.get(path, headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.json() == {"errors": ["authentication failed bad key/secret"]}


@pytest.mark.parametrize(
    ("role", "path", "allowed"),
    [
        ("publisher", "/events", True),
        ("publisher", "/events/mine", False),
        ("publisher", "/contract", False),
        ("publisher", "/packages/mine", False),
        ("publisher", "/users", False),
        ("organiser", "/events", True),
        ("organiser", "/publishers", True),
        ("organiser", "/events/mine", True),
        ("organiser", "/users", False),
        ("organiser", "/events/ours", False),
        ("partner", "/users", True),
        ("partner", "/contract", True),
        ("partner", "/events/ours", True),
    ],
)
async def test_a_login_reaches_the_endpoints_of_its_api(role: Role, path: str, allowed: bool) -> None:
    await Desk().get(path, role, 200 if allowed else 403)
    await Desk(role_refusal=404).get(path, role, 200 if allowed else 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nowhere"), ("GET", "/v3/events"), ("GET", "/"), ("GET", "/events/1/"), ("DELETE", "/events/70021"),
     ("PATCH", "/events/70021"), ("POST", "/events/70021/archive"), ("PUT", "/events"), ("POST", "/events/"),
     ("PUT", "/events/70021/"), ("HEAD", "/events"), ("GET", "/events//report"), ("GET", "/events/mine/70021")],
)  # fmt: skip
async def test_what_does_not_exist_is_a_404_without_a_body(method: str, path: str) -> None:
    async with Desk({"events": [JAZZ]}).client() as client:
        answer = await client.request(method, path)
    assert (answer.status_code, answer.content) == (404, b"")


async def test_a_404_may_have_a_body_of_json_or_html() -> None:
    assert await Desk(not_found="json").get("/events/1", status=404) == {"errors": ["Not found"]}
    async with Desk(not_found="html").client() as client:
        assert (await client.get("/events/1")).headers["content-type"].startswith("text/html")


async def test_a_suffix_and_a_trailing_slash_are_accepted_on_reading() -> None:
    desk = Desk({"events": [JAZZ]})
    for path in ("/events/70021.json", "/events/70021/"):
        assert (await desk.get(path))["id"] == 70021
    for path in ("/events.json", "/events/", "/events/mine.json", "/events/mine/"):
        assert await desk.ids(path) == [70021]
    await Desk(slashes=False).get("/events/", status=404)
