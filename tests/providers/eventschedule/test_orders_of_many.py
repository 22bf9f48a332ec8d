"""Registering many people for one event: it and its orders are read once, and nobody gets two."""

from datetime import date
from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import EventdeskError, InvalidArguments, UnknownRef, Unsupported
from eventdesk_tools.models import EventQuery, Outcome, Registration, WriteResult
from eventdesk_tools.plans import WritePlan
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.seasons import event, one_line, sale, season
from tests.support import NOW, Rehearsal

pytestmark = pytest.mark.anyio


async def event_id(r: Rehearsal) -> str:
    """The only event's id."""
    (only,) = [one async for one in r.provider.list_events(EventQuery(now=NOW, when="all"))]
    r.sandbox.faults.seen.clear()
    return only.id


def guest(at: str, email: str, **given: Any) -> Registration:
    plain: dict[str, Any] = {"event_id": at, "name": "Ada Pier", "ticket": "Stalls", "email": email}
    return Registration(**plain | given)


def guests(number: int, at: str, **given: Any) -> list[Registration]:
    return [guest(at, f"guest{n}@quay.example", **given) for n in range(number)]


def stored(r: Rehearsal) -> int:
    return len(r.sandbox.world.store.rows("select 1 from eventschedule_sale where email like 'guest%'"))


async def test_the_event_and_its_orders_are_read_once_for_all(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=season(event(sales=[one_line(n) for n in range(40)]))) as r:
        at = await event_id(r)
        planned = await r.provider.plan_registrations([*guests(20, at), guest(at, "P7@Mail.test")])
        assert [seen.path.rpartition("/api/")[2] for seen in r.seen] == [f"events/{at}", "sales"]
        *new, known = planned
        assert isinstance(known, WriteResult)
        assert known.outcome is Outcome.ALREADY_REGISTERED
        for plan in new:
            assert isinstance(plan, WritePlan)
            assert (await r.carry_out(plan)).outcome is Outcome.DONE
        assert len(r.seen) == 2 + 20
        assert stored(r) == 20


async def test_a_cancelled_order_keeps_nobody_from_a_new_one(rehearsal: Rehearse) -> None:
    gone = sale(1, [{"ticket": 2, "quantity": 1}], status="cancelled", email="guest0@quay.example")
    async with rehearsal("eventschedule", season=season(event(sales=[gone]))) as r:
        planned = await r.provider.plan_registrations(guests(3, await event_id(r)))
        assert all(isinstance(plan, WritePlan) for plan in planned)


async def test_only_orders_of_the_same_date_of_a_repeating_event_count(rehearsal: Rehearse) -> None:
    weekly = {"recurring_frequency": "weekly", "days_of_week": "0010000", "starts_at": "2027-03-02 23:00:00"}
    line = [{"ticket": 2, "quantity": 1}]
    sales = [
        sale(1, line, status="paid", email="guest0@quay.example", event_date="2027-03-09"),
        sale(2, line, status="paid", email="guest1@quay.example", event_date="2027-03-16"),
    ]
    async with rehearsal("eventschedule", season=season(event(**weekly, sales=sales))) as r:
        wanted = guests(3, await event_id(r), occurrence=date(2027, 3, 9))
        planned = await r.provider.plan_registrations(wanted)
        assert [type(plan) for plan in planned] == [WriteResult, WritePlan, WritePlan]


async def test_of_an_event_with_many_orders_each_is_looked_up_at_their_turn(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=season(event(sales=[one_line(n) for n in range(501)]))) as r:
        at = await event_id(r)
        (known,) = await r.provider.plan_registrations([guest(at, "p499@mail.test")])
        assert isinstance(known, WritePlan)
        assert known.anew is not None
        assert isinstance(await known.anew(), WriteResult)
        (new,) = await r.provider.plan_registrations(guests(1, at))
        assert isinstance(new, WritePlan)
        assert new.anew is not None
        r.sandbox.faults.seen.clear()
        assert (await r.carry_out(await new.anew())).outcome is Outcome.DONE
        assert [seen.method for seen in r.seen] == ["GET", "POST"]


async def test_an_unanswered_order_is_settled_by_a_fresh_look(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=season(event())) as r:
        planned = await r.provider.plan_registrations(guests(4, await event_id(r)))
        r.sandbox.faults.add(Fault(kind="drop_after", method="POST", path="sales", skip=1, times=1))
        for plan in planned:
            assert not isinstance(plan, EventdeskError)
            assert (await r.carry_out(plan)).outcome is Outcome.DONE
        assert stored(r) == len(r.writes) == 4


async def test_what_is_wrong_with_one_is_told_of_that_one(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=season(event())) as r:
        at = await event_id(r)
        rows = [
            *guests(1, at, answers=(("diet", "fish"),)), *guests(1, at, ticket="Gallery"), *guests(1, at),
            *guests(1, at, last_name="Quay"), *guests(1, at, ticket="Balcony", complimentary=True),
        ]  # fmt: skip
        planned = await r.provider.plan_registrations(rows)
        assert [type(plan) for plan in planned] == [Unsupported, UnknownRef, WritePlan, InvalidArguments, Unsupported]
        assert r.writes == []


async def test_an_event_without_tickets_hands_everybody_on_and_is_read_once(rehearsal: Rehearse) -> None:
    rsvp = event(tickets_enabled=False, tickets=[], addons=[], rsvp_enabled=True)
    async with rehearsal("eventschedule", season=season(rsvp)) as r:
        planned = await r.provider.plan_registrations(guests(9, await event_id(r)))
        assert {plan.outcome for plan in planned if isinstance(plan, WriteResult)} == {Outcome.HAND_OFF}
        assert len(planned) == 9
        assert len(r.seen) == 1
