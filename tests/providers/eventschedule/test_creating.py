"""Creating an event: what is given arrives as it was meant, what cannot be expressed is refused, and it happens once."""

import json
from dataclasses import replace
from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import EventdeskError, InvalidArguments, RejectedByProvider, Unsupported
from eventdesk_tools.models import EventQuery, Outcome, WriteResult
from eventdesk_tools.plans import PlannedRequest, Question, Why, WritePlan
from eventdesk_tools.records import EventDraft, NewTicket, Place
from tests.providers.conftest import Rehearse
from tests.providers.eventschedule.organiser import organiser
from tests.providers.eventschedule.seasons import event, schedule
from tests.support import NOW, Rehearsal

pytestmark = pytest.mark.anyio

MILL = schedule("mill", "venue", name="Old Mill", address1="1 Mill Lane")
CLUB = schedule("harbour", "curator", groups=[{"name": "Late", "slug": "late"}])
HOUSE: dict[str, Any] = {"schedules": [CLUB, MILL], "events": []}
BASE: dict[str, Any] = {"title": "Harbour Folk", "starts": "2027-06-12T19:30", "calendar": "harbour"}


def draft(**given: Any) -> EventDraft:
    return EventDraft(**{**BASE, **given})


async def planned(r: Rehearsal, **given: Any) -> WritePlan:
    plan = await r.provider.plan_event(draft(**given))
    assert isinstance(plan, WritePlan), plan
    return plan


def bodies(r: Rehearsal) -> list[Any]:
    return [json.loads(seen.body) for seen in r.writes]


async def test_an_event_goes_to_its_schedule_with_everything_that_is_given(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=HOUSE) as r:
        plan = await planned(
            r, calendar="Harbour/late", ends="2027-06-12T22:00", summary=" Songs ", description="*Loud*", category="concerts",
            place=Place(name="Old Mill", address="1 Mill Lane"), website="https://folk.example/x",
            booking_url="https://book.example/y", recurrence="FREQ=WEEKLY;BYDAY=SA;COUNT=4",
            tickets=(NewTicket(name="Adult", price="12.50 GBP", quantity=80), NewTicket(name="Child", price="0")),
        )  # fmt: skip
        body = {
            "name": "Harbour Folk", "short_description": "Songs", "description": "*Loud*",
            "event_url": "https://folk.example/x", "registration_url": "https://book.example/y",
            "starts_at": "2027-06-12 23:30:00", "duration": 2.5, "is_draft": True, "schedule": "late", "category_id": 4,
            "venue_name": "Old Mill", "venue_address1": "1 Mill Lane", "tickets_enabled": True,
            "tickets": [{"type": "Adult", "price": 12.5, "quantity": 80}, {"type": "Child", "price": 0}],
            "ticket_currency_code": "GBP", "schedule_type": "recurring", "recurring_frequency": "weekly",
            "days_of_week": "0000001", "recurring_end_type": "after_events", "recurring_end_value": "4",
        }  # fmt: skip
        assert [step.request for step in plan.steps] == [
            PlannedRequest(method="POST", path="/events/harbour", body=body)
        ]
        assert (plan.question, plan.mail, plan.notes) == (None, "no", ())
        assert plan.facts == {"starts": "2027-06-12T19:30-04:00", "calendar": "harbour/late"}
        assert not r.writes
        result = await r.carry_out(plan)
        assert bodies(r) == [body]
        assert result == WriteResult(
            outcome=Outcome.DONE,
            event_id=result.event_id,
            status="draft",
            url=result.url,
            mail="no",
            facts={
                "title": "Harbour Folk",
                "starts": "2027-06-12T19:30-04:00",
                "repeats": "weekly on Sat, 4 times",
                "place": "Old Mill, 1 Mill Lane",
            },
        )
        async with organiser(r) as o:
            made = await o.read(result.event_id)
        assert {row["type"]: (row["price"], row["quantity"]) for row in made["tickets"]} == {
            "Adult": ("12.500", 80),
            "Child": ("0.000", None),
        }
        assert made["ticket_currency_code"] == "GBP"


