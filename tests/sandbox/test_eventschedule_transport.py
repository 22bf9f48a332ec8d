"""Event Schedule's transport: keys, limits, JSON, and the framework's own errors."""

from datetime import timedelta

import pytest

from tests.sandbox.organiser import NOW, OWNER, Desk

pytestmark = pytest.mark.anyio


async def test_without_a_key_the_answer_is_401_and_other_ways_to_send_one_are_not_seen(desk: Desk) -> None:
    anonymous = desk.client_with(None)
    key = desk.platform.credentials()["key"]
    for answer in (
        await anonymous.get("schedules"),
        await anonymous.get("schedules", params={"api_key": key}),
        await anonymous.get("schedules", headers={"Authorization": f"Bearer {key}"}),
    ):
        assert (answer.status_code, answer.text) == (401, '{"error":"API key is required"}')


async def test_the_eleventh_use_of_a_wrong_key_is_423_and_the_right_key_still_works(desk: Desk) -> None:
    wrong = desk.client_with("0" * 32)
    for _ in range(10):
        answer = await wrong.get("categories")
        assert (answer.status_code, answer.json()) == (401, {"error": "Invalid API key"})
    answer = await wrong.get("categories")
    assert (answer.status_code, answer.json()) == (423, {"error": "API key temporarily blocked"})
    assert (await desk.client.get("categories")).status_code == 200
    desk.world.clock.advance(timedelta(minutes=14, seconds=59))
    assert (await wrong.get("categories")).status_code == 423
    desk.world.clock.advance(timedelta(seconds=1))
    assert (await wrong.get("categories")).status_code == 401


async def test_an_expired_key_is_told_apart_and_does_not_count_as_a_failure(desk: Desk) -> None:
    desk.load(
        users=[
            {"email": "old@mail.test", "name": "Old", "api_key": "a" * 32, "api_key_expires_at": "2027-01-05 09:10:11"}
        ]
    )
    old = desk.client_with("a" * 32)
    for _ in range(12):
        answer = await old.get("events")
        assert (answer.status_code, answer.json()) == (401, {"error": "API key expired"})


async def test_the_write_bucket_empties_only_after_a_minute_without_a_counted_write(desk: Desk) -> None:
    desk.world.limits = True
    for _ in range(30):
        assert (await desk.client.put("schedules/none", json={})).status_code == 404
        desk.world.clock.advance(timedelta(seconds=40))
    answer = await desk.client.put("schedules/none", json={})
    assert (answer.status_code, answer.text) == (429, '{"error":"Rate limit exceeded"}')
    assert not [name for name in answer.headers if name.startswith(("x-ratelimit", "retry"))]
    assert (await desk.client.get("schedules")).status_code == 200
    desk.world.clock.advance(timedelta(seconds=19))
    assert (await desk.client.put("schedules/none", json={})).status_code == 429
    desk.world.clock.advance(timedelta(seconds=1))
    assert (await desk.client.put("schedules/none", json={})).status_code == 404


async def test_a_full_bucket_is_noticed_before_the_key_is_verified(desk: Desk) -> None:
    desk.world.limits = True
    for _ in range(300):
        await desk.client.get("categories")
    assert (await desk.client_with("0" * 32).get("categories")).status_code == 429
    assert (await desk.client_with(None).get("categories")).status_code == 401


async def test_creating_events_is_throttled_before_the_key_with_headers_and_a_message(desk: Desk) -> None:
    desk.world.limits = True
    anonymous = desk.client_with(None)
    first = await anonymous.post("events/loft", json={})
    assert first.status_code == 401
    assert first.headers["x-ratelimit-limit"] == "30"
    assert first.headers["x-ratelimit-remaining"] == "29"
    for _ in range(29):
        await anonymous.post("events/other", json={})
    desk.world.clock.advance(timedelta(seconds=20))
    answer = await desk.client.post("events/loft", json={})
    assert (answer.status_code, answer.json()) == (429, {"message": "Too Many Attempts."})
    assert answer.headers["retry-after"] == "40"
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert answer.headers["x-ratelimit-reset"] == str(int(NOW.timestamp()) + 60)
    page = await desk.client_with(None, accept="*/*").post("events/loft", json={})
    assert page.headers["content-type"].startswith("text/html")
    desk.world.clock.advance(timedelta(seconds=40))
    assert (await desk.client.post("events/loft", json={})).status_code == 404


async def test_switching_limits_off_lets_everything_through(desk: Desk) -> None:
    for _ in range(40):
        assert (await desk.client.post("events/none", json={})).status_code == 404


