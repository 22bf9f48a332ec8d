"""Eventtia's stand-in: logging in, paths, pages, refusals, limits, the season."""

import base64
import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.eventtia import EventtiaStandIn

pytestmark = pytest.mark.anyio
NOW: Final = datetime(2026, 4, 7, 10, 0, tzinfo=UTC)
HARBOR: Final = "/events/harbor-design-days"


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOW), limits=False)


@pytest.fixture
def stand_in(world: World) -> EventtiaStandIn:
    made = EventtiaStandIn(world)
    made.load(_SEASON)
    return made


_SHARED: Final = EventtiaStandIn(World(clock=Clock(NOW), limits=False))
_SEASON: Final = _SHARED.default_season(random.Random(7))
_SHARED.load(_SEASON)


@pytest.fixture
async def reader() -> AsyncIterator[httpx2.AsyncClient]:
    """For tests that change nothing: their events are made once."""
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=_SHARED.app()), base_url="http://desk.example/api/v3"
    ) as client:
        await login(client, _SHARED)
        yield client


@pytest.fixture
async def client(stand_in: EventtiaStandIn) -> AsyncIterator[httpx2.AsyncClient]:
    app = Starlette(routes=[Mount("/eventtia", app=stand_in.app())])
    base = f"http://desk.example/eventtia{stand_in.base_path}"
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=base) as client:
        await login(client, stand_in)
        yield client


async def login(client: httpx2.AsyncClient, stand_in: EventtiaStandIn) -> None:
    body = (await client.post("/auth", json=stand_in.credentials())).json()
    client.headers["Authorization"] = f"Bearer {body['auth_token']}"


async def test_a_login_answers_a_token_for_thirty_days_and_a_name(
    client: httpx2.AsyncClient, stand_in: EventtiaStandIn
) -> None:
    answer = await client.post("/auth", json=stand_in.credentials())
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert set(answer.json()) == {"auth_token", "username"}
    claims = json.loads(base64.urlsafe_b64decode(answer.json()["auth_token"].split(".")[1] + "=="))
    assert set(claims) == {"class", "authentication_key", "event_uri", "exp"}
    assert claims["class"] == "User"
    assert claims["exp"] == int((NOW + timedelta(days=30)).timestamp())


@pytest.mark.parametrize(
    "body", [{}, {"email": "organiser@desk.example", "password": "x"}, {"email": 1, "password": []}, []]
)
async def test_a_wrong_login_is_401_with_a_message(reader: httpx2.AsyncClient, body: Any) -> None:
    answer = await reader.post("/auth", json=body)
    assert (answer.status_code, answer.json()) == (401, {"message": "Wrong username or password."})


async def test_credentials_in_the_query_do_not_log_in(client: httpx2.AsyncClient, stand_in: EventtiaStandIn) -> None:
    assert (await client.post("/auth", params=stand_in.credentials())).status_code == 401


async def test_a_machine_logs_in_with_its_own_pair(client: httpx2.AsyncClient, stand_in: EventtiaStandIn) -> None:
    answer = await client.post("/m2m-auth", json=stand_in.machine_credentials())
    token = answer.json()["access_token"]
    assert (await client.get("/events", headers={"Authorization": f"Bearer {token}"})).status_code == 200
    assert (await client.post("/m2m-auth", json={"client_id": "demo-client", "client_secret": "?"})).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic abc", "Bearer é"])
async def test_a_bad_token_is_401(reader: httpx2.AsyncClient, header: str) -> None:
    answer = await reader.get("/events", headers={"Authorization": header.encode()})  # pyright: ignore[reportArgumentType]: bytes
    assert (answer.status_code, set(answer.json())) == (401, {"message"})


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/countries", 200), ("/cities/40102", 200), (f"{HARBOR}/speakers", 200), (f"{HARBOR}/surveys", 200),
        (f"{HARBOR}/attendees", 200), (f"{HARBOR}/pois", 200), (f"{HARBOR}/zones", 200), (f"{HARBOR}/workshops", 401),
        (f"{HARBOR}/attendees/600001", 401), (f"{HARBOR}/attendees/by_email", 401), ("/events", 401), (HARBOR, 401),
        (f"{HARBOR}/clone-progress", 401), ("/event-custom-fields", 401), (f"{HARBOR}/attendee-payments", 401),
        ("/web_hooks", 401), (f"{HARBOR}/surveys/10051/survey_answers", 401),
    ],
)  # fmt: skip
async def test_only_the_public_calls_answer_without_a_token(reader: httpx2.AsyncClient, path: str, status: int) -> None:
    del reader.headers["Authorization"]
    assert (await reader.get(path)).status_code == status


