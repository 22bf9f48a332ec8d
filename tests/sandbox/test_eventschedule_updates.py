"""Event Schedule's event updates: what is kept, replaced, lost and half done."""

from typing import Any

import pytest

from tests.sandbox.organiser import OWNER, Desk
from tests.sandbox.programme import SERVER_ERROR, schedule

pytestmark = pytest.mark.anyio


def _event(*subdomains: str, **more: Any) -> dict[str, Any]:
    schedules = [{"subdomain": subdomain} for subdomain in subdomains or ("loft",)]
    return {"name": "Jazz", "starts_at": "2027-04-01 01:00:00", "schedules": schedules} | more


async def _first(desk: Desk) -> str:
    return "events/" + desk.platform.state.encode(1)


async def _put(desk: Desk, **body: Any) -> dict[str, Any]:
    answer = await desk.call("PUT", await _first(desk), json=body)
    assert answer["meta"] == {"message": "Event updated successfully"}
    return answer["data"]


async def _get(desk: Desk) -> dict[str, Any]:
    return (await desk.call("GET", await _first(desk)))["data"]


async def test_scalars_are_partial_null_clears_and_an_empty_put_moves_the_stamp(desk: Desk) -> None:
    desk.load(
        schedules=[schedule("loft")],
        events=[_event(duration=2, description="Text", category_id=4, created_at="2026-12-01 00:00:00")],
    )
    before = await _get(desk)
    assert await _put(desk) == before | {"updated_at": "2027-01-05T09:10:11+00:00"}
    changed = await _put(desk, duration=None, category_id=None, name="Blues")
    assert (changed["duration"], changed["category_id"], changed["name"]) == (None, None, "Blues")
    assert changed["description"] == "Text"
    status, body = await desk.refusal("PUT", await _first(desk), json={"name": None, "starts_at": None})
    assert (status, set(body["errors"])) == (422, {"name", "starts_at"})


