"""Hiding an event and showing it again, with every guard of a change."""

import json
from typing import Any

import pytest

from eventdesk_server.providers.eventschedule import wire
from eventdesk_server.providers.eventschedule.changes import naming
from eventdesk_server.providers.eventschedule.mapping import Home
from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import OutcomeUnknown, Unsupported
from eventdesk_tools.models import EventQuery, Outcome, WriteResult
from eventdesk_tools.plans import Change, PlannedRequest, Question, Why, WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.organiser import organiser, ticket
from tests.providers.eventschedule.test_wire import event as event_of
from tests.support import NOW, Rehearsal

pytestmark = pytest.mark.anyio

EMPTY: dict[str, Any] = {}


async def planned(r: Rehearsal, event: Any, *, restore: bool = False) -> WritePlan:
    plan = await r.provider.plan_archive(event["id"], restore=restore)
    assert isinstance(plan, WritePlan), plan
    return plan


def bodies(r: Rehearsal) -> list[Any]:
    return [json.loads(seen.body) for seen in r.writes]


async def test_archiving_makes_a_draft_keeps_the_orders_and_asks_with_their_number(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed("harbour")
            await o.sale(event, "ida@mail.test", ticket(event, "Free"))
            await o.sale(event, "leo@mail.test", ticket(event, "Balcony"))
            await o.act(await o.sale(event, "eva@mail.test", ticket(event, "Free")), "cancel")
        plan = await planned(r, event)
        assert plan.question == Question(
            text="Hide 'Harbour Folk' from its public page (make it a draft)? 2 open orders on it stay.",
            why=frozenset({Why.VISIBLE_CHANGE}),
            reversible=True,
        )
        assert [step.request for step in plan.steps] == [
            PlannedRequest(method="PUT", path=f"/events/{event['id']}", body={"is_draft": True})
        ]
        assert plan.changes == (Change("published", before=True, after=False),)
        assert plan.makes_true == ("event", event["id"], "is_draft", "true")
        assert "per-order limits" in plan.notes[0]
        assert not r.writes
        assert await r.carry_out(plan) == WriteResult(
            outcome=Outcome.DONE,
            event_id=event["id"],
            status="draft",
            mail="no",
            facts={"effect": "hidden"},
            undo={"restore": True},
        )
        assert bodies(r) == [{"is_draft": True}]
        async with organiser(r) as o:
            after = await o.read(event["id"])
            assert len(await o.sales(event)) == 3
        kept = {key: value for key, value in after.items() if key not in {"is_draft", "updated_at"}}
        assert kept == {key: value for key, value in event.items() if key not in {"is_draft", "updated_at"}}


async def test_restoring_publishes_so_it_is_asked_outside_the_chat(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour", is_draft=True)
        plan = await planned(r, event, restore=True)
        assert plan.question == Question(
            text="Publish 'Harbour Folk' again?", why=frozenset({Why.PUBLIC}), reversible=False
        )
        assert await r.carry_out(plan) == WriteResult(
            outcome=Outcome.DONE, event_id=event["id"], status="live", mail="no", facts={"effect": "restored"}, undo={}
        )
        assert bodies(r) == [{"is_draft": False}]


async def test_an_event_that_is_hidden_already_is_already_done(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour", is_draft=True)
        result = await r.provider.plan_archive(event["id"], restore=False)
        assert result == WriteResult(
            outcome=Outcome.ALREADY_DONE,
            event_id=event["id"],
            status="draft",
            mail="no",
            facts={"effect": "hidden"},
            undo={"restore": True},
            makes_true=("event", event["id"], "is_draft", "true"),
        )
        assert not r.writes


async def test_hide_show_hide_sends_each_time_since_the_present_state_decides(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour")
        for restore in (False, True, False):
            assert (await r.carry_out(await planned(r, event, restore=restore))).outcome is Outcome.DONE
        assert bodies(r) == [{"is_draft": True}, {"is_draft": False}, {"is_draft": True}]


async def test_an_internal_event_stays_a_draft(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour", is_internal=True)
        with pytest.raises(Unsupported, match="internal"):
            await r.provider.plan_archive(event["id"], restore=True)
        hidden = await r.provider.plan_archive(event["id"], restore=False)
        assert isinstance(hidden, WriteResult)
        assert (hidden.outcome, hidden.undo) == (Outcome.ALREADY_DONE, None)


async def test_an_unlisted_event_without_orders_is_hidden_without_asking_and_stays_unlisted(
    rehearsal: Rehearse,
) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour", is_private=True)
        plan = await planned(r, event)
        assert plan.question is None
        assert (await r.carry_out(plan)).notes == ()
        result = await r.carry_out(await planned(r, event, restore=True))
        assert (result.status, result.notes) == ("unlisted", ())


async def test_a_pass_among_the_tickets_is_refused_since_it_would_become_an_ordinary_ticket(
    rehearsal: Rehearse,
) -> None:
    async with rehearsal("eventschedule") as r:
        events = [event async for event in r.provider.list_events(EventQuery(now=NOW, when="all"))]
        details = [await r.provider.get_event(event.id, frozenset()) for event in events]
        holding = [d.event for d in details if any("pass" in t.note for t in d.tickets or ())]
        assert holding, "the demo season has an event with a pass"
        for event in holding:
            with pytest.raises(Unsupported, match="pass"):
                await r.provider.plan_archive(event.id, restore=event.status == "draft")
        assert not r.writes


async def test_an_event_without_start_is_refused_since_the_change_would_fail(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule") as r:
        events = [event async for event in r.provider.list_events(EventQuery(now=NOW, when="all"))]
        (undated,) = [event for event in events if event.starts is None]
        with pytest.raises(Unsupported, match="no start"):
            await r.provider.plan_archive(undated.id, restore=undated.status == "draft")


async def test_a_start_in_the_repeated_hour_is_refused_since_it_would_move(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour", starts_at="2027-11-07 06:30:00")
            near = await o.event("harbour", starts_at="2027-11-07 07:30:00")
        with pytest.raises(Unsupported, match="clocks repeat"):
            await r.provider.plan_archive(event["id"], restore=False)
        assert (await r.carry_out(await planned(r, near))).notes == ()


async def test_a_repeating_event_is_asked_for_since_skipped_dates_are_lost(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour", schedule_type="recurring", recurring_frequency="daily")
        plan = await planned(r, event)
        assert plan.question
        assert "skipped" in plan.question.text
        assert plan.question.why == {Why.VISIBLE_CHANGE, Why.DESTRUCTIVE}
        assert not plan.question.reversible
        await r.carry_out(plan)
        async with organiser(r) as o:
            assert (await o.read(event["id"]))["recurring_frequency"] == "daily"


async def test_a_sibling_schedule_that_the_change_detached_is_attached_once_more(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            house = await o.schedule("Harbour House")
            await o.schedule("Quay Club", "curator")
            event = await o.event("quay", venue_id=house["id"])
        plan = await planned(r, event)
        assert plan.question
        assert "2 schedules (" in plan.question.text
        assert plan.question.why == {Why.VISIBLE_CHANGE, Why.DESTRUCTIVE}
        assert [step.optional for step in plan.steps] == [False, True]
        assert plan.steps[1].request == PlannedRequest(
            method="PUT", path=f"/events/{event['id']}", body={"venue_id": "‹schedule that was detached›"}
        )
        result = await r.carry_out(plan)
        assert result.notes == ()
        first, second = bodies(r)
        assert (first, list(second)) == ({"is_draft": True}, ["venue_id"])
        async with organiser(r) as o:
            after = await o.read(event["id"])
        assert {s["subdomain"] for s in after["schedules"]} == {"quay", "harbour"}
        assert after["is_draft"] is True


async def test_of_several_lost_siblings_the_events_own_comes_back_and_the_rest_is_named(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            house = await o.schedule("Harbour House")
            await o.schedule("Duo Nine", "talent")
            await o.schedule("Quay Club", "curator")
            event = await o.event("quay", venue_id=house["id"], members=[{"name": "Duo Nine"}])
            quay = next(s["id"] for s in event["schedules"] if s["subdomain"] == "quay")
        plan = await planned(r, event)
        assert plan.question
        assert "not all lost can be attached again" in plan.question.text
        assert not plan.question.reversible
        result = await r.carry_out(plan)
        # The platform keeps the first, the performer; one further request can name one schedule that is no performer.
        assert bodies(r) == [{"is_draft": True}, {"venue_id": quay}]
        assert result.notes == (
            "Event Schedule detached from the event: Harbour House. Attach again in Event Schedule itself.",
        )
        async with organiser(r) as o:
            assert {s["subdomain"] for s in (await o.read(event["id"]))["schedules"]} == {"duo", "quay"}


def attached(id_: str, type_: str) -> dict[str, str]:
    return {"id": id_, "subdomain": id_.lower(), "type": type_}


@pytest.mark.parametrize(
    ("kept", "lost", "body"),
    [
        # Beside a performer `members` is ignored; `venue_id` takes a schedule of any type.
        (("Talent1", "talent"), [("Venue11", "venue")], {"venue_id": "Venue11"}),
        (("Talent1", "talent"), [("Talent2", "talent")], {"venue_id": "Talent2"}),
        (("Curat11", "curator"), [("Talent2", "talent")], {"venue_id": "Talent2"}),
        # Beside a venue `venue_id` is ignored, and a performer goes by name.
        (("Venue11", "venue"), [("Talent2", "talent")], {"members": [{"name": "Duo Nine"}]}),
        (("Venue11", "venue"), [("Curat11", "curator")], {}),
        (
            ("Curat11", "curator"),
            [("Talent2", "talent"), ("Venue11", "venue")],
            {"venue_id": "Venue11", "members": [{"name": "Duo Nine"}]},
        ),
    ],
)
def test_what_was_lost_is_named_in_the_way_that_the_rest_allows(
    kept: tuple[str, str], lost: list[tuple[str, str]], body: dict[str, Any]
) -> None:
    before = event_of(
        schedules=[attached(*kept), *(attached(*a) for a in lost)], members={"Talent2": {"name": "Duo Nine"}}
    )
    gone = [wire.Attached.model_validate(attached(*a)) for a in lost]
    assert naming(gone, before, Home(None, None)) == body


async def test_nothing_is_named_again_where_nothing_was_lost_since_naming_would_detach_it(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            house = await o.schedule("Harbour House")
            await o.schedule("Quay Club", "curator")
            event = await o.event("quay", venue_id=house["id"])
        plan = await planned(r, event)
        step = plan.steps[1]
        assert step.find is not None
        assert [found.id for found in await step.find({})] == [event["id"]]
        assert await step.send(r.call()) == {"reattached": ""}  # type: ignore[arg-type]
        assert not r.writes


async def test_a_sub_schedule_that_went_with_its_schedule_is_told(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            await o.group("harbour", "Late Show")
            await o.schedule("Duo Nine", "talent")
            event = await o.event("harbour", members=[{"name": "Duo Nine"}], schedule="late-show")
        assert (await r.carry_out(await planned(r, event))).notes == ("The sub-schedule on Harbour House was lost.",)


async def test_what_the_change_broke_is_told(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.ticketed("harbour")
        plan = await planned(r, event)
        async with organiser(r) as o:
            # Somebody else's change between the preview and the request: other tickets, another start.
            await o.call(
                "PUT",
                f"/events/{event['id']}",
                {"starts_at": "2027-04-02 23:00:00", "tickets": [{"type": "New", "price": 1}]},
            )
        notes = (await r.carry_out(plan)).notes
        assert notes == (
            "The tickets are not the same as before the change: call get_event and show the person.",
            "Event Schedule moved the start: it is 2027-04-02T19:00-04:00 now.",
        )


async def test_a_change_whose_answer_is_lost_is_looked_up_and_not_sent_again(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour")
        r.sandbox.faults.add(Fault(kind="drop_after", provider="eventschedule", method="PUT", times=1))
        result = await r.carry_out(await planned(r, event))
        assert (result.outcome, result.status) == (Outcome.DONE, "draft")
        assert len(r.writes) == 1


async def test_after_a_failure_nothing_is_said_that_was_not_seen(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await o.schedule("Harbour House")
            event = await o.event("harbour")
        r.sandbox.faults.add(Fault(kind="status", code=500, provider="eventschedule", method="PUT", times=1))
        with pytest.raises(OutcomeUnknown):
            await r.carry_out(await planned(r, event))
        assert len(r.writes) == 1
