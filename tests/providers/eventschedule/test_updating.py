"""Changing an event: only what differs is sent, every guard holds, and what the platform made of it is read back."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import EventdeskError, InvalidArguments, Unsupported
from eventdesk_tools.models import EventQuery, Outcome, WriteResult
from eventdesk_tools.plans import Change, PlannedRequest, Why, WritePlan
from eventdesk_tools.records import EventDraft, NewTicket, Place
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.organiser import organiser
from tests.providers.eventschedule.seasons import event, one_line, sale, schedule, season
from tests.support import NOW, Rehearsal

pytestmark = pytest.mark.anyio

VENUES = [
    schedule("mill", "venue", name="Old Mill", address1="1 Mill Lane"),
    schedule("quay", "venue", name="Quay Hall", address1="2 Quay Road"),
]


def world(*events: dict[str, Any]) -> dict[str, Any]:
    return season(*events, schedules=[schedule(), *VENUES])


async def only(r: Rehearsal) -> str:
    (row,) = [row async for row in r.provider.list_events(EventQuery(now=NOW, when="all"))]
    r.sandbox.faults.seen.clear()
    return row.id


async def planned(r: Rehearsal, at: str, **given: Any) -> WritePlan:
    plan = await r.provider.plan_update(at, EventDraft(**given))
    assert isinstance(plan, WritePlan), plan
    return plan


def bodies(r: Rehearsal) -> list[Any]:
    return [json.loads(seen.body) for seen in r.writes]


def body(plan: WritePlan) -> Mapping[str, Any]:
    assert plan.steps[0].request
    return plan.steps[0].request.body


async def test_only_what_differs_is_sent_and_the_change_is_told_before_and_after(rehearsal: Rehearse) -> None:
    held = event(short_description="Songs", event_url="https://folk.example/x", is_draft=True)
    async with rehearsal("eventschedule", season=world(held)) as r:
        at = await only(r)
        plan = await planned(
            r, at, title="Harbour Folk", summary="More songs", description="*Loud*", clear=frozenset({"website", "booking_url"})
        )  # fmt: skip
        wanted = {"short_description": "More songs", "description": "*Loud*", "event_url": None}
        assert [step.request for step in plan.steps] == [
            PlannedRequest(method="PUT", path=f"/events/{at}", body=wanted)
        ]
        assert plan.changes == (
            Change("summary", before="Songs", after="More songs"),
            Change("description", before=None, after="*Loud*"),
            Change("website", before="https://folk.example/x", after=None),
        )
        assert plan.question is None
        assert "per-order limits" in plan.notes[0]
        assert not r.writes
        result = await r.carry_out(plan)
        assert bodies(r) == [wanted]
        assert result == WriteResult(
            outcome=Outcome.DONE,
            event_id=at,
            status="draft",
            url=result.url,
            mail="unknown",
            facts={
                "changed": [
                    {"field": "summary", "before": "Songs", "after": "More songs"},
                    {"field": "description", "before": None, "after": "*Loud*"},
                    {"field": "website", "before": "https://folk.example/x", "after": None},
                ]
            },
            undo={"summary": "Songs", "website": "https://folk.example/x", "clear": ["description"]},
        )
        assert (await r.provider.plan_update(at, EventDraft(summary="More songs"))) == WriteResult(
            outcome=Outcome.ALREADY_DONE, event_id=at, status="draft", url=result.url, mail="no",
            makes_true=("event", at, "short_description", "More songs"),
        )  # fmt: skip


async def test_a_title_of_a_public_event_changes_without_a_question(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=world(event(sales=[one_line(0)]))) as r:
        plan = await planned(r, await only(r), title="Harbour Jazz")
        assert plan.question is None
        assert (await r.carry_out(plan)).undo == {"title": "Harbour Folk"}


async def test_a_start_alone_keeps_the_length_and_the_orders_that_move_along_are_named(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=world(event(sales=[one_line(0), one_line(1)]))) as r:
        at = await only(r)
        plan = await planned(r, at, starts="2027-06-03T20:00")
        assert body(plan) == {"starts_at": "2027-06-04 00:00:00"}
        assert plan.question
        assert plan.question.text == "Change 'Harbour Folk': starts? 2 orders are on it and move along."
        assert (plan.question.why, plan.question.reversible) == ({Why.VISIBLE_CHANGE}, True)
        result = await r.carry_out(plan)
        assert result.notes == ()
        assert result.facts["changed"] == [
            {"field": "starts", "before": "2027-06-01T19:00-04:00", "after": "2027-06-03T20:00-04:00"}
        ]
        assert result.undo == {"starts": "2027-06-01T19:00-04:00"}
        async with organiser(r) as o:
            after = await o.read(at)
            assert (after["duration"], {row["event_date"] for row in await o.sales(after)}) == (2, {"2027-06-03"})


async def test_an_end_is_a_length_also_where_it_stays_and_the_start_moves(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=world(event())) as r:
        at = await only(r)
        assert body(await planned(r, at, ends="2027-06-01T22:30")) == {"duration": 3.5}
        assert body(await planned(r, at, clear=frozenset({"ends"}))) == {"duration": None}
        plan = await planned(r, at, starts="2027-06-01T20:00", ends="2027-06-01T21:00")
        assert body(plan) == {"starts_at": "2027-06-02 00:00:00", "duration": 1}
        assert (await r.carry_out(plan)).notes == ()
        assert body(await planned(r, at, ends="2027-06-01T20:20"))["duration"] == 0.333333
        result = await r.carry_out(await planned(r, at, ends="2027-06-01T20:20"))
        assert result.notes == ()


async def test_moving_is_refused_where_orders_lie_on_several_dates(rehearsal: Rehearse) -> None:
    rows = [one_line(0), one_line(1, event_date="2027-06-20", status="cancelled")]
    async with rehearsal("eventschedule", season=world(event(sales=rows))) as r:
        at = await only(r)
        with pytest.raises(Unsupported, match="2 dates"):
            await planned(r, at, starts="2027-06-03T20:00")
        assert body(await planned(r, at, title="Same day")) == {"name": "Same day"}


async def test_tickets_are_replaced_whole_while_there_is_no_order_and_namesakes_keep_what_cannot_be_said(
    rehearsal: Rehearse,
) -> None:
    tickets = [
        {
            "type": "Adult", "price": "30", "quantity": 5, "description": "Seated", "sales_end_at": "2027-05-01 10:00:00",
            "volume_discount": {"min_quantity": 3, "type": "percentage", "value": 10},
        },
        {"type": "Child", "price": "10"},
    ]  # fmt: skip
    async with rehearsal("eventschedule", season=world(event(tickets=tickets))) as r:
        at = await only(r)
        plan = await planned(
            r, at, tickets=(NewTicket(name="adult", price="35", quantity=9), NewTicket(name="Door", price="40 EUR"))
        )
        assert body(plan) == {
            "tickets": [
                {
                    "type": "adult", "price": 35, "quantity": 9, "description": "Seated",
                    "sales_end_at": "2027-05-01 10:00:00",
                    "volume_discount": {"min_quantity": 3, "type": "percentage", "value": 10},
                },
                {"type": "Door", "price": 40},
            ]
        }  # fmt: skip
        assert plan.question
        assert (plan.question.why, plan.question.reversible) == ({Why.VISIBLE_CHANGE}, False)
        assert plan.notes == ()
        result = await r.carry_out(plan)
        assert (result.notes, result.undo) == ((), None)
        assert result.facts["changed"] == [
            {
                "field": "tickets",
                "before": ["Adult, 30.00 EUR, 5", "Child, 10.00 EUR, unlimited"],
                "after": ["Door, 40.00 EUR, unlimited", "adult, 35.00 EUR, 9"],
            }
        ]
        async with organiser(r) as o:
            after = await o.read(at)
        assert {row["type"]: row["description"] for row in after["tickets"]} == {"adult": "Seated", "Door": None}
        assert len(after["addons"]) == 1


@pytest.mark.parametrize("status", ["cancelled", "expired", "paid"])
async def test_tickets_are_refused_once_there_is_an_order_of_any_status(rehearsal: Rehearse, status: str) -> None:
    async with rehearsal("eventschedule", season=world(event(sales=[one_line(0, status=status)]))) as r:
        with pytest.raises(Unsupported, match="1 order") as refused:
            await planned(r, await only(r), tickets=(NewTicket(name="A", price="1 EUR"),))
        assert refused.value.field == "tickets"


async def test_tickets_on_an_event_without_any_switch_ticketing_on(rehearsal: Rehearse) -> None:
    bare = event(tickets_enabled=False, tickets=[], addons=[], is_draft=True)
    async with rehearsal("eventschedule", season=world(bare)) as r:
        plan = await planned(r, await only(r), tickets=(NewTicket(name="A", price="1.50 GBP"),))
        assert body(plan) == {
            "tickets": [{"type": "A", "price": 1.5}],
            "tickets_enabled": True,
            "ticket_currency_code": "GBP",
        }
        assert (await r.carry_out(plan)).notes == ()


async def test_publishing_is_public_and_hiding_is_the_same_write_as_archiving(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=world(event(is_draft=True))) as r:
        at = await only(r)
        plan = await planned(r, at, published=True)
        assert (body(plan), plan.mail) == ({"is_draft": False}, "no")
        assert plan.question
        assert "It becomes public." in plan.question.text
        assert (plan.question.why, plan.question.reversible) == ({Why.PUBLIC}, False)
        result = await r.carry_out(plan)
        assert (result.status, result.undo) == ("live", {"published": False})
        hiding = await planned(r, at, published=False)
        archiving = await r.provider.plan_archive(at, restore=False)
        assert isinstance(archiving, WritePlan)
        assert hiding.makes_true == archiving.makes_true
        assert "is_private" not in json.dumps(bodies(r))


async def test_a_category_is_named_or_numbered_and_can_be_emptied(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=world(event(category_id=5))) as r:
        at = await only(r)
        for wanted in ("concerts", "4"):
            assert body(await planned(r, at, category=wanted)) == {"category_id": 4}
        with pytest.raises(InvalidArguments) as refused:
            await planned(r, at, category="Origami")
        assert refused.value.allowed
        plan = await planned(r, at, clear=frozenset({"category"}))
        result = await r.carry_out(plan)
        assert result.facts["changed"] == [{"field": "category", "before": "Education", "after": None}]
        assert result.undo == {"category": "Education"}


async def test_a_place_is_an_own_venue_by_name_and_address(rehearsal: Rehearse) -> None:
    held = event(schedules=[{"subdomain": "harbour"}, {"subdomain": "mill"}])
    async with rehearsal("eventschedule", season=world(held)) as r:
        at = await only(r)
        same = await r.provider.plan_update(at, EventDraft(place=Place(name="Old Mill", address="1 Mill Lane")))
        assert isinstance(same, WriteResult), "naming the venue once more would detach it"
        plan = await planned(r, at, place=Place(name="Quay Hall", address="2 Quay Road"))
        assert body(plan) == {"venue_name": "Quay Hall", "venue_address1": "2 Quay Road"}
        assert plan.question
        assert Why.VISIBLE_CHANGE in plan.question.why
        result = await r.carry_out(plan)
        assert result.facts["changed"] == [
            {"field": "place", "before": "Old Mill, 1 Mill Lane", "after": "Quay Hall, 2 Quay Road"}
        ]
        assert result.notes == ()
        for place in (Place(name="Quay Hall"), Place(address="2 Quay Road")):
            with pytest.raises(InvalidArguments):
                await planned(r, at, place=place)


async def test_the_place_of_an_event_on_a_venues_own_schedule_is_not_changed(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=world(event(schedules=[{"subdomain": "mill"}]))) as r:
        with pytest.raises(Unsupported, match="Old Mill") as refused:
            await planned(r, await only(r), place=Place(name="Quay Hall", address="2 Quay Road"))
        assert refused.value.field == "place"


REFUSED: list[tuple[dict[str, Any], type[EventdeskError], str]] = [
    ({"zone": "Europe/London"}, Unsupported, "zone"),
    ({"calendar": "mill"}, Unsupported, "calendar"),
    ({"recurrence": "FREQ=DAILY"}, Unsupported, "recurrence"),
    ({"package": "gold"}, Unsupported, "package"),
    ({"image_url": "https://x.example/a.png"}, Unsupported, "image_url"),
    ({"clear": frozenset({"image_url"})}, Unsupported, "image_url"),
    ({"clear": frozenset({"tickets"})}, Unsupported, "clear"),
    ({"clear": frozenset({"title"})}, InvalidArguments, "clear"),
    ({"website": "folk.example"}, InvalidArguments, "website"),
    ({"place": Place(name="Old Mill", address="1 Mill Lane", postcode="X1")}, Unsupported, "place"),
]


@pytest.mark.parametrize(("given", "error", "field"), REFUSED)
async def test_what_no_change_takes_is_refused_by_name_before_any_request(
    rehearsal: Rehearse, given: dict[str, Any], error: type[EventdeskError], field: str
) -> None:
    async with rehearsal("eventschedule", season=world(event())) as r:
        with pytest.raises(error) as refused:
            await planned(r, "Hw81Lp", **given)
        assert refused.value.field == field
        assert r.seen == []


async def test_a_pass_among_the_tickets_is_refused(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule") as r:
        rows = [row async for row in r.provider.list_events(EventQuery(now=NOW, when="all"))]
        details = [await r.provider.get_event(row.id, frozenset()) for row in rows]
        holding = [d.event.id for d in details if any("pass" in t.note for t in d.tickets or ())]
        assert holding
        for at in holding:
            with pytest.raises(Unsupported, match="pass"):
                await planned(r, at, title="New")
        assert not r.writes


async def test_a_start_in_the_repeated_hour_is_refused(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=world(event(starts_at="2027-11-07 05:30:00"))) as r:
        with pytest.raises(Unsupported, match="clocks repeat"):
            await planned(r, await only(r), title="New")


async def test_an_event_without_start_is_changed_only_with_one(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=world(event(starts_at=None, is_draft=True))) as r:
        at = await only(r)
        with pytest.raises(Unsupported, match="no start"):
            await planned(r, at, title="New")
        plan = await planned(r, at, title="New", starts="2027-06-03T20:00")
        assert (await r.carry_out(plan)).notes == ()


async def test_a_repeating_event_is_asked_for_and_keeps_its_weekdays(rehearsal: Rehearse) -> None:
    weekly = event(recurring_frequency="weekly", days_of_week="0010000", is_draft=True)
    async with rehearsal("eventschedule", season=world(weekly)) as r:
        at = await only(r)
        plan = await planned(r, at, title="New")
        assert plan.question
        assert "skipped" in plan.question.text
        assert (plan.question.why, plan.question.reversible) == ({Why.DESTRUCTIVE}, False)
        with pytest.raises(Unsupported, match="weekday"):
            await planned(r, at, starts="2027-06-03T20:00")
        assert body(await planned(r, at, starts="2027-06-08T20:00")) == {"starts_at": "2027-06-09 00:00:00"}


async def test_a_sibling_that_the_change_detached_is_attached_once_more_and_reported(rehearsal: Rehearse) -> None:
    held = event(schedules=[{"subdomain": "harbour"}, {"subdomain": "mill"}])
    async with rehearsal("eventschedule", season=world(held)) as r:
        at = await only(r)
        plan = await planned(r, at, title="New")
        assert plan.question
        assert "2 schedules (Harbour, Old Mill)" in plan.question.text
        assert [step.optional for step in plan.steps] == [False, True]
        result = await r.carry_out(plan)
        assert result.notes == ()
        assert [sorted(sent) for sent in bodies(r)] == [["name"], ["venue_id"]]
        async with organiser(r) as o:
            assert {row["subdomain"] for row in (await o.read(at))["schedules"]} == {"harbour", "mill"}


@pytest.mark.parametrize(
    "fault", [Fault(kind="drop_after", method="PUT"), Fault(kind="status", code=500, commit=True, method="PUT")]
)
async def test_after_no_answer_the_event_is_looked_at_before_anything_is_said(
    rehearsal: Rehearse, fault: Fault
) -> None:
    async with rehearsal("eventschedule", season=world(event())) as r:
        plan = await planned(r, await only(r), title="New", summary="Songs")
        r.sandbox.faults.add(fault)
        result = await r.carry_out(plan)
        assert (result.outcome, result.notes) == (Outcome.DONE, ())
        assert len(r.writes) == 1


async def test_an_internal_event_is_not_published(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=world(event(is_internal=True, is_draft=True))) as r:
        with pytest.raises(Unsupported, match="internal"):
            await planned(r, await only(r), published=True)


async def test_an_rsvp_counts_as_an_order(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=world(event(rsvp_enabled=True, sales=[sale(0)]))) as r:
        with pytest.raises(Unsupported, match="1 order"):
            await planned(r, await only(r), tickets=(NewTicket(name="A", price="1 EUR"),))
