"""Event Schedule's season: what it may hold, what is refused, the demo, feedback and fan content."""

import json
import random
import re
import time
from typing import Any

import pytest

from tests.sandbox.organiser import OWNER, Desk

pytestmark = pytest.mark.anyio


LOFT = {"subdomain": "loft", "type": "venue", "name": "Loft", "owner": OWNER}


def _stage(desk: Desk, **event: Any) -> None:
    base = {"name": "Folk", "starts_at": "2027-01-01 18:00:00", "schedules": [{"subdomain": "loft"}]}
    desk.load(schedules=[LOFT], events=[base | event])


async def test_feedback_is_listed_for_paid_sales_and_ignores_empty_filters(desk: Desk) -> None:
    def sale(name: str, rating: int, **more: Any) -> dict[str, Any]:
        feedback = {"rating": rating, "comment": None, "created_at": f"2027-01-0{rating} 10:00:00"}
        return {"name": name, "email": f"{name}@mail.test", "feedback": feedback} | more

    _stage(
        desk, sales=[sale("ida", 2), sale("bo", 4), sale("no", 5, status="refunded"), sale("del", 5, is_deleted=True)]
    )
    answer = await desk.call("GET", "feedback", params={"event_id": "", "subdomain": "", "from": ""})
    assert [row["attendee_name"] for row in answer["data"]] == ["bo", "ida"]
    assert answer["data"][0] == {
        "id": desk.platform.state.encode(2),
        "event_id": desk.platform.state.encode(1),
        "event_name": "Folk",
        "event_date": "2027-01-01",
        "rating": 4,
        "comment": None,
        "attendee_name": "bo",
        "attendee_email": "bo@mail.test",
        "created_at": "2027-01-04T10:00:00+00:00",
    }

    async def count(**params: str) -> int:
        return (await desk.call("GET", "feedback", params=params))["meta"]["total"]

    assert await count(min_rating="3") == 1
    assert await count(**{"from": "2027-01-03"}) == 1
    assert await count(to="2027-01-03") == 1
    assert await count(subdomain="other") == 0
    assert (await desk.refusal("GET", "feedback", params={"min_rating": "6"}))[1]["errors"] == {
        "min_rating": ["The min rating field must not be greater than 5."]
    }


async def test_fan_content_mixes_three_kinds_whose_ids_repeat(desk: Desk) -> None:
    _stage(
        desk,
        parts=[{"name": "One"}],
        fan_content=[
            {"kind": "comment", "content": "Hi", "submitted_by": "A", "part": 0, "created_at": "2027-01-03 00:00:00"},
            {
                "kind": "photo",
                "content": "p.jpg",
                "submitted_by": "B",
                "is_guest": True,
                "created_at": "2027-01-02 00:00:00",
            },
            {"kind": "video", "content": "vid", "submitted_by": "C", "created_at": "2027-01-01 00:00:00"},
            {"kind": "comment", "content": "Spam", "submitted_by": "D", "is_approved": False},
        ],
    )
    rows = (await desk.call("GET", "fan-content"))["data"]
    common = {
        "id": desk.platform.state.encode(1),
        "event_id": desk.platform.state.encode(1),
        "event_name": "Folk",
        "event_date": None,
        "is_approved": True,
    }
    assert rows == [
        common
        | {
            "type": "comment",
            "event_part_id": desk.platform.state.encode(1),
            "submitted_by": "A",
            "is_guest_submission": False,
            "comment": "Hi",
            "created_at": "2027-01-03T00:00:00+00:00",
        },
        common
        | {
            "type": "photo",
            "event_part_id": None,
            "submitted_by": "B",
            "is_guest_submission": True,
            "photo_url": "http://desk.test/eventschedule/storage/p.jpg",
            "created_at": "2027-01-02T00:00:00+00:00",
        },
        common
        | {
            "type": "video",
            "event_part_id": None,
            "submitted_by": "C",
            "is_guest_submission": False,
            "youtube_url": "https://www.youtube.com/watch?v=vid",
            "embed_url": "https://www.youtube.com/embed/vid",
            "created_at": "2027-01-01T00:00:00+00:00",
        },
    ]
    assert [row["comment"] for row in (await desk.call("GET", "fan-content", params={"is_approved": "0"}))["data"]] == [
        "Spam"
    ]
    assert (await desk.call("GET", "fan-content", params={"type": "photo"}))["meta"]["total"] == 1
    assert (await desk.refusal("GET", "fan-content", params={"is_approved": "false"}))[0] == 422


