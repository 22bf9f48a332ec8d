"""Event Schedule's schedules, sub-schedules and categories."""

from typing import Any

import pytest

from tests.sandbox.organiser import OWNER, Desk

pytestmark = pytest.mark.anyio


SCHEDULE_KEYS = {
    "id", "subdomain", "url", "type", "name", "email", "phone", "show_phone", "website", "description",
    "short_description", "timezone", "language_code", "profile_image_url", "address1", "city", "state", "postal_code",
    "country_code", "created_at", "updated_at", "groups",
}  # fmt: skip


def _users(*names: str) -> list[dict[str, Any]]:
    return [{"email": f"{name}@mail.test", "name": name, "api_key": name[0] * 32} for name in names]


async def test_a_new_schedule_has_the_documented_shape_and_echoes_a_null_flag(desk: Desk) -> None:
    made = await desk.call(
        "POST",
        "schedules",
        json={"name": "Blue Note Club", "type": "venue", "email": "Blue@Mail.test", "country_code": "USA"},
    )
    assert set(made) == {"data"}
    data = made["data"]
    assert set(data) == SCHEDULE_KEYS
    assert data["subdomain"] == "blue"
    assert data["url"] == "http://desk.test/eventschedule/blue"
    assert (data["email"], data["country_code"]) == ("blue@mail.test", "us")
    assert (data["timezone"], data["language_code"]) == ("Europe/London", "en")
    assert data["created_at"] == "2027-01-05T09:10:11+00:00"
    assert data["show_phone"] is None
    again = await desk.call("GET", "schedules/BLUE")
    assert again["data"] == data | {"show_phone": 0}
    assert (await desk.call("GET", "schedules"))["data"] == [again["data"]]


async def test_the_subdomain_is_the_shortest_free_run_of_words(desk: Desk) -> None:
    made = [
        (await desk.call("POST", "schedules", json={"name": "Blue Note Club", "type": "venue"}))["data"]["subdomain"]
        for _ in range(5)
    ]
    assert made == ["blue", "blue-note", "blue-note-club", "blue-note-club1", "blue-note-club2"]
    tiny = await desk.call("POST", "schedules", json={"name": "Q!", "type": "venue"})
    assert len(tiny["data"]["subdomain"]) == 8


async def test_names_are_searched_literally_and_unknown_types_find_nothing(desk: Desk) -> None:
    for name in ("100% Jazz", "Jazz_Cellar", "Folk"):
        await desk.call("POST", "schedules", json={"name": name, "type": "talent"})

    async def names(**params: str) -> list[str]:
        return [row["name"] for row in (await desk.call("GET", "schedules", params=params))["data"]]

    assert await names() == ["100% Jazz", "Folk", "Jazz_Cellar"]
    assert await names(name="JAZZ") == ["100% Jazz", "Jazz_Cellar"]
    assert await names(name="%") == ["100% Jazz"]
    assert await names(name="_") == ["Jazz_Cellar"]
    assert await names(type="nonsense") == []
    assert await names(subdomain="FOLK") == ["Folk"]


@pytest.mark.parametrize(("sent", "size"), [("600", 500), ("0", 15), ("abc", 15), ("", 15), ("7", 7)])
async def test_the_page_size_of_schedules_is_clamped_not_validated(desk: Desk, sent: str, size: int) -> None:
    assert (await desk.call("GET", "schedules", params={"per_page": sent}))["meta"]["per_page"] == size


async def test_a_negative_page_size_of_schedules_is_a_500(desk: Desk) -> None:
    assert await desk.refusal("GET", "schedules", params={"per_page": "-1"}) == (500, {"message": "Server Error"})


async def test_meta_has_seven_keys_and_a_page_beyond_the_end_is_empty(desk: Desk) -> None:
    desk.load(
        schedules=[{"subdomain": f"s{n:02}", "type": "talent", "name": f"S {n:02}", "owner": OWNER} for n in range(61)]
    )
    page = await desk.call("GET", "schedules", params={"page": 3, "per_page": 50})
    assert page == {
        "data": [],
        "meta": {
            "current_page": 3,
            "from": None,
            "last_page": 2,
            "per_page": 50,
            "to": None,
            "total": 61,
            "path": "http://desk.test/eventschedule/api/schedules",
        },
    }
    second = await desk.call("GET", "schedules", params={"page": 2, "per_page": 50})
    assert (second["meta"]["from"], second["meta"]["to"], len(second["data"])) == (51, 61, 11)
    for odd in ("0", "-3", "x"):
        assert (await desk.call("GET", "schedules", params={"page": odd}))["meta"]["current_page"] == 1