async def test_a_token_ends_after_thirty_days(
    client: httpx2.AsyncClient, world: World, stand_in: EventtiaStandIn
) -> None:
    world.clock.advance(timedelta(days=30))
    assert (await client.get("/events")).status_code == 401
    await login(client, stand_in)
    assert (await client.get("/events")).status_code == 200


async def test_all_tokens_can_be_made_worthless(
    client: httpx2.AsyncClient, world: World, stand_in: EventtiaStandIn
) -> None:
    world.switches["eventtia.token_generation"] = 1
    assert (await client.get("/events")).status_code == 401
    await login(client, stand_in)
    assert (await client.get("/events")).status_code == 200


async def test_one_401_in_mid_session_ends_that_token_and_no_later_one(
    client: httpx2.AsyncClient, world: World, stand_in: EventtiaStandIn
) -> None:
    world.switches["eventtia.one_401"] = 1
    assert (await client.post("/events", json={})).status_code == 401
    assert (await client.get("/events")).status_code == 401
    await login(client, stand_in)
    assert (await client.get("/events")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"), ("GET", f"{HARBOR}/"), ("GET", f"{HARBOR}//attendees"), ("POST", f"{HARBOR}/attendees"),
        ("GET", f"{HARBOR}/clone"), ("GET", f"{HARBOR}/tickets_stats"), ("GET", f"{HARBOR}/attendee_payments"),
        ("POST", f"{HARBOR}/attendees/600001/update_activities"), ("DELETE", HARBOR), ("PATCH", HARBOR), ("GET", "/auth"),
        ("POST", "/events/"), ("GET", "/events/a%2Fb"),
    ],
)  # fmt: skip
async def test_an_unknown_path_or_method_is_404(reader: httpx2.AsyncClient, method: str, path: str) -> None:
    answer = await reader.request(method, path, json={} if method != "GET" else None)
    assert (answer.status_code, set(answer.json())) == (404, {"message"})


@pytest.mark.parametrize(
    "path",
    ["/events/nope", "/events/90211", f"{HARBOR}/attendees/1", f"{HARBOR}/attendees/x", f"{HARBOR}/workshops/90", "/cities/1",
     "/events/loft-sessions/attendees/600001", "/countries/4/regions/31/cities", f"{HARBOR}/event_params/nope"],
)  # fmt: skip
async def test_an_unknown_record_is_404_with_the_class_name_of_rails(reader: httpx2.AsyncClient, path: str) -> None:
    answer = await reader.get(path)
    assert (answer.status_code, answer.json()) == (404, {"message": "ActiveRecord::RecordNotFound"})


@pytest.mark.parametrize("prefix", ["en", "es", "fr"])
async def test_a_language_may_stand_before_the_path(client: httpx2.AsyncClient, prefix: str) -> None:
    assert (await client.get(f"http://desk.example/eventtia/{prefix}/api/v3/events")).status_code == 200
    assert (await client.get("http://desk.example/eventtia/xx/api/v3/events")).status_code == 404


async def test_a_body_that_is_no_json_is_400_and_one_not_declared_as_json_is_not_read(
    client: httpx2.AsyncClient,
) -> None:
    json_type = {"Content-Type": "application/json"}
    assert (await client.post("/events", content=b"{", headers=json_type)).status_code == 400
    body = b'{"name":"A","start_date":"12/05/2026 - 09:00","end_date":"12/05/2026 - 10:00"}'
    refused = await client.post("/events", content=body, headers={"Content-Type": "text/plain"})
    assert refused.status_code == 422
    assert (await client.post("/events", content=body, headers=json_type)).status_code == 200