async def test_the_demo_season_is_the_same_for_a_seed_and_covers_its_ground(desk: Desk) -> None:
    season = desk.platform.default_season(random.Random(7))
    assert season == desk.platform.default_season(random.Random(7))
    assert json.loads(json.dumps(season)) == season
    desk.platform.load(season)
    assert (await desk.call("GET", "schedules"))["meta"]["total"] == 5
    events = (await desk.call("GET", "events"))["data"]
    assert len(events) == 16
    assert {row["ticket_currency_code"] for row in events} == {"USD", "GBP", "JPY", "KWD"}
    assert {row["schedule_type"] for row in events} == {"single", "recurring"}
    assert any(row["is_private"] for row in events)
    assert any(row["is_draft"] for row in events)
    assert any(row["rsvp_enabled"] and not row["tickets_enabled"] for row in events)
    assert events[-1]["starts_at"] is None
    total = (await desk.call("GET", "sales"))["meta"]["total"]
    assert 430 <= total <= 480
    for status in ("unpaid", "paid", "cancelled", "refunded", "expired"):
        assert (await desk.call("GET", "sales", params={"status": status}))["meta"]["total"] > 5
    assert (await desk.call("GET", "feedback"))["meta"]["total"] == 5
    full = next(row for row in events if row["name"].startswith("Été"))
    body = {"event_id": full["id"], "name": "Ida", "email": "ida@mail.test", "tickets": {"Rider": 1}}
    assert "Remaining: 0" in (await desk.refusal("POST", "sales", json=body))[1]["error"]


async def test_no_ticket_of_the_demo_season_is_oversold(desk: Desk) -> None:
    for seed in range(8):
        other = Desk()
        other.platform.load(other.platform.default_season(random.Random(seed)))
        for ticket in other.world.store.rows(
            "select type, quantity, sold from eventschedule_ticket where quantity > 0"
        ):
            assert all(count <= ticket["quantity"] for count in json.loads(ticket["sold"]).values()), (seed, ticket)
        other.world.store.close()


async def test_making_and_loading_the_demo_season_is_quick(desk: Desk) -> None:
    began = time.perf_counter()
    desk.platform.load(desk.platform.default_season(random.Random(7)))
    assert time.perf_counter() - began < 1


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"shows": []}, "season: unknown key 'shows'"),
    ({"events": [{"name": "X"}]}, "season.events[0].schedules: is missing"),
    ({"events": [{"name": 5, "schedules": []}]}, "season.events[0].name: must be a string"),
    (
        {"events": [{"name": "X", "schedules": [{"subdomain": "none"}]}]},
        "season.events[0].schedules[0].subdomain: there is no schedule 'none'",
    ),
    (
        {"events": [{"name": "X", "schedules": [], "starts_at": "2027-01-01T10:00:00Z"}]},
        "season.events[0].starts_at: must be written YYYY-MM-DD HH:MM:SS",
    ),
    (
        {"schedules": [{"subdomain": "x", "type": "club"}]},
        "season.schedules[0].type: must be one of curator, talent, venue",
    ),
    (
        {"schedules": [{"subdomain": "x", "type": "venue", "members": {"a@b.c": "king"}}]},
        "season.schedules[0].members.a@b.c: must be one of owner, admin, viewer, follower",
    ),
    (
        {
            "schedules": [LOFT],
            "events": [
                {
                    "name": "X",
                    "schedules": [{"subdomain": "loft"}],
                    "sales": [{"name": "A", "email": "a", "lines": [{"ticket": 3, "quantity": 1}]}],
                }
            ],
        },
        "season.events[0].sales[0].lines[0].ticket: there is no such row",
    ),
    ({"users": [{"email": OWNER, "name": "Again"}]}, "season.users[0].email: is taken"),
]


@pytest.mark.parametrize(("season", "message"), MISFITS)
async def test_a_season_that_does_not_fit_names_the_wrong_part_and_stores_nothing(
    desk: Desk, season: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        desk.platform.load(season)
    assert desk.world.store.row("select count(*) as n from eventschedule_role") == {"n": 0}


async def test_seasons_add_up_and_a_schedule_has_a_public_page(desk: Desk) -> None:
    desk.load(schedules=[LOFT])
    desk.load(events=[{"name": "Late", "schedules": [{"subdomain": "loft"}]}])
    assert (await desk.call("GET", "events"))["meta"]["total"] == 1
    with pytest.raises(ValueError, match="is taken"):
        desk.load(schedules=[LOFT])
    page = await desk.client.get("http://desk.test/eventschedule/loft")
    assert (page.status_code, "<h1>Loft</h1>" in page.text) == (200, True)
    assert (await desk.client.get("http://desk.test/eventschedule/")).status_code == 200
