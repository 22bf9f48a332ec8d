"""Registrations and sales: one order each, never twice, for the right ticket and date."""

from datetime import date
from typing import Any

import pytest

from eventdesk_tools.errors import AmbiguousName, InvalidArguments, NotOnSale, UnknownRef, Unsupported
from eventdesk_tools.models import Outcome, SaleOrder, WriteResult
from eventdesk_tools.plans import PlannedRequest
from eventdesk_tools.refs import Kind
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.orders import EMPTY, WEEKLY, bodies, done, person, planned, sale, venue
from tests.providers.eventschedule.organiser import extra, organiser, ticket

pytestmark = pytest.mark.anyio


async def test_a_registration_is_an_order_of_one_ticket_by_id_unpaid_when_priced(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        balcony = ticket(event, "Balcony")
        plan = await planned(r, person(event, "balcony"))
        body = {"event_id": event["id"], "name": "Ida Berg", "email": "Ida@mail.test", "tickets": {balcony: 1}}
        assert [step.request for step in plan.steps] == [PlannedRequest(method="POST", path="/sales", body=body)]
        assert plan.makes_true == ("order", event["id"], "", f"t-{balcony}*1", "ida@mail.test", "1")
        assert (plan.question, plan.mail, plan.facts) == (None, "no", {"items": ["1 × Balcony"], "total": "30.00 EUR"})
        result = await r.carry_out(plan)
        assert bodies(r) == [body]
        async with organiser(r) as o:
            (made,) = await o.sales(event)
        assert result == WriteResult(
            outcome=Outcome.DONE,
            event_id=event["id"],
            record=(Kind.REGISTRATION, made["id"]),
            status="pending",
            mail="no",
            facts={"items": ["1 × Balcony"], "total": "30.00 EUR", "date": "2027-04-01"},
            notes=("Event Schedule sent no mail.", "The order is unpaid: 30.00 EUR is due, and its places are held."),
        )
        assert (made["status"], made["event_date"], made["total_quantity"]) == ("unpaid", "2027-04-01", 1)


async def test_a_free_ticket_makes_a_confirmed_registration(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        result = await done(r, person(event, f"t-{ticket(event, 'Free')}"))
        assert (result.status, result.facts["total"], result.notes) == (
            "confirmed",
            "0.00 EUR",
            ("Event Schedule sent no mail.",),
        )


async def test_without_a_ticket_only_the_single_free_one_on_sale_is_taken(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            several = await o.ticketed("harbour")
            single = await o.ticketed("harbour", tickets=[{"type": "Free", "price": 0}])
        with pytest.raises(InvalidArguments) as refused:
            await r.provider.plan_registration(person(several))
        assert refused.value.field == "ticket"
        assert [entry.split(" ", 1)[1] for entry in refused.value.allowed] == ["Balcony 30.00 EUR", "Free 0.00 EUR"]
        assert (await done(r, person(single))).status == "confirmed"


async def test_somebody_registered_already_stays_as_they_are(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
            held = await o.sale(event, "IDA@mail.test", ticket(event, "Balcony"))
        result = await r.provider.plan_registration(person(event, "Free"))
        assert isinstance(result, WriteResult)
        assert result == WriteResult(
            outcome=Outcome.ALREADY_REGISTERED,
            event_id=event["id"],
            record=(Kind.REGISTRATION, held["id"]),
            status="pending",
            facts={"ticket": "Balcony"},
            makes_true=("order", event["id"], "", f"t-{ticket(event, 'Balcony')}*1", "ida@mail.test", "1"),
            values=result.values,
        )
        assert result.values["sale"] == held["id"]
        assert not r.writes


async def test_a_cancelled_order_does_not_stand_in_the_way(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
            await o.act(await o.sale(event, "ida@mail.test", ticket(event, "Free")), "cancel")
        assert (await done(r, person(event, "Free"))).outcome is Outcome.DONE


async def test_a_priced_ticket_is_never_given_away(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        with pytest.raises(Unsupported) as refused:
            await r.provider.plan_registration(person(event, "Balcony", complimentary=True))
        assert refused.value.field == "complimentary"
        assert (await done(r, person(event, "Free", complimentary=True))).status == "confirmed"


@pytest.mark.parametrize(
    ("more", "field"),
    [({"answers": (("Diet", "none"),)}, "answers"), ({"sessions": ("Opening",)}, "sessions")],
)
async def test_what_an_order_cannot_carry_is_refused_before_any_request(
    rehearsal: Rehearse, more: dict[str, Any], field: str
) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        with pytest.raises(Unsupported) as refused:
            await r.provider.plan_registration(person({"id": "any111"}, **more))
        assert refused.value.field == field
        with pytest.raises(Unsupported) as refused:
            await r.provider.plan_sale(sale({"id": "any111"}, ("Free", 1), coupon="SAVE"))
        assert refused.value.field == "coupon"
        assert not r.seen


async def test_a_last_name_must_be_part_of_the_one_name_that_is_kept(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        with pytest.raises(InvalidArguments) as refused:
            await r.provider.plan_registration(person({"id": "any111"}, last_name="Olsen"))
        assert refused.value.field == "last_name"
        with pytest.raises(InvalidArguments):
            await r.provider.plan_sale(
                SaleOrder(event_id="any111", name="x" * 256, email="a@mail.test", items=(("F", 1),))
            )
        assert not r.seen


async def test_an_rsvp_only_event_is_a_link_for_the_person(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            rsvp = await o.event("harbour", rsvp_enabled=True)
            outside = await o.event("harbour", registration_url="https://book.example/x")
            neither = await o.event("harbour")
        result = await r.provider.plan_registration(person(rsvp))
        assert isinstance(result, WriteResult)
        assert (result.outcome, result.url, result.record) == (Outcome.HAND_OFF, rsvp["url"], None)
        for wanted in (r.provider.plan_registration(person(outside)), r.provider.plan_sale(sale(outside, ("A", 1)))):
            result = await wanted
            assert isinstance(result, WriteResult)
            assert (result.outcome, result.url) == (Outcome.HAND_OFF, "https://book.example/x")
        with pytest.raises(NotOnSale):
            await r.provider.plan_registration(person(neither))
        assert not r.writes


async def test_extras_of_a_registration_go_along_by_id(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        result = await done(r, person(event, "Free", extras=(("soup", 2),)))
        assert bodies(r)[0]["addons"] == {extra(event, "Soup"): 2}
        assert (result.facts["total"], result.status) == ("9.00 EUR", "pending")


async def test_the_date_of_a_repeating_event_is_needed_checked_and_sent(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour", **WEEKLY)
        with pytest.raises(InvalidArguments) as refused:
            await r.provider.plan_registration(person(event, "Free"))
        assert (refused.value.field, refused.value.allowed[:2]) == ("occurrence", ("2027-03-01", "2027-03-08"))
        with pytest.raises(InvalidArguments, match="no date on 2027-03-09"):
            await r.provider.plan_registration(person(event, "Free", occurrence=date(2027, 3, 9)))
        result = await done(r, person(event, "Free", occurrence=date(2027, 3, 8)))
        assert bodies(r)[0]["event_date"] == "2027-03-08"
        assert result.facts["occurrence"] == "2027-03-08"


async def test_dates_that_have_begun_are_not_sold(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            series = await o.ticketed("harbour", **{**WEEKLY, "starts_at": "2027-02-02 00:30:00"})
            over = await o.ticketed("harbour", starts_at="2027-02-02 00:30:00", duration=1)
        with pytest.raises(InvalidArguments) as refused:
            await r.provider.plan_sale(sale(series, ("Free", 1), occurrence=date(2027, 2, 22)))
        assert refused.value.allowed[0] == "2027-03-01"
        with pytest.raises(NotOnSale):
            await r.provider.plan_sale(sale(over, ("Free", 1)))


async def test_a_single_event_takes_no_date_since_each_date_would_have_its_own_places(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        with pytest.raises(InvalidArguments) as refused:
            await r.provider.plan_sale(sale(event, ("Free", 1), occurrence=date(2027, 4, 1)))
        assert refused.value.field == "occurrence"


async def test_a_registration_on_one_date_says_nothing_of_another(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour", **WEEKLY)
            await o.sale(event, "ida@mail.test", ticket(event, "Free"), event_date="2027-03-08")
        again = await r.provider.plan_registration(person(event, "Free", occurrence=date(2027, 3, 8)))
        assert again.outcome is Outcome.ALREADY_REGISTERED if isinstance(again, WriteResult) else False
        assert (await done(r, person(event, "Free", occurrence=date(2027, 3, 15)))).outcome is Outcome.DONE


async def test_a_sale_names_tickets_and_add_ons_by_id_and_adds_up_what_is_named_twice(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        balcony, free, soup = ticket(event, "Balcony"), ticket(event, "Free"), extra(event, "Soup")
        items = (("Balcony", 1), (f"t-{balcony}", 1), (f"x-{soup}", 2), ("free", 1))
        plan = await planned(r, sale(event, *items))
        assert plan.facts == {"items": ["2 × Balcony", "2 × Soup", "1 × Free"], "total": "69.00 EUR"}
        result = await r.carry_out(plan)
        assert bodies(r) == [
            {
                "event_id": event["id"],
                "name": "Ida Berg",
                "email": "ida@mail.test",
                "tickets": {balcony: 2, free: 1},
                "addons": {soup: 2},
            }
        ]
        assert (result.record and result.record[0], result.status, result.facts["total"]) == (
            Kind.ORDER,
            "unpaid",
            "69.00 EUR",
        )


async def test_a_sale_that_costs_nothing_is_paid(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        assert (await done(r, sale(event, ("Free", 3)))).status == "paid"


async def test_two_tickets_of_one_name_are_never_left_to_the_platform(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed(
                "harbour", tickets=[{"type": "Seat", "price": 5}, {"type": "seat", "price": 9}], addons=[]
            )
        for wanted in (
            r.provider.plan_sale(sale(event, ("Seat", 1))),
            r.provider.plan_registration(person(event, "Seat")),
        ):
            with pytest.raises(AmbiguousName) as refused:
                await wanted
            assert [entry.split(" ", 1)[1] for entry in refused.value.allowed] == ["seat 9.00 EUR", "Seat 5.00 EUR"]


async def test_a_ticket_whose_name_is_a_number_goes_by_id(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour", tickets=[{"type": "2", "price": 5}, {"type": "20", "price": 9}])
        await done(r, sale(event, ("2", 1)))
        assert bodies(r)[0]["tickets"] == {ticket(event, "2"): 1}


async def test_an_order_needs_a_ticket_and_known_items(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed("harbour")
        with pytest.raises(InvalidArguments) as refused:
            await r.provider.plan_sale(sale(event, ("Soup", 1)))
        assert refused.value.field == "items"
        with pytest.raises(UnknownRef) as unknown:
            await r.provider.plan_sale(sale(event, ("Stalls", 1)))
        assert len(unknown.value.allowed) == 3


async def test_a_ticket_that_is_not_on_sale_is_refused_before_the_request(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=EMPTY) as r:
        async with organiser(r) as o:
            await venue(o)
            event = await o.ticketed(
                "harbour",
                tickets=[
                    {"type": "Early", "price": 1, "sales_end_at": "2027-02-20 10:00:00"},
                    {"type": "Door", "price": 2},
                ],
            )
        with pytest.raises(NotOnSale, match="sales ended"):
            await r.provider.plan_sale(sale(event, ("Early", 1)))