async def test_pages_have_24_rows_and_links_with_encoded_brackets_and_all_filters(client: httpx2.AsyncClient) -> None:
    body = (await client.get(f"{HARBOR}/attendees", params={"page[number]": 2, "page[size]": 100})).json()
    url = "http://desk.example/eventtia/api/v3/events/harbor-design-days/attendees?"
    at = {number: f"{url}page%5Bnumber%5D={number}&page%5Bsize%5D=24" for number in (1, 2, 3)}
    assert len(body["data"]) == 24
    assert body["links"] == {"self": at[2], "first": at[1], "prev": at[1], "next": at[3], "last": at[3]}
    assert body["meta"] == {"total_pages": 3, "total_attendees": 61}
    filtered = (await client.get(f"{HARBOR}/attendees", params={"email": "a+b@x", "page[number]": 1})).json()
    assert filtered["links"]["self"] == f"{url}email=a%2Bb%40x&page%5Bnumber%5D=1&page%5Bsize%5D=24"
    assert filtered["links"]["prev"] is None
    assert filtered["links"]["next"] is None


async def test_a_page_beyond_the_end_is_empty_and_still_tells_the_number_of_pages(client: httpx2.AsyncClient) -> None:
    body = (await client.get(f"{HARBOR}/attendees", params={"page[number]": 9})).json()
    assert body["data"] == []
    assert body["meta"]["total_pages"] == 3
    assert body["links"]["next"] is None


async def test_a_page_that_is_no_number_is_the_first(client: httpx2.AsyncClient) -> None:
    for asked in ({"page[number]": "x"}, {"page[number]": "0"}, {"page": '{"number":2}'}, {"page[size]": "-3"}):
        body = (await client.get(f"{HARBOR}/attendees", params=asked)).json()
        assert body["data"][0]["id"] == "600001"
        assert len(body["data"]) == 24


async def test_the_list_of_events_has_a_slash_before_its_question_mark(client: httpx2.AsyncClient) -> None:
    link = (await client.get("/events")).json()["links"]["self"]
    assert link.startswith("http://desk.example/eventtia/api/v3/events/?")
    assert (await client.get(link)).status_code == 200


async def test_the_slim_list_has_a_hundred_rows_a_page_and_no_meta(client: httpx2.AsyncClient) -> None:
    body = (await client.get("/events/slim", params={"page[size]": 500})).json()
    assert "meta" not in body
    assert body["links"]["self"].endswith("page%5Bnumber%5D=1&page%5Bsize%5D=100")


async def test_the_variants_of_lists_can_be_switched(client: httpx2.AsyncClient, world: World) -> None:
    world.switches |= {"eventtia.omit_links": True, "eventtia.omit_meta": True}
    assert set((await client.get("/events")).json()) == {"data"}
    world.switches |= {"eventtia.omit_links": False, "eventtia.omit_meta": False, "eventtia.page_cap": False}
    world.switches["eventtia.next_host"] = "https://elsewhere.example"
    body = (await client.get(f"{HARBOR}/attendees", params={"page[size]": 60})).json()
    assert len(body["data"]) == 60
    assert body["links"]["next"].startswith(
        "https://elsewhere.example/eventtia/api/v3/events/harbor-design-days/attendees?"
    )
    assert body["links"]["last"].startswith("http://desk.example/")
    world.switches["eventtia.dates"] = "offset"
    assert (await client.get(HARBOR)).json()["data"]["attributes"]["start_date"] == "2026-05-11T09:00:00.000+02:00"
    world.switches["eventtia.dates"] = "utc"
    row = (await client.get("/events", params={"name": "loft"})).json()["data"][0]
    assert row["attributes"]["start_date"].endswith("Z")


async def test_a_message_comes_in_every_known_shape(client: httpx2.AsyncClient, world: World) -> None:
    async def message() -> Any:
        return (await client.post(f"{HARBOR}/guests", json={})).json()["message"]

    assert await message() == {"first_name": ["can't be blank"]}
    world.switches["eventtia.message_shape"] = "string"
    assert await message() == "first_name can't be blank"
    world.switches["eventtia.message_shape"] = "array"
    assert await message() == ["first_name can't be blank"]
    world.switches["eventtia.message_shape"] = "object"
    assert (await client.get("/events/nope")).json() == {"message": {"base": ["ActiveRecord::RecordNotFound"]}}
    world.switches["eventtia.message_shape"] = "html"
    answer = await client.get("/events/nope")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert answer.text.startswith("<!doctype html>")