async def test_type_and_subdomain_never_change_and_null_clears(desk: Desk) -> None:
    await desk.call("POST", "schedules", json={"name": "Loft", "type": "venue", "city": "Leeds"})
    changed = (await desk.call("PUT", "schedules/loft", json={"type": "talent", "subdomain": "x", "city": None}))[
        "data"
    ]
    assert (changed["type"], changed["subdomain"], changed["city"]) == ("venue", "loft", None)
    assert changed["show_phone"] == 0
    status, body = await desk.refusal("PUT", "schedules/loft", json={"name": None})
    assert (status, body["errors"]) == (422, {"name": ["The name field is required."]})
    assert await desk.refusal("PUT", "schedules/loft", json={"language_code": None, "city": "York"}) == (
        500,
        {"message": "Server Error"},
    )
    assert (await desk.call("GET", "schedules/loft"))["data"]["city"] is None
    assert (await desk.call("PUT", "schedules/loft", json={"language_code": "ro"}))["data"]["language_code"] == "ro"


async def test_every_failing_field_is_reported_at_once(desk: Desk) -> None:
    status, body = await desk.refusal(
        "POST",
        "schedules",
        json={"name": "x" * 256, "type": "club", "email": "no", "short_description": 5, "language_code": "xx"},
    )
    assert (status, body) == (
        422,
        {
            "error": "Validation failed",
            "errors": {
                "name": ["The name field must not be greater than 255 characters."],
                "type": ["The selected type is invalid."],
                "email": ["The email field must be a valid email address."],
                "short_description": ["The short description field must be a string."],
                "language_code": ["The selected language code is invalid."],
            },
        },
    )


async def test_somebody_elses_schedule_is_404_and_their_categories_are_open(desk: Desk) -> None:
    desk.load(
        users=_users("zoe"),
        schedules=[
            {
                "subdomain": "theirs",
                "type": "venue",
                "name": "Theirs",
                "owner": "zoe@mail.test",
                "members": {OWNER: "viewer"},
                "categories": [{"id": 100, "name": "Zen"}, {"id": 4, "name": "Concerts"}],
            }
        ],
    )
    for method in ("GET", "PUT", "DELETE"):
        assert await desk.refusal(method, "schedules/theirs") == (404, {"error": "Schedule not found"})
    assert await desk.refusal("GET", "schedules/theirs/groups") == (404, {"error": "Schedule not found"})
    assert await desk.call("GET", "categories/theirs") == {
        "data": [{"id": 4, "name": "Concerts"}, {"id": 100, "name": "Zen"}]
    }
    assert await desk.refusal("GET", "categories/unknown") == (404, {"error": "Schedule not found"})


async def test_the_global_categories_are_twelve_in_id_order(desk: Desk) -> None:
    data = (await desk.call("GET", "categories"))["data"]
    assert [row["id"] for row in data] == list(range(1, 13))
    assert data[3] == {"id": 4, "name": "Concerts"}


async def test_only_an_owner_deletes_and_the_row_keeps_its_subdomain(desk: Desk) -> None:
    desk.load(
        users=_users("zoe"),
        schedules=[
            {
                "subdomain": "loft",
                "type": "venue",
                "name": "Loft",
                "owner": "zoe@mail.test",
                "members": {OWNER: "admin"},
            }
        ],
    )
    assert await desk.refusal("DELETE", "schedules/loft") == (404, {"error": "Schedule not found"})
    zoe = desk.client_with("z" * 32)
    event = (
        await zoe.post(
            "events/loft",
            json={
                "name": "Stay",
                "starts_at": "2027-04-01 18:00:00",
                "tickets_enabled": True,
                "tickets": [{"type": "A"}],
            },
        )
    ).json()
    path = f"events/{event['data']['id']}"
    gone = await zoe.delete("schedules/loft")
    assert (gone.status_code, gone.json()) == (200, {"data": {"message": "Schedule deleted successfully"}})
    assert (await zoe.get("schedules/loft")).status_code == 404
    assert (await desk.call("POST", "schedules", json={"name": "Loft", "type": "venue"}))["data"][
        "subdomain"
    ] == "loft1"
    assert (await zoe.get(path)).status_code == 200
    assert (await zoe.get("events")).json()["data"] == []
    put = await zoe.put(path, json={"name": "x"})
    assert (put.status_code, put.json()) == (422, {"error": "No schedule found for this event that you have access to"})
    sold = await zoe.post(
        "sales", json={"event_id": event["data"]["id"], "name": "Ida", "email": "ida@mail.test", "tickets": {"A": 1}}
    )
    assert sold.status_code == 201
    assert (await zoe.delete(path)).status_code == 200