async def test_successes_are_indented_with_slashes_and_other_scripts_escaped(desk: Desk) -> None:
    answer = await desk.client.post("schedules", json={"name": "Café/Bar", "type": "venue"})
    assert answer.status_code == 201
    assert '\n        "name": "Caf\\u00e9\\/Bar",\n' in answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-cache, private"
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_strings_are_trimmed_and_empty_ones_become_null(desk: Desk) -> None:
    assert (await desk.call("POST", "schedules", json={"name": "  Pond  ", "type": "venue"}))["data"]["name"] == "Pond"
    assert await desk.refusal("POST", "schedules", json={"name": " ", "type": "venue"}) == (
        422,
        {"error": "Validation failed", "errors": {"name": ["The name field is required."]}},
    )
    assert (await desk.call("GET", "schedules", params={"subdomain": ""}))["data"] == []


async def test_body_and_query_are_one_input_and_the_body_wins(desk: Desk) -> None:
    made = await desk.call("POST", "schedules", params={"name": "Query", "type": "venue"}, json={"name": "Body"})
    assert (made["data"]["name"], made["data"]["type"]) == ("Body", "venue")
    form = await desk.call("POST", "schedules", data={"name": "Form", "type": "talent"})
    assert form["data"]["type"] == "talent"
    assert (await desk.client.request("GET", "schedules", json={"type": "talent"})).json()["meta"]["total"] == 1


@pytest.mark.parametrize("content", [b"{nope", b'{"name": "\xff"}', b'{"name": "\\ud800"}', b"[" * 600, b"NaN"])
async def test_a_body_that_cannot_be_read_counts_as_empty(desk: Desk, content: bytes) -> None:
    status, body = await desk.refusal(
        "POST", "schedules", content=content, headers={"Content-Type": "application/json"}
    )
    assert status == 422
    assert set(body["errors"]) == {"name", "type"}


async def test_an_unknown_path_redirects_at_home_and_is_404_on_the_hosted_service(desk: Desk) -> None:
    answer = await desk.client.get("nope")
    assert (answer.status_code, answer.headers["location"]) == (302, "http://desk.test/eventschedule/")
    desk.world.switches["eventschedule.hosted"] = True
    answer = await desk.client.get("nope")
    assert (answer.status_code, answer.json()) == (404, {"message": "The route api/nope could not be found."})
    assert (await desk.client.get("nope", headers={"Accept": "*/*"})).headers["content-type"].startswith("text/html")


async def test_a_wrong_verb_is_405_and_names_the_supported_ones(desk: Desk) -> None:
    assert await desk.refusal("PATCH", "schedules/my") == (
        405,
        {
            "message": "The PATCH method is not supported for route api/schedules/my. "
            "Supported methods: GET, HEAD, PUT, DELETE."
        },
    )
    assert (await desk.client.patch("schedules/my", headers={"Accept": "*/*"})).text.startswith("<!DOCTYPE html>")


async def test_a_trailing_slash_works_at_home_and_is_a_301_on_the_hosted_service(desk: Desk) -> None:
    assert (await desk.client.get("categories/")).status_code == 200
    desk.world.switches["eventschedule.hosted"] = True
    answer = await desk.client.get("categories/")
    assert (answer.status_code, answer.headers["location"]) == (301, "http://desk.test/eventschedule/api/categories")


async def test_ids_are_equal_across_types_and_the_legacy_form_is_read(desk: Desk) -> None:
    desk.load(
        schedules=[{"subdomain": "loft", "type": "venue", "name": "Loft", "owner": OWNER, "groups": [{"name": "A"}]}]
    )
    event = (
        await desk.call(
            "POST",
            "events/loft",
            json={
                "name": "X",
                "starts_at": "2027-04-01 01:00:00",
                "tickets_enabled": True,
                "tickets": [{"type": "Seat"}],
                "event_parts": [{"name": "Part"}],
            },
        )
    )["data"]
    sale = (
        await desk.call(
            "POST",
            "sales",
            json={"event_id": event["id"], "name": "Ida", "email": "ida@mail.test", "tickets": {"Seat": 1}},
        )
    )["data"]
    schedule = event["schedules"][0]["id"]
    assert {event["id"], sale["id"], schedule, event["tickets"][0]["id"], event["event_parts"][0]["id"]} == {schedule}
    assert len(schedule) == 6
    assert schedule.isalnum()
    assert (await desk.call("GET", "events/Mzg5Mjc5"))["data"]["id"] == schedule
    assert await desk.refusal("GET", "events/not-an-id") == (404, {"error": "Event not found"})


async def test_head_is_answered_like_get_without_a_body(desk: Desk) -> None:
    answer = await desk.client.head("categories")
    assert (answer.status_code, answer.content) == (200, b"")


