"""Making and changing events: what cannot be expressed is refused by name, days come first, and all is read again."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from eventdesk_server.sandbox.faults import Fault
from eventdesk_tools.errors import InvalidArguments, OutcomeUnknown, RejectedByProvider, Unsupported
from eventdesk_tools.models import Outcome, WriteResult
from eventdesk_tools.plans import Change, PlannedRequest, Why, WritePlan
from eventdesk_tools.records import EventDraft, NewTicket, Place
from tests.providers.conftest import Rehearse
from tests.providers.eventtia.scripted import Turns, Upstream, activity, event, kind, listed, provider_of, rehearsed

pytestmark = pytest.mark.anyio

HARBOR = "harbor-design-days"
EVENT = f"/api/v3/events/{HARBOR}"


def draft(**given: Any) -> EventDraft:
    plain: dict[str, Any] = {
        "title": "Winter Café!",
        "starts": "2027-12-05T18:30",
        "ends": "2027-12-06T01:00",
        "zone": "Europe/Madrid",
    }
    return EventDraft(**plain | given)


def fair(*shown: Any, **answers: Any) -> Upstream:
    """An event, 9:00 to 18:00 two days later, in Madrid; `shown` is what it shows look by look."""
    looks = [{"data": event(total_attendees=0, **one)} for one in shown or ({},)]
    given = {
        "GET events/fair": Turns(looks),
        "GET events/fair/workshops": listed([]),
        "GET events": listed([]),
        "PUT events/fair": looks[-1],
    }
    return Upstream(given | answers)


# Making --------------------------------------------------------------------------------------------------------------


async def test_an_event_is_made_with_the_day_first_and_out_of_sight(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        plan = await r.provider.plan_event(draft(description="<p>Hot chocolate</p>"))
        assert isinstance(plan, WritePlan)
        assert plan.steps[0].request == PlannedRequest(
            method="POST",
            path="/events",
            body={
                "name": "Winter Café!",
                "start_date": "05/12/2027 - 18:30:00",
                "end_date": "06/12/2027 - 01:00:00",
                "virtual_timezone": "Europe/Madrid",
                "default_language": "en",
                "event_uri": "winter-cafe-2027-12-05",
                "active": False,
                "description": "<p>Hot chocolate</p>",
            },
        )
        assert plan.makes_true == ("event", "Winter Café!", "2027-12-05T18:30+01:00")
        assert plan.question is None
        result = await r.carry_out(plan)
        assert result == WriteResult(
            outcome=Outcome.DONE,
            event_id="winter-cafe-2027-12-05",
            status="inactive",
            url=result.url,
            facts={
                "title": "Winter Café!",
                "starts": "2027-12-05T18:30+01:00",
                "ends": "2027-12-06T01:00+01:00",
                "zone": "Europe/Madrid",
            },
        )
        request = plan.steps[0].request
        assert request is not None
        assert [(write.method, json.loads(write.body)) for write in r.writes[1:]] == [("POST", request.body)]


async def test_the_same_event_again_is_the_first_one_and_not_made_twice(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        first = await r.carry_out(await r.provider.plan_event(draft()))
        second = await r.carry_out(await r.provider.plan_event(draft()))
        assert (second.outcome, second.event_id) == (Outcome.ALREADY_DONE, first.event_id)
        assert len(r.writes[1:]) == 1


async def test_an_unanswered_event_is_found_by_its_name_and_times(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        r.sandbox.faults.add(Fault(kind="drop_after", method="POST", path="/events$", times=1))
        result = await r.carry_out(await r.provider.plan_event(draft()))
        assert (result.outcome, result.event_id) == (Outcome.DONE, "winter-cafe-2027-12-05")
        r.sandbox.faults.add(Fault(kind="drop_before", method="POST", path="/events$", times=1))
        with pytest.raises(OutcomeUnknown):
            await r.carry_out(await r.provider.plan_event(draft(title="Another")))
        assert len(r.writes[1:]) == 2


async def test_a_uri_that_is_taken_gets_a_number_and_the_look_alike_is_named(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        await r.carry_out(await r.provider.plan_event(draft()))
        plan = await r.provider.plan_event(draft(starts="2027-12-05T20:00"))
        assert isinstance(plan, WritePlan)
        assert plan.steps[0].request is not None
        assert plan.steps[0].request.body["event_uri"] == "winter-cafe-2027-12-05-2"
        again = await r.provider.plan_event(draft())
        assert isinstance(again, WritePlan)
        assert "An event of that title and start is there already: winter-cafe-2027-12-05." in again.notes


@pytest.mark.parametrize(
    ("title", "uri"),
    [
        ("Sommerfest – Köln & Umgebung", "sommerfest-koln-umgebung-2027-12-05"),
        ("冬のカフェ", "event-2027-12-05"),
        ("../slim?x=1", "slim-x-1-2027-12-05"),
        ("x" * 300, "x" * 60 + "-2027-12-05"),
    ],
)
async def test_a_uri_is_plain_whatever_the_title(title: str, uri: str) -> None:
    plan = await provider_of(fair()).plan_event(draft(title=title))
    assert isinstance(plan, WritePlan)
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body["event_uri"] == uri


async def test_publishing_at_once_is_asked() -> None:
    plan = await provider_of(fair()).plan_event(draft(published=True))
    assert isinstance(plan, WritePlan)
    assert plan.question is not None
    assert (plan.question.why, plan.question.reversible) == (frozenset({Why.PUBLIC}), False)
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body["active"] is True


async def test_an_event_that_comes_out_otherwise_is_told(rehearsal: Rehearse) -> None:
    """The zone of an event without a city is the platform's choice."""
    async with rehearsal("eventtia") as r:
        result = await r.carry_out(await r.provider.plan_event(draft(zone="Asia/Tokyo")))
        assert result.outcome is Outcome.DONE
        assert any(note.startswith("Eventtia shows the start as 2027-12-0") for note in result.notes)