async def test_an_event_in_the_repeated_hour_slips_at_any_update(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")], events=[_event(starts_at="2026-11-01 06:30:00")])
    assert (await _get(desk))["starts_at"] == "2026-11-01 06:30:00"
    assert (await _put(desk, name="x"))["starts_at"] == "2026-11-01 05:30:00"


TICKETS = [
    {"type": "Seat", "price": 30, "quantity": 5, "max_per_order": 2, "sales_end_at": "2027-03-01 00:00:00"},
    {"type": "Pass", "price": 90, "pass": {"pass_usage_type": "total", "pass_max_uses": 3}},
]


async def test_tickets_that_are_not_sent_stay_but_passes_become_ordinary(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")], events=[_event(tickets=TICKETS, addons=[{"type": "Coat", "price": 3}])])
    before = await _get(desk)
    assert before["tickets"][0]["pass_max_uses"] == 3
    after = await _put(desk, name="x")
    assert [row["id"] for row in after["tickets"]] == [row["id"] for row in before["tickets"]]
    assert [row["is_pass"] for row in after["tickets"]] == [False, False]
    assert "pass_max_uses" not in after["tickets"][0]
    assert after["tickets"][1]["sales_end_at"] == "2027-03-01T00:00:00+00:00"
    assert after["addons"] == before["addons"]
    assert desk.world.store.rows("select distinct max_per_order from eventschedule_ticket") == [{"max_per_order": None}]


async def test_kept_tickets_with_custom_fields_fail_half_way(desk: Desk) -> None:
    tickets = [{"type": "Seat", "custom_fields": {"diet": {"name": "Diet"}}}]
    desk.load(schedules=[schedule("loft")], events=[_event(tickets=tickets)])
    assert await desk.refusal("PUT", await _first(desk), json={"name": "Saved"}) == SERVER_ERROR
    assert (await _get(desk))["name"] == "Saved"
    assert (await _put(desk, tickets=[{"type": "New"}]))["tickets"][0]["type"] == "New"


async def test_echoing_the_list_of_a_read_deletes_every_ticket_and_answers_200(desk: Desk) -> None:
    desk.load(
        schedules=[schedule("loft")],
        events=[_event(tickets=TICKETS, addons=[{"type": "Coat"}], parts=[{"name": "One"}])],
    )
    before = await _get(desk)
    after = await _put(desk, **{key: before[key] for key in ("tickets", "addons", "event_parts")})
    assert (after["tickets"], after["addons"], after["event_parts"]) == ([], [], [])


async def test_a_raw_row_number_as_id_changes_that_row(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")], events=[_event(tickets=TICKETS)])
    before = await _get(desk)
    after = await _put(desk, tickets=[{"id": "1abc", "type": "Hit"}, {"id": 999, "type": "Dropped"}, {"type": "New"}])
    seat = next(row for row in before["tickets"] if row["type"] == "Seat")
    assert {row["type"]: row["id"] == seat["id"] for row in after["tickets"]} == {"Hit": True, "New": False}


async def test_a_replaced_list_has_new_ids_and_starts_with_nothing_sold(desk: Desk) -> None:
    desk.load(
        schedules=[schedule("loft")],
        events=[
            _event(
                tickets=[{"type": "Seat", "price": 30, "quantity": 1}],
                sales=[{"name": "Ida", "email": "ida@mail.test", "lines": [{"ticket": 0, "quantity": 1}]}],
            )
        ],
    )
    before = await _get(desk)
    after = await _put(desk, tickets=[{"type": "Chair", "price": 40, "quantity": 1}])
    assert after["tickets"][0]["id"] != before["tickets"][0]["id"]
    await desk.call(
        "POST", "sales", json={"event_id": after["id"], "name": "Bo", "email": "bo@mail.test", "tickets": {"Chair": 1}}
    )
    old = (await desk.call("GET", "sales", params={"email": "ida@mail.test"}))["data"][0]
    assert old["tickets"][0] | {} == {
        "ticket_id": before["tickets"][0]["id"],
        "quantity": 1,
        "price": 30,
        "type": "Seat",
        "is_addon": False,
        "is_pass": False,
    }


async def test_switching_tickets_off_retires_them_for_good(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")], events=[_event(tickets=TICKETS, addons=[{"type": "Coat"}])])
    assert "tickets" not in await _put(desk, tickets_enabled=False)
    back = await _put(desk, tickets_enabled=True)
    assert (back["tickets"], back["addons"]) == ([], [])


async def test_parts_are_kept_or_replaced_and_an_empty_list_clears(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")], events=[_event(parts=[{"name": "One"}, {"name": "Two"}])])
    assert [part["name"] for part in (await _put(desk))["event_parts"]] == ["One", "Two"]
    assert [part["name"] for part in (await _put(desk, event_parts=[{"name": "Z"}, {"name": "A"}]))["event_parts"]] == [
        "Z",
        "A",
    ]
    assert (await _put(desk, event_parts=[]))["event_parts"] == []


@pytest.mark.parametrize(
    ("field", "saved"), [("tickets", True), ("addons", True), ("event_parts", True), ("members", False)]
)
async def test_a_null_collection_is_a_500_after_the_scalars_were_saved(desk: Desk, field: str, saved: bool) -> None:
    desk.load(schedules=[schedule("loft")], events=[_event(tickets=[{"type": "Seat"}])])
    assert await desk.refusal("PUT", await _first(desk), json={"name": "Saved", field: None}) == SERVER_ERROR
    after = await _get(desk)
    assert (after["name"] == "Saved") is saved
    assert len(after["tickets"]) == 1


async def test_null_tickets_do_not_matter_while_ticketing_is_off(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")], events=[_event()])
    assert (await _put(desk, tickets=None, addons=None, name="Fine"))["name"] == "Fine"


WEEKLY = {"recurring_frequency": "weekly", "days_of_week": "0100000", "recurring_end_type": "after_events",
          "recurring_end_value": "9", "skipped_dates": ["2027-04-07"]}  # fmt: skip


async def test_recurrence_changes_only_with_its_type_and_then_resets_what_is_left_out(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")], events=[_event(**WEEKLY)])
    kept = await _put(desk, recurring_frequency="daily", recurring_end_type="never")
    assert (kept["recurring_frequency"], kept["recurring_end_value"]) == ("weekly", "9")
    assert desk.world.store.row("select skipped_dates from eventschedule_event") == {"skipped_dates": None}
    assert (await _put(desk, days_of_week="0010000"))["days_of_week"] == "0010000"
    reset = await _put(desk, schedule_type="recurring", recurring_frequency="daily")
    assert (reset["days_of_week"], reset["recurring_end_type"], reset["recurring_end_value"]) == (
        "1111111",
        "never",
        None,
    )
    assert (await _put(desk, schedule_type="single"))["schedule_type"] == "single"
    assert (await _put(desk, recurring_frequency="daily"))["schedule_type"] == "single"


async def test_moving_a_single_event_moves_all_its_sales_and_merges_nothing(desk: Desk) -> None:
    desk.load(
        schedules=[schedule("loft")],
        events=[
            _event(
                tickets=[{"type": "Seat", "quantity": 3, "price": 5}],
                sales=[
                    {"name": "Ida", "email": "ida@mail.test", "lines": [{"ticket": 0, "quantity": 2}]},
                    {
                        "name": "Bo",
                        "email": "bo@mail.test",
                        "lines": [{"ticket": 0, "quantity": 3}],
                        "event_date": "2027-04-09",
                    },
                ],
            )
        ],
    )
    await _put(desk, starts_at="2027-05-02 18:00:00")
    rows = (await desk.call("GET", "sales"))["data"]
    assert {row["event_date"] for row in rows} == {"2027-05-02"}
    assert desk.world.store.row("select sold from eventschedule_ticket") == {"sold": '{"2027-05-02": 2}'}


async def test_an_event_without_a_start_needs_one_to_be_updated(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft")], events=[_event(starts_at=None)])
    assert await desk.refusal("PUT", await _first(desk), json={"name": "Lost"}) == SERVER_ERROR
    assert (await _get(desk))["name"] == "Jazz"
    assert (await _put(desk, starts_at="2027-05-02 18:00:00"))["starts_at"] == "2027-05-02 18:00:00"


async def test_a_sub_schedule_is_switched_but_never_cleared(desk: Desk) -> None:
    groups = [{"name": "Late"}, {"name": "Deck"}]
    desk.load(
        schedules=[schedule("loft", groups=groups)],
        events=[_event(schedules=[{"subdomain": "loft", "group": "late"}])],
    )
    assert (await _put(desk))["schedules"][0]["group"]["slug"] == "late"
    assert (await _put(desk, schedule="deck"))["schedules"][0]["group"]["slug"] == "deck"
    assert await desk.refusal("PUT", await _first(desk), json={"schedule": None}) == (
        422,
        {"error": "Sub-schedule not found"},
    )


def _names(data: dict[str, Any]) -> list[str]:
    return [row["subdomain"] for row in data["schedules"]]


async def test_a_name_only_update_drops_a_sibling_and_repeating_a_venue_toggles_it(desk: Desk) -> None:
    desk.load(schedules=[schedule("duo", "talent"), schedule("hall")], events=[_event("duo", "hall")])
    hall = (await desk.call("GET", "schedules/hall"))["data"]["id"]
    assert _names(await _put(desk, name="x")) == ["duo"]
    seen = [_names(await _put(desk, venue_id=hall)) for _ in range(3)]
    assert seen == [["duo", "hall"], ["duo"], ["duo", "hall"]]


async def test_schedules_the_user_cannot_see_stay_whatever_is_sent(desk: Desk) -> None:
    desk.load(
        users=[{"email": "zoe@mail.test", "name": "Zoe"}],
        schedules=[
            schedule("duo", "talent"),
            schedule("hers", owner="zoe@mail.test"),
            schedule("hall"),
            {"subdomain": "nobody", "type": "curator", "members": {OWNER: "follower"}, "accept_requests": True},
        ],
        events=[_event("duo", "hers", "nobody")],
    )
    hall = (await desk.call("GET", "schedules/hall"))["data"]["id"]
    after = await _put(desk, venue_id=hall)
    assert _names(after) == ["duo", "hers", "nobody", "hall"]
    assert after["venue_subdomain"] == "hers"


async def test_what_counts_as_visible(desk: Desk) -> None:
    def curator(name: str, level: str, **more: Any) -> dict[str, Any]:
        return schedule(name, "curator", owner="zoe@mail.test", members={OWNER: level}, **more)

    desk.load(
        users=[{"email": "zoe@mail.test", "name": "Zoe"}],
        schedules=[
            schedule("duo", "talent"),
            curator("viewed", "viewer"),
            curator("asked", "follower", accept_requests=True),
            curator("shut", "follower"),
            curator("unproven", "viewer", verified=False),
        ],
        events=[_event("duo", "viewed", "asked", "shut", "unproven")],
    )
    assert _names(await _put(desk)) == ["duo", "shut", "unproven"]


async def test_a_venue_made_by_name_is_kept_because_nobody_owns_it(desk: Desk) -> None:
    desk.load(schedules=[schedule("duo", "talent")], events=[_event("duo")])
    assert _names(await _put(desk, venue_name="New Place")) == ["duo", "new"]
    assert _names(await _put(desk, name="x")) == ["duo", "new"]


async def test_the_checks_come_in_order(desk: Desk) -> None:
    desk.load(
        users=[{"email": "zoe@mail.test", "name": "Zoe"}],
        schedules=[schedule("hers", owner="zoe@mail.test")],
        events=[_event("hers", user="zoe@mail.test"), _event("hers", user=OWNER)],
    )
    assert await desk.refusal("PUT", "events/none", json={"name": None}) == (404, {"error": "Event not found"})
    assert await desk.refusal("PUT", await _first(desk), json={"name": None}) == (403, {"error": "Unauthorized"})
    path = "events/" + desk.platform.state.encode(2)
    assert (await desk.refusal("PUT", path, json={"name": None}))[1]["error"] == "Validation failed"
    assert await desk.refusal("PUT", path, json={}) == (
        422,
        {"error": "No schedule found for this event that you have access to"},
    )


async def test_visibility_is_kept_unless_sent_and_the_password_goes_with_privacy(desk: Desk) -> None:
    desk.load(schedules=[schedule("loft", default_state="draft")], events=[_event(is_private=True, event_password="x")])
    kept = await _put(desk, name="x")
    assert (kept["is_private"], kept["is_draft"], kept["is_password_protected"]) == (True, False, True)
    opened = await _put(desk, is_private=False)
    assert (opened["is_private"], opened["is_draft"], opened["is_password_protected"]) == (False, False, False)
    assert (await _put(desk, is_private=True))["is_password_protected"] is False
    assert (await _put(desk, is_draft=True))["is_draft"] is True
    assert (await _put(desk, is_draft=False))["is_draft"] is False
