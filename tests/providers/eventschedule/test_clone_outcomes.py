"""What becomes of a copy: made once, looked at, and told as it is."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.models import CloneOrder, EventQuery, Outcome
from eventdesk_tools.plans import WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.organiser import organiser
from tests.support import NOW, Rehearsal

pytestmark = pytest.mark.anyio

EMPTY: dict[str, Any] = {}
ALWAYS_LOST = "payment instructions and custom fields (not visible)"


async def planned(r: Rehearsal, event: Any, starts: str = "2027-06-12T19:30", **more: Any) -> WritePlan:
    plan = await r.provider.plan_clone(CloneOrder(event_id=event["id"], starts=starts, **more))
    assert isinstance(plan, WritePlan), plan
    return plan


def bodies(r: Rehearsal) -> list[Any]:
    return [json.loads(seen.body) for seen in r.writes]


async def test_every_event_of_the_demo_season_can_be_copied_and_agrees_with_what_was_sent(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule") as r:
        events = [event async for event in r.provider.list_events(EventQuery(now=NOW, when="all"))]
        assert len(events) > 10
        for event in events:
            result = await r.carry_out(await planned(r, {"id": event.id}, "2027-09-14T18:00"))
            assert (result.outcome, result.status, result.notes) == (Outcome.DONE, "draft", ()), event.title


async def test_a_half_saved_copy_is_found_and_told_to_be_in_part(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed("harbour", event_parts=[{"name": "Opening"}])
        plan = await planned(r, event)
        r.sandbox.faults.add(
            Fault(kind="status", code=500, commit=True, provider="eventschedule", method="POST", times=1)
        )
        result = await r.carry_out(plan)
        assert (result.outcome, result.notes) == (Outcome.DONE, ())
        assert len(r.writes) == 1
        assert plan.steps[0].find is not None
        (found,) = await plan.steps[0].find({})
        assert found.id == result.event_id
        async with organiser(r) as o:
            await o.call(
                "PUT", f"/events/{result.event_id}", {"tickets": [{"type": "One", "price": 1}], "event_parts": []}
            )
        told = await plan.finish(found.values)
        assert told.notes == (
            "The copy has 1 tickets where 2 were sent: it was saved in part only.",
            "The copy has 0 sessions where 1 were sent: it was saved in part only.",
        )


async def test_one_copy_a_call_however_often_it_is_made(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour")
        first = await r.carry_out(await planned(r, event))
        again = await r.carry_out(await planned(r, event))
        assert (again.outcome, again.event_id) == (Outcome.ALREADY_DONE, first.event_id)
        assert len(r.writes) == 1
        async with organiser(r) as o:
            await o.call("DELETE", f"/events/{first.event_id}")
        anew = await r.carry_out(await planned(r, event))
        assert (anew.outcome, anew.event_id != first.event_id) == (Outcome.DONE, True)


async def test_a_copy_whose_answer_is_lost_is_found_and_not_made_again(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour")
        r.sandbox.faults.add(Fault(kind="drop_after", provider="eventschedule", method="POST", times=1))
        result = await r.carry_out(await planned(r, event))
        assert result.outcome is Outcome.DONE
        assert result.event_id != event["id"]
        assert len(r.writes) == 1


async def test_another_start_than_was_sent_is_told(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY, settings={"zone": "America/New_York"}) as r:
        async with organiser(r) as o:
            # A schedule without zone and a venue in another: the platform turns the time there and back by different zones.
            house = await o.schedule("Harbour House", zone="Asia/Tokyo")
            await o.schedule("Quay Club", "curator")
            event = await o.event("quay", venue_id=house["id"])
            await o.call("PUT", "/schedules/quay", {"timezone": None})
        result = await r.carry_out(await planned(r, event))
        async with organiser(r) as o:
            made = await o.read(result.event_id)
        assert made["starts_at"] != "2027-06-12 23:30:00"
        assert result.notes[0].startswith("Event Schedule stored another start than was sent: ")


async def test_a_copy_in_the_past_is_made_but_told(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour")
        plan = await planned(r, event, "2026-06-12T19:30")
        assert plan.notes == ("The copy starts in the past.",)
        assert datetime(2026, 6, 12, 23, 30, tzinfo=UTC) < NOW