UNTAKEN: dict[str, Any] = {
    "summary": "Short",
    "place": Place(name="Hall"),
    "category": "Music",
    "tickets": (NewTicket(name="Day", price="5 EUR"),),
    "website": "https://a.example",
    "booking_url": "https://b.example",
    "image_url": "https://c.example/x.png",
    "recurrence": "FREQ=WEEKLY",
    "package": "gold",
    "calendar": "main",
}


@pytest.mark.parametrize("name", list(UNTAKEN))
async def test_what_the_api_cannot_set_is_refused_by_name_before_any_request(name: str) -> None:
    upstream = fair()
    for planned in (
        provider_of(upstream).plan_event(draft(**{name: UNTAKEN[name]})),
        provider_of(upstream).plan_update("fair", EventDraft(**{name: UNTAKEN[name]})),
    ):
        with pytest.raises(Unsupported, match=name) as caught:
            await planned
        assert caught.value.field == name
    assert upstream.seen == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"starts": None}, "starts"),
        ({"ends": None}, "ends"),
        ({"zone": None}, "zone"),
        ({"zone": "Middle-earth/Bree"}, "zone"),
        ({"ends": "2027-12-05T18:30"}, "ends"),
        ({"starts": "05/12/2027 - 18:30"}, "starts"),
        ({"starts": "2027-03-28T02:30", "ends": "2027-03-29T01:00"}, "starts"),
    ],
)
async def test_what_an_event_lacks_is_asked_for_before_any_request(given: dict[str, Any], field: str) -> None:
    upstream = fair()
    with pytest.raises(InvalidArguments) as caught:
        await provider_of(upstream).plan_event(draft(**given))
    assert (caught.value.field, upstream.seen) == (field, [])