async def test_publishing_is_public_so_it_is_asked(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=HOUSE) as r:
        plan = await planned(r, published=True)
        assert plan.question == Question(
            text="Publish a new event: 'Harbour Folk', 2027-06-12T19:30-04:00, on harbour?",
            why=frozenset({Why.PUBLIC}),
            reversible=False,
        )
        assert (await r.carry_out(plan)).status == "live"
        assert bodies(r)[0]["is_draft"] is False


async def test_a_time_in_another_zone_is_the_same_instant_and_an_offset_must_fit(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=HOUSE) as r:
        plan = await planned(r, zone="Europe/London", ends="2027-06-13T00:30", starts="2027-06-12T23:30")
        assert plan.steps[0].request
        assert plan.steps[0].request.body["starts_at"] == "2027-06-12 22:30:00"
        assert plan.steps[0].request.body["duration"] == 1
        assert "schedule's time zone, America/New_York" in plan.notes[0]
        with pytest.raises(InvalidArguments):
            await planned(r, starts="2027-06-12T19:30+02:00")


REFUSED: list[tuple[dict[str, Any], type[EventdeskError], str]] = [
    ({"package": "gold"}, Unsupported, "package"),
    ({"image_url": "https://x.example/a.png"}, Unsupported, "image_url"),
    ({"title": " "}, InvalidArguments, "title"),
    ({"title": "x" * 256}, InvalidArguments, "title"),
    ({"summary": "x" * 501}, InvalidArguments, "summary"),
    ({"starts": None}, InvalidArguments, "starts"),
    ({"starts": "2027-03-14T02:30"}, InvalidArguments, "starts"),
    ({"starts": "2027-11-07T01:30"}, InvalidArguments, "starts"),
    ({"starts": "2027-11-07T01:30-05:00"}, InvalidArguments, "starts"),
    ({"ends": "2027-06-12T19:30"}, InvalidArguments, "ends"),
    ({"ends": "2029-06-12T19:30"}, InvalidArguments, "ends"),
    ({"website": "folk.example"}, InvalidArguments, "website"),
    ({"calendar": "nowhere"}, InvalidArguments, "calendar"),
    ({"calendar": "harbour/early"}, InvalidArguments, "calendar"),
    ({"calendar": None}, InvalidArguments, "calendar"),
    ({"category": "Origami"}, InvalidArguments, "category"),
    ({"place": Place(name="Old Mill")}, InvalidArguments, "place"),
    ({"place": Place(address="1 Mill Lane")}, InvalidArguments, "place"),
    ({"place": Place(name="Old Mill", address="1 Mill Lane", town="Hull")}, Unsupported, "place"),
    ({"calendar": "mill", "place": Place(name="Harbour House", address="2 Quay")}, Unsupported, "place"),
    ({"tickets": (NewTicket(name="A", price="12.50"),)}, InvalidArguments, "tickets"),
    ({"tickets": (NewTicket(name="A", price="-1 EUR"),)}, InvalidArguments, "tickets"),
    ({"tickets": (NewTicket(name="A", price="1.2345 EUR"),)}, InvalidArguments, "tickets"),
    (
        {"tickets": (NewTicket(name="A", price="1 EUR"), NewTicket(name="B", price="1 USD"))},
        InvalidArguments,
        "tickets",
    ),
    (
        {"tickets": (NewTicket(name="A", price="1 EUR"), NewTicket(name="a", price="2 EUR"))},
        InvalidArguments,
        "tickets",
    ),
    ({"recurrence": "FREQ=DAILY;INTERVAL=2"}, Unsupported, "recurrence"),
    ({"recurrence": "FREQ=DAILY", "zone": "Europe/London"}, Unsupported, "zone"),
    ({"clear": frozenset({"summary"})}, InvalidArguments, "clear"),
]


@pytest.mark.parametrize(("given", "error", "field"), REFUSED)
async def test_what_cannot_be_expressed_is_refused_by_name_and_nothing_is_sent(
    rehearsal: Rehearse, given: dict[str, Any], error: type[EventdeskError], field: str
) -> None:
    async with rehearsal("eventschedule", season=HOUSE) as r:
        with pytest.raises(error) as refused:
            await planned(r, **given)
        assert refused.value.field == field
        assert not r.writes


