"""What becomes of an order: once and never twice, whatever the network does."""

from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import SoldOut
from eventdesk_tools.models import Outcome, SaleOrder
from eventdesk_tools.plans import WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.orders import EMPTY, bodies, done, person, planned, sale, venue
from tests.providers.eventschedule.organiser import organiser, ticket
from tests.support import Rehearsal

pytestmark = pytest.mark.anyio


async def test_too_many_tickets_are_sold_out_and_nothing_is_recorded(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        plan = await planned(r, sale(event, ("Balcony", 3)))
        with pytest.raises(SoldOut, match="Remaining: 2"):
            await r.carry_out(plan)
        plan = await planned_again(r, sale(event, ("Free", 1), ("Soup", 11)))
        with pytest.raises(SoldOut):
            await r.carry_out(plan)
        async with organiser(r) as o:
            assert await o.sales(event) == []


async def planned_again(r: Rehearsal, wanted: SaleOrder) -> WritePlan:
    plan = await r.provider.plan_sale(wanted)
    assert isinstance(plan, WritePlan)
    return plan


async def test_the_same_sale_again_is_already_done_and_a_second_one_is_meant_by_nth(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        first = await done(r, sale(event, ("Free", 1)))
        plan = await planned_again(r, sale(event, ("Free", 1)))
        assert "further" in plan.notes[0]
        again = await r.carry_out(plan)
        assert (again.outcome, again.record) == (Outcome.ALREADY_DONE, first.record)
        second = await planned_again(r, sale(event, ("Free", 1), nth=2))
        assert second.notes == ()
        assert (await r.carry_out(second)).outcome is Outcome.DONE
        assert len(bodies(r)) == 2


async def test_a_sale_that_was_cancelled_since_no_longer_stands(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        await done(r, sale(event, ("Free", 1)))
        async with organiser(r) as o:
            await o.act((await o.sales(event))[0], "cancel")
        assert (await done(r, sale(event, ("Free", 1)))).outcome is Outcome.DONE
        async with organiser(r) as o:
            for made in await o.sales(event):
                await o.call("DELETE", f"/sales/{made['id']}")
        assert (await done(r, sale(event, ("Free", 1)))).outcome is Outcome.DONE


async def test_a_registration_and_a_sale_of_the_same_line_make_the_same_true(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        one = await planned(r, person(event, "Free"))
        other = await planned(r, sale(event, ("Free", 1)))
        assert one.makes_true == other.makes_true


@pytest.mark.parametrize("kind", ["drop_after", "truncated"])
async def test_an_order_whose_answer_is_lost_is_found_and_not_sent_again(rehearsal: Rehearse, kind: Any) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
            # The same lines of the same person, there before: not the result of this call.
            before = await o.sale(event, "ida@mail.test", ticket(event, "Free"))
        r.sandbox.faults.add(Fault(kind=kind, provider="eventschedule", method="POST", times=1))
        result = await done(r, sale(event, ("Free", 1)))
        assert result.outcome is Outcome.DONE
        assert result.record
        assert result.record[1] != before["id"]
        assert len(r.writes) == 1
        async with organiser(r) as o:
            assert len(await o.sales(event)) == 2


async def test_no_word_of_the_person_reaches_the_journal(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        plan = await planned(r, sale(event, ("Free", 1)))
        await r.carry_out(plan)
        assert plan.steps[0].find is not None
        (found,) = await plan.steps[0].find({})
        assert set(found.values) == {"sale", "status", "amount", "date"}
        assert "ida" not in str(found.values).lower()