async def test_a_refusal_is_told_in_the_platforms_words(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        r.sandbox.faults.add(
            Fault(kind="status", code=422, method="POST", path="/events$", body={"message": {"event_uri": ["is odd"]}})
        )
        with pytest.raises(RejectedByProvider, match="event_uri: is odd"):
            await r.carry_out(await r.provider.plan_event(draft()))


# Changing ------------------------------------------------------------------------------------------------------------


async def test_a_start_alone_keeps_the_length_on_the_wall_and_both_are_sent(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        # Over the change of clocks: the end stays at its time of day.
        plan = await r.provider.plan_update(HARBOR, EventDraft(title="Harbor Days", starts="2027-11-05T09:00"))
        assert isinstance(plan, WritePlan)
        assert plan.steps[0].request == PlannedRequest(
            method="PUT",
            path=f"/events/{HARBOR}",
            body={
                "name": "Harbor Days",
                "start_date": "05/11/2027 - 09:00:00",
                "end_date": "07/11/2027 - 18:00:00",
            },
        )
        assert plan.changes == (
            Change("title", "Harbor Design Days", "Harbor Days"),
            Change("starts", "2027-04-04T09:00+02:00", "2027-11-05T09:00+01:00"),
            Change("ends", "2027-04-06T18:00+02:00", "2027-11-07T18:00+01:00"),
        )
        assert plan.question is not None
        assert plan.question.text == (
            "Change 'Harbor Design Days' on Eventtia: title from 'Harbor Design Days' to 'Harbor Days'; starts from "
            "'2027-04-04T09:00+02:00' to '2027-11-05T09:00+01:00'; ends from '2027-04-06T18:00+02:00' to "
            "'2027-11-07T18:00+01:00'? 61 registered."
        )
        assert (plan.question.why, plan.question.reversible) == (frozenset({Why.VISIBLE_CHANGE}), True)
        assert plan.notes == ("Its 4 sessions do not move with the event; update_activity moves one.",)
        result = await r.carry_out(plan)
        assert result == WriteResult(
            outcome=Outcome.DONE,
            event_id=HARBOR,
            status="live",
            facts={
                "changed": [
                    {"field": change.field, "before": change.before, "after": change.after} for change in plan.changes
                ]
            },
            undo={
                "title": "Harbor Design Days",
                "starts": "2027-04-04T09:00+02:00",
                "ends": "2027-04-06T18:00+02:00",
            },
        )
        assert result.undo is not None
        back = await r.carry_out(await r.provider.plan_update(HARBOR, EventDraft(**result.undo)))
        assert back.outcome is Outcome.DONE
        assert len(r.writes[1:]) == 2


async def test_what_is_so_already_is_not_sent() -> None:
    upstream = fair()
    result = await provider_of(upstream).plan_update(
        "fair", EventDraft(title="Fair", starts="2026-05-12T09:00", published=True)
    )
    assert isinstance(result, WriteResult)
    assert (result.outcome, result.status, upstream.writes) == (Outcome.ALREADY_DONE, "live", [])


async def test_a_description_is_emptied_only_when_that_is_asked_for() -> None:
    upstream = fair({"description": "Old"}, {"description": ""})
    plan = await provider_of(upstream).plan_update("fair", EventDraft(clear=frozenset({"description"})))
    assert isinstance(plan, WritePlan)
    assert plan.steps[0].request is not None
    assert plan.steps[0].request.body == {"description": ""}
    assert plan.changes == (Change("description", "Old", None),)
    assert plan.question is None
    with pytest.raises(Unsupported) as caught:
        await provider_of(upstream).plan_update("fair", EventDraft(clear=frozenset({"ends"})))
    assert (caught.value.field, caught.value.allowed) == ("clear", ("description",))


@pytest.mark.parametrize(
    ("shown", "change", "why"),
    [
        ({"active": False}, {"starts": "2026-06-01T09:00"}, None),
        ({"active": True}, {"starts": "2026-06-01T09:00"}, {Why.VISIBLE_CHANGE}),
        ({"active": False, "total_attendees": 3}, {"ends": "2026-06-01T09:00"}, {Why.VISIBLE_CHANGE}),
        ({"active": True}, {"title": "Other"}, None),
        ({"active": True}, {"published": False}, {Why.VISIBLE_CHANGE}),
        ({"active": False}, {"published": True}, {Why.VISIBLE_CHANGE, Why.PUBLIC}),
    ],
)
async def test_what_people_would_notice_is_asked(shown: Any, change: Any, why: Any) -> None:
    upstream = fair(**{"GET events/fair": {"data": event(**{"total_attendees": 0} | shown)}})
    plan = await provider_of(upstream).plan_update("fair", EventDraft(**change))
    assert isinstance(plan, WritePlan)
    assert (None if plan.question is None else set(plan.question.why)) == why
    if plan.question is not None:
        assert plan.question.reversible is (Why.PUBLIC not in plan.question.why)


async def test_what_the_platform_shows_otherwise_is_told_and_not_undone() -> None:
    other = {"name": "New", "start_date": "2026-06-01T07:00:00.000Z", "end_date": "2026-05-14T16:00:00.000Z"}
    r = rehearsed(fair({}, other))
    result = await r.carry_out(await r.provider.plan_update("fair", EventDraft(title="New", starts="2026-06-02T09:00")))
    assert (result.outcome, result.undo) == (Outcome.DONE, None)
    assert result.notes == (
        "Eventtia shows starts as 2026-06-01T09:00+02:00, not 2026-06-02T09:00+02:00. Tell the person.",
        "Eventtia shows ends as 2026-05-14T18:00+02:00, not 2026-06-04T18:00+02:00. Tell the person.",
    )
    assert result.facts == {"changed": [{"field": "title", "before": "Fair", "after": "New"}]}


async def test_a_change_that_is_not_made_is_not_called_done() -> None:
    r = rehearsed(fair())
    result = await r.carry_out(await r.provider.plan_update("fair", EventDraft(title="New")))
    assert (result.outcome, result.facts) == (Outcome.UNKNOWN, {})


async def test_an_unanswered_change_is_settled_by_the_present_state(rehearsal: Rehearse) -> None:
    async with rehearsal("eventtia") as r:
        r.sandbox.faults.add(Fault(kind="drop_after", method="PUT", path=f"{EVENT}$", times=1))
        result = await r.carry_out(await r.provider.plan_update(HARBOR, EventDraft(title="New")))
        assert (result.outcome, len(r.writes[1:])) == (Outcome.DONE, 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "event"),
        ({"title": ""}, "title"),
        ({"ends": "2026-05-12T08:00"}, "ends"),
        ({"starts": "2026-05-12T09:00+05:00"}, "starts"),
        ({"description": "x", "clear": frozenset({"description"})}, "clear"),
    ],
)
async def test_a_change_that_cannot_be_meant_is_refused(given: dict[str, Any], field: str) -> None:
    upstream = fair()
    with pytest.raises(InvalidArguments) as caught:
        await provider_of(upstream).plan_update("fair", EventDraft(**given))
    assert (caught.value.field, upstream.writes) == (field, [])


