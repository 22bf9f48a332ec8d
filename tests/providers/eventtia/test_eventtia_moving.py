"""Moving what is copied: the same wall times on other days, session by session."""

from typing import Any

import httpx2
import pytest

from eventdesk_tools.errors import InvalidArguments
from eventdesk_tools.models import Outcome
from tests.providers.eventtia.copies import fair, order, planned
from tests.providers.eventtia.scripted import Turns, activity, event, listed, rehearsed

pytestmark = pytest.mark.anyio


async def test_wall_times_are_kept_across_a_change_of_clocks() -> None:
    plan = await planned(fair(), starts="2026-12-01T09:00")
    assert (plan.facts["starts"], plan.facts["ends"]) == ("2026-12-01T09:00+01:00", "2026-12-03T18:00+01:00")


async def test_another_time_of_day_moves_the_end_and_the_sessions_too_and_says_so() -> None:
    sessions = listed([activity("1", "Talk", start_date="2026-05-12T08:00:00.000Z", end_date=None)])
    plan = await planned(fair(**{"GET events/fair/workshops": sessions}), starts="2027-05-11T10:30")
    assert plan.facts["ends"] == "2027-05-13T19:30+02:00"
    request = plan.steps[4].request
    assert request is not None
    assert request.body == {"start_date": "11/05/2027 - 11:30:00"}
    assert any("another time of day" in note for note in plan.notes)


async def test_a_start_that_clocks_skip_is_refused() -> None:
    with pytest.raises(InvalidArguments) as caught:
        await planned(fair(), starts="2027-03-28T02:30")
    assert caught.value.field == "starts"
    assert len(caught.value.allowed) == 2


async def test_the_wall_time_is_that_of_an_online_events_virtual_zone() -> None:
    online = {"GET events/fair": {"data": event(event_id="7", is_virtual=True, virtual_timezone="America/Bogota")}}
    plan = await planned(fair(**online))
    assert plan.facts["starts"] == "2027-05-11T09:00-05:00"


async def test_an_event_without_zone_or_start_cannot_be_moved() -> None:
    without_zone: dict[str, Any] = {"timezone": None, "virtual_timezone": None}
    without_start: dict[str, Any] = {"start_date": None}
    for changes, field in ((without_zone, "starts"), (without_start, "event")):
        upstream = fair(**{"GET events/fair": {"data": event(event_id="7", **changes)}})
        with pytest.raises(InvalidArguments) as caught:
            await planned(upstream)
        assert (caught.value.field, upstream.writes) == (field, [])


async def test_more_than_twenty_sessions_keep_their_dates_and_it_is_said() -> None:
    for number, moved in ((20, 20), (21, 0)):
        sessions = {"GET events/fair/workshops": listed([activity(str(n + 1), f"Talk {n}") for n in range(number)])}
        plan = await planned(fair(**sessions))
        assert len(plan.steps) == 4 + moved
        kept = [note for note in plan.notes if "keep their old dates" in note]
        assert kept == ([] if moved else ["21 sessions keep their old dates: more than 20 are not moved one by one."])


async def test_sessions_left_out_are_neither_read_nor_moved() -> None:
    upstream = fair(**{"GET events/fair/workshops": listed([activity("1", "Talk")])})
    plan = await planned(upstream, skip=("sessions",))
    assert (len(plan.steps), upstream.asked) == (4, ["GET events/fair"])


async def test_what_the_api_cannot_move_is_named() -> None:
    sessions = {"GET events/fair/workshops": listed([activity("1", "Talk")])}
    notes = (await planned(fair(**sessions))).notes
    assert notes[-1] == (
        "Not moved, because Eventtia's API cannot: price end dates of tickets, booking deadlines, networking times."
    )


async def test_sessions_are_matched_by_name_and_time_and_one_that_is_missing_is_told() -> None:
    early, late = "2026-05-12T08:00:00.000Z", "2026-05-12T10:00:00.000Z"
    there = [activity("1", "Talk", start_date=early), activity("2", "Talk", start_date=late), activity("3", "Gone")]
    here = [activity("12", "Talk", start_date=late), activity("11", "Talk", start_date=early)]
    after = [
        activity("12", "Talk", start_date="2027-05-11T10:00:00.000Z"),
        activity("11", "Talk", start_date="2027-05-11T08:00:00.000Z"),
    ]
    upstream = fair(
        **{
            "GET events/fair/workshops": listed(there),
            "GET events/fair-2/workshops": Turns([listed(here), listed(after)]),
            "GET events/fair-2/workshops/11": {"data": here[1]},
            "GET events/fair-2/workshops/12": {"data": here[0]},
            "PUT events/fair-2/workshops/11": {"data": after[1]},
            "PUT events/fair-2/workshops/12": {"data": after[0]},
        }
    )
    r = rehearsed(upstream)
    result = await r.carry_out(await r.provider.plan_clone(order()))
    assert result.facts["sessions_moved"] == 2
    assert result.notes == ("1 of 3 sessions are not at their new time. Tell the person.",)
    assert [line for line, _ in upstream.writes[2:]] == [
        "PUT events/fair-2/workshops/11",
        "PUT events/fair-2/workshops/12",
    ]
    assert upstream.writes[2][1]["start_date"] == "11/05/2027 - 10:00:00"


async def test_a_session_that_cannot_be_moved_does_not_undo_the_copy() -> None:
    talk = activity("1", "Talk")
    upstream = fair(
        **{
            "GET events/fair/workshops": listed([talk]),
            "GET events/fair-2/workshops": listed([talk | {"id": "11"}]),
            "GET events/fair-2/workshops/11": {"data": talk | {"id": "11"}},
            "PUT events/fair-2/workshops/11": httpx2.Response(422, json={"message": ["Room is taken"]}),
        }
    )
    r = rehearsed(upstream)
    result = await r.carry_out(await r.provider.plan_clone(order()))
    assert result.outcome is Outcome.DONE
    assert any("Room is taken" in note for note in result.notes)
    assert result.facts["sessions_moved"] == 0


async def test_the_same_dates_move_no_session() -> None:
    upstream = fair(**{"GET events/fair/workshops": listed([activity("1", "Talk")])})
    plan = await planned(upstream, starts="2026-05-12T09:00")
    assert len(plan.steps) == 4
    assert plan.notes == (
        "Until it is found, the copy may be public with the old dates: v3 copies first and dates afterwards.",
    )