async def test_deleting_a_talent_deletes_the_events_it_played_alone(desk: Desk) -> None:
    desk.load(
        schedules=[
            {"subdomain": name, "type": kind, "name": name, "owner": OWNER, "email": f"{name}@mail.test"}
            for name, kind in (("duo", "talent"), ("trio", "talent"), ("hall", "venue"))
        ],
        events=[
            {"name": "Alone", "schedules": [{"subdomain": "duo"}, {"subdomain": "hall"}]},
            {"name": "Both", "schedules": [{"subdomain": "duo"}, {"subdomain": "trio"}]},
        ],
    )
    await desk.call("DELETE", "schedules/duo")
    assert [row["name"] for row in (await desk.call("GET", "events"))["data"]] == ["Both"]


async def test_sub_schedules_number_their_slugs_and_events_outlive_them(desk: Desk) -> None:
    desk.load(
        schedules=[{"subdomain": "loft", "type": "venue", "name": "Loft", "owner": OWNER, "email": "l@mail.test"}]
    )
    rows = [
        (await desk.call("POST", "schedules/loft/groups", json={"name": "Main Stage", "color": "#fff"}))["data"]
        for _ in range(3)
    ]
    assert [row["slug"] for row in rows] == ["main-stage", "main-stage-2", "main-stage-3"]
    assert set(rows[0]) == {"id", "name", "slug", "color"}
    assert await desk.call("GET", "schedules/loft/groups") == {"data": rows}
    path = f"schedules/loft/groups/{rows[0]['id']}"
    assert (await desk.call("PUT", path, json={"name": "Deck"}))["data"] == rows[0] | {"name": "Deck", "slug": "deck"}
    assert await desk.refusal("PUT", path, json={"name": None}) == (500, {"message": "Server Error"})
    event = (
        await desk.call(
            "POST", "events/loft", json={"name": "X", "starts_at": "2027-04-01 18:00:00", "schedule": "deck"}
        )
    )["data"]
    assert event["schedules"][0]["group"] == {"id": rows[0]["id"], "name": "Deck", "slug": "deck"}
    assert await desk.call("DELETE", path) == {"data": {"message": "Sub-schedule deleted successfully"}}
    assert "group" not in (await desk.call("GET", f"events/{event['id']}"))["data"]["schedules"][0]
    assert await desk.refusal("DELETE", path) == (404, {"error": "Sub-schedule not found"})
    assert await desk.refusal("DELETE", "schedules/none/groups/x") == (404, {"error": "Schedule not found"})


async def test_the_hosted_service_hides_what_has_no_plan(desk: Desk) -> None:
    desk.load(
        schedules=[
            {"subdomain": "paid", "type": "venue", "name": "Paid", "owner": OWNER, "plan": "pro"},
            {"subdomain": "free", "type": "venue", "name": "Free", "owner": OWNER, "plan": "free"},
        ]
    )
    desk.world.switches["eventschedule.hosted"] = True
    assert [row["subdomain"] for row in (await desk.call("GET", "schedules"))["data"]] == ["paid"]
    plan = (403, {"error": "API usage is limited to Pro accounts"})
    assert await desk.refusal("GET", "schedules/free") == plan
    assert await desk.refusal("PUT", "schedules/free", json={}) == plan
    assert await desk.refusal("POST", "schedules/free/groups", json={}) == plan
    assert await desk.refusal("POST", "events/free", json={}) == plan
    made = await desk.client.post("schedules", json={"name": "New", "type": "venue", "email": OWNER})
    assert (made.status_code, made.json()) == (201, {"data": {}})
    assert (await desk.call("DELETE", "schedules/free"))["data"] == {"message": "Schedule deleted successfully"}


async def test_a_hosted_schedule_without_an_e_mail_is_a_500_and_an_orphan(desk: Desk) -> None:
    desk.world.switches["eventschedule.hosted"] = True
    body = {"name": "Orphan Hall", "type": "venue"}
    assert await desk.refusal("POST", "schedules", json=body) == (500, {"message": "Server Error"})
    assert await desk.refusal("GET", "schedules/orphan") == (404, {"error": "Schedule not found"})
    await desk.client.post("schedules", json=body | {"email": OWNER})
    row = desk.world.store.row("select subdomain from eventschedule_role order by id desc")
    assert row == {"subdomain": "orphan-hall"}


async def test_nobody_owns_more_than_fifty_schedules_on_the_hosted_service(desk: Desk) -> None:
    desk.load(schedules=[{"subdomain": f"s{n}", "type": "venue", "name": f"S{n}", "owner": OWNER} for n in range(50)])
    desk.world.switches["eventschedule.hosted"] = True
    assert await desk.refusal("POST", "schedules", json={"name": "More", "type": "venue", "email": OWNER}) == (
        422,
        {"error": "You have reached the maximum number of schedules."},
    )