async def test_the_hundred_and_first_request_within_a_minute_is_429(client: httpx2.AsyncClient, world: World) -> None:
    world.limits = True
    statuses = [(await client.get("/cities/40102")).status_code for _ in range(101)]
    assert statuses == [200] * 100 + [429]
    world.switches["eventtia.retry_after"] = 7
    answer = await client.get("/cities/40102")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    world.clock.advance(timedelta(seconds=60))
    assert "retry-after" not in (await client.get("/cities/40102")).headers


async def test_a_head_request_is_answered_without_a_body(client: httpx2.AsyncClient) -> None:
    answer = await client.head("/events")
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_default_season_is_the_same_for_the_same_seed_and_moment(stand_in: EventtiaStandIn) -> None:
    first, second = (stand_in.default_season(random.Random(3)) for _ in range(2))
    assert first == second
    assert first == json.loads(json.dumps(first))
    assert len(first["events"]) >= 14
    assert sum(len(event.get("attendees", [])) for event in first["events"]) >= 500


def test_a_season_can_be_added_to_another(stand_in: EventtiaStandIn) -> None:
    event = {
        "name": "One more",
        "event_uri": "one-more",
        "start_date": "2026-06-01T10:00:00",
        "end_date": "2026-06-01T11:00:00Z",
    }
    stand_in.load({"events": [event], "account": {"api_key": "another-key"}})
    assert stand_in.account_key() == "another-key"
    with pytest.raises(ValueError, match=r"events\[0\]: its id or event_uri is taken"):
        stand_in.load({"events": [event]})


_EVENT: Final = {
    "name": "A",
    "event_uri": "a",
    "start_date": "2026-06-01T10:00:00Z",
    "end_date": "2026-06-01T11:00:00Z",
}


@pytest.mark.parametrize(
    ("season", "path"),
    [
        ({"evnts": []}, "season: unknown key 'evnts'"),
        ({"events": {}}, "events: expected a list"),
        ({"events": [3]}, r"events\[0\]: expected an object"),
        ({"events": [{**_EVENT, "name": None}]}, r"events\[0\]\.name"),
        ({"events": [{**_EVENT, "start_date": "12/05/2026"}]}, r"events\[0\]\.start_date: '12/05/2026' is no ISO 8601 time"),
        ({"events": [{**_EVENT, "nam": "A"}]}, r"events\[0\]: unknown key 'nam'"),
        ({"events": [{**_EVENT, "active": "yes"}]}, r"events\[0\]\.active: expected true or false"),
        ({"events": [{**_EVENT, "city_id": 4}]}, r"events\[0\]\.city_id: no such city"),
        ({"events": [{**_EVENT, "virtual_timezone": "Mars"}]}, r"events\[0\]\.virtual_timezone: no zone 'Mars'"),
        ({"events": [{**_EVENT, "attendees": [{"attendee_type": 9}]}]}, r"events\[0\]\.attendees\[0\]\.attendee_type"),
        ({"events": [{**_EVENT, "workshops": [{"name": 4}]}]}, r"events\[0\]\.workshops\[0\]"),
        ({"events": [{**_EVENT, "id": -1}]}, r"events\[0\]\.id: expected a positive number"),
        ({"users": [{"email": "a"}]}, r"users\[0\]\.password: expected text"),
        ({"account": {"timezone": "Mars"}}, r"account\.timezone: no zone 'Mars'"),
        ({"web_hooks": [{"target_url": "https://a", "trigger": "b", "event": "c"}]}, r"web_hooks\[0\]\.event: no such event"),
        ({"countries": [{"name": "A", "currency_code": "B", "regions": [{"nam": 1}]}]}, r"countries\[0\]\.regions\[0\]"),
    ],
)  # fmt: skip
async def test_a_season_that_does_not_fit_names_the_wrong_part_and_leaves_nothing(season: Any, path: str) -> None:
    stand_in = EventtiaStandIn(World(clock=Clock(NOW)))
    with pytest.raises(ValueError, match=path):
        stand_in.load(season)
    transport = httpx2.ASGITransport(app=stand_in.app())
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.example/api/v3") as client:
        await login(client, stand_in)
        assert (await client.get("/events")).json()["data"] == []
