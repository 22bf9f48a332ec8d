"""The EventHQ stand-in: path parameters, pages, filters."""

from urllib.parse import quote

import httpx2
import pytest

from eventdesk_server.sandbox.core import World
from tests.sandbox.eventhq.desk import PONDS, ROOT, SURREY, TOKEN, own, slugs

pytestmark = pytest.mark.anyio


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
