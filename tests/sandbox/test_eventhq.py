"""The EventHQ stand-in: shapes, path parameters, filters, switches."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import anyio
import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Mount

from eventdesk_server.sandbox.core import Clock, World
from eventdesk_server.sandbox.eventhq import EventHQStandIn

pytestmark = pytest.mark.anyio

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
SURREY, PONDS = "52498daf-ee31-fa1e-b87e-6d41c0a80002", "52498daf-20b0-4cbe-b87e-6d41c0a80002"
MEMBER = "5b0c1f3e-1111-4a2b-9c3d-77aa12bc34de"
MADE = {"created": "2026-11-02T10:20:30", "modified": "2026-11-02T10:20:30+0000"}


def event(number: int, slug: str, starts: str | None, opens: str | None, closes: str | None, **more: Any) -> Any:
    row: dict[str, Any] = {
        "id": number,
        "name": slug.title(),
        "slug": slug,
        "event_starts": starts,
        "event_ends": starts,
    }
    ticket = {"id": f"ticket-{number}", "name": "Ticket", **MADE}
    return row | {"registration_opens": opens, "registration_closes": closes, "products": [ticket]} | more


SEASON: dict[str, Any] = {
    "tags": [{"id": SURREY, "name": "Surrey"}, {"id": PONDS, "name": "Ponds"}],
    "events": [
        event(
            3307, "pond-survey-april-2027", "2027-04-12T00:00:00", "2026-12-08T00:00:00+0100", "2027-04-01",
            name="Pond Survey April 2027", location="Mill Lane, Surrey", summary="One day by the water.\r\n",
            tags=[SURREY, PONDS], attendee_count=2,
            products=[
                {
                    "id": MEMBER, "name": "Member", "description": "Includes lunch &amp; a &pound;5 guide",
                    "event_days": ["Monday"], "total_available": 40, "total_used": 7, "max_order_per_attendee": 2,
                    "position": 3, "prices": [{"value": "95.50"}], **MADE,
                },
                {
                    "id": "extra", "name": "Lunch", "primary": False, "total_available": 3, "total_used": 3,
                    "position": 1, **MADE,
                    "prices": [{"value": "5.00", "until_end_of": "2027-02-28"}, {"value": "7.00"}],
                },
            ],
        ),
        event(2, "sold-out", "2027-05-01", "2027-01-01", "2027-04-30", capacity=5, attendee_count=5),
        event(3, "tickets-gone", "2027-03-31", "2027-01-01", "2027-03-30", products=[
            {"id": "gone", "name": "Gone", "total_available": 1, "total_used": 1, **MADE},
            {"id": "old", "name": "Old", "deleted": True, "published": False, **MADE}]),
        event(4, "not-yet", "2027-12-31", "2027-06-01", "2027-12-01", location="Richmond Park", tags=[SURREY]),
        event(5, "over", "2026-03-05", "2026-01-01", "2026-03-01", tags=[PONDS]),
        event(6, "try-out", "2027-03-02", None, None, test=True),
        event(7, "committee", "2027-02-01", None, None, products=[
            {"id": "staff", "name": "Staff", "admin_only": True, **MADE}]),
        event(8, "undated", None, None, None, products=[]),
        *(event(100 + n, f"series-{n}", f"2028-01-{n + 1:02}", "2027-06-01", None) for n in range(20)),
    ],
}  # fmt: skip
ROOT = "http://127.0.0.1:9/eventhq"
TOKEN = "token:sandbox-eventhq-key"


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOW))


def connect(world: World) -> httpx2.AsyncClient:
    standin = EventHQStandIn(world)
    standin.load(SEASON)
    assert f"token:{standin.credentials()['key']}" == TOKEN
    app = Starlette(routes=[Mount("/eventhq", app=standin.app())])
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ROOT + standin.base_path + "/")


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    async with connect(world) as made:
        yield made


async def slugs(client: httpx2.AsyncClient, *segments: str) -> list[str]:
    path = "/".join(quote(segment, safe=":") for segment in ("limit:100", *segments))
    answer = await client.get(f"events/index/{TOKEN}/{path}")
    assert answer.status_code == 200, answer.text
    return [row["slug"] for row in answer.json()["events"]]


async def own(client: httpx2.AsyncClient, *conditions: str) -> set[str]:
    """What these filters leave of the events that are not part of the long series."""
    return {slug for slug in await slugs(client, "f:" + "|".join(conditions)) if not slug.startswith("series")}


# Shapes


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


# Paths


async def test_both_versions_of_the_base_answer_and_segments_come_in_any_order(client: httpx2.AsyncClient) -> None:
    for path in (
        f"{ROOT}/api/events/count/f:test:1/{TOKEN}",
        f"{ROOT}/api/v1/events/count/{TOKEN}/f:test:1",
        f"{ROOT}/api/v1/events/count/{TOKEN}/unknown:1/plain/f:test:1/",
    ):
        assert (await client.get(path)).json() == {"message": "success", "count": 1}


@pytest.mark.parametrize(
    "token", ["", "token:", "token:wrong", "token:sandbox-eventhq-key:x", "Token:sandbox-eventhq-key"]
)
async def test_every_call_wants_the_token(client: httpx2.AsyncClient, token: str) -> None:
    for action in ("index", "count", "view/event:sold-out"):
        answer = await client.get(f"events/{action}/{token}", params={"token": "sandbox-eventhq-key"})
        assert (answer.status_code, list(answer.json())) == (401, ["message"])


async def test_unknown_routes_slugs_and_methods_are_refused_in_json(client: httpx2.AsyncClient) -> None:
    for path in ("events/edit", "attendees/index", "events", "../v2/events/index", "events/view/event:nope"):
        answer = await client.get(f"{path}/{TOKEN}")
        assert (answer.status_code, list(answer.json())) == (404, ["message"]), path
    assert (await client.post(f"events/index/{TOKEN}")).status_code == 405


async def test_an_event_is_viewed_by_slug_and_by_nothing_else(client: httpx2.AsyncClient) -> None:
    for reference in ("event:3307", "id:3307", "event:pond-survey-april-2027:", "x:y"):
        assert (await client.get(f"events/view/{TOKEN}/{reference}")).status_code == 404


async def test_a_slash_inside_a_value_is_lost_and_a_raw_plus_is_a_space(
    client: httpx2.AsyncClient, world: World
) -> None:
    assert await slugs(client, "q:Mill/Lost") == ["pond-survey-april-2027"]
    assert (await client.get(f"events/count/{TOKEN}/q:Mill+Lane")).json()["count"] == 1
    assert (await client.get(f"events/count/{TOKEN}/q:Mill%2BLane")).json()["count"] == 0
    world.switches["eventhq.plus_is_space"] = False
    assert (await client.get(f"events/count/{TOKEN}/q:Mill+Lane")).json()["count"] == 0


# Lists


async def test_pages_hold_twenty_rows_and_past_the_end_there_are_none(client: httpx2.AsyncClient, world: World) -> None:
    async def page(number: int) -> httpx2.Response:
        return await client.get(f"events/index/{TOKEN}/page:{number}")

    sizes = [len((await page(number)).json()["events"]) for number in (1, 2, 3, 10**17)]
    assert sizes == [20, 8, 0, 0]
    assert set((await page(1)).json()) == {"message", "events"}
    world.switches["eventhq.past_end"] = "404"
    assert (await page(3)).status_code == 404
    world.switches["eventhq.ignore_page"] = True
    assert (await page(3)).json() == (await page(1)).json()


async def test_counting_ignores_limit_and_page(client: httpx2.AsyncClient, world: World) -> None:
    path = f"events/count/{TOKEN}/limit:1/page:9/q:series"
    assert (await client.get(path)).json() == {"message": "success", "count": 20}
    world.switches["eventhq.count_as_text"] = True
    assert (await client.get(path)).json()["count"] == "20"


async def test_a_limit_may_be_cut_silently(client: httpx2.AsyncClient, world: World) -> None:
    world.switches["eventhq.max_limit"] = 5
    assert len(await slugs(client)) == 5


async def test_the_default_order_puts_the_farthest_event_first(client: httpx2.AsyncClient, world: World) -> None:
    default = await slugs(client)
    assert default[0] == "series-19"
    assert default[-2:] == ["over", "undated"]
    assert await slugs(client, "sort:event_starts", "direction:desc") == default
    assert (await slugs(client, "sort:event_starts", "direction:asc"))[0] == "over"
    assert (await slugs(client, "sort:attendee_count"))[:2] == ["sold-out", "pond-survey-april-2027"]
    world.switches["eventhq.nearest_first"] = True
    assert (await slugs(client))[0] == "over"


async def test_order_means_nothing_unless_switched_on(client: httpx2.AsyncClient, world: World) -> None:
    asked = ("order:name", "direction:asc")
    assert (await slugs(client, *asked))[0] == "over"
    world.switches["eventhq.honour_order"] = True
    assert (await slugs(client, *asked))[0] == "committee"


@pytest.mark.parametrize(
    "segment",
    ["limit:0", "limit:x", "page:0", "page:-1", "sort:nothing", "direction:up", "f:colour:red", "f:event_starts >:soon",
     "f:event_starts  >:2027-01-01", "f:event_starts >:2027-13-01", "f:event_starts:this_week", "f:year:27", "f:live",
     "f:live:1|"],
)  # fmt: skip
async def test_parameters_that_make_no_sense_are_refused(client: httpx2.AsyncClient, segment: str) -> None:
    answer = await client.get(f"events/index/{TOKEN}/{quote(segment, safe=':')}")
    assert (answer.status_code, list(answer.json())) == (400, ["message"])


# Filters


async def test_search_looks_at_part_of_name_or_location_in_any_case(client: httpx2.AsyncClient) -> None:
    assert await slugs(client, "q:richmond") == ["not-yet"]
    assert await slugs(client, "q:SOLD") == ["sold-out"]


async def test_live_and_its_complement_both_leave_out_what_is_open_but_sold_out(client: httpx2.AsyncClient) -> None:
    assert await own(client, "live:1") == {"pond-survey-april-2027", "try-out"}
    assert await own(client, "live:0") == await own(client, "live:yes") == {"not-yet", "over"}


async def test_starts_and_ends_are_compared_by_day_and_exclusively(client: httpx2.AsyncClient) -> None:
    assert await own(client, "event_starts >:2027-04-12") == {"sold-out", "not-yet"}
    assert await own(client, "event_starts >:2027-03-02", "event_ends <:2027-05-01") == {
        "pond-survey-april-2027",
        "tickets-gone",
    }


async def test_periods_follow_the_pinned_day(client: httpx2.AsyncClient, world: World) -> None:
    assert await own(client, "event_starts:this_month") == {"tickets-gone", "try-out"}
    assert await own(client, "event_ends:this_quarter") == {"tickets-gone", "try-out", "committee"}
    assert "not-yet" in await own(client, "event_starts:this_year")
    world.switches["eventhq.today"] = "2026-03-20"
    assert await own(client, "event_starts:this_month") == {"over"}


async def test_a_year_is_that_of_the_start_or_by_switch_of_the_opening(
    client: httpx2.AsyncClient, world: World
) -> None:
    assert await own(client, "year:2026") == {"over"}
    world.switches["eventhq.year_of"] = "registration_opens"
    assert await own(client, "year:2026") == {"over", "pond-survey-april-2027"}


async def test_tags_are_asked_by_id_any_of_or_none_of(client: httpx2.AsyncClient) -> None:
    assert await own(client, f"tag:{SURREY}", f"tag:{PONDS}") == {"pond-survey-april-2027", "not-yet", "over"}
    assert await own(client, f"tag:{SURREY}", f"tag_not:{PONDS}") == {"not-yet"}
    assert await own(client, "tag:Surrey") == set()


async def test_test_events_are_all_or_none_or_both(client: httpx2.AsyncClient) -> None:
    assert await own(client, "test:1") == {"try-out"}
    assert "try-out" not in await own(client, "test:0")
    assert "try-out" in await own(client, "live:1")


async def test_an_event_is_sold_out_by_its_venue_or_by_its_public_tickets(client: httpx2.AsyncClient) -> None:
    rows = (await client.get(f"events/index/{TOKEN}/limit:100")).json()["events"]
    assert {row["slug"] for row in rows if row["sold_out"]} == {"sold-out", "tickets-gone"}


# Others


async def test_switches_reproduce_a_trailing_colon_and_a_failure_with_status_200(
    client: httpx2.AsyncClient, world: World
) -> None:
    world.switches["eventhq.trailing_colon"] = True
    rows = (await client.get(f"events/index/{TOKEN}/limit:1")).json()["events"]
    assert rows[0]["url"].endswith("/event:series-19:")
    world.switches["eventhq.failure_message"] = "Try later"
    answer = await client.get(f"events/index/{TOKEN}")
    assert (answer.status_code, answer.json()) == (200, {"message": "Try later"})


async def test_the_booking_address_leads_to_a_page(client: httpx2.AsyncClient) -> None:
    assert "Book: Sold-Out" in (await client.get(f"{ROOT}/bookings/start/event:sold-out")).text
    assert (await client.get(f"{ROOT}/bookings/start/event:nope")).status_code == 404


async def test_the_demo_season_holds_what_a_demonstration_needs(world: World) -> None:
    standin = EventHQStandIn(world)
    season = standin.default_season(random.Random("a"))
    assert season == standin.default_season(random.Random("a"))
    standin.load(season)
    assert set(standin.tag_ids()) >= {"Surrey", "Ponds"}
    events = season["events"]
    assert len(events) >= 26
    products = [product for event in events for product in event["products"]]
    assert any("&amp;" in event["name"] for event in events)
    assert any("\r\n" in event["summary"] for event in events)
    assert any("\t" in event["summary"] for event in events)
    assert any(event["event_ends"] != event["event_starts"] and event["products"][0]["event_days"] for event in events)
    assert any(product.get("deleted") for product in products)
    assert any(product.get("primary") is False for product in products)
    assert any(len(product["prices"]) == 2 for product in products)


@pytest.mark.parametrize(
    ("season", "path"),
    [
        ({"events": [{"id": "1", "name": "x", "slug": "x"}]}, r"eventhq\.events\.0\.id"),
        ({"events": [{"id": 1, "name": "x", "slug": "x", "event_starts": "12 April"}]},
         r"eventhq\.events\.0\.event_starts"),
        ({"events": [{"id": 1, "name": "x", "slug": "x", "colour": "red"}]}, r"eventhq\.events\.0\.colour"),
        ({"events": [{"id": 1, "name": "x", "slug": "x", "tags": ["y"]}]}, r"eventhq\.events\.0\.tags"),
        ({"events": [{"id": n, "name": "x", "slug": "x"} for n in (1, 2)]}, r"eventhq\.events\.1"),
    ],
)  # fmt: skip
async def test_a_wrong_season_is_refused_whole_and_the_message_names_the_place(
    world: World, season: dict[str, Any], path: str
) -> None:
    standin = EventHQStandIn(world)
    with pytest.raises(ValueError, match=path):
        standin.load(season)
    assert world.store.rows("select * from eventhq_events") == []


VALUE = st.text(max_size=8) | st.sampled_from(
    ["%00", "%0A", "9" * 30, "²", "|", "live:1|", "event_starts >:0000-00-00"]
)
SEGMENTS = st.lists(
    st.tuples(st.sampled_from(["limit", "page", "sort", "direction", "q", "f", "event", "token", "f:year"]), VALUE),
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(action=st.sampled_from(["index", "count", "view"]), segments=SEGMENTS, host=st.sampled_from(["x", "[", "a b"]))
def test_no_request_provokes_a_server_error(action: str, segments: list[tuple[str, str]], host: str) -> None:
    tail = "/".join(quote(f"{key}:{value}", safe=":/") for key, value in segments)

    async def ask() -> None:
        async with connect(World(clock=Clock(NOW))) as client:
            answer = await client.get(f"events/{action}/{TOKEN}/{tail}", headers={"Host": host})
            assert answer.status_code in {200, 400, 401, 404}

    anyio.run(ask)