async def test_an_event_whose_zone_nobody_tells_is_not_moved() -> None:
    upstream = fair({"timezone": None, "virtual_timezone": None})
    with pytest.raises(InvalidArguments, match="time zone"):
        await provider_of(upstream).plan_update("fair", EventDraft(starts="2026-06-01T09:00"))


# What an event says of itself ----------------------------------------------------------------------------------------


async def test_an_event_says_what_it_is_in_terms_that_any_account_takes() -> None:
    types = [kind("1", "Day", price=0.0), kind("2", "VIP", price="120.0", capacity=40, availability=3)]
    upstream = fair({"iso_code": "ES"}, **{"GET events/fair/attendee_types": listed(types)})
    assert await provider_of(upstream).draft_of("fair") == EventDraft(
        title="Fair",
        starts="2026-05-12T09:00",
        ends="2026-05-14T18:00",
        zone="Europe/Madrid",
        description="Three days of talks",
        place=Place(address="Moll 4", country="ES"),
        tickets=(
            NewTicket(name="Day", price="0.00 EUR"),
            NewTicket(name="VIP", price="120.00 EUR", quantity=40),
        ),
        website="https://live.eventtia.com/en/harbor-design-days",
    )


async def test_a_start_in_the_hour_that_comes_twice_is_told_with_its_offset() -> None:
    upstream = fair(
        {"start_date": "2026-10-25T01:30:00.000Z", "end_date": None, "address": None},
        **{"GET events/fair/attendee_types": listed([])},
    )
    told = await provider_of(upstream).draft_of("fair")
    assert (told.starts, told.ends, told.place, told.tickets) == ("2026-10-25T02:30+01:00", None, None, None)
    assert datetime.fromisoformat(told.starts or "").astimezone(UTC).hour == 1


async def test_the_number_of_sessions_that_stay_is_told() -> None:
    upstream = fair(**{"GET events/fair/workshops": listed([activity("7", "Lab")])})
    plan = await provider_of(upstream).plan_update("fair", EventDraft(starts="2026-06-01T09:00"))
    assert isinstance(plan, WritePlan)
    assert plan.notes == ("Its session does not move with the event; update_activity moves it.",)
