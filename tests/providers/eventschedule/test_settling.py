"""What becomes of an order: asked, once, never more than was meant, and without money moving."""

import json
from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import InvalidArguments, NotFound, Unsupported
from eventdesk_tools.models import EventQuery, Outcome, WriteResult
from eventdesk_tools.plans import Change, PlannedRequest, Question, Why, WritePlan
from eventdesk_tools.records import SaleAction, SaleQuery
from eventdesk_tools.refs import Kind
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.seasons import event, one_line, sale, season
from tests.support import NOW, Rehearsal

pytestmark = pytest.mark.anyio


async def known(r: Rehearsal) -> tuple[str, dict[str, str]]:
    """The event's id, and the orders' ids by address."""
    (row,) = [row async for row in r.provider.list_events(EventQuery(now=NOW, when="all"))]
    at = row.id
    sales = [row async for page in r.provider.list_sales(SaleQuery(event_id=at)) for row in page.rows]
    r.sandbox.faults.seen.clear()
    return at, {row.email: row.id for row in sales}


async def planned(r: Rehearsal, at: str, record: str, action: SaleAction, *, whole: bool = False) -> WritePlan:
    plan = await r.provider.plan_sale_update(at, record, action, whole_order=whole)
    assert isinstance(plan, WritePlan), plan
    return plan


async def test_cancelling_a_registration_cancels_its_order_and_asks_with_what_goes(rehearsal: Rehearse) -> None:
    rows = [sale(0, [{"ticket": 1, "quantity": 1}], status="paid")]
    async with rehearsal("eventschedule", season=season(event(sales=rows))) as r:
        at, orders = await known(r)
        record = orders["p0@mail.test"]
        plan = await r.provider.plan_cancellation(at, record, whole_order=False)
        assert isinstance(plan, WritePlan)
        assert plan.question == Question(
            text="Cancel the order of \ue0f0Person 0\ue0f1 for 'Harbour Folk': 1 × Balcony? 30.50 EUR. No money is returned.",
            why=frozenset({Why.DESTRUCTIVE}),
            reversible=False,
        )
        assert [step.request for step in plan.steps] == [
            PlannedRequest(method="PUT", path=f"/sales/{record}", body={"action": "cancel"})
        ]
        assert plan.changes == (Change("status", before="confirmed", after="cancelled"),)
        assert plan.makes_true == ("sale", record, "cancelled")
        assert not r.writes
        assert await r.carry_out(plan) == WriteResult(
            outcome=Outcome.DONE,
            event_id=at,
            record=(Kind.REGISTRATION, record),
            status="cancelled",
            mail="unknown",
            facts={"items": ["1 × Balcony"], "amount": "30.50 EUR"},
            notes=("No money was returned: 30.50 EUR is the organiser's to give back.",),
        )
        assert [json.loads(seen.body) for seen in r.writes] == [{"action": "cancel"}]
        assert await r.provider.plan_cancellation(at, record, whole_order=False) == WriteResult(
            outcome=Outcome.ALREADY_DONE,
            event_id=at,
            record=(Kind.REGISTRATION, record),
            status="cancelled",
            mail="no",
            makes_true=("sale", record, "cancelled"),
        )


@pytest.mark.parametrize(
    ("action", "before", "after", "why"),
    [
        ("mark_paid", "unpaid", "paid", Why.UNPAID_ACCESS),
        ("refund", "paid", "refunded", Why.DESTRUCTIVE),
        ("cancel", "unpaid", "cancelled", Why.DESTRUCTIVE),
        ("cancel", "paid", "cancelled", Why.DESTRUCTIVE),
    ],
)
async def test_each_action_changes_the_status_and_is_asked(
    rehearsal: Rehearse, action: SaleAction, before: str, after: str, why: Why
) -> None:
    async with rehearsal("eventschedule", season=season(event(sales=[one_line(1, status=before)]))) as r:
        at, orders = await known(r)
        record = orders["p1@mail.test"]
        plan = await planned(r, at, record, action)
        assert plan.question
        assert (plan.question.why, plan.question.reversible) == ({why}, False)
        result = await r.carry_out(plan)
        assert (result.outcome, result.status, result.record) == (Outcome.DONE, after, (Kind.ORDER, record))
        again = await r.provider.plan_sale_update(at, record, action, whole_order=False)
        assert isinstance(again, WriteResult)
        assert again.outcome is Outcome.ALREADY_DONE


@pytest.mark.parametrize(
    ("action", "status", "error", "allowed"),
    [
        ("refund", "unpaid", InvalidArguments, ("mark_paid", "cancel")),
        ("mark_paid", "amount_mismatch", Unsupported, ()),
        ("cancel", "amount_mismatch", Unsupported, ()),
        ("cancel", "refunded", Unsupported, ()),
        ("mark_paid", "expired", Unsupported, ()),
        ("refund", "cancelled", Unsupported, ()),
    ],
)
async def test_a_transition_that_the_platform_lacks_is_refused_with_those_it_has(
    rehearsal: Rehearse, action: SaleAction, status: str, error: type[Exception], allowed: tuple[str, ...]
) -> None:
    async with rehearsal("eventschedule", season=season(event(sales=[one_line(1, status=status)]))) as r:
        at, orders = await known(r)
        with pytest.raises(error) as refused:
            await planned(r, at, orders["p1@mail.test"], action)
        assert getattr(refused.value, "allowed", ()) == allowed
        assert not r.writes