async def test_the_first_of_a_repeated_hour_is_taken(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=HOUSE) as r:
        result = await r.carry_out(await planned(r, starts="2027-11-07T01:30-04:00"))
        assert (result.facts["starts"], result.notes) == ("2027-11-07T01:30-04:00", ())


async def test_a_venue_that_is_neither_owned_nor_followed_is_the_platforms_refusal(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=HOUSE) as r:
        with pytest.raises(RejectedByProvider, match="Venue not found"):
            await r.carry_out(await planned(r, place=Place(name="Old Mill", address="9 Elsewhere")))


async def test_the_only_schedule_and_the_accounts_own_are_taken_without_being_named(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season={"schedules": [MILL]}) as r:
        plan = await planned(r, calendar=None, place=Place(name="old mill", address="1 Mill Lane"))
        assert plan.steps[0].request
        assert plan.steps[0].request.path == "/events/mill"
        assert "venue_name" not in plan.steps[0].request.body
    async with rehearsal("eventschedule", season=HOUSE, settings={"calendar": "harbour/late", "currency": "GBP"}) as r:
        plan = await planned(r, calendar=None, tickets=(NewTicket(name="A", price="12.50"),))
        assert plan.facts["calendar"] == "harbour/late"
        assert plan.notes == ("Prices without a currency are taken as GBP.",)


async def test_the_same_call_again_is_already_done_and_a_namesake_is_said(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=HOUSE) as r:
        first = await r.carry_out(await planned(r))
        again = await planned(r)
        assert first.event_id in again.notes[0]
        result = await r.carry_out(again)
        assert (result.outcome, result.event_id) == (Outcome.ALREADY_DONE, first.event_id)
        assert len(r.writes) == 1


async def test_a_creation_that_was_not_answered_is_found_and_not_repeated(rehearsal: Rehearse) -> None:
    async with rehearsal("eventschedule", season=HOUSE) as r:
        plan = await planned(r)
        r.sandbox.faults.add(Fault(kind="drop_after", method="POST"))
        result = await r.carry_out(plan)
        assert result.outcome is Outcome.DONE
        assert len(r.writes) == 1


async def test_what_was_stored_otherwise_than_sent_is_reported(rehearsal: Rehearse) -> None:
    # Without a zone of its own the schedule takes the account's for one half of the way, the venue's for the other.
    loose = {"schedules": [schedule("harbour", "curator", timezone=None), {**MILL, "timezone": "Asia/Tokyo"}]}
    async with rehearsal("eventschedule", season=loose, settings={"zone": "America/New_York"}) as r:
        plan = await planned(r, place=Place(name="Old Mill", address="1 Mill Lane"))
        result = await r.carry_out(plan)
        assert any("another start" in note for note in result.notes)


async def test_an_event_tells_itself_as_a_draft_that_makes_another_one(rehearsal: Rehearse) -> None:
    held = event(
        schedules=[{"subdomain": "harbour"}, {"subdomain": "mill"}], recurring_frequency="weekly", days_of_week="0010000",
        recurring_end_type="on_date", recurring_end_value="2027-09-30", short_description="Songs", description="*Loud*",
        event_url="https://folk.example/x", category_id=4,
    )  # fmt: skip
    async with rehearsal("eventschedule", season={**HOUSE, "events": [held]}) as r:
        (row,) = [row async for row in r.provider.list_events(EventQuery(now=NOW, when="all"))]
        told = await r.provider.draft_of(row.id)
        assert told == EventDraft(
            title="Harbour Folk", starts="2027-06-01T19:00", ends="2027-06-01T21:00", zone="America/New_York",
            summary="Songs", description="*Loud*", place=Place(name="Old Mill", address="1 Mill Lane"), category="Concerts",
            tickets=(
                NewTicket(name="Balcony", price="30.50 EUR", quantity=500),
                NewTicket(name="Stalls", price="12.25 EUR"),
                NewTicket(name="Free", price="0.00 EUR", quantity=400),
            ),
            website="https://folk.example/x", recurrence="FREQ=WEEKLY;BYDAY=TU;UNTIL=20270930",
        )  # fmt: skip
        plan = await r.provider.plan_event(replace(told, calendar="harbour"))
        assert isinstance(plan, WritePlan)
        assert (await r.carry_out(plan)).notes == ()