async def test_registering_at_home_is_closed_and_needs_no_code(desk: Desk) -> None:
    assert await desk.refusal("POST", "register/send-code", json={"email": "kim@mail.test"}) == (
        400,
        {"error": "Registration codes are only required in hosted mode"},
    )
    body = {"name": "Kim", "email": "Kim@mail.test", "password": "long enough"}
    assert await desk.refusal("POST", "register", json=body) == (403, {"error": "Registration is closed"})
    desk.world.switches["eventschedule.registration_open"] = True
    assert await desk.refusal("POST", "register", json=body | {"website": "x"}) == (422, {"error": "Invalid request"})
    made = await desk.call("POST", "register", json=body)
    assert set(made["data"]) == {"api_key", "api_key_expires_at", "user"}
    assert made["data"]["api_key_expires_at"] == "2028-01-05T09:10:11+00:00"
    assert {name: made["data"]["user"][name] for name in ("name", "email")} == {"name": "Kim", "email": "kim@mail.test"}
    assert (await desk.client_with(made["data"]["api_key"]).get("schedules")).json()["data"] == []
    assert (await desk.refusal("POST", "register", json=body))[1]["errors"] == {
        "email": ["Email is already registered"]
    }


async def test_registering_on_the_hosted_service_takes_the_mailed_code_once(desk: Desk) -> None:
    desk.world.switches["eventschedule.hosted"] = True
    assert await desk.call("POST", "register/send-code", json={"email": "kim@mail.test"}) == {
        "data": {"message": "Verification code sent to kim@mail.test"}
    }
    status, body = await desk.refusal("POST", "register/send-code", json={"email": "kim@example.com"})
    assert body["errors"] == {"email": ["The email field must be a permanent email address."]}
    assert await desk.refusal("POST", "register/send-code", json={"email": OWNER}) == (
        422,
        {"error": "Unable to send verification code"},
    )
    code = desk.platform.verification_code("kim@mail.test")
    body = {"name": "Kim", "email": "kim@mail.test", "password": "long enough"}
    status, wrong = await desk.refusal("POST", "register", json=body | {"verification_code": "abcdef"})
    assert (status, wrong["errors"]) == (422, {"verification_code": ["Invalid or expired verification code"]})
    assert (await desk.refusal("POST", "register", json=body | {"verification_code": code}))[0] == 422
    await desk.call("POST", "register/send-code", json={"email": "kim@mail.test"})
    code = desk.platform.verification_code("kim@mail.test")
    assert (await desk.call("POST", "register", json=body | {"verification_code": code}))["data"]["user"][
        "name"
    ] == "Kim"


async def test_auth_endpoints_have_limits_of_their_own(desk: Desk) -> None:
    desk.world.limits = True
    desk.world.switches |= {"eventschedule.registration_open": True}
    for number in range(3):
        body = {"name": "Kim", "email": f"kim{number}@mail.test", "password": "long enough"}
        await desk.call("POST", "register", json=body)
    assert await desk.refusal("POST", "register", json={}) == (
        429,
        {"error": "Too many registration attempts. Please try again later."},
    )
    for _ in range(5):
        assert (await desk.refusal("POST", "login", json={"email": OWNER, "password": "no"}))[0] == 401
    assert await desk.refusal("POST", "login", json=desk.platform.login) == (
        429,
        {"error": "Too many login attempts. Please try again later."},
    )
    desk.world.switches["eventschedule.hosted"] = True
    for _ in range(5):
        await desk.call("POST", "register/send-code", json={"email": "sam@mail.test"})
    assert await desk.refusal("POST", "register/send-code", json={"email": "sam@mail.test"}) == (
        429,
        {"error": "Too many verification code requests. Please try again later."},
    )


async def test_login_never_replaces_an_active_key(desk: Desk) -> None:
    status, body = await desk.refusal("POST", "login", json=desk.platform.login)
    assert status == 409
    assert body["error"].startswith("An active API key already exists.")
    assert await desk.refusal("POST", "login", json={"email": OWNER, "password": "wrong"}) == (
        401,
        {"error": "Invalid email or password"},
    )
    desk.world.clock.advance(timedelta(days=366))
    made = await desk.call("POST", "login", json=desk.platform.login)
    assert len(made["data"]["api_key"]) == 32
    assert (await desk.client.get("schedules")).status_code == 401


async def test_an_account_with_two_factors_gets_no_key(desk: Desk) -> None:
    desk.load(users=[{"email": "two@mail.test", "name": "Two", "password": "abc", "two_factor": True}])
    status, body = await desk.refusal("POST", "login", json={"email": "two@mail.test", "password": "abc"})
    assert status == 403
    assert "two-factor authentication" in body["error"]