@pytest.mark.parametrize(
    "lines", [[{"ticket": 1, "quantity": 2}], [{"ticket": 1, "quantity": 1}, {"addon": 0, "quantity": 1}]]
)
async def test_more_than_one_ticket_or_an_extra_goes_only_as_a_whole_order(
    rehearsal: Rehearse, lines: list[dict[str, int]]
) -> None:
    async with rehearsal("eventschedule", season=season(event(sales=[sale(0, lines, status="paid")]))) as r:
        at, orders = await known(r)
        record = orders["p0@mail.test"]
        for action in ("cancel", "refund"):
            with pytest.raises(InvalidArguments) as refused:
                await planned(r, at, record, action)
            assert (refused.value.field, "whole_order: true" in refused.value.next) == ("whole_order", True)
        with pytest.raises(InvalidArguments):
            await r.provider.plan_cancellation(at, record, whole_order=False)
        plan = await r.provider.plan_cancellation(at, record, whole_order=True)
        assert isinstance(plan, WritePlan)
        assert plan.question
        assert plan.facts["items"] == [
            f"{line['quantity']} × {'Soup' if 'addon' in line else 'Balcony'}" for line in lines
        ]
        assert all(item in plan.question.text for item in plan.facts["items"])
        assert (await r.carry_out(plan)).status == "cancelled"


async def test_a_groups_first_order_takes_all_guests_along_and_a_guest_alone_is_refused(rehearsal: Rehearse) -> None:
    guests = [{"name": "Guest", "email": f"g{n}@mail.test", "lines": [{"ticket": 2, "quantity": 1}]} for n in range(2)]
    rows = [sale(0, [{"ticket": 1, "quantity": 1}], status="unpaid", guests=guests)]
    async with rehearsal("eventschedule", season=season(event(sales=rows))) as r:
        at, orders = await known(r)
        first = orders["p0@mail.test"]
        with pytest.raises(Unsupported, match="guest of a group") as refused:
            await r.provider.plan_cancellation(at, orders["g0@mail.test"], whole_order=True)
        assert "whole_order" in refused.value.next
        with pytest.raises(InvalidArguments, match="1 × Balcony, 2 × Stalls"):
            await r.provider.plan_cancellation(at, first, whole_order=False)
        plan = await r.provider.plan_cancellation(at, first, whole_order=True)
        assert isinstance(plan, WritePlan)
        assert plan.question
        assert "1 × Balcony, 2 × Stalls (3 orders that belong together)" in plan.question.text
        await r.carry_out(plan)
        pages = [page async for page in r.provider.list_sales(SaleQuery(event_id=at))]
        assert {row.status for page in pages for row in page.rows} == {"cancelled"}


async def test_orders_made_together_on_several_events_are_all_named(rehearsal: Rehearse) -> None:
    def one(**more: Any) -> dict[str, Any]:
        return sale(0, [{"ticket": 1, "quantity": 1}], status="paid", order="basket", **more)

    async with rehearsal("eventschedule", season=season(event(sales=[one()]), event("Late Set", sales=[one()]))) as r:
        events = {row.title: row.id async for row in r.provider.list_events(EventQuery(now=NOW, when="all"))}
        at = events["Harbour Folk"]
        (page,) = [page async for page in r.provider.list_sales(SaleQuery(event_id=at))]
        with pytest.raises(InvalidArguments) as refused:
            await planned(r, at, page.rows[0].id, "cancel")
        assert "1 × Balcony (Harbour Folk), 1 × Balcony (Late Set)" in refused.value.message
        plan = await planned(r, at, page.rows[0].id, "cancel", whole=True)
        assert plan.facts["amount"] == "61.00 EUR"


async def test_an_order_of_another_event_is_not_found(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=season(event(sales=[one_line(0)]), event("Other"))) as r:
        events = {row.title: row.id async for row in r.provider.list_events(EventQuery(now=NOW, when="all"))}
        (page,) = [page async for page in r.provider.list_sales(SaleQuery())]
        with pytest.raises(NotFound):
            await r.provider.plan_cancellation(events["Other"], page.rows[0].id, whole_order=False)


async def test_a_cancellation_that_broke_off_after_it_happened_is_found_and_not_repeated(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=season(event(sales=[one_line(1, status="paid")]))) as r:
        at, orders = await known(r)
        plan = await planned(r, at, orders["p1@mail.test"], "cancel")
        r.sandbox.faults.add(Fault(kind="drop_after", method="PUT"))
        assert (await r.carry_out(plan)).status == "cancelled"
        assert len(r.writes) == 1


async def test_an_rsvp_can_be_cancelled_alone(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=season(event(rsvp_enabled=True, sales=[sale(0)]))) as r:
        at, orders = await known(r)
        plan = await r.provider.plan_cancellation(at, orders["p0@mail.test"], whole_order=False)
        assert isinstance(plan, WritePlan)
        assert plan.facts == {"items": ["1 × RSVP"], "amount": "0.00 EUR"}
        assert (await r.carry_out(plan)).notes == ()
