"""Registering: looked up first, checked whole, sent once, told as it is."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import httpx2
import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import (
    AmbiguousName,
    Conflict,
    InvalidArguments,
    OutcomeUnknown,
    RejectedByProvider,
    SoldOut,
    UnknownRef,
)
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import PlannedRequest, WritePlan
from eventdesk_tools.refs import Kind
from tests.providers.conftest import Rehearse
from tests.providers.eventtia.fairs import at_fair, body_of, fair, planned, wanted
from tests.providers.eventtia.scripted import (
    Turns,
    activity,
    attendee,
    event,
    example,
    kind,
    listed,
    provider_of,
    question,
    rehearsed,
)

pytestmark = pytest.mark.anyio

HARBOR = "/api/v3/events/harbor-design-days"


async def test_a_person_is_registered_with_everything_in_one_request(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        plan = await r.provider.plan_registration(
            wanted(
                ticket="general",
                answers=(
                    ("Company", "Marsh Ltd"),
                    ("birthdate", "1990-03-09"),
                    ("Diet", "Vegetarian"),
                    ("city_id", "40102"),
                ),
                sessions=("opening talk", "s-73001"),
                extras=(("tote bag", 1), ("x-8801", 1)),
            )
        )
        assert isinstance(plan, WritePlan)
        assert plan.makes_true == ("registration", "harbor-design-days", "", "51001", "teo+vip@marsh.example", "1")
        assert (plan.mail, plan.question, len(plan.steps)) == ("yes", None, 1)
        assert plan.steps[0].request == PlannedRequest(
            method="POST",
            path="/events/harbor-design-days/attendees/register",
            body={
                "attendee": {
                    "attendee_type_id": 51001,
                    "first_name": "Teo",
                    "last_name": "Marsh",
                    "email": "Teo+vip@Marsh.example",
                    "company": "Marsh Ltd",
                    "birthdate": "09/03/1990",
                    "custom_fields": {"880112": "Vegetarian"},
                },
                "city_id": 40102,
                "workshops": {"73002": 73002, "73001": 73001},
                "purchase_items": {"8801": 2},
            },
        )
        assert r.writes[1:] == []
        result = await r.carry_out(plan)
        assert result.record is not None
        assert result == WriteResult(
            outcome=Outcome.DONE,
            event_id="harbor-design-days",
            record=(Kind.REGISTRATION, result.record[1]),
            status="confirmed",
            mail="yes",
            facts={
                "ticket": "General",
                "paid": True,
                "sessions": ["Opening talk", "Prototyping Lab"],
                "extras": ["2 Tote bag"],
            },
        )
        assert [(write.method, write.path, json.loads(write.body)) for write in r.writes[1:]] == [
            ("POST", f"{HARBOR}/attendees/register", body_of(plan))
        ]


async def test_the_body_has_the_shape_of_the_reference() -> None:
    specimen = example("specimen_register_attendee_request")
    upstream = fair(
        **{
            "GET events/fair/workshops": listed([activity("73001", "Lab")]),
            "GET events/fair/purchase_items": example("specimen_list_purchase_items"),
            "GET events/fair/attendee_types": listed(
                [kind("51001", "Day")], included=[question("880212", "51001", "Diet")]
            ),
        },
    )
    given = {key: specimen["attendee"][key] for key in ("company", "telephone", "job_title", "timezone")}
    answers = (*given.items(), ("birthdate", "1990-03-09"), ("Diet", "Vegetarian"))
    places = (("country_id", "3"), ("region_id", "31"), ("city_id", "40102"))
    plan = await planned(
        upstream, email="teo@marsh.example", answers=answers + places, sessions=("Lab",), extras=(("Tote bag", 2),)
    )
    expected = {**specimen, "attendee": {**specimen["attendee"], "attendee_type_id": 51001}}
    del expected["group_registration_uuid"]
    del expected["attendee"]["alternative_email"]
    assert body_of(plan) == expected


async def test_the_address_is_looked_up_before_registering_whatever_its_case(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        plan = await r.provider.plan_registration(wanted(ticket="General"))
        first = await r.carry_out(plan)
        r.sandbox.faults.seen.clear()
        again = await r.provider.plan_registration(wanted(email=" TEO+VIP@MARSH.EXAMPLE ", ticket="General"))
        assert isinstance(again, WriteResult)
        assert again.makes_true == plan.makes_true
        assert replace(again, makes_true=()) == WriteResult(
            outcome=Outcome.ALREADY_REGISTERED,
            event_id="harbor-design-days",
            record=first.record,
            status="confirmed",
            facts={"ticket": "General", "paid": True},
        )
        assert r.writes == []
        assert r.seen[-1].query == "email=teo%2Bvip%40marsh.example&page%5Bnumber%5D=1&page%5Bsize%5D=24"


async def test_somebody_registered_needs_no_ticket_named_and_keeps_theirs(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        await r.carry_out(await r.provider.plan_registration(wanted(ticket="General")))
        again = await r.provider.plan_registration(wanted())
        assert isinstance(again, WriteResult)
        assert again.outcome is Outcome.ALREADY_REGISTERED
        other = await r.provider.plan_registration(wanted(ticket="VIP", answers=(("company", "X"),)))
        assert isinstance(other, WriteResult)
        assert other.notes == (
            "Registered with 'General'; the ticket was not changed.",
            "Answers and extras were not sent: a registration cannot be changed through Eventtia's API.",
        )


async def test_somebody_registered_gets_only_the_sessions_that_are_missing(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        await r.carry_out(await r.provider.plan_registration(wanted(ticket="General", sessions=("Opening talk",))))
        r.sandbox.faults.seen.clear()
        plan = await r.provider.plan_registration(wanted(sessions=("Opening talk", "Portfolio hour")))
        assert isinstance(plan, WritePlan)
        result = await r.carry_out(plan)
        attendee_id = (result.record or (Kind.REGISTRATION, ""))[1]
        assert (result.outcome, result.mail, result.facts["sessions_added"]) == (
            Outcome.ALREADY_REGISTERED,
            "unknown",
            ["Portfolio hour"],
        )
        assert plan.makes_true == ("sessions", "harbor-design-days", attendee_id, "73004")
        assert [(write.path, json.loads(write.body)) for write in r.writes] == [
            (f"{HARBOR}/attendee_workshops", {"workshop_id": 73004, "attendee_id": int(attendee_id)})
        ]


async def test_a_longer_address_that_holds_this_one_is_somebody_else() -> None:
    upstream = fair(**{"GET events/fair/attendees": listed([attendee("4", "1", {"100": "ex-teo+vip@marsh.example"})])})
    await planned(upstream, ticket="Day")


async def test_all_matches_are_looked_at_over_all_pages_and_tickets() -> None:
    pages = [
        listed([attendee("4", "1", {"100": "another-teo+vip@marsh.example"})], meta={"total_pages": 2}),
        listed([attendee("6", "2", {"200": "TEO+vip@marsh.example"})], meta={"total_pages": 2}),
    ]
    upstream = fair(**{"GET events/fair/attendees": Turns(pages)})
    result = await provider_of(upstream).plan_registration(at_fair(ticket="Day"))
    assert isinstance(result, WriteResult)
    assert result.record == (Kind.REGISTRATION, "6")
    assert result.notes == ("Registered with 'VIP'; the ticket was not changed.",)


@pytest.mark.parametrize("word", ["rejected", "cancelled", "archived"])
async def test_a_registration_that_was_cancelled_or_rejected_does_not_count(word: str) -> None:
    upstream = fair(
        **{"GET events/fair/attendees": listed([attendee("4", "1", {"100": "teo+vip@marsh.example"}, status=word)])}
    )
    await planned(upstream, ticket="Day")


async def test_sessions_of_an_address_registered_twice_ask_for_the_ticket() -> None:
    there = [attendee("4", "1", {"100": "teo+vip@marsh.example"}), attendee("6", "2", {"200": "teo+vip@marsh.example"})]
    upstream = fair(
        **{
            "GET events/fair/attendees": listed(there),
            "GET events/fair/workshops": listed([activity("9", "Talk")]),
            "GET events/fair/attendees/6/workshops": listed([]),
        }
    )
    provider = provider_of(upstream)
    with pytest.raises(AmbiguousName) as caught:
        await provider.plan_registration(at_fair(sessions=("Talk",)))
    assert caught.value.allowed == ("t-1 Day, registration a-4", "t-2 VIP, registration a-6")
    plan = await provider.plan_registration(at_fair(ticket="VIP", sessions=("Talk",)))
    assert isinstance(plan, WritePlan)
    assert body_of(plan) == {"workshop_id": 9, "attendee_id": 6}
    result = await provider.plan_registration(at_fair())
    assert isinstance(result, WriteResult)
    assert result.notes == ("This address has 2 active registrations: a-4, a-6.",)


async def test_an_occurrence_is_refused_before_any_request() -> None:
    upstream = fair()
    with pytest.raises(InvalidArguments) as caught:
        await planned(upstream, occurrence=date(2026, 5, 12))
    assert (caught.value.field, upstream.asked) == ("occurrence", [])


async def test_a_name_that_cannot_be_split_asks_for_the_last_name_before_any_request() -> None:
    upstream = fair()
    with pytest.raises(InvalidArguments) as caught:
        await planned(upstream, name="Ana María del Río")
    assert (caught.value.field, upstream.asked) == ("last_name", [])
    plan = await planned(upstream, name="Ana María del Río", last_name="del Río", ticket="Day")
    person = body_of(plan)["attendee"]
    assert (person["first_name"], person["last_name"]) == ("Ana María", "del Río")


async def test_a_ticket_that_is_gone_is_refused_and_one_without_limit_is_not() -> None:
    gone = {"GET events/fair/attendee_types": listed([kind("1", "Day", capacity=4, availability=0)])}
    upstream = fair(**gone)
    with pytest.raises(SoldOut):
        await planned(upstream, ticket="Day")
    assert upstream.writes == []
    unlimited = {"GET events/fair/attendee_types": listed([kind("1", "Day", capacity=None, availability=0)])}
    await planned(fair(**unlimited), ticket="Day")


async def test_a_full_session_is_refused_and_one_without_limit_is_not(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        with pytest.raises(SoldOut) as caught:
            await r.provider.plan_registration(wanted(ticket="General", sessions=("Boat tour",)))
        assert caught.value.field == "sessions"
        await r.provider.plan_registration(wanted(ticket="General", sessions=("Opening talk",)))


async def test_a_ref_of_another_kind_is_refused() -> None:
    sessions = {"GET events/fair/workshops": listed([activity("9", "Talk")])}
    with pytest.raises(UnknownRef):
        await planned(fair(**sessions), ticket="Day", sessions=("t-9",))


async def test_a_priced_ticket_is_registered_unpaid_and_one_to_be_confirmed_is_pending(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        plan = await r.provider.plan_registration(wanted(ticket="VIP"))
        assert isinstance(plan, WritePlan)
        assert plan.notes == (
            "This ticket waits for the organiser's confirmation: the person will be pending.",
            "120.00 EUR will be due; nothing is charged by this call.",
        )
        result = await r.carry_out(plan)
        assert (result.status, result.facts) == ("pending", {"ticket": "VIP", "paid": False})


async def test_a_request_that_was_taken_and_not_answered_is_found_and_not_repeated(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        r.sandbox.faults.add(Fault(kind="drop_after", method="POST", path="/attendees/register", times=1))
        result = await r.carry_out(await r.provider.plan_registration(wanted(ticket="General")))
        assert (result.outcome, result.status) == (Outcome.DONE, "confirmed")
        assert len([write for write in r.writes if write.path.endswith("/register")]) == 1


async def test_a_request_that_may_have_been_taken_stays_unknown_and_is_not_repeated(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        r.sandbox.faults.add(Fault(kind="drop_before", method="POST", path="/attendees/register", times=1))
        for _ in range(2):
            with pytest.raises(OutcomeUnknown):
                await r.carry_out(await r.provider.plan_registration(wanted(ticket="General")))
        assert len([write for write in r.writes if write.path.endswith("/register")]) == 1


async def test_what_an_earlier_call_did_still_stands_or_not(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        plan = await r.provider.plan_registration(wanted(ticket="General"))
        assert isinstance(plan, WritePlan)
        assert plan.stands is not None
        result = await r.carry_out(plan)
        again = await r.carry_out(plan)
        assert (again.outcome, again.record, again.status) == (Outcome.ALREADY_DONE, result.record, "confirmed")
        assert await plan.stands({"attendee": "1"}) is None


async def test_nothing_personal_is_kept_of_a_registration() -> None:
    person = attendee("5", "1", {"100": "teo@marsh.example"})
    upstream = fair(**{"POST events/fair/attendees/register": {"data": person}})
    r = rehearsed(upstream)
    plan = await r.provider.plan_registration(at_fair(ticket="Day"))
    assert isinstance(plan, WritePlan)
    kept: list[dict[str, str]] = []
    finish = plan.finish

    async def spy(values: Any) -> WriteResult:
        kept.append(dict(values))
        return await finish(values)

    object.__setattr__(plan, "finish", spy)
    await r.carry_out(plan)
    assert kept == [{"attendee": "5", "type": "1", "status": "confirmed", "word": "", "paid": "yes"}]


async def test_a_session_that_was_not_booked_and_a_word_that_is_not_known_are_told() -> None:
    upstream = fair(
        **{
            "GET events/fair/workshops": listed([activity("8", "Talk"), activity("9", "Lab")]),
            "POST events/fair/attendees/register": {"data": attendee("5", "2", {}, status="on_hold", paid=None)},
            "GET events/fair/attendees/5/workshops": listed([activity("8", "Talk")]),
        }
    )
    r = rehearsed(upstream)
    result = await r.carry_out(await r.provider.plan_registration(at_fair(ticket="Day", sessions=("Talk", "Lab"))))
    assert (result.status, result.facts) == ("unknown", {"ticket": "Day", "sessions": ["Talk"]})
    assert result.notes == (
        "Eventtia's word for the status is 'on_hold'.",
        "Eventtia registered the person with another attendee type, 2. Tell the person.",
        "Not booked by Eventtia: session 'Lab'. Tell the person.",
    )


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"email": ["has already been taken"]}, Conflict),
        (["Email already registered in this event"], Conflict),
        ("This attendee type is full", SoldOut),
        ("Cupos agotados", SoldOut),
        ("ActiveRecord::RecordInvalid: Validation failed: Company can't be blank", RejectedByProvider),
    ],
)
async def test_refusals_are_told_apart_by_their_words(message: Any, error: type[Exception]) -> None:
    refusal = httpx2.Response(422, json={"message": message})
    upstream = fair(**{"POST events/fair/attendees/register": refusal})
    r = rehearsed(upstream)
    plan = await r.provider.plan_registration(at_fair(ticket="Day"))
    with pytest.raises(error) as caught:
        await r.carry_out(plan)
    assert "ActiveRecord" not in str(caught.value)
    assert len(upstream.writes) == 1


async def test_an_inactive_or_ended_event_is_registered_for_with_a_word() -> None:
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"active": False}, "The event is inactive."),
        ({"end_date": "2025-01-02T10:00:00.000Z"}, "The event has ended."),
    )
    for changes, note in cases:
        upstream = fair(**{"GET events/fair": {"data": event(**changes)}})
        assert (await planned(upstream, ticket="Day")).notes == (note,)


async def test_only_a_registration_with_this_ticket_and_address_is_taken_for_the_result() -> None:
    there = [
        attendee("4", "2", {"200": "teo+vip@marsh.example"}),
        attendee("5", "1", {"100": "other@marsh.example"}),
        attendee("6", None, {"100": "teo+vip@marsh.example"}),
        attendee("8", "1", {"100": "TEO+VIP@marsh.example"}),
    ]
    plan = await planned(fair(**{"GET events/fair/attendees": Turns([listed([]), listed(there)])}), ticket="Day")
    find = plan.steps[0].find
    assert find is not None
    assert [found.id for found in await find({})] == ["8"]
